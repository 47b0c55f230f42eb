package io.jenkins.plugins.serverlesspromotion.view;

import io.jenkins.plugins.serverlesspromotion.engine.lane.GateContext.Pause;
import io.jenkins.plugins.serverlesspromotion.engine.lane.GateStatus;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Gates;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Lane;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.lane.OverrideStatus;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.engine.lane.RoleProgress;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Gate;
import io.jenkins.plugins.serverlesspromotion.engine.policy.LaneRules;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Person;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy.Place;
import io.jenkins.plugins.serverlesspromotion.engine.release.Provenance;
import io.jenkins.plugins.serverlesspromotion.engine.release.Published;
import io.jenkins.plugins.serverlesspromotion.engine.release.ReleaseRef;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.Promotions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * All facts for a person who decides about a promotion, read at one moment.
 *
 * @param plan null before the first
 * @param live what is live in the lane, null before the first release
 * @param rules null when policy places the service there no longer
 * @param since every release after the live one up to this one, newest first: the releases that an approval deploys
 * @param gates empty when it is over
 * @param roles the approval role by role; empty where none is needed, too little is known, or it is over
 * @param pause that keeps it from starting, null for none
 * @param expires when it expires, null while no approval is requested
 * @param override progress of its override; null where no one can override its gates, and when it is over
 * @param person who looks; null: a system account
 * @param whyNot why {@code person} could not approve it as far as the policy is concerned; null when they could, and
 *     when it is over
 * @param author whether that is because they wrote part of it
 * @param youCannotApprove why {@code person} cannot give an approval now, as a sentence to them; null when they can
 */
