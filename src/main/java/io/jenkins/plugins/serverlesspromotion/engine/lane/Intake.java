package io.jenkins.plugins.serverlesspromotion.engine.lane;

import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneDraft.PromotionDraft;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion.Kind;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion.Request;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion.State;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion.Status;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.OwnershipClaim;
import io.jenkins.plugins.serverlesspromotion.engine.release.ReleaseRef;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Takes a fact into a lane. A fact that may not be is refused with a sentence to whoever brought it, and said in the
 * events; a result that comes too late (its attempt is over) is passed over.
 */
final class Intake {
    private final LaneDraft lane;
    private final Surroundings around;
    private final Progression progress;
    private final PeopleIntake people;

    Intake(LaneDraft lane, Surroundings around, Progression progress) {
        this.lane = lane;
        this.around = around;
        this.progress = progress;
        this.people = new PeopleIntake(lane, around);
    }

    /** @return why the fact was refused, null when it was taken */
    String take(Fact fact) {
        if (fact instanceof Fact.Requested f) {
            return requested(f);
        } else if (fact instanceof Fact.RollbackRequested f) {
            return rollback(f);
        } else if (fact instanceof Fact.Planned f) {
            planned(f);
        } else if (fact instanceof Fact.PlanningEnded f) {
            planningEnded(f);
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
            return people.stated(f);
        } else if (fact instanceof Fact.AuthorsAttested f) {
            return people.attested(f);
        } else if (fact instanceof Fact.Reviewed f) {
            return people.reviewed(f);
        } else if (fact instanceof Fact.AbortRequested f) {
            return abort(f);
        } else if (fact instanceof Fact.Withdrawn f) {
            return withdrawn(f);
        } else if (fact instanceof Fact.MembershipRead f) {
            people.membership(f);
        } else if (fact instanceof Fact.StepEnded f) {
            stepEnded(f);
        } else if (fact instanceof Fact.Verified f) {
            verified(f);
        } else if (fact instanceof Fact.Undone f) {
            undone(f);
        } else if (fact instanceof Fact.HoldReleased f) {
            return holdReleased(f);
        } else if (fact instanceof Fact.OwnersRecorded f) {
            ownersRecorded(f);
        }
        return null;
    }

