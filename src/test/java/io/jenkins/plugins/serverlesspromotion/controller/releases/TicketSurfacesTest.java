package io.jenkins.plugins.serverlesspromotion.controller.releases;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.controller.PagePaths;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion.State;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Gate;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import java.time.Duration;
import java.util.List;
import org.htmlunit.Page;
import org.junit.AfterClass;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Test;
import org.jvnet.hudson.test.JenkinsRule;

/** A ticket on each surface: refused when it is longer than a line, answered whatever the pattern of the policy is. */
public class TicketSurfacesTest {
    private static final int WRONG = 3;
    private static final String LONG = "C" + " ".repeat(4_000) + "G";
    private static final String LINES = "CHG1\nCHG2";

    /** No engine with backtracking answers this about a ticket that has the form but for its last character. */
    private static final Gate NESTED = new Gate.Ticket("((C|H|G| )+)+X");

    @ClassRule
    public static JenkinsRule j = new JenkinsRule();

    private static final Desk DESK = new Desk();

    static {
        j.timeout = 900; // seconds for all of them together, also where everything is slow
    }

    private final Surfaces surfaces = new Surfaces(j);

    @BeforeClass
    public static void open() throws Exception {
        DESK.open(j);
        Desk.promotions()
                .apply(
                        Desk.policy(
                                new Policy.BreakGlass(
                                        List.of(new Gate.Requirement("release-managers", 1)),
                                        Duration.ofHours(1),
                                        "((I|N|C| )+)+X",
                                        "on-call"),
                                null,
                                NESTED),
                        "user:ops");
    }

    @AfterClass
    public static void close() {
        DESK.close();
    }

    private static String says(String ticket) {
        return ticket.equals(LONG)
                ? "the ticket has 4002 characters; a ticket is one line"
                : "the ticket has a line break";
    }

    private static void refused(Page page, String ticket) {
        assertEquals(400, page.getWebResponse().getStatusCode());
        String text = page.getWebResponse().getContentAsString();
        assertTrue(text, text.contains(says(ticket)));
    }

    private static void refused(Surfaces.Reply reply, String ticket) {
        assertEquals(400, reply.status());
        assertTrue(reply.error(), reply.error().startsWith(says(ticket)));
    }

    @Test
    public void aTicketThatIsLongerThanALineIsRefusedOnEverySurface() throws Exception {
        String service = Desk.service(1);
        String id = DESK.waiting(service, "1.0.0");
        int requests = Desk.promotion(id).requests().size();
        String release = service + "@1.0.0";
        String path = "promotion-releases/service/" + service + "/";
        for (String ticket : List.of(LONG, LINES)) {
            refused(
                    surfaces.post("olga", "promote", "release", release, "environment", "prod", "ticket", ticket),
                    ticket);
            refused(
                    surfaces.post(
                            "olga",
                            "rollback",
                            "service",
                            service,
                            "environment",
                            "prod",
                            "reason",
                            "x",
                            "ticket",
                            ticket),
                    ticket);
            refused(
                    surfaces.post(
                            "alice",
                            "promotion/" + id + "/override",
                            "planDigest",
                            Desk.planDigest(id),
                            "reason",
                            "x",
                            "ticket",
                            ticket),
                    ticket);
            refused(
                    surfaces.press(
                            "olga", path + "promote", "environment", "prod", "version", "1.0.0", "ticket", ticket),
                    ticket);
            refused(
                    surfaces.press(
                            "alice",
                            PagePaths.promotion(id) + "override",
                            "planDigest",
                            Desk.planDigest(id),
                            "reason",
                            "x",
                            "ticket",
                            ticket),
                    ticket);
            for (var said : List.of(
                    surfaces.cli("olga", "promotion-promote", release, "--to", "prod", "--ticket", ticket),
                    surfaces.cli("olga", "promotion-explain", release, "--to", "prod", "--ticket", ticket),
                    surfaces.cli(
                            "olga", "promotion-rollback", service, "--in", "prod", "--reason", "x", "--ticket", ticket),
                    surfaces.cli(
                            "alice",
                            "promotion-override",
                            id,
                            "--plan",
                            Desk.planDigest(id),
                            "--reason",
                            "x",
                            "--ticket",
                            ticket))) {
                assertEquals(WRONG, said.returnCode());
                assertTrue(said.stderr(), said.stderr().contains(says(ticket)));
            }
        }
        assertEquals(
                "nothing was recorded", requests, Desk.promotion(id).requests().size());
    }

    @Test
    public void nestedRepetitionInThePolicyHangsNoPageNoRequestAndNoAbort() throws Exception {
        String service = Desk.service(2);
        String id = DESK.waiting(service, "1.0.0");
        String ticket = "CHG" + " ".repeat(190) + "Y";
        var asked = surfaces.post(
                "olga", "promote", "release", service + "@1.0.0", "environment", "prod", "ticket", ticket);
        assertEquals(id, asked.document().getString("id"));
        String page = surfaces.look("vera", PagePaths.promotion(id)).asNormalizedText();
        assertTrue(page, page.contains("is no ticket of the form ((C|H|G| )+)+X"));
        var overridden = surfaces.post(
                "alice",
                "promotion/" + id + "/override",
                "planDigest",
                Desk.planDigest(id),
                "reason",
                "down",
                "ticket",
                "INC" + " ".repeat(190) + "Y");
        assertEquals(409, overridden.status());
        assertEquals(
                200,
                surfaces.post("olga", "promotion/" + id + "/abort", "reason", "enough")
                        .status());
        assertEquals(State.ABORTED, Desk.promotion(id).state());
    }
}
