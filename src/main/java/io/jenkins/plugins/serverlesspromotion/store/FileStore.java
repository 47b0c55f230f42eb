package io.jenkins.plugins.serverlesspromotion.store;

import io.jenkins.plugins.serverlesspromotion.engine.audit.Checkpoint;
import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry;
import io.jenkins.plugins.serverlesspromotion.engine.audit.JournalRecord;
import io.jenkins.plugins.serverlesspromotion.engine.audit.MerkleTree;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Lane;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Surroundings.Pause;
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
import java.time.temporal.ChronoUnit;
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
    /** How many records opening may decode again before it is worth saving that. */
    static final int CACHE_BEHIND = 1000;

    private final Codec codec;
    private final Clock clock;
    private final StoreLock lock;
    private final Journal journal;
    private final JournalIndex index;
    private final String id;
    private final String damage;
    private final StoreFolder folder;
    private final Disk disk;

    /** Held while a record is written and forced; never together with a wait for {@link #views}' readers. */
    private final Object writing = new Object();

    private final MerkleTree tree;
    /** Guarded by {@link #writing}. */
    private final ViewsCache cache;

    /** How many records the cache on disk stands for. Guarded by {@link #writing}. */
    private long cached;

    /** Why nothing can be appended, null while something can. Written under {@link #writing}. */
    private volatile String refusal;

    /** Whether {@link #refusal} is a disk that did not take a record: that can pass. Guarded by {@link #writing}. */
    private boolean diskFailed;

    /** Guarded by {@link #writing}. */
    private final LocalCheckpoint confirmed;

    /** Guarded by itself: reading must not wait for the disk. */
    private final Views views;

    private final RecordedPlans plans;
    private final HiddenTexts hidden;

    /**
     * @param segmentBytes length from which on a new file is begun, 1 to 1 GiB
     * @param disk what is written goes through
     */
    public record Options(Clock clock, long segmentBytes, Disk disk) {
        public Options {
            if (segmentBytes < 1 || segmentBytes > JournalIndex.LARGEST_SEGMENT - JournalLine.LONGEST) {
                throw new IllegalArgumentException("a journal file cannot be rolled at " + segmentBytes + " bytes");
            }
        }

        /** The system's clock, 64 MiB, the machine's disk. */
        public static Options defaults() {
            return new Options(Clock.systemUTC(), 64L << 20, new RealDisk());
        }
    }

    FileStore(
            StoreFolder folder,
            Codec codec,
            Options options,
            StoreLock lock,
            Journal journal,
            OpenedJournal opened,
            String id,
            String damage,
            String refusal) {
        this.folder = folder;
        this.codec = codec;
        this.clock = options.clock();
        this.disk = options.disk();
        this.lock = lock;
        this.journal = journal;
        this.plans = new RecordedPlans(journal, codec);
        this.index = opened.scan().index();
        this.tree = opened.scan().tree();
        this.views = opened.views();
        this.cache = opened.cache();
        this.cached = opened.cached();
        this.damage = damage;
        this.id = id;
        this.refusal = refusal;
        this.confirmed = new LocalCheckpoint(folder.checkpoint(), disk);
        this.hidden = new HiddenTexts(
                codec,
                new FingerprintKey(folder.root(), lock == null ? null : disk),
                () -> view(Views::hides),
                ref -> release(ref.service(), ref.version()).orElse(null),
                this::releases);
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
        return StoreOpening.open(root, product, codec, options);
    }

    /**
     * Opens the store for reading what is there now, whoever else has it open; nothing in the folder is changed. What
     * stands behind the first damage is not read, see {@link #damage()}.
     *
     * @throws IOException when there is no store, or it is of the other product
     */
    public static FileStore openReadOnly(Path root, Product product, Codec codec) throws IOException {
        return StoreOpening.openReadOnly(root, product, codec);
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public JournalRecord append(Entry entry) throws IOException {
        synchronized (writing) {
            if (refusal != null && !(diskFailed && recovered())) {
                throw new IOException("nothing was recorded: " + refusal);
            }
            return write(entry);
        }
    }

    /**
     * Tries again to write, where a disk that was full or failing is all that prevents it.
     *
     * @return whether entries can be appended now
     */
    public boolean tryAgain() {
        synchronized (writing) {
            return refusal == null || diskFailed && recovered();
        }
    }

    /** Why nothing can be appended now; empty when entries can. Never waits for the disk. */
    public Optional<String> refusal() {
        return Optional.ofNullable(refusal);
    }

    /** Everything that was confirmed is there, and nothing else: what failed was reported as not recorded. */
    private boolean recovered() {
        String before = refusal;
        try {
            journal.recover();
            refusal = null;
            diskFailed = false;
            write(new Entry.StoreRepaired("nothing could be recorded for a while: " + before
                    + "; the disk takes records again, and nothing that was confirmed is lost"));
            return true;
        } catch (Journal.ChangedException e) {
            refusal = e.getMessage();
            diskFailed = false;
            return false;
        } catch (IOException e) {
            refusal = before;
            diskFailed = true;
            return false;
        }
    }

    /** To be called under {@link #writing}. */
    private JournalRecord write(Entry given) throws IOException {
        Entry entry = hidden.written(given);
        var record = new JournalRecord(index.size(), clock.instant().truncatedTo(ChronoUnit.MILLIS), entry);
        byte[] json = codec.encode(record);
        byte[] line = JournalLine.write(json);
        // What cannot be read back would make the whole journal unreadable for ever: found out before it is
        // written.
        JournalRecord written = codec.decode(json);
        if (written.seq() != record.seq()) {
            throw new IllegalArgumentException("entry " + record.seq() + " would be read back as " + written.seq());
        }
        synchronized (views) {
            views.check(written.entry());
        }
        try {
            journal.append(line);
            tree.append(MerkleTree.leafHash(json));
            cache.accept(written);
            synchronized (views) {
                views.apply(written);
            }
        } catch (IOException e) {
            // Only the journal's own write throws this: tree and views are as before.
            diskFailed = true;
            refusal = failed(record, e) + "; free or repair the disk, then writing continues by itself";
            throw new IOException("nothing was recorded: " + refusal, e);
        } catch (RuntimeException | Error e) {
            refusal = failed(record, e) + " and what is on disk is unknown; open the store again";
            throw e;
        }
        confirmed.write(tree);
        return written;
    }

    private static String failed(JournalRecord record, Throwable e) {
        return "writing entry " + record.seq() + " to the journal failed ("
                + (e.getMessage() == null ? e.toString() : e.getMessage()) + ")";
    }

    /**
     * What is wrong with a store that was opened read-only: where it cannot be read to its end (file, line, byte), or
     * that confirmed entries are missing. Empty when nothing is.
     */
    public Optional<String> damage() {
        return Optional.ofNullable(damage);
    }

    /** How many records it has. */
    public long size() {
        return index.size();
    }

    /** Identity of this log in checkpoints: {@code serverless-promotion/<id>}. */
    public String origin() {
        return "serverless-promotion/" + id;
    }

    /** The Merkle tree as it is now. */
    public Checkpoint checkpoint() {
        synchronized (writing) {
            return Checkpoint.of(origin(), tree);
        }
    }

    /**
     * The Merkle tree as it was when it had {@code size} records, read from disk: what a checkpoint kept elsewhere is
     * compared with.
     *
     * @throws IllegalArgumentException when there are fewer records, which itself proves that some are gone
     */
    public Checkpoint checkpoint(long size) throws IOException {
        if (size < 0 || size > index.size()) {
            throw new IllegalArgumentException("the journal has " + index.size() + " entries, not " + size);
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

    /** @throws java.io.UncheckedIOException when it stands in the journal and cannot be read */
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

    /** The lines of the records {@code from} (inclusive) to {@code to} (exclusive), as they stand on disk. */
    void read(long from, long to, Journal.Visitor visitor) throws IOException {
        journal.read(from, to, visitor);
    }

    /** Saves the work of the next opening. To be called when nothing else appends. */
    void saveViews() {
        synchronized (writing) {
            if (refusal == null && index.size() - cached >= CACHE_BEHIND) {
                try {
                    cache.save(disk, folder.views(), index.size(), checkpoint().root());
                    cached = index.size();
                } catch (IOException e) {
                    // Without it the next opening takes longer, and that is all.
                    cached = Long.MAX_VALUE;
                }
            }
        }
    }

    @Override
    public void close() throws IOException {
        synchronized (writing) {
            saveViews();
            refusal = "the store is closed";
            diskFailed = false;
            try (lock;
                    confirmed) {
                journal.close();
            }
        }
    }
}
