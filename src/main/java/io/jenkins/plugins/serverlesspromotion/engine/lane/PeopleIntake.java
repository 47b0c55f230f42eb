package io.jenkins.plugins.serverlesspromotion.engine.lane;

import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneDraft.PromotionDraft;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion.Approval;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion.State;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Gate.Comment;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy.BreakGlass;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Takes into a lane what people decide about a promotion. */
final class PeopleIntake {
    private final LaneDraft lane;
    private final Surroundings around;

    PeopleIntake(LaneDraft lane, Surroundings around) {
        this.lane = lane;
        this.around = around;
    }

    String approved(Fact.Approved fact) {
        String actor = "user:" + fact.person().id();
        Optional<PromotionDraft> found = lane.find(fact.promotion());
        if (found.isEmpty() || found.get().state.isOver()) {
            return lane.refuse(found.orElse(null), actor, "approval", over(found));
        }
        PromotionDraft p = found.get();
        boolean counted = p.approvals.stream()
                .anyMatch(a -> a.voided() == null
                        && a.person().id().equals(fact.person().id()));
        if (counted && p.plan.digest().equals(fact.planDigest())) {
            return null; // a second click of the same person says nothing new
        }
        if (p.state.isRunning() || p.state == State.QUEUED) {
            return lane.refuse(p, actor, "approval", "nothing more is needed: it is " + p.state);
        }
        if (p.state != State.WAITING) {
            return lane.refuse(p, actor, "approval", "there is no plan to approve yet: it is " + p.state);
        }
        if (!p.plan.problems().isEmpty()) {
            return lane.refuse(
                    p,
                    actor,
                    "approval",
                    "it cannot be approved yet: " + p.plan.problems().get(0).key() + ": "
                            + p.plan.problems().get(0).cause());
        }
        if (!p.plan.digest().equals(fact.planDigest())) {
            return lane.refuse(p, actor, "approval", "the plan changed since you looked at it; look at it again");
        }
        Optional<String> whyNot = Gates.whyNot(fact.person(), p.seal(), around, lane.now);
        if (whyNot.isPresent()) {
            return lane.refuse(p, actor, "approval", whyNot.get());
        }
        boolean silent = fact.comment() == null || fact.comment().isBlank();
        if (silent && needsComment(p)) {
            return lane.refuse(
                    p, actor, "approval", "say why: in " + lane.id.environment() + " an approval needs a comment");
        }
        // The journal has those of the same person that are void; here they would only take place.
        p.approvals.removeIf(a -> a.person().id().equals(fact.person().id()));
        if (p.approvals.size() >= LaneLimits.APPROVALS) {
            return lane.refuse(
                    p, actor, "approval", LaneLimits.APPROVALS + " approvals are recorded, which is the limit");
        }
        p.approvals.add(new Approval(
                fact.person(),
                lane.now,
                fact.comment(),
                p.release.digest(),
                p.plan.digest(),
                around.policyDigest(),
                null));
        lane.say(
                Event.Type.APPROVED,
                p,
                actor,
                "approved (" + fact.person().assurance() + ")" + (fact.comment() == null ? "" : ": " + fact.comment()));
        return null;
    }

    private boolean needsComment(PromotionDraft p) {
        return Gates.approval(p.kind, p.plan, around.rules())
                .map(rule -> rule.comment() == Comment.REQUIRED)
                .orElse(false);
    }

