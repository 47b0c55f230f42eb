package io.jenkins.plugins.serverlesspromotion.journey;

import io.jenkins.plugins.serverlesspromotion.sandbox.Variant;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.runner.JUnitCore;
import org.junit.runner.Result;

/**
 * {@code ./dev variants}: every suite that works against the sandbox, under every {@link Variant}. Prints what failed, and
 * exits with 1 when something did that {@link #EXPECTED} does not name.
 */
public final class VariantRuns {
    private static final String PACKAGE = "io.jenkins.plugins.serverlesspromotion.";

    /**
     * Tests that assert the behaviour which the variant takes away: an exact count, a path, a first answer. With the reason
     * they may fail under it; a test that stands here and passes is reported, so that the list stays true.
     */
    private static final Map<Variant, Map<String, String>> EXPECTED = Map.of();

    private VariantRuns() {}

    public static void main(String[] args) throws IOException, ClassNotFoundException {
        Set<Variant> variants = Set.of(Variant.values());
        if (args.length == 2 && args[0].equals("--only")) {
            variants = Variant.parse(args[1]);
        } else if (args.length > 0) {
            System.err.println("usage: ./dev variants [--only NAME[,NAME...]]");
            System.exit(2);
        }
        List<Class<?>> suites = suites();
        boolean good = true;
        for (Variant variant : new java.util.TreeSet<>(variants)) {
            System.setProperty(Variant.PROPERTY, variant.option());
            good &= run(variant, suites);
        }
        System.exit(good ? 0 : 1);
    }

    /** The test classes of the package aws that open a sandbox, and the journey with the documented roles. */
    private static List<Class<?>> suites() throws IOException, ClassNotFoundException {
        Path root = Path.of(System.getProperty("promotion.root"));
        Path sources = root.resolve("src/test/java").resolve(PACKAGE.replace('.', '/')).resolve("aws");
        var suites = new ArrayList<Class<?>>();
        try (Stream<Path> files = Files.list(sources)) {
            for (Path file : files.sorted().toList()) {
                String name = file.getFileName().toString().replace(".java", "");
                boolean sandboxed = Files.readString(file).contains("SandboxLab");
                if (name.endsWith("Test") && sandboxed && !name.equals("VariantsTest")) {
                    suites.add(Class.forName(PACKAGE + "aws." + name));
                }
            }
        }
        suites.add(AwsSetupTest.class);
        suites.add(AwsSetupTargetsTest.class);
        return suites;
    }

    private static boolean run(Variant variant, List<Class<?>> suites) {
        Result result = new JUnitCore().run(suites.toArray(Class<?>[]::new));
        Map<String, String> expected = EXPECTED.getOrDefault(variant, Map.of());
        Set<String> failed = result.getFailures().stream()
                .map(f -> f.getDescription().getTestClass().getSimpleName() + "."
                        + f.getDescription().getMethodName())
                .collect(Collectors.toCollection(java.util.TreeSet::new));
        System.out.println(variant.option() + ": " + result.getRunCount() + " tests, " + failed.size() + " failed, "
                + Math.round(result.getRunTime() / 1000.0) + " s");
        boolean good = true;
        for (var failure : result.getFailures()) {
            String name = failure.getDescription().getTestClass().getSimpleName() + "."
                    + failure.getDescription().getMethodName();
            String why = expected.get(name);
            good &= why != null;
            String message = String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
            System.out.println("  " + (why == null ? "FAILED " : "as expected ") + name + ": " + (why == null ? message : why));
        }
        for (String name : expected.keySet()) {
            if (!failed.contains(name)) {
                good = false;
                System.out.println("  PASSED although it stands among the expected failures: " + name);
            }
        }
        return good;
    }
}
