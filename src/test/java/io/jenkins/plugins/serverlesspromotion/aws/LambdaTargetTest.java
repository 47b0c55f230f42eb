package io.jenkins.plugins.serverlesspromotion.aws;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.engine.lane.Fact;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion.Status;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.engine.port.Deployer;
import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest;
import io.jenkins.plugins.serverlesspromotion.engine.release.Published;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import software.amazon.awssdk.services.lambda.model.Environment;

/** Functions without CloudFormation: what is planned, what is written, what is refused. */
public class LambdaTargetTest {
    private static final String KEY = "orders-dev/eu-west-1/worker";
    private static final String V1 = AwsSuite.V1;
    private static final String V2 = AwsSuite.V2;

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

    private Lab lab() {
        return sandbox.lab();
    }

    @Test
    public void codeAndConfigurationAreWrittenPublishedAndGetTheAlias() throws Exception {
        var work =
                work("orders.dev.1", "1.1.0", all(Map.of("memorySize", "256", "description", "does ${service}")), V2);
        Plan.TargetPlan step = lab().plan(work, 1).targets().get(0);
        assertEquals(Plan.Exactness.EXACT, step.content().exactness());
        assertEquals("lambda", step.kind());
        assertEquals(
                List.of(
                        "orders-worker-dev CodeSha256 " + digest(V1) + " -> " + digest(V2),
                        "orders-worker-dev Description  -> does orders",
                        "orders-worker-dev MemorySize 128 -> 256",
                        "orders-worker-dev:live FunctionVersion 1 -> (new version)"),
                changes(step));
        assertEquals(
                Map.of("function", "orders-worker-dev", "alias", "live", "strategy", "allAtOnce"),
                step.content().values());
        Fact.StepResult result = lab().deploy(work, step);
        assertEquals(result.detail(), Status.DONE, result.status());
        assertEquals(
                "function orders-worker-dev in orders-dev/eu-west-1 is at orders@1.1.0, alias live at version 2",
                result.detail());
        assertEquals("2", function.routing());
        var version = function.lambda()
                .getFunctionConfiguration(
                        r -> r.functionName(FunctionLab.FUNCTION).qualifier("2"));
        assertEquals(digest(V2), Sha256.shown(version.codeSha256()));
        assertEquals(256, version.memorySize().intValue());
        assertEquals("does orders", version.description());
        assertEquals(
                Map.of("STAGE", "dev", "TOKEN", "hunter2"),
                version.environment().variables());
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
                Stream.of("UpdateFunctionCode", "UpdateFunctionConfiguration", "PublishVersion", "UpdateAlias")
                        .map(o -> "lambda:" + o)
                        .toList(),
                result.requests().stream().map(r -> r.split(" ")[0]).toList());
    }

    @Test
    public void whatIsThereAlreadyIsUnchangedAndWritesNothing() throws Exception {
        deployed("1.1.0", all(Map.of("memorySize", "256")), V2);
        int before = writes();
        var work = work("orders.dev.9", "1.1.1", all(Map.of("memorySize", "256")), V2);
        Plan.TargetPlan step = lab().plan(work, 1).targets().get(0);
        assertTrue(changes(step).toString(), step.content().unchanged());
        assertEquals(Status.UNCHANGED, lab().deploy(work, step).status());
        assertEquals(before, writes());
        // Moved after it was planned: no longer as wanted.
        function.lambda()
                .updateAlias(
                        r -> r.functionName(FunctionLab.FUNCTION).name("live").functionVersion("1"));
        Fact.StepResult stale = lab().deploy(work, step);
        assertEquals(stale.detail(), Status.STALE, stale.status());
    }

    @Test
    public void anAliasThatIsNotThereIsMade() throws Exception {
        function.lambda().deleteAlias(r -> r.functionName(FunctionLab.FUNCTION).name("live"));
        var work = work("orders.dev.1", "1.1.0", all(Map.of()), V2);
        Plan.TargetPlan step = lab().plan(work, 1).targets().get(0);
        assertEquals(Plan.Action.ADD, step.content().changes().get(1).action());
        Fact.StepResult result = lab().deploy(work, step);
        assertEquals(result.detail(), Status.DONE, result.status());
        assertEquals("2", function.routing());
    }

    @Test
    public void theEnvironmentIsWholeAndItsLiveValuesAreNeverRecorded() throws Exception {
        var target = new Manifest.Lambda(
                "worker",
                List.of(),
                List.of(),
                FunctionLab.FUNCTION,
                FunctionLab.CODE,
                "live",
                null,
                List.of(),
                Map.of(),
                List.of("arn:aws:lambda:eu-west-1:222222222222:layer:tools:3"),
                new LinkedHashMap<>(Map.of("STAGE", "${environment}-2", "HOST", "a.acme.net")),
                null);
        var work = work("orders.dev.1", "1.1.0", target, V1);
        Plan.TargetPlan step = lab().plan(work, 1).targets().get(0);
        assertEquals(
                List.of(
                        "orders-worker-dev Layers (none) -> arn:aws:lambda:eu-west-1:222222222222:layer:tools:3",
                        "orders-worker-dev Environment.HOST null -> a.acme.net",
                        "orders-worker-dev Environment.STAGE (set) -> dev-2",
                        "orders-worker-dev Environment.TOKEN (set) -> null",
                        "orders-worker-dev:live FunctionVersion 1 -> (new version)"),
                changes(step));
        assertFalse(step.toString(), step.toString().contains("hunter2"));
        Fact.StepResult result = lab().deploy(work, step);
        assertEquals(result.detail(), Status.DONE, result.status());
        assertEquals(
                Map.of("STAGE", "dev-2", "HOST", "a.acme.net"),
                function.lambda()
                        .getFunctionConfiguration(
                                r -> r.functionName(FunctionLab.FUNCTION).qualifier("live"))
                        .environment()
                        .variables());
    }

    @Test
    public void aVariableThatSomebodyElseChangedMakesThePlanVoidAndStaysSecret() throws Exception {
        var work = work("orders.dev.1", "1.1.0", all(Map.of()), V2);
        Plan.TargetPlan step = lab().plan(work, 1).targets().get(0);
        Plan.TargetPlan again = lab().plan(work, 2).targets().get(0);
        assertEquals(step.content(), again.content());
        function.lambda()
                .updateFunctionConfiguration(r -> r.functionName(FunctionLab.FUNCTION)
                        .environment(Environment.builder()
                                .variables(Map.of("STAGE", "dev", "TOKEN", "hunter3"))
                                .build()));
        function.settle();
        int before = writes();
        Fact.StepResult result = lab().deploy(work, step);
        assertEquals(result.detail(), Status.STALE, result.status());
        assertTrue(result.detail(), result.detail().contains("configuration that the release does not name"));
        assertFalse(result.detail(), result.detail().contains("hunter"));
        assertEquals(before, writes());
    }

    @Test
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
    public void aCanaryGetsItsShareThenEverythingAndLeavesNoWeights() throws Exception {
        Fact.StepResult result = deployed("1.1.0", canary(FunctionLab.ALARM), V2);
        assertEquals("2", function.routing());
        assertEquals(
                List.of("{\"AdditionalVersionWeights\":{\"2\":0.1}}", "{\"AdditionalVersionWeights\":{}}"),
                sandbox.control().log("lambda", "UpdateAlias").stream()
                        .map(c -> c.path("input").path("RoutingConfig").asText())
                        .toList());
        assertTrue(
                function.alias().description(),
                function.alias().description().matches("orders@1.1.0 by orders.dev.1.1.0 \\([0-9a-f]{12}\\)"));
        assertTrue(result.detail(), result.detail().endsWith("alias live at version 2"));
    }

    @Test
    public void anAlarmTakesTheCanaryBackOnce() throws Exception {
        var work = work("orders.dev.1", "1.1.0", canary(FunctionLab.ALARM), V2);
        Plan.TargetPlan step = lab().plan(work, 1).targets().get(0);
        assertEquals("canary10percent5minutes", step.content().values().get("strategy"));
        assertEquals(FunctionLab.ALARM, step.content().values().get("alarms"));
        var halfWay = new HalfWay(work, step);
        function.alarm("ALARM");
        Fact.StepResult result = halfWay.result();
        assertEquals(result.detail(), Status.FAILED, result.status());
        assertEquals(
                "function orders-worker-dev in orders-dev/eu-west-1 failed: alarm orders-errors-dev is in state ALARM;"
                        + " alias live is back at version 1, version 2 gets no calls",
                result.detail());
        assertEquals("1", function.routing());
        int before = writes();
        // As after a crash before the result was recorded: it is not begun again, whatever the alarm says now.
        function.alarm("OK");
        lab().restart();
        Fact.StepResult again = lab().deploy(work, step);
        assertEquals(again.detail(), Status.FAILED, again.status());
        assertTrue(again.detail(), again.detail().contains("alarm orders-errors-dev is in state ALARM"));
        assertEquals(before, writes());
    }

    @Test
    public void aCanaryThatWasLeftHalfWayGoesOn() throws Exception {
        var work = work("orders.dev.1", "1.1.0", canary(FunctionLab.ALARM), V2);
        Plan.TargetPlan step = lab().plan(work, 1).targets().get(0);
        new HalfWay(work, step).crash();
        assertEquals("1 {2=0.1}", function.routing());
        lab().restart();
        Fact.StepResult result = lab().deploy(work, step);
        assertEquals(result.detail(), Status.DONE, result.status());
        assertEquals("2", function.routing());
        assertEquals(2, sandbox.happened("lambda:alias", "orders-worker-dev:live", "update"));
    }

    @Test
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
        assertTrue(result.detail(), result.detail().contains("nobody brought the shift to its end within 24 h"));
        assertEquals("1", function.routing());
    }

    @Test
    public void anAliasThatAPersonMovedDuringTheCanaryIsLeftAlone() throws Exception {
        var work = work("orders.dev.1", "1.1.0", canary(FunctionLab.ALARM), V2);
        Plan.TargetPlan step = lab().plan(work, 1).targets().get(0);
        var halfWay = new HalfWay(work, step);
        function.lambda()
                .updateAlias(r -> r.functionName(FunctionLab.FUNCTION)
                        .name("live")
                        .description("by hand")
                        .routingConfig(w -> w.additionalVersionWeights(Map.of())));
        Fact.StepResult result = halfWay.result();
        assertEquals(result.detail(), Status.FAILED, result.status());
        assertTrue(result.detail(), result.detail().contains("was changed by somebody else, to version 1"));
        assertEquals("by hand", function.alias().description());
    }

    @Test
    public void nothingIsShiftedWhileAnAlarmIsOn() throws Exception {
        function.alarm("ALARM");
        var work = work("orders.dev.1", "1.1.0", canary(FunctionLab.ALARM), V2);
        Plan.TargetPlan step = lab().plan(work, 1).targets().get(0);
        int before = writes();
        Fact.StepResult result = lab().deploy(work, step);
        assertEquals(Status.FAILED, result.status());
        assertTrue(result.detail(), result.detail().contains("is in state ALARM before anything was shifted"));
        assertEquals(before, writes());
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
    public void anAlarmThatIsMissingCanBeMended() throws Exception {
        Plan.Problem problem = problem(work("orders.dev.1", "1.1.0", canary(FunctionLab.ALARM, "nobody-made-me"), V2));
        assertEquals(
                "alarm nobody-made-me of target worker does not exist in orders-dev/eu-west-1; create it, or remove it"
                        + " from the manifest",
                problem.cause());
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
        var bad = checking("orders.dev.1", "1.1.0", Samples.answering(500, "broken"));
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
        assertEquals(2, refused.results().get(0).asked());
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
    public void aFunctionThatDoesNotExistCanBeMended() throws Exception {
        var target = new Manifest.Lambda(
                "worker",
                List.of(),
                List.of(),
                "orders-none",
                FunctionLab.CODE,
                "live",
                null,
                List.of(),
                Map.of(),
                null,
                null,
                null);
        Plan.Problem problem = problem(work("orders.dev.1", "1.0.0", target, V1));
        assertTrue(
                problem.cause(),
                problem.cause()
                        .contains("function orders-none in orders-dev/eu-west-1 of target worker does not exist"));
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
        var api = Samples.api(128).targets().get(0);
        var files = new LinkedHashMap<>(Samples.files(V1, Samples.api("")));
        files.put(FunctionLab.CODE, V2);
        var work = lab().work("orders.dev.1", lab().publish("1.0.0", Samples.manifest(api, lambda), files));
        Plan plan = lab().plan(work, 1);
        Plan.TargetPlan step = plan.target(KEY).orElseThrow();
        assertEquals(Plan.Exactness.BOUNDED, step.content().exactness());
        assertEquals("${output.api.FunctionName}", step.content().subject());
        Map<String, Fact.StepResult> results = lab().carryOut(work, plan);
        assertEquals(results.toString(), Status.DONE, results.get(KEY).status());
        // Beside its stack, and now everything is known: there is nothing left but to say so.
        Plan again =
                lab().plan(lab().work("orders.dev.2", lab().publish("1.0.1", Samples.manifest(api, lambda), files)), 1);
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
                        lab().publish("1.0.0", Samples.api(128), Samples.files(V1, Samples.api(owned)))));
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
    public void undoingReturnsToTheVeryVersionAndTheOldCode() throws Exception {
        Published old = function.publish("1.0.0", all(Map.of()), V1);
        lab().promote(function.work("orders.dev.1", old));
        var target = new Manifest.Lambda(
                "worker",
                List.of(),
                List.of(),
                FunctionLab.FUNCTION,
                FunctionLab.CODE,
                "live",
                null,
                List.of(),
                Map.of("memorySize", "512"),
                null,
                Map.of("STAGE", "new"),
                null);
        var work = work("orders.dev.2", "1.1.0", target, V2);
        Plan plan = lab().plan(work, 1);
        assertEquals(Status.DONE, lab().carryOut(work, plan).get(KEY).status());
        assertEquals("2", function.routing());
        Deployer.Undoing undone = lab().deployer().undo(work, 1, plan.targets().get(0), old, lab().progress);
        assertNull(undone.detail(), undone.failure());
        assertEquals(
                "function orders-worker-dev in orders-dev/eu-west-1 is back at orders@1.0.0, alias live at version 1",
                undone.detail());
        assertEquals("1", function.routing());
        var latest = function.lambda().getFunctionConfiguration(r -> r.functionName(FunctionLab.FUNCTION));
        assertEquals(digest(V1), Sha256.shown(latest.codeSha256()));
        assertEquals(128, latest.memorySize().intValue());
        assertEquals(
                Map.of("STAGE", "dev", "TOKEN", "hunter2"), latest.environment().variables());
    }

    @Test
    public void undoingPublishesAgainWhenTheOldVersionIsNotThere() throws Exception {
        var work = work("orders.dev.2", "1.1.0", all(Map.of()), V2);
        Plan plan = lab().plan(work, 1);
        lab().carryOut(work, plan);
        Published other = function.publish("0.9.0", all(Map.of()), Samples.answering(200, "nine"));
        Deployer.Undoing undone = lab().deployer().undo(work, 1, plan.targets().get(0), other, lab().progress);
        assertNull(undone.detail(), undone.failure());
        assertEquals("3", function.routing());
    }

    @Test
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

    // ---- what the tests are made of

    /** A deployment that is in the middle of its canary. */
    private final class HalfWay {
        private final Thread thread;
        private volatile Fact.StepResult result;
        private volatile Throwable thrown;

        HalfWay(Deployer.Work work, Plan.TargetPlan step) {
            thread = new Thread(() -> {
                try {
                    result = lab().deploy(work, step);
                } catch (InterruptedException | RuntimeException | AssertionError e) {
                    thrown = e;
                }
            });
            thread.start();
            SandboxLab.await("half of it is shifted", () -> function.alias().routingConfig() != null);
        }

        Fact.StepResult result() throws InterruptedException {
            thread.join(30_000);
            assertNull(String.valueOf(thrown), thrown);
            assertNotNull("it has ended", result);
            return result;
        }

        void crash() throws InterruptedException {
            thread.interrupt();
            thread.join(30_000);
            assertTrue(String.valueOf(result), thrown instanceof InterruptedException);
        }
    }

    private static Manifest.Lambda all(Map<String, String> settings) {
        return FunctionLab.target(null, settings);
    }

    private static Manifest.Lambda canary(String... alarms) {
        return canary(Map.of(), alarms);
    }

    private static Manifest.Lambda canary(Map<String, String> settings, String... alarms) {
        // Three seconds here: long enough to do something in the middle of it.
        return FunctionLab.target(new Manifest.Shift(10, 5), settings, alarms);
    }

    private Deployer.Work work(String promotion, String version, Manifest.Lambda target, String code) throws Exception {
        return function.work(promotion, function.publish(version, target, code));
    }

    private Fact.StepResult deployed(String version, Manifest.Lambda target, String code) throws Exception {
        Fact.StepResult result = lab().promote(work("orders.dev." + version, version, target, code))
                .get(KEY);
        assertEquals(result.detail(), Status.DONE, result.status());
        return result;
    }

    private Plan.Problem problem(Deployer.Work work) throws InterruptedException {
        Deployer.Planning planning = lab().deployer().plan(work, 1, lab().progress);
        assertNull(String.valueOf(planning.failure()), planning.failure());
        assertEquals(1, planning.problems().size());
        return planning.problems().get(0);
    }

    private static String digest(String source) {
        return "sha256:" + Sha256.hex(Samples.zip(source));
    }

    private static List<String> changes(Plan.TargetPlan step) {
        return step.content().changes().stream()
                .flatMap(c -> c.properties().stream()
                        .map(p -> c.subject() + " " + p.path() + " " + p.before() + " -> " + p.after()))
                .toList();
    }

    /** Requests so far that could have changed a function. */
    private int writes() {
        return (int) sandbox.control().log("lambda", "*").stream()
                .filter(r -> r.path("operation").asText().matches("(Update|Publish|Create|Put|Delete).*"))
                .count();
    }
}
