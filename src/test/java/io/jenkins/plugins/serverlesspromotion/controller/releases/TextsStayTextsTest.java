package io.jenkins.plugins.serverlesspromotion.controller.releases;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import com.cloudbees.hudson.plugins.folder.Folder;
import hudson.model.Result;
import hudson.model.User;
import hudson.security.ACL;
import hudson.security.ACLContext;
import io.jenkins.plugins.serverlesspromotion.Shows;
import io.jenkins.plugins.serverlesspromotion.controller.EngineLifecycle;
import io.jenkins.plugins.serverlesspromotion.controller.Logins;
import io.jenkins.plugins.serverlesspromotion.controller.PagePaths;
import io.jenkins.plugins.serverlesspromotion.engine.lane.GateContext.Pause;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion.State;
import io.jenkins.plugins.serverlesspromotion.engine.lane.PromotionDecisions;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Gate;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Person;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.engine.port.Deployer.Work;
import io.jenkins.plugins.serverlesspromotion.engine.port.Inspector.DriftResult;
import io.jenkins.plugins.serverlesspromotion.engine.port.Inspector.Inspected;
import io.jenkins.plugins.serverlesspromotion.engine.port.Recoverer;
import io.jenkins.plugins.serverlesspromotion.engine.release.Provenance;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.htmlunit.Page;
import org.htmlunit.html.DomAttr;
import org.htmlunit.html.DomElement;
import org.htmlunit.html.HtmlPage;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.AfterClass;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Test;
import org.jvnet.hudson.test.JenkinsRule;

/**
 * What people, builds and accounts have written is text on every page that shows it (hole class 6): as a browser parses
 * what is served, it makes no element, no attribute, no address and no script. Names and versions cannot hold such a
 * text at all.
 */
public class TextsStayTextsTest {
    /** Breaks out of text, of attributes in either quote, of text areas, titles, scripts and comments. */
    private static final String BREAK_OUT =
            "-->'\" onmouseover=evil() x=\"</textarea></title></script></template><b-evil onload=evil()>&lt;${7*7}";

    @ClassRule
    public static final JenkinsRule j = new JenkinsRule();

    private static final Desk DESK = new Desk();

    private final Surfaces surfaces = new Surfaces(j);

    static {
        j.timeout = 900; // seconds for all of them together, also where everything is slow
    }

    @BeforeClass
    public static void open() throws Exception {
        DESK.open(j);
        var glass = new Policy.BreakGlass(
                List.of(new Gate.Requirement("release-managers", 1)), Duration.ofHours(1), null, "release-managers");
        Desk.promotions().apply(Desk.policy(glass, Gate.Comment.OPTIONAL), "user:ops");
    }

    @AfterClass
    public static void close() {
        DESK.close();
    }

    /** A text of its own for every place, so that none is taken for another. */
    private static String evil(String where) {
        return where + BREAK_OUT;
    }

    /** @param shown where the texts come from that must be read there */
    private static void onlyText(HtmlPage page, String... shown) {
        String where = page.getUrl().getPath();
        assertEquals(where, List.of(), page.getByXPath("//*[local-name()='b-evil']"));
        for (DomElement element : page.getDomElementDescendants()) {
            for (DomAttr attribute : element.getAttributesMap().values()) {
                String name = attribute.getName();
                String value = attribute.getValue();
                String said = where + ": <" + element.getTagName() + " " + name + "=" + value;
                assertFalse(said, name.startsWith("on") && value.contains("evil"));
                assertFalse(
                        said, value.strip().toLowerCase(java.util.Locale.ROOT).startsWith("javascript:"));
                assertFalse(
                        said + ": a text is no address, style or name",
                        value.contains("b-evil")
                                && !Set.of("value", "title", "placeholder", "aria-label", "tooltip")
                                        .contains(name)
                                && !name.startsWith("data-"));
            }
            assertFalse(
                    where + ": a text in a script",
                    element.getTagName().equals("script")
                            && element.getTextContent().contains("b-evil"));
        }
        String text = page.getDocumentElement().getTextContent();
        for (String what : shown) {
            assertTrue(where + " shows as it is: " + what, text.contains(evil(what)));
        }
    }

