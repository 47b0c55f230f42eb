package io.jenkins.plugins.serverlesspromotion.cli;

import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry;
import io.jenkins.plugins.serverlesspromotion.engine.audit.JournalRecord;
import io.jenkins.plugins.serverlesspromotion.view.AuditDocument;
import io.jenkins.plugins.serverlesspromotion.view.Wording;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Entries of the audit log as sentences. */
final class AuditView {
    private AuditView() {}

    /** One line for the entry, or one line for each event of a promotion. */
    static List<String> lines(JournalRecord record, ZoneId zone) {
        var lines = new ArrayList<String>();
        String head = String.format(
                Locale.ROOT,
                "%6d  %s  ",
                record.seq(),
                Wording.second(record.at(), zone));
        for (String sentence : AuditDocument.sentences(record.entry())) {
            lines.add((lines.isEmpty() ? head : " ".repeat(TextFormat.width(head))) + mark(record.entry()) + sentence);
        }
        return lines;
    }

    private static String mark(Entry entry) {
        if (entry instanceof Entry.Refused) {
            return Marks.BAD + " ";
        }
        return entry instanceof Entry.DriftFound ? Marks.RISK + " " : "";
    }
}
