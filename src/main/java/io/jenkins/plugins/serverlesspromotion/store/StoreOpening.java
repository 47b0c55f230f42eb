package io.jenkins.plugins.serverlesspromotion.store;

import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry;
import io.jenkins.plugins.serverlesspromotion.engine.audit.JournalRecord;
import io.jenkins.plugins.serverlesspromotion.engine.audit.MerkleTree;
import io.jenkins.plugins.serverlesspromotion.engine.port.Codec;
import io.jenkins.plugins.serverlesspromotion.engine.port.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HexFormat;

/**
 * Opens a store: checks its product, handles the traces of a crash, and completes a store whose creation was
 * interrupted.
 */
final class StoreOpening {
    private static final int ID_BYTES = 12;

    private final StoreFolder folder;
    private final Product product;
    private final StoreLock lock;
    private final Journal journal;
    private final OpenedJournal opened;
    private final String id;
    private final String damage;

    private StoreOpening(
            StoreFolder folder,
            Product product,
            StoreLock lock,
            Journal journal,
            OpenedJournal opened,
            String id,
            String damage) {
        this.folder = folder;
        this.product = product;
        this.lock = lock;
        this.journal = journal;
        this.opened = opened;
        this.id = id;
        this.damage = damage;
    }

    StoreFolder folder() {
        return folder;
    }

    /** Null when the store is open for reading only. */
    StoreLock lock() {
        return lock;
    }

    Journal journal() {
        return journal;
    }

    OpenedJournal opened() {
        return opened;
    }

    String id() {
        return id;
    }

    /** The damage of a store that is open for reading only, null when there is none. */
    String damage() {
        return damage;
    }

    /**
     * Opens a store for writing; {@link #complete} must follow.
     *
     * @param segmentBytes length after which a new file begins
     */
    static StoreOpening toWrite(Path root, Product product, Codec codec, Disk disk, Instant now, long segmentBytes)
            throws IOException {
        var folder = new StoreFolder(root);
        folder.create(disk);
        StoreLock lock = StoreLock.take(root, now);
        Journal journal = null;
        try {
            folder.requireKnownFormat();
            folder.requireOwner(product);
            StoreFolder.Owner owner = folder.owner();
            if (owner != null && !Files.isDirectory(folder.journal())) {
                throw lost(root, owner);
            }
            folder.prepare(disk);
            LocalCheckpoint.Saved confirmed = new LocalCheckpoint(folder.checkpoint(), disk).read();
            var opened = new OpenedJournal(folder, codec);
            JournalFault fault = opened.scan().fault();
            if (opened.created() != null) {
                requireProduct(root, product, opened.created());
            } else if (owner != null && (fault == null || fault.torn())) {
                throw lost(root, owner);
            }
            String missing = fault == null || fault.torn() ? missing(folder, disk, confirmed, opened) : null;
            if (missing != null) {
                throw new IOException(missing + ". Nothing is written to it: restore the folder from a backup. To"
                        + " continue"
                        + " without these entries, export the rest for the audit and move the file "
                        + folder.checkpoint() + " away");
            }
            if (fault != null && fault.torn()) {
                TornTail.setAside(disk, fault, opened.scan().index().size());
                opened = new OpenedJournal(folder, codec);
                fault = opened.scan().fault();
            }
            if (fault != null) {
                throw new IOException(fault.sentence()
                        + ". Nothing is written to a damaged journal: open it read-only to export what stands before"
                        + " that, and restore the folder from a backup");
            }
            journal = new Journal(
                    folder.journal(), disk, segmentBytes, opened.scan().index());
            journal.startWriting();
            String id = opened.created() == null ? newId() : opened.created().store();
            return new StoreOpening(folder, product, lock, journal, opened, id, null);
        } catch (IOException | RuntimeException | Error e) {
            try (lock;
                    Journal opened = journal) {
                throw e;
            }
        }
    }

