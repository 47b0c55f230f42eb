package io.jenkins.plugins.serverlesspromotion.aws;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.Shows;
import io.jenkins.plugins.serverlesspromotion.aws.call.Sha256;
import io.jenkins.plugins.serverlesspromotion.aws.function.ShiftMark;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Deployment.Status;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Fact;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.engine.port.Deployer;
import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest;
import io.jenkins.plugins.serverlesspromotion.engine.release.Published;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/** The scenarios of functions in the sandbox, and those that need its log and its faults. */
public class LambdaTargetTest extends LambdaSuite {
    @Rule
    public final SandboxLab sandbox = new SandboxLab();

    private FunctionLab function;

    @Before
    public void open() {
        function = new FunctionLab(sandbox, 0.01);
    }

    @After
    public void close() {
        function.close();
    }

    @Override
    Lab lab() {
        return sandbox.lab();
    }

    @Override
    FunctionLab function() {
        return function;
    }

    @Test
    @Shows(table = Shows.DEPLOYING, cell = "canary: stale plan")
    public void aSettingThatSomebodyElseChangedMakesThePlanVoid() throws Exception {
        var work = work("orders.dev.1", "1.1.0", all(Map.of("memorySize", "256")), V2);
        Plan.TargetPlan step = lab().plan(work, 1).targets().get(0);
        function.lambda()
                .updateFunctionConfiguration(
                        r -> r.functionName(FunctionLab.FUNCTION).memorySize(512));
        function.settle();
        Fact.StepResult result = lab().deploy(work, step);
        assertEquals(result.detail(), Status.STALE, result.status());
        assertTrue(result.detail(), result.detail().contains("MemorySize would change in another way"));
        // Half of it is there: what is left can no longer be called untouched.
        function.lambda()
                .updateFunctionConfiguration(
                        r -> r.functionName(FunctionLab.FUNCTION).memorySize(256));
        function.settle();
        function.lambda()
                .updateAlias(r -> r.functionName(FunctionLab.FUNCTION)
                        .name("live")
                        .functionVersion("1")
                        .routingConfig(w -> w.additionalVersionWeights(Map.of(version(), 0.5))));
        Fact.StepResult partly = lab().deploy(work, step);
        assertEquals(partly.detail(), Status.FAILED, partly.status());
        assertTrue(partly.detail(), partly.detail().contains("alias live is at version 1, 2 with 50 %"));
    }

    private String version() {
        return function.lambda()
                .publishVersion(r -> r.functionName(FunctionLab.FUNCTION))
                .version();
    }

    @Test
    @Shows(table = Shows.DEPLOYING, cell = "canary: alarm goes off")
    public void anAlarmThatNobodySawStillTakesTheCanaryBack() throws Exception {
        var work = work("orders.dev.1", "1.1.0", canary(FunctionLab.ALARM), V2);
        Plan.TargetPlan step = lab().plan(work, 1).targets().get(0);
        new HalfWay(work, step).crash();
        function.alarm("ALARM");
        function.alarm("OK");
        lab().restart();
        Fact.StepResult result = lab().deploy(work, step);
        assertEquals(result.detail(), Status.FAILED, result.status());
        assertTrue(result.detail(), result.detail().contains("alarm orders-errors-dev went into state ALARM at"));
        assertEquals("1", function.routing());
    }

    @Test
    @Shows(table = Shows.DEPLOYING, cell = "canary: crash anywhere")
    public void aCanaryThatNobodyBroughtToItsEndForADayIsTakenBack() throws Exception {
        var work = work("orders.dev.1", "1.1.0", canary(FunctionLab.ALARM), V2);
        Plan.TargetPlan step = lab().plan(work, 1).targets().get(0);
        new HalfWay(work, step).crash();
        String description = function.alias().description();
        var mark = ShiftMark.parse(description);
        function.lambda()
                .updateAlias(r -> r.functionName(FunctionLab.FUNCTION)
                        .name("live")
                        .description(mark.shifting(mark.since().minus(Duration.ofDays(2)))
                                .text()));
        lab().restart();
        Fact.StepResult result = lab().deploy(work, step);
        assertEquals(result.detail(), Status.FAILED, result.status());
        assertTrue(result.detail(), result.detail().contains("the shift was not completed within 24 h"));
        assertEquals("1", function.routing());
    }

