package io.jenkins.plugins.serverlesspromotion.engine.lane;

import static org.junit.Assert.assertEquals;

import io.jenkins.plugins.serverlesspromotion.engine.ownership.ResourceId;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.engine.policy.EvidenceKey;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Freeze;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Gate;
import io.jenkins.plugins.serverlesspromotion.engine.policy.LaneRules;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Person;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.engine.policy.RulesChange;
import io.jenkins.plugins.serverlesspromotion.engine.port.Patterns;
import io.jenkins.plugins.serverlesspromotion.engine.release.ReleaseRef;
import io.jenkins.plugins.serverlesspromotion.format.policy.Re2Patterns;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A lane of {@code orders} in {@code prod} for tests: it takes facts one after the other and remembers what was said. */
class Lanes {
    static final LaneId PROD = new LaneId("orders", "prod");
    static final Policy.Place EU = new Policy.Place("orders-prod", "eu-west-1");
    static final Policy.Place US = new Policy.Place("orders-prod", "us-west-2");
    static final Person ALICE = person("alice");
    static final Person BOB = person("bob");
    static final Person CAROL = person("carol", "team-orders");
    static final Person ERIN = person("erin");

    Lane lane = Lane.empty(PROD);
    Instant now = Instant.parse("2026-11-21T12:00:00Z");
    Policy.Environment environment = new Policy.Environment(
            "prod",
            null,
            List.of(new Gate.Approval(
                    List.of(new Gate.Requirement("release-managers", 1), new Gate.Requirement("serviceOwner", 1)),
                    true,
                    Duration.ofHours(24))),
            new Gate.Requirement("on-call", 1));
    Policy.Placement placement = new Policy.Placement(List.of(List.of(EU), List.of(US)), Duration.ofMinutes(30));
    String policyDigest = digest(900);
    boolean placed = true;
    GateContext.Pause pause;
    /** Releases that succeeded in the environment before, and when. */
    Map<String, Instant> succeededBefore = Map.of();
    /** Where else releases were live. */
    final Map<String, Map<String, GateContext.LiveInterval>> stays = new HashMap<>();
    /** What is said about every release. */
    GateContext.ReleaseFacts releaseFacts = new GateContext.ReleaseFacts("main", List.of(), List.of());
    /** What is live of other services. */
    final Map<String, GateContext.Other> others = new HashMap<>();

    /** What is said about single releases instead, by digest. */
    final Map<String, GateContext.ReleaseFacts> knownOf = new HashMap<>();

    Set<ResourceId> answered = Set.of();

    Map<String, Policy.Role> roles = Map.of(
            "release-managers", new Policy.Role("release-managers", Set.of("alice", "bob"), Set.of()),
            "serviceOwner", new Policy.Role("serviceOwner", Set.of(), Set.of("team-orders")),
            "on-call", new Policy.Role("on-call", Set.of("erin"), Set.of()));

    List<Freeze> freezes = List.of();
    List<LaneRules.Route> routes = List.of();
    List<RulesChange> changes = List.of();
    Policy.People people;
    boolean directory;
    Patterns patterns = new Re2Patterns();
    GateContext.AlarmReading alarms;
    Map<String, EvidenceKey> evidenceKeys = Map.of();
    final List<Event> events = new ArrayList<>();

    static Person person(String id, String... groups) {
        return new Person(id, Set.of(groups), Person.SELF_DECLARED);
    }

    static String digest(long n) {
        return "sha256:" + String.format("%064x", n);
    }

    static ReleaseRef release(int number) {
        return new ReleaseRef("orders", "1." + number + ".0", digest(number), number);
    }

    PromotionDecisions.Request by(String user) {
        return new PromotionDecisions.Request("user:" + user, Set.of(user), now, null, null, null);
    }

    /** As a build asks, with its key. */
    PromotionDecisions.Request by(String user, String key) {
        return new PromotionDecisions.Request("job:orders/main#1", Set.of(user), now, null, null, key);
    }

    /** The one promotion that is not over. */
    Promotion only() {
        List<Promotion> open = open();
        if (open.size() != 1) {
            throw new AssertionError(open.size() + " promotions are open");
        }
        return open.get(0);
    }

    GateContext around() {
        LaneRules rules =
                new LaneRules("orders", environment, placement, roles, Map.of(), freezes, routes, people, evidenceKeys);
        if (!placed) {
            return new GateContext(null, null, pause, Map.of(), Map.of(), Map.of(), List.of());
        }
        var all = new HashMap<>(stays);
        if (environment.after() != null) {
            var before = new HashMap<String, GateContext.LiveInterval>();
            succeededBefore.forEach((digest, at) -> before.put(digest, new GateContext.LiveInterval(at, null)));
            all.putIfAbsent(environment.after(), before);
        }
        var releases = new HashMap<String, GateContext.ReleaseFacts>();
        if (releaseFacts != null) {
            lane.promotions().forEach(p -> releases.put(p.release().digest(), releaseFacts));
        }
        releases.putAll(knownOf);
        return new GateContext(
                rules,
                policyDigest,
                pause,
                all,
                releases,
                others,
                changes,
                alarms,
                directory,
                Map.of(),
                answered,
                patterns);
    }

