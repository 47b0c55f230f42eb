package io.jenkins.plugins.serverlesspromotion.aws;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.aws.context.Resolution;
import io.jenkins.plugins.serverlesspromotion.aws.context.VersionPinning;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy.Place;
import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest;
import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest.Variable;
import io.jenkins.plugins.serverlesspromotion.engine.release.Release;
import java.util.List;
import java.util.Map;
import org.junit.Test;

/** What texts mean in a place. */
public class ResolutionTest {
    private static final Map<String, Variable> VARIABLES = Map.of(
            "host", new Variable.PerEnvironment(Map.of("prod", "orders.acme.com", "dev", "orders.dev.acme.net")),
            "table", new Variable.PerEnvironment(Map.of("*", "orders-${environment}-${output.data.Suffix}")),
            "loop", new Variable.PerEnvironment(Map.of("*", "${loop}")),
            "db", new Variable.SsmParameter("/${service}/${environment}/db"),
            "key", new Variable.Secret("orders/key"));

    /** Versions as they are in an account. */
    private static final VersionPinning PINS = new VersionPinning(null, "eu-west-1", Map.of()) {
        @Override
        public Pinned parameter(String name) {
            return new Pinned("ssm:" + name, "7", "{{resolve:ssm:" + name + ":7}}");
        }

        @Override
        public Pinned secret(String id) {
            return new Pinned("secret:" + id, "v-1", "{{resolve:secretsmanager:arn:" + id + ":SecretString:::v-1}}");
        }
    };

    private static Resolution in(String environment, Map<String, String> outputs) {
        var manifest = new Manifest("orders", VARIABLES, List.of(), List.of(), List.of());
        return new Resolution(
                new Release("orders", "1.4.2", manifest, List.of()),
                environment,
                new Place("orders-prod", "eu-west-1"),
                Lab.account("orders-prod", "333333333333"),
                PINS,
                (target, output) -> new Resolution.Output(outputs.get(target + "." + output), false));
    }

    @Test
    public void builtInsSayWhereAndWhat() {
        assertEquals(
                "prod orders-prod 333333333333 eu-west-1 orders 1.4.2 aws",
                in("prod", Map.of())
                        .known(
                                "x",
                                "${environment} ${account} ${accountId} ${region} ${service} ${version} ${partition}"));
    }

    @Test
    public void aVariableHasTheValueOfItsEnvironment() {
        assertEquals("https://orders.acme.com/", in("prod", Map.of()).known("x", "https://${host}/"));
        var refused = assertThrows(
                DeploymentException.class, () -> in("staging", Map.of()).known("x", "${host}"));
        assertEquals("variable host of orders@1.4.2 has no value for environment staging", refused.getMessage());
    }

    @Test
    public void anOutputThatIsNotKnownIsShownAsAReferenceAndPassedAsAStandIn() {
        Resolution.Value value = in("prod", Map.of()).parameter("x", "${table}");
        assertFalse(value.known());
        assertEquals("orders-prod-${output.data.Suffix}", value.shown());
        assertEquals("orders-prod-promotion-pending-output-data-Suffix", value.passed());
        assertEquals("orders-prod-9", in("prod", Map.of("data.Suffix", "9")).known("x", "${table}"));
        assertThrows(DeploymentException.class, () -> in("prod", Map.of()).known("x", "${table}"));
    }

    @Test
    public void parametersAndSecretsArePinnedAndStandOnlyInParameters() {
        Resolution resolution = in("prod", Map.of());
        assertEquals(
                "{{resolve:ssm:/orders/prod/db:7}}",
                resolution.parameter("x", "${db}").passed());
        resolution.parameter("x", "${key}");
        assertEquals(Map.of("ssm:/orders/prod/db", "7", "secret:orders/key", "v-1"), resolution.pinned());
        assertThrows(DeploymentException.class, () -> resolution.text("the stack name", "orders-${db}"));
    }

    @Test
    public void whatIsNoVariableIsNamed() {
        var refused = assertThrows(
                DeploymentException.class, () -> in("prod", Map.of()).known("the bucket", "${hots}"));
        assertTrue(refused.getMessage(), refused.getMessage().startsWith("the bucket refers to ${hots}"));
        assertThrows(DeploymentException.class, () -> in("prod", Map.of()).known("x", "${loop}"));
        assertThrows(DeploymentException.class, () -> in("prod", Map.of()).known("x", "${output.data}"));
        assertEquals("${host}", in("prod", Map.of()).known("x", "$${host}"));
    }
}
