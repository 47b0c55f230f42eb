package io.jenkins.plugins.serverlesspromotion.controller.drift;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import hudson.cli.CLICommandInvoker;
import io.jenkins.plugins.serverlesspromotion.controller.EngineLifecycle;
import io.jenkins.plugins.serverlesspromotion.controller.Logins;
import io.jenkins.plugins.serverlesspromotion.controller.configuration.ServerlessPromotionConfiguration;
import io.jenkins.plugins.serverlesspromotion.controller.configuration.SettingsConfig;
import io.jenkins.plugins.serverlesspromotion.controller.releases.Desk;
import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.engine.port.Deployer;
import io.jenkins.plugins.serverlesspromotion.engine.port.Inspector.DriftResult;
import io.jenkins.plugins.serverlesspromotion.engine.port.Inspector.Inspected;
import java.net.URL;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import org.htmlunit.HttpMethod;
import org.htmlunit.Page;
import org.htmlunit.WebRequest;
import org.htmlunit.html.DomNode;
import org.htmlunit.html.HtmlPage;
import org.htmlunit.util.NameValuePair;
import org.junit.AfterClass;
import org.junit.Before;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Test;
import org.jvnet.hudson.test.JenkinsRule;

public class DriftServiceTest {
    @ClassRule
    public static JenkinsRule j = new JenkinsRule();

    private static final Desk DESK = new Desk();

    /** Services whose stack somebody changed by hand, and those that cannot be read. */
    private static final Set<String> CHANGED = new ConcurrentSkipListSet<>();

    private static final Set<String> UNREADABLE = new ConcurrentSkipListSet<>();
    private static final Set<String> LOOKED = new ConcurrentSkipListSet<>();

    static {
        j.timeout = 900; // seconds for all of them together, also where everything is slow
    }

    @BeforeClass
    public static void open() throws Exception {
        DESK.open(j);
        DESK.finds(DriftServiceTest::find);
    }

    private static List<Inspected> find(Deployer.Work work, Plan plan, Set<String> places, Deployer.Progress progress) {
        String service = work.release().release().service();
        LOOKED.add(service);
        return plan.targets().stream()
                .map(t -> UNREADABLE.contains(service)
                        ? new Inspected(t.key(), DriftResult.UNKNOWN, List.of("access denied assuming promotion-plan"))
                        : CHANGED.contains(service)
                                ? new Inspected(
                                        t.key(),
                                        DriftResult.DRIFTED,
                                        List.of("parameter Memory is <b>1024</b> instead of 512"))
                                : new Inspected(t.key(), DriftResult.SAME, List.of()))
                .toList();
    }

    @Before
    public void usualSettings() throws Exception {
        settings(null);
    }

    @AfterClass
    public static void close() {
        DESK.close();
    }

    private static void settings(String interval) throws Exception {
        var settings = new SettingsConfig();
        settings.setDriftInterval(interval);
        ServerlessPromotionConfiguration.get().setSettings(settings);
        ServerlessPromotionConfiguration.get().save();
        DESK.goOn();
    }

    private static JenkinsRule.WebClient as(String user) throws Exception {
        return Logins.login(j.createWebClient().withThrowExceptionOnFailingStatusCode(false), user);
    }

    private static Page post(String user, String path, String... fields) throws Exception {
        JenkinsRule.WebClient client = as(user);
        var request = new WebRequest(new URL(j.getURL(), path), HttpMethod.POST);
        var parameters = new ArrayList<NameValuePair>();
        for (int i = 0; i < fields.length; i += 2) {
            parameters.add(new NameValuePair(fields[i], fields[i + 1]));
        }
        request.setRequestParameters(parameters);
        return client.getPage(client.addCrumb(request));
    }

    private static int status(Page page) {
        return page.getWebResponse().getStatusCode();
    }

    private static String cell(String user, String service, String environment) throws Exception {
        DomNode cell = as(user).goTo("promotion-releases/")
                .querySelector("tr[data-sp-service='" + service + "'] td[data-sp-environment='" + environment + "']");
        return cell.asNormalizedText();
    }

