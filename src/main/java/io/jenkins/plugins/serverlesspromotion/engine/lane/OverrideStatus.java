package io.jenkins.plugins.serverlesspromotion.engine.lane;

import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy.BreakGlass;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How far people have got in overriding the gates of a promotion.
 *
 * @param rule of the environment
 * @param words those that count now, oldest first
 * @param missing how many more it takes, by role; empty when there are enough
 * @param until when the words are no longer enough, of those there are now: of one that is missing, when the first of
 *     them ends; null while there are none
 * @param closed the gates that have not passed and would be passed by
 */
public record OverrideStatus(
        BreakGlass rule, List<Word> words, Map<String, Integer> missing, Instant until, List<GateStatus.Kind> closed) {
    public OverrideStatus {
        words = List.copyOf(words);
        missing = Collections.unmodifiableMap(new LinkedHashMap<>(missing));
        closed = List.copyOf(closed);
    }

    /** Whether enough people have said so. */
    public boolean open() {
        return missing.isEmpty();
    }

    /** One person's word, and until when it counts. */
    public record Word(PromotionDecisions.Override said, Instant until) {}
}
