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
 * Stuck stacks: what a person orders is written to the journal before anything is done, and what came of it after. Who
 * may order it is decided by the surface before it calls.
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
     * @param resources logical ids, where the choice asks for some
     * @param confirmation the name of the stack, written once more by whoever deletes it; otherwise null
     */
    public record RecoveryRequest(
            String stack,
            Recoverer.RecoveryAction choice,
            List<String> resources,
            String confirmation,
            String by,
            String reason) {
        public RecoveryRequest {
            // One that is named twice is one.
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
     * Carries out an order. Before anything is done it is looked at once more; a stack that is not in that state any more
     * is left alone.
     *
     * @throws RefusedException when the stack does not have that choice, a deletion was not confirmed, or a promotion is
     *     deploying to the lane or another recovery is under way there; all of these are in the journal
     */
    public Recoverer.RecoveryResult treat(LaneId lane, RecoveryRequest recoveryRequest)
            throws IOException, RefusedException, InterruptedException {
        String what = recoveryRequest.choice() + " stack " + recoveryRequest.stack() + " of " + lane.service() + " in "
                + lane.environment();
        Deployer.Work work = work(lane);
        try (var alone = promotions.recovering(lane, recoveryRequest.by(), what)) {
            return treatAlone(lane, recoveryRequest, work, what);
        }
    }

    /** While nothing can start in the lane. */
    private Recoverer.RecoveryResult treatAlone(
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
        Recoverer.RecoveryResult made = recoverer.treat(
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

    /** Reasons that CloudFormation gives can hold values of parameters. */
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

    private static Entry.StackTreated entry(
            LaneId lane,
            Recoverer.Diagnosis diagnosis,
            RecoveryRequest recoveryRequest,
            Recoverer.RecoveryResult recoveryResult) {
        return new Entry.StackTreated(
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
