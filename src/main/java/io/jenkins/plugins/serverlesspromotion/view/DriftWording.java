package io.jenkins.plugins.serverlesspromotion.view;

import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.port.Inspector.DriftResult;
import io.jenkins.plugins.serverlesspromotion.engine.release.ReleaseRef;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.DriftReading;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.LeftResource;
import java.util.stream.Collectors;

/** Texts for the result of a drift check. */
public final class DriftWording {
    private DriftWording() {}

    /** {@code drift in eu-west-1} */
    public static String brief(DriftReading reading) {
        return switch (reading.driftResult()) {
            case SAME -> "as promoted";
            case DRIFTED -> "drift in " + regions(reading);
            case UNKNOWN -> "could not find out whether it drifted";
        };
    }

    /** For a board, which shows only exceptions; null where no drift is known. */
    public static String exception(DriftReading reading) {
        return reading == null || reading.driftResult() == DriftResult.SAME ? null : brief(reading);
    }

    /** {@code left behind: stack orders-old in 033333333333/eu-west-1} */
    public static String leftBehind(LeftResource left) {
        return "left behind: " + left;
    }

    private static String regions(DriftReading reading) {
        return reading.known().stream()
                .map(k -> k.key().split("/", -1))
                .map(key -> key.length > 1 ? key[1] : key[0])
                .distinct()
                .collect(Collectors.joining(", "));
    }

    /** {@code orders in prod is not as orders@1.4.2 was promoted} */
    public static String sentence(LaneId id, ReleaseRef release, DriftResult driftResult) {
        String lane = id.service() + " in " + id.environment();
        return switch (driftResult) {
            case SAME -> lane + " is as " + release.id() + " was promoted";
            case DRIFTED -> lane + " is not as " + release.id() + " was promoted";
            case UNKNOWN -> "whether " + lane + " is as " + release.id() + " was promoted could not be found out";
        };
    }
}