    @Test
    public void anAlarmWithoutDataSaysNothingAndACompositeOneCounts() throws Exception {
        function.alarm("INSUFFICIENT_DATA");
        function.alarms()
                .putCompositeAlarm(r -> r.alarmName("orders-all").alarmRule("ALARM(" + FunctionLab.ALARM + ")"));
        deployed("1.1.0", canary(FunctionLab.ALARM, "orders-all"), V2);
        function.alarms()
                .setAlarmState(
                        r -> r.alarmName("orders-all").stateValue("ALARM").stateReason("now"));
        var work = work("orders.dev.2", "1.2.0", canary(FunctionLab.ALARM, "orders-all"), V1);
        Fact.StepResult result =
                lab().deploy(work, lab().plan(work, 1).targets().get(0));
        assertTrue(result.detail(), result.detail().startsWith("alarm orders-all is in state ALARM"));
    }

    @Test
    public void anAbortInTheMiddleOfACanaryTakesTheTrafficBack() throws Exception {
        var work = work("orders.dev.1", "1.1.0", canary(FunctionLab.ALARM), V2);
        Plan.TargetPlan step = lab().plan(work, 1).targets().get(0);
        var halfWay = new HalfWay(work, step);
        lab().abort = true;
        Fact.StepResult result = halfWay.result();
        assertEquals(result.detail(), Status.FAILED, result.status());
        assertTrue(
                result.detail(),
                result.detail()
                        .endsWith(
                                "the promotion was aborted; alias live is back at version 1, version 2 gets no calls"));
        assertEquals("1", function.routing());
    }

    @Test
    public void alarmsThatCannotBeReadEndTheShiftWhereItBegan() throws Exception {
        var work = work("orders.dev.1", "1.1.0", canary(FunctionLab.ALARM), V2);
        Plan.TargetPlan step = lab().plan(work, 1).targets().get(0);
        var halfWay = new HalfWay(work, step);
        sandbox.control()
                .fault(
                        "error",
                        "service",
                        "cloudwatch",
                        "operation",
                        "DescribeAlarm*",
                        "count",
                        -1,
                        "status",
                        403,
                        "code",
                        "AccessDenied");
        Fact.StepResult result = halfWay.result();
        assertEquals(result.detail(), Status.FAILED, result.status());
        assertTrue(result.detail(), result.detail().contains("its alarms could not be watched"));
        assertEquals("1", function.routing());
    }

    private Deployer.Work checking(String promotion, String version, String code) throws Exception {
        var check = new Manifest.LambdaCheck(
                "worker", "orders-worker-${environment}", "{}", new Manifest.Expectation(null, 200, null), 1, true);
        var manifest = new Manifest("orders", Map.of(), List.of(canary(FunctionLab.ALARM)), List.of(check), List.of());
        return lab().work(promotion, lab().publish(version, manifest, Map.of(FunctionLab.CODE, code)));
    }

    @Test
    public void theNewVersionIsAskedBeforeItGetsASingleCall() throws Exception {
        var bad = checking("orders.dev.1", "1.1.0", OrdersSamples.answering(500, "broken"));
        Plan.TargetPlan step = lab().plan(bad, 1).targets().get(0);
        Fact.StepResult refused = lab().deploy(bad, step);
        assertEquals(refused.detail(), Status.FAILED, refused.status());
        assertTrue(
                refused.detail(),
                refused.detail()
                        .startsWith("lambda orders-worker-dev version 2 in orders-dev/eu-west-1 answered statusCode 500"
                                + " instead of 200"));
        assertTrue(refused.detail(), refused.detail().endsWith("is as it was, version 2 gets no calls"));
        assertEquals(0, sandbox.happened("lambda:alias", "orders-worker-dev:live", "update"));
        assertEquals(2, refused.results().get(0).attempts());
        assertFalse(refused.results().get(0).held());
        var invoked = sandbox.control().log("lambda", "Invoke").get(0);
        assertTrue(invoked.path("principal").asText().contains("promotion-test"));
        assertTrue(
                invoked.path("resource").asText(),
                invoked.path("resource").asText().endsWith("orders-worker-dev:2"));

        var good = checking("orders.dev.2", "1.2.0", V2);
        Fact.StepResult result =
                lab().deploy(good, lab().plan(good, 1).targets().get(0));
        assertEquals(result.detail(), Status.DONE, result.status());
        assertEquals(
                "lambda orders-worker-dev version 3", result.results().get(0).check());
        assertTrue(result.results().get(0).held());
        // It is not asked again after the wave.
        Plan plan = new Plan("sha256:" + "0".repeat(64), List.of(step), List.of());
        assertEquals(
                List.of(),
                lab().deployer()
                        .verify(good, 1, 0, plan, Map.of(), lab().progress)
                        .checks());
    }

