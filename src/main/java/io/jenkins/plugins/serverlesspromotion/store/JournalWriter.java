package io.jenkins.plugins.serverlesspromotion.store;

import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry;
import io.jenkins.plugins.serverlesspromotion.engine.audit.JournalRecord;
import io.jenkins.plugins.serverlesspromotion.engine.audit.MerkleTree;
import io.jenkins.plugins.serverlesspromotion.engine.port.Codec;
import java.io.IOException;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.Optional;

/** Appends records to the journal of one store, and updates the Merkle tree, the views and their cache with it. */
final class JournalWriter {
    /** Number of records to decode at the next opening from which saving the cache is useful. */
    static final int CACHE_BEHIND = 1000;

    private final Codec codec;
    private final Clock clock;
    private final Disk disk;
    private final StoreLock lock;
    private final StoreFolder folder;
    private final Journal journal;
    private final JournalIndex index;

    /** Replaces values that must not be written. */
    private final HiddenTexts hidden;

    /** Guarded by itself: readers must not wait for the disk. */
    private final Views views;

    /** Locked while a record is written and forced; never while waiting for readers of {@link #views}. */
    private final Object writing = new Object();

    /** Guarded by {@link #writing}. */
    private final MerkleTree tree;

    /** Guarded by {@link #writing}. */
    private final ViewsCache cache;

    /** The number in the file {@code format}, 0 before it was read. Guarded by {@link #writing}. */
    private int format;

    /** The number of records that the cache on disk covers. Guarded by {@link #writing}. */
    private long cached;

    /** Why no record can be appended, null when appending is possible. Written under {@link #writing}. */
    private volatile String refusal;

    /** Whether {@link #refusal} is a failed write of the disk, which can be temporary. Guarded by {@link #writing}. */
    private boolean diskFailed;

    /** Guarded by {@link #writing}. */
    private final LocalCheckpoint confirmed;

    /** @param refusal why no record can be appended, null when appending is possible */
    JournalWriter(StoreOpening opening, Codec codec, Clock clock, Disk disk, HiddenTexts hidden, String refusal) {
        this.codec = codec;
        this.clock = clock;
        this.disk = disk;
        this.hidden = hidden;
        this.lock = opening.lock();
        this.folder = opening.folder();
        this.journal = opening.journal();
        this.index = opening.opened().scan().index();
        this.tree = opening.opened().scan().tree();
        this.views = opening.opened().views();
        this.cache = opening.opened().cache();
        this.cached = opening.opened().cached();
        this.confirmed = new LocalCheckpoint(folder.checkpoint(), disk);
        this.refusal = refusal;
    }

    /** The number of records. */
    long size() {
        return index.size();
    }

    /** The current Merkle tree. */
    MerkleTree tree() {
        synchronized (writing) {
            return tree.copy();
        }
    }

    /** @throws IOException when it was not recorded */
    JournalRecord append(Entry entry) throws IOException {
        synchronized (writing) {
            if (refusal != null && !(diskFailed && recovered())) {
                throw new IOException("nothing was recorded: " + refusal);
            }
            return write(entry);
        }
    }

    /**
     * Tries again to write, when the only obstacle is a disk that was full or failing.
     *
     * @return whether entries can be appended now
     */
    boolean tryAgain() {
        synchronized (writing) {
            return refusal == null || diskFailed && recovered();
        }
    }

    /** Why no entry can be appended now; empty when appending is possible. Never waits for the disk. */
    Optional<String> refusal() {
        return Optional.ofNullable(refusal);
    }

    /** The journal contains exactly the confirmed records: a failed record was reported as not recorded. */
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

    /** Must be called under {@link #writing}. */
    private JournalRecord write(Entry given) throws IOException {
        Entry entry = hidden.written(given);
        var record = new JournalRecord(index.size(), clock.instant().truncatedTo(ChronoUnit.MILLIS), entry);
        byte[] json = codec.encode(record);
        byte[] line = JournalLine.write(json);
        // An unreadable record would make the whole journal unreadable permanently, so this is checked before the
        // write.
        JournalRecord written = codec.decode(json);
        if (written.seq() != record.seq()) {
            throw new IllegalArgumentException("entry " + record.seq() + " would be read back as " + written.seq());
        }
        synchronized (views) {
            views.check(written.entry());
        }
        try {
            requireFormat(codec.version(json));
            journal.append(line);
            tree.append(MerkleTree.leafHash(json));
            cache.accept(written);
            synchronized (views) {
                views.apply(written);
            }
        } catch (IOException e) {
            // Only writing the format or the journal throws this: tree and views are unchanged.
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

    private void requireFormat(int version) throws IOException {
        if (format == 0) {
            format = folder.format();
        }
        // After a failure the file is written again: it may have this content already without being forced to disk.
        if (version > format) {
            folder.raiseFormat(disk, version);
            format = version;
        }
    }

    private static String failed(JournalRecord record, Throwable e) {
        return "writing entry " + record.seq() + " to the journal failed ("
                + (e.getMessage() == null ? e.toString() : e.getMessage()) + ")";
    }

    /** Saves a cache that makes the next opening faster. Must not be called during an append. */
    void saveViews() {
        synchronized (writing) {
            if (refusal == null && index.size() - cached >= CACHE_BEHIND) {
                try {
                    cache.save(
                            disk, folder.views(), index.size(), HexFormat.of().formatHex(tree.root()));
                    cached = index.size();
                } catch (IOException e) {
                    // The only effect: the next opening takes longer.
                    cached = Long.MAX_VALUE;
                }
            }
        }
    }

    void close() throws IOException {
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
