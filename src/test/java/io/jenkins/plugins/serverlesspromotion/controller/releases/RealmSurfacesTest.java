package io.jenkins.plugins.serverlesspromotion.controller.releases;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.not;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import hudson.cli.CLICommandInvoker;
import io.jenkins.plugins.serverlesspromotion.Shows;
import io.jenkins.plugins.serverlesspromotion.controller.Logins;
import io.jenkins.plugins.serverlesspromotion.controller.PagePaths;
import io.jenkins.plugins.serverlesspromotion.controller.ScriptedRealm;
import io.jenkins.plugins.serverlesspromotion.controller.ScriptedRealm.LookUps;
import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion.State;
import io.jenkins.plugins.serverlesspromotion.engine.lane.PromotionDecisions;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import java.util.LinkedHashMap;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import net.sf.json.JSONObject;
import org.htmlunit.Page;
import org.htmlunit.html.HtmlPage;
import org.junit.After;
import org.junit.AfterClass;
import org.junit.Before;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Test;
import org.jvnet.hudson.test.JenkinsRule;

/**
 * A security realm that cannot look users up, that fails, or that does not answer: what people get to hear on pages, over
 * REST and from commands, and that nothing counts that could not be confirmed.
 *
 * <p>In prod somebody of the group {@code sre} must approve, or alice, and carol as the owner. Dave is of that group.
 */
public class RealmSurfacesTest {
    private static final int DENIED = 6;

    /** The group that every realm puts everybody in. */
    private static final String EVERYBODY = "authenticated";

    private static final String NO_TOKEN = "an API token cannot decide here";
    private static final String NOT_ASKED = "could not report the groups of";

    @ClassRule
    public static final JenkinsRule j = new JenkinsRule();

    private static final Desk DESK = new Desk();
    private static int services = 5;

    private final Surfaces surfaces = new Surfaces(j);
    private final ScriptedRealm realm = new ScriptedRealm();
    private String service;
    private String id;

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

    @Before
    public void somethingWaits() throws Exception {
        for (String user : new String[] {"alice", "carol", "erin", "olga", "vera", "adam"}) {
            realm.user(user, EVERYBODY);
        }
        realm.user("dave", EVERYBODY, "sre");
        j.jenkins.setSecurityRealm(realm);
        DESK.goOn();
        Policy plain = Desk.policy(1);
        var roles = new LinkedHashMap<>(plain.roles());
        roles.put("release-managers", new Policy.Role("release-managers", Set.of("alice"), Set.of("sre")));
        Desk.promotions()
                .apply(
                        new Policy(plain.stores(), plain.accounts(), roles, plain.environments(), plain.services()),
                        "user:ops");
        service = Desk.service(services++);
        id = DESK.waiting(service, "1.0.0");
    }

    @After
    public void answer() {
        realm.letGo();
    }

    // --- a realm that cannot look users up ---

    @Test
    public void whereUsersCannotBeLookedUpOnlyAFreshLoginAtABrowserDecides() throws Exception {
        realm.lookUps = LookUps.IMPOSSIBLE;
        Surfaces.Reply reply = surfaces.post("dave", "promotion/" + id + "/approve", "planDigest", digest());
        assertEquals(403, reply.status());
        assertThat(reply.error(), containsString(NO_TOKEN));
        assertThat(reply.error(), containsString("a login at a browser in the last 8 hours"));
        CLICommandInvoker.Result command = surfaces.cli("dave", "promotion-approve", id, "--plan", digest());
        assertEquals(DENIED, command.returnCode());
        assertThat(command.stderr(), containsString(NO_TOKEN));
        assertTrue("each stands in the audit log", refused("user:dave", "approve " + id, NO_TOKEN) == 2);

        JenkinsRule.WebClient password = client().withBasicCredentials("dave", "dave");
        HtmlPage page = password.goTo(PagePaths.promotion(id));
        assertTrue(page.getElementById("sp-approve").hasAttribute("disabled"));
        assertThat(
                page.getElementById("sp-approve-note").getTextContent(),
                containsString("this is not an interactive login"));
        assertEquals(403, press(password, "approve"));
        for (String what : new String[] {"reject", "review", "override"}) {
            int status = surfaces.post(
                            "dave",
                            "promotion/" + id + "/" + what,
                            "planDigest",
                            digest(),
                            "reason",
                            "x",
                            "ticket",
                            "INC-1",
                            "finding",
                            "x")
                    .status();
            assertEquals(what, 403, status);
        }
        assertEquals("nothing counts", Set.of(), approvers());
        assertEquals(State.WAITING, Desk.promotion(id).state());

        JenkinsRule.WebClient dave = Logins.login(client(), "dave");
        page = dave.goTo(PagePaths.promotion(id));
        assertFalse(page.getElementById("sp-approve").hasAttribute("disabled"));
        assertEquals(200, press(dave, "approve"));
        assertEquals("by a group", Set.of("dave"), approvers());
        PromotionDecisions.Approval given = Desk.promotion(id).standing().get(0);
        assertEquals(Set.of("sre"), given.person().groups());
        assertEquals("login", given.person().assurance());
        JenkinsRule.WebClient erin = Logins.login(client(), "erin");
        assertEquals("who is not of that group is of no role", 409, press(erin, "approve"));
        JenkinsRule.WebClient carol = Logins.login(client(), "carol");
        assertEquals(
                "in an open session also over REST",
                200,
                rest(carol, "promotion/" + id + "/approve", "planDigest", digest())
                        .getWebResponse()
                        .getStatusCode());
        DESK.until(id, State.SUCCEEDED);
    }

