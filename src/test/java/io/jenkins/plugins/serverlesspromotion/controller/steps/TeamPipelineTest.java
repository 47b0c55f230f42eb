package io.jenkins.plugins.serverlesspromotion.controller.steps;

import static io.jenkins.plugins.serverlesspromotion.controller.steps.Landscape.finished;
import static io.jenkins.plugins.serverlesspromotion.controller.steps.Landscape.job;
import static io.jenkins.plugins.serverlesspromotion.controller.steps.Landscape.lean;
import static io.jenkins.plugins.serverlesspromotion.controller.steps.Landscape.start;
import static io.jenkins.plugins.serverlesspromotion.controller.steps.Landscape.store;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertTrue;

import com.cloudbees.hudson.plugins.folder.Folder;
import hudson.model.Result;
import hudson.model.TaskListener;
import hudson.model.User;
import hudson.scm.NullSCM;
import hudson.scm.SCM;
import io.jenkins.plugins.serverlesspromotion.Shows;
import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion.State;
import io.jenkins.plugins.serverlesspromotion.sandbox.Sandbox;
import io.jenkins.plugins.serverlesspromotion.sandbox.SandboxConfig;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import jenkins.branch.BranchSource;
import jenkins.scm.api.SCMHead;
import jenkins.scm.api.SCMHeadEvent;
import jenkins.scm.api.SCMHeadObserver;
import jenkins.scm.api.SCMRevision;
import jenkins.scm.api.SCMSource;
import jenkins.scm.api.SCMSourceCriteria;
import jenkins.scm.api.SCMSourceDescriptor;
import jenkins.scm.api.mixin.ChangeRequestSCMHead;
import jenkins.security.ApiTokenProperty;
import org.jenkinsci.plugins.pipeline.modeldefinition.actions.RestartDeclarativePipelineAction;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.cps.replay.ReplayAction;
import org.jenkinsci.plugins.workflow.flow.FlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.multibranch.AbstractWorkflowBranchProjectFactory;
import org.jenkinsci.plugins.workflow.multibranch.WorkflowMultiBranchProject;
import org.junit.AfterClass;
import org.junit.Before;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.TestExtension;

/** A team's pipeline tries to get past the rules. Every refusal stands in the audit log. */
public class TeamPipelineTest {
    @ClassRule
    public static final JenkinsRule r = new JenkinsRule();

    private static Sandbox sandbox;
    private static int versions;

    private List<String> before;

    @BeforeClass
    public static void open() throws Exception {
        sandbox = Sandbox.start(SandboxConfig.threeAccounts().timeScale(0.001));
        Landscape.people(r);
        Landscape.configure(
                r,
                sandbox.endpoint(),
                policy -> Landscape.leanPolicy(policy)
                                .replace("job: team-orders/orders/main", "job: \"team-orders/orders/*\"")
                        + """
                          - name: billing
                            owners: { groups: [team-billing] }
                            jobs: [{ job: team-billing/main, may: [publish, "request:dev"] }]
                            placements: [{ environment: dev, places: [orders-dev/eu-west-1] }]
                        """);
    }

    @AfterClass
    public static void close() {
        sandbox.close();
    }

    @Before
    public void remember() throws Exception {
        before = Landscape.refusals();
    }

    @Test
    public void itsOwnServiceIsItsOwn() throws Exception {
        String version = newVersion();
        finished(r, start(job(r, "team-orders/orders/main", publish(version)), "bob"), Result.SUCCESS);
        assertTrue(store().release("orders", version).isPresent());
        nothingRefused();
    }

    @Test
    @Shows(table = Shows.HOLES, cell = "18 step")
    public void anotherTeamsServiceIsNot() throws Exception {
        String version = newVersion();
        WorkflowRun run = finished(r, start(job(r, "team-billing/main", publish(version)), "mallory"), Result.FAILURE);
        refused(
                run,
                "publish orders@" + version,
                "policy does not allow job team-billing/main publish for service orders");
        assertTrue(store().release("orders", version).isEmpty());
        assertEquals(
                "not a byte was stored for it", List.of(), sandbox.control().history("s3:object", "*" + version + "*"));
    }

