package io.jenkins.plugins.serverlesspromotion.controller.steps;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import hudson.FilePath;
import hudson.Launcher;
import hudson.Proc;
import hudson.model.TaskListener;
import io.jenkins.plugins.serverlesspromotion.engine.release.Provenance.Author;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** The authors of a release are read from the clone in its workspace, and said to be all only when they are. */
public class GitHistoryTest {
    private static final Author BOB = new Author("Bob", "bob@acme.example");
    private static final Author ZOE = new Author("Zoe", "zoe@acme.example");
    private static final Author EVE = new Author("$(touch made-by-a-shell) `id`; \"x\" y", "eve@acme.example");

    @Rule
    public TemporaryFolder folder = new TemporaryFolder();

    private File clone;
    private String first;
    private String second;
    private String third;

    @Before
    public void threeCommits() throws Exception {
        clone = folder.newFolder("a workspace; with 'quotes'");
        git(clone, "init", "--quiet");
        first = commit(BOB);
        second = commit(ZOE);
        third = commit(EVE);
    }

    private String commit(Author author) throws Exception {
        git(
                clone,
                "commit",
                "--quiet",
                "--allow-empty",
                "--author=" + author.name() + " <" + author.email() + ">",
                "--message=change");
        return git(clone, "rev-parse", "HEAD").strip();
    }

    private static String git(File where, String... arguments) throws Exception {
        var command = new ArrayList<>(List.of("git", "-c", "user.name=Committer", "-c", "user.email=c@acme.example"));
        command.addAll(Arrays.asList(arguments));
        var builder = new ProcessBuilder(command).directory(where).redirectErrorStream(true);
        builder.environment().put("GIT_CONFIG_GLOBAL", "/dev/null");
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(output, 0, process.waitFor());
        return output;
    }

    private static GitHistory read(File where, String expected, Collection<String> live) throws Exception {
        return GitHistory.read(
                new Launcher.LocalLauncher(TaskListener.NULL), new FilePath(where), TaskListener.NULL, expected, live);
    }

    @Test
    public void theCommitsSinceWhatIsLiveAreReadWithTheirAuthors() throws Exception {
        GitHistory history = read(clone, third, List.of(first));
        assertNull(history.gap(), history.gap());
        assertEquals(third, history.head());
        assertEquals(List.of(third, second), history.commits());
        assertEquals(List.of(EVE, ZOE), history.authors());
        assertFalse(new File(clone, "made-by-a-shell").exists());
    }

    @Test
    public void whatIsLiveInAnyEnvironmentCounts() throws Exception {
        assertEquals(
                List.of(EVE, ZOE), read(clone, null, List.of(second, first)).authors());
        var nothingSomewhere = new HashSet<String>(List.of(second));
        nothingSomewhere.add(null);
        assertEquals(
                List.of(EVE, ZOE, BOB), read(clone, third, nothingSomewhere).authors());
        assertEquals(
                List.of(EVE, ZOE, BOB),
                read(clone, third, Collections.emptySet()).authors());
        GitHistory nothingNew = read(clone, third, List.of(third));
        assertTrue(nothingNew.isComplete());
        assertEquals(List.of(), nothingNew.authors());
    }

    @Test
    public void aShallowCloneIsNotComplete() throws Exception {
        File shallow = new File(folder.getRoot(), "shallow");
        git(folder.getRoot(), "clone", "--quiet", "--depth=2", "file://" + clone, shallow.getName());
        GitHistory history = read(shallow, third, List.of(second));
        assertEquals("the clone is shallow; make a full one", history.gap());
        assertEquals(third, history.head());
    }

    @Test
    public void aCommitThatIsNotInTheCloneIsNotComplete() throws Exception {
        String other = "0123456789012345678901234567890123456789";
        assertEquals(
                "the commit that is live, " + other + ", is not in the clone",
                read(clone, third, List.of(first, other)).gap());
    }

    @Test
    public void aCloneOfAnotherCommitThanTheBuildSaysIsNotComplete() throws Exception {
        GitHistory history = read(clone, second, List.of(first));
        assertTrue(history.gap(), history.gap().startsWith("the clone has " + third + " checked out"));
        assertEquals(List.of(), history.authors());
    }

    @Test
    public void whatGitCouldTakeForAnOptionIsRefused() throws Exception {
        File target = new File(folder.getRoot(), "target");
        for (String evil : List.of("--output=" + target, "-p", "HEAD", "main..HEAD", third + "^", third.substring(1))) {
            assertEquals(
                    evil,
                    "the live release was published without the full id of its commit",
                    read(clone, third, List.of(evil)).gap());
        }
        assertFalse(target.exists());
    }

