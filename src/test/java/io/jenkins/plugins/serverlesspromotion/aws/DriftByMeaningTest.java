package io.jenkins.plugins.serverlesspromotion.aws;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.aws.session.AwsSessions;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.engine.port.Deployer;
import io.jenkins.plugins.serverlesspromotion.engine.port.Inspector.DriftResult;
import io.jenkins.plugins.serverlesspromotion.engine.port.Inspector.Inspected;
import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest;
import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest.StackGuards;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.Rule;
import org.junit.Test;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;
import software.amazon.awssdk.services.cloudformation.model.CreateChangeSetRequest;

/** Drift is what has an effect; a plan shows everything that changes. */
public class DriftByMeaningTest {
    private static final String PLACE = "orders-dev/eu-west-1";
    private static final String STACK = "orders-queue-dev";
    private static final String QUEUE = "Resources:\n  Q: { Type: AWS::SQS::Queue }\n";

    @Rule
    public final SandboxLab sandbox = new SandboxLab();

    private int promoted;
    private Deployer.Work work;
    private Plan plan;

    private Lab lab() {
        return sandbox.lab();
    }

    private Plan.Content planned(
            String template, Map<String, String> parameters, Map<String, String> tags, StackGuards guards)
            throws Exception {
        promoted++;
        var target = new Manifest.CloudFormation(
                "q", List.of(), List.of(), "q.yaml", STACK, List.of(), parameters, tags, null, guards);
        work = lab().work(
                        "orders.dev." + promoted,
                        lab().publish(
                                        "1." + promoted + ".0",
                                        OrdersSamples.manifest(target),
                                        Map.of("q.yaml", template)));
        plan = lab().plan(work, 1);
        return plan.targets().get(0).content();
    }

    private Plan.Content promote(
            String template, Map<String, String> parameters, Map<String, String> tags, StackGuards guards)
            throws Exception {
        Plan.Content content = planned(template, parameters, tags, guards);
        lab().carryOut(work, plan)
                .forEach((key, result) ->
                        assertTrue(result.detail(), result.status().isGood()));
        return content;
    }

    private Plan.Content promote(String template) throws Exception {
        return promote(template, Map.of(), Map.of(), null);
    }

    private List<String> drift() throws InterruptedException {
        Inspected one = lab().deployer()
                .inspect(work, plan, Set.of(PLACE), lab().progress)
                .get(0);
        assertEquals(
                one.toString(), one.differences().isEmpty() ? DriftResult.SAME : DriftResult.DRIFTED, one.verdict());
        return one.differences();
    }

    private void byHand(Consumer<CreateChangeSetRequest.Builder> change) {
        try (var scope = lab().scope()) {
            CloudFormationClient client = scope.session(
                            lab().accounts.get(Lab.DEV), AwsSessions.Purpose.DEPLOY, Lab.REGION)
                    .cloudFormation(Lab.REGION);
            String set = client.createChangeSet(r -> {
                        r.stackName(STACK)
                                .changeSetName("by-hand-" + System.nanoTime())
                                .usePreviousTemplate(true)
                                .roleARN("arn:aws:iam::222222222222:role/promotion-cfn");
                        change.accept(r);
                    })
                    .id();
            SandboxLab.await(
                    "the change set",
                    () -> client.describeChangeSet(r -> r.changeSetName(set))
                            .statusAsString()
                            .equals("CREATE_COMPLETE"));
            client.executeChangeSet(r -> r.changeSetName(set));
            SandboxLab.await(
                    "the update",
                    () -> client.describeStacks(r -> r.stackName(STACK))
                            .stacks()
                            .get(0)
                            .stackStatusAsString()
                            .equals("UPDATE_COMPLETE"));
        }
    }

    private static Map<String, String> changes(Plan.Content content) {
        var changes = new TreeMap<String, String>();
        content.changes()
                .forEach(c -> c.properties()
                        .forEach(p -> changes.put(c.subject() + " " + p.path(), p.before() + " → " + p.after())));
        return changes;
    }

    @Test
    public void wordsAndUnusedPartsAreNoDrift() throws Exception {
        promote(QUEUE);
        for (String same : List.of(
                "Description: new words\n# a comment\nResources: { Q: { Type: AWS::SQS::Queue } }\n",
                "Parameters: { X: { Type: String, Default: a } }\n" + QUEUE,
                "Mappings: { M: { a: { b: c } } }\nMetadata: { Build: 77 }\n" + QUEUE,
                "Conditions: { Never: !Equals [ a, b ] }\n" + QUEUE
                        + "  R: { Type: AWS::SQS::Queue, Condition: Never }\n",
                "{\"Resources\": {\"Q\": {\"Type\": \"AWS::SQS::Queue\"}}}")) {
            Plan.Content content = promote(same);
            assertTrue(same + content.changes(), content.unchanged());
            assertEquals(same, List.of(), drift());
        }
        // What the promotion left as it was is compared with what was live then, however different it is written.
        promote("Parameters: { T: { Type: Number, Default: 45 } }\n"
                + "Resources:\n  Q: { Type: AWS::SQS::Queue, Properties: { VisibilityTimeout: !Ref T } }\n");
        Plan.Content inlined =
                promote("Resources:\n  Q: { Type: AWS::SQS::Queue, Properties: { VisibilityTimeout: 45 } }\n");
        assertTrue(inlined.changes().toString(), inlined.unchanged());
        assertEquals(List.of(), drift());
        byHand(r -> r.parameters(p -> p.parameterKey("T").parameterValue("46")));
        assertTrue(drift().get(0), drift().get(0).startsWith("its template or code is another one"));
    }

