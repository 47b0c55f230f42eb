package io.jenkins.plugins.serverlesspromotion.controller.releases;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import hudson.security.AbstractPasswordBasedSecurityRealm;
import hudson.security.GroupDetails;
import hudson.security.SecurityRealm;
import hudson.security.UserMayOrMayNotExistException2;
import io.jenkins.plugins.serverlesspromotion.Shows;
import io.jenkins.plugins.serverlesspromotion.controller.Logins;
import io.jenkins.plugins.serverlesspromotion.engine.lane.GateContext.Pause;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion.State;
import java.net.URL;
import java.util.ArrayList;
import java.util.List;
import net.sf.json.JSONObject;
import org.htmlunit.HttpMethod;
import org.htmlunit.Page;
import org.htmlunit.WebRequest;
import org.htmlunit.util.NameValuePair;
import org.junit.AfterClass;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.core.userdetails.UserDetails;

public class RestApiTest {
    private static final String API = "promotion-releases/api/";

    private static final String LOGIN = "/jenkins/login";

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

    /** With the API token of {@code user}, without a crumb; null: not logged in. */
    private static JenkinsRule.WebClient by(String user) throws Exception {
        JenkinsRule.WebClient client =
                j.createWebClient().withThrowExceptionOnFailingStatusCode(false).withJavaScriptEnabled(false);
        return user == null ? client : client.withBasicApiToken(user);
    }

    /** @param document null when the answer was not JSON */
    private record Reply(int status, JSONObject document) {
        static Reply of(Page page) {
            boolean json = page.getWebResponse().getContentType().equals("application/json");
            return new Reply(
                    page.getWebResponse().getStatusCode(),
                    json ? JSONObject.fromObject(page.getWebResponse().getContentAsString()) : null);
        }

        String error() {
            return document.getString("error");
        }
    }

    private static Reply get(String user, String path) throws Exception {
        return Reply.of(by(user).getPage(new URL(j.getURL(), API + path)));
    }

    private static Reply post(String user, String path, String... fields) throws Exception {
        return Reply.of(by(user).getPage(request(path, fields)));
    }

    private static WebRequest request(String path, String... fields) throws Exception {
        var request = new WebRequest(new URL(j.getURL(), API + path), HttpMethod.POST);
        var parameters = new ArrayList<NameValuePair>();
        for (int i = 0; i < fields.length; i += 2) {
            parameters.add(new NameValuePair(fields[i], fields[i + 1]));
        }
        request.setRequestParameters(parameters);
        return request;
    }

    /** Which page answers somebody who has not logged in. */
    private static String answers(WebRequest request) throws Exception {
        JenkinsRule.WebClient nobody = by(null);
        return nobody.getPage(nobody.addCrumb(request)).getUrl().getPath();
    }

    @Test
    public void statusTellsWhatIsWhereAndWhatNeedsYou() throws Exception {
        String service = Desk.service(1);
        String id = DESK.waiting(service, "1.4.2");
        Reply all = get("alice", "status?service=" + service);
        assertEquals(200, all.status());
        assertEquals("alice", all.document().getString("user"));
        assertEquals(
                id, all.document().getJSONArray("needsYou").getJSONObject(0).getString("promotion"));
        var lanes = all.document().getJSONArray("services").getJSONObject(0).getJSONArray("environments");
        assertEquals("dev", lanes.getJSONObject(0).getString("environment"));
        assertEquals("1.4.2", lanes.getJSONObject(0).getJSONObject("live").getString("version"));
        assertEquals(
                "WAITING",
                lanes.getJSONObject(1)
                        .getJSONArray("promotions")
                        .getJSONObject(0)
                        .getString("state"));
        Reply hers = get("rita", "status");
        assertEquals(1, hers.document().getJSONArray("services").size());
        assertEquals(404, get("rita", "status?service=" + service).status());
        assertEquals(403, get("nina", "status").status());
        assertTrue(get("nina", "status").error().contains("Serverless Promotion/View"));
        assertEquals(LOGIN, answers(new WebRequest(new URL(j.getURL(), API + "status"))));
    }

