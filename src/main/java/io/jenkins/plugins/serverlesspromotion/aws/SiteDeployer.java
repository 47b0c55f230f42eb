package io.jenkins.plugins.serverlesspromotion.aws;

import io.jenkins.plugins.serverlesspromotion.engine.lane.Fact;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion.Status;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.engine.port.Deployer;
import io.jenkins.plugins.serverlesspromotion.engine.release.Artifact;
import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.MetadataDirective;

/** Copies the files of a site into its bucket, pages last, and lets CloudFront forget what it has. Deletes nothing. */
final class SiteDeployer {
    private final TargetWork job;
    private final Manifest.Site target;

    SiteDeployer(TargetWork job) {
        this.job = job;
        this.target = (Manifest.Site) job.slot.target();
    }

    Fact.StepResult deploy(Plan.TargetPlan step, int attempt, Resolution.Outputs outputs) throws InterruptedException {
        Plan.Content approved = step.content();
        String bucket = bucket(outputs);
        var wanted = SitePlanner.wanted(job, target);
        List<Plan.Change> changes = compare(bucket, wanted).changes();
        String outside = outside(approved, changes);
        if (outside != null) {
            // Files that are already as approved may be our own doing, from before a crash.
            boolean begun = changes.size() < approved.changes().size();
            String detail = "file " + outside + " in bucket " + bucket + " was changed after it was planned";
            return begun
                    ? ended(Status.FAILED, detail + ", and the rest may be deployed in part; promote again")
                    : ended(Status.STALE, detail + "; it is planned again");
        }
        write(bucket, wanted, changes);
        if (approved.changes().isEmpty() && changes.isEmpty()) {
            return ended(Status.UNCHANGED, "bucket " + bucket + " is already as wanted");
        }
        // Also when nothing was left to write: the invalidation may be what a crash prevented.
        String invalidation = invalidate(outputs, job.token(attempt, "invalidate"));
        return ended(
                Status.DONE,
                "bucket " + bucket + " is at " + job.release.ref().id() + " ("
                        + approved.changes().size() + " files)" + invalidation);
    }

    /** Returns the files of the job's release; files that only later releases have stay. */
    Deployer.Undoing undo(int attempt, Resolution.Outputs outputs) throws InterruptedException {
        String bucket = bucket(outputs);
        var wanted = SitePlanner.wanted(job, target);
        LiveSite.Comparison found = compare(bucket, wanted);
        write(bucket, wanted, found.changes());
        // Always, because an earlier try may have written the files and not come to this.
        String invalidation = invalidate(outputs, job.token(attempt, "undo-invalidate"));
        return new Deployer.Undoing(
                "bucket " + bucket + " is back at " + job.release.ref().id() + " ("
                        + found.changes().size() + " files)" + invalidation,
                job.requests(),
                null);
    }

    private String bucket(Resolution.Outputs outputs) {
        return job.resolution(Map.of(), outputs).known("the bucket of target " + target.name(), target.bucket());
    }

    private LiveSite.Comparison compare(String bucket, Map<String, Artifact> wanted) throws InterruptedException {
        LiveSite.Comparison found =
                SitePlanner.site(job, AwsSessions.Purpose.DEPLOY, bucket).compare(wanted);
        if (found == null) {
            throw DeploymentException.failed("bucket " + bucket + " of target " + target.name() + " does not exist in "
                    + job.slot.place() + "; create it and promote again");
        }
        return found;
    }

    /** A file that would change although that was not approved, or otherwise than approved; null when there is none. */
    private static String outside(Plan.Content approved, List<Plan.Change> changes) {
        var bounds = approved.changes().stream().collect(Collectors.toMap(Plan.Change::subject, c -> c));
        for (Plan.Change change : changes) {
            Plan.Change bound = bounds.get(change.subject());
            boolean within = bound != null && (approved.exactness() == Plan.Exactness.BOUNDED || bound.equals(change));
            if (!within) {
                return change.subject();
            }
        }
        return null;
    }

    private void write(String bucket, Map<String, Artifact> wanted, List<Plan.Change> changes)
            throws InterruptedException {
        if (changes.isEmpty()) {
            return;
        }
        var files = new HashMap<String, Artifact>();
        changes.forEach(c -> files.put(c.subject(), wanted.get(c.subject())));
        Map<String, Staging.Staged> staged = job.staging().stage(files.values(), job.requests);
        var assets = files.keySet().stream()
                .filter(key -> !SiteFiles.isPage(key))
                .sorted(SiteFiles.order())
                .toList();
        if (!assets.isEmpty()) {
            FanOut.map(job.copies, assets, key -> copy(bucket, key, files.get(key), staged));
        }
        // One after the other: whoever sees a page must find everything it refers to.
        for (String key : files.keySet().stream()
                .filter(SiteFiles::isPage)
                .sorted(SiteFiles.order())
                .toList()) {
            copy(bucket, key, files.get(key), staged);
        }
    }

    private String copy(String bucket, String key, Artifact artifact, Map<String, Staging.Staged> staged) {
        Staging.Staged from = staged.get(artifact.path());
        var copied = job.session(AwsSessions.Purpose.DEPLOY)
                .s3(job.region())
                .copyObject(r -> r.sourceBucket(from.bucket())
                        .sourceKey(from.key())
                        .sourceVersionId(from.version())
                        .expectedSourceBucketOwner(job.account.id())
                        .destinationBucket(bucket)
                        .destinationKey(key)
                        .expectedBucketOwner(job.account.id())
                        .metadataDirective(MetadataDirective.REPLACE)
                        .contentType(SiteFiles.contentType(key))
                        .cacheControl(SiteFiles.cacheControl(key))
                        .checksumAlgorithm(ChecksumAlgorithm.SHA256));
        job.requests.add("s3:CopyObject " + copied.responseMetadata().requestId());
        String found = copied.copyObjectResult().checksumSHA256();
        if (!Sha256.base64(artifact.sha256()).equals(found)) {
            throw DeploymentException.failed("artifact " + artifact.path() + " of "
                    + job.release.ref().id()
                    + " is not what was published (expected " + artifact.digest() + ", found " + Sha256.shown(found)
                    + "); find out who wrote to bucket " + from.bucket());
        }
        job.note("wrote " + key);
        return key;
    }

    private String invalidate(Resolution.Outputs outputs, String reference) {
        if (target.distribution() == null) {
            return "";
        }
        String distribution = job.resolution(Map.of(), outputs)
                .known("the distribution of target " + target.name(), target.distribution());
        var cloudFront = job.session(AwsSessions.Purpose.DEPLOY).cloudFront(job.region());
        // The same reference with the same paths is the same invalidation, however often it is asked for.
        var created = cloudFront.createInvalidation(r -> r.distributionId(distribution)
                .invalidationBatch(b ->
                        b.callerReference(reference).paths(p -> p.items("/*").quantity(1))));
        job.requests.add(
                "cloudfront:CreateInvalidation " + created.responseMetadata().requestId());
        String id = created.invalidation().id();
        cloudFront.getInvalidation(r -> r.distributionId(distribution).id(id));
        return ", invalidation " + id + " of " + distribution + " under way";
    }

    private Fact.StepResult ended(Status status, String detail) {
        return new Fact.StepResult(status, Map.of(), detail, job.requests());
    }
}
