package io.jenkins.plugins.serverlesspromotion.journey;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jenkins.plugins.serverlesspromotion.cli.CommandLineInProcess;
import io.jenkins.plugins.serverlesspromotion.cli.CommandLineInProcess.Answer;
import io.jenkins.plugins.serverlesspromotion.store.RealDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.cloudformation.model.Capability;
import software.amazon.awssdk.services.lambda.model.Runtime;

/** One sandbox, one home and the means to kill what works on them. */
final class CrashWorld implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The sandbox runs this much faster than AWS, and so do the program's polls. */
    private static final double SCALE = 0.002;

    /** The exit code of a process that {@code kill -9} ended. */
    static final int KILLED = 128 + 9;

    /** Where the worker is deployed: a function that the platform team made. */
    static final List<Place> PLACES = List.of(
            new Place(Script.DEV, "eu-west-1", "dev"),
            new Place(Script.STAGING, "eu-west-1", "staging"),
            new Place(Script.PROD, "eu-west-1", "prod"),
            new Place(Script.PROD, "us-west-2", "prod"));

    private static final String ROLE = """
            Resources:
              Role:
                Type: AWS::IAM::Role
                Properties:
                  RoleName: NAME
                  AssumeRolePolicyDocument:
                    Version: "2012-10-17"
                    Statement:
                      - { Effect: Allow, Principal: { Service: lambda.amazonaws.com }, Action: sts:AssumeRole }
            """;

    final SandboxProcess sandbox;
    final Path folder;
    final LiveAccounts accounts;
    private final Path examples;

    record Place(String account, String region, String environment) {}

    /** @param examples the releases and the policy, which are only read */
    CrashWorld(Path folder, Path examples) throws IOException, InterruptedException {
        this.folder = folder;
        this.examples = examples;
        this.sandbox = SandboxProcess.start(SCALE, folder);
        this.accounts = new LiveAccounts(sandbox.endpoint());
    }

    static String worker(String environment) {
        return "orders-worker-" + environment;
    }

    /** Makes the functions that the target {@code worker} brings code into. */
    void createWorkers() throws IOException {
        byte[] code = Files.readAllBytes(examples.resolve("orders-1.1.0/build/api.zip"));
        for (Place place : PLACES) {
            String role = worker(place.environment()) + "-" + place.region();
            accounts.stacks(place.account(), place.region())
                    .createStack(r -> r.stackName("platform")
                            .capabilities(Capability.CAPABILITY_NAMED_IAM)
                            .templateBody(ROLE.replace("NAME", role)));
            sandbox.control().settle();
            accounts.functions(place.account(), place.region())
                    .createFunction(r -> r.functionName(worker(place.environment()))
                            .runtime(Runtime.PYTHON3_13)
                            .handler("handler.handle")
                            .role("arn:aws:iam::" + place.account() + ":role/" + role)
                            .code(c -> c.zipFile(SdkBytes.fromByteArray(code))));
        }
        sandbox.control().settle();
    }

    /** Where things were before a step: the accounts and the home. */
    record Moment(byte[] accounts, Path home) {}

    Path home() {
        return folder.resolve("home");
    }

    Moment remember(Path kept) throws IOException {
        copy(home(), kept);
        return new Moment(sandbox.control().snapshot(), kept);
    }

    void returnTo(Moment moment) throws IOException {
        sandbox.control().disarm();
        sandbox.control().restore(moment.accounts());
        Journey.freshFolder(home());
        Files.delete(home());
        copy(moment.home(), home());
    }

    private static void copy(Path from, Path to) throws IOException {
        if (!Files.exists(from)) {
            return;
        }
        try (Stream<Path> all = Files.walk(from)) {
            for (Path path : all.sorted(Comparator.naturalOrder()).toList()) {
                Path target = to.resolve(from.relativize(path).toString());
                if (Files.isDirectory(path)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(path, target);
                }
            }
        }
    }

    /** A command in a process of its own that can be killed. */
    Process child(Script.Step step, int act, boolean after, Path counted) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Java.program(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xshare:auto",
                "-cp",
                Java.classPath(),
                CommandLineInProcess.class.getName(),
                String.valueOf(act),
                after ? "after" : "before",
                counted.toString()));
        command.addAll(arguments(step.user(), step.words()));
        var builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("child.log").toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("AWS_") || name.startsWith("PROMOTION_"));
        builder.environment().putAll(Journey.credentials());
        return builder.start();
    }

    private List<String> arguments(String user, List<String> words) {
        List<String> all = new ArrayList<>();
        // The in-process command has no working folder of its own.
        Script.withPlan(words, this::shown).forEach(w -> all.add(w.startsWith("orders-") || w.equals("policy.yaml") ? examples.resolve(w).toString() : w));
        all.addAll(List.of(
                "--home",
                home().toString(),
                "--endpoint",
                sandbox.endpoint().toString(),
                "--poll-scale",
                String.valueOf(SCALE * 5),
                "--json",
                "--as",
                user));
        return all;
    }

    private String shown(String promotion) {
        return CommandLineInProcess.run("show", promotion, "--home", home().toString(), "--json")
                .out();
    }

    /** A step in this process. @return the answer, and how many acts on the disk it took */
    Counted count(Script.Step step) {
        var disk = new KillingDisk(new RealDisk(), 0, false);
        Answer answer = CommandLineInProcess.run(
                disk, arguments(step.user(), step.words()).toArray(new String[0]));
        return new Counted(answer, disk.acts());
    }

    record Counted(Answer answer, int acts) {}

    Answer run(String user, List<String> words) {
        return CommandLineInProcess.run(arguments(user, words).toArray(new String[0]));
    }

    Answer run(String user, String... words) {
        return run(user, List.of(words));
    }

    static JsonNode json(Answer answer) {
        try {
            return JSON.readTree(answer.out());
        } catch (IOException e) {
            throw new IllegalStateException(answer.toString(), e);
        }
    }

    /** Waits until the child has ended by itself or hangs at the armed point. @return whether it was killed there */
    boolean killAtPoint(Process child) throws InterruptedException {
        long until = System.nanoTime() + TimeUnit.MINUTES.toNanos(3);
        while (System.nanoTime() < until) {
            if (sandbox.control().crashReached()) {
                boolean killed = child.destroyForcibly().waitFor() == KILLED;
                sandbox.control().disarm();
                return killed;
            }
            if (child.waitFor(15, TimeUnit.MILLISECONDS)) {
                sandbox.control().disarm();
                return false;
            }
        }
        child.destroyForcibly();
        throw new IllegalStateException("the child neither ended nor came to the point");
    }

    /** What was done in the accounts since {@code change}. */
    Tally effects(long change) {
        return Effects.inAccounts(sandbox.control().history(), change);
    }

    /** What was written to the journal since it had {@code records} records. */
    Tally journal(int records) throws IOException {
        List<String> all = Effects.records(home());
        return Effects.inJournal(all.subList(Math.min(records, all.size()), all.size()));
    }

    int records() throws IOException {
        return Effects.records(home()).size();
    }

    long lastChange() {
        List<JsonNode> history = sandbox.control().history();
        return history.isEmpty() ? 0 : history.get(history.size() - 1).path("number").asLong();
    }

    @Override
    public void close() {
        accounts.close();
        sandbox.close();
    }
}
