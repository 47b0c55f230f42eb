package io.jenkins.plugins.serverlesspromotion.engine.lane;

import java.time.Instant;
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

    public enum Verdict {
        HOLDS,
        WAITS,
        REFUSES
    }

    /** Whether time alone opens it, so that nobody need wait for it before deciding. */
    public boolean opensByItself() {
        return verdict == Verdict.WAITS && until != null;
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
