package io.jenkins.plugins.serverlesspromotion.controller.releases;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.Shows;
import io.jenkins.plugins.serverlesspromotion.controller.PagePaths;
import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion.State;
import io.jenkins.plugins.serverlesspromotion.engine.lane.PromotionDecisions;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Gate;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.engine.release.Artifact;
import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest;
import io.jenkins.plugins.serverlesspromotion.engine.release.Provenance;
import io.jenkins.plugins.serverlesspromotion.engine.release.Published;
import io.jenkins.plugins.serverlesspromotion.engine.release.Release;
import io.jenkins.plugins.serverlesspromotion.view.ReleaseBoard;
import io.jenkins.plugins.serverlesspromotion.view.StoreReader;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.htmlunit.Page;
import org.htmlunit.html.HtmlButton;
import org.htmlunit.html.HtmlPage;
import org.htmlunit.html.HtmlRadioButtonInput;
import org.htmlunit.html.HtmlTextInput;
import org.junit.AfterClass;
import org.junit.Before;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Test;
import org.jvnet.hudson.test.JenkinsRule;

/** People who could not be established, what others may not learn, and bounds, on the page, over REST and by command. */
public class PeopleSurfacesTest {
    @ClassRule
    public static final JenkinsRule j = new JenkinsRule();

    private static final Desk DESK = new Desk();
    private static final int DONE = 0;
    private static final int NO = 5;
    private static final String UNKNOWN = "cannot establish who asked";
    private static int services;

    private final Surfaces surfaces = new Surfaces(j);

    @BeforeClass
    public static void open() throws Exception {
        DESK.open(j);
    }

    @AfterClass
    public static void close() {
        DESK.close();
    }

    @Before
    public void policy() throws Exception {
        Desk.promotions().apply(Desk.policy(1), "user:ops");
    }

    private static int status(Page page) {
        return page.getWebResponse().getStatusCode();
    }

    /** A promotion that a build asked for, behind which bob is and a person who is not known. */
    private String unknown() throws Exception {
        String service = Desk.service(++services);
        DESK.toDev(service, "1.0.0");
        var request = new PromotionDecisions.Request(
                        "job:team/" + service + "#7", Set.of("bob"), Instant.now(), null, null, "key-" + service)
                .withUnknown(true);
        String id = Desk.promotions()
                .request(
                        new LaneId(service, "prod"),
                        DESK.publish(service, "1.0.0").ref(),
                        request);
        return DESK.until(id, State.WAITING);
    }

    private static void blockUnknownAuthors() throws Exception {
        Policy plain = Desk.policy(1);
        Policy.Environment prod = plain.environments().get("prod");
        Gate.Approval approval = (Gate.Approval) prod.gates().get(0);
        var environments = new LinkedHashMap<>(plain.environments());
        environments.put(
                "prod",
                new Policy.Environment(
                        "prod",
                        prod.after(),
                        List.of(new Gate.Approval(
                                approval.require(), true, approval.expiresAfter(), Gate.Authors.BLOCK_UNMAPPED, null)),
                        prod.rollback()));
        Desk.promotions()
                .apply(
                        new Policy(
                                plain.stores(),
                                plain.accounts(),
                                plain.roles(),
                                environments,
                                plain.services(),
                                Map.of(),
                                new Policy.People(
                                        Map.of("dave", Set.of("dave@acme.net"), "zoe", Set.of("zoe@acme.net")),
                                        Set.of()),
                                Map.of(),
                                List.of(),
                                null),
                        "user:ops");
    }

    // --- requesters ---

