package io.jenkins.plugins.serverlesspromotion.aws;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.aws.session.AwsSettings;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Deployment.Status;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.engine.port.Deployer;
import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest;
import io.jenkins.plugins.serverlesspromotion.sandbox.SandboxConfig;
import java.util.List;
import java.util.Map;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.ssm.SsmClient;

/** Parameters and secrets of AWS in plans: versions, never values. */
public class VersionPinningTest {
    private static final String DB = "/orders/dev/db";
    private static final String KEY = "orders/dev/key";
    private static final String TEMPLATE = """
            AWSTemplateFormatVersion: "2010-09-09"
            Parameters:
              Db: { Type: String }
              Key: { Type: String, NoEcho: true }
            Resources:
              Topic:
                Type: AWS::SNS::Topic
                Properties: { DisplayName: !Sub "${Db} ${Key}" }
            """;

    @Rule
    public final SandboxLab sandbox = new SandboxLab();

    private final StaticCredentialsProvider admin = StaticCredentialsProvider.create(
            AwsBasicCredentials.create("AKIA222222222222ADMI", "sandbox-secret-of-admin"));

    @Before
    public void aParameterAndASecret() {
        sandbox.open(
                dev -> {
                    var parameter = new SandboxConfig.ParameterConfig();
                    parameter.region = Lab.REGION;
                    parameter.name = DB;
                    parameter.value = "first-host";
                    dev.parameters.add(parameter);
                    var secret = new SandboxConfig.SecretConfig();
                    secret.region = Lab.REGION;
                    secret.name = KEY;
                    secret.value = "first-secret";
                    dev.secrets.add(secret);
                },
                AwsSettings.defaults());
    }

    private Plan.TargetPlan plan(String promotion) throws Exception {
        Deployer.Work work = work(promotion);
        return sandbox.lab().plan(work, 1).targets().get(0);
    }

    private Deployer.Work work(String promotion) throws Exception {
        var target = OrdersSamples.stack(
                "api", OrdersSamples.TEMPLATE, "orders-dev", Map.of("Db", "${db}", "Key", "${key}"));
        var manifest = new Manifest(
                "orders",
                Map.of(
                        "db", new Manifest.Variable.SsmParameter("/orders/${environment}/db"),
                        "key", new Manifest.Variable.Secret("orders/${environment}/key")),
                List.of(target),
                List.of(),
                List.of());
        return sandbox.lab()
                .work(promotion, sandbox.lab().publish("1.0.0", manifest, Map.of(OrdersSamples.TEMPLATE, TEMPLATE)));
    }

    private void deployed() throws Exception {
        Deployer.Work work = work("orders.dev.1");
        Plan.TargetPlan step = sandbox.lab().plan(work, 1).targets().get(0);
        var result = sandbox.lab().deploy(work, step);
        assertEquals(result.detail(), Status.DONE, result.status());
    }

    @Test
    public void versionsAreInThePlanAndValuesAreNot() throws Exception {
        Plan.Content content = plan("orders.dev.1").content();
        assertEquals("1", content.pins().get("ssm:" + DB));
        assertTrue(content.pins().toString(), content.pins().containsKey("secret:" + KEY));
        assertEquals("{{resolve:ssm:" + DB + ":1}}", content.values().get("Db"));
        assertEquals("****", content.values().get("Key"));
        assertFalse(content.toString(), content.toString().contains("first-"));
    }

    @Test
    public void equalVersionsAreSkippedAndOthersAreNot() throws Exception {
        deployed();
        assertTrue(plan("orders.dev.2").content().unchanged());
        try (SsmClient ssm = SsmClient.builder()
                .endpointOverride(sandbox.control().endpoint())
                .region(Region.of(Lab.REGION))
                .credentialsProvider(admin)
                .build()) {
            ssm.putParameter(r -> r.name(DB).value("second-host").overwrite(true));
        }
        Plan.Content changed = plan("orders.dev.3").content();
        assertFalse("the same template with another version of a parameter", changed.unchanged());
        assertEquals("2", changed.pins().get("ssm:" + DB));
        assertFalse(changed.toString(), changed.toString().contains("second-host"));
    }

    @Test
    public void aSecretThatWasRotatedIsAChange() throws Exception {
        deployed();
        String first = plan("orders.dev.2").content().pins().get("secret:" + KEY);
        try (SecretsManagerClient secrets = SecretsManagerClient.builder()
                .endpointOverride(sandbox.control().endpoint())
                .region(Region.of(Lab.REGION))
                .credentialsProvider(admin)
                .build()) {
            secrets.putSecretValue(r -> r.secretId(KEY).secretString("second-secret"));
        }
        Plan.Content changed = plan("orders.dev.3").content();
        assertFalse("the same template with another version of a secret", changed.unchanged());
        assertFalse(first.equals(changed.pins().get("secret:" + KEY)));
        assertFalse(changed.toString(), changed.toString().contains("-secret\""));
    }
}
