package io.jenkins.plugins.serverlesspromotion.store;

import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry;
import io.jenkins.plugins.serverlesspromotion.engine.audit.JournalRecord;
import io.jenkins.plugins.serverlesspromotion.engine.port.Codec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The result of reading a journal: the places of its records and the views derived from them. */
final class OpenedJournal {
    private final JournalScan scan;
    private Views views = new Views();
    private ViewsCache cache = new ViewsCache();
    private final List<Entry.StoreRepaired> repairs = new ArrayList<>();
    private long cached;
    private Entry.StoreCreated created;

    OpenedJournal(StoreFolder folder, Codec codec) throws IOException {
        ViewsCache.Saved saved = ViewsCache.load(folder.views());
        if (saved != null) {
            cache.startFrom(saved, views::restorePlan);
            var skip = new JournalScan.Skip(saved.size(), saved.root(), saved.records());
            JournalScan quick = JournalScan.of(folder.journal(), codec, skip, this::accept);
            if (quick.skipped()) {
                scan = quick;
                cached = saved.size();
                return;
            }
            views = new Views();
            cache = new ViewsCache();
            repairs.clear();
            created = null;
        }
        scan = JournalScan.of(folder.journal(), codec, JournalScan.Skip.NOTHING, this::accept);
    }

    private void accept(JournalRecord record) {
        views.apply(record);
        cache.accept(record);
        if (record.entry() instanceof Entry.StoreCreated creation) {
            created = creation;
        } else if (record.entry() instanceof Entry.StoreRepaired repaired) {
            repairs.add(repaired);
        }
    }

    JournalScan scan() {
        return scan;
    }

    Views views() {
        return views;
    }

    ViewsCache cache() {
        return cache;
    }

    /** The number of records that the cache on disk covered, 0 when it could not be used. */
    long cached() {
        return cached;
    }

    /** The first record's content, null when there is no record. */
    Entry.StoreCreated created() {
        return created;
    }

    /** The findings that earlier openings reported. */
    List<Entry.StoreRepaired> repairs() {
        return repairs;
    }
}