    @Test
    @Shows(table = Shows.HOLES, cell = "22 page")
    public void onThePageAPersonOfTheRoleStatesWhoRequestedAndDoesNotCount() throws Exception {
        String id = unknown();
        String url = PagePaths.promotion(id);
        for (String other : List.of("bob", "vera", "olga", "audra")) {
            assertNull(other, surfaces.look(other, url).getElementById("sp-requesters-form"));
        }
        assertEquals(409, status(surfaces.press("alice", url + "approve", "planDigest", Desk.planDigest(id))));
        HtmlPage page = surfaces.open("alice", url);
        assertTrue(page.asNormalizedText(), page.asNormalizedText().contains(UNKNOWN));
        page.<HtmlRadioButtonInput>getHtmlElementById("sp-requesters-people").click();
        page.<HtmlTextInput>getHtmlElementById("sp-requesters-reason").type("said so in the chat");
        HtmlPage refused = page.<HtmlButton>getHtmlElementById("sp-requesters").click();
        assertEquals(400, status(refused));
        assertEquals(
                "name the people who requested it, or state that no person did",
                refused.getElementById("sp-refusal").asNormalizedText().strip());
        assertEquals(
                "what was typed is kept",
                "said so in the chat",
                refused.<HtmlTextInput>getHtmlElementById("sp-requesters-reason")
                        .getValue());
        refused.<HtmlRadioButtonInput>getHtmlElementById("sp-requesters-people").click();
        ((HtmlTextInput) refused.getElementByName("people")).type("zoe");
        HtmlPage stated =
                refused.<HtmlButton>getHtmlElementById("sp-requesters").click();
        assertEquals(200, status(stated));
        assertNull(stated.getElementById("sp-requesters-form"));
        assertTrue(
                stated.asNormalizedText(),
                stated.asNormalizedText().contains("alice stated that zoe requested it: said so in the chat"));
        assertEquals(Set.of("bob", "zoe"), Desk.promotion(id).requesters());
        assertEquals(409, status(surfaces.press("alice", url + "approve", "planDigest", Desk.planDigest(id))));
        assertEquals(List.of(), Desk.promotion(id).approvals());
        DESK.approve(id, "dave");
        DESK.approve(id, "carol");
        DESK.until(id, State.SUCCEEDED);
    }

    @Test
    @Shows(
            table = Shows.HOLES,
            cell = {"22 rest", "22 command"})
    public void overRestAndByCommandNoOneDecidesWhileARequesterIsUnknown() throws Exception {
        String id = unknown();
        String path = "promotion/" + id + "/";
        Surfaces.Reply closed = surfaces.post("alice", path + "approve", "planDigest", Desk.planDigest(id));
        assertEquals(409, closed.status());
        assertTrue(closed.error(), closed.error().startsWith(UNKNOWN));
        assertEquals(
                NO,
                surfaces.cli("carol", "promotion-approve", id, "--plan", Desk.planDigest(id))
                        .returnCode());
        assertEquals(
                400,
                surfaces.post("alice", path + "requesters", "people", "zoe").status());
        assertEquals(
                403,
                surfaces.post("vera", path + "requesters", "none", "true", "reason", "x")
                        .status());
        assertEquals(
                "bob asked",
                409,
                surfaces.post("bob", path + "requesters", "none", "true", "reason", "x")
                        .status());
        assertEquals(
                DONE,
                surfaces.cli("alice", "promotion-requesters", id, "--none", "--reason", "a webhook")
                        .returnCode());
        assertEquals(
                NO,
                surfaces.cli("alice", "promotion-approve", id, "--plan", Desk.planDigest(id))
                        .returnCode());
        assertEquals(
                200,
                surfaces.post("carol", path + "approve", "planDigest", Desk.planDigest(id))
                        .status());
        var document = surfaces.get("vera", path).document();
        assertEquals(
                "a webhook",
                document.getJSONArray("requestersStated").getJSONObject(0).getString("reason"));
    }

    /** A variable of a script that is empty says nothing about who asked. */
    @Test
    public void thatNoPersonAskedIsSaidInSoManyWords() throws Exception {
        String id = unknown();
        String path = "promotion/" + id + "/requesters";
        String url = PagePaths.promotion(id) + "requesters";
        String[][] rest = {
            {"reason", "x"},
            {"reason", "x", "people", ""},
            {"reason", "x", "people", " , "},
            {"reason", "x", "none", ""},
            {"reason", "x", "none", "false"},
            {"reason", "x", "none", "no"},
            {"reason", "x", "none", "yes", "people", "zoe"},
            {"reason", "x", "none", "true", "people", "zoe"}
        };
        for (String[] fields : rest) {
            Surfaces.Reply reply = surfaces.post("alice", path, fields);
            assertEquals(List.of(fields).toString(), 400, reply.status());
            assertEquals(
                    "name the people who requested it, or state that no person did, with people=ID,ID or none=true",
                    reply.error());
        }
        String[][] options = {{}, {"--people", ""}, {"--people", " , "}, {"--people", "zoe", "--none"}};
        for (String[] some : options) {
            var words = new ArrayList<>(List.of(id, "--reason", "x"));
            words.addAll(List.of(some));
            var answer = surfaces.cli("alice", "promotion-requesters", words.toArray(String[]::new));
            assertEquals(answer.stderr(), 3, answer.returnCode());
            assertTrue(answer.stderr(), answer.stderr().contains("no person did, with --people IDS or --none"));
        }
        for (String who : List.of("", "people", "anyone")) {
            assertEquals(who, 400, status(surfaces.press("alice", url, "who", who, "people", " , ", "reason", "x")));
        }
        assertEquals(List.of(), Desk.promotion(id).requestersStated());
        assertEquals(
                200,
                surfaces.post("alice", path, "none", "true", "people", "", "reason", "a webhook")
                        .status());
        assertEquals(Set.of(), Desk.promotion(id).requestersStated().get(0).people());
    }

