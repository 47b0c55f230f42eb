package io.jenkins.plugins.serverlesspromotion.controller.steps;

import hudson.Extension;
import hudson.FilePath;
import hudson.model.InvisibleAction;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.model.TopLevelItem;
import hudson.model.listeners.SCMListener;
import hudson.scm.SCM;
import hudson.scm.SCMRevisionState;
import java.io.File;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Records the checkouts of a build, with or without a change log, in any workspace. The clone from which a release is
 * published does not show another repository whose files the build used.
 */
@Restricted(NoExternalUse.class)
public final class Checkouts extends InvisibleAction {
    /** No caller needs more than one other id. */
    private static final int MOST = 10;

    /**
     * Ids of commits, and an empty text for commits of other systems. The list is replaced, never changed, because
     * another thread may be saving it.
     */
    private volatile List<String> commits = new ArrayList<>();

    private synchronized void add(String commit) {
        var all = new TreeSet<>(commits);
        if (all.size() < MOST) {
            all.add(commit);
        }
        commits = new ArrayList<>(all);
    }

    /** Why the build has checked out more than this commit, as a part of a sentence; null: nothing else is known. */
    static String others(Run<?, ?> run, String commit) {
        Checkouts action = run.getAction(Checkouts.class);
        return action == null
                ? null
                : action.commits.stream()
                        .filter(c -> !c.equals(commit))
                        .findFirst()
                        .map(c -> "the build has also checked out "
                                + (c.isEmpty() ? "something that is no commit of Git" : "the commit " + c)
                                + ", and the clone in the workspace has " + commit)
                        .orElse(null);
    }

    /** Records what builds check out. */
    @Extension
    @Restricted(NoExternalUse.class)
    public static final class Noting extends SCMListener {
        @Override
        public void onCheckout(
                Run<?, ?> run,
                SCM scm,
                FilePath workspace,
                TaskListener listener,
                File changelog,
                SCMRevisionState polled) {
            if (isOfThePipeline(run, workspace)) {
                return;
            }
            Map<String, String> environment = new HashMap<>();
            scm.buildEnvironment(run, environment);
            String commit = environment.get("GIT_COMMIT");
            synchronized (Noting.class) {
                Checkouts action = run.getAction(Checkouts.class);
                if (action == null) {
                    action = new Checkouts();
                    run.addAction(action);
                }
                action.add(GitHistory.isCommit(commit) ? commit : "");
            }
        }

        /**
         * The checkouts of the Jenkinsfile and of libraries. The controller keeps them beside the job's workspace; they
         * are no files of a release.
         */
        private static boolean isOfThePipeline(Run<?, ?> run, FilePath workspace) {
            FilePath own = !workspace.isRemote() && run.getParent() instanceof TopLevelItem job
                    ? Jenkins.get().getWorkspaceFor(job)
                    : null;
            return own != null
                    && List.of("libs", "script").stream()
                            .map(suffix ->
                                    own.getRemote() + System.getProperty("hudson.slaves.WorkspaceList", "@") + suffix)
                            .anyMatch(beside -> workspace.getRemote().equals(beside)
                                    || workspace.getRemote().startsWith(beside + File.separator));
        }
    }
}
