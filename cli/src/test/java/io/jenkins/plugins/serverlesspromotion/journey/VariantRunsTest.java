package io.jenkins.plugins.serverlesspromotion.journey;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.Test;

/** What {@code ./dev variants} runs, and how it judges. */
public class VariantRunsTest {
    private static final Path ROOT = Path.of(System.getProperty("promotion.root"));

    @Test
    public void everySuiteOfTheSandboxIsRun() throws Exception {
        var names = new TreeSet<String>();
        VariantRuns.suites(ROOT).forEach(type -> names.add(type.getSimpleName()));
        var some = Set.of(
                "AwsSandboxTest", "AwsCrashTest", "FaultSweepTest", "LambdaTargetTest", "PresignedUploadTest", "AwsSetupTest");
        assertTrue(names.toString(), names.containsAll(some));
        assertTrue(names.toString(), names.stream().noneMatch(n -> n.contains("Moto") || n.contains("Ministack")));
    }

    @Test
    public void expectedFailuresNameTestsOfTheSuites() throws Exception {
        var tests = new TreeSet<String>();
        for (Class<?> type : VariantRuns.suites(ROOT)) {
            for (var method : type.getMethods()) {
                tests.add(type.getSimpleName() + "." + method.getName());
            }
        }
        VariantRuns.EXPECTED.forEach((variant, expected) -> expected.forEach((test, why) -> {
            assertTrue(variant + ": " + test, tests.contains(test));
            assertTrue(variant + ": " + test + " needs a reason", why.length() > 20);
        }));
    }

    @Test
    public void aFailureThatIsNotExpectedIsWrong() {
        assertEquals(List.of(), VariantRuns.wrong(Set.of("A.a", "A.b"), Map.of("A.b", "no"), Map.of("A.b", "why")));
        assertEquals(
                List.of("FAILED A.a: no"),
                VariantRuns.wrong(Set.of("A.a", "A.b"), Map.of("A.a", "no", "A.b", "no"), Map.of("A.b", "why")));
    }

    @Test
    public void anExpectedFailureThatPassesOrDoesNotRunIsWrong() {
        assertEquals(
                List.of("PASSED although it is an expected failure: A.a"),
                VariantRuns.wrong(Set.of("A.a"), Map.of(), Map.of("A.a", "why")));
        assertEquals(
                List.of("DID NOT RUN although it is an expected failure: A.c"),
                VariantRuns.wrong(Set.of("A.a"), Map.of(), Map.of("A.c", "why")));
    }
}
