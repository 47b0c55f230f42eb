package io.jenkins.plugins.serverlesspromotion.engine.audit;

import java.time.Instant;

/** @param seq from 0, without gaps: the index of the record's leaf in the Merkle tree */
public record JournalRecord(long seq, Instant at, Entry entry) {}
