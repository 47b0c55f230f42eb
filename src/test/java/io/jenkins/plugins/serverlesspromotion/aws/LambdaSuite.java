package io.jenkins.plugins.serverlesspromotion.aws;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.Patience;
import io.jenkins.plugins.serverlesspromotion.Shows;
import io.jenkins.plugins.serverlesspromotion.aws.call.Sha256;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Deployment.Status;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Fact;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.engine.port.Deployer;
import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest;
import io.jenkins.plugins.serverlesspromotion.engine.release.Published;
import io.jenkins.plugins.serverlesspromotion.engine.release.TrafficShift;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.Test;
import software.amazon.awssdk.services.lambda.model.Environment;

/** Functions without CloudFormation, at every endpoint that speaks AWS. */
public abstract class LambdaSuite {
    static final String KEY = "orders-dev/eu-west-1/worker";
    static final String V1 = AwsSuite.V1;
    static final String V2 = AwsSuite.V2;

    abstract Lab lab();

    abstract FunctionLab function();

    @Test
    @Shows(
            table = Shows.DEPLOYING,
            cell = {"allAtOnce: nothing to do", "canary: nothing to do"})
    public void whatIsThereAlreadyIsUnchanged() throws Exception {
        deployed("1.1.0", all(Map.of("memorySize", "256")), V2);
        String before = revision();
        var work = work("orders.dev.9", "1.1.1", all(Map.of("memorySize", "256")), V2);
        Plan.TargetPlan step = lab().plan(work, 1).targets().get(0);
        assertTrue(changes(step).toString(), step.content().unchanged());
        assertEquals(Status.UNCHANGED, lab().deploy(work, step).status());
        assertEquals("nothing was written", before, revision());
        // Moved after it was planned: no longer as wanted.
        function()
                .lambda()
                .updateAlias(
                        r -> r.functionName(FunctionLab.FUNCTION).name("live").functionVersion("1"));
        Fact.StepResult stale = lab().deploy(work, step);
        assertEquals(stale.detail(), Status.STALE, stale.status());
    }

