package io.jenkins.plugins.serverlesspromotion.sandbox;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.After;
import org.junit.Test;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;
import software.amazon.awssdk.services.cloudformation.model.Capability;
import software.amazon.awssdk.services.cloudformation.model.ChangeSetNotFoundException;
import software.amazon.awssdk.services.cloudformation.model.ChangeSetType;
import software.amazon.awssdk.services.cloudformation.model.ResourceChange;
import software.amazon.awssdk.services.cloudfront.CloudFrontClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Each variant does what it says, and without it the sandbox does otherwise. Time moves only when a test settles it. */
public class VariantTest {
    private static final String REGION = "eu-west-1";
    private static final String ACCOUNT = "222222222222";
    private static final String TOPICS = """
            Resources:
              A: {Type: AWS::SNS::Topic, Properties: {DisplayName: NAME}}
              B: {Type: AWS::SQS::Queue, Properties: {QueueName: !GetAtt A.TopicName}}
            """;
    private Sandbox sandbox;
    private Clients clients;
    private CloudFormationClient stacks;

    private void start(Variant... variants) {
        stop();
        SandboxConfig config = SandboxConfig.threeAccounts().timeScale(1000).with(variants);
        var bucket = new SandboxConfig.BucketConfig();
        bucket.name = "site";
        bucket.region = REGION;
        config.accounts.get(1).buckets.add(bucket);
        var distribution = new SandboxConfig.DistributionConfig();
        distribution.id = "E1";
        distribution.bucket = "site";
        config.accounts.get(1).distributions.add(distribution);
        sandbox = Sandbox.start(config);
        clients = new Clients(sandbox.endpoint());
        stacks = clients.cloudFormation(Clients.admin(ACCOUNT), REGION);
    }

    @After
    public void stop() {
        if (sandbox != null) {
            stacks.close();
            clients.close();
            sandbox.close();
        }
    }

    private void create(String template) {
        stacks.createStack(r -> r.stackName("s").templateBody(template).capabilities(Capability.CAPABILITY_NAMED_IAM));
        sandbox.control().settle();
    }

    private String changeSet(String name, String template) {
        String id = stacks.createChangeSet(r -> r.stackName("s")
                        .changeSetName(name)
                        .clientToken(name)
                        .changeSetType(ChangeSetType.UPDATE)
                        .templateBody(template))
                .id();
        return id;
    }

    private List<ResourceChange> changes(String id) {
        return stacks.describeChangeSet(r -> r.changeSetName(id).includePropertyValues(true)).changes().stream()
                .map(c -> c.resourceChange())
                .toList();
    }

    private static String refusal(org.junit.function.ThrowingRunnable call) {
        return assertThrows(AwsServiceException.class, call).awsErrorDetails().errorCode();
    }

    @Test
    public void changeSetsOfAStackAreDeletedWhenOneIsExecuted() {
        for (boolean on : new boolean[] {true, false}) {
            start(on ? new Variant[] {Variant.CHANGE_SETS_DELETED} : new Variant[0]);
            create(TOPICS);
            String executed = changeSet("one", TOPICS.replace("NAME", "1"));
            String other = changeSet("two", TOPICS.replace("NAME", "2"));
            sandbox.control().settle();
            stacks.executeChangeSet(r -> r.changeSetName(executed));
            if (on) {
                assertThrows(ChangeSetNotFoundException.class, () -> changes(other));
            } else {
                assertEquals(
                        "OBSOLETE",
                        stacks.describeChangeSet(r -> r.changeSetName(other)).executionStatusAsString());
            }
        }
    }

    @Test
    public void theTokenOfAFinishedOperationIsRefused() {
        for (boolean on : new boolean[] {true, false}) {
            start(on ? new Variant[] {Variant.FINISHED_TOKENS_REFUSED} : new Variant[0]);
            create(TOPICS);
            String id = changeSet("one", TOPICS.replace("NAME", "1"));
            assertEquals("while it is made", id, changeSet("one", TOPICS.replace("NAME", "1")));
            sandbox.control().settle();
            if (on) {
                assertEquals("AlreadyExistsException", refusal(() -> changeSet("one", TOPICS.replace("NAME", "1"))));
            }
            stacks.executeChangeSet(r -> r.changeSetName(id).clientRequestToken("t"));
            stacks.executeChangeSet(r -> r.changeSetName(id).clientRequestToken("t"));
            sandbox.control().settle();
            if (on) {
                assertEquals(
                        "TokenAlreadyExistsException",
                        refusal(() ->
                                stacks.executeChangeSet(r -> r.changeSetName(id).clientRequestToken("t"))));
            } else {
                stacks.executeChangeSet(r -> r.changeSetName(id).clientRequestToken("t"));
            }
        }
    }

