package io.jenkins.plugins.serverlesspromotion.engine.lane;

import java.util.List;

/**
 * What one gate says now.
 *
 * @param gate stable word: {@code plan path order hold approval policy}
 * @param sentence what holds, or what is missing, as people read it
 * @param helpers who can give what is missing: role names, user ids
 */
public record GateStatus(String gate, Verdict verdict, String sentence, List<String> helpers) {
    public GateStatus {
        helpers = List.copyOf(helpers);
    }

    public enum Verdict {
        HOLDS,
        WAITS,
        REFUSES
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
}
