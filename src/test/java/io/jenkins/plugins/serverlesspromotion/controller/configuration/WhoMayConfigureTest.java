package io.jenkins.plugins.serverlesspromotion.controller.configuration;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotSame;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertThrows;

import hudson.util.FormValidation;
import io.jenkins.plugins.serverlesspromotion.Shows;
import io.jenkins.plugins.serverlesspromotion.controller.EngineLifecycle;
import io.jenkins.plugins.serverlesspromotion.controller.Logins;
import io.jenkins.plugins.serverlesspromotion.controller.PromotionPermissions;
import io.jenkins.plugins.serverlesspromotion.engine.lane.GateContext.Pause;
import java.net.URL;
import java.util.ArrayList;
import java.util.List;
import jenkins.model.Jenkins;
import org.htmlunit.FailingHttpStatusCodeException;
import org.htmlunit.HttpMethod;
import org.htmlunit.WebRequest;
import org.htmlunit.html.HtmlForm;
import org.htmlunit.html.HtmlInput;
import org.htmlunit.html.HtmlPage;
import org.htmlunit.util.NameValuePair;
import org.junit.After;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;
import org.kohsuke.stapler.StaplerRequest2;

/** The policy may be changed by whoever holds Configure; where requests go, by administrators only. */
public class WhoMayConfigureTest {
    @ClassRule
    public static final JenkinsRule j = new JenkinsRule();

