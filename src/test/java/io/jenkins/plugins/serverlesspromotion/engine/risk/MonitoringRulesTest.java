package io.jenkins.plugins.serverlesspromotion.engine.risk;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import java.util.List;
import java.util.Map;
import org.junit.Test;

/** Alarms that reach fewer people, and logs that hold less. */
public class MonitoringRulesTest {
    private static final List<String> NONE = List.of();
    private static final List<String> ALARM = List.of("removedAlarm X");
    private static final List<String> LOGGING = List.of("removedLogging X");

    private static final String OPEN = "Parameters: { P: { Type: 'AWS::SSM::Parameter::Value<String>' } }\n"
            + "Conditions: { Open: !Equals [ !Ref P, x ] }\n";

    private static String of(String type, String properties) {
        return "X: { Type: AWS::" + type + ", Properties: { " + properties + " } }";
    }

    private static List<String> undecided(String before, String after) {
        return Pairs.kinds(Pairs.between(Pairs.template(OPEN, before), Pairs.template(OPEN, after)));
    }

    private static String sentence(String before, String after) {
        List<Plan.Finding> found = Pairs.between(Pairs.template("", before), Pairs.template("", after));
        assertEquals(found.toString(), 1, found.size());
        return found.get(0).sentence();
    }

    @Test
    public void whatWatchesAndIsRemoved() {
        for (String type : List.of("Alarm", "CompositeAlarm", "InsightRule")) {
            assertEquals(type, ALARM, Pairs.of(of("CloudWatch::" + type, "A: a"), ""));
            assertEquals(
                    "it turns into something else",
                    ALARM,
                    Pairs.of(of("CloudWatch::" + type, "A: a"), of("SNS::Topic", "A: a")));
        }
        for (String type : List.of(
                "CloudTrail::Trail",
                "Config::ConfigurationRecorder",
                "EC2::FlowLog",
                "GuardDuty::Detector",
                "Logs::LogGroup",
                "Logs::MetricFilter",
                "Logs::SubscriptionFilter",
                "WAFv2::LoggingConfiguration")) {
            assertEquals(type, LOGGING, Pairs.of(of(type, "A: a"), ""));
        }
        assertEquals(NONE, Pairs.of(of("CloudWatch::Dashboard", "A: a"), ""));
    }

    @Test
    public void aLogGroupThatIsKeptSaysSo() {
        String log = "X: { Type: AWS::Logs::LogGroup%s }";
        assertTrue(sentence(log.formatted(", DeletionPolicy: Retain"), "")
                .contains("its deletion policy keeps what it holds"));
        assertTrue(sentence(log.formatted(""), "").contains("is deleted with what it holds"));
        assertTrue(sentence(of("CloudTrail::Trail", "A: a"), "").endsWith("is removed"));
    }

    @Test
    public void anotherLogicalIdOrNameIsARename() {
        String alarm = of("CloudWatch::Alarm", "MetricName: m, AlarmName: n, AlarmDescription: d, Tags: [ ]");
        assertEquals(NONE, Pairs.of(alarm, alarm.replace("X:", "Y:").replace("AlarmName: n", "AlarmName: o")));
        assertEquals(
                "another metric",
                ALARM,
                Pairs.of(alarm, alarm.replace("X:", "Y:").replace("MetricName: m", "MetricName: o")));
        assertEquals(
                "there were two", ALARM, Pairs.of(alarm + ", " + alarm.replace("X:", "Y:"), alarm.replace("X:", "Y:")));
        assertEquals(
                "another type",
                ALARM,
                Pairs.of(
                        of("CloudWatch::Alarm", "A: a"),
                        of("CloudWatch::CompositeAlarm", "A: a").replace("X:", "Y:")));
    }

    @Test
    public void anAlarmThatTellsFewer() {
        String alarm = "CloudWatch::Alarm";
        String two = of(alarm, "AlarmActions: [ a, b ]");
        assertTrue(sentence(two, of(alarm, "AlarmActions: [ a ]")).contains("fewer than before"));
        assertTrue(sentence(two, of(alarm, "AlarmActions: [ ]")).contains("no longer tells anybody"));
        assertEquals(ALARM, Pairs.of(two, of(alarm, "A: a")));
        assertEquals(NONE, Pairs.of(two, of(alarm, "AlarmActions: [ c, d ]")));
        assertEquals(NONE, Pairs.of(of(alarm, "A: a"), of(alarm, "A: b")));
        assertEquals(ALARM, undecided(two, of(alarm, "AlarmActions: !If [ Open, [ a, b ], !Ref AWS::NoValue ]")));
        assertEquals(NONE, Pairs.of(of("Foo::Bar", "AlarmActions: [ a ]"), of("Foo::Bar", "A: a")));
    }

