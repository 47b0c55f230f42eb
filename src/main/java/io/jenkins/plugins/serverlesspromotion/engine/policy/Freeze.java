package io.jenkins.plugins.serverlesspromotion.engine.policy;

import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;

/**
 * A time in which no deployment starts.
 *
 * @param from local, inclusive
 * @param until local, exclusive
 * @param environments empty: all
 * @param exempt names of paths; the freeze does not block releases on these paths
 */
public record Freeze(
        String name,
        LocalDateTime from,
        LocalDateTime until,
        ZoneId zone,
        List<String> environments,
        List<String> exempt) {
    public Freeze {
        environments = List.copyOf(environments);
        exempt = List.copyOf(exempt);
    }

    boolean covers(String environment) {
        return environments.isEmpty() || environments.contains(environment);
    }
}
