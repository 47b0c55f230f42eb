package io.jenkins.plugins.serverlesspromotion.store;

import io.jenkins.plugins.serverlesspromotion.engine.audit.JournalRecord;
import io.jenkins.plugins.serverlesspromotion.format.json.JournalCodec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The end of a journal, for tests that ask after every step what was recorded: the beginning is not read each time. */
public final class JournalTail {
    private static final JournalCodec CODEC = new JournalCodec();

    private JournalTail() {}

    /** Returns the records from the one with the number {@code seq} on. */
    public static List<JournalRecord> since(FileStore store, long seq) throws IOException {
        List<JournalRecord> records = new ArrayList<>();
        store.read(seq, store.size(), (number, line, parsed) -> records.add(CODEC.decode(parsed.json())));
        return records;
    }
}
