package io.jenkins.plugins.serverlesspromotion.controller.steps;

import static io.jenkins.plugins.serverlesspromotion.controller.steps.Landscape.finished;
import static io.jenkins.plugins.serverlesspromotion.controller.steps.Landscape.job;
import static io.jenkins.plugins.serverlesspromotion.controller.steps.Landscape.lean;
import static io.jenkins.plugins.serverlesspromotion.controller.steps.Landscape.start;
import static io.jenkins.plugins.serverlesspromotion.controller.steps.Landscape.store;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import hudson.model.Result;
import hudson.model.User;
import hudson.plugins.git.GitSCM;
import io.jenkins.plugins.serverlesspromotion.engine.release.Provenance;
import io.jenkins.plugins.serverlesspromotion.engine.release.Provenance.Author;
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

/** Commits and authors as Git states them, from the clone in the workspace and from the builds' change logs. */
public class ProvenanceCollectorTest {
    @Rule
    public JenkinsRule r = new JenkinsRule();

    @Rule
    public TemporaryFolder folder = new TemporaryFolder();

    @Rule
    public FlagRule<Boolean> local =
            new FlagRule<>(() -> GitSCM.ALLOW_LOCAL_CHECKOUT, v -> GitSCM.ALLOW_LOCAL_CHECKOUT = v, true);

    private Sandbox sandbox;
    private File repository;
    private WorkflowJob main;

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

    @Test
    public void everyCommitSinceWhatIsLiveCountsAndNobodyIsInvented() throws Exception {
        commit("Bob Example", "bob@example.com", "first");
        build("1.0.0", false, Result.SUCCESS);
        Provenance first = provenance("1.0.0");
        Author bob = new Author("Bob Example", "bob@example.com");
        assertEquals("the first build of a job has no change log, but a clone", List.of(bob), first.authors());
        assertNull("a Jenkinsfile's word decides about no path", first.branch());
        assertEquals(head(), first.revision());
        assertEquals(repository.getPath(), first.repository());

        String ofAlice = commit("Alice Example", "alice@example.com", "second");
        build("1.1.0", true, Result.FAILURE);
        String ofMallory = commit("Mallory", "mallory@evil.example", "third");
        build("1.1.0", false, Result.SUCCESS);
        Provenance second = provenance("1.1.0");
        // Nothing is live yet.
        assertEquals(List.of(ofMallory, ofAlice, first.revision()), second.commits());
        assertEquals(
                List.of(
                        new Author("Mallory", "mallory@evil.example"),
                        new Author("Alice Example", "alice@example.com"),
                        bob),
                second.authors());

        build("1.1.0", false, Result.SUCCESS);
        Provenance again = provenance("1.1.0");
        assertEquals("a rebuild without changes drops nobody", second.authors(), again.authors());
        assertEquals(List.of(by(3), "user:bob", by(4)), again.publishers());
        for (String id : List.of("mallory", "alice@example.com", "mallory@evil.example", "Mallory", "Alice Example")) {
            assertNull(id, User.getById(id, false));
        }
    }

    /** As a pipeline that fetches its sources by itself, from an archive or with git in a shell. */
    @Test
    public void aJobWithoutChangeLogsNeverKnowsAllAuthors() throws Exception {
        for (String version : List.of("1.0.0", "1.1.0")) {
            publish(version, "");
            assertFalse(version, provenance(version).isComplete());
        }
    }

    /** A change log brings authors, and never makes them all. */
    @Test
    public void aCheckoutIntoAFolderHidesNoAuthorWithAChangeLogAndWithout() throws Exception {
        for (boolean log : List.of(false, true)) {
            for (int i = 0; i < 2; i++) {
                String version = log + "-" + i;
                commit("Mallory", "mallory@evil.example", version);
                publish(version, "dir('source') { " + checkout(log) + " }\n");
                assertFalse(version, provenance(version).isComplete());
            }
        }
        assertEquals(
                List.of(new Author("Mallory", "mallory@evil.example")),
                provenance("true-1").authors());
    }

    /** The clone that the release is published from is complete, and its files come from another one as well. */
    @Test
    public void aSecondRepositoryOfABuildHidesNoAuthor() throws Exception {
        commit("Bob Example", "bob@example.com", "first");
        publish("1.0.0", checkout(false) + "\n");
        assertTrue("one repository", provenance("1.0.0").isComplete());
        publish("1.1.0", checkout(false) + "\ndir('again') { " + checkout(true) + " }\n");
        assertTrue("the same commit twice", provenance("1.1.0").isComplete());
        String other = "checkout changelog: false, scm: scmGit(branches: [[name: 'other']], userRemoteConfigs: [[url: '"
                + repository.getPath() + "']])";
        git("checkout", "-q", "-b", "other");
        commit("Mallory", "mallory@evil.example", "second");
        publish("1.2.0", checkout(false) + "\ndir('source') { " + other + " }\n");
        Provenance both = provenance("1.2.0");
        assertFalse("complete, with " + both.authors(), both.isComplete());
    }

    private String checkout(boolean log) {
        return "checkout changelog: " + log
                + ", scm: scmGit(branches: [[name: 'main']], extensions: [authorInChangelog()],"
                + " userRemoteConfigs: [[url: '" + repository.getPath() + "']])";
    }

    private void publish(String version, String before) throws Exception {
        main = job(
                r,
                Landscape.MAIN,
                "node {\n" + before + lean(version, 200) + "publishRelease manifest: 'release.yaml', version: '"
                        + version + "'\n}");
        finished(r, start(main, "bob"), Result.SUCCESS);
    }

    private static String by(int build) {
        return "job:" + Landscape.MAIN + "#" + build;
    }

    private static Provenance provenance(String version) {
        return store().release("orders", version).orElseThrow().provenance();
    }

    private void build(String version, boolean broken, Result expected) throws Exception {
        main = job(
                r,
                Landscape.MAIN,
                "node {\n def git = checkout scmGit(branches: [[name: 'main']],"
                        + " extensions: [authorInChangelog()], userRemoteConfigs: [[url: '" + repository.getPath()
                        + "']])\n" + (broken ? "error 'the tests fail'\n" : "") + lean(version, 200)
                        + "withEnv(git.collect { k, v -> k + '=' + v } + 'BRANCH_NAME=hotfix/main') {"
                        + " publishRelease manifest: 'release.yaml', version: '" + version + "' }\n}");
        finished(r, start(main, "bob"), expected);
    }

    private String commit(String name, String mail, String text) throws Exception {
        Files.writeString(repository.toPath().resolve("file"), text);
        git("add", "file");
        git("-c", "user.name=" + name, "-c", "user.email=" + mail, "commit", "-q", "-m", text);
        return head();
    }

    private String head() throws Exception {
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
