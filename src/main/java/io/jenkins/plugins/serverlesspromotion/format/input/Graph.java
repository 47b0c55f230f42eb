package io.jenkins.plugins.serverlesspromotion.format.input;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Relations of things that must come after others. */
public final class Graph {
    private Graph() {}

    /**
     * One cycle among {@code edges}, its first member repeated at the end ({@code a, b, a}); empty when there is none.
     * Edges to things that are not keys are ignored.
     */
    public static List<String> cycle(Map<String, ? extends Collection<String>> edges) {
        var left = new LinkedHashMap<String, Collection<String>>(edges);
        boolean removed = true;
        while (removed) {
            removed = left.entrySet().removeIf(e -> e.getValue().stream().noneMatch(left::containsKey));
        }
        if (left.isEmpty()) {
            return List.of();
        }
        // Each remaining key leads to a remaining key, so following the edges must return to an earlier one.
        var path = new ArrayList<String>();
        String at = left.keySet().iterator().next();
        while (!path.contains(at)) {
            path.add(at);
            at = left.get(at).stream().filter(left::containsKey).findFirst().orElseThrow();
        }
        var cycle = new ArrayList<>(path.subList(path.indexOf(at), path.size()));
        cycle.add(at);
        return cycle;
    }
}
