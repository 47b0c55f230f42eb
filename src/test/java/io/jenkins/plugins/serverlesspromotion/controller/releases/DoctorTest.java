package io.jenkins.plugins.serverlesspromotion.controller.releases;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import hudson.cli.CLICommandInvoker;
import io.jenkins.plugins.serverlesspromotion.Patience;
import io.jenkins.plugins.serverlesspromotion.controller.Logins;
import io.jenkins.plugins.serverlesspromotion.controller.PagePaths;
import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion.State;
import io.jenkins.plugins.serverlesspromotion.engine.port.Deployer;
import io.jenkins.plugins.serverlesspromotion.engine.port.Recoverer;
import java.net.URL;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.htmlunit.HttpMethod;
import org.htmlunit.Page;
import org.htmlunit.WebRequest;
import org.htmlunit.html.DomElement;
import org.htmlunit.html.HtmlPage;
import org.htmlunit.util.NameValuePair;
import org.junit.AfterClass;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Test;
import org.jvnet.hudson.test.JenkinsRule;

/** Stuck stacks on the page of the promotion, by REST and by command. */
public class DoctorTest {
    private static final String API = "promotion-releases/api/";

    @ClassRule
    public static JenkinsRule j = new JenkinsRule();

    private static final Desk DESK = new Desk();

    /** State by stack; a stack that is not named can be deployed to. */
    private static final Map<String, String> STATES = new ConcurrentHashMap<>();

    private static volatile CountDownLatch begun = new CountDownLatch(1);
    private static volatile CountDownLatch goOn = new CountDownLatch(0);

    static {
        j.timeout = 900; // seconds for all of them together, also where everything is slow
    }

    /** A stack is called like its service. */
    private static final class Scripted implements Recoverer {
        @Override
        public List<Diagnosis> examine(Deployer.Work work) {
            String stack = work.release().release().service();
            String state = STATES.getOrDefault(stack, "UPDATE_COMPLETE");
            List<Option> options =
                    switch (state) {
                        case "UPDATE_ROLLBACK_FAILED" ->
                            List.of(
                                    new Option(RecoveryAction.CONTINUE_ROLLBACK, "continues the rollback", List.of()),
                                    new Option(
                                            RecoveryAction.SKIP_RESOURCES,
                                            "leaves some as they are",
                                            List.of("Fn", "Role")));
                        case "ROLLBACK_COMPLETE" ->
                            List.of(new Option(
                                    RecoveryAction.DELETE, "deletes what was never live", List.of("<i>Topic</i>")));
                        default -> List.of();
                    };
            return List.of(new Diagnosis(
                    "dev/eu-west-1/api",
                    stack,
                    "arn:" + stack,
                    state,
                    !options.isEmpty(),
                    "Fn: on <b>fire</b>",
                    options));
        }

        @Override
        public RecoveryResult recover(
                Deployer.Work work,
                Diagnosis diagnosis,
                RecoveryAction recoveryAction,
                List<String> resources,
                String token)
                throws InterruptedException {
            begun.countDown();
            goOn.await(Patience.SECONDS, TimeUnit.SECONDS);
            STATES.put(diagnosis.stack(), "UPDATE_ROLLBACK_COMPLETE");
            return new RecoveryResult(
                    "UPDATE_ROLLBACK_COMPLETE", true, "it is back " + resources, List.of("request 1"));
        }
    }

    @BeforeClass
    public static void open() throws Exception {
        DESK.open(j);
        DESK.accounts.recoverer = new Scripted();
    }

