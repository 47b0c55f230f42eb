package io.jenkins.plugins.serverlesspromotion.store;

import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry;
import io.jenkins.plugins.serverlesspromotion.engine.audit.JournalRecord;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Fact;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Lane;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.engine.port.Codec;
import io.jenkins.plugins.serverlesspromotion.engine.release.HiddenValues;
import io.jenkins.plugins.serverlesspromotion.engine.release.Published;
import io.jenkins.plugins.serverlesspromotion.engine.release.ReleaseRef;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Replaces literal values of NoEcho parameters by their fingerprints, wherever a record is shown, exported or written.
 * Only manifests of releases that were published before such values were refused have any. The manifest and the plan
 * that a deployment uses stay unchanged. Safe for use by several threads.
 */
final class HiddenTexts {
    private static final int REMEMBERED = 256;

    private final Codec codec;
    private final FingerprintKey key;
    private final BooleanSupplier any;
    private final Function<ReleaseRef, Published> releases;
    private final Function<String, List<Published>> services;
    private final Map<String, Known> known = new ConcurrentHashMap<>();

    /** By identity, because frequently requested lanes rarely change. Guarded by itself. */
    private final Map<Lane, Shown> shown = new IdentityHashMap<>();

    /**
     * @param any whether a release has a value that must not be shown
     * @param releases gives null for one that was never published
     * @param services every release of a service
     */
    HiddenTexts(
            Codec codec,
            FingerprintKey key,
            BooleanSupplier any,
            Function<ReleaseRef, Published> releases,
            Function<String, List<Published>> services) {
        this.codec = codec;
        this.key = key;
        this.any = any;
        this.releases = releases;
        this.services = services;
    }

    /** Whether there is anything to hide at all; usually there is not, and then no text is examined. */
    boolean any() {
        return any.getAsBoolean();
    }

    private record Known(Published published, HiddenValues values) {}

    /** @param values the replaced values in {@code lane}; fewer are hidden when a template was read since */
    private record Shown(HiddenValues values, Lane lane) {}

    /** The same object when there is nothing to hide. */
    Entry shown(Entry entry) {
        HiddenValues values = of(entry);
        return values.isEmpty() ? entry : codec.replaced(entry, text -> values.replaced(text, key::fingerprint));
    }

    /**
     * The form of an entry that is written. A manifest and a plan stay unchanged: deployments use them, and people
     * approve their digests. Both were created without values that must not be shown.
     */
    Entry written(Entry entry) {
        if (entry instanceof Entry.ReleasePublished) {
            return entry;
        } else if (entry instanceof Entry.LaneAdvanced advanced && advanced.fact() instanceof Fact.Planned) {
            var rest = (Entry.LaneAdvanced)
                    shown(new Entry.LaneAdvanced(new Fact.Reconsidered(""), advanced.events(), advanced.lane()));
            return new Entry.LaneAdvanced(advanced.fact(), rest.events(), rest.lane());
        }
        return shown(entry);
    }

    /** The same object when there is nothing to hide. */
    JournalRecord shown(JournalRecord record) {
        Entry entry = shown(record.entry());
        return entry == record.entry() ? record : new JournalRecord(record.seq(), record.at(), entry);
    }

    /** Empty when a record can be shown as in the journal; otherwise the part that may be shown, as JSON. */
    Optional<byte[]> withheld(byte[] json) {
        if (!any()) {
            return Optional.empty();
        }
        JournalRecord record = codec.decode(json);
        JournalRecord shown = shown(record);
        return shown == record ? Optional.empty() : Optional.of(codec.encode(shown));
    }

    Lane shown(Lane lane) {
        HiddenValues values = of(lane);
        if (values.isEmpty()) {
            return lane;
        }
        synchronized (shown) {
            if (shown.size() >= REMEMBERED) {
                shown.clear();
            }
            Shown known = shown.get(lane);
            if (known == null || !known.values().values().equals(values.values())) {
                known = new Shown(values, shown(lane, new Fact.Reconsidered("")).lane());
                shown.put(lane, known);
            }
            return known.lane();
        }
    }

    Promotion shown(Promotion promotion) {
        var alone = new Lane(LaneId.ofPromotion(promotion.id()), null, List.of(), null, List.of(promotion), 0, 0);
        return of(alone).isEmpty()
                ? promotion
                : shown(alone, new Fact.Reconsidered("")).lane().promotions().get(0);
    }

    Plan shown(Promotion promotion, Plan plan) {
        var alone = new Lane(LaneId.ofPromotion(promotion.id()), null, List.of(), null, List.of(promotion), 0, 0);
        return of(alone).isEmpty()
                ? plan
                : ((Fact.Planned) shown(alone, new Fact.Planned(promotion.id(), 0, plan))
                                .fact())
                        .plan();
    }

    private Entry.LaneAdvanced shown(Lane lane, Fact fact) {
        return (Entry.LaneAdvanced) shown(new Entry.LaneAdvanced(fact, List.of(), lane));
    }

    private HiddenValues of(Entry entry) {
        if (!any()) {
            return HiddenValues.NONE;
        } else if (entry instanceof Entry.ReleasePublished recorded) {
            // NoEcho parameters may have been recorded later.
            Published now = releases.apply(recorded.published().ref());
            return of(now == null ? recorded.published() : now, "");
        } else if (entry instanceof Entry.LaneAdvanced advanced) {
            return of(advanced.lane());
        } else if (entry instanceof Entry.DriftFound found) {
            return ofService(found.lane());
        } else if (entry instanceof Entry.StackRecovered recovered) {
            return ofService(recovered.lane());
        }
        return HiddenValues.NONE;
    }

    private HiddenValues of(Lane lane) {
        if (!any()) {
            return HiddenValues.NONE;
        }
        return of(lane.releases().stream().map(releases).filter(Objects::nonNull), lane.id());
    }

    /** For a record that does not contain the releases of the lane at that time; they may have left the lane since. */
    private HiddenValues ofService(LaneId lane) {
        return of(services.apply(lane.service()).stream(), lane);
    }

    private HiddenValues of(Stream<Published> all, LaneId lane) {
        var values = new LinkedHashSet<String>();
        all.forEach(published -> values.addAll(of(published, lane.environment()).values()));
        return values.isEmpty() ? HiddenValues.NONE : new HiddenValues(values);
    }

    private HiddenValues of(Published published, String environment) {
        String id = published.ref().id() + " " + environment;
        Known found = known.get(id);
        if (found == null || found.published() != published) {
            found = new Known(published, published.hiddenValues(environment));
            known.put(id, found);
        }
        return found.values();
    }
}