    @Test
    public void takingBackAndAbortingNeedNoConfirmation() throws Exception {
        DESK.approve(id, "alice");
        realm.lookUps = LookUps.IMPOSSIBLE;
        assertEquals(
                200,
                surfaces.post("alice", "promotion/" + id + "/withdraw", "reason", "red")
                        .status());
        assertEquals(Set.of(), approvers());
        assertEquals(
                0, surfaces.cli("olga", "promotion-abort", id, "--reason", "x").returnCode());
        assertEquals(State.ABORTED, Desk.promotion(id).state());
    }

    @Test
    public void whatIsExplainedForSomebodyElseSaysThatTheRealmDoesNotTellTheirGroups() throws Exception {
        String path = "explain?release=" + service + "@1.0.0&environment=prod&user=dave";
        assertThat(surfaces.get("adam", path).document().toString(), containsString("sre"));
        realm.lookUps = LookUps.IMPOSSIBLE;
        String page = surfaces.look(
                        "adam",
                        "promotion-releases/service/" + service + "/explain?version=1.0.0&environment=prod&user=dave")
                .asNormalizedText();
        assertThat(page, containsString("none that the realm reports"));
        realm.lookUps = LookUps.ANSWERED;
        assertEquals(
                400, surfaces.get("adam", path.replace("dave", "nobody-there")).status());
    }

    // --- a realm that fails ---

    @Test
    public void whileTheDirectoryIsAwayNobodyDecides() throws Exception {
        nobodyDecides(LookUps.FAILING);
    }

    @Test
    public void whileTheRealmThrowsWhateverItLikesNobodyDecides() throws Exception {
        nobodyDecides(LookUps.BROKEN);
    }

    private void nobodyDecides(LookUps how) throws Exception {
        JenkinsRule.WebClient dave = Logins.login(client(), "dave");
        JenkinsRule.WebClient alice = Logins.login(client(), "alice");
        JenkinsRule.WebClient olga = Logins.login(client(), "olga");
        assertEquals(200, press(alice, "approve"));
        long before = refused("user:dave", "approve " + id, NOT_ASKED);
        realm.lookUps = how;
        HtmlPage page = dave.goTo(PagePaths.promotion(id));
        assertEquals("looking is always possible", 200, page.getWebResponse().getStatusCode());
        assertTrue(page.getElementById("sp-approve").hasAttribute("disabled"));
        assertThat(page.getElementById("sp-approve-note").getTextContent(), containsString(NOT_ASKED));
        assertEquals(403, press(dave, "approve"));
        Page reply = rest(dave, "promotion/" + id + "/approve", "planDigest", digest());
        assertEquals(403, reply.getWebResponse().getStatusCode());
        assertThat(
                JSONObject.fromObject(reply.getWebResponse().getContentAsString())
                        .getString("error"),
                containsString(NOT_ASKED));
        assertEquals("each stands in the audit log", before + 2, refused("user:dave", "approve " + id, NOT_ASKED));
        assertEquals(Set.of("alice"), approvers());
        assertEquals(200, dave.goTo("promotion-releases/").getWebResponse().getStatusCode());
        assertEquals(
                "taking back is always possible",
                200,
                rest(alice, "promotion/" + id + "/withdraw", "reason", "red")
                        .getWebResponse()
                        .getStatusCode());
        assertEquals(Set.of(), approvers());
        assertEquals(200, press(olga, "abort"));
        assertEquals(State.ABORTED, Desk.promotion(id).state());
    }

    @Test
    @Shows(table = Shows.HOLES, cell = "14 rest")
    public void whatWasDecidedWaitsUntilItIsConfirmedAndEverySurfaceSaysSo() throws Exception {
        JenkinsRule.WebClient dave = Logins.login(client(), "dave");
        assertEquals(200, press(dave, "approve"));
        JenkinsRule.WebClient vera = Logins.login(client(), "vera");
        String token = Surfaces.API + "promotion/" + id + "/";
        realm.lookUps = LookUps.FAILING;
        DESK.approve(id, "carol");
        Promotion now =
                DESK.until(id, p -> p.membership() != null && p.membership().answer() != null);
        assertThat(now.membership().answer().failure(), containsString(NOT_ASKED));
        assertEquals(
                State.WAITING, DESK.until(id, p -> p.state() == State.WAITING).state());
        HtmlPage page = vera.goTo(PagePaths.promotion(id));
        assertThat(page.asNormalizedText(), containsString(NOT_ASKED));
        assertThat(vera.goTo(token, null).getWebResponse().getContentAsString(), containsString(NOT_ASKED));
        realm.lookUps = LookUps.ANSWERED; // for the command's own login only: it is asked again in a minute
        assertThat(surfaces.cli("vera", "promotion-show", id).stdout(), containsString(NOT_ASKED));
        assertTrue("nothing was begun", Desk.promotion(id).deployment() == null);
        Desk.promotions().abort(id, "user:olga", "the test is over");
    }

