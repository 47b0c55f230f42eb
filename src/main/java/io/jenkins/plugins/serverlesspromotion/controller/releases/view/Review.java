package io.jenkins.plugins.serverlesspromotion.controller.releases.view;

import io.jenkins.plugins.serverlesspromotion.controller.releases.Messages;
import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.Authorization;
import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.ServiceVisibility;
import io.jenkins.plugins.serverlesspromotion.engine.lane.GateContext.Pause;
import io.jenkins.plugins.serverlesspromotion.engine.lane.GateStatus;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Lane;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.engine.lane.RoleProgress;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.engine.policy.LaneRules;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Person;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.engine.port.Store;
import io.jenkins.plugins.serverlesspromotion.engine.release.Provenance;
import io.jenkins.plugins.serverlesspromotion.engine.release.Published;
import io.jenkins.plugins.serverlesspromotion.engine.release.ReleaseRef;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.Promotions;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Everything that somebody who decides about a promotion looks at, read at one moment.
 *
 * @param plan null before the first
 * @param live what is live in the lane, null before the first release
 * @param rules null when policy places the service there no longer
 * @param since every release after the live one up to this one, newest first: what approving lets in
 * @param gates empty when it is over
 * @param roles the approval role by role; empty where none is needed, too little is known, or it is over
 * @param pause what keeps it from starting, null when nothing does
 * @param expires when it does, null while nobody has been asked
 */
public record Review(
        Promotion promotion,
        Plan plan,
        Lane.Live live,
        LaneRules rules,
        List<Published> since,
        List<GateStatus> gates,
        List<RoleProgress> roles,
        Pause pause,
        Instant expires) {

    /** @param promotions null while the engine does not run: then gates are not known */
    public static Review of(Store store, Promotions promotions, Promotion promotion) {
        LaneId lane = LaneId.ofPromotion(promotion.id());
        Lane.Live live = store.lane(lane).live();
        Policy policy = Authorization.policy(store);
        ServiceVisibility serviceVisibility = Authorization.serviceVisibility();
        boolean waits = promotion.state() == Promotion.State.WAITING || promotion.state() == Promotion.State.QUEUED;
        return new Review(
                promotion,
                store.shownPlan(promotion.id()).orElse(null),
                live,
                policy == null
                        ? null
                        : LaneRules.of(policy, lane.service(), lane.environment())
                                .orElse(null),
                since(store, promotion, live),
                promotions == null
                        ? List.of()
                        : promotions.gates(promotion.id()).stream()
                                .map(g -> g.seenBy(serviceVisibility::sees))
                                .toList(),
                promotions == null ? List.of() : promotions.roles(promotion),
                store.pauses().stream().filter(p -> p.covers(lane)).findFirst().orElse(null),
                promotions != null && waits ? promotions.expiry(promotion).orElse(null) : null);
    }

    private static List<Published> since(Store store, Promotion promotion, Lane.Live live) {
        ReleaseRef from = promotion.before() != null || promotion.state().isOver()
                ? promotion.before()
                : live == null ? null : live.release();
        long number = from == null ? 0 : from.number();
        return store.releases(promotion.release().service()).stream()
                .filter(p -> p.ref().number() > number
                        && p.ref().number() <= promotion.release().number())
                .toList();
    }

    public Set<String> commits() {
        var commits = new LinkedHashSet<String>();
        since.forEach(p -> commits.addAll(p.provenance().commits()));
        return commits;
    }

    public Set<Provenance.Author> authors() {
        var authors = new LinkedHashSet<Provenance.Author>();
        since.forEach(p -> authors.addAll(p.provenance().authors()));
        return authors;
    }

    public Set<String> publishers() {
        var publishers = new LinkedHashSet<String>();
        since.forEach(p -> publishers.addAll(p.provenance().publishers()));
        return publishers;
    }

    public boolean incomplete() {
        return plan != null && !plan.complete();
    }

    int changes() {
        return plan == null
                ? 0
                : plan.targets().stream()
                        .mapToInt(t -> t.content().changes().size())
                        .sum();
    }

    /** Version at one place, as far as it is known which. */
    String liveAt(String place) {
        if (live == null) {
            return null;
        }
        Map<String, ReleaseRef> places = live.places();
        if (!places.containsKey(place)) {
            return live.release().version();
        }
        ReleaseRef there = places.get(place);
        return there == null ? "" : there.version();
    }

    /** Why {@code person} cannot give an approval now, as a sentence to them; null when they can. */
    public String whyNotApprove(Promotions promotions, Person person) {
        switch (promotion.state()) {
            case WAITING -> {}
            case REQUESTED, PLANNING -> {
                return Messages.WhyNot_noPlan();
            }
            case QUEUED -> {
                return Messages.WhyNot_queued();
            }
            case DEPLOYING, VERIFYING, ROLLING_BACK -> {
                return Messages.WhyNot_running(Words.word(promotion.state()));
            }
            default -> {
                return Messages.WhyNot_over(Words.word(promotion.state()));
            }
        }
        if (incomplete()) {
            return Messages.WhyNot_incomplete(
                    plan.problems().get(0).key(), plan.problems().get(0).cause());
        }
        if (promotion.standing().stream().anyMatch(a -> a.person().id().equals(person.id()))) {
            return Messages.WhyNot_already();
        }
        return promotions.whyNot(person, promotion).orElse(null);
    }

    /** The roles that are still missing and that {@code person} has. */
    public List<String> completes(Person person) {
        return rules == null
                ? List.of()
                : gates.stream()
                        .filter(g -> g.kind() == GateStatus.Kind.APPROVAL)
                        .flatMap(g -> g.helpers().stream())
                        .filter(role -> rules.roles().containsKey(role)
                                && rules.roles().get(role).includes(person))
                        .toList();
    }
}
