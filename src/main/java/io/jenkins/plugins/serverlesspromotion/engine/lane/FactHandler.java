package io.jenkins.plugins.serverlesspromotion.engine.lane;

import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneBuilder.PromotionDraft;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion.Kind;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion.State;
import io.jenkins.plugins.serverlesspromotion.engine.lane.PromotionDecisions.Request;
import io.jenkins.plugins.serverlesspromotion.engine.release.ReleaseRef;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Takes a fact into a lane. A fact that is not allowed is refused with a sentence for its sender, and the events record
 * this. A late result (its attempt is over) is ignored.
 */
final class FactHandler {
    private final LaneBuilder lane;
    private final GateContext around;
    private final DecisionHandler people;
    private final StatementHandler statements;
    private final ResultHandler results;

    FactHandler(LaneBuilder lane, GateContext around) {
        this.lane = lane;
        this.around = around;
        this.people = new DecisionHandler(lane, around);
        this.statements = new StatementHandler(lane, around);
        this.results = new ResultHandler(lane, around);
    }

    /** @return why the fact was refused, null when it was accepted */
    String take(Fact fact) {
        if (fact instanceof Fact.Requested f) {
            return requested(f);
        } else if (fact instanceof Fact.RollbackRequested f) {
            return rollback(f);
        } else if (fact instanceof Fact.Planned f) {
            results.planned(f);
        } else if (fact instanceof Fact.PlanningEnded f) {
            results.planningEnded(f);
        } else if (fact instanceof Fact.ReplanRequested f) {
            return replan(f);
        } else if (fact instanceof Fact.Approved f) {
            return people.approved(f);
        } else if (fact instanceof Fact.ApprovalWithdrawn f) {
            return people.withdrawn(f);
        } else if (fact instanceof Fact.Rejected f) {
            return people.rejected(f);
        } else if (fact instanceof Fact.Overridden f) {
            return people.overridden(f);
        } else if (fact instanceof Fact.RequestersStated f) {
            return statements.stated(f);
        } else if (fact instanceof Fact.AuthorsAttested f) {
            return statements.attested(f);
        } else if (fact instanceof Fact.Reviewed f) {
            return people.reviewed(f);
        } else if (fact instanceof Fact.AbortRequested f) {
            return abort(f);
        } else if (fact instanceof Fact.Withdrawn f) {
            return withdrawn(f);
        } else if (fact instanceof Fact.MembershipRead f) {
            people.membership(f);
        } else if (fact instanceof Fact.StepEnded f) {
            results.stepEnded(f);
        } else if (fact instanceof Fact.Verified f) {
            results.verified(f);
        } else if (fact instanceof Fact.Undone f) {
            results.undone(f);
        } else if (fact instanceof Fact.HoldReleased f) {
            return holdReleased(f);
        } else if (fact instanceof Fact.OwnersRecorded f) {
            results.ownersRecorded(f);
        }
        return null;
    }

    private String requested(Fact.Requested fact) {
        ReleaseRef release = fact.release();
        if (!release.service().equals(lane.id.service())) {
            return lane.refuse(
                    null, fact.request().by(), "promotion", release.id() + " is not a release of " + lane.id.service());
        }
        Optional<String> ticket = Tickets.problem(fact.request());
        if (ticket.isPresent()) {
            return lane.refuse(null, fact.request().by(), "promotion", ticket.get());
        }
        Optional<PromotionDraft> same = lane.promotions.stream()
                .filter(p -> !p.isOver())
                .filter(p -> p.kind() == Kind.FORWARD && p.release().digest().equals(release.digest()))
                .findFirst();
        if (same.isPresent()) {
            return join(same.get(), fact.request());
        }
        Optional<String> full = LimitCheck.tooManyOpen(lane, Kind.FORWARD, fact.request())
                .or(() -> LimitCheck.tooMuchOwned(lane, around));
        if (full.isPresent()) {
            return lane.refuse(null, fact.request().by(), "promotion", full.get());
        }
        PromotionDraft added = lane.add(Kind.FORWARD, release, fact.request());
        lane.say(
                Event.Type.REQUESTED,
                added,
                fact.request().by(),
                "requested " + release.id() + " in " + lane.id.environment());
        supersede(added);
        return null;
    }

