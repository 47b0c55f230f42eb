package io.jenkins.plugins.serverlesspromotion.aws;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.aws.call.Sha256;
import io.jenkins.plugins.serverlesspromotion.aws.session.AwsSessions;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.engine.port.Deployer;
import io.jenkins.plugins.serverlesspromotion.engine.port.Inspector.DriftResult;
import io.jenkins.plugins.serverlesspromotion.engine.port.Inspector.Inspected;
import io.jenkins.plugins.serverlesspromotion.engine.release.Artifact;
import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;
import software.amazon.awssdk.services.s3.S3Client;

/** What somebody changed beside the promotions is seen, by reading alone. */
public class DriftTest {
    private static final String PLACE = "orders-dev/eu-west-1";

    @Rule
    public final SandboxLab sandbox = new SandboxLab();

    private FunctionLab function;
    private Deployer.Work work;
    private Plan plan;

    @Before
    public void promoted() throws Exception {
        function = new FunctionLab(sandbox, 0.01);
        var files = new LinkedHashMap<>(OrdersSamples.files(AwsSuite.V1, OrdersSamples.api("")));
        files.put(FunctionLab.CODE, AwsSuite.V2);
        files.put("dist/web/index.html", "<h1>one</h1>");
        files.put("dist/web/app.js", "1");
        Manifest manifest = OrdersSamples.manifest(
                OrdersSamples.api(128).targets().get(0),
                FunctionLab.target(null, Map.of("memorySize", "256")),
                new Manifest.Site("web", List.of(), List.of(), "dist/web", SandboxLab.SITE, null, true, null));
        work = lab().work("orders.dev.1", lab().publish("1.0.0", manifest, files));
        plan = lab().plan(work, 1);
        lab().carryOut(work, plan)
                .forEach((key, result) ->
                        assertTrue(result.detail(), result.status().isGood()));
    }

    @After
    public void close() {
        function.close();
    }

    private Lab lab() {
        return sandbox.lab();
    }

    private Inspected of(String target) throws InterruptedException {
        return inspected().stream()
                .filter(i -> i.key().equals(PLACE + "/" + target))
                .findFirst()
                .orElseThrow();
    }

    private List<Inspected> inspected() throws InterruptedException {
        return lab().deployer().inspect(work, plan, Set.of(PLACE), lab().progress);
    }

    private S3Client s3(AwsSessions.Scope scope) {
        return scope.session(lab().accounts.get(Lab.DEV), AwsSessions.Purpose.DEPLOY, Lab.REGION)
                .s3(Lab.REGION);
    }

    private CloudFormationClient stacks(AwsSessions.Scope scope) {
        return scope.session(lab().accounts.get(Lab.DEV), AwsSessions.Purpose.DEPLOY, Lab.REGION)
                .cloudFormation(Lab.REGION);
    }

    @Test
    public void whatIsAsPromotedIsFoundOutByReadingAlone() throws Exception {
        int before = sandbox.control().log().size();
        List<Inspected> all = inspected();
        assertEquals(3, all.size());
        all.forEach(i -> assertEquals(i.toString(), DriftResult.SAME, i.verdict()));
        sandbox.control().log().subList(before, sandbox.control().log().size()).forEach(call -> {
            String operation = call.path("operation").asText();
            assertTrue(operation, operation.matches("(Get|Describe|List|Head|Assume).*"));
            assertTrue(
                    call.path("principal").asText(),
                    operation.startsWith("Assume")
                            || call.path("principal").asText().contains("promotion-plan"));
        });
    }

    @Test
    public void anotherCopyOfTheSameCodeIsNoDrift() throws Exception {
        Artifact code = work.release().release().artifact(OrdersSamples.CODE).orElseThrow();
        try (var scope = lab().scope()) {
            byte[] same = OrdersSamples.zip(AwsSuite.V1);
            s3(scope)
                    .putObject(
                            r -> r.bucket("serverless-promotion-222222222222-eu-west-1")
                                    .key(Sha256.key(code.sha256()))
                                    .checksumSHA256(Sha256.base64(code.sha256())),
                            RequestBody.fromBytes(same));
        }
        assertEquals(List.of(), of("api").differences());
    }

