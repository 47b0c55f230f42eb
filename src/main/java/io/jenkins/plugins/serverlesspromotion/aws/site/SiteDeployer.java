package io.jenkins.plugins.serverlesspromotion.aws.site;

import io.jenkins.plugins.serverlesspromotion.aws.DeploymentException;
import io.jenkins.plugins.serverlesspromotion.aws.call.FanOut;
import io.jenkins.plugins.serverlesspromotion.aws.call.Sha256;
import io.jenkins.plugins.serverlesspromotion.aws.context.OwnerCheck;
import io.jenkins.plugins.serverlesspromotion.aws.context.Resolution;
import io.jenkins.plugins.serverlesspromotion.aws.context.Staging;
import io.jenkins.plugins.serverlesspromotion.aws.context.TargetContext;
import io.jenkins.plugins.serverlesspromotion.aws.session.AwsSessions;
import io.jenkins.plugins.serverlesspromotion.aws.session.OwnershipProof;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Deployment.Status;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Fact;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.engine.port.Deployer;
import io.jenkins.plugins.serverlesspromotion.engine.release.Artifact;
import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.MetadataDirective;

/**
 * Copies the files of a site into its bucket, pages last, and invalidates CloudFront's cache. Deletes files only where
 * the manifest enables it, and only when no cache keeps a page that refers to them.
 */
public final class SiteDeployer {
    private static final Duration INVALIDATION_POLL = Duration.ofSeconds(5);
    /** AWS documents minutes; after this time the deployment stops waiting. */
    private static final Duration INVALIDATION_LIMIT = Duration.ofMinutes(20);

    private final TargetContext job;
    private final Manifest.Site target;
    private final OwnerCheck owner;
    private final SiteUploadRules rules;

    public SiteDeployer(TargetContext job) {
        this.job = job;
        this.target = (Manifest.Site) job.targetInstance.target();
        this.owner = new OwnerCheck(job);
        this.rules = SitePlanner.rules(job);
    }

    public Fact.StepResult deploy(Plan.TargetPlan step, int attempt, Resolution.Outputs outputs)
            throws InterruptedException {
        Plan.Content approved = step.content();
        String bucket = bucket(outputs);
        boolean unseen = approved.exactness() == Plan.Exactness.BOUNDED;
        owner.writeBucket(bucket, unseen);
        if (unseen && target.distribution() != null) {
            owner.writeDistribution(distribution(outputs), true);
        }
        var wanted = SitePlanner.wanted(job, target);
        List<Plan.Change> changes = changes(approved, compare(bucket, wanted));
        String outside = outside(approved, changes);
        if (outside != null) {
            // Files that are already as approved may be our own work, from before a crash.
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
        // Also when there was nothing left to write: a crash may have prevented the invalidation.
        Invalidation invalidation = invalidate(outputs, job.token(attempt, "invalidate"));
        delete(bucket, removed(changes), invalidation);
        return ended(
                Status.DONE,
                "bucket " + bucket + " is at " + job.release.ref().id() + " ("
                        + files(approved.changes().size()) + ")" + describe(invalidation));
    }

    /**
     * Returns the files of the job's release. Files that only the rolled-back release has stay, unless the release
     * returned to enables deletion. Files that neither of them has are not changed.
     */
    public Deployer.Undoing undo(int attempt, Resolution.Outputs outputs) throws InterruptedException {
        String bucket = bucket(outputs);
        var wanted = SitePlanner.wanted(job, target);
        LiveSite.Comparison found = compare(bucket, wanted);
        write(bucket, wanted, found.changes());
        // Always, because an earlier try may have written the files and failed before this step.
        Invalidation invalidation = invalidate(outputs, job.token(attempt, "undo-invalidate"));
        List<String> extra =
                isDeleting() ? undoneKeys().filter(found.left()::contains).toList() : List.of();
        delete(bucket, extra, invalidation);
        return new Deployer.Undoing(
                "bucket " + bucket + " is back at " + job.release.ref().id() + " ("
                        + files(found.changes().size() + extra.size()) + ")" + describe(invalidation),
                job.requests(),
                null);
    }

    private static String files(int number) {
        return number + (number == 1 ? " file" : " files");
    }

    private boolean isDeleting() {
        return Boolean.TRUE.equals(target.delete());
    }

    /** Keys of the release that is rolled back. */
    private Stream<String> undoneKeys() {
        var undone = job.work.release().release();
        if (!(undone.manifest().target(target.name()).orElse(null) instanceof Manifest.Site site)) {
            return Stream.empty();
        }
        String below = site.directory().endsWith("/") ? site.directory() : site.directory() + "/";
        return undone.below(site.directory()).stream().map(a -> a.path().substring(below.length()));
    }

    /** The remaining changes. Files that appeared in the bucket after a plan that could not read it are not deleted. */
    private List<Plan.Change> changes(Plan.Content approved, LiveSite.Comparison found) {
        if (!isDeleting()) {
            return found.changes();
        }
        return approved.exactness() == Plan.Exactness.EXACT ? found.deleting().changes() : found.changes();
    }

    private static List<String> removed(List<Plan.Change> changes) {
        return changes.stream()
                .filter(c -> c.action() == Plan.Action.REMOVE)
                .map(Plan.Change::subject)
                .toList();
    }

    private void delete(String bucket, List<String> keys, Invalidation invalidation) throws InterruptedException {
        if (keys.isEmpty()) {
            return;
        }
        await(invalidation);
        FanOut.map(job.copies, keys, key -> {
            OwnershipProof owned = owner.writeBucket(bucket, false);
            var deleted = job.session(AwsSessions.Purpose.DEPLOY)
                    .s3(job.region())
                    .deleteObject(r -> r.overrideConfiguration(owned::allow)
                            .bucket(bucket)
                            .key(key)
                            .expectedBucketOwner(job.account.id()));
            job.requests.add("s3:DeleteObject " + deleted.responseMetadata().requestId());
            job.note("deleted " + key);
            return key;
        });
    }

    /** A page that CloudFront still caches refers to files that are about to be deleted. */
    private void await(Invalidation invalidation) throws InterruptedException {
        if (invalidation == null) {
            return;
        }
        var end = job.pace().now().plus(job.pace().scaled(INVALIDATION_LIMIT));
        while (!"Completed".equals(status(invalidation))) {
            if (job.pace().now().isAfter(end)) {
                throw DeploymentException.errored("invalidation " + invalidation.id() + " of "
                        + invalidation.distribution() + " is not complete after " + INVALIDATION_LIMIT.toMinutes()
                        + " minutes, so nothing is deleted; promote again");
            }
            job.pace().sleep(INVALIDATION_POLL);
        }
    }

    private String status(Invalidation invalidation) {
        return job.session(AwsSessions.Purpose.DEPLOY)
                .cloudFront(job.region())
                .getInvalidation(
                        r -> r.distributionId(invalidation.distribution()).id(invalidation.id()))
                .invalidation()
                .status();
    }

    private String bucket(Resolution.Outputs outputs) {
        return job.resolution(Map.of(), outputs).known("the bucket of target " + target.name(), target.bucket());
    }

    private String distribution(Resolution.Outputs outputs) {
        return job.resolution(Map.of(), outputs)
                .known("the distribution of target " + target.name(), target.distribution());
    }

    private LiveSite.Comparison compare(String bucket, Map<String, Artifact> wanted) throws InterruptedException {
        LiveSite.Comparison found =
                SitePlanner.site(job, AwsSessions.Purpose.DEPLOY, bucket).compare(wanted);
        if (found == null) {
            throw DeploymentException.failed("bucket " + bucket + " of target " + target.name() + " does not exist in "
                    + job.targetInstance.place() + "; create it and promote again");
        }
        return found;
    }

    /** A file whose change was not approved, or was approved differently; null when there is none. */
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
        var files = new HashMap<String, Artifact>();
        changes.stream()
                .filter(c -> c.action() != Plan.Action.REMOVE)
                .forEach(c -> files.put(c.subject(), wanted.get(c.subject())));
        if (files.isEmpty()) {
            return;
        }
        Map<String, Staging.Staged> staged = job.staging().stage(files.values(), job.requests);
        // New names first, because they do no harm. Then names that a live page may refer to.
        for (boolean hashed : new boolean[] {true, false}) {
            var assets = files.keySet().stream()
                    .filter(key -> !rules.isPage(key) && rules.isHashed(key) == hashed)
                    .sorted(rules.order())
                    .toList();
            if (!assets.isEmpty()) {
                FanOut.map(job.copies, assets, key -> copy(bucket, key, files.get(key), staged));
            }
        }
        // One after the other: a visitor of a page must find everything that it refers to.
        for (String key : files.keySet().stream()
                .filter(rules::isPage)
                .sorted(rules.order())
                .toList()) {
            copy(bucket, key, files.get(key), staged);
        }
    }