    /** Also pins them for what is being deployed: its rollback must not depend on what is decided from now on. */
    private void ownersRecorded(Fact.OwnersRecorded fact) {
        boolean any = lane.own(fact.owns(), null);
        for (PromotionDraft p : lane.promotions) {
            List<OwnershipClaim> claims = fact.promotions().get(p.id);
            if (claims == null || p.plan == null || p.plan.claims() != null) {
                continue;
            }
            any = true;
            p.plan = p.plan.claiming(claims);
            if (p.state.isRunning()) {
                p.deployment = p.deployment.owning(claims);
            }
        }
        if (any) {
            lane.say(
                    Event.Type.OWNERS,
                    null,
                    null,
                    "recorded from the journal: owns "
                            + (lane.owns.isEmpty()
                                    ? "nothing"
                                    : lane.owns.stream()
                                            .map(o -> o.resource().toString())
                                            .collect(Collectors.joining(", "))));
        }
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
                .filter(p -> !p.state.isOver())
                .filter(p -> p.kind == Kind.FORWARD && p.release.digest().equals(release.digest()))
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
                "asked for " + release.id() + " in " + lane.id.environment());
        supersede(added);
        return null;
    }

    /**
     * Adds the request to those of the promotion. A person's or a build's second request takes the place of their first,
     * but no person is dropped.
     */
    private String join(PromotionDraft promotion, Request request) {
        Optional<Request> first =
                promotion.requests.stream().filter(r -> r.isRepeatedBy(request)).findFirst();
        if (first.isEmpty() && promotion.requests.size() >= LaneLimits.REQUESTS) {
            return lane.refuse(
                    promotion,
                    request.by(),
                    promotion.kind == Kind.FORWARD ? "promotion" : "rollback",
                    LaneLimits.REQUESTS + " requests for it are recorded, which is the limit; it needs no further one");
        }
        Request now = first.map(r -> r.repeated(request)).orElse(request.bounded());
        if (first.isPresent() && isSame(first.get(), now)) {
            return null;
        }
        first.ifPresent(promotion.requests::remove);
        promotion.requests.add(now);
        lane.say(Event.Type.JOINED, promotion, request.by(), "asked for the same promotion");
        return null;
    }

    /** Whether a repeated request says nothing that decides anything: a reason alone does not. */
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
            boolean waits = !older.state.isOver() && !older.state.isRunning() && older.kind == Kind.FORWARD;
            boolean approved = older.approvals.stream().anyMatch(a -> a.voided() == null);
            if (waits && !approved && older.release.number() < newer.release.number()) {
                lane.move(older, State.SUPERSEDED, newer.release.version() + " was asked for");
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
                .filter(p -> !p.state.isOver())
                .filter(p -> p.kind == Kind.ROLLBACK && p.release.equals(to.get()))
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
                "asked to return to " + to.get().id() + " in " + lane.id.environment());
        return null;
    }

    private void planned(Fact.Planned fact) {
        lane.find(fact.promotion())
                .filter(p -> p.state == State.PLANNING && p.planning == fact.planning())
                .ifPresent(p -> {
                    p.plan = Promotion.Planned.of(fact.plan(), lane.basis(around), lane.now);
                    if (p.waitingSince == null) {
                        p.waitingSince = lane.now;
                    }
                    lane.say(Event.Type.PLANNED, p, null, summary(fact));
                    lane.voidApprovals(p, a -> !a.planDigest().equals(p.plan.digest()), "the plan changed");
                    lane.move(p, State.WAITING, null);
                });
    }

    private static String summary(Fact.Planned fact) {
        if (!fact.plan().complete()) {
            return "incomplete plan: " + fact.plan().problems().get(0).cause();
        }
        int changes = fact.plan().targets().stream()
                .mapToInt(t -> t.content().changes().size())
                .sum();
        int findings = fact.plan().targets().stream()
                .mapToInt(t -> t.content().findings().size())
                .sum();
        return count(fact.plan().targets().size(), "target") + ", " + count(changes, "change") + ", "
                + count(findings, "finding") + ", plan " + fact.plan().digest();
    }

    private static String count(int number, String one) {
        return number + " " + one + (number == 1 ? "" : "s");
    }

    private void planningEnded(Fact.PlanningEnded fact) {
        lane.find(fact.promotion())
                .filter(p -> p.state == State.PLANNING && p.planning == fact.planning())
                .ifPresent(p -> lane.move(
                        p, Progression.endOf(fact.failure()), fact.failure().cause()));
    }

    private String replan(Fact.ReplanRequested fact) {
        String actor = "user:" + fact.person().id();
        Optional<PromotionDraft> found = lane.find(fact.promotion());
        if (found.isEmpty() || (found.get().state != State.WAITING && found.get().state != State.QUEUED)) {
            return lane.refuse(
                    found.orElse(null), actor, "new plan", "only a promotion that waits can be planned again");
        }
        if (lane.running().isPresent()) {
            return lane.refuse(
                    found.get(), actor, "new plan", "something is being deployed here; it is planned again after that");
        }
        found.get().planning++;
        lane.move(
                found.get(),
                State.PLANNING,
                "a new plan was asked for by " + fact.person().id());
        return null;
    }

    private String abort(Fact.AbortRequested fact) {
        Optional<PromotionDraft> found = lane.find(fact.promotion());
        if (found.isEmpty() || found.get().state.isOver()) {
            return lane.refuse(found.orElse(null), fact.by(), "abort", PeopleIntake.over(found));
        }
        PromotionDraft p = found.get();
        if (p.state == State.ROLLING_BACK) {
            return lane.refuse(p, fact.by(), "abort", "it is being rolled back already");
        }
        String why = LaneLimits.shortened("aborted by " + fact.by() + reason(fact.reason()));
        lane.say(Event.Type.ABORT_REQUESTED, p, fact.by(), why);
        if (p.state.isRunning()) {
            p.abort(why);
        } else {
            lane.move(p, State.ABORTED, why);
        }
        return null;
    }

    private static String reason(String text) {
        return text == null ? "" : ": " + text;
    }

    /**
     * Takes back all requests of one build, also those of its other steps and of earlier tries of a step: nothing of a
     * build that was aborted still wants the promotion. It ends when every request for it was taken back and nothing has
     * been deployed. Otherwise the requests are marked, and their people remain requesters.
     */
    private String withdrawn(Fact.Withdrawn fact) {
        Optional<PromotionDraft> found = lane.find(fact.promotion());
        if (found.isEmpty() || found.get().state.isOver()) {
            return PeopleIntake.over(found);
        }
        PromotionDraft p = found.get();
        if (p.state.isRunning()) {
            return "it is " + p.state + " already";
        }
        Set<String> builds = p.requests.stream()
                .filter(r -> fact.key().equals(r.key()))
                .map(Request::by)
                .collect(Collectors.toSet());
        List<Request> own = p.requests.stream()
                .filter(r -> r.withdrawn() == null && builds.contains(r.by()))
                .toList();
        p.requests.replaceAll(r -> own.contains(r) ? r.withdrawn(lane.now) : r);
        if (own.isEmpty() || p.requests.stream().anyMatch(r -> r.withdrawn() == null)) {
            own.forEach(r -> lane.say(
                    Event.Type.ABORT_REQUESTED,
                    p,
                    fact.by(),
                    "request of " + r.by() + " taken back; others asked too"));
            return "others asked for it too";
        }
        String why = LaneLimits.shortened("taken back by " + fact.by() + reason(fact.reason()));
        lane.say(Event.Type.ABORT_REQUESTED, p, fact.by(), why);
        lane.move(p, State.ABORTED, why);
        return null;
    }

    private void stepEnded(Fact.StepEnded fact) {
        deploying(fact.promotion(), fact.attempt(), State.DEPLOYING)
                .ifPresent(p -> p.steps().stream()
                        .filter(s -> s.key().equals(fact.step()) && s.status() == Status.RUNNING)
                        .findFirst()
                        .ifPresent(s -> {
                            Fact.StepResult r = fact.result();
                            p.step(s.key(), step -> ended(step, r.status(), r.outputs(), r.detail(), r.requests()));
                            p.checked(r.results(), lane.now);
                            lane.say(Event.Type.STEP, p, null, s.key() + " " + r.status() + ": " + r.detail());
                        }));
    }

    private Promotion.Step ended(
            Promotion.Step s,
            Status status,
            java.util.Map<String, String> outputs,
            String detail,
            List<String> requests) {
        var all = new java.util.ArrayList<>(s.requests());
        all.addAll(requests);
        return new Promotion.Step(s.key(), s.wave(), s.after(), status, lane.now, s.returnTo(), outputs, detail, all);
    }

    private void verified(Fact.Verified fact) {
        deploying(fact.promotion(), fact.attempt(), State.VERIFYING)
                .filter(p -> p.deployment.verified() == fact.wave())
                .ifPresent(p -> {
                    String wave = "wave " + (fact.wave() + 1) + " of " + p.deployment.waves();
                    p.checked(fact.results(), lane.now);
                    if (fact.failure() != null) {
                        lane.say(
                                Event.Type.VERIFIED,
                                p,
                                null,
                                wave + ": " + fact.failure().cause());
                        progress.fail(p, fact.failure());
                        return;
                    }
                    lane.say(Event.Type.VERIFIED, p, null, wave + ": " + String.join("; ", fact.checks()));
                    progress.waveSucceeded(p);
                });
    }

    private void undone(Fact.Undone fact) {
        deploying(fact.promotion(), fact.attempt(), State.ROLLING_BACK)
                .ifPresent(p -> p.steps().stream()
                        .filter(s -> s.key().equals(fact.step()) && s.status() == Status.UNDOING)
                        .findFirst()
                        .ifPresent(s -> {
                            Status status = fact.failure() == null ? Status.UNDONE : Status.UNDO_FAILED;
                            String detail = fact.failure() == null
                                    ? fact.detail()
                                    : fact.failure().cause();
                            p.step(s.key(), step -> ended(step, status, step.outputs(), detail, fact.requests()));
                            lane.say(Event.Type.STEP, p, null, s.key() + " " + status + ": " + detail);
                        }));
    }

    private Optional<PromotionDraft> deploying(String promotion, int attempt, State state) {
        return lane.find(promotion).filter(p -> p.state == state && p.deployment.attempt() == attempt);
    }

    private String holdReleased(Fact.HoldReleased fact) {
        String actor = "user:" + fact.person().id();
        if (lane.hold == null) {
            return lane.refuse(null, actor, "release of the hold", "there is no hold on " + lane.id);
        }
        lane.hold = null;
        lane.say(Event.Type.HOLD_RELEASED, null, actor, fact.reason());
        return null;
    }
}
