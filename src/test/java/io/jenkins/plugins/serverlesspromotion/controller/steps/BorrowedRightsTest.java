package io.jenkins.plugins.serverlesspromotion.controller.steps;

import static io.jenkins.plugins.serverlesspromotion.controller.releases.Desk.promotion;
import static io.jenkins.plugins.serverlesspromotion.controller.releases.Desk.store;
import static io.jenkins.plugins.serverlesspromotion.controller.steps.Landscape.finished;
import static io.jenkins.plugins.serverlesspromotion.controller.steps.Landscape.job;
import static io.jenkins.plugins.serverlesspromotion.controller.steps.Landscape.start;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertTrue;

import com.cloudbees.hudson.plugins.folder.Folder;
import hudson.model.FreeStyleProject;
import hudson.model.Items;
import hudson.model.Result;
import hudson.model.User;
import hudson.security.ACL;
import hudson.security.ACLContext;
import io.jenkins.plugins.serverlesspromotion.Shows;
import io.jenkins.plugins.serverlesspromotion.controller.releases.Desk;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion.State;
import io.jenkins.plugins.serverlesspromotion.engine.lane.PromotionDecisions;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Person;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.engine.release.Provenance;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.jenkinsci.plugins.pipeline.modeldefinition.actions.RestartDeclarativePipelineAction;
import org.jenkinsci.plugins.workflow.cps.replay.ReplayAction;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.AfterClass;
import org.junit.Before;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Test;
import org.jvnet.hudson.test.JenkinsRule;

/**
 * Rights of a job are those of its name, and of what the job itself makes: they are not lent, moved, inherited or
 * repeated (hole classes 8 and 18). What needs an artifact store is {@link TeamPipelineTest}.
 *
 * <p>Every test has a service and folders of its own: {@code oN/main} may do everything for {@code svc-N}.
 */
public class BorrowedRightsTest {
    private static final String EVERYTHING_ELSE = "else/main";

    @ClassRule
    public static final JenkinsRule r = new JenkinsRule();

    private static final Desk DESK = new Desk();
    private static int number;

    private String service;
    private String folder;
    private List<String> before;

    static {
        r.timeout = 900; // seconds for all of them together, also where everything is slow
    }

    @BeforeClass
    public static void open() throws Exception {
        DESK.open(r);
        Desk.promotions().apply(policy(), "user:ops");
    }

    @AfterClass
    public static void close() {
        DESK.close();
    }

    private static Policy policy() {
        Policy plain = Desk.policy(1);
        var services = new LinkedHashMap<String, Policy.Service>();
        for (int i = 1; i < 16; i++) {
            Policy.Service known = plain.services().get(Desk.service(i));
            services.put(
                    Desk.service(i),
                    new Policy.Service(
                            Desk.service(i),
                            known.owners(),
                            List.of(new Policy.Grant(
                                    "o" + i + "/main",
                                    Set.of(
                                            "publish",
                                            "evidence",
                                            "request:dev",
                                            "request:prod",
                                            "rollback:dev",
                                            "rollback:prod"))),
                            known.placements()));
        }
        return new Policy(plain.stores(), plain.accounts(), plain.roles(), plain.environments(), services);
    }

    @Before
    public void aServiceOfItsOwn() throws Exception {
        service = Desk.service(++number);
        folder = "o" + number;
        DESK.toDev(service, "1.0.0");
        before = Landscape.refusals();
    }

    private String main() {
        return folder + "/main";
    }

