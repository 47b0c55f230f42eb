package io.jenkins.plugins.serverlesspromotion.controller.steps;

import hudson.EnvVars;
import hudson.FilePath;
import hudson.Launcher;
import hudson.model.TaskListener;
import io.jenkins.plugins.serverlesspromotion.engine.release.Provenance.Author;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * Reads the commits since the live release from the clone in the workspace. Git runs on the agent as a separate
 * process, without a shell. All features that can change the visible history are off: replaced and grafted commits, the
 * cache of parents, and variables that name another clone. The result is a claim of the agent, like a change log: git
 * authorship is self-declared.
 *
 * @param head the commit that is checked out, null when that could not be read
 * @param commits ids, newest first, as many as a release keeps
 * @param authors of all commits that were read
 * @param gap why {@code authors} may not be all, as a part of a sentence; null: they are all
 */
record GitHistory(String head, List<String> commits, List<Author> authors, String gap) {
    /** A release keeps no more ids; its authors are read from more commits. */
    static final int MOST_COMMITS = 1000;

    static final int MOST_READ = 20_000;
    static final int MOST_AUTHORS = 500;

    private static final int LONGEST_NAME = 256;
    private static final int MOST_BYTES = 8 << 20;
    private static final long SECONDS = 60;

    /** The full id of a commit, so that git cannot read it as an option or another kind of revision. */
    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}|[0-9a-f]{64}");

    private static final String SEPARATOR = "\u001f";

    GitHistory {
        commits = List.copyOf(commits);
        authors = List.copyOf(authors);
    }

    boolean isComplete() {
        return gap == null;
    }

    /** As it is, with a reason why it may not be all; null: none. */
    GitHistory with(String reason) {
        return reason == null || gap != null ? this : new GitHistory(head, commits, authors, reason);
    }

    /**
     * @param expected the commit that the build reports as checked out, null: none reported
     * @param live the commits that are live somewhere; null among them: the commit of a live release is not known, or
     *     no release is live, so that all commits come in
     */
    static GitHistory read(
            Launcher launcher, FilePath workspace, TaskListener listener, String expected, Collection<String> live)
            throws InterruptedException {
        var clone = new Clone(launcher, workspace, listener, expected != null);
        try {
            return read(clone, expected, live);
        } catch (IOException e) {
            return gap(null, "git could not be run in the workspace: " + e.getMessage());
        }
    }

    private static GitHistory read(Clone clone, String expected, Collection<String> live)
            throws IOException, InterruptedException {
        List<String> state = clone.run("rev-parse", "--is-shallow-repository", "HEAD");
        if (state == null || state.size() != 2 || !isCommit(state.get(1))) {
            return gap(null, "there is no clone of Git in the workspace");
        }
        String head = state.get(1);
        if (expected != null && !expected.equals(head)) {
            return gap(
                    head, "the clone has " + head + " checked out, and the build reports that it built another commit");
        }
        if (!state.get(0).equals("false")) {
            return gap(head, "the clone is shallow; make a full one");
        }
        var found = new Found();
        // The commits since the beginning contain those since any commit.
        for (String from :
                live.isEmpty() || live.stream().anyMatch(Objects::isNull) ? List.of("") : new LinkedHashSet<>(live)) {
            if (!from.isEmpty() && !isCommit(from)) {
                return gap(head, "the live release was published without the full id of its commit");
            }
            List<String> lines = clone.run(
                    "log",
                    "--no-show-signature",
                    "--no-color",
                    "--max-count=" + (MOST_READ + 1),
                    "--format=%H" + SEPARATOR + "%ae" + SEPARATOR + "%an",
                    from.isEmpty() ? head : from + ".." + head,
                    "--");
            if (lines == null) {
                return gap(head, "the commit that is live, " + from + ", is not in the clone");
            }
            found.add(lines);
        }
        return new GitHistory(head, found.commits(), List.copyOf(found.authors), found.gap);
    }

    static boolean isCommit(String text) {
        return text != null && COMMIT.matcher(text).matches();
    }

    private static GitHistory gap(String head, String why) {
        return new GitHistory(head, List.of(), List.of(), why);
    }

    private static final class Found {
        private final Set<String> commits = new LinkedHashSet<>();
        private final Set<Author> authors = new LinkedHashSet<>();
        private String gap;

        void add(List<String> lines) {
            if (lines.size() > MOST_READ) {
                gap = "there are more than " + MOST_READ + " commits since the live release";
            }
            for (String line : lines) {
                String[] parts = line.split(SEPARATOR, -1);
                boolean whole = parts.length == 3
                        && isCommit(parts[0])
                        && !(parts[1].isBlank() && parts[2].isBlank())
                        && parts[1].length() <= LONGEST_NAME
                        && parts[2].length() <= LONGEST_NAME;
                if (!whole || authors.size() >= MOST_AUTHORS) {
                    gap = whole
                            ? "there are more than " + MOST_AUTHORS + " authors since the live release"
                            : "a commit has no author that can be read";
                    return;
                }
                commits.add(parts[0]);
                authors.add(new Author(parts[2], parts[1]));
            }
        }

        List<String> commits() {
            return commits.stream().limit(MOST_COMMITS).toList();
        }
    }

    /** Runs git in the workspace. */
    private record Clone(Launcher launcher, FilePath workspace, TaskListener listener, boolean above) {
        /** Variables by which git finds commits, which an agent or a container may have set for other calls of git. */
        private static final List<String> FOREIGN = List.of(
                "GIT_ALTERNATE_OBJECT_DIRECTORIES",
                "GIT_COMMON_DIR",
                "GIT_CONFIG",
                "GIT_CONFIG_COUNT",
                "GIT_CONFIG_PARAMETERS",
                "GIT_DIR",
                "GIT_IMPLICIT_WORK_TREE",
                "GIT_INDEX_FILE",
                "GIT_NAMESPACE",
                "GIT_OBJECT_DIRECTORY",
                "GIT_PREFIX",
                "GIT_REPLACE_REF_BASE",
                "GIT_SHALLOW_FILE",
                "GIT_WORK_TREE");

        /** Without grafts, replacements and anything fetched: a clone that lacks commits is not complete. */
        private static final Map<String, String> OWN = Map.of(
                "GIT_GRAFT_FILE", "/dev/null", // git for Windows knows it too
                "GIT_NO_REPLACE_OBJECTS", "1",
                "GIT_NO_LAZY_FETCH", "1",
                "GIT_ALLOW_PROTOCOL", "none",
                "GIT_TERMINAL_PROMPT", "0");

        /** Lines of its output; null when it ended with an error. */
        List<String> run(String... arguments) throws IOException, InterruptedException {
            var environment = new EnvVars(OWN);
            var command = new ArrayList<String>();
            if (launcher.isUnix()) {
                // Inside of a container an empty variable would be set.
                command.add("env");
                FOREIGN.forEach(name -> command.addAll(List.of("-u", name)));
            } else {
                FOREIGN.forEach(name -> environment.put(name, "")); // a launcher removes those
            }
            // Nothing that the workspace configures is run by these, and parents are read from the commits themselves.
            command.addAll(List.of("git", "--no-pager", "--no-replace-objects"));
            for (String setting : List.of(
                    "core.commitGraph=false",
                    "core.fsmonitor=false",
                    "i18n.logOutputEncoding=UTF-8",
                    "log.mailmap=false")) {
                command.addAll(List.of("-c", setting));
            }
            command.addAll(List.of(arguments));
            FilePath parent = workspace.getParent();
            if (!above && parent != null) {
                // A parent folder, such as Jenkins' home, may be a clone of another repository.
                environment.put("GIT_CEILING_DIRECTORIES", parent.getRemote());
            }
            var output = new Bounded();
            int exit = launcher.launch()
                    .cmds(command)
                    .envs(environment)
                    .pwd(workspace)
                    .stdout(output)
                    .stderr(OutputStream.nullOutputStream())
                    .quiet(true)
                    .start()
                    .joinWithTimeout(SECONDS, TimeUnit.SECONDS, listener);
            if (output.isFull()) {
                throw new IOException("it answered more than " + (MOST_BYTES >> 20) + " MB");
            }
            return exit == 0 ? output.text().lines().toList() : null;
        }
    }

    /** Bounds the output: an agent could send any amount. */
    private static final class Bounded extends OutputStream {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private boolean full;

        @Override
        public synchronized void write(int b) {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public synchronized void write(byte[] some, int from, int length) {
            if (bytes.size() + length > MOST_BYTES) {
                full = true;
            } else {
                bytes.write(some, from, length);
            }
        }

        synchronized boolean isFull() {
            return full;
        }

        synchronized String text() {
            return bytes.toString(StandardCharsets.UTF_8);
        }
    }
}
