package io.jenkins.plugins.serverlesspromotion.engine.lane;

import static io.jenkins.plugins.serverlesspromotion.engine.lane.Lanes.ERIN;
import static io.jenkins.plugins.serverlesspromotion.engine.lane.Lanes.release;
import static org.junit.Assert.assertEquals;

import io.jenkins.plugins.serverlesspromotion.engine.lane.GateContext.ReleaseFacts;
import io.jenkins.plugins.serverlesspromotion.engine.lane.GateStatus.GateResult;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Gate;
import io.jenkins.plugins.serverlesspromotion.engine.policy.LaneRules.Route;
import io.jenkins.plugins.serverlesspromotion.engine.release.Evidence;
import io.jenkins.plugins.serverlesspromotion.engine.release.Evidence.Result;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.Test;

/** What the gates about a release say to people, to the letter: nobody can act on a sentence that names the wrong thing. */
public class ReleaseGatesTest {
    private final Lanes lanes = new Lanes(); // 2026-11-21 12:00 UTC

    private String waiting(int number) {
        String id = lanes.request(number, "bob");
        lanes.work();
        return id;
    }

    private List<String> gates(String id) {
        return Gates.of(lanes.lane, lanes.get(id), lanes.around(), lanes.now).stream()
                .map(GateStatus::gate)
                .toList();
    }

    private void says(String id, String gate, GateResult gateResult, String sentence) {
        GateStatus status = lanes.gate(id, gate);
        assertEquals(sentence, status.sentence());
        assertEquals(sentence, gateResult, status.result());
    }

    private static ReleaseFacts of(String branch, String revision) {
        return new ReleaseFacts(branch, revision, Set.of(), List.of(), List.of(), List.of(), List.of());
    }

    // --- no policy, no plan ---

    @Test
    public void withoutAPolicyForTheLaneThereIsOneGateAndItRefuses() {
        String id = waiting(1);
        lanes.placed = false;
        assertEquals(List.of("policy"), gates(id));
        says(id, "policy", GateResult.BLOCKED, "no valid policy places orders in prod");
        assertEquals(
                "no valid policy places this service in this environment",
                Gates.whyNot(ERIN, lanes.get(id), lanes.around(), lanes.now).orElseThrow());
        assertEquals(List.of(), Gates.roles(lanes.get(id), lanes.around(), lanes.now));
        assertEquals(
                "nobody can override what no rule says",
                true,
                Gates.overrideStatus(lanes.lane, lanes.get(id), lanes.around(), lanes.now)
                        .isEmpty());
    }

    @Test
    public void beforeItIsPlannedThereIsNothingToDecideAbout() {
        lanes.gates(false);
        String id = lanes.request(1, "bob");
        says(id, "plan", GateResult.PENDING, "not planned yet");
    }

    @Test
    public void aPlanWithHolesNamesEachOfThem() {
        lanes.gates(false);
        String id = lanes.request(1, "bob");
        lanes.planned(
                id,
                1,
                new Plan.Problem("orders-prod/eu-west-1/api", "throttled"),
                new Plan.Problem("orders-prod/us-west-2/api", "no such role"));
        says(
                id,
                "plan",
                GateResult.PENDING,
                "cannot be approved yet: orders-prod/eu-west-1/api: throttled; orders-prod/us-west-2/api: no such"
                        + " role");
    }

    // --- path and order ---

    @Test
    public void whereThereAreNoPathsNobodyIsAskedForOne() {
        lanes.gates(false);
        lanes.pause = new GateContext.Pause("everything", "user:dave", lanes.now, "incident");
        assertEquals(List.of("plan"), gates(waiting(1)));
    }

    @Test
    public void aPathThatBeginsHereSaysSo() {
        lanes.gates(false);
        lanes.routes = List.of(new Route("default", List.of(), true, null));
        says(waiting(1), "path", GateResult.PASSED, "the path default begins here");
    }

    @Test
    public void aPathThatLeadsElsewhereIsNamed() {
        lanes.gates(false);
        lanes.routes = List.of(new Route("trial", List.of("main"), false, null));
        says(
                waiting(1),
                "path",
                GateResult.BLOCKED,
                "orders@1.1.0 takes the path trial, which does not lead through prod");
    }

    @Test
    public void ofAReleaseThatNothingIsKnownOfNoPathIsKnownAndNoEvidence() {
        lanes.gates(false, new Gate.Evidence("tests", List.of("job:unit"), null));
        lanes.routes = List.of(new Route("default", List.of(), true, null));
        lanes.releaseFacts = null;
        String id = waiting(1);
        for (String gate : List.of("path", "dependency", "evidence")) {
            says(id, gate, GateResult.PENDING, "cannot establish what was published with orders@1.1.0");
        }
    }