    @Before
    public void people() throws Exception {
        Jenkins.MANAGE.setEnabled(true);
        ConfiguredPolicies.forget();
        ConfiguredPolicies.configure(ConfiguredPolicies.SMALL + "settings: { maxLoginAge: 4h }\n");
        j.jenkins.setSecurityRealm(j.createDummySecurityRealm());
        j.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                .grant(Jenkins.ADMINISTER)
                .everywhere()
                .to("adam")
                .grant(Jenkins.READ, Jenkins.MANAGE, PromotionPermissions.CONFIGURE)
                .everywhere()
                .to("connie")
                .grant(Jenkins.READ, Jenkins.MANAGE)
                .everywhere()
                .to("mary")
                .grant(Jenkins.READ, PromotionPermissions.CONFIGURE)
                .everywhere()
                .to("olga")
                .grant(Jenkins.READ, PromotionPermissions.VIEW)
                .everywhere()
                .to("rita")
                .grant(Jenkins.READ, PromotionPermissions.VIEW, PromotionPermissions.PROMOTE)
                .everywhere()
                .to("petra")
                .grant(Jenkins.READ, PromotionPermissions.VIEW, PromotionPermissions.CONFIGURE)
                .everywhere()
                .to("quinn"));
    }

    @After
    public void asItWas() {
        Jenkins.MANAGE.setEnabled(false);
    }

    private HtmlForm form(String user) throws Exception {
        return Logins.login(j.createWebClient(), user).goTo("manage/configure").getFormByName("config");
    }

    @Test
    public void whoeverMayConfigureChangesThePolicyAndIsNamedForIt() throws Exception {
        HtmlForm form = form("connie");
        form.getInputByName("_.bucket").setValue("acme-other");
        j.submit(form);
        assertEquals("connie", ConfiguredPolicies.inForce().by());
        assertEquals(
                "acme-other",
                ConfiguredPolicies.inForce().policy().stores().get("main").bucket());
    }

    private static List<String> paused() {
        return EngineLifecycle.get().store().orElseThrow().pauses().stream()
                .map(Pause::scope)
                .toList();
    }

    /** The scopes for which the board shows {@code user} a button that resumes them. */
    private static List<String> resumable(String user) throws Exception {
        return Logins.login(j.createWebClient(), user)
                .goTo("promotion-releases/")
                .querySelectorAll("form[action$='/resume'] input[name='scope']")
                .stream()
                .map(input -> ((HtmlInput) input).getValue())
                .toList();
    }

    private void resume(String user, String scope) throws Exception {
        var wc = j.createWebClient().withBasicApiToken(user);
        var post = new WebRequest(new URL(j.getURL(), "promotion-releases/resume"), HttpMethod.POST);
        post.setRequestParameters(new ArrayList<>(
                List.of(new NameValuePair("scope", scope), new NameValuePair("reason", "it is urgent"))));
        wc.getPage(post);
    }

    @Test
    public void thePauseOfAnInvalidPolicyIsLiftedOnlyByWhoMayConfigure() throws Exception {
        EngineLifecycle.get().promotions().orElseThrow().pause(Pause.EVERYTHING, "user:petra", "an incident");
        ConfiguredPolicies.configure("environments: [ { name: dev, after: nowhere } ]\n");
        assertEquals(List.of(Pause.EVERYTHING, Pause.CONFIGURATION), paused());

        var refused = assertThrows(FailingHttpStatusCodeException.class, () -> resume("petra", Pause.CONFIGURATION));
        assertEquals(403, refused.getStatusCode());
        assertEquals("who may promote lifts only what people paused", List.of(Pause.EVERYTHING), resumable("petra"));
        assertEquals(List.of(Pause.CONFIGURATION), resumable("quinn"));
        resume("petra", Pause.EVERYTHING);
        assertEquals("the mistake still pauses", List.of(Pause.CONFIGURATION), paused());
        resume("quinn", Pause.CONFIGURATION);
        assertEquals(List.of(), paused());
    }

    /** Whoever opens the form or exports while another form is saved sees what is configured, not half of it. */
    @Test
    public void aFormIsBoundIntoADraft() throws Exception {
        var live = ServerlessPromotionConfiguration.get();
        var bound = new java.util.concurrent.atomic.AtomicReference<Object>();
        var request = (StaplerRequest2) java.lang.reflect.Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {StaplerRequest2.class}, (proxy, method, args) -> {
                    if (method.getName().equals("bindJSON")) {
                        bound.set(args[0]);
                        assertEquals("as it was", 1, live.getArtifactStores().size());
                        var draft = (ServerlessPromotionConfiguration) args[0];
                        draft.setArtifactStores(live.getArtifactStores());
                        draft.setAccounts(live.getAccounts());
                        draft.setEnvironments(live.getEnvironments());
                        draft.setServices(live.getServices());
                        draft.setRoles(live.getRoles());
                        draft.setDefaults(live.getDefaults());
                    }
                    return null;
                });
        live.configure(request, new net.sf.json.JSONObject());
        assertNotSame(live, bound.get());
        assertEquals(1, live.getArtifactStores().size());
    }

    @Test
    @Shows(table = Shows.HOLES, cell = "2 jcasc")
    public void onlyAnAdministratorDecidesWhereRequestsGo() throws Exception {
        HtmlForm form = form("connie");
        form.getInputByName("_.bucket").setValue("acme-other");
        form.getInputByName("_.endpoint").setValue("http://127.0.0.1:4566");
        assertThrows(FailingHttpStatusCodeException.class, () -> j.submit(form));
        assertEquals(
                "nothing of it counts",
                "acme-releases",
                ConfiguredPolicies.inForce().policy().stores().get("main").bucket());
        assertNull(ServerlessPromotionConfiguration.get()
                .settingsInEffect()
                .awsSettings()
                .endpoint());
        assertEquals(
                "acme-releases",
                ServerlessPromotionConfiguration.get()
                        .getArtifactStores()
                        .get(0)
                        .getBucket());

        HtmlForm administrators = own("adam");
        administrators.getInputByName("_.endpoint").setValue("http://127.0.0.1:4566");
        j.submit(administrators);
        assertEquals(
                4566,
                ServerlessPromotionConfiguration.get()
                        .settingsInEffect()
                        .awsSettings()
                        .endpoint()
                        .getPort());
    }

    @Test
    @Shows(table = Shows.HOLES, cell = "2 jcasc")
    public void whoeverMayOnlyManageNeitherSeesNorLosesThePolicy() throws Exception {
        HtmlForm form = form("mary");
        assertEquals(0, form.getInputsByName("_.bucket").size());
        j.submit(form);
        assertEquals(
                "acme-releases",
                ServerlessPromotionConfiguration.get()
                        .getArtifactStores()
                        .get(0)
                        .getBucket());
    }

    @Test
    public void whoeverDoesNotManageJenkinsHasAPageOfTheirOwn() throws Exception {
        HtmlForm form = own("olga");
        form.getInputByName("_.bucket").setValue("acme-other");
        HtmlPage then = (HtmlPage) j.submit(form);
        assertThat(then.asNormalizedText(), containsString("Saved, and in force"));
        assertEquals("olga", ConfiguredPolicies.inForce().by());
        assertEquals(
                "acme-other",
                ConfiguredPolicies.inForce().policy().stores().get("main").bucket());
        assertEquals(
                "what was not touched is as it was",
                "4h",
                ServerlessPromotionConfiguration.get().getSettings().getMaxLoginAge());

        HtmlForm reach = own("olga");
        reach.getInputByName("_.endpoint").setValue("http://127.0.0.1:4566");
        assertThrows(FailingHttpStatusCodeException.class, () -> j.submit(reach));
        assertNull(ServerlessPromotionConfiguration.get()
                .settingsInEffect()
                .awsSettings()
                .endpoint());
    }

    @Test
    public void nobodyOverwritesWhatTheyHaveNotSeen() throws Exception {
        HtmlForm first = own("olga");
        HtmlForm second = own("connie");
        first.getInputByName("_.bucket").setValue("acme-first");
        j.submit(first);
        second.getInputByName("_.bucket").setValue("acme-second");
        var refused = assertThrows(FailingHttpStatusCodeException.class, () -> j.submit(second));
        assertEquals(409, refused.getStatusCode());
        String said = refused.getResponse().getContentAsString();
        assertThat(said, containsString("Nothing was saved: the configuration was changed by another person"));
        assertThat(said, containsString("acme-first"));
        assertEquals(
                "acme-first",
                ConfiguredPolicies.inForce().policy().stores().get("main").bucket());
    }

    @Test
    public void whatWouldPauseEverythingIsRefusedAndNotSaved() throws Exception {
        HtmlForm form = own("olga");
        String before = form.getInputByName("_.bucket").getValue();
        form.getInputByName("_.bucket").setValue("A_B");
        var refused = assertThrows(FailingHttpStatusCodeException.class, () -> j.submit(form));
        assertEquals(400, refused.getStatusCode());
        assertThat(refused.getResponse().getContentAsString(), containsString("A_B"));
        assertEquals(before, own("olga").getInputByName("_.bucket").getValue());
    }

    @Test
    public void nobodyElseSeesThatPage() throws Exception {
        for (String user : new String[] {"rita", "mary"}) {
            var refused = assertThrows(FailingHttpStatusCodeException.class, () -> own(user));
            assertEquals(user, 403, refused.getStatusCode());
            assertEquals(user, 403, save(user, HttpMethod.POST, true));
        }
        assertEquals("without a crumb", 403, save("olga", HttpMethod.POST, false));
        assertEquals("by a link", 405, save("olga", HttpMethod.GET, true));
        assertEquals("with all of that", 409, save("olga", HttpMethod.POST, true));
    }

    /** Sends a form that was opened with some other configuration. */
    private int save(String user, HttpMethod method, boolean crumb) throws Exception {
        JenkinsRule.WebClient client = j.createWebClient().withThrowExceptionOnFailingStatusCode(false);
        Logins.login(client, user);
        WebRequest request = new WebRequest(new URL(j.getURL(), "promotion-releases/configuration/save"), method);
        request.setRequestParameters(List.of(new NameValuePair("json", "{\"opened\": \"another\"}")));
        return client.getPage(crumb ? client.addCrumb(request) : request)
                .getWebResponse()
                .getStatusCode();
    }

    private HtmlForm own(String user) throws Exception {
        return Logins.login(j.createWebClient(), user)
                .goTo("promotion-releases/configuration/")
                .getFormByName("config");
    }

    @Test
    public void theFormSaysWhatIsWrongWithAField() throws Exception {
        try (var as = hudson.security.ACL.as(hudson.model.User.getById("connie", true))) {
            var accounts = j.jenkins.getDescriptorByType(AccountConfig.DescriptorImpl.class);
            assertEquals(FormValidation.Kind.OK, accounts.doCheckId("033333333333").kind);
            assertThat(accounts.doCheckId("3333").getMessage(), containsString("12 digits"));
            assertThat(accounts.doCheckName("Orders").getMessage(), containsString("lower-case"));
            assertThat(accounts.doCheckBucket("code-${accountId}").getMessage(), containsString("${region}"));
            assertThat(accounts.doCheckExternalId("x").getMessage(), containsString("2 to 1224"));
            var stores = j.jenkins.getDescriptorByType(ArtifactStoreConfig.DescriptorImpl.class);
            assertThat(stores.doCheckBucket("A_B").getMessage(), containsString("no bucket name"));
            assertThat(stores.doCheckRegion("here").getMessage(), containsString("not a region"));
            var approval = j.jenkins.getDescriptorByType(ApprovalGateConfig.DescriptorImpl.class);
            assertEquals(FormValidation.Kind.OK, approval.doCheckExpiresAfter("").kind);
            assertEquals(FormValidation.Kind.OK, approval.doCheckExpiresAfter("36h").kind);
            assertThat(approval.doCheckExpiresAfter("soon").getMessage(), containsString("not a duration"));
            var placement = j.jenkins.getDescriptorByType(PlacementConfig.DescriptorImpl.class);
            assertThat(placement.doCheckPause("8d").getMessage(), containsString("must be from"));
            var settings = j.jenkins.getDescriptorByType(SettingsConfig.DescriptorImpl.class);
            assertThat(settings.doCheckMaxLoginAge("2d").getMessage(), containsString("from 5m to 1d"));
            assertThat(settings.doCheckEndpoint("file:///etc").getMessage(), containsString("http or https"));
        }
    }
}
