package io.jenkins.plugins.serverlesspromotion.cli;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;
import io.jenkins.plugins.serverlesspromotion.engine.lane.CheckResult;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Deployment;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Deployment.Status;
import io.jenkins.plugins.serverlesspromotion.engine.lane.GateStatus;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Lane;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion.State;
import io.jenkins.plugins.serverlesspromotion.engine.lane.PromotionDecisions;
import io.jenkins.plugins.serverlesspromotion.engine.lane.PromotionPlanning;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Sentence;
import io.jenkins.plugins.serverlesspromotion.engine.lane.GateContext.Pause;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.ResourceId;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Freeze;
import io.jenkins.plugins.serverlesspromotion.engine.policy.LaneRules;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Person;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest;
import io.jenkins.plugins.serverlesspromotion.engine.release.Provenance;
import io.jenkins.plugins.serverlesspromotion.engine.release.Published;
import io.jenkins.plugins.serverlesspromotion.engine.release.Release;
import io.jenkins.plugins.serverlesspromotion.engine.release.ReleaseRef;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.DriftReading;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.LeftResource;
import io.jenkins.plugins.serverlesspromotion.view.BoardNeed;
import io.jenkins.plugins.serverlesspromotion.view.ReleaseBoard;
import io.jenkins.plugins.serverlesspromotion.view.ReviewFacts;
import io.jenkins.plugins.serverlesspromotion.view.Wording;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.Test;

/** What is shown, as text, from records made by hand. */
public class TextViewsTest {
    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
    private static final Policy.Place EU = new Policy.Place("orders-prod", "eu-west-1");
    private static final Policy.Place US = new Policy.Place("orders-prod", "us-east-1");
    private static final Person CAROL = new Person("carol", Set.of(), Person.SELF_DECLARED);
    private static final ReleaseRef OLD = release("1.4.0", 3);
    private static final ReleaseRef NEW = release("1.4.2", 5);
    private static final Lane.Live LIVE = new Lane.Live(OLD, "orders.prod.1", NOW.minus(Duration.ofDays(6)), Map.of());

    private static ReleaseRef release(String version, long number) {
        return new ReleaseRef("orders", version, "sha256:" + String.format("%064x", number), number);
    }

    private static Instant ago(long minutes) {
        return NOW.minus(Duration.ofMinutes(minutes));
    }

    private static Promotion promotion(
            String id, State state, PromotionPlanning.Planned plan, Deployment deployment) {
        var request = new PromotionDecisions.Request("user:bob", Set.of("bob"), ago(12), "new checkout", "CHG0031337", null);
        return new Promotion(
                id,
                Promotion.Kind.FORWARD,
                NEW,
                state,
                ago(2),
                null,
                null,
                new PromotionPlanning(1, plan, 0),
                PromotionDecisions.requested(List.of(request)).waitingSince(ago(10)),
                deployment);
    }

    private static PromotionPlanning.Planned planned(Plan.Problem... problems) {
        return new PromotionPlanning.Planned("sha256:" + "9f3c".repeat(16), ago(10), "basis", List.of(problems), List.of(), List.of());
    }

    private static Plan plan() {
        var changes = List.of(
                new Plan.Change(
                        "OrdersFunction",
                        "AWS::Lambda::Function",
                        Plan.Action.MODIFY,
                        Plan.Replacement.NO,
                        List.of(new Plan.PropertyChange("MemorySize", "512", "1024", Plan.Replacement.NO))),
                new Plan.Change(
                        "OrdersTable", "AWS::DynamoDB::Table", Plan.Action.MODIFY, Plan.Replacement.YES, List.of()));
        var finding =
                new Plan.Finding("statefulReplacement", "OrdersTable", "OrdersTable is replaced and loses its data");
        var targets = new ArrayList<Plan.TargetPlan>();
        int wave = 0;
        for (Policy.Place place : List.of(EU, US)) {
            var content = new Plan.Content(
                    Plan.Exactness.EXACT,
                    "orders-prod",
                    null,
                    "sha256:live",
                    Map.of(),
                    Map.of("ssm:/orders/prod/db", "3"),
                    changes,
                    List.of(finding));
            targets.add(new Plan.TargetPlan(place, "api", "cloudformation", wave++, List.of(), content, Map.of()));
        }
        return new Plan("sha256:" + "9f3c".repeat(16), targets, List.of());
    }

