package io.jenkins.plugins.serverlesspromotion.engine.port;

import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import java.util.List;
import java.util.Set;

/** Compares the live state with the promoted release. Reads only: it writes nothing to AWS and records nothing. */
public interface Inspector {
    /**
     * Compares every target of the work's release in {@code places}.
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
     */
    record Inspected(String key, DriftResult verdict, List<String> differences) {
        public Inspected {
            differences = List.copyOf(differences);
        }
    }
}
