package io.jenkins.plugins.serverlesspromotion.sandbox;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.junit.function.ThrowingRunnable;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.ObjectAttributes;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.ObjectLockMode;
import software.amazon.awssdk.services.s3.model.S3Exception;

public class S3ServiceTest {
    private static final String RELEASES = "acme-releases";
    private static final String STAGING = "serverless-promotion-222222222222-us-east-1";
    private Sandbox sandbox;
    private Clients clients;
    private S3Client base;

    @Before
    public void start() {
        sandbox = Sandbox.start(SandboxConfig.threeAccounts().timeScale(0));
        clients = new Clients(sandbox.endpoint());
        base = clients.s3(Clients.base(), "eu-west-1");
    }

    @After
    public void stop() {
        base.close();
        clients.close();
        sandbox.close();
    }

    static S3Exception refused(String code, ThrowingRunnable call) {
        S3Exception refusal = assertThrows(S3Exception.class, call);
        assertEquals(refusal.getMessage(), code, refusal.awsErrorDetails().errorCode());
        return refusal;
    }

    private String put(String key, String text) {
        return base.putObject(request -> request.bucket(RELEASES).key(key), RequestBody.fromString(text))
                .versionId();
    }

    @Test
    public void objectsKeepVersions() {
        String first = put("a/b.txt", "one");
        String second = put("a/b.txt", "two");
        assertNotEquals(first, second);
        assertEquals(
                "two",
                base.getObjectAsBytes(r -> r.bucket(RELEASES).key("a/b.txt")).asUtf8String());
        assertEquals(
                "one",
                base.getObjectAsBytes(r -> r.bucket(RELEASES).key("a/b.txt").versionId(first))
                        .asUtf8String());
        assertEquals(
                "wo",
                base.getObjectAsBytes(r -> r.bucket(RELEASES).key("a/b.txt").range("bytes=1-"))
                        .asUtf8String());
        base.deleteObject(r -> r.bucket(RELEASES).key("a/b.txt"));
        refused("NoSuchKey", () -> base.getObject(r -> r.bucket(RELEASES).key("a/b.txt")));
        assertEquals(
                3,
                base.listObjectVersions(r -> r.bucket(RELEASES)).versions().size()
                        + base.listObjectVersions(r -> r.bucket(RELEASES))
                                .deleteMarkers()
                                .size());
        base.deleteObject(r -> r.bucket(RELEASES).key("a/b.txt").versionId(first));
        refused(
                "NoSuchVersion",
                () -> base.getObject(r -> r.bucket(RELEASES).key("a/b.txt").versionId(first)));
        assertEquals(
                List.of("put", "put", "delete-marker", "delete-version"),
                sandbox.control().history("s3:object", RELEASES + "/a/b.txt").stream()
                        .map(c -> c.path("what").asText())
                        .toList());
    }

    @Test
    public void streamsArriveWithTrailingChecksums() {
        byte[] bytes = new byte[300_000];
        new Random(1).nextBytes(bytes);
        for (ChecksumAlgorithm algorithm : List.of(ChecksumAlgorithm.CRC32, ChecksumAlgorithm.SHA256)) {
            base.putObject(
                    r -> r.bucket(RELEASES).key("big").checksumAlgorithm(algorithm),
                    RequestBody.fromContentProvider(
                            () -> new ByteArrayInputStream(bytes), bytes.length, "application/zip"));
            var head = base.headObject(r -> r.bucket(RELEASES).key("big").checksumMode(ChecksumMode.ENABLED));
            assertEquals(bytes.length, head.contentLength().intValue());
            assertArrayEquals(
                    bytes,
                    base.getObjectAsBytes(r -> r.bucket(RELEASES).key("big")).asByteArray());
        }
        var attributes = base.getObjectAttributes(r -> r.bucket(RELEASES)
                .key("big")
                .objectAttributes(ObjectAttributes.CHECKSUM, ObjectAttributes.OBJECT_SIZE));
        assertEquals(Checksums.of("SHA256", bytes), attributes.checksum().checksumSHA256());
    }

    @Test
    public void wrongChecksumsAreRefused() {
        refused(
                "BadDigest",
                () -> base.putObject(
                        r -> r.bucket(RELEASES)
                                .key("x")
                                .checksumSHA256(Checksums.of("SHA256", "other".getBytes(StandardCharsets.UTF_8))),
                        RequestBody.fromString("text")));
    }

