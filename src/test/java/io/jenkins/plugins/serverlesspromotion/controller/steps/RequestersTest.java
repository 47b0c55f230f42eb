package io.jenkins.plugins.serverlesspromotion.controller.steps;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import hudson.model.Cause;
import hudson.model.CauseAction;
import hudson.model.FreeStyleBuild;
import hudson.model.FreeStyleProject;
import hudson.model.Run;
import hudson.model.User;
import hudson.triggers.SCMTrigger;
import hudson.triggers.TimerTrigger;
import io.jenkins.plugins.serverlesspromotion.Shows;
import io.jenkins.plugins.serverlesspromotion.controller.configuration.ServerlessPromotionConfiguration;
import io.jenkins.plugins.serverlesspromotion.controller.configuration.SettingsConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import jenkins.security.QueueItemAuthenticatorConfiguration;
import org.jenkinsci.plugins.pipeline.modeldefinition.actions.RestartDeclarativePipelineAction;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.cps.replay.ReplayAction;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockQueueItemAuthenticator;

public class RequestersTest {
    @ClassRule
    public static final JenkinsRule r = new JenkinsRule();

    private static int jobs;

    @BeforeClass
    public static void realm() {
        r.jenkins.setSecurityRealm(r.createDummySecurityRealm());
    }

    @Test
    @Shows(table = Shows.HOLES, cell = "15 step")
    public void clicksThatCoalesceAreSeveralPeople() throws Exception {
        FreeStyleProject job = r.createFreeStyleProject("job" + ++jobs);
        job.setQuietPeriod(3600);
        assertTrue(job.scheduleBuild(3600, user("bob")));
        job.scheduleBuild(3600, user("Carol"));
        job.scheduleBuild(0, user("bob"));
        r.waitUntilNoActivity();
        assertEquals(1, job.getBuilds().size());
        assertEquals(Set.of("bob", "carol"), Requesters.of(job.getLastBuild()).people());
    }

    @Test
    @Shows(table = Shows.HOLES, cell = "15 step")
    public void anIdIsTheRealmsOne() throws Exception {
        assertEquals(Set.of("alice"), Requesters.of(build(user("ALICE"))).people());
    }

    @Test
    public void timersAndSourceControlAreNobody() throws Exception {
        Requesters nobody = Requesters.of(build(
                new TimerTrigger.TimerTriggerCause(),
                new SCMTrigger.SCMTriggerCause("a commit"),
                new SCMTrigger.SCMTriggerCause("a push") {}));
        assertEquals(Set.of(), nobody.people());
        assertFalse(nobody.isAnyoneUnknown());
        assertEquals(Set.of("bob"), nobody.with(List.of("job:orders#7", "user:bob")));
    }

    @Test
    public void aServiceUserIsNobody() throws Exception {
        var settings = new SettingsConfig();
        settings.setServiceUsers(List.of("Robot"));
        ServerlessPromotionConfiguration.get().setSettings(settings);
        ServerlessPromotionConfiguration.get().save();
        try {
            Requesters nobody = Requesters.of(build(user("robot")));
            assertEquals(Set.of(), nobody.people());
            assertFalse(nobody.isAnyoneUnknown());
            assertEquals(
                    Set.of("bob"),
                    Requesters.of(build(user("ROBOT"), user("bob"))).people());
        } finally {
            ServerlessPromotionConfiguration.get().setSettings(null);
            ServerlessPromotionConfiguration.get().save();
        }
    }

    @Test
    public void someoneAnonymousMakesAllUnknown() throws Exception {
        for (String nobody : new String[] {null, "", "anonymous", "SYSTEM", "unknown"}) {
            Requesters unknown = Requesters.of(build(user("bob"), user(nobody)));
            assertTrue(nobody, unknown.isAnyoneUnknown());
            assertEquals(nobody, Set.of("bob"), unknown.people());
            assertEquals(nobody, Set.of("bob", "carol"), unknown.with(List.of("user:carol")));
            assertEquals(List.of("unknown", "user:bob"), unknown.asPublishers());
            Requesters other = Requesters.of(build(user("erin")));
            assertFalse(other.isAnyoneUnknown());
            assertTrue("the publisher", other.isAnyoneUnknown(unknown.asPublishers()));
        }
    }

