package io.jenkins.plugins.serverlesspromotion.sandbox;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.Patience;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.apache.http.client.methods.RequestBuilder;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.cloudfront.CloudFrontClient;
import software.amazon.awssdk.services.cloudfront.model.CreateInvalidationResponse;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.AlarmHistoryItem;
import software.amazon.awssdk.services.cloudwatch.model.AlarmType;
import software.amazon.awssdk.services.cloudwatch.model.ComparisonOperator;
import software.amazon.awssdk.services.cloudwatch.model.Dimension;
import software.amazon.awssdk.services.cloudwatch.model.ScanBy;
import software.amazon.awssdk.services.cloudwatch.model.StateValue;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.ssm.SsmClient;

public class OtherServicesTest {
    private static final String DEV = "222222222222";
    private static final String BUCKET = "serverless-promotion-222222222222-eu-west-1";
    private Sandbox sandbox;
    private Clients clients;

    @Before
    public void start() {
        SandboxConfig config = SandboxConfig.threeAccounts().timeScale(1000);
        SandboxConfig.DistributionConfig distribution = new SandboxConfig.DistributionConfig();
        distribution.id = "E1ORDERSDEV";
        distribution.bucket = BUCKET;
        distribution.aliases.add("orders.dev.acme.net");
        config.accounts.get(1).distributions.add(distribution);
        sandbox = Sandbox.start(config);
        clients = new Clients(sandbox.endpoint());
    }

    @After
    public void stop() {
        clients.close();
        sandbox.close();
    }

