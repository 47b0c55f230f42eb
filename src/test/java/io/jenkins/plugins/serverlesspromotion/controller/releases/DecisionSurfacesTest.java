package io.jenkins.plugins.serverlesspromotion.controller.releases;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.Shows;
import io.jenkins.plugins.serverlesspromotion.controller.PagePaths;
import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Lane;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion.State;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Gate;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Person;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.htmlunit.Page;
import org.htmlunit.html.DomElement;
import org.htmlunit.html.HtmlButton;
import org.htmlunit.html.HtmlPage;
import org.htmlunit.html.HtmlTextArea;
import org.htmlunit.html.HtmlTextInput;
import org.junit.AfterClass;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Test;
import org.jvnet.hudson.test.JenkinsRule;

/** Taking back an approval, breaking the glass and looking at it afterwards, on pages, over REST and by commands. */
public class DecisionSurfacesTest {
    private static final int DONE = 0;
    private static final int WRONG = 3;
    private static final int NO = 5;
    private static final int DENIED = 6;

    /** Two release managers let something in; who is on call looks at it. */
    private static final Policy.BreakGlass GLASS = new Policy.BreakGlass(
            List.of(new Gate.Requirement("release-managers", 2)), Duration.ofHours(1), "INC[0-9]+", "on-call");

