package io.jenkins.plugins.serverlesspromotion.view;

import io.jenkins.plugins.serverlesspromotion.engine.lane.GateStatus;
import java.util.List;
import java.util.stream.Collectors;

/** Gates as people call them. */
public final class GateNames {
    /** Listed among gates although it is none. */
    public static final String PAUSE = "pause";

    private GateNames() {}

    public static String name(GateStatus.Kind gate) {
        return switch (gate) {
            case CONTAINS_LIVE -> "contains what is live";
            case DEPENDENCY -> "requires";
            default -> gate.word();
        };
    }

    /** The same for the word that was recorded of a gate, which may be of another version. */
    public static String recorded(String word) {
        return GateStatus.Kind.of(word).map(GateNames::name).orElse(word);
    }

    public static String all(List<GateStatus.Kind> gates) {
        return gates.stream().map(GateNames::name).collect(Collectors.joining(", "));
    }
}