    @Test
    public void aRefusalOfAStepNamesThePeopleBehindTheBuild() throws Exception {
        finished(r, start(job(r, "team-billing/main", publish(newVersion())), "mallory"), Result.FAILURE);
        finished(
                r,
                start(job(r, "team-billing/main", "releaseStatus service: 'orders', environment: 'dev'"), "zoe"),
                Result.FAILURE);
        List<Entry.Refused> refused = store().records(e -> e.entry() instanceof Entry.Refused).stream()
                .map(e -> (Entry.Refused) e.entry())
                .toList();
        assertEquals(List.of("mallory"), refused.get(refused.size() - 2).people());
        assertEquals(List.of("zoe"), refused.get(refused.size() - 1).people());
    }

    @Test
    @Shows(
            table = Shows.HOLES,
            cell = {"1 step", "16 step", "24 step"})
    public void noJobMayWhatPolicyDoesNotSay() throws Exception {
        publishedBy("team-orders/orders/main", "7.0.0");
        WorkflowJob job = job(r, "team-billing/main", "promoteRelease release: 'orders@7.0.0', to: 'dev'");
        refused(
                finished(r, start(job, "mallory"), Result.FAILURE),
                "promote orders@7.0.0 to dev",
                "policy does not allow job team-billing/main request:dev for service orders");
        job = job(r, "team-billing/main", "rollbackRelease service: 'orders', environment: 'prod', reason: 'why not'");
        refused(
                finished(r, start(job, "mallory"), Result.FAILURE),
                "roll back orders in prod",
                "policy does not allow job team-billing/main rollback:prod for service orders");
        job = job(r, "team-billing/main", "releaseStatus service: 'orders', environment: 'prod'");
        refused(
                finished(r, start(job, "mallory"), Result.FAILURE),
                "status of orders",
                "policy does not allow job team-billing/main do anything for service orders, or it has no such"
                        + " service");
        job = job(r, "team-billing/main", "promoteRelease release: 'nothing@7.0.0', to: 'dev'");
        refused(
                finished(r, start(job, "mallory"), Result.FAILURE),
                "promote nothing@7.0.0 to dev",
                "policy does not allow job team-billing/main request:dev for service nothing, or it has no such"
                        + " service");
    }

    @Test
    @Shows(table = Shows.HOLES, cell = "18 replay")
    public void aPullRequestNeverMatches() throws Exception {
        String version = newVersion();
        Folder team = folder("team-orders");
        if (team.getItem("orders") != null) {
            team.getItem("orders").delete();
        }
        var branches = team.createProject(WorkflowMultiBranchProject.class, "orders");
        branches.setProjectFactory(new InlineFactory(publish(version)));
        branches.getSourcesList().add(new BranchSource(new Heads()));
        branches.scheduleBuild2(0).getFuture().get();
        r.waitUntilNoActivity();
        WorkflowRun pull = branches.getItem("PR-7").getLastBuild();
        finished(r, pull, Result.FAILURE);
        finished(r, branches.getItem("main").getLastBuild(), Result.SUCCESS);
        refused(pull, "publish orders@" + version, "team-orders/orders/PR-7 builds a pull request");
        assertEquals(
                List.of("job:team-orders/orders/main#1"),
                store().release("orders", version).orElseThrow().provenance().publishers());
        assertEquals(
                "main",
                store().release("orders", version).orElseThrow().provenance().branch());
        branches.delete();
    }

    @Test
    @Shows(
            table = Shows.HOLES,
            cell = {"1 replay", "2 replay", "8 replay", "13 replay", "16 replay", "18 replay"})
    public void aReplayMayNotPublish() throws Exception {
        String version = newVersion();
        WorkflowJob job = job(r, "team-orders/orders/replayed", "echo 'harmless'");
        WorkflowRun original = finished(r, start(job, "bob"), Result.SUCCESS);
        var replay = (WorkflowRun) original.getAction(ReplayAction.class)
                .run(publish(version), Map.of())
                .get();
        refused(
                finished(r, replay, Result.FAILURE),
                "publish orders@" + version,
                "this build was replayed or restarted");
        assertTrue(store().release("orders", version).isEmpty());
    }

