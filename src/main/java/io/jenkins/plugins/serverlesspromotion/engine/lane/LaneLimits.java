package io.jenkins.plugins.serverlesspromotion.engine.lane;

import io.jenkins.plugins.serverlesspromotion.engine.release.Shown;
import java.util.Optional;

/**
 * How large the state of a lane can become. The whole lane is in every record of the journal, so what people and builds
 * add to it has a limit, and what would exceed it is refused.
 */
public final class LaneLimits {
    /** Promotions that are not over; rollbacks by hand are counted by themselves. */
    static final int OPEN = 20;

    /** Those of them that one person asked for, and that all builds without a known person asked for. */
    static final int OPEN_OF_ONE = OPEN / 2;

    /**
     * Rollbacks by hand that are not over and that one person asked for. There is at most one for each release to return to;
     * so few leave room in {@link #BYTES_WITH_ROLLBACK} for that of another person.
     */
    static final int ROLLBACKS_OF_ONE = 3;

    /** Requests for one promotion. */
    static final int REQUESTS = 50;

    /** Resources that are recorded as the lane's, one by one. A deployment may bring those of its plan beyond that. */
    public static final int OWNED = 1000;

    /** People who approve one promotion, and as many who override gates for it. */
    static final int APPROVALS = 50;

    /** People behind one request. Those beyond that are unknown. */
    public static final int PEOPLE = 50;

    /** Open reviews of overridden gates. */
    static final int REVIEWS = 50;

    /** Characters of a reason or comment. */
    public static final int TEXT = 1000;

    /** Characters of an id of a person. */
    public static final int ID = 256;

    /** Of the lane as JSON, unless what the releases decide is alone more than a quarter of it. */
    static final int BYTES = 64 * 1024;

    /** What the lane may have for going back and for decisions about that, which the other ones must not prevent. */
    static final int BYTES_WITH_ROLLBACK = BYTES / 4 * 5;

    /** What requests may fill of it: the rest is kept for decisions. */
    static final int BYTES_OF_REQUESTS = BYTES / 4 * 3;

    /** What the requests of one person may fill of that, and those of all builds without a known person. */
    static final int BYTES_OF_ONE = BYTES_OF_REQUESTS / 2;

    /** What plans, deployments and earlier releases may take before another promotion is asked for. */
    static final int BYTES_OF_RELEASES = 4 * BYTES;

    private LaneLimits() {}

    /** The beginning of a text of a fact that must not be refused for the length of its text: one that stops something. */
    public static String shortened(String text) {
        return text == null || text.length() <= TEXT ? text : Shown.cut(text, TEXT - 1);
    }

    /**
     * Why a text of a person or a build is not recorded, as a sentence; empty when it can be.
     *
     * @param text null: there is none
     */
    public static Optional<String> tooLong(String name, String text) {
        return text == null || text.length() <= TEXT
                ? Optional.empty()
                : Optional.of(name + " has " + text.length() + " characters; " + TEXT + " are the limit");
    }
}
