package io.jenkins.plugins.serverlesspromotion.controller.releases.decision;

import io.jenkins.plugins.serverlesspromotion.controller.PromotionPermissions;
import io.jenkins.plugins.serverlesspromotion.engine.lane.GateContext.Pause;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.lane.PauseScope;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.engine.lane.PromotionDecisions;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Person;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.engine.release.Names;
import io.jenkins.plugins.serverlesspromotion.engine.release.Published;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * All decisions of people about releases, with the permissions that they need. Page, REST and commands of {@code
 * jenkins-cli} use this class, so that no check is forgotten. Each method checks the permission, identifies the person,
 * and then calls the engine, which decides and records.
 */
@Restricted(NoExternalUse.class)
public final class Decisions {
    private Decisions() {}

    /** @param planDigest of the plan that was reviewed */
    public static void approve(String id, String planDigest, String comment) throws DecisionException {
        Authorization.check("approve " + id, id, null, PromotionPermissions.APPROVE);
        Promotion promotion = ReleaseLookup.promotion(id);
        Person person = Authorization.deciding("approve " + promotion.id(), promotion.id());
        String cleaned = Authorization.text("comment", comment);
        if (planDigest == null || planDigest.isBlank()) {
            throw Authorization.wrong("name the plan you reviewed: planDigest is missing");
        }
        Authorization.act(promotions -> promotions.approve(promotion.id(), person, planDigest.strip(), cleaned));
    }

    /**
     * Withdraws the user's approval. It also accepts people who are not identified surely enough to approve: a
     * withdrawal deploys nothing.
     */
    public static void withdraw(String id, String reason) throws DecisionException {
        Authorization.check("withdraw the approval of " + id, id, null, PromotionPermissions.APPROVE);
        Promotion promotion = ReleaseLookup.promotion(id);
        Person person = Authorization.asking("withdraw the approval of " + promotion.id(), promotion.id());
        String cleaned = Authorization.needed("reason", reason);
        Authorization.act(promotions -> promotions.withdrawApproval(promotion.id(), person, cleaned));
    }

    public static void reject(String id, String reason) throws DecisionException {
        Authorization.check("reject " + id, id, null, PromotionPermissions.APPROVE);
        Promotion promotion = ReleaseLookup.promotion(id);
        Person person = Authorization.deciding("reject " + promotion.id(), promotion.id());
        String cleaned = Authorization.needed("reason", reason);
        Authorization.act(promotions -> promotions.reject(promotion.id(), person, cleaned));
    }

    public static void abort(String id, String reason) throws DecisionException {
        Authorization.check("abort " + id, id, serviceOf(id), PromotionPermissions.PROMOTE);
        Promotion promotion = ReleaseLookup.promotion(id);
        Person person = Authorization.asking("abort " + promotion.id(), promotion.id());
        String cleaned = Authorization.text("reason", reason);
        Authorization.act(promotions -> promotions.abort(promotion.id(), "user:" + person.id(), cleaned));
    }

    public static void replan(String id) throws DecisionException {
        Authorization.check("plan " + id + " again", id, serviceOf(id), PromotionPermissions.PROMOTE);
        Promotion promotion = ReleaseLookup.promotion(id);
        Person person = Authorization.asking("plan " + promotion.id() + " again", promotion.id());
        Authorization.act(promotions -> promotions.replan(promotion.id(), person));
    }

    /**
     * Requests a promotion of a release into an environment. A second request for the same one joins the first.
     *
     * @param release id: {@code orders@1.4.2}
     * @return id of the promotion
     */
    public static String request(String release, String environment, String reason, String ticket)
            throws DecisionException {
        String service =
                release == null || release.indexOf('@') < 0 ? null : release.substring(0, release.indexOf('@'));
        Authorization.check("promote " + release + " to " + environment, service, PromotionPermissions.PROMOTE);
        Published published = ReleaseLookup.release(release);
        LaneId lane = ReleaseLookup.lane(published.ref().service(), environment);
        Person person = Authorization.asking("promote " + published.ref().id() + " to " + environment);
        var request = new PromotionDecisions.Request(
                "user:" + person.id(),
                Set.of(person.id()),
                Instant.now(),
                Authorization.text("reason", reason),
                Authorization.ticket(ticket),
                null);
        return Authorization.answer(promotions -> promotions.request(lane, published.ref(), request));
    }

