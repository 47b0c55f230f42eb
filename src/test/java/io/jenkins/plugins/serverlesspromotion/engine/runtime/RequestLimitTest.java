package io.jenkins.plugins.serverlesspromotion.engine.runtime;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.RequestLimit.Kind;
import io.jenkins.plugins.serverlesspromotion.format.JournalCodec;
import io.jenkins.plugins.serverlesspromotion.store.FileStore;
import io.jenkins.plugins.serverlesspromotion.store.Product;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** What adds to the journal is counted for each person and minute. */
public class RequestLimitTest {
    @Rule
    public TemporaryFolder folder = new TemporaryFolder();

    private Instant now = Instant.parse("2026-11-29T10:00:00Z");
    private FileStore store;
    private RequestLimit limit;

    @Before
    public void open() throws Exception {
        store = FileStore.open(folder.getRoot().toPath().resolve("store"), Product.CLI, new JournalCodec());
        limit = new RequestLimit(store, new Clock() {
            @Override
            public Instant instant() {
                return now;
            }

            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }
        });
    }

    @After
    public void close() throws Exception {
        store.close();
    }

    private void count(int times, Kind kind, String by, String... people) throws Exception {
        for (int i = 0; i < times; i++) {
            limit.count(kind, by, List.of(people), "promote orders@1.0 to prod");
        }
    }

    private RefusedException refused(Kind kind, String by, String... people) {
        return assertThrows(
                RefusedException.class, () -> limit.count(kind, by, List.of(people), "promote orders@1.0 to prod"));
    }

    @Test
    public void oneMoreThanTheLimitWithinAMinuteIsRefusedWithTheTimeToWait() throws Exception {
        count(RequestLimit.PER_MINUTE, Kind.REQUEST, "user:bob", "bob");
        now = now.plusSeconds(37);
        RefusedException no = refused(Kind.REQUEST, "user:bob", "bob");
        assertEquals(
                "user:bob made 60 requests for promotions within a minute, which is the limit; try again in 23 seconds",
                no.getMessage());
        assertEquals(Duration.ofSeconds(23), no.retryAfter().orElseThrow());
        now = now.plusSeconds(23);
        count(RequestLimit.PER_MINUTE, Kind.REQUEST, "user:bob", "bob");
        refused(Kind.REQUEST, "user:bob", "bob");
    }

    @Test
    public void otherPeopleAndOtherKindsAreCountedByThemselves() throws Exception {
        count(RequestLimit.PER_MINUTE, Kind.REQUEST, "user:bob", "bob");
        count(1, Kind.REQUEST, "user:carol", "carol");
        count(1, Kind.ROLLBACK, "user:bob", "bob");
        count(1, Kind.EVIDENCE, "user:bob", "bob");
        count(1, Kind.STATEMENT, "user:bob", "bob");
        refused(Kind.REQUEST, "user:bob", "bob");
    }

    @Test
    public void aPersonIsCountedAlsoBehindBuildsAndAJobWhereNoPersonIsKnown() throws Exception {
        count(RequestLimit.PER_MINUTE, Kind.REQUEST, "user:bob", "bob");
        refused(Kind.REQUEST, "job:team/a#1", "bob", "carol");
        count(1, Kind.REQUEST, "job:team/a#2", "unknown");
        count(RequestLimit.PER_MINUTE - 1, Kind.REQUEST, "job:team/a#3");
        refused(Kind.REQUEST, "job:team/a#4");
        count(1, Kind.REQUEST, "job:team/b#1");
    }

    @Test
    public void theFirstRefusalOfAMinuteIsRecordedWithThePeople() throws Exception {
        count(RequestLimit.PER_MINUTE, Kind.REQUEST, "job:team/a#1", "bob");
        for (int i = 0; i < 5; i++) {
            refused(Kind.REQUEST, "job:team/a#2", "bob");
        }
        var recorded = store.records(r -> r.entry() instanceof Entry.Refused);
        assertEquals(1, recorded.size());
        var refused = (Entry.Refused) recorded.get(0).entry();
        assertEquals("job:team/a#2", refused.who());
        assertEquals(List.of("bob"), refused.people());
        now = now.plusSeconds(60);
        count(RequestLimit.PER_MINUTE, Kind.REQUEST, "job:team/a#1", "bob");
        refused(Kind.REQUEST, "job:team/a#2", "bob");
        assertEquals(2, store.records(r -> r.entry() instanceof Entry.Refused).size());
    }

    @Test
    public void whatIsOverIsForgotten() throws Exception {
        for (int i = 0; i < 10_002; i++) {
            count(1, Kind.REQUEST, "user:p" + i, "p" + i);
        }
        assertEquals(10_002, limit.size());
        now = now.plusSeconds(60);
        count(1, Kind.REQUEST, "user:bob", "bob");
        assertEquals(1, limit.size());
    }
}
