package io.jenkins.plugins.serverlesspromotion.aws;

import static io.jenkins.plugins.serverlesspromotion.aws.OwnershipTest.QUEUE;
import static io.jenkins.plugins.serverlesspromotion.aws.OwnershipTest.TABLE;
import static io.jenkins.plugins.serverlesspromotion.aws.OwnershipTest.TWO_SERVICES;
import static io.jenkins.plugins.serverlesspromotion.aws.OwnershipTest.VICTIM;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.Shows;
import io.jenkins.plugins.serverlesspromotion.aws.cloudformation.StackInputs;
import io.jenkins.plugins.serverlesspromotion.aws.stack.StackRecoverer;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion.State;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.ResourceId;
import io.jenkins.plugins.serverlesspromotion.engine.port.Recoverer;
import io.jenkins.plugins.serverlesspromotion.engine.release.Published;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.Infirmary;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.RefusedException;
import io.jenkins.plugins.serverlesspromotion.format.template.TemplateReader;
import java.util.List;
import java.util.Map;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Ways around the owner check that a job which may publish only {@code evil} has tried. */
public class OwnershipAttackTest {
    /** Where the check is weakest: what no one owns may be adopted, and the plan alone shows it. */
    private static final String WARN = "adopt: { mode: warn, until: \"2999-12-31\" }\n";

    private static final String HAND_MADE = VICTIM.replace("code.zip", "{ ZipFile: x }");

    @Rule
    public final SandboxLab sandbox = new SandboxLab();

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private OwnershipLab lab;

    @Before
    public void open() throws Exception {
        lab = new OwnershipLab(sandbox, folder.getRoot().toPath(), TWO_SERVICES);
    }

    @After
    public void close() throws Exception {
        lab.close();
    }

    private Published stack(String service, String version, String name, String template) throws Exception {
        return lab.publish(
                version,
                "service: " + service + "\ntargets: [ { name: s, cloudformation: { template: t.yaml, stack: \"" + name
                        + "\" } } ]\n",
                Map.of("t.yaml", template));
    }

    private Published function(String version, String name) throws Exception {
        return lab.publish(
                version,
                "service: evil\nvariables: { f: { \"*\": \"" + name + "\" } }\n"
                        + "targets: [ { name: f, lambda: { function: \"${f}\", package: e.zip, alias: mine } } ]\n",
                Map.of("e.zip", OrdersSamples.answering(200, "evil")));
    }

    private static String problem(Promotion promotion) {
        assertEquals(promotion.why(), State.WAITING, promotion.state());
        assertFalse("it was planned", promotion.plan().problems().isEmpty());
        return promotion.plan().problems().get(0).cause();
    }

    private static void succeeded(Promotion promotion) {
        assertEquals(promotion.why() + " " + promotion.plan(), State.SUCCEEDED, promotion.state());
    }

    private void awaitStatus(String stack, String status) {
        try (var admin = lab.admin()) {
            SandboxLab.await(
                    stack + " is " + status,
                    () -> admin.describeStacks(r -> r.stackName(stack))
                            .stacks()
                            .get(0)
                            .stackStatusAsString()
                            .equals(status));
        }
    }

    /** A name of one kind of resource says nothing about one of another kind. */
    @Test
    @Shows(table = Shows.ENGINE_HOLES, cell = "21 plan")
    public void anotherResourceOfThatNameMakesNoFunctionPartOfAStack() throws Exception {
        lab.makeStack("hand-made", HAND_MADE, Map.of());
        lab.apply(TWO_SERVICES + WARN);
        String named = TABLE.replace("Properties:\n", "Properties:\n      TableName: orders-smoke-victim\n");
        succeeded(lab.promote(stack("evil", "1.0.0", "evil-dev", named), "dev"));
        String why = problem(lab.promote(
                lab.publish("2.0.0", """
                        service: evil
                        targets:
                          - { name: s, cloudformation: { template: t.yaml, stack: evil-dev } }
                          - { name: f, lambda: { function: orders-smoke-victim, package: e.zip, alias: mine } }
                        """, Map.of("t.yaml", named, "e.zip", OrdersSamples.answering(200, "evil"))),
                "dev"));
        assertTrue(why, why.contains("stack evil-dev has another resource of that name"));
        assertEquals(0, sandbox.control().log("lambda", "UpdateFunctionCode").size());
    }