    private String visit(String path, String expectedCache) {
        try {
            FreshConnections.Answer answer = FreshConnections.send(
                    RequestBuilder.get(sandbox.endpoint() + "/_site/E1ORDERSDEV" + path), Patience.LIMIT);
            assertEquals(expectedCache, answer.header("X-Cache").orElse("").split(" ")[0]);
            return answer.body();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static CreateInvalidationResponse invalidate(CloudFrontClient client, String reference, String... paths) {
        return client.createInvalidation(r -> r.distributionId("E1ORDERSDEV")
                .invalidationBatch(batch -> batch.callerReference(reference)
                        .paths(p -> p.quantity(paths.length).items(paths))));
    }

    @Test
    public void onlyAnInvalidationEmptiesTheCache() {
        try (S3Client s3 = clients.s3(Clients.admin(DEV), "eu-west-1");
                CloudFrontClient cloudFront =
                        clients.client(CloudFrontClient.builder(), Clients.admin(DEV), "us-east-1")) {
            s3.putObject(r -> r.bucket(BUCKET).key("index.html"), RequestBody.fromString("one"));
            assertEquals("one", visit("/", "Miss"));
            s3.putObject(r -> r.bucket(BUCKET).key("index.html"), RequestBody.fromString("two"));
            assertEquals("one", visit("/", "Hit"));
            var created = invalidate(cloudFront, "release-1", "/*").invalidation();
            assertEquals("InProgress", created.status());
            assertEquals("one", visit("/", "Hit"));
            assertEquals(
                    created.id(),
                    invalidate(cloudFront, "release-1", "/*").invalidation().id());
            AwsServiceException other =
                    assertThrows(AwsServiceException.class, () -> invalidate(cloudFront, "release-1", "/index.html"));
            assertEquals(
                    "InvalidationBatchAlreadyExists", other.awsErrorDetails().errorCode());
            sandbox.control().settle();
            assertEquals(
                    "Completed",
                    cloudFront
                            .getInvalidation(
                                    r -> r.distributionId("E1ORDERSDEV").id(created.id()))
                            .invalidation()
                            .status());
            assertEquals("two", visit("/", "Miss"));
            assertEquals(
                    1,
                    cloudFront
                            .listInvalidations(r -> r.distributionId("E1ORDERSDEV"))
                            .invalidationList()
                            .quantity()
                            .intValue());
            assertEquals(
                    List.of("orders.dev.acme.net"),
                    cloudFront
                            .getDistribution(r -> r.id("E1ORDERSDEV"))
                            .distribution()
                            .distributionConfig()
                            .aliases()
                            .items());
            assertTrue(cloudFront
                    .getDistributionConfig(r -> r.id("E1ORDERSDEV"))
                    .eTag()
                    .startsWith("E"));
        }
    }

    @Test
    public void invalidationsHaveLimits() {
        try (CloudFrontClient cloudFront =
                clients.client(CloudFrontClient.builder(), Clients.admin(DEV), "us-east-1")) {
            for (int i = 0; i < 15; i++) {
                invalidate(cloudFront, "r" + i, "/" + i + "/*");
            }
            AwsServiceException limit =
                    assertThrows(AwsServiceException.class, () -> invalidate(cloudFront, "r15", "/15/*"));
            assertEquals(
                    "TooManyInvalidationsInProgress", limit.awsErrorDetails().errorCode());
            AwsServiceException path =
                    assertThrows(AwsServiceException.class, () -> invalidate(cloudFront, "r16", "index.html"));
            assertEquals("InvalidArgument", path.awsErrorDetails().errorCode());
        }
    }

    @Test
    public void parametersHaveVersions() {
        try (SsmClient ssm = clients.client(SsmClient.builder(), Clients.admin(DEV), "eu-west-1");
                SsmClient plan =
                        clients.client(SsmClient.builder(), clients.role(DEV, "promotion-plan"), "eu-west-1")) {
            ssm.putParameter(r -> r.name("/orders/db").type("String").value("one"));
            AwsServiceException exists = assertThrows(
                    AwsServiceException.class,
                    () -> ssm.putParameter(r -> r.name("/orders/db").value("two")));
            assertEquals("ParameterAlreadyExists", exists.awsErrorDetails().errorCode());
            assertEquals(
                    2L,
                    ssm.putParameter(r -> r.name("/orders/db").value("two").overwrite(true))
                            .version()
                            .longValue());
            assertEquals(
                    "two",
                    plan.getParameter(r -> r.name("/orders/db")).parameter().value());
            assertEquals(
                    "one",
                    plan.getParameter(r -> r.name("/orders/db:1")).parameter().value());
            AwsServiceException missing =
                    assertThrows(AwsServiceException.class, () -> plan.getParameter(r -> r.name("/orders/db:7")));
            assertEquals("ParameterVersionNotFound", missing.awsErrorDetails().errorCode());
            assertEquals(
                    List.of("/none"),
                    plan.getParameters(r -> r.names("/orders/db", "/none")).invalidParameters());
            AwsServiceException denied = assertThrows(
                    AwsServiceException.class,
                    () -> plan.putParameter(r -> r.name("/x").value("x").type("String")));
            assertEquals("AccessDeniedException", denied.awsErrorDetails().errorCode());
        }
    }

    @Test
    public void secretsHaveStages() {
        try (SecretsManagerClient secrets =
                        clients.client(SecretsManagerClient.builder(), Clients.admin(DEV), "eu-west-1");
                SecretsManagerClient plan = clients.client(
                        SecretsManagerClient.builder(), clients.role(DEV, "promotion-plan"), "eu-west-1")) {
            String first = secrets.createSecret(r -> r.name("orders/dev/key").secretString("one"))
                    .versionId();
            String second = secrets.putSecretValue(
                            r -> r.secretId("orders/dev/key").secretString("two"))
                    .versionId();
            assertEquals(
                    List.of("AWSPREVIOUS"),
                    plan.describeSecret(r -> r.secretId("orders/dev/key"))
                            .versionIdsToStages()
                            .get(first));
            assertEquals(
                    "two",
                    secrets.getSecretValue(r -> r.secretId("orders/dev/key")).secretString());
            assertEquals(
                    "one",
                    secrets.getSecretValue(r -> r.secretId("orders/dev/key").versionStage("AWSPREVIOUS"))
                            .secretString());
            assertEquals(
                    "two",
                    secrets.getSecretValue(r -> r.secretId("orders/dev/key").versionId(second))
                            .secretString());
            AwsServiceException denied = assertThrows(
                    AwsServiceException.class, () -> plan.getSecretValue(r -> r.secretId("orders/dev/key")));
            assertEquals("AccessDeniedException", denied.awsErrorDetails().errorCode());
        }
    }

    @Test
    public void alarmsTurnWhenTold() {
        try (CloudWatchClient cloudWatch =
                clients.client(CloudWatchClient.builder(), Clients.admin(DEV), "eu-west-1")) {
            cloudWatch.putMetricAlarm(r -> r.alarmName("orders-errors")
                    .metricName("Errors")
                    .namespace("AWS/Lambda")
                    .comparisonOperator(ComparisonOperator.GREATER_THAN_THRESHOLD)
                    .evaluationPeriods(1)
                    .threshold(1.0)
                    .dimensions(Dimension.builder()
                            .name("FunctionName")
                            .value("orders")
                            .build()));
            var alarm = cloudWatch
                    .describeAlarms(r -> r.alarmNames("orders-errors"))
                    .metricAlarms()
                    .get(0);
            assertEquals(StateValue.INSUFFICIENT_DATA, alarm.stateValue());
            assertEquals("orders", alarm.dimensions().get(0).value());
            cloudWatch.setAlarmState(
                    r -> r.alarmName("orders-errors").stateValue(StateValue.OK).stateReason("test"));
            sandbox.control().alarm(DEV, "eu-west-1", "orders-errors", "ALARM", 10);
            assertEquals(
                    StateValue.OK,
                    cloudWatch
                            .describeAlarms(r -> r.alarmNames("orders-errors"))
                            .metricAlarms()
                            .get(0)
                            .stateValue());
            sandbox.control().timeScale(0);
            SandboxControl.await(
                    "alarm",
                    () -> cloudWatch
                            .describeAlarms(r -> r.alarmNames("orders-errors"))
                            .metricAlarms()
                            .get(0)
                            .stateValue()
                            .equals(StateValue.ALARM));
        }
    }

    @Test
    public void alarmsKeepTheirHistoryAndCompositeOnesAreAskedForByType() {
        try (CloudWatchClient cloudWatch =
                clients.client(CloudWatchClient.builder(), Clients.admin(DEV), "eu-west-1")) {
            cloudWatch.putCompositeAlarm(r -> r.alarmName("all").alarmRule("ALARM(orders-errors)"));
            assertEquals(
                    0,
                    cloudWatch
                            .describeAlarms(r -> r.alarmNames("all"))
                            .compositeAlarms()
                            .size());
            assertEquals(
                    1,
                    cloudWatch
                            .describeAlarms(r -> r.alarmNames("all").alarmTypes(AlarmType.COMPOSITE_ALARM))
                            .compositeAlarms()
                            .size());
            for (String state : List.of("OK", "ALARM", "ALARM", "OK")) {
                cloudWatch.setAlarmState(
                        r -> r.alarmName("all").stateValue(state).stateReason("test"));
            }
            Instant since = Instant.now().minusSeconds(60);
            assertEquals(
                    List.of(
                            "Alarm updated from INSUFFICIENT_DATA to OK",
                            "Alarm updated from OK to ALARM",
                            "Alarm updated from ALARM to OK"),
                    cloudWatch
                            .describeAlarmHistory(r -> r.alarmName("all")
                                    .alarmTypes(AlarmType.COMPOSITE_ALARM)
                                    .startDate(since)
                                    .scanBy(ScanBy.TIMESTAMP_ASCENDING))
                            .alarmHistoryItems()
                            .stream()
                            .map(AlarmHistoryItem::historySummary)
                            .toList());
            assertEquals(
                    0,
                    cloudWatch
                            .describeAlarmHistory(r -> r.alarmName("all").startDate(since.plusSeconds(3600)))
                            .alarmHistoryItems()
                            .size());
        }
    }

    @Test
    public void unknownOperationsSayWhichTheyAre() {
        try (CloudWatchLogsClient logs =
                clients.client(CloudWatchLogsClient.builder(), Clients.admin(DEV), "eu-west-1")) {
            assertEquals(0, logs.describeLogGroups().logGroups().size());
            AwsServiceException refusal =
                    assertThrows(AwsServiceException.class, () -> logs.createLogGroup(r -> r.logGroupName("x")));
            assertEquals("UnknownOperationException", refusal.awsErrorDetails().errorCode());
            assertTrue(refusal.getMessage(), refusal.getMessage().contains("CreateLogGroup of the service logs"));
        }
    }
}