    @Test
    public void theReleaseThatIsLiveMayComeInAgainAndAnOlderOneMayNot() {
        lanes.gates(false);
        lanes.deploy(2);
        lanes.gates(false, new Gate.ContainsLive());
        String same = lanes.request(2, "bob");
        assertEquals(List.of("containsLive", "plan"), gates(same));
        says(same, "containsLive", GateResult.PASSED, "orders@1.2.0 is live here itself");
        String older = lanes.request(1, "bob");
        says(
                older,
                "order",
                GateResult.BLOCKED,
                "1.1.0 is older than 1.2.0, which is live here; use a rollback to go back");
    }

    // --- containsLive ---

    @Test
    public void whoseCommitIsNotKnownIsNamed() {
        lanes.gates(false);
        lanes.deploy(1);
        lanes.gates(false, new Gate.ContainsLive());
        lanes.releaseFacts = null;
        String id = lanes.request(2, "bob");
        String ofLive = "cannot establish of which commit orders@1.1.0 is, which is live here";
        says(id, "containsLive", GateResult.PENDING, ofLive);
        lanes.knownOf.put(release(1).digest(), of("main", null));
        lanes.knownOf.put(release(2).digest(), of("main", "a1b2c3d4"));
        says(id, "containsLive", GateResult.PENDING, ofLive);
        lanes.knownOf.put(release(1).digest(), of("main", "a1b2c3d4"));
        lanes.knownOf.remove(release(2).digest());
        says(id, "containsLive", GateResult.PENDING, "cannot establish of which commit orders@1.2.0 is");
        lanes.knownOf.put(release(2).digest(), of("main", "ffff"));
        says(
                id,
                "containsLive",
                GateResult.BLOCKED,
                "is not known to contain a1b2c3d4, the commit of orders@1.1.0, which is live here; merge it and publish"
                        + " again");
        lanes.knownOf.put(release(2).digest(), of("main", "a1b2c3d4"));
        says(
                id,
                "containsLive",
                GateResult.PASSED,
                "contains a1b2c3d4, the commit of orders@1.1.0, which is live here");
    }

    // --- evidence ---

    private void found(Evidence evidence) {
        lanes.releaseFacts = new ReleaseFacts("main", List.of(), List.of(evidence));
    }

    private Evidence tests(Result result, String run, String detail) {
        return new Evidence("orders@1.1.0", "tests", result, "job:unit", run, detail, lanes.now);
    }

    @Test
    public void whatWasFoundOutIsToldWithWhoWhenAndWhat() {
        lanes.gates(true, new Gate.Evidence("tests", List.of("job:unit", "key:ci"), Duration.ofHours(25)));
        String id = waiting(1);
        says(id, "evidence", GateResult.PENDING, "waiting for tests of orders@1.1.0 by job:unit or key:ci");
        found(tests(Result.PASSED, null, null));
        says(id, "evidence", GateResult.PASSED, "tests passed: job:unit at 2026-11-21T12:00:00Z");
        found(tests(Result.PASSED, "218", null));
        says(id, "evidence", GateResult.PASSED, "tests passed: job:unit #218 at 2026-11-21T12:00:00Z");
        found(tests(Result.FAILED, null, "3 of 90"));
        says(id, "evidence", GateResult.BLOCKED, "tests failed: job:unit at 2026-11-21T12:00:00Z (3 of 90)");
        found(tests(Result.PASSED, "218", "90 of 90"));
        lanes.now = lanes.now.plus(Duration.ofHours(25));
        says(
                id,
                "evidence",
                GateResult.PENDING,
                "tests may be 1 d 1 h old and is older: job:unit #218 at 2026-11-21T12:00:00Z (90 of 90)");
    }

    // --- ticket ---

    @Test
    public void whatIsWrongWithTheTicketIsSaid() {
        lanes.gates(false, new Gate.Ticket("CHG[0-9]+"));
        String id = waiting(1);
        says(
                id,
                "ticket",
                GateResult.PENDING,
                "no ticket was named; it must look like CHG[0-9]+; request the same promotion again with one");
        lanes.take(new Fact.Requested(
                release(1), new PromotionDecisions.Request("user:bob", Set.of("bob"), lanes.now, null, "INC7", null)));
        says(
                id,
                "ticket",
                GateResult.PENDING,
                "INC7 is no ticket of the form CHG[0-9]+; request the same promotion again with one");
        lanes.take(new Fact.Requested(
                release(1), new PromotionDecisions.Request("user:bob", Set.of("bob"), lanes.now, null, "CHG7", null)));
        says(id, "ticket", GateResult.PASSED, "CHG7");
    }

    // --- lengths of time ---

    @Test
    public void lengthsOfTimeAreToldInTheirOwnUnits() {
        String[][] told = {
            {"PT0S", "0 s"},
            {"PT59S", "59 s"},
            {"PT60S", "1 min"},
            {"PT59M59S", "59 min"},
            {"PT60M", "1 h"},
            {"PT61M", "1 h 1 min"},
            {"PT24H", "1 d"},
            {"PT24H1M", "1 d 1 min"},
            {"P7DT2H30M", "7 d 2 h 30 min"}
        };
        for (String[] row : told) {
            assertEquals(row[0], row[1], ReleaseGates.words(Duration.parse(row[0])));
        }
    }
}