    private static GateStatus gate(String gate, GateStatus.GateResult gateResult, String sentence) {
        return new GateStatus(
                GateStatus.Kind.of(gate).orElseThrow(), gateResult, Sentence.of(sentence), List.of(), null);
    }

    private static final GateStatus ASKED =
            gate("approval", GateStatus.GateResult.PENDING, "waiting for 1 of 2 release-managers — dave can give it");

    private static ReviewModel review(Promotion promotion, Plan plan, String whyNot, GateStatus... gates) {
        var placement = new Policy.Placement(List.of(List.of(EU), List.of(US)), Duration.ofMinutes(30));
        var rules = new LaneRules(
                "orders", new Policy.Environment("prod", null, List.of(), null), placement, Map.of(), Map.of());
        var provenance = new Provenance(
                null,
                "a1b2c3d",
                "main",
                List.of("a1b2c3d", "b2c3d4e"),
                List.of(new Provenance.Author("Bob", "bob@acme.net")),
                List.of("user:bob"));
        var published = new Published(
                NEW,
                new Release("orders", "1.4.2", new Manifest("orders", Map.of(), List.of(), List.of(), List.of()), List.of()),
                provenance,
                "main",
                Map.of(),
                ago(60),
                "user:bob",
                List.of());
        List<GateStatus> all = List.of(gates);
        var facts = new ReviewFacts(
                promotion,
                plan,
                LIVE,
                rules,
                List.of(published),
                all,
                List.of(),
                null,
                NOW.plus(Duration.ofMinutes(90)),
                null,
                CAROL,
                whyNot,
                false,
                whyNot);
        return new ReviewModel(
                facts, null, false, NextStep.of(promotion, all, null, whyNot != null, false, ""), null);
    }

    @Test
    public void aPlanSaysWhatItWasConcludedFromWorstFirst() {
        var wider = new Plan.Finding(
                "iamBroadening",
                "Api",
                "Api may do more: s3:Get*",
                List.of(
                        new Plan.Evidence("Resources.Api.Policies[0]", null, "Allow s3:Get*"),
                        new Plan.Evidence("Resources.Api.Policies[1]", "Allow a", "Allow b"),
                        new Plan.Evidence("Resources.Api.Policies[2]", "Allow c", "Allow d"),
                        new Plan.Evidence("Resources.Api.Policies[3]", "Allow e", "Allow f")));
        var gone = new Plan.Finding(
                "statefulDeletion",
                "Table",
                "Table is deleted with what it holds",
                List.of(new Plan.Evidence("Resources.Table", "AWS::DynamoDB::Table", null)));
        var content = new Plan.Content(
                Plan.Exactness.BOUNDED,
                "orders-prod",
                "sha256:t",
                "sha256:l",
                Map.of("Site", "${output.edge.Domain}", "Key", "****"),
                Map.of("secret:orders/key", "v-7"),
                List.of(new Plan.Change("Api", "AWS::Lambda::Function", Plan.Action.MODIFY, Plan.Replacement.NO,
                        List.of(new Plan.PropertyChange(
                                "/Properties/Timeout", "3", "30", Plan.Replacement.NO)))),
                List.of(wider, gone));
        var target = new Plan.TargetPlan(EU, "api", "cloudformation", 0, List.of(), content, Map.of());
        var plan = new Plan("sha256:" + "9f3c".repeat(16), List.of(target), List.of());
        String text = String.join(
                "\n", PlanView.lines(new PlanAnswer("orders@1.4.2", "prod", null, plan)));
        String wanted = String.join(
                "\n",
                "orders@1.4.2 → prod, only planned: no promotion was requested",
                "plan 9f3c9f3c9f3c",
                "  " + Marks.RISK + " Table is deleted with what it holds (" + EU + ")",
                "      Resources.Table: AWS::DynamoDB::Table → (none)",
                "  " + Marks.RISK + " Api may do more: s3:Get* (" + EU + ")",
                "      Resources.Api.Policies[0]: (none) → Allow s3:Get*",
                "      Resources.Api.Policies[1]: Allow a → Allow b",
                "      Resources.Api.Policies[2]: Allow c → Allow d",
                "      and 1 more; --json lists them all",
                "  the existing stacks were not deployed from here; the plan is made against them",
                "",
                "Changes (1)",
                "  " + EU + "/api (cloudformation orders-prod): upper bound: a value is not known before"
                        + " another target is deployed",
                "    ~ modify Api (AWS::Lambda::Function)",
                "        Timeout: 3 → 30",
                "    parameter Key = ****",
                "    parameter Site = ${output.edge.Domain}",
                "    pinned secret:orders/key at version v-7");
        assertEquals(wanted, text);
    }