    @Test
    @Shows(table = Shows.DEPLOYING, cell = "allAtOnce: every fault once")
    public void lostAnswersAndStaleRevisionsHaveEachEffectOnce() throws Exception {
        var work = work("orders.dev.1", "1.1.0", canary(Map.of("memorySize", "256"), FunctionLab.ALARM), V2);
        Plan.TargetPlan step = lab().plan(work, 1).targets().get(0);
        for (String operation :
                List.of("UpdateFunctionCode", "UpdateFunctionConfiguration", "PublishVersion", "UpdateAlias")) {
            sandbox.control().loseResponse("lambda", operation, 1);
            sandbox.control()
                    .fault(
                            "error",
                            "service",
                            "lambda",
                            "operation",
                            operation,
                            "skip",
                            1,
                            "status",
                            412,
                            "code",
                            "PreconditionFailedException",
                            "message",
                            "The Revision Id provided does not match");
            sandbox.control().throttle("lambda", operation, 2);
        }
        Fact.StepResult result = lab().deploy(work, step);
        assertEquals(result.detail(), Status.DONE, result.status());
        assertEquals("2", function.routing());
        assertEquals(1, sandbox.happened("lambda:function", FunctionLab.FUNCTION, "update-code"));
        assertEquals(1, sandbox.happened("lambda:function", FunctionLab.FUNCTION, "update-configuration"));
        assertEquals(2, sandbox.happened("lambda:version", FunctionLab.FUNCTION + ":*", "publish"));
        assertEquals(2, sandbox.happened("lambda:alias", "orders-worker-dev:live", "update"));
    }

    @Test
    public void anUpdateThatLambdaGivesUpSaysWhy() throws Exception {
        var work = work("orders.dev.1", "1.1.0", all(Map.of()), V2);
        Plan.TargetPlan step = lab().plan(work, 1).targets().get(0);
        sandbox.control()
                .fault("failUpdate", "resource", FunctionLab.FUNCTION, "reason", "The subnet has no address left");
        Fact.StepResult result = lab().deploy(work, step);
        assertEquals(Status.FAILED, result.status());
        assertTrue(result.detail(), result.detail().contains("failed: The subnet has no address left (InternalError)"));
        assertEquals("1", function.routing());
        // What Lambda gave up once may work the next time.
        Fact.StepResult again = lab().deploy(work, step);
        assertEquals(again.detail(), Status.DONE, again.status());
    }

    @Test
    public void provisionedConcurrencyIsWaitedForAndTakesNoCanary() throws Exception {
        function.lambda()
                .putProvisionedConcurrencyConfig(r ->
                        r.functionName(FunctionLab.FUNCTION).qualifier("live").provisionedConcurrentExecutions(2));
        Plan.Problem problem = problem(work("orders.dev.1", "1.1.0", canary(FunctionLab.ALARM), V2));
        assertTrue(problem.cause(), problem.cause().contains("use the strategy allAtOnce"));
        deployed("1.1.0", all(Map.of()), V2);
        assertEquals("2", function.routing());
        assertEquals(
                "READY",
                function.lambda()
                        .getProvisionedConcurrencyConfig(
                                r -> r.functionName(FunctionLab.FUNCTION).qualifier("live"))
                        .statusAsString());
    }

    @Test
    public void versionsOfTwoRolesAreNotShiftedBetween() throws Exception {
        function.lambda()
                .updateFunctionConfiguration(
                        r -> r.functionName(FunctionLab.FUNCTION).role(FunctionLab.role("orders-other")));
        function.settle();
        Plan.Problem problem = problem(work("orders.dev.1", "1.1.0", canary(FunctionLab.ALARM), V2));
        assertTrue(problem.cause(), problem.cause().contains("has another Role than the new one will have"));
        deployed("1.1.1", all(Map.of()), V2);
    }