    @Test
    public void upstreamBuildsCountAlsoWhenTheyAreGone() throws Exception {
        FreeStyleBuild first = build(user("alice"));
        FreeStyleBuild second = build(new Cause.UpstreamCause((Run<?, ?>) first), user("bob"));
        FreeStyleBuild third = build(new Cause.UpstreamCause((Run<?, ?>) second));
        first.delete();
        second.getParent().delete();
        assertEquals(Set.of("alice", "bob"), Requesters.of(third).people());
    }

    /** As a plugin or a script schedules it, or when the class of its only cause went with its plugin. */
    @Test
    public void aBuildWithoutAnyCauseIsUnknown() throws Exception {
        FreeStyleBuild none = build();
        assertEquals(List.of(), none.getCauses());
        assertTrue(Requesters.of(none).isAnyoneUnknown());
    }

    @Test
    public void anUpstreamBuildWithoutAnyCauseIsUnknownAlsoWhenItIsGone() throws Exception {
        FreeStyleBuild none = build();
        FreeStyleBuild build = build(new Cause.UpstreamCause((Run<?, ?>) none), user("bob"));
        assertTrue("stored", Requesters.of(build).isAnyoneUnknown());
        none.getParent().delete();
        assertTrue("gone", Requesters.of(build).isAnyoneUnknown());
        assertEquals(Set.of("bob"), Requesters.of(build).people());
    }

    /** Jenkins leaves such a cause out when it reads the build, beside one that it can read and inside of another one. */
    @Test
    public void aCauseWhoseClassWentWithItsPluginIsUnknown() throws Exception {
        FreeStyleBuild first = build(new Payload(), user("bob"));
        FreeStyleBuild second = build(new Cause.UpstreamCause((Run<?, ?>) first));
        FreeStyleBuild known = build(user("bob"), new TimerTrigger.TimerTriggerCause());
        assertFalse(Requesters.of(again(known)).isAnyoneUnknown());
        FreeStyleBuild lost = again(first);
        assertEquals(1, lost.getCauses().size());
        assertTrue(Requesters.of(lost).isAnyoneUnknown());
        first.getParent().delete();
        FreeStyleBuild below = again(second);
        assertEquals(Set.of("bob"), Requesters.of(below).people());
        assertTrue(Requesters.of(below).isAnyoneUnknown());
    }

    /** The build as it is read when there is no {@link Payload}. */
    private static FreeStyleBuild again(FreeStyleBuild build) throws Exception {
        Path file = build.getRootDir().toPath().resolve("build.xml");
        Files.writeString(file, Files.readString(file).replace("RequestersTest_-Payload", "Gone"));
        FreeStyleProject job = build.getParent();
        job.doReload();
        return r.jenkins
                .getItemByFullName(job.getFullName(), FreeStyleProject.class)
                .getBuildByNumber(1);
    }

    /** Jenkins records ten levels of a chain only; the stored builds have the others. */
    @Test
    public void aLongChainIsFollowedThroughStoredBuildsAndUnknownWithoutThem() throws Exception {
        FreeStyleBuild first = build(user("alice"));
        FreeStyleBuild build = first;
        FreeStyleBuild third = null;
        for (int i = 0; i < 14; i++) {
            build = build(new Cause.UpstreamCause((Run<?, ?>) build), user("bob"));
            third = i == 1 ? build : third;
        }
        Requesters followed = Requesters.of(build);
        assertFalse(followed.isAnyoneUnknown());
        assertEquals(Set.of("alice", "bob"), followed.people());
        third.delete();
        assertTrue(Requesters.of(build).isAnyoneUnknown());
    }

    @Test
    @Shows(table = Shows.HOLES, cell = "22 jcasc")
    public void aCauseOfAnyOtherClassIsUnknownUntilItIsConfiguredAndAMonitorNamesIt() throws Exception {
        FreeStyleBuild remote = build(new Cause.RemoteCause("build.acme.net", "hook"));
        assertTrue(Requesters.of(remote).isAnyoneUnknown());
        assertTrue(
                "a subclass takes its id from anywhere",
                Requesters.of(build(new Payload())).isAnyoneUnknown());
        assertEquals(List.of(Cause.RemoteCause.class.getName(), Payload.class.getName()), unlisted());
        var settings = new SettingsConfig();
        settings.setAutomaticCauses(List.of(Cause.RemoteCause.class.getName()));
        ServerlessPromotionConfiguration.get().setSettings(settings);
        ServerlessPromotionConfiguration.get().save();
        try {
            assertFalse(Requesters.of(remote).isAnyoneUnknown());
            assertEquals(List.of(Payload.class.getName()), unlisted());
            assertTrue(UnlistedCauses.get().isActivated());
        } finally {
            ServerlessPromotionConfiguration.get().setSettings(null);
            ServerlessPromotionConfiguration.get().save();
        }
    }

