package io.jenkins.plugins.serverlesspromotion.engine.runtime;

import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry;
import io.jenkins.plugins.serverlesspromotion.engine.audit.JournalRecord;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneLimits;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.engine.port.Deployer;
import io.jenkins.plugins.serverlesspromotion.engine.port.Recoverer;
import io.jenkins.plugins.serverlesspromotion.engine.port.Store;
import java.io.IOException;
import java.time.Clock;
import java.util.List;

/**
 * Recovers stuck stacks. The journal records a person's request before anything is done, and the result afterwards. The
 * caller decides who may request a recovery.
 */
public final class Infirmary {
    private final Promotions promotions;
    private final Store store;
    private final Recoverer recoverer;

    public Infirmary(Promotions promotions, Store store, Recoverer recoverer) {
        this.promotions = promotions;
        this.store = store;
        this.recoverer = recoverer;
    }

    /**
     * @param resources logical ids, where the action needs them
     * @param confirmation the name of the stack, typed again by the person who deletes it; otherwise null
     */
    public record RecoveryRequest(
            String stack,
            Recoverer.RecoveryAction choice,
            List<String> resources,
            String confirmation,
            String by,
            String reason) {
        public RecoveryRequest {
            // A resource that is named twice counts once.
            resources = resources.stream().distinct().toList();
        }
    }

    /**
     * The stacks of the release that was promoted to the lane last.
     *
     * @throws RefusedException when nothing was ever promoted there, or policy does not know the lane
     */
    public List<Recoverer.Diagnosis> examine(LaneId lane) throws RefusedException, InterruptedException {
        return shown(lane, recoverer.examine(work(lane)));
    }

    /**
     * Carries out a recovery. The state of the stack is read again first. A stack that is no longer in that state is
     * not changed.
     *
     * @throws RefusedException when the stack does not offer that action, a deletion was not confirmed, a promotion is
     *     deploying to the lane, or another recovery is running there; the journal records all of these
     */
    public Recoverer.RecoveryResult recover(LaneId lane, RecoveryRequest recoveryRequest)
            throws IOException, RefusedException, InterruptedException {
        String what = recoveryRequest.choice() + " stack " + recoveryRequest.stack() + " of " + lane.service() + " in "
                + lane.environment();
        Deployer.Work work = work(lane);
        try (var alone = promotions.recovering(lane, recoveryRequest.by(), what)) {
            return recoverAlone(lane, recoveryRequest, work, what);
        }
    }

    /** Runs while nothing can start in the lane. */
    private Recoverer.RecoveryResult recoverAlone(
            LaneId lane, RecoveryRequest recoveryRequest, Deployer.Work work, String what)
            throws IOException, RefusedException, InterruptedException {
        Promotion deploying = store.promotions(lane).stream()
                .filter(p -> p.state().isRunning())
                .findFirst()
                .orElse(null);
        if (deploying != null) {
            throw refuse(
                    recoveryRequest.by(),
                    what,
                    deploying.id() + " is " + deploying.state() + "; wait until it has ended, or abort it");
        }
        Recoverer.Diagnosis diagnosis = shown(lane, recoverer.examine(work)).stream()
                .filter(d ->
                        d.stack().equals(recoveryRequest.stack()) || d.key().equals(recoveryRequest.stack()))
                .findFirst()
                .orElse(null);
        String why = LaneLimits.tooLong("reason", recoveryRequest.reason())
                .orElseGet(() -> diagnosis == null
                        ? "no stack " + recoveryRequest.stack() + " belongs to " + lane.service() + " in "
                                + lane.environment()
                        : whyNot(diagnosis, recoveryRequest));
        if (why != null) {
            throw refuse(recoveryRequest.by(), what, why);
        }
        JournalRecord ordered = store.append(entry(lane, diagnosis, recoveryRequest, null));
        Recoverer.RecoveryResult made = recoverer.recover(
                work,
                diagnosis,
                recoveryRequest.choice(),
                recoveryRequest.resources(),
                store.id() + "-" + ordered.seq());
        var recoveryResult = new Recoverer.RecoveryResult(
                made.state(), made.good(), LaneSecrets.of(store, lane, null).masked(made.detail()), made.requests());
        store.append(entry(lane, diagnosis, recoveryRequest, recoveryResult));
        return recoveryResult;
    }

    /** Reasons from CloudFormation can contain values of parameters. */
    private List<Recoverer.Diagnosis> shown(LaneId lane, List<Recoverer.Diagnosis> found) {
        LaneSecrets secrets = LaneSecrets.of(store, lane, null);
        return found.stream()
                .map(d -> new Recoverer.Diagnosis(
                        d.key(), d.stack(), d.arn(), d.state(), d.stuck(), secrets.masked(d.why()), d.options()))
                .toList();
    }

    private static String whyNot(Recoverer.Diagnosis diagnosis, RecoveryRequest recoveryRequest) {
        Recoverer.Option option = diagnosis.option(recoveryRequest.choice()).orElse(null);
        if (option == null) {
            return "stack " + diagnosis.stack() + " is "
                    + (diagnosis.state() == null ? "not there" : diagnosis.state()) + ", which has no "
                    + recoveryRequest.choice();
        }
        if (recoveryRequest.choice().deletes() && !diagnosis.stack().equals(recoveryRequest.confirmation())) {
            return "deleting stack " + diagnosis.stack() + " needs its name once more as a confirmation";
        }
        boolean some = recoveryRequest.choice().takesResources();
        if (some
                && (recoveryRequest.resources().isEmpty()
                        || !option.resources().containsAll(recoveryRequest.resources()))) {
            return recoveryRequest.choice() + " needs resources out of " + String.join(", ", option.resources());
        }
        return some || recoveryRequest.resources().isEmpty() ? null : recoveryRequest.choice() + " takes no resources";
    }

    private static Entry.StackRecovered entry(
            LaneId lane,
            Recoverer.Diagnosis diagnosis,
            RecoveryRequest recoveryRequest,
            Recoverer.RecoveryResult recoveryResult) {
        return new Entry.StackRecovered(
                lane,
                diagnosis.key(),
                diagnosis.arn(),
                diagnosis.state(),
                recoveryRequest.choice().toString(),
                recoveryRequest.resources(),
                recoveryRequest.by(),
                recoveryRequest.reason(),
                recoveryResult == null ? null : recoveryResult.state(),
                recoveryResult == null ? null : recoveryResult.detail(),
                recoveryResult == null ? List.of() : recoveryResult.requests());
    }

    private RefusedException refuse(String who, String what, String why) throws IOException {
        return promotions.refuse(who, what, why);
    }

    private Deployer.Work work(LaneId lane) throws RefusedException {
        Promotion newest = store.promotions(lane).stream()
                .findFirst()
                .orElseThrow(() -> new RefusedException(
                        "nothing of " + lane.service() + " was ever promoted to " + lane.environment()));
        try {
            return new WorkBuilder(store, lane, new OwnerRecords(store, Clock.systemUTC()).of(lane))
                    .build(newest.id(), newest.release());
        } catch (WorkBuilder.CannotWork e) {
            throw new RefusedException(e.getMessage());
        }
    }
}
