package io.jenkins.plugins.serverlesspromotion.cli;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.cli.Laboratory.Answer;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.junit.runner.RunWith;
import org.junit.runners.Parameterized;
import org.junit.runners.Parameterized.Parameters;

/** Wrong input, one row each: a clear message, the right exit code, and a home and an artifact store as before. */
@RunWith(Parameterized.class)
public class WrongInputTest {
    private static final String[] PUBLISH = {"publish", "@release.yaml", "--version", "1.0.0"};
    private static final String[] POLICY = {"policy", "apply", "@policy.yaml"};

    /** Prepares the laboratory: writes the wrong file. */
    @FunctionalInterface
    private interface Arrange {
        void in(Laboratory lab) throws IOException;
    }

    /**
     * @param args one that begins with @ is a file of the project
     * @param said a pattern that a line of the message matches
     */
    private record Row(String name, Arrange arrange, String[] args, int exit, String said) {
        @Override
        public String toString() {
            return name;
        }
    }

    @Rule
    public TemporaryFolder folder = new TemporaryFolder();

    private final Row row;

    public WrongInputTest(Row row) {
        this.row = row;
    }

    private static Row manifest(String name, String replace, String by, String said) {
        return new Row(
                "manifest: " + name,
                lab -> lab.write("release.yaml", changed(Laboratory.MANIFEST, replace, by)),
                PUBLISH,
                Exit.NO,
                said);
    }

    private static Row policy(String name, String replace, String by, String said) {
        return new Row(
                "policy: " + name,
                lab -> lab.write("policy.yaml", changed(Laboratory.POLICY, replace, by)),
                POLICY,
                Exit.NO,
                said);
    }

    private static Row zip(String name, Arrange arrange, String said) {
        return new Row("zip: " + name, arrange, PUBLISH, Exit.NO, said);
    }

    private static Row line(String name, int exit, String said, String... args) {
        return new Row("command: " + name, lab -> {}, args, exit, said);
    }

    private static String changed(String text, String replace, String by) {
        if (!text.contains(replace)) {
            throw new AssertionError("the text has no " + replace);
        }
        return text.replace(replace, by);
    }

    @Parameters(name = "{0}")
    public static List<Row> rows() {
        var rows = new ArrayList<Row>();
        rows.addAll(manifests());
        rows.addAll(policies());
        rows.addAll(files());
        rows.addAll(commands());
        return rows;
    }

    private static List<Row> manifests() {
        return List.of(
                manifest("missing key", "service: orders\n", "", "release\\.yaml(:\\d+)?: service: .*"),
                manifest("unknown key", "verify:", "verfy:", "release\\.yaml:9: .*verfy.*verify.*"),
                manifest(
                        "duplicate key",
                        "service: orders\n",
                        "service: orders\nservice: other\n",
                        "release\\.yaml:3: .*service.*"),
                manifest("wrong type", "    parameters: {", "    parameters: 5 #", "release\\.yaml:8: .*parameters.*"),
                manifest("unset variable", "${memory}", "${memroy}", "release\\.yaml:8: .*memroy.*"),
                manifest("no value in prod", ", prod: \"512\"", "", "release\\.yaml:4: variables\\.memory.*prod.*"),
                manifest("cycle in after", "verify:", """
                      - { name: a, after: [ b ], cloudformation: { template: api.yaml, stack: a } }
                      - { name: b, after: [ a ], cloudformation: { template: api.yaml, stack: b } }
                    verify:\
                    """, "release\\.yaml:\\d+: .*(a → b|b → a).*"),
                manifest(
                        "reference never closed",
                        "\"${memory}\"",
                        "\"${memory\"",
                        "release\\.yaml:8: .*never closed.*"),
                manifest("alias bomb", "service: orders\n", bomb(), "release\\.yaml.*"),
                manifest("not YAML", "targets:", "targets: [ }", "release\\.yaml:\\d+.*"),
                manifest(
                        "a service that policy does not know",
                        "service: orders",
                        "service: billing",
                        ".*knows no service billing.*"),
                new Row(
                        "manifest: 50 MB",
                        lab -> large(lab, "release.yaml"),
                        PUBLISH,
                        Exit.NO,
                        "release\\.yaml: .*(1 MiB|MB|bytes).*"),
                new Row(
                        "manifest: not UTF-8",
                        lab -> Files.write(lab.project.resolve("release.yaml"), new byte[] {'a', ':', (byte) 0xff}),
                        PUBLISH,
                        Exit.NO,
                        "release\\.yaml: .*UTF-8.*"));
    }

