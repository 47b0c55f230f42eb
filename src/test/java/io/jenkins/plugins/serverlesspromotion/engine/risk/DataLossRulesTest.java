package io.jenkins.plugins.serverlesspromotion.engine.risk;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.Test;

/** Which changes lose data, or make it easier to lose. */
public class DataLossRulesTest {
    private static final List<String> NONE = List.of();

    /** A condition that cannot be decided, and what a value is under it. */
    private static final String OPEN = "Parameters: { P: { Type: 'AWS::SSM::Parameter::Value<String>' } }\n"
            + "Conditions: { Open: !Equals [ !Ref P, x ] }\n";

    private static String table(String attributes, String properties) {
        return "T: { Type: AWS::DynamoDB::Table" + attributes + ", Properties: { " + properties + " } }";
    }

    private static String of(String type, String properties) {
        return "X: { Type: AWS::" + type + ", Properties: { " + properties + " } }";
    }

    private static Plan.Finding only(String before, String after) {
        List<Plan.Finding> found = Pairs.between(Pairs.template("", before), Pairs.template("", after));
        assertEquals(found.toString(), 1, found.size());
        return found.get(0);
    }

    private static List<String> undecided(String before, String after) {
        return Pairs.kinds(Pairs.between(Pairs.template(OPEN, before), Pairs.template(OPEN, after)));
    }

    @Test
    public void whatHoldsNoDataMayGo() {
        assertEquals(NONE, Pairs.of(of("SNS::Topic", "TopicName: a"), ""));
        assertEquals(NONE, Pairs.of(of("SNS::Topic", "TopicName: a"), of("SNS::Topic", "TopicName: b")));
        assertEquals(List.of("statefulDeletion X"), Pairs.of(of("SQS::Queue", "QueueName: a"), ""));
    }

    @Test
    public void aDatabaseLeavesWithASnapshotUnlessItIsOfACluster() {
        assertTrue(only(of("RDS::DBInstance", "Engine: x"), "").sentence().contains("its deletion policy keeps it"));
        assertTrue(only(of("RDS::DBCluster", "Engine: x"), "").sentence().contains("its deletion policy keeps it"));
        assertTrue(only(of("RDS::DBInstance", "DBClusterIdentifier: c"), "")
                .sentence()
                .contains("is deleted with what it holds"));
        String deleted = "X: { Type: AWS::RDS::DBInstance, DeletionPolicy: Delete }";
        assertTrue(only(deleted, "").sentence().contains("is deleted with what it holds"));
        String copies = "X: { Type: AWS::DocDB::DBCluster, DeletionPolicy: RetainExceptOnCreate }";
        assertTrue(only(copies, "").sentence().contains("its deletion policy keeps it"));
    }

    @Test
    public void deletedLogsAreAFindingOfTheirOwnKindOnly() {
        assertEquals(List.of("removedLogging X"), Pairs.of(of("Logs::LogGroup", "LogGroupName: a"), ""));
    }

    @Test
    public void aConditionThatCannotBeDecidedMayDelete() {
        String before = table("", "BillingMode: PAY_PER_REQUEST");
        String after = table(", Condition: Open", "BillingMode: PAY_PER_REQUEST");
        List<Plan.Finding> found = Pairs.between(Pairs.template(OPEN, before), Pairs.template(OPEN, after));
        assertEquals(List.of("statefulDeletion T"), Pairs.kinds(found));
        assertTrue(found.get(0).sentence(), found.get(0).sentence().contains("may be deleted"));
        assertEquals(
                new Plan.Evidence("Resources.T.Condition", null, "Open"),
                found.get(0).evidence().get(0));
        assertEquals("it was undecided before", NONE, undecided(after, after));
        assertEquals(NONE, undecided("", after));
        assertEquals(NONE, undecided(after, before));
    }

    @Test
    public void everyPropertyThatReplacesIsOneFindingWithItsPlace() {
        Plan.Finding found = only(
                table("", "TableName: a, KeySchema: [ a ], LocalSecondaryIndexes: [ a ]"),
                table("", "TableName: b, KeySchema: [ b ], BillingMode: PAY_PER_REQUEST"));
        var places = new TreeMap<String, String>();
        found.evidence().forEach(e -> places.put(e.path(), e.before() + " -> " + e.after()));
        assertEquals(
                Map.of(
                        "Resources.T.Properties.TableName", "a -> b",
                        "Resources.T.Properties.KeySchema", "[\"a\"] -> [\"b\"]",
                        "Resources.T.Properties.LocalSecondaryIndexes", "[\"a\"] -> null"),
                places);
    }