    private String copy(String bucket, String key, Artifact artifact, Map<String, Staging.Staged> staged) {
        Staging.Staged from = staged.get(artifact.path());
        OwnershipProof owned = owner.writeBucket(bucket, false);
        var copied = job.session(AwsSessions.Purpose.DEPLOY)
                .s3(job.region())
                .copyObject(r -> r.overrideConfiguration(owned::allow)
                        .sourceBucket(from.bucket())
                        .sourceKey(from.key())
                        .sourceVersionId(from.version())
                        .expectedSourceBucketOwner(job.account.id())
                        .destinationBucket(bucket)
                        .destinationKey(key)
                        .expectedBucketOwner(job.account.id())
                        .metadataDirective(MetadataDirective.REPLACE)
                        .contentType(rules.contentType(key))
                        .cacheControl(rules.cacheControl(key))
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

    private record Invalidation(String distribution, String id) {}

    private static String describe(Invalidation invalidation) {
        return invalidation == null
                ? ""
                : ", invalidation " + invalidation.id() + " of " + invalidation.distribution() + " under way";
    }

    /** Starts the invalidation without waiting: the checks run in parallel. Null when there is no distribution. */
    private Invalidation invalidate(Resolution.Outputs outputs, String reference) {
        if (target.distribution() == null) {
            return null;
        }
        String distribution = distribution(outputs);
        OwnershipProof owned = owner.writeDistribution(distribution, false);
        var cloudFront = job.session(AwsSessions.Purpose.DEPLOY).cloudFront(job.region());
        // The same reference with the same paths gives the same invalidation, however often it is requested.
        var created = cloudFront.createInvalidation(r -> r.overrideConfiguration(owned::allow)
                .distributionId(distribution)
                .invalidationBatch(b ->
                        b.callerReference(reference).paths(p -> p.items("/*").quantity(1))));
        job.requests.add(
                "cloudfront:CreateInvalidation " + created.responseMetadata().requestId());
        return new Invalidation(distribution, created.invalidation().id());
    }

    private Fact.StepResult ended(Status status, String detail) {
        return new Fact.StepResult(status, Map.of(), detail, job.requests());
    }
}
