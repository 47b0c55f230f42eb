package io.jenkins.plugins.serverlesspromotion.aws;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.Shows;
import io.jenkins.plugins.serverlesspromotion.aws.call.Sha256;
import io.jenkins.plugins.serverlesspromotion.aws.cloudformation.LiveStack;
import io.jenkins.plugins.serverlesspromotion.aws.session.AwsSessions;
import io.jenkins.plugins.serverlesspromotion.aws.stack.StackPlanner;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Deployment.Status;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Fact;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan.Action;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan.Exactness;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy.Place;
import io.jenkins.plugins.serverlesspromotion.engine.port.Deployer;
import io.jenkins.plugins.serverlesspromotion.engine.release.Artifact;
import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest;
import io.jenkins.plugins.serverlesspromotion.engine.release.Published;
import java.io.IOException;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.Assert;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import software.amazon.awssdk.core.sync.RequestBody;

/** What must hold at every endpoint that speaks AWS. */
public abstract class AwsSuite {
    static final String V1 = OrdersSamples.answering(200, "one");
    static final String V2 = OrdersSamples.answering(200, "two");

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    abstract Lab lab();

    /** Name of a bucket of account {@code orders-dev} that a site may be put into. */
    abstract String siteBucket();

    /** Id of a distribution of account {@code orders-dev}; null when the endpoint has none. */
    abstract String distribution();

    @Test
    @Shows(table = Shows.DEPLOYING, cell = "stack: done")
    public void aStackIsCreatedAndItsOutputsAreKnown() throws Exception {
        var work = lab().work("orders.dev.1", lab().publish("1.0.0", 128, V1));
        Plan plan = lab().plan(work, 1);
        Plan.TargetPlan step = plan.targets().get(0);
        assertEquals("orders-dev/eu-west-1/api", step.key());
        assertEquals(Exactness.EXACT, step.content().exactness());
        assertNull(step.content().liveDigest());
        assertEquals(
                List.of("OrdersFunction ADD", "OrdersRole ADD"),
                step.content().changes().stream()
                        .map(c -> c.subject() + " " + c.action())
                        .toList());
        Fact.StepResult result = lab().deploy(work, step);
        assertEquals(result.detail(), Status.DONE, result.status());
        assertEquals(Map.of("FunctionName", "orders-smoke-dev"), result.outputs());
        assertTrue(result.requests().toString(), result.requests().toString().contains("ExecuteChangeSet"));
    }

    @Test
    @Shows(table = Shows.STACK_STATES, cell = "CREATE_COMPLETE")
    public void anUpdateShowsWhatChangesFromWhatToWhat() throws Exception {
        deployed("1.0.0", 128, V1);
        Plan.TargetPlan step = plan("orders.dev.2", lab().publish("1.1.0", 256, V1));
        Plan.Change change = step.content().changes().get(0);
        assertEquals("OrdersFunction", change.subject());
        assertEquals(Action.MODIFY, change.action());
        Plan.PropertyChange memory = change.properties().stream()
                .filter(p -> p.path().contains("MemorySize"))
                .findFirst()
                .orElseThrow();
        assertEquals("128", memory.before());
        assertEquals("256", memory.after());
        Fact.StepResult result = lab().deploy(work("orders.dev.2", "1.1.0", 256, V1), step);
        assertEquals(result.detail(), Status.DONE, result.status());
    }

    @Test
    @Shows(table = Shows.DEPLOYING, cell = "stack: nothing to do")
    public void nothingToDoIsUnchanged() throws Exception {
        deployed("1.0.0", 128, V1);
        var work = work("orders.dev.2", "1.0.1", 128, V1);
        Plan.TargetPlan step = lab().plan(work, 1).targets().get(0);
        assertTrue(step.content().changes().toString(), step.content().unchanged());
        Fact.StepResult result = lab().deploy(work, step);
        assertEquals(result.detail(), Status.UNCHANGED, result.status());
    }

