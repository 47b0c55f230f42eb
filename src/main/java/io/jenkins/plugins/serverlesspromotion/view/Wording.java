package io.jenkins.plugins.serverlesspromotion.view;

import io.jenkins.plugins.serverlesspromotion.engine.lane.GateContext.Pause;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.lane.MomentText;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.engine.lane.PromotionDecisions;
import io.jenkins.plugins.serverlesspromotion.format.json.WireNames;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/** Texts for times, states, people and digests, the same on page and terminal. */
public final class Wording {
    private static final int DIGEST_SHOWN = 12;

    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);

    private Wording() {}

    /** {@code 8 s}, {@code 3 min}, {@code 2 h 4 min}, {@code 6 d}. A negative length is shown as none. */
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

    /** {@code 3 min ago}, {@code in 2 h} */
    public static String relative(Instant at, Instant now) {
        String length = length(Duration.between(at, now).abs());
        return at.isAfter(now) ? "in " + length : length + " ago";
    }

    /** A moment for people: {@code Mon 2026-11-23 09:00 Europe/Berlin}. */
    public static String moment(Instant at, ZoneId zone) {
        return MomentText.of(at, zone);
    }

    /** The first whole minute that is not before {@code at}, for a time when something begins to be possible. */
    public static String notBefore(Instant at, ZoneId zone) {
        return MomentText.notBefore(at, zone);
    }

    /** {@link #moment} to the second, for an audit log. */
    public static String second(Instant at, ZoneId zone) {
        return MomentText.seconds(at, zone);
    }

    /** {@code 09:00:12}, for what happens now. */
    public static String clock(Instant at, ZoneId zone) {
        return CLOCK.format(at.atZone(zone));
    }

    /** {@code ROLLED_BACK} as words: {@code rolled back}. */
    public static String word(Enum<?> value) {
        return WireNames.of(value).toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /** The first hexadecimal digits of a digest: enough to distinguish two, and short enough to type. */
    public static String digest(String digest) {
        String hex = digest.startsWith("sha256:") ? digest.substring("sha256:".length()) : digest;
        return hex.substring(0, Math.min(DIGEST_SHOWN, hex.length()));
    }

    public static String count(long number, String one, String many) {
        return number + " " + (number == 1 ? one : many);
    }

    /** {@code user:bob} as {@code bob}; a job stays as it is, without its kind. */
    public static String who(String actor) {
        for (String kind : List.of("user:", "job:")) {
            if (actor.startsWith(kind)) {
                return actor.substring(kind.length());
            }
        }
        return actor;
    }

    /** A producer of evidence: a job without its kind, others as they are. */
    public static String producer(String producer) {
        return producer.startsWith("job:") ? producer.substring("job:".length()) : producer;
    }

    /** {@code environment prod, by alice (incident 4711)} */
    public static String pause(Pause pause) {
        return pause.scope() + ", by " + who(pause.by()) + " (" + pause.reason() + ")";
    }

    /** The people behind a request; the job itself where no person could be established. */
    public static String requester(PromotionDecisions.Request request) {
        return request.people().isEmpty() ? who(request.by()) : String.join(", ", request.people());
    }

    /**
     * Where a request of these people came from: {@code from team-orders/orders/main#218}, or {@code in staging;
     * requested automatically after orders.staging.3}; null when a person made it directly.
     */
    public static String origin(PromotionDecisions.Request request) {
        if (request.arrivedAfter().isPresent()) {
            String before = request.arrivedAfter().get();
            return "in " + LaneId.ofPromotion(before).environment() + "; requested automatically after " + before
                    + " succeeded";
        }
        String by = who(request.by());
        return by.equals(requester(request)) ? null : "from " + by;
    }

    /** Why an approval no longer counts; null while it does. */
    public static String voided(PromotionDecisions.Approval approval) {
        return approval.voided() == null || approval.isWithdrawn()
                ? approval.voided()
                : "void because " + approval.voided();
    }

    /** {@code orders 1.4.2 → prod}, or {@code orders back to 1.4.0 → prod}. */
    public static String title(Promotion promotion) {
        LaneId lane = LaneId.ofPromotion(promotion.id());
        String back = promotion.kind() == Promotion.Kind.ROLLBACK ? "back to " : "";
        return lane.service() + " " + back + promotion.release().version() + " → " + lane.environment();
    }

    /**
     * On one line, without control characters: texts come from people, templates and AWS, and must not control a
     * terminal.
     */
    public static String line(String text) {
        return text.replaceAll("\\p{Cntrl}", " ");
    }
}
