package io.jenkins.plugins.serverlesspromotion.controller.matrix;

import io.jenkins.plugins.serverlesspromotion.Patience;
import io.jenkins.plugins.serverlesspromotion.controller.Logins;
import io.jenkins.plugins.serverlesspromotion.sandbox.FreshConnections;
import io.jenkins.plugins.serverlesspromotion.sandbox.FreshConnections.Answer;
import jakarta.servlet.ServletRequest;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.apache.http.client.methods.RequestBuilder;
import org.apache.http.entity.ContentType;
import org.apache.http.entity.StringEntity;
import org.jvnet.hudson.test.JenkinsRule;

/** One session with Jenkins, without anything that would follow, render or repair an answer. */
final class Browser {
    private final URI root;
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
        var browser = new AtomicReference<Browser>();
        Logins.untilKnown(user, () -> {
            browser.set(loggedIn(j, user));
            return browser.get().get(Logins.WHO_AM_I).body();
        });
        return browser.get();
    }

    private static Browser loggedIn(JenkinsRule j, String user) throws Exception {
        Browser browser = new Browser(j);
        browser.get("login"); // begins the session
        Answer answer = browser.post("j_spring_security_check", List.of("j_username=" + user, "j_password=" + user));
        if (answer.header("Location").orElse("loginError").contains("loginError")) {
            throw new AssertionError(user + " cannot log in: " + answer.statusCode());
        }
        return browser;
    }

    Answer get(String path, List<String> fields) throws Exception {
        String query = fields.isEmpty() ? "" : (path.contains("?") ? "&" : "?") + form(fields);
        return send(RequestBuilder.get(root.resolve(path + query)));
    }

    Answer get(String path) throws Exception {
        return get(path, List.of());
    }

    /** @param fields as {@code name=value} */
    Answer post(String path, List<String> fields) throws Exception {
        return send(posted(path, fields).addHeader("Jenkins-Crumb", crumb));
    }

    Answer postWithoutCrumb(String path, List<String> fields) throws Exception {
        return send(posted(path, fields));
    }

    private RequestBuilder posted(String path, List<String> fields) {
        return RequestBuilder.post(root.resolve(path))
                .setEntity(new StringEntity(form(fields), ContentType.APPLICATION_FORM_URLENCODED));
    }

    private Answer send(RequestBuilder request) throws IOException {
        if (!cookies.isEmpty()) {
            request.addHeader(
                    "Cookie",
                    cookies.entrySet().stream()
                            .map(c -> c.getKey() + "=" + c.getValue())
                            .collect(Collectors.joining("; ")));
        }
        Answer answer = FreshConnections.send(request, Patience.LIMIT);
        for (String cookie : answer.values("Set-Cookie")) {
            String[] parts = cookie.split(";", 2)[0].split("=", 2);
            cookies.put(parts[0], parts[1]);
        }
        return answer;
    }

    /** Where an answer sends the browser, relative to Jenkins' root URL. */
    String redirect(Answer answer) {
        String location = answer.header("Location").orElse("");
        return root.relativize(answer.uri().resolve(location)).toString();
    }

    private static String form(List<String> fields) {
        return fields.stream()
                .map(field -> field.split("=", 2))
                .map(field -> field[0] + "=" + URLEncoder.encode(field[1], StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }
}