    @Test
    public void aWiderRoleIsFoundWithWhatItWasConcludedFrom() throws Exception {
        deployed("1.0.0", 128, V1);
        String role = """
                  Reader:
                    Type: AWS::IAM::Role
                    Properties:
                      AssumeRolePolicyDocument:
                        Version: "2012-10-17"
                        Statement:
                          - { Effect: Allow, Principal: { Service: lambda.amazonaws.com }, Action: "sts:AssumeRole" }
                      Policies:
                        - PolicyName: read
                          PolicyDocument:
                            Version: "2012-10-17"
                            Statement: [ { Effect: Allow, Action: "s3:GetObject", Resource: "arn:aws:s3:::%s" } ]
                """;
        var work = lab().work(
                        "orders.dev.2",
                        lab().publish(
                                        "1.1.0",
                                        OrdersSamples.api(128),
                                        OrdersSamples.files(V1, OrdersSamples.api(role.formatted("a/*")))));
        Plan.TargetPlan first = lab().plan(work, 1).targets().get(0);
        Plan.Finding finding = first.content().findings().get(0);
        assertEquals("iamBroadening", finding.kind());
        assertEquals("Reader (AWS::IAM::Role) may do more: s3:GetObject on arn:aws:s3:::a/*", finding.sentence());
        assertEquals(
                "Resources.Reader.Properties.Policies[0].PolicyDocument.Statement[0]",
                finding.evidence().get(0).path());
        assertEquals(1, first.content().findings().size());
        assertEquals(Status.DONE, lab().deploy(work, first).status());
        // What is live is the baseline: narrower is no finding, wider is one.
        var narrower = lab().work(
                        "orders.dev.3",
                        lab().publish(
                                        "1.2.0",
                                        OrdersSamples.api(128),
                                        OrdersSamples.files(V1, OrdersSamples.api(role.formatted("a/b/*")))));
        assertEquals(
                List.of(), lab().plan(narrower, 1).targets().get(0).content().findings());
        var wider = lab().work(
                        "orders.dev.4",
                        lab().publish(
                                        "1.3.0",
                                        OrdersSamples.api(128),
                                        OrdersSamples.files(V1, OrdersSamples.api(role.formatted("*")))));
        assertEquals(
                List.of("iamBroadening Reader"),
                lab().plan(wider, 1).targets().get(0).content().findings().stream()
                        .map(f -> f.kind() + " " + f.subject())
                        .toList());
    }

    @Test
    public void planningTwiceGivesTheSameContent() throws Exception {
        deployed("1.0.0", 128, V1);
        var work = work("orders.dev.2", "1.1.0", 256, V2);
        Plan first = lab().plan(work, 1);
        Plan second = lab().plan(work, 2);
        assertEquals(first.targets().get(0).content(), second.targets().get(0).content());
        assertNotEquals(
                first.targets().get(0).handles(), second.targets().get(0).handles());
    }

    @Test
    public void deployingAgainAfterItIsDoneDoesNothingMore() throws Exception {
        var work = work("orders.dev.1", "1.0.0", 128, V1);
        Plan.TargetPlan step = lab().plan(work, 1).targets().get(0);
        Fact.StepResult first = lab().deploy(work, step);
        lab().restart();
        Fact.StepResult again = lab().deploy(work, step);
        assertEquals(Status.DONE, first.status());
        assertEquals(again.detail(), Status.DONE, again.status());
        assertEquals(first.outputs(), again.outputs());
        assertTrue(again.requests().toString(), again.requests().isEmpty());
    }