    private HtmlPage look(String path) throws Exception {
        HtmlPage page = surfaces.look("olga", path);
        assertEquals(path, 200, page.getWebResponse().getStatusCode());
        return page;
    }

    private static String page(String id) {
        return PagePaths.promotion(id);
    }

    private static String pageOf(String service) {
        return "promotion-releases/service/" + service + "/";
    }

    private static Person person(String id) {
        return new Person(id, Set.of(), "login");
    }

    // --- the board, the service, the promotion ---

    @Test
    @Shows(table = Shows.HOLES, cell = "6 page")
    public void whatPeopleWriteAboutAPromotion() throws Exception {
        String service = Desk.service(1);
        String id = DESK.waiting(service, "1.0.0");
        PromotionDecisions.Request more = new PromotionDecisions.Request(
                "job:" + evil("from "), Set.of("zoe"), Instant.now(), evil("reason "), evil("ticket "), null);
        Desk.promotions()
                .request(
                        new LaneId(service, "prod"),
                        Desk.store().release(service, "1.0.0").orElseThrow().ref(),
                        more);
        Desk.promotions().approve(id, person("alice"), Desk.planDigest(id), evil("comment "));
        Desk.promotions().withdrawApproval(id, person("alice"), evil("withdrawn "));
        Desk.promotions().pause(Pause.service(service), "user:" + evil("pauser "), evil("pause "));
        onlyText(look(page(id)), "from ", "reason ", "ticket ", "comment ", "withdrawn ", "pause ");
        onlyText(look("promotion-releases/"), "pause ", "pauser ");
        onlyText(look(pageOf(service)));
        Desk.promotions().resume(Pause.service(service), "user:olga", "on");
        Desk.promotions().reject(id, person("alice"), evil("rejected "));
        onlyText(look(page(id)), "rejected ");
        onlyText(look(pageOf(service)), "rejected ");
        onlyText(look("promotion-releases/"));
        for (String json : List.of(page(id) + "log", page(id) + "live", Surfaces.API + "promotion/" + id + "/")) {
            inert(json, "rejected ");
        }
    }

    /** What scripts of pages and programs read is no page, whatever a browser makes of it. */
    private void inert(String path, String... shown) throws Exception {
        Page page = Logins.login(j.createWebClient().withJavaScriptEnabled(false), "olga")
                .goTo(path, "application/json");
        assertEquals(path, "nosniff", page.getWebResponse().getResponseHeaderValue("X-Content-Type-Options"));
        String text = page.getWebResponse().getContentAsString();
        for (String what : shown) {
            assertTrue(path, path.endsWith("live") || text.contains(what + "-->'\\\" onmouseover"));
        }
    }

    @Test
    public void whatPeopleWriteAboutBrokenGlass() throws Exception {
        String service = Desk.service(2);
        String id = DESK.waiting(service, "1.0.0");
        Desk.promotions().override(id, person("dave"), Desk.planDigest(id), evil("emergency "), evil("incident "));
        DESK.until(id, State.SUCCEEDED);
        onlyText(look(page(id)), "emergency ", "incident ");
        onlyText(look("promotion-releases/"));
        onlyText(look(pageOf(service)));
        Desk.promotions().review(id, person("alice"), evil("finding "));
        onlyText(look(page(id)));
        inert(page(id) + "log", "finding ", "emergency ");
    }

