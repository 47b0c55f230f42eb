package io.jenkins.plugins.serverlesspromotion.controller.releases.view;

import io.jenkins.plugins.serverlesspromotion.engine.lane.Deployment;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.view.GateRow;
import io.jenkins.plugins.serverlesspromotion.view.Wording;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Date;
import java.util.List;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** Texts for states and times on pages. */
public final class Words {
    public static final String GOOD = "jenkins-!-success-color";
    static final String BAD = "jenkins-!-error-color";
    static final String RISK = "jenkins-!-warning-color";
    public static final String ACTIVE = "jenkins-!-accent-color";
    static final String QUIET = "jenkins-!-text-color-secondary";

    private Words() {}

    /**
     * A state for people: a colour is never the only signal.
     *
     * @param icon a symbol of core
     * @param colour a class of core that follows the theme
     */
    public record Mark(String word, String icon, String colour) {}

    /**
     * @param absolute in the controller's zone, which it names
     * @param date for views, which format it in the zone of the viewer
     */
    public record Moment(String relative, String absolute, String iso, Date date) {}

    public static Mark mark(Promotion.State state) {
        String word = Wording.word(state);
        return switch (state) {
            case SUCCEEDED -> new Mark(word, "symbol-check", GOOD);
            case WAITING -> new Mark(word, "symbol-hourglass", ACTIVE);
            case QUEUED -> new Mark(word, "symbol-list", ACTIVE);
            case REQUESTED, PLANNING -> new Mark(word, "symbol-search", ACTIVE);
            case DEPLOYING -> new Mark(word, "symbol-play", ACTIVE);
            case VERIFYING -> new Mark(word, "symbol-flask", ACTIVE);
            case ROLLING_BACK -> new Mark(word, "symbol-undo", RISK);
            case ROLLED_BACK -> new Mark(word, "symbol-undo", BAD);
            case REJECTED, FAILED, ROLLBACK_FAILED -> new Mark(word, "symbol-close-circle", BAD);
            case ERRORED -> new Mark(word, "symbol-warning", RISK);
            case EXPIRED -> new Mark(word, "symbol-timer", QUIET);
            case SUPERSEDED -> new Mark(word, "symbol-arrow-up", QUIET);
            case ABORTED -> new Mark(word, "symbol-close", QUIET);
        };
    }

    static Mark mark(Deployment.Status status) {
        String word = Wording.word(status);
        return switch (status) {
            case PENDING -> new Mark(word, "symbol-hourglass", QUIET);
            case RUNNING -> new Mark(word, "symbol-play", ACTIVE);
            case DONE, UNCHANGED -> new Mark(word, "symbol-check", GOOD);
            case UNDOING -> new Mark(word, "symbol-undo", RISK);
            case UNDONE -> new Mark(word, "symbol-undo", QUIET);
            case STALE -> new Mark(word, "symbol-refresh", RISK);
            case ERRORED -> new Mark(word, "symbol-warning", RISK);
            case FAILED, UNDO_FAILED -> new Mark(word, "symbol-close-circle", BAD);
        };
    }

    static Mark mark(GateRow gate) {
        return switch (gate.state()) {
            case PASSED -> new Mark(gate.word(), "symbol-check", GOOD);
            case PENDING -> new Mark(gate.word(), "symbol-hourglass", ACTIVE);
            case BLOCKED -> new Mark(gate.word(), "symbol-close-circle", BAD);
            case OVERRIDDEN -> new Mark(gate.word(), "symbol-warning", BAD);
            case PAUSED -> new Mark(gate.word(), "symbol-pause", RISK);
            case NOT_YOU -> new Mark(gate.word(), "symbol-close-circle", QUIET);
        };
    }

    /** One line of a list of gates. */
    @Restricted(NoExternalUse.class)
    public record GateLine(Mark mark, String name, String sentence) {}

    public static List<GateLine> gates(List<GateRow> rows) {
        return rows.stream()
                .map(r -> new GateLine(mark(r), r.name(), r.sentence()))
                .toList();
    }

    public static Moment moment(Instant at, Instant now) {
        return new Moment(
                Wording.relative(at, now), Wording.second(at, ZoneId.systemDefault()), at.toString(), Date.from(at));
    }
}