    @Test
    public void aParameterLeftToItsDefaultIsCompared() throws Exception {
        String template = "Parameters:\n  Timeout: { Type: Number, Default: 30 }\n"
                + "  Unused: { Type: String, Default: a }\n  Key: { Type: String, NoEcho: true, Default: geheim-1 }\n"
                + "Resources:\n  Q: { Type: AWS::SQS::Queue, Properties: { VisibilityTimeout: !Ref Timeout,"
                + " Tags: [ { Key: k, Value: !Ref Key } ] } }\n";
        promote(template);
        assertEquals(List.of(), drift());
        byHand(r -> r.parameters(
                p -> p.parameterKey("Timeout").parameterValue("999"),
                p -> p.parameterKey("Unused").parameterValue("b"),
                p -> p.parameterKey("Key").parameterValue("geheim-2")));
        assertEquals(List.of("parameter Timeout is 999 instead of 30"), drift());
    }

    @Test
    public void aPlanShowsTagsOutputsPoliciesAndTheStackItself() throws Exception {
        promote(QUEUE, Map.of(), Map.of("build", "1"), null);
        assertEquals(
                Map.of("(stack) /Tags/build", "1 → 2", "Q /Tags", "{build=1} → {build=2}"),
                changes(promote(QUEUE, Map.of(), Map.of("build", "2"), null)));
        String outputs =
                "Description: changed\n" + QUEUE + "Outputs: { U: { Value: !Ref Q, Export: { Name: q-url } } }\n";
        assertEquals(
                Map.of(
                        "(stack) /Description", "null → changed",
                        "(stack) /Outputs/U", "null → ${Q}",
                        "(stack) /Outputs/U/Export", "null → q-url"),
                changes(promote(outputs, Map.of(), Map.of("build", "2"), null)));
        String kept =
                outputs.replace("AWS::SQS::Queue }", "AWS::SQS::Queue, DeletionPolicy: Retain, Metadata: { a: b } }");
        assertEquals(
                Map.of("Q /DeletionPolicy", "null → Retain", "Q /Metadata", "null → {a: \"b\"}"),
                changes(promote(kept, Map.of(), Map.of("build", "2"), null)));
        assertEquals(List.of(), drift());
        byHand(r -> r.tags(t -> t.key("build").value("9")));
        assertEquals(List.of("tag build is 9 instead of 2"), drift());
    }

    @Test
    public void guardsAreInThePlanAndTheirLossIsDrift() throws Exception {
        String policy = "{\"Statement\": [{\"Effect\": \"Allow\", \"Principal\": \"*\", \"Action\": \"Update:*\","
                + " \"Resource\": \"*\"}]}";
        promote(QUEUE);
        var guards = new StackGuards(List.of(), null, true, policy);
        Plan.Content content = promote(QUEUE, Map.of(), Map.of(), guards);
        assertEquals(
                Map.of(
                        "(stack) /EnableTerminationProtection",
                        "false → true",
                        "(stack) /StackPolicy",
                        "null → " + policy),
                changes(content));
        assertEquals(List.of(), drift());
        assertTrue(promote("# again\n" + QUEUE, Map.of(), Map.of(), guards).unchanged());
        try (var scope = lab().scope()) {
            CloudFormationClient client = scope.session(
                            lab().accounts.get(Lab.DEV), AwsSessions.Purpose.DEPLOY, Lab.REGION)
                    .cloudFormation(Lab.REGION);
            client.updateTerminationProtection(r -> r.stackName(STACK).enableTerminationProtection(false));
            client.setStackPolicy(r -> r.stackName(STACK).stackPolicyBody(policy.replace("Allow", "Deny")));
        }
        assertEquals(
                List.of(
                        "EnableTerminationProtection is false instead of true",
                        "StackPolicy is " + policy.replace("Allow", "Deny") + " instead of " + policy),
                drift());
    }

    @Test
    public void aSecretInATagOrAnOutputIsNotShown() throws Exception {
        String template = "Parameters: { Key: { Type: String, NoEcho: true, Default: geheim-wert } }\n" + QUEUE
                + "Outputs: { O: { Value: !Sub 'x-${Key}' }, P: { Value: a } }\n";
        promote(template);
        Plan.Content content = planned(template.replace("x-$", "y-$"), Map.of(), Map.of("t", "1"), null);
        assertEquals("x-${Key} → y-${Key}", changes(content).get("(stack) /Outputs/O"));
        assertTrue(content.toString(), !content.toString().contains("geheim"));
    }
}
