package io.jenkins.plugins.serverlesspromotion.aws.context;

import io.jenkins.plugins.serverlesspromotion.aws.DeploymentException;
import io.jenkins.plugins.serverlesspromotion.aws.call.Failures;
import io.jenkins.plugins.serverlesspromotion.aws.call.FanOut;
import io.jenkins.plugins.serverlesspromotion.aws.call.Sha256;
import io.jenkins.plugins.serverlesspromotion.aws.session.AwsSession;
import io.jenkins.plugins.serverlesspromotion.aws.session.OwnershipProof;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.engine.release.Artifact;
import io.jenkins.plugins.serverlesspromotion.engine.release.Published;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.s3.model.CopyObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchBucketException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Copies a release's artifacts into the bucket of the account and region from which they are deployed. A copy has its
 * own SHA-256 as its key and has no effect by itself. A deployment uses one version of one copy, whose checksum S3
 * computed.
 */
public final class Staging {
    /** CopyObject has this limit; a larger copy is made of parts and has no checksum of its own. */
    private static final long LARGEST = 5L * 1024 * 1024 * 1024;

    private final ExecutorService copies;
    private final AwsSession session;
    private final String region;
    private final String bucket;
    private final Published release;
    private final Policy.Store store;
    private final Policy.Account storeAccount;

    /** @param session of the role that deploys, in the account of the bucket */
    Staging(
            ExecutorService copies,
            AwsSession session,
            String region,
            Published release,
            Policy.Store store,
            Policy.Account storeAccount) {
        this.copies = copies;
        this.session = session;
        this.region = region;
        this.bucket = session.account().bucketIn(region);
        this.release = release;
        this.store = store;
        this.storeAccount = storeAccount;
    }

    /** One version of one object in the account's bucket. */
    public record Staged(String bucket, String key, String version) {}

    /**
     * Staged copies by path. Existing copies are reused, and identical files of two paths are copied once: two copies
     * would be two versions, and a later read finds only one.
     */
    public Map<String, Staged> stage(Collection<Artifact> artifacts, List<String> requests)
            throws InterruptedException {
        var distinct = new LinkedHashMap<String, Artifact>();
        artifacts.forEach(artifact -> distinct.putIfAbsent(artifact.digest(), artifact));
        var wanted = List.copyOf(distinct.values());
        var staged = FanOut.map(copies, wanted, artifact -> stage(artifact, requests));
        var byDigest = new HashMap<String, Staged>();
        for (int i = 0; i < wanted.size(); i++) {
            byDigest.put(wanted.get(i).digest(), staged.get(i));
        }
        var byPath = new LinkedHashMap<String, Staged>();
        artifacts.forEach(artifact -> byPath.put(artifact.path(), byDigest.get(artifact.digest())));
        return byPath;
    }

    /** The existing staged copies by path; nothing is copied. */
    public Map<String, Staged> present(Collection<Artifact> artifacts) throws InterruptedException {
        var byPath = new LinkedHashMap<String, Staged>();
        var wanted = List.copyOf(artifacts);
        var heads = FanOut.map(copies, wanted, artifact -> java.util.Optional.ofNullable(head(artifact.sha256())));
        for (int i = 0; i < wanted.size(); i++) {
            Artifact artifact = wanted.get(i);
            heads.get(i)
                    .ifPresent(head -> byPath.put(
                            artifact.path(),
                            new Staged(bucket, Sha256.key(artifact.sha256()), versioned(head.versionId()))));
        }
        return byPath;
    }

    /** The existing copy of generated text by its digest; null when there is none. */
    Staged present(String hex) {
        HeadObjectResponse there = head(hex);
        return there == null ? null : new Staged(bucket, Sha256.key(hex), versioned(there.versionId()));
    }

    /** The bytes of an artifact, read from the store by its pinned version and hashed. */
    public byte[] read(Artifact artifact) {
        byte[] bytes;
        try {
            bytes = session.s3(store.region())
                    .getObjectAsBytes(r -> r.bucket(store.bucket())
                            .key(Sha256.key(artifact.sha256()))
                            .versionId(version(artifact))
                            .expectedBucketOwner(storeAccount.id()))
                    .asByteArray();
        } catch (S3Exception e) {
            throw source(artifact, e);
        }
        String found = Sha256.hex(bytes);
        if (!found.equals(artifact.sha256())) {
            throw tampered(artifact, "sha256:" + found);
        }
        return bytes;
    }

    /** Uploads generated text, content-addressed like everything else. */
    public Staged put(byte[] bytes, String contentType, List<String> requests) {
        String hex = Sha256.hex(bytes);
        HeadObjectResponse there = head(hex);
        if (there != null) {
            return new Staged(bucket, Sha256.key(hex), versioned(there.versionId()));
        }
        try {
            var put = session.s3(region)
                    .putObject(
                            r -> r.bucket(bucket)
                                    .key(Sha256.key(hex))
                                    .contentType(contentType)
                                    .overrideConfiguration(o -> {
                                        Sha256.named(o);
                                        owned().allow(o);
                                    })
                                    .checksumSHA256(Sha256.base64(hex))
                                    .expectedBucketOwner(session.account().id()),
                            RequestBody.fromBytes(bytes));
            requests.add("s3:PutObject " + put.responseMetadata().requestId());
            return new Staged(bucket, Sha256.key(hex), versioned(put.versionId()));
        } catch (S3Exception e) {
            throw target(e);
        }
    }