    @Test
    public void aFunctionOfAStackOfTheSameReleaseIsBounded() throws Exception {
        var lambda = new Manifest.Lambda(
                "worker",
                List.of("api"),
                List.of(),
                "${output.api.FunctionName}",
                FunctionLab.CODE,
                "live",
                null,
                List.of(),
                Map.of("memorySize", "256"),
                null,
                Map.of("NAME", "${output.api.FunctionName}"),
                null);
        var api = OrdersSamples.api(128).targets().get(0);
        var files = new LinkedHashMap<>(OrdersSamples.files(V1, OrdersSamples.api("")));
        files.put(FunctionLab.CODE, V2);
        var work = lab().work("orders.dev.1", lab().publish("1.0.0", OrdersSamples.manifest(api, lambda), files));
        Plan plan = lab().plan(work, 1);
        Plan.TargetPlan step = plan.target(KEY).orElseThrow();
        assertEquals(Plan.Exactness.BOUNDED, step.content().exactness());
        assertEquals("${output.api.FunctionName}", step.content().subject());
        Map<String, Fact.StepResult> results = lab().carryOut(work, plan);
        assertEquals(results.toString(), Status.DONE, results.get(KEY).status());
        // Beside its stack, and now everything is known: there is nothing left but to say so.
        Plan again = lab().plan(
                        lab().work("orders.dev.2", lab().publish("1.0.1", OrdersSamples.manifest(api, lambda), files)),
                        1);
        Plan.Content content = again.target(KEY).orElseThrow().content();
        assertEquals("orders-smoke-dev", content.subject());
        assertEquals("besideStack", content.findings().get(0).kind());
    }

    @Test
    public void anAliasThatAStackOwnsIsNotMoved() throws Exception {
        String owned = """
              Live:
                Type: AWS::Lambda::Version
                Properties: { FunctionName: !Ref OrdersFunction }
              LiveAlias:
                Type: AWS::Lambda::Alias
                Properties: { Name: live, FunctionName: !Ref OrdersFunction, FunctionVersion: !GetAtt Live.Version }
            """;
        lab().promote(lab().work(
                        "orders.dev.1",
                        lab().publish(
                                        "1.0.0",
                                        OrdersSamples.api(128),
                                        OrdersSamples.files(V1, OrdersSamples.api(owned)))));
        var target = new Manifest.Lambda(
                "worker",
                List.of(),
                List.of(),
                "orders-smoke-dev",
                FunctionLab.CODE,
                "live",
                null,
                List.of(),
                Map.of(),
                null,
                null,
                null);
        Plan.Problem problem = problem(work("orders.dev.2", "1.1.0", target, V2));
        assertTrue(problem.cause(), problem.cause().contains("belongs to stack orders-dev"));
    }

    @Test
    @Shows(table = Shows.DEPLOYING, cell = "canary: undone")
    public void undoingACanaryThatWasTakenBackMovesNoTraffic() throws Exception {
        Published old = function.publish("1.0.0", all(Map.of()), V1);
        var work = work("orders.dev.1", "1.1.0", canary(FunctionLab.ALARM), V2);
        Plan.TargetPlan step = lab().plan(work, 1).targets().get(0);
        var halfWay = new HalfWay(work, step);
        function.alarm("ALARM");
        assertEquals(Status.FAILED, halfWay.result().status());
        long moves = sandbox.happened("lambda:alias", "orders-worker-dev:live", "update");
        Deployer.Undoing undone = lab().deployer().undo(work, 1, step, old, lab().progress);
        assertNull(undone.detail(), undone.failure());
        assertEquals(moves, sandbox.happened("lambda:alias", "orders-worker-dev:live", "update"));
        assertEquals(
                digest(V1),
                Sha256.shown(function.lambda()
                        .getFunctionConfiguration(r -> r.functionName(FunctionLab.FUNCTION))
                        .codeSha256()));
    }

    @Test
    public void everyWriteNamesTheRevisionAndTheVersionOfTheCodeItIsDecidedOn() throws Exception {
        deployed("1.1.0", canary(Map.of("memorySize", "256"), FunctionLab.ALARM), V2);
        for (String operation :
                List.of("UpdateFunctionCode", "UpdateFunctionConfiguration", "PublishVersion", "UpdateAlias")) {
            var calls = sandbox.control().log("lambda", operation);
            var ours = calls.get(calls.size() - 1);
            assertTrue(operation, ours.path("input").has("RevisionId"));
            assertTrue(ours.path("principal").asText().contains("promotion-deploy"));
        }
        var code = sandbox.control().log("lambda", "UpdateFunctionCode").get(0).path("input");
        assertFalse(code.path("S3ObjectVersion").asText().isEmpty());
        assertEquals(
                List.of("{\"AdditionalVersionWeights\":{\"2\":0.1}}", "{\"AdditionalVersionWeights\":{}}"),
                sandbox.control().log("lambda", "UpdateAlias").stream()
                        .map(c -> c.path("input").path("RoutingConfig").asText())
                        .toList());
    }

    /** Requests so far that could have changed a function. */
    private int writes() {
        return (int) sandbox.control().log("lambda", "*").stream()
                .filter(r -> r.path("operation").asText().matches("(Update|Publish|Create|Put|Delete).*"))
                .count();
    }
}
