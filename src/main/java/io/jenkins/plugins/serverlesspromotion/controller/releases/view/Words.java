package io.jenkins.plugins.serverlesspromotion.controller.releases.view;

import io.jenkins.plugins.serverlesspromotion.controller.releases.Messages;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Deployment;
import io.jenkins.plugins.serverlesspromotion.engine.lane.GateStatus;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.engine.lane.PromotionDecisions;
import io.jenkins.plugins.serverlesspromotion.format.json.WireNames;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.Locale;

/** How states, times, people and digests are written for people. */
public final class Words {
    public static final String GOOD = "jenkins-!-success-color";
    static final String BAD = "jenkins-!-error-color";
    static final String RISK = "jenkins-!-warning-color";
    public static final String ACTIVE = "jenkins-!-accent-color";
    static final String QUIET = "jenkins-!-text-color-secondary";

    private static final int DIGEST_SHOWN = 12;
    private static final DateTimeFormatter SECOND =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss zzz", Locale.ENGLISH);

    private static final DateTimeFormatter MINUTE = DateTimeFormatter.ofPattern("HH:mm", Locale.ENGLISH);
    private static final DateTimeFormatter WEEKDAY = DateTimeFormatter.ofPattern("EEEE", Locale.ENGLISH);
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("d MMM", Locale.ENGLISH);
    private static final DateTimeFormatter DATE_AND_YEAR = DateTimeFormatter.ofPattern("d MMM yyyy", Locale.ENGLISH);

    private Words() {}

    /**
     * A state as people see it: never a colour alone.
     *
     * @param icon a symbol of core
     * @param colour a class of core that follows the theme
     */
    public record Mark(String word, String icon, String colour) {}

    /**
     * @param absolute in the controller's zone, which it names
     * @param date for views, which format it in the zone of whoever looks
     */
    public record Moment(String relative, String absolute, String iso, Date date) {}

    public static Mark mark(Promotion.State state) {
        String word = word(state);
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
        String word = word(status);
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

    static Mark mark(GateStatus.GateResult gateResult) {
        return switch (gateResult) {
            case HOLDS -> new Mark(Messages.Gate_holds(), "symbol-check", GOOD);
            case WAITS -> new Mark(Messages.Gate_waits(), "symbol-hourglass", ACTIVE);
            case REFUSES -> new Mark(Messages.Gate_refuses(), "symbol-close-circle", BAD);
        };
    }

    /** Why an approval no longer counts; null while it does. */
    static String voided(PromotionDecisions.Approval approval) {
        return approval.voided() == null || approval.isWithdrawn()
                ? approval.voided()
                : Messages.Approval_voidBecause(approval.voided());
    }

    /** {@code ROLLED_BACK} as words: {@code rolled back}. */
    public static String word(Enum<?> value) {
        return WireNames.of(value).toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    public static Moment moment(Instant at, Instant now) {
        String length = length(Duration.between(at, now).abs());
        String relative = at.isAfter(now) ? Messages.Time_in(length) : Messages.Time_ago(length);
        return new Moment(relative, SECOND.format(at.atZone(ZoneId.systemDefault())), at.toString(), Date.from(at));
    }

    /**
     * A moment as people name it: {@code 15:00} for today, {@code tomorrow 09:00}, {@code Monday 09:00} in the next days,
     * otherwise {@code 2 Jan, 00:00}; always with the zone.
     */
    public static String day(Instant at, Instant now, ZoneId zone) {
        ZonedDateTime there = at.atZone(zone);
        long days = ChronoUnit.DAYS.between(now.atZone(zone).toLocalDate(), there.toLocalDate());
        String time = MINUTE.format(there);
        String day;
        if (days == 0) {
            day = time;
        } else if (days == 1) {
            day = Messages.Time_tomorrow(time);
        } else if (days == -1) {
            day = Messages.Time_yesterday(time);
        } else if (days > 1 && days < 7) {
            day = WEEKDAY.format(there) + " " + time;
        } else {
            boolean thisYear = there.getYear() == now.atZone(zone).getYear();
            day = (thisYear ? DATE : DATE_AND_YEAR).format(there) + ", " + time;
        }
        return day + " " + zone.getId();
    }

    /** {@code 8 s}, {@code 3 min}, {@code 2 h 4 min}, {@code 6 d}; none when negative. */
    public static String length(Duration duration) {
        long seconds = Math.max(0, duration.toSeconds());
        if (seconds < 60) {
            return seconds + " s";
        }
        long minutes = seconds / 60;
        if (minutes < 60) {
            return minutes + " min";
        }
        long hours = minutes / 60;
        if (hours < 48) {
            return minutes % 60 == 0 ? hours + " h" : hours + " h " + minutes % 60 + " min";
        }
        return hours / 24 + " d";
    }

    /** {@code user:bob} as {@code bob}; a job stays as it is, without its kind. */
    public static String who(String actor) {
        for (String kind : new String[] {"user:", "job:"}) {
            if (actor.startsWith(kind)) {
                return actor.substring(kind.length());
            }
        }
        return actor;
    }

    /** A producer of evidence: a job without its kind, others as they are. */
    static String job(String producer) {
        return producer.startsWith("job:") ? producer.substring("job:".length()) : producer;
    }

    /** The people behind a request; the job itself where nobody could be established. */
    public static String asker(PromotionDecisions.Request request) {
        return request.people().isEmpty() ? who(request.by()) : String.join(", ", request.people());
    }

    /**
     * Where a request for these people came from: {@code from team-orders/orders/main#218}, or {@code in staging;
     * it came here by itself after orders.staging.3 succeeded}; null when they asked in person.
     */
    static String origin(PromotionDecisions.Request request) {
        if (request.arrivedAfter().isPresent()) {
            String before = request.arrivedAfter().get();
            return Messages.Asked_byItself(before, LaneId.ofPromotion(before).environment());
        }
        String by = who(request.by());
        return by.equals(asker(request)) ? null : Messages.Asked_from(by);
    }

    /** The first hexadecimal digits: enough to tell two digests apart. */
    public static String digest(String digest) {
        String hex = digest.startsWith("sha256:") ? digest.substring("sha256:".length()) : digest;
        return hex.substring(0, Math.min(DIGEST_SHOWN, hex.length()));
    }
}
