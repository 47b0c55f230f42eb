package io.jenkins.plugins.serverlesspromotion.engine.lane;

import io.jenkins.plugins.serverlesspromotion.engine.policy.LaneRules;
import java.time.Instant;
import java.util.Map;

/**
 * What a lane must know of the world outside it, at one moment.
 *
 * @param rules null when no valid policy places the service in this environment
 * @param policyDigest of {@code rules}; null with them
 * @param pause null when nothing is paused here
 * @param succeededBefore for releases (by digest) that succeeded in the environment before this one: when
 */
public record Surroundings(LaneRules rules, String policyDigest, Pause pause, Map<String, Instant> succeededBefore) {
    public Surroundings {
        succeededBefore = Map.copyOf(succeededBefore);
    }

    /** @param scope {@code everything}, {@code environment prod} or {@code service orders} */
    public record Pause(String scope, String by, Instant since, String reason) {
        public static final String EVERYTHING = "everything";

        public static String environment(String name) {
            return "environment " + name;
        }

        public static String service(String name) {
            return "service " + name;
        }

        public boolean covers(LaneId lane) {
            return scope.equals(EVERYTHING)
                    || scope.equals(environment(lane.environment()))
                    || scope.equals(service(lane.service()));
        }
    }
}
