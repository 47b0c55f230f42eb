package io.jenkins.plugins.serverlesspromotion.aws;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.AlarmHistoryItem;
import software.amazon.awssdk.services.cloudwatch.model.AlarmType;
import software.amazon.awssdk.services.cloudwatch.model.HistoryItemType;
import software.amazon.awssdk.services.cloudwatch.model.ScanBy;
import software.amazon.awssdk.services.cloudwatch.model.StateValue;

/** The CloudWatch alarms that a shift is watched by. Only ALARM counts: an alarm without data says nothing. */
final class Alarms {
    private static final AlarmType[] KINDS = {AlarmType.METRIC_ALARM, AlarmType.COMPOSITE_ALARM};

    private final CloudWatchClient client;
    private final List<String> names;

    Alarms(TargetWork job, AwsSessions.Purpose purpose, List<String> names) {
        this.client = names.isEmpty() ? null : job.session(purpose).cloudWatch(job.region());
        this.names = names;
    }

    /** Names of alarms that there are not. */
    List<String> missing() {
        var missing = new ArrayList<>(names);
        missing.removeAll(states().keySet());
        return missing;
    }

    /**
     * The first alarm that is in state ALARM now or does not exist, as a sentence; empty when none is. An alarm that is
     * gone cannot go off, so whoever deletes it would switch off the watch.
     */
    Optional<String> trouble() {
        Map<String, StateValue> states = states();
        for (String name : names) {
            StateValue state = states.get(name);
            if (state == null) {
                return Optional.of("alarm " + name + " does not exist");
            }
            if (state == StateValue.ALARM) {
                return Optional.of("alarm " + name + " is in state ALARM");
            }
        }
        return Optional.empty();
    }

    /** The first alarm that went into state ALARM since then, also when it has left it again and nobody was looking. */
    Optional<String> wentOff(Instant since) {
        for (String name : names) {
            for (AlarmHistoryItem item : client.describeAlarmHistoryPaginator(r -> r.alarmName(name)
                            .alarmTypes(KINDS)
                            .historyItemType(HistoryItemType.STATE_UPDATE)
                            .startDate(since)
                            .scanBy(ScanBy.TIMESTAMP_ASCENDING))
                    .alarmHistoryItems()) {
                // "Alarm updated from OK to ALARM"; the data beside it is JSON of no documented shape.
                if (item.historySummary() != null && item.historySummary().endsWith(" to ALARM")) {
                    return Optional.of("alarm " + name + " went into state ALARM at " + item.timestamp());
                }
            }
        }
        return Optional.empty();
    }

    private Map<String, StateValue> states() {
        var states = new HashMap<String, StateValue>();
        if (names.isEmpty()) {
            return states;
        }
        // Without the types, only metric alarms are answered.
        var found =
                client.describeAlarms(r -> r.alarmNames(names).alarmTypes(KINDS).maxRecords(100));
        found.metricAlarms().forEach(a -> states.put(a.alarmName(), a.stateValue()));
        found.compositeAlarms().forEach(a -> states.put(a.alarmName(), a.stateValue()));
        return states;
    }
}