    private static List<Row> policies() {
        return List.of(
                policy(
                        "unknown environment",
                        "{ environment: dev,",
                        "{ environment: dve,",
                        "policy\\.yaml:\\d+: .*dve.*"),
                policy(
                        "unknown account",
                        "\"orders-dev/eu-west-1\"",
                        "\"orders-dve/eu-west-1\"",
                        "policy\\.yaml:\\d+: .*orders-dve.*"),
                policy(
                        "cycle in after",
                        "- { name: dev }",
                        "- { name: dev, after: prod }",
                        "policy\\.yaml:\\d+: .*(dev|prod).*"),
                policy("account id", "222222222222", "2222", "policy\\.yaml:4: .*id.*"),
                policy(
                        "count of nobody",
                        "role: on-call, count: 1",
                        "role: on-call, count: 2",
                        "policy\\.yaml:\\d+: .*count.*"),
                new Row("policy: 50 MB", lab -> large(lab, "policy.yaml"), POLICY, Exit.NO, "policy\\.yaml: .*"));
    }

    private static List<Row> files() {
        return List.of(
                new Row(
                        "template: missing",
                        lab -> Files.delete(lab.project.resolve("api.yaml")),
                        PUBLISH,
                        Exit.NO,
                        "release\\.yaml:7: .*template.*api\\.yaml.*"),
                new Row(
                        "template: not YAML",
                        lab -> lab.write("api.yaml", "Resources: [ }"),
                        PUBLISH,
                        Exit.NO,
                        "release\\.yaml:7: .*api\\.yaml:1.*"),
                zip("missing", lab -> Files.delete(lab.project.resolve("api.zip")), "release\\.yaml:7: .*api\\.zip.*"),
                zip("not a ZIP", lab -> lab.write("api.zip", "hello"), "release\\.yaml:7: .*api\\.zip.*"),
                zip(
                        "leaves its folder",
                        lab -> lab.zip("api.zip", Map.of("../evil.py", "x")),
                        "release\\.yaml:7: .*\\.\\./evil\\.py.*"),
                zip(
                        "over 250 MB unzipped",
                        lab -> lab.zip("api.zip", Map.of("a", "a".repeat(140_000_000), "b", "b".repeat(140_000_000))),
                        "release\\.yaml:7: .*api\\.zip.*"));
    }

