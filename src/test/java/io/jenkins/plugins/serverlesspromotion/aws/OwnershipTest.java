package io.jenkins.plugins.serverlesspromotion.aws;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.Patience;
import io.jenkins.plugins.serverlesspromotion.Shows;
import io.jenkins.plugins.serverlesspromotion.aws.cloudformation.StackInputs;
import io.jenkins.plugins.serverlesspromotion.aws.stack.StackRecoverer;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion.State;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.OwnershipClaim;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.ResourceId;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Person;
import io.jenkins.plugins.serverlesspromotion.engine.port.Recoverer;
import io.jenkins.plugins.serverlesspromotion.engine.release.Published;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.Infirmary;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.RefusedException;
import io.jenkins.plugins.serverlesspromotion.format.template.TemplateReader;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** What belongs to somebody else is neither written to nor invoked, on whatever way a release comes to it. */
public class OwnershipTest {
    static final String TABLE = """
            Resources:
              T:
                Type: AWS::DynamoDB::Table
                Properties:
                  BillingMode: PAY_PER_REQUEST
                  AttributeDefinitions: [ { AttributeName: id, AttributeType: S } ]
                  KeySchema: [ { AttributeName: id, KeyType: HASH } ]
            """;
    static final String QUEUE = "Resources: { Q: { Type: AWS::SQS::Queue, Properties: { VisibilityTimeout: %d } } }\n";
    static final String VICTIM = """
            Resources:
              R:
                Type: AWS::IAM::Role
                Properties: { AssumeRolePolicyDocument: { Version: 2012-10-17, Statement: [ { Effect: Allow,
                  Principal: { Service: lambda.amazonaws.com }, Action: "sts:AssumeRole" } ] } }
              A: { Type: AWS::Lambda::Function, Properties: { FunctionName: orders-smoke-victim, Runtime: python3.11,
                Handler: index.handler, Timeout: 60, Role: !GetAtt R.Arn, Code: code.zip } }
              B: { Type: AWS::S3::Bucket, Properties: { BucketName: victim-site-222222222222 } }
            """;
    static final String TWO_SERVICES = """
            environments: [ { name: dev } ]
            services:
              - { name: victim, places: shared/eu-west-1 }
              - { name: evil, places: shared/eu-west-1 }
            """;
    private static final String SHOP = """
            roles: [ { name: release-managers, users: [ alice ] } ]
            environments:
              - { name: dev }
              - { name: prod, after: dev, gates: [ { approval: { require: [ { role: release-managers } ] } } ] }
            services: [ { name: shop, places: "shared/eu-west-1" } ]
            """;

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

    private static String problem(Promotion promotion) {
        assertEquals(promotion.why(), State.WAITING, promotion.state());
        assertFalse("it was planned", promotion.plan().problems().isEmpty());
        return promotion.plan().problems().get(0).cause();
    }

    private static void succeeded(Promotion promotion) {
        assertEquals(promotion.why() + " " + promotion.plan(), State.SUCCEEDED, promotion.state());
    }

    private Promotion approved(Promotion waiting) throws Exception {
        lab.promotions.approve(
                waiting.id(),
                new Person("alice", Set.of(), "test"),
                waiting.plan().digest(),
                null);
        return lab.promotions.await(waiting.id(), p -> p.state().isOver(), Patience.LIMIT);
    }

    /** The victim's stack with function and bucket, and files in the bucket. */
    private void victimIsLive() throws Exception {
        succeeded(lab.promote(
                lab.publish(
                        "1.0.0",
                        """
                        service: victim
                        targets:
                          - { name: a, cloudformation: { template: t.yaml, stack: victim-dev, capabilities: [ CAPABILITY_IAM ] } }
                          - { name: web, after: [ a ], site: { directory: d1, bucket: victim-site-222222222222 } }
                        """,
                        Map.of(
                                "t.yaml",
                                VICTIM,
                                "code.zip",
                                OrdersSamples.answering(200, "victim"),
                                "d1/index.html",
                                "mine")),
                "dev"));
    }

