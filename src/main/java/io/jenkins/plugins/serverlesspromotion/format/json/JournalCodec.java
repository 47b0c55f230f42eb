package io.jenkins.plugins.serverlesspromotion.format.json;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry;
import io.jenkins.plugins.serverlesspromotion.engine.audit.JournalRecord;
import io.jenkins.plugins.serverlesspromotion.engine.port.Codec;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/**
 * A journal record as {@code {"at":…,"entry":{…},"seq":…,"v":1}} in canonical form. {@code v} is the lowest version of
 * the format that supports this record. So an older program reads every record that does not need a newer one. A record
 * of an unknown newer version is refused and never read in part.
 */
public final class JournalCodec implements Codec {
    /** The newest format that this program reads and writes. */
    public static final int VERSION = 2;

    private static final Set<String> MEMBERS = Set.of("v", "seq", "at", "entry");

    /** The beginning of a record's last member; canonical JSON sorts the members. */
    private static final String LAST = ",\"v\":";

    private final ObjectMapper mapper = Json.mapper();

    @Override
    public byte[] encode(JournalRecord record) {
        ObjectNode envelope = mapper.createObjectNode();
        // The declared type is Entry, so that the name of the subtype is written.
        JsonNode entry = mapper.valueToTree(record.entry());
        envelope.put("v", lowest(entry));
        envelope.put("seq", record.seq());
        envelope.put("at", record.at().toString());
        envelope.set("entry", entry);
        return CanonicalJson.bytes(envelope);
    }

    /** The lowest version that supports {@code entry}: the only place that lists which members are new. */
    private static int lowest(JsonNode entry) {
        return entry.path("lane").has("holds") ? 2 : 1;
    }

    @Override
    public int version(byte[] record) {
        int from = Math.max(0, record.length - 20);
        String end = new String(record, from, record.length - from, StandardCharsets.ISO_8859_1);
        return Integer.parseInt(end.substring(end.lastIndexOf(LAST) + LAST.length(), end.length() - 1));
    }

    @Override
    public JournalRecord decode(byte[] bytes) {
        JsonNode envelope = tree(bytes);
        JsonNode version = envelope.get("v");
        if (version == null || !version.isInt() || version.intValue() < 1) {
            throw new IllegalArgumentException("this is no journal record: it has no format version \"v\"");
        }
        if (version.intValue() > VERSION) {
            throw new IllegalArgumentException("this record has format version " + version.intValue()
                    + ", and this program knows versions up to " + VERSION
                    + ": open the journal with the program that wrote it, or a newer one");
        }
        var unknown = new TreeSet<String>();
        envelope.fieldNames().forEachRemaining(unknown::add);
        unknown.removeAll(MEMBERS);
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException("this record has unknown members " + unknown);
        }
        JsonNode seq = envelope.get("seq");
        if (seq == null || !seq.isIntegralNumber() || !seq.canConvertToLong() || seq.longValue() < 0) {
            throw new IllegalArgumentException("this record has no sequence number \"seq\" of 0 or more");
        }
        if (version.intValue() != lowest(envelope.path("entry"))) {
            throw new IllegalArgumentException("record " + seq + " has format version " + version.intValue()
                    + " and its members are of version " + lowest(envelope.path("entry")));
        }
        try {
            Instant at = mapper.treeToValue(envelope.path("at"), Instant.class);
            Entry entry = mapper.treeToValue(envelope.path("entry"), Entry.class);
            if (at == null || entry == null) {
                throw new IllegalArgumentException("record " + seq + " lacks \"at\" or \"entry\"");
            }
            return new JournalRecord(seq.longValue(), at, entry);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    "record " + seq + " of format version " + version.intValue() + " cannot be read: "
                            + Json.problem(e),
                    e);
        }
    }

    @Override
    public Entry replaced(Entry entry, UnaryOperator<String> texts) {
        JsonNode tree = mapper.valueToTree(entry);
        if (!FreeTexts.replace(tree, texts)) {
            return entry;
        }
        try {
            return mapper.treeToValue(tree, Entry.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an entry cannot be read back with other texts", e);
        }
    }

    private JsonNode tree(byte[] bytes) {
        try {
            JsonNode tree = mapper.readTree(Utf8.decode(bytes));
            if (tree == null || !tree.isObject()) {
                throw new IllegalArgumentException("this is no journal record: it is not a JSON object");
            }
            return tree;
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("this is no journal record: " + Json.problem(e), e);
        }
    }
}