    private static String lines(ReviewModel reviewModel) {
        return String.join("\n", ReviewText.lines(reviewModel, NOW, ZoneId.of("UTC"), 100));
    }

    @Test
    public void aReviewSaysWhatIsDangerousBeforeAnythingElse() {
        String text = lines(review(promotion("orders.prod.7", State.WAITING, planned(), null), plan(), null, ASKED));
        assertTrue(text, text.startsWith("orders 1.4.2 → prod   "));
        assertTrue(text, text.lines().findFirst().orElseThrow().endsWith("◷ WAITING · expires in 1 h 30 min"));
        assertTrue(
                text,
                text.contains("requested by bob 12 min ago (Sat 2026-11-21 11:48 UTC) · ticket CHG0031337 · new checkout"));
        int risk = text.indexOf(
                "▲ OrdersTable is replaced and loses its data (orders-prod/eu-west-1, orders-prod/us-east-1)");
        int summary = text.indexOf("2 stacks · 4 changes · rollback would return to 1.4.0");
        int places = text.indexOf("1.4.0 → 1.4.2  wave 2, 30 min later");
        int gates = text.indexOf("◷ approval pending: waiting for 1 of 2 release-managers");
        int changes = text.indexOf("Changes (4)");
        assertTrue(text, 0 < risk && risk < summary && summary < places && places < gates && gates < changes);
        assertEquals("each finding is said once", risk, text.lastIndexOf("▲ OrdersTable is replaced and loses"));
        assertTrue(text, text.contains("~ modify OrdersTable (AWS::DynamoDB::Table) ▲ replaced"));
        assertTrue(text, text.contains("MemorySize: 512 → 1024"));
        assertTrue(text, text.contains("pinned ssm:/orders/prod/db at version 3"));
        assertTrue(text, text.contains("Commits since 1.4.0 (2, 1 author, as the commits state them)"));
        assertTrue(text, text.contains("✓ you (carol): you can approve it"));
        assertTrue(text, text.endsWith("Next: promotion approve orders.prod.7 --plan 9f3c9f3c9f3c"));
    }

    @Test
    public void whoCannotApproveIsToldWhyAndThatSomebodyElseMust() {
        String why = "you asked for this, so you cannot approve it";
        String text = lines(review(promotion("orders.prod.7", State.WAITING, planned(), null), plan(), why, ASKED));
        assertTrue(text, text.contains("✗ you (carol): " + why));
        assertTrue(text, text.endsWith("--plan 9f3c9f3c9f3c --as PERSON"));
    }

    @Test
    public void aLongValueIsShownFromWhereItChanges() {
        String same = "s3:GetObject,".repeat(40);
        var property = new Plan.PropertyChange("/Properties/Policy", same + "s3:Get*", same + "s3:*", null);
        var change =
                new Plan.Change("Role", "AWS::IAM::Role", Plan.Action.MODIFY, Plan.Replacement.NO, List.of(property));
        var content =
                new Plan.Content(Plan.Exactness.EXACT, "s", null, null, Map.of(), Map.of(), List.of(change), List.of());
        var target = new Plan.TargetPlan(EU, "api", "cloudformation", 0, List.of(), content, Map.of());
        String text = String.join("\n", ChangesView.lines(new Plan("sha256:x", List.of(target), List.of())));
        assertTrue(text, text.contains("        Policy: …ect,s3:GetObject,s3:Get* → …"));
        assertTrue(text, text.endsWith("s3:*"));
    }