    @Test
    public void theOldOneIsKeptOnlyIfBothTemplatesSayThat() {
        String kept = ", UpdateReplacePolicy: Retain";
        String not = "what the old one holds is not moved";
        assertTrue(only(table(kept, "TableName: a"), table(kept, "TableName: b"))
                .sentence()
                .contains("keeps the old one beside it"));
        assertTrue(only(table("", "TableName: a"), table(kept, "TableName: b"))
                .sentence()
                .contains(not));
        List<Plan.Finding> both = Pairs.between(
                Pairs.template("", table(kept, "TableName: a")), Pairs.template("", table("", "TableName: b")));
        assertEquals(List.of("statefulReplacement T", "statefulUnprotected T"), Pairs.kinds(both));
        assertTrue(both.get(0).sentence().contains(not));
    }

    @Test
    public void anAttributeOfAnotherTypeReplacesATable_NotAnotherAttribute() {
        String one = "AttributeDefinitions: [ { AttributeName: a, AttributeType: S } ]";
        String number = "AttributeDefinitions: [ { AttributeName: a, AttributeType: N } ]";
        String two =
                "AttributeDefinitions: [ { AttributeName: b, AttributeType: N }, { AttributeName: a, AttributeType: S } ]";
        assertEquals(List.of("statefulReplacement T"), Pairs.of(table("", one), table("", number)));
        assertEquals(NONE, Pairs.of(table("", one), table("", two)));
        assertEquals(NONE, Pairs.of(table("", two), table("", one)));
        String global = "X: { Type: AWS::DynamoDB::GlobalTable, Properties: { %s } }";
        assertEquals(List.of("statefulReplacement X"), Pairs.of(global.formatted(one), global.formatted(number)));
        assertEquals(NONE, Pairs.of(of("SQS::Queue", one), of("SQS::Queue", number)));
    }

    @Test
    public void protectionIsFoundWhereItIsTakenAway() {
        String policies = ", DeletionPolicy: Retain, UpdateReplacePolicy: Retain";
        Plan.Finding found = only(table(policies, "DeletionProtectionEnabled: true"), table("", "BillingMode: x"));
        assertEquals("statefulUnprotected", found.kind());
        assertEquals(
                List.of(
                        new Plan.Evidence("Resources.T.DeletionPolicy", "Retain", null),
                        new Plan.Evidence("Resources.T.UpdateReplacePolicy", "Retain", null),
                        new Plan.Evidence("Resources.T.Properties.DeletionProtectionEnabled", "true", null)),
                found.evidence());
        assertEquals(NONE, Pairs.of(table("", "BillingMode: x"), table(policies, "DeletionProtectionEnabled: true")));
        assertEquals(
                NONE, Pairs.of(table(", DeletionPolicy: Retain", "A: a"), table(", DeletionPolicy: Snapshot", "A: a")));
        assertEquals(
                List.of("statefulUnprotected X"),
                Pairs.of(of("DSQL::Cluster", "DeletionProtectionEnabled: true"), of("DSQL::Cluster", "A: a")));
        assertEquals(
                List.of("statefulUnprotected X"),
                Pairs.of(of("EC2::Volume", "TerminationProtectionEnabled: true"), of("EC2::Volume", "A: a")));
    }

    @Test
    public void aDatabaseThatSaysNothingKeepsItsSnapshot() {
        String said = "X: { Type: AWS::RDS::DBInstance, DeletionPolicy: Snapshot }";
        assertEquals(NONE, Pairs.of(said, "X: { Type: AWS::RDS::DBInstance }"));
        assertEquals(
                List.of("statefulUnprotected X"),
                Pairs.of(
                        "X: { Type: AWS::RDS::DBInstance }",
                        "X: { Type: AWS::RDS::DBInstance, DeletionPolicy: Delete }"));
        assertEquals(
                "what is replaced is not kept by itself",
                List.of("statefulUnprotected X"),
                Pairs.of(
                        "X: { Type: AWS::RDS::DBInstance, UpdateReplacePolicy: Snapshot }",
                        "X: { Type: AWS::RDS::DBInstance }"));
    }

    @Test
    public void aLockThatAConditionMayTakeAwayIsTakenAway() {
        for (String now : List.of("!If [ Open, true, false ]", "!If [ Open, true, !Ref AWS::NoValue ]")) {
            assertEquals(
                    now,
                    List.of("statefulUnprotected T"),
                    undecided(
                            table("", "DeletionProtectionEnabled: true"),
                            table("", "DeletionProtectionEnabled: " + now)));
        }
        assertEquals(
                NONE,
                undecided(
                        table("", "DeletionProtectionEnabled: true"),
                        table("", "DeletionProtectionEnabled: !If [ Open, true, 'yes' ]")));
        assertEquals(
                List.of("statefulUnprotected X"),
                undecided(
                        of("Cognito::UserPool", "DeletionProtection: ACTIVE"),
                        of("Cognito::UserPool", "DeletionProtection: !If [ Open, ACTIVE, INACTIVE ]")));
    }

