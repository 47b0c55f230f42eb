package io.jenkins.plugins.serverlesspromotion.aws.site;

import io.jenkins.plugins.serverlesspromotion.aws.DeploymentException;
import io.jenkins.plugins.serverlesspromotion.aws.context.OwnerCheck;
import io.jenkins.plugins.serverlesspromotion.aws.context.Resolution;
import io.jenkins.plugins.serverlesspromotion.aws.context.TargetContext;
import io.jenkins.plugins.serverlesspromotion.aws.session.AwsSessions;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.engine.release.Artifact;
import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awssdk.services.cloudfront.model.NoSuchDistributionException;

/** Computes which files of a site would change. */
public final class SitePlanner {
    private final TargetContext job;
    private final Manifest.Site target;

    public SitePlanner(TargetContext job) {
        this.job = job;
        this.target = (Manifest.Site) job.targetInstance.target();
    }

    /** @param pending whether a target deployed first is about to change, and may create the bucket */
    public Plan.TargetPlan plan(Resolution.Outputs outputs, boolean pending) throws InterruptedException {
        Resolution resolution = job.resolution(Map.of(), outputs);
        Resolution.Value bucket = resolution.text("the bucket of target " + target.name(), target.bucket());
        Resolution.Value distribution = target.distribution() == null
                ? null
                : resolution.text("the distribution of target " + target.name(), target.distribution());
        Map<String, Artifact> wanted = wanted(job, target);
        var owner = new OwnerCheck(job);
        // Copies are already in the account, so that deploying only moves bytes within it.
        job.staging().stage(wanted.values(), job.requests);
        LiveSite.Comparison found = bucket.known()
                ? site(job, AwsSessions.Purpose.PLAN, bucket.passed()).compare(wanted)
                : null;
        if (found == null && bucket.known() && !pending) {
            throw DeploymentException.problem("bucket " + bucket.passed() + " of target " + target.name()
                    + " does not exist in " + job.targetInstance.place()
                    + "; create it, or have a stack of the release create it and name that in 'after'");
        }
        if (bucket.known()) {
            owner.planBucket(bucket.passed(), found != null);
        }
        if (distribution != null && distribution.known()) {
            checkDistribution(distribution.passed());
            owner.planDistribution(distribution.passed());
        }
        boolean deleting = Boolean.TRUE.equals(target.delete());
        if (found != null && deleting) {
            found = found.deleting();
        }
        boolean exact = found != null && (distribution == null || distribution.known());
        var values = new TreeMap<String, String>();
        values.put("bucket", bucket.name());
        if (distribution != null) {
            values.put("distribution", distribution.name());
        }
        var content = new Plan.Content(
                exact ? Plan.Exactness.EXACT : Plan.Exactness.BOUNDED,
                bucket.name(),
                null,
                found == null ? null : found.digest(),
                values,
                Map.of(),
                found == null ? everything(rules(job), wanted) : found.changes(),
                found == null ? List.of() : found.findings(deleting));
        return new Plan.TargetPlan(
                job.targetInstance.place(),
                target.name(),
                target.kind(),
                job.targetInstance.wave(),
                job.targetInstance.after(),
                owner.noted(content),
                Map.of(),
                owner.claims());
    }

    /** Artifacts by their key in the bucket. */
    public static Map<String, Artifact> wanted(TargetContext job, Manifest.Site target) {
        String directory = target.directory().endsWith("/") ? target.directory() : target.directory() + "/";
        var wanted = new LinkedHashMap<String, Artifact>();
        job.release
                .release()
                .below(target.directory())
                .forEach(a -> wanted.put(a.path().substring(directory.length()), a));
        if (wanted.isEmpty()) {
            throw DeploymentException.failed(
                    "no artifact of " + job.release.ref().id() + " is below " + target.directory() + ", which target "
                            + target.name() + " publishes; publish a release with files");
        }
        return wanted;
    }

    public static LiveSite site(TargetContext job, AwsSessions.Purpose purpose, String bucket) {
        return new LiveSite(job.session(purpose).s3(job.region()), bucket, job.account.id(), job.copies, rules(job));
    }

    static SiteUploadRules rules(TargetContext job) {
        return new SiteUploadRules((Manifest.Site) job.targetInstance.target(), job.mediaTypes);
    }

    private void checkDistribution(String id) {
        try {
            job.session(AwsSessions.Purpose.PLAN).cloudFront(job.region()).getDistribution(r -> r.id(id));
        } catch (NoSuchDistributionException e) {
            throw DeploymentException.problem("distribution " + id + " of target " + target.name()
                    + " does not exist in account " + job.account.name() + "; correct it in the manifest");
        }
    }

    private static List<Plan.Change> everything(SiteUploadRules rules, Map<String, Artifact> wanted) {
        var all = new ArrayList<Plan.Change>();
        new TreeMap<>(wanted).forEach((key, artifact) -> all.add(LiveSite.change(rules, key, artifact, null)));
        return all;
    }
}