    @Test
    @Shows(table = Shows.DEPLOYING, cell = "stack: stale plan")
    public void aPlanThatNoLongerHoldsIsStale() throws Exception {
        deployed("1.0.0", 128, V1);
        var late = work("orders.dev.2", "1.1.0", 256, V1);
        Plan.TargetPlan step = lab().plan(late, 1).targets().get(0);
        deployed("1.0.5", 512, V1);
        Fact.StepResult result = lab().deploy(late, step);
        assertEquals(result.detail(), Status.STALE, result.status());
        assertTrue(result.requests().toString(), result.requests().isEmpty());
    }

    @Test
    public void aNewPlanWithEqualContentKeepsTheOldOneExecutable() throws Exception {
        deployed("1.0.0", 128, V1);
        var work = work("orders.dev.2", "1.1.0", 256, V1);
        Plan.TargetPlan approved = lab().plan(work, 1).targets().get(0);
        try (var scope = lab().scope()) {
            scope.session(lab().accounts.get(Lab.DEV), AwsSessions.Purpose.PLAN, Lab.REGION)
                    .cloudFormation(Lab.REGION)
                    .deleteChangeSet(r -> r.changeSetName(approved.handles().get(StackPlanner.CHANGE_SET)));
        }
        Fact.StepResult result = lab().deploy(work, approved);
        assertEquals(result.detail(), Status.DONE, result.status());
    }

    @Test
    public void aTamperedArtifactIsNotPlanned() throws Exception {
        Published good = lab().publish("1.0.0", 128, V1);
        Artifact code = good.release().artifact(OrdersSamples.CODE).orElseThrow();
        String other;
        try (var scope = lab().scope()) {
            other = scope.session(lab().tools, AwsSessions.Purpose.STORE, Lab.REGION)
                    .s3(Lab.REGION)
                    .putObject(
                            r -> r.bucket("acme-releases").key(Sha256.key(code.sha256())),
                            RequestBody.fromBytes(OrdersSamples.zip("def handler(event, context):\n    steal()\n")))
                    .versionId();
        }
        var versions = new HashMap<>(good.versions());
        versions.put(code.digest(), other);
        var tampered = new Published(
                good.ref(), good.release(), good.provenance(), good.store(), versions, good.at(), good.by());
        Fact.Failure failure = lab().planFailure(lab().work("orders.dev.1", tampered));
        assertEquals(Fact.FailureKind.FAILED, failure.verdict());
        assertTrue(
                failure.cause(),
                failure.cause()
                        .startsWith("artifact build/api.zip of orders@1.0.0 is not what was published (expected "
                                + code.digest() + ", found sha256:"));
    }

    @Test
    public void aTamperedTemplateIsNotPlanned() throws Exception {
        Published good = lab().publish("1.0.0", 128, V1);
        Artifact template = good.release().artifact(OrdersSamples.TEMPLATE).orElseThrow();
        String other;
        try (var scope = lab().scope()) {
            other = scope.session(lab().tools, AwsSessions.Purpose.STORE, Lab.REGION)
                    .s3(Lab.REGION)
                    .putObject(
                            r -> r.bucket("acme-releases").key(Sha256.key(template.sha256())),
                            RequestBody.fromString(OrdersSamples.queue("")))
                    .versionId();
        }
        var versions = new HashMap<>(good.versions());
        versions.put(template.digest(), other);
        var tampered = new Published(
                good.ref(), good.release(), good.provenance(), good.store(), versions, good.at(), good.by());
        Fact.Failure failure = lab().planFailure(lab().work("orders.dev.1", tampered));
        assertEquals(Fact.FailureKind.FAILED, failure.verdict());
        assertTrue(
                failure.cause(), failure.cause().contains("packaged.yaml of orders@1.0.0 is not what was published"));
    }

    @Test
    public void publishingTheSameBytesTwiceFindsTheFirst() throws Exception {
        Published first = lab().publish("1.0.0", 128, V1);
        Published second = lab().publish("1.0.0", 128, V1);
        assertEquals(first.versions(), second.versions());
    }

