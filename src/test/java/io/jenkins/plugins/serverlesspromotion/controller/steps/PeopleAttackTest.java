package io.jenkins.plugins.serverlesspromotion.controller.steps;

import static io.jenkins.plugins.serverlesspromotion.controller.steps.Landscape.finished;
import static io.jenkins.plugins.serverlesspromotion.controller.steps.Landscape.job;
import static io.jenkins.plugins.serverlesspromotion.controller.steps.Landscape.lean;
import static io.jenkins.plugins.serverlesspromotion.controller.steps.Landscape.start;
import static io.jenkins.plugins.serverlesspromotion.controller.steps.Landscape.store;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import hudson.FilePath;
import hudson.Launcher;
import hudson.model.Cause;
import hudson.model.CauseAction;
import hudson.model.FreeStyleBuild;
import hudson.model.FreeStyleProject;
import hudson.model.Result;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.plugins.git.GitSCM;
import io.jenkins.plugins.serverlesspromotion.engine.release.Provenance;
import io.jenkins.plugins.serverlesspromotion.sandbox.Sandbox;
import io.jenkins.plugins.serverlesspromotion.sandbox.SandboxConfig;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.jvnet.hudson.test.FlagRule;
import org.jvnet.hudson.test.JenkinsRule;

/** Who is behind a build and who wrote a release are not known where nothing says so. */
public class PeopleAttackTest {
    @Rule
    public JenkinsRule r = new JenkinsRule();

    @Rule
    public TemporaryFolder folder = new TemporaryFolder();

    @Rule
    public FlagRule<Boolean> local =
            new FlagRule<>(() -> GitSCM.ALLOW_LOCAL_CHECKOUT, v -> GitSCM.ALLOW_LOCAL_CHECKOUT = v, true);

    private Sandbox sandbox;
    private File repository;

    @Before
    public void open() throws Exception {
        sandbox = Sandbox.start(SandboxConfig.threeAccounts().timeScale(0));
        Landscape.people(r);
        Landscape.configure(r, sandbox.endpoint(), Landscape::leanPolicy);
        repository = folder.newFolder("orders");
        git("init", "-q", "-b", "main");
    }

    @After
    public void close() {
        sandbox.close();
    }

    private static Provenance provenance(String version) {
        return store().release("orders", version).orElseThrow().provenance();
    }

    /** As a pipeline that fetches its sources by itself, from an archive or with git in a shell. */
    @Test
    public void aJobWithoutChangeLogsNeverKnowsAllAuthors() throws Exception {
        for (String version : List.of("1.0.0", "1.1.0")) {
            WorkflowJob main = job(
                    r,
                    Landscape.MAIN,
                    "node {\n" + lean(version, 200) + "publishRelease manifest: 'release.yaml', version: '" + version
                            + "'\n}");
            finished(r, start(main, "bob"), Result.SUCCESS);
        }
        assertFalse("the first one", provenance("1.0.0").isComplete());
        assertFalse(
                "the second one has no authors and is 'complete'",
                provenance("1.1.0").isComplete());
    }

    /** Mallory's commit comes with a checkout that writes no change log, into a folder of the workspace. */
    @Test
    public void aCheckoutWithoutChangeLogHidesNoAuthor() throws Exception {
        for (String version : List.of("1.0.0", "1.1.0")) {
            commit("Mallory", "mallory@acme.example", version);
            WorkflowJob main = job(
                    r,
                    Landscape.MAIN,
                    "node {\n dir('source') { checkout changelog: false, scm: scmGit(branches: [[name: 'main']],"
                            + " userRemoteConfigs: [[url: '" + repository.getPath() + "']]) }\n" + lean(version, 200)
                            + "publishRelease manifest: 'release.yaml', version: '" + version + "'\n}");
            finished(r, start(main, "bob"), Result.SUCCESS);
        }
        Provenance second = provenance("1.1.0");
        assertFalse(
                "complete, without " + second.authors(),
                second.isComplete() && second.authors().isEmpty());
    }

    /** A plugin or a script schedules a build without a cause; or the class of its cause is gone with its plugin. */
    @Test
    public void aBuildWithoutAnyCauseIsUnknown() throws Exception {
        FreeStyleProject job = r.createFreeStyleProject("job");
        FreeStyleBuild none = job.scheduleBuild2(0, new CauseAction(List.of())).get();
        assertEquals(List.of(), none.getCauses());
        assertTrue(Requesters.of(none).isAnyoneUnknown());
    }

    @Test
    public void anUpstreamBuildWithoutAnyCauseIsUnknownAlsoWhenItIsGone() throws Exception {
        FreeStyleProject first = r.createFreeStyleProject("first");
        FreeStyleBuild none =
                first.scheduleBuild2(0, new CauseAction(List.of())).get();
        FreeStyleProject second = r.createFreeStyleProject("second");
        FreeStyleBuild build = second.scheduleBuild2(0, new CauseAction(new Cause.UpstreamCause((Run<?, ?>) none)))
                .get();
        assertTrue("stored", Requesters.of(build).isAnyoneUnknown());
        first.delete();
        assertTrue("gone", Requesters.of(build).isAnyoneUnknown());
    }

    /** Git reads a file of older versions that says who the parents of a commit are. */
    @Test
    public void aGraftedCommitHidesNoAuthor() throws Exception {
        String first = commit("Bob", "bob@acme.example", "1");
        commit("Mallory", "mallory@acme.example", "2");
        String third = commit("Zoe", "zoe@acme.example", "3");
        Files.writeString(new File(repository, ".git/info/grafts").toPath(), third + " " + first + "\n");
        GitHistory history = GitHistory.read(
                new Launcher.LocalLauncher(TaskListener.NULL),
                new FilePath(repository),
                TaskListener.NULL,
                third,
                List.of(first));
        assertTrue(
                "complete, without mallory: " + history.authors(),
                !history.isComplete() || history.authors().size() == 2);
    }

    private String commit(String name, String mail, String text) throws Exception {
        Files.writeString(repository.toPath().resolve("file"), text);
        git("add", "file");
        git("-c", "user.name=" + name, "-c", "user.email=" + mail, "commit", "-q", "-m", text);
        return git("rev-parse", "HEAD").strip();
    }

    private String git(String... words) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of("git"));
        command.addAll(List.of(words));
        Process process = new ProcessBuilder(command)
                .directory(repository)
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(said, 0, process.waitFor());
        return said;
    }
}