public record ReviewFacts(
        Promotion promotion,
        Plan plan,
        Lane.Live live,
        LaneRules rules,
        List<Published> since,
        List<GateStatus> gates,
        List<RoleProgress> roles,
        Pause pause,
        Instant expires,
        OverrideStatus override,
        Person person,
        String whyNot,
        boolean author,
        String youCannotApprove) {
    /** To a person who has approved it. */
    static final String APPROVED = "you have approved it";

    public ReviewFacts {
        since = List.copyOf(since);
        gates = List.copyOf(gates);
        roles = List.copyOf(roles);
    }

    /** @param when wave and pause before it; empty where there is one wave */
    public record PlaceChange(String place, String from, String to, String when) {}

    /** A person's statement about people who could not be established. */
    public record PeopleStatement(Instant at, String text) {}

    /** @param promotions null while the engine does not run: then gates are not known */
    public static ReviewFacts of(ViewReader reader, Promotions promotions, Viewer viewer, Promotion promotion) {
        LaneId lane = LaneId.ofPromotion(promotion.id());
        Lane.Live live = reader.lane(lane).live();
        Plan plan = reader.plan(promotion.id()).orElse(null);
        Person person = viewer.person();
        boolean waiting = promotion.state() == Promotion.State.WAITING || promotion.state() == Promotion.State.QUEUED;
        boolean known = promotions != null && person != null;
        boolean open = known && !promotion.state().isOver();
        return new ReviewFacts(
                promotion,
                plan,
                live,
                reader.policy()
                        .flatMap(policy -> LaneRules.of(policy, lane.service(), lane.environment()))
                        .orElse(null),
                since(reader, promotion, live),
                promotions == null
                        ? List.of()
                        : promotions.gates(promotion.id()).stream()
                                .map(g -> g.seenBy(viewer.sees()))
                                .toList(),
                promotions == null ? List.of() : promotions.roles(promotion),
                reader.pauses().stream().filter(p -> p.covers(lane)).findFirst().orElse(null),
                promotions != null && waiting ? promotions.expiry(promotion).orElse(null) : null,
                promotions == null ? null : promotions.overrideStatus(promotion).orElse(null),
                person,
                open ? promotions.whyNot(person, promotion).orElse(null) : null,
                open && promotions.excludedAsAuthor(person, promotion),
                known ? whyNotApprove(promotions, promotion, plan, person) : null);
    }

    private static List<Published> since(ViewReader reader, Promotion promotion, Lane.Live live) {
        ReleaseRef from = promotion.before() != null || promotion.state().isOver()
                ? promotion.before()
                : live == null ? null : live.release();
        long number = from == null ? 0 : from.number();
        return reader.releases(promotion.release().service()).stream()
                .filter(p -> p.ref().number() > number
                        && p.ref().number() <= promotion.release().number())
                .toList();
    }

    /** As {@link #youCannotApprove}, for a person whose identity may be verified better than the viewer's. */
    public String whyNotApprove(Promotions promotions, Person who) {
        return whyNotApprove(promotions, promotion, plan, who);
    }

    private static String whyNotApprove(Promotions promotions, Promotion promotion, Plan plan, Person person) {
        switch (promotion.state()) {
            case WAITING -> {}
            case REQUESTED, PLANNING -> {
                return "there is no plan to approve yet";
            }
            case QUEUED -> {
                return "no further approval is required: it starts as soon as no other deployment runs here";
            }
            case DEPLOYING, VERIFYING, ROLLING_BACK -> {
                return "it is " + Wording.word(promotion.state()) + " already";
            }
            default -> {
                return "it is over: " + Wording.word(promotion.state());
            }
        }
        if (plan != null && !plan.complete()) {
            Plan.Problem problem = plan.problems().get(0);
            return "cannot be approved yet: the plan for " + problem.key() + " failed: " + problem.cause();
        }
        if (approvedBy(promotion, person)) {
            return APPROVED;
        }
        return promotions.whyNot(person, promotion).orElse(null);
    }

    private static boolean approvedBy(Promotion promotion, Person person) {
        return promotion.standing().stream().anyMatch(a -> a.person().id().equals(person.id()));
    }

    /** Whether {@code who} has given an approval that counts. */
    public boolean approvedBy(Person who) {
        return who != null && approvedBy(promotion, who);
    }

    /** Whether policy requires a comment on every approval here. */
    public boolean needsComment() {
        return rules != null
                && Gates.approval(promotion.kind(), promotion.plan(), rules)
                        .map(rule -> rule.comment() == Gate.Comment.REQUIRED)
                        .orElse(false);
    }

    /** The roles that are still required and that {@code who} has. */
    public List<String> completes(Person who) {
        return rules == null
                ? List.of()
                : gates.stream()
                        .filter(g -> g.kind() == GateStatus.Kind.APPROVAL)
                        .flatMap(g -> g.helpers().stream())
                        .filter(role -> rules.roles().containsKey(role)
                                && rules.roles().get(role).includes(who))
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

    public int changes() {
        return plan == null
                ? 0
                : plan.targets().stream()
                        .mapToInt(t -> t.content().changes().size())
                        .sum();
    }

    /** Version at one place, {@code nothing}, or {@code incomplete} where it is not known which. */
    public String liveAt(String place) {
        if (live == null) {
            return "nothing";
        }
        Map<String, ReleaseRef> places = live.places();
        if (!places.containsKey(place)) {
            return live.release().version();
        }
        ReleaseRef there = places.get(place);
        return there == null ? "incomplete" : there.version();
    }

    /** The live release and the next one by place; empty when the promotion is over. */
    public List<PlaceChange> places() {
        if (rules == null || promotion.state().isOver()) {
            return List.of();
        }
        var all = new ArrayList<PlaceChange>();
        List<List<Place>> waves = rules.placement().waves();
        Duration pauseBefore = rules.placement().pause();
        for (int wave = 0; wave < waves.size(); wave++) {
            String number = waves.size() == 1 ? "" : "wave " + (wave + 1);
            String later = wave == 0 || pauseBefore.isZero() ? "" : ", " + Wording.length(pauseBefore) + " later";
            for (Place place : waves.get(wave)) {
                String name = place.toString();
                all.add(new PlaceChange(name, liveAt(name), promotion.release().version(), number + later));
            }
        }
        return all;
    }

    /** {@code 2 stacks, 1 site · 14 changes · rollback would return to 1.4.0} */
    public String summary() {
        if (plan == null) {
            return "not planned yet";
        }
        var kinds = new TreeMap<String, Integer>();
        plan.targets().forEach(t -> kinds.merge(t.kind(), 1, Integer::sum));
        var things = new ArrayList<String>();
        if (kinds.containsKey("cloudformation")) {
            things.add(Wording.count(kinds.get("cloudformation"), "stack", "stacks"));
        }
        if (kinds.containsKey("lambda")) {
            things.add(Wording.count(kinds.get("lambda"), "function", "functions"));
        }
        if (kinds.containsKey("site")) {
            things.add(Wording.count(kinds.get("site"), "site", "sites"));
        }
        var parts = new ArrayList<String>();
        parts.add(things.isEmpty() ? "nothing planned" : String.join(", ", things));
        parts.add(PlanWording.changes(changes()));
        if (!promotion.state().isOver()) {
            parts.add(wayBack());
        }
        return String.join(" · ", parts);
    }

    private String wayBack() {
        if (promotion.kind() == Promotion.Kind.ROLLBACK) {
            return "if it fails, nothing is undone";
        }
        return live == null
                ? "a rollback would have nothing to return to"
                : "rollback would return to " + live.release().version();
    }

    /** Statements about requesters, then attestations of authors, each oldest first. */
    public List<PeopleStatement> statements() {
        return Stream.concat(
                        promotion.requestersStated().stream()
                                .map(s -> new PeopleStatement(
                                        s.at(),
                                        s.person().id() + " stated that "
                                                + (s.people().isEmpty() ? "no person" : String.join(", ", s.people()))
                                                + " requested it: " + s.reason())),
                        promotion.authorsAttested().stream()
                                .map(a -> new PeopleStatement(
                                        a.at(),
                                        a.person().id() + " attested that " + String.join(", ", a.people()) + " wrote "
                                                + a.release() + ": " + a.reason())))
                .toList();
    }

    /** Each gate, each role of the approval, and the pause. */
    public List<GateRow> gateRows(Instant now) {
        return new GateRows(rules, now)
                .of(
                        gates,
                        roles,
                        promotion.state().isOver() ? null : pause,
                        new GateRows.Onlooker(person, false, whyNot, author, commits()));
    }
}
