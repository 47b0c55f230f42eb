package io.jenkins.plugins.serverlesspromotion.controller.matrix;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.serverlesspromotion.engine.audit.JournalRecord;
import io.jenkins.plugins.serverlesspromotion.format.json.Json;

/**
 * One record of the journal, as the rows of {@code permission-matrix.txt} name it. Read from its JSON, whose names never
 * change.
 *
 * @param kind type of the fact, where a lane advanced, otherwise of the entry; with the outcome of a proposal or the choice
 *     for a stack behind a colon
 * @param id what it concerns: a promotion, a release, a scope, a proposal; of a lane {@code svc-1/dev}
 * @param by who caused it: {@code user:alice}, {@code job:team/granted#1}; empty for the engine itself
 */
record Recorded(String kind, String id, String by) {
    static Recorded of(JournalRecord record) {
        JsonNode entry = Json.mapper().valueToTree(record).get("entry");
        String type = text(entry, "type");
        return switch (type) {
            case "laneAdvanced" -> fact(entry);
            case "paused" -> new Recorded(type, text(entry, "pause", "scope"), text(entry, "pause", "by"));
            case "resumed" -> new Recorded(type, text(entry, "scope"), text(entry, "by"));
            case "stackTreated" ->
                new Recorded(type + ":" + text(entry, "choice"), lane(entry.get("lane")), text(entry, "by"));
            case "configurationProposed" -> new Recorded(type, text(entry, "base"), "user:" + text(entry, "by"));
            case "configurationSettled" ->
                new Recorded(type + ":" + text(entry, "outcome"), text(entry, "proposal"), "user:" + text(entry, "by"));
            case "ownerDecided" -> new Recorded(type, text(entry, "resource", "id"), text(entry, "by"));
            case "policyApplied" -> new Recorded(type, text(entry, "digest"), text(entry, "by"));
            case "releasePublished" -> {
                JsonNode published = entry.get("published");
                String ref = text(published, "release", "service") + "@" + text(published, "release", "version");
                yield new Recorded(type, ref, text(published, "provenance", "publishers", "0"));
            }
            case "evidenceRecorded" ->
                new Recorded(
                        type,
                        text(entry, "evidence", "release"),
                        text(entry, "evidence", "producer") + "#" + text(entry, "evidence", "run"));
            default -> new Recorded(type, "", text(entry, "by"));
        };
    }

    private static Recorded fact(JsonNode entry) {
        JsonNode fact = entry.get("fact");
        String id = text(fact, "promotion");
        if (fact.has("request")) {
            id = text(entry, "events", "0", "promotion");
        } else if (id.isEmpty()) {
            id = lane(entry.at("/lane/id"));
        }
        String person = text(fact, "person", "id");
        String by = person.isEmpty() ? text(fact, "by") + text(fact, "request", "by") : "user:" + person;
        return new Recorded(text(fact, "type"), id, by);
    }

    private static String lane(JsonNode lane) {
        return text(lane, "service") + "/" + text(lane, "environment");
    }

    /** Empty when it is not there. */
    private static String text(JsonNode from, String... path) {
        return from.at("/" + String.join("/", path)).asText("");
    }

    /** @param words as a row has them: of the lane itself, or of a promotion in it */
    boolean isOfLane(String words) {
        String lane = lane(words.substring(words.indexOf(' ') + 1));
        return !lane.isEmpty() && lane.equals(lane(id));
    }

    /** {@code svc-1/dev} of {@code svc-1/dev} and of {@code svc-1.dev.1}; empty of what is neither. */
    private static String lane(String id) {
        String[] parts = id.split("[./]");
        return parts.length == 2 || parts.length == 3 ? parts[0] + "/" + parts[1] : "";
    }

    /** As a row has it. */
    String words() {
        return kind + " " + id;
    }
}
