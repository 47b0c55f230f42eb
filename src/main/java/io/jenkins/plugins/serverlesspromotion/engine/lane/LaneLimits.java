package io.jenkins.plugins.serverlesspromotion.engine.lane;

import io.jenkins.plugins.serverlesspromotion.engine.release.Shown;
import java.util.Optional;

/**
 * Limits the size of a lane's state. Every journal record contains the whole lane, so additions of people and builds
 * are limited. An addition beyond a limit is refused.
 */
public final class LaneLimits {
    /** Promotions that have not ended; rollbacks by hand are counted separately. */
    static final int OPEN = 20;

    /** The share of these that one person may request, and that all builds without a known person may request. */
    static final int OPEN_OF_ONE = OPEN / 2;

    /**
     * Rollbacks by hand that one person requested and that have not ended. There is at most one for each release to
     * return to. This small number leaves room in {@link #BYTES_WITH_ROLLBACK} for that of another person.
     */
    static final int ROLLBACKS_OF_ONE = 3;

    /** Requests for one promotion. */
    static final int REQUESTS = 50;

    /**
     * Resources that are recorded for the lane, one by one. A deployment may exceed this by the resources of its plan.
     */
    public static final int OWNED = 1000;

    /** People who approve one promotion; the same limit applies to people who override its gates. */
    static final int APPROVALS = 50;

    /** People behind one request. Those beyond that are unknown. */
    public static final int PEOPLE = 50;

    /** Open reviews of overridden gates. */
    static final int REVIEWS = 50;

    /** Characters of a reason or comment. */
    public static final int TEXT = 1000;

    /** Characters of an id of a person. */
    public static final int ID = 256;

    /** Bytes of the lane as JSON, unless the part that the releases determine takes more than a quarter of it. */
    static final int BYTES = 64 * 1024;

    /** Bytes for rollbacks and for decisions about them, which other promotions must not prevent. */
    static final int BYTES_WITH_ROLLBACK = BYTES / 4 * 5;

    /** The part of it that requests may use: the rest is kept for decisions. */
    static final int BYTES_OF_REQUESTS = BYTES / 4 * 3;

    /** The part of that for the requests of one person, and for those of all builds without a known person. */
    static final int BYTES_OF_ONE = BYTES_OF_REQUESTS / 2;

    /** The part that plans, deployments and earlier releases may use before another promotion is requested. */
    static final int BYTES_OF_RELEASES = 4 * BYTES;

    private LaneLimits() {}

    /** The beginning of a text in a fact that must not be refused for its length, because it stops something. */
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