    /** Its tag says whose it is, although this journal knows nothing of that. */
    @Test
    @Shows(
            table = Shows.ENGINE_HOLES,
            cell = {"21 plan", "21 check"})
    public void aPartOfAStackThatIsTaggedForAnotherServiceIsNotAdopted() throws Exception {
        lab.makeStack("payments-dev", HAND_MADE, Map.of(StackInputs.SERVICE_TAG, "payments"));
        lab.apply(TWO_SERVICES + WARN);
        String why = problem(lab.promote(
                lab.publish(
                        "1.0.0",
                        "service: evil\ntargets: [ { name: f, lambda: { function: orders-smoke-victim, package: e.zip, alias: mine } } ]\n",
                        Map.of("e.zip", OrdersSamples.answering(200, "evil"))),
                "dev"));
        assertTrue(why, why.contains("belongs to another service, not to evil"));
        why = problem(lab.promote(lab.publish("2.0.0", """
                        service: evil
                        targets: [ { name: s, cloudformation: { template: t.yaml, stack: evil-dev } } ]
                        verify: [ { lambda: { target: s, function: orders-smoke-victim }, expect: { statusCode: 200 } } ]
                        """, Map.of("t.yaml", QUEUE.formatted(10))), "dev"));
        assertTrue(why, why.contains("belongs to another service, not to evil"));
        assertEquals(0, sandbox.control().log("lambda", "Invoke").size());
    }

    /** What was decided away before a deployment began is not pinned for undoing it. */
    @Test
    @Shows(table = Shows.ENGINE_HOLES, cell = "21 undo")
    public void undoingDoesNotReturnToAStackThatWasGivenToAnotherServiceBefore() throws Exception {
        succeeded(lab.promote(stack("victim", "1.0.0", "one", QUEUE.formatted(10)), "dev"));
        var one = ResourceId.stack("one", "222222222222", "eu-west-1");
        lab.promotions.decideOwner(one, new LaneId("evil", "dev"), "user:olga", "handed over");
        try (var admin = lab.admin()) {
            // The service that has it now changes it by hand.
            admin.updateStack(
                    r -> r.stackName("one").templateBody(QUEUE.formatted(20)).tags(List.of()));
            SandboxLab.await(
                    "the stack is changed",
                    () -> admin.describeStacks(r -> r.stackName("one"))
                            .stacks()
                            .get(0)
                            .stackStatusAsString()
                            .equals("UPDATE_COMPLETE"));
        }
        long executed = sandbox.happened("cloudformation:change-set", "one/*", "execute");
        Promotion failed = lab.promote(lab.publish("2.0.0", """
                        service: victim
                        targets: [ { name: s, cloudformation: { template: t.yaml, stack: two } } ]
                        verify: [ { lambda: { target: s, function: nothing-smoke-here }, expect: { statusCode: 200 } } ]
                        """, Map.of("t.yaml", QUEUE.formatted(30))), "dev");
        assertEquals(failed.toString(), State.ROLLBACK_FAILED, failed.state());
        assertTrue(
                failed.why(),
                failed.toString().contains("belongs to another service, not to victim in dev, by decision"));
        assertEquals(executed, sandbox.happened("cloudformation:change-set", "one/*", "execute"));
        assertTrue(lab.template("one").contains("20"));
    }

    /** Lambda takes names in many forms; each of them is the same function. */
    @Test
    @Shows(table = Shows.ENGINE_HOLES, cell = "21 publish")
    public void aPartialArnIsNoWayToTheFunctionOfAnotherService() throws Exception {
        lab.apply(
                TWO_SERVICES.replace("name: victim,", "name: victim, owns: [ { functions: [ orders-smoke-victim ] } ],")
                        + WARN);
        for (String form : List.of(
                "function:orders-smoke-victim",
                "222222222222:orders-smoke-victim",
                "222222222222:function:orders-smoke-victim",
                "arn:aws:lambda:eu-west-1:222222222222:function:orders-smoke-victim:live")) {
            var e = assertThrows(form, RefusedException.class, () -> function("1.0.0", form));
            assertTrue(e.getMessage(), e.getMessage().contains("which belongs to another service"));
            e = assertThrows(
                    form,
                    RefusedException.class,
                    () -> lab.publish("1.0.0", """
                            service: evil
                            targets: [ { name: s, cloudformation: { template: t.yaml, stack: evil-dev } } ]
                            verify: [ { lambda: { target: s, function: "%s" }, expect: { statusCode: 200 } } ]
                            """.formatted(form), Map.of("t.yaml", QUEUE.formatted(10))));
            assertTrue(e.getMessage(), e.getMessage().contains("which belongs to another service"));
        }
    }

