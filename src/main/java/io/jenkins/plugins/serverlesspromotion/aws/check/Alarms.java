package io.jenkins.plugins.serverlesspromotion.aws.check;

import io.jenkins.plugins.serverlesspromotion.aws.context.TargetContext;
import io.jenkins.plugins.serverlesspromotion.aws.session.AwsSessions;
import io.jenkins.plugins.serverlesspromotion.engine.lane.GateContext;
import io.jenkins.plugins.serverlesspromotion.engine.release.Shown;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.AlarmHistoryItem;
import software.amazon.awssdk.services.cloudwatch.model.AlarmType;
import software.amazon.awssdk.services.cloudwatch.model.DescribeAlarmsResponse;
import software.amazon.awssdk.services.cloudwatch.model.HistoryItemType;
import software.amazon.awssdk.services.cloudwatch.model.ScanBy;
import software.amazon.awssdk.services.cloudwatch.model.StateValue;

/** Reads the CloudWatch alarms that guard a shift. Only ALARM counts: an alarm without data does not. */
public final class Alarms {
    private static final AlarmType[] KINDS = {AlarmType.METRIC_ALARM, AlarmType.COMPOSITE_ALARM};

    /** Limit of characters of a reason in messages. */
    private static final int LONGEST = 300;

    private final CloudWatchClient client;
    private final List<String> names;

    public Alarms(TargetContext job, AwsSessions.Purpose purpose, List<String> names) {
        this.client = names.isEmpty() ? null : job.session(purpose).cloudWatch(job.region());
        this.names = names;
    }

    public Alarms(CloudWatchClient client, List<String> names) {
        this.client = client;
        this.names = names;
    }

    /** The state of each alarm in {@code place}, for the alarm gate. */
    public List<GateContext.Alarm> read(String place) {
        var found = new HashMap<String, GateContext.Alarm>();
        var all = describe();
        all.metricAlarms()
                .forEach(a -> found.put(a.alarmName(), alarm(place, a.alarmName(), a.stateValue(), a.stateReason())));
        all.compositeAlarms()
                .forEach(a -> found.put(a.alarmName(), alarm(place, a.alarmName(), a.stateValue(), a.stateReason())));
        return names.stream()
                .map(name -> found.getOrDefault(
                        name, new GateContext.Alarm(place, name, GateContext.Alarm.State.MISSING, null)))
                .toList();
    }

    private static GateContext.Alarm alarm(String place, String name, StateValue state, String reason) {
        GateContext.Alarm.State known =
                switch (state) {
                    case OK -> GateContext.Alarm.State.OK;
                    case ALARM -> GateContext.Alarm.State.ALARM;
                    case INSUFFICIENT_DATA -> GateContext.Alarm.State.INSUFFICIENT_DATA;
                    default -> GateContext.Alarm.State.UNREADABLE;
                };
        String line =
                reason == null ? null : Shown.cut(reason.replaceAll("\\s+", " ").strip(), LONGEST);
        return new GateContext.Alarm(place, name, known, line);
    }

    /** Names of alarms that do not exist. */
    public List<String> missing() {
        var missing = new ArrayList<>(names);
        missing.removeAll(states().keySet());
        return missing;
    }

    /**
     * The first alarm that is in state ALARM now or does not exist, as a sentence; empty when none is. A deleted alarm
     * cannot go into ALARM, so its deletion would disable the guard.
     */
    public Optional<String> trouble() {
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

    /** The first alarm that went into ALARM since then, also when it has left that state again. */
    public Optional<String> wentOff(Instant since) {
        for (String name : names) {
            for (AlarmHistoryItem item : client.describeAlarmHistoryPaginator(r -> r.alarmName(name)
                            .alarmTypes(KINDS)
                            .historyItemType(HistoryItemType.STATE_UPDATE)
                            .startDate(since)
                            .scanBy(ScanBy.TIMESTAMP_ASCENDING))
                    .alarmHistoryItems()) {
                // "Alarm updated from OK to ALARM"; the data next to it is JSON of an undocumented form.
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
        var found = describe();
        found.metricAlarms().forEach(a -> states.put(a.alarmName(), a.stateValue()));
        found.compositeAlarms().forEach(a -> states.put(a.alarmName(), a.stateValue()));
        return states;
    }

    /** Without the types, AWS returns only metric alarms. */
    private DescribeAlarmsResponse describe() {
        return client.describeAlarms(r -> r.alarmNames(names).alarmTypes(KINDS).maxRecords(100));
    }
}