    @Test
    @Shows(table = Shows.ENGINE_HOLES, cell = "21 plan")
    public void anUntaggedStackOfSomebodyElseIsNotAdoptedAndItsTableStays() throws Exception {
        lab.makeStack("their-table", TABLE, Map.of());
        String why = problem(lab.promote(stack("evil", "1.0.0", "their-table", QUEUE.formatted(60)), "dev"));
        assertTrue(why, why.contains("stack their-table in 222222222222/eu-west-1 exists and no one owns it"));
        assertTrue(why, why.contains("name it under 'owns' of service evil"));
        assertTrue(lab.template("their-table").contains("AWS::DynamoDB::Table"));
        assertEquals(0, sandbox.happened("cloudformation:change-set", "their-table/*", "execute"));
    }

    @Test
    @Shows(table = Shows.ENGINE_HOLES, cell = "21 plan")
    public void theFunctionOfAnotherServiceGetsNoCode() throws Exception {
        victimIsLive();
        long before = sandbox.control().log("lambda", "UpdateFunctionCode").size();
        String why = problem(lab.promote(
                lab.publish(
                        "1.0.0",
                        "service: evil\ntargets: [ { name: f, lambda: { function: orders-smoke-victim, package: e.zip, alias: mine } } ]\n",
                        Map.of("e.zip", OrdersSamples.answering(200, "evil"))),
                "dev"));
        assertTrue(
                why,
                why.contains("function orders-smoke-victim in 222222222222/eu-west-1 is part of stack victim-dev"));
        assertTrue(why, why.contains("belongs to another service, not to evil in dev"));
        assertEquals(
                before, sandbox.control().log("lambda", "UpdateFunctionCode").size());
        assertEquals(0, sandbox.control().log("lambda", "CreateAlias").size());
    }

    /** CloudFormation describes 100 resources of a stack at most. */
    @Test
    @Shows(table = Shows.ENGINE_HOLES, cell = "21 plan")
    public void aPartOfALargeStackIsThatOfItsOwnerToo() throws Exception {
        lab.apply(TWO_SERVICES + "adopt: { mode: warn, until: \"2999-12-31\" }\n");
        String queues = IntStream.range(0, 120)
                .mapToObj(i -> "  Queue" + i + ": { Type: AWS::SQS::Queue }\n")
                .collect(Collectors.joining());
        succeeded(lab.promote(
                lab.publish(
                        "1.0.0",
                        "service: victim\ntargets: [ { name: a, cloudformation: { template: t.yaml, stack: victim-dev, capabilities: [ CAPABILITY_IAM ] } } ]\n",
                        Map.of(
                                "t.yaml",
                                VICTIM.replace("Resources:\n", "Resources:\n" + queues),
                                "code.zip",
                                OrdersSamples.answering(200, "victim"))),
                "dev"));
        String why = problem(lab.promote(
                lab.publish(
                        "1.0.0",
                        "service: evil\ntargets: [ { name: f, lambda: { function: orders-smoke-victim, package: e.zip, alias: mine } } ]\n",
                        Map.of("e.zip", OrdersSamples.answering(200, "evil"))),
                "dev"));
        assertTrue(why, why.contains("is part of stack victim-dev"));
    }

