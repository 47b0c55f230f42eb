package io.jenkins.plugins.serverlesspromotion.controller.steps;

import static io.jenkins.plugins.serverlesspromotion.controller.steps.Landscape.finished;
import static io.jenkins.plugins.serverlesspromotion.controller.steps.Landscape.job;
import static io.jenkins.plugins.serverlesspromotion.controller.steps.Landscape.lean;
import static io.jenkins.plugins.serverlesspromotion.controller.steps.Landscape.start;
import static io.jenkins.plugins.serverlesspromotion.controller.steps.Landscape.store;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import hudson.model.Result;
import io.jenkins.plugins.serverlesspromotion.Shows;
import io.jenkins.plugins.serverlesspromotion.controller.Logins;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion.State;
import io.jenkins.plugins.serverlesspromotion.sandbox.Sandbox;
import io.jenkins.plugins.serverlesspromotion.sandbox.SandboxConfig;
import java.net.URL;
import java.util.List;
import net.sf.json.JSONObject;
import org.htmlunit.HttpMethod;
import org.htmlunit.WebRequest;
import org.htmlunit.util.NameValuePair;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.AfterClass;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Test;
import org.jvnet.hudson.test.JenkinsRule;

/** A team tries to reach, in the same account, what belongs to another team's service. */
public class OwnershipSurfacesTest {
    @ClassRule
    public static final JenkinsRule r = new JenkinsRule();

    private static Sandbox sandbox;

    @BeforeClass
    public static void open() throws Exception {
        sandbox = Sandbox.start(SandboxConfig.threeAccounts().timeScale(0.001));
        Landscape.people(r);
        Landscape.configure(r, sandbox.endpoint(), policy -> Landscape.leanPolicy(policy) + """
                          - name: billing
                            owners: { groups: [team-billing] }
                            jobs: [{ job: team-billing/main, may: [publish, "request:dev"] }]
                            placements: [{ environment: dev, places: [orders-dev/eu-west-1] }]
                        """);
        String live = "node {\n" + lean("1.0.0", 200)
                + "publishRelease manifest: 'release.yaml', version: '1.0.0'\n}\n"
                + "promoteRelease release: 'orders@1.0.0', to: 'dev'";
        finished(r, start(job(r, Landscape.MAIN, live), "bob"), Result.SUCCESS);
    }

    @AfterClass
    public static void close() {
        sandbox.close();
    }

    private static String publish(String version, String stack, String verify) {
        return "node {\n"
                + lean(version, 200)
                        .replace("service: orders", "service: billing")
                        .replace("stack: \"orders-${environment}\"", "stack: \"" + stack + "\"")
                        .replace(
                                "FunctionName: !Sub orders-smoke-${Environment}",
                                "FunctionName: billing-fn-" + version.replace('.', '-'))
                        .replace("function: \"orders-smoke-${environment}\"", "function: \"" + verify + "\"")
                + "publishRelease manifest: 'release.yaml', version: '" + version + "'\n}\n";
    }

    @Test
    @Shows(table = Shows.HOLES, cell = "21 step")
    public void noStepPublishesWhatNamesAnothersStack() throws Exception {
        WorkflowRun run = finished(
                r, start(job(r, "team-billing/main", publish("1.0.0", "orders-dev", "x")), "mallory"), Result.FAILURE);
        r.assertLogContains("publish billing@1.0.0 refused: ", run);
        r.assertLogContains("stack orders-dev in 222222222222/eu-west-1, which belongs to another service", run);
        assertTrue(store().release("billing", "1.0.0").isEmpty());
        String who = "job:team-billing/main#" + run.getNumber() + "|publish billing@1.0.0|";
        assertTrue(Landscape.refusals().stream().anyMatch(e -> e.startsWith(who)));
    }

    /** Which stack a function is part of is known only when it is planned. */
    @Test
    @Shows(
            table = Shows.HOLES,
            cell = {"21 page", "21 rest"})
    public void aPromotionToAnothersFunctionStaysUndeployed() throws Exception {
        finished(
                r,
                start(job(r, "team-billing/main", publish("2.0.0", "billing-dev", "orders-smoke-dev")), "mallory"),
                Result.SUCCESS);
        int invoked = sandbox.control().log("lambda", "Invoke").size();
        JenkinsRule.WebClient mallory = r.createWebClient().withBasicApiToken("mallory");
        var request = new WebRequest(new URL(r.getURL(), "promotion-releases/api/promote"), HttpMethod.POST);
        request.setRequestParameters(
                List.of(new NameValuePair("release", "billing@2.0.0"), new NameValuePair("environment", "dev")));
        String id = JSONObject.fromObject(
                        mallory.getPage(request).getWebResponse().getContentAsString())
                .getString("id");
        Promotion waiting = Landscape.promotions()
                .await(id, p -> p.state().isOver() || p.state() == State.WAITING, Landscape.PATIENCE);
        assertEquals(waiting.why(), State.WAITING, waiting.state());
        String why = waiting.plan().problems().get(0).cause();
        assertTrue(why, why.contains("is part of stack orders-dev"));
        var page = Logins.login(r.createWebClient().withJavaScriptEnabled(false), "mallory")
                .goTo("promotion-releases/promotion/" + id + "/");
        assertTrue(page.asNormalizedText().contains("is part of stack orders-dev"));
        assertFalse(sandbox.control().history("cloudformation:change-set", "billing-dev/*").stream()
                .anyMatch(change -> change.path("what").asText().equals("execute")));
        assertEquals(invoked, sandbox.control().log("lambda", "Invoke").size());
    }
}