    @Test
    public void aPromotionIsToldWithPlanAndGates() throws Exception {
        String id = DESK.waiting(Desk.service(2), "1.0.0");
        Reply reply = get("bob", "promotion/" + id);
        assertEquals(200, reply.status());
        JSONObject p = reply.document();
        assertEquals("WAITING", p.getString("state"));
        assertFalse(p.getBoolean("over"));
        assertEquals(Desk.planDigest(id), p.getString("planDigest"));
        assertEquals(Desk.planDigest(id), p.getJSONObject("plan").getString("digest"));
        assertEquals("you asked for this, so you cannot approve it", p.getString("youCannotApprove"));
        assertEquals(3, p.getJSONArray("gates").size());
        Reply hidden = get("rita", "promotion/" + id);
        Reply none = get("rita", "promotion/svc-2.prod.4711");
        assertEquals(404, hidden.status());
        assertEquals(404, none.status());
        assertEquals(
                "not told apart", hidden.error().replace(id, "X"), none.error().replace("svc-2.prod.4711", "X"));
        assertEquals(404, get("alice", "promotion/nonsense").status());
    }

    @Test
    public void decidingByTokenIsRecordedAsSuch() throws Exception {
        String id = DESK.waiting(Desk.service(3), "1.0.0");
        String digest = Desk.planDigest(id);
        assertEquals(400, post("alice", "promotion/" + id + "/approve").status());
        Reply stale = post("alice", "promotion/" + id + "/approve", "planDigest", "sha256:" + "0".repeat(64));
        assertEquals(409, stale.status());
        assertEquals("the plan changed since you reviewed it; review it again", stale.error());
        assertEquals(
                409,
                post("bob", "promotion/" + id + "/approve", "planDigest", digest)
                        .status());
        Reply approved = post("alice", "promotion/" + id + "/approve", "planDigest", digest, "comment", "fine");
        assertEquals(200, approved.status());
        assertEquals("token", Desk.promotion(id).standing().get(0).person().assurance());
        assertEquals(
                200,
                post("carol", "promotion/" + id + "/approve", "planDigest", digest)
                        .status());
        DESK.until(id, State.SUCCEEDED);
    }

    @Test
    public void rejectAbortAndReplanWork() throws Exception {
        String rejected = DESK.waiting(Desk.service(4), "1.0.0");
        assertEquals(400, post("dave", "promotion/" + rejected + "/reject").status());
        assertEquals(
                200,
                post("dave", "promotion/" + rejected + "/reject", "reason", "red")
                        .status());
        assertEquals(State.REJECTED, Desk.promotion(rejected).state());
        String id = DESK.ask(Desk.service(4), "1.0.0");
        assertEquals(200, post("olga", "promotion/" + id + "/replan").status());
        DESK.until(id, p -> p.state() == State.WAITING && p.planning().number() == 2);
        Reply aborted = post("olga", "promotion/" + id + "/abort", "reason", "wrong one");
        assertEquals("ABORTED", aborted.document().getString("state"));
        assertEquals(409, post("olga", "promotion/" + id + "/abort").status());
    }

    @Test
    public void getChangesNothing() throws Exception {
        String id = DESK.waiting(Desk.service(5), "1.0.0");
        long before = Desk.store().records(r -> true).size();
        for (String path : List.of(
                "promotion/" + id + "/approve?planDigest=" + Desk.planDigest(id),
                "promotion/" + id + "/reject?reason=x",
                "promotion/" + id + "/abort",
                "promotion/" + id + "/replan",
                "pause?scope=everything&reason=x",
                "resume?scope=everything&reason=x",
                "release-hold?service=svc-5&environment=prod&reason=x",
                "evidence?release=svc-5@1.0.0&envelope=x",
                "rollback?service=svc-5&environment=prod&reason=x")) {
            Reply reply = get("adam", path);
            assertEquals(path, 405, reply.status());
            assertEquals("this changes something; use POST", reply.error());
        }
        assertEquals(before, Desk.store().records(r -> true).size());
    }

    @Test
    public void aSessionNeedsACrumb() throws Exception {
        String id = DESK.waiting(Desk.service(6), "1.0.0");
        JenkinsRule.WebClient session =
                Logins.login(j.createWebClient().withThrowExceptionOnFailingStatusCode(false), "olga");
        assertEquals(
                403,
                Reply.of(session.getPage(request("promotion/" + id + "/abort"))).status());
        assertEquals(State.WAITING, Desk.promotion(id).state());
        assertEquals(
                200,
                Reply.of(session.getPage(session.addCrumb(request("promotion/" + id + "/abort"))))
                        .status());
    }

