package io.jenkins.plugins.serverlesspromotion.aws;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.serverlesspromotion.Shows;
import io.jenkins.plugins.serverlesspromotion.aws.call.Sha256;
import io.jenkins.plugins.serverlesspromotion.aws.session.AwsSessions;
import io.jenkins.plugins.serverlesspromotion.aws.session.AwsSettings;
import io.jenkins.plugins.serverlesspromotion.aws.stack.StackPlanner;
import io.jenkins.plugins.serverlesspromotion.engine.lane.CheckResult;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Deployment.Status;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Fact;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.ResourceOwner;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.engine.port.Deployer;
import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest;
import io.jenkins.plugins.serverlesspromotion.engine.release.Published;
import io.jenkins.plugins.serverlesspromotion.sandbox.SandboxConfig;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.Rule;
import org.junit.Test;

/** What goes wrong in AWS, and what people are told. */
public class AwsFaultsTest {
    private static final String V1 = AwsSuite.V1;
    private static final String V2 = AwsSuite.V2;
    private static final String KEY = "orders-dev/eu-west-1/api";

    @Rule
    public final SandboxLab sandbox = new SandboxLab();

    private Lab lab() {
        return sandbox.lab();
    }

    @Test
    public void whatIsLiveAlreadyNeedsNoChangeSet() throws Exception {
        deployed("1.0.0", 128, V1);
        long before = created();
        var work = work("orders.dev.2", "1.0.1", 128, V1);
        Plan.TargetPlan step = lab().plan(work, 1).targets().get(0);
        assertTrue(step.content().unchanged());
        assertEquals("nothing was written to find that out", before, created());
        Fact.StepResult result = lab().deploy(work, step);
        assertEquals(result.detail(), Status.UNCHANGED, result.status());
        assertEquals(before, created());
        // Any difference is CloudFormation's to judge: code, a parameter, a tag that somebody else put there.
        assertFalse(lab().plan(work("orders.dev.3", "1.0.2", 128, V2), 1)
                .targets()
                .get(0)
                .content()
                .unchanged());
        assertFalse(lab().plan(work("orders.dev.4", "1.0.3", 256, V1), 1)
                .targets()
                .get(0)
                .content()
                .unchanged());
        assertEquals(before + 2, created());
    }

    private long created() {
        return sandbox.happened("cloudformation:change-set", "orders-dev/*", "create");
    }

    @Test
    public void aPlanThatNobodyAskedForLeavesNoChangeSet() throws Exception {
        deployed("1.0.0", 128, V1);
        var work = work("orders.dev.plan-1", "1.1.0", 256, V1);
        Plan plan = lab().plan(work, 1);
        assertFalse(plan.targets().get(0).content().unchanged());
        long deleted = sandbox.happened("cloudformation:change-set", "orders-dev/*", "delete");
        lab().deployer().discard(work, plan.targets());
        assertEquals(deleted + 1, sandbox.happened("cloudformation:change-set", "orders-dev/*", "delete"));
        lab().deployer().discard(work, plan.targets());
        // Whoever wants to deploy it after all plans again, without the change set.
        Fact.StepResult result = lab().deploy(work, plan.targets().get(0));
        assertEquals(result.detail(), Status.DONE, result.status());
    }

    @Test
    @Shows(table = Shows.STACK_STATES, cell = "UPDATE_ROLLBACK_COMPLETE")
    public void aFailedUpdateTellsItsFirstCauseAndIsAlreadyBack() throws Exception {
        Published old = lab().publish("1.0.0", 128, V1);
        lab().promote(lab().work("orders.dev.1", old));
        var work = work("orders.dev.2", "1.1.0", 256, V2);
        Plan plan = lab().plan(work, 1);
        sandbox.control()
                .failResource("orders-dev", "OrdersFunction", "The role cannot be assumed by Lambda.", "forward");
        Fact.StepResult result = lab().deploy(work, plan.targets().get(0));
        assertEquals(Status.FAILED, result.status());
        assertTrue(result.detail(), result.detail().contains("OrdersFunction: The role cannot be assumed by Lambda."));
        assertTrue(result.detail(), result.detail().contains("rolled it back"));
        Deployer.Undoing undone = lab().deployer().undo(work, 1, plan.targets().get(0), old, lab().progress);
        assertNull(String.valueOf(undone.failure()), undone.failure());
        assertTrue(undone.detail(), undone.detail().contains("already back"));
    }