    @Test
    public void conditionsHold() {
        put("once", "1");
        refused(
                "PreconditionFailed",
                () -> base.putObject(
                        r -> r.bucket(RELEASES).key("once").ifNoneMatch("*"), RequestBody.fromString("2")));
        String etag = base.headObject(r -> r.bucket(RELEASES).key("once")).eTag();
        base.putObject(r -> r.bucket(RELEASES).key("once").ifMatch(etag), RequestBody.fromString("2"));
        refused(
                "PreconditionFailed",
                () -> base.putObject(r -> r.bucket(RELEASES).key("once").ifMatch(etag), RequestBody.fromString("3")));
        refused(
                "NoSuchKey",
                () -> base.putObject(r -> r.bucket(RELEASES).key("none").ifMatch(etag), RequestBody.fromString("3")));
    }

    @Test
    public void expectedOwnersAreChecked() {
        put("a", "1");
        refused(
                "AccessDenied",
                () -> base.putObject(
                        r -> r.bucket(RELEASES).key("a").expectedBucketOwner("222222222222"),
                        RequestBody.fromString("2")));
        try (S3Client deploy = clients.s3(clients.role("222222222222", "promotion-deploy"), "us-east-1")) {
            refused(
                    "AccessDenied",
                    () -> deploy.copyObject(r -> r.sourceBucket(RELEASES)
                            .sourceKey("a")
                            .expectedSourceBucketOwner("222222222222")
                            .destinationBucket(STAGING)
                            .destinationKey("a")));
        }
    }

    @Test
    public void copiesCrossAccountsAndRegions() {
        String version = put("dist/app +1.zip", "old");
        put("dist/app +1.zip", "new");
        try (S3Client deploy = clients.s3(clients.role("222222222222", "promotion-deploy"), "us-east-1")) {
            var copied = deploy.copyObject(r -> r.sourceBucket(RELEASES)
                    .sourceKey("dist/app +1.zip")
                    .sourceVersionId(version)
                    .expectedSourceBucketOwner("111111111111")
                    .expectedBucketOwner("222222222222")
                    .checksumAlgorithm(ChecksumAlgorithm.SHA256)
                    .destinationBucket(STAGING)
                    .destinationKey("app.zip"));
            assertEquals(
                    Checksums.of("SHA256", "old".getBytes(StandardCharsets.UTF_8)),
                    copied.copyObjectResult().checksumSHA256());
            assertEquals(version, copied.copySourceVersionId());
            refused(
                    "PreconditionFailed",
                    () -> deploy.copyObject(r -> r.sourceBucket(RELEASES)
                            .sourceKey("dist/app +1.zip")
                            .destinationBucket(STAGING)
                            .destinationKey("app.zip")
                            .ifNoneMatch("*")));
        }
        try (S3Client deploy = clients.s3(clients.role("222222222222", "promotion-deploy"), "eu-west-1")) {
            refused(
                    "AccessDenied",
                    () -> deploy.putObject(r -> r.bucket(RELEASES).key("mine"), RequestBody.fromString("x")));
        }
        try (S3Client test = clients.s3(clients.role("222222222222", "promotion-test"), "eu-west-1")) {
            refused("AccessDenied", () -> test.getObject(r -> r.bucket(RELEASES).key("dist/app +1.zip")));
        }
        try (S3Client wrongRegion = clients.s3(Clients.base(), "us-east-1")) {
            refused("AuthorizationHeaderMalformed", () -> wrongRegion.listObjectsV2(r -> r.bucket(RELEASES)));
        }
    }

    @Test
    public void listingsHavePagesPrefixesAndDelimiters() {
        for (int i = 0; i < 25; i++) {
            put("p/" + (i % 5) + "/k &" + i, "x");
        }
        List<String> keys = new ArrayList<>();
        base.listObjectsV2Paginator(r -> r.bucket(RELEASES).prefix("p/").maxKeys(7))
                .contents()
                .forEach(object -> keys.add(object.key()));
        assertEquals(25, keys.size());
        assertTrue(keys.contains("p/4/k &24"));
        var grouped = base.listObjectsV2(r -> r.bucket(RELEASES).prefix("p/").delimiter("/"));
        assertEquals(5, grouped.commonPrefixes().size());
        assertFalse(grouped.isTruncated());
        List<String> versions = new ArrayList<>();
        base.listObjectVersionsPaginator(r -> r.bucket(RELEASES).maxKeys(4))
                .versions()
                .forEach(version -> versions.add(version.key()));
        assertEquals(25, versions.size());
    }

