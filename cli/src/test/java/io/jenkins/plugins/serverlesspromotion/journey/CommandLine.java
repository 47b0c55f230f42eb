package io.jenkins.plugins.serverlesspromotion.journey;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The command line as people start it: a process of its own for every command. */
final class CommandLine {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<String> launcher;
    private final Map<String, String> environment;
    private final List<String> options;
    private final Path folder;

    /**
     * @param launcher what starts it, without arguments: {@code java -jar promotion.jar}
     * @param environment added to this process's own, from which everything that is AWS's is taken away
     * @param options given with every command
     * @param folder where commands run and their output is kept
     */
    CommandLine(List<String> launcher, Map<String, String> environment, List<String> options, Path folder) {
        this.launcher = launcher;
        this.environment = environment;
        this.options = options;
        this.folder = folder;
    }

    /** Starts a command without waiting for it. */
    Running start(String user, String... words) throws IOException {
        return start(List.of(), user, words);
    }

    /** @param extra options of the launcher, for this command only */
    Running start(List<String> extra, String user, String... words) throws IOException {
        List<String> command = new ArrayList<>(launcher);
        command.addAll(extra);
        command.addAll(List.of(words));
        command.addAll(options);
        command.addAll(List.of("--as", user));
        Path out = Files.createTempFile(folder, "out", ".txt");
        Path err = Files.createTempFile(folder, "err", ".txt");
        var builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("AWS_") || name.startsWith("PROMOTION_"));
        builder.environment().putAll(environment);
        return new Running(String.join(" ", words), builder.start(), out, err);
    }

    Result run(String user, String... words) throws IOException, InterruptedException {
        return start(user, words).join();
    }

    /** @param words as typed, for messages */
    record Running(String words, Process process, Path out, Path err) {

        /** @throws IllegalStateException when it has not ended after five minutes */
        Result join() throws IOException, InterruptedException {
            if (!process.waitFor(5, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                throw new IllegalStateException("promotion " + words + " did not end\n" + Files.readString(err));
            }
            return result();
        }

        Result result() throws IOException {
            var result = new Result(
                    words,
                    process.exitValue(),
                    Files.readString(out, StandardCharsets.UTF_8),
                    Files.readString(err, StandardCharsets.UTF_8));
            Files.deleteIfExists(out);
            Files.deleteIfExists(err);
            return result;
        }
    }

    record Result(String words, int exit, String out, String err) {
        JsonNode json() {
            try {
                return JSON.readTree(out);
            } catch (IOException e) {
                throw new IllegalStateException("promotion " + words + " printed no JSON:\n" + out + err, e);
            }
        }

        @Override
        public String toString() {
            return "promotion " + words + " → " + exit + "\n" + out + err;
        }
    }
}
