package io.jenkins.plugins.serverlesspromotion.engine.lane;

import io.jenkins.plugins.serverlesspromotion.engine.release.Names;
import io.jenkins.plugins.serverlesspromotion.engine.release.Shown;

/** Identifies a lane, a service in an environment: at most one deployment at a time, one queue. */
public record LaneId(String service, String environment) implements Comparable<LaneId> {
    public LaneId {
        Names.name("service", service);
        Names.name("environment", environment);
    }

    /** Id of this lane's {@code number}-th promotion. A name has no dot, so no two lanes can make the same id. */
    String promotion(long number) {
        return service + "." + environment + "." + number;
    }

    /** @throws IllegalArgumentException when {@code promotion} is not the id of a promotion */
    public static LaneId ofPromotion(String promotion) {
        String[] parts = promotion.split("\\.", -1);
        if (parts.length != 3 || !parts[2].matches("[1-9][0-9]{0,17}")) {
            throw new IllegalArgumentException(
                    "'" + Shown.text(promotion) + "' is not a promotion; ids look like orders.prod.17");
        }
        return new LaneId(parts[0], parts[1]);
    }

    @Override
    public String toString() {
        return service + " → " + environment;
    }

    @Override
    public int compareTo(LaneId other) {
        int byService = service.compareTo(other.service);
        return byService != 0 ? byService : environment.compareTo(other.environment);
    }
}
