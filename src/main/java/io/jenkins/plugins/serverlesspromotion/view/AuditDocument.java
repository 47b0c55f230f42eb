package io.jenkins.plugins.serverlesspromotion.view;

import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry;
import io.jenkins.plugins.serverlesspromotion.engine.audit.JournalRecord;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Event;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.RecordPage;
import io.jenkins.plugins.serverlesspromotion.format.json.JsonObject;
import io.jenkins.plugins.serverlesspromotion.format.json.WireNames;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** The records of the audit log as REST, {@code --json} and the terminal have them. */
public final class AuditDocument {
    private AuditDocument() {}

    /** Some records, and the number of the next one where there is one. */
    public static JsonObject of(RecordPage page) {
        return new JsonObject()
                .with("entries", page.records().stream().map(AuditDocument::of).toList())
                .with("next", page.next());
    }

    /** One record: its sentences, and all of it as the journal has it. */
    private static JsonObject of(JournalRecord record) {
        return new JsonObject()
                .with("seq", record.seq())
                .with("at", record.at())
                .with("sentences", sentences(record.entry()))
                .with("entry", record.entry());
    }

    /** What an entry records, in words; several for a transition of a lane. */
    public static List<String> sentences(Entry entry) {
        if (entry instanceof Entry.LaneAdvanced e) {
            return e.events().stream().map(event -> sentence(e, event)).toList();
        } else if (entry instanceof Entry.StoreCreated e) {
            return List.of("journal " + e.store() + " begins (" + e.product() + ")");
        } else if (entry instanceof Entry.StoreRepaired e) {
            return List.of("repaired: " + e.finding());
        } else if (entry instanceof Entry.ReleasePublished e) {
            return List.of(Wording.who(e.published().by()) + " published "
                    + e.published().ref().id() + " ("
                    + e.published().ref().digest() + ", "
                    + Wording.count(e.published().release().artifacts().size(), "artifact", "artifacts") + ")");
        } else if (entry instanceof Entry.ReleasePublishedAgain e) {
            return List.of(Wording.who(e.by()) + " published " + e.release() + " again, the same bytes");
        } else if (entry instanceof Entry.EvidenceRecorded e) {
            return List.of(Wording.who(e.evidence().producer()) + " recorded that "
                    + e.evidence().kind() + " of "
                    + e.evidence().release() + " " + Wording.word(e.evidence().result())
                    + (e.evidence().detail() == null ? "" : ": " + e.evidence().detail()));
        } else if (entry instanceof Entry.PolicyApplied e) {
            return List.of(Wording.who(e.by()) + " put policy " + e.digest() + " in force");
        } else if (entry instanceof Entry.Paused e) {
            return List.of(Wording.who(e.pause().by()) + " paused " + e.pause().scope() + ": "
                    + e.pause().reason());
        } else if (entry instanceof Entry.Resumed e) {
            return List.of(Wording.who(e.by()) + " resumed " + e.scope() + ": " + e.reason());
        }
        if (entry instanceof Entry.StackRecovered e) {
            String what = Wording.who(e.by()) + (e.to() == null ? " orders " : " had ") + e.choice()
                    + (e.resources().isEmpty() ? "" : " " + String.join(", ", e.resources())) + " of stack " + e.stack()
                    + ", " + e.from();
            return List.of(e.to() == null ? what + ": " + e.reason() : what + ": " + e.detail());
        }
        if (entry instanceof Entry.DriftFound e) {
            var sentences = new ArrayList<String>();
            e.targets()
                    .forEach((key, differences) ->
                            sentences.add(key + " is not as " + e.release() + " was promoted, found by "
                                    + Wording.who(e.by()) + ": " + String.join("; ", differences)));
            return sentences;
        }
        if (entry instanceof Entry.DriftGone e) {
            return e.targets().stream()
                    .map(key -> key + " has drifted no longer, found by " + Wording.who(e.by()))
                    .toList();
        }
        if (entry instanceof Entry.ConfigurationProposed e) {
            return Stream.concat(
                            Stream.of(Wording.who(e.by()) + " proposed a change of the configuration, " + e.id()),
                            e.differences().stream().map(difference -> "  " + difference))
                    .toList();
        } else if (entry instanceof Entry.ConfigurationSettled e) {
            String outcome = WireNames.of(e.outcome()).toLowerCase(Locale.ROOT).replace('_', ' ');
            return List.of("change of the configuration " + e.proposal() + " " + outcome + ", " + Wording.who(e.by())
                    + (e.reason() == null ? "" : ": " + e.reason()));
        }
        if (entry instanceof Entry.OwnerDecided e) {
            return List.of(Wording.who(e.by()) + " decided that " + e.resource() + " belongs to " + e.owner() + ": "
                    + e.reason());
        }
        if (entry instanceof Entry.NoEchoFound e) {
            return List.of("read which parameters of " + e.release() + " have NoEcho: "
                    + (e.parameters().isEmpty() ? "none" : String.join(", ", e.parameters())));
        }
        if (!(entry instanceof Entry.Refused e)) {
            throw new IllegalArgumentException("an entry without a sentence: " + entry.getClass());
        }
        List<String> others =
                e.people().stream().filter(id -> !e.who().equals("user:" + id)).toList();
        String people = others.isEmpty() ? "" : " (" + String.join(", ", others) + ")";
        return List.of("refused to " + Wording.who(e.who()) + people + ": " + e.what() + ", because " + e.why());
    }

    private static String sentence(Entry.LaneAdvanced entry, Event event) {
        String what = event.promotion() == null
                ? entry.lane().id().service() + " in " + entry.lane().id().environment()
                : event.promotion();
        return what + (event.actor() == null ? "" : ", " + Wording.who(event.actor())) + ": " + event.text();
    }
}