    String withdrawn(Fact.ApprovalWithdrawn fact) {
        String actor = "user:" + fact.person().id();
        Optional<PromotionDraft> found = lane.find(fact.promotion());
        if (found.isEmpty() || found.get().state.isOver()) {
            return lane.refuse(found.orElse(null), actor, "withdrawal", over(found));
        }
        PromotionDraft p = found.get();
        if (p.state.isRunning()) {
            return lane.refuse(p, actor, "withdrawal", "it is " + p.state + " already; abort it instead");
        }
        boolean given = p.approvals.stream()
                .anyMatch(a -> a.voided() == null
                        && a.person().id().equals(fact.person().id()));
        if (!given) {
            return lane.refuse(p, actor, "withdrawal", "you have given no approval that stands");
        }
        lane.say(
                Event.Type.APPROVAL_WITHDRAWN,
                p,
                actor,
                "approval withdrawn" + (fact.reason() == null ? "" : ": " + fact.reason()));
        p.approvals.replaceAll(
                a -> a.voided() == null && a.person().id().equals(fact.person().id()) ? a.takenBack(fact.reason()) : a);
        p.waitingSince = lane.now;
        return null;
    }

    String overridden(Fact.Overridden fact) {
        String actor = "user:" + fact.person().id();
        Optional<PromotionDraft> found = lane.find(fact.promotion());
        if (found.isEmpty() || found.get().state.isOver()) {
            return lane.refuse(found.orElse(null), actor, "override", over(found));
        }
        PromotionDraft p = found.get();
        Optional<String> whyNot = whyNotOverride(p, fact);
        if (whyNot.isPresent()) {
            return lane.refuse(p, actor, "override", whyNot.get());
        }
        p.overrides.removeIf(o -> o.person().id().equals(fact.person().id()));
        if (p.overrides.size() >= LaneLimits.APPROVALS) {
            return lane.refuse(
                    p, actor, "override", LaneLimits.APPROVALS + " overrides are recorded, which is the limit");
        }
        if (lane.reviews.size() >= LaneLimits.REVIEWS) {
            return lane.refuse(
                    p,
                    actor,
                    "override",
                    lane.reviews.size()
                            + " overrides here wait for their review, which is the limit; review one first");
        }
        p.overrides.add(new Promotion.Override(
                fact.person(),
                lane.now,
                fact.reason().strip(),
                fact.ticket().strip(),
                p.plan.digest(),
                around.policyDigest()));
        BreakGlass rule = around.rules().environment().breakGlass();
        boolean open = new Overriding(p.seal(), around, lane.now).open().isPresent();
        lane.say(
                Event.Type.OVERRIDDEN,
                p,
                actor,
                "BREAK-GLASS (" + fact.person().assurance() + "): "
                        + fact.reason().strip() + " ("
                        + fact.ticket().strip() + ")"
                        + (open ? "" : "; more people must say so before " + lane.now.plus(rule.timeBox())));
        return null;
    }

    private Optional<String> whyNotOverride(PromotionDraft p, Fact.Overridden fact) {
        Optional<String> whyNot = Gates.whyNotOverride(fact.person(), p.seal(), around, lane.now);
        if (whyNot.isPresent()) {
            return whyNot;
        }
        if (!p.plan.digest().equals(fact.planDigest())) {
            return Optional.of("the plan changed since you looked at it; look at it again");
        }
        if (isBlank(fact.reason()) || isBlank(fact.ticket())) {
            return Optional.of("say why, and name a ticket");
        }
        return Tickets.problem(fact.ticket().strip(), around.rules(), around.patterns());
    }

    private static boolean isBlank(String text) {
        return text == null || text.isBlank();
    }