    @Test
    public void anIncompletePlanSaysWhatIsMissing() {
        var problem = new Plan.Problem("orders-prod/us-east-1/api", "access denied assuming promotion-plan");
        var plan = new Plan(plan().digest(), plan().targets(), List.of(problem));
        var promotion = promotion("orders.prod.7", State.WAITING, planned(problem), null);
        ReviewModel reviewModel = review(promotion, plan, null, gate("plan", GateStatus.GateResult.PENDING, "cannot be approved yet"));
        String text = lines(reviewModel);
        assertTrue(
                text, text.contains("✗ not planned: orders-prod/us-east-1/api: access denied assuming promotion-plan"));
        assertTrue(text, text.endsWith("Next: promotion replan orders.prod.7"));
        assertEquals(Exit.NOT_FOUND_OUT, Exit.of(promotion, reviewModel.gates()));
    }

    @Test
    public void aPlaceLeftHalfWayIsSaid() {
        var places = new LinkedHashMap<String, ReleaseRef>();
        places.put(EU.toString(), NEW);
        places.put(US.toString(), null);
        var live = new Lane.Live(OLD, "orders.prod.1", ago(5), places);
        ReviewFacts base = review(promotion("orders.prod.7", State.WAITING, planned(), null), plan(), null, ASKED)
                .facts();
        var facts = new ReviewFacts(
                base.promotion(),
                base.plan(),
                live,
                base.rules(),
                List.of(),
                base.gates(),
                List.of(),
                null,
                null,
                null,
                CAROL,
                null,
                false,
                null);
        var reviewModel = new ReviewModel(facts, null, false, null, null);
        assertEquals("1.4.2", facts.liveAt(EU.toString()));
        assertTrue(lines(reviewModel), lines(reviewModel).contains("incomplete → 1.4.2"));
    }

    private static Promotion deploying(State state, Status... statuses) {
        var steps = new ArrayList<Deployment.Step>();
        int i = 0;
        for (Status status : statuses) {
            String key = (i < 2 ? EU : US) + (i % 2 == 0 ? "/edge" : "/api");
            steps.add(new Deployment.Step(key, i / 2, List.of(), status, ago(1), null, Map.of(), null, List.of()));
            i++;
        }
        int verified = state == State.DEPLOYING && statuses[1] == Status.DONE ? 1 : 0;
        Instant open = verified == 1 ? NOW.plus(Duration.ofMinutes(30)) : null;
        return promotion("orders.prod.7", state, planned(), new Deployment(1, steps, verified, open, null));
    }

    @Test
    public void whatTheChecksAnsweredIsShown() {
        var failed = new CheckResult(
                "GET https://orders.acme.com/health",
                EU.toString(),
                false,
                3,
                84,
                "500",
                null,
                "answered 500 instead of 200");
        Deployment deployment =
                deploying(State.FAILED, Status.DONE, Status.DONE).deployment();
        Promotion p = promotion(
                "orders.prod.7",
                State.FAILED,
                planned(),
                new Deployment(
                        1, deployment.steps(), 0, null, null, List.of(new Deployment.Checked(ago(4), failed))));
        String shown = lines(review(p, plan(), null, ASKED));
        assertTrue(
                shown,
                shown.contains("✗ GET https://orders.acme.com/health from " + EU
                        + ": 500 in 84 ms, asked 3 times: answered 500 instead of 200"));
    }

    @Test
    public void progressShowsEveryPlaceWithItsTargets() {
        Promotion p = deploying(State.DEPLOYING, Status.DONE, Status.RUNNING, Status.PENDING, Status.PENDING);
        List<String> lines = ProgressView.lines(p, Map.of(EU + "/api", "OrdersFunction UPDATE_IN_PROGRESS"), NOW);
        assertEquals("orders 1.4.2 → prod   ⟳ DEPLOYING · 2 min", lines.get(0));
        assertEquals("  orders-prod/eu-west-1  [########........] 1/2  ✓ edge done   ⟳ api running", lines.get(1));
        assertEquals("  orders-prod/us-east-1  [................] 0/2  ◷ edge pending   ◷ api pending", lines.get(2));
        assertEquals("    api: OrdersFunction UPDATE_IN_PROGRESS", lines.get(3));
    }

    @Test
    public void progressSaysWhenTheNextWaveStarts() {
        Promotion p = deploying(State.DEPLOYING, Status.DONE, Status.DONE, Status.PENDING, Status.PENDING);
        List<String> lines = ProgressView.lines(p, Map.of(), NOW);
        assertEquals("  wave 2 starts in 30 min", lines.get(lines.size() - 1));
    }

