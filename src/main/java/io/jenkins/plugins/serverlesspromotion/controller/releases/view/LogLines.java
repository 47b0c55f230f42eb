package io.jenkins.plugins.serverlesspromotion.controller.releases.view;

import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry;
import io.jenkins.plugins.serverlesspromotion.engine.audit.JournalRecord;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.RecordPage;
import io.jenkins.plugins.serverlesspromotion.format.json.JsonObject;
import io.jenkins.plugins.serverlesspromotion.view.Wording;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The log of one promotion, one line for each event.
 *
 * @param next where the lines after these begin; null: there are none
 */
public record LogLines(List<Line> lines, Long next) {
    /** @param who null for the engine itself */
    record Line(String ago, String at, String who, String text) {}

    public static LogLines of(String promotion, RecordPage page, Instant now) {
        var lines = new ArrayList<Line>();
        for (JournalRecord record : page.records()) {
            if (record.entry() instanceof Entry.LaneAdvanced advanced) {
                Words.Moment at = Words.moment(record.at(), now);
                advanced.events().stream()
                        .filter(e -> promotion.equals(e.promotion()))
                        .forEach(e -> lines.add(new Line(
                                at.relative(),
                                at.absolute(),
                                e.actor() == null ? null : Wording.who(e.actor()),
                                e.text())));
            }
        }
        return new LogLines(lines, page.next());
    }

    /** For the script of the page. */
    public JsonObject document() {
        return new JsonObject()
                .with(
                        "lines",
                        lines.stream()
                                .map(l -> new JsonObject()
                                        .with("ago", l.ago())
                                        .with("at", l.at())
                                        .with("who", l.who())
                                        .with("text", l.text()))
                                .toList())
                .with("next", next);
    }
}
