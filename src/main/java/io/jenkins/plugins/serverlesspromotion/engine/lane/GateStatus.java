package io.jenkins.plugins.serverlesspromotion.engine.lane;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * What one gate says now.
 *
 * @param gate stable word: {@code policy path order hold containsLive dependency evidence ticket soak freeze window
 *     alarm plan approval}
 * @param sentence what holds, or what is missing, as people read it
 * @param helpers who can give what is missing: role names, user ids, services
 * @param until when this changes by itself, if nothing else happens; null: it does not
 */
public record GateStatus(String gate, Verdict verdict, String sentence, List<String> helpers, Instant until) {
    public GateStatus {
        helpers = List.copyOf(helpers);
    }

    /** Of a gate that does not change by itself. */
    public GateStatus(String gate, Verdict verdict, String sentence, List<String> helpers) {
        this(gate, verdict, sentence, helpers, null);
    }

    /** What somebody is told who wrote part of a release and may therefore not approve it. */
    public static final String WROTE = "you wrote part of this, so you cannot approve it";

    private static final String OVERRIDDEN = "OVERRIDDEN";

    public enum Verdict {
        HOLDS,
        WAITS,
        REFUSES
    }

    /** Whether time alone opens it, so that nobody need wait for it before deciding. */
    public boolean opensByItself() {
        return verdict == Verdict.WAITS && until != null;
    }

    /** Whether it holds only because people override it. */
    public boolean isOverridden() {
        return verdict == Verdict.HOLDS && sentence.startsWith(OVERRIDDEN + " by ");
    }

    /** This gate, which is closed, passed by all the same. */
    GateStatus overridden(List<String> by, Instant until) {
        return holds(
                        gate,
                        OVERRIDDEN + " by " + String.join(", ", by) + " before " + until.truncatedTo(ChronoUnit.SECONDS)
                                + ": " + sentence)
                .until(until);
    }

    static GateStatus holds(String gate, String sentence) {
        return new GateStatus(gate, Verdict.HOLDS, sentence, List.of());
    }

    static GateStatus waits(String gate, String sentence) {
        return new GateStatus(gate, Verdict.WAITS, sentence, List.of());
    }

    static GateStatus refuses(String gate, String sentence) {
        return new GateStatus(gate, Verdict.REFUSES, sentence, List.of());
    }

    GateStatus until(Instant at) {
        return new GateStatus(gate, verdict, sentence, helpers, at);
    }

    GateStatus helpedBy(List<String> who) {
        return new GateStatus(gate, verdict, sentence, who, until);
    }
}