    @Test
    public void whatTakesAnAttributeOfAModifiedResourceIsAPossibleChange() {
        start(Variant.POSSIBLE_CHANGES);
        create(TOPICS);
        String id = changeSet("one", TOPICS.replace("NAME", "1"));
        sandbox.control().settle();
        ResourceChange possible = changes(id).get(1);
        assertEquals("B", possible.logicalResourceId());
        assertEquals("Conditional", possible.replacementAsString());
        assertEquals("Dynamic", possible.details().get(0).evaluationAsString());
        assertEquals("A.TopicName", possible.details().get(0).causingEntity());
        stacks.executeChangeSet(r -> r.changeSetName(id));
        sandbox.control().settle();
        assertEquals(
                "nothing happens to it",
                List.of(),
                sandbox.control().history("cloudformation:resource", "s/B").stream()
                        .filter(c -> c.path("what").asText().equals("update"))
                        .toList());
        start();
        create(TOPICS);
        String plain = changeSet("one", TOPICS.replace("NAME", "1"));
        sandbox.control().settle();
        assertEquals(1, changes(plain).size());
    }

    @Test
    public void structuredPropertiesAreListedValueByValue() {
        String template = """
                Resources:
                  Q:
                    Type: AWS::SQS::Queue
                    Properties: {QueueName: NAME, RedrivePolicy: {maxReceiveCount: COUNT, deadLetterTargetArn: "arn:aws:sqs:eu-west-1:222222222222:d"}}
                """;
        for (boolean on : new boolean[] {true, false}) {
            start(on ? new Variant[] {Variant.NESTED_PATHS} : new Variant[0]);
            create(template.replace("COUNT", "1"));
            String id = changeSet("one", template.replace("COUNT", "2").replace("NAME", "other"));
            sandbox.control().settle();
            ResourceChange change = changes(id).get(0);
            assertEquals(on ? "Conditional" : "True", change.replacementAsString());
            assertEquals(
                    on
                            ? List.of(
                                    "/Properties/QueueName Conditionally",
                                    "/Properties/RedrivePolicy/maxReceiveCount Never")
                            : List.of("/Properties/QueueName Always", "/Properties/RedrivePolicy Never"),
                    change.details().stream()
                            .map(d -> d.target().path() + " " + d.target().requiresRecreationAsString())
                            .toList());
        }
    }

    @Test
    public void theFirstConditionalWriteToAKeyConflicts() {
        start(Variant.CONDITIONAL_WRITES_CONFLICT);
        try (S3Client s3 = clients.s3(Clients.admin(ACCOUNT), REGION)) {
            S3Exception conflict = assertThrows(S3Exception.class, () -> put(s3));
            assertEquals(409, conflict.statusCode());
            assertEquals(0, s3.listObjectsV2(r -> r.bucket("site")).keyCount().intValue());
            put(s3);
            assertEquals(412, assertThrows(S3Exception.class, () -> put(s3)).statusCode());
        }
        start();
        try (S3Client s3 = clients.s3(Clients.admin(ACCOUNT), REGION)) {
            put(s3);
        }
    }

    private static void put(S3Client s3) {
        s3.putObject(r -> r.bucket("site").key("k").ifNoneMatch("*"), RequestBody.fromString("x"));
    }

    @Test
    public void eventsComeLaterThanTheState() {
        start(Variant.EVENTS_LAG);
        create(TOPICS);
        assertEquals(
                "CREATE_COMPLETE",
                stacks.describeStacks(r -> r.stackName("s")).stacks().get(0).stackStatusAsString());
        assertEquals(0, events());
        assertEquals(0, events());
        int events = events();
        start();
        create(TOPICS);
        assertEquals(events, events());
    }

    private int events() {
        return stacks.describeStackEvents(r -> r.stackName("s")).stackEvents().size();
    }

