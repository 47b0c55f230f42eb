package io.jenkins.plugins.serverlesspromotion.sandbox;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import org.w3c.dom.Element;

/** Object Lock: retention and legal hold of versions. Rules: S3 User Guide, "Locking objects with Object Lock". */
final class S3Lock {
    private S3Lock() {}

    /** Retention of a new version: from its headers, otherwise the bucket's default. */
    static void apply(Call call, Bucket bucket, Bucket.Version version) {
        String mode = call.header("x-amz-object-lock-mode");
        String until = call.header("x-amz-object-lock-retain-until-date");
        String hold = call.header("x-amz-object-lock-legal-hold");
        if ((mode == null) != (until == null)) {
            throw new AwsError(
                    400,
                    "InvalidArgument",
                    "x-amz-object-lock-retain-until-date and x-amz-object-lock-mode must both be supplied");
        }
        if ((mode != null || hold != null) && !bucket.objectLock) {
            throw new AwsError(400, "InvalidRequest", "Bucket is missing Object Lock Configuration");
        }
        if (mode != null) {
            S3Access.require(call.world(), call.principal, bucket, "s3:PutObjectRetention", version.key);
            retain(version, mode, until);
        } else if (bucket.defaultLockMode != null) {
            version.lockMode = bucket.defaultLockMode;
            version.retainUntil = version.modified
                    .plus(Duration.ofDays(bucket.defaultLockDays))
                    .truncatedTo(ChronoUnit.SECONDS);
        }
        version.legalHold = "ON".equals(hold);
    }

    private static void retain(Bucket.Version version, String mode, String until) {
        if (!mode.equals("COMPLIANCE") && !mode.equals("GOVERNANCE")) {
            throw new AwsError(400, "InvalidArgument", "Unknown wormMode directive.");
        }
        Instant date;
        try {
            date = Instant.parse(until);
        } catch (DateTimeParseException e) {
            throw new AwsError(400, "InvalidArgument", "The retain until date must be provided in ISO 8601 format");
        }
        if (!date.isAfter(Instant.now())) {
            throw new AwsError(400, "InvalidArgument", "The retain until date must be in the future!");
        }
        version.lockMode = mode;
        version.retainUntil = date.truncatedTo(ChronoUnit.SECONDS);
    }

    /** Refuses to remove a version that is retained. */
    static void checkDelete(Call call, Bucket bucket, Bucket.Version version) {
        if (!version.retained()) {
            return;
        }
        boolean bypass = "GOVERNANCE".equals(version.lockMode)
                && !version.legalHold
                && "true".equalsIgnoreCase(call.header("x-amz-bypass-governance-retention"))
                && S3Access.may(call.world(), call.principal, bucket, "s3:BypassGovernanceRetention", version.key);
        if (!bypass) {
            throw new AwsError(403, "AccessDenied", "Access Denied because object protected by object lock.");
        }
    }

    static Reply handle(Call call, Bucket bucket, String key) {
        S3Access.require(call.world(), call.principal, bucket, "s3:" + call.operation, key);
        String id = call.query.get("versionId");
        Bucket.Version version = id == null ? bucket.current(key) : bucket.version(key, id);
        if (version == null) {
            throw new AwsError(404, "NoSuchKey", "The specified key does not exist.");
        }
        if (!bucket.objectLock) {
            throw new AwsError(400, "InvalidRequest", "Bucket is missing Object Lock Configuration");
        }
        Xml xml = Xml.document();
        switch (call.operation) {
            case "GetObjectRetention" -> {
                if (version.lockMode == null) {
                    throw none();
                }
                xml.open("Retention", S3Service.NAMESPACE)
                        .text("Mode", version.lockMode)
                        .text("RetainUntilDate", version.retainUntil)
                        .close("Retention");
            }
            case "GetObjectLegalHold" ->
                xml.open("LegalHold", S3Service.NAMESPACE)
                        .text("Status", version.legalHold ? "ON" : "OFF")
                        .close("LegalHold");
            case "PutObjectLegalHold" -> {
                version.legalHold = "ON".equals(Xml.value(Xml.parse(call.body), "Status"));
                return changed(call, bucket, version);
            }
            default -> {
                return putRetention(call, bucket, version);
            }
        }
        return S3Buckets.xml(xml);
    }

    private static Reply putRetention(Call call, Bucket bucket, Bucket.Version version) {
        Element request = Xml.parse(call.body);
        Bucket.Version wanted = new Bucket.Version();
        retain(
                wanted,
                String.valueOf(Xml.value(request, "Mode")),
                String.valueOf(Xml.value(request, "RetainUntilDate")));
        boolean weaker = version.retained()
                && (wanted.retainUntil.isBefore(version.retainUntil)
                        || version.lockMode.equals("COMPLIANCE") && wanted.lockMode.equals("GOVERNANCE"));
        if (weaker) {
            checkDelete(call, bucket, version);
        }
        version.lockMode = wanted.lockMode;
        version.retainUntil = wanted.retainUntil;
        return changed(call, bucket, version);
    }

    private static Reply changed(Call call, Bucket bucket, Bucket.Version version) {
        call.world()
                .changed(
                        call.actor(),
                        bucket.account,
                        bucket.region,
                        "s3:object-lock",
                        bucket.name + "/" + version.key + "?versionId=" + version.id,
                        "retention",
                        version.lockMode + " " + version.retainUntil + " " + version.legalHold);
        return new Reply(200);
    }

    private static AwsError none() {
        return new AwsError(
                404, "NoSuchObjectLockConfiguration", "The specified object does not have a ObjectLock configuration");
    }
}