    @Test
    public void anotherTemplateParameterAndTagAreNamed() throws Exception {
        try (var scope = lab().scope()) {
            CloudFormationClient client = stacks(scope);
            String template = client.getTemplate(r -> r.stackName("orders-dev")).templateBody();
            String set = client.createChangeSet(r -> r.stackName("orders-dev")
                            .changeSetName("by-hand")
                            .templateBody(template.replace("Runtime: python3.11", "Runtime: python3.12"))
                            .capabilitiesWithStrings("CAPABILITY_IAM")
                            .parameters(
                                    p -> p.parameterKey("Environment").parameterValue("dev"),
                                    p -> p.parameterKey("MemorySize").parameterValue("512"))
                            .roleARN("arn:aws:iam::222222222222:role/promotion-cfn"))
                    .id();
            SandboxLab.await(
                    "the change set",
                    () -> client.describeChangeSet(r -> r.changeSetName(set))
                            .statusAsString()
                            .equals("CREATE_COMPLETE"));
            client.executeChangeSet(r -> r.changeSetName(set));
            SandboxLab.await(
                    "the update",
                    () -> client.describeStacks(r -> r.stackName("orders-dev"))
                            .stacks()
                            .get(0)
                            .stackStatusAsString()
                            .equals("UPDATE_COMPLETE"));
        }
        Inspected api = of("api");
        assertEquals(DriftResult.DRIFTED, api.verdict());
        assertEquals(
                List.of(
                        "its template or code is another one than orders@1.0.0 has",
                        "parameter MemorySize is 512 instead of 128"),
                api.differences());
        assertEquals(DriftResult.SAME, of("web").verdict());
    }

    @Test
    public void aStackThatIsGoneIsDrift() throws Exception {
        try (var scope = lab().scope()) {
            stacks(scope)
                    .deleteStack(
                            r -> r.stackName("orders-dev").roleARN("arn:aws:iam::222222222222:role/promotion-cfn"));
        }
        sandbox.control().settle();
        assertEquals(
                List.of("stack orders-dev in orders-dev/eu-west-1 does not exist any more"),
                of("api").differences());
    }

    @Test
    public void aStagedCopyThatIsGoneIsDoubtAndNotDrift() throws Exception {
        Artifact code = work.release().release().artifact(OrdersSamples.CODE).orElseThrow();
        try (var scope = lab().scope()) {
            s3(scope)
                    .deleteObject(r -> r.bucket("serverless-promotion-222222222222-eu-west-1")
                            .key(Sha256.key(code.sha256())));
        }
        Inspected api = of("api");
        assertEquals(DriftResult.UNKNOWN, api.verdict());
        assertTrue(
                api.differences().get(0),
                api.differences().get(0).startsWith("the staged copy of build/api.zip is gone"));
    }

    @Test
    public void aFunctionThatSomebodyChangedIsNamedByProperty() throws Exception {
        function.lambda()
                .updateFunctionConfiguration(
                        r -> r.functionName(FunctionLab.FUNCTION).memorySize(1024));
        function.settle();
        assertEquals(
                List.of("MemorySize of $LATEST is 1024 instead of 256"),
                of("worker").differences());
        function.lambda()
                .updateAlias(r -> r.functionName(FunctionLab.FUNCTION)
                        .name("live")
                        .functionVersion("1")
                        .routingConfig(w -> w.additionalVersionWeights(Map.of("2", 0.5))));
        assertEquals(
                List.of(
                        "MemorySize of $LATEST is 1024 instead of 256",
                        "alias live is shifted between versions 1, 2 with 50 %",
                        "CodeSha256 of alias live (version 1) is sha256:" + Sha256.hex(OrdersSamples.zip(AwsSuite.V1))
                                + " instead of sha256:" + Sha256.hex(OrdersSamples.zip(AwsSuite.V2)),
                        "MemorySize of alias live (version 1) is 128 instead of 256"),
                of("worker").differences());
        function.lambda().deleteAlias(r -> r.functionName(FunctionLab.FUNCTION).name("live"));
        assertTrue(of("worker").differences().contains("alias live does not exist any more"));
    }

    @Test
    public void filesThatWereChangedRemovedOrAddedAreNamed() throws Exception {
        try (var scope = lab().scope()) {
            S3Client s3 = s3(scope);
            s3.putObject(
                    r -> r.bucket(SandboxLab.SITE)
                            .key("index.html")
                            .contentType("text/html; charset=utf-8")
                            .cacheControl("no-cache"),
                    RequestBody.fromString("<h1>hacked</h1>"));
            s3.deleteObject(r -> r.bucket(SandboxLab.SITE).key("app.js"));
            s3.putObject(r -> r.bucket(SandboxLab.SITE).key("evil.js"), RequestBody.fromString("steal()"));
        }
        Inspected web = of("web");
        assertEquals(DriftResult.DRIFTED, web.verdict());
        assertEquals("app.js is gone", web.differences().get(0));
        assertTrue(web.differences().get(1), web.differences().get(1).startsWith("index.html was changed: {sha256="));
        assertEquals("evil.js is not of the release", web.differences().get(2));
    }

    @Test
    public void whatCannotBeReadIsUnknownAndSaysWhy() throws Exception {
        sandbox.control()
                .fault(
                        "error",
                        "service",
                        "s3",
                        "operation",
                        "ListObjects*",
                        "count",
                        -1,
                        "status",
                        403,
                        "code",
                        "AccessDenied",
                        "message",
                        "Access Denied");
        Inspected web = of("web");
        assertEquals(DriftResult.UNKNOWN, web.verdict());
        assertTrue(web.differences().get(0), web.differences().get(0).contains("was denied"));
    }
}
