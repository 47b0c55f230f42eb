package io.jenkins.plugins.serverlesspromotion.controller.steps;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import hudson.model.Label;
import hudson.model.Result;
import hudson.model.User;
import hudson.security.ACL;
import hudson.security.ACLContext;
import io.jenkins.plugins.serverlesspromotion.controller.drift.DriftService;
import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.DecisionException;
import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.RecoveryDecisions;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion.State;
import io.jenkins.plugins.serverlesspromotion.engine.port.Inspector.DriftResult;
import io.jenkins.plugins.serverlesspromotion.engine.port.Recoverer;
import io.jenkins.plugins.serverlesspromotion.sandbox.Sandbox;
import io.jenkins.plugins.serverlesspromotion.sandbox.SandboxConfig;
import java.util.List;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.jvnet.hudson.test.JenkinsRule;

/** Accounts as they are: a stack that gets stuck is treated, and what was promoted then is found as it was promoted. */
public class DoctorJourneyTest {
    @Rule
    public JenkinsRule r = new JenkinsRule();

    private Sandbox sandbox;

    @Before
    public void open() throws Exception {
        r.timeout = 900;
        sandbox = Sandbox.start(SandboxConfig.threeAccounts().timeScale(0.01));
        Landscape.people(r);
        Landscape.configure(r, sandbox.endpoint(), Landscape::leanPolicy);
        r.createOnlineSlave(Label.get("build"));
    }

    @After
    public void close() {
        sandbox.close();
    }

    @Test
    public void aStackThatWasNeverCreatedIsDeletedOnAnOrderAndThenPromoted() throws Exception {
        sandbox.control().failResource("orders-prod", "Smoke", "Runtime is not supported", "forward");
        var first = Landscape.start(Landscape.job(r, Landscape.MAIN, Landscape.journey("1.0.0", 200)), "bob");
        Landscape.reached("orders.prod.1", State.WAITING);
        Landscape.approveInProd("orders.prod.1");
        Landscape.finished(r, first, Result.FAILURE);

        List<Recoverer.Diagnosis> found = Asked.alice(() -> RecoveryDecisions.examine("orders", "prod"));
        assertEquals(1, found.size());
        assertEquals("ROLLBACK_COMPLETE", found.get(0).state());
        assertTrue(found.get(0).why(), found.get(0).why().contains("Smoke: Runtime is not supported"));
        var recoveryForm =
                new RecoveryDecisions.RecoveryForm("orders-prod", "delete", List.of(), "orders-prod", "never created");
        Recoverer.RecoveryResult recoveryResult =
                Asked.alice(() -> RecoveryDecisions.recover("orders", "prod", recoveryForm));
        assertTrue(recoveryResult.detail(), recoveryResult.good());
        assertEquals("DELETE_COMPLETE", recoveryResult.state());

        var second = Landscape.start(Landscape.job(r, Landscape.MAIN, Landscape.journey("1.0.1", 200)), "bob");
        Landscape.reached("orders.prod.2", State.WAITING);
        Landscape.approveInProd("orders.prod.2");
        Landscape.finished(r, second, Result.SUCCESS);
        var promotion = Landscape.store().promotion("orders.prod.2").orElseThrow();
        assertEquals(1, promotion.deployment().checks().size());
        assertEquals(
                "lambda orders-smoke-prod",
                promotion.deployment().checks().get(0).result().check());

        var reading = DriftService.get()
                .look(new LaneId("orders", "prod"), "schedule")
                .get();
        assertEquals(reading.targets().toString(), DriftResult.SAME, reading.driftResult());
    }

    private interface Asked<T> {
        T asked() throws DecisionException;

        static <T> T alice(Asked<T> question) throws DecisionException {
            try (ACLContext as = ACL.as2(User.getById("alice", true).impersonate2())) {
                return question.asked();
            }
        }
    }
}