    private Staged stage(Artifact artifact, List<String> requests) {
        if (artifact.size() > LARGEST) {
            throw DeploymentException.failed(
                    "artifact " + artifact.path() + " is larger than 5 GiB, which S3 cannot copy in one piece");
        }
        HeadObjectResponse there = head(artifact.sha256());
        if (there != null) {
            return new Staged(bucket, Sha256.key(artifact.sha256()), versioned(there.versionId()));
        }
        CopyObjectResponse copied = copy(artifact);
        String found = copied.copyObjectResult() == null
                ? null
                : copied.copyObjectResult().checksumSHA256();
        if (!Sha256.base64(artifact.sha256()).equals(found)) {
            throw tampered(artifact, Sha256.shown(found));
        }
        requests.add("s3:CopyObject " + copied.responseMetadata().requestId());
        return new Staged(bucket, Sha256.key(artifact.sha256()), versioned(copied.versionId()));
    }

    private OwnershipProof owned() {
        return OwnershipProof.ofStaging(session.account(), region);
    }

    private CopyObjectResponse copy(Artifact artifact) {
        try {
            return session.s3(region)
                    .copyObject(r -> r.overrideConfiguration(owned()::allow)
                            .sourceBucket(store.bucket())
                            .sourceKey(Sha256.key(artifact.sha256()))
                            .sourceVersionId(version(artifact))
                            .expectedSourceBucketOwner(storeAccount.id())
                            .destinationBucket(bucket)
                            .destinationKey(Sha256.key(artifact.sha256()))
                            .expectedBucketOwner(session.account().id())
                            .checksumAlgorithm(ChecksumAlgorithm.SHA256));
        } catch (S3Exception e) {
            throw e instanceof NoSuchBucketException ? target(e) : source(artifact, e);
        }
    }

    /** The newest copy when its checksum is right, otherwise null. */
    private HeadObjectResponse head(String hex) {
        try {
            var head = session.s3(region)
                    .headObject(r -> r.bucket(bucket)
                            .key(Sha256.key(hex))
                            .expectedBucketOwner(session.account().id())
                            .checksumMode(ChecksumMode.ENABLED));
            return Sha256.base64(hex).equals(head.checksumSHA256()) ? head : null;
        } catch (S3Exception e) {
            if (e.statusCode() == 404) {
                return null;
            }
            throw e;
        }
    }

    private String version(Artifact artifact) {
        String version = release.versions().get(artifact.digest());
        if (version == null) {
            throw DeploymentException.failed("where artifact " + artifact.path() + " of "
                    + release.ref().id() + " is stored was never recorded; publish the release again");
        }
        return version;
    }

    private String versioned(String version) {
        if (version == null || version.equals("null")) {
            throw DeploymentException.failed("bucket " + bucket + " in account "
                    + session.account().name() + ", " + region + ", is not versioned; enable versioning and try again");
        }
        return version;
    }

    private DeploymentException tampered(Artifact artifact, String found) {
        return DeploymentException.failed(
                "artifact " + artifact.path() + " of " + release.ref().id()
                        + " is not what was published (expected " + artifact.digest() + ", found " + found
                        + "); nothing is deployed from it: find out who wrote to bucket " + store.bucket());
    }

    private RuntimeException source(Artifact artifact, S3Exception e) {
        if (e.statusCode() != 404) {
            return e;
        }
        if (e instanceof NoSuchBucketException) {
            return DeploymentException.failed("bucket " + store.bucket() + " of artifact store " + store.name()
                    + " does not exist in account " + storeAccount.name() + ", " + store.region());
        }
        return DeploymentException.failed(
                "artifact " + artifact.path() + " of " + release.ref().id()
                        + " is no longer in bucket " + store.bucket() + " in the version that was published ("
                        + Failures.message(e) + "); publish the release again under a new version");
    }

    private RuntimeException target(S3Exception e) {
        if (!(e instanceof NoSuchBucketException)) {
            return e;
        }
        return DeploymentException.failed("bucket " + bucket + " for staged artifacts does not exist in account "
                + session.account().name() + ", " + region
                + "; create it with versioning, or name another in the policy");
    }

    /** For reading what is already staged. */
    S3Client s3() {
        return session.s3(region);
    }

    public List<Artifact> artifacts(Collection<String> paths) {
        var found = new ArrayList<Artifact>();
        for (String path : paths) {
            found.add(release.release()
                    .artifact(path)
                    .orElseThrow(() -> DeploymentException.failed(path + " is not among the artifacts of "
                            + release.ref().id() + "; publish a release that holds it")));
        }
        return found;
    }
}