    @AfterClass
    public static void close() {
        goOn.countDown();
        DESK.close();
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

    /** A promotion to dev whose checks did not hold, and that left its stack in {@code state}. */
    private static String failed(String service, String state) throws Exception {
        String version = "1.0.0-" + service;
        DESK.accounts.memory.breakSmokeTest(version, "dev");
        STATES.put(service, state);
        String id = Desk.promotions()
                .request(
                        new LaneId(service, "dev"),
                        DESK.publish(service, version).ref(),
                        Desk.by("bob"));
        return DESK.until(id, p -> p.state().isOver()).id();
    }

    private static String page(String id) {
        return PagePaths.promotion(id);
    }

    private static List<Entry.StackRecovered> treated(String service) throws Exception {
        return Desk.store()
                .records(r -> r.entry() instanceof Entry.StackRecovered t
                        && t.lane().service().equals(service))
                .stream()
                .map(r -> (Entry.StackRecovered) r.entry())
                .toList();
    }

    private static CLICommandInvoker.Result run(String user, String... args) {
        return new CLICommandInvoker(j, "promotion-recover").asUser(user).invokeWithArgs(args);
    }

    @Test
    public void aStuckStackIsShownAndTheChosenWayCarriedOut() throws Exception {
        String service = Desk.service(1);
        String id = failed(service, "UPDATE_ROLLBACK_FAILED");
        HtmlPage before = as("olga").goTo(page(id));
        assertTrue(before.getElementById("sp-doctor").asNormalizedText().contains("Read the stacks"));
        assertNull(
                "nothing of it for who may only see", as("vera").goTo(page(id)).getElementById("sp-doctor"));
        HtmlPage looked = (HtmlPage) post("olga", page(id) + "examine");
        assertEquals(200, status(looked));
        DomElement doctor = looked.getElementById("sp-doctor");
        assertTrue(doctor.asNormalizedText(), doctor.asNormalizedText().contains("UPDATE_ROLLBACK_FAILED"));
        assertTrue("as text", doctor.asNormalizedText().contains("Fn: on <b>fire</b>"));
        assertEquals(2, doctor.querySelectorAll("button[data-sp-dialog]").size());
        assertEquals(
                200,
                status(post(
                        "olga",
                        page(id) + "treat",
                        "stack",
                        service,
                        "choice",
                        "continue-rollback",
                        "reason",
                        "mended")));
        List<Entry.StackRecovered> entries = treated(service);
        assertEquals(2, entries.size());
        assertEquals("user:olga", entries.get(0).by());
        assertEquals("mended", entries.get(0).reason());
        assertNull("before anything is done", entries.get(0).to());
        assertEquals("UPDATE_ROLLBACK_COMPLETE", entries.get(1).to());
        String treated = as("olga").goTo(page(id)).getElementById("sp-treated").asNormalizedText();
        assertTrue(treated, treated.contains("Continue the rollback: " + service));
        assertTrue(treated, treated.contains("it is back"));
    }

    @Test
    public void deletingNeedsOverrideAndTheNameOnceMore() throws Exception {
        String service = Desk.service(2);
        String id = failed(service, "ROLLBACK_COMPLETE");
        HtmlPage looked = (HtmlPage) post("petra", page(id) + "examine");
        DomElement delete = looked.querySelector("#sp-doctor button[data-sp-dialog]");
        assertTrue("petra may not override", delete.hasAttribute("disabled"));
        assertTrue(
                "and is told",
                looked.getElementById("sp-doctor").asNormalizedText().contains("Promote and Override on Jenkins"));
        String[] order = {"stack", service, "choice", "delete", "reason", "never live", "confirm", service};
        assertEquals(403, status(post("petra", page(id) + "treat", order)));
        assertEquals(List.of(), treated(service));
        order[7] = "another";
        HtmlPage unconfirmed = (HtmlPage) post("adam", page(id) + "treat", order);
        assertEquals(409, status(unconfirmed));
        assertTrue(unconfirmed
                .getElementById("sp-refusal")
                .getTextContent()
                .contains("needs its name once more as a confirmation"));
        assertEquals(List.of(), treated(service));
        order[7] = service;
        assertEquals(200, status(post("adam", page(id) + "treat", order)));
        assertEquals(2, treated(service).size());
        assertEquals("DELETE", treated(service).get(0).choice());
        assertEquals("user:adam", treated(service).get(0).by());
        long refused = Desk.store()
                .records(r -> r.entry() instanceof Entry.Refused e
                        && e.what().contains("delete")
                        && e.what().toLowerCase(java.util.Locale.ROOT).contains(service))
                .size();
        assertTrue("both refusals are on the record", refused >= 1);
    }

    @Test
    public void nothingIsOrderedByGetOrWithoutPermission() throws Exception {
        String service = Desk.service(3);
        String id = failed(service, "UPDATE_ROLLBACK_FAILED");
        String[] order = {
            "service", service, "environment", "dev", "stack", service, "choice", "continue-rollback", "reason", "x"
        };
        for (String path : List.of(page(id) + "examine", page(id) + "treat", API + "recovery-check", API + "recover")) {
            assertEquals(path, 403, status(post("alice", path, order)));
            assertEquals(path, 405, status(as("olga").getPage(new URL(j.getURL(), path + "?service=" + service))));
        }
        assertEquals(6, run("alice", service, "--in", "dev").returnCode());
        assertEquals(
                404,
                status(as("rita").getPage(new URL(j.getURL(), API + "recovery?environment=dev&service=" + service))));
        assertEquals(400, status(post("olga", API + "recover", withoutReason(order))));
        order[7] = "burn";
        assertEquals(400, status(post("olga", API + "recover", order)));
        assertEquals(List.of(), treated(service));
        DESK.toDev(Desk.service(8), "1.0.0");
        String well = Desk.store()
                .promotions(new LaneId(Desk.service(8), "dev"))
                .get(0)
                .id();
        assertNull(
                "where all went well nothing is stuck",
                as("olga").goTo(page(well)).getElementById("sp-doctor"));
    }

    private static String[] withoutReason(String[] order) {
        String[] copy = order.clone();
        copy[9] = " ";
        return copy;
    }

    @Test
    public void restAnswersStacksAndWhatCameOfTheOrder() throws Exception {
        String service = Desk.service(4);
        failed(service, "UPDATE_ROLLBACK_FAILED");
        String stacks = post("olga", API + "recovery-check", "service", service, "environment", "dev")
                .getWebResponse()
                .getContentAsString();
        assertTrue(stacks, stacks.contains("\"state\" : \"UPDATE_ROLLBACK_FAILED\""));
        Page answer = post(
                "olga",
                API + "recover",
                "service",
                service,
                "environment",
                "dev",
                "stack",
                service,
                "choice",
                "skip-resources",
                "resource",
                "Fn",
                "resource",
                "Role",
                "reason",
                "gone by hand");
        assertEquals(200, status(answer));
        String last = as("vera")
                .getPage(new URL(j.getURL(), API + "recovery?environment=dev&service=" + service))
                .getWebResponse()
                .getContentAsString();
        assertEquals(answer.getWebResponse().getContentAsString(), last);
        Page old = as("vera").getPage(new URL(j.getURL(), API + "doctor?environment=dev&service=" + service));
        assertEquals("an old name still works", last, old.getWebResponse().getContentAsString());
        assertEquals(
                "<recovery>; rel=\"successor-version\"", old.getWebResponse().getResponseHeaderValue("Link"));
        assertTrue(last, last.contains("\"detail\" : \"it is back [Fn, Role]\""));
        assertTrue(last, last.contains("\"underWay\" : false"));
        assertEquals(List.of("Fn", "Role"), treated(service).get(0).resources());
    }

    @Test
    public void theCommandLooksAndTreats() throws Exception {
        String service = Desk.service(5);
        failed(service, "UPDATE_ROLLBACK_FAILED");
        CLICommandInvoker.Result looked = run("olga", service, "--in", "dev");
        assertEquals(looked.toString(), 5, looked.returnCode());
        assertTrue(looked.stdout(), looked.stdout().contains("--do continue-rollback: continues the rollback"));
        CLICommandInvoker.Result old =
                new CLICommandInvoker(j, "promotion-doctor").asUser("olga").invokeWithArgs(service, "--in", "dev");
        assertEquals("an old name still works", looked.stdout(), old.stdout());
        assertTrue(old.stderr(), old.stderr().contains("promotion-doctor is now called promotion-recover"));
        CLICommandInvoker.Result wrong =
                run("petra", service, "--in", "dev", "--stack", service, "--do", "delete", "--reason", "x");
        assertEquals(wrong.toString(), 6, wrong.returnCode());
        CLICommandInvoker.Result done = run(
                "olga", service, "--in", "dev", "--stack", service, "--do", "continue-rollback", "--reason", "mended");
        assertEquals(done.toString(), 0, done.returnCode());
        assertTrue(done.stdout(), done.stdout().contains("it is back"));
        assertEquals(0, run("olga", service, "--in", "dev").returnCode());
    }

    @Test
    public void oneOrderAtATimeAndItIsShownWhileItIsCarriedOut() throws Exception {
        String service = Desk.service(6);
        String id = failed(service, "UPDATE_ROLLBACK_FAILED");
        begun = new CountDownLatch(1);
        goOn = new CountDownLatch(1);
        ExecutorService another = Executors.newSingleThreadExecutor();
        try {
            var first = another.submit(() -> run(
                    "olga",
                    service,
                    "--in",
                    "dev",
                    "--stack",
                    service,
                    "--do",
                    "continue-rollback",
                    "--reason",
                    "one"));
            assertTrue(begun.await(Patience.SECONDS, TimeUnit.SECONDS));
            CLICommandInvoker.Result second = run(
                    "olga", service, "--in", "dev", "--stack", service, "--do", "continue-rollback", "--reason", "two");
            assertEquals(second.toString(), 5, second.returnCode());
            assertTrue(second.stderr(), second.stderr().contains("is being carried out for olga"));
            String shown =
                    as("olga").goTo(page(id)).getElementById("sp-treated").asNormalizedText();
            assertTrue(shown, shown.contains("being carried out"));
            goOn.countDown();
            assertEquals(0, first.get(Patience.SECONDS, TimeUnit.SECONDS).returnCode());
        } finally {
            goOn.countDown();
            another.shutdownNow();
        }
        assertEquals(2, treated(service).size());
        assertFalse(as("olga")
                .goTo(page(id))
                .getElementById("sp-treated")
                .asNormalizedText()
                .contains("being carried out"));
    }

    @Test
    public void whatTheChecksAnsweredIsOnThePageAndInRest() throws Exception {
        String service = Desk.service(7);
        DESK.toDev(service, "1.0.0");
        String id = Desk.store().promotions(new LaneId(service, "dev")).get(0).id();
        HtmlPage page = as("vera").goTo(page(id));
        assertNotNull(page.getElementById("sp-checks"));
        String checks = page.getElementById("sp-checks").asNormalizedText();
        assertTrue(checks, checks.contains("GET https://dev.acme.com/health"));
        assertTrue(checks, checks.contains("200 in 84 ms, requested 2 times"));
        assertTrue(checks, checks.contains("passed"));
        String rest = as("vera")
                .getPage(new URL(j.getURL(), API + "promotion/" + id + "/"))
                .getWebResponse()
                .getContentAsString();
        assertTrue(rest, rest.contains("\"answer\" : \"200\""));
        assertTrue(rest, rest.contains("\"attempts\" : 2"));
        assertEquals(State.SUCCEEDED, Desk.promotion(id).state());
    }
}
