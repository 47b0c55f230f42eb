package io.jenkins.plugins.serverlesspromotion.store;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry;
import io.jenkins.plugins.serverlesspromotion.engine.audit.JournalRecord;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Fact;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Lane;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneHold;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion.State;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.format.json.JournalCodec;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** The store together with the format that is really written. */
public class RealFormatTest {
    private static final JournalCodec CODEC = new JournalCodec();
    private static final int RECORDS = Integer.getInteger("promotion.journal.records", 2_000);

    @Rule
    public final TemporaryFolder temporary = new TemporaryFolder();

    private static FileStore open(Path root, Disk disk) throws Exception {
        return FileStore.open(root, Product.CLI, CODEC, new FileStore.Options(Clock.systemUTC(), 64L << 20, disk));
    }

    private static LaneId lane(long number) {
        return new LaneId("orders-" + number % 60, "prod");
    }

    /** Until then an older program can open the store again. */
    @Test
    public void theFormatOfTheFolderRisesWithTheFirstRecordThatNeedsIt() throws Exception {
        Path root = temporary.getRoot().toPath().resolve("home");
        LaneId id = lane(1);
        var hold = new LaneHold(LaneHold.Kind.RUN, "run:7", Instant.parse("2026-11-21T10:00:00Z"), null, "a run");
        var lane = new Lane(id, null, List.of(), List.of(hold), List.of(), 0, 0, List.of(), List.of());
        try (FileStore store = open(root, new QuickDisk())) {
            store.append(Samples.promotionsRecords(id, 1).get(0));
            assertEquals("1\n", Files.readString(root.resolve("format")));
            store.append(new Entry.LaneAdvanced(new Fact.Reconsidered("time"), List.of(), lane));
            assertEquals("2\n", Files.readString(root.resolve("format")));
            store.append(Samples.promotionsRecords(id, 2).get(0));
        }
        try (FileStore store = open(root, new QuickDisk())) {
            assertEquals("2\n", Files.readString(root.resolve("format")));
            assertEquals(List.of(hold), store.lane(id).holds());
        }
    }

    /** The file says 2 after the failure, and a power cut can still take that back. */
    @Test
    public void aFormatThatWasNotForcedIsWrittenAgain() throws Exception {
        Path root = temporary.getRoot().toPath().resolve("home");
        LaneId id = lane(1);
        var hold = new LaneHold(LaneHold.Kind.RUN, "run:7", Instant.parse("2026-11-21T10:00:00Z"), null, "a run");
        var lane = new Lane(id, null, List.of(), List.of(hold), List.of(), 0, 0, List.of(), List.of());
        var entry = new Entry.LaneAdvanced(new Fact.Reconsidered("time"), List.of(), lane);
        var forced = new ArrayList<Path>();
        var fails = new AtomicBoolean();
        var disk = new QuickDisk() {
            @Override
            public void forceDirectory(Path folder) throws IOException {
                if (fails.getAndSet(false)) {
                    throw new IOException("Input/output error");
                }
                forced.add(folder);
            }
        };
        try (FileStore store = open(root, disk)) {
            fails.set(true);
            assertThrows(IOException.class, () -> store.append(entry));
            forced.clear();
            store.append(entry);
            assertTrue(forced + "", forced.contains(root));
            assertEquals("2\n", Files.readString(root.resolve("format")));
        }
    }

    @Test
    public void viewsAreTheSameAfterReopening() throws Exception {
        Path root = temporary.getRoot().toPath().resolve("home");
        List<JournalRecord> told = new ArrayList<>();
        LaneId lane = lane(1);
        try (FileStore store = open(root, new QuickDisk())) {
            for (long number = 1; number <= 100; number++) {
                for (Entry entry : Samples.promotionsRecords(lane, number)) {
                    told.add(store.append(entry));
                }
            }
        }
        var views = new Views();
        told.forEach(views::apply);
        try (FileStore store = open(root, new QuickDisk())) {
            assertEquals(told, store.records(r -> r.seq() > 0));
            assertEquals(views.lane(lane), store.lane(lane));
            assertEquals(views.lanes(), store.lanes());
            assertEquals(views.services(), store.services());
            assertEquals(views.releases("orders-1"), store.releases("orders-1"));
            assertEquals(100, store.promotions(lane).size());
            assertEquals(views.promotions(lane), store.promotions(lane));
            assertEquals(
                    State.SUCCEEDED,
                    store.promotion("orders-1.prod.17").orElseThrow().state());
            // More than are remembered, and each of them twice.
            for (int round = 0; round < 2; round++) {
                for (long number = 1; number <= 100; number++) {
                    Optional<Plan> plan = store.plan("orders-1.prod." + number);
                    assertEquals(Optional.of(Samples.plan(number, 8)), plan);
                }
            }
            assertEquals(Optional.empty(), store.plan("orders-1.prod.101"));
        }
    }

    /** Ratios within one run, so that they mean something on another machine; nothing is asserted about time. */
    @Test
    public void howFastItIs() throws Exception {
        Path root = temporary.getRoot().toPath().resolve("home");
        var lines = new ArrayList<byte[]>();
        long written = System.nanoTime();
        try (FileStore store = open(root, RECORDS > 10_000 ? new QuickDisk() : new RealDisk())) {
            for (long number = 1; store.size() < RECORDS; number++) {
                for (Entry entry : Samples.promotionsRecords(lane(number), number)) {
                    store.append(entry);
                }
            }
            written = System.nanoTime() - written;
            store.read(0, Math.min(RECORDS, 10_000), (seq, line, parsed) -> lines.add(line));
        }
        long bare = System.nanoTime();
        try (var file = new RandomAccessFile(temporary.newFile(), "rw")) {
            for (byte[] line : lines) {
                file.write(line);
                file.getFD().sync();
            }
        }
        bare = System.nanoTime() - bare;
        long opened = System.nanoTime();
        long bytes = 0;
        var export = new ByteArrayOutputStream();
        try (FileStore store = open(root, new RealDisk())) {
            opened = System.nanoTime() - opened;
            assertTrue(store.size() >= RECORDS);
            for (Path segment : StoreLab.files(root, ".log")) {
                bytes += Files.size(segment);
            }
            long used = used();
            System.out.printf(
                    "%d records, %d MiB: appending takes %.2f times as long as bare writes with force (%d records);"
                            + " opening takes %.1f ms per 1,000 records, %.0f ms in all; %d MiB heap used%n",
                    store.size(),
                    bytes >> 20,
                    written / (double) bare,
                    lines.size(),
                    opened / 1e6 / (store.size() / 1000.0),
                    opened / 1e6,
                    used >> 20);
            AuditExport.export(store, 0, Math.min(RECORDS, 10_000), null, export);
        }
        ExportVerification exportVerification =
                AuditExport.verify(new ByteArrayInputStream(export.toByteArray()), CODEC, null);
        assertTrue(exportVerification.toString(), exportVerification.isValid());
        assertEquals(Math.min(RECORDS, 10_000), exportVerification.entries());
    }

    private static long used() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
