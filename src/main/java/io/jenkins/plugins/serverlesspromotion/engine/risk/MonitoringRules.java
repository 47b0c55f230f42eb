package io.jenkins.plugins.serverlesspromotion.engine.risk;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Finds alarms and logs that would no longer report what happens. */
final class MonitoringRules {

    private static final Set<String> ALARMS =
            Set.of("AWS::CloudWatch::Alarm", "AWS::CloudWatch::CompositeAlarm", "AWS::CloudWatch::InsightRule");

    /** Types that only hold logs. */
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
            Map.entry("AWS::AmazonMQ::Broker", List.of("Logs")),
            Map.entry("AWS::ApiGateway::Stage", List.of("AccessLogSetting", "MethodSettings")),
            Map.entry("AWS::ApiGatewayV2::Stage", List.of("AccessLogSettings")),
            Map.entry("AWS::ElasticLoadBalancing::LoadBalancer", List.of("AccessLoggingPolicy")),
            Map.entry("AWS::ElasticLoadBalancingV2::LoadBalancer", List.of("LoadBalancerAttributes")),
            Map.entry("AWS::Elasticsearch::Domain", List.of("LogPublishingOptions")),
            Map.entry("AWS::MSK::Cluster", List.of("LoggingInfo")),
            Map.entry("AWS::OpenSearchService::Domain", List.of("LogPublishingOptions")),
            Map.entry("AWS::Serverless::Api", List.of("AccessLogSetting", "MethodSettings")),
            Map.entry("AWS::Serverless::HttpApi", List.of("AccessLogSettings")),
            Map.entry("AWS::AppSync::GraphQLApi", List.of("LogConfig")),
            Map.entry("AWS::StepFunctions::StateMachine", List.of("LoggingConfiguration")),
            Map.entry("AWS::Serverless::StateMachine", List.of("Logging")),
            Map.entry("AWS::CloudFront::Distribution", List.of("DistributionConfig.Logging")),
            Map.entry("AWS::RDS::DBInstance", List.of("EnableCloudwatchLogsExports")),
            Map.entry("AWS::RDS::DBCluster", List.of("EnableCloudwatchLogsExports")),
            Map.entry("AWS::Redshift::Cluster", List.of("LoggingProperties")),
            Map.entry("AWS::EKS::Cluster", List.of("Logging")));

    /** Settings that turn an alarm or log off. */
    private static final Map<String, List<String>> SWITCHES = Map.of(
            "AWS::CloudWatch::Alarm", List.of("ActionsEnabled"),
            "AWS::CloudWatch::CompositeAlarm", List.of("ActionsEnabled"),
            "AWS::CloudTrail::Trail", List.of("IsLogging", "EnableLogFileValidation", "IsMultiRegionTrail"),
            "AWS::GuardDuty::Detector", List.of("Enable"));

    /** Settings inside these properties that make resources write more logs. */
    private static final Pattern ON =
            Pattern.compile("\\.(Audit|DataTraceEnabled|Enabled|General|IncludeExecutionData)$");

    private final ResolvedTemplate before;
    private final ResolvedTemplate after;
    private final Risks risks;

    MonitoringRules(ResolvedTemplate before, ResolvedTemplate after, Risks risks) {
        this.before = before;
        this.after = after;
        this.risks = risks;
    }

    void find() {
        for (ResolvedTemplate.Resource old : before.resources().values()) {
            ResolvedTemplate.Resource now = after.resources().get(old.id());
            if (now == null || !now.type().equals(old.type())) {
                gone(old);
            } else {
                less(old, now);
            }
        }
    }

    private void gone(ResolvedTemplate.Resource old) {
        boolean alarm = ALARMS.contains(old.type()) || isOfAlarms(old);
        String kind = alarm ? Risks.REMOVED_ALARM : LOGS.contains(old.type()) ? Risks.REMOVED_LOGGING : null;
        if (kind == null || isElsewhere(old)) {
            return;
        }
        boolean kept = StatefulTypes.isKept(old.attribute("DeletionPolicy"));
        String what = old.type().equals("AWS::Logs::LogGroup")
                ? kept ? " leaves the stack; its deletion policy keeps what it holds" : " is deleted with what it holds"
                : " is removed";
        risks.add(kind, old.id(), old.named() + what, "Resources." + old.id(), old.type(), null);
    }

    /** Whether it notifies people of an alarm that stays. */
    private boolean isOfAlarms(ResolvedTemplate.Resource old) {
        return old.type().equals("AWS::SNS::Subscription")
                && after.resources().values().stream()
                        .filter(r -> ALARMS.contains(r.type()))
                        .anyMatch(r -> TemplateQuery.texts(r.property("AlarmActions")).stream()
                                .anyMatch(TemplateQuery.texts(old.property("TopicArn"))::contains));
    }

    /** The same resource under another logical id is a rename. */
    private boolean isElsewhere(ResolvedTemplate.Resource old) {
        return after.resources().values().stream()
                .anyMatch(r -> r.type().equals(old.type())
                        && !before.resources().containsKey(r.id())
                        && substance(r).equals(substance(old)));
    }

    private static String substance(ResolvedTemplate.Resource resource) {
        var properties = new java.util.LinkedHashMap<>(resource.properties());
        properties.keySet().removeAll(Set.of("AlarmName", "AlarmDescription", "FilterName", "Tags"));
        return TemplateQuery.key(properties);
    }

    private void less(ResolvedTemplate.Resource old, ResolvedTemplate.Resource now) {
        if (ALARMS.contains(old.type())) {
            int were = TemplateQuery.list(old.property("AlarmActions")).size();
            int are = TemplateQuery.mayBeNothing(now.property("AlarmActions"))
                    ? 0
                    : TemplateQuery.list(now.property("AlarmActions")).size();
            if (are < were) {
                risks.add(
                        Risks.REMOVED_ALARM,
                        now.id(),
                        now.named() + (are == 0 ? " no longer tells anybody" : " tells fewer than before"),
                        now.path("AlarmActions"),
                        old.property("AlarmActions"),
                        now.property("AlarmActions"));
            }
        }
        for (String name : SWITCHES.getOrDefault(now.type(), List.of())) {
            Object was = old.property(name);
            Object is = now.property(name);
            boolean left =
                    TemplateQuery.mayBeNothing(is) && TemplateQuery.isTrue(was) && !name.equals("ActionsEnabled");
            if (TemplateQuery.isFalse(is) && !TemplateQuery.isFalse(was) || left) {
                String kind = ALARMS.contains(now.type()) ? Risks.REMOVED_ALARM : Risks.REMOVED_LOGGING;
                risks.add(kind, now.id(), now.named() + " is switched off in part or whole", now.path(name), was, is);
            }
        }
        for (String name : WRITES.getOrDefault(now.type(), List.of())) {
            String[] path = name.split("\\.");
            Object was = old.property(path);
            Object is = now.property(path);
            // OFF without quotes is a boolean of YAML 1.1.
            boolean off = TemplateQuery.isFalse(TemplateQuery.at(is, "Level"))
                    && !TemplateQuery.isFalse(TemplateQuery.at(was, "Level"));
            boolean fewer = is instanceof List<?> && !TemplateQuery.texts(is).containsAll(TemplateQuery.texts(was));
            fewer |= !on("", is).containsAll(on("", was));
            if (was != null && (TemplateQuery.mayBeNothing(is) || off || fewer)) {
                risks.add(Risks.REMOVED_LOGGING, now.id(), now.named() + " writes fewer logs", now.path(name), was, is);
            }
        }
        retention(old, now);
    }

    /** What a node enables in every case: paths of its settings, levels of its methods, types of its logs. */
    private static Set<String> on(String path, Object node) {
        var found = new TreeSet<String>();
        if (node instanceof List<?> list) {
            list.forEach(item -> found.addAll(on(path, item)));
            return found;
        }
        if (ON.matcher(path).find() && TemplateQuery.isSurelyTrue(node)) {
            found.add(path);
        }
        Map<String, Object> map = TemplateQuery.map(node);
        map.forEach((name, member) -> found.addAll(on(path + "." + name, member)));
        String key = String.valueOf(TemplateQuery.shown(map.get("Key")));
        if (key.contains("logs") && TemplateQuery.isSurelyTrue(map.get("Value"))) {
            found.add(key);
        }
        if (path.endsWith(".EnabledTypes")) {
            found.add(TemplateQuery.key(map.get("Type")));
        }
        Object level = map.get("LoggingLevel");
        if (!TemplateQuery.texts(level).isEmpty() && !TemplateQuery.isFalse(level)) {
            found.add(TemplateQuery.shown(map.get("ResourcePath")) + " " + TemplateQuery.shown(map.get("HttpMethod")));
        }
        return found;
    }

    private void retention(ResolvedTemplate.Resource old, ResolvedTemplate.Resource now) {
        if (!now.type().equals("AWS::Logs::LogGroup")) {
            return;
        }
        // Without a number of days, a log group keeps everything.
        if (new Backups.Span("RetentionInDays", Long.MAX_VALUE).mayBeShorter(old, now)) {
            risks.add(
                    Risks.REMOVED_LOGGING,
                    now.id(),
                    now.named() + " keeps logs for less time, and deletes what is older",
                    now.path("RetentionInDays"),
                    old.property("RetentionInDays"),
                    now.property("RetentionInDays"));
        }
    }
}
