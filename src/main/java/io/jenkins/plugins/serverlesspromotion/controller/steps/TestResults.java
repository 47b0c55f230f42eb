package io.jenkins.plugins.serverlesspromotion.controller.steps;

import hudson.ExtensionList;
import hudson.ExtensionPoint;
import hudson.model.Run;
import io.jenkins.plugins.serverlesspromotion.engine.release.Evidence;
import java.time.Instant;
import java.util.Optional;

/** What a build's own tests came to, from a plugin that may not be there. */
public interface TestResults extends ExtensionPoint {
    /** Empty when the build has no result of this kind, or of no test at all. */
    Optional<Counts> of(Run<?, ?> run);

    /** @param total of all tests, skipped ones included; at least 1 */
    record Counts(int total, int failed, int skipped) {}

    /** The evidence that a publishing build brings with it; empty when nothing is known of its tests. */
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
        return "the job's own word: "
                + (counts.failed() == 0 ? "" : counts.failed() + " of ")
                + counts.total() + " tests" + (counts.failed() == 0 ? "" : " failed")
                + (counts.skipped() == 0 ? "" : ", " + counts.skipped() + " skipped");
    }
}