    @Test
    @Shows(
            table = Shows.HOLES,
            cell = {"2 replay", "8 replay", "16 replay"})
    public void aBuildRestartedFromAStageMayNotPublish() throws Exception {
        String version = newVersion();
        WorkflowJob job = job(r, "team-orders/orders/staged", """
                pipeline {
                  agent none
                  stages {
                    stage('Test') { steps { echo 'tested' } }
                    stage('Publish') { agent any
                      steps { script { if (currentBuild.number > 1) { %s } } } }
                  }
                }
                """.formatted(inNode(version)));
        WorkflowRun original = finished(r, start(job, "bob"), Result.SUCCESS);
        original.getAction(RestartDeclarativePipelineAction.class).run("Publish");
        r.waitUntilNoActivity();
        refused(
                finished(r, job.getBuildByNumber(2), Result.FAILURE),
                "publish orders@" + version,
                "this build was replayed or restarted");
        assertTrue(store().release("orders", version).isEmpty());
    }

    @Test
    public void aCopyOfAJobIsAnotherJob() throws Exception {
        String version = newVersion();
        WorkflowJob job = job(r, "team-orders/orders/copied", publish(version));
        Folder elsewhere = folder("sandbox-of-mallory");
        WorkflowJob copy = (WorkflowJob) elsewhere.createProjectFromXML(
                "copied",
                new java.io.ByteArrayInputStream(job.getConfigFile().asString().getBytes()));
        refused(
                finished(r, start(copy, "mallory"), Result.FAILURE),
                "publish orders@" + version,
                "policy does not allow job sandbox-of-mallory/copied publish");
    }

    @Test
    @Shows(
            table = Shows.HOLES,
            cell = {"8 step", "9 step", "18 step"})
    public void noArgumentNamesAnotherJob() throws Exception {
        String version = newVersion();
        WorkflowJob job = job(
                r,
                "team-billing/main",
                "withEnv(['JOB_NAME=team-orders/orders/main', 'JOB_BASE_NAME=main', 'BUILD_TAG=jenkins-main-1']) {\n"
                        + publish(version) + "\n}");
        refused(
                finished(r, start(job, "mallory"), Result.FAILURE),
                "publish orders@" + version,
                "policy does not allow job team-billing/main publish");
        job = job(
                r,
                "team-billing/main",
                "promoteRelease release: 'orders@7.0.0', to: 'dev', job: 'team-orders/orders/main'");
        WorkflowRun run = finished(r, start(job, "mallory"), Result.FAILURE);
        r.assertLogContains("Unknown parameter(s) found", run);
    }

    @Test
    public void theDeployCredentialsAreOutOfReach() throws Exception {
        WorkflowJob job = job(r, "team-orders/orders/thief", """
                node {
                  withCredentials([[$class: 'AmazonWebServicesCredentialsBinding', credentialsId: 'release-base']]) {
                    sh 'echo $AWS_SECRET_ACCESS_KEY | rev'
                  }
                }
                """);
        WorkflowRun run = finished(r, start(job, "mallory"), Result.FAILURE);
        r.assertLogContains("Could not find credentials entry with ID 'release-base'", run);
        assertFalse(Landscape.log(run).contains("sandbox-secret-of-release-base"));
    }