    @Test
    public void whatPeopleWriteAboutARollback() throws Exception {
        String service = Desk.service(3);
        DESK.toDev(service, "1.0.0");
        DESK.toDev(service, "1.1.0");
        var lane = new LaneId(service, "dev");
        DESK.toProd(service, "1.1.0");
        DESK.toProd(service, "1.2.0");
        lane = new LaneId(service, "prod");
        String id = Desk.promotions().rollback(lane, null, Desk.by("bob", evil("back ")));
        DESK.until(id, State.WAITING);
        onlyText(look(page(id)), "back ");
        DESK.approve(id, "erin");
        DESK.until(id, State.SUCCEEDED);
        onlyText(look(pageOf(service)), "back ");
        onlyText(look("promotion-releases/"));
        onlyText(look(page(id)), "back ");
    }

    @Test
    @Shows(table = Shows.HOLES, cell = "6 page")
    public void whatBuildsAndAccountsSay() throws Exception {
        String service = Desk.service(4);
        DESK.accounts.findings = List.of(new Plan.Finding("kind", evil("subject "), evil("sentence ")));
        DESK.accounts.changes = List.of(new Plan.Change(
                evil("resource "),
                evil("type "),
                Plan.Action.MODIFY,
                Plan.Replacement.YES,
                List.of(new Plan.PropertyChange(evil("path "), evil("before "), evil("after "), Plan.Replacement.NO))));
        DESK.accounts.says = evil("event ");
        String id;
        try {
            DESK.toDev(service, "1.0.0");
            var provenance = new Provenance(
                    evil("url "),
                    evil("revision "),
                    evil("branch "),
                    List.of(evil("commit ")),
                    List.of(new Provenance.Author(evil("author "), evil("mail "))),
                    List.of(evil("publisher ")));
            var release = DESK.publish(service, "1.0.0", provenance);
            id = Desk.promotions().request(new LaneId(service, "prod"), release.ref(), Desk.by("bob"));
            DESK.until(id, State.WAITING);
            onlyText(
                    look(page(id)),
                    "sentence ",
                    "resource ",
                    "type ",
                    "path ",
                    "before ",
                    "after ",
                    "commit ",
                    "author ",
                    "mail ",
                    "publisher ");
            onlyText(look(pageOf(service)), "revision ");
            DESK.approve(id, "alice");
            DESK.approve(id, "carol");
            DESK.until(id, State.SUCCEEDED);
            onlyText(look(page(id)));
        } finally {
            DESK.accounts.findings = List.of();
            DESK.accounts.changes = List.of();
            DESK.accounts.says = null;
        }
        DESK.accounts.problem = evil("problem ");
        try {
            String other = Desk.service(5);
            String broken = Desk.promotions()
                    .request(
                            new LaneId(other, "dev"),
                            DESK.publish(other, "1.0.0").ref(),
                            Desk.by("bob"));
            DESK.until(broken, State.WAITING);
            onlyText(look(page(broken)), "problem ");
            onlyText(look("promotion-releases/"));
            onlyText(look(pageOf(other)));
        } finally {
            DESK.accounts.problem = null;
        }
    }

    @Test
    public void whatIsAskedAboutAPolicyAndWhatIsRefused() throws Exception {
        String service = Desk.service(6);
        DESK.toDev(service, "1.0.0");
        String question = pageOf(service) + "explain?environment=prod&version=1.0.0&ticket="
                + java.net.URLEncoder.encode(evil("ticket "), java.nio.charset.StandardCharsets.UTF_8);
        onlyText(look(question));
        HtmlPage other = surfaces.look(
                "adam",
                question + "&user="
                        + java.net.URLEncoder.encode(evil("user "), java.nio.charset.StandardCharsets.UTF_8));
        onlyText(other);
        for (String[] wrong : new String[][] {
            {"promotion-releases/pause", "scope", evil("scope "), "reason", "x"},
            {pageOf(service) + "promote", "environment", evil("environment "), "version", "1.0.0"},
            {pageOf(service) + "rollback", "environment", "dev", "version", evil("version "), "reason", "x"},
            {pageOf(service) + "drift-check", "environment", evil("environment ")}
        }) {
            Page page =
                    surfaces.press("olga", wrong[0], Stream.of(wrong).skip(1).toArray(String[]::new));
            assertTrue(wrong[0], page.getWebResponse().getStatusCode() >= 400);
            onlyText((HtmlPage) page);
        }
    }