    @Test
    public void aWorkspaceWithoutACloneIsNotComplete() throws Exception {
        assertEquals(
                "there is no clone of Git in the workspace",
                read(folder.newFolder("empty"), null, List.of()).gap());
    }

    /** Jenkins' home may be kept in Git too. */
    @Test
    public void aCloneAboveTheWorkspaceCountsOnlyWhenTheBuildNamesItsCommit() throws Exception {
        File below = new File(clone, "service");
        assertTrue(below.mkdir());
        assertEquals(
                "there is no clone of Git in the workspace",
                read(below, null, List.of(first)).gap());
        assertTrue(read(below, third, List.of(first)).isComplete());
    }

    @Test
    public void nothingThatTheCloneConfiguresIsRun() throws Exception {
        File ran = new File(folder.getRoot(), "ran");
        File script = folder.newFile("script");
        Files.writeString(script.toPath(), "#!/bin/sh\ntouch '" + ran + "'\n");
        assertTrue(script.setExecutable(true));
        for (String key : List.of("core.fsmonitor", "core.pager", "gpg.program", "diff.external", "core.sshCommand")) {
            git(clone, "config", key, script.toString());
        }
        git(clone, "config", "log.showSignature", "true");
        assertTrue(read(clone, third, List.of(first)).isComplete());
        assertFalse(ran.exists());
    }

    @Test
    public void aReplacedCommitHidesNoAuthor() throws Exception {
        git(clone, "replace", "--graft", third, first);
        assertEquals(List.of(EVE, ZOE), read(clone, third, List.of(first)).authors());
    }

    /** Git reads a file of older versions that says who the parents of a commit are. */
    @Test
    public void aGraftedCommitHidesNoAuthor() throws Exception {
        Files.writeString(clone.toPath().resolve(".git/info/grafts"), third + " " + first + "\n");
        assertEquals(List.of(EVE, ZOE), read(clone, third, List.of(first)).authors());
    }

    /** Git keeps the parents of commits in a file of their own too, to be faster, and believes it. */
    @Test
    public void aForgedCacheOfParentsHidesNoAuthor() throws Exception {
        Path object = clone.toPath().resolve(".git/objects/" + third.substring(0, 2) + "/" + third.substring(2));
        byte[] bytes = Files.readAllBytes(object);
        String head = commit(BOB);
        String commit = new String(
                new InflaterInputStream(new ByteArrayInputStream(bytes)).readAllBytes(), StandardCharsets.UTF_8);
        var forged = new ByteArrayOutputStream();
        try (var out = new DeflaterOutputStream(forged)) {
            out.write(commit.replace(second, first).getBytes(StandardCharsets.UTF_8));
        }
        assertTrue(object.toFile().setWritable(true));
        Files.write(object, forged.toByteArray());
        git(clone, "commit-graph", "write", "--reachable");
        Files.write(object, bytes);
        assertEquals(List.of(BOB, EVE, ZOE), read(clone, head, List.of(first)).authors());
    }

    /** As an agent or a container may have them for another purpose. */
    @Test
    public void variablesThatNameAnotherCloneAreNotHeard() throws Exception {
        File other = folder.newFolder("other");
        git(other, "init", "--quiet");
        git(other, "commit", "--quiet", "--allow-empty", "--message=other");
        var launcher = new Launcher.LocalLauncher(TaskListener.NULL) {
            @Override
            public Proc launch(ProcStarter starter) throws IOException {
                var all = new ArrayList<>(List.of(starter.envs()));
                all.add("GIT_DIR=" + new File(other, ".git"));
                all.add("GIT_CONFIG_COUNT=x");
                return super.launch(starter.envs(all.toArray(String[]::new)));
            }
        };
        GitHistory history = GitHistory.read(launcher, new FilePath(clone), TaskListener.NULL, third, List.of(first));
        assertNull(history.gap(), history.gap());
        assertEquals(List.of(EVE, ZOE), history.authors());
    }

    @Test
    public void moreCommitsThanAreReadAreNotComplete() throws Exception {
        var input = new StringBuilder();
        for (int i = 0; i <= GitHistory.MOST_READ; i++) {
            input.append("commit refs/heads/many\ncommitter C <c@acme.example> ")
                    .append(i)
                    .append(" +0000\ndata 1\nx\n");
        }
        Process process = new ProcessBuilder("git", "fast-import", "--quiet")
                .directory(clone)
                .redirectErrorStream(true)
                .start();
        try (var out = process.getOutputStream()) {
            out.write(input.toString().getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new AssertionError(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8), e);
        }
        assertEquals(0, process.waitFor());
        git(clone, "checkout", "--quiet", "many");
        GitHistory history = read(clone, null, List.of());
        assertEquals("there are more than 20000 commits since the live release", history.gap());
    }
}
