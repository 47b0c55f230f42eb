package io.jenkins.plugins.serverlesspromotion.aws;

import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import software.amazon.awssdk.services.cloudformation.model.Change;
import software.amazon.awssdk.services.cloudformation.model.ResourceChange;

/** What an approver must see first, as far as a change set tells it. */
final class Findings {
    /** Resources that hold what nobody can build again. */
    private static final Set<String> STATEFUL = Set.of(
            "AWS::Backup::BackupVault",
            "AWS::Cassandra::Table",
            "AWS::Cognito::UserPool",
            "AWS::DocDB::DBCluster",
            "AWS::DynamoDB::GlobalTable",
            "AWS::DynamoDB::Table",
            "AWS::EC2::Volume",
            "AWS::ECR::Repository",
            "AWS::EFS::FileSystem",
            "AWS::ElastiCache::CacheCluster",
            "AWS::ElastiCache::ReplicationGroup",
            "AWS::ElastiCache::ServerlessCache",
            "AWS::Elasticsearch::Domain",
            "AWS::FSx::FileSystem",
            "AWS::Glue::Table",
            "AWS::KMS::Key",
            "AWS::Kinesis::Stream",
            "AWS::Logs::LogGroup",
            "AWS::MSK::Cluster",
            "AWS::MemoryDB::Cluster",
            "AWS::Neptune::DBCluster",
            "AWS::OpenSearchServerless::Collection",
            "AWS::OpenSearchService::Domain",
            "AWS::RDS::DBCluster",
            "AWS::RDS::DBInstance",
            "AWS::RDS::GlobalCluster",
            "AWS::Redshift::Cluster",
            "AWS::S3::Bucket",
            "AWS::S3Express::DirectoryBucket",
            "AWS::SQS::Queue",
            "AWS::SecretsManager::Secret",
            "AWS::Timestream::Table");

    private Findings() {}

    /** @param opaque transforms whose result cannot be foreseen */
    static List<Plan.Finding> of(List<Change> changes, List<String> opaque) {
        var found = new ArrayList<Plan.Finding>();
        for (Change change : changes) {
            if (change.resourceChange() != null) {
                add(change.resourceChange(), found);
            }
        }
        for (String transform : opaque) {
            found.add(new Plan.Finding(
                    "notAnalysable",
                    transform,
                    "the template is rewritten by " + transform
                            + ", so what is deployed is decided outside the release"));
        }
        found.sort((a, b) -> (a.kind() + " " + a.subject()).compareTo(b.kind() + " " + b.subject()));
        return found.stream().distinct().toList();
    }

    /** Deletions and replacements after which data is gone; what a deletion policy keeps is not. */
    static List<String> losses(List<Change> changes) {
        return changes.stream()
                .map(Change::resourceChange)
                .filter(r -> r != null && STATEFUL.contains(r.resourceType()) && !isKept(r))
                .filter(r -> r.actionAsString().equals("Remove") || isReplaced(r))
                .map(r -> r.logicalResourceId() + " (" + r.resourceType() + ")")
                .sorted()
                .toList();
    }

    private static void add(ResourceChange change, List<Plan.Finding> found) {
        String subject = change.logicalResourceId();
        String type = change.resourceType();
        String named = subject + " (" + type + ")";
        boolean removed = "Remove".equals(change.actionAsString());
        if (STATEFUL.contains(type) && removed) {
            found.add(new Plan.Finding(
                    "statefulDeletion",
                    subject,
                    named
                            + (isKept(change)
                                    ? " leaves the stack; its deletion policy keeps it"
                                    : " is deleted with what it holds")));
        }
        if (STATEFUL.contains(type) && isReplaced(change)) {
            String when = "Conditional".equals(change.replacementAsString()) ? " may be" : " is";
            found.add(new Plan.Finding(
                    "statefulReplacement",
                    subject,
                    named + when + " made anew, and what the old one holds is not moved"));
        }
        if (isAccess(type) || touchesRole(change)) {
            found.add(new Plan.Finding("iamChange", subject, named + " changes who may do what"));
        }
        if (removed && (type.equals("AWS::CloudWatch::Alarm") || type.equals("AWS::CloudWatch::CompositeAlarm"))) {
            found.add(new Plan.Finding("removedAlarm", subject, named + " is removed"));
        }
        if (isOpaque(change)) {
            found.add(new Plan.Finding("notAnalysable", subject, named + " decides itself what it does"));
        }
    }

    private static boolean isReplaced(ResourceChange change) {
        return "True".equals(change.replacementAsString()) || "Conditional".equals(change.replacementAsString());
    }

    private static boolean isKept(ResourceChange change) {
        String policy = String.valueOf(change.policyActionAsString());
        return policy.contains("Retain") || policy.contains("Snapshot");
    }

    private static boolean isAccess(String type) {
        return type.startsWith("AWS::IAM::")
                || type.equals("AWS::Lambda::Permission")
                || type.equals("AWS::Lambda::LayerVersionPermission")
                || (type.startsWith("AWS::") && type.endsWith("Policy") && !type.contains("Scaling"));
    }

    private static boolean touchesRole(ResourceChange change) {
        return change.details().stream()
                .anyMatch(d -> d.target() != null
                        && ("Role".equals(d.target().name())
                                || String.valueOf(d.target().name()).equals("KeyPolicy")));
    }

    private static boolean isOpaque(ResourceChange change) {
        String type = change.resourceType();
        return type.startsWith("Custom::")
                || type.equals("AWS::CloudFormation::CustomResource")
                || type.equals("AWS::CloudFormation::Stack")
                || type.equals("AWS::CloudFormation::Macro")
                || "Dynamic".equals(change.actionAsString());
    }
}
