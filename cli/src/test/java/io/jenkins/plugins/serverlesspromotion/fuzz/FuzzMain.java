package io.jenkins.plugins.serverlesspromotion.fuzz;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;

/**
 * Feeds every {@link FuzzTarget} with inputs that Jazzer makes up, each in a process of its own with 512 MB of heap.
 * What one run has learned is where the next one begins.
 */
public final class FuzzMain {
    private static final String USAGE = "usage: ./dev fuzz [--seconds N] [--jobs N] [--timeout N] [TARGET...]\n"
            + "       ./dev fuzz --input FILE TARGET";

    /** The class path of Jazzer, which {@code ./dev fuzz} has Maven write. */
    private static final String FUZZER = "cli/target/fuzzer.classpath";

    /** In MB, of the whole process: the heap, and what the JVM and Jazzer need beside it. */
    private static final int MOST_MEMORY = 1536;

    private final Path root;
    private final String classPath;
    private final int seconds;
    private final int timeout;

    /**
     * @param seconds for each target
     * @param timeout in seconds; an input that takes longer is a finding
     */
    private FuzzMain(Path root, String classPath, int seconds, int timeout) {
        this.root = root;
        this.classPath = classPath;
        this.seconds = seconds;
        this.timeout = timeout;
    }

    public static void main(String[] args) throws Exception {
        int seconds = 600;
        int jobs = 1;
        int timeout = 10;
        Path input = null;
        List<FuzzTarget> targets = new ArrayList<>();
        for (int i = 0; i < args.length; i++) {
            if (args[i].equals("--seconds")) {
                seconds = positive(args, ++i);
            } else if (args[i].equals("--jobs")) {
                jobs = positive(args, ++i);
            } else if (args[i].equals("--timeout")) {
                timeout = positive(args, ++i);
            } else if (args[i].equals("--input")) {
                if (++i == args.length) {
                    throw exit(USAGE);
                }
                input = Path.of(args[i]);
            } else {
                String word = args[i];
                targets.add(FuzzTarget.of(word).orElseThrow(() -> {
                    System.err.println("dev: there is no target '" + word + "'; there are: "
                            + Arrays.stream(FuzzTarget.values())
                                    .map(FuzzTarget::word)
                                    .collect(Collectors.joining(" ")));
                    return exit(USAGE);
                }));
            }
        }
        if (input != null) {
            if (targets.size() != 1) {
                throw exit(USAGE);
            }
            System.exit(repeat(targets.get(0), input) ? 0 : 1);
        }
        Path root = Path.of(System.getProperty("promotion.root")).toAbsolutePath();
        String classPath = Files.readString(root.resolve(FUZZER)).strip()
                + File.pathSeparator
                + Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                        .map(entry -> Path.of(entry).toAbsolutePath().toString())
                        .collect(Collectors.joining(File.pathSeparator));
        var fuzz = new FuzzMain(root, classPath, seconds, timeout);
        List<FuzzTarget> wanted = targets.isEmpty() ? List.of(FuzzTarget.values()) : targets;
        System.exit(fuzz.all(wanted, jobs) ? 0 : 1);
    }

    /** Runs one input without Jazzer, and whether nothing was found. */
    private static boolean repeat(FuzzTarget target, Path input) throws IOException {
        byte[] data = Files.readAllBytes(input);
        try {
            target.run(data);
        } catch (RuntimeException | Error e) {
            e.printStackTrace();
            System.out.println(target.word() + ": FINDING: " + e);
            return false;
        }
        System.out.println(target.word() + ": nothing found");
        return true;
    }

    private static int positive(String[] args, int at) {
        if (at < args.length && args[at].matches("[1-9][0-9]{0,5}")) {
            return Integer.parseInt(args[at]);
        }
        throw exit(USAGE);
    }

    private static IllegalArgumentException exit(String sentence) {
        System.err.println(sentence);
        System.exit(2);
        return new IllegalArgumentException(sentence);
    }

    /** Whether nothing was found. */
    private boolean all(List<FuzzTarget> targets, int jobs) throws InterruptedException, ExecutionException {
        var pool = Executors.newFixedThreadPool(jobs);
        try {
            List<Future<FuzzReport>> running = new ArrayList<>();
            for (FuzzTarget target : targets) {
                Callable<FuzzReport> one = () -> one(target);
                running.add(pool.submit(one));
            }
            boolean nothing = true;
            for (int i = 0; i < targets.size(); i++) {
                FuzzReport report = running.get(i).get();
                System.out.println(report.line(targets.get(i)));
                nothing &= report.finding().isEmpty();
            }
            return nothing;
        } finally {
            pool.shutdownNow();
        }
    }

    private FuzzReport one(FuzzTarget target) throws IOException, InterruptedException {
        Path folder = root.resolve("cli/target/fuzz").resolve(target.word());
        Path seeds = Files.createDirectories(folder.resolve("seeds"));
        Path learned = Files.createDirectories(folder.resolve("learned"));
        for (Map.Entry<String, byte[]> seed : Seeds.of(target, root).entrySet()) {
            Files.write(seeds.resolve(seed.getKey()), seed.getValue());
        }
        Path output = folder.resolve("output.log");
        System.err.println("dev: fuzzing " + target.word() + " for " + seconds + " seconds (output: " + output + ")");
        Process process = new ProcessBuilder(command(target, folder, learned, seeds))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        // Ctrl-C ends what was started.
        var end = new Thread(process::destroyForcibly);
        Runtime.getRuntime().addShutdownHook(end);
        int exit = process.waitFor();
        Runtime.getRuntime().removeShutdownHook(end);
        // Inputs that Jazzer shows are not always text.
        return FuzzReport.of(
                exit,
                Files.readString(output, StandardCharsets.ISO_8859_1).lines().toList());
    }

    private List<String> command(FuzzTarget target, Path folder, Path learned, Path seeds) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-XX:+EnableDynamicAgentLoading",
                "-Dpromotion.root=" + root,
                "-cp",
                classPath,
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + target.type().getName(),
                // Inputs are bytes as they stand in a file, so that seeds, dictionary and reproducers are what they
                // seem.
                "--mutator_framework=false",
                "--instrumentation_includes=io.jenkins.plugins.serverlesspromotion.**:org.snakeyaml.engine.**"
                        + ":com.google.re2j.**",
                // The target of tickets compares RE2 with Java, on purpose with patterns of the input.
                "--disabled_hooks=com.code_intelligence.jazzer.sanitizers.RegexInjection",
                "--reproducer_path=" + folder,
                "-artifact_prefix=" + folder + File.separator,
                "-dict=" + Seeds.dictionary(target, root),
                "-max_total_time=" + seconds,
                "-timeout=" + timeout,
                "-rss_limit_mb=" + MOST_MEMORY,
                "-max_len=" + Seeds.LONGEST,
                "-print_final_stats=1",
                learned.toString(),
                seeds.toString());
    }
}