    /**
     * Adds the request to those of the promotion. A second request of the same person or build replaces the first, but
     * no person is dropped.
     */
    private String join(PromotionDraft promotion, Request request) {
        Optional<Request> first = promotion.requests().stream()
                .filter(r -> r.isRepeatedBy(request))
                .findFirst();
        if (first.isEmpty() && promotion.requests().size() >= LaneLimits.REQUESTS) {
            return lane.refuse(
                    promotion,
                    request.by(),
                    promotion.kind() == Kind.FORWARD ? "promotion" : "rollback",
                    LaneLimits.REQUESTS + " requests for it are recorded, which is the limit; it needs no further one");
        }
        Request now = first.map(r -> r.repeated(request)).orElse(request.bounded());
        if (first.isPresent() && isSame(first.get(), now)) {
            return null;
        }
        var requests = new ArrayList<>(promotion.requests());
        first.ifPresent(requests::remove);
        requests.add(now);
        promotion.decisions(d -> d.withRequests(requests));
        lane.say(Event.Type.JOINED, promotion, request.by(), "requested the same promotion");
        return null;
    }

    /** Whether a repeated request changes nothing that affects a decision. A new reason alone does not. */
    private static boolean isSame(Request first, Request now) {
        return first.people().equals(now.people())
                && Objects.equals(first.ticket(), now.ticket())
                && first.isUnknown() == now.isUnknown()
                && Objects.equals(first.stated(), now.stated())
                && first.withdrawn() == null;
    }

    private void supersede(PromotionDraft newer) {
        if (around.rules() == null || !around.rules().environment().supersede()) {
            return;
        }
        for (PromotionDraft older : lane.promotions) {
            boolean waiting = !older.isOver() && !older.isRunning() && older.kind() == Kind.FORWARD;
            boolean approved = older.decisions().approvals().stream().anyMatch(a -> a.voided() == null);
            if (waiting
                    && !approved
                    && older.release().number() < newer.release().number()) {
                lane.move(older, State.SUPERSEDED, newer.release().version() + " was requested");
            }
        }
    }

    private String rollback(Fact.RollbackRequested fact) {
        String by = fact.request().by();
        Optional<String> ticket = Tickets.problem(fact.request());
        if (ticket.isPresent()) {
            return lane.refuse(null, by, "rollback", ticket.get());
        }
        List<Lane.Live> good = lane.good;
        if (good.isEmpty()) {
            return lane.refuse(
                    null,
                    by,
                    "rollback",
                    "there is no earlier good release of " + lane.id.service() + " in " + lane.id.environment()
                            + " to return to");
        }
        Optional<ReleaseRef> to = fact.version() == null
                ? Optional.of(good.get(good.size() - 1).release())
                : good.stream()
                        .map(Lane.Live::release)
                        .filter(r -> r.version().equals(fact.version()))
                        .findFirst();
        if (to.isEmpty()) {
            String known =
                    good.stream().map(l -> l.release().version()).distinct().collect(Collectors.joining(", "));
            return lane.refuse(
                    null,
                    by,
                    "rollback",
                    fact.version() + " is none of the releases that can be returned to: " + known);
        }
        Optional<PromotionDraft> same = lane.promotions.stream()
                .filter(p -> !p.isOver())
                .filter(p -> p.kind() == Kind.ROLLBACK && p.release().equals(to.get()))
                .findFirst();
        if (same.isPresent()) {
            return join(same.get(), fact.request());
        }
        Optional<String> full = LimitCheck.tooManyOpen(lane, Kind.ROLLBACK, fact.request());
        if (full.isPresent()) {
            return lane.refuse(null, by, "rollback", full.get());
        }
        PromotionDraft added = lane.add(Kind.ROLLBACK, to.get(), fact.request());
        lane.say(
                Event.Type.REQUESTED,
                added,
                by,
                "requested the return to " + to.get().id() + " in " + lane.id.environment());
        return null;
    }

