package io.jenkins.plugins.serverlesspromotion.engine.port;

import io.jenkins.plugins.serverlesspromotion.engine.ownership.ResourceId;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import java.util.List;
import java.util.Set;

/** Compares the live state with the promoted release. Reads only: it writes nothing to AWS and records nothing. */
public interface Inspector {
    /**
     * Compares every target of the work's release in {@code places}, and reads whether resources still exist that the
     * lane owns and the plan does not name.
     *
     * @param plan of the promotion that brought the release, for the versions of parameters and secrets it pinned
     */
    List<Inspected> inspect(Deployer.Work work, Plan plan, Set<String> places, Deployer.Progress progress)
            throws InterruptedException;

    enum DriftResult {
        /** It is as promoted. */
        SAME,
        /** It has changed since. */
        DRIFTED,
        /** Its state could not be read. */
        UNKNOWN
    }

    /**
     * One target in one place.
     *
     * @param key {@code orders-prod/eu-west-1/api}
     * @param differences sentences about differences from what was promoted, or why they could not be read
     * @param leftBehind the resource, where it is no target but one that the release does not name; otherwise null
     */
    record Inspected(String key, DriftResult verdict, List<String> differences, ResourceId leftBehind) {
        public Inspected {
            differences = List.copyOf(differences);
        }

        /** A target of the release. */
        public Inspected(String key, DriftResult verdict, List<String> differences) {
            this(key, verdict, differences, null);
        }
    }
}
