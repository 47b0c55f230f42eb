package io.jenkins.plugins.serverlesspromotion.engine.lane;

/**
 * One check as it was asked and answered last.
 *
 * @param check what was asked: {@code GET https://orders.acme.com/health}, {@code lambda orders-smoke-prod}
 * @param place from where: {@code orders-prod/eu-west-1}
 * @param asked how often, at least 1
 * @param millis how long the last answer took, the connection included
 * @param answer {@code 200}, or why there was none
 * @param digest SHA-256 of the last answer's body, at most its first MiB; null when there was none
 * @param difference the first thing that was otherwise than expected, as the rest of a sentence; null when it held,
 *     and in older records
 */
public record CheckResult(
        String check,
        String place,
        boolean held,
        int asked,
        long millis,
        String answer,
        String digest,
        String difference) {
    public CheckResult(String check, String place, boolean held, int asked, long millis, String answer, String digest) {
        this(check, place, held, asked, millis, answer, digest, null);
    }

    /** {@code 200 in 84 ms}, with how often it was asked and what was otherwise than expected. */
    public String told() {
        return answer + " in " + millis + " ms" + (asked == 1 ? "" : ", asked " + asked + " times")
                + (difference == null ? "" : ": " + difference);
    }
}
