package io.jenkins.plugins.serverlesspromotion.journey;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The whole journey unattended: builds the example, walks {@link Script} through the command line against the AWS
 * sandbox, reads back from the accounts what is live after every step, and proves the audit log. Exits with 0 only when
 * every assertion held, with 1 when one did not.
 */
public final class Journey {
    private final Path root;
    private final Path folder;
    private final SandboxProcess sandbox;
    private final CommandLine promotion;
    private final LiveAccounts accounts;
    private final List<String> wrong = new ArrayList<>();
    private final long began = System.nanoTime();
    private final PrintStream out;
    private int promotions;

    private Journey(Path root, Path folder, SandboxProcess sandbox, PrintStream out) {
        this.out = out;
        this.root = root;
        this.folder = folder;
        this.sandbox = sandbox;
        this.promotion = commandLine(root, folder, sandbox);
        this.accounts = new LiveAccounts(sandbox.endpoint());
    }

    public static void main(String[] args) throws Exception {
        List<String> options = Arrays.asList(args);
        boolean tamper = options.contains("--tamper");
        if (!List.of("--headless", "--tamper").containsAll(options)) {
            System.err.println("usage: ./dev run [--headless [--tamper]]");
            System.exit(2);
        }
        Path root = Path.of(System.getProperty("promotion.root")).toAbsolutePath();
        Path folder = freshFolder(root.resolve("cli/target/journey"));
        int exit;
        try (SandboxProcess sandbox = SandboxProcess.start(0.1, folder)) {
            var journey = new Journey(root, folder, sandbox, System.out);
            exit = tamper ? journey.tampered() : journey.walk();
        }
        System.exit(exit);
    }

    /**
     * Walks the journey with {@code promotion.jar} and a sandbox of its own.
     *
     * @param folder is emptied first
     * @param out is given a line per step, and what was wrong
     * @return 0 when every assertion held
     */
    static int walk(Path root, Path folder, PrintStream out) throws IOException, InterruptedException {
        Path fresh = freshFolder(folder);
        try (SandboxProcess sandbox = SandboxProcess.start(0.1, fresh)) {
            return new Journey(root, fresh, sandbox, out).walk();
        }
    }

    static Path freshFolder(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> all = Files.walk(folder)) {
                for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
        return Files.createDirectories(folder);
    }

