package io.jenkins.plugins.serverlesspromotion.store;

import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Fact;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.engine.port.Codec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads plans of finished promotions from the journal, and caches those that were read last. */
final class RecordedPlans {
    private static final int REMEMBERED = 64;

    private final Journal journal;
    private final Codec codec;

    /** By the numbers of their records. Guarded by this. */
    private final Map<Long, Plan> plans = new Remembered();

    RecordedPlans(Journal journal, Codec codec) {
        this.journal = journal;
        this.codec = codec;
    }

    /**
     * The plan in the record {@code seq}.
     *
     * @throws UncheckedIOException when the record cannot be read
     */
    synchronized Plan read(long seq) {
        Plan known = plans.get(seq);
        if (known == null) {
            known = readRecord(seq);
            plans.put(seq, known);
        }
        return known;
    }

    private Plan readRecord(long seq) {
        try {
            var advanced =
                    (Entry.LaneAdvanced) codec.decode(journal.read(seq).json()).entry();
            return ((Fact.Planned) advanced.fact()).plan();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The entry that was unused for longest is dropped first. */
    private static final class Remembered extends LinkedHashMap<Long, Plan> {
        private static final long serialVersionUID = 1;

        Remembered() {
            super(16, 0.75f, true);
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Plan> eldest) {
            return size() > REMEMBERED;
        }
    }
}
