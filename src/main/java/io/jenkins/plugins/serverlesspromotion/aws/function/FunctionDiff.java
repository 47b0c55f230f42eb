package io.jenkins.plugins.serverlesspromotion.aws.function;

import io.jenkins.plugins.serverlesspromotion.aws.call.Sha256;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Compares a function's current state with the state that a release requires. */
public final class FunctionDiff {
    /**
     * Stands for the live value of a variable. The value may be a secret that was set outside a release: it is never
     * recorded.
     */
    private static final String SET = "(set)";

    private FunctionDiff() {}

    /** The changes that {@code live} needs; empty when there are none. */
    public static List<Plan.PropertyChange> changes(FunctionConfig live, WantedFunction wanted) {
        var changes = new ArrayList<Plan.PropertyChange>();
        var after = new TreeMap<>(wanted.properties());
        after.put(FunctionConfig.CODE, wanted.code().digest());
        after.forEach((path, value) -> add(changes, path, live.properties().get(path), value));
        if (wanted.environment() != null) {
            var names = new TreeSet<>(live.environment().keySet());
            names.addAll(wanted.environment().keySet());
            for (String name : names) {
                String value = wanted.environment().get(name);
                if (!Objects.equals(live.environment().get(name), value)) {
                    add(
                            changes,
                            FunctionConfig.ENVIRONMENT + name,
                            live.environment().containsKey(name) ? SET : null,
                            value);
                }
            }
        }
        return changes;
    }

    /** All properties that {@code wanted} names, for a function whose state is unknown. */
    static List<Plan.PropertyChange> everything(WantedFunction wanted) {
        var changes = new ArrayList<Plan.PropertyChange>();
        var after = new TreeMap<>(wanted.shown());
        after.put(FunctionConfig.CODE, wanted.code().digest());
        after.forEach((path, value) -> add(changes, path, null, value));
        return changes;
    }

    private static void add(List<Plan.PropertyChange> changes, String path, String before, String after) {
        if (!Objects.equals(before, after)) {
            changes.add(new Plan.PropertyChange(path, before, after, Plan.Replacement.NO));
        }
    }

    /**
     * Digest of the part of {@code live} that {@code wanted} does not name: our own writes never change it, writes of
     * others do. Environment variables contribute two bytes of their hash: enough to detect a change, too little to
     * reveal the value.
     */
    static String rest(FunctionConfig live, WantedFunction wanted) {
        var rest = new TreeMap<>(live.properties());
        rest.remove(FunctionConfig.CODE);
        rest.keySet().removeAll(wanted.properties().keySet());
        if (wanted.environment() == null) {
            live.environment()
                    .forEach((name, value) -> rest.put(
                            FunctionConfig.ENVIRONMENT + name,
                            Sha256.of(name.length() + ":" + name + value)
                                    .substring("sha256:".length(), "sha256:".length() + 4)));
        }
        return Sha256.of(lines(rest));
    }

    private static String lines(Map<String, String> map) {
        return map.entrySet().stream()
                .map(e -> e.getKey().length() + ":" + e.getKey() + "=" + e.getValue() + "\n")
                .collect(Collectors.joining());
    }
}
