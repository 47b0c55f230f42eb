package io.jenkins.plugins.serverlesspromotion.controller.releases;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.Shows;
import io.jenkins.plugins.serverlesspromotion.controller.Logins;
import io.jenkins.plugins.serverlesspromotion.controller.PagePaths;
import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry;
import io.jenkins.plugins.serverlesspromotion.engine.lane.GateContext.Pause;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion.State;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Person;
import io.jenkins.plugins.serverlesspromotion.engine.release.Provenance;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.util.List;
import java.util.Set;
import net.sf.json.JSONObject;
import org.htmlunit.HttpMethod;
import org.htmlunit.Page;
import org.htmlunit.WebRequest;
import org.htmlunit.html.DomElement;
import org.htmlunit.html.HtmlButton;
import org.htmlunit.html.HtmlPage;
import org.htmlunit.html.HtmlTextArea;
import org.junit.AfterClass;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Test;
import org.jvnet.hudson.test.JenkinsRule;

public class PromotionPageTest {
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

    private static HtmlPage look(String user, String id) throws Exception {
        return as(user).goTo(PagePaths.promotion(id));
    }

    private static HtmlButton button(HtmlPage page, String name) {
        return page.getHtmlElementById("sp-" + name);
    }

    private static String note(HtmlPage page, String name) {
        return page.getElementById("sp-" + name + "-note").getTextContent().strip();
    }

    @Test
    public void twoApproversBringItInByTheirButtons() throws Exception {
        String id = DESK.waiting(Desk.service(1), "1.0.0");
        HtmlPage page = look("alice", id);
        assertEquals("your approval counts for release-managers", note(page, "approve"));
        page.<HtmlTextArea>getHtmlElementById("sp-comment").setText("looks good");
        HtmlPage after = button(page, "approve").click();
        assertEquals(200, after.getWebResponse().getStatusCode());
        assertEquals("looks good", Desk.promotion(id).standing().get(0).comment());
        assertEquals("you have approved it", note(after, "approve"));
        assertEquals(State.WAITING, Desk.promotion(id).state());
        button(look("carol", id), "approve").click();
        DESK.until(id, State.SUCCEEDED);
        assertEquals(
                List.of("alice", "carol"),
                Desk.promotion(id).standing().stream()
                        .map(a -> a.person().id())
                        .sorted()
                        .toList());
        HtmlPage over = look("alice", id);
        assertNull("nothing is left to decide", over.getElementById("sp-decision"));
    }

    @Test
    public void rejectingNeedsAWordAndEndsIt() throws Exception {
        String id = DESK.waiting(Desk.service(2), "1.0.0");
        HtmlPage page = look("dave", id);
        HtmlPage refused = button(page, "reject").click();
        assertEquals(400, refused.getWebResponse().getStatusCode());
        assertEquals("state the reason: reason is missing", refusal(refused));
        refused.<HtmlTextArea>getHtmlElementById("sp-comment").setText("load test is red");
        button(refused, "reject").click();
        assertEquals(State.REJECTED, Desk.promotion(id).state());
        assertEquals("rejected by dave: load test is red", Desk.promotion(id).why());
    }

    private static String refusal(HtmlPage page) {
        DomElement refusal = page.getElementById("sp-refusal");
        return refusal == null ? null : refusal.getTextContent().strip();
    }

    @Test
    public void abortingIsForThoseWhoPromote() throws Exception {
        String id = DESK.waiting(Desk.service(3), "1.0.0");
        HtmlPage without = look("alice", id);
        assertTrue(button(without, "abort").isDisabled());
        assertEquals("you lack the permission Serverless Promotion/Promote", note(without, "abort"));
        HtmlPage page = look("olga", id);
        assertFalse(button(page, "abort").isDisabled());
        assertEquals("The promotion ends here. Nothing has been changed in any account.", note(page, "abort"));
        assertEquals(
                200,
                post(as("olga"), PagePaths.promotion(id) + "abort")
                        .getWebResponse()
                        .getStatusCode());
        assertEquals(State.ABORTED, Desk.promotion(id).state());
    }