    /** S3 takes the alias of an access point in the place of a bucket's name. */
    @Test
    @Shows(table = Shows.ENGINE_HOLES, cell = "21 publish")
    public void anAccessPointIsNoWayToABucket() throws Exception {
        lab.apply(TWO_SERVICES.replace("name: evil,", "name: evil, owns: [ { buckets: [ \"releases-*\" ] } ],") + WARN);
        for (String form : List.of(
                "releases-ap-hrzrlukc5m36ft7okagglf3gmwluquse1b-s3alias",
                "arn:aws:s3:eu-west-1:222222222222:accesspoint/releases-ap")) {
            var e = assertThrows(
                    form,
                    RefusedException.class,
                    () -> lab.publish(
                            "1.0.0",
                            "service: evil\nvariables: { b: { \"*\": \"" + form + "\" } }\n"
                                    + "targets: [ { name: web, site: { directory: d, bucket: \"${b}\", delete: true } } ]\n",
                            Map.of("d/index.html", "x")));
            assertTrue(e.getMessage(), e.getMessage().contains("is the name of an access point"));
            assertFalse(e.getMessage(), e.getMessage().contains("belongs to environment"));
        }
    }

    /** A deployment that failed leaves a claim; that is no right to what somebody else makes later under that name. */
    @Test
    @Shows(table = Shows.ENGINE_HOLES, cell = "21 plan")
    public void aStackThatSomebodyElseMadeAgainIsNotTheLanesBecauseItOnceCreatedOne() throws Exception {
        sandbox.control().failResource("their-table", "Q", "no queues left", "forward");
        assertEquals(
                State.FAILED,
                lab.promote(stack("evil", "1.0.0", "their-table", QUEUE.formatted(10)), "dev")
                        .state());
        try (var admin = lab.admin()) {
            admin.deleteStack(r -> r.stackName("their-table"));
            SandboxLab.await(
                    "the stack is gone",
                    () -> admin.listStacks().stackSummaries().stream()
                            .filter(s -> s.stackName().equals("their-table"))
                            .allMatch(s -> s.stackStatusAsString().equals("DELETE_COMPLETE")));
        }
        lab.makeStack("their-table", TABLE, Map.of());
        String why = problem(lab.promote(stack("evil", "2.0.0", "their-table", QUEUE.formatted(20)), "dev"));
        assertTrue(why, why.contains("stack their-table in 222222222222/eu-west-1 exists and no one owns it"));
        assertTrue(lab.template("their-table").contains("AWS::DynamoDB::Table"));
    }

    /** What is adopted after that is recorded as adopted, and may be written to. */
    @Test
    public void aStackThatWasMadeAgainCanBeAdopted() throws Exception {
        sandbox.control().failResource("old-one", "Q", "no queues left", "forward");
        lab.promote(stack("evil", "1.0.0", "old-one", QUEUE.formatted(10)), "dev");
        try (var admin = lab.admin()) {
            admin.deleteStack(r -> r.stackName("old-one"));
            SandboxLab.await(
                    "the stack is gone",
                    () -> admin.listStacks().stackSummaries().stream()
                            .filter(s -> s.stackName().equals("old-one"))
                            .allMatch(s -> s.stackStatusAsString().equals("DELETE_COMPLETE")));
        }
        lab.makeStack("old-one", QUEUE.formatted(10), Map.of());
        lab.apply(TWO_SERVICES + WARN);
        Promotion done = lab.promote(stack("evil", "2.0.0", "old-one", QUEUE.formatted(20)), "dev");
        succeeded(done);
        assertEquals(
                "adopts",
                lab.plan(done).targets().get(0).content().findings().get(0).kind());
        succeeded(lab.promote(stack("evil", "3.0.0", "old-one", QUEUE.formatted(30)), "dev"));
    }

    /** No lambda target makes a function, so naming one before it exists is no claim that lasts. */
    @Test
    @Shows(table = Shows.ENGINE_HOLES, cell = "21 plan")
    public void aFunctionThatWasNamedBeforeItExistedIsNotTheLanes() throws Exception {
        String manifest = """
                service: evil
                targets:
                  - { name: s, cloudformation: { template: t.yaml, stack: evil-dev } }
                  - { name: f, after: [ s ], lambda: { function: orders-smoke-victim, package: e.zip, alias: mine } }
                """;
        Promotion failed = lab.promote(
                lab.publish(
                        "1.0.0",
                        manifest,
                        Map.of("t.yaml", QUEUE.formatted(10), "e.zip", OrdersSamples.answering(200, "evil"))),
                "dev");
        assertTrue(failed.toString(), failed.state().isOver());
        assertFalse(failed.toString(), failed.state() == State.SUCCEEDED);
        lab.makeStack("hand-made", HAND_MADE, Map.of());
        String why = problem(lab.promote(
                lab.publish(
                        "2.0.0",
                        manifest,
                        Map.of("t.yaml", QUEUE.formatted(10), "e.zip", OrdersSamples.answering(200, "more"))),
                "dev"));
        assertTrue(
                why, why.contains("function orders-smoke-victim in 222222222222/eu-west-1 exists and no one owns it"));
        assertEquals(0, sandbox.control().log("lambda", "UpdateFunctionCode").size());
    }

