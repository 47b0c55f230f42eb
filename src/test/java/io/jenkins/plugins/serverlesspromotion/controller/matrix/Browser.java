package io.jenkins.plugins.serverlesspromotion.controller.matrix;

import jakarta.servlet.ServletRequest;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jvnet.hudson.test.JenkinsRule;

/** One session with Jenkins, without anything that would follow, render or repair an answer. */
final class Browser {
    private final URI root;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
    private final String crumb;
    private final Map<String, String> cookies = new TreeMap<>();

    private Browser(JenkinsRule j) throws Exception {
        this.root = j.getURL().toURI();
        this.crumb = j.jenkins.getCrumbIssuer().getCrumb((ServletRequest) null);
    }

    static Browser anonymous(JenkinsRule j) throws Exception {
        return new Browser(j);
    }

    /** The password is the name, as in the realms of tests. */
    static Browser of(JenkinsRule j, String user) throws Exception {
        Browser browser = new Browser(j);
        browser.get("login"); // begins the session
        HttpResponse<String> answer =
                browser.post("j_spring_security_check", List.of("j_username=" + user, "j_password=" + user));
        if (answer.headers().firstValue("Location").orElse("loginError").contains("loginError")) {
            throw new AssertionError(user + " cannot log in: " + answer.statusCode());
        }
        return browser;
    }

    HttpResponse<String> get(String path, List<String> fields) throws Exception {
        String query = fields.isEmpty() ? "" : (path.contains("?") ? "&" : "?") + form(fields);
        return send(HttpRequest.newBuilder(root.resolve(path + query)).GET());
    }

    HttpResponse<String> get(String path) throws Exception {
        return get(path, List.of());
    }

    /** @param fields as {@code name=value} */
    HttpResponse<String> post(String path, List<String> fields) throws Exception {
        return send(posted(path, fields).header("Jenkins-Crumb", crumb));
    }

    HttpResponse<String> postWithoutCrumb(String path, List<String> fields) throws Exception {
        return send(posted(path, fields));
    }

    private HttpRequest.Builder posted(String path, List<String> fields) {
        return HttpRequest.newBuilder(root.resolve(path))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(form(fields)));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        if (!cookies.isEmpty()) {
            request.header(
                    "Cookie",
                    cookies.entrySet().stream()
                            .map(c -> c.getKey() + "=" + c.getValue())
                            .collect(Collectors.joining("; ")));
        }
        HttpResponse<String> answer = client.send(request.build(), BodyHandlers.ofString(StandardCharsets.UTF_8));
        for (String cookie : answer.headers().allValues("Set-Cookie")) {
            String[] parts = cookie.split(";", 2)[0].split("=", 2);
            cookies.put(parts[0], parts[1]);
        }
        return answer;
    }

    private static String form(List<String> fields) {
        return fields.stream()
                .map(field -> field.split("=", 2))
                .map(field -> field[0] + "=" + URLEncoder.encode(field[1], StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }
}