    private static Page post(JenkinsRule.WebClient client, String path) throws Exception {
        return client.getPage(client.addCrumb(new WebRequest(new URL(j.getURL(), path), HttpMethod.POST)));
    }

    @Test
    public void aDisabledButtonSaysWhy() throws Exception {
        String id = DESK.waiting(Desk.service(4), "1.0.0");
        assertWhyNot(look("bob", id), "you asked for this, so you cannot approve it");
        assertWhyNot(look("olga", id), "you are in none of the roles that decide here: release-managers, serviceOwner");
        assertWhyNot(look("vera", id), "you lack the permission Serverless Promotion/Approve");
        assertFalse(button(look("alice", id), "approve").isDisabled());
        DESK.toDev(Desk.service(5), "1.0.0");
        DESK.accounts.problem = "access denied assuming promotion-plan";
        try {
            String incomplete = DESK.ask(Desk.service(5), "1.0.0");
            assertWhyNot(
                    look("alice", incomplete),
                    "cannot be approved yet: the plan for prod/eu-west-1/api failed: access denied assuming"
                            + " promotion-plan");
        } finally {
            DESK.accounts.problem = null;
        }
    }

    private static void assertWhyNot(HtmlPage page, String why) {
        assertTrue(button(page, "approve").isDisabled());
        assertEquals(why, note(page, "approve"));
    }

    @Test
    public void anIncompletePlanIsMadeAgainByAButton() throws Exception {
        DESK.toDev(Desk.service(6), "1.0.0");
        DESK.accounts.problem = "throttled for 15 minutes";
        String id = DESK.ask(Desk.service(6), "1.0.0");
        DESK.accounts.problem = null;
        assertNull("only for those who promote", look("alice", id).getElementById("sp-replan"));
        button(look("olga", id), "replan").click();
        DESK.until(id, p -> p.state() == State.WAITING && p.plan().problems().isEmpty());
        assertNull(look("olga", id).getElementById("sp-replan"));
    }

    @Test
    @Shows(table = Shows.HOLES, cell = "8 page")
    public void aPlanThatChangedMeanwhileIsNotApprovedByAnOldPage() throws Exception {
        String id = DESK.waiting(Desk.service(7), "1.0.0");
        HtmlPage old = look("alice", id);
        DESK.accounts.findings = List.of(new Plan.Finding("iamBroadening", "Role", "IAM gets broader"));
        try {
            Desk.promotions().replan(id, new Person("olga", Set.of(), "login"));
            DESK.until(id, p -> p.state() == State.WAITING && p.planning().number() == 2);
        } finally {
            DESK.accounts.findings = List.of();
        }
        old.<HtmlTextArea>getHtmlElementById("sp-comment").setText("still fine?");
        HtmlPage page = button(old, "approve").click();
        assertEquals(409, page.getWebResponse().getStatusCode());
        assertEquals("the plan changed since you reviewed it; review it again", refusal(page));
        assertEquals(
                "what was typed is not lost",
                "still fine?",
                page.<HtmlTextArea>getHtmlElementById("sp-comment").getText());
        assertTrue("the new plan is on the page", page.asNormalizedText().contains("IAM gets broader"));
        assertEquals(List.of(), Desk.promotion(id).approvals());
    }

