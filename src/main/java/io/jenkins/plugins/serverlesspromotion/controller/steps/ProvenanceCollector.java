package io.jenkins.plugins.serverlesspromotion.controller.steps;

import hudson.EnvVars;
import hudson.model.Run;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Gate;
import io.jenkins.plugins.serverlesspromotion.engine.policy.LaneRules;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.engine.port.Store;
import io.jenkins.plugins.serverlesspromotion.engine.release.Provenance;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import jenkins.scm.api.SCMHead;

/**
 * Collects the origin of a release, as far as the build knows it. Commits and authors from source control are
 * self-declared; the publisher is not.
 */
final class ProvenanceCollector {
    private static final int LONGEST = 500;

    /** Name and password in an address of a repository: {@code https://bob:secret@git.acme.net/orders}. */
    private static final Pattern USER = Pattern.compile("^([A-Za-z][A-Za-z0-9+.-]*://)[^/@]*@");

    private ProvenanceCollector() {}

    /**
     * @param environment of the step, where Git leaves what it has checked out; may be null
     * @param history of the clone in the workspace; nothing else shows whether the authors are complete
     */
    static Provenance of(
            Run<?, ?> run, BuildIdentity build, EnvVars environment, Store store, String service, GitHistory history) {
        Changes changes = Changes.since(lastPublished(run, build, store, service), run);
        var publishers = new ArrayList<String>();
        publishers.add(build.by());
        publishers.addAll(Requesters.of(run).asPublishers());
        var known = environment == null ? new EnvVars() : environment;
        String repository = text(known.get("GIT_URL"));
        String revision = revision(environment);
        var authors = new LinkedHashSet<>(history.authors());
        authors.addAll(changes.authors());
        return new Provenance(
                repository == null ? null : USER.matcher(repository).replaceFirst("$1"),
                revision == null ? history.head() : revision,
                branch(run),
                history.isComplete() ? history.commits() : changes.commits(),
                List.copyOf(authors),
                publishers,
                history.isComplete());
    }

    /** The commit that the build reports as checked out; null when it reports none. */
    static String revision(EnvVars environment) {
        return environment == null ? null : text(environment.get("GIT_COMMIT"));
    }

    /**
     * The commits that are live in the environments of a service. Null among them: in some environment no release is
     * live or its commit is not known, so that all commits come in there.
     */
    static Set<String> live(Store store, Policy policy, String service) {
        var commits = new HashSet<String>();
        for (String environment : policy.environmentsOf(service)) {
            commits.add(Optional.ofNullable(
                            store.lane(new LaneId(service, environment)).live())
                    .flatMap(live -> store.release(service, live.release().version()))
                    .map(published -> published.provenance().revision())
                    .filter(GitHistory::isCommit)
                    .orElse(null));
        }
        return commits;
    }

    /** Whether an approval of the service anywhere needs all authors to be known. */
    static boolean needsAuthors(Policy policy, String service) {
        return policy.environmentsOf(service).stream()
                .flatMap(environment -> LaneRules.of(policy, service, environment).stream())
                .flatMap(rules -> rules.approval().stream())
                .anyMatch(approval -> approval.authors() == Gate.Authors.BLOCK_UNMAPPED);
    }

    /**
     * The branch of a multibranch project, null elsewhere. A path may depend on the branch, and a Jenkinsfile can set
     * any branch in a step's environment.
     */
    private static String branch(Run<?, ?> run) {
        SCMHead head = SCMHead.HeadByItem.findHead(run.getParent());
        return head == null ? null : text(head.getName());
    }

    /**
     * Number of the newest build before this one that published a release of the service; 0: none. A job that replaces
     * a deleted one of the same name starts with the same numbers. A build that began after the publication is
     * therefore another build; otherwise its authors would be missing.
     */
    static int lastPublished(Run<?, ?> run, BuildIdentity build, Store store, String service) {
        String prefix = BuildIdentity.by(build.job(), 0).replaceFirst("0$", "");
        return store.releases(service).stream()
                .flatMapToInt(p -> p.provenance().publishers().stream()
                        .filter(by -> by.startsWith(prefix)
                                && by.substring(prefix.length()).matches("[0-9]{1,9}"))
                        .mapToInt(by -> Integer.parseInt(by.substring(prefix.length())))
                        .filter(number -> number < build.number())
                        .filter(number -> !beganAfter(run, number, p.at())))
                .max()
                .orElse(0);
    }

    private static boolean beganAfter(Run<?, ?> run, int number, Instant published) {
        Run<?, ?> other = run.getParent().getBuildByNumber(number);
        return other != null && other.getStartTimeInMillis() > published.toEpochMilli();
    }

    private static String text(String value) {
        return value == null || value.isBlank()
                ? null
                : value.strip().substring(0, Math.min(LONGEST, value.strip().length()));
    }
}
