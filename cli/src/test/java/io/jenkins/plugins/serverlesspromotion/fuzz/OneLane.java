package io.jenkins.plugins.serverlesspromotion.fuzz;

import io.jenkins.plugins.serverlesspromotion.engine.lane.PromotionDecisions;
import io.jenkins.plugins.serverlesspromotion.engine.policy.LaneRules;
import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry;
import io.jenkins.plugins.serverlesspromotion.engine.audit.JournalRecord;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Command;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Fact;
import io.jenkins.plugins.serverlesspromotion.engine.lane.GateStatus;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Gates;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Lane;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneMachine;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.engine.lane.GateContext;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Person;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.engine.port.Patterns;
import io.jenkins.plugins.serverlesspromotion.engine.release.ReleaseRef;
import io.jenkins.plugins.serverlesspromotion.format.json.JournalCodec;
import io.jenkins.plugins.serverlesspromotion.format.policy.Re2Patterns;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** {@code orders} in {@code prod}, as the runtime holds it: every fact becomes a record of the journal, or nothing. */
final class OneLane {
    static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
    static final Person ALICE = new Person("alice", Set.of("team-orders"), "login");
    static final String PLAN = digest(3);

    static final Patterns PATTERNS = new Re2Patterns();

    private static final JournalCodec CODEC = new JournalCodec();
    private static final LaneId ID = new LaneId("orders", "prod");

    private static final String POLICY = """
        artifactStores: [ { name: main, bucket: releases, region: eu-west-1, account: prod } ]
        accounts: [ { name: prod, id: "111111111111", deployRole: deploy } ]
        roles: [ { name: managers, users: [ alice ] } ]
        environments:
          - name: prod
            gates: [ { approval: { require: [ { role: managers, count: 1 } ] } }, %s ]
            breakGlass: { require: [ { role: managers, count: 1 } ], review: managers %s }
        services:
          - name: orders
            owners: { groups: [ team-orders ] }
            placements: [ { environment: prod, waves: [ [ prod/eu-west-1 ] ] } ]
        """;

    private final Policy policy;
    private final GateContext around;
    private Lane lane = Lane.empty(ID);

    /** @param policy places {@code orders} in {@code prod} */
    OneLane(Policy policy) {
        this.policy = policy;
        this.around = new GateContext(
                LaneRules.of(policy, ID.service(), ID.environment()).orElseThrow(),
                digest(1),
                null,
                Map.of(),
                Map.of(),
                Map.of(),
                List.of(),
                null,
                false,
                Map.of(),
                Set.of(),
                PATTERNS);
    }

    /**
     * A policy that places {@code orders} in {@code prod}, as a file.
     *
     * @param gate one more gate, may be empty
     * @param breakGlass more keys of that, each behind a comma
     */
    static byte[] policy(String gate, String breakGlass) {
        return String.format(POLICY, gate, breakGlass).getBytes(StandardCharsets.UTF_8);
    }

    private static String digest(int number) {
        return "sha256:" + String.format("%064x", number);
    }

    static ReleaseRef release(String version) {
        return new ReleaseRef("orders", version, digest(2), 1);
    }

    static PromotionDecisions.Request request(String reason, String ticket) {
        return new PromotionDecisions.Request("user:bob", Set.of("bob"), NOW, reason, ticket, null);
    }

    /**
     * Takes a fact, and plans what is to be planned then.
     *
     * @return why the fact was refused; empty when it was not
     */
    Optional<String> take(Fact fact) {
        Optional<String> refusal = advance(fact);
        for (Command command : LaneMachine.outstanding(lane)) {
            if (command instanceof Command.MakePlan plan) {
                advance(new Fact.Planned(plan.promotion(), plan.planning(), plan()));
            }
        }
        LaneMachine.nextWake(lane, around, NOW);
        return refusal;
    }

    private Optional<String> advance(Fact fact) {
        var transition = LaneMachine.advance(lane, fact, around, NOW);
        if (!transition.isNothing()) {
            recorded(new Entry.LaneAdvanced(fact, transition.events(), transition.lane()));
        }
        lane = transition.lane();
        for (Promotion promotion : lane.promotions()) {
            List<GateStatus> gates = Gates.of(lane, promotion, around, NOW);
            Expect.that(gates.equals(Gates.of(lane, promotion, around, NOW)), "the gates gave two answers: " + gates);
        }
        return Optional.ofNullable(transition.refusal());
    }

    private Plan plan() {
        var content =
                new Plan.Content(Plan.Exactness.EXACT, "orders", null, null, Map.of(), Map.of(), List.of(), List.of());
        Policy.Place place = LaneRules.of(policy, ID.service(), ID.environment())
                .orElseThrow()
                .placement()
                .places()
                .get(0);
        return new Plan(
                PLAN,
                List.of(new Plan.TargetPlan(place, "api", "cloudformation", 0, List.of(), content, Map.of())),
                List.of());
    }

    /** The newest promotion. */
    Optional<Promotion> last() {
        List<Promotion> all = lane.promotions();
        return all.isEmpty() ? Optional.empty() : Optional.of(all.get(all.size() - 1));
    }

    /** What the gate of that name says about the newest promotion. */
    Optional<GateStatus> gate(String name) {
        return last().flatMap(promotion -> Gates.of(lane, promotion, around, NOW).stream()
                .filter(gate -> gate.gate().equals(name))
                .findFirst());
    }

    /** The journal takes the entry, and gives back the same. */
    static void recorded(Entry entry) {
        byte[] json = CODEC.encode(new JournalRecord(1, NOW, entry));
        JournalRecord again = CODEC.decode(json);
        Expect.that(entry.equals(again.entry()), "was recorded as " + again.entry() + ", not as " + entry);
        for (byte b : json) {
            Expect.that(b < 0 || b >= ' ', "a control character in a line of the journal");
        }
    }
}
