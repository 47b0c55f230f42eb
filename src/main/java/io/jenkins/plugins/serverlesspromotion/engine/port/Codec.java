package io.jenkins.plugins.serverlesspromotion.engine.port;

import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry;
import io.jenkins.plugins.serverlesspromotion.engine.audit.JournalRecord;
import java.util.function.UnaryOperator;

/** Converts a record into the canonical bytes that the journal stores and hashes, and back. */
public interface Codec {
    /** Canonical JSON (RFC 8785), UTF-8, without a line feed. */
    byte[] encode(JournalRecord record);

    /** The lowest format version that supports {@code record}, which {@link #encode} created. */
    int version(byte[] record);

    /** @throws IllegalArgumentException when the bytes are not a record of a version this program knows */
    JournalRecord decode(byte[] bytes);

    /**
     * The same entry, in which every text is replaced that can contain a value of a manifest, a template or AWS. Names,
     * ids, digests and texts of people stay unchanged.
     *
     * @param texts returns the same text where there is nothing to replace
     * @return {@code entry} itself when nothing was replaced
     */
    Entry replaced(Entry entry, UnaryOperator<String> texts);
}
