package io.jenkins.plugins.serverlesspromotion.engine.risk;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;

/** Finds data that is copied to fewer places than before, or deleted earlier. */
final class Backups {
    /** Switches that keep earlier states or copies of the data, by type. */
    private static final Map<String, List<String>> SWITCHES = Map.ofEntries(
            Map.entry("AWS::Cassandra::Table", List.of("PointInTimeRecoveryEnabled")),
            Map.entry("AWS::DynamoDB::Table", List.of("PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled")),
            Map.entry("AWS::EFS::FileSystem", List.of("BackupPolicy.Status")),
            Map.entry("AWS::S3::Bucket", List.of("VersioningConfiguration.Status", "ObjectLockEnabled")),
            Map.entry(
                    "AWS::Serverless::SimpleTable",
                    List.of("PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled")));

    /** Properties that keep or copy the data whenever they are set, by type. */
    private static final Map<String, List<String>> PRESENT = Map.of(
            "AWS::Backup::BackupVault", List.of("LockConfiguration"),
            "AWS::S3::Bucket", List.of("ReplicationConfiguration"),
            "AWS::SQS::Queue", List.of("RedrivePolicy"));

    /**
     * A number of days, hours or seconds.
     *
     * @param otherwise the value when the property is not set; {@link Long#MAX_VALUE} for no limit
     */
    record Span(String property, long otherwise) {
        /**
         * Whether the number becomes smaller in some case. For unknown values the worst case counts: longest before,
         * shortest after.
         */
        boolean mayBeShorter(ResolvedTemplate.Resource old, ResolvedTemplate.Resource now) {
            Object was = old.property(property);
            Object is = now.property(property);
            return !TemplateQuery.key(was).equals(TemplateQuery.key(is))
                    && values(is, 0).min().orElse(otherwise)
                            < values(was, Long.MAX_VALUE).max().orElse(otherwise);
        }

        private LongStream values(Object node, long unknown) {
            LongStream written = TemplateQuery.texts(node).stream().mapToLong(text -> value(text, unknown));
            return TemplateQuery.mayBeNothing(node) ? LongStream.concat(written, LongStream.of(otherwise)) : written;
        }

        private long value(String text, long unknown) {
            if (!text.matches("[0-9]{1,9}")) {
                return unknown;
            }
            long number = Long.parseLong(text);
            // Where an unset property means no limit, 0 means no limit too.
            return number == 0 && otherwise == Long.MAX_VALUE ? otherwise : number;
        }
    }

    /** How long backups are kept, by type; 0 switches them off. */
    private static final Map<String, Span> BACKUPS = Map.of(
            "AWS::DocDB::DBCluster", new Span("BackupRetentionPeriod", 1),
            "AWS::ElastiCache::ReplicationGroup", new Span("SnapshotRetentionLimit", 0),
            "AWS::MemoryDB::Cluster", new Span("SnapshotRetentionLimit", 0),
            "AWS::Neptune::DBCluster", new Span("BackupRetentionPeriod", 1),
            "AWS::RDS::DBCluster", new Span("BackupRetentionPeriod", 1),
            "AWS::RDS::DBInstance", new Span("BackupRetentionPeriod", 1),
            "AWS::Redshift::Cluster", new Span("AutomatedSnapshotRetentionPeriod", 1));

    /** How long the data itself is kept, by type. */
    private static final Map<String, Span> KEPT = Map.of(
            "AWS::Events::Archive", new Span("RetentionDays", Long.MAX_VALUE),
            "AWS::Kinesis::Stream", new Span("RetentionPeriodHours", 24),
            "AWS::SQS::Queue", new Span("MessageRetentionPeriod", 345_600));

    /** Members of a lifecycle rule that delete objects or their earlier versions. */
    private static final List<String> EXPIRES = List.of(
            "ExpirationInDays",
            "ExpirationDate",
            "NoncurrentVersionExpirationInDays",
            "NoncurrentVersionExpiration.NoncurrentDays");

    /** Members of a lifecycle rule that do not select objects. */
    private static final Set<String> NOT_SCOPE = Set.of(
            "AbortIncompleteMultipartUpload",
            "ExpirationDate",
            "ExpirationInDays",
            "ExpiredObjectDeleteMarker",
            "Id",
            "NoncurrentVersionExpiration",
            "NoncurrentVersionExpirationInDays",
            "NoncurrentVersionTransition",
            "NoncurrentVersionTransitions",
            "Status",
            "Transition",
            "Transitions");

    private final ResolvedTemplate before;
    private final ResolvedTemplate after;
    private final Risks risks;