    @Test
    @Shows(table = Shows.STACK_STATES, cell = "ROLLBACK_COMPLETE")
    public void aFailedCreationLeavesAStackThatOnlyAPersonCanRemove() throws Exception {
        var work = work("orders.dev.1", "1.0.0", 128, V1);
        Plan plan = lab().plan(work, 1);
        sandbox.control().failResource("orders-dev", "OrdersFunction", "Runtime is not supported", "forward");
        Fact.StepResult result = lab().deploy(work, plan.targets().get(0));
        assertEquals(Status.FAILED, result.status());
        assertTrue(result.detail(), result.detail().contains("OrdersFunction: Runtime is not supported"));
        Plan.Problem problem = problem(work("orders.dev.2", "1.0.1", 128, V1));
        assertEquals(KEY, problem.key());
        assertTrue(problem.cause(), problem.cause().contains("ROLLBACK_COMPLETE"));
        assertTrue(problem.cause(), problem.cause().contains("delete the stack and plan again"));
    }

    @Test
    @Shows(table = Shows.STACK_STATES, cell = "UPDATE_ROLLBACK_FAILED")
    public void aFailedRollbackIsAProblemForAPerson() throws Exception {
        deployed("1.0.0", 128, V1);
        var work = work("orders.dev.2", "1.1.0", 256, V2);
        Plan plan = lab().plan(work, 1);
        sandbox.control().failResource("orders-dev", "OrdersFunction", "it is on fire", "forward");
        sandbox.control().failResource("orders-dev", "OrdersFunction", "it is still on fire", "rollback");
        Fact.StepResult result = lab().deploy(work, plan.targets().get(0));
        assertEquals(Status.FAILED, result.status());
        assertTrue(result.detail(), result.detail().contains("OrdersFunction: it is on fire"));
        assertTrue(result.detail(), result.detail().contains("ContinueUpdateRollback"));
        Plan.Problem problem = problem(work("orders.dev.3", "1.1.1", 256, V2));
        assertTrue(problem.cause(), problem.cause().contains("UPDATE_ROLLBACK_FAILED"));
    }

    @Test
    public void anAnswerThatWasLostIsFoundInTheEvents() throws Exception {
        deployed("1.0.0", 128, V1);
        var work = work("orders.dev.2", "1.1.0", 256, V2);
        Plan plan = lab().plan(work, 1);
        // More often than the SDK tries: only the events tell.
        sandbox.control().loseResponse("cloudformation", "ExecuteChangeSet", 8);
        Fact.StepResult result = lab().deploy(work, plan.targets().get(0));
        assertEquals(result.detail(), Status.DONE, result.status());
        assertEquals(2, sandbox.happened("cloudformation:change-set", "orders-dev/*", "execute"));
    }

    @Test
    public void aRequestThatNeverArrivedIsMadeAgain() throws Exception {
        deployed("1.0.0", 128, V1);
        var work = work("orders.dev.2", "1.1.0", 256, V2);
        Plan plan = lab().plan(work, 1);
        sandbox.control()
                .fault("dropRequest", "service", "cloudformation", "operation", "ExecuteChangeSet", "count", 8);
        Fact.StepResult result = lab().deploy(work, plan.targets().get(0));
        assertEquals(result.detail(), Status.DONE, result.status());
        assertEquals(2, sandbox.happened("cloudformation:change-set", "orders-dev/*", "execute"));
    }

