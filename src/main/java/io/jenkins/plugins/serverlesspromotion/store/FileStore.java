package io.jenkins.plugins.serverlesspromotion.store;

import io.jenkins.plugins.serverlesspromotion.engine.audit.Checkpoint;
import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry;
import io.jenkins.plugins.serverlesspromotion.engine.audit.JournalRecord;
import io.jenkins.plugins.serverlesspromotion.engine.audit.MerkleTree;
import io.jenkins.plugins.serverlesspromotion.engine.lane.GateContext.Pause;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Lane;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.ResourceId;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.ResourceOwner;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.engine.port.Codec;
import io.jenkins.plugins.serverlesspromotion.engine.port.Proposal;
import io.jenkins.plugins.serverlesspromotion.engine.port.Store;
import io.jenkins.plugins.serverlesspromotion.engine.release.Evidence;
import io.jenkins.plugins.serverlesspromotion.engine.release.Published;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The journal in a folder of this machine, and the views of it in memory. The folder must be on a file system with
 * working locks and {@code fsync}: a local one. The format is described in docs/developer/journal-format.md.
 */
public final class FileStore implements Store {
    private final Codec codec;
    private final StoreOpening opening;
    private final Journal journal;
    private final JournalWriter writer;

    /** Guarded by itself: readers must not wait for the disk. */
    private final Views views;

    private final RecordedPlans plans;
    private final HiddenTexts hidden;

    /**
     * @param segmentBytes length after which a new file begins, 1 to 1 GiB
     * @param disk all writes use it
     */
    public record Options(Clock clock, long segmentBytes, Disk disk) {
        public Options {
            if (segmentBytes < 1 || segmentBytes > JournalIndex.LARGEST_SEGMENT - JournalLine.LONGEST) {
                throw new IllegalArgumentException("a journal file cannot be rolled at " + segmentBytes + " bytes");
            }
        }

        /** The system clock, 64 MiB, the machine's disk. */
        public static Options defaults() {
            return new Options(Clock.systemUTC(), 64L << 20, new RealDisk());
        }
    }

    /** @param refusal why no record can be appended, null when appending is possible */
    private FileStore(StoreOpening opening, Codec codec, Options options, String refusal) {
        this.codec = codec;
        this.opening = opening;
        this.journal = opening.journal();
        this.views = opening.opened().views();
        this.plans = new RecordedPlans(journal, codec);
        this.hidden = new HiddenTexts(
                codec,
                new FingerprintKey(opening.folder().root(), opening.lock() == null ? null : options.disk()),
                () -> view(Views::hides),
                ref -> release(ref.service(), ref.version()).orElse(null),
                this::releases);
        this.writer = new JournalWriter(opening, codec, options.clock(), options.disk(), hidden, refusal);
    }

    public static FileStore open(Path root, Product product, Codec codec) throws IOException {
        return open(root, product, codec, Options.defaults());
    }

    /**
     * Opens the store for writing, creating it when the folder is empty or missing. A torn tail is set aside and
     * reported in the journal.
     *
     * @throws IOException one sentence: in use, of the other product, of a newer format, or damaged (file, line, byte)
     */
    public static FileStore open(Path root, Product product, Codec codec, Options options) throws IOException {
        StoreOpening opening = StoreOpening.toWrite(
                root, product, codec, options.disk(), options.clock().instant(), options.segmentBytes());
        try {
            var store = new FileStore(opening, codec, options, null);
            opening.complete(store, codec, options.disk());
            store.saveViews();
            return store;
        } catch (IOException | RuntimeException | Error e) {
            try (StoreLock lock = opening.lock();
                    Journal journal = opening.journal()) {
                throw e;
            }
        }
    }

    /**
     * Opens the store for reading its current content, even while another process has it open. The folder is not
     * changed. Records after the first damage are not read, see {@link #damage()}.
     *
     * @throws IOException when there is no store, or it is of the other product
     */
    public static FileStore openReadOnly(Path root, Product product, Codec codec) throws IOException {
        Options options = Options.defaults();
        StoreOpening opening = StoreOpening.toRead(root, product, codec, options.disk(), options.segmentBytes());
        return new FileStore(opening, codec, options, "the store is open read-only");
    }

    /** Whether some store object, in any process, has the folder open for writing now: only then is work being done. */
    public static boolean isInUse(Path root) throws IOException {
        return StoreLock.isTaken(root);
    }

    @Override
    public String id() {
        return opening.id();
    }

    @Override
    public JournalRecord append(Entry entry) throws IOException {
        return writer.append(entry);
    }

    /**
     * Tries again to write, when the only obstacle is a disk that was full or failing.
     *
     * @return whether entries can be appended now
     */
    public boolean tryAgain() {
        return writer.tryAgain();
    }

