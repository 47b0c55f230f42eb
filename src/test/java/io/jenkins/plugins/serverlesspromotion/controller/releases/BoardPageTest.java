package io.jenkins.plugins.serverlesspromotion.controller.releases;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.controller.Logins;
import io.jenkins.plugins.serverlesspromotion.controller.PagePaths;
import io.jenkins.plugins.serverlesspromotion.engine.lane.GateContext.Pause;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion.State;
import java.net.URL;
import java.util.List;
import org.htmlunit.HttpMethod;
import org.htmlunit.Page;
import org.htmlunit.WebRequest;
import org.htmlunit.html.DomNode;
import org.htmlunit.html.HtmlElement;
import org.htmlunit.html.HtmlPage;
import org.htmlunit.util.NameValuePair;
import org.junit.AfterClass;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Test;
import org.jvnet.hudson.test.JenkinsRule;

public class BoardPageTest {
    private static final String BOARD = "promotion-releases/";

    @ClassRule
    public static JenkinsRule j = new JenkinsRule();

    private static final Desk DESK = new Desk();

    static {
        j.timeout = 900; // seconds for all of them together, also where everything is slow
    }

    @BeforeClass
    public static void open() throws Exception {
        DESK.open(j);
    }

    @AfterClass
    public static void close() {
        DESK.close();
    }

    private static JenkinsRule.WebClient as(String user) throws Exception {
        JenkinsRule.WebClient client = j.createWebClient().withThrowExceptionOnFailingStatusCode(false);
        return user == null ? client : Logins.login(client, user);
    }

    private static HtmlPage look(String user) throws Exception {
        return look(user, BOARD);
    }

    private static HtmlPage look(String user, String path) throws Exception {
        HtmlPage page = as(user).goTo(path);
        assertEquals(200, page.getWebResponse().getStatusCode());
        return page;
    }

    private static String cell(HtmlPage page, String service, String environment) {
        DomNode cell = page.querySelector(
                "tr[data-sp-service='" + service + "'] td[data-sp-environment='" + environment + "']");
        return cell == null ? null : cell.asNormalizedText();
    }

    private static Page post(String user, String path, String... fields) throws Exception {
        JenkinsRule.WebClient client = as(user);
        var request = new WebRequest(new URL(j.getURL(), path), HttpMethod.POST);
        var parameters = new java.util.ArrayList<NameValuePair>();
        for (int i = 0; i < fields.length; i += 2) {
            parameters.add(new NameValuePair(fields[i], fields[i + 1]));
        }
        request.setRequestParameters(parameters);
        return client.getPage(client.addCrumb(request));
    }

    @Test
    public void showsWhatIsLiveWhereAndWhatNeedsYou() throws Exception {
        String service = Desk.service(1);
        String id = DESK.waiting(service, "1.4.2");
        HtmlPage alice = look("alice");
        String needs = alice.getElementById("sp-needs").getParentNode().asNormalizedText();
        assertTrue(needs, needs.contains(service + " 1.4.2 → prod"));
        assertTrue(needs, needs.contains("waiting for 1 of 1 release-managers and 1 of 1 serviceOwner"));
        assertTrue(needs, needs.contains("requested by bob, "));
        assertTrue(cell(alice, service, "dev").startsWith("1.4.2"));
        assertTrue(cell(alice, service, "dev").contains("live"));
        assertTrue(cell(alice, service, "prod").contains("nothing yet"));
        assertTrue(cell(alice, service, "prod").contains("waiting"));
        HtmlPage bob = look("bob");
        DomNode his = bob.getElementById("sp-needs");
        assertTrue(
                "he asked for it himself",
                his == null || !his.getParentNode().asNormalizedText().contains(service));
        HtmlPage promotion =
                alice.getAnchorByHref("/jenkins/" + PagePaths.promotion(id)).click();
        assertEquals(
                service + " 1.4.2 → prod",
                promotion.querySelector("h1").getTextContent().strip());
    }

    @Test
    public void theSearchHidesOtherServices() throws Exception {
        HtmlPage page = look("vera");
        page.<HtmlElement>getHtmlElementById("sp-search").type(Desk.service(17));
        assertTrue(page.querySelector("tr[data-sp-service='" + Desk.service(17) + "']")
                .isDisplayed());
        assertFalse(page.querySelector("tr[data-sp-service='" + Desk.service(18) + "']")
                .isDisplayed());
        page.<HtmlElement>getHtmlElementById("sp-search").type("-no-such");
        assertTrue(page.getElementById("sp-none").isDisplayed());
    }