    private static ReleaseBoard board(BoardNeed... needs) {
        var prod = new LaneId("orders", "prod");
        var waiting = promotion("orders.prod.7", State.WAITING, planned(), null);
        var deployment = deploying(State.DEPLOYING, Status.DONE, Status.RUNNING, Status.PENDING, Status.PENDING)
                .deployment();
        var running = promotion("orders.dev.7", State.DEPLOYING, planned(), deployment);
        var dev = new Lane(new LaneId("orders", "dev"), LIVE, List.of(), null, List.of(running), 1, 1);
        var hold = new Lane.Hold("user:erin", ago(5), "checkout fails");
        var lane = new Lane(prod, LIVE, List.of(), hold, List.of(waiting), 7, 3);
        var cells = new LinkedHashMap<String, ReleaseBoard.Cell>();
        cells.put("dev", new ReleaseBoard.Cell(dev, true, null, null, List.of()));
        cells.put("prod", new ReleaseBoard.Cell(
                lane, true, promotion("orders.prod.6", State.FAILED, planned(), null), null, List.of()));
        var other = Map.of("dev", new ReleaseBoard.Cell(
                Lane.empty(new LaneId("billing", "dev")), true, null, null, List.of()));
        var rows = new LinkedHashMap<String, Map<String, ReleaseBoard.Cell>>();
        rows.put("orders", cells);
        rows.put("billing", other);
        var pause = new Pause(Pause.environment("prod"), "user:erin", ago(30), "incident 4711");
        return new ReleaseBoard(
                CAROL, List.of(needs), List.of(), List.of(pause), List.of(), List.of("dev", "prod"), rows);
    }

    @Test
    public void theBoardIsATableWhereItFits() {
        var need = new BoardNeed(
                BoardNeed.Kind.APPROVAL,
                promotion("orders.prod.7", State.WAITING, planned(), null),
                Sentence.of("waiting for 1 of 2"),
                null);
        String text = String.join("\n", BoardView.lines(board(need), NOW, 120));
        assertEquals("""
            Needs you, carol (1)
              orders 1.4.2 → prod  orders.prod.7  requested by bob 12 min ago · waiting for 1 of 2

            ⏸ paused: environment prod, by erin 30 min ago (incident 4711)

            Service  dev                            prod
            orders   1.4.0 ✓ live 6 d               1.4.0 ✓ live 6 d
                     ⟳ 1.4.2 deploying 1/4 targets  ◷ 1.4.2 waiting
                                                    ✗ 1.4.2 failed 2 min
                                                    ⏸ hold after rollback
            billing  nothing yet                    ·\
            """, text);
    }

    @Test
    public void driftSoakAndFreezeAreOnTheBoard() {
        var id = new LaneId("orders", "staging");
        var lane = new Lane(id, LIVE, List.of(), null, List.of(), 1, 1);
        String key = "orders-prod/eu-west-1/api";
        var drift = new DriftReading(
                id,
                LIVE.promotion(),
                OLD,
                lane.changes(),
                ago(9),
                "schedule",
                List.of(),
                List.of(new DriftReading.Known(key, ago(9), List.of("Fn: MemorySize"))));
        var soak = new ReleaseBoard.Soak("prod", NOW.plus(Duration.ofMinutes(12)));
        var left = new LeftResource(ResourceId.stack("orders-old", "033333333333", "eu-west-1"), "orders.staging.1", null);
        var cell = new ReleaseBoard.Cell(lane, true, null, drift, List.of(soak), List.of(left));
        var freeze = new Freeze(
                "year-end",
                LocalDateTime.parse("2026-11-20T00:00"),
                LocalDateTime.parse("2027-01-02T00:00"),
                ZoneId.of("UTC"),
                List.of("prod"),
                List.of());
        var active = new ReleaseBoard.ActiveFreeze(freeze, Instant.parse("2027-01-02T00:00:00Z"));
        var board = new ReleaseBoard(
                CAROL,
                List.of(),
                List.of(),
                List.of(),
                List.of(active),
                List.of("staging"),
                Map.of("orders", Map.of("staging", cell)));
        String text = String.join("\n", BoardView.lines(board, NOW, 120));
        assertEquals("""
            ⏸ prod is frozen until Sat 2027-01-02 00:00 UTC (year-end).

            Service  staging
            orders   1.4.0 ✓ live 6 d
                     ◷ soak 12 min before prod
                     ▲ drift in eu-west-1
                     ▲ left behind: stack orders-old in 033333333333/eu-west-1\
            """, text);
    }