    String stated(Fact.RequestersStated fact) {
        String actor = "user:" + fact.person().id();
        Optional<PromotionDraft> found = lane.find(fact.promotion());
        if (found.isEmpty() || found.get().state.isOver()) {
            return lane.refuse(found.orElse(null), actor, "statement", over(found));
        }
        PromotionDraft p = found.get();
        Promotion before = p.seal();
        Optional<String> whyNot = Gates.whyNotState(fact.person(), before, around, lane.now)
                .or(() -> whyNotSay(fact.reason(), fact.people().size(), p.requestersStated.size()))
                .or(() -> names(fact.people(), fact.person().id())
                        ? Optional.of("you asked for this yourself, so another person must state it")
                        : Optional.empty());
        if (whyNot.isPresent()) {
            return lane.refuse(p, actor, "statement", whyNot.get());
        }
        List<Approvals> opened = Gates.openedByStatement(fact.person(), before, around, lane.now);
        int publishers = opened.stream().anyMatch(Approvals::hasUnknownPublisher)
                ? around.known(before).orElseThrow().publishers().size()
                : 0;
        Instant at = nextStatement(p);
        var names = new PersonNames(around.rules());
        p.requests.replaceAll(r -> opened.stream().anyMatch(gate -> gate.hasUnknownRequester(r)) ? r.stated(at) : r);
        p.requestersStated.add(new Promotion.RequestersStatement(
                fact.person(), at, names.withIds(fact.people()), fact.reason().strip(), publishers));
        lane.say(
                Event.Type.REQUESTERS_STATED,
                p,
                actor,
                "stated that "
                        + (fact.people().isEmpty() ? "no person" : String.join(", ", fact.people()))
                        + " asked for it: " + fact.reason().strip());
        p.waitingSince = p.waitingSince == null ? null : lane.now;
        return null;
    }

    String attested(Fact.AuthorsAttested fact) {
        String actor = "user:" + fact.person().id();
        Optional<PromotionDraft> found = lane.find(fact.promotion());
        if (found.isEmpty() || found.get().state.isOver()) {
            return lane.refuse(found.orElse(null), actor, "attestation", over(found));
        }
        PromotionDraft p = found.get();
        Optional<String> whyNot = Gates.whyNotAttest(fact.person(), fact.release(), p.seal(), around, lane.now)
                .or(() -> whyNotSay(fact.reason(), fact.people().size(), p.authorsAttested.size()))
                .or(() -> whyNotAuthors(fact));
        if (whyNot.isPresent()) {
            return lane.refuse(p, actor, "attestation", whyNot.get());
        }
        p.authorsAttested.add(new Promotion.AuthorsAttestation(
                fact.person(),
                lane.now,
                fact.release(),
                new PersonNames(around.rules()).withIds(fact.people()),
                fact.reason().strip()));
        lane.say(
                Event.Type.AUTHORS_ATTESTED,
                p,
                actor,
                "attested that " + String.join(", ", fact.people()) + " wrote " + fact.release() + ": "
                        + fact.reason().strip());
        p.waitingSince = p.waitingSince == null ? null : lane.now;
        return null;
    }

    /** Later than every statement before it, because requests refer to it by its time. */
    private Instant nextStatement(PromotionDraft p) {
        return p.requestersStated.stream()
                .map(s -> s.at().plusNanos(1))
                .filter(lane.now::isBefore)
                .max(Comparator.naturalOrder())
                .orElse(lane.now);
    }

    private boolean names(Set<String> people, String person) {
        var names = new PersonNames(around.rules());
        return names.isAmong(person, names.all(people));
    }

    private Optional<String> whyNotAuthors(Fact.AuthorsAttested fact) {
        if (fact.people().isEmpty()) {
            return Optional.of("name the people who wrote " + fact.release());
        }
        if (names(fact.people(), fact.person().id())) {
            return Optional.of("you wrote part of this yourself, so another person must attest it");
        }
        // Taken, it would keep the gate closed and could not be corrected.
        var names = new PersonNames(around.rules());
        return fact.people().stream()
                .filter(name -> !names.isKnown(name))
                .sorted()
                .findFirst()
                .map(name ->
                        "cannot establish who " + name + " is: name users of roles or of 'aliases' of the policy, or"
                                + " what 'aliases' or 'mailDomains' assign to one");
    }

    private static Optional<String> whyNotSay(String reason, int people, int recorded) {
        if (isBlank(reason)) {
            return Optional.of("give a reason: how do you know");
        }
        if (people > LaneLimits.PEOPLE) {
            return Optional.of(LaneLimits.PEOPLE + " people are the limit");
        }
        return recorded < LaneLimits.APPROVALS
                ? Optional.empty()
                : Optional.of(LaneLimits.APPROVALS + " of them are recorded for this promotion, which is the limit");
    }

