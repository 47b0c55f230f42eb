package io.jenkins.plugins.serverlesspromotion.aws;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.jenkins.plugins.serverlesspromotion.aws.session.AwsSettings;
import io.jenkins.plugins.serverlesspromotion.engine.port.Deployer;
import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest;
import io.jenkins.plugins.serverlesspromotion.engine.release.Published;
import io.jenkins.plugins.serverlesspromotion.engine.release.TrafficShift;
import io.jenkins.plugins.serverlesspromotion.sandbox.SandboxConfig;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.ComparisonOperator;
import software.amazon.awssdk.services.cloudwatch.model.Statistic;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.Environment;
import software.amazon.awssdk.services.lambda.model.GetAliasResponse;

/** A function of account {@code orders-dev} that somebody made by hand, with an alias and an alarm beside it. */
final class FunctionLab implements AutoCloseable {
    static final String FUNCTION = "orders-worker-dev";
    static final String ALIAS = "live";
    static final String ALARM = "orders-errors-dev";
    static final String CODE = "dist/worker.zip";
    private static final String ACCOUNT = "222222222222";
    private static final String ROLE = "orders-worker";

    private final java.util.function.Supplier<Lab> lab;
    private final LambdaClient lambda;
    private final CloudWatchClient alarms;

    /**
     * In an account {@code orders-dev} that has the roles {@code orders-worker} and {@code orders-other}.
     *
     * @param lambda of somebody who may do everything; closed with this, as {@code alarms} are
     */
    FunctionLab(Lab lab, LambdaClient lambda, CloudWatchClient alarms) {
        this.lab = () -> lab;
        this.lambda = lambda;
        this.alarms = alarms;
        create();
    }

    /** @param pollScale factor of every wait */
    FunctionLab(SandboxLab sandbox, double pollScale) {
        sandbox.open(FunctionLab::roles, AwsSettings.defaults(), pollScale);
        this.lab = sandbox::lab;
        var admin = StaticCredentialsProvider.create(
                AwsBasicCredentials.create("AKIA" + ACCOUNT + "ADMI", "sandbox-secret-of-admin"));
        var endpoint = sandbox.control().endpoint();
        this.lambda = LambdaClient.builder()
                .httpClient(ApacheHttpClient.create())
                .endpointOverride(endpoint)
                .region(Region.of(Lab.REGION))
                .credentialsProvider(admin)
                .build();
        this.alarms = CloudWatchClient.builder()
                .httpClient(ApacheHttpClient.create())
                .endpointOverride(endpoint)
                .region(Region.of(Lab.REGION))
                .credentialsProvider(admin)
                .build();
        create();
    }

    private static void roles(SandboxConfig.AccountConfig account) {
        for (String name : List.of(ROLE, "orders-other")) {
            var role = new SandboxConfig.RoleConfig();
            role.name = name;
            try {
                role.trust = new ObjectMapper().readTree("""
                        {"Statement": {"Effect": "Allow", "Action": "sts:AssumeRole",
                                       "Principal": {"Service": "lambda.amazonaws.com"}}}""");
            } catch (JsonProcessingException e) {
                throw new IllegalStateException(e);
            }
            account.roles.add(role);
        }
        // The role that tests may invoke what is named so, and this function is not.
        account.roles.stream()
                .filter(role -> role.name.equals("promotion-test"))
                .forEach(role -> ((ArrayNode)
                                role.policy.path("Statement").path(0).path("Resource"))
                        .add("arn:aws:lambda:*:" + ACCOUNT + ":function:" + FUNCTION + ":*"));
    }

    static String role(String name) {
        return "arn:aws:iam::" + ACCOUNT + ":role/" + name;
    }

    private void create() {
        lambda.createFunction(r -> r.functionName(FUNCTION)
                .role(role(ROLE))
                .runtime("python3.11")
                .handler("index.handler")
                .memorySize(128)
                // Functions really run: on a busy machine an interpreter takes longer to start than Lambda's 3 s.
                .timeout(60)
                .environment(Environment.builder()
                        .variables(Map.of("STAGE", "dev", "TOKEN", "hunter2"))
                        .build())
                .code(c -> c.zipFile(SdkBytes.fromByteArray(OrdersSamples.zip(AwsSuite.V1)))));
        settle();
        lambda.publishVersion(r -> r.functionName(FUNCTION));
        lambda.createAlias(r -> r.functionName(FUNCTION).name(ALIAS).functionVersion("1"));
        alarms.putMetricAlarm(r -> r.alarmName(ALARM)
                .metricName("Errors")
                .namespace("AWS/Lambda")
                .statistic(Statistic.SUM)
                .period(60)
                .evaluationPeriods(1)
                .threshold(1.0)
                .comparisonOperator(ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD));
        alarm("OK");
    }

    LambdaClient lambda() {
        return lambda;
    }

    CloudWatchClient alarms() {
        return alarms;
    }

    void alarm(String state) {
        alarms.setAlarmState(r -> r.alarmName(ALARM).stateValue(state).stateReason("a test says so"));
    }

    /** Waits until no update of the function is in progress. */
    void settle() {
        SandboxLab.await("the function is settled", () -> {
            var now = lambda.getFunctionConfiguration(r -> r.functionName(FUNCTION));
            return now.stateAsString().equals("Active")
                    && !now.lastUpdateStatusAsString().equals("InProgress");
        });
    }

    GetAliasResponse alias() {
        return lambda.getAlias(r -> r.functionName(FUNCTION).name(ALIAS));
    }

    /** {@code 1}, or {@code 1 {2=0.1}} while it is shifted. */
    String routing() {
        GetAliasResponse now = alias();
        return now.functionVersion()
                + (now.routingConfig() == null ? "" : " " + now.routingConfig().additionalVersionWeights());
    }

    /** @param strategy null: all at once */
    static Manifest.Lambda target(TrafficShift strategy, Map<String, String> settings, String... alarms) {
        return new Manifest.Lambda(
                "worker",
                List.of(),
                List.of(),
                "orders-worker-${environment}",
                CODE,
                ALIAS,
                strategy,
                List.of(alarms),
                settings,
                null,
                null,
                null);
    }

    Published publish(String version, Manifest.Lambda target, String code) throws Exception {
        return lab.get().publish(version, OrdersSamples.manifest(target), Map.of(CODE, code));
    }

    Deployer.Work work(String promotion, Published release) {
        return lab.get().work(promotion, release);
    }

    @Override
    public void close() {
        lambda.close();
        alarms.close();
    }
}
