package io.jenkins.plugins.serverlesspromotion.controller.steps;

import hudson.ExtensionList;
import hudson.ExtensionPoint;
import hudson.model.Run;
import io.jenkins.plugins.serverlesspromotion.engine.release.Evidence;
import java.time.Instant;
import java.util.Optional;

/** Reads the test results of a build from a plugin that may not be installed. */
public interface TestResults extends ExtensionPoint {
    /** Empty when the build has no result of this kind, or of no test at all. */
    Optional<Counts> of(Run<?, ?> run);

    /** @param total of all tests, skipped ones included; at least 1 */
    record Counts(int total, int failed, int skipped) {}

    /** The evidence of a publishing build; empty when it has no known test results. */
    static Optional<Evidence> evidence(Run<?, ?> run, BuildIdentity build, String release, Instant now) {
        return ExtensionList.lookup(TestResults.class).stream()
                .flatMap(results -> results.of(run).stream())
                .findFirst()
                .map(counts -> new Evidence(
                        release,
                        "tests",
                        counts.failed() == 0 ? Evidence.Result.PASSED : Evidence.Result.FAILED,
                        BuildIdentity.JOB + build.job(),
                        String.valueOf(build.number()),
                        text(counts),
                        now));
    }

    private static String text(Counts counts) {
        return "reported by the job: "
                + (counts.failed() == 0 ? "" : counts.failed() + " of ")
                + counts.total() + " tests" + (counts.failed() == 0 ? "" : " failed")
                + (counts.skipped() == 0 ? "" : ", " + counts.skipped() + " skipped");
    }
}
