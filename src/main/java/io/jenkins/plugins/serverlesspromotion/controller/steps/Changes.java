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
 * Commits and their authors as the change logs of builds state them. The names are raw, because Jenkins creates a user
 * when an author is looked up. The list may always be incomplete: a job may have no change log, a checkout may write
 * none, the first build of a branch has none, and builds are deleted.
 */
final class Changes {
    /** A change log only informs people; a job whose last publication is years ago does not need all of it. */
    private static final int MOST_BUILDS = 200;

    private static final int MOST_COMMITS = 1000;

    private final Set<String> commits = new LinkedHashSet<>();
    private final Set<Author> authors = new LinkedHashSet<>();

    private Changes() {}

    /** Reads name and mail address of one kind of change log entry. */
    abstract static class RawAuthor implements ExtensionPoint {
        /** Empty when the entry is of another kind, or states none. */
        abstract Optional<Author> of(ChangeLogSet.Entry entry);
    }

    /**
     * The changes since the job's build {@code after}, the last one that published, newest build first: the release
     * also contains the changes of the builds in between.
     *
     * @param after number of a build, which need not exist; 0: none
     */
    static Changes since(int after, Run<?, ?> run) {
        var changes = new Changes();
        int builds = 0;
        for (Run<?, ?> build = run; build != null && build.getNumber() > after; build = build.getPreviousBuild()) {
            if (++builds > MOST_BUILDS || changes.commits.size() >= MOST_COMMITS) {
                break;
            }
            changes.add(build);
        }
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
                }
                ExtensionList.lookup(RawAuthor.class).stream()
                        .map(kind -> kind.of(entry))
                        .flatMap(Optional::stream)
                        .forEach(authors::add);
            }
        }
    }

    List<String> commits() {
        return List.copyOf(commits);
    }

    List<Author> authors() {
        return List.copyOf(authors);
    }
}