    /** An output that changes hides the name from the plan; what did not stand there is not adopted. */
    @Test
    @Shows(table = Shows.ENGINE_HOLES, cell = "21 write")
    public void whatIsNamedOnlyByAnOutputIsNotAdoptedPastThePlan() throws Exception {
        lab.makeStack("hand-made", HAND_MADE, Map.of());
        lab.apply(TWO_SERVICES + WARN);
        Promotion failed = lab.promote(
                lab.publish(
                        "1.0.0",
                        """
                        service: evil
                        targets:
                          - { name: s, cloudformation: { template: t.yaml, stack: evil-dev } }
                          - { name: f, lambda: { function: "${output.s.Name}", package: e.zip, alias: mine } }
                        """,
                        Map.of(
                                "t.yaml",
                                QUEUE.formatted(10) + "Outputs: { Name: { Value: orders-smoke-victim } }\n",
                                "e.zip",
                                OrdersSamples.answering(200, "evil"))),
                "dev");
        assertTrue(failed.toString(), failed.toString().contains("exists and no one owns it"));
        assertFalse(failed.toString(), failed.state() == State.SUCCEEDED);
        assertEquals(0, sandbox.control().log("lambda", "UpdateFunctionCode").size());
    }

    /** A recovery has no plan in which it could stand that a stack is adopted. */
    @Test
    @Shows(table = Shows.ENGINE_HOLES, cell = "21 recovery")
    public void recoveryDoesNotTouchAStackThatNoOneOwns() throws Exception {
        sandbox.control().failResource("their-stack", "Q", "no queues left", "forward");
        try (var admin = lab.admin()) {
            admin.createStack(r -> r.stackName("their-stack").templateBody(QUEUE.formatted(10)));
        }
        awaitStatus("their-stack", "ROLLBACK_COMPLETE");
        lab.apply(TWO_SERVICES + WARN);
        problem(lab.promote(stack("evil", "1.0.0", "their-stack", QUEUE.formatted(10)), "dev"));
        var infirmary =
                new Infirmary(lab.promotions, lab.store, new StackRecoverer(lab.sessions(), new TemplateReader()));
        Recoverer.Diagnosis found = infirmary.examine(new LaneId("evil", "dev")).get(0);
        assertEquals(found.why(), List.of(), found.options());
        assertTrue(found.why(), found.why().contains("exists and no one owns it"));
        var recoveryRequest = new Infirmary.RecoveryRequest(
                "their-stack", Recoverer.RecoveryAction.DELETE, List.of(), "their-stack", "user:bob", "mine");
        assertThrows(RefusedException.class, () -> infirmary.recover(new LaneId("evil", "dev"), recoveryRequest));
        assertEquals(0, sandbox.control().log("cloudformation", "DeleteStack").size());
    }

    /** A distribution is known in every region; the stack that made it is in one. */
    @Test
    @Shows(table = Shows.ENGINE_HOLES, cell = "21 plan")
    public void aDistributionOfAStackInAnotherRegionIsThatStacks() throws Exception {
        lab.apply(
                TWO_SERVICES.replace("name: victim, places: shared/eu-west-1", "name: victim, places: shared/us-east-1")
                        + WARN);
        lab.makeStack("hand-made", HAND_MADE, Map.of());
        lab.makeStack("us-east-1", "victim-web", """
                Resources:
                  D:
                    Type: AWS::CloudFront::Distribution
                    Properties: { DistributionConfig: { Enabled: true, Origins: [ { Id: o, DomainName: a.example.org,
                      CustomOriginConfig: { OriginProtocolPolicy: https-only } } ], DefaultCacheBehavior: {
                      TargetOriginId: o, ViewerProtocolPolicy: https-only, ForwardedValues: { QueryString: false } } } }
                Outputs: { Id: { Value: !Ref D } }
                """, Map.of(StackInputs.SERVICE_TAG, "victim"));
        String id = lab.output("us-east-1", "victim-web", "Id");
        String why = problem(lab.promote(
                lab.publish(
                        "1.0.0",
                        "service: evil\ntargets: [ { name: web, site: { directory: d, bucket: victim-site-222222222222, distribution: "
                                + id + " } } ]\n",
                        Map.of("d/index.html", "x")),
                "dev"));
        assertTrue(why, why.contains("distribution " + id + " in 222222222222 is part of stack victim-web"));
        assertTrue(why, why.contains("belongs to another service, not to evil"));
    }
}
