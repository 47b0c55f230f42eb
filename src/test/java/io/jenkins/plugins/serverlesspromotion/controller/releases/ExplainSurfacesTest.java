package io.jenkins.plugins.serverlesspromotion.controller.releases;

import static org.awaitility.Awaitility.await;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.Shows;
import io.jenkins.plugins.serverlesspromotion.controller.PagePaths;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion.State;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Freeze;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Gate;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.htmlunit.Page;
import org.htmlunit.html.DomElement;
import org.htmlunit.html.DomNode;
import org.htmlunit.html.HtmlPage;
import org.junit.AfterClass;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Test;
import org.jvnet.hudson.test.JenkinsRule;

/** What policy makes of a release, told on pages, over REST and by commands; and asking for one in person. */
public class ExplainSurfacesTest {
    private static final int DONE = 0;
    private static final int WRONG = 3;
    private static final int DENIED = 6;

    @ClassRule
    public static JenkinsRule j = new JenkinsRule();

    private static final Desk DESK = new Desk();

    static {
        j.timeout = 900; // seconds for all of them together, also where everything is slow
    }

    private final Surfaces surfaces = new Surfaces(j);

    /** Prod is frozen for long, takes what was two hours in dev, and what succeeds in dev is requested by itself. */
    @BeforeClass
    public static void open() throws Exception {
        DESK.open(j);
        Policy plain = Desk.policy(null, null, new Gate.Soak("dev", Duration.ofHours(2)));
        Policy.Environment prod = plain.environments().get("prod");
        var environments = new LinkedHashMap<>(plain.environments());
        environments.put(
                "prod",
                new Policy.Environment(
                        "prod", "dev", prod.gates(), prod.rollback(), false, Policy.Arrival.AUTOMATIC, null));
        var freeze = new Freeze(
                "year-end",
                LocalDateTime.parse("2020-01-01T00:00"),
                LocalDateTime.parse("2099-01-02T00:00"),
                ZoneId.of("Europe/Berlin"),
                List.of("prod"),
                List.of("hotfix"));
        Desk.promotions()
                .apply(
                        new Policy(
                                plain.stores(),
                                plain.accounts(),
                                plain.roles(),
                                environments,
                                plain.services(),
                                Map.of("year-end", freeze),
                                null,
                                Map.of(),
                                List.of(),
                                null),
                        "user:ops");
    }

    @AfterClass
    public static void close() {
        DESK.close();
    }

    private static int status(Page page) {
        return page.getWebResponse().getStatusCode();
    }

    private static String explain(String service, String query) {
        return "promotion-releases/service/" + service + "/explain?" + query;
    }

    /** Where what succeeded in dev has asked for prod by itself. */
    private static String arrived(String service) throws Exception {
        DESK.toDev(service, "1.0.0");
        var prod = new LaneId(service, "prod");
        await().atMost(Desk.LIMIT).until(() -> !Desk.store().promotions(prod).isEmpty());
        return DESK.until(Desk.store().promotions(prod).get(0).id(), State.WAITING);
    }

    @Test
    public void thePageSaysWhatHoldsWhatIsMissingWhoCanGiveItAndWhen() throws Exception {
        String service = Desk.service(1);
        DESK.publish(service, "1.0.0");
        HtmlPage before = surfaces.look("alice", explain(service, "version=1.0.0&environment=prod"));
        String text = before.asNormalizedText();
        assertTrue(text, text.contains("waits for path, soak, freeze, plan, approval, if it were requested now"));
        assertTrue(text, text.contains("waiting for " + service + "@1.0.0 to succeed in dev first"));
        assertTrue(text, text.contains("frozen until Fri 2099-01-02 00:00 Europe/Berlin (year-end)"));
        assertTrue(text, text.contains("release-managers: 0 of 1; alice or dave can"));
        assertTrue(text, text.contains("You (alice) could approve it."));
        HtmlPage bob = surfaces.look("bob", explain(service, "version=1.0.0&environment=prod"));
        assertTrue(bob.asNormalizedText()
                .contains("You (bob) could not approve it: you asked for this, so you cannot approve it"));
        assertEquals("nothing was requested", List.of(), Desk.store().promotions(new LaneId(service, "prod")));
        String id = arrived(service);
        HtmlPage after = surfaces.look("alice", explain(service, "version=1.0.0&environment=prod"));
        assertTrue(after.asNormalizedText().contains("waits for soak, freeze, approval, as " + id));
        assertTrue(after.asNormalizedText().contains("left of 2 h in dev, until "));
        HtmlPage promotion = surfaces.look("alice", PagePaths.promotion(id));
        assertTrue(promotion
                .asNormalizedText()
                .contains("in dev; requested automatically after " + service + ".dev.1 succeeded"));
        assertNotNull(promotion.getAnchorByHref("/jenkins/" + explain(service, "environment=prod&version=1.0.0")));
    }