    private static List<Row> commands() {
        return List.of(
                line(
                        "no such file",
                        Exit.USAGE,
                        ".*absent\\.yaml does not exist.*",
                        "publish",
                        "@absent.yaml",
                        "--version",
                        "1"),
                line("a folder", Exit.USAGE, ".*is a folder.*", "publish", "@", "--version", "1"),
                line("no manifest", Exit.USAGE, "name a FILE.*sam, serverless, cdk.*", "publish", "--version", "1"),
                line("unknown tool", Exit.USAGE, "--from 'pulumi'.*", "publish", "--from", "pulumi", "--version", "1"),
                line(
                        "a stack without a tool",
                        Exit.USAGE,
                        "--output, --service and --stack go with --from.*",
                        "publish",
                        "@release.yaml",
                        "--version",
                        "1",
                        "--stack",
                        "x"),
                line(
                        "a tool that built nothing",
                        Exit.NO,
                        ".*\\.aws-sam/build: does not exist; sam build writes it.*",
                        "publish",
                        "@release.yaml",
                        "--version",
                        "1",
                        "--from",
                        "sam"),
                line("no version", Exit.USAGE, ".*--version=V.*", "publish", "@release.yaml"),
                line(
                        "wrong version",
                        Exit.USAGE,
                        "--version '../1' must be .*",
                        "publish",
                        "@release.yaml",
                        "--version",
                        "../1"),
                line(
                        "wrong author",
                        Exit.USAGE,
                        "--author 'Bob' must be .*",
                        "publish",
                        "@release.yaml",
                        "--version",
                        "1",
                        "--author",
                        "Bob"),
                line(
                        "unknown option",
                        Exit.USAGE,
                        ".*Unknown option: '--froce'.*",
                        "promote",
                        "orders@1",
                        "--to",
                        "dev",
                        "--froce"),
                line("unknown command", Exit.USAGE, ".*'promot'.*did you mean promote.*", "promot", "orders@1"),
                line("no command", Exit.USAGE, "name a command; see: promotion --help"),
                line("no subcommand", Exit.USAGE, ".*subcommand.*", "policy"),
                line(
                        "wrong release id",
                        Exit.USAGE,
                        ".*'orders' is not SERVICE@VERSION.*",
                        "promote",
                        "orders",
                        "--to",
                        "dev"),
                line("wrong promotion id", Exit.USAGE, ".*ids look like orders\\.prod\\.17.*", "show", "orders/prod/1"),
                line("wrong name", Exit.USAGE, ".*'../x' must be.*", "history", "../x"),
                line("wrong time", Exit.USAGE, ".*'soon' must be a number.*", "work", "--timeout", "soon"),
                line(
                        "wrong plan digest",
                        Exit.USAGE,
                        "--plan 'zz' must be.*",
                        "approve",
                        "orders.prod.1",
                        "--plan",
                        "zz"),
                line("wrong user", Exit.USAGE, "user 'a b' must be.*", "status", "--as", "a b"),
                line("wrong group", Exit.USAGE, "group '' must be.*", "status", "--group", ""),
                line(
                        "wrong endpoint",
                        Exit.USAGE,
                        "endpoint 'ftp://x' must be.*",
                        "pause",
                        "--reason",
                        "x",
                        "--endpoint",
                        "ftp://x"),
                line("empty reason", Exit.USAGE, "--reason needs.*", "pause", "--reason", " "),
                line(
                        "two scopes",
                        Exit.USAGE,
                        ".*mutually exclusive.*",
                        "pause",
                        "--service",
                        "a",
                        "--environment",
                        "b",
                        "--reason",
                        "x"),
                line("wrong limit", Exit.USAGE, "--limit must be.*", "history", "orders", "--limit", "0"),
                line(
                        "never published",
                        Exit.NO,
                        "orders@9 was never published.*",
                        "promote",
                        "orders@9",
                        "--to",
                        "dev"),
                line(
                        "no such promotion",
                        Exit.NO,
                        "there is no promotion orders\\.prod\\.9.*",
                        "approve",
                        "orders.prod.9",
                        "--plan",
                        "000000"),
                line(
                        "approval of a plan that no one has seen",
                        Exit.USAGE,
                        "approve needs --plan DIGEST where it cannot ask.* promotion show orders\\.prod\\.1.*",
                        "approve",
                        "orders.prod.1"),
                line(
                        "override with a plan that no one has seen",
                        Exit.USAGE,
                        "break-glass needs --plan DIGEST where it cannot ask.*",
                        "break-glass",
                        "orders.prod.1",
                        "--reason",
                        "down",
                        "--ticket",
                        "INC1"),
                line(
                        "no such promotion to show",
                        Exit.NO,
                        "there is no promotion orders\\.prod\\.9.*",
                        "show",
                        "orders.prod.9"),
                line("no such service", Exit.NO, "there is no service billing.*", "status", "billing"),
                line("no history", Exit.NO, "there is no service billing.*", "history", "billing"),
                line(
                        "no hold",
                        Exit.NO,
                        "nothing ever happened to orders in dev.*",
                        "release-hold",
                        "orders",
                        "--in",
                        "dev",
                        "--reason",
                        "x"),
                line("no export", Exit.NO, ".*", "audit", "verify", "@release.yaml"),
                line("no key", Exit.NO, ".*key.*", "audit", "verify", "@release.yaml", "--key", "@policy.yaml"),
                line(
                        "validates a policy against a policy",
                        Exit.USAGE,
                        ".*is a policy itself.*",
                        "validate",
                        "@policy.yaml",
                        "--policy",
                        "@policy.yaml"));
    }