    @Test
    public void eachUserSeesWhatTheyMay() throws Exception {
        HtmlPage rita = look("rita");
        assertNotNull("she may read its publishing job", cell(rita, Desk.service(0), "dev"));
        assertNull(cell(rita, Desk.service(2), "dev"));
        assertNotNull(cell(look("vera"), Desk.service(2), "dev"));
        assertNotNull(cell(look("adam"), Desk.service(2), "dev"));
        assertEquals(
                403,
                as("nina").getPage(new URL(j.getURL(), BOARD)).getWebResponse().getStatusCode());
        assertEquals(
                "/jenkins/login",
                as(null).getPage(new URL(j.getURL(), BOARD)).getUrl().getPath());
        assertFalse("no link in the menu either", isInMenu("nina"));
        assertTrue(isInMenu("rita"));
    }

    private static boolean isInMenu(String user) throws Exception {
        return as(user).goTo("").getWebResponse().getContentAsString().contains("/jenkins/promotion-releases");
    }

    @Test
    public void pausingAndResumingIsForThoseWhoPromote() throws Exception {
        String scope = Pause.service(Desk.service(3));
        assertNotNull(look("olga").getElementById("sp-pause"));
        assertNull(look("alice").getElementById("sp-pause"));
        assertEquals(403, status(post("alice", BOARD + "pause", "scope", scope, "reason", "incident")));
        assertEquals(
                405,
                status(as("olga")
                        .getPage(new URL(j.getURL(), BOARD + "pause?reason=x&scope=" + scope.replace(" ", "%20")))));
        assertEquals(List.of(), Desk.store().pauses());
        assertEquals(400, status(post("olga", BOARD + "pause", "scope", "service nope", "reason", "x")));
        assertEquals(400, status(post("olga", BOARD + "pause", "scope", scope, "reason", " ")));
        assertEquals(200, status(post("olga", BOARD + "pause", "scope", scope, "reason", "incident 7")));
        assertTrue(look("vera").asNormalizedText().contains("incident 7"));
        assertFalse("nothing of theirs", look("rita").asNormalizedText().contains("incident 7"));
        HtmlPage again = (HtmlPage) post("olga", BOARD + "pause", "scope", scope, "reason", "again");
        assertEquals(409, status(again));
        assertTrue(again.getElementById("sp-refusal").getTextContent().contains(scope + " is paused already"));
        assertEquals(403, status(post("alice", BOARD + "resume", "scope", scope, "reason", "over")));
        assertEquals(200, status(post("olga", BOARD + "resume", "scope", scope, "reason", "over")));
        assertEquals(List.of(), Desk.store().pauses());
    }

    private static int status(Page page) {
        return page.getWebResponse().getStatusCode();
    }

    @Test
    public void aServiceIsRolledBackAndTheHoldReleasedOnItsPage() throws Exception {
        String service = Desk.service(4);
        DESK.toProd(service, "1.0.0");
        DESK.toProd(service, "1.1.0");
        String path = "promotion-releases/service/" + service + "/";
        HtmlPage page = look("olga", path);
        assertTrue(page.asNormalizedText().contains("1.1.0"));
        assertNull("no such button without Promote", look("alice", path).querySelector("[data-sp-dialog]"));
        assertEquals(
                403,
                status(post("alice", path + "rollback", "environment", "prod", "version", "1.0.0", "reason", "x")));
        HtmlPage asked = (HtmlPage)
                post("olga", path + "rollback", "environment", "prod", "version", "1.0.0", "reason", "checkout fails");
        assertEquals(200, status(asked));
        assertEquals(
                service + " back to 1.0.0 → prod",
                asked.querySelector("h1").getTextContent().strip());
        var prod = new LaneId(service, "prod");
        String id = Desk.store().promotions(prod).get(0).id();
        DESK.until(id, State.WAITING);
        DESK.approve(id, "erin");
        DESK.until(id, State.SUCCEEDED);
        assertTrue(look("vera", path).asNormalizedText().contains("On hold since a rollback by olga: checkout fails"));
        assertEquals(403, status(post("alice", path + "release-hold", "environment", "prod", "reason", "fixed")));
        assertEquals(200, status(post("olga", path + "release-hold", "environment", "prod", "reason", "fixed")));
        assertNull(Desk.store().lane(prod).hold());
        assertEquals(404, status(as("rita").getPage(new URL(j.getURL(), path))));
        assertEquals(404, status(as("vera").getPage(new URL(j.getURL(), "promotion-releases/service/..%2Fnope/"))));
    }
}