    @Test
    public void everySwitchOfBackupsIsFound() {
        Map<String, String> on = new TreeMap<>(Map.of(
                "Cassandra::Table", "PointInTimeRecoveryEnabled: true",
                "DynamoDB::Table", "PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true }",
                "EFS::FileSystem", "BackupPolicy: { Status: ENABLED }",
                "S3::Bucket", "VersioningConfiguration: { Status: Enabled }",
                "Serverless::SimpleTable", "PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true }",
                "Backup::BackupVault", "LockConfiguration: { MinRetentionDays: 1 }",
                "SQS::Queue", "RedrivePolicy: { maxReceiveCount: 3 }"));
        on.forEach((type, property) -> {
            assertEquals(type, List.of("statefulUnprotected X"), Pairs.of(of(type, property), of(type, "A: a")));
            assertEquals(type, NONE, Pairs.of(of(type, "A: a"), of(type, property)));
            assertEquals(type, NONE, Pairs.of(of(type, property), of(type, "A: a, " + property)));
        });
        for (String property : List.of("ObjectLockEnabled: true", "ReplicationConfiguration: { Role: r }")) {
            assertEquals(
                    property,
                    List.of("statefulUnprotected X"),
                    Pairs.of(of("S3::Bucket", property), of("S3::Bucket", "A: a")));
        }
        assertEquals(
                List.of("statefulUnprotected X"),
                undecided(
                        of("SQS::Queue", "RedrivePolicy: { maxReceiveCount: 3 }"),
                        of("SQS::Queue", "RedrivePolicy: !If [ Open, { maxReceiveCount: 3 }, !Ref AWS::NoValue ]")));
        assertEquals(
                List.of("statefulUnprotected X"),
                undecided(
                        of("S3::Bucket", "VersioningConfiguration: { Status: Enabled }"),
                        of("S3::Bucket", "VersioningConfiguration: { Status: !If [ Open, Enabled, Suspended ] }")));
    }

    @Test
    public void backupsThatAreKeptForLessTimeAreFound() {
        for (String type : List.of("DocDB::DBCluster", "Neptune::DBCluster", "RDS::DBCluster", "RDS::DBInstance")) {
            assertBackup(type, "BackupRetentionPeriod");
        }
        assertBackup("ElastiCache::ReplicationGroup", "SnapshotRetentionLimit");
        assertBackup("MemoryDB::Cluster", "SnapshotRetentionLimit");
        assertBackup("Redshift::Cluster", "AutomatedSnapshotRetentionPeriod");
        String rds = "RDS::DBInstance";
        assertEquals("a day is what RDS does", NONE, Pairs.of(of(rds, "BackupRetentionPeriod: 1"), of(rds, "A: a")));
        assertEquals(
                "it was a day",
                List.of("statefulUnprotected X"),
                Pairs.of(of(rds, "A: a"), of(rds, "BackupRetentionPeriod: 0")));
    }

    private static void assertBackup(String type, String property) {
        String seven = of(type, property + ": 7");
        Plan.Finding found = only(seven, of(type, property + ": 2"));
        assertEquals("statefulUnprotected", found.kind());
        assertEquals(
                new Plan.Evidence("Resources.X.Properties." + property, "7", "2"),
                found.evidence().get(0));
        assertEquals(type, List.of("statefulUnprotected X"), Pairs.of(seven, of(type, "A: a")));
        assertEquals(type, NONE, Pairs.of(seven, of(type, property + ": 7")));
        assertEquals(type, NONE, Pairs.of(seven, of(type, property + ": 8")));
    }