    private static String bomb() {
        var text = new StringBuilder("service: orders\nx0: &x0 [ 1, 2, 3, 4, 5, 6, 7, 8, 9 ]\n");
        for (int i = 1; i < 12; i++) {
            text.append("x").append(i).append(": &x").append(i).append(" [");
            text.append(String.join(",", java.util.Collections.nCopies(9, "*x" + (i - 1))))
                    .append("]\n");
        }
        return text.toString();
    }

    private static void large(Laboratory lab, String name) throws IOException {
        byte[] block = "# a comment that says nothing at all, over and over\n"
                .repeat(20_000)
                .getBytes(StandardCharsets.UTF_8);
        try (OutputStream out = Files.newOutputStream(lab.project.resolve(name))) {
            for (int i = 0; i < 50; i++) {
                out.write(block);
            }
        }
    }

    @Test
    public void isToldInOneMessageAndLeavesNothingBehind() throws Exception {
        var lab = new Laboratory(folder);
        boolean policyIsWrong = row.name().startsWith("policy:");
        if (!policyIsWrong) {
            lab.policy();
        }
        row.arrange().in(lab);
        List<String> before = lab.homeFiles();
        String[] args = Arrays.stream(row.args())
                .map(a -> a.startsWith("@") ? lab.path(a.substring(1)) : a)
                .toArray(String[]::new);

        Answer answer = lab.call(args);

        assertEquals(answer.err(), row.exit(), answer.exit());
        assertFalse("no stack trace: " + answer.err(), answer.err().contains("\tat "));
        List<String> said = answer.err().isEmpty()
                ? answer.out().lines().toList()
                : answer.err().lines().toList();
        String project = Pattern.quote(lab.project + "/");
        boolean found = said.stream()
                .map(l -> l.replaceFirst("^error: ", "").replaceFirst("^" + project, ""))
                .anyMatch(l -> l.matches(row.said()));
        assertTrue(row.said() + "\nis not in:\n" + answer.err() + answer.out(), found);
        assertTrue("short: " + answer.err(), answer.err().length() < 4_000);
        assertEquals("the home is as it was", before, lab.homeFiles());
        if (policyIsWrong) {
            assertFalse("no home is made for a wrong policy", Files.exists(lab.home));
        }
        assertEquals("nothing was stored", 0, lab.cloud.uploads.get());
    }

    @Test
    public void isToldAsJsonWhenJsonIsAskedFor() throws Exception {
        var lab = new Laboratory(folder);
        if (!row.name().startsWith("policy:")) {
            lab.policy();
        }
        row.arrange().in(lab);
        var args = new ArrayList<String>();
        for (String arg : row.args()) {
            args.add(arg.startsWith("@") ? lab.path(arg.substring(1)) : arg);
        }
        args.add("--json");
        Answer answer = lab.call(args.toArray(String[]::new));
        assertEquals(row.exit(), answer.json().get("exit"));
        boolean isVerdict = answer.json().containsKey("holds");
        assertTrue(answer.out(), isVerdict || answer.json().get("error") instanceof String);
    }
}
