package io.jenkins.plugins.serverlesspromotion.journey;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Counts what the sandbox and the journal say was done, in the words of {@link ExpectedEffects}. */
final class Effects {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** In front of each record: the hash of its leaf and a space. */
    private static final int HASH = 65;

    private Effects() {}

    /**
     * Changes of resources.
     *
     * @param history of the sandbox
     * @param after number of the last change that does not count
     */
    static Tally inAccounts(List<JsonNode> history, long after) {
        var tally = new Tally();
        for (JsonNode change : history) {
            String what = change.path("what").asText();
            String place = change.path("account").asText() + " " + change.path("region").asText() + " "
                    + change.path("type").asText() + " ";
            String id = change.path("id").asText();
            if (change.path("number").asLong() <= after) {
                continue;
            }
            switch (change.path("type").asText()) {
                case "cloudformation:change-set" -> changeSet(tally, place + id.replaceAll("/.*", ""), what);
                case "s3:object" -> tally.add(place + object(id) + " " + what, 1);
                // CloudFront comes to the end of an invalidation at any time.
                case "cloudfront:invalidation" -> tally.add(place + generated(id) + " " + what, what.equals("completed") ? 0 : 1);
                default -> tally.add(place + generated(id) + " " + what, 1);
            }
        }
        return tally;
    }

    /**
     * A change set that was made with placeholders is deleted again. After a crash in between it may be made twice, which
     * changes nothing: what counts is how many are kept, and how many are executed.
     */
    private static void changeSet(Tally tally, String stack, String what) {
        switch (what) {
            case "create" -> tally.add(stack + " kept", 1);
            case "delete" -> tally.add(stack + " kept", -1);
            case "execute" -> tally.add(stack + " execute", 1);
            default -> {}
        }
    }

    /** Objects that lie under their own digest are counted by bucket. */
    private static String object(String id) {
        if (id.startsWith("serverless-promotion-")) {
            return "staging";
        }
        return id.startsWith("acme-releases/")
                ? "acme-releases"
                : generated(id).replaceAll("/style\\.[0-9a-f]{12}\\.css$", "/style.*.css");
    }

    /** Names that AWS makes up are other ones in every run. */
    private static String generated(String id) {
        return id.replaceAll("-[0-9A-Fa-f]{12}(?![0-9A-Za-z])", "-*").replaceAll("(^|/)[IE][0-9A-F]{13,15}$", "$1*");
    }

    /** Neither are names the same that depend on the store's id, or on a version that S3 gave to a copy. */
    static String inEveryRun(String resource) {
        return generated(resource)
                .replaceAll("promotion-[0-9a-f]{64}", "promotion-*")
                .replaceAll("sha256/[0-9a-f]{2}/[0-9a-f]{64}", "sha256/*");
    }

    /** The journal's records, oldest first. */
    static List<String> records(Path home) throws IOException {
        List<String> records = new ArrayList<>();
        if (Files.exists(home)) {
            try (Stream<Path> all = Files.walk(home)) {
                for (Path file : all.filter(f -> f.toString().endsWith(".log")).sorted().toList()) {
                    records.addAll(Files.readAllLines(file));
                }
            }
        }
        return records;
    }

    /** @param records from {@link #records}; those that count */
    static Tally inJournal(List<String> records) throws IOException {
        var tally = new Tally();
        for (String line : records) {
            JsonNode entry = JSON.readTree(line.substring(HASH)).path("entry");
            String type = entry.path("type").asText();
            tally.add(type.equals("laneAdvanced") ? entry.path("fact").path("type").asText() : type, 1);
        }
        return tally;
    }
}
