package io.jenkins.plugins.serverlesspromotion.controller.configuration;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.not;
import static org.junit.Assert.assertEquals;

import io.jenkins.plugins.serverlesspromotion.controller.EngineLifecycle;
import java.util.List;
import org.htmlunit.html.HtmlForm;
import org.htmlunit.html.HtmlPage;
import org.junit.ClassRule;
import org.junit.Test;
import org.jvnet.hudson.test.JenkinsRule;

/** A form whose configuration is not valid is refused: saving it would pause all deployments. */
public class InvalidFormTest {
    @ClassRule
    public static final JenkinsRule J = new JenkinsRule();

    private static final String POLICY = ConfiguredPolicies.SMALL.replace(
                    "[ { name: dev } ]",
                    "[ { name: dev, gates: [ { approval: { require: [ { role: owners } ], expiresAfter: 24h } } ] } ]")
            + "roles: [ { name: owners, users: [ connie, adam, erin ] } ]\n";

    private static HtmlPage save(String expiry) throws Exception {
        HtmlPage page = J.createWebClient()
                .withThrowExceptionOnFailingStatusCode(false)
                .goTo("promotion-releases/configuration/");
        HtmlForm form = page.getForms().stream()
                .filter(f -> f.getActionAttribute().contains("save"))
                .findFirst()
                .orElseThrow();
        form.getInputByName("_.expiresAfter").setValue(expiry);
        return J.submit(form);
    }

    private static List<String> paused() {
        return EngineLifecycle.get().store().orElseThrow().pauses().stream()
                .map(p -> p.scope())
                .toList();
    }

    private static String content() {
        return ConfigurationContent.of(ServerlessPromotionConfiguration.get().saved());
    }

    @Test
    public void itIsRefusedAndNothingIsSavedOrPaused() throws Exception {
        ConfiguredPolicies.configure(POLICY);
        assertThat(PolicyActivator.get().problems(), empty());
        String before = content();
        String refused = save("soon").asNormalizedText();
        assertThat(refused, containsString("Nothing was saved, and nothing is paused"));
        assertThat(refused, containsString("Saving it would pause all deployments"));
        assertThat(refused, containsString("environments[dev].gates[0].approval.expiresAfter"));
        assertEquals(before, content());
        assertThat(PolicyActivator.get().problems(), empty());
        assertEquals(List.of(), paused());

        save("36h");
        assertThat(content(), containsString("<expiresAfter>36h<"));
        assertEquals(List.of(), paused());
    }

    @Test
    public void whileTheSavedOneIsInvalidItCanBeCorrectedInSteps() throws Exception {
        ConfiguredPolicies.configure(POLICY.replace("24h", "soon").replace("owners }", "nobody }"));
        assertThat(PolicyActivator.get().problems(), not(empty()));
        assertEquals(List.of("configuration"), paused());
        save("48h");
        assertThat(content(), containsString("<expiresAfter>48h<"));
        assertThat("one mistake is left", PolicyActivator.get().problems(), not(empty()));
        ConfiguredPolicies.configure(POLICY);
        assertEquals(List.of(), paused());
    }
}
