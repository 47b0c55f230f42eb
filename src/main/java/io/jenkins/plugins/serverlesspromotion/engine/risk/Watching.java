package io.jenkins.plugins.serverlesspromotion.engine.risk;

import java.util.List;
import java.util.Map;
import java.util.Set;

/** Alarms and logs that would no longer tell what happens. */
final class Watching {
    private static final String ALARM = "removedAlarm";
    private static final String LOGGING = "removedLogging";

    private static final Set<String> ALARMS =
            Set.of("AWS::CloudWatch::Alarm", "AWS::CloudWatch::CompositeAlarm", "AWS::CloudWatch::InsightRule");

    /** What is nothing but a log. */
    private static final Set<String> LOGS = Set.of(
            "AWS::CloudTrail::Trail",
            "AWS::Config::ConfigurationRecorder",
            "AWS::EC2::FlowLog",
            "AWS::GuardDuty::Detector",
            "AWS::Logs::LogGroup",
            "AWS::Logs::MetricFilter",
            "AWS::Logs::SubscriptionFilter",
            "AWS::WAFv2::LoggingConfiguration");

    /** Properties that make other resources write logs. */
    private static final Map<String, List<String>> WRITES = Map.ofEntries(
            Map.entry("AWS::S3::Bucket", List.of("LoggingConfiguration")),
            Map.entry("AWS::ApiGateway::Stage", List.of("AccessLogSetting")),
            Map.entry("AWS::ApiGatewayV2::Stage", List.of("AccessLogSettings")),
            Map.entry("AWS::Serverless::Api", List.of("AccessLogSetting")),
            Map.entry("AWS::Serverless::HttpApi", List.of("AccessLogSettings")),
            Map.entry("AWS::AppSync::GraphQLApi", List.of("LogConfig")),
            Map.entry("AWS::StepFunctions::StateMachine", List.of("LoggingConfiguration")),
            Map.entry("AWS::Serverless::StateMachine", List.of("Logging")),
            Map.entry("AWS::CloudFront::Distribution", List.of("DistributionConfig.Logging")),
            Map.entry("AWS::RDS::DBInstance", List.of("EnableCloudwatchLogsExports")),
            Map.entry("AWS::RDS::DBCluster", List.of("EnableCloudwatchLogsExports")),
            Map.entry("AWS::Redshift::Cluster", List.of("LoggingProperties")),
            Map.entry("AWS::EKS::Cluster", List.of("Logging")));

    /** Switches that turn a watcher off. */
    private static final Map<String, List<String>> SWITCHES = Map.of(
            "AWS::CloudWatch::Alarm", List.of("ActionsEnabled"),
            "AWS::CloudWatch::CompositeAlarm", List.of("ActionsEnabled"),
            "AWS::CloudTrail::Trail", List.of("IsLogging", "EnableLogFileValidation", "IsMultiRegionTrail"),
            "AWS::GuardDuty::Detector", List.of("Enable"));

    private final Side before;
    private final Side after;
    private final Risks risks;

    Watching(Side before, Side after, Risks risks) {
        this.before = before;
        this.after = after;
        this.risks = risks;
    }

    void find() {
        for (Side.Resource old : before.resources().values()) {
            Side.Resource now = after.resources().get(old.id());
            if (now == null || !now.type().equals(old.type())) {
                gone(old);
            } else {
                less(old, now);
            }
        }
    }

    private void gone(Side.Resource old) {
        String kind = ALARMS.contains(old.type()) ? ALARM : LOGS.contains(old.type()) ? LOGGING : null;
        if (kind == null || isElsewhere(old)) {
            return;
        }
        boolean kept = StatefulTypes.isKept(old.attribute("DeletionPolicy"));
        String what = old.type().equals("AWS::Logs::LogGroup")
                ? kept ? " leaves the stack; its deletion policy keeps what it holds" : " is deleted with what it holds"
                : " is removed";
        risks.add(kind, old.id(), old.named() + what, "Resources." + old.id(), old.type(), null);
    }

    /** The same thing under another logical id is a rename. */
    private boolean isElsewhere(Side.Resource old) {
        return after.resources().values().stream()
                .anyMatch(r -> r.type().equals(old.type())
                        && !before.resources().containsKey(r.id())
                        && substance(r).equals(substance(old)));
    }

    private static String substance(Side.Resource resource) {
        var properties = new java.util.LinkedHashMap<>(resource.properties());
        properties.keySet().removeAll(Set.of("AlarmName", "AlarmDescription", "FilterName", "Tags"));
        return Tree.key(properties);
    }

    private void less(Side.Resource old, Side.Resource now) {
        if (ALARMS.contains(old.type())) {
            int were = Tree.list(old.property("AlarmActions")).size();
            int are = Tree.list(now.property("AlarmActions")).size();
            if (were > 0 && are == 0) {
                risks.add(
                        ALARM,
                        now.id(),
                        now.named() + " no longer tells anybody",
                        now.path("AlarmActions"),
                        old.property("AlarmActions"),
                        now.property("AlarmActions"));
            }
        }
        for (String name : SWITCHES.getOrDefault(now.type(), List.of())) {
            Object was = old.property(name);
            Object is = now.property(name);
            boolean left = is == null && Tree.isTrue(was) && !name.equals("ActionsEnabled");
            if (Tree.isFalse(is) && !Tree.isFalse(was) || left) {
                String kind = ALARMS.contains(now.type()) ? ALARM : LOGGING;
                risks.add(kind, now.id(), now.named() + " is switched off in part or whole", now.path(name), was, is);
            }
        }
        for (String name : WRITES.getOrDefault(now.type(), List.of())) {
            String[] path = name.split("\\.");
            Object was = old.property(path);
            Object is = now.property(path);
            boolean off = Tree.texts(Tree.at(is, "Level")).contains("OFF")
                    && !Tree.texts(Tree.at(was, "Level")).contains("OFF");
            boolean fewer = is instanceof List<?> && !Tree.texts(is).containsAll(Tree.texts(was));
            if (was != null && (is == null || off || fewer)) {
                risks.add(LOGGING, now.id(), now.named() + " writes fewer logs", now.path(name), was, is);
            }
        }
        retention(old, now);
    }

    private void retention(Side.Resource old, Side.Resource now) {
        if (!now.type().equals("AWS::Logs::LogGroup")) {
            return;
        }
        // Without a number of days a log group keeps everything.
        long was = days(old.property("RetentionInDays"));
        long is = days(now.property("RetentionInDays"));
        if (is < was) {
            risks.add(
                    LOGGING,
                    now.id(),
                    now.named() + " keeps logs for less time, and deletes what is older",
                    now.path("RetentionInDays"),
                    old.property("RetentionInDays"),
                    now.property("RetentionInDays"));
        }
    }

    private static long days(Object node) {
        return Tree.texts(node).stream()
                .filter(t -> t.matches("[0-9]{1,6}"))
                .mapToLong(Long::parseLong)
                .min()
                .orElse(Long.MAX_VALUE);
    }
}