    // --- drift and stuck stacks ---

    @Test
    @Shows(table = Shows.HOLES, cell = "6 page")
    public void whatIsFoundAsDrift() throws Exception {
        String service = Desk.service(7);
        DESK.toDev(service, "1.0.0");
        DESK.finds((work, plan, places, progress) -> plan.targets().stream()
                .map(t -> new Inspected(t.key(), DriftResult.DRIFTED, List.of(evil("drifted "))))
                .toList());
        try {
            Page page = surfaces.press("olga", pageOf(service) + "drift-check", "environment", "dev");
            assertEquals(200, page.getWebResponse().getStatusCode());
        } finally {
            DESK.finds((work, plan, places, progress) -> plan.targets().stream()
                    .map(t -> new Inspected(t.key(), DriftResult.SAME, List.of()))
                    .toList());
        }
        onlyText(look(pageOf(service)), "drifted ");
        onlyText(look("promotion-releases/"));
    }

    @Test
    @Shows(table = Shows.HOLES, cell = "6 page")
    public void whatStuckStacksSay() throws Exception {
        String service = Desk.service(8);
        DESK.accounts.memory.breakSmokeTest("8.0.0", "dev");
        String id = Desk.promotions()
                .request(
                        new LaneId(service, "dev"),
                        DESK.publish(service, "8.0.0").ref(),
                        Desk.by("bob"));
        DESK.until(id, p -> p.state().isOver());
        DESK.accounts.recoverer = new Recoverer() {
            @Override
            public List<Diagnosis> examine(Work work) {
                var option = new Option(
                        RecoveryAction.SKIP_RESOURCES, evil("meaning "), List.of("Plain", evil("logical-id ")));
                return List.of(new Diagnosis(
                        "dev/eu-west-1/api",
                        "stack-" + service,
                        "arn:aws:stack",
                        "UPDATE_ROLLBACK_FAILED",
                        true,
                        evil("why "),
                        List.of(option)));
            }

            @Override
            public RecoveryResult recover(
                    Work work,
                    Diagnosis diagnosis,
                    RecoveryAction recoveryAction,
                    List<String> resources,
                    String token) {
                return new RecoveryResult("UPDATE_ROLLBACK_FAILED", false, evil("detail "), List.of("request 1"));
            }
        };
        try {
            HtmlPage found = (HtmlPage) surfaces.press("olga", page(id) + "examine");
            assertEquals(200, found.getWebResponse().getStatusCode());
            onlyText(found, "why ");
            Page treated = surfaces.press(
                    "olga",
                    page(id) + "treat",
                    "stack",
                    "stack-" + service,
                    "choice",
                    "skip-resources",
                    "resource",
                    "Plain",
                    "reason",
                    evil("order "));
            assertTrue(treated.getWebResponse().getStatusCode() < 500);
            onlyText(look(page(id)), "detail ");
        } finally {
            DESK.accounts.recoverer = null;
        }
    }

    // --- proposed changes of the configuration ---

    @Test
    @Shows(table = Shows.HOLES, cell = "6 page")
    public void whatAProposalSays() throws Exception {
        String proposer = "mallory <b-evil onload=evil()>";
        User.getById(proposer, true);
        try (ACLContext as = ACL.as2(ACL.SYSTEM2)) {
            EngineLifecycle.get()
                    .promotions()
                    .orElseThrow()
                    .configurationChanges()
                    .propose(
                            proposer,
                            "sha256:" + "0".repeat(64),
                            List.of(evil("difference ")),
                            io.jenkins.plugins.serverlesspromotion.controller.configuration.ProposedContent.ofNow());
        }
        HtmlPage page = surfaces.look("adam", "promotion-releases/changes/");
        assertEquals(200, page.getWebResponse().getStatusCode());
        onlyText(page, "difference ");
        assertTrue(page.getBody().getTextContent().contains(proposer));
    }