    @Test
    @Shows(table = Shows.STACK_STATES, cell = "DELETE_COMPLETE")
    public void aPlannedStackThatIsMadeAnewIsFollowedAtItsNewAddress() throws Exception {
        var work = work("orders.dev.1", "1.0.0", 128, V1);
        Plan.TargetPlan planned = lab().plan(work, 1).targets().get(0);
        var handles = new HashMap<>(planned.handles());
        handles.remove(StackPlanner.CHANGE_SET);
        var step = new Plan.TargetPlan(
                planned.place(),
                planned.target(),
                planned.kind(),
                planned.wave(),
                planned.after(),
                planned.content(),
                handles);
        sandbox.control().arm("cloudformation", "CreateChangeSet", "*", 1, "before");
        var result = async(() -> lab().deploy(work, step));
        SandboxLab.await("the change set", () -> sandbox.control().crashReached());
        try (var scope = lab().scope()) {
            scope.session(lab().accounts.get(Lab.DEV), AwsSessions.Purpose.DEPLOY, Lab.REGION)
                    .cloudFormation(Lab.REGION)
                    .deleteStack(r -> r.stackName(planned.handles().get(StackPlanner.STACK_ARN)));
        }
        sandbox.control().settle();
        sandbox.control().disarm();
        assertEquals(result.get().detail(), Status.DONE, result.get().status());
        assertEquals(1, sandbox.happened("cloudformation:change-set", "orders-dev/*", "execute"));
    }

    @Test
    public void throttlingSlowsDownAndFailsNothing() throws Exception {
        var work = work("orders.dev.1", "1.0.0", 128, V1);
        sandbox.control().throttle("cloudformation", "*", 5);
        Plan plan = lab().plan(work, 1);
        sandbox.control().throttle("cloudformation", "DescribeStackEvents", 6);
        sandbox.control()
                .fault("error", "service", "cloudformation", "operation", "DescribeStackEvents", "skip", 8, "count", 2);
        Fact.StepResult result = lab().deploy(work, plan.targets().get(0));
        assertEquals(result.detail(), Status.DONE, result.status());
    }

    @Test
    public void throttlingWithoutEndIsAnErrorAndNotANo() throws Exception {
        sandbox.control().throttle("cloudformation", "CreateChangeSet", 1000);
        Fact.Failure failure = lab().planFailure(work("orders.dev.1", "1.0.0", 128, V1));
        assertEquals(Fact.FailureKind.ERRORED, failure.verdict());
        assertTrue(
                failure.cause(),
                failure.cause()
                        .startsWith("cloudformation:CreateChangeSet in account orders-dev (222222222222),"
                                + " eu-west-1, as promotion-plan was throttled for too long"));
    }

    @Test
    public void credentialsThatExpireInTheMiddleAreRenewedAndNothingHappensTwice() throws Exception {
        deployed("1.0.0", 128, V1);
        var work = work("orders.dev.2", "1.1.0", 256, V2);
        Plan plan = lab().plan(work, 1);
        // The deployment holds its session when the tokens die, right after CloudFormation was told to begin.
        sandbox.control().arm("cloudformation", "ExecuteChangeSet", "*", 1, "after");
        var result = async(() -> lab().deploy(work, plan.targets().get(0)));
        SandboxLab.await("the execution", () -> sandbox.control().crashReached());
        sandbox.control().expireTokens();
        sandbox.control().disarm();
        assertEquals(Status.DONE, result.get().status());
        assertEquals(2, sandbox.happened("cloudformation:change-set", "orders-dev/*", "execute"));
    }

    @Test
    @Shows(table = Shows.STACK_STATES, cell = "*_IN_PROGRESS")
    public void anOperationOfSomebodyElseIsWaitedForAndThenNamed() throws Exception {
        sandbox.open(dev -> {}, AwsSettings.defaults().withBusyLimit(Duration.ofSeconds(10)));
        deployed("1.0.0", 128, V1);
        var late = work("orders.dev.3", "1.2.0", 512, V1);
        Plan.TargetPlan approved = lab().plan(late, 1).targets().get(0);
        var other = work("orders.dev.2", "1.1.0", 256, V1);
        Plan.TargetPlan first = lab().plan(other, 1).targets().get(0);
        sandbox.control().timeScale(10);
        var running = async(() -> lab().deploy(other, first));
        SandboxLab.await(
                "it is under way", () -> sandbox.happened("cloudformation:change-set", "orders-dev/*", "execute") == 2);
        Fact.StepResult refused = lab().deploy(late, approved);
        assertEquals(Status.FAILED, refused.status());
        assertTrue(refused.detail(), refused.detail().contains("UPDATE_IN_PROGRESS"));
        assertTrue(refused.detail(), refused.detail().contains("another promotion"));
        assertTrue(problem(late).cause().contains("something else is changing it"));
        sandbox.control().timeScale(0);
        sandbox.control().settle();
        assertEquals(Status.DONE, running.get().status());
        Fact.StepResult stale = lab().deploy(late, approved);
        assertEquals(stale.detail(), Status.STALE, stale.status());
    }