    @Test
    @Shows(table = Shows.HOLES, cell = "18 step")
    public void aJobDoesNotLendItsRightsToThoseItStarts() throws Exception {
        publishedBy("team-orders/orders/main", "7.1.0");
        job(r, "helpers/promote", "promoteRelease release: 'orders@7.1.0', to: 'dev'");
        WorkflowJob upstream = job(r, "team-orders/orders/upstream", "build job: '/helpers/promote'");
        finished(r, start(upstream, "bob"), Result.FAILURE);
        WorkflowRun run = r.jenkins
                .getItemByFullName("helpers/promote", WorkflowJob.class)
                .getLastBuild();
        refused(
                finished(r, run, Result.FAILURE),
                "promote orders@7.1.0 to dev",
                "policy does not allow job helpers/promote request:dev");
    }

    @Test
    public void theSameVersionWithOtherBytesIsRefused() throws Exception {
        publishedBy("team-orders/orders/main", "7.2.0");
        String other = publish("7.2.0").replace("Description: 7.2.0", "Description: changed");
        WorkflowRun run = finished(r, start(job(r, "team-orders/orders/main", other), "bob"), Result.FAILURE);
        refused(run, "publish orders@7.2.0", "with other content");
        refused(run, "publish orders@7.2.0", "): changed: ");
        publishedBy("team-orders/orders/main", "7.2.0");
        assertEquals(
                1,
                store().releases("orders").stream()
                        .filter(p -> p.ref().version().equals("7.2.0"))
                        .count());
    }

    @Test
    @Shows(table = Shows.HOLES, cell = "7 step")
    public void aManifestOutsideOfTheWorkspaceIsNotRead() throws Exception {
        for (String path : List.of("../outside.yaml", "/etc/passwd", "link.yaml")) {
            WorkflowJob job = job(
                    r,
                    "team-orders/orders/outside",
                    "node { sh 'echo a: 1 > ../outside.yaml; ln -sf ../outside.yaml link.yaml'\n publishRelease"
                            + " manifest: '"
                            + path + "', version: '1' }");
            WorkflowRun run = finished(r, start(job, "mallory"), Result.FAILURE);
            r.assertLogContains(path + " is outside of the workspace", run);
        }
    }

    @Test
    public void whatIsWrongWithAManifestIsSaidWithItsLine() throws Exception {
        WorkflowJob job = job(
                r,
                "team-orders/orders/wrong",
                "node {\n" + lean("1", 200).replace("service: orders", "service: Orders!")
                        + "publishRelease manifest: 'release.yaml', version: '1' }");
        WorkflowRun run = finished(r, start(job, "bob"), Result.FAILURE);
        r.assertLogContains("release.yaml:3", run);
        r.assertLogNotContains("Exception", run);
    }

    /** Even where the account that builds use is a release manager and an administrator of Jenkins. */
    @Test
    public void aBuildsAccountDecidesNothingByRest() throws Exception {
        publishedBy("team-orders/orders/main", "7.3.0");
        start(job(r, "team-orders/orders/main", "promoteRelease release: 'orders@7.3.0', to: 'prod'"), "bob");
        String id = "orders.prod.1";
        var waiting = Landscape.reached(id, State.WAITING);
        String robot = "robot:" + token("robot");
        String approve = "approve' -d planDigest=" + waiting.plan().digest();
        assertEquals("403", post(robot, "promotion/" + id + "/" + approve));
        assertEquals("403", post(robot, "promotion/" + id + "/abort' -d reason=why-not"));
        assertEquals("403", post(robot, "rollback' -d service=orders -d environment=prod -d reason=why-not"));
        assertNotEquals("200", post("bob:" + token("bob"), "promotion/" + id + "/" + approve));
        assertNotEquals("200", post(null, "promotion/" + id + "/" + approve));
        var since = new ArrayList<>(Landscape.refusals());
        since.removeAll(before);
        for (String what : List.of("approve " + id, "abort " + id, "roll back orders")) {
            assertTrue(
                    since.toString(),
                    since.stream()
                            .anyMatch(e -> e.startsWith("user:robot|" + what) && e.contains("is a service user")));
        }
        var now = store().promotion(id).orElseThrow();
        assertEquals(State.WAITING, now.state());
        assertEquals(List.of(), now.approvals());
        Landscape.promotions().abort(id, "user:dave", "the test is over");
        r.waitUntilNoActivity();
    }