    // --- builds ---

    @Test
    @Shows(table = Shows.HOLES, cell = "6 step")
    public void whatABuildsLogAndPagesShow() throws Exception {
        String service = Desk.service(9);
        DESK.publish(service, "1.0.0");
        Folder team = (Folder) j.jenkins.getItem("team");
        WorkflowJob job = team.createProject(WorkflowJob.class, service);
        job.setDefinition(new CpsFlowDefinition(
                "promoteRelease release: '" + service + "@1.0.0', to: 'dev', reason: params.why", true));
        job.addProperty(new hudson.model.ParametersDefinitionProperty(
                new hudson.model.StringParameterDefinition("why", evil("reason "))));
        DESK.accounts.problem = evil("problem ") + "\nFinished: SUCCESS\n\u001B[8mha:////note\u001B[0m";
        WorkflowRun run;
        try {
            run = job.scheduleBuild2(0).waitForStart();
            String id = service + ".dev.1";
            org.awaitility.Awaitility.await()
                    .atMost(Desk.LIMIT)
                    .until(() -> Desk.store()
                            .promotion(id)
                            .filter(p -> p.state() == State.WAITING)
                            .isPresent());
            j.waitForMessage("problem ", run);
            Desk.promotions().abort(id, "user:olga", evil("aborted ") + "\nFinished: SUCCESS");
            j.assertBuildStatus(Result.FAILURE, j.waitForCompletion(run));
        } finally {
            DESK.accounts.problem = null;
        }
        assertEquals(
                "nobody writes lines of a build's log but the build",
                List.of("Finished: FAILURE"),
                run.getLog(1000).stream().filter(l -> l.startsWith("Finished")).toList());
        for (String path : List.of("", "console", "consoleFull", "flowGraphTable/")) {
            HtmlPage page = surfaces.look("adam", run.getUrl() + path);
            assertEquals(path, 200, page.getWebResponse().getStatusCode());
            onlyText(page);
            if (path.startsWith("console")) {
                assertTrue(page.getBody().getTextContent().contains(evil("problem ")));
                assertTrue(page.getBody().getTextContent().contains(evil("aborted ")));
                assertFalse(page.getAnchors().stream()
                        .anyMatch(a -> a.getTextContent().contains("b-evil")));
                assertTrue(
                        "the id is a link",
                        page.getAnchors().stream()
                                .anyMatch(a -> a.getHrefAttribute().endsWith("/" + page(service + ".dev.1"))));
            }
        }
        onlyText(surfaces.look("adam", job.getUrl()));
    }

    @Test
    @Shows(table = Shows.HOLES, cell = "6 step")
    public void namesAndVersionsCannotHoldIt() throws Exception {
        WorkflowJob job = ((Folder) j.jenkins.getItem("team")).createProject(WorkflowJob.class, "names");
        for (String step : List.of(
                "promoteRelease release: params.it, to: 'dev'",
                "promoteRelease release: '" + Desk.service(1) + "@1.0.0', to: params.it",
                "rollbackRelease service: params.it, environment: 'dev', reason: 'x'",
                "releaseStatus service: params.it, environment: 'dev'",
                "recordEvidence release: params.it, type: 'scan', result: 'passed'")) {
            job.setDefinition(new CpsFlowDefinition(step, true));
            job.removeProperty(hudson.model.ParametersDefinitionProperty.class);
            job.addProperty(new hudson.model.ParametersDefinitionProperty(
                    new hudson.model.StringParameterDefinition("it", evil("x"))));
            long before = Desk.store().records(r -> true).size();
            WorkflowRun run = j.assertBuildStatus(Result.FAILURE, job.scheduleBuild2(0));
            onlyText(surfaces.look("adam", run.getUrl() + "console"));
            assertEquals(step, before, Desk.store().records(r -> true).size());
        }
    }
}