    @Test
    public void twoApproversAtOnceBothCountOnce() throws Exception {
        String id = DESK.waiting(Desk.service(8), "1.0.0");
        HtmlPage alice = look("alice", id);
        HtmlPage carol = look("carol", id);
        var clicks = List.of(alice, carol).parallelStream()
                .map(page -> {
                    try {
                        return button(page, "approve")
                                .<HtmlPage>click()
                                .getWebResponse()
                                .getStatusCode();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                })
                .toList();
        assertEquals(List.of(200, 200), clicks);
        DESK.until(id, State.SUCCEEDED);
        assertEquals(2, Desk.promotion(id).approvals().size());
        assertEquals(
                1,
                DESK.accounts.memory.effects().stream()
                        .filter(e -> e.startsWith("deploy prod/"))
                        .filter(e -> Desk.promotion(id).deployment().attempt() == 1)
                        .filter(e -> e.endsWith(" 1.0.0"))
                        .distinct()
                        .count());
    }

    @Test
    public void whatChangesSomethingRefusesGetAndNeedsACrumb() throws Exception {
        String id = DESK.waiting(Desk.service(9), "1.0.0");
        for (String action : List.of("approve", "reject", "abort", "replan")) {
            JenkinsRule.WebClient olga = as("olga");
            String path = PagePaths.promotion(id) + action;
            String query = "?comment=x&planDigest=" + Desk.planDigest(id);
            assertEquals(
                    action,
                    405,
                    olga.getPage(new URL(j.getURL(), path + query))
                            .getWebResponse()
                            .getStatusCode());
            var bare = new WebRequest(new URL(j.getURL(), path + query), HttpMethod.POST);
            assertEquals(action, 403, olga.getPage(bare).getWebResponse().getStatusCode());
        }
        assertEquals(State.WAITING, Desk.promotion(id).state());
        assertEquals(1, Desk.promotion(id).planning().number());
    }

    @Test
    public void withoutPermissionNothingIsDoneAndTheTryIsRecorded() throws Exception {
        String id = DESK.waiting(Desk.service(10), "1.0.0");
        for (String action : List.of("approve", "reject", "abort", "replan")) {
            String query = "?comment=x&planDigest=" + Desk.planDigest(id);
            Page page = post(as("vera"), PagePaths.promotion(id) + action + query);
            assertEquals(action, 403, page.getWebResponse().getStatusCode());
        }
        assertEquals(State.WAITING, Desk.promotion(id).state());
        assertEquals(
                List.of("approve " + id, "reject " + id, "abort " + id, "plan " + id + " again"),
                Desk.store()
                        .records(r -> r.entry() instanceof Entry.Refused
                                && r.entry().toString().contains(id))
                        .stream()
                        .map(r -> ((Entry.Refused) r.entry()).what())
                        .toList());
    }

    @Test
    public void whoMayNotSeeItGetsNoWordOfIt() throws Exception {
        DESK.toDev(Desk.service(0), "7.7.7");
        String visible = Desk.store()
                .promotions(new LaneId(Desk.service(0), "dev"))
                .get(0)
                .id();
        String id = DESK.waiting(Desk.service(11), "1.0.0");
        assertEquals("a reader of the publishing job", 200, status("rita", PagePaths.promotion(visible)));
        assertEquals("of another service", 404, status("rita", PagePaths.promotion(id)));
        assertEquals("of none that exists", 404, status("rita", PagePaths.promotion("svc-11.prod.99999")));
        assertEquals("nothing at all", 403, status("nina", PagePaths.promotion(id)));
        assertEquals(
                "not logged in: asked to",
                "/jenkins/login",
                as(null).getPage(new URL(j.getURL(), PagePaths.promotion(id)))
                        .getUrl()
                        .getPath());
        assertEquals(404, status("alice", "promotion-releases/promotion/..%2F..%2Fconfig/"));
        for (String action : List.of("approve", "reject", "abort", "replan")) {
            assertEquals(
                    action,
                    404,
                    post(as("rita"), PagePaths.promotion(id) + action)
                            .getWebResponse()
                            .getStatusCode());
        }
    }

    private static int status(String user, String path) throws Exception {
        return as(user).getPage(new URL(j.getURL(), path)).getWebResponse().getStatusCode();
    }

    @Test
    @Shows(table = Shows.HOLES, cell = "6 page")
    public void textsFromOutsideStayTexts() throws Exception {
        String evil = "<script>window.pwned=1</script><img src=x onerror=alert(1)>'\"${7*7}";
        DESK.accounts.findings = List.of(new Plan.Finding("k", evil, "finding " + evil));
        DESK.accounts.changes = List.of(new Plan.Change(
                "change " + evil,
                evil,
                Plan.Action.MODIFY,
                Plan.Replacement.YES,
                List.of(new Plan.PropertyChange("path " + evil, evil, "after " + evil, Plan.Replacement.NO))));
        String service = Desk.service(12);
        String id;
        try {
            DESK.toDev(service, "1.0.0");
            var provenance = new Provenance(
                    evil,
                    evil,
                    evil,
                    List.of("commit " + evil),
                    List.of(new Provenance.Author(evil, evil)),
                    List.of(evil));
            var release = DESK.publish(service, "1.0.0", provenance);
            id = Desk.promotions()
                    .request(new LaneId(service, "prod"), release.ref(), Desk.by("bob", "reason " + evil));
            DESK.until(id, State.WAITING);
        } finally {
            DESK.accounts.findings = List.of();
            DESK.accounts.changes = List.of();
        }
        Desk.promotions().approve(id, new Person("alice", Set.of(), "login"), Desk.planDigest(id), "comment " + evil);
        Desk.promotions().pause(Pause.service(service), "user:olga", "pause " + evil);
        JenkinsRule.WebClient olga = as("olga");
        for (String path : List.of(
                PagePaths.promotion(id), "promotion-releases/", "promotion-releases/service/" + service + "/")) {
            HtmlPage page = olga.goTo(path);
            assertEquals(path, 200, page.getWebResponse().getStatusCode());
            assertFalse(path, page.getWebResponse().getContentAsString().contains("<script>window.pwned"));
            assertFalse(path, page.getWebResponse().getContentAsString().contains("<img src=x"));
            assertEquals(
                    path,
                    "undefined",
                    page.executeJavaScript("typeof window.pwned").getJavaScriptResult());
        }
        String text = ((HtmlPage) olga.goTo(PagePaths.promotion(id))).getBody().getTextContent();
        for (String what :
                List.of("finding ", "change ", "path ", "after ", "reason ", "commit ", "comment ", "pause ")) {
            assertTrue("shown as it is: " + what, text.contains(what + evil));
        }
    }

    @Test
    public void progressIsToldStepByStepWhileItDeploys() throws Exception {
        String evil = "12:04:11 OrdersFunction <b>UPDATE</b>";
        String id = DESK.waiting(Desk.service(13), "1.0.0");
        DESK.accounts.says = evil;
        DESK.accounts.memory.hold();
        try {
            DESK.approve(id, "alice");
            DESK.approve(id, "carol");
            assertTrue(DESK.accounts.memory.awaitHeld());
            HtmlPage page = look("vera", id);
            assertNotNull(page.getElementById("sp-steps"));
            assertEquals(
                    "No further step starts, and running steps are completed. There is no earlier release to"
                            + " return to, so"
                            + " what was deployed stays.",
                    note(look("olga", id), "abort"));
            Page live = as("vera").goTo(PagePaths.promotion(id) + "live", "application/json");
            var status = JSONObject.fromObject(live.getWebResponse().getContentAsString());
            assertEquals("deploying", status.getString("state"));
            var step = status.getJSONArray("steps").getJSONObject(0);
            assertEquals("prod/eu-west-1/api", step.getString("key"));
            assertEquals("running", step.getString("word"));
            assertEquals(List.of(evil), step.getJSONArray("lines"));
        } finally {
            DESK.accounts.says = null;
            DESK.accounts.memory.letGo();
        }
        DESK.until(id, State.SUCCEEDED);
        Page live = as("vera").goTo(PagePaths.promotion(id) + "live", "application/json");
        assertEquals(
                "lines are dropped when it is over",
                List.of(),
                JSONObject.fromObject(live.getWebResponse().getContentAsString())
                        .getJSONArray("steps")
                        .getJSONObject(0)
                        .getJSONArray("lines"));
    }

    @Test
    public void theLogTellsWhoDidWhatAndWhen() throws Exception {
        String id = DESK.toProd(Desk.service(14), "1.0.0");
        Page log = as("vera").goTo(PagePaths.promotion(id) + "log", "application/json");
        String text = log.getWebResponse().getContentAsString();
        assertTrue(text, text.contains("\"who\" : \"bob\""));
        assertTrue(text, text.contains("approved (login)"));
        assertTrue(text, text.contains("is live in prod"));
        assertEquals(404, status("rita", PagePaths.promotion(id) + "log"));
        assertEquals(404, status("rita", PagePaths.promotion(id) + "live"));
    }
}