    @Test
    public void anInterruptStopsTheWaitingAndNothingElse() throws Exception {
        deployed("1.0.0", 128, V1);
        var work = work("orders.dev.2", "1.1.0", 256, V2);
        Plan.TargetPlan step = lab().plan(work, 1).targets().get(0);
        sandbox.control().timeScale(10);
        var ended = new CompletableFuture<Throwable>();
        var thread = new Thread(() -> {
            try {
                lab().deploy(work, step);
                ended.complete(null);
            } catch (Throwable e) {
                ended.complete(e);
            }
        });
        thread.start();
        SandboxLab.await(
                "it is under way", () -> sandbox.happened("cloudformation:change-set", "orders-dev/*", "execute") == 2);
        thread.interrupt();
        assertTrue(String.valueOf(ended.get()), ended.get() instanceof InterruptedException);
        sandbox.control().timeScale(0.001);
        lab().restart();
        Fact.StepResult result = lab().deploy(work, step);
        assertEquals(result.detail(), Status.DONE, result.status());
        assertEquals(2, sandbox.happened("cloudformation:change-set", "orders-dev/*", "execute"));
    }

    @Test
    public void whoDidWhatForWhomStandsInEveryRequest() throws Exception {
        deployed("1.0.0", 128, V1);
        for (String operation : List.of("CreateChangeSet", "ExecuteChangeSet")) {
            JsonNode request =
                    sandbox.control().log("cloudformation", operation).get(0);
            assertEquals("orders@1.0.0", request.path("sessionName").asText());
            assertEquals("orders.dev.1.0.0", request.path("sourceIdentity").asText());
            assertEquals(
                    "user:alice / user:carol",
                    request.path("tags").path("approvers").asText());
            assertEquals(
                    "orders.dev.1.0.0", request.path("tags").path("promotion").asText());
        }
        assertTrue(sandbox.control()
                .log("cloudformation", "CreateChangeSet")
                .get(0)
                .path("principal")
                .asText()
                .contains("promotion-plan"));
        assertTrue(sandbox.control()
                .log("cloudformation", "ExecuteChangeSet")
                .get(0)
                .path("principal")
                .asText()
                .contains("promotion-deploy"));
    }

    @Test
    public void aTrustPolicyWithoutTagsSaysWhatToAllow() throws Exception {
        sandbox.open(AwsFaultsTest::withoutMarks, AwsSettings.defaults());
        Fact.Failure failure = lab().planFailure(work("orders.dev.1", "1.0.0", 128, V1));
        assertEquals(Fact.FailureKind.ERRORED, failure.verdict());
        assertTrue(
                failure.cause(),
                failure.cause().contains("or switch session tags off")
                        || failure.cause().contains("or switch the source identity off"));
        sandbox.open(AwsFaultsTest::withoutMarks, AwsSettings.defaults().withSessionMarks(false, false));
        deployed("1.0.0", 128, V1);
    }

    private static void withoutMarks(SandboxConfig.AccountConfig account) {
        for (SandboxConfig.RoleConfig role : account.roles) {
            // The second statement is the one that allows tags and source identity.
            if (role.trust.path("Statement").size() > 1) {
                ((ObjectNode) role.trust).withArray("Statement").remove(1);
            }
        }
    }

    @Test
    public void aRoleThatDoesNotLetUsInIsAnErrorThatNamesIt() throws Exception {
        var dev = lab().accounts.get(Lab.DEV);
        lab().accounts
                .put(
                        Lab.DEV,
                        new io.jenkins.plugins.serverlesspromotion.engine.policy.Policy.Account(
                                dev.name(),
                                dev.id(),
                                null,
                                "wrong",
                                dev.planRole(),
                                dev.deployRole(),
                                null,
                                null,
                                dev.bucket()));
        Fact.Failure failure = lab().planFailure(work("orders.dev.1", "1.0.0", 128, V1));
        assertEquals(Fact.FailureKind.ERRORED, failure.verdict());
        assertTrue(failure.cause(), failure.cause().contains("role/promotion-"));
        assertTrue(failure.cause(), failure.cause().contains("its trust policy and the external id"));
    }