    @Test
    @Shows(table = Shows.HOLES, cell = "9 command")
    public void forSomebodyElseOnlyWhoAuditsOrConfiguresMayAsk() throws Exception {
        String service = Desk.service(2);
        DESK.publish(service, "1.0.0");
        String query = "version=1.0.0&environment=prod&user=bob";
        assertEquals(403, status(surfaces.look("alice", explain(service, query))));
        assertTrue(surfaces.look("alice", explain(service, ""))
                .getElementsByName("user")
                .isEmpty());
        HtmlPage audra = surfaces.look("audra", explain(service, query));
        assertEquals(200, status(audra));
        String verdict = audra.getElementById("sp-verdict").asNormalizedText();
        assertTrue(verdict, verdict.contains("bob could not approve it"));
        assertTrue(verdict, verdict.contains("you asked for this, so you cannot approve it"));
        String rest = "explain?release=" + service + "@1.0.0&environment=prod";
        assertEquals(403, surfaces.get("alice", rest + "&user=bob").status());
        assertEquals("bob", surfaces.get("audra", rest + "&user=bob").document().getString("user"));
        assertFalse(surfaces.get("audra", rest + "&user=dave").document().has("youCannotApprove"));
        assertEquals(
                DENIED,
                surfaces.cli("alice", "promotion-explain", service + "@1.0.0", "--to", "prod", "--user", "bob")
                        .returnCode());
        var told = surfaces.cli("audra", "promotion-explain", service + "@1.0.0", "--to", "prod", "--user", "dave");
        assertEquals(told.toString(), DONE, told.returnCode());
        assertTrue(told.stdout(), told.stdout().contains("dave could approve it"));
    }

    @Test
    public void restAndCommandAnswerTheSame() throws Exception {
        String service = Desk.service(3);
        DESK.publish(service, "1.0.0");
        var reply = surfaces.get("alice", "explain?release=" + service + "@1.0.0&environment=prod");
        assertEquals(200, reply.status());
        assertFalse(reply.document().getBoolean("open"));
        assertEquals("alice", reply.document().getString("user"));
        assertEquals(
                "path", reply.document().getJSONArray("gates").getJSONObject(0).getString("gate"));
        assertEquals(
                404,
                surfaces.get("alice", "explain?release=" + service + "@9&environment=prod")
                        .status());
        assertEquals(
                400,
                surfaces.get("alice", "explain?release=nonsense&environment=prod")
                        .status());
        assertEquals(
                404,
                surfaces.get("rita", "explain?release=" + service + "@1.0.0&environment=prod")
                        .status());
        assertEquals(
                403,
                surfaces.get("nina", "explain?release=" + service + "@1.0.0&environment=prod")
                        .status());
        var said = surfaces.cli("alice", "promotion-explain", service + "@1.0.0", "--to", "prod");
        assertEquals(DONE, said.returnCode());
        assertTrue(said.stdout(), said.stdout().contains("gate freeze pending: frozen until Fri 2099-01-02"));
        assertEquals(
                WRONG,
                surfaces.cli("rita", "promotion-explain", service + "@1.0.0", "--to", "prod")
                        .returnCode());
        assertEquals(404, status(surfaces.look("rita", explain(service, "version=1.0.0&environment=prod"))));
        assertEquals(404, status(surfaces.look("alice", explain(service, "version=9.9.9&environment=prod"))));
    }

    @Test
    public void aPersonAsksForAPromotionOnPageAndRest() throws Exception {
        String service = Desk.service(4);
        DESK.publish(service, "1.0.0");
        String path = "promotion-releases/service/" + service + "/";
        assertEquals(403, status(surfaces.press("alice", path + "promote", "environment", "dev", "version", "1.0.0")));
        assertNull(surfaces.look("alice", path).querySelector("[data-sp-dialog^='sp-promote']"));
        assertNotNull(surfaces.look("olga", path).querySelector("[data-sp-dialog^='sp-promote']"));
        Page asked =
                surfaces.press("olga", path + "promote", "environment", "prod", "version", "1.0.0", "ticket", "CHG7");
        assertEquals(200, status(asked));
        var prod = new LaneId(service, "prod");
        String id = Desk.store().promotions(prod).get(0).id();
        assertEquals("CHG7", Desk.promotion(id).requests().get(0).ticket());
        DESK.until(id, State.WAITING);
        assertEquals(
                403,
                surfaces.post("alice", "promote", "release", service + "@1.0.0", "environment", "prod")
                        .status());
        assertEquals(
                400,
                surfaces.post("olga", "promote", "release", service, "environment", "prod")
                        .status());
        assertEquals(
                405,
                surfaces.get("olga", "promote?release=" + service + "@1.0.0&environment=prod")
                        .status());
        var joined = surfaces.post(
                "olga", "promote", "release", service + "@1.0.0", "environment", "prod", "ticket", "CHG8");
        assertEquals("the same promotion", id, joined.document().getString("id"));
        var requests = Desk.promotion(id).requests();
        assertEquals("a person's second request replaces the first", 1, requests.size());
        assertEquals("CHG8", requests.get(0).ticket());
    }

    @Test
    public void theBoardTellsFreezeSoakAndWhatComesByItself() throws Exception {
        String service = Desk.service(5);
        String id = arrived(service);
        HtmlPage board = surfaces.look("vera", "promotion-releases/");
        String frozen = ((DomNode) board.querySelector(".sp-frozen")).asNormalizedText();
        assertTrue(
                frozen,
                frozen.contains(
                        "prod is frozen until Fri 2099-01-02 00:00 Europe/Berlin (year-end). Releases on the path"
                                + " hotfix may pass."));
        DomElement dev = board.querySelector("tr[data-sp-service='" + service + "'] td[data-sp-environment='dev']");
        String cell = dev.asNormalizedText();
        assertTrue(cell, cell.contains("soak 1 h 59 min before prod") || cell.contains("soak 2 h before prod"));
        String head = board.<DomElement>querySelector("#sp-board thead").asNormalizedText();
        assertTrue(head, head.contains("automatic"));
        String page = surfaces.look("vera", "promotion-releases/service/" + service + "/")
                .asNormalizedText();
        assertTrue(
                page,
                page.contains("a release that succeeds in the environment before is requested here automatically"));
        assertEquals(
                "who asked for it in dev asked for it here",
                List.of("bob"),
                List.copyOf(Desk.promotion(id).requesters()));
    }
}
