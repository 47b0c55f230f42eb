package io.jenkins.plugins.serverlesspromotion.engine.lane;

import io.jenkins.plugins.serverlesspromotion.engine.policy.Gate;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy.BreakGlass;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The progress of an override of a promotion's gates.
 *
 * @param rule of the environment
 * @param words the overrides of people that count now, oldest first
 * @param missing how many more people are required, by role; empty when there are enough
 * @param until when the current overrides are no longer enough; while people are missing, when the first of them
 *     expires; null while there are none
 * @param closed the closed gates that would be overridden
 */
public record OverrideStatus(
        BreakGlass rule, List<Word> words, Map<String, Integer> missing, Instant until, List<GateStatus.Kind> closed) {
    public OverrideStatus {
        words = List.copyOf(words);
        missing = Collections.unmodifiableMap(new LinkedHashMap<>(missing));
        closed = List.copyOf(closed);
    }

    /** Whether enough people have overridden the gates. */
    public boolean open() {
        return missing.isEmpty();
    }

    /** How many people must override the gates. */
    public int required() {
        return rule.require().stream().mapToInt(Gate.Requirement::count).sum();
    }

    /** How many of them have done so. */
    public int given() {
        return required()
                - missing.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** One person's override, and when it expires. */
    public record Word(PromotionDecisions.Override override, Instant until) {}
}
