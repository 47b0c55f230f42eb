package io.jenkins.plugins.serverlesspromotion.engine.runtime;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.RequestLimit.Kind;
import io.jenkins.plugins.serverlesspromotion.format.json.JournalCodec;
import io.jenkins.plugins.serverlesspromotion.store.FileStore;
import io.jenkins.plugins.serverlesspromotion.store.Product;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** What adds to the journal is counted for each person and minute. */
public class RequestLimitTest {
    private static final String SERVICE = "orders";

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
            limit.count(kind, by, List.of(people), SERVICE, "promote orders@1.0 to prod");
        }
    }

    private RefusedException refused(Kind kind, String by, String... people) {
        return assertThrows(
                RefusedException.class,
                () -> limit.count(kind, by, List.of(people), SERVICE, "promote orders@1.0 to prod"));
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
        count(1, Kind.REQUEST, "user:carol");
    }

    /** A project has as many jobs as it has branches. */
    @Test
    public void buildsWithoutAKnownPersonCountForTheirServiceToo() throws Exception {
        for (int i = 0; i < RequestLimit.PER_MINUTE; i++) {
            count(1, Kind.PUBLISH, "job:team/branch-" + i + "#1");
        }
        assertEquals(
                "builds for service orders without a known person made 60 publications within a minute, which is the"
                        + " limit; try again in 60 seconds",
                refused(Kind.PUBLISH, "job:team/branch-99#1", "unknown").getMessage());
        limit.count(Kind.PUBLISH, "job:team/branch-99#1", List.of(), "payments", "publish payments@1.0");
        count(1, Kind.PUBLISH, "job:team/branch-99#1", "bob");
    }

    private List<Entry.Refused> recorded() throws Exception {
        return store.records(r -> r.entry() instanceof Entry.Refused).stream()
                .map(r -> (Entry.Refused) r.entry())
                .toList();
    }

    /** The service is what a build that is refused says it is. */
    @Test
    public void refusalsOfJobsInOneFolderFillTheJournalOnlyUpToALimit() throws Exception {
        for (int i = 0; i < 2 * RequestLimit.PER_MINUTE; i++) {
            limit.refuse(new Entry.Refused("job:team/branch-" + i + "#1", "publish x" + i, "no"));
        }
        assertEquals(RequestLimit.PER_MINUTE + 1, recorded().size());
        assertEquals(
                "no; jobs in team made 60 refused attempts within a minute, and more of them are not recorded in the"
                        + " next 60 seconds",
                recorded().get(RequestLimit.PER_MINUTE).why());
        limit.refuse(new Entry.Refused("job:other/main#1", "publish x", "no"));
        limit.refuse(new Entry.Refused("job:top#1", "publish x", "no"));
        assertEquals(RequestLimit.PER_MINUTE + 3, recorded().size());
    }

    @Test
    public void theRecordOfARefusalIsShortWhateverIsRefused() throws Exception {
        String text = "𝄞".repeat(100_000);
        List<String> people =
                IntStream.range(0, 200).mapToObj(i -> i + "y".repeat(1000)).toList();
        RefusedException no = limit.refuse(new Entry.Refused("job:" + text, text, text, people, text));
        assertTrue(no.getMessage().length() <= 2001);
        Entry.Refused refused = recorded().get(0);
        assertEquals(no.getMessage(), refused.why());
        assertEquals("and others who are not named", 51, refused.people().size());
        assertTrue(refused.people().contains("unknown"));
        int length = refused.who().length()
                + refused.what().length()
                + refused.why().length()
                + refused.promotion().length()
                + String.join("", refused.people()).length();
        assertTrue(length + " characters", length < 20_000);
        limit.perMinute(0);
        refused(Kind.REQUEST, "job:" + text);
        assertTrue(recorded().get(1).who().length() <= 1001);
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