    /** Found in the plan: the deployment would succeed, and its check would be denied. */
    @Test
    public void aCheckThatTheTestRoleMayNotInvokeIsFoundInThePlan() throws Exception {
        String functions = VICTIM.replace("orders-smoke-victim", "victim-check")
                + "  S: { Type: AWS::Lambda::Function, Properties: { FunctionName: victim-smoke, Runtime: python3.11,\n"
                + "    Handler: index.handler, Timeout: 60, Role: !GetAtt R.Arn, Code: code.zip } }\n";
        String manifest = """
                service: victim
                targets: [ { name: s, cloudformation: { template: t.yaml, stack: victim-dev,
                  capabilities: CAPABILITY_IAM } } ]
                verify: [ { lambda: { target: s, function: victim-%s } } ]
                """;
        Map<String, String> files =
                Map.of("t.yaml", functions, "code.zip", "def handler(event, context): return { 'statusCode': 200 }\n");
        String why = problem(lab.promote(lab.publish("1.0.0", manifest.formatted("check"), files), "dev"));
        assertTrue(
                why,
                why.contains("check 'lambda victim-check' would be denied after the deployment: role promotion-test of"
                        + " account shared may not invoke function victim-check"));
        assertTrue(why, why.contains("SmokeTests"));
        assertEquals(0, sandbox.control().log("lambda", "CreateFunction").size());
        assertEquals(0, sandbox.control().log("lambda", "Invoke").size());
        succeeded(lab.promote(lab.publish("1.0.1", manifest.formatted("smoke"), files), "dev"));
        // It exists now, and the answer is the same.
        why = problem(lab.promote(lab.publish("1.0.2", manifest.formatted("check"), files), "dev"));
        assertTrue(why, why.contains("would be denied"));
    }

    /** The permission comes with the deployment. */
    @Test
    public void aCheckWhosePermissionIsInTheTemplateIsPlanned() throws Exception {
        String granted = VICTIM.replace("orders-smoke-victim", "victim-check")
                + "  P: { Type: AWS::Lambda::Permission, Properties: { FunctionName: !Ref A, Action:"
                + " lambda:InvokeFunction,\n    Principal: \"222222222222\" } }\n";
        Published release = lab.publish(
                "1.0.0",
                """
                service: victim
                targets: [ { name: s, cloudformation: { template: t.yaml, stack: victim-dev,
                  capabilities: CAPABILITY_IAM } } ]
                verify: [ { lambda: { target: s, function: victim-check } } ]
                """,
                Map.of("t.yaml", granted, "code.zip", "def handler(event, context): return { 'statusCode': 200 }\n"));
        Promotion promotion = lab.promote(release, "dev");
        assertTrue(
                String.valueOf(promotion.plan()),
                promotion.plan() == null || promotion.plan().problems().isEmpty());
    }

    @Test
    @Shows(table = Shows.ENGINE_HOLES, cell = "21 publish")
    public void theBucketOfAnotherServiceIsNeitherWrittenNorEmptied() throws Exception {
        victimIsLive();
        var e = assertThrows(
                RefusedException.class,
                () -> lab.publish(
                        "1.0.0",
                        "service: evil\ntargets: [ { name: web, site: { directory: d2, bucket: victim-site-222222222222, delete: true } } ]\n",
                        Map.of("d2/evil.html", "evil")));
        assertTrue(e.getMessage(), e.getMessage().contains("which belongs to another service"));
        assertFalse("publishers do not see other services", e.getMessage().contains("victim in"));
        assertEquals(0, sandbox.control().log("s3", "DeleteObject").size());
    }

    @Test
    @Shows(table = Shows.ENGINE_HOLES, cell = "21 plan")
    public void aBucketThatIsOnlyPartOfAnothersStackIsRefusedInThePlan() throws Exception {
        lab.apply(TWO_SERVICES);
        succeeded(lab.promote(
                lab.publish(
                        "1.0.0",
                        "service: victim\ntargets: [ { name: a, cloudformation: { template: t.yaml, stack: victim-dev, capabilities: [ CAPABILITY_IAM ] } } ]\n",
                        Map.of("t.yaml", VICTIM, "code.zip", OrdersSamples.answering(200, "victim"))),
                "dev"));
        String why = problem(lab.promote(
                lab.publish(
                        "1.0.0",
                        "service: evil\ntargets: [ { name: web, site: { directory: d2, bucket: victim-site-222222222222, delete: true } } ]\n",
                        Map.of("d2/evil.html", "evil")),
                "dev"));
        assertTrue(why, why.contains("bucket victim-site-222222222222 in 222222222222 is part of stack victim-dev"));
    }

