package io.jenkins.plugins.serverlesspromotion.engine.runtime;

import io.jenkins.plugins.serverlesspromotion.engine.audit.JournalRecord;
import io.jenkins.plugins.serverlesspromotion.engine.port.Store;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Some records of the journal, oldest first. The journal is read one record at a time, so an answer needs memory for
 * one page only, however many records there are.
 *
 * @param next number of the record with which the next page begins; null: there is none
 */
public record RecordPage(List<JournalRecord> records, Long next) {
    /** Bytes that the records of one page have in the journal; one record may have more. */
    static final long MOST_BYTES = 8L << 20;

    public RecordPage {
        records = List.copyOf(records);
    }

    /**
     * @param from number of the first record to read
     * @param most how many records, at least 1
     */
    public static RecordPage of(Store store, long from, int most, Predicate<JournalRecord> wanted) throws IOException {
        var page = new Object() {
            private final List<JournalRecord> records = new ArrayList<>();
            private long bytes;
            private Long next;
        };
        store.read(from, (record, bytes) -> {
            if (!wanted.test(record)) {
                return true;
            }
            boolean fits = page.records.isEmpty() || page.records.size() < most && page.bytes + bytes <= MOST_BYTES;
            if (fits) {
                page.records.add(record);
                page.bytes += bytes;
            } else {
                page.next = record.seq();
            }
            return fits;
        });
        return new RecordPage(page.records, page.next);
    }
}