    /** Closed for everything in this test: nothing says that the tests of a release passed. */
    private static final Gate CLOSED = new Gate.Evidence("tests", List.of("key:ci"), null);

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
        Desk.promotions().apply(Desk.policy(GLASS, Gate.Comment.REQUIRED, CLOSED), "user:ops");
    }

    @AfterClass
    public static void close() {
        DESK.close();
    }

    private static int status(Page page) {
        return page.getWebResponse().getStatusCode();
    }

    private static String text(HtmlPage page, String id) {
        DomElement element = page.getElementById(id);
        return element == null ? null : element.asNormalizedText().strip();
    }

    private static void approve(String id, String user) throws Exception {
        Desk.promotions().approve(id, new Person(user, Set.of(), "login"), Desk.planDigest(id), "fine");
    }

    private static Lane.PostReview review(String id) {
        return Desk.store().lane(LaneId.ofPromotion(id)).reviews().stream()
                .filter(r -> r.promotion().equals(id))
                .findFirst()
                .orElse(null);
    }

    // --- approvals ---

    @Test
    public void anApprovalIsWithdrawnByItsButtonAndByNobodyElse() throws Exception {
        String id = DESK.waiting(Desk.service(1), "1.0.0");
        approve(id, "alice");
        assertNull(
                "carol gave none",
                surfaces.look("carol", PagePaths.promotion(id)).getElementById("sp-withdraw"));
        HtmlPage page = surfaces.open("alice", PagePaths.promotion(id));
        HtmlPage refused = page.<HtmlButton>getHtmlElementById("sp-withdraw").click();
        assertEquals(400, status(refused));
        assertEquals("state the reason: reason is missing", text(refused, "sp-refusal"));
        refused.<HtmlTextArea>getHtmlElementById("sp-comment").setText("load test is red");
        HtmlPage after = refused.<HtmlButton>getHtmlElementById("sp-withdraw").click();
        assertEquals(200, status(after));
        assertEquals(
                "withdrawn: load test is red",
                Desk.promotion(id).approvals().get(0).voided());
        assertNull(after.getElementById("sp-withdraw"));
        assertNull("she knows that she took it back", after.getElementById("sp-voided"));
        assertTrue(after.asNormalizedText().contains("withdrawn: load test is red"));
        assertEquals(
                409,
                surfaces.post("alice", "promotion/" + id + "/withdraw", "reason", "x")
                        .status());
    }

    @Test
    @Shows(
            table = Shows.HOLES,
            cell = {"8 rest", "8 command"})
    public void anApprovalIsWithdrawnOverRestAndByCommand() throws Exception {
        String id = DESK.waiting(Desk.service(2), "1.0.0");
        approve(id, "alice");
        assertEquals(
                400, surfaces.post("alice", "promotion/" + id + "/withdraw").status());
        assertEquals(
                403,
                surfaces.post("vera", "promotion/" + id + "/withdraw", "reason", "x")
                        .status());
        assertEquals(
                409,
                surfaces.post("dave", "promotion/" + id + "/withdraw", "reason", "x")
                        .status());
        assertEquals(
                200,
                surfaces.post("alice", "promotion/" + id + "/withdraw", "reason", "red")
                        .status());
        approve(id, "alice");
        assertEquals(
                DENIED,
                surfaces.cli("vera", "promotion-withdraw", id, "--reason", "x").returnCode());
        assertEquals(
                NO,
                surfaces.cli("dave", "promotion-withdraw", id, "--reason", "x").returnCode());
        assertEquals(
                DONE,
                surfaces.cli("alice", "promotion-withdraw", id, "--reason", "red again")
                        .returnCode());
        assertEquals(List.of(), Desk.promotion(id).standing());
    }

    @Test
    public void aCommentThatPolicyWantsIsAskedForBesideTheBox() throws Exception {
        String id = DESK.waiting(Desk.service(3), "1.0.0");
        HtmlPage page = surfaces.open("alice", PagePaths.promotion(id));
        assertEquals("needed to approve and to reject, kept in the audit log", text(page, "sp-comment-note"));
        HtmlPage refused = page.<HtmlButton>getHtmlElementById("sp-approve").click();
        assertEquals(409, status(refused));
        assertEquals("state the reason: in prod an approval needs a comment", text(refused, "sp-refusal"));
        refused.<HtmlTextArea>getHtmlElementById("sp-comment").setText("checked");
        assertEquals(
                200, status(refused.<HtmlButton>getHtmlElementById("sp-approve").click()));
        assertEquals("checked", Desk.promotion(id).standing().get(0).comment());
    }

    @Test
    @Shows(table = Shows.HOLES, cell = "8 page")
    public void whoeverHadApprovedIsToldThatItIsVoid() throws Exception {
        String id = DESK.waiting(Desk.service(4), "1.0.0");
        approve(id, "alice");
        DESK.accounts.findings = List.of(new Plan.Finding("iamBroadening", "Role", "IAM gets broader"));
        try {
            Desk.promotions().replan(id, new Person("olga", Set.of(), "login"));
            DESK.until(id, p -> p.state() == State.WAITING && p.planning().number() == 2);
        } finally {
            DESK.accounts.findings = List.of();
        }
        assertTrue(text(surfaces.look("alice", PagePaths.promotion(id)), "sp-voided")
                .startsWith("Your approval is void because the plan changed"));
        assertNull(surfaces.look("carol", PagePaths.promotion(id)).getElementById("sp-voided"));
        approve(id, "alice");
        assertNull(
                "she has approved it again",
                surfaces.look("alice", PagePaths.promotion(id)).getElementById("sp-voided"));
    }

    // --- break-glass ---

    private static HtmlPage fill(HtmlPage page, String reason, String ticket) {
        page.<HtmlTextArea>getHtmlElementById("sp-override-reason").setText(reason);
        page.<HtmlTextInput>getHtmlElementById("sp-override-ticket").setValue(ticket);
        return page;
    }

    private Page override(String user, String id, String reason, String ticket) throws Exception {
        return surfaces.press(
                user,
                PagePaths.promotion(id) + "override",
                "planDigest",
                Desk.planDigest(id),
                "reason",
                reason,
                "ticket",
                ticket);
    }

    @Test
    public void twoBreakTheGlassOnThePageAloudAndAThirdReviewsIt() throws Exception {
        String service = Desk.service(5);
        String id = DESK.waiting(service, "1.0.0");
        String url = PagePaths.promotion(id);
        HtmlPage alice = surfaces.look("alice", url);
        String ask = alice.getElementById("sp-glass-ask").getTextContent();
        assertTrue(ask, ask.contains("Closed now: evidence, approval. Required to override them: 2 release-managers"));
        assertTrue(ask, ask.contains("on-call must review it afterwards"));
        HtmlPage refused = (HtmlPage) override("alice", id, "checkout is down", "CHG1");
        assertEquals(409, status(refused));
        assertEquals("CHG1 is no ticket of the form INC[0-9]+", text(refused, "sp-refusal"));
        assertEquals(
                "what was typed is not lost",
                "checkout is down",
                refused.<HtmlTextArea>getHtmlElementById("sp-override-reason").getText());
        assertEquals("", refused.<HtmlTextArea>getHtmlElementById("sp-comment").getText());
        assertEquals(200, status(override("alice", id, "checkout is down", "INC42")));
        assertEquals(State.WAITING, Desk.promotion(id).state());
        String said = "alice: checkout is down (INC42). Waiting for 1 release-managers";
        for (String path : List.of(url, "promotion-releases/", "promotion-releases/service/" + service + "/")) {
            HtmlPage page = surfaces.look("vera", path);
            DomElement banner = page.querySelector("[data-sp-glass='" + id + "']");
            assertNotNull(path, banner);
            assertTrue(path, banner.asNormalizedText().contains(said));
            assertNotNull("it counts down", banner.querySelector("[data-sp-countdown] time"));
        }
        String needs = surfaces.look("dave", "promotion-releases/")
                .getElementById("sp-needs")
                .getParentNode()
                .asNormalizedText();
        assertTrue(
                needs,
                needs.contains("break-glass: your confirmation is required to override gates; still required: 1"
                        + " release-managers"));
        HtmlPage again = surfaces.look("alice", url);
        assertEquals(
                "you have overridden the gates; still required: 1 release-managers", text(again, "sp-override-note"));
        HtmlPage dave = fill(surfaces.look("dave", url), "same here", "INC42");
        assertFalse(dave.<HtmlButton>getHtmlElementById("sp-override").isDisabled());
        assertEquals(200, status(override("dave", id, "same here", "INC42")));
        DESK.until(id, State.SUCCEEDED);
        assertEquals(List.of("alice", "dave"), review(id).by());

        HtmlPage board = surfaces.look("erin", "promotion-releases/");
        String hers = board.getElementById("sp-needs").getParentNode().asNormalizedText();
        assertTrue(hers, hers.contains("post-review of an override due "));
        String loud = ((DomElement) board.querySelector("[data-sp-glass='" + id + "']")).asNormalizedText();
        assertTrue(loud, loud.contains("BREAK-GLASS"));
        assertTrue(loud, loud.contains("gates overridden by alice, dave"));
        assertTrue(loud, loud.contains(": evidence, approval. "));
        HtmlPage own = surfaces.look("alice", url);
        assertEquals("you are not in the role that reviews here: on-call", text(own, "sp-review-note"));
        HtmlPage erin = surfaces.open("erin", url);
        erin.<HtmlTextArea>getHtmlElementById("sp-finding").setText("right, and fixed in 1.0.1");
        HtmlPage closed = erin.<HtmlButton>getHtmlElementById("sp-review").click();
        assertEquals(200, status(closed));
        assertNull(review(id));
        assertNull(closed.querySelector("[data-sp-glass='" + id + "']"));
        assertNull(closed.getElementById("sp-review-form"));
    }

    @Test
    public void thePermissionAndTheRoleAreBothNeededOnEverySurface() throws Exception {
        String id = DESK.waiting(Desk.service(6), "1.0.0");
        String plan = Desk.planDigest(id);
        String[] fields = {"planDigest", plan, "reason", "down", "ticket", "INC1"};
        // bob is a release manager without the permission, olga has the permission and no role.
        assertEquals(403, status(override("bob", id, "down", "INC1")));
        assertEquals(
                403,
                surfaces.post("bob", "promotion/" + id + "/override", fields).status());
        assertEquals(
                DENIED,
                surfaces.cli("bob", "promotion-override", id, "--plan", plan, "--reason", "down", "--ticket", "INC1")
                        .returnCode());
        assertEquals(409, status(override("olga", id, "down", "INC1")));
        assertEquals(
                "you are in none of the roles that decide here: release-managers",
                surfaces.post("olga", "promotion/" + id + "/override", fields).error());
        assertEquals(
                NO,
                surfaces.cli("olga", "promotion-override", id, "--plan", plan, "--reason", "down", "--ticket", "INC1")
                        .returnCode());
        assertEquals(
                "you lack the permission Serverless Promotion/Override",
                text(surfaces.look("bob", PagePaths.promotion(id)), "sp-override-note"));
        assertEquals(405, surfaces.get("adam", "promotion/" + id + "/override").status());
        assertEquals(405, surfaces.get("adam", "promotion/" + id + "/review").status());
        assertEquals(405, surfaces.get("adam", "promotion/" + id + "/withdraw").status());
        assertEquals(List.of(), Desk.promotion(id).overrides());
        List<String> tried = Desk.store()
                .records(r -> r.entry() instanceof Entry.Refused refused
                        && refused.what().equals("override the gates of " + id))
                .stream()
                .map(r -> ((Entry.Refused) r.entry()).who())
                .toList();
        assertEquals("each try is recorded", List.of("user:bob", "user:bob", "user:bob"), tried);
    }

    @Test
    public void theGlassIsBrokenAndReviewedOverRestAndByCommand() throws Exception {
        String service = Desk.service(7);
        String id = DESK.waiting(service, "1.0.0");
        String plan = Desk.planDigest(id);
        String path = "promotion/" + id + "/";
        assertEquals(
                400,
                surfaces.post("alice", path + "override", "planDigest", plan, "reason", "down")
                        .status());
        assertEquals(
                400,
                surfaces.post("alice", path + "override", "reason", "down", "ticket", "INC1")
                        .status());
        var said = surfaces.post("alice", path + "override", "planDigest", plan, "reason", "down", "ticket", "INC1");
        assertEquals(200, said.status());
        assertEquals(
                "INC1",
                said.document().getJSONArray("overrides").getJSONObject(0).getString("ticket"));
        var glass = surfaces.get("vera", "promotion/" + id).document().getJSONObject("override");
        assertFalse(glass.getBoolean("open"));
        assertEquals(1, glass.getJSONObject("missing").getInt("release-managers"));
        assertEquals(
                WRONG,
                surfaces.cli("dave", "promotion-override", id, "--plan", plan, "--reason", " ", "--ticket", "INC1")
                        .returnCode());
        var second =
                surfaces.cli("dave", "promotion-override", id, "--plan", plan, "--reason", "yes", "--ticket", "INC1");
        assertEquals(second.toString(), DONE, second.returnCode());
        DESK.until(id, State.SUCCEEDED);
        var lane = surfaces.get("vera", "status?service=" + service)
                .document()
                .getJSONArray("services")
                .getJSONObject(0)
                .getJSONArray("environments")
                .getJSONObject(1);
        assertEquals(id, lane.getJSONArray("reviews").getJSONObject(0).getString("promotion"));
        assertTrue(surfaces.cli("erin", "promotion-status").stdout().contains("needs you: " + id));
        assertTrue(surfaces.cli("vera", "promotion-show", id)
                .stdout()
                .contains("! BREAK-GLASS: gates overridden by alice, dave"));
        assertEquals(403, surfaces.post("vera", path + "review", "finding", "x").status());
        assertEquals(400, surfaces.post("erin", path + "review").status());
        assertEquals(409, surfaces.post("dave", path + "review", "finding", "x").status());
        assertEquals(
                DENIED,
                surfaces.cli("vera", "promotion-review", id, "--finding", "x").returnCode());
        assertEquals(
                DONE,
                surfaces.cli("erin", "promotion-review", id, "--finding", "right")
                        .returnCode());
        assertNull(review(id));
        assertEquals(
                409, surfaces.post("erin", path + "review", "finding", "again").status());
    }

    @Test
    @Shows(table = Shows.HOLES, cell = "6 page")
    public void whatPeopleSayToBreakTheGlassStaysText() throws Exception {
        String evil = "<script>window.pwned=1</script><img src=x onerror=alert(1)>";
        String id = DESK.waiting(Desk.service(8), "1.0.0");
        assertEquals(200, status(override("alice", id, evil, "INC7")));
        for (String path : List.of(PagePaths.promotion(id), "promotion-releases/")) {
            HtmlPage page = surfaces.look("dave", path);
            String raw = page.getWebResponse().getContentAsString();
            assertFalse(path, raw.contains("<script>window.pwned") || raw.contains("<img src=x"));
            assertTrue(path, page.getBody().getTextContent().contains(evil));
        }
    }

    @Test
    public void whoMayNotSeeItGetsNoWordOfIt() throws Exception {
        String id = DESK.waiting(Desk.service(9), "1.0.0");
        override("alice", id, "down", "INC1");
        for (String action : List.of("override", "review", "withdraw")) {
            assertEquals(404, status(surfaces.press("rita", PagePaths.promotion(id) + action)));
        }
        assertNull(surfaces.look("rita", "promotion-releases/").querySelector("[data-sp-glass='" + id + "']"));
        Promotion untouched = Desk.promotion(id);
        assertEquals(1, untouched.overrides().size());
    }
}