    String reviewed(Fact.Reviewed fact) {
        String actor = "user:" + fact.person().id();
        Optional<Lane.Review> found = lane.reviews.stream()
                .filter(r -> r.promotion().equals(fact.promotion()))
                .findFirst();
        if (found.isEmpty()) {
            return lane.refuse(null, actor, "review", "there is no open review of " + fact.promotion());
        }
        Optional<String> whyNot = Gates.whyNotReview(fact.person(), found.get(), around.rules());
        if (whyNot.isPresent()) {
            return lane.refuse(null, actor, "review", whyNot.get());
        }
        if (isBlank(fact.finding())) {
            return lane.refuse(null, actor, "review", "say what you found");
        }
        lane.reviews.remove(found.get());
        lane.events.add(new Event(
                Event.Type.REVIEWED,
                fact.promotion(),
                actor,
                "reviewed what broke the glass: " + fact.finding().strip()));
        return null;
    }

    /** What ended with the transition before is not in the lane any more; what expired just now tells why. */
    static String over(Optional<PromotionDraft> found) {
        return found.map(p -> "it is over: " + p.state + " (" + p.why + ")").orElse("it is over");
    }

    /** Whose word does not count any more is told so now, not when somebody wonders why nothing happens. */
    void membership(Fact.MembershipRead fact) {
        Optional<PromotionDraft> found = lane.find(fact.promotion())
                .filter(p -> p.membership != null && p.membership.number() == fact.number())
                .filter(p -> p.membership.answer() == null);
        if (found.isEmpty()) {
            return;
        }
        PromotionDraft p = found.get();
        boolean known = knowsPeople(p);
        p.membership = new Promotion.Membership(fact.number(), lane.now, fact.answer());
        if (known && !knowsPeople(p)) {
            p.waitingSince = lane.now;
        }
        String failure = fact.answer().failure();
        lane.say(
                Event.Type.MEMBERSHIP,
                p,
                null,
                failure == null
                        ? "read which groups those who decided are in"
                        : "could not find out which groups those who decided are in: " + failure);
        if (failure != null || around.rules() == null) {
            return;
        }
        Gates.approval(p.kind, p.plan, around.rules()).ifPresent(rule -> {
            var members = new Members(p.membership);
            lane.voidApprovals(
                    p, a -> members.gone(a.person()), "the security realm has no such user any more, or locked it");
            lane.voidApprovals(
                    p,
                    a -> !Approvals.inAnyRole(members.now(a.person(), a.at()), rule.require(), around.rules()),
                    "they are in none of the roles that decide here any more");
        });
    }

    private boolean knowsPeople(PromotionDraft p) {
        Promotion now = p.seal();
        return !Gates.needsRequesters(now, around, lane.now)
                && Gates.needsAuthors(now, around, lane.now).isEmpty();
    }

    String rejected(Fact.Rejected fact) {
        String actor = "user:" + fact.person().id();
        Optional<PromotionDraft> found = lane.find(fact.promotion());
        if (found.isEmpty() || found.get().state.isOver()) {
            return lane.refuse(found.orElse(null), actor, "rejection", over(found));
        }
        PromotionDraft p = found.get();
        if (p.state.isRunning()) {
            return lane.refuse(p, actor, "rejection", "it is " + p.state + " already; abort it instead");
        }
        if (around.rules() == null || !Gates.decides(fact.person(), p.seal(), around.rules())) {
            return lane.refuse(p, actor, "rejection", "you are in none of the roles that decide here");
        }
        if (isBlank(fact.reason())) {
            return lane.refuse(p, actor, "rejection", "say why: whoever asked must know what to do about it");
        }
        lane.say(Event.Type.REJECTED, p, actor, "rejected: " + fact.reason());
        lane.move(p, State.REJECTED, "rejected by " + fact.person().id() + ": " + fact.reason());
        return null;
    }
}