    @Test
    public void anAliasThatIsNotThereIsMade() throws Exception {
        function()
                .lambda()
                .deleteAlias(r -> r.functionName(FunctionLab.FUNCTION).name("live"));
        var work = work("orders.dev.1", "1.1.0", all(Map.of()), V2);
        Plan.TargetPlan step = lab().plan(work, 1).targets().get(0);
        assertEquals(Plan.Action.ADD, step.content().changes().get(1).action());
        Fact.StepResult result = lab().deploy(work, step);
        assertEquals(result.detail(), Status.DONE, result.status());
        assertEquals("2", function().routing());
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
                function()
                        .lambda()
                        .getFunctionConfiguration(
                                r -> r.functionName(FunctionLab.FUNCTION).qualifier("live"))
                        .environment()
                        .variables());
    }

    @Test
    @Shows(table = Shows.DEPLOYING, cell = "canary: crash anywhere")
    public void aCanaryThatWasLeftHalfWayGoesOn() throws Exception {
        var work = work("orders.dev.1", "1.1.0", canary(FunctionLab.ALARM), V2);
        Plan.TargetPlan step = lab().plan(work, 1).targets().get(0);
        new HalfWay(work, step).crash();
        assertEquals("1 {2=0.1}", function().routing());
        lab().restart();
        Fact.StepResult result = lab().deploy(work, step);
        assertEquals(result.detail(), Status.DONE, result.status());
        assertEquals("2", function().routing());
    }

    @Test
    @Shows(table = Shows.DEPLOYING, cell = "canary: stale plan")
    public void anAliasThatAPersonMovedDuringTheCanaryIsLeftAlone() throws Exception {
        var work = work("orders.dev.1", "1.1.0", canary(FunctionLab.ALARM), V2);
        Plan.TargetPlan step = lab().plan(work, 1).targets().get(0);
        var halfWay = new HalfWay(work, step);
        function()
                .lambda()
                .updateAlias(r -> r.functionName(FunctionLab.FUNCTION)
                        .name("live")
                        .description("by hand")
                        .routingConfig(w -> w.additionalVersionWeights(Map.of())));
        Fact.StepResult result = halfWay.result();
        assertEquals(result.detail(), Status.FAILED, result.status());
        assertTrue(result.detail(), result.detail().contains("was changed by another writer, to version 1"));
        assertEquals("by hand", function().alias().description());
    }

    @Test
    @Shows(table = Shows.DEPLOYING, cell = "canary: alarm goes off")
    public void nothingIsShiftedWhileAnAlarmIsOn() throws Exception {
        function().alarm("ALARM");
        var work = work("orders.dev.1", "1.1.0", canary(FunctionLab.ALARM), V2);
        Plan.TargetPlan step = lab().plan(work, 1).targets().get(0);
        String before = revision();
        Fact.StepResult result = lab().deploy(work, step);
        assertEquals(Status.FAILED, result.status());
        assertTrue(result.detail(), result.detail().contains("is in state ALARM before anything was shifted"));
        assertEquals("nothing was written", before, revision());
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
    @Shows(table = Shows.DEPLOYING, cell = "allAtOnce: undone")
    public void undoingReturnsToTheVeryVersionAndTheOldCode() throws Exception {
        Published old = function().publish("1.0.0", all(Map.of()), V1);
        lab().promote(function().work("orders.dev.1", old));
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
        assertEquals("2", function().routing());
        Deployer.Undoing undone = lab().deployer().undo(work, 1, plan.targets().get(0), old, lab().progress);
        assertNull(undone.detail(), undone.failure());
        assertEquals(
                "function orders-worker-dev in orders-dev/eu-west-1 is back at orders@1.0.0, alias live at version 1",
                undone.detail());
        assertEquals("1", function().routing());
        var latest = function().lambda().getFunctionConfiguration(r -> r.functionName(FunctionLab.FUNCTION));
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
        Published other = function().publish("0.9.0", all(Map.of()), OrdersSamples.answering(200, "nine"));
        Deployer.Undoing undone = lab().deployer().undo(work, 1, plan.targets().get(0), other, lab().progress);
        assertNull(undone.detail(), undone.failure());
        assertEquals("3", function().routing());
    }

    @Test
    @Shows(table = Shows.DEPLOYING, cell = "allAtOnce: stale plan")
    public void aVariableThatSomebodyElseChangedMakesThePlanVoidAndStaysSecret() throws Exception {
        var work = work("orders.dev.1", "1.1.0", all(Map.of()), V2);
        Plan.TargetPlan step = lab().plan(work, 1).targets().get(0);
        Plan.TargetPlan again = lab().plan(work, 2).targets().get(0);
        assertEquals(step.content(), again.content());
        function()
                .lambda()
                .updateFunctionConfiguration(r -> r.functionName(FunctionLab.FUNCTION)
                        .environment(Environment.builder()
                                .variables(Map.of("STAGE", "dev", "TOKEN", "hunter3"))
                                .build()));
        function().settle();
        String before = revision();
        Fact.StepResult result = lab().deploy(work, step);
        assertEquals(result.detail(), Status.STALE, result.status());
        assertTrue(result.detail(), result.detail().contains("configuration that the release does not name"));
        assertFalse(result.detail(), result.detail().contains("hunter"));
        assertEquals("nothing was written", before, revision());
    }

    @Test
    @Shows(table = Shows.DEPLOYING, cell = "allAtOnce: done")
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
        assertEquals("2", function().routing());
        var version = function()
                .lambda()
                .getFunctionConfiguration(
                        r -> r.functionName(FunctionLab.FUNCTION).qualifier("2"));
        assertEquals(digest(V2), Sha256.shown(version.codeSha256()));
        assertEquals(256, version.memorySize().intValue());
        assertEquals("does orders", version.description());
        assertEquals(
                Map.of("STAGE", "dev", "TOKEN", "hunter2"),
                version.environment().variables());
        assertEquals(
                Stream.of("UpdateFunctionCode", "UpdateFunctionConfiguration", "PublishVersion", "UpdateAlias")
                        .map(o -> "lambda:" + o)
                        .toList(),
                result.requests().stream().map(r -> r.split(" ")[0]).toList());
    }

    @Test
    @Shows(table = Shows.DEPLOYING, cell = "canary: done")
    public void aCanaryGetsItsShareThenEverythingAndLeavesNoWeights() throws Exception {
        Fact.StepResult result = deployed("1.1.0", canary(FunctionLab.ALARM), V2);
        assertEquals("2", function().routing());
        assertTrue(
                function().alias().description(),
                function().alias().description().matches("orders@1.1.0 by orders.dev.1.1.0 \\([0-9a-f]{12}\\)"));
        assertTrue(result.detail(), result.detail().endsWith("alias live at version 2"));
    }

    @Test
    @Shows(table = Shows.DEPLOYING, cell = "canary: alarm goes off")
    public void anAlarmTakesTheCanaryBack() throws Exception {
        var work = work("orders.dev.1", "1.1.0", canary(FunctionLab.ALARM), V2);
        Plan.TargetPlan step = lab().plan(work, 1).targets().get(0);
        assertEquals("canary10percent5minutes", step.content().values().get("strategy"));
        assertEquals(FunctionLab.ALARM, step.content().values().get("alarms"));
        var halfWay = new HalfWay(work, step);
        function().alarm("ALARM");
        Fact.StepResult result = halfWay.result();
        assertEquals(result.detail(), Status.FAILED, result.status());
        assertEquals(
                "function orders-worker-dev in orders-dev/eu-west-1 failed: alarm orders-errors-dev is in state ALARM;"
                        + " alias live is back at version 1, version 2 gets no calls",
                result.detail());
        assertEquals("1", function().routing());
        String before = revision();
        // As after a crash before the result was recorded: it is not begun again, whatever the alarm says now.
        function().alarm("OK");
        lab().restart();
        Fact.StepResult again = lab().deploy(work, step);
        assertEquals(again.detail(), Status.FAILED, again.status());
        assertTrue(again.detail(), again.detail().contains("alarm orders-errors-dev is in state ALARM"));
        assertEquals("nothing was written", before, revision());
    }

    // ---- what the tests are made of

    /** A deployment that is in the middle of its canary. */
    final class HalfWay {
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
            SandboxLab.await("half of it is shifted", () -> function().alias().routingConfig() != null);
        }

        Fact.StepResult result() throws InterruptedException {
            thread.join(Patience.MILLIS);
            assertNull(String.valueOf(thrown), thrown);
            assertNotNull("it has ended", result);
            return result;
        }

        void crash() throws InterruptedException {
            thread.interrupt();
            thread.join(Patience.MILLIS);
            assertTrue(String.valueOf(result), thrown instanceof InterruptedException);
        }
    }

    static Manifest.Lambda all(Map<String, String> settings) {
        return FunctionLab.target(null, settings);
    }

    static Manifest.Lambda canary(String... alarms) {
        return canary(Map.of(), alarms);
    }

    static Manifest.Lambda canary(Map<String, String> settings, String... alarms) {
        // Three seconds here: long enough to do something in the middle of it.
        return FunctionLab.target(new TrafficShift(10, 5), settings, alarms);
    }

    final Deployer.Work work(String promotion, String version, Manifest.Lambda target, String code) throws Exception {
        return function().work(promotion, function().publish(version, target, code));
    }

    final Fact.StepResult deployed(String version, Manifest.Lambda target, String code) throws Exception {
        Fact.StepResult result = lab().promote(work("orders.dev." + version, version, target, code))
                .get(KEY);
        assertEquals(result.detail(), Status.DONE, result.status());
        return result;
    }

    final Plan.Problem problem(Deployer.Work work) throws InterruptedException {
        Deployer.Planning planning = lab().deployer().plan(work, 1, lab().progress);
        assertNull(String.valueOf(planning.failure()), planning.failure());
        assertEquals(1, planning.problems().size());
        return planning.problems().get(0);
    }

    static String digest(String source) {
        return "sha256:" + Sha256.hex(OrdersSamples.zip(source));
    }

    static List<String> changes(Plan.TargetPlan step) {
        return step.content().changes().stream()
                .flatMap(c -> c.properties().stream()
                        .map(p -> c.subject() + " " + p.path() + " " + p.before() + " -> " + p.after()))
                .toList();
    }

    /** Changes with everything that is written to function and alias. */
    final String revision() {
        return function()
                        .lambda()
                        .getFunctionConfiguration(r -> r.functionName(FunctionLab.FUNCTION))
                        .revisionId()
                + " " + function().alias().revisionId();
    }
}
