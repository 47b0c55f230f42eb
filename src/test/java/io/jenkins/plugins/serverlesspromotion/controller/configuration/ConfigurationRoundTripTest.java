package io.jenkins.plugins.serverlesspromotion.controller.configuration;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.format.json.CanonicalDigests;
import io.jenkins.plugins.serverlesspromotion.format.policy.PolicyCompiler;
import io.jenkins.plugins.serverlesspromotion.format.policy.PolicyReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Test;
import org.jvnet.hudson.test.JenkinsRule;

/** The same policies by code, by export, by form and from disk: each time the one that the file says is in force. */
public class ConfigurationRoundTripTest {
    @ClassRule
    public static final JenkinsRule j = new JenkinsRule();

    @Before
    public void nothingIsConfigured() {
        ConfiguredPolicies.forget();
    }

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

            ConfiguredPolicies.saveForm(j);
            inForce("by form: " + policy.getKey(), wanted);
            assertEquals(tree, ServerlessPromotionConfiguration.get().saved().policy());

            assertEquals(tree, new ServerlessPromotionConfiguration().saved().policy());
        }
    }

    /** The file that the documentation shows is one that Jenkins takes, and the command line takes it for the same. */
    @Test
    public void theWholeExampleOfTheDocumentationIsTheSameAsCodeAndAsAFile() throws Exception {
        String page = ConfiguredPolicies.page();
        int begin = page.indexOf("unclassified:\n");
        String code = page.substring(begin, page.indexOf("```", begin));
        String wanted = new CanonicalDigests().policy(PolicyReader.read("docs", code.getBytes(StandardCharsets.UTF_8)));
        ConfiguredPolicies.configureCode(code);
        inForce("as the documentation has it", wanted);
        assertEquals(
                8,
                ConfiguredPolicies.inForce()
                        .policy()
                        .environments()
                        .get("prod")
                        .gates()
                        .size());
        ConfiguredPolicies.saveForm(j);
        inForce("and by form", wanted);
    }

    /** As it was written when the form knew of no gate but approval. */
    @Test
    public void aConfigurationThatAnOlderVersionSavedIsRead() throws Exception {
        try (var saved = getClass().getResourceAsStream("/configuration/approval-only.xml")) {
            Files.copy(
                    saved,
                    j.jenkins.getRootDir().toPath().resolve(ServerlessPromotionConfiguration.class.getName() + ".xml"),
                    StandardCopyOption.REPLACE_EXISTING);
        }
        var read = new ServerlessPromotionConfiguration();
        assertEquals(
                new CanonicalDigests()
                        .policy(PolicyReader.read(
                                "as it was",
                                ConfiguredPolicies.SMALL
                                        .replace(
                                                "id: \"111111111111\"",
                                                "id: \"111111111111\", checkHosts: \"*.acme.com\"")
                                        .replace(
                                                "[ { name: dev } ]",
                                                "[ { name: dev, gates: [ { approval: { require: [ { role: release-managers, count: 2 } ], expiresAfter: 36h } } ] } ]")
                                        .concat("roles: [ { name: release-managers, users: alice, groups: sre } ]\n")
                                        .concat(
                                                "services: [ { name: orders, places: \"orders-${environment}/eu-west-1\","
                                                        + " jobs: [ { job: team-orders/orders/main, may: publish } ] } ]\n")
                                        .getBytes(StandardCharsets.UTF_8))),
                new CanonicalDigests()
                        .policy(PolicyCompiler.compile(read.saved().policy(), "")));
        assertEquals("4h", read.getSettings().getMaxLoginAge());
        assertFalse(read.settingsInEffect().isSecondPersonForChanges());
    }

    private static void inForce(String how, String wanted) {
        assertEquals(how, List.of(), PolicyActivator.get().problems());
        assertEquals(how, wanted, ConfiguredPolicies.inForce().digest());
    }

    @Test
    public void settingsSurviveCodeExportAndForm() throws Exception {
        ConfiguredPolicies.configure(ConfiguredPolicies.SMALL + """
                settings:
                  maxLoginAge: 4h
                  requireRecentLogin: true
                  driftInterval: never
                  secondPersonForChanges: true
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
        assertEquals(11, tree.size());
        String exported = ConfiguredPolicies.export();
        ConfiguredPolicies.forget();
        ConfiguredPolicies.configureCode(exported);
        assertEquals(tree, ServerlessPromotionConfiguration.get().getSettings().tree());
        j.configRoundtrip(); // the page that Jenkins has for everything
        assertEquals(tree, ServerlessPromotionConfiguration.get().getSettings().tree());
        var aws = ServerlessPromotionConfiguration.get().settingsInEffect().awsSettings();
        assertEquals("http://127.0.0.1:4566", aws.endpoint().toString());
        assertTrue(aws.pathStyleAccess());
    }
}
