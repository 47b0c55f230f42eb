package io.jenkins.plugins.serverlesspromotion.cli;

import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry;
import io.jenkins.plugins.serverlesspromotion.engine.audit.JournalRecord;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Event;
import io.jenkins.plugins.serverlesspromotion.format.json.WireNames;
import io.jenkins.plugins.serverlesspromotion.view.Wording;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** Entries of the audit log as sentences. */
final class AuditView {
    private static final DateTimeFormatter SECOND =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss zzz", Locale.ENGLISH);

    private AuditView() {}

    /** One line for the entry, or one line for each event of a promotion. */
    static List<String> lines(JournalRecord record, ZoneId zone) {
        var lines = new ArrayList<String>();
        String head = String.format(
                Locale.ROOT,
                "%6d  %s  ",
                record.seq(),
                SECOND.format(record.at().atZone(zone)));
        for (String sentence : sentences(record.entry())) {
            lines.add((lines.isEmpty() ? head : " ".repeat(TextFormat.width(head))) + sentence);
        }
        return lines;
    }

    /** The entry for {@code --json}: its text for people, and the complete record of the journal. */
    static Map<String, Object> document(JournalRecord record) {
        var document = new LinkedHashMap<String, Object>();
        document.put("seq", record.seq());
        document.put("at", record.at());
        document.put("sentences", sentences(record.entry()));
        document.put("entry", record.entry());
        return document;
    }

    private static List<String> sentences(Entry entry) {
        if (entry instanceof Entry.LaneAdvanced e) {
            return e.events().stream().map(event -> sentence(e, event)).toList();
        } else if (entry instanceof Entry.StoreCreated e) {
            return List.of("journal " + e.store() + " begins (" + e.product() + ")");
        } else if (entry instanceof Entry.StoreRepaired e) {
            return List.of("repaired: " + e.finding());
        } else if (entry instanceof Entry.ReleasePublished e) {
            return List.of(
                    e.published().by() + " published " + e.published().ref().id() + " ("
                            + e.published().ref().digest() + ", "
                            + Wording.count(e.published().release().artifacts().size(), "artifact", "artifacts") + ")");
        } else if (entry instanceof Entry.ReleasePublishedAgain e) {
            return List.of(e.by() + " published " + e.release() + " again, the same bytes");
        } else if (entry instanceof Entry.EvidenceRecorded e) {
            return List.of(e.evidence().producer() + " recorded that " + e.evidence().kind() + " of "
                    + e.evidence().release() + " " + Wording.word(e.evidence().result())
                    + (e.evidence().detail() == null
                            ? ""
                            : ": " + e.evidence().detail()));
        } else if (entry instanceof Entry.PolicyApplied e) {
            return List.of(e.by() + " put policy " + e.digest() + " in force");
        } else if (entry instanceof Entry.Paused e) {
            return List.of(e.pause().by() + " paused " + e.pause().scope() + ": "
                    + e.pause().reason());
        } else if (entry instanceof Entry.Resumed e) {
            return List.of(e.by() + " resumed " + e.scope() + ": " + e.reason());
        }
        if (entry instanceof Entry.StackRecovered e) {
            String what = e.by() + (e.to() == null ? " orders " : " had ") + e.choice()
                    + (e.resources().isEmpty() ? "" : " " + String.join(", ", e.resources())) + " of stack " + e.stack()
                    + ", " + e.from();
            return List.of(e.to() == null ? what + ": " + e.reason() : what + ": " + e.detail());
        }
        if (entry instanceof Entry.DriftFound e) {
            var sentences = new ArrayList<String>();
            e.targets().forEach((key, differences) -> sentences.add(Marks.RISK + " " + key + " is not as " + e.release()
                    + " was promoted, found by " + e.by() + ": " + String.join("; ", differences)));
            return sentences;
        }
        if (entry instanceof Entry.DriftGone e) {
            return e.targets().stream()
                    .map(key -> key + " has drifted no longer, found by " + e.by())
                    .toList();
        }
        if (entry instanceof Entry.ConfigurationProposed e) {
            return Stream.concat(
                            Stream.of(e.by() + " proposed a change of the configuration, " + e.id()),
                            e.differences().stream().map(difference -> "  " + difference))
                    .toList();
        } else if (entry instanceof Entry.ConfigurationSettled e) {
            String outcome = WireNames.of(e.outcome()).toLowerCase(Locale.ROOT).replace('_', ' ');
            return List.of("change of the configuration " + e.proposal() + " " + outcome + ", " + e.by()
                    + (e.reason() == null ? "" : ": " + e.reason()));
        }
        if (entry instanceof Entry.OwnerDecided e) {
            return List.of(e.by() + " decided that " + e.resource() + " belongs to " + e.owner() + ": " + e.reason());
        }
        if (entry instanceof Entry.NoEchoFound e) {
            return List.of("read which parameters of " + e.release() + " have NoEcho: "
                    + (e.parameters().isEmpty() ? "none" : String.join(", ", e.parameters())));
        }
        var e = (Entry.Refused) entry;
        List<String> others = e.people().stream()
                .filter(id -> !e.who().equals("user:" + id))
                .toList();
        String people = others.isEmpty() ? "" : " (" + String.join(", ", others) + ")";
        return List.of(Marks.BAD + " refused to " + e.who() + people + ": " + e.what() + ", because " + e.why());
    }

    private static String sentence(Entry.LaneAdvanced entry, Event event) {
        String what = event.promotion() == null
                ? entry.lane().id().service() + " in " + entry.lane().id().environment()
                : event.promotion();
        return what + (event.actor() == null ? "" : ", " + event.actor()) + ": " + event.text();
    }
}
