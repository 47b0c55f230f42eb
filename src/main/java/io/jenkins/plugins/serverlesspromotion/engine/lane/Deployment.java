package io.jenkins.plugins.serverlesspromotion.engine.lane;

import io.jenkins.plugins.serverlesspromotion.engine.ownership.OwnershipClaim;
import io.jenkins.plugins.serverlesspromotion.engine.release.ReleaseRef;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The deployment of a promotion, during and after its run.
 *
 * @param attempt from 1; client tokens derive from it
 * @param steps in plan order
 * @param verified how many waves have succeeded, checks included
 * @param openAt when the next wave may start
 * @param abort who stopped it and why, null when no one did
 * @param checks the results of this attempt, in order; empty in older records
 * @param owns what the lane owned when it began: a rollback may write to exactly these resources, whatever changed
 *     since; empty in older records
 */
public record Deployment(
        int attempt,
        List<Step> steps,
        int verified,
        Instant openAt,
        String abort,
        List<Checked> checks,
        List<OwnershipClaim> owns) {
    public Deployment {
        steps = List.copyOf(steps);
        checks = checks == null ? List.of() : List.copyOf(checks);
        owns = owns == null ? List.of() : List.copyOf(owns);
    }

    /** A deployment of a version that did not record owners. */
    public Deployment(int attempt, List<Step> steps, int verified, Instant openAt, String abort, List<Checked> checks) {
        this(attempt, steps, verified, openAt, abort, checks, List.of());
    }

    /** A deployment without check results yet. */
    public Deployment(int attempt, List<Step> steps, int verified, Instant openAt, String abort) {
        this(attempt, steps, verified, openAt, abort, List.of());
    }

    Deployment with(List<Step> now) {
        return new Deployment(attempt, now, verified, openAt, abort, checks, owns);
    }

    Deployment verified(int waves, Instant opens) {
        return new Deployment(attempt, steps, waves, opens, abort, checks, owns);
    }

    Deployment aborted(String why) {
        return new Deployment(attempt, steps, verified, openAt, why, checks, owns);
    }

    Deployment checked(List<Checked> all) {
        return new Deployment(attempt, steps, verified, openAt, abort, all, owns);
    }

    Deployment owning(List<OwnershipClaim> pinned) {
        return new Deployment(attempt, steps, verified, openAt, abort, checks, pinned);
    }

    public int waves() {
        return steps.stream().mapToInt(Step::wave).max().orElse(0) + 1;
    }

    /** @param at when the result was known */
    public record Checked(Instant at, CheckResult result) {}

    /**
     * @param returnTo the release that a rollback returns this place to, null when there was none
     * @param outputs the outputs that later targets may refer to
     * @param detail what happened, as a sentence; null before that
     * @param requests AWS request ids of the writes, for the audit
     */
    public record Step(
            String key,
            int wave,
            List<String> after,
            Status status,
            Instant since,
            ReleaseRef returnTo,
            Map<String, String> outputs,
            String detail,
            List<String> requests) {
        public Step {
            after = List.copyOf(after);
            outputs = java.util.Collections.unmodifiableMap(new TreeMap<>(outputs));
            requests = List.copyOf(requests);
        }

        Step at(Status next, Instant now) {
            return new Step(key, wave, after, next, now, returnTo, outputs, detail, requests);
        }

        Step returningTo(ReleaseRef release) {
            return new Step(key, wave, after, status, since, release, outputs, detail, requests);
        }

        /** {@code orders-prod/eu-west-1} */
        public String place() {
            return key.substring(0, key.lastIndexOf('/'));
        }

        public String target() {
            return key.substring(key.lastIndexOf('/') + 1);
        }
    }

    public enum Status {
        PENDING("PENDING"),
        RUNNING("RUNNING"),
        DONE("DONE"),
        /** The target was already as planned; nothing was written. */
        UNCHANGED("UNCHANGED"),
        FAILED("FAILED"),
        /** The state of the target could not be read. */
        ERRORED("ERRORED"),
        /** The plan was out of date; nothing was written. */
        STALE("STALE"),
        UNDOING("UNDOING"),
        UNDONE("UNDONE"),
        UNDO_FAILED("UNDO_FAILED");

        private final String text;

        Status(String text) {
            this.text = text;
        }

        /** The name in texts of the journal, whatever the Java constant is called. */
        @java.lang.Override
        public String toString() {
            return text;
        }

        /** Whether the step succeeded. */
        public boolean isGood() {
            return this == DONE || this == UNCHANGED;
        }

        /** Whether the step may have written something. */
        public boolean isTouched() {
            return switch (this) {
                case PENDING, UNCHANGED, STALE -> false;
                default -> true;
            };
        }
    }
}
