package io.jenkins.plugins.serverlesspromotion.engine.port;

import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry;
import io.jenkins.plugins.serverlesspromotion.engine.audit.JournalRecord;
import java.util.function.UnaryOperator;

/** Turns a record into the canonical bytes that the journal holds and hashes, and back. */
public interface Codec {
    /** Canonical JSON (RFC 8785), UTF-8, without a line feed. */
    byte[] encode(JournalRecord record);

    /** The lowest version of the format that can hold {@code record}, which {@link #encode} made. */
    int version(byte[] record);

    /** @throws IllegalArgumentException when the bytes are not a record of a version this program knows */
    JournalRecord decode(byte[] bytes);

    /**
     * The same entry with every text replaced that can hold a value of a manifest, of a template or of AWS. Names, ids,
     * digests and what a person wrote stay as they are.
     *
     * @param texts gives the same text back where there is nothing to replace
     * @return {@code entry} itself when nothing was replaced
     */
    Entry replaced(Entry entry, UnaryOperator<String> texts);
}
