package io.jenkins.plugins.serverlesspromotion.aws;

import io.jenkins.plugins.serverlesspromotion.aws.call.Failures;
import io.jenkins.plugins.serverlesspromotion.aws.call.FanOut;
import io.jenkins.plugins.serverlesspromotion.aws.call.Sha256;
import io.jenkins.plugins.serverlesspromotion.aws.session.AwsSessions;
import io.jenkins.plugins.serverlesspromotion.aws.session.OwnershipProof;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.engine.port.ArtifactStore;
import io.jenkins.plugins.serverlesspromotion.engine.release.Artifact;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/**
 * Stores artifacts in a versioned bucket under {@code sha256/ab/<hex>}. S3 itself computes the checksum that it stores,
 * so its report about an object proves the bytes.
 */
public final class S3ArtifactStore implements ArtifactStore {
    /** A conflicting write to the same key ends soon; S3 documents a retry. */
    private static final int CONFLICTS = 10;

    private static final int READS = 16;

    /** Publishing happens before every promotion. */
    private static final AwsSessions.Actor SYSTEM = new AwsSessions.Actor(null, null, List.of());

    private final AwsSessions sessions;

    public S3ArtifactStore(AwsSessions sessions) {
        this.sessions = sessions;
    }

    @Override
    public String put(Policy.Store store, Policy.Account account, Artifact artifact, Path file)
            throws IOException, InterruptedException {
        long size = Files.size(file);
        if (size != artifact.size()) {
            throw new IOException("artifact " + artifact.path() + " changed while it was published: " + artifact.size()
                    + " bytes were hashed, " + size + " are there now; publish again when the build has ended");
        }
        try (var scope = sessions.scope(SYSTEM)) {
            S3Client s3 = scope.session(account, AwsSessions.Purpose.STORE, store.region())
                    .s3(store.region());
            return versioned(store, put(s3, store, account, artifact, file));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } catch (RuntimeException e) {
            throw new IOException(
                    "artifact " + artifact.path() + " could not be stored in bucket " + store.bucket() + ": "
                            + Failures.of(e).cause(),
                    e);
        }
    }

    private String put(S3Client s3, Policy.Store store, Policy.Account account, Artifact artifact, Path file)
            throws IOException, InterruptedException {
        for (int tries = 1; ; tries++) {
            try {
                return s3.putObject(
                                r -> {
                                    object(r, store, account, artifact);
                                    r.overrideConfiguration(o -> {
                                        Sha256.named(o);
                                        OwnershipProof.ofArtifacts(store, account)
                                                .allow(o);
                                    });
                                },
                                RequestBody.fromFile(file))
                        .versionId();
            } catch (S3Exception e) {
                if (e.statusCode() == 412) {
                    return existing(s3, store, account, artifact).orElseThrow(() -> e);
                }
                if (Failures.code(e).equals("BadDigest") || Failures.code(e).equals("XAmzContentChecksumMismatch")) {
                    throw new IOException(
                            "artifact " + artifact.path() + " changed while it was published: its bytes are"
                                    + " no longer " + artifact.digest() + "; publish again when the build has ended",
                            e);
                }
                if (e.statusCode() != 409 || tries == CONFLICTS) {
                    throw e;
                }
                sessions.pace().sleep(Duration.ofMillis(200L * tries));
            }
        }
    }

    private static void object(
            PutObjectRequest.Builder request, Policy.Store store, Policy.Account account, Artifact artifact) {
        request.bucket(store.bucket())
                .key(Sha256.key(artifact.sha256()))
                .expectedBucketOwner(account.id())
                .ifNoneMatch("*")
                .contentLength(artifact.size())
                .checksumSHA256(Sha256.base64(artifact.sha256()));
    }

    @Override
    public List<Upload> presign(Policy.Store store, Policy.Account account, List<Artifact> artifacts, Duration validFor)
            throws IOException, InterruptedException {
        try (var scope = sessions.scope(SYSTEM)) {
            var session = scope.session(account, AwsSessions.Purpose.STORE, store.region());
            try (S3Presigner presigner = session.s3Presigner(store.region())) {
                return artifacts.stream()
                        .map(artifact -> upload(presigner, store, account, artifact, validFor))
                        .toList();
            }
        } catch (RuntimeException e) {
            throw unreachable(store, e);
        }
    }

    private static Upload upload(
            S3Presigner presigner, Policy.Store store, Policy.Account account, Artifact artifact, Duration validFor) {
        var signed = presigner.presignPutObject(
                r -> r.signatureDuration(validFor).putObjectRequest(put -> object(put, store, account, artifact)));
        var headers = new TreeMap<String, String>();
        signed.signedHeaders().forEach((name, values) -> {
            // HTTP clients set both themselves, from the address and the body, and refuse explicit values.
            if (!name.equalsIgnoreCase("host") && !name.equalsIgnoreCase("content-length")) {
                headers.put(name, String.join(",", values));
            }
        });
        return new Upload(URI.create(signed.url().toString()), headers);
    }

    @Override
    public Map<String, String> stored(Policy.Store store, Policy.Account account, List<Artifact> artifacts)
            throws IOException, InterruptedException {
        ExecutorService reads = Executors.newFixedThreadPool(READS, task -> {
            var thread = new Thread(task, "artifact-store");
            thread.setDaemon(true);
            return thread;
        });
        try (var scope = sessions.scope(SYSTEM)) {
            S3Client s3 = scope.session(account, AwsSessions.Purpose.STORE, store.region())
                    .s3(store.region());
            var found = FanOut.map(reads, artifacts, artifact -> existing(s3, store, account, artifact));
            var versions = new HashMap<String, String>();
            for (int i = 0; i < artifacts.size(); i++) {
                if (found.get(i).isPresent()) {
                    versions.put(
                            artifacts.get(i).digest(),
                            versioned(store, found.get(i).get()));
                }
            }
            return versions;
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } catch (RuntimeException e) {
            throw unreachable(store, e);
        } finally {
            reads.shutdownNow();
        }
    }

    private static IOException unreachable(Policy.Store store, RuntimeException e) throws InterruptedException {
        return new IOException(
                "artifact store " + store.name() + " (bucket " + store.bucket() + ") cannot be used: "
                        + Failures.of(e).cause(),
                e);
    }

    private static Optional<String> existing(
            S3Client s3, Policy.Store store, Policy.Account account, Artifact artifact) {
        HeadObjectResponse head;
        try {
            head = s3.headObject(r -> r.bucket(store.bucket())
                    .key(Sha256.key(artifact.sha256()))
                    .expectedBucketOwner(account.id())
                    .checksumMode(ChecksumMode.ENABLED));
        } catch (S3Exception e) {
            if (e.statusCode() == 404) {
                return Optional.empty();
            }
            throw e;
        }
        if (!Sha256.base64(artifact.sha256()).equals(head.checksumSHA256())
                || head.contentLength() != artifact.size()) {
            throw new UncheckedIOException(new IOException("object " + Sha256.key(artifact.sha256()) + " in bucket "
                    + store.bucket() + " does not hold artifact " + artifact.path() + " (expected "
                    + artifact.digest() + " of " + artifact.size() + " bytes, found "
                    + Sha256.shown(head.checksumSHA256()) + " of " + head.contentLength()
                    + " bytes); another writer created it: find out why before publishing"));
        }
        return Optional.of(head.versionId() == null ? "null" : head.versionId());
    }

    private static String versioned(Policy.Store store, String version) throws IOException {
        if (version == null || version.equals("null")) {
            throw new IOException(
                    "bucket " + store.bucket() + " is not versioned; enable versioning and publish again");
        }
        return version;
    }
}