    @Test
    public void everyChangeIsRefusedWithoutItsPermission() throws Exception {
        String service = Desk.service(7);
        String id = DESK.waiting(service, "1.0.0");
        String[][] changes = {
            {"promotion/" + id + "/approve", "planDigest", Desk.planDigest(id)},
            {"promotion/" + id + "/reject", "reason", "x"},
            {"promotion/" + id + "/abort", "reason", "x"},
            {"promotion/" + id + "/replan"},
            {"pause", "scope", Pause.service(service), "reason", "x"},
            {"resume", "scope", Pause.service(service), "reason", "x"},
            {"release-hold", "service", service, "environment", "prod", "reason", "x"},
            {"rollback", "service", service, "environment", "prod", "reason", "x"},
            {"evidence", "release", service + "@1.0.0", "envelope", "{}"}
        };
        for (String[] change : changes) {
            String[] fields = java.util.Arrays.copyOfRange(change, 1, change.length);
            for (String user : new String[] {"vera", "rita", "nina"}) {
                Reply reply = post(user, change[0], fields);
                assertEquals(user + " " + change[0], 403, reply.status());
                assertTrue(reply.error(), reply.error().contains("missing the Serverless Promotion/"));
            }
            assertEquals("not logged in " + change[0], LOGIN, answers(request(change[0], fields)));
        }
        assertEquals(State.WAITING, Desk.promotion(id).state());
        assertEquals(List.of(), Desk.store().pauses());
    }

    /** Whose word a statement is, its signature says; who may hand it in is another question. */
    @Test
    public void whatIsNoSignedStatementAboutTheReleaseIsRefused() throws Exception {
        String release = Desk.service(9) + "@1.0.0";
        DESK.publish(Desk.service(9), "1.0.0");
        Reply reply = post("adam", "evidence", "release", release, "envelope", "{}");
        assertEquals(400, reply.status());
        assertTrue(reply.error(), reply.error().contains("entries in 'signatures'"));
        String unsigned = "{\"payloadType\":\"application/vnd.in-toto+json\",\"payload\":\"e30=\","
                + "\"signatures\":[{\"sig\":\"AAAA\"}]}";
        assertTrue(post("adam", "evidence", "release", release, "envelope", unsigned)
                .error()
                .contains("signed by none of the keys that the policy trusts"));
        assertEquals(400, post("adam", "evidence", "release", release).status());
        assertEquals(
                400,
                post("adam", "evidence", "release", "orders", "envelope", "{}").status());
        assertEquals(
                404,
                post("adam", "evidence", "release", Desk.service(9) + "@9.9.9", "envelope", "{}")
                        .status());
        assertEquals(List.of(), Desk.store().evidence(release));
    }

    @Test
    public void pausesHoldsAndRollbacks() throws Exception {
        String service = Desk.service(8);
        String scope = Pause.service(service);
        assertEquals(
                400,
                post("olga", "pause", "scope", "service nope", "reason", "x").status());
        assertEquals(400, post("olga", "pause", "scope", scope).status());
        assertEquals(
                200, post("olga", "pause", "scope", scope, "reason", "incident").status());
        assertEquals(
                409, post("olga", "pause", "scope", scope, "reason", "incident").status());
        assertEquals(
                200, post("olga", "resume", "scope", scope, "reason", "over").status());
        DESK.toProd(service, "1.0.0");
        assertEquals(
                409,
                post("olga", "rollback", "service", service, "environment", "prod", "reason", "x")
                        .status());
        DESK.toProd(service, "1.1.0");
        assertEquals(
                404,
                post("olga", "rollback", "service", "nope", "environment", "prod", "reason", "x")
                        .status());
        Reply asked = post(
                "olga",
                "rollback",
                "service",
                service,
                "environment",
                "prod",
                "reason",
                "checkout fails",
                "ticket",
                "INC1");
        assertEquals(200, asked.status());
        assertEquals("ROLLBACK", asked.document().getString("kind"));
        String id = asked.document().getString("id");
        DESK.until(id, State.WAITING);
        assertEquals(
                200,
                post("erin", "promotion/" + id + "/approve", "planDigest", Desk.planDigest(id))
                        .status());
        DESK.until(id, State.SUCCEEDED);
        assertEquals(
                200,
                post("olga", "release-hold", "service", service, "environment", "prod", "reason", "fixed")
                        .status());
        assertNull(Desk.store().lane(new LaneId(service, "prod")).hold());
    }