    @Test
    @Shows(table = Shows.ENGINE_HOLES, cell = "21 check")
    public void aCheckInvokesNoFunctionOfAnotherServiceUnlessPolicySharesIt() throws Exception {
        victimIsLive();
        String manifest = """
                service: evil
                targets: [ { name: s, cloudformation: { template: t.yaml, stack: evil-dev } } ]
                verify: [ { lambda: { target: s, function: orders-smoke-victim }, expect: { statusCode: 200 } } ]
                """;
        Published release = lab.publish("1.0.0", manifest, Map.of("t.yaml", QUEUE.formatted(10)));
        Promotion refused = lab.promote(release, "dev");
        String why = problem(refused);
        assertTrue(why, why.contains("is part of stack victim-dev"));
        assertTrue(why, why.contains("name it under 'shared'"));
        assertEquals(0, sandbox.control().log("lambda", "Invoke").size());
        lab.apply(TWO_SERVICES + "shared: [ { functions: [ \"orders-smoke-*\" ], services: [ evil ] } ]\n");
        lab.promotions.replan(refused.id(), new Person("alice", Set.of(), "test"));
        succeeded(lab.promotions.await(refused.id(), p -> p.state().isOver(), Patience.LIMIT));
        assertEquals(1, sandbox.control().log("lambda", "Invoke").size());
    }

    @Test
    @Shows(table = Shows.ENGINE_HOLES, cell = "21 publish")
    public void aReleaseThatNamesProdsStackInDevIsRefusedWhenItIsPublished() throws Exception {
        lab.apply(SHOP);
        Published first = stack("shop", "1.0.0", "shop-${environment}", QUEUE.formatted(10));
        succeeded(lab.promote(first, "dev"));
        succeeded(approved(lab.promote(first, "prod")));
        var e = assertThrows(
                RefusedException.class,
                () -> lab.publish(
                        "2.0.0",
                        "service: shop\nvariables: { s: { dev: shop-prod, \"*\": shop-prod } }\ntargets: [ { name: q, cloudformation: { template: b.yaml, stack: \"${s}\" } } ]\n",
                        Map.of("b.yaml", QUEUE.formatted(60))));
        assertTrue(e.getMessage(), e.getMessage().contains("in environment dev, stack shop-prod"));
        assertTrue(e.getMessage(), e.getMessage().contains("which belongs to environment prod"));
        assertTrue(lab.template("shop-prod").contains("10"));
    }

    @Test
    @Shows(table = Shows.ENGINE_HOLES, cell = "21 plan")
    public void aNameThatIsKnownOnlyWhenItIsPlannedIsRefusedThere() throws Exception {
        lab.apply(SHOP);
        Published first = stack("shop", "1.0.0", "shop-${environment}", QUEUE.formatted(10));
        succeeded(lab.promote(first, "dev"));
        succeeded(approved(lab.promote(first, "prod")));
        String names = "Resources: { Q: { Type: AWS::SQS::Queue } }\nOutputs: { Other: { Value: shop-prod } }\n";
        String manifest = "service: shop\ntargets:\n"
                + "  - { name: n, cloudformation: { template: n.yaml, stack: \"names-${environment}\" } }\n";
        succeeded(lab.promote(lab.publish("1.1.0", manifest, Map.of("n.yaml", names)), "dev"));
        String why = problem(lab.promote(
                lab.publish(
                        "2.0.0",
                        manifest
                                + "  - { name: q, cloudformation: { template: b.yaml, stack: \"${output.n.Other}\" } }\n",
                        Map.of("n.yaml", names, "b.yaml", QUEUE.formatted(60))),
                "dev"));
        assertTrue(why, why.contains("stack shop-prod in 222222222222/eu-west-1 belongs to"));
        assertTrue(lab.template("shop-prod").contains("10"));
    }

    @Test
    @Shows(table = Shows.ENGINE_HOLES, cell = "21 publish")
    public void oneStackForTwoEnvironmentsIsRefusedWhenItIsPublished() throws Exception {
        lab.apply(SHOP);
        var e = assertThrows(RefusedException.class, () -> stack("shop", "1.0.0", "same", QUEUE.formatted(10)));
        assertTrue(e.getMessage(), e.getMessage().contains("in environment prod, stack same"));
        assertTrue(e.getMessage(), e.getMessage().contains("in environment dev the same one"));
    }

