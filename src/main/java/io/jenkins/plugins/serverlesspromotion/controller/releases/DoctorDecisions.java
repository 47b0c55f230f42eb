package io.jenkins.plugins.serverlesspromotion.controller.releases;

import io.jenkins.plugins.serverlesspromotion.controller.PromotionEngine;
import io.jenkins.plugins.serverlesspromotion.controller.PromotionPermissions;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Person;
import io.jenkins.plugins.serverlesspromotion.engine.port.Doctor;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.Infirmary;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.RefusedException;
import io.jenkins.plugins.serverlesspromotion.format.DoctorDocument;
import io.jenkins.plugins.serverlesspromotion.format.Members;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Stuck stacks: the same checks for page, REST and command. Looking is for those who may promote the service. Treating
 * writes to an account without plan and approval, so it is for those who may promote everywhere, and deleting needs
 * {@link PromotionPermissions#OVERRIDE} as well.
 */
@Restricted(NoExternalUse.class)
public final class DoctorDecisions {
    /** More than a treatment takes. */
    private static final Duration LONGEST = Duration.ofMinutes(70);

    private DoctorDecisions() {}

    /** The stacks of a lane as they are now. */
    public static List<Doctor.Diagnosis> examine(String service, String environment) throws DecisionException {
        String what = "look at the stacks of " + service + " in " + environment;
        Access.check(what, service, PromotionPermissions.PROMOTE);
        LaneId lane = Lookup.lane(service, environment);
        Access.asking(what);
        try {
            return infirmary().examine(lane);
        } catch (RefusedException e) {
            throw new DecisionException(DecisionException.Kind.REFUSED, e.getMessage(), e);
        } catch (Doctor.CannotLook e) {
            throw new DecisionException(DecisionException.Kind.UNAVAILABLE, e.getMessage(), e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /**
     * What a person orders, as it was typed.
     *
     * @param choice word of a {@link Doctor.Choice}
     * @param resources logical ids, where the choice takes some
     * @param confirmation the stack's name once more, where it is deleted; may be null
     */
    public record Wish(String stack, String choice, List<String> resources, String confirmation, String reason) {
        public Wish {
            resources = List.copyOf(resources);
        }
    }

    /** Whether whoever looks may order it; for showing, never for deciding. */
    static boolean may(Doctor.Choice choice) {
        return Jenkins.get().hasPermission(PromotionPermissions.PROMOTE)
                && (!choice.deletes() || Jenkins.get().hasPermission(PromotionPermissions.OVERRIDE));
    }

    /** Orders it and waits for the end, which may take an hour. */
    public static Doctor.Treatment treat(String service, String environment, Wish wish) throws DecisionException {
        return treat(service, environment, wish, LONGEST);
    }

    /**
     * @param patience the end is waited for so long; the order is carried out without anybody waiting
     * @return null when it is still being carried out
     */
    static Doctor.Treatment treat(String service, String environment, Wish wish, Duration patience)
            throws DecisionException {
        String what = wish.choice() + " stack " + wish.stack() + " of " + service + " in " + environment;
        Access.check(what, null, PromotionPermissions.PROMOTE);
        LaneId lane = Lookup.lane(service, environment);
        Doctor.Choice choice = Doctor.Choice.of(
                        wish.choice() == null ? "" : wish.choice().strip())
                .orElseThrow(() ->
                        Access.wrong("'" + wish.choice() + "' is no choice; it is one of " + Doctor.Choice.words()));
        Person person;
        if (choice.deletes()) {
            Access.check(what, null, PromotionPermissions.OVERRIDE);
            person = Access.deciding(what);
        } else {
            person = Access.asking(what);
        }
        var order = new Infirmary.Order(
                Access.needed("stack", wish.stack()),
                choice,
                wish.resources(),
                Access.text("confirmation", wish.confirmation()),
                "user:" + person.id(),
                Access.needed("reason", wish.reason()));
        return await(lane, order, patience);
    }

    private static Doctor.Treatment await(LaneId lane, Infirmary.Order order, Duration patience)
            throws DecisionException {
        try {
            CompletableFuture<Doctor.Treatment> answer = Treatments.get().carryOut(infirmary(), lane, order);
            return answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RefusedException e) {
            throw new DecisionException(DecisionException.Kind.REFUSED, e.getMessage(), e);
        } catch (TimeoutException e) {
            return null;
        } catch (InterruptedException e) {
            throw interrupted(e);
        } catch (ExecutionException e) {
            throw new DecisionException(
                    e.getCause() instanceof RefusedException
                            ? DecisionException.Kind.REFUSED
                            : DecisionException.Kind.UNAVAILABLE,
                    e.getCause().getMessage(),
                    e);
        }
    }

    private static DecisionException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new DecisionException(DecisionException.Kind.UNAVAILABLE, "Jenkins is shutting down", e);
    }

    private static Infirmary infirmary() throws DecisionException {
        Doctor doctor = PromotionEngine.get().doctor().orElseThrow(Access::unavailable);
        return new Infirmary(
                PromotionEngine.get().promotions().orElseThrow(Access::unavailable), Access.store(), doctor);
    }

    /** The last order of a lane since Jenkins was started, for REST; without members when there is none. */
    static Members last(String service, String environment) throws DecisionException {
        LaneId lane = Lookup.lane(service, environment);
        return Treatments.get().last(lane).map(DoctorDecisions::document).orElseGet(Members::new);
    }

    private static Members document(Treatments.Treated t) {
        Members document = t.treatment() == null
                ? new Members()
                        .with("stack", t.order().stack())
                        .with("choice", t.order().choice().word())
                : DoctorDocument.of(t.order(), t.treatment());
        return document.with("by", t.order().by())
                .with("reason", t.order().reason())
                .with("since", t.since())
                .with("underWay", t.isUnderWay())
                .with("failure", t.failure());
    }
}