    @Test
    public void multipartUploadsHaveCompositeChecksums() {
        byte[] part = new byte[5 * 1024 * 1024];
        String id = base.createMultipartUpload(
                        r -> r.bucket(RELEASES).key("multi").checksumAlgorithm(ChecksumAlgorithm.SHA256))
                .uploadId();
        List<CompletedPart> parts = new ArrayList<>();
        for (int i = 1; i <= 2; i++) {
            int number = i;
            var uploaded = base.uploadPart(
                    r -> r.bucket(RELEASES)
                            .key("multi")
                            .uploadId(id)
                            .partNumber(number)
                            .checksumAlgorithm(ChecksumAlgorithm.SHA256),
                    RequestBody.fromBytes(part));
            parts.add(CompletedPart.builder()
                    .partNumber(i)
                    .eTag(uploaded.eTag())
                    .checksumSHA256(uploaded.checksumSHA256())
                    .build());
        }
        var done = base.completeMultipartUpload(
                r -> r.bucket(RELEASES).key("multi").uploadId(id).multipartUpload(m -> m.parts(parts)));
        assertTrue(done.checksumSHA256(), done.checksumSHA256().endsWith("-2"));
        assertEquals(
                2L * part.length,
                base.headObject(r -> r.bucket(RELEASES).key("multi"))
                        .contentLength()
                        .longValue());
        String other =
                base.createMultipartUpload(r -> r.bucket(RELEASES).key("gone")).uploadId();
        base.abortMultipartUpload(r -> r.bucket(RELEASES).key("gone").uploadId(other));
        refused(
                "NoSuchUpload",
                () -> base.uploadPart(
                        r -> r.bucket(RELEASES).key("gone").uploadId(other).partNumber(1),
                        RequestBody.fromString("x")));
    }

    @Test
    public void lockedVersionsStay() {
        try (S3Client admin = clients.s3(Clients.admin("111111111111"), "eu-west-1")) {
            admin.createBucket(r -> r.bucket("acme-audit")
                    .objectLockEnabledForBucket(true)
                    .createBucketConfiguration(c -> c.locationConstraint("eu-west-1")));
            Instant until = Instant.now().plusSeconds(3600).truncatedTo(ChronoUnit.SECONDS);
            String version = admin.putObject(
                            r -> r.bucket("acme-audit")
                                    .key("entry")
                                    .objectLockMode(ObjectLockMode.COMPLIANCE)
                                    .objectLockRetainUntilDate(until),
                            RequestBody.fromString("x"))
                    .versionId();
            assertEquals(
                    until,
                    admin.headObject(r -> r.bucket("acme-audit").key("entry")).objectLockRetainUntilDate());
            refused(
                    "AccessDenied",
                    () -> admin.deleteObject(r -> r.bucket("acme-audit")
                            .key("entry")
                            .versionId(version)
                            .bypassGovernanceRetention(true)));
            admin.deleteObject(r -> r.bucket("acme-audit").key("entry"));
            assertEquals(
                    "x",
                    admin.getObjectAsBytes(
                                    r -> r.bucket("acme-audit").key("entry").versionId(version))
                            .asUtf8String());
            refused(
                    "InvalidRequest",
                    () -> base.putObject(
                            r -> r.bucket(RELEASES)
                                    .key("entry")
                                    .objectLockMode(ObjectLockMode.COMPLIANCE)
                                    .objectLockRetainUntilDate(until),
                            RequestBody.fromString("x")));
        }
    }

    @Test
    public void manyObjectsAreDeletedAtOnce() {
        put("d1", "x");
        put("d2", "x");
        var deleted = base.deleteObjects(r -> r.bucket(RELEASES)
                .delete(d -> d.objects(
                        ObjectIdentifier.builder().key("d1").build(),
                        ObjectIdentifier.builder().key("d2").build())));
        assertEquals(2, deleted.deleted().size());
        assertEquals(0, base.listObjectsV2(r -> r.bucket(RELEASES)).keyCount().intValue());
    }

    @Test
    public void bucketsAreNamedOnceAndDeletedEmpty() {
        refused(
                "NoSuchBucket",
                () -> clients.s3(Clients.admin("111111111111"), "eu-west-1").listObjectsV2(r -> r.bucket("acme-none")));
        try (S3Client admin = clients.s3(Clients.admin("333333333333"), "us-west-2")) {
            refused(
                    "BucketAlreadyExists",
                    () -> admin.createBucket(
                            r -> r.bucket(RELEASES).createBucketConfiguration(c -> c.locationConstraint("us-west-2"))));
            admin.createBucket(
                    r -> r.bucket("acme-mine").createBucketConfiguration(c -> c.locationConstraint("us-west-2")));
            admin.putBucketVersioning(r -> r.bucket("acme-mine").versioningConfiguration(v -> v.status("Enabled")));
            assertEquals(
                    "Enabled",
                    admin.getBucketVersioning(r -> r.bucket("acme-mine")).statusAsString());
            admin.putObject(r -> r.bucket("acme-mine").key("k"), RequestBody.fromString("x"));
            admin.deleteObject(r -> r.bucket("acme-mine").key("k"));
            refused("BucketNotEmpty", () -> admin.deleteBucket(r -> r.bucket("acme-mine")));
            assertEquals(
                    "us-west-2",
                    admin.getBucketLocation(r -> r.bucket("acme-mine")).locationConstraintAsString());
        }
    }
}