    Backups(ResolvedTemplate before, ResolvedTemplate after, Risks risks) {
        this.before = before;
        this.after = after;
        this.risks = risks;
    }

    void find() {
        for (ResolvedTemplate.Resource now : after.resources().values()) {
            ResolvedTemplate.Resource old = before.resources().get(now.id());
            if (old != null && old.type().equals(now.type())) {
                fewer(old, now);
                shorter(old, now);
                expiring(old, now);
            }
        }
    }

    private void fewer(ResolvedTemplate.Resource old, ResolvedTemplate.Resource now) {
        for (String property : SWITCHES.getOrDefault(now.type(), List.of())) {
            String[] path = property.split("\\.");
            if (isOn(old.property(path)) && !isSurelyOn(now.property(path))) {
                unprotected(old, now, property);
            }
        }
        for (String property : PRESENT.getOrDefault(now.type(), List.of())) {
            if (old.property(property) != null && TemplateQuery.mayBeNothing(now.property(property))) {
                unprotected(old, now, property);
            }
        }
    }

    private static boolean isOn(Object node) {
        return TemplateQuery.isTrue(node) || TemplateQuery.texts(node).stream().anyMatch("enabled"::equalsIgnoreCase);
    }

    private static boolean isSurelyOn(Object node) {
        return !TemplateQuery.mayBeNothing(node)
                && TemplateQuery.list(node).stream().allMatch(Backups::isOn);
    }

    private void shorter(ResolvedTemplate.Resource old, ResolvedTemplate.Resource now) {
        Span backup = BACKUPS.get(now.type());
        if (backup != null && backup.mayBeShorter(old, now)) {
            unprotected(old, now, backup.property());
        }
        Span kept = KEPT.get(now.type());
        if (kept != null && kept.mayBeShorter(old, now)) {
            deleted(old, now, kept.property(), " keeps data for less time, and deletes what is older");
        }
    }

    private void expiring(ResolvedTemplate.Resource old, ResolvedTemplate.Resource now) {
        if (!now.type().equals("AWS::S3::Bucket")) {
            return;
        }
        List<Map<String, Object>> were = active(old);
        for (Map<String, Object> rule : active(now)) {
            for (String member : EXPIRES) {
                Object when = TemplateQuery.at(rule, member.split("\\."));
                if (when != null && were.stream().noneMatch(w -> covers(w, rule, member))) {
                    deleted(old, now, "LifecycleConfiguration", " deletes objects, or deletes them earlier");
                }
            }
        }
    }

    private static List<Map<String, Object>> active(ResolvedTemplate.Resource bucket) {
        var active = new ArrayList<Map<String, Object>>();
        for (Map<String, Object> rule : TemplateQuery.maps(bucket.property("LifecycleConfiguration", "Rules"))) {
            if (!TemplateQuery.texts(rule.get("Status")).equals(List.of("Disabled"))) {
                active.add(rule);
            }
        }
        return active;
    }

    /** Whether {@code old} already deleted the same objects, or all objects, at the same time or earlier. */
    private static boolean covers(Map<String, Object> old, Map<String, Object> rule, String member) {
        Map<String, Object> scope = scope(old);
        if (!scope.isEmpty() && !TemplateQuery.key(scope).equals(TemplateQuery.key(scope(rule)))) {
            return false;
        }
        Object was = TemplateQuery.at(old, member.split("\\."));
        Object is = TemplateQuery.at(rule, member.split("\\."));
        if (was instanceof String then && is instanceof String when && (then + when).matches("[0-9]{1,9}")) {
            return Long.parseLong(then) <= Long.parseLong(when);
        }
        return TemplateQuery.key(was).equals(TemplateQuery.key(is));
    }

    private static Map<String, Object> scope(Map<String, Object> rule) {
        var scope = new LinkedHashMap<>(rule);
        scope.keySet().removeAll(NOT_SCOPE);
        scope.values().removeIf(""::equals);
        return scope;
    }

    private void unprotected(ResolvedTemplate.Resource old, ResolvedTemplate.Resource now, String property) {
        String[] path = property.split("\\.");
        risks.add(
                Risks.STATEFUL_UNPROTECTED,
                now.id(),
                now.named() + " keeps fewer earlier states or copies of its data",
                now.path(property),
                old.property(path),
                now.property(path));
    }

    private void deleted(
            ResolvedTemplate.Resource old, ResolvedTemplate.Resource now, String property, String sentence) {
        risks.add(
                Risks.STATEFUL_DELETION,
                now.id(),
                now.named() + sentence,
                now.path(property),
                old.property(property),
                now.property(property));
    }
}