    static CommandLine commandLine(Path root, Path folder, SandboxProcess sandbox) {
        List<String> launcher = List.of(
                Java.program(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-jar",
                root.resolve("cli/target/promotion.jar").toString());
        return new CommandLine(launcher, credentials(), options(folder, sandbox), folder);
    }

    /** The base identity, which may do nothing but assume the roles and write to the artifact store. */
    static Map<String, String> credentials() {
        return Map.of(
                "AWS_ACCESS_KEY_ID",
                "AKIAIOSFODNN7SANDBOX",
                "AWS_SECRET_ACCESS_KEY",
                "sandbox-secret-of-release-base",
                "AWS_REGION",
                "eu-west-1");
    }

    static List<String> options(Path folder, SandboxProcess sandbox) {
        return List.of(
                "--home",
                folder.resolve("home").toString(),
                "--endpoint",
                sandbox.endpoint().toString(),
                "--poll-scale",
                "0.1",
                "--json");
    }

    // --- the two journeys ---

    private int walk() throws IOException, InterruptedException {
        buildExamples();
        for (Script.Step step : Script.steps()) {
            walk(step);
            if (!wrong.isEmpty()) {
                break;
            }
        }
        String entries = wrong.isEmpty() ? audit() : "?";
        if (!wrong.isEmpty()) {
            wrong.forEach(sentence -> say("  WRONG: " + sentence));
            say("journey: failed");
            return 1;
        }
        say("journey: ok, " + promotions + " promotions, audit verified (" + entries + " entries)");
        return 0;
    }

    private void walk(Script.Step step) throws IOException, InterruptedException {
        long start = System.nanoTime();
        CommandLine.Result result = promotion.run(step.user(), words(step));
        say(String.format(
                "%5.1f s  %-62s %4.1f s  (%s)",
                (start - began) / 1e9, step.title(), (System.nanoTime() - start) / 1e9, step.user()));
        if (result.exit() != step.exit()) {
            wrong.add("exit code " + result.exit() + " instead of " + step.exit() + "\n" + result);
            return;
        }
        if (step.promotion() != null) {
            JsonNode answer = result.json();
            check(step.promotion(), answer.path("id").asText(), "the promotion");
            check(step.state(), answer.path("state").asText(), "the state of " + step.promotion());
            promotions = (int) Script.steps().stream()
                    .map(Script.Step::promotion)
                    .filter(java.util.Objects::nonNull)
                    .distinct()
                    .count();
        }
        for (Map.Entry<String, String> live : step.live().entrySet()) {
            readBack(live.getKey(), live.getValue(), step.styles());
        }
        if (!step.live().isEmpty()) {
            board();
        }
    }

    private String[] words(Script.Step step) throws IOException, InterruptedException {
        String shown = step.approves()
                ? promotion.run(step.user(), "show", step.promotion()).out()
                : "";
        return Script.withPlan(step.words(), id -> shown).toArray(String[]::new);
    }

    private void readBack(String account, String version, List<String> styles) throws IOException {
        LiveAccounts.ReadBack back = accounts.compare(account, folder, version, styles);
        back.wrong().forEach(sentence -> wrong.add("after " + version + ": " + sentence));
        if (back.wrong().isEmpty()) {
            say("         read back: account " + account + " runs the bytes of " + version + " (" + back.functions()
                    + " functions, " + back.files() + " site files)");
        }
    }

    private void board() throws IOException, InterruptedException {
        List<String> plain = new ArrayList<>(options(folder, sandbox));
        plain.remove("--json");
        var people = new CommandLine(
                List.of(Java.program(), "-XX:TieredStopAtLevel=1", "-jar", root.resolve("cli/target/promotion.jar").toString()),
                credentials(),
                plain,
                folder);
        CommandLine.Result result = people.run("alice", "status");
        result.out().lines().forEach(line -> say("         | " + line));
        if (result.exit() != 0) {
            wrong.add("the board could not be shown\n" + result);
        }
    }

    private String audit() throws IOException, InterruptedException {
        Path export = folder.resolve("audit.export");
        CommandLine.Result exported = promotion.run("auditor", "audit", "export", export.toString());
        if (exported.exit() != 0) {
            wrong.add("the audit log could not be exported\n" + exported);
            return "?";
        }
        CommandLine.Result verified = promotion.run("auditor", "audit", "verify", export.toString());
        if (verified.exit() != 0) {
            wrong.add("the audit log does not verify\n" + verified);
            return "?";
        }
        byte[] bytes = Files.readAllBytes(export);
        String text = new String(bytes, java.nio.charset.StandardCharsets.UTF_8);
        int at = text.indexOf("\"alice\"");
        Files.writeString(folder.resolve("forged.export"), text.substring(0, at) + "\"malic\"" + text.substring(at + 7));
        CommandLine.Result forged =
                promotion.run("auditor", "audit", "verify", folder.resolve("forged.export").toString());
        if (forged.exit() != 1) {
            wrong.add("a forged audit log was not refused\n" + forged);
        }
        return verified.json().path("entries").asText();
    }

    /** One byte of an uploaded artifact changes between publish and deploy. */
    private int tampered() throws IOException, InterruptedException {
        buildExamples();
        for (Script.Step step : Script.steps().subList(0, 2)) {
            walk(step);
        }
        String zip = LiveAccounts.sha256(Files.readAllBytes(folder.resolve("orders-1.0.0/build/api.zip")));
        sandbox.control().tamper("acme-releases", zip);
        say("         one byte of build/api.zip in the artifact store is changed");
        CommandLine.Result result = promotion.run("bob", "promote", "orders@1.0.0", "--to", "dev");
        say("         " + result.err().strip().lines().reduce((a, b) -> b).orElse(""));
        LiveAccounts.Live live = accounts.in(Script.DEV, "eu-west-1");
        boolean deployed = live.stacks().values().stream().anyMatch(s -> !s.equals("REVIEW_IN_PROGRESS"));
        String why = result.json().path("why").asText();
        if (result.exit() == 1 && why.contains("build/api.zip") && !deployed && wrong.isEmpty()) {
            say("journey: refused as it must be: " + why + "; nothing was deployed");
            return 1;
        }
        say("  WRONG: a tampered artifact was not refused\n" + result + "stacks: " + live.stacks() + wrong);
        return 4;
    }

    private void check(String expected, String is, String what) {
        if (!expected.equals(is)) {
            wrong.add(what + " is " + is + " instead of " + expected);
        }
    }

    private void say(String line) {
        out.println(line);
    }

    // --- the example ---

    private void buildExamples() throws IOException, InterruptedException {
        Example.build(root, folder, "1.0.0");
        Example.build(root, folder, "1.1.0", "--broken");
        Example.build(root, folder, "1.2.0");
    }
}
