package io.jenkins.plugins.serverlesspromotion.aws.function;

import io.jenkins.plugins.serverlesspromotion.aws.DeploymentException;
import io.jenkins.plugins.serverlesspromotion.aws.call.Failures;
import io.jenkins.plugins.serverlesspromotion.aws.check.Alarms;
import io.jenkins.plugins.serverlesspromotion.aws.context.TargetContext;
import io.jenkins.plugins.serverlesspromotion.aws.session.AwsSessions;
import io.jenkins.plugins.serverlesspromotion.aws.session.OwnershipProof;
import io.jenkins.plugins.serverlesspromotion.engine.release.TrafficShift;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.lambda.model.AliasRoutingConfiguration;
import software.amazon.awssdk.services.lambda.model.PreconditionFailedException;
import software.amazon.awssdk.services.lambda.model.ResourceConflictException;

/**
 * Moves an alias from one version to another. Every write has the revision that was read before. When Lambda refuses
 * it, the alias is read again and the decision is repeated. Repeating the whole work gives the same result.
 */
final class AliasShift {
    private static final Duration POLL = Duration.ofSeconds(10);
    /** After this many revisions by another process, a further retry is not expected to succeed. */
    private static final int ROUNDS = 5;
    /** Number of consecutive failed polls after which a shift counts as not monitored. */
    private static final int BLIND = 6;
    /**
     * How long after its time an interrupted shift may still be completed. Alarms keep a history, so this period was
     * monitored. After a day, changes other than this alias affect the alarms.
     */
    private static final Duration LATE = Duration.ofHours(24);

    private final TargetContext job;
    private final LiveFunction live;
    private final String function;
    private final String alias;
    private final Alarms alarms;
    private final ShiftMark mark;

    AliasShift(TargetContext job, LiveFunction live, WantedFunction wanted, ShiftMark mark) {
        this.job = job;
        this.live = live;
        this.function = wanted.function();
        this.alias = wanted.alias();
        this.alarms = new Alarms(job, AwsSessions.Purpose.DEPLOY, wanted.alarms());
        this.mark = mark;
    }

    /** @param failure why the traffic is not at its target, and where it is; null when it is */
    record Outcome(String version, String failure) {}

    /** The alias when this same work left its shift incomplete; otherwise null. */
    LiveFunction.Alias halfWay(LiveFunction.Alias now) {
        ShiftMark found = now == null ? null : ShiftMark.parse(now.description());
        return found != null && found.isOf(mark) && found.since() != null && !now.isWhole() ? now : null;
    }

    /** Why this same work reverted the shift; null when it did not. */
    String shiftedBack(LiveFunction.Alias now) {
        ShiftMark found = now == null ? null : ShiftMark.parse(now.description());
        return found != null && found.isOf(mark) && now.isWhole() ? found.returned() : null;
    }

    Optional<String> trouble() {
        return alarms.trouble();
    }

    /**
     * All traffic to {@code version}, at once.
     *
     * @param from the version that the alias must have now, as {@link LiveFunction.Alias#shown}; null: any
     */
    Outcome move(String from, String version) throws InterruptedException {
        for (int round = 1; ; round++) {
            LiveFunction.Alias now = live.alias(alias);
            if (now == null) {
                if (create(version)) {
                    return new Outcome(version, null);
                }
            } else if (now.version().equals(version) && (now.isWhole() || isOurs(now))) {
                // Weights next to our own mark come from provisioned concurrency that is being prepared.
                return provisioned(from, version);
            } else if (from != null && !from.equals(now.shown())) {
                return new Outcome(null, changed(now));
            } else if (update(now, version, Map.of(), mark.settled())) {
                return provisioned(from, version);
            }
            giveUpAfter(round);
        }
    }

    private Outcome provisioned(String from, String version) throws InterruptedException {
        String failure = live.awaitProvisioned(alias);
        if (failure == null) {
            return new Outcome(version, null);
        }
        String old = from == null ? version : from.split(",")[0];
        if (old.isEmpty() || old.equals(version)) {
            return new Outcome(null, failure + "; alias " + alias + " is at version " + version);
        }
        return takeBack(old, version, failure);
    }

    /**
     * Shifts a part of the traffic, then all of it when no alarm went into ALARM in that time.
     *
     * @param from the current version of the alias, as {@link LiveFunction.Alias#shown}
     */
    Outcome canary(String from, String version, TrafficShift shift) throws InterruptedException {
        String old = from.split(",")[0];
        for (int round = 1; ; round++) {
            LiveFunction.Alias now = live.alias(alias);
            if (now == null || !from.equals(now.shown())) {
                if (now != null && halfWay(now) != null) {
                    return resume(now, shift);
                }
                return new Outcome(null, now == null ? "alias " + alias + " was deleted" : changed(now));
            }
            Instant since = job.pace().now();
            if (update(now, old, Map.of(version, shift.percent() / 100.0), mark.shifting(since))) {
                job.note("alias " + alias + " of " + function + ": " + shift.percent()
                        + " % of the calls go to version " + version + " for " + shift.minutes() + " min");
                return watch(since, old, version, shift);
            }
            giveUpAfter(round);
        }
    }

