package io.jenkins.plugins.serverlesspromotion.format.json;

import io.jenkins.plugins.serverlesspromotion.engine.audit.JournalRecord;
import io.jenkins.plugins.serverlesspromotion.engine.lane.GateStatus;
import io.jenkins.plugins.serverlesspromotion.engine.port.Inspector;
import io.jenkins.plugins.serverlesspromotion.engine.port.Recoverer;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.DriftReading;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.LeftResource;

/**
 * Names in REST, {@code --json} and the controller's cache of drift. A name here changes only in an issue that announces it.
 * The other names of these documents are texts in {@code view.PromotionDocument} and its neighbour classes.
 */
final class DocumentNames {
    private DocumentNames() {}

    static void addTo(WireTable table) {
        table.constants(GateStatus.GateResult.class, c -> switch (c) {
                    case PASSED -> "PASSED";
                    case PENDING -> "PENDING";
                    case BLOCKED -> "BLOCKED";
                })
                .constants(Inspector.DriftResult.class, c -> switch (c) {
                    case SAME -> "SAME";
                    case DRIFTED -> "DRIFTED";
                    case UNKNOWN -> "UNKNOWN";
                })
                .constants(Recoverer.RecoveryAction.class, c -> switch (c) {
                    case CONTINUE_ROLLBACK -> "CONTINUE_ROLLBACK";
                    case SKIP_RESOURCES -> "SKIP_RESOURCES";
                    case ROLL_BACK -> "ROLL_BACK";
                    case DELETE -> "DELETE";
                    case DELETE_AND_RETAIN -> "DELETE_AND_RETAIN";
                })
                .record(Inspector.Inspected.class, "key verdict differences leftBehind?")
                .record(Recoverer.Diagnosis.class, "key stack arn state stuck why options")
                .record(Recoverer.Option.class, "choice meaning resources")
                .record(JournalRecord.class, "seq at entry")
                .record(DriftReadings.class, "v store readings")
                .record(DriftReading.class, "lane promotion release changes at by targets known leftBehind?")
                .record(LeftResource.class, "resource promotion? unread?")
                .record(DriftReading.Known.class, "key since differences");
    }
}
