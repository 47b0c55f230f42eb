package io.jenkins.plugins.serverlesspromotion.engine.runtime;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;

import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry;
import io.jenkins.plugins.serverlesspromotion.engine.audit.JournalRecord;
import io.jenkins.plugins.serverlesspromotion.format.json.JournalCodec;
import io.jenkins.plugins.serverlesspromotion.store.FileStore;
import io.jenkins.plugins.serverlesspromotion.store.Product;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** An answer about the journal takes memory for one page, and names the next. */
public class RecordPageTest {
    @Rule
    public TemporaryFolder folder = new TemporaryFolder();

    private FileStore store;

    @Before
    public void open() throws Exception {
        store = FileStore.open(folder.getRoot().toPath().resolve("store"), Product.CLI, new JournalCodec());
    }

    @After
    public void close() throws Exception {
        store.close();
    }

    private void refuse(int times, String why) throws Exception {
        for (int i = 0; i < times; i++) {
            store.append(new Entry.Refused("user:bob", "promote", why));
        }
    }

    private List<Long> all(int most, Predicate<JournalRecord> wanted) throws Exception {
        var all = new ArrayList<Long>();
        Long next = 0L;
        while (next != null) {
            RecordPage page = RecordPage.of(store, next, most, wanted);
            page.records().forEach(r -> all.add(r.seq()));
            next = page.next();
        }
        return all;
    }

    @Test
    public void thePagesAreTheWholeAndNothingTwice() throws Exception {
        refuse(9, "no");
        assertEquals(List.of(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L), all(3, r -> true));
        assertEquals(List.of(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L), all(5, r -> true));
        assertEquals(List.of(2L, 4L, 6L, 8L), all(2, r -> r.seq() > 0 && r.seq() % 2 == 0));
        assertNull(RecordPage.of(store, 10, 3, r -> true).next());
        assertEquals(List.of(), RecordPage.of(store, 99, 3, r -> true).records());
    }

    @Test
    public void aPageHasAsManyBytesAsItMayAndAtLeastOneRecord() throws Exception {
        String large = "x".repeat((int) (RecordPage.MOST_BYTES / 3));
        refuse(4, large);
        RecordPage page = RecordPage.of(store, 1, 1000, r -> true);
        assertEquals(2, page.records().size());
        assertEquals(Long.valueOf(3), page.next());
    }

    @Test
    public void whatStandsBehindAPageIsNotRead() throws Exception {
        refuse(50, "no");
        var seen = new ArrayList<Long>();
        store.read(5, (record, bytes) -> {
            seen.add(record.seq());
            return seen.size() < 3;
        });
        assertEquals(List.of(5L, 6L, 7L), seen);
    }
}