    private static String pageOf(String service) {
        return "promotion-releases/service/" + service + "/";
    }

    private static long news(String service, Class<? extends Entry> kind) throws Exception {
        return Desk.store()
                .records(r -> r.entry() instanceof Entry.DriftFound f
                                && kind.isInstance(f)
                                && f.lane().service().equals(service)
                        || r.entry() instanceof Entry.DriftGone g
                                && kind.isInstance(g)
                                && g.lane().service().equals(service))
                .size();
    }

    @Test
    public void theButtonLooksAndTheBoardAndThePageSayWhatWasFound() throws Exception {
        String service = Desk.service(1);
        DESK.toDev(service, "1.0.0");
        assertTrue(as("vera").goTo(pageOf(service)).asNormalizedText().contains("Not checked for drift since"));
        CHANGED.add(service);
        assertEquals(200, status(post("olga", pageOf(service) + "drift-check", "environment", "dev")));
        assertTrue(cell("vera", service, "dev"), cell("vera", service, "dev").contains("drift in eu-west-1"));
        HtmlPage page = as("vera").goTo(pageOf(service));
        String drift = page.<DomNode>querySelector("[data-sp-drift='dev']").asNormalizedText();
        assertTrue(drift, drift.contains("dev/eu-west-1/api"));
        assertTrue("as text", drift.contains("parameter Memory is <b>1024</b> instead of 512"));
        assertNull("nothing to press without Promote", page.querySelector("form[action$='drift-check']"));
        assertEquals(1, news(service, Entry.DriftFound.class));
        CHANGED.remove(service);
        post("olga", pageOf(service) + "drift-check", "environment", "dev");
        assertFalse(cell("vera", service, "dev").contains("drift"));
        assertTrue(as("vera")
                .goTo(pageOf(service))
                .<DomNode>querySelector("[data-sp-drift='dev']")
                .asNormalizedText()
                .contains("as promoted"));
        assertEquals(1, news(service, Entry.DriftGone.class));
    }

    @Test
    public void lookingIsForThoseWhoPromoteAndByPost() throws Exception {
        String service = Desk.service(2);
        DESK.toDev(service, "1.0.0");
        for (String path : List.of(pageOf(service) + "drift-check", "promotion-releases/api/drift-check")) {
            assertEquals(403, status(post("alice", path, "service", service, "environment", "dev")));
            assertEquals(
                    405, status(as("olga").getPage(new URL(j.getURL(), path + "?environment=dev&service=" + service))));
        }
        assertEquals(
                404,
                status(as("rita")
                        .getPage(new URL(
                                j.getURL(), "promotion-releases/api/drift?environment=dev&service=" + service))));
        assertFalse(LOOKED.contains(service));
        CLICommandInvoker.Result denied = run("alice", "promotion-drift", service, "--in", "dev");
        assertEquals(denied.toString(), 6, denied.returnCode());
    }

    private static CLICommandInvoker.Result run(String user, String command, String... args) {
        return new CLICommandInvoker(j, command).asUser(user).invokeWithArgs(args);
    }

    @Test
    public void theCommandAnswersSameDriftedNotFoundOutAndNothingThere() throws Exception {
        String service = Desk.service(3);
        CLICommandInvoker.Result nothing = run("olga", "promotion-drift", service, "--in", "dev");
        assertEquals(nothing.toString(), 5, nothing.returnCode());
        assertTrue(nothing.stderr(), nothing.stderr().contains("nothing was promoted into"));
        DESK.toDev(service, "1.0.0");
        CLICommandInvoker.Result same = run("olga", "promotion-drift", service, "--in", "dev");
        assertEquals(same.toString(), 0, same.returnCode());
        assertTrue(same.stdout(), same.stdout().contains(service + " in dev is as " + service + "@1.0.0 was promoted"));
        UNREADABLE.add(service);
        CLICommandInvoker.Result unknown = run("olga", "promotion-drift", service, "--in", "dev");
        assertEquals(unknown.toString(), 4, unknown.returnCode());
        assertTrue(unknown.stdout(), unknown.stdout().contains("access denied assuming promotion-plan"));
        assertTrue(
                "doubt is shown, not hidden",
                cell("vera", service, "dev").contains("could not find out whether it drifted"));
        UNREADABLE.remove(service);
        CHANGED.add(service);
        CLICommandInvoker.Result drifted = run("olga", "promotion-drift", service, "--in", "dev");
        assertEquals(drifted.toString(), 5, drifted.returnCode());
        assertTrue(run("vera", "promotion-status", service).stdout().contains("drift in eu-west-1"));
        UNREADABLE.add(service);
        run("olga", "promotion-drift", service, "--in", "dev");
        assertTrue("known drift stays", cell("vera", service, "dev").contains("drift in eu-west-1"));
    }

