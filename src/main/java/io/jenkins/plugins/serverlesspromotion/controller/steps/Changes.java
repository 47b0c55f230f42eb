package io.jenkins.plugins.serverlesspromotion.controller.steps;

import hudson.ExtensionList;
import hudson.ExtensionPoint;
import hudson.model.Run;
import hudson.scm.ChangeLogSet;
import io.jenkins.plugins.serverlesspromotion.engine.release.Provenance.Author;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import jenkins.scm.RunWithSCM;

/**
 * Commits and their authors as the change logs of builds state them: raw, because asking Jenkins who an author is
 * creates a user of that name.
 */
final class Changes {
    /** A change log is a help for people; a job that published last years ago does not need all of it. */
    private static final int MOST_BUILDS = 200;

    private static final int MOST_COMMITS = 1000;

    private final Set<String> commits = new LinkedHashSet<>();
    private final Set<Author> authors = new LinkedHashSet<>();
    private boolean truncated;
    private boolean reached;

    private Changes() {}

    /** Reads name and mail address of one kind of change log entry. */
    abstract static class RawAuthor implements ExtensionPoint {
        /** Empty when the entry is of another kind, or states none. */
        abstract Optional<Author> of(ChangeLogSet.Entry entry);
    }

    /**
     * The changes since the job's build {@code after}, the last one that published, newest build first: what builds in
     * between brought is in the release too.
     *
     * @param after number of a build, which need not exist; 0: none
     */
    static Changes since(int after, Run<?, ?> run) {
        var changes = new Changes();
        int builds = 0;
        int next = run.getNumber();
        for (Run<?, ?> build = run; build != null && build.getNumber() > after; build = build.getPreviousBuild()) {
            if (++builds > MOST_BUILDS || changes.commits.size() >= MOST_COMMITS) {
                changes.truncated = true;
                break;
            }
            // A build that was deleted took its change log with it.
            changes.truncated |= build.getNumber() != next--;
            changes.add(build);
        }
        // Before its first publication, a job has a first build, which has no change log.
        changes.reached = after > 0 && next == after;
        return changes;
    }

    private void add(Run<?, ?> build) {
        if (!(build instanceof RunWithSCM<?, ?> with)) {
            return;
        }
        for (ChangeLogSet<? extends ChangeLogSet.Entry> set : with.getChangeSets()) {
            for (ChangeLogSet.Entry entry : set) {
                if (entry.getCommitId() != null && commits.size() < MOST_COMMITS) {
                    commits.add(entry.getCommitId());
                } else if (entry.getCommitId() != null) {
                    truncated = true;
                }
                List<Author> named = ExtensionList.lookup(RawAuthor.class).stream()
                        .map(kind -> kind.of(entry))
                        .flatMap(Optional::stream)
                        .toList();
                authors.addAll(named);
                truncated |= named.isEmpty();
            }
        }
    }

    List<String> commits() {
        return List.copyOf(commits);
    }

    /** Whether the authors are all since the last publication. */
    boolean isComplete() {
        return reached && !truncated;
    }

    List<Author> authors() {
        return List.copyOf(authors);
    }
}