    @Test
    public void aNarrowTerminalGetsOneCardPerService() {
        List<String> lines = BoardView.lines(board(), NOW, 50);
        assertTrue(lines.toString(), lines.stream().noneMatch(l -> TextFormat.width(l) > 80));
        assertEquals("orders", lines.get(2));
        assertEquals("  dev   1.4.0 ✓ live 6 d", lines.get(3));
        assertEquals("        ⟳ 1.4.2 deploying 1/4 targets", lines.get(4));
        assertEquals("  prod  1.4.0 ✓ live 6 d", lines.get(5));
    }

    @Test
    public void anEmptyBoardSaysHowToBegin() {
        String text = String.join("\n", BoardView.lines(ReleaseBoard.empty(CAROL), NOW, 80));
        assertTrue(text, text.contains("promotion policy apply FILE") && text.contains("publishRelease"));
    }

    @Test
    public void everyStateHasAMarkAndAnExitCode() {
        for (State state : State.values()) {
            assertFalse(Marks.of(state).isEmpty());
            int exit = Exit.of(promotion("orders.prod.7", state, planned(), null), List.of());
            boolean isGood = state == State.SUCCEEDED || state == State.WAITING || state == State.QUEUED;
            assertEquals(state.name(), isGood, exit == Exit.DONE);
            assertEquals(
                    state.name(), state == State.ERRORED || !state.isOver() && !isGood, exit == Exit.NOT_FOUND_OUT);
        }
        var waiting = promotion("orders.prod.7", State.WAITING, planned(), null);
        assertEquals(Exit.NO, Exit.of(waiting, List.of(gate("order", GateStatus.GateResult.BLOCKED, "older"))));
    }

    @Test
    public void theNextStepIsTheCommandThatHelps() {
        var waiting = promotion("orders.prod.7", State.WAITING, planned(), null);
        var queued = promotion("orders.prod.7", State.QUEUED, planned(), null);
        var holds = gate("plan", GateStatus.GateResult.PASSED, "planned");
        var onHold = gate("hold", GateStatus.GateResult.PENDING, "on hold");
        var path = gate("path", GateStatus.GateResult.PENDING, "waiting for dev");
        assertEquals(
                "promotion release-hold orders --in prod --reason TEXT --home x",
                NextStep.of(waiting, List.of(holds, onHold), null, false, false, " --home x"));
        assertNull("another promotion must come first", NextStep.of(waiting, List.of(path, ASKED), null, false, false, ""));
        assertEquals(
                "promotion resume --service orders --reason TEXT",
                NextStep.of(queued, List.of(), new Pause(Pause.service("orders"), "user:e", NOW, "x"), false, false, ""));
        assertEquals(
                "promotion resume --reason TEXT",
                NextStep.of(queued, List.of(), new Pause(Pause.EVERYTHING, "user:e", NOW, "x"), false, false, ""));
        assertEquals(
                "promotion work",
                NextStep.of(
                        deploying(State.DEPLOYING, Status.RUNNING, Status.PENDING),
                        List.of(),
                        new Pause(Pause.EVERYTHING, "user:e", NOW, "x"),
                        false,
                        false,
                        ""));
        assertNull(NextStep.of(promotion("orders.prod.7", State.FAILED, planned(), null), List.of(), null, false, false, ""));
    }

    @Test
    public void lengthsReadAsPeopleSayThem() {
        assertEquals("0 s", Wording.length(Duration.ofSeconds(-5)));
        assertEquals("59 s", Wording.length(Duration.ofSeconds(59)));
        assertEquals("1 min", Wording.length(Duration.ofSeconds(119)));
        assertEquals("2 h 4 min", Wording.length(Duration.ofMinutes(124)));
        assertEquals("47 h 59 min", Wording.length(Duration.ofMinutes(48 * 60 - 1)));
        assertEquals("2 d", Wording.length(Duration.ofHours(48)));
    }

    @Test
    public void cuttingCountsCharactersNotHalvesOfThem() {
        assertEquals("abc", TextFormat.cut("abc", 3));
        assertEquals("ab…", TextFormat.cut("abcd", 3));
        assertEquals("😀…", TextFormat.cut("😀😀😀", 2));
    }
}
