package io.jenkins.plugins.serverlesspromotion.aws;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.aws.session.AwsSessions;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Deployment.Status;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.engine.port.Deployer;
import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.Rule;
import org.junit.Test;

/** Plans of releases from before literal values of NoEcho parameters were refused. */
public class NoEchoTest {
    private static final String PLANTED = "planted-6f1c0e";
    private static final String DEFAULT = "planted-default-77";
    private static final String TEMPLATE = """
            AWSTemplateFormatVersion: "2010-09-09"
            Parameters:
              Pw: { Type: String, NoEcho: yes }
              Pw2: { Type: String, NoEcho: 'On', Default: %s }
              Size: { Type: String }
            Resources:
              Topic:
                Type: AWS::SNS::Topic
                Properties: { DisplayName: !Sub "${Pw} ${Pw2} ${Size}" }
            """;

    @Rule
    public final SandboxLab sandbox = new SandboxLab();

    private Deployer.Work work(String version, String value, String defaultValue) throws Exception {
        var target = OrdersSamples.stack(
                "app", OrdersSamples.TEMPLATE, "orders-dev", Map.of("Pw", value, "Size", "large-size"));
        var manifest = new Manifest("orders", Map.of(), List.of(target), List.of(), List.of());
        return sandbox.lab()
                .work(
                        "orders.dev.1",
                        sandbox.lab()
                                .publish(
                                        version,
                                        manifest,
                                        Map.of(OrdersSamples.TEMPLATE, TEMPLATE.formatted(defaultValue))));
    }

    @Test
    public void aPlanHasStarsForLiteralsAndDefaultsAndTheStackGetsTheValues() throws Exception {
        Deployer.Work first = work("1.0.0", PLANTED, DEFAULT);
        Deployer.Planning planning = sandbox.lab().planning(first, 1);
        assertEquals(Map.of("orders@1.0.0", List.of("app.Pw", "app.Pw2")), planning.noEcho());
        Plan.TargetPlan step = planning.targets().get(0);
        assertEquals("****", step.content().values().get("Pw"));
        assertEquals("large-size", step.content().values().get("Size"));
        assertHidden(planning.toString());
        var result = sandbox.lab().deploy(first, step);
        assertEquals(result.detail(), Status.DONE, result.status());

        Deployer.Work next = work("1.1.0", "planted-second-1", "planted-default-88");
        Deployer.Planning again = sandbox.lab()
                .planning(
                        new Deployer.Work(
                                next.controller(),
                                next.promotion(),
                                next.release(),
                                next.rules(),
                                next.store(),
                                next.storeAccount(),
                                next.approvers(),
                                next.kept(),
                                next.owners(),
                                List.of(first.release())),
                        2);
        assertEquals(
                "also of what is live",
                Set.of("orders@1.0.0", "orders@1.1.0"),
                again.noEcho().keySet());
        assertFalse(again.targets().get(0).content().unchanged());
        assertHidden(again.toString());
        assertTrue(again.toString(), again.toString().contains("large-size"));
    }

    private static final String COPIES = """
            AWSTemplateFormatVersion: "2010-09-09"
            Parameters:
              Pw: { Type: String, NoEcho: true, Default: %s }
            Resources:
              Topic: { Type: AWS::SNS::Topic, Properties: { DisplayName: !Ref Pw } }
            Outputs:
              Copy: { Value: !Sub "${Pw}" }
              Name: { Value: !GetAtt Topic.TopicName }
            """;

    private static final String USES = """
            AWSTemplateFormatVersion: "2010-09-09"
            Parameters:
              From: { Type: String }
              Name: { Type: String }
            Resources:
              Topic: { Type: AWS::SNS::Topic, Properties: { DisplayName: !Sub "${From} ${Name}" } }
            """;

    private Deployer.Work copying(int number, String value) throws Exception {
        var manifest = new Manifest(
                "orders",
                Map.of(),
                List.of(
                        OrdersSamples.stack("app", "app.yaml", "orders-dev", Map.of()),
                        OrdersSamples.stack(
                                "uses",
                                "uses.yaml",
                                "orders-uses-dev",
                                Map.of("From", "is ${output.app.Copy}", "Name", "${output.app.Name}"))),
                List.of(),
                List.of());
        return sandbox.lab()
                .work(
                        "orders.dev." + number,
                        sandbox.lab()
                                .publish(
                                        "1." + number + ".0",
                                        manifest,
                                        Map.of("app.yaml", COPIES.formatted(value), "uses.yaml", USES)));
    }

    /** The value is in no manifest: only the template knows that the output shows it. */
    @Test
    public void anOutputThatShowsANoEchoParameterIsNeitherReportedNorPlannedAndItsUserGetsIt() throws Exception {
        for (int number : List.of(1, 2)) {
            Deployer.Work work = copying(number, DEFAULT + number);
            Plan plan = sandbox.lab().plan(work, 1);
            assertHidden(plan.toString());
            var results = sandbox.lab().carryOut(work, plan);
            assertHidden(results.toString());
            String app = plan.targets().get(0).key();
            String uses = plan.targets().get(1).key();
            assertEquals(results.toString(), Status.DONE, results.get(uses).status());
            assertEquals("****", results.get(app).outputs().get("Copy"));
            assertTrue(results.get(app).outputs().get("Name").startsWith("orders-dev"));
            assertEquals("is " + DEFAULT + number, live("orders-uses-dev", "From"));
        }
        Plan again = sandbox.lab().plan(copying(3, DEFAULT + 2), 1);
        assertHidden(again.toString());
        assertEquals("is ****", again.targets().get(1).content().values().get("From"));
        assertTrue(again.targets().get(1).content().unchanged());
    }

    private String live(String stack, String parameter) {
        try (var scope = sandbox.lab().scope()) {
            return scope
                    .session(sandbox.lab().accounts.get(Lab.DEV), AwsSessions.Purpose.PLAN, Lab.REGION)
                    .cloudFormation(Lab.REGION)
                    .describeStacks(r -> r.stackName(stack))
                    .stacks()
                    .get(0)
                    .parameters()
                    .stream()
                    .filter(p -> p.parameterKey().equals(parameter))
                    .findFirst()
                    .orElseThrow()
                    .parameterValue();
        }
    }

    private static void assertHidden(String text) {
        assertFalse(text, text.contains("planted"));
    }
}