    // --- authors ---

    @Test
    public void aPersonOfTheRoleAttestsTheAuthorsOfANamedReleaseAndDoesNotCount() throws Exception {
        blockUnknownAuthors();
        String service = Desk.service(++services);
        String id = DESK.waiting(service, "1.0.0");
        String url = PagePaths.promotion(id);
        Surfaces.Reply closed =
                surfaces.post("dave", "promotion/" + id + "/approve", "planDigest", Desk.planDigest(id));
        assertTrue(closed.error(), closed.error().startsWith("cannot establish who wrote " + service + "@1.0.0"));
        assertNull(surfaces.look("vera", url).getElementById("sp-authors-form"));
        HtmlPage page = surfaces.open("alice", url);
        page.<HtmlTextInput>getHtmlElementById("sp-authors-people").type("zoe, dave");
        page.<HtmlTextInput>getHtmlElementById("sp-authors-reason").type("read the commits");
        HtmlPage attested = page.<HtmlButton>getHtmlElementById("sp-authors").click();
        assertEquals(200, status(attested));
        assertTrue(attested.asNormalizedText()
                .contains("alice attested that dave, zoe wrote " + service + "@1.0.0: read the commits"));
        assertEquals(
                service + "@1.0.0", Desk.promotion(id).authorsAttested().get(0).release());
        for (String excluded : List.of("alice", "dave")) {
            assertEquals(
                    excluded,
                    409,
                    surfaces.post(excluded, "promotion/" + id + "/approve", "planDigest", Desk.planDigest(id))
                            .status());
        }
        assertEquals(List.of(), Desk.promotion(id).approvals());
        assertEquals(
                200,
                surfaces.post("carol", "promotion/" + id + "/approve", "planDigest", Desk.planDigest(id))
                        .status());
    }

    @Test
    public void authorsAreAttestedOverRestAndByCommand() throws Exception {
        blockUnknownAuthors();
        String service = Desk.service(++services);
        String id = DESK.waiting(service, "1.0.0");
        String path = "promotion/" + id + "/authors";
        String release = service + "@1.0.0";
        assertEquals(
                400,
                surfaces.post("alice", path, "people", "zoe", "reason", "x").status());
        assertEquals(
                409,
                surfaces.post("alice", path, "release", service + "@0.1.0", "people", "zoe", "reason", "x")
                        .status());
        assertEquals(
                409,
                surfaces.post("alice", path, "release", release, "reason", "x").status());
        assertEquals(
                NO,
                surfaces.cli("erin", "promotion-authors", id, "--release", release, "--people", "zoe", "--reason", "x")
                        .returnCode());
        assertEquals(
                DONE,
                surfaces.cli("alice", "promotion-authors", id, "--release", release, "--people", "zoe", "--reason", "x")
                        .returnCode());
        assertEquals(Set.of("zoe"), Desk.promotion(id).authorsAttested().get(0).people());
    }

    // --- what others may not learn ---

    /** Rita sees svc-0, because she may read the job that publishes it, and no other service. */
    @Test
    @Shows(
            table = Shows.HOLES,
            cell = {"24 page", "24 rest", "24 command"})
    public void whatARequiredServiceHasLiveIsShownOnlyToThoseWhoMaySeeIt() throws Exception {
        String other = Desk.service(++services);
        DESK.toDev(other, "1.0.77");
        String service = Desk.service(0);
        Published published = requiring(service, "3.0.0", other, ">=2");
        String id = Desk.promotions().request(new LaneId(service, "dev"), published.ref(), Desk.by("bob"));
        DESK.until(id, State.WAITING);
        String seen = "needs " + other + " >=2; 1.0.77 is live here";
        assertTrue(surfaces.get("vera", "promotion/" + id + "/")
                .document()
                .toString()
                .contains(seen));
        String url = PagePaths.promotion(id);
        for (String told : List.of(
                surfaces.get("rita", "promotion/" + id + "/").document().toString(),
                surfaces.get("rita", "explain?release=" + service + "@3.0.0&environment=dev")
                        .document()
                        .toString(),
                surfaces.look("rita", url).asNormalizedText(),
                surfaces.cli("rita", "promotion-show", id).stdout(),
                surfaces.cli("rita", "promotion-explain", service + "@3.0.0", "--to", "dev")
                        .stdout())) {
            assertTrue(told, told.contains(other + " >=2"));
            assertFalse(told, told.contains("1.0.77"));
        }
        for (String unknown : List.of(other, "svc-that-is-not-there")) {
            assertEquals(
                    unknown,
                    "there is no service " + unknown + " that you may see",
                    surfaces.get("rita", "explain?release=" + unknown + "@1.0.77&environment=dev")
                            .error());
        }
        Desk.promotions().abort(id, "user:ops", null);
    }

