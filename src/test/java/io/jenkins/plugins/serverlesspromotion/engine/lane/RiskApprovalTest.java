package io.jenkins.plugins.serverlesspromotion.engine.lane;

import static io.jenkins.plugins.serverlesspromotion.engine.lane.Lanes.ALICE;
import static io.jenkins.plugins.serverlesspromotion.engine.lane.Lanes.BOB;
import static io.jenkins.plugins.serverlesspromotion.engine.lane.Lanes.CAROL;
import static io.jenkins.plugins.serverlesspromotion.engine.lane.Lanes.ERIN;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;

import io.jenkins.plugins.serverlesspromotion.engine.lane.GateStatus.GateResult;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion.State;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Gate;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Gate.Requirement;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy.RiskNeed;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.Test;

/** What is found in a plan calls the people whom policy names for it. */
public class RiskApprovalTest {
    private static final RiskNeed IAM = new RiskNeed("iamBroadening", new Requirement("on-call", 1));

    private final Lanes lanes = new Lanes();

    private void needs(List<Gate> gates, RiskNeed... needs) {
        lanes.environment = new Policy.Environment(
                "prod", null, gates, new Requirement("on-call", 1), false, null, null, List.of(needs));
    }

    /** A promotion that zoe asked for and whose plan has these findings. */
    private String planned(long content, String... kinds) {
        String id = lanes.request(1, "zoe");
        replanned(id, content, kinds);
        return id;
    }

    private void replanned(String id, long content, String... kinds) {
        List<Plan.Finding> findings = Stream.of(kinds)
                .map(kind -> new Plan.Finding(kind, "Role", "found " + kind))
                .toList();
        var risky =
                new Plan.Content(Plan.Exactness.EXACT, "orders", null, null, Map.of(), Map.of(), List.of(), findings);
        Plan plain = Lanes.plan(content);
        List<Plan.TargetPlan> targets = plain.targets().stream()
                .map(t -> t.target().equals("api") && t.place().equals(Lanes.US)
                        ? new Plan.TargetPlan(t.place(), t.target(), t.kind(), t.wave(), t.after(), risky, t.handles())
                        : t)
                .toList();
        lanes.take(new Fact.Planned(
                id, lanes.get(id).planning().number(), new Plan(Lanes.digest(content), targets, List.of())));
    }

    @Test
    public void aFindingInAnyPlaceCallsItsRoleBesidesTheOthers() {
        needs(lanes.environment.gates(), IAM);
        String id = planned(1, "removedAlarm", "iamBroadening");
        assertNull(lanes.approve(id, ALICE));
        assertNull(lanes.approve(id, CAROL));
        GateStatus gate = lanes.gate(id, "approval");
        assertEquals(GateResult.PENDING, gate.result());
        assertEquals(
                "waiting for 1 of 1 on-call (because of iamBroadening); approved by alice, carol — erin can give it",
                gate.sentence());
        assertNull(lanes.approve(id, ERIN));
        assertEquals(State.DEPLOYING, lanes.state(id));
    }

    @Test
    public void beforeThereIsAPlanOnlyTheOthersAreCalled() {
        needs(lanes.environment.gates(), IAM);
        String id = lanes.request(1, "zoe");
        assertEquals(
                List.of("release-managers", "serviceOwner"),
                lanes.gate(id, "approval").helpers());
    }

    @Test
    public void withoutTheFindingThatRoleDecidesNothing() {
        needs(lanes.environment.gates(), IAM);
        String id = planned(1, "removedAlarm");
        assertEquals(
                "you are in none of the roles that decide here: release-managers, serviceOwner",
                lanes.approve(id, ERIN));
        lanes.approve(id, ALICE);
        lanes.approve(id, CAROL);
        assertEquals(State.DEPLOYING, lanes.state(id));
    }

    @Test
    public void ofARoleThatIsRequiredAnywayTheLargerNumberCounts() {
        Requirement two = new Requirement("release-managers", 2);
        needs(lanes.environment.gates(), new RiskNeed("iamBroadening", two), new RiskNeed("publicExposure", two));
        String id = planned(1, "publicExposure", "iamBroadening");
        lanes.approve(id, ALICE);
        lanes.approve(id, CAROL);
        assertEquals(
                "waiting for 1 of 2 release-managers (because of iamBroadening, publicExposure); approved by alice, carol"
                        + " — bob can give it",
                lanes.gate(id, "approval").sentence());
        lanes.approve(id, BOB);
        assertEquals(State.DEPLOYING, lanes.state(id));
    }

    @Test
    public void whereNobodyElseDecidesTheyDoAloneAndNotAboutTheirOwn() {
        needs(List.of(), IAM);
        lanes.pause = new GateContext.Pause("everything", "user:dave", lanes.now, "incident");
        String harmless = planned(1, "removedAlarm");
        assertEquals(
                "no gate for nobody",
                List.of("plan"),
                Gates.of(lanes.lane, lanes.get(harmless), lanes.around(), lanes.now).stream()
                        .map(GateStatus::gate)
                        .toList());
        lanes.pause = null;
        lanes.take(new Fact.Reconsidered("resumed"));
        assertEquals(State.DEPLOYING, lanes.state(harmless));

        var other = new RiskApprovalTest();
        other.needs(List.of(), IAM);
        String risky = other.lanes.request(1, "erin");
        other.replanned(risky, 1, "iamBroadening");
        assertEquals(State.WAITING, other.lanes.state(risky));
        assertEquals("you asked for this, so you cannot approve it", other.lanes.approve(risky, ERIN));
    }

    @Test
    public void aNewPlanWithAFindingVoidsWhatWasApprovedWithoutIt() {
        needs(lanes.environment.gates(), IAM);
        String id = planned(1);
        lanes.approve(id, ALICE);
        lanes.take(new Fact.ReplanRequested(id, ALICE));
        replanned(id, 2, "iamBroadening");
        assertEquals(0, lanes.get(id).standing().size());
        assertEquals(
                List.of("release-managers", "serviceOwner", "on-call"),
                lanes.gate(id, "approval").helpers());
    }

    @Test
    public void aRollbackByHandAsksOnlyItsOwnRule() {
        needs(lanes.environment.gates());
        lanes.deploy(1);
        lanes.deploy(2);
        needs(lanes.environment.gates(), new RiskNeed("iamBroadening", new Requirement("release-managers", 2)), IAM);
        lanes.take(new Fact.RollbackRequested(null, lanes.by("erin")));
        String id = lanes.last().id();
        replanned(id, 3, "iamBroadening");
        assertEquals(
                "nobody is called because of what was found",
                "waiting for 1 of 1 on-call — erin can give it",
                lanes.gate(id, "approval").sentence());
        lanes.approve(id, ERIN);
        assertEquals(State.DEPLOYING, lanes.state(id));
    }
}