    /** With these gates besides the approval by two people, or without it. */
    void gates(boolean approval, Gate... more) {
        var gates = new ArrayList<Gate>(List.of(more));
        if (approval) {
            gates.add(new Gate.Approval(
                    List.of(new Gate.Requirement("release-managers", 1), new Gate.Requirement("serviceOwner", 1)),
                    true,
                    Duration.ofHours(24)));
        }
        environment = new Policy.Environment(
                "prod", environment.after(), gates, environment.rollback(), environment.supersede());
    }

    /** What the gate of that name says about the promotion; there must be one. */
    GateStatus gate(String id, String gate) {
        return Gates.of(lane, get(id), around(), now).stream()
                .filter(g -> g.gate().equals(gate))
                .findFirst()
                .orElseThrow(() -> new AssertionError("there is no gate " + gate));
    }

    /** Takes a fact and answers why it was refused, null when it was not. */
    String take(Fact fact) {
        Transition t = LaneMachine.advance(lane, fact, around(), now);
        lane = t.lane();
        events.addAll(t.events());
        return t.refusal();
    }

    /** Takes a fact and answers all that was said of it. */
    List<Event> said(Fact fact) {
        int before = events.size();
        take(fact);
        return List.copyOf(events.subList(before, events.size()));
    }

    /** The fact is refused with this sentence, that is said once, and nothing else changes. */
    void refused(Fact fact, String promotion, String actor, String what, String why) {
        List<Promotion> before = open();
        int said = events.size();
        assertEquals(why, take(fact));
        assertEquals(
                List.of(new Event(Event.Type.REFUSED, promotion, actor, what + " refused: " + why)),
                events.subList(said, events.size()));
        assertEquals("a refusal changes nothing", before, open());
    }

    private List<Promotion> open() {
        return lane.promotions().stream().filter(p -> !p.state().isOver()).toList();
    }

    String request(int number, String user) {
        take(new Fact.Requested(release(number), by(user)));
        return last().id();
    }

    Promotion last() {
        return lane.promotions().get(lane.promotions().size() - 1);
    }

    Promotion get(String id) {
        return lane.promotion(id).orElseThrow();
    }

    Promotion.State state(String id) {
        return get(id).state();
    }

    /** {@code edge} first, then {@code api}, in both waves; {@code content} tells two plans apart. */
    static Plan plan(long content, Plan.Problem... problems) {
        var nothing =
                new Plan.Content(Plan.Exactness.EXACT, "orders", null, null, Map.of(), Map.of(), List.of(), List.of());
        var targets = new ArrayList<Plan.TargetPlan>();
        int wave = 0;
        for (Policy.Place place : List.of(EU, US)) {
            targets.add(new Plan.TargetPlan(place, "edge", "cloudformation", wave, List.of(), nothing, Map.of()));
            targets.add(new Plan.TargetPlan(
                    place, "api", "cloudformation", wave, List.of(Plan.key(place, "edge")), nothing, Map.of()));
            wave++;
        }
        return new Plan(digest(content), targets, List.of(problems));
    }

    void planned(String id, long content, Plan.Problem... problems) {
        take(new Fact.Planned(id, get(id).planning().number(), plan(content, problems)));
    }

    String approve(String id, Person person) {
        return take(new Fact.Approved(id, person, get(id).plan().digest(), null));
    }

    void step(String id, String key, Deployment.Status status) {
        take(new Fact.StepEnded(
                id,
                get(id).deployment().attempt(),
                key,
                new Fact.StepResult(status, Map.of(), "because of the test", List.of())));
    }

    void verified(String id, String failure) {
        Promotion p = get(id);
        take(new Fact.Verified(
                id,
                p.deployment().attempt(),
                p.deployment().verified(),
                List.of("smoke: 200"),
                failure == null ? null : new Fact.Failure(Fact.FailureKind.FAILED, failure)));
    }

    void undone(String id, String key, String failure) {
        take(new Fact.Undone(
                id,
                get(id).deployment().attempt(),
                key,
                "is back",
                List.of(),
                failure == null ? null : new Fact.Failure(Fact.FailureKind.FAILED, failure)));
    }

    void pass(Duration time) {
        now = now.plus(time);
        take(new Fact.Reconsidered("time"));
    }

    /** Carries out whatever the lane wants done, successfully, until it wants nothing more. */
    void work() {
        Optional<Command> next = next();
        while (next.isPresent()) {
            Command c = next.get();
            if (c instanceof Command.MakePlan) {
                planned(c.promotion(), 1);
            } else if (c instanceof Command.DeployStep deploy) {
                step(c.promotion(), deploy.step(), Deployment.Status.DONE);
            } else if (c instanceof Command.VerifyWave) {
                verified(c.promotion(), null);
            } else if (c instanceof Command.UndoStep undo) {
                undone(c.promotion(), undo.step(), null);
            }
            next = next();
        }
    }

    private Optional<Command> next() {
        return LaneMachine.outstanding(lane).stream().findFirst();
    }

    /** Brings a release all the way in, with the approvals it needs. */
    String deploy(int number) {
        String id = request(number, "bob");
        work();
        if (state(id) == Promotion.State.WAITING) {
            approve(id, ALICE);
            approve(id, CAROL);
        }
        work();
        if (state(id) == Promotion.State.DEPLOYING) {
            pass(placement.pause());
            work();
        }
        return id;
    }

    String key(Policy.Place place, String target) {
        return Plan.key(place, target);
    }
}