    @Test
    @Shows(table = Shows.ENGINE_HOLES, cell = "21 publish")
    public void whatTheProductItselfUsesNeverBelongsToAService() throws Exception {
        lab.apply(TWO_SERVICES.replace(
                        "name: evil,", "name: evil, owns: [ { buckets: [ \"serverless-*\", acme-releases ] } ],")
                + "adopt: { mode: warn, until: \"2999-12-31\" }\n");
        var e = assertThrows(
                RefusedException.class,
                () -> lab.publish(
                        "1.0.0",
                        "service: evil\ntargets: [ { name: web, site: { directory: d, bucket: \"serverless-promotion-${accountId}-eu-west-1\", delete: true } } ]\n",
                        Map.of("d/index.html", "x")));
        assertTrue(e.getMessage(), e.getMessage().contains("which belongs to this product itself"));
    }

    @Test
    public void whatDoesNotExistIsClaimedAndRecorded() throws Exception {
        succeeded(lab.promote(stack("victim", "1.0.0", "victim-new", QUEUE.formatted(10)), "dev"));
        OwnershipClaim claim =
                lab.store.lane(new LaneId("victim", "dev")).owns().get(0);
        assertEquals(
                new OwnershipClaim(
                        ResourceId.Kind.STACK,
                        "victim-new",
                        "222222222222/eu-west-1",
                        OwnershipClaim.How.CREATED,
                        "victim.dev.1"),
                claim);
        var e = assertThrows(RefusedException.class, () -> stack("evil", "1.0.0", "victim-new", QUEUE.formatted(60)));
        assertTrue(e.getMessage(), e.getMessage().contains("another service"));
    }

    @Test
    public void adoptingStandsInThePlanAndNeedsAPersonOfTheRole() throws Exception {
        lab.makeStack("old-one", QUEUE.formatted(10), Map.of());
        lab.apply("""
                roles: [ { name: platform, users: [ alice ] } ]
                environments: [ { name: dev, riskNeeds: [ { finding: adopts, role: platform } ] } ]
                services: [ { name: victim, places: shared/eu-west-1 } ]
                """);
        Promotion waiting = lab.promote(stack("victim", "1.0.0", "old-one", QUEUE.formatted(60)), "dev");
        assertEquals(List.of(), waiting.plan().problems());
        var finding = lab.plan(waiting).targets().get(0).content().findings().get(0);
        assertEquals("adopts", finding.kind());
        assertTrue(finding.sentence(), finding.sentence().contains("which exists and no one owns"));
        assertEquals(0, sandbox.happened("cloudformation:change-set", "old-one/*", "execute"));
        succeeded(approved(waiting));
        assertEquals(
                OwnershipClaim.How.ADOPTED,
                lab.store.lane(new LaneId("victim", "dev")).owns().get(0).how());
    }

    @Test
    public void policyGivesWhatExistsAndThatStandsInThePlan() throws Exception {
        lab.makeStack("old-one", QUEUE.formatted(10), Map.of());
        lab.apply(TWO_SERVICES.replace("name: victim,", "name: victim, owns: [ { stacks: [ \"old-*\" ] } ],"));
        Promotion done = lab.promote(stack("victim", "1.0.0", "old-one", QUEUE.formatted(60)), "dev");
        succeeded(done);
        assertEquals(
                "adoptsByPolicy",
                lab.plan(done).targets().get(0).content().findings().get(0).kind());
        var e = assertThrows(RefusedException.class, () -> stack("evil", "1.0.0", "old-two", QUEUE.formatted(60)));
        assertTrue(e.getMessage(), e.getMessage().contains("another service"));
    }

    @Test
    public void aTagThatNamesSomebodyElseOutweighsThePolicy() throws Exception {
        lab.makeStack("old-one", QUEUE.formatted(10), Map.of(StackInputs.ENVIRONMENT_TAG, "prod"));
        lab.apply(TWO_SERVICES.replace("name: victim,", "name: victim, owns: [ { stacks: [ \"old-*\" ] } ],"));
        String why = problem(lab.promote(stack("victim", "1.0.0", "old-one", QUEUE.formatted(60)), "dev"));
        assertTrue(why, why.contains("belongs to environment prod, not to dev, by its tag promotion:environment"));
    }

