package io.jenkins.plugins.serverlesspromotion.engine.risk;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Resources with content that cannot be built again, and the properties that make CloudFormation replace them ("Update
 * requires: Replacement" in the CloudFormation template reference). docs/reference/risk-findings.md contains the list.
 */
public final class StatefulTypes {
    private static final Map<String, Set<String>> REPLACED_BY = new TreeMap<>();

    static {
        put("AWS::ACMPCA::CertificateAuthority", "KeyAlgorithm", "SigningAlgorithm", "Subject", "Type");
        put("AWS::AmazonMQ::Broker", "BrokerName", "DeploymentMode", "EngineType", "StorageType", "SubnetIds");
        put("AWS::Backup::BackupVault", "BackupVaultName", "EncryptionKeyArn");
        put("AWS::Cassandra::Keyspace", "KeyspaceName");
        put("AWS::Cassandra::Table", "ClusteringKeyColumns", "KeyspaceName", "PartitionKeyColumns", "TableName");
        put("AWS::CodeArtifact::Repository", "DomainName", "DomainOwner", "RepositoryName");
        put("AWS::CodeCommit::Repository");
        put("AWS::Cognito::IdentityPool");
        put("AWS::Cognito::UserPool", "AliasAttributes", "UsernameAttributes", "UsernameConfiguration");
        put("AWS::DSQL::Cluster");
        put(
                "AWS::DocDB::DBCluster",
                "AvailabilityZones",
                "DBClusterIdentifier",
                "DBSubnetGroupName",
                "KmsKeyId",
                "MasterUsername",
                "SnapshotIdentifier",
                "StorageEncrypted");
        put("AWS::DocDBElastic::Cluster", "AdminUserName", "AuthType", "ClusterName", "KmsKeyId");
        put("AWS::DynamoDB::GlobalTable", "KeySchema", "LocalSecondaryIndexes", "TableName");
        put("AWS::DynamoDB::Table", "ImportSourceSpecification", "KeySchema", "LocalSecondaryIndexes", "TableName");
        put("AWS::EC2::Volume", "AvailabilityZone", "Encrypted", "KmsKeyId", "OutpostArn", "SnapshotId");
        put("AWS::ECR::Repository", "EncryptionConfiguration", "RepositoryName");
        put("AWS::EFS::FileSystem", "AvailabilityZoneName", "Encrypted", "KmsKeyId", "PerformanceMode");
        put(
                "AWS::ElastiCache::CacheCluster",
                "CacheSubnetGroupName",
                "ClusterName",
                "Port",
                "SnapshotArns",
                "SnapshotName");
        put(
                "AWS::ElastiCache::ReplicationGroup",
                "AtRestEncryptionEnabled",
                "CacheSubnetGroupName",
                "KmsKeyId",
                "Port",
                "ReplicationGroupId",
                "SnapshotArns",
                "SnapshotName");
        put(
                "AWS::ElastiCache::ServerlessCache",
                "KmsKeyId",
                "ServerlessCacheName",
                "SnapshotArnsToRestore",
                "SubnetIds");
        put("AWS::Elasticsearch::Domain", "DomainName");
        put("AWS::Events::Archive", "ArchiveName", "SourceArn");
        put(
                "AWS::FSx::FileSystem",
                "BackupId",
                "FileSystemType",
                "KmsKeyId",
                "SecurityGroupIds",
                "StorageType",
                "SubnetIds");
        put("AWS::Glue::Database", "CatalogId");
        put("AWS::Glue::Table", "CatalogId", "DatabaseName");
        put("AWS::KMS::Key", "KeySpec", "KeyUsage", "MultiRegion", "Origin");
        put("AWS::KMS::ReplicaKey", "PrimaryKeyArn");
        put("AWS::Kinesis::Stream", "Name");
        put("AWS::Logs::LogGroup", "LogGroupName");
        put("AWS::MSK::Cluster", "ClusterName");
        put(
                "AWS::MemoryDB::Cluster",
                "ClusterName",
                "DataTiering",
                "KmsKeyId",
                "Port",
                "SnapshotArns",
                "SnapshotName",
                "SubnetGroupName",
                "TLSEnabled");
        put(
                "AWS::Neptune::DBCluster",
                "AvailabilityZones",
                "DBClusterIdentifier",
                "DBSubnetGroupName",
                "KmsKeyId",
                "SnapshotIdentifier",
                "SourceDBClusterIdentifier",
                "StorageEncrypted");
        put("AWS::NeptuneGraph::Graph", "GraphName", "KmsKeyIdentifier", "ReplicaCount", "VectorSearchConfiguration");
        put("AWS::OpenSearchServerless::Collection", "Name", "Type");
        put("AWS::OpenSearchService::Domain", "DomainName");
        put("AWS::QLDB::Ledger", "Name");
        put(
                "AWS::RDS::DBCluster",
                "AvailabilityZones",
                "DBClusterIdentifier",
                "DBSubnetGroupName",
                "DatabaseName",
                "Engine",
                "EngineMode",
                "KmsKeyId",
                "MasterUsername",
                "SnapshotIdentifier",
                "SourceDBClusterIdentifier",
                "StorageEncrypted");
        put(
                "AWS::RDS::DBInstance",
                "AvailabilityZone",
                "CharacterSetName",
                "DBClusterIdentifier",
                "DBInstanceIdentifier",
                "DBName",
                "DBSnapshotIdentifier",
                "DBSubnetGroupName",
                "Engine",
                "KmsKeyId",
                "MasterUsername",
                "Port",
                "SourceDBInstanceIdentifier",
                "StorageEncrypted",
                "Timezone");
        put(
                "AWS::RDS::GlobalCluster",
                "Engine",
                "GlobalClusterIdentifier",
                "SourceDBClusterIdentifier",
                "StorageEncrypted");
        put(
                "AWS::Redshift::Cluster",
                "ClusterIdentifier",
                "ClusterSubnetGroupName",
                "DBName",
                "MasterUsername",
                "OwnerAccount",
                "SnapshotIdentifier");
        put("AWS::Route53::HostedZone", "Name");
        put("AWS::S3::Bucket", "BucketName");
        put("AWS::S3Express::DirectoryBucket", "BucketName", "DataRedundancy", "LocationName");
        put("AWS::S3Tables::TableBucket", "TableBucketName");
        put("AWS::SDB::Domain");
        put("AWS::SQS::Queue", "FifoQueue", "QueueName");
        put("AWS::SecretsManager::Secret", "Name");
        put("AWS::Serverless::SimpleTable", "PrimaryKey", "TableName");
        put("AWS::Timestream::Database", "DatabaseName");
        put("AWS::Timestream::Table", "DatabaseName", "TableName");
    }

    private StatefulTypes() {}

    private static void put(String type, String... properties) {
        REPLACED_BY.put(type, Set.of(properties));
    }

    public static boolean isStateful(String type) {
        return REPLACED_BY.containsKey(type);
    }

    /** Whether a table of this type is replaced when an attribute gets another type. */
    static boolean definesAttributes(String type) {
        return type.startsWith("AWS::DynamoDB::");
    }

    static Set<String> all() {
        return REPLACED_BY.keySet();
    }

    static Set<String> replacedBy(String type) {
        return REPLACED_BY.getOrDefault(type, Set.of());
    }

    /** Whether a DeletionPolicy or UpdateReplacePolicy keeps the content of the resource. */
    static boolean isKept(String policy) {
        return policy != null && (policy.startsWith("Retain") || policy.equals("Snapshot"));
    }
}
