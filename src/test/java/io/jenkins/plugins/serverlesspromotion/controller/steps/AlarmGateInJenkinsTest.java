package io.jenkins.plugins.serverlesspromotion.controller.steps;

import static org.junit.Assert.assertEquals;

import hudson.model.Label;
import hudson.model.Result;
import io.jenkins.plugins.serverlesspromotion.engine.lane.GateStatus.GateResult;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion.State;
import io.jenkins.plugins.serverlesspromotion.sandbox.Sandbox;
import io.jenkins.plugins.serverlesspromotion.sandbox.SandboxConfig;
import java.util.List;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.jvnet.hudson.test.JenkinsRule;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.ComparisonOperator;
import software.amazon.awssdk.services.cloudwatch.model.StateValue;
import software.amazon.awssdk.services.cloudwatch.model.Statistic;

/** A controller reads the alarms of a gate in the accounts, through its own connection. */
public class AlarmGateInJenkinsTest {
    private static final String DEV = "222222222222";

    @Rule
    public JenkinsRule r = new JenkinsRule();

    private Sandbox sandbox;

    @Before
    public void open() throws Exception {
        r.timeout = 900;
        sandbox = Sandbox.start(SandboxConfig.threeAccounts().timeScale(0.01));
        Landscape.people(r);
        Landscape.configure(
                r,
                sandbox.endpoint(),
                policy -> policy.replace(
                        "- { name: dev }\n  - { name: staging",
                        "- { name: dev, gates: [ { alarm: { names: [ orders-errors ] } } ] }\n  - { name: staging"));
        r.createOnlineSlave(Label.get("build"));
    }

    @After
    public void close() {
        sandbox.close();
    }

    private void alarm(StateValue state) {
        var admin = StaticCredentialsProvider.create(
                AwsBasicCredentials.create("AKIA" + DEV + "ADMI", "sandbox-secret-of-admin"));
        try (var cloudWatch = CloudWatchClient.builder()
                .httpClient(ApacheHttpClient.create())
                .endpointOverride(sandbox.endpoint())
                .region(Region.EU_WEST_1)
                .credentialsProvider(admin)
                .build()) {
            cloudWatch.putMetricAlarm(request -> request.alarmName("orders-errors")
                    .metricName("Errors")
                    .namespace("AWS/Lambda")
                    .statistic(Statistic.SUM)
                    .period(60)
                    .evaluationPeriods(1)
                    .threshold(1.0)
                    .comparisonOperator(ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD));
            cloudWatch.setAlarmState(request ->
                    request.alarmName("orders-errors").stateValue(state).stateReason("by the test"));
        }
    }

    @Test
    public void theGateOpensWhenTheAlarmIsOk() throws Exception {
        alarm(StateValue.OK);
        var build = Landscape.start(
                Landscape.job(r, Landscape.MAIN, Landscape.journey("1.0.0", 200).replace("to: 'prod'", "to: 'dev'")),
                "bob");
        Landscape.reached("orders.dev.1", State.SUCCEEDED);
        Landscape.finished(r, build, Result.SUCCESS);

        alarm(StateValue.ALARM);
        var next = Landscape.start(
                Landscape.job(r, Landscape.MAIN, Landscape.journey("1.0.1", 200).replace("to: 'prod'", "to: 'dev'")),
                "bob");
        Landscape.reached("orders.dev.2", State.WAITING);
        Landscape.promotions().await("orders.dev.2", Landscape.promotions()::resting, Landscape.PATIENCE);
        assertEquals(
                List.of(GateResult.PENDING),
                Landscape.promotions().gates("orders.dev.2").stream()
                        .filter(g -> g.gate().equals("alarm"))
                        .map(g -> g.result())
                        .toList());
        Landscape.promotions().abort("orders.dev.2", "user:bob", "the alarm is on");
        Landscape.finished(r, next, Result.FAILURE);
    }
}