    @Test
    public void aMissingOwnerTagIsNoChangeAndComesWithTheNextRealOne() throws Exception {
        Map<String, String> old = Map.of(StackInputs.SERVICE_TAG, "victim");
        lab.apply(TWO_SERVICES.replace("name: victim,", "name: victim, owns: [ { stacks: [ victim-old ] } ],"));
        // A parameter that CloudFormation hides: only a change set tells whether anything would change.
        String template = "Parameters: { P: { Type: String, NoEcho: true, Default: x } }\n" + QUEUE.formatted(10);
        lab.makeStack("victim-old", template, old);
        succeeded(lab.promote(stack("victim", "1.0.0", "victim-old", template), "dev"));
        assertEquals(0, sandbox.happened("cloudformation:change-set", "victim-old/*", "execute"));
        succeeded(lab.promote(stack("victim", "1.1.0", "victim-old", template.replace("10", "20")), "dev"));
        assertEquals(1, sandbox.happened("cloudformation:change-set", "victim-old/*", "execute"));
        try (var admin = lab.admin()) {
            var tags = admin.describeStacks(r -> r.stackName("victim-old"))
                    .stacks()
                    .get(0)
                    .tags();
            assertTrue(
                    tags.toString(),
                    tags.stream()
                            .anyMatch(t -> t.key().equals(StackInputs.ENVIRONMENT_TAG)
                                    && t.value().equals("dev")));
        }
    }

    @Test
    @Shows(table = Shows.ENGINE_HOLES, cell = "21 recovery")
    public void recoveryDoesNotTouchAStackThatBecameAnothers() throws Exception {
        sandbox.control().failResource("their-stack", "Q", "no queues left", "forward");
        Promotion failed = lab.promote(stack("evil", "1.0.0", "their-stack", QUEUE.formatted(10)), "dev");
        lab.apply(TWO_SERVICES.replace("name: victim,", "name: victim, owns: [ { stacks: [ their-stack ] } ],"));
        var infirmary =
                new Infirmary(lab.promotions, lab.store, new StackRecoverer(lab.sessions(), new TemplateReader()));
        Recoverer.Diagnosis found = infirmary.examine(new LaneId("evil", "dev")).get(0);
        assertTrue(failed.why(), failed.state() == State.FAILED);
        assertEquals(found.why(), List.of(), found.options());
        assertTrue(found.why(), found.why().contains("belongs to another service"));
        var recoveryRequest = new Infirmary.RecoveryRequest(
                "their-stack", Recoverer.RecoveryAction.DELETE, List.of(), "their-stack", "user:bob", "mine");
        assertThrows(RefusedException.class, () -> infirmary.recover(new LaneId("evil", "dev"), recoveryRequest));
        assertEquals(0, sandbox.control().log("cloudformation", "DeleteStack").size());
    }

    @Test
    public void aPersonDecidesWhatTwoLanesClaim() throws Exception {
        succeeded(lab.promote(stack("victim", "1.0.0", "one", QUEUE.formatted(10)), "dev"));
        var one = ResourceId.stack("one", "222222222222", "eu-west-1");
        lab.promotions.decideOwner(one, new LaneId("evil", "dev"), "user:olga", "handed over");
        String why = problem(lab.promote(lab.store.release("victim", "1.0.0").orElseThrow(), "dev"));
        assertTrue(why, why.contains("belongs to another service, not to victim in dev, by decision"));
        var e = assertThrows(
                RefusedException.class,
                () -> lab.promotions.decideOwner(
                        ResourceId.bucket("acme-releases", "111111111111"),
                        new LaneId("evil", "dev"),
                        "user:olga",
                        "mine"));
        assertTrue(e.getMessage(), e.getMessage().contains("can never belong to a service"));
    }
}
