package io.jenkins.plugins.serverlesspromotion.controller.steps;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import net.sf.json.JSONObject;
import org.htmlunit.HttpMethod;
import org.htmlunit.WebRequest;
import org.htmlunit.util.NameValuePair;
import org.jenkinsci.plugins.workflow.cps.Snippetizer;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.jenkinsci.plugins.workflow.steps.StepDescriptor;
import org.junit.ClassRule;
import org.junit.Test;
import org.jvnet.hudson.test.JenkinsRule;

/** What the Snippet Generator makes of the forms, and that every field explains itself. */
public class SnippetTest {
    @ClassRule
    public static final JenkinsRule r = new JenkinsRule();

    @Test
    public void theShortestFormIsGenerated() throws Exception {
        generates(
                "promoteRelease release: 'orders@1.4.2', to: 'prod'",
                PromoteReleaseStep.class,
                Map.of("release", "orders@1.4.2", "to", "prod", "reason", "", "ticket", " ", "wait", true));
        generates(
                "promoteRelease reason: 'the first', release: 'orders@1.4.2', ticket: 'CHG1', to: 'prod', wait: false",
                PromoteReleaseStep.class,
                Map.of(
                        "release",
                        "orders@1.4.2",
                        "to",
                        "prod",
                        "reason",
                        "the first",
                        "ticket",
                        "CHG1",
                        "wait",
                        false));
        generates(
                "publishRelease manifest: 'release.yaml', version: '1.4.2'",
                PublishReleaseStep.class,
                Map.of("manifest", "release.yaml", "version", "1.4.2", "from", "", "stack", " "));
        generates(
                "publishRelease from: 'sam', version: '1.4.2'",
                PublishReleaseStep.class,
                Map.of("version", "1.4.2", "from", "sam", "manifest", ""));
        generates(
                "rollbackRelease environment: 'prod', reason: 'slow', service: 'orders'",
                RollbackReleaseStep.class,
                Map.of("service", "orders", "environment", "prod", "reason", "slow", "version", "", "wait", true));
        generates(
                "recordEvidence release: 'orders@1.4.2', result: 'passed', type: 'scan'",
                RecordEvidenceStep.class,
                Map.of("release", "orders@1.4.2", "type", "scan", "result", "passed", "detail", "", "envelope", " "));
        generates(
                "releaseStatus environment: 'prod', service: 'orders'",
                ReleaseStatusStep.class,
                Map.of("service", "orders", "environment", "prod"));
    }

    @Test
    public void everyStepAndFieldHasHelp() throws Exception {
        var fields = Map.of(
                PublishReleaseStep.class, List.of("manifest", "version", "from", "output", "service", "stack"),
                PromoteReleaseStep.class, List.of("release", "to", "reason", "ticket", "wait"),
                RollbackReleaseStep.class, List.of("service", "environment", "reason", "version", "wait"),
                ReleaseStatusStep.class, List.of("service", "environment"),
                RecordEvidenceStep.class, List.of("release", "type", "result", "detail", "envelope"));
        try (var client = r.createWebClient()) {
            for (var step : fields.entrySet()) {
                var descriptor = (StepDescriptor) r.jenkins.getDescriptorOrDie(step.getKey());
                help(client, descriptor.getId(), "");
                for (String field : step.getValue()) {
                    help(client, descriptor.getId(), "/" + field);
                }
            }
        }
    }

    private static void help(JenkinsRule.WebClient client, String descriptor, String field) throws Exception {
        String text = client.goTo("descriptor/" + descriptor + "/help" + field, null)
                .getWebResponse()
                .getContentAsString();
        assertTrue(text, text.contains("<div>"));
    }

    private static void generates(String expected, Class<? extends Step> step, Map<String, Object> form)
            throws Exception {
        var json = new JSONObject();
        json.put("stapler-class", step.getName());
        json.put("$class", step.getName());
        json.putAll(form);
        try (var client = r.createWebClient()) {
            var request = new WebRequest(new URL(r.getURL(), Snippetizer.GENERATE_URL), HttpMethod.POST);
            request.setRequestParameters(List.of(
                    new NameValuePair("json", json.toString()),
                    new NameValuePair(
                            r.jenkins.getCrumbIssuer().getDescriptor().getCrumbRequestField(),
                            r.jenkins.getCrumbIssuer().getCrumb())));
            assertEquals(
                    expected,
                    client.getPage(request)
                            .getWebResponse()
                            .getContentAsString(StandardCharsets.UTF_8)
                            .strip());
        }
    }
}