    @Test
    public void theSubscriptionOfATopicThatAlarmsUse() {
        String topic =
                "T: { Type: AWS::SNS::Topic }, Y: { Type: AWS::CloudWatch::%s, Properties: { AlarmActions: [ !Ref %s ] } }, ";
        String subscription = of("SNS::Subscription", "TopicArn: !Ref T, Endpoint: e");
        String used = topic.formatted("Alarm", "T");
        String all = used + subscription;
        assertEquals(ALARM, Pairs.of(all, used.substring(0, used.length() - 2)));
        String unused = topic.formatted("Alarm", "Beside");
        assertEquals(
                "alarms go elsewhere", NONE, Pairs.of(unused + subscription, unused.substring(0, unused.length() - 2)));
        String dashboard = topic.formatted("Dashboard", "T");
        assertEquals(
                "no alarm", NONE, Pairs.of(dashboard + subscription, dashboard.substring(0, dashboard.length() - 2)));
        assertEquals("under another id", NONE, Pairs.of(all, all.replace("X:", "Z:")));
        assertEquals("the alarm went too", List.of("removedAlarm Y"), Pairs.of(all, "T: { Type: AWS::SNS::Topic }"));
        String other = used + of("SNS::Foo", "TopicArn: !Ref T");
        assertEquals("no subscription", NONE, Pairs.of(other, used.substring(0, used.length() - 2)));
    }

    @Test
    public void switchesOfWatchers() {
        for (String type : List.of("CloudWatch::Alarm", "CloudWatch::CompositeAlarm")) {
            assertEquals(type, ALARM, Pairs.of(of(type, "A: a"), of(type, "ActionsEnabled: false")));
            assertEquals("it is on by itself", NONE, Pairs.of(of(type, "ActionsEnabled: true"), of(type, "A: a")));
            assertEquals(
                    type, NONE, Pairs.of(of(type, "ActionsEnabled: false"), of(type, "ActionsEnabled: false, A: a")));
        }
        for (String property : List.of("IsLogging", "EnableLogFileValidation", "IsMultiRegionTrail")) {
            assertSwitch("CloudTrail::Trail", property);
        }
        assertSwitch("GuardDuty::Detector", "Enable");
        assertTrue(sentence(of("GuardDuty::Detector", "Enable: true"), of("GuardDuty::Detector", "Enable: false"))
                .contains("is switched off in part or whole"));
    }

    private static void assertSwitch(String type, String property) {
        String on = of(type, property + ": true");
        assertEquals(property, LOGGING, Pairs.of(on, of(type, property + ": false")));
        assertEquals(property, LOGGING, Pairs.of(on, of(type, "A: a")));
        assertEquals(property, NONE, Pairs.of(on, on));
        assertEquals(property, NONE, Pairs.of(of(type, "A: a"), on));
        assertEquals(property, NONE, Pairs.of(of(type, property + ": false"), of(type, "A: a")));
        assertEquals(property, LOGGING, undecided(on, of(type, property + ": !If [ Open, true, !Ref AWS::NoValue ]")));
    }

    @Test
    public void propertiesThatMakeThingsWriteLogs() {
        Map.ofEntries(
                        Map.entry("S3::Bucket", "LoggingConfiguration"),
                        Map.entry("ApiGateway::Stage", "AccessLogSetting"),
                        Map.entry("ApiGatewayV2::Stage", "AccessLogSettings"),
                        Map.entry("Serverless::Api", "AccessLogSetting"),
                        Map.entry("Serverless::HttpApi", "AccessLogSettings"),
                        Map.entry("AppSync::GraphQLApi", "LogConfig"),
                        Map.entry("StepFunctions::StateMachine", "LoggingConfiguration"),
                        Map.entry("Serverless::StateMachine", "Logging"),
                        Map.entry("Redshift::Cluster", "LoggingProperties"),
                        Map.entry("EKS::Cluster", "Logging"),
                        Map.entry("AmazonMQ::Broker", "Logs"),
                        Map.entry("MSK::Cluster", "LoggingInfo"),
                        Map.entry("Elasticsearch::Domain", "LogPublishingOptions"),
                        Map.entry("OpenSearchService::Domain", "LogPublishingOptions"),
                        Map.entry("ElasticLoadBalancing::LoadBalancer", "AccessLoggingPolicy"))
                .forEach((type, property) -> {
                    String on = of(type, property + ": { Enabled: true, To: t }");
                    assertEquals(type, LOGGING, Pairs.of(on, of(type, "A: a")));
                    assertEquals(type, LOGGING, Pairs.of(on, of(type, property + ": { Enabled: false, To: t }")));
                    assertEquals(type, NONE, Pairs.of(on, of(type, property + ": { Enabled: true, To: u }")));
                    assertEquals(type, NONE, Pairs.of(of(type, "A: a"), on));
                    assertEquals(
                            type,
                            LOGGING,
                            undecided(on, of(type, property + ": !If [ Open, { Enabled: true }, !Ref AWS::NoValue ]")));
                });
        String distribution = "CloudFront::Distribution";
        assertEquals(
                LOGGING,
                Pairs.of(
                        of(distribution, "DistributionConfig: { Logging: { Bucket: b } }"),
                        of(distribution, "DistributionConfig: { A: a }")));
    }

