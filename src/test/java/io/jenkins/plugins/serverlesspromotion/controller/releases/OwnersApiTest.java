package io.jenkins.plugins.serverlesspromotion.controller.releases;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

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

/** {@code api/owners}: each caller gets what concerns the services that they may see, and who may configure decides. */
public class OwnersApiTest {
    @ClassRule
    public static JenkinsRule j = new JenkinsRule();

    private static final Desk DESK = new Desk();

    @BeforeClass
    public static void open() throws Exception {
        DESK.open(j);
        decided("adam", "stack:zero", Desk.service(0), 200);
        decided("adam", "stack:one", Desk.service(1), 200);
        decided("adam", "stack:two", Desk.service(2), 200);
    }

    @AfterClass
    public static void close() {
        DESK.close();
    }

    private static JenkinsRule.WebClient by(String user) throws Exception {
        return j.createWebClient()
                .withThrowExceptionOnFailingStatusCode(false)
                .withJavaScriptEnabled(false)
                .withBasicApiToken(user);
    }

    private static JSONObject owners(String user, String query, int status) throws Exception {
        Page page = by(user).getPage(new URL(j.getURL(), "promotion-releases/api/owners/" + query));
        assertEquals(
                page.getWebResponse().getContentAsString(),
                status,
                page.getWebResponse().getStatusCode());
        return JSONObject.fromObject(page.getWebResponse().getContentAsString());
    }

    /** Names of the resources about which persons decided. */
    private static List<String> resources(JSONObject owners) {
        var ids = new ArrayList<String>();
        for (Object one : owners.getJSONArray("decided")) {
            ids.add(((JSONObject) one).getJSONObject("resource").getString("id"));
        }
        return ids;
    }

    private static JSONObject decided(String user, String resource, String service, int status, String... more)
            throws Exception {
        var request = new WebRequest(new URL(j.getURL(), "promotion-releases/api/owners/decide"), HttpMethod.POST);
        var fields = new ArrayList<>(List.of(
                new NameValuePair("resource", resource),
                new NameValuePair("place", "dev/eu-west-1"),
                new NameValuePair("service", service),
                new NameValuePair("environment", "dev")));
        fields.add(new NameValuePair("reason", more.length == 0 ? "handed over" : more[0]));
        request.setRequestParameters(fields);
        Page page = by(user).getPage(request);
        assertEquals(
                page.getWebResponse().getContentAsString(),
                status,
                page.getWebResponse().getStatusCode());
        return JSONObject.fromObject(page.getWebResponse().getContentAsString());
    }

    @Test
    public void everyoneSeesWhatConcernsTheServicesThatTheyMaySee() throws Exception {
        List<String> all = List.of("one", "two", "zero");
        assertEquals("View", all, resources(owners("vera", "", 200)));
        assertEquals("Configure, as an administrator has it", all, resources(owners("adam", "", 200)));
        assertEquals("a job of one service", List.of("zero"), resources(owners("rita", "", 200)));
        assertEquals(List.of("one"), resources(owners("vera", "?service=" + Desk.service(1), 200)));
        assertEquals(List.of(), resources(owners("rita", "?service=" + Desk.service(1), 200)));
        assertTrue(owners("nina", "", 403).getString("error").contains("Serverless Promotion/View"));
    }

    @Test
    public void anAnswerIsLimitedAndSaysWhetherItGoesOn() throws Exception {
        JSONObject first = owners("vera", "?limit=2", 200);
        assertEquals(List.of("one", "two"), resources(first));
        assertTrue(first.getBoolean("more"));
        JSONObject rest = owners("vera", "?from=2&limit=2", 200);
        assertEquals(List.of("zero"), resources(rest));
        assertFalse(rest.getBoolean("more"));
        for (String wrong : List.of("?limit=0", "?limit=201", "?from=-1", "?from=x")) {
            owners("vera", wrong, 400);
        }
    }

    @Test
    public void onlyWhoMayConfigureDecidesAndTheRulesAreThoseOfTheCommand() throws Exception {
        long before = Desk.store().records(r -> true).size();
        decided("olga", "stack:mine", Desk.service(1), 403);
        assertEquals(
                "the refusal alone", before + 1, Desk.store().records(r -> true).size());
        decided("adam", "stack:mine", Desk.service(1), 400, " ");
        decided("adam", "stack", Desk.service(1), 400);
        decided("adam", "queue:mine", Desk.service(1), 400);
        decided("adam", "stack:mine", "nothing", 409);
        decided("adam", "bucket:acme-releases", Desk.service(1), 409);
        decided("adam", "bucket:site-abc-s3alias", Desk.service(1), 409);
        Page get = by("adam")
                .getPage(
                        new URL(
                                j.getURL(),
                                "promotion-releases/api/owners/decide?resource=stack:mine&place=dev/eu-west-1&service=svc-1&environment=dev&reason=x"));
        assertEquals(405, get.getWebResponse().getStatusCode());
        assertEquals(List.of("one", "two", "zero"), resources(owners("adam", "", 200)));
    }
}