    private static String token(String user) throws Exception {
        return User.getById(user, true).getProperty(ApiTokenProperty.class).generateNewToken("build").plainValue;
    }

    /** From inside of a build; answers the HTTP status. */
    private static String post(String credentials, String rest) throws Exception {
        String command =
                "curl -s -o /dev/null -w '%{http_code}' " + (credentials == null ? "" : "-u " + credentials + " ")
                        + "-X POST '" + r.getURL() + "promotion-releases/api/" + rest;
        WorkflowJob job = job(
                r,
                "team-orders/orders/rest",
                "node { echo 'status ' + sh(returnStdout: true, script: \"\"\"" + command + "\"\"\") }");
        String log = Landscape.log(finished(r, start(job, "bob"), Result.SUCCESS));
        return log.replaceAll("(?s).*\nstatus ([0-9]+).*", "$1");
    }

    // --- the world ---

    private void publishedBy(String job, String version) throws Exception {
        finished(r, start(job(r, job, publish(version)), "bob"), Result.SUCCESS);
    }

    private static String newVersion() {
        return "1.0." + ++versions;
    }

    private static String publish(String version) {
        return "node {\n" + inNode(version) + "\n}";
    }

    private static String inNode(String version) {
        return lean(version, 200) + "publishRelease manifest: 'release.yaml', version: '" + version + "'";
    }

    private static Folder folder(String name) throws IOException {
        Folder there = (Folder) r.jenkins.getItem(name);
        return there == null ? r.jenkins.createProject(Folder.class, name) : there;
    }

    private void refused(WorkflowRun run, String what, String why) throws Exception {
        r.assertLogContains(what + " refused: ", run);
        r.assertLogContains(why, run);
        var since = new ArrayList<>(Landscape.refusals());
        since.removeAll(before);
        String who = "job:" + run.getParent().getFullName() + "#" + run.getNumber();
        assertTrue(since.toString(), since.stream().anyMatch(e -> e.startsWith(who + "|" + what) && e.contains(why)));
    }

    private void nothingRefused() throws Exception {
        assertEquals(before, Landscape.refusals());
    }

    // --- branches without a source control system ---

    public static final class PullRequest extends SCMHead implements ChangeRequestSCMHead {
        private static final long serialVersionUID = 1L;

        public PullRequest(String name) {
            super(name);
        }

        @Override
        public String getId() {
            return "7";
        }

        @Override
        public SCMHead getTarget() {
            return new SCMHead("main");
        }
    }

    public static final class Heads extends SCMSource {
        @Override
        protected void retrieve(
                SCMSourceCriteria criteria, SCMHeadObserver observer, SCMHeadEvent<?> event, TaskListener listener)
                throws IOException, InterruptedException {
            for (SCMHead head : List.of(new SCMHead("main"), new PullRequest("PR-7"))) {
                observer.observe(head, new Revision(head));
            }
        }

        @Override
        public SCM build(SCMHead head, SCMRevision revision) {
            return new NullSCM();
        }

        @TestExtension
        public static final class DescriptorImpl extends SCMSourceDescriptor {}
    }

    public static final class Revision extends SCMRevision {
        private static final long serialVersionUID = 1L;

        Revision(SCMHead head) {
            super(head);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Revision revision && revision.getHead().equals(getHead());
        }

        @Override
        public int hashCode() {
            return getHead().hashCode();
        }
    }

    public static final class InlineFactory extends AbstractWorkflowBranchProjectFactory {
        private final String script;

        public InlineFactory(String script) {
            this.script = script;
        }

        @Override
        protected FlowDefinition createDefinition() {
            try {
                return new CpsFlowDefinition(script, true);
            } catch (hudson.model.Descriptor.FormException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        protected SCMSourceCriteria getSCMSourceCriteria(SCMSource source) {
            return (probe, listener) -> true;
        }

        @TestExtension
        public static final class DescriptorImpl extends AbstractWorkflowBranchProjectFactoryDescriptor {}
    }
}
