package io.jenkins.plugins.serverlesspromotion.view;

import io.jenkins.plugins.serverlesspromotion.engine.lane.GateStatus;
import java.util.List;
import java.util.stream.Collectors;

/** Names of gates for people. */
public final class GateNames {
    /** Listed among the gates, but not a gate. */
    public static final String PAUSE = "pause";

    private GateNames() {}

    public static String name(GateStatus.Kind gate) {
        return switch (gate) {
            case CONTAINS_LIVE -> "contains what is live";
            case DEPENDENCY -> "requires";
            default -> gate.word();
        };
    }

    /** The same for a recorded name of a gate, which another version may have written. */
    public static String recorded(String word) {
        return GateStatus.Kind.of(word).map(GateNames::name).orElse(word);
    }

    public static String all(List<GateStatus.Kind> gates) {
        return gates.stream().map(GateNames::name).collect(Collectors.joining(", "));
    }
}
