package io.jenkins.plugins.serverlesspromotion.aws;

import static io.jenkins.plugins.serverlesspromotion.aws.OwnershipTest.TWO_SERVICES;
import static io.jenkins.plugins.serverlesspromotion.aws.OwnershipTest.VICTIM;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;

import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion.State;
import java.util.Map;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** A person who may see nothing of a service does not learn that it exists: publishing says "another service". */
public class OwnersToldTest {
    @Rule
    public final SandboxLab sandbox = new SandboxLab();

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private OwnershipLab lab;

    @Before
    public void open() throws Exception {
        lab = new OwnershipLab(sandbox, folder.getRoot().toPath(), TWO_SERVICES);
    }

    @After
    public void close() throws Exception {
        lab.close();
    }

    @Test
    public void aPlanDoesNotNameTheServiceThatOwnsAResource() throws Exception {
        Promotion victim = lab.promote(
                lab.publish("1.0.0", """
                        service: victim
                        targets:
                          - { name: a, cloudformation: { template: t.yaml, stack: victim-dev, capabilities: [ CAPABILITY_IAM ] } }
                        """, Map.of("t.yaml", VICTIM, "code.zip", OrdersSamples.answering(200, "victim"))),
                "dev");
        assertEquals(State.SUCCEEDED, victim.state());
        Promotion evil = lab.promote(
                lab.publish(
                        "1.0.0",
                        "service: evil\ntargets: [ { name: f, lambda: { function: orders-smoke-victim, package: e.zip,"
                                + " alias: mine } } ]\n",
                        Map.of("e.zip", OrdersSamples.answering(200, "evil"))),
                "dev");
        String why = evil.plan().problems().get(0).cause();
        assertFalse(why, why.contains("belongs to victim in dev"));
    }
}
