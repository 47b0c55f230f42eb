package io.jenkins.plugins.serverlesspromotion.aws;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.aws.call.Sha256;
import io.jenkins.plugins.serverlesspromotion.aws.session.AwsSessions;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Deployment.Status;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy.Place;
import io.jenkins.plugins.serverlesspromotion.engine.port.Deployer;
import io.jenkins.plugins.serverlesspromotion.engine.port.Inspector.DriftResult;
import io.jenkins.plugins.serverlesspromotion.engine.release.Published;
import io.jenkins.plugins.serverlesspromotion.format.artifact.ReleaseAssembler;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Files that a template names reach every environment with the bytes that were published. */
public class PackagedFilesTest {
    private static final String DEV = "serverless-promotion-222222222222-eu-west-1";
    private static final String PROD = "serverless-promotion-444444444444-eu-west-1";

    @Rule
    public final SandboxLab sandbox = new SandboxLab();

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final Map<String, byte[]> files = new TreeMap<>();

    @Before
    public void aServiceOfManyKinds() throws Exception {
        files.put("build/api.zip", OrdersSamples.zip("def handler(event, context): return {'statusCode': 200}"));
        files.put("build/layer.zip", OrdersSamples.zip("SHARED = 1"));
        files.put("build/inner.zip", OrdersSamples.zip("def handler(event, context): return 'inner'"));
        files.put("api/openapi.yaml", "openapi: 3.0.1\npaths: {}\n".getBytes());
        files.put("steps/orders.asl.json", "{\"StartAt\":\"A\",\"States\":{\"A\":{\"Type\":\"Succeed\"}}}".getBytes());
        files.put("jobs/load.py", "print('ä')\n".getBytes("UTF-8"));
        files.put("graph/schema.graphql", "type Query { order(id: ID): String }\r\n".getBytes());
        files.put("infra/api.yaml", """
                Resources:
                  Role:
                    Type: AWS::IAM::Role
                    Properties:
                      AssumeRolePolicyDocument:
                        Statement: { Effect: Allow, Principal: { Service: lambda.amazonaws.com }, Action: "sts:AssumeRole" }
                  Function:
                    Type: AWS::Lambda::Function
                    Properties:
                      Handler: index.handler
                      Runtime: python3.11
                      Role: !GetAtt Role.Arn
                      Code: build/api.zip
                      Layers: [ !Ref Layer ]
                  Layer: { Type: AWS::Lambda::LayerVersion, Properties: { Content: build/layer.zip } }
                  Api: { Type: AWS::ApiGateway::RestApi, Properties: { BodyS3Location: api/openapi.yaml } }
                  Steps:
                    Type: AWS::StepFunctions::StateMachine
                    Properties: { RoleArn: !GetAtt Role.Arn, DefinitionS3Location: steps/orders.asl.json }
                  Job:
                    Type: AWS::Glue::Job
                    Properties: { Role: !Ref Role, Command: { Name: glueetl, ScriptLocation: jobs/load.py } }
                  Schema:
                    Type: AWS::AppSync::GraphQLSchema
                    Properties: { ApiId: abc, DefinitionS3Location: graph/schema.graphql }
                  Inner:
                    Type: AWS::CloudFormation::Stack
                    Properties: { TemplateURL: infra/inner.yaml, Parameters: { RoleArn: !GetAtt Role.Arn } }
                Outputs:
                  Inner: { Value: !GetAtt Inner.Outputs.Name }
                """.getBytes());
        inner("inner.handler");
    }

    private void inner(String handler) {
        files.put("infra/inner.yaml", """
                Parameters: { RoleArn: { Type: String } }
                Resources:
                  Function:
                    Type: AWS::Lambda::Function
                    Properties:
                      Handler: %s
                      Runtime: python3.11
                      Role: !Ref RoleArn
                      Code: build/inner.zip   # carried too
                Outputs: { Name: { Value: !Ref Function } }
                """.formatted(handler).getBytes());
    }

    private Published publish(String version) throws Exception {
        Path root = folder.newFolder().toPath();
        Files.writeString(root.resolve("release.yaml"), """
                apiVersion: promotion/v1
                service: orders
                targets:
                  - name: api
                    cloudformation: { template: infra/api.yaml, stack: orders, capabilities: [CAPABILITY_IAM] }
                """);
        for (var file : files.entrySet()) {
            Files.createDirectories(root.resolve(file.getKey()).getParent());
            Files.write(root.resolve(file.getKey()), file.getValue());
        }
        var assembly = ReleaseAssembler.assemble(root.resolve("release.yaml"), version);
        assertEquals(
                new ArrayList<>(files.keySet()),
                assembly.release().artifacts().stream().map(a -> a.path()).toList());
        return sandbox.lab().publish(assembly);
    }

    private Deployer.Work to(String promotion, Published release, String account) {
        return sandbox.lab().work(promotion, release, List.of(List.of(new Place(account, Lab.REGION))));
    }

    private void deployed(Deployer.Work work, Status status) throws Exception {
        var results = sandbox.lab().promote(work);
        results.values().forEach(r -> assertEquals(r.detail() + sandbox.lab().notes, status, r.status()));
        assertEquals(1, results.size());
    }

    /** SHA-256 of what a handler read, of the last time. */
    private String read(String account, String resource) {
        var all = sandbox.control().history("sandbox:content", resource).stream()
                .filter(change -> change.path("account").asText().equals(account))
                .toList();
        assertFalse(resource + " was never read in " + account, all.isEmpty());
        return all.get(all.size() - 1).path("after").asText();
    }

