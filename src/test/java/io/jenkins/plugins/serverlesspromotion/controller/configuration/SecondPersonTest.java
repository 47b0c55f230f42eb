package io.jenkins.plugins.serverlesspromotion.controller.configuration;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import hudson.ExtensionList;
import hudson.cli.CLICommandInvoker;
import hudson.model.User;
import hudson.security.ACL;
import io.jenkins.plugins.serverlesspromotion.controller.EngineLifecycle;
import io.jenkins.plugins.serverlesspromotion.controller.Logins;
import io.jenkins.plugins.serverlesspromotion.controller.PromotionPermissions;
import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry;
import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry.ConfigurationSettled.Outcome;
import io.jenkins.plugins.serverlesspromotion.engine.policy.RulesChange;
import io.jenkins.plugins.serverlesspromotion.engine.port.Proposal;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import jenkins.model.Jenkins;
import org.htmlunit.HttpMethod;
import org.htmlunit.WebRequest;
import org.htmlunit.html.HtmlForm;
import org.htmlunit.html.HtmlPage;
import org.junit.Rule;
import org.junit.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.JenkinsSessionRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;

/** Where changes need a second person, one alone changes nothing, on no surface. */
public class SecondPersonTest {
    private static final String GATED = ConfiguredPolicies.SMALL.replace(
                    "[ { name: dev } ]",
                    "[ { name: dev, gates: [ { approval: { require: [ { role: owners } ], expiresAfter: 24h } } ] } ]")
            + "roles: [ { name: owners, users: [ connie, adam, erin ] } ]\n";
    private static final String NEEDED = GATED + "settings: { secondPersonForChanges: true }\n";

    @Rule
    public final JenkinsSessionRule sessions = new JenkinsSessionRule();

