package io.jenkins.plugins.serverlesspromotion.aws;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.MayBeSkipped;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Deployment.Status;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Fact;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.engine.port.Deployer;
import io.jenkins.plugins.serverlesspromotion.engine.release.Published;
import io.jenkins.plugins.serverlesspromotion.format.ToolOutput;
import io.jenkins.plugins.serverlesspromotion.format.artifact.ReleaseAssembler;
import io.jenkins.plugins.serverlesspromotion.format.importers.ToolImport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/**
 * A SAM application, with its transform carried out and its functions run by somebody else's code: published from what
 * {@code sam build} leaves, promoted, asked, replaced and brought back.
 */
@MayBeSkipped("ministack")
public class SamMinistackTest {
    private static final String KEY = "orders-dev/eu-west-1/app";

    private static final String TEMPLATE = """
            AWSTemplateFormatVersion: "2010-09-09"
            Transform: AWS::Serverless-2016-10-31
            Parameters:
              Stage: { Type: String }
            Globals:
              Function: { Runtime: python3.11, Timeout: 30, Handler: app.handle }
            Resources:
              Table:
                Type: AWS::Serverless::SimpleTable
              Orders:
                Type: AWS::Serverless::Function
                Properties:
                  FunctionName: !Sub "orders-${Stage}"
                  CodeUri: Orders
                  AutoPublishAlias: live
                  Environment: { Variables: { STAGE: !Ref Stage, TABLE: !Ref Table } }
                  Policies:
                    - DynamoDBCrudPolicy: { TableName: !Ref Table }
                  FunctionUrlConfig: { AuthType: NONE }
                  Events:
                    Get: { Type: HttpApi, Properties: { Path: /orders, Method: get } }
            Outputs:
              Function: { Value: !Ref Orders }
              Table: { Value: !Ref Table }
              Url: { Value: !GetAtt OrdersUrl.FunctionUrl }
            """;

    private static final String MANIFEST = """
            service: orders
            targets:
              - name: app
                cloudformation: { stack: "orders-${environment}" }
                parameters: { Stage: "${environment}" }
            verify:
              - lambda: { target: app, function: "orders-${environment}:live", payload: { id: 7 } }
                expect: { statusCode: 200, json: { version: "${version}", stage: "${environment}", id: 7 } }
            """;

    @Rule
    public final Emulator ministack = Emulator.ministack();

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private Lab lab;

    @Before
    public void open() {
        lab = ministack.lab();
    }

    /** @param code what the function is made of, with the version that it says it is */
    private Published published(String version, String code) throws Exception {
        Path project = folder.newFolder().toPath();
        Path built = project.resolve(".aws-sam/build");
        Files.createDirectories(built.resolve("Orders"));
        Files.writeString(built.resolve("template.yaml"), TEMPLATE);
        Files.writeString(built.resolve("Orders/app.py"), code);
        Files.writeString(project.resolve("release.yaml"), MANIFEST);
        Path made = ToolImport.run(new ToolImport.Request(ToolOutput.SAM, project, null, "release.yaml", null, null))
                .manifest();
        return lab.publish(ReleaseAssembler.assemble(made, version));
    }

    private static String answering(String version) {
        return """
                import os

                def handle(event, context):
                    return {"statusCode": 200, "version": "%s", "stage": os.environ["STAGE"], "id": event.get("id")}
                """.formatted(version);
    }

    private Deployer.Verification verified(Deployer.Work work, Plan plan, Map<String, Fact.StepResult> results)
            throws InterruptedException {
        var outputs = new HashMap<String, Map<String, String>>();
        results.forEach((key, result) -> outputs.put(key, result.outputs()));
        return lab.deployer().verify(work, 1, 0, plan, outputs, lab.progress);
    }

    private Map<String, Fact.StepResult> promoted(Deployer.Work work, Plan plan) throws InterruptedException {
        Map<String, Fact.StepResult> results = lab.carryOut(work, plan);
        results.values().forEach(result -> assertEquals(result.detail(), Status.DONE, result.status()));
        return results;
    }

    @Test
    public void anApplicationIsPromotedAskedReplacedAndBroughtBack() throws Exception {
        Published one = published("1.0.0", answering("1.0.0"));
        var first = lab.work("orders.dev.1", one);
        Plan plan = lab.plan(first, 1);
        var kinds = new TreeMap<String, String>();
        plan.target(KEY)
                .orElseThrow()
                .content()
                .changes()
                .forEach(c -> kinds.put(c.subject(), c.action().name()));
        assertTrue(
                "what the transform makes of it is planned: " + kinds,
                kinds.keySet().containsAll(List.of("Orders", "OrdersRole", "OrdersUrl", "Table")));
        Map<String, Fact.StepResult> results = promoted(first, plan);
        assertEquals("orders-dev", results.get(KEY).outputs().get("Function"));
        Deployer.Verification asked = verified(first, plan, results);
        assertNull(String.valueOf(asked.failure()), asked.failure());
        assertEquals(List.of("lambda orders-dev:live in orders-dev/eu-west-1 answered statusCode 200"), asked.checks());

        var again = lab.work("orders.dev.2", published("1.0.1", answering("1.0.0")));
        assertTrue(
                "the same application is live already",
                lab.plan(again, 1).target(KEY).orElseThrow().content().unchanged());

        var second = lab.work("orders.dev.3", published("2.0.0", answering("2.0.0")));
        Plan next = lab.plan(second, 1);
        asked = verified(second, next, promoted(second, next));
        assertNull(String.valueOf(asked.failure()), asked.failure());
        // Who asks the new one for the old version is told what came instead: the check reads what the function says.
        asked = verified(first, plan, results);
        assertTrue(asked.failure().cause(), asked.failure().cause().contains("version \"2.0.0\" instead of \"1.0.0\""));

        Deployer.Undoing undone =
                lab.deployer().undo(second, 1, next.target(KEY).orElseThrow(), one, lab.progress);
        assertNull(undone.detail(), undone.failure());
        assertEquals("stack orders-dev in orders-dev/eu-west-1 is back at orders@1.0.0", undone.detail());
        asked = verified(first, plan, results);
        assertNull(String.valueOf(asked.failure()), asked.failure());
    }

    @Test
    public void aVersionThatThrowsDoesNotPass() throws Exception {
        var work = lab.work(
                "orders.dev.1",
                published("1.0.0", "def handle(event, context):\n    raise ValueError('no database')\n"));
        Plan plan = lab.plan(work, 1);
        Deployer.Verification asked = verified(work, plan, promoted(work, plan));
        assertEquals(Fact.FailureKind.FAILED, asked.failure().verdict());
        assertTrue(asked.failure().cause(), asked.failure().cause().contains("no database"));
    }
}