    /** Every step that does something, for the service of this test. */
    private Map<String, String> steps() {
        var steps = new LinkedHashMap<String, String>();
        steps.put(
                "publish " + service + "@6.6.6",
                "node {\n" + Landscape.lean("6.6.6", 200).replace("service: orders", "service: " + service)
                        + "publishRelease manifest: 'release.yaml', version: '6.6.6' }");
        steps.put("promote " + service + "@1.0.0 to prod", ask());
        steps.put(
                "roll back " + service + " in dev",
                "rollbackRelease service: '" + service + "', environment: 'dev', reason: 'why not'");
        steps.put(
                "record evidence of " + service + "@1.0.0",
                "recordEvidence release: '" + service + "@1.0.0', type: 'scan', result: 'passed'");
        steps.put("status of " + service, "releaseStatus service: '" + service + "', environment: 'prod'");
        return steps;
    }

    private String ask() {
        return "promoteRelease release: '" + service + "@1.0.0', to: 'prod'";
    }

    private void everyStepIsRefused(String job) throws Exception {
        for (Map.Entry<String, String> step : steps().entrySet()) {
            refused(
                    finished(r, start(job(r, job, step.getValue()), "mallory"), Result.FAILURE),
                    step.getKey(),
                    "policy");
        }
        untouched();
    }

    private void untouched() {
        assertEquals(List.of(), store().evidence(service + "@1.0.0"));
        assertEquals(1, store().releases(service).size());
        assertEquals(List.of(), store().promotions(new LaneId(service, "prod")));
        assertEquals(1, store().promotions(new LaneId(service, "dev")).size());
    }

    private void refused(WorkflowRun run, String what, String why) throws Exception {
        r.assertLogContains(what + " refused: ", run);
        r.assertLogContains(why, run);
        var since = new ArrayList<>(Landscape.refusals());
        since.removeAll(before);
        String who = "job:" + run.getParent().getFullName() + "#" + run.getNumber();
        assertTrue(since.toString(), since.stream().anyMatch(e -> e.startsWith(who + "|" + what) && e.contains(why)));
    }

    /** What the one build that asks waits for. */
    private Promotion waiting(WorkflowRun run) {
        var lane = new LaneId(service, "prod");
        Awaitility.await()
                .atMost(Landscape.PATIENCE)
                .until(() -> store().promotions(lane).stream()
                        .anyMatch(p -> p.state() == State.WAITING
                                && p.requests().stream().anyMatch(q -> q.by().endsWith("#" + run.getNumber()))));
        return store().promotions(lane).get(0);
    }

    private void over(WorkflowRun run, Promotion promotion) throws Exception {
        if (!promotion(promotion.id()).state().isOver()) {
            Desk.promotions().abort(promotion.id(), "user:olga", "the test is over");
        }
        finished(r, run, Result.FAILURE);
    }

    private static Set<String> askers(Promotion promotion) {
        return promotion(promotion.id()).requests().stream()
                .map(PromotionDecisions.Request::by)
                .collect(Collectors.toSet());
    }

    // --- class 18: names ---

    @Test
    @Shows(table = Shows.HOLES, cell = "18 step")
    public void anotherTeamsJobDoesNothing() throws Exception {
        everyStepIsRefused(EVERYTHING_ELSE);
    }

    @Test
    @Shows(table = Shows.HOLES, cell = "18 step")
    public void namesThatOnlyLookAlikeAreOthers() throws Exception {
        for (String alike :
                List.of(folder + "/Main", folder + "/main2", folder + "/deeper/main", "x" + folder + "/main")) {
            WorkflowRun run = finished(r, start(job(r, alike, ask()), "mallory"), Result.FAILURE);
            refused(run, "promote " + service + "@1.0.0 to prod", "policy does not allow job " + alike);
        }
        untouched();
    }

    @Test
    @Shows(table = Shows.HOLES, cell = "18 step")
    public void aJobThatWasRenamedOrMovedLosesThem() throws Exception {
        WorkflowJob job = job(r, main(), "echo 'nothing'");
        job.renameTo("other");
        everyStepIsRefused(folder + "/other");
        job.renameTo("main");
        Folder elsewhere = r.createProject(Folder.class, "away-" + folder);
        Items.move(job, elsewhere);
        everyStepIsRefused("away-" + folder + "/main");
    }