    @Test
    public void aRoleIsRefusedTheFirstTime() {
        start(Variant.ROLES_NEED_A_MOMENT);
        assertEquals("AccessDenied", refusal(() -> clients.role(ACCOUNT, "promotion-plan")));
        clients.role(ACCOUNT, "promotion-plan");
        assertEquals(
                "another role has its own first time",
                "AccessDenied",
                refusal(() -> clients.role(ACCOUNT, "promotion-deploy")));
        String cfn = "arn:aws:iam::" + ACCOUNT + ":role/promotion-cfn";
        AwsServiceException passed = assertThrows(
                AwsServiceException.class,
                () -> stacks.createStack(
                        r -> r.stackName("s").templateBody(TOPICS).roleARN(cfn)));
        assertTrue(passed.getMessage(), passed.getMessage().contains("cannot be assumed"));
        stacks.createStack(r -> r.stackName("s").templateBody(TOPICS).roleARN(cfn));
        start();
        clients.role(ACCOUNT, "promotion-plan");
    }

    @Test
    public void aCallerReferenceIsForgotten() {
        for (boolean on : new boolean[] {true, false}) {
            start(on ? new Variant[] {Variant.CALLER_REFERENCES_FORGOTTEN} : new Variant[0]);
            try (var cloudFront = clients.client(CloudFrontClient.builder(), Clients.admin(ACCOUNT), "aws-global")) {
                String first = invalidation(cloudFront);
                assertEquals(on, !first.equals(invalidation(cloudFront)));
            }
        }
    }

    private static String invalidation(CloudFrontClient cloudFront) {
        return cloudFront
                .createInvalidation(r -> r.distributionId("E1")
                        .invalidationBatch(b ->
                                b.callerReference("r").paths(p -> p.items("/*").quantity(1))))
                .invalidation()
                .id();
    }

    @Test
    public void theRevisionIdChangesOnceMoreAfterItWasRead() {
        for (boolean on : new boolean[] {true, false}) {
            start(on ? new Variant[] {Variant.REVISION_CHANGES_AGAIN} : new Variant[0]);
            create("""
                    Resources:
                      Role:
                        Type: AWS::IAM::Role
                        Properties:
                          RoleName: f
                          AssumeRolePolicyDocument:
                            Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}]
                    """);
            try (var lambda = clients.lambda(Clients.admin(ACCOUNT), REGION)) {
                lambda.createFunction(r -> r.functionName("f")
                        .role("arn:aws:iam::" + ACCOUNT + ":role/f")
                        .runtime("python3.13")
                        .handler("index.handler")
                        .code(c -> c.zipFile(LambdaServiceTest.zip(1))));
                sandbox.control().settle();
                String first = lambda.getFunctionConfiguration(r -> r.functionName("f"))
                        .revisionId();
                String second = lambda.getFunctionConfiguration(r -> r.functionName("f"))
                        .revisionId();
                assertEquals(on, !first.equals(second));
                assertEquals(
                        second,
                        lambda.getFunctionConfiguration(r -> r.functionName("f"))
                                .revisionId());
            }
        }
    }

    @Test
    public void everyVariantSaysWhatItDoesAndWhereThatIsWritten() {
        for (Variant variant : Variant.values()) {
            assertTrue(variant.name(), variant.behaviour().length() > 40);
            if (variant.page() == null) {
                assertFalse(variant + " cannot be documented without a page", variant.documented());
            } else {
                assertTrue(variant.page(), variant.page().startsWith("https://docs.aws.amazon.com/"));
            }
        }
    }

    /** The table of docs/developer/sandbox.md. */
    @Test
    public void theDocumentationHasATableOfThem() throws Exception {
        String table = Arrays.stream(Variant.values())
                .map(v -> "| `" + v.option() + "` | " + v.behaviour() + " | "
                        + (v.page() == null
                                ? "no page of AWS is about it"
                                : "[" + v.page().replaceAll("^.*/|\\.html.*$", "") + "](" + v.page() + ") "
                                        + (v.documented() ? "documents it" : "leaves it open"))
                        + " |")
                .collect(Collectors.joining("\n"));
        String page = Files.readString(Path.of(System.getProperty("promotion.root"), "docs/developer/sandbox.md"));
        assertTrue("docs/developer/sandbox.md lacks this table:\n" + table, page.contains(table));
    }

    @Test
    public void variantsAreNamedInOneText() {
        assertEquals(Set.of(), Variant.parse(null));
        assertEquals(EnumSet.allOf(Variant.class), Variant.parse("all"));
        assertEquals(EnumSet.of(Variant.EVENTS_LAG, Variant.NESTED_PATHS), Variant.parse("events-lag, NESTED_PATHS"));
        String message = assertThrows(IllegalArgumentException.class, () -> Variant.parse("lag"))
                .getMessage();
        assertTrue(message, message.contains("there is no variant 'lag'; there are change-sets-deleted, "));
        assertNotEquals(0, Variant.values().length);
    }
}
