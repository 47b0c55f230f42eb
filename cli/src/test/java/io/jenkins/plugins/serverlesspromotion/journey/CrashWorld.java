package io.jenkins.plugins.serverlesspromotion.journey;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jenkins.plugins.serverlesspromotion.cli.CommandLineInProcess;
import io.jenkins.plugins.serverlesspromotion.cli.CommandLineInProcess.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** One sandbox, one home and the means to kill what works on them. */
final class CrashWorld implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The sandbox runs this much faster than AWS, and so do the program's polls. */
    private static final double SCALE = 0.002;

    final SandboxProcess sandbox;
    final Path folder;

    CrashWorld(Path folder) throws IOException, InterruptedException {
        this.folder = folder;
        this.sandbox = SandboxProcess.start(SCALE, folder);
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
                System.getProperty("java.class.path"),
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
        words.forEach(w -> all.add(w.startsWith("orders-") || w.equals("policy.yaml") ? folder.resolve(w).toString() : w));
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
                child.destroyForcibly().waitFor();
                sandbox.control().disarm();
                return true;
            }
            if (child.waitFor(15, TimeUnit.MILLISECONDS)) {
                sandbox.control().disarm();
                return false;
            }
        }
        child.destroyForcibly();
        throw new IllegalStateException("the child neither ended nor came to the point");
    }

    /**
     * What was done to resources since {@code seq}, with how often. Making and dropping change sets changes nothing, and
     * copies in the staging buckets are content-addressed and inert; everything else counts.
     */
    Map<String, Integer> effects(long seq) {
        Map<String, Integer> effects = new TreeMap<>();
        for (JsonNode change : sandbox.control().history()) {
            String type = change.path("type").asText();
            String what = change.path("what").asText();
            String id = change.path("id").asText();
            boolean planning = type.equals("cloudformation:change-set") && !what.equals("execute");
            boolean review = type.equals("cloudformation:stack") && change.path("after").asText().isEmpty();
            boolean staged = type.equals("s3:object") && id.startsWith("serverless-promotion-");
            // CloudFront comes to the end of an invalidation whenever it likes.
            boolean later = what.equals("completed");
            if (change.path("number").asLong() <= seq || planning || review || staged || later) {
                continue;
            }
            String name = generated(type.equals("cloudformation:change-set") ? id.replaceAll("/.*", "") : id);
            effects.merge(
                    change.path("account").asText() + " " + change.path("region").asText() + " " + type + " "
                            + name + " " + what,
                    1,
                    Integer::sum);
        }
        return effects;
    }

    /** Names that AWS makes up are other ones in every run. */
    private static String generated(String id) {
        return id.replaceAll("-[0-9A-Fa-f]{12}", "-*").replaceAll("^[IE][0-9A-F]{13,15}$", "*");
    }

    long lastChange() {
        List<JsonNode> history = sandbox.control().history();
        return history.isEmpty() ? 0 : history.get(history.size() - 1).path("number").asLong();
    }

    @Override
    public void close() {
        sandbox.close();
    }
}