    private static void people(JenkinsRule j, String policy) throws Exception {
        Jenkins.MANAGE.setEnabled(true);
        ConfiguredPolicies.configure(policy);
        j.jenkins.setSecurityRealm(j.createDummySecurityRealm());
        j.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                .grant(Jenkins.ADMINISTER)
                .everywhere()
                .to("adam")
                .grant(Jenkins.READ, Jenkins.MANAGE, PromotionPermissions.VIEW, PromotionPermissions.CONFIGURE)
                .everywhere()
                .to("connie", "erin")
                .grant(Jenkins.READ, Jenkins.MANAGE, PromotionPermissions.VIEW, PromotionPermissions.APPROVE)
                .everywhere()
                .to("rita"));
    }

    /** As the form does it once its fields are bound, which takes long to load. */
    private static void want(String user, String expiry) throws Exception {
        var configuration = ServerlessPromotionConfiguration.get();
        String content = ConfigurationContent.of(configuration.saved());
        try (var as = ACL.as2(User.getById(user, true).impersonate2())) {
            configuration.submit(ConfigurationContent.read(
                    content.replace("<expiresAfter>" + expiry() + "<", "<expiresAfter>" + expiry + "<")));
        }
    }

    /** What somebody saves in the form. */
    private static void save(JenkinsRule j, String user, String field, String value) throws Exception {
        HtmlForm form = form(j, user);
        form.getInputByName(field).setValue(value);
        j.submit(form);
    }

    private static HtmlForm form(JenkinsRule j, String user) throws Exception {
        return Logins.login(j.createWebClient(), user)
                .goTo("promotion-releases/configuration/")
                .getFormByName("config");
    }

    private static String expiry() {
        return ((ApprovalGateConfig) ServerlessPromotionConfiguration.get()
                        .getEnvironments()
                        .get(0)
                        .getGates()
                        .get(0))
                .getExpiresAfter();
    }

    private static Proposal proposal() {
        assertEquals(1, Proposals.open().size());
        return Proposals.open().get(0);
    }

    private static Set<String> whoDoesNotCount() {
        return ConfiguredPolicies.inForce().changes().stream()
                .map(RulesChange::by)
                .collect(Collectors.toSet());
    }

    private static List<Outcome> outcomes() throws Exception {
        return EngineLifecycle.get()
                .store()
                .orElseThrow()
                .records(r -> r.entry() instanceof Entry.ConfigurationSettled)
                .stream()
                .map(r -> ((Entry.ConfigurationSettled) r.entry()).outcome())
                .toList();
    }

    private static int status(JenkinsRule j, String user, HttpMethod method, String path) throws Exception {
        var wc = Logins.login(j.createWebClient().withThrowExceptionOnFailingStatusCode(false), user);
        var url = new java.net.URL(
                method == HttpMethod.POST
                        ? wc.createCrumbedUrl(path.split("\\?")[0]) + "&" + path.replaceFirst("^[^?]*\\??", "")
                        : j.getURL() + path);
        return wc.getPage(new WebRequest(url, method)).getWebResponse().getStatusCode();
    }

    @Test
    public void whoeverChangesGatesInTheFormDoesNotCountThere() throws Throwable {
        sessions.then(j -> {
            people(j, GATED);
            save(j, "connie", "_.expiresAfter", "36h");
            assertEquals("36h", expiry());
            assertEquals(Set.of("connie"), whoDoesNotCount());
            assertEquals("dev", ConfiguredPolicies.inForce().changes().get(0).environment());
        });
    }

    @Test
    public void whoeverChangedTheFormIsKnownThoughTheJournalCouldNotBeToldAndAnotherMendedIt() throws Throwable {
        sessions.then(j -> {
            people(j, GATED);
            EngineLifecycle.close();
            want("connie", "36h");
        });
        sessions.then(j -> {
            assertEquals("as after a crash between file and journal", Set.of("connie"), whoDoesNotCount());
            want("erin", "soon");
            assertThat(PolicyActivator.get().problems(), hasItem(containsString("expiresAfter")));
            ConfiguredPolicies.configure(GATED.replace("24h", "48h"));
            assertEquals(
                    "whoever writes a rule that is wrong at first has changed it too",
                    Set.of("connie", "erin", "configuration as code or a script"),
                    whoDoesNotCount());
        });
    }

    @Test
    public void whatOneSavesAnotherAccepts() throws Throwable {
        sessions.then(j -> {
            people(j, NEEDED);
            String before = ConfiguredPolicies.inForce().digest();
            save(j, "connie", "_.expiresAfter", "36h");
            assertEquals("nothing changed", "24h", expiry());
            assertEquals(before, ConfiguredPolicies.inForce().digest());
            assertEquals("connie", proposal().made().by());
            assertEquals(
                    List.of("environments[dev].gates[approval].approval.expiresAfter: 24h → 36h"),
                    proposal().made().differences());
            assertTrue(ExtensionList.lookupSingleton(ProposalsMonitor.class).isActivated());

            HtmlPage hers = Logins.login(j.createWebClient(), "connie").goTo("promotion-releases/changes/");
            assertThat(hers.asNormalizedText(), containsString("expiresAfter: 24h → 36h"));
            assertTrue(hers.getElementByName("accept").hasAttribute("disabled"));
            assertEquals(
                    409,
                    status(
                            j,
                            "connie",
                            HttpMethod.POST,
                            "promotion-releases/changes/accept?id=" + proposal().id()));
            assertEquals("24h", expiry());

            HtmlPage board = Logins.login(j.createWebClient(), "erin").goTo("promotion-releases/");
            HtmlPage his = board.getElementById("sp-proposed")
                    .getElementsByTagName("a")
                    .get(0)
                    .click();
            assertThat(his.getUrl().getPath(), endsWith("/promotion-releases/changes/"));
            assertNull(Logins.login(j.createWebClient(), "rita")
                    .goTo("promotion-releases/")
                    .getElementById("sp-proposed"));
            his.getElementByName("accept").click();
            assertEquals("36h", expiry());
            assertEquals(List.of(), Proposals.open());
            assertEquals(List.of(Outcome.ACCEPTED, Outcome.CARRIED_OUT), outcomes());
            assertEquals("connie and erin", ConfiguredPolicies.inForce().by());
            assertEquals("neither of the two counts", Set.of("connie", "erin"), whoDoesNotCount());
            assertFalse(ExtensionList.lookupSingleton(ProposalsMonitor.class).isActivated());
        });
        sessions.then(j -> assertEquals("on disk too", "36h", expiry()));
    }

    @Test
    public void itIsSwitchedOnAloneAndOffInTheSameWayAsEverythingElse() throws Throwable {
        sessions.then(j -> {
            people(j, GATED + "settings: { maxLoginAge: 4h }\n");
            HtmlForm on = form(j, "connie");
            on.getInputByName("_.secondPersonForChanges").setChecked(true);
            j.submit(on);
            assertTrue(ServerlessPromotionConfiguration.get().settingsInEffect().isSecondPersonForChanges());

            j.submit(form(j, "connie"));
            assertEquals("a form without a change proposes nothing", List.of(), Proposals.open());
            Configured off = ConfigurationContent.read(ConfigurationContent.of(
                    ServerlessPromotionConfiguration.get().saved()));
            off.givenSettings().setSecondPersonForChanges(false);
            try (var as = ACL.as2(User.getById("connie", true).impersonate2())) {
                ServerlessPromotionConfiguration.get().submit(off);
            }
            assertTrue(ServerlessPromotionConfiguration.get().settingsInEffect().isSecondPersonForChanges());
            Proposals.accept(proposal().id(), "adam");
            assertFalse(
                    ServerlessPromotionConfiguration.get().settingsInEffect().isSecondPersonForChanges());
        });
    }

    @Test
    public void everySurfaceNeedsThePermissionAndAPost() throws Throwable {
        sessions.then(j -> {
            people(j, NEEDED);
            want("connie", "36h");
            String id = proposal().id();
            for (String path : List.of(
                    "promotion-releases/changes/accept?id=" + id,
                    "promotion-releases/changes/reject?reason=no&id=" + id,
                    "promotion-releases/api/change/" + id + "/accept",
                    "promotion-releases/api/change/" + id + "/reject?reason=no")) {
                assertEquals(path, 403, status(j, "rita", HttpMethod.POST, path));
                int got = status(j, "erin", HttpMethod.GET, path);
                assertTrue(path + " by GET: " + got, got == 405 || got == 404);
            }
            assertEquals(403, status(j, "rita", HttpMethod.GET, "promotion-releases/changes/"));
            assertEquals(403, status(j, "rita", HttpMethod.GET, "promotion-releases/api/changes"));
            for (List<String> command : List.of(
                    List.of("promotion-changes"),
                    List.of("promotion-change-accept", id),
                    List.of("promotion-change-reject", id, "--reason", "no"))) {
                var result = new CLICommandInvoker(j, command.get(0))
                        .asUser("rita")
                        .invokeWithArgs(command.subList(1, command.size()).toArray(String[]::new));
                assertEquals(command.toString(), 6, result.returnCode());
                assertThat(result.stdout(), not(containsString("36h")));
            }
            assertEquals(id, proposal().id());
        });
    }

    @Test
    public void programsAcceptAndRejectToo() throws Throwable {
        sessions.then(j -> {
            people(j, NEEDED);
            want("connie", "36h");
            String id = proposal().id();
            var list =
                    new CLICommandInvoker(j, "promotion-changes").asUser("erin").invoke();
            assertThat(list.stdout(), containsString(id + "  connie"));
            assertThat(list.stdout(), containsString("expiresAfter: 24h → 36h"));
            assertEquals(
                    "one's own",
                    5,
                    new CLICommandInvoker(j, "promotion-change-accept")
                            .asUser("connie")
                            .invokeWithArgs(id)
                            .returnCode());
            assertEquals(
                    0,
                    new CLICommandInvoker(j, "promotion-change-accept")
                            .asUser("erin")
                            .invokeWithArgs(id)
                            .returnCode());
            assertEquals("36h", expiry());

            want("connie", "48h");
            assertEquals(400, status(j, "erin", HttpMethod.POST, api(proposal().id(), "reject?reason=")));
            assertEquals(200, status(j, "erin", HttpMethod.POST, api(proposal().id(), "reject?reason=no")));
            want("connie", "48h");
            assertEquals(
                    200, status(j, "connie", HttpMethod.POST, api(proposal().id(), "reject?reason=no")));
            assertEquals(
                    List.of(Outcome.ACCEPTED, Outcome.CARRIED_OUT, Outcome.REJECTED, Outcome.WITHDRAWN), outcomes());
            assertEquals(404, status(j, "erin", HttpMethod.POST, api(id, "accept")));
            want("connie", "48h");
            assertEquals(200, status(j, "erin", HttpMethod.POST, api(proposal().id(), "accept")));
            assertEquals("48h", expiry());
        });
    }

    private static String api(String id, String what) {
        return "promotion-releases/api/change/" + id + "/" + what;
    }

    @Test
    public void whatIsNotRightOrOutOfDateIsNotAccepted() throws Throwable {
        sessions.then(j -> {
            people(j, NEEDED);
            want("connie", "soon");
            assertEquals(409, status(j, "erin", HttpMethod.POST, api(proposal().id(), "accept")));
            assertThat(
                    Logins.login(j.createWebClient(), "erin")
                            .goTo("promotion-releases/changes/")
                            .asNormalizedText(),
                    containsString("environments[dev].gates[0].approval.expiresAfter"));
            want("connie", "36h");
            ConfiguredPolicies.configure(NEEDED.replace("24h", "12h"));
            assertEquals(409, status(j, "erin", HttpMethod.POST, api(proposal().id(), "accept")));
            assertEquals("12h", expiry());
        });
    }

    @Test
    public void onlyAnAdministratorAcceptsWhereRequestsGo() throws Throwable {
        sessions.then(j -> {
            people(j, NEEDED);
            Configured elsewhere = ConfigurationContent.read(ConfigurationContent.of(
                    ServerlessPromotionConfiguration.get().saved()));
            elsewhere.givenSettings().setEndpoint("http://127.0.0.1:4566");
            try (var as = ACL.as2(User.getById("adam", true).impersonate2())) {
                ServerlessPromotionConfiguration.get().submit(elsewhere);
            }
            assertEquals(
                    List.of("settings.endpoint: nothing → http://127.0.0.1:4566"),
                    proposal().made().differences());
            assertEquals(403, status(j, "erin", HttpMethod.POST, api(proposal().id(), "accept")));
            assertEquals(List.of(), outcomes());
        });
    }

    @Test
    public void whatACrashCameBetweenIsCarriedOutAtTheNextStart() throws Throwable {
        sessions.then(j -> {
            people(j, NEEDED);
            want("connie", "36h");
            EngineLifecycle.get()
                    .promotions()
                    .orElseThrow()
                    .configurationChanges()
                    .accept(
                            proposal().id(),
                            "erin",
                            ServerlessPromotionConfiguration.get().saved().digest());
            assertEquals("24h", expiry());
        });
        sessions.then(j -> {
            assertEquals("36h", expiry());
            assertEquals(List.of(Outcome.ACCEPTED, Outcome.CARRIED_OUT), outcomes());
            assertEquals(Set.of("connie", "erin"), whoDoesNotCount());
        });
    }
}
