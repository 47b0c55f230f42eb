package io.jenkins.plugins.serverlesspromotion.cli;

import io.jenkins.plugins.serverlesspromotion.format.json.Json;
import io.jenkins.plugins.serverlesspromotion.store.FileStore;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.rules.TemporaryFolder;

/** A home, a project and accounts in memory; calls the command line as a shell would. */
final class Laboratory {
    static final String POLICY = """
        artifactStores: [ { name: main, bucket: acme-releases, region: eu-west-1, account: tools } ]
        accounts:
          - { name: tools, id: "111111111111" }
          - { name: orders-dev, id: "222222222222" }
          - { name: orders-prod, id: "444444444444" }
        roles:
          - { name: release-managers, users: [ alice, dave ] }
          - { name: on-call, users: [ erin ] }
        environments:
          - { name: dev }
          - name: prod
            after: dev
            gates:
              - approval: { require: [ { role: release-managers, count: 1 }, { role: serviceOwner, count: 1 } ] }
            rollback: { role: on-call, count: 1 }
        services:
          - name: orders
            owners: { groups: [ team-orders ] }
            placements:
              - { environment: dev, waves: [ [ "orders-dev/eu-west-1" ] ] }
              - { environment: prod, waves: [ [ "orders-prod/eu-west-1" ], [ "orders-prod/us-west-2" ] ] }
        """;

    static final String MANIFEST = """
        apiVersion: promotion/v1
        service: orders
        variables:
          memory: { dev: "128", prod: "512" }
        targets:
          - name: api
            cloudformation: { template: api.yaml, stack: "orders-${environment}", capabilities: [ CAPABILITY_IAM ] }
            parameters: { MemorySize: "${memory}" }
        verify:
          - { lambda: { target: api, function: "orders-smoke-${environment}" }, expect: { statusCode: 200 } }
        """;

    static final String TEMPLATE = """
        Parameters:
          MemorySize: { Type: String }
        Resources:
          Function:
            Type: AWS::Lambda::Function
            Properties:
              Handler: index.handler
              Code: api.zip
        """;

    final MemoryCloud cloud = new MemoryCloud();
    /** What the command line takes for the time. */
    Clock clock = Clock.systemUTC();

    /** What a person enters when asked, one after the other; null: no one can be asked. */
    Deque<String> answers;

    final List<String> asked = new ArrayList<>();

    final Path home;
    final Path project;
    private final TestTerminal terminal = new TestTerminal();

    Laboratory(TemporaryFolder folder) throws IOException {
        home = folder.getRoot().toPath().resolve("home");
        project = folder.newFolder("project").toPath();
        write("policy.yaml", POLICY);
        write("release.yaml", MANIFEST);
        write("api.yaml", TEMPLATE);
        zip("api.zip", Map.of("index.py", "print('one')"));
    }

    /** What a call answered. */
    record Answer(int exit, String out, String err) {
        Map<?, ?> json() {
            return Json.read(out.getBytes(StandardCharsets.UTF_8), Map.class);
        }
    }

    /** Output goes to a pipe; a person can be asked while there are {@link #answers}. */
    private final class TestTerminal implements Screen.Terminal {
        @Override
        public boolean isLive() {
            return false;
        }

        @Override
        public boolean canAsk() {
            return answers != null;
        }

        @Override
        public String ask(String question) {
            asked.add(question);
            return answers.poll();
        }

        @Override
        public int width() {
            return 100;
        }

        @Override
        public Charset charset() {
            return StandardCharsets.UTF_8;
        }

        @Override
        public boolean noColour() {
            return true;
        }
    }

    Path write(String name, String text) throws IOException {
        return Files.writeString(project.resolve(name), text);
    }

    Path zip(String name, Map<String, String> entries) throws IOException {
        Path file = project.resolve(name);
        try (var zip = new ZipOutputStream(Files.newOutputStream(file))) {
            for (var entry : entries.entrySet()) {
                var header = new ZipEntry(entry.getKey());
                header.setTime(0);
                zip.putNextEntry(header);
                zip.write(entry.getValue().getBytes(StandardCharsets.UTF_8));
            }
        }
        return file;
    }

    String path(String name) {
        return project.resolve(name).toString();
    }

    /** Calls without a home of its own. */
    Answer bare(Map<String, String> environment, String... args) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        int exit = Main.run(
                args,
                environment,
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                terminal,
                clock,
                (options, screen) -> cloud.open(),
                FileStore.Options.defaults());
        return new Answer(exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /** Calls with this laboratory's home, as {@code bob}. */
    Answer call(String... args) {
        var all = new ArrayList<>(List.of(args));
        all.add("--home");
        all.add(home.toString());
        return bare(Map.of("PROMOTION_USER", "bob"), all.toArray(String[]::new));
    }

    /** Calls and insists on the exit code. */
    Answer expect(int exit, String... args) {
        Answer answer = call(args);
        if (answer.exit() != exit) {
            throw new AssertionError("promotion " + String.join(" ", args) + " ended with " + answer.exit() + ", not "
                    + exit + "\n" + answer.out() + answer.err());
        }
        return answer;
    }

    void policy() {
        expect(Exit.DONE, "policy", "apply", path("policy.yaml"));
    }

    /** Publishes {@code version}, whose bytes differ from every other version's. */
    void publish(String version) throws IOException {
        zip("api.zip", Map.of("index.py", "print('" + version + "')"));
        expect(Exit.DONE, "publish", path("release.yaml"), "--version", version);
    }

    /** The plan of a promotion, as a person reads it; any digest where there is none. */
    String plan(String promotion) {
        Object digest = expect(Exit.DONE, "show", promotion, "--json").json().get("planDigest");
        return digest == null ? "000000" : digest.toString();
    }

    /** Approves the current plan. */
    Answer approve(int exit, String promotion, String... more) {
        var args = new ArrayList<>(List.of("approve", promotion, "--plan", plan(promotion)));
        args.addAll(List.of(more));
        return expect(exit, args.toArray(String[]::new));
    }

    /** Brings a version to prod with both approvals; it is there afterwards, or was rolled back. */
    String toProd(String version, int exit) {
        expect(Exit.DONE, "promote", "orders@" + version, "--to", "dev");
        String id = (String) expect(Exit.DONE, "promote", "orders@" + version, "--to", "prod", "--json")
                .json()
                .get("id");
        approve(Exit.DONE, id, "--as", "alice");
        approve(exit, id, "--as", "carol", "--group", "team-orders");
        return id;
    }

    /** Names and contents of everything in the home, without the lock. */
    List<String> homeFiles() throws IOException {
        if (!Files.exists(home)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(home)) {
            var all = new ArrayList<String>();
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                if (!file.getFileName().toString().equals("lock")) {
                    all.add(home.relativize(file) + " " + Files.readString(file, StandardCharsets.ISO_8859_1));
                }
            }
            return all;
        }
    }
}