    @Test
    public void aStackOfAnotherServiceIsNotTouched() throws Exception {
        deployed("1.0.0", 128, V1);
        Published release = lab().publish("2.0.0", 256, V2);
        Manifest m = release.release().manifest();
        var theirs = new Manifest("payments", m.variables(), m.targets(), m.verify(), m.requires());
        var other = new io.jenkins.plugins.serverlesspromotion.engine.release.Release(
                "payments", "2.0.0", theirs, release.release().artifacts());
        var published = new Published(
                new io.jenkins.plugins.serverlesspromotion.engine.release.ReleaseRef(
                        "payments", "2.0.0", release.ref().digest(), 1),
                other,
                release.provenance(),
                release.store(),
                release.versions(),
                release.at(),
                release.by());
        lab().lane = new ResourceOwner("payments", "dev");
        Plan.Problem problem = problem(lab().work("payments.dev.1", published));
        assertTrue(problem.cause(), problem.cause().contains("belongs to another service, not to payments"));
    }

    @Test
    public void undoingDoesNotDeleteDataWithoutPeople() throws Exception {
        Published old = lab().publish("1.0.0", 128, V1);
        lab().promote(lab().work("orders.dev.1", old));
        String table = """
              OrdersTable:
                Type: AWS::DynamoDB::Table
                Properties:
                  BillingMode: PAY_PER_REQUEST
                  AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
                  KeySchema: [{AttributeName: id, KeyType: HASH}]
            """;
        var release = lab().publish("1.1.0", OrdersSamples.api(128), OrdersSamples.files(V1, OrdersSamples.api(table)));
        var work = lab().work("orders.dev.2", release);
        Plan plan = lab().plan(work, 1);
        assertEquals(Status.DONE, lab().carryOut(work, plan).get(KEY).status());
        Deployer.Undoing undone = lab().deployer().undo(work, 1, plan.targets().get(0), old, lab().progress);
        assertNotNull(undone.failure());
        assertTrue(undone.detail(), undone.detail().contains("would delete OrdersTable (AWS::DynamoDB::Table)"));
        // A rollback that people look at shows it first.
        Plan back = lab().plan(lab().work("orders.dev.3", old), 1);
        assertEquals(
                "statefulDeletion",
                back.targets().get(0).content().findings().get(0).kind());
    }

    @Test
    public void parametersAndSecretsArePinnedToTheVersionsOfThePlan() throws Exception {
        sandbox.open(AwsFaultsTest::withValues, AwsSettings.defaults());
        String template = OrdersSamples.consumer()
                .replace("  Queue:\n", "  Secret:\n    Type: String\n    NoEcho: true\n  Queue:\n");
        var target = OrdersSamples.stack(
                "api", "consumer.yaml", "orders-${environment}", Map.of("Queue", "${db}", "Secret", "${key}"));
        var manifest = new Manifest(
                "orders",
                Map.of(
                        "db", new Manifest.Variable.SsmParameter("/orders/${environment}/db"),
                        "key", new Manifest.Variable.Secret("orders/${environment}/key")),
                List.of(target),
                List.of(),
                List.of());
        var work = lab().work("orders.dev.1", lab().publish("1.0.0", manifest, Map.of("consumer.yaml", template)));
        Plan plan = lab().plan(work, 1);
        Plan.Content content = plan.targets().get(0).content();
        assertEquals("{{resolve:ssm:/orders/dev/db:1}}", content.values().get("Queue"));
        assertEquals("****", content.values().get("Secret"));
        assertEquals("1", content.pins().get("ssm:/orders/dev/db"));
        assertTrue(content.pins().containsKey("secret:orders/dev/key"));
        assertFalse(content.toString(), content.toString().contains("hunter2"));
        Fact.StepResult result = lab().carryOut(work, plan).get(KEY);
        assertEquals(result.detail(), Status.DONE, result.status());
        assertTrue(sandbox.control().log("secretsmanager", "GetSecretValue").isEmpty());
    }