    @Test
    public void aFileThatChangedAfterItWasHashedIsNotStored() throws Exception {
        byte[] bytes = "text that is unique to this test".getBytes();
        var path = folder.newFile().toPath();
        Files.write(path, "TEXT that is unique to this test".getBytes());
        var artifact = new Artifact("a.txt", Sha256.hex(bytes), bytes.length);
        var refused = Assert.assertThrows(
                IOException.class,
                () -> new S3ArtifactStore(lab().sessions()).put(lab().store, lab().tools, artifact, path));
        assertTrue(refused.getMessage(), refused.getMessage().contains("a.txt changed while it was published"));
    }

    @Test
    public void anAccountThatIsNotWhatPolicySaysIsRefusedBeforeAnythingIsWritten() throws Exception {
        Published release = lab().publish("1.0.0", 128, V1);
        var dev = lab().accounts.get(Lab.DEV);
        // A role of this account's name, reached through another account's credentials.
        lab().accounts
                .put(
                        Lab.DEV,
                        new io.jenkins.plugins.serverlesspromotion.engine.policy.Policy.Account(
                                Lab.DEV, dev.id(), null, null, null, null, null, null, dev.bucket()));
        Fact.Failure failure = lab().planFailure(lab().work("orders.dev.1", release));
        assertEquals(Fact.FailureKind.FAILED, failure.verdict());
        assertTrue(
                failure.cause(),
                failure.cause().contains(dev.id())
                        && failure.cause().contains(lab().tools.id()));
    }

    @Test
    public void anOutputThatIsNotKnownYetBoundsThePlan() throws Exception {
        var work = lab().work("orders.dev.1", queueAndConsumer("1.0.0", ""));
        Plan plan = lab().plan(work, 1);
        Plan.TargetPlan consumer = plan.target("orders-dev/eu-west-1/consumer").orElseThrow();
        assertEquals(Exactness.BOUNDED, consumer.content().exactness());
        assertEquals("${output.queue.QueueName}", consumer.content().values().get("Queue"));
        assertEquals(List.of("orders-dev/eu-west-1/queue"), consumer.after());
        assertTrue(plan.targets().indexOf(consumer) == 1);
        Map<String, Fact.StepResult> results = lab().carryOut(work, plan);
        assertEquals(
                results.toString(), Status.DONE, results.get(consumer.key()).status());
        assertEquals("orders-work-dev", live(consumer).parameters().get("Queue"));
    }

    @Test
    public void theOutputsOfAStackThatStaysAsItIsAreKnown() throws Exception {
        lab().promote(lab().work("orders.dev.1", queueAndConsumer("1.0.0", "")));
        Plan plan = lab().plan(lab().work("orders.dev.2", queueAndConsumer("1.0.1", "")), 1);
        for (Plan.TargetPlan step : plan.targets()) {
            assertEquals(Exactness.EXACT, step.content().exactness());
            assertTrue(step.key() + step.content().changes(), step.content().unchanged());
        }
        assertEquals(
                "orders-work-dev",
                plan.target("orders-dev/eu-west-1/consumer")
                        .orElseThrow()
                        .content()
                        .values()
                        .get("Queue"));
    }

    @Test
    @Shows(table = Shows.DEPLOYING, cell = "stack: undone")
    public void anUpdateIsUndone() throws Exception {
        Published old = lab().publish("1.0.0", 128, V1);
        lab().promote(lab().work("orders.dev.1", old));
        var work = work("orders.dev.2", "1.1.0", 256, V2);
        Plan plan = lab().plan(work, 1);
        lab().carryOut(work, plan);
        Deployer.Undoing undone = lab().deployer().undo(work, 1, plan.targets().get(0), old, lab().progress);
        assertNull(String.valueOf(undone.failure()), undone.failure());
        assertEquals("128", live(plan.targets().get(0)).parameters().get("MemorySize"));
        Deployer.Undoing again = lab().deployer().undo(work, 1, plan.targets().get(0), old, lab().progress);
        assertNull(again.failure());
        assertTrue(again.requests().toString(), again.requests().toString().contains("Execute") == false);
    }