    private static Published requiring(String service, String version, String other, String range) throws Exception {
        var api = new Manifest.CloudFormation(
                "api", List.of(), List.of(), "api.yaml", "orders-${environment}", List.of(), Map.of(), Map.of());
        var manifest =
                new Manifest(service, Map.of(), List.of(api), List.of(), List.of(new Manifest.Requires(other, range)));
        var artifact = new Artifact("api.yaml", String.format("%064x", version.hashCode() & 0xffffffffL), 10);
        return Desk.promotions()
                .publish(
                        new Release(service, version, manifest, List.of(artifact)),
                        Provenance.publishedBy("user:bob"),
                        "main",
                        Map.of(),
                        "user:bob");
    }

    // --- bounds ---

    @Test
    @Shows(
            table = Shows.HOLES,
            cell = {"23 page", "23 rest", "23 command"})
    public void moreRequestsInAMinuteThanTheLimitAreAnsweredWithTheTimeToWait() throws Exception {
        String service = Desk.service(++services);
        DESK.toDev(service, "1.0.0");
        String[] ask = {"release", service + "@1.0.0", "environment", "prod", "ticket", "CHG1"};
        long before = refusals();
        Desk.promotions().perMinute(1);
        try {
            assertEquals(200, surfaces.post("olga", "promote", ask).status());
            Page second = surfaces.page("olga", "promote", ask);
            assertEquals(429, status(second));
            int wait = Integer.parseInt(second.getWebResponse().getResponseHeaderValue("Retry-After"));
            assertTrue(wait + " s", wait >= 1 && wait <= 60);
            assertTrue(Surfaces.Reply.of(second)
                    .error()
                    .matches("user:olga made 1 requests for promotions within a minute, which is the limit;"
                            + " try again in [0-9]+ seconds"));
            assertEquals(
                    NO,
                    surfaces.cli("olga", "promotion-promote", service + "@1.0.0", "--to", "prod")
                            .returnCode());
            assertEquals(
                    429,
                    status(surfaces.press(
                            "olga",
                            ReleasesAction.URL + "/service/" + service + "/promote",
                            "version",
                            "1.0.0",
                            "environment",
                            "prod")));
            assertEquals("recorded once a minute", before + 1, refusals());
        } finally {
            Desk.promotions().perMinute(10_000);
        }
    }

    private static long refusals() throws Exception {
        return Desk.store().records(r -> r.entry() instanceof Entry.Refused).size();
    }

    @Test
    public void theStatusIsReadInPagesThatNameTheNext() throws Exception {
        var all = new ArrayList<String>();
        String from = "";
        while (from != null) {
            var document = surfaces.get("vera", "status?limit=7&from=" + from).document();
            var some = document.getJSONArray("services");
            assertTrue(some.size() + " services", some.size() <= 7);
            for (int i = 0; i < some.size(); i++) {
                all.add(some.getJSONObject(i).getString("service"));
            }
            from = document.has("next") ? document.getString("next") : null;
        }
        assertEquals(List.copyOf(ReleaseBoard.services(new StoreReader(Desk.store()))), all);
        assertEquals(
                "rita sees one",
                1,
                surfaces.get("rita", "status?limit=7")
                        .document()
                        .getJSONArray("services")
                        .size());
        assertEquals(400, surfaces.get("vera", "status?limit=0").status());
    }

    @Test
    public void theAuditLogIsReadInPagesThatNameTheNext() throws Exception {
        DESK.toDev(Desk.service(++services), "1.0.0");
        var all = new ArrayList<Integer>();
        Object next = 0;
        while (next != null) {
            var document =
                    surfaces.get("audra", "audit?from=" + next + "&limit=7").document();
            var records = document.getJSONArray("entries");
            assertTrue(records.size() <= 7);
            for (int i = 0; i < records.size(); i++) {
                all.add(records.getJSONObject(i).getInt("seq"));
            }
            next = document.has("next") ? document.get("next") : null;
        }
        assertTrue(all.size() + " records", all.size() > 7);
        for (int i = 0; i < all.size(); i++) {
            assertEquals(i, (int) all.get(i));
        }
        assertEquals(400, surfaces.get("audra", "audit?limit=1001").status());
        String id = Desk.store()
                .promotions(new LaneId(Desk.service(services), "dev"))
                .get(0)
                .id();
        assertNotNull(surfaces.session("vera").goTo(PagePaths.promotion(id) + "log?from=0", "application/json"));
    }
}