    @Test
    public void dataThatIsKeptForLessTimeIsDeleted() {
        List<String> found = List.of("statefulDeletion X");
        String stream = "Kinesis::Stream";
        assertEquals(found, Pairs.of(of(stream, "RetentionPeriodHours: 48"), of(stream, "RetentionPeriodHours: 47")));
        assertEquals(found, Pairs.of(of(stream, "RetentionPeriodHours: 25"), of(stream, "A: a")));
        assertEquals(NONE, Pairs.of(of(stream, "RetentionPeriodHours: 24"), of(stream, "A: a")));
        assertEquals(NONE, Pairs.of(of(stream, "A: a"), of(stream, "RetentionPeriodHours: 24")));
        String queue = "SQS::Queue";
        assertEquals(found, Pairs.of(of(queue, "A: a"), of(queue, "MessageRetentionPeriod: 345599")));
        assertEquals(NONE, Pairs.of(of(queue, "A: a"), of(queue, "MessageRetentionPeriod: 345600")));
        String archive = "Events::Archive";
        assertEquals("it kept everything", found, Pairs.of(of(archive, "A: a"), of(archive, "RetentionDays: 900")));
        assertEquals(
                "0 keeps everything",
                found,
                Pairs.of(of(archive, "RetentionDays: 0"), of(archive, "RetentionDays: 9")));
        assertEquals(NONE, Pairs.of(of(archive, "RetentionDays: 9"), of(archive, "RetentionDays: 0")));
        assertEquals(NONE, Pairs.of(of(archive, "RetentionDays: 9"), of(archive, "A: a")));
        String unknown = of(stream, "RetentionPeriodHours: !ImportValue hours");
        assertEquals("it may be less", found, Pairs.of(of(stream, "RetentionPeriodHours: 48"), unknown));
        assertEquals("it may have been more", found, Pairs.of(unknown, of(stream, "RetentionPeriodHours: 48")));
        assertEquals(NONE, Pairs.of(unknown, of(stream, "A: a, RetentionPeriodHours: !ImportValue hours")));
        assertEquals(
                "one of the two may be shorter",
                found,
                undecided(
                        of(stream, "RetentionPeriodHours: 48"),
                        of(stream, "RetentionPeriodHours: !If [ Open, 48, 30 ]")));
        assertEquals(
                found,
                undecided(
                        of(stream, "RetentionPeriodHours: 48"),
                        of(stream, "RetentionPeriodHours: !If [ Open, 48, !Ref AWS::NoValue ]")));
    }

    private static String rules(String... rules) {
        return of("S3::Bucket", "LifecycleConfiguration: { Rules: [ " + String.join(", ", rules) + " ] }");
    }

    @Test
    public void aLifecycleRuleIsFoundWhenItDeletesMoreOrEarlier() {
        List<String> found = List.of("statefulDeletion X");
        String year = "{ Status: Enabled, ExpirationInDays: 365 }";
        for (String member : List.of(
                "ExpirationInDays: 30",
                "ExpirationDate: '2030-01-01T00:00:00Z'",
                "NoncurrentVersionExpirationInDays: 30",
                "NoncurrentVersionExpiration: { NoncurrentDays: 30 }")) {
            String rule = "{ Status: Enabled, " + member + " }";
            assertEquals(member, found, Pairs.of(of("S3::Bucket", "A: a"), rules(rule)));
            assertEquals(member, NONE, Pairs.of(rules(rule), rules(rule)));
            assertEquals(member, NONE, Pairs.of(rules(rule), of("S3::Bucket", "A: a")));
        }
        assertEquals(found, Pairs.of(rules(year), rules("{ Status: Enabled, ExpirationInDays: 364 }")));
        assertEquals(NONE, Pairs.of(rules(year), rules("{ Id: x, Status: Enabled, ExpirationInDays: 366 }")));
        assertEquals(
                NONE,
                Pairs.of(
                        rules("{ Status: Disabled, ExpirationInDays: 1 }"),
                        rules(year, year).replace("Enabled", "Disabled")));
        assertEquals("it was off", found, Pairs.of(rules(year.replace("Enabled", "Disabled")), rules(year)));
        assertEquals(
                "dates are compared as they are",
                found,
                Pairs.of(
                        rules("{ Status: Enabled, ExpirationDate: '2030-01-01' }"),
                        rules("{ Status: Enabled, ExpirationDate: '2029-01-01' }")));
    }

    @Test
    public void aLifecycleRuleForOtherObjectsIsANewOne() {
        List<String> found = List.of("statefulDeletion X");
        String temporary = "{ Status: Enabled, Prefix: tmp/, ExpirationInDays: 1 }";
        String all = "{ Status: Enabled, ExpirationInDays: 1 }";
        assertEquals(found, Pairs.of(rules(temporary), rules(temporary.replace("tmp", "orders"))));
        assertEquals(found, Pairs.of(rules(temporary), rules(all)));
        assertEquals("all were deleted before", NONE, Pairs.of(rules(all), rules(temporary)));
        assertEquals(
                "an empty prefix is no limit",
                NONE,
                Pairs.of(rules(all.replace("{", "{ Prefix: '', ")), rules(temporary)));
        assertEquals(
                "moving objects is not deleting them",
                NONE,
                Pairs.of(
                        rules(temporary),
                        rules(
                                "{ Status: Enabled, Prefix: tmp/, ExpirationInDays: 1, Transitions: [ { TransitionInDays: 1 } ] }")));
    }

    @Test
    public void backupsOfWhatWasNotThereOrIsAnotherTypeAreNoNews() {
        assertEquals(NONE, Pairs.of("", of("Kinesis::Stream", "RetentionPeriodHours: 24")));
        assertEquals(NONE, Pairs.of("", rules("{ Status: Enabled, ExpirationInDays: 1 }")));
        assertEquals(
                List.of("statefulDeletion X"),
                Pairs.of(of("S3::Bucket", "VersioningConfiguration: { Status: Enabled }"), of("SQS::Queue", "A: a")));
    }
}