    @Test
    public void undoingLeavesWhatTheOldReleaseDidNotHave() throws Exception {
        Published old = lab().publish("1.0.0", 128, V1);
        var work = lab().work("orders.dev.2", queueAndConsumer("1.1.0", ""));
        Plan plan = lab().plan(work, 1);
        Deployer.Undoing undone = lab().deployer().undo(work, 1, plan.targets().get(0), old, lab().progress);
        assertNull(undone.failure());
        assertTrue(undone.detail(), undone.detail().contains("is not in orders@1.0.0"));
        assertTrue(undone.detail(), undone.detail().contains("nothing is deleted"));
    }

    @Test
    @Shows(
            table = Shows.DEPLOYING,
            cell = {"site: done", "site: nothing to do"})
    public void aSiteIsPublishedPagesLastAndInvalidated() throws Exception {
        var work = lab().work("orders.dev.1", site("1.0.0", "<h1>one</h1>", "app.3f9a1c2b.js"));
        Plan plan = lab().plan(work, 1);
        assertEquals(
                List.of("app.3f9a1c2b.js ADD", "index.html ADD"),
                plan.targets().get(0).content().changes().stream()
                        .map(c -> c.subject() + " " + c.action())
                        .toList());
        Fact.StepResult result = lab().carryOut(work, plan).get("orders-dev/eu-west-1/web");
        assertEquals(result.detail(), Status.DONE, result.status());
        var page = head("index.html");
        assertEquals("text/html; charset=utf-8", page.contentType());
        assertEquals("no-cache", page.cacheControl());
        assertEquals(
                "public, max-age=31536000, immutable", head("app.3f9a1c2b.js").cacheControl());
        int assets = index(": wrote app.3f9a1c2b.js");
        assertTrue(assets >= 0 && assets < index(": wrote index.html"));
        if (distribution() != null) {
            assertTrue(result.detail(), result.detail().contains("invalidation"));
        }
        Plan again = lab().plan(lab().work("orders.dev.2", site("1.0.1", "<h1>one</h1>", "app.3f9a1c2b.js")), 1);
        assertTrue(again.targets().get(0).content().unchanged());
    }

    @Test
    public void whatASiteNoLongerHasIsReportedAndStays() throws Exception {
        lab().promote(lab().work("orders.dev.1", site("1.0.0", "<h1>one</h1>", "app.3f9a1c2b.js")));
        var work = lab().work("orders.dev.2", site("1.1.0", "<h1>two</h1>", "app.77aa88bb.js"));
        Plan plan = lab().plan(work, 1);
        Plan.Content content = plan.targets().get(0).content();
        assertEquals("leftBehind", content.findings().get(0).kind());
        assertTrue(
                content.findings().get(0).sentence(),
                content.findings().get(0).sentence().contains("app.3f9a1c2b.js"));
        assertEquals(
                Status.DONE,
                lab().carryOut(work, plan).get("orders-dev/eu-west-1/web").status());
        assertTrue(head("app.3f9a1c2b.js") != null);
        assertTrue(head("app.77aa88bb.js") != null);
    }

    @Test
    public void checksAreAskedOfWhatWasDeployed() throws Exception {
        var check = new Manifest.LambdaCheck(
                "api", "orders-smoke-${environment}", "{}", new Manifest.Expectation(null, 200, "one"), 0);
        Manifest api = OrdersSamples.api(128);
        var release = lab().publish(
                        "1.0.0",
                        new Manifest("orders", Map.of(), api.targets(), List.of(check), List.of()),
                        OrdersSamples.files(V1, OrdersSamples.api("")));
        var work = lab().work("orders.dev.1", release);
        Plan plan = lab().plan(work, 1);
        var outputs = new HashMap<String, Map<String, String>>();
        lab().carryOut(work, plan).forEach((key, result) -> outputs.put(key, result.outputs()));
        Deployer.Verification verified = lab().deployer().verify(work, 1, 0, plan, outputs, lab().progress);
        assertNull(String.valueOf(verified.failure()), verified.failure());
        assertEquals(
                List.of("lambda orders-smoke-dev in orders-dev/eu-west-1 answered statusCode 200"), verified.checks());
    }

