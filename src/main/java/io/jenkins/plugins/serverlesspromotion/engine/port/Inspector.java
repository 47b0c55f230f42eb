package io.jenkins.plugins.serverlesspromotion.engine.port;

import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import java.util.List;
import java.util.Set;

/** Compares what is live with what was promoted. Reads only: nothing in AWS is written, and nothing is recorded. */
public interface Inspector {
    /**
     * Compares every target of the work's release in {@code places}.
     *
     * @param plan of the promotion that brought the release, for the versions of parameters and secrets it pinned
     */
    List<Inspected> inspect(Deployer.Work work, Plan plan, Set<String> places, Deployer.Progress progress)
            throws InterruptedException;

    enum DriftResult {
        /** As it was promoted. */
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
