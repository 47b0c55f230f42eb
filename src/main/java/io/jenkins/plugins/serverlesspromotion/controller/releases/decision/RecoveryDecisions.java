package io.jenkins.plugins.serverlesspromotion.controller.releases.decision;

import io.jenkins.plugins.serverlesspromotion.controller.EngineLifecycle;
import io.jenkins.plugins.serverlesspromotion.controller.PromotionPermissions;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Person;
import io.jenkins.plugins.serverlesspromotion.engine.port.Recoverer;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.Infirmary;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.RefusedException;
import io.jenkins.plugins.serverlesspromotion.format.json.JsonObject;
import io.jenkins.plugins.serverlesspromotion.view.RecoveryDocument;
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
 * Recovers stuck stacks: the same permission checks for page, REST and command. Viewing needs the permission to promote
 * the service. A recovery action writes to an account without plan and approval, so it needs the permission to promote
 * everywhere. A deletion also needs {@link PromotionPermissions#OVERRIDE}.
 */
@Restricted(NoExternalUse.class)
public final class RecoveryDecisions {
    /** How long the response to a click waits for a long action. */
    public static final Duration CLICK = Duration.ofSeconds(10);

    /** Longer than a recovery action takes. */
    private static final Duration LONGEST = Duration.ofMinutes(70);

    private RecoveryDecisions() {}

    /** The stacks of a lane as they are now. */
    public static List<Recoverer.Diagnosis> examine(String service, String environment) throws DecisionException {
        String what = "view the stacks of " + service + " in " + environment;
        Authorization.check(what, service, PromotionPermissions.PROMOTE);
        LaneId lane = ReleaseLookup.lane(service, environment);
        Authorization.asking(what);
        try {
            return recovery().examine(lane);
        } catch (RefusedException e) {
            throw new DecisionException(DecisionException.Kind.REFUSED, e.getMessage(), e);
        } catch (Recoverer.CannotLook e) {
            throw new DecisionException(DecisionException.Kind.UNAVAILABLE, e.getMessage(), e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /**
     * A person's request for a recovery action, as typed.
     *
     * @param choice word of a {@link Recoverer.RecoveryAction}
     * @param resources logical ids, where the action needs them
     * @param confirmation the stack's name once more, where it is deleted; may be null
     */
    public record RecoveryForm(
            String stack, String choice, List<String> resources, String confirmation, String reason) {
        public RecoveryForm {
            resources = List.copyOf(resources);
        }
    }

    /** Whether the viewer may request it. Only for display, never for authorization. */
    public static boolean may(Recoverer.RecoveryAction recoveryAction) {
        return Jenkins.get().hasPermission(PromotionPermissions.PROMOTE)
                && (!recoveryAction.deletes() || Jenkins.get().hasPermission(PromotionPermissions.OVERRIDE));
    }

    /** Requests it and waits for the end, which may take an hour. */
    public static Recoverer.RecoveryResult recover(String service, String environment, RecoveryForm recoveryForm)
            throws DecisionException {
        return recover(service, environment, recoveryForm, LONGEST);
    }

    /**
     * @param patience how long to wait for the end; the action continues after that
     * @return null when it is still being carried out
     */
    public static Recoverer.RecoveryResult recover(
            String service, String environment, RecoveryForm recoveryForm, Duration patience) throws DecisionException {
        String what =
                recoveryForm.choice() + " stack " + recoveryForm.stack() + " of " + service + " in " + environment;
        Authorization.check(what, null, PromotionPermissions.PROMOTE);
        LaneId lane = ReleaseLookup.lane(service, environment);
        Recoverer.RecoveryAction recoveryAction = Recoverer.RecoveryAction.of(
                        recoveryForm.choice() == null
                                ? ""
                                : recoveryForm.choice().strip())
                .orElseThrow(() -> Authorization.wrong("'" + recoveryForm.choice() + "' is no choice; it is one of "
                        + Recoverer.RecoveryAction.words()));
        Person person;
        if (recoveryAction.deletes()) {
            Authorization.check(what, null, PromotionPermissions.OVERRIDE);
            person = Authorization.deciding(what);
        } else {
            person = Authorization.asking(what);
        }
        var recoveryRequest = new Infirmary.RecoveryRequest(
                Authorization.needed("stack", recoveryForm.stack()),
                recoveryAction,
                recoveryForm.resources(),
                Authorization.text("confirmation", recoveryForm.confirmation()),
                "user:" + person.id(),
                Authorization.needed("reason", recoveryForm.reason()));
        return await(lane, recoveryRequest, patience);
    }

    private static Recoverer.RecoveryResult await(
            LaneId lane, Infirmary.RecoveryRequest recoveryRequest, Duration patience) throws DecisionException {
        try {
            CompletableFuture<Recoverer.RecoveryResult> answer =
                    RecoveryRuns.get().carryOut(recovery(), lane, recoveryRequest);
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

    private static Infirmary recovery() throws DecisionException {
        Recoverer recoverer = EngineLifecycle.get().recoverer().orElseThrow(Authorization::unavailable);
        return new Infirmary(
                EngineLifecycle.get().promotions().orElseThrow(Authorization::unavailable),
                Authorization.store(),
                recoverer);
    }

    /** The last recovery of a lane since Jenkins was started, for REST; without members when there is none. */
    public static JsonObject last(String service, String environment) throws DecisionException {
        LaneId lane = ReleaseLookup.lane(service, environment);
        return RecoveryRuns.get().last(lane).map(RecoveryDecisions::document).orElseGet(JsonObject::new);
    }

    private static JsonObject document(RecoveryRuns.RecoveryRun t) {
        JsonObject document = t.treatment() == null
                ? new JsonObject()
                        .with("stack", t.order().stack())
                        .with("choice", t.order().choice().word())
                : RecoveryDocument.of(t.order(), t.treatment());
        return document.with("by", t.order().by())
                .with("reason", t.order().reason())
                .with("since", t.since())
                .with("underWay", t.isUnderWay())
                .with("failure", t.failure());
    }
}
