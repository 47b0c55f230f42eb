package io.jenkins.plugins.serverlesspromotion.engine.release;

/**
 * Shifts a part of the traffic first, and all of it when the time has passed without an alarm.
 *
 * @param percent of the calls that the new version gets first, 1 to 99
 * @param minutes for which it gets only this part, 1 to 1440
 */
public record TrafficShift(int percent, int minutes) {
    public TrafficShift {
        if (percent < 1 || percent > 99 || minutes < 1 || minutes > 1440) {
            throw new IllegalArgumentException(
                    "a canary takes 1 to 99 percent for 1 to 1440 minutes, not " + percent + " for " + minutes);
        }
    }

    /** As the manifest names it: {@code canary10percent5minutes}. */
    public String strategy() {
        return "canary" + percent + "percent" + minutes + "minutes";
    }
}