    private byte[] object(String account, String bucket, String key) {
        try (var scope = sandbox.lab().scope()) {
            return scope.session(sandbox.lab().accounts.get(account), AwsSessions.Purpose.PLAN, Lab.REGION)
                    .s3(Lab.REGION)
                    .getObjectAsBytes(r -> r.bucket(bucket).key(key))
                    .asByteArray();
        }
    }

    private String template(String account, String stack) {
        try (var scope = sandbox.lab().scope()) {
            return scope.session(sandbox.lab().accounts.get(account), AwsSessions.Purpose.PLAN, Lab.REGION)
                    .cloudFormation(Lab.REGION)
                    .getTemplate(r -> r.stackName(stack))
                    .templateBody();
        }
    }

    private String nested(String account) {
        try (var scope = sandbox.lab().scope()) {
            return scope
                    .session(sandbox.lab().accounts.get(account), AwsSessions.Purpose.PLAN, Lab.REGION)
                    .cloudFormation(Lab.REGION)
                    .listStackResources(r -> r.stackName("orders"))
                    .stackResourceSummaries()
                    .stream()
                    .filter(r -> r.logicalResourceId().equals("Inner"))
                    .findFirst()
                    .orElseThrow()
                    .physicalResourceId();
        }
    }

    private void holdsThePublishedBytes(String account, String id, String bucket) {
        for (var one : Map.of(
                        "orders/Layer.Content", "build/layer.zip",
                        "orders/Api.BodyS3Location", "api/openapi.yaml",
                        "orders/Steps.DefinitionS3Location", "steps/orders.asl.json",
                        "orders/Schema.DefinitionS3Location", "graph/schema.graphql")
                .entrySet()) {
            assertEquals(one.getKey(), Sha256.hex(files.get(one.getValue())), read(id, one.getKey()));
        }
        String outer = template(account, "orders");
        for (String path : List.of("build/api.zip", "jobs/load.py")) {
            String key = Sha256.key(Sha256.hex(files.get(path)));
            assertTrue(outer, outer.contains(key));
            assertEquals(Sha256.hex(files.get(path)), Sha256.hex(object(account, bucket, key)));
        }
        assertTrue(
                outer,
                outer.contains("ScriptLocation: \"s3://" + bucket + "/"
                        + Sha256.key(Sha256.hex(files.get("jobs/load.py"))) + "\""));
        String inner = template(account, nested(account));
        assertEquals(
                "only the code is replaced",
                new String(files.get("infra/inner.yaml")).replaceAll("Code: \\S+", "Code: "),
                inner.replaceAll("Code: \\{[^}]*}", "Code: "));
        assertTrue(inner, inner.contains(Sha256.key(Sha256.hex(files.get("build/inner.zip")))));
    }

    @Test
    public void everyKindOfFileReachesDevAndProdUnchanged() throws Exception {
        Published release = publish("1.0.0");
        deployed(to("orders.dev.1", release, Lab.DEV), Status.DONE);
        holdsThePublishedBytes(Lab.DEV, "222222222222", DEV);
        deployed(to("orders.prod.1", release, Lab.PROD), Status.DONE);
        holdsThePublishedBytes(Lab.PROD, "444444444444", PROD);
        Deployer.Work again = to("orders.dev.2", publish("1.0.1"), Lab.DEV);
        Plan plan = sandbox.lab().plan(again, 1);
        deployed(again, Status.UNCHANGED);
        sandbox.lab()
                .deployer()
                .inspect(again, plan, Set.of(Lab.DEV + "/" + Lab.REGION), sandbox.lab().progress)
                .forEach(i -> assertEquals(i.toString(), DriftResult.SAME, i.verdict()));
    }

    @Test
    public void whatIsNotPinnedIsInThePlanOfEveryRelease() throws Exception {
        files.clear();
        files.put("infra/api.yaml", """
                Resources:
                  Task:
                    Type: AWS::ECS::TaskDefinition
                    Properties: { ContainerDefinitions: [ { Name: web, Image: "example/web:1" } ] }
                  Task2:
                    Type: AWS::ECS::TaskDefinition
                    Properties: { ContainerDefinitions: [ { Name: web, Image: "example/web@sha256:%s" } ] }
                """.formatted("a".repeat(64)).getBytes());
        for (String account : List.of(Lab.DEV, Lab.PROD)) {
            Plan plan = sandbox.lab().plan(to("orders.1", publish("1.0.0"), account), 1);
            assertEquals(
                    List.of("notPinned Task"),
                    plan.targets().get(0).content().findings().stream()
                            .map(f -> f.kind() + " " + f.subject())
                            .toList());
        }
    }

    @Test
    public void aChangeInANestedTemplateOnlyIsAChange() throws Exception {
        deployed(to("orders.dev.1", publish("1.0.0"), Lab.DEV), Status.DONE);
        inner("index.other");
        Deployer.Work next = to("orders.dev.2", publish("1.1.0"), Lab.DEV);
        Plan plan = sandbox.lab().plan(next, 1);
        Plan.Content content = plan.targets().get(0).content();
        assertEquals(
                List.of("Inner"),
                content.changes().stream().map(c -> c.subject()).toList());
        assertTrue(
                "addresses of an account are no content of a plan: " + content.changes(),
                content.changes().toString().contains("(template sha256:"));
        assertTrue(content.findings().stream().noneMatch(f -> f.kind().equals("notPinned")));
        deployed(next, Status.DONE);
        holdsThePublishedBytes(Lab.DEV, "222222222222", DEV);
    }
}