    @Test
    public void anAddressWithoutASlashAnswersWithTheDocument() throws Exception {
        String id = DESK.waiting(Desk.service(19), "1.0.0");
        for (String path : List.of("promotion/" + id, "owners", "owners?limit=1")) {
            JenkinsRule.WebClient client = by("bob");
            client.getOptions().setRedirectEnabled(false);
            Reply reply = Reply.of(client.getPage(new URL(j.getURL(), API + path)));
            assertEquals(path, 200, reply.status());
            assertEquals(path.startsWith("owners"), reply.document().has("recorded"));
        }
        JenkinsRule.WebClient client = by("nina");
        client.getOptions().setRedirectEnabled(false);
        assertEquals(
                403,
                Reply.of(client.getPage(new URL(j.getURL(), API + "promotion/" + id)))
                        .status());
        assertEquals(404, get("bob", "promotion/orders.prod.99999").status());
    }

    @Test
    public void resumeAnswersWithWhatIsStillPaused() throws Exception {
        String service = Desk.service(18);
        DESK.waiting(service, "1.0.0");
        String scope = "service " + service;
        Reply refused = post("olga", "resume", "scope", scope, "reason", "over");
        assertEquals(409, refused.status());
        assertTrue(refused.error(), refused.error().contains(scope + " is not paused; "));
        assertEquals(
                200, post("olga", "pause", "scope", scope, "reason", "incident").status());
        assertEquals(
                200,
                post("olga", "pause", "scope", "environment dev", "reason", "load test")
                        .status());
        Reply resumed = post("olga", "resume", "scope", "environment dev", "reason", "over");
        assertEquals("environment dev", resumed.document().getString("resumed"));
        assertTrue(resumed.document().getJSONArray("pauses").toString().contains(scope));
        assertEquals(
                200, post("olga", "resume", "scope", scope, "reason", "over").status());
    }

    @Test
    public void theAccountsAreCheckedForThoseWhoConfigureOrAudit() throws Exception {
        assertEquals(403, post("alice", "accounts-check").status());
        assertEquals(405, get("audra", "accounts-check").status());
        Reply reply = post("audra", "accounts-check");
        assertEquals(200, reply.status());
        assertTrue(reply.document().getBoolean("complete"));
        assertEquals(
                "OK", reply.document().getJSONArray("checks").getJSONObject(0).getString("result"));
    }

    @Test
    public void theAuditLogIsForAuditors() throws Exception {
        String id = DESK.waiting(Desk.service(9), "1.0.0");
        assertEquals(403, get("vera", "audit").status());
        assertEquals(403, get("alice", "audit").status());
        Reply first = get("audra", "audit?limit=2");
        assertEquals(2, first.document().getJSONArray("entries").size());
        assertEquals(
                0, first.document().getJSONArray("entries").getJSONObject(0).getInt("seq"));
        assertEquals(2, first.document().getInt("next"));
        Reply next = get("audra", "audit?from=2&limit=1");
        assertEquals(2, next.document().getJSONArray("entries").getJSONObject(0).getInt("seq"));
        Reply one = get("audra", "audit?promotion=" + id);
        assertFalse(one.document().has("next"));
        assertTrue(one.document().getJSONArray("entries").size() >= 2);
        assertEquals(400, get("audra", "audit?limit=many").status());
        assertEquals(400, get("audra", "audit?from=-1").status());
    }

    @Test
    @Shows(table = Shows.HOLES, cell = "14 rest")
    public void aTokenDecidesNothingWhereTheRealmCannotLookUsersUp() throws Exception {
        String id = DESK.waiting(Desk.service(10), "1.0.0");
        SecurityRealm before = j.jenkins.getSecurityRealm();
        j.jenkins.setSecurityRealm(new Unasked());
        try {
            Reply reply = post("alice", "promotion/" + id + "/approve", "planDigest", Desk.planDigest(id));
            assertEquals(403, reply.status());
            assertTrue(reply.error(), reply.error().startsWith("an API token cannot decide here"));
            assertEquals(
                    "reading is allowed", 200, get("alice", "promotion/" + id).status());
        } finally {
            j.jenkins.setSecurityRealm(before);
            DESK.goOn();
        }
        assertEquals(List.of(), Desk.promotion(id).approvals());
    }

    /** Like SAML: it knows users only while they log in. */
    private static final class Unasked extends AbstractPasswordBasedSecurityRealm {
        @Override
        protected UserDetails authenticate2(String name, String password) {
            throw new BadCredentialsException(name);
        }

        @Override
        public UserDetails loadUserByUsername2(String name) {
            throw new UserMayOrMayNotExistException2(name);
        }

        @Override
        public GroupDetails loadGroupByGroupname2(String name, boolean fetchMembers) {
            throw new UserMayOrMayNotExistException2(name);
        }
    }
}