    @Test
    @Shows(table = Shows.HOLES, cell = "18 step")
    public void aFolderThatWasRenamedTakesThemAwayFromItsJobs() throws Exception {
        job(r, main(), "echo 'nothing'");
        ((Folder) r.jenkins.getItem(folder)).renameTo("renamed-" + folder);
        everyStepIsRefused("renamed-" + folder + "/main");
    }

    @Test
    public void whatAJobAskedForStaysItsOwnWhenItIsMovedAway() throws Exception {
        WorkflowJob job = job(r, main(), ask());
        WorkflowRun run = start(job, "bob");
        Promotion asked = waiting(run);
        job.renameTo("moved");
        assertEquals(State.WAITING, promotion(asked.id()).state());
        assertEquals(Set.of("job:" + main() + "#1"), askers(asked));
        assertEquals(Set.of("bob"), promotion(asked.id()).requests().get(0).people());
        over(run, asked);
        before = Landscape.refusals();
        refused(
                finished(r, start(job, "bob"), Result.FAILURE),
                "promote " + service + "@1.0.0 to prod",
                "policy does not allow job " + folder + "/moved");
    }

    /** It may what its name may, which whoever makes jobs there decides; nothing of the old one's is taken for its own. */
    @Test
    @Shows(table = Shows.HOLES, cell = "18 step")
    public void aJobMadeAnewUnderTheNameIsAnotherJob() throws Exception {
        WorkflowJob old = job(r, main(), ask());
        WorkflowRun first = start(old, "zoe");
        Promotion asked = waiting(first);
        DESK.approve(asked.id(), "alice");
        over(first, asked);
        old.delete();
        WorkflowRun again = start(job(r, main(), ask()), "mallory");
        assertEquals("the same number", 1, again.getNumber());
        Promotion anew = waiting(again);
        assertNotEquals("another promotion", asked.id(), anew.id());
        assertEquals(List.of(), promotion(anew.id()).approvals());
        assertEquals(
                "who published and who asks now, and not who asked then",
                Set.of("bob", "mallory"),
                promotion(anew.id()).requests().get(0).people());
        over(again, anew);
    }

    @Test
    public void theCommitsOfAJobMadeAnewAreCountedFromItsOwnBeginning() throws Exception {
        FreeStyleProject job =
                r.createProject(Folder.class, "fs-" + folder).createProject(FreeStyleProject.class, "main");
        String name = job.getFullName();
        for (int i = 0; i < 2; i++) {
            r.buildAndAssertSuccess(job);
        }
        Awaitility.await()
                .until(() -> Instant.now().toEpochMilli() > job.getLastBuild().getStartTimeInMillis());
        DESK.publish(
                service,
                "2.0.0",
                new Provenance(null, null, null, List.of(), List.of(), List.of("job:" + name + "#2")));
        long published = store().release(service, "2.0.0").orElseThrow().at().toEpochMilli();
        Awaitility.await().until(() -> Instant.now().toEpochMilli() > published + 1);
        r.buildAndAssertSuccess(job);
        assertEquals("since what it published", 2, lastPublished(job));
        Folder parent = (Folder) r.jenkins.getItem("fs-" + folder);
        job.delete();
        FreeStyleProject anew = parent.createProject(FreeStyleProject.class, "main");
        for (int i = 0; i < 3; i++) {
            r.buildAndAssertSuccess(anew);
        }
        assertEquals("its own second build published nothing", 0, lastPublished(anew));
    }

    private int lastPublished(FreeStyleProject job) throws Exception {
        var run = job.getLastBuild();
        var node = new org.jenkinsci.plugins.workflow.graph.FlowStartNode(null, "1") {};
        return ProvenanceCollector.lastPublished(run, BuildIdentity.of(run, node), store(), service);
    }

    // --- class 8: repeated builds ---

