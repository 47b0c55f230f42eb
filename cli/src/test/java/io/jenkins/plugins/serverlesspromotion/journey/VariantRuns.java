package io.jenkins.plugins.serverlesspromotion.journey;

import io.jenkins.plugins.serverlesspromotion.sandbox.Variant;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.runner.Description;
import org.junit.runner.JUnitCore;
import org.junit.runner.notification.Failure;
import org.junit.runner.notification.RunListener;

/**
 * {@code ./dev variants}: every suite that works against the sandbox, and the whole journey, under every {@link Variant}.
 * Prints what failed, and exits with 1 when the failures are not exactly those of {@link #EXPECTED}. The traces of a
 * variant's failures are in {@code cli/target/variants/NAME.txt}.
 */
public final class VariantRuns {
    private static final String PACKAGE = "io.jenkins.plugins.serverlesspromotion.";
    private static final String JOURNEY = "Journey";

    /**
     * Tests that assert the behaviour which the variant takes away, as {@code Class.method}, with the reason why they fail
     * under it. The list is exact: a test of it that passes or that did not run is an error.
     */
    static final Map<Variant, Map<String, String>> EXPECTED = Map.of();

    private VariantRuns() {}

    public static void main(String[] args) throws Exception {
        Set<Variant> variants = Set.of(Variant.values());
        if (args.length == 2 && args[0].equals("--only")) {
            variants = Variant.parse(args[1]);
        } else if (args.length > 0) {
            System.err.println("usage: ./dev variants [--only NAME[,NAME...]]");
            System.exit(2);
        }
        Path root = Path.of(System.getProperty("promotion.root")).toAbsolutePath().normalize();
        boolean good = true;
        for (Variant variant : new TreeSet<>(variants)) {
            System.setProperty(Variant.PROPERTY, variant.option());
            good &= run(variant, root);
        }
        System.exit(good ? 0 : 1);
    }

    /** The test classes of the package aws and those below that open a sandbox, and the journey with the documented roles. */
    static List<Class<?>> suites(Path root) throws IOException, ClassNotFoundException {
        Path sources = root.resolve("src/test/java");
        Path aws = sources.resolve(PACKAGE.replace('.', '/')).resolve("aws");
        var suites = new ArrayList<Class<?>>();
        try (Stream<Path> files = Files.walk(aws)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                String name = file.getFileName().toString().replace(".java", "");
                String type = sources.relativize(file).toString().replace(".java", "").replace(File.separatorChar, '.');
                String text = Files.readString(file);
                boolean sandboxed = text.contains("SandboxLab") || text.contains("Sandbox.start(");
                if (name.endsWith("Test") && sandboxed && !name.equals("VariantsTest")) {
                    suites.add(Class.forName(type));
                }
            }
        }
        suites.add(AwsSetupTest.class);
        suites.add(AwsSetupTargetsTest.class);
        return suites;
    }

    private static boolean run(Variant variant, Path root) throws Exception {
        long began = System.nanoTime();
        var ran = new TreeSet<String>();
        var failed = new TreeMap<String, String>();
        Path folder = Files.createDirectories(root.resolve("cli/target/variants"));
        Path traces = folder.resolve(variant.option() + ".txt");
        try (var out = new PrintStream(Files.newOutputStream(traces), true, StandardCharsets.UTF_8)) {
            var junit = new JUnitCore();
            junit.addListener(new RunListener() {
                @Override
                public void testFinished(Description test) {
                    ran.add(name(test));
                }

                @Override
                public void testFailure(Failure failure) {
                    String test = name(failure.getDescription());
                    failed.putIfAbsent(
                            test,
                            String.valueOf(failure.getMessage()).lines().findFirst().orElse(""));
                    out.println(test + "\n" + failure.getTrimmedTrace());
                }
            });
            junit.run(suites(root).toArray(Class<?>[]::new));
            ran.add(JOURNEY);
            if (Journey.walk(root, folder.resolve(variant.option()), out) != 0) {
                failed.put(JOURNEY, "see " + traces);
            }
        }
        System.out.printf(
                "%s: %d tests, %d failed, %.1f min%n",
                variant.option(), ran.size(), failed.size(), (System.nanoTime() - began) / 60e9);
        Map<String, String> expected = EXPECTED.getOrDefault(variant, Map.of());
        expected.forEach((test, why) -> {
            if (failed.containsKey(test)) {
                System.out.println("  as expected " + test + ": " + why);
            }
        });
        List<String> wrong = wrong(ran, failed, expected);
        wrong.forEach(line -> System.out.println("  " + line));
        return wrong.isEmpty();
    }

    private static String name(Description test) {
        String type = test.getTestClass() == null ? test.getClassName() : test.getTestClass().getSimpleName();
        return test.getMethodName() == null ? type : type + "." + test.getMethodName();
    }

    /**
     * What is not as it should be, a line each.
     *
     * @param failed message by test
     * @param expected reason by test
     */
    static List<String> wrong(Set<String> ran, Map<String, String> failed, Map<String, String> expected) {
        var wrong = new ArrayList<String>();
        failed.forEach((test, message) -> {
            if (!expected.containsKey(test)) {
                wrong.add("FAILED " + test + ": " + message);
            }
        });
        expected.keySet().stream().sorted().forEach(test -> {
            if (!failed.containsKey(test)) {
                wrong.add((ran.contains(test) ? "PASSED" : "DID NOT RUN") + " although it is an expected failure: " + test);
            }
        });
        return wrong;
    }
}