    @Test
    @Shows(table = Shows.HOLES, cell = "14 page")
    public void whoeverIsOutOfTheGroupOrGoneSinceTheClickDoesNotCount() throws Exception {
        JenkinsRule.WebClient dave = Logins.login(client(), "dave");
        assertEquals(200, press(dave, "approve"));
        realm.user("dave", EVERYBODY);
        JenkinsRule.WebClient carol = Logins.login(client(), "carol");
        assertEquals(200, press(carol, "approve"));
        Promotion now = DESK.until(
                id, p -> p.state() == State.WAITING && p.approvals().stream().anyMatch(a -> a.voided() != null));
        assertEquals(Set.of("carol"), approvers());
        assertThat(
                vera().goTo(PagePaths.promotion(id)).asNormalizedText(),
                containsString("in none of the roles that decide here any more"));
        assertTrue("nothing was begun", now.deployment() == null);

        realm.user("erin", EVERYBODY, "sre");
        JenkinsRule.WebClient erin = Logins.login(client(), "erin");
        realm.user("erin", EVERYBODY);
        assertEquals("out of the group in an open session", 409, press(erin, "approve"));
        JenkinsRule.WebClient alice = Logins.login(client(), "alice");
        realm.remove("alice");
        assertEquals("a user that is gone", 403, press(alice, "approve"));
        assertEquals(Set.of("carol"), approvers());
    }

    private JenkinsRule.WebClient vera() throws Exception {
        return Logins.login(client(), "vera");
    }

    // --- a realm that is slow ---

    @Test
    public void whatIsDecidedWhileTheRealmThinksIsJudgedWhenItHasAnswered() throws Exception {
        JenkinsRule.WebClient dave = Logins.login(client(), "dave");
        JenkinsRule.WebClient vera = vera();
        JenkinsRule.WebClient olga = Logins.login(client(), "olga");
        realm.hold();
        CompletableFuture<Integer> click = CompletableFuture.supplyAsync(() -> {
            try {
                return press(dave, "approve");
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        assertTrue(realm.awaitAsked(Desk.LIMIT.toSeconds()));
        assertEquals("nothing counts yet", Set.of(), approvers());
        assertEquals(
                "others see",
                200,
                vera.goTo("promotion-releases/", null).getWebResponse().getStatusCode());
        assertEquals(
                "and do",
                200,
                rest(olga, "promotion/" + id + "/abort", "reason", "x")
                        .getWebResponse()
                        .getStatusCode());
        assertFalse(click.isDone());
        realm.letGo();
        assertEquals(409, (int) click.get(Desk.LIMIT.toSeconds(), TimeUnit.SECONDS));
        assertEquals(State.ABORTED, Desk.promotion(id).state());
        assertEquals(Set.of(), approvers());
    }

    @Test
    public void aRealmThatHangsHoldsUpOnlyWhatWaitsForItsAnswer() throws Exception {
        JenkinsRule.WebClient dave = Logins.login(client(), "dave");
        assertEquals(200, press(dave, "approve"));
        realm.hold();
        DESK.approve(id, "carol");
        assertTrue("it is asked again before anything begins", realm.awaitAsked(Desk.LIMIT.toSeconds()));
        DESK.toDev(Desk.service(services++), "1.0.0");
        assertThat(Desk.promotion(id).state(), not(State.DEPLOYING));
        assertTrue(Desk.promotion(id).deployment() == null);
        realm.letGo();
        DESK.until(id, State.SUCCEEDED);
    }

    // --- the surfaces ---

    private String digest() {
        return Desk.planDigest(id);
    }

    private Set<String> approvers() {
        return Desk.promotion(id).standing().stream()
                .map(a -> a.person().id())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static long refused(String who, String what, String why) throws Exception {
        return Desk.store().records(r -> r.entry() instanceof Entry.Refused).stream()
                .map(r -> (Entry.Refused) r.entry())
                .filter(r ->
                        r.who().equals(who) && r.what().equals(what) && r.why().contains(why))
                .count();
    }

    private static JenkinsRule.WebClient client() {
        return j.createWebClient().withThrowExceptionOnFailingStatusCode(false).withJavaScriptEnabled(false);
    }

    private int press(JenkinsRule.WebClient client, String button) throws Exception {
        var request = surfaces.request(
                PagePaths.promotion(id) + button, "planDigest", digest(), "comment", "x", "reason", "x");
        return client.getPage(client.addCrumb(request)).getWebResponse().getStatusCode();
    }

    private Page rest(JenkinsRule.WebClient client, String path, String... fields) throws Exception {
        return client.getPage(client.addCrumb(surfaces.request(Surfaces.API + path, fields)));
    }
}
