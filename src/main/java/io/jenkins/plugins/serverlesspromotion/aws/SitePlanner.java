package io.jenkins.plugins.serverlesspromotion.aws;

import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.engine.release.Artifact;
import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awssdk.services.cloudfront.model.NoSuchDistributionException;

/** Finds out which files of a site would change. */
final class SitePlanner {
    private final TargetWork job;
    private final Manifest.Site target;

    SitePlanner(TargetWork job) {
        this.job = job;
        this.target = (Manifest.Site) job.slot.target();
    }

    /** @param pending whether a target deployed first is about to change, and may make the bucket */
    Plan.TargetPlan plan(Resolution.Outputs outputs, boolean pending) throws InterruptedException {
        Resolution resolution = job.resolution(Map.of(), outputs);
        Resolution.Value bucket = resolution.text("the bucket of target " + target.name(), target.bucket());
        Resolution.Value distribution = target.distribution() == null
                ? null
                : resolution.text("the distribution of target " + target.name(), target.distribution());
        Map<String, Artifact> wanted = wanted(job, target);
        var owner = new OwnerCheck(job);
        // Copies lie ready in the account, so that deploying only moves bytes within it.
        job.staging().stage(wanted.values(), job.requests);
        LiveSite.Comparison found = bucket.known()
                ? site(job, AwsSessions.Purpose.PLAN, bucket.passed()).compare(wanted)
                : null;
        if (found == null && bucket.known() && !pending) {
            throw DeploymentException.problem("bucket " + bucket.passed() + " of target " + target.name()
                    + " does not exist in " + job.slot.place()
                    + "; create it, or let a stack of the release create it and name that in 'after'");
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
                found == null ? everything(wanted) : found.changes(),
                found == null ? List.of() : found.findings(deleting));
        return new Plan.TargetPlan(
                job.slot.place(),
                target.name(),
                target.kind(),
                job.slot.wave(),
                job.slot.after(),
                owner.noted(content),
                Map.of(),
                owner.claims());
    }

    /** Artifacts by their key in the bucket. */
    static Map<String, Artifact> wanted(TargetWork job, Manifest.Site target) {
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

    static LiveSite site(TargetWork job, AwsSessions.Purpose purpose, String bucket) {
        return new LiveSite(job.session(purpose).s3(job.region()), bucket, job.account.id(), job.copies);
    }

    private void checkDistribution(String id) {
        try {
            job.session(AwsSessions.Purpose.PLAN).cloudFront(job.region()).getDistribution(r -> r.id(id));
        } catch (NoSuchDistributionException e) {
            throw DeploymentException.problem("distribution " + id + " of target " + target.name()
                    + " does not exist in account " + job.account.name() + "; correct it in the manifest");
        }
    }

    private static List<Plan.Change> everything(Map<String, Artifact> wanted) {
        var all = new ArrayList<Plan.Change>();
        new TreeMap<>(wanted).forEach((key, artifact) -> all.add(LiveSite.change(key, artifact, null)));
        return all;
    }
}