    private static void withValues(SandboxConfig.AccountConfig account) {
        var parameter = new SandboxConfig.ParameterConfig();
        parameter.region = Lab.REGION;
        parameter.name = "/orders/dev/db";
        parameter.value = "orders.dev.internal";
        account.parameters.add(parameter);
        var secret = new SandboxConfig.SecretConfig();
        secret.region = Lab.REGION;
        secret.name = "orders/dev/key";
        secret.value = "hunter2";
        account.secrets.add(secret);
    }

    @Test
    public void aParameterThatDoesNotExistCanBeMended() throws Exception {
        var manifest = new Manifest(
                "orders",
                Map.of("db", new Manifest.Variable.SsmParameter("/orders/db")),
                List.of(OrdersSamples.stack("api", "consumer.yaml", "orders-${environment}", Map.of("Queue", "${db}"))),
                List.of(),
                List.of());
        var release = lab().publish("1.0.0", manifest, Map.of("consumer.yaml", OrdersSamples.consumer()));
        Plan.Problem problem = problem(lab().work("orders.dev.1", release));
        assertEquals(
                "parameter /orders/db does not exist in account orders-dev, eu-west-1; create it and plan again",
                problem.cause());
    }

    @Test
    public void capabilitiesAreThoseOfTheManifest() throws Exception {
        var target = new Manifest.CloudFormation(
                "api",
                List.of(),
                List.of(),
                OrdersSamples.TEMPLATE,
                "orders-dev",
                List.of(),
                Map.of("Environment", "dev"),
                Map.of());
        var release =
                lab().publish("1.0.0", OrdersSamples.manifest(target), OrdersSamples.files(V1, OrdersSamples.api("")));
        Fact.Failure failure = lab().planFailure(lab().work("orders.dev.1", release));
        assertEquals(Fact.FailureKind.FAILED, failure.verdict());
        assertTrue(failure.cause(), failure.cause().contains("add the capabilities to the target"));
    }

    @Test
    public void anInvalidTemplateIsAnAnswer() throws Exception {
        var release = lab().publish(
                        "1.0.0",
                        OrdersSamples.api(128),
                        OrdersSamples.files(V1, OrdersSamples.api("").replace("Outputs:", "Outpost:")));
        Fact.Failure failure = lab().planFailure(lab().work("orders.dev.1", release));
        assertEquals(Fact.FailureKind.FAILED, failure.verdict());
        assertTrue(failure.cause(), failure.cause().contains("template packaged.yaml of orders@1.0.0 is not valid"));
    }

    @Test
    public void aBucketWithoutVersionsIsRefused() throws Exception {
        sandbox.open(
                dev -> dev.buckets.stream()
                        .filter(b -> b.name.startsWith("serverless-promotion"))
                        .forEach(b -> b.versioned = false),
                AwsSettings.defaults());
        Fact.Failure failure = lab().planFailure(work("orders.dev.1", "1.0.0", 128, V1));
        assertEquals(Fact.FailureKind.FAILED, failure.verdict());
        assertTrue(failure.cause(), failure.cause().contains("is not versioned; enable versioning"));
    }

    @Test
    public void aBucketThatIsMissingIsNamed() throws Exception {
        sandbox.open(
                dev -> dev.buckets.removeIf(b -> b.name.startsWith("serverless-promotion")), AwsSettings.defaults());
        Fact.Failure failure = lab().planFailure(work("orders.dev.1", "1.0.0", 128, V1));
        assertEquals(Fact.FailureKind.FAILED, failure.verdict());
        assertTrue(
                failure.cause(),
                failure.cause()
                        .contains("bucket serverless-promotion-222222222222-eu-west-1 for staged artifacts does not"
                                + " exist"));
    }

    @Test
    public void aCheckThatDoesNotHoldSaysWhatCame() throws Exception {
        assertEquals(
                "lambda orders-smoke-dev in orders-dev/eu-west-1 answered statusCode 503 instead of 200:"
                        + " {\"statusCode\":503,\"body\":\"busy\"}",
                verified(OrdersSamples.answering(503, "busy"), new Manifest.Expectation(null, 200, null), 2));
        assertEquals(3, sandbox.control().log("lambda", "Invoke").size());
    }

