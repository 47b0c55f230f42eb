package io.jenkins.plugins.serverlesspromotion.format;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry;
import io.jenkins.plugins.serverlesspromotion.engine.audit.JournalRecord;
import io.jenkins.plugins.serverlesspromotion.engine.port.Codec;
import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/**
 * A journal record as {@code {"at":…,"entry":{…},"seq":…,"v":1}} in canonical form. {@code v} is the version of
 * the format: what a newer program wrote is refused, never half understood.
 */
public final class JournalCodec implements Codec {
    /** The newest format that this program writes and reads. */
    public static final int VERSION = 1;

    private static final Set<String> MEMBERS = Set.of("v", "seq", "at", "entry");

    private final ObjectMapper mapper = Json.mapper();

    @Override
    public byte[] encode(JournalRecord record) {
        ObjectNode envelope = mapper.createObjectNode();
        envelope.put("v", VERSION);
        envelope.put("seq", record.seq());
        envelope.put("at", record.at().toString());
        // Entry's own type is asked for, so that its name is written.
        envelope.set("entry", mapper.valueToTree(record.entry()));
        return CanonicalJson.bytes(envelope);
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
        try {
            Instant at = mapper.treeToValue(envelope.path("at"), Instant.class);
            Entry entry = mapper.treeToValue(envelope.path("entry"), Entry.class);
            if (at == null || entry == null) {
                throw new IllegalArgumentException("record " + seq + " lacks \"at\" or \"entry\"");
            }
            return new JournalRecord(seq.longValue(), at, entry);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    "record " + seq + " of format version 1 cannot be read: " + Json.problem(e), e);
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
