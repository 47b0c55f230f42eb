package io.jenkins.plugins.serverlesspromotion.cli;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.cli.Laboratory.Answer;
import java.util.List;
import java.util.Map;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Owners on the command line: what another service owns is not published, and a person decides. */
public class OwnersCommandTest {
    @Rule
    public TemporaryFolder folder = new TemporaryFolder();

    private Laboratory lab;

    @Before
    public void twoServices() throws Exception {
        lab = new Laboratory(folder);
        lab.write("policy.yaml", policy("    owns: [ { stacks: [ \"orders-*\" ] } ]\n"));
        lab.policy();
    }

    private static String policy(String owns) {
        return Laboratory.POLICY.replace(
                        "    owners: { groups: [ team-orders ] }\n", "    owners: { groups: [ team-orders ] }\n" + owns)
                + "  - { name: billing, owners: { groups: [ team-billing ] }, places: \"orders-${environment}/eu-west-1\" }\n";
    }

    @Test
    public void aReleaseThatNamesTheStackOfAnotherServiceIsNotPublished() throws Exception {
        lab.write("release.yaml", Laboratory.MANIFEST.replace("service: orders", "service: billing"));
        Answer refused = lab.expect(Exit.NO, "publish", lab.path("release.yaml"), "--version", "1.0.0");
        String why = refused.out() + refused.err();
        assertTrue(why, why.contains("stack orders-dev in 222222222222/eu-west-1, which belongs to another service"));
        assertFalse("publishers do not see other services", why.contains("orders in dev"));
        String log = lab.expect(Exit.DONE, "audit", "log").out();
        assertTrue(log, log.contains("publish billing@1.0.0"));
    }

    /** A function is one function, in whatever form of its name it is decided about. */
    @Test
    public void aDecisionIsAboutTheResourceInEveryFormOfItsName() throws Exception {
        lab.write("policy.yaml", policy(""));
        lab.policy();
        lab.expect(
                Exit.DONE,
                "owners",
                "--decide",
                "function:arn:aws:lambda:eu-west-1:222222222222:function:smoke:live",
                "--at",
                "orders-dev/eu-west-1",
                "--service",
                "orders",
                "--in",
                "dev",
                "--reason",
                "theirs");
        Map<?, ?> document = lab.expect(Exit.DONE, "owners", "--json").json();
        Map<?, ?> decided = (Map<?, ?>) ((List<?>) document.get("decided")).get(0);
        assertEquals("smoke", ((Map<?, ?>) decided.get("resource")).get("id"));
        lab.expect(
                Exit.NO,
                "owners",
                "--decide",
                "bucket:site-abc-s3alias",
                "--at",
                "orders-dev",
                "--service",
                "orders",
                "--in",
                "dev",
                "--reason",
                "theirs");
    }
}