    private String replan(Fact.ReplanRequested fact) {
        String actor = "user:" + fact.person().id();
        Optional<PromotionDraft> found = lane.find(fact.promotion());
        if (found.isEmpty()
                || (found.get().state() != State.WAITING && found.get().state() != State.QUEUED)) {
            return lane.refuse(
                    found.orElse(null), actor, "new plan", "only a promotion that waits can be planned again");
        }
        if (lane.running().isPresent()) {
            return lane.refuse(
                    found.get(), actor, "new plan", "something is being deployed here; it is planned again after that");
        }
        lane.replan(found.get(), "a new plan was requested by " + fact.person().id());
        return null;
    }

    private String abort(Fact.AbortRequested fact) {
        Optional<PromotionDraft> found = lane.find(fact.promotion());
        if (found.isEmpty() || found.get().isOver()) {
            return lane.refuse(found.orElse(null), fact.by(), "abort", DecisionHandler.over(found));
        }
        PromotionDraft p = found.get();
        if (p.state() == State.ROLLING_BACK) {
            return lane.refuse(p, fact.by(), "abort", "it is being rolled back already");
        }
        String why = LaneLimits.shortened("aborted by " + fact.by() + reason(fact.reason()));
        lane.say(Event.Type.ABORT_REQUESTED, p, fact.by(), why);
        if (p.isRunning()) {
            p.deployment(d -> d.aborted(why));
        } else {
            lane.move(p, State.ABORTED, why);
        }
        return null;
    }

    private static String reason(String text) {
        return text == null ? "" : ": " + text;
    }

    /**
     * Withdraws all requests of one build, including those of its other steps and of earlier tries of a step: no part
     * of an aborted build still needs the promotion. The promotion ends when every request for it was withdrawn and
     * nothing has been deployed. Otherwise the requests are marked, and their people remain requesters.
     */
    private String withdrawn(Fact.Withdrawn fact) {
        Optional<PromotionDraft> found = lane.find(fact.promotion());
        if (found.isEmpty() || found.get().isOver()) {
            return DecisionHandler.over(found);
        }
        PromotionDraft p = found.get();
        if (p.isRunning()) {
            return "it is " + p.state() + " already";
        }
        Set<String> builds = p.requests().stream()
                .filter(r -> fact.key().equals(r.key()))
                .map(Request::by)
                .collect(Collectors.toSet());
        List<Request> own = p.requests().stream()
                .filter(r -> r.withdrawn() == null && builds.contains(r.by()))
                .toList();
        p.decisions(d -> d.withRequests(d.requests().stream()
                .map(r -> own.contains(r) ? r.withdrawn(lane.now) : r)
                .toList()));
        if (own.isEmpty() || p.requests().stream().anyMatch(r -> r.withdrawn() == null)) {
            own.forEach(r -> lane.say(
                    Event.Type.ABORT_REQUESTED,
                    p,
                    fact.by(),
                    "request of " + r.by() + " withdrawn; others also requested it"));
            return "others also requested it";
        }
        String why = LaneLimits.shortened("withdrawn by " + fact.by() + reason(fact.reason()));
        lane.say(Event.Type.ABORT_REQUESTED, p, fact.by(), why);
        lane.move(p, State.ABORTED, why);
        return null;
    }

    private String holdReleased(Fact.HoldReleased fact) {
        String actor = "user:" + fact.person().id();
        if (!lane.holds.removeIf(h -> h.kind() == LaneHold.Kind.ROLLBACK)) {
            return lane.refuse(
                    null,
                    actor,
                    "release of the hold",
                    lane.holds.isEmpty()
                            ? "there is no hold on " + lane.id
                            : "the hold on " + lane.id
                                    + " is not that of a rollback; a newer version of this program set"
                                    + " it and can release it");
        }
        lane.say(Event.Type.HOLD_RELEASED, null, actor, fact.reason());
        return null;
    }
}
