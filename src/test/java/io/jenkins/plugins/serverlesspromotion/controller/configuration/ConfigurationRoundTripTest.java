package io.jenkins.plugins.serverlesspromotion.controller.configuration;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.format.CanonicalDigests;
import io.jenkins.plugins.serverlesspromotion.format.PolicyReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.Rule;
import org.junit.Test;
import org.jvnet.hudson.test.JenkinsRule;

/** The same policies by code, by export, by form and from disk: each time the one that the file says is in force. */
public class ConfigurationRoundTripTest {
    @Rule
    public final JenkinsRule j = new JenkinsRule();

    @Test
    public void everyWayToConfigureAPolicyPutsTheSameOneInForce() throws Exception {
        for (Map.Entry<String, String> policy : ConfiguredPolicies.all().entrySet()) {
            String wanted = new CanonicalDigests()
                    .policy(PolicyReader.read(policy.getKey(), policy.getValue().getBytes(StandardCharsets.UTF_8)));
            ConfiguredPolicies.forget();
            ConfiguredPolicies.configure(policy.getValue());
            inForce("as code: " + policy.getKey(), wanted);
            Map<String, Object> tree =
                    ServerlessPromotionConfiguration.get().saved().policy();

            String exported = ConfiguredPolicies.export();
            ConfiguredPolicies.forget();
            ConfiguredPolicies.configureCode(exported);
            inForce("as exported: " + policy.getKey(), wanted);
            assertEquals(tree, ServerlessPromotionConfiguration.get().saved().policy());

            j.configRoundtrip();
            inForce("by form: " + policy.getKey(), wanted);
            assertEquals(tree, ServerlessPromotionConfiguration.get().saved().policy());

            assertEquals(tree, new ServerlessPromotionConfiguration().saved().policy());
        }
    }

    private static void inForce(String how, String wanted) {
        assertEquals(how, List.of(), PolicyKeeper.get().problems());
        assertEquals(how, wanted, ConfiguredPolicies.inForce().digest());
    }

    @Test
    public void settingsSurviveCodeExportAndForm() throws Exception {
        ConfiguredPolicies.configure(ConfiguredPolicies.SMALL + """
                settings:
                  maxLoginAge: 4h
                  requireRecentLogin: true
                  driftInterval: never
                  serviceUsers: [ ci-bot ]
                  verificationHosts: [ "*.intern.acme.net", health.acme.net ]
                  endpoint: "http://127.0.0.1:4566"
                  pathStyleAccess: true
                  checksumsWhenRequired: true
                  sessionTags: false
                  sourceIdentity: false
                """);
        Map<String, Object> tree =
                ServerlessPromotionConfiguration.get().getSettings().tree();
        assertEquals(10, tree.size());
        String exported = ConfiguredPolicies.export();
        ConfiguredPolicies.forget();
        ConfiguredPolicies.configureCode(exported);
        assertEquals(tree, ServerlessPromotionConfiguration.get().getSettings().tree());
        j.configRoundtrip();
        assertEquals(tree, ServerlessPromotionConfiguration.get().getSettings().tree());
        var aws = ServerlessPromotionConfiguration.get().settingsInEffect().awsSettings();
        assertEquals("http://127.0.0.1:4566", aws.endpoint().toString());
        assertTrue(aws.pathStyleAccess());
    }
}