    @Test
    public void levelsAndListsOfLogs() {
        String machine = "StepFunctions::StateMachine";
        String all = of(machine, "LoggingConfiguration: { Level: ALL }");
        String off = of(machine, "LoggingConfiguration: { Level: 'OFF' }");
        assertEquals(LOGGING, Pairs.of(all, off));
        assertEquals(NONE, Pairs.of(off, off.replace("{ Level", "{ A: a, Level")));
        assertEquals(NONE, Pairs.of(off, all));
        for (String type : List.of("RDS::DBInstance", "RDS::DBCluster")) {
            String two = of(type, "EnableCloudwatchLogsExports: [ audit, error ]");
            assertEquals(LOGGING, Pairs.of(two, of(type, "EnableCloudwatchLogsExports: [ audit ]")));
            assertEquals(NONE, Pairs.of(two, of(type, "EnableCloudwatchLogsExports: [ error, audit, slowquery ]")));
        }
        String types = "Logging: { ClusterLogging: { EnabledTypes: [ %s ] } }";
        assertEquals(
                LOGGING,
                Pairs.of(
                        of("EKS::Cluster", types.formatted("{ Type: api }, { Type: audit }")),
                        of("EKS::Cluster", types.formatted("{ Type: api }"))));
        String broker = "Logs: { General: %s, Audit: %s }";
        assertEquals(
                LOGGING,
                Pairs.of(
                        of("AmazonMQ::Broker", broker.formatted("true", "true")),
                        of("AmazonMQ::Broker", broker.formatted("true", "false"))));
        assertEquals(
                LOGGING,
                Pairs.of(
                        of("AmazonMQ::Broker", broker.formatted("true", "true")),
                        of("AmazonMQ::Broker", broker.formatted("false", "true"))));
    }

    @Test
    public void levelsOfMethods() {
        String settings =
                "MethodSettings: [ { HttpMethod: '*', ResourcePath: /%s, LoggingLevel: %s, CachingEnabled: %s } ]";
        for (String type : List.of("ApiGateway::Stage", "Serverless::Api")) {
            String info = of(type, settings.formatted("a", "INFO", "true"));
            assertEquals(LOGGING, Pairs.of(info, of(type, settings.formatted("a", "'OFF'", "true"))));
            assertEquals("another path", LOGGING, Pairs.of(info, of(type, settings.formatted("b", "INFO", "true"))));
            assertEquals(
                    "a cache is no log", NONE, Pairs.of(info, of(type, settings.formatted("a", "ERROR", "false"))));
            assertEquals(NONE, Pairs.of(of(type, settings.formatted("a", "'OFF'", "true")), info));
        }
    }

    @Test
    public void attributesOfLoadBalancers() {
        String type = "ElasticLoadBalancingV2::LoadBalancer";
        String attribute = "Scheme: internal, LoadBalancerAttributes: [ { Key: %s, Value: %s } ]";
        for (String key : List.of("access_logs.s3.enabled", "connection_logs.s3.enabled")) {
            String on = of(type, attribute.formatted(key, "'true'"));
            assertEquals(LOGGING, Pairs.of(on, of(type, attribute.formatted(key, "'false'"))));
            assertEquals(LOGGING, Pairs.of(on, of(type, "Scheme: internal")));
            assertEquals(NONE, Pairs.of(on, on));
        }
        assertEquals(
                NONE,
                Pairs.of(
                        of(type, attribute.formatted("routing.http2.enabled", "'true'")),
                        of(type, attribute.formatted("routing.http2.enabled", "'false'"))));
    }

    @Test
    public void logsThatAreKeptForLessTime() {
        String log = "Logs::LogGroup";
        assertEquals(LOGGING, Pairs.of(of(log, "RetentionInDays: 30"), of(log, "RetentionInDays: 29")));
        assertEquals("they were kept for ever", LOGGING, Pairs.of(of(log, "A: a"), of(log, "RetentionInDays: 3653")));
        assertEquals(NONE, Pairs.of(of(log, "RetentionInDays: 30"), of(log, "RetentionInDays: 30, A: a")));
        assertEquals(NONE, Pairs.of(of(log, "RetentionInDays: 30"), of(log, "A: a")));
        assertEquals(NONE, Pairs.of(of("Foo::Bar", "RetentionInDays: 30"), of("Foo::Bar", "RetentionInDays: 1")));
        assertEquals(
                LOGGING, undecided(of(log, "RetentionInDays: 30"), of(log, "RetentionInDays: !If [ Open, 30, 1 ]")));
        String unknown = of(log, "RetentionInDays: !ImportValue days");
        assertEquals("it may be less", LOGGING, Pairs.of(of(log, "RetentionInDays: 30"), unknown));
        assertEquals("it may have been more", LOGGING, Pairs.of(unknown, of(log, "RetentionInDays: 30")));
        assertEquals(NONE, Pairs.of(unknown, of(log, "RetentionInDays: !ImportValue days, A: a")));
    }
}
