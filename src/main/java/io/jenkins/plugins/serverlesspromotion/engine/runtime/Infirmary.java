package io.jenkins.plugins.serverlesspromotion.engine.runtime;

import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry;
import io.jenkins.plugins.serverlesspromotion.engine.audit.JournalRecord;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneLimits;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.engine.port.Deployer;
import io.jenkins.plugins.serverlesspromotion.engine.port.Doctor;
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
    private final Doctor doctor;

    public Infirmary(Promotions promotions, Store store, Doctor doctor) {
        this.promotions = promotions;
        this.store = store;
        this.doctor = doctor;
    }

    /**
     * @param resources logical ids, where the choice asks for some
     * @param confirmation the name of the stack, written once more by whoever deletes it; otherwise null
     */
    public record Order(
            String stack, Doctor.Choice choice, List<String> resources, String confirmation, String by, String reason) {
        public Order {
            // One that is named twice is one.
            resources = resources.stream().distinct().toList();
        }
    }

    /**
     * The stacks of the release that was promoted to the lane last.
     *
     * @throws RefusedException when nothing was ever promoted there, or policy does not know the lane
     */
    public List<Doctor.Diagnosis> examine(LaneId lane) throws RefusedException, InterruptedException {
        return shown(lane, doctor.examine(work(lane)));
    }

    /**
     * Carries out an order. Before anything is done it is looked at once more; a stack that is not in that state any more
     * is left alone.
     *
     * @throws RefusedException when the stack does not have that choice, a deletion was not confirmed, or a promotion is
     *     deploying to the lane or another recovery is under way there; all of these are in the journal
     */
    public Doctor.Treatment treat(LaneId lane, Order order) throws IOException, RefusedException, InterruptedException {
        String what =
                order.choice() + " stack " + order.stack() + " of " + lane.service() + " in " + lane.environment();
        Deployer.Work work = work(lane);
        try (var alone = promotions.recovering(lane, order.by(), what)) {
            return treatAlone(lane, order, work, what);
        }
    }

    /** While nothing can start in the lane. */
    private Doctor.Treatment treatAlone(LaneId lane, Order order, Deployer.Work work, String what)
            throws IOException, RefusedException, InterruptedException {
        Promotion deploying = store.promotions(lane).stream()
                .filter(p -> p.state().isRunning())
                .findFirst()
                .orElse(null);
        if (deploying != null) {
            throw refuse(
                    order.by(),
                    what,
                    deploying.id() + " is " + deploying.state() + "; wait until it has ended, or abort it");
        }
        Doctor.Diagnosis diagnosis = shown(lane, doctor.examine(work)).stream()
                .filter(d -> d.stack().equals(order.stack()) || d.key().equals(order.stack()))
                .findFirst()
                .orElse(null);
        String why = LaneLimits.tooLong("reason", order.reason())
                .orElseGet(() -> diagnosis == null
                        ? "no stack " + order.stack() + " belongs to " + lane.service() + " in " + lane.environment()
                        : whyNot(diagnosis, order));
        if (why != null) {
            throw refuse(order.by(), what, why);
        }
        JournalRecord ordered = store.append(entry(lane, diagnosis, order, null));
        Doctor.Treatment made =
                doctor.treat(work, diagnosis, order.choice(), order.resources(), store.id() + "-" + ordered.seq());
        var treatment = new Doctor.Treatment(
                made.state(), made.good(), LaneSecrets.of(store, lane, null).masked(made.detail()), made.requests());
        store.append(entry(lane, diagnosis, order, treatment));
        return treatment;
    }

    /** Reasons that CloudFormation gives can hold values of parameters. */
    private List<Doctor.Diagnosis> shown(LaneId lane, List<Doctor.Diagnosis> found) {
        LaneSecrets secrets = LaneSecrets.of(store, lane, null);
        return found.stream()
                .map(d -> new Doctor.Diagnosis(
                        d.key(), d.stack(), d.arn(), d.state(), d.stuck(), secrets.masked(d.why()), d.options()))
                .toList();
    }

    private static String whyNot(Doctor.Diagnosis diagnosis, Order order) {
        Doctor.Option option = diagnosis.option(order.choice()).orElse(null);
        if (option == null) {
            return "stack " + diagnosis.stack() + " is "
                    + (diagnosis.state() == null ? "not there" : diagnosis.state()) + ", which has no "
                    + order.choice();
        }
        if (order.choice().deletes() && !diagnosis.stack().equals(order.confirmation())) {
            return "deleting stack " + diagnosis.stack() + " needs its name once more as a confirmation";
        }
        boolean some = order.choice().takesResources();
        if (some && (order.resources().isEmpty() || !option.resources().containsAll(order.resources()))) {
            return order.choice() + " needs resources out of " + String.join(", ", option.resources());
        }
        return some || order.resources().isEmpty() ? null : order.choice() + " takes no resources";
    }

    private static Entry.StackTreated entry(
            LaneId lane, Doctor.Diagnosis diagnosis, Order order, Doctor.Treatment treatment) {
        return new Entry.StackTreated(
                lane,
                diagnosis.key(),
                diagnosis.arn(),
                diagnosis.state(),
                order.choice().toString(),
                order.resources(),
                order.by(),
                order.reason(),
                treatment == null ? null : treatment.state(),
                treatment == null ? null : treatment.detail(),
                treatment == null ? List.of() : treatment.requests());
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
