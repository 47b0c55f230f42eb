package io.jenkins.plugins.serverlesspromotion.engine.lane;

/**
 * The last result of one check.
 *
 * @param check what was called: {@code GET https://orders.acme.com/health}, {@code lambda orders-smoke-prod}
 * @param place from where: {@code orders-prod/eu-west-1}
 * @param attempts how often it was tried, at least 1
 * @param millis how long the last response took, including the connection
 * @param answer {@code 200}, or why there was none
 * @param digest SHA-256 of the last response body, at most its first MiB; null when there was none
 * @param difference the first difference from what was expected, as the rest of a sentence; null when it passed, and in
 *     older records
 */
public record CheckResult(
        String check,
        String place,
        boolean held,
        int attempts,
        long millis,
        String answer,
        String digest,
        String difference) {
    public CheckResult(
            String check, String place, boolean held, int attempts, long millis, String answer, String digest) {
        this(check, place, held, attempts, millis, answer, digest, null);
    }

    /** {@code 200 in 84 ms}, with the number of tries and the difference from what was expected. */
    public String summary() {
        return answer + " in " + millis + " ms" + (attempts == 1 ? "" : ", asked " + attempts + " times")
                + (difference == null ? "" : ": " + difference);
    }
}
