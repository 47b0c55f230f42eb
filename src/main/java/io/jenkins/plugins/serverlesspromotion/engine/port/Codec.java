package io.jenkins.plugins.serverlesspromotion.engine.port;

import io.jenkins.plugins.serverlesspromotion.engine.audit.JournalRecord;

/** Turns a record into the canonical bytes that the journal holds and hashes, and back. */
public interface Codec {
    /** Canonical JSON (RFC 8785), UTF-8, without a line feed. */
    byte[] encode(JournalRecord record);

    /** @throws IllegalArgumentException when the bytes are not a record of a version this program knows */
    JournalRecord decode(byte[] bytes);
}