    /** Why no entry can be appended now; empty when appending is possible. Never waits for the disk. */
    public Optional<String> refusal() {
        return writer.refusal();
    }

    /**
     * The damage of a store that was opened read-only: the place where reading fails (file, line, byte), or missing
     * confirmed entries. Empty when there is none.
     */
    public Optional<String> damage() {
        return Optional.ofNullable(opening.damage());
    }

    /** The number of records. */
    public long size() {
        return writer.size();
    }

    /** Identity of this log in checkpoints: {@code serverless-promotion/<id>}. */
    public String origin() {
        return "serverless-promotion/" + opening.id();
    }

    /** The current Merkle tree. */
    public Checkpoint checkpoint() {
        return Checkpoint.of(origin(), writer.tree());
    }

    /**
     * The Merkle tree of the first {@code size} records, read from disk, to compare it with a checkpoint that is stored
     * elsewhere.
     *
     * @throws IllegalArgumentException when there are fewer records, which itself proves that some are lost
     */
    public Checkpoint checkpoint(long size) throws IOException {
        if (size < 0 || size > size()) {
            throw new IllegalArgumentException("the journal has " + size() + " entries, not " + size);
        }
        return Checkpoint.of(origin(), tree(size));
    }

    MerkleTree tree(long size) throws IOException {
        return journal.tree(size);
    }

    @Override
    public Lane lane(LaneId lane) {
        Lane recorded = view(v -> v.lane(lane));
        return hidden.shown(recorded);
    }

    @Override
    public List<LaneId> lanes() {
        return view(Views::lanes);
    }

    @Override
    public Optional<Published> release(String service, String version) {
        return view(v -> v.release(service, version));
    }

    @Override
    public List<Published> releases(String service) {
        return view(v -> v.releases(service));
    }

    @Override
    public List<Evidence> evidence(String release) {
        return view(v -> v.evidence(release));
    }

    @Override
    public boolean knows(String release, Evidence.Signed signed) {
        return view(v -> v.knows(release, signed));
    }

    @Override
    public List<String> services() {
        return view(Views::services);
    }

    @Override
    public Optional<Promotion> promotion(String promotion) {
        return view(v -> v.promotion(promotion)).map(hidden::shown);
    }

    @Override
    public List<Promotion> promotions(LaneId lane) {
        return view(v -> v.promotions(lane)).stream().map(hidden::shown).toList();
    }

    @Override
    public Optional<Entry.PolicyApplied> policy() {
        return view(Views::policy);
    }

    @Override
    public List<Pause> pauses() {
        return view(Views::pauses);
    }

    @Override
    public Map<ResourceId, ResourceOwner> decidedOwners() {
        return view(Views::decidedOwners);
    }

    @Override
    public List<Proposal> proposals() {
        return view(Views::proposals);
    }

    private <T> T view(Function<Views, T> question) {
        synchronized (views) {
            return question.apply(views);
        }
    }

    /** @throws java.io.UncheckedIOException when it is in the journal and cannot be read */
    @Override
    public Optional<Plan> plan(String promotion) {
        Optional<Plan> open = view(v -> v.openPlan(promotion));
        OptionalLong at = view(v -> v.planRecord(promotion));
        if (open.isPresent() || at.isEmpty()) {
            return open;
        }
        return Optional.of(plans.read(at.getAsLong()));
    }

    @Override
    public void read(long from, RecordReader reader) throws IOException {
        journal.readWhile(
                from,
                size(),
                (seq, line, parsed) -> reader.read(hidden.shown(codec.decode(parsed.json())), line.length));
    }

    @Override
    public Optional<Plan> shownPlan(String id) {
        Optional<Promotion> promotion = view(v -> v.promotion(id));
        return plan(id).map(plan -> promotion.map(p -> hidden.shown(p, plan)).orElse(plan));
    }

    @Override
    public List<JournalRecord> records(Predicate<JournalRecord> wanted) throws IOException {
        var records = new ArrayList<JournalRecord>();
        read(0, size(), (seq, line, parsed) -> {
            JournalRecord record = codec.decode(parsed.json());
            if (wanted.test(record)) {
                records.add(hidden.shown(record));
            }
        });
        return records;
    }

    HiddenTexts hidden() {
        return hidden;
    }

    /** The lines of the records {@code from} (inclusive) to {@code to} (exclusive), as on disk. */
    void read(long from, long to, Journal.Visitor visitor) throws IOException {
        journal.read(from, to, visitor);
    }

    /** Saves a cache that makes the next opening faster. Must not be called during an append. */
    void saveViews() {
        writer.saveViews();
    }

    @Override
    public void close() throws IOException {
        writer.close();
    }
}