    /** Continues an interrupted shift when its time and its alarms allow this; otherwise reverts it. */
    Outcome resume(LiveFunction.Alias halfWay, TrafficShift shift) throws InterruptedException {
        Instant since = ShiftMark.parse(halfWay.description()).since();
        String version = halfWay.weights().keySet().iterator().next();
        Duration late = job.pace().scaled(Duration.ofMinutes(shift.minutes()).plus(LATE));
        job.note("alias " + alias + " of " + function + " is partly shifted to version " + version + " since " + since);
        if (job.pace().now().isAfter(since.plus(late))) {
            return takeBack(
                    halfWay.version(),
                    version,
                    "the shift was not completed within " + LATE.toHours() + " h after its time");
        }
        return watch(since, halfWay.version(), version, shift);
    }

    private Outcome watch(Instant since, String old, String version, TrafficShift shift) throws InterruptedException {
        Duration length = Duration.ofMinutes(shift.minutes());
        Instant end = since.plus(job.pace().scaled(length));
        int blind = 0;
        while (true) {
            // Read before the alarms: an alarm that goes into ALARM until the end still counts.
            boolean over = !job.pace().now().isBefore(end);
            if (job.abortRequested()) {
                return takeBack(old, version, "the promotion was aborted");
            }
            try {
                Optional<String> trouble = alarms.trouble();
                if (trouble.isEmpty() && over) {
                    trouble = alarms.wentOff(since);
                }
                blind = 0;
                if (trouble.isPresent()) {
                    return takeBack(old, version, trouble.get());
                }
                if (over) {
                    return finish(old, version);
                }
            } catch (SdkException e) {
                Failures.passInterruption(e);
                if (!Failures.isPassing(e) || ++blind == BLIND) {
                    return takeBack(
                            old,
                            version,
                            "its alarms could not be watched: " + Failures.of(e).cause());
                }
            }
            job.pace().sleep(over ? Duration.ofSeconds(1) : least(POLL, length));
        }
    }

    private static Duration least(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }

    /** Makes the new version the only one. */
    private Outcome finish(String old, String version) throws InterruptedException {
        for (int round = 1; ; round++) {
            LiveFunction.Alias now = live.alias(alias);
            if (now != null && now.version().equals(version) && now.isWhole()) {
                return new Outcome(version, null);
            }
            if (now == null || halfWay(now) == null || !now.version().equals(old)) {
                return new Outcome(null, now == null ? "alias " + alias + " was deleted" : changed(now));
            }
            if (update(now, version, Map.of(), mark.settled())) {
                return new Outcome(version, null);
            }
            giveUpAfter(round);
        }
    }

    /** Moves all traffic to the old version again, unless another process has moved the alias meanwhile. */
    private Outcome takeBack(String old, String version, String why) throws InterruptedException {
        for (int round = 1; ; round++) {
            LiveFunction.Alias now = live.alias(alias);
            if (now == null || !isOurs(now)) {
                return new Outcome(null, why + "; " + (now == null ? "alias " + alias + " was deleted" : changed(now)));
            }
            boolean back = now.version().equals(old) && now.isWhole();
            if (back || update(now, old, Map.of(), mark.shiftedBack(why))) {
                job.note("alias " + alias + " of " + function + " is back at version " + old + ": " + why);
                return new Outcome(
                        old,
                        why + "; alias " + alias + " is back at version " + old + ", version " + version
                                + " gets no calls");
            }
            giveUpAfter(round);
        }
    }

    /** Whether this same work changed the alias last. */
    boolean isOurs(LiveFunction.Alias now) {
        ShiftMark found = ShiftMark.parse(now.description());
        return found != null && found.isOf(mark);
    }

    private String changed(LiveFunction.Alias now) {
        return "alias " + alias + " of " + function + " was changed by another writer, to version " + now.shown()
                + ", and is left like that";
    }

    private boolean create(String version) {
        try {
            OwnershipProof owned = live.owned();
            var created = live.client()
                    .createAlias(r -> r.overrideConfiguration(owned::allow)
                            .functionName(function)
                            .name(alias)
                            .functionVersion(version)
                            .description(mark.settled().text()));
            job.requests.add("lambda:CreateAlias " + created.responseMetadata().requestId());
            job.note("made alias " + alias + " of " + function + " at version " + version);
            return true;
        } catch (ResourceConflictException e) {
            return false;
        }
    }

    /** @return false when the alias was changed since it was read */
    private boolean update(LiveFunction.Alias read, String version, Map<String, Double> weights, ShiftMark as) {
        try {
            OwnershipProof owned = live.owned();
            var updated = live.client()
                    .updateAlias(r -> r.overrideConfiguration(owned::allow)
                            .functionName(function)
                            .name(alias)
                            .functionVersion(version)
                            // Without this argument the weights would stay: an empty map clears them.
                            .routingConfig(AliasRoutingConfiguration.builder()
                                    .additionalVersionWeights(weights)
                                    .build())
                            .description(as.text())
                            .revisionId(read.revision()));
            job.requests.add("lambda:UpdateAlias " + updated.responseMetadata().requestId());
            if (weights.isEmpty()) {
                job.note("alias " + alias + " of " + function + " is at version " + version);
            }
            return true;
        } catch (PreconditionFailedException | ResourceConflictException e) {
            return false;
        }
    }

    private void giveUpAfter(int round) throws InterruptedException {
        if (round == ROUNDS) {
            throw DeploymentException.errored("alias " + alias + " of " + live.where()
                    + " is changed again and again while it is moved; find out what else moves it");
        }
        job.pace().sleep(Duration.ofSeconds(1));
    }
}