    @Test
    public void everyPlaceOfAWaveIsPlanned() throws Exception {
        var waves = List.of(
                List.of(new Place(Lab.DEV, Lab.REGION)),
                List.of(new Place(Lab.PROD, Lab.REGION), new Place(Lab.PROD, "us-east-1")));
        Plan plan = lab().plan(lab().work("orders.dev.1", lab().publish("1.0.0", 128, V1), waves), 1);
        assertEquals(
                List.of("orders-dev/eu-west-1/api 0", "orders-prod/eu-west-1/api 1", "orders-prod/us-east-1/api 1"),
                plan.targets().stream().map(t -> t.key() + " " + t.wave()).toList());
    }

    // ---- what the scenarios are made of

    final Deployer.Work work(String promotion, String version, int memory, String code) throws Exception {
        return lab().work(promotion, lab().publish(version, memory, code));
    }

    final Plan.TargetPlan plan(String promotion, Published release) throws Exception {
        return lab().plan(lab().work(promotion, release), 1).targets().get(0);
    }

    /** Brings a version into dev and insists on it. */
    final Fact.StepResult deployed(String version, int memory, String code) throws Exception {
        var work = work("orders.dev." + version, version, memory, code);
        Fact.StepResult result = lab().promote(work).values().iterator().next();
        assertEquals(result.detail(), Status.DONE, result.status());
        return result;
    }

    final Published queueAndConsumer(String version, String suffix) throws Exception {
        var files = new LinkedHashMap<String, String>();
        files.put("queue.yaml", OrdersSamples.queue(suffix));
        files.put("consumer.yaml", OrdersSamples.consumer());
        return lab().publish(
                        version,
                        OrdersSamples.manifest(
                                OrdersSamples.stack(
                                        "consumer",
                                        "consumer.yaml",
                                        "orders-consumer-${environment}",
                                        Map.of("Queue", "${output.queue.QueueName}")),
                                OrdersSamples.stack(
                                        "queue",
                                        "queue.yaml",
                                        "orders-queue-${environment}",
                                        Map.of("Environment", "${environment}"))),
                        files);
    }

    final Published site(String version, String page, String asset) throws Exception {
        var files = new LinkedHashMap<String, String>();
        files.put("dist/web/index.html", page);
        files.put("dist/web/" + asset, "console.log('" + page + "')");
        return lab().publish(
                        version,
                        OrdersSamples.manifest(new Manifest.Site(
                                "web", List.of(), List.of(), "dist/web", siteBucket(), distribution())),
                        files);
    }

    final LiveStack live(Plan.TargetPlan step) {
        try (var scope = lab().scope()) {
            return LiveStack.read(
                    scope.session(
                                    lab().accounts.get(step.place().account()),
                                    AwsSessions.Purpose.PLAN,
                                    step.place().region())
                            .cloudFormation(step.place().region()),
                    step.content().subject());
        }
    }

    private software.amazon.awssdk.services.s3.model.HeadObjectResponse head(String key) {
        try (var scope = lab().scope()) {
            return scope.session(lab().accounts.get(Lab.DEV), AwsSessions.Purpose.DEPLOY, Lab.REGION)
                    .s3(Lab.REGION)
                    .headObject(r -> r.bucket(siteBucket()).key(key));
        }
    }

    private int index(String part) {
        for (int i = 0; i < lab().notes.size(); i++) {
            if (lab().notes.get(i).contains(part)) {
                return i;
            }
        }
        return -1;
    }
}
