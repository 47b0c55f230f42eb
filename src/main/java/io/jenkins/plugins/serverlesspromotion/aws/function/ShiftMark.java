package io.jenkins.plugins.serverlesspromotion.aws.function;

import io.jenkins.plugins.serverlesspromotion.aws.context.TargetContext;
import io.jenkins.plugins.serverlesspromotion.engine.release.Shown;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The mark, in the description of an alias, of the work that moves it. It is in AWS because a controller may crash
 * during a shift. The next person or controller must see when the shift began, and must not repeat a shift that was
 * reverted.
 *
 * @param token of the work, so that no other work continues this shift
 * @param since when the shift began; null when there is none
 * @param returned why it was reverted; null when it was not
 */
public record ShiftMark(String release, String promotion, String token, Instant since, String returned) {
    /** Lambda accepts 256 characters. */
    private static final int LONGEST = 256;

    private static final int TOKEN = 12;
    private static final Pattern FORM = Pattern.compile(
            "(\\S+) by (\\S+) \\(([0-9a-f]{" + TOKEN + "})\\)(?:, shifting since (\\S+)|, taken back: (.*))?");

    static ShiftMark of(TargetContext job, int attempt) {
        return of(job, attempt, "shift");
    }

    static ShiftMark ofUndo(TargetContext job, int attempt) {
        return of(job, attempt, "undo-shift");
    }

    private static ShiftMark of(TargetContext job, int attempt, String verb) {
        String token = job.token(attempt, verb);
        return new ShiftMark(
                job.release.ref().id(), job.work.promotion(), token.substring(token.length() - TOKEN), null, null);
    }

    /** Null when the description is not one of ours. */
    public static ShiftMark parse(String description) {
        Matcher matcher = FORM.matcher(description);
        if (!matcher.matches()) {
            return null;
        }
        try {
            Instant since = matcher.group(4) == null ? null : Instant.parse(matcher.group(4));
            return new ShiftMark(matcher.group(1), matcher.group(2), matcher.group(3), since, matcher.group(5));
        } catch (DateTimeParseException e) {
            return null;
        }
    }

    public ShiftMark shifting(Instant from) {
        return new ShiftMark(release, promotion, token, from, null);
    }

    public ShiftMark shiftedBack(String why) {
        return new ShiftMark(release, promotion, token, null, why);
    }

    public ShiftMark settled() {
        return new ShiftMark(release, promotion, token, null, null);
    }

    boolean isOf(ShiftMark other) {
        return token.equals(other.token);
    }

    /** The mark as the description of the alias. */
    public String text() {
        String text = release + " by " + promotion + " (" + token + ")"
                + (since != null ? ", shifting since " + since : returned != null ? ", taken back: " + returned : "");
        return text.length() <= LONGEST ? text : Shown.cut(text, LONGEST - 1);
    }
}
