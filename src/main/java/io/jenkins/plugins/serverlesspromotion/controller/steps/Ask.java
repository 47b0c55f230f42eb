package io.jenkins.plugins.serverlesspromotion.controller.steps;

import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import java.io.Serializable;

/** The request of a step, as it is stored with the build. A class, because XStream reads a record back as null. */
final class Ask implements Serializable {
    private static final long serialVersionUID = 1L;

    private final boolean rollback;
    private final String service;
    private final String environment;
    private final String version;
    private final String reason;
    private final String ticket;
    private final boolean wait;

    private Ask(
            boolean rollback,
            String service,
            String environment,
            String version,
            String reason,
            String ticket,
            boolean wait) {
        this.rollback = rollback;
        this.service = service;
        this.environment = environment;
        this.version = version;
        this.reason = reason;
        this.ticket = ticket;
        this.wait = wait;
    }

    static Ask promotion(
            String service, String version, String environment, String reason, String ticket, boolean wait) {
        return new Ask(false, service, environment, version, reason, ticket, wait);
    }

    /** @param version null: the last good one */
    static Ask rollback(String service, String environment, String version, String reason, boolean wait) {
        return new Ask(true, service, environment, version, reason, null, wait);
    }

    boolean isRollback() {
        return rollback;
    }

    LaneId lane() {
        return new LaneId(service, environment);
    }

    String service() {
        return service;
    }

    String environment() {
        return environment;
    }

    String version() {
        return version;
    }

    String reason() {
        return reason;
    }

    String ticket() {
        return ticket;
    }

    boolean waits() {
        return wait;
    }

    String right() {
        return rollback ? JobRights.rollback(environment) : JobRights.request(environment);
    }

    /** In words: {@code promote orders@1.4.2 to prod}. */
    String inWords() {
        return rollback
                ? "roll back " + service + " in " + environment + (version == null ? "" : " to " + version)
                : "promote " + service + "@" + version + " to " + environment;
    }
}
