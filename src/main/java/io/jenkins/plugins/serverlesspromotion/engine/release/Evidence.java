package io.jenkins.plugins.serverlesspromotion.engine.release;

import java.time.Instant;

/**
 * A finding about a release, such as a test result. It is as trustworthy as its producer, so the policy names the
 * producers that count.
 *
 * @param release id: {@code orders@1.4.2}
 * @param kind what was checked: {@code tests}; a {@link Names#isName name}
 * @param producer who recorded it: {@code job:team-orders/orders/main}, {@code user:alice}; without the number of a
 *     build
 * @param run the build that produced it, may be null
 * @param detail one sentence, may be null
 * @param at when it was produced, where the signed statement has that time; otherwise when it was recorded
 * @param signed the signature that proves it; null: only the caller that recorded it knows the producer
 */
public record Evidence(
        String release,
        String kind,
        Result result,
        String producer,
        String run,
        String detail,
        Instant at,
        Signed signed) {
    /** Unsigned. */
    public Evidence(
            String release, String kind, Result result, String producer, String run, String detail, Instant at) {
        this(release, kind, result, producer, run, detail, at, null);
    }

    public Evidence {
        Names.name("evidence", kind);
        if (producer.isBlank()
                || producer.length() > 512
                || producer.codePoints().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("a producer of evidence is named in 1 to 512 characters on one line");
        }
    }

    /**
     * @param statement SHA-256 of the signed statement, {@code sha256:…}
     * @param key fingerprint of the key that signed it
     * @param by who or what submitted it
     */
    public record Signed(String statement, String key, String by) {}

    public enum Result {
        PASSED,
        FAILED
    }
}