    /** Writes the missing part of a new store's first records, and reports the traces of a crash. */
    void complete(Store store, Codec codec, Disk disk) throws IOException {
        JournalRecord first = opened.created() == null
                ? store.append(new Entry.StoreCreated(id, product.word()))
                : codec.decode(journal.read(0).json());
        agree(folder, disk, first);
        for (Entry.StoreRepaired repaired : TornTail.unreported(folder.journal(), opened.repairs())) {
            store.append(repaired);
        }
    }

    /** Opens a store for reading its current content; the folder is not changed. */
    static StoreOpening toRead(Path root, Product product, Codec codec, Disk disk, long segmentBytes)
            throws IOException {
        var folder = new StoreFolder(root);
        folder.requireOwner(product);
        if (!Files.isDirectory(folder.journal())) {
            throw new IOException(root + " has no journal: it is not the folder of a store");
        }
        LocalCheckpoint.Saved confirmed = new LocalCheckpoint(folder.checkpoint(), disk).read();
        var opened = new OpenedJournal(folder, codec);
        if (opened.created() == null) {
            String why = opened.scan().fault() == null
                    ? "its journal is empty"
                    : opened.scan().fault().sentence();
            throw new IOException(root + " cannot be read: " + why);
        }
        requireProduct(root, product, opened.created());
        JournalFault fault = opened.scan().fault();
        String damage = fault == null ? null : fault.sentence();
        if (fault == null || fault.torn()) {
            String missing = missing(folder, disk, confirmed, opened);
            damage = missing == null ? damage : missing;
        }
        var journal =
                new Journal(folder.journal(), disk, segmentBytes, opened.scan().index());
        return new StoreOpening(
                folder, product, null, journal, opened, opened.created().store(), damage);
    }

    /**
     * The missing confirmed records, as a sentence without its full stop; null when none are missing. Must be called
     * before a torn tail is set aside: a damaged confirmed record is not a torn write.
     *
     * @param confirmed read before the journal was, because a writer may have both open; may be null
     */
    private static String missing(StoreFolder folder, Disk disk, LocalCheckpoint.Saved confirmed, OpenedJournal opened)
            throws IOException {
        if (confirmed == null) {
            return null;
        }
        long size = opened.scan().tree().size();
        if (size < confirmed.size()) {
            return folder.journal() + " ends before entry " + size + ", and entries up to " + (confirmed.size() - 1)
                    + " were confirmed: its end was removed or damaged";
        }
        MerkleTree then = size == confirmed.size()
                ? opened.scan().tree()
                : new Journal(folder.journal(), disk, 1, opened.scan().index()).tree(confirmed.size());
        return LocalCheckpoint.Saved.of(then).equals(confirmed)
                ? null
                : folder.journal() + " does not begin with the " + confirmed.size()
                        + " entries that were confirmed: it was changed or replaced";
    }

    private static String newId() {
        byte[] random = new byte[ID_BYTES];
        new SecureRandom().nextBytes(random);
        return HexFormat.of().formatHex(random);
    }

    private static IOException lost(Path root, StoreFolder.Owner owner) {
        return new IOException(root + " belongs to the store " + owner.store() + " of " + owner.created()
                + " but its journal is gone; restore it from a backup, or use another folder");
    }

    /** Like {@link StoreFolder#requireOwner}, for a folder whose owner file is missing because of a crash. */
    private static void requireProduct(Path root, Product product, Entry.StoreCreated created) throws IOException {
        if (!created.product().equals(product.word())) {
            throw new IOException(root + " is the store of "
                    + Product.ofWord(created.product()).described() + ", and " + product.described()
                    + " never opens that; use another folder");
        }
    }

    /** The owner file repeats the first record; it may be missing because of a crash. */
    private static void agree(StoreFolder folder, Disk disk, JournalRecord first) throws IOException {
        StoreFolder.Owner owner = folder.owner();
        var created = (Entry.StoreCreated) first.entry();
        if (owner == null) {
            folder.write(disk, new StoreFolder.Owner(Product.ofWord(created.product()), created.store(), first.at()));
        } else if (!owner.store().equals(created.store())) {
            throw new IOException(folder.root() + " belongs to the store " + owner.store()
                    + " but its journal is that of " + created.store() + "; put the right journal back");
        }
    }
}
