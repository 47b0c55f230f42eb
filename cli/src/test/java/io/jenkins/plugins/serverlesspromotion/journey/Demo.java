package io.jenkins.plugins.serverlesspromotion.journey;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.CookieManager;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * A Jenkins to look at: starts the AWS sandbox and {@code hpi:run} with the configuration of docs/examples/demo, lets the
 * team's pipeline build and ask, and waits with its promotion to prod waiting for approval. Everything lives in
 * {@code work/} and begins anew with every start.
 */
public final class Demo {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String MARK = ".demo";
    private static final List<String> USERS = List.of(
            "alice (release manager, may approve)",
            "carol (owner of orders, may approve)",
            "erin (on call, may roll back)",
            "bob (developer, requested the promotion)",
            "olga (platform team, owns the policy)",
            "audrey (auditor)",
            "admin (administrator)");

    private final Path root;
    private final String maven;
    private final int port;
    private final String address;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .cookieHandler(new CookieManager())
            .build();

    private Demo(Path root, String maven, int port) {
        this.root = root;
        this.maven = maven;
        this.port = port;
        this.address = "http://127.0.0.1:" + port + "/jenkins/";
    }

    /** Arguments: the Maven to use, the port, and {@code --once} to stop when everything is up. */
    public static void main(String[] args) throws Exception {
        Path root = Path.of(System.getProperty("promotion.root")).toAbsolutePath();
        boolean once = List.of(args).contains("--once");
        System.exit(new Demo(root, args[0], Integer.parseInt(args[1])).run(once));
    }

    private int run(boolean once) throws IOException, InterruptedException {
        if (!isFree(port)) {
            say("dev: port " + port + " is in use; stop what uses it, or choose another port:"
                    + " PROMOTION_PORT=8090 ./dev run");
            return 1;
        }
        Path logs = Files.createDirectories(root.resolve("target/demo"));
        try (SandboxProcess sandbox = SandboxProcess.start(0.3, logs)) {
            Path configuration = home(sandbox.endpoint());
            Process jenkins = jenkins(configuration, logs);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(jenkins)));
            say("starting Jenkins (log: target/demo/jenkins.log)");
            await(jenkins, "Jenkins to answer", () -> status("login") == 200);
            say("the team's pipeline builds orders and asks for prod");
            post("bob", "job/team-orders/job/orders/build");
            await(jenkins, "a promotion to prod to wait for approval", this::waiting);
            say("");
            say("Jenkins:     " + address);
            say("Releases:    " + address + "promotion-releases/");
            say("AWS sandbox: " + sandbox.endpoint() + " (its requests: /_sandbox/log)");
            say("Log in as (the password is the name):");
            USERS.forEach(user -> say("  " + user));
            say("orders.prod.1 waits for alice and carol. Stop with Ctrl-C.");
            if (!once) {
                jenkins.waitFor();
            }
            stop(jenkins);
        }
        return 0;
    }

    /** Otherwise another server would answer in place of this Jenkins. */
    private static boolean isFree(int port) {
        try (var socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static void stop(Process jenkins) {
        jenkins.descendants().forEach(ProcessHandle::destroy);
        jenkins.destroy();
    }

    /** Makes {@code work/} anew. One that the demo did not make is left alone. */
    private Path home(URI endpoint) throws IOException {
        Path work = root.resolve("work");
        if (Files.exists(work) && !Files.exists(work.resolve(MARK))) {
            throw new IOException("work/ is not of this demo (it has no " + MARK + "); move it away first");
        }
        Journey.freshFolder(work);
        Files.createFile(work.resolve(MARK));
        Path demo = root.resolve("docs/examples/demo");
        Path configuration = work.resolve("demo.yaml");
        Files.writeString(
                configuration,
                Files.readString(demo.resolve("jenkins.yaml"))
                        .replace("\"ENDPOINT\"", "\"" + endpoint + "\"")
                        .replace("\"URL\"", "\"" + address + "\""));
        Path folder = Files.createDirectories(work.resolve("jobs/team-orders"));
        Files.writeString(
                folder.resolve("config.xml"),
                "<com.cloudbees.hudson.plugins.folder.Folder><displayName>team-orders</displayName>"
                        + "</com.cloudbees.hudson.plugins.folder.Folder>");
        Path job = Files.createDirectories(folder.resolve("jobs/orders"));
        Files.writeString(
                job.resolve("config.xml"),
                "<flow-definition><definition class=\"org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition\"><script>"
                        + escaped(Files.readString(demo.resolve("Jenkinsfile")))
                        + "</script><sandbox>true</sandbox></definition></flow-definition>");
        return configuration;
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    private Process jenkins(Path configuration, Path logs) throws IOException {
        var builder = new ProcessBuilder(new ArrayList<>(List.of(
                        maven,
                        "-B",
                        "-ntp",
                        "hpi:run",
                        "-Dhost=127.0.0.1",
                        "-Dport=" + port,
                        "-Djenkins.install.runSetupWizard=false")))
                .directory(root.toFile())
                .redirectErrorStream(true)
                .redirectOutput(logs.resolve("jenkins.log").toFile());
        builder.environment().put("CASC_JENKINS_CONFIG", configuration.toString());
        builder.environment().put("ORDERS", root.resolve("docs/examples/orders").toString());
        return builder.start();
    }

    private interface Condition {
        boolean holds() throws IOException, InterruptedException;
    }

    private void await(Process jenkins, String what, Condition condition) throws IOException, InterruptedException {
        long until = System.nanoTime() + Duration.ofMinutes(10).toNanos();
        while (System.nanoTime() < until && jenkins.isAlive()) {
            try {
                if (condition.holds()) {
                    return;
                }
            } catch (IOException e) {
                // Not up yet; the log tells more than this does.
            }
            Thread.sleep(500);
        }
        stop(jenkins);
        throw new IOException("Jenkins ended, or took more than 10 minutes, before this: " + what
                + "; the reason is at the end of target/demo/jenkins.log");
    }

    private boolean waiting() throws IOException, InterruptedException {
        HttpResponse<String> answer = send(request("admin", "promotion-releases/api/promotion/orders.prod.1/").GET());
        return answer.statusCode() == 200
                && JSON.readTree(answer.body()).path("state").asText().equals("WAITING");
    }

    private int status(String path) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(URI.create(address + path)).GET()).statusCode();
    }

    private void post(String user, String path) throws IOException, InterruptedException {
        JsonNode crumb = JSON.readTree(send(request(user, "crumbIssuer/api/json").GET()).body());
        HttpResponse<String> answer = send(request(user, path)
                .header(crumb.path("crumbRequestField").asText(), crumb.path("crumb").asText())
                .POST(HttpRequest.BodyPublishers.noBody()));
        if (answer.statusCode() >= 400) {
            throw new IOException(path + " answered " + answer.statusCode());
        }
    }

    private HttpRequest.Builder request(String user, String path) {
        String token = Base64.getEncoder().encodeToString((user + ":" + user).getBytes(StandardCharsets.UTF_8));
        return HttpRequest.newBuilder(URI.create(address + path)).header("Authorization", "Basic " + token);
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return http.send(request.timeout(Duration.ofSeconds(30)).build(), HttpResponse.BodyHandlers.ofString());
    }

    private static void say(String line) {
        System.out.println(line);
    }
}