    /** Without the cause of another test of this class, which may have run before. */
    private static List<String> unlisted() {
        return UnlistedCauses.get().getUnlisted().stream()
                .filter(name -> !name.equals(Again.class.getName()))
                .toList();
    }

    /** As a plugin has it that lets a person build again what another build was. */
    @Test
    public void aCauseOfAnotherPluginThatNamesAnUpstreamBuildIsUnknownToo() throws Exception {
        FreeStyleBuild first = build(user("alice"));
        Requesters requesters = Requesters.of(build(new Again(first)));
        assertTrue(requesters.isAnyoneUnknown());
        assertEquals(Set.of("alice"), requesters.people());
    }

    public static final class Again extends Cause.UpstreamCause {
        Again(Run<?, ?> of) {
            super(of);
        }
    }

    /** As a plugin has it whose causes take the user from what a request contained. */
    public static final class Payload extends Cause.UserIdCause {
        Payload() {
            super("alice");
        }
    }

    @Test
    public void theAccountThatABuildRunsAsIsNobody() throws Exception {
        FreeStyleProject job = r.createFreeStyleProject("job" + ++jobs);
        var authenticators = QueueItemAuthenticatorConfiguration.get().getAuthenticators();
        authenticators.replace(new MockQueueItemAuthenticator()
                .authenticate(job.getFullName(), User.getById("robot", true).impersonate2()));
        try {
            FreeStyleBuild build = job.scheduleBuild2(0, user("bob")).get();
            assertEquals(Set.of("bob"), Requesters.of(build).people());
        } finally {
            authenticators.clear();
        }
    }

    @Test
    @Shows(
            table = Shows.HOLES,
            cell = {"9 replay", "15 replay", "22 replay"})
    public void aReplayIsTheOriginalsToo() throws Exception {
        WorkflowJob job = r.createProject(WorkflowJob.class, "job" + ++jobs);
        job.setDefinition(new CpsFlowDefinition("echo 'hi'", true));
        WorkflowRun original =
                job.scheduleBuild2(0, new CauseAction(user("alice"))).get();
        WorkflowRun replay = (WorkflowRun) original.getAction(ReplayAction.class)
                .run("echo 'ho'", Map.of())
                .get();
        // The replayer here is the test, which is SYSTEM: what counts is that the original is found.
        assertTrue(Requesters.of(replay).asPublishers().contains("user:alice"));
        original.delete();
        assertTrue(Requesters.of(replay).isAnyoneUnknown());
        assertFalse(Requesters.of(replay).asPublishers().contains("user:alice"));
    }

    @Test
    @Shows(
            table = Shows.HOLES,
            cell = {"9 replay", "15 replay"})
    public void aRestartFromAStageIsTheOriginalsToo() throws Exception {
        WorkflowJob job = r.createProject(WorkflowJob.class, "job" + ++jobs);
        job.setDefinition(new CpsFlowDefinition("""
                pipeline {
                  agent none
                  stages {
                    stage('a') { steps { echo 'a' } }
                    stage('b') { steps { echo 'b' } }
                  }
                }
                """, true));
        WorkflowRun original =
                job.scheduleBuild2(0, new CauseAction(user("alice"))).get();
        original.getAction(RestartDeclarativePipelineAction.class).run("b");
        r.waitUntilNoActivity();
        WorkflowRun restarted = job.getBuildByNumber(2);
        assertTrue(Requesters.of(restarted).asPublishers().contains("user:alice"));
    }

    private static Cause.UserIdCause user(String id) {
        return new Cause.UserIdCause(id);
    }

    private static FreeStyleBuild build(Cause... causes) throws Exception {
        FreeStyleProject job = r.createFreeStyleProject("job" + ++jobs);
        return job.scheduleBuild2(0, new CauseAction(List.of(causes))).get();
    }
}