    @Test
    @Shows(table = Shows.HOLES, cell = "8 replay")
    public void aRepeatedBuildReusesNoApprovalThatWasTakenBack() throws Exception {
        WorkflowJob job = job(r, main(), ask());
        WorkflowRun first = start(job, "bob");
        Promotion asked = waiting(first);
        DESK.approve(asked.id(), "alice");
        Desk.promotions().withdrawApproval(asked.id(), new Person("alice", Set.of(), "login"), "the load test is red");

        WorkflowRun replay = replayedByBob(first);
        assertEquals("it joins", asked.id(), waiting(replay).id());
        assertEquals(Set.of("job:" + main() + "#1", "job:" + main() + "#2"), askers(asked));
        assertTrue(
                "and is requested by everybody behind both",
                promotion(asked.id()).requests().stream()
                        .allMatch(q -> q.people().isEmpty() || q.people().contains("bob")));
        assertEquals(List.of(), promotion(asked.id()).standing());
        DESK.approve(asked.id(), "carol");
        assertEquals(
                "alice's is still missing", State.WAITING, promotion(asked.id()).state());
        over(first, asked);
        finished(r, replay, Result.FAILURE);

        WorkflowRun rebuilt = replayedByBob(first);
        Promotion anew = waiting(rebuilt);
        assertNotEquals(asked.id(), anew.id());
        assertEquals(
                "nothing that was given to the first",
                List.of(),
                promotion(anew.id()).approvals());
        over(rebuilt, anew);
    }

    /** Behind a replay that a program started is no known person. */
    private WorkflowRun replayedByBob(WorkflowRun original) throws Exception {
        try (ACLContext bob = ACL.as2(User.getById("bob", true).impersonate2())) {
            return (WorkflowRun)
                    original.getAction(ReplayAction.class).run(ask(), Map.of()).waitForStart();
        }
    }

    @Test
    @Shows(table = Shows.HOLES, cell = "8 replay")
    public void anEditedReplayPublishesAndRecordsNothingAndMayNothingMore() throws Exception {
        WorkflowRun first = finished(r, start(job(r, main(), "echo 'harmless'"), "bob"), Result.SUCCESS);
        for (String what : List.of("publish " + service + "@6.6.6", "record evidence of " + service + "@1.0.0")) {
            var replay = (WorkflowRun) first.getAction(ReplayAction.class)
                    .run(steps().get(what), Map.of())
                    .get();
            refused(finished(r, replay, Result.FAILURE), what, "this build was replayed or restarted from a stage");
        }
        String other = service.equals(Desk.service(1)) ? Desk.service(2) : Desk.service(1);
        var replay = (WorkflowRun) first.getAction(ReplayAction.class)
                .run("promoteRelease release: '" + other + "@1.0.0', to: 'dev'", Map.of())
                .get();
        refused(
                finished(r, replay, Result.FAILURE),
                "promote " + other + "@1.0.0 to dev",
                "policy does not allow job " + main() + " request:dev for service " + other);
        untouched();
    }

    @Test
    @Shows(table = Shows.HOLES, cell = "8 replay")
    public void aRestartFromAStageRecordsNothing() throws Exception {
        WorkflowJob job = job(r, main(), """
                pipeline {
                  agent none
                  stages {
                    stage('Test') { steps { echo 'tested' } }
                    stage('Say') { steps { script { if (currentBuild.number > 1) { %s } } } }
                  }
                }
                """.formatted(steps().get("record evidence of " + service + "@1.0.0")));
        WorkflowRun first = finished(r, start(job, "bob"), Result.SUCCESS);
        first.getAction(RestartDeclarativePipelineAction.class).run("Say");
        Awaitility.await().atMost(Landscape.PATIENCE).until(() -> job.getBuildByNumber(2) != null);
        refused(
                finished(r, job.getBuildByNumber(2), Result.FAILURE),
                "record evidence of " + service + "@1.0.0",
                "this build was replayed or restarted from a stage");
        untouched();
    }
}