    /**
     * Requests a rollback to an earlier good release.
     *
     * @param version null: the last good one
     * @return id of the promotion
     */
    public static String rollback(String service, String environment, String version, String reason, String ticket)
            throws DecisionException {
        Authorization.check("roll back " + service + " in " + environment, service, PromotionPermissions.PROMOTE);
        LaneId lane = ReleaseLookup.lane(service, environment);
        Person person = Authorization.asking("roll back " + lane);
        String to = Authorization.text("version", version);
        if (to != null && !Names.isVersion(to)) {
            throw Authorization.wrong("'" + to + "' is not a version");
        }
        var request = new PromotionDecisions.Request(
                "user:" + person.id(),
                Set.of(person.id()),
                Instant.now(),
                Authorization.needed("reason", reason),
                Authorization.ticket(ticket),
                null);
        return Authorization.answer(promotions -> promotions.rollback(lane, to, request));
    }

    /** @param scope as {@link Pause} has it: {@code everything}, {@code environment prod}, {@code service orders} */
    public static void pause(String scope, String reason) throws DecisionException {
        Authorization.check("pause " + scope, null, PromotionPermissions.PROMOTE);
        String known = scope(scope);
        Person person = Authorization.asking("pause " + known);
        String cleaned = Authorization.needed("reason", reason);
        Authorization.act(promotions -> promotions.pause(known, "user:" + person.id(), cleaned));
    }

    public static void resume(String scope, String reason) throws DecisionException {
        // A user who may only promote must not resume what an invalid configuration pauses.
        boolean configuration = Optional.ofNullable(scope)
                .flatMap(text -> PauseScope.of(text.strip()))
                .filter(s -> s.kind() == PauseScope.Kind.CONFIGURATION)
                .isPresent();
        Authorization.check(
                "resume " + scope, null, configuration ? PromotionPermissions.CONFIGURE : PromotionPermissions.PROMOTE);
        ReleaseLookup.reading();
        if (scope == null || scope.isBlank()) {
            throw Authorization.wrong("name what to resume: everything, an environment or a service");
        }
        Person person = Authorization.asking("resume " + scope);
        String cleaned = Authorization.needed("reason", reason);
        Authorization.act(promotions -> promotions.resume(scope.strip(), "user:" + person.id(), cleaned));
    }

    /** What is paused now; for a person who may pause anything. */
    public static List<Pause> paused() throws DecisionException {
        return ReleaseLookup.reading().pauses();
    }

    public static void releaseHold(String service, String environment, String reason) throws DecisionException {
        Authorization.check(
                "release the hold on " + service + " in " + environment, null, PromotionPermissions.PROMOTE);
        LaneId lane = ReleaseLookup.lane(service, environment);
        Person person = Authorization.asking("release the hold on " + lane);
        String cleaned = Authorization.needed("reason", reason);
        Authorization.act(promotions -> promotions.releaseHold(lane, person, cleaned));
    }

    /** Null when it is no id: then it is unknown, and only a user with the permission everywhere sees that. */
    private static String serviceOf(String id) {
        try {
            return LaneId.ofPromotion(id).service();
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** A pause with a misspelt name would pause nothing, and no one would notice. */
    private static String scope(String scope) throws DecisionException {
        Policy policy = Authorization.policy(ReleaseLookup.reading());
        String wanted = scope == null ? "" : scope.strip();
        boolean known = PauseScope.of(wanted)
                .filter(s -> switch (s.kind()) {
                    case EVERYTHING -> true;
                    case CONFIGURATION -> false; // only a policy that is not valid pauses it
                    case ENVIRONMENT -> policy != null && policy.environments().containsKey(s.name());
                    case SERVICE -> policy != null && policy.services().containsKey(s.name());
                })
                .isPresent();
        if (!known) {
            throw Authorization.wrong(
                    "'" + wanted + "' cannot be paused; name everything, 'environment NAME' or 'service NAME'"
                            + " with a name that policy knows");
        }
        return wanted;
    }
}
