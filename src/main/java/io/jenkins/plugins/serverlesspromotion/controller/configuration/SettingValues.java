package io.jenkins.plugins.serverlesspromotion.controller.configuration;

import io.jenkins.plugins.serverlesspromotion.controller.IdentityRules;
import io.jenkins.plugins.serverlesspromotion.format.input.Durations;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;

/** Parses the texts of {@code settings}. */
final class SettingValues {
    private static final Duration LEAST_AGE = Duration.ofMinutes(5);
    private static final Duration MOST_AGE = Duration.ofDays(1);
    static final Duration DRIFT_INTERVAL = Duration.ofHours(6);
    private static final Duration LEAST_DRIFT_INTERVAL = Duration.ofMinutes(15);
    private static final Duration MOST_DRIFT_INTERVAL = Duration.ofDays(7);
    private static final String NEVER = "never";

    private SettingValues() {}

    /** @throws IllegalArgumentException when it is no duration from 5 minutes to one day; empty: the default */
    static Duration loginAge(String maxLoginAge) {
        if (Lines.text(maxLoginAge).isEmpty()) {
            return IdentityRules.DEFAULTS.maxLoginAge();
        }
        Duration age = Durations.parse(maxLoginAge);
        if (age.compareTo(LEAST_AGE) < 0 || age.compareTo(MOST_AGE) > 0) {
            throw new IllegalArgumentException("must be from 5m to 1d, not " + maxLoginAge);
        }
        return age;
    }

    /** @throws IllegalArgumentException when it is no duration from 15 minutes to 7 days; zero: never */
    static Duration driftInterval(String driftInterval) {
        String text = Lines.text(driftInterval);
        if (text.isEmpty()) {
            return DRIFT_INTERVAL;
        }
        if (text.equals(NEVER)) {
            return Duration.ZERO;
        }
        Duration interval = Durations.parse(text);
        if (interval.compareTo(LEAST_DRIFT_INTERVAL) < 0 || interval.compareTo(MOST_DRIFT_INTERVAL) > 0) {
            throw new IllegalArgumentException("must be from 15m to 7d, or never, not " + text);
        }
        return interval;
    }

    /** @throws IllegalArgumentException when it is no address of a web server; null: none is set */
    static URI endpoint(String endpoint) {
        String text = Lines.text(endpoint);
        if (text.isEmpty()) {
            return null;
        }
        try {
            URI address = new URI(text);
            boolean web = "http".equals(address.getScheme()) || "https".equals(address.getScheme());
            if (web && address.getHost() != null && address.getUserInfo() == null) {
                return address;
            }
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("is no address; write one such as http://127.0.0.1:4566", e);
        }
        throw new IllegalArgumentException("must be http or https and a host; write one such as http://127.0.0.1:4566");
    }

    /** Certificates in PEM, not yet parsed; null: none are set. */
    static String authorities(String trustedCertificates) {
        String text = Lines.text(trustedCertificates);
        return text.isEmpty() ? null : text;
    }
}
