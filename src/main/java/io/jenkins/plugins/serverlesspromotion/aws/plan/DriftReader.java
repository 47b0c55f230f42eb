package io.jenkins.plugins.serverlesspromotion.aws.plan;

import io.jenkins.plugins.serverlesspromotion.aws.DeploymentException;
import io.jenkins.plugins.serverlesspromotion.aws.call.Failures;
import io.jenkins.plugins.serverlesspromotion.aws.context.Resolution;
import io.jenkins.plugins.serverlesspromotion.aws.context.StackSecrets;
import io.jenkins.plugins.serverlesspromotion.aws.context.TargetContext;
import io.jenkins.plugins.serverlesspromotion.aws.function.FunctionDiff;
import io.jenkins.plugins.serverlesspromotion.aws.function.LambdaPlanner;
import io.jenkins.plugins.serverlesspromotion.aws.function.LiveFunction;
import io.jenkins.plugins.serverlesspromotion.aws.function.WantedFunction;
import io.jenkins.plugins.serverlesspromotion.aws.session.AwsSessions;
import io.jenkins.plugins.serverlesspromotion.aws.site.LiveSite;
import io.jenkins.plugins.serverlesspromotion.aws.site.SitePlanner;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.engine.port.Inspector.DriftResult;
import io.jenkins.plugins.serverlesspromotion.engine.port.Inspector.Inspected;
import io.jenkins.plugins.serverlesspromotion.engine.release.HiddenValues;
import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Compares one target in one place with the release that was promoted there. Reads with the role that plans. */
public final class DriftReader {
    /** Limit of differences of one target in the report; others are counted. */
    private static final int LISTED = 20;

    private final TargetContext job;
    private final Plan plan;
    private final Resolution.Outputs outputs;

    /** @param outputs the current outputs of the stacks */
    public DriftReader(TargetContext job, Plan plan, Resolution.Outputs outputs) {
        this.job = job;
        this.plan = plan;
        this.outputs = outputs;
    }

    public Inspected inspect() throws InterruptedException {
        try {
            List<String> found = job.targetInstance.target() instanceof Manifest.CloudFormation
                    ? new StackDrift(job, plan, outputs).differences()
                    : job.targetInstance.target() instanceof Manifest.Lambda ? function() : site();
            return new Inspected(
                    job.targetInstance.key(), found.isEmpty() ? DriftResult.SAME : DriftResult.DRIFTED, listed(found));
        } catch (RuntimeException e) {
            return new Inspected(
                    job.targetInstance.key(),
                    DriftResult.UNKNOWN,
                    List.of(Failures.of(e).cause()));
        }
    }

    private static List<String> listed(List<String> found) {
        if (found.size() <= LISTED) {
            return found;
        }
        var listed = new ArrayList<>(found.subList(0, LISTED));
        listed.add("and " + (found.size() - LISTED) + " more");
        return listed;
    }

    private List<String> function() throws InterruptedException {
        WantedFunction wanted = WantedFunction.of(job, job.resolution(Map.of(), outputs));
        if (!wanted.known()) {
            throw DeploymentException.errored(
                    "an output that " + job.targetInstance.key() + " depends on cannot be read");
        }
        var live = new LiveFunction(job, AwsSessions.Purpose.PLAN, wanted.function());
        LiveFunction.State latest = live.read(null);
        if (latest == null) {
            return List.of(live.where() + " does not exist any more");
        }
        var found = new ArrayList<String>();
        changes(latest, wanted)
                .forEach(c -> found.add(c.path() + " of $LATEST is " + c.before() + " instead of " + c.after()));
        LiveFunction.Alias alias = live.alias(wanted.alias());
        if (alias == null) {
            found.add("alias " + wanted.alias() + " does not exist any more");
            return found;
        }
        if (!alias.isWhole()) {
            found.add("alias " + wanted.alias() + " is shifted between versions " + alias.shown());
        }
        LiveFunction.State version = live.read(alias.version());
        if (version == null) {
            found.add("version " + alias.version() + " of alias " + wanted.alias() + " does not exist any more");
        } else {
            changes(version, wanted)
                    .forEach(c -> found.add(c.path() + " of alias " + wanted.alias() + " (version " + alias.version()
                            + ") is " + c.before() + " instead of " + c.after()));
        }
        return found;
    }

    private Stream<Plan.PropertyChange> changes(LiveFunction.State state, WantedFunction wanted) {
        HiddenValues hidden = StackSecrets.of(job);
        return FunctionDiff.changes(state.config(), wanted).stream().map(c -> LambdaPlanner.masked(hidden, wanted, c));
    }

    private List<String> site() throws InterruptedException {
        var target = (Manifest.Site) job.targetInstance.target();
        String bucket =
                job.resolution(Map.of(), outputs).known("the bucket of target " + target.name(), target.bucket());
        LiveSite.Comparison compared =
                SitePlanner.site(job, AwsSessions.Purpose.PLAN, bucket).compare(SitePlanner.wanted(job, target));
        if (compared == null) {
            return List.of("bucket " + bucket + " does not exist any more");
        }
        var found = new ArrayList<String>();
        for (Plan.Change change : compared.changes()) {
            var otherwise = new TreeMap<String, String>();
            change.properties().forEach(p -> otherwise.put(p.path(), p.before() + " instead of " + p.after()));
            found.add(
                    change.action() == Plan.Action.ADD
                            ? change.subject() + " is gone"
                            : change.subject() + " was changed: " + otherwise);
        }
        if (Boolean.TRUE.equals(target.delete())) {
            compared.left().forEach(key -> found.add(key + " is not of the release"));
        }
        return found;
    }
}