    @Test
    public void restAnswersTheLastReadingAndLooksAnew() throws Exception {
        String service = Desk.service(4);
        DESK.toDev(service, "1.0.0");
        String query = "?service=" + service + "&environment=dev";
        Page none = as("vera").getPage(new URL(j.getURL(), "promotion-releases/api/drift" + query));
        assertEquals("{ }", none.getWebResponse().getContentAsString().strip());
        CHANGED.add(service);
        Page looked = post("olga", "promotion-releases/api/drift-check", "service", service, "environment", "dev");
        assertEquals(200, status(looked));
        String last = as("vera")
                .getPage(new URL(j.getURL(), "promotion-releases/api/drift" + query))
                .getWebResponse()
                .getContentAsString();
        assertEquals(looked.getWebResponse().getContentAsString(), last);
        assertTrue(last, last.contains("\"verdict\" : \"DRIFTED\""));
        assertTrue(last, last.contains("\"by\" : \"user:olga\""));
        String board = as("vera")
                .getPage(new URL(j.getURL(), "promotion-releases/api/status?service=" + service))
                .getWebResponse()
                .getContentAsString();
        assertTrue(board, board.contains("\"drifted\""));
    }

    @Test
    public void lanesAreLookedAtWhenTheirTimeHasComeAndNeverDuringADeployment() throws Exception {
        String service = Desk.service(5);
        DESK.toDev(service, "1.0.0");
        var work = new DriftWork();
        settings("never");
        work.lookAtWhatIsDue(Instant.now().plus(Duration.ofDays(30)));
        assertFalse("switched off", LOOKED.contains(service));
        settings("1d");
        work.lookAtWhatIsDue(Instant.now().plus(Duration.ofHours(18)));
        assertFalse("not yet", LOOKED.contains(service));
        DESK.deploying(service, () -> {
            work.lookAtWhatIsDue(Instant.now().plus(Duration.ofHours(30)));
            assertFalse("a deployment is under way", LOOKED.contains(service));
        });
        work.lookAtWhatIsDue(Instant.now().plus(Duration.ofHours(30)));
        assertTrue(LOOKED.contains(service));
        assertEquals(
                "schedule",
                DriftService.get()
                        .reading(new LaneId(service, "dev"))
                        .orElseThrow()
                        .by());
    }

    @Test
    public void whatWasFoundIsKnownAfterARestartAndNotFoundTwice() throws Exception {
        String service = Desk.service(6);
        var lane = new LaneId(service, "dev");
        DESK.toDev(service, "1.0.0");
        CHANGED.add(service);
        run("olga", "promotion-drift", service, "--in", "dev");
        var known = DriftService.get().reading(lane).orElseThrow();
        assertEquals(DriftResult.DRIFTED, known.driftResult());
        var restarted = new DriftService();
        assertEquals(known, restarted.reading(lane).orElseThrow());
        assertEquals(DriftResult.DRIFTED, restarted.look(lane, "schedule").get().driftResult());
        assertEquals(1, news(service, Entry.DriftFound.class));
        assertEquals(
                "of another store",
                0,
                new DriftFile(EngineLifecycle.root().resolve("views"))
                        .read("another")
                        .size());
    }
}