    @Test
    public void aCheckThatThrowsSaysWhatWasThrown() throws Exception {
        String sentence = verified(
                "def handler(event, context):\n    raise ValueError('no database')\n",
                new Manifest.Expectation(null, null, null),
                0);
        assertTrue(sentence, sentence.contains("failed (Unhandled): no database"));
    }

    @Test
    public void aCheckLooksForAText() throws Exception {
        String sentence = verified(V1, new Manifest.Expectation(null, 200, "two"), 0);
        assertTrue(sentence, sentence.contains("answered without \"two\""));
    }

    @Test
    public void aCheckLooksIntoJsonAndAtTheClock() throws Exception {
        String sentence = verified(V1, new Manifest.Expectation(null, 200, null, "{\"body\":\"${version}\"}", null), 0);
        assertTrue(sentence, sentence.contains("answered with body \"one\" instead of \"1.0.0\""));
        sandbox.open(dev -> {}, AwsSettings.defaults());
        String slow =
                "import time\ndef handler(event, context):\n    time.sleep(0.05)\n    return {'statusCode': 200}\n";
        assertTrue(verified(slow, new Manifest.Expectation(null, 200, null, null, 20), 0)
                .matches(".* answered statusCode 200 after [0-9]+ ms, which is more than 20"));
    }

    @Test
    public void whatEachCheckAnsweredIsEvidence() throws Exception {
        var verification = verify(OrdersSamples.answering(503, "busy"), new Manifest.Expectation(null, 200, null), 2);
        CheckResult result = verification.results().get(0);
        assertEquals("lambda orders-smoke-dev", result.check());
        assertEquals("orders-dev/eu-west-1", result.place());
        assertFalse(result.held());
        assertEquals(3, result.attempts());
        assertTrue(result.millis() >= 0);
        assertEquals("503", result.answer());
        assertEquals(Sha256.of("{\"statusCode\":503,\"body\":\"busy\"}"), result.digest());
    }

    private String verified(String code, Manifest.Expectation expect, int retries) throws Exception {
        return verify(code, expect, retries).checks().get(0);
    }

    private Deployer.Verification verify(String code, Manifest.Expectation expect, int retries) throws Exception {
        var check = new Manifest.LambdaCheck("api", "orders-smoke-${environment}", "{}", expect, retries);
        Manifest api = OrdersSamples.api(128);
        var release = lab().publish(
                        "1.0.0",
                        new Manifest("orders", Map.of(), api.targets(), List.of(check), List.of()),
                        OrdersSamples.files(code, OrdersSamples.api("")));
        var work = lab().work("orders.dev.1", release);
        Plan plan = lab().plan(work, 1);
        lab().carryOut(work, plan);
        Deployer.Verification verified = lab().deployer().verify(work, 1, 0, plan, new HashMap<>(), lab().progress);
        assertNotNull(verified.failure());
        assertEquals(Fact.FailureKind.FAILED, verified.failure().verdict());
        return verified;
    }

    // ---- what the tests are made of

    private Deployer.Work work(String promotion, String version, int memory, String code) throws Exception {
        return lab().work(promotion, lab().publish(version, memory, code));
    }

    private void deployed(String version, int memory, String code) throws Exception {
        Fact.StepResult result = lab().promote(work("orders.dev." + version, version, memory, code))
                .get(KEY);
        assertEquals(result.detail(), Status.DONE, result.status());
    }

    private Plan.Problem problem(Deployer.Work work) throws InterruptedException {
        Deployer.Planning planning = lab().deployer().plan(work, 1, lab().progress);
        assertNull(String.valueOf(planning.failure()), planning.failure());
        assertEquals(1, planning.problems().size());
        return planning.problems().get(0);
    }

    private interface Call<T> {
        T call() throws Exception;
    }

    private static <T> CompletableFuture<T> async(Call<T> call) {
        var result = new CompletableFuture<T>();
        new Thread(() -> {
                    try {
                        result.complete(call.call());
                    } catch (Exception e) {
                        result.completeExceptionally(new ExecutionException(e));
                    }
                })
                .start();
        return result;
    }
}
