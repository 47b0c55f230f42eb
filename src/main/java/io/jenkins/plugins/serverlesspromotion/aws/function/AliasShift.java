package io.jenkins.plugins.serverlesspromotion.aws.function;

import io.jenkins.plugins.serverlesspromotion.aws.DeploymentException;
import io.jenkins.plugins.serverlesspromotion.aws.call.Failures;
import io.jenkins.plugins.serverlesspromotion.aws.check.Alarms;
import io.jenkins.plugins.serverlesspromotion.aws.context.TargetContext;
import io.jenkins.plugins.serverlesspromotion.aws.session.AwsSessions;
import io.jenkins.plugins.serverlesspromotion.aws.session.OwnershipProof;
import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.lambda.model.AliasRoutingConfiguration;
import software.amazon.awssdk.services.lambda.model.PreconditionFailedException;
import software.amazon.awssdk.services.lambda.model.ResourceConflictException;

/**
 * Moves an alias from one version to another. Every write carries the revision that was read before; when that is
 * refused, the alias is looked at again and it is decided anew. Doing all of it again comes to the same end.
 */
final class AliasShift {
    private static final Duration POLL = Duration.ofSeconds(10);
    /** Revisions that change under our hands this often are changed by something that does not stop. */
    private static final int ROUNDS = 5;
    /** Polls in a row that may go wrong before a shift counts as not watched. */
    private static final int BLIND = 6;
    /**
     * How long after its time a shift is still brought to its end by whoever finds it half way. Alarms keep a history,
     * so that the time until then was watched; after a day other things have changed than this alias.
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

    /** @param failure why the traffic is not where it was to be, with where it is instead; null when it is */
    record Outcome(String version, String failure) {}

    /** The alias when this very work left it half way; otherwise null. */
    LiveFunction.Alias halfWay(LiveFunction.Alias now) {
        ShiftMark found = now == null ? null : ShiftMark.parse(now.description());
        return found != null && found.isOf(mark) && found.since() != null && !now.isWhole() ? now : null;
    }

    /** Why this very work took the shift back; null when it did not. */
    String takenBack(LiveFunction.Alias now) {
        ShiftMark found = now == null ? null : ShiftMark.parse(now.description());
        return found != null && found.isOf(mark) && now.isWhole() ? found.returned() : null;
    }

    Optional<String> trouble() {
        return alarms.trouble();
    }

    /**
     * All traffic to {@code version}, at once.
     *
     * @param from what the alias may be at now, as {@link LiveFunction.Alias#shown}; null: anything
     */
    Outcome move(String from, String version) throws InterruptedException {
        for (int round = 1; ; round++) {
            LiveFunction.Alias now = live.alias(alias);
            if (now == null) {
                if (create(version)) {
                    return new Outcome(version, null);
                }
            } else if (now.version().equals(version) && (now.isWhole() || isOurs(now))) {
                // Weights beside our own mark are those of provisioned concurrency that gets ready.
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
     * A part of the traffic, then all of it when nothing went off in time.
     *
     * @param from what the alias is at now, as {@link LiveFunction.Alias#shown}
     */
    Outcome canary(String from, String version, Manifest.Shift shift) throws InterruptedException {
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

    /** Goes on with a shift that was left half way, when its time and its alarms allow; otherwise takes it back. */
    Outcome resume(LiveFunction.Alias halfWay, Manifest.Shift shift) throws InterruptedException {
        Instant since = ShiftMark.parse(halfWay.description()).since();
        String version = halfWay.weights().keySet().iterator().next();
        Duration late = job.pace().scaled(Duration.ofMinutes(shift.minutes()).plus(LATE));
        job.note("alias " + alias + " of " + function + " is half way to version " + version + " since " + since);
        if (job.pace().now().isAfter(since.plus(late))) {
            return takeBack(
                    halfWay.version(),
                    version,
                    "nobody brought the shift to its end within " + LATE.toHours() + " h after its time");
        }
        return watch(since, halfWay.version(), version, shift);
    }

    private Outcome watch(Instant since, String old, String version, Manifest.Shift shift) throws InterruptedException {
        Duration length = Duration.ofMinutes(shift.minutes());
        Instant end = since.plus(job.pace().scaled(length));
        int blind = 0;
        while (true) {
            // Looked at before the alarms: an alarm that goes off until the end still counts.
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

    /** The new version becomes the only one. */
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

    /** All traffic to the old version again, unless somebody else has moved the alias meanwhile. */
    private Outcome takeBack(String old, String version, String why) throws InterruptedException {
        for (int round = 1; ; round++) {
            LiveFunction.Alias now = live.alias(alias);
            if (now == null || !isOurs(now)) {
                return new Outcome(null, why + "; " + (now == null ? "alias " + alias + " was deleted" : changed(now)));
            }
            boolean back = now.version().equals(old) && now.isWhole();
            if (back || update(now, old, Map.of(), mark.takenBack(why))) {
                job.note("alias " + alias + " of " + function + " is back at version " + old + ": " + why);
                return new Outcome(
                        old,
                        why + "; alias " + alias + " is back at version " + old + ", version " + version
                                + " gets no calls");
            }
            giveUpAfter(round);
        }
    }

    /** Whether this very work changed the alias last. */
    boolean isOurs(LiveFunction.Alias now) {
        ShiftMark found = ShiftMark.parse(now.description());
        return found != null && found.isOf(mark);
    }

    private String changed(LiveFunction.Alias now) {
        return "alias " + alias + " of " + function + " was changed by somebody else, to version " + now.shown()
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
                            // Left out it would stay as it is: an empty one is what clears the weights.
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
