package io.jenkins.plugins.serverlesspromotion.controller.releases.view;

import io.jenkins.plugins.serverlesspromotion.controller.drift.DriftService;
import io.jenkins.plugins.serverlesspromotion.controller.releases.Messages;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Lane;
import io.jenkins.plugins.serverlesspromotion.engine.port.Inspector.DriftResult;
import io.jenkins.plugins.serverlesspromotion.engine.port.Inspector.Inspected;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.DriftReading;
import io.jenkins.plugins.serverlesspromotion.view.DriftWording;
import io.jenkins.plugins.serverlesspromotion.view.Wording;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** The known drift of one lane, for people. */
@Restricted(NoExternalUse.class)
public final class DriftView {
    private final Lane lane;
    private final DriftReading reading;
    private final boolean looking;
    private final Instant now;

    private DriftView(Lane lane, DriftReading reading, boolean looking, Instant now) {
        this.lane = lane;
        this.reading = reading;
        this.looking = looking;
        this.now = now;
    }

    public static DriftView of(Lane lane, Instant now) {
        DriftReading last = DriftService.get()
                .reading(lane.id())
                .filter(r -> r.isAbout(lane))
                .orElse(null);
        return of(lane, last, now);
    }

    /** @param last check of the live release; null: no check since it was deployed */
    public static DriftView of(Lane lane, DriftReading last, Instant now) {
        return new DriftView(lane, last, DriftService.get().isLooking(lane.id()), now);
    }

    /** @param since null where the start of the drift is not known, or there is none */
    public record Target(String key, Words.Mark mark, Words.Moment since, List<String> differences) {}

    /** Whether there is anything to compare. */
    public boolean isLive() {
        return lane.live() != null;
    }

    public boolean isLooking() {
        return looking;
    }

    /** Null when there was no check since the last deployment. */
    public Words.Moment getAt() {
        return reading == null ? null : Words.moment(reading.at(), now);
    }

    /** {@code drift in eu-west-1}; null when none is known. It names what could not be found out. */
    public Words.Mark getBoardMark() {
        return DriftWording.exception(reading) == null ? null : getMark();
    }

    /** The result of the last check; null when there was none since the last deployment. */
    public Words.Mark getMark() {
        if (reading == null) {
            return null;
        }
        return switch (reading.driftResult()) {
            case SAME -> new Words.Mark(DriftWording.brief(reading), "symbol-check", Words.GOOD);
            case DRIFTED -> new Words.Mark(DriftWording.brief(reading), "symbol-warning", Words.RISK);
            case UNKNOWN -> new Words.Mark(DriftWording.brief(reading), "symbol-help-circle", Words.QUIET);
        };
    }

    /** The differences from the promoted release, and what could not be found out. What is as promoted has no row. */
    public List<Target> getTargets() {
        var rows = new ArrayList<Target>();
        if (reading == null) {
            return rows;
        }
        for (DriftReading.Known known : reading.known()) {
            rows.add(new Target(
                    known.key(),
                    new Words.Mark(Messages.Drift_drifted(), "symbol-warning", Words.RISK),
                    Words.moment(known.since(), now),
                    known.differences()));
        }
        for (Inspected target : reading.targets()) {
            if (target.verdict() == DriftResult.UNKNOWN) {
                rows.add(new Target(
                        target.key(),
                        new Words.Mark(Messages.Drift_unknown(), "symbol-help-circle", Words.QUIET),
                        null,
                        target.differences()));
            }
        }
        return rows;
    }

    /** The result of a check, as lines of text. */
    static List<String> lines(DriftReading reading) {
        var lines = new ArrayList<String>();
        lines.add(DriftWording.sentence(reading.lane(), reading.release(), reading.driftResult()));
        for (Inspected target : reading.targets()) {
            lines.add(target.key() + ": " + Wording.word(target.verdict()));
            target.differences().forEach(d -> lines.add("  " + d));
        }
        if (reading.leftBehind() != null) {
            reading.leftBehind().forEach(l -> lines.add(DriftWording.leftBehind(l)));
        }
        return lines;
    }
}
