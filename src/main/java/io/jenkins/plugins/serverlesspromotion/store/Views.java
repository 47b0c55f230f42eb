package io.jenkins.plugins.serverlesspromotion.store;

import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry;
import io.jenkins.plugins.serverlesspromotion.engine.audit.JournalRecord;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Event;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Fact;
import io.jenkins.plugins.serverlesspromotion.engine.lane.GateContext.Pause;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Lane;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.ResourceId;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.ResourceOwner;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.engine.port.Proposal;
import io.jenkins.plugins.serverlesspromotion.engine.release.Evidence;
import io.jenkins.plugins.serverlesspromotion.engine.release.Published;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;

/**
 * The state derived from a journal: a fold over its records, without other inputs. The plans of promotions that have
 * ended stay in the journal, everything else is in memory. Not safe for use by several threads.
 */
final class Views {
    private static final Comparator<List<String>> BY_TEXTS =
            Comparator.<List<String>, String>comparing(texts -> texts.get(0)).thenComparing(texts -> texts.get(1));

    private final Map<LaneId, Lane> lanes = new TreeMap<>();
    /** By id within each lane, in the order in which they were first seen, which is that of their requests. */
    private final Map<LaneId, Map<String, Promotion>> promotions = new HashMap<>();
    /** By version within each service, in the order of publication. */
    private final Map<String, Map<String, Published>> releases = new TreeMap<>();

    /** Ids of releases whose manifest has values that must not be shown. */
    private final Set<String> hiding = new HashSet<>();

    /** By kind and producer for each release. */
    private final Map<String, Map<List<String>, Evidence>> evidence = new HashMap<>();

    /** Statement and key of all signed evidence, for each release. */
    private final Map<String, Set<List<String>>> statements = new HashMap<>();

    private final Map<String, Plan> openPlans = new HashMap<>();
    private final Map<String, Long> planRecords = new HashMap<>();
    private final Map<String, Pause> pauses = new LinkedHashMap<>();
    private final Map<String, Proposal> proposals = new LinkedHashMap<>();
    private final Map<ResourceId, ResourceOwner> owners = new TreeMap<>();
    private Entry.PolicyApplied policy;

    /**
     * @throws IllegalArgumentException when the entry refers to something that is not in this journal, or lacks a
     *     member that the views keep
     */
    void check(Entry entry) {
        complete(entry);
        if (entry instanceof Entry.ReleasePublishedAgain again
                && find(again.release()).isEmpty()) {
            throw new IllegalArgumentException("release " + again.release() + " was published again but never before");
        }
    }

    /** A missing member would be noticed only by the first reader, who cannot name the line. */
    private static void complete(Entry entry) {
        if (entry instanceof Entry.OwnerDecided decided) {
            required("resource", decided.resource());
            required("owner", decided.owner());
            required("owner.service", decided.owner().service());
            required("owner.environment", decided.owner().environment());
        } else if (entry instanceof Entry.PolicyApplied applied) {
            required("digest", applied.digest());
            required("policy", applied.policy());
        } else if (entry instanceof Entry.Paused paused) {
            required("pause", paused.pause());
            required("pause.scope", paused.pause().scope());
        } else if (entry instanceof Entry.Resumed resumed) {
            required("scope", resumed.scope());
        } else if (entry instanceof Entry.ConfigurationProposed proposed) {
            required("id", proposed.id());
        } else if (entry instanceof Entry.ConfigurationSettled settled) {
            required("proposal", settled.proposal());
            required("outcome", settled.outcome());
        }
    }

    private static void required(String member, Object value) {
        if (value == null) {
            throw new IllegalArgumentException("it has no '" + member + "', which every record of its kind has");
        }
    }

    /** @throws IllegalArgumentException like {@link #check}, without any change */
    void apply(JournalRecord record) {
        check(record.entry());
        if (record.entry() instanceof Entry.LaneAdvanced advanced) {
            apply(record.seq(), advanced);
        } else if (record.entry() instanceof Entry.ReleasePublished published) {
            put(published.published());
        } else if (record.entry() instanceof Entry.ReleasePublishedAgain again) {
            Published before = find(again.release()).orElseThrow();
            put(before.with(before.provenance().and(again.provenance())));
        } else if (record.entry() instanceof Entry.EvidenceRecorded recorded) {
            Evidence found = recorded.evidence();
            evidence.computeIfAbsent(found.release(), release -> new TreeMap<>(BY_TEXTS))
                    .put(List.of(found.kind(), found.producer()), found);
            if (found.signed() != null) {
                statements
                        .computeIfAbsent(found.release(), release -> new HashSet<>())
                        .add(identity(found.signed()));
            }
        } else if (record.entry() instanceof Entry.PolicyApplied applied) {
            policy = applied;
        } else if (record.entry() instanceof Entry.Paused paused) {
            // Pausing again starts a new pause, also in the order of pauses.
            pauses.remove(paused.pause().scope());
            pauses.put(paused.pause().scope(), paused.pause());
        } else if (record.entry() instanceof Entry.Resumed resumed) {
            pauses.remove(resumed.scope());
        } else if (record.entry() instanceof Entry.ConfigurationProposed proposed) {
            proposals.put(proposed.id(), new Proposal(proposed, record.at(), null));
        } else if (record.entry() instanceof Entry.ConfigurationSettled settled) {
            settle(settled);
        } else if (record.entry() instanceof Entry.NoEchoFound found) {
            find(found.release()).ifPresent(published -> put(published.withNoEcho(found.parameters())));
        } else if (record.entry() instanceof Entry.OwnerDecided decided) {
            owners.put(decided.resource(), decided.owner());
        }
    }

    private void settle(Entry.ConfigurationSettled settled) {
        if (settled.outcome() == Entry.ConfigurationSettled.Outcome.ACCEPTED) {
            proposals.computeIfPresent(settled.proposal(), (id, proposal) -> proposal.acceptedBy(settled.by()));
        } else {
            proposals.remove(settled.proposal());
        }
    }

    private void apply(long seq, Entry.LaneAdvanced advanced) {
        Lane lane = advanced.lane();
        lanes.put(lane.id(), lane);
        Map<String, Promotion> known = promotions.computeIfAbsent(lane.id(), id -> new LinkedHashMap<>());
        lane.promotions().forEach(promotion -> known.put(promotion.id(), promotion));
        plannedBy(advanced).ifPresent(planned -> {
            planRecords.put(planned.promotion(), seq);
            openPlans.put(planned.promotion(), planned.plan());
        });
        lane.promotions().stream()
                .filter(promotion -> promotion.state().isOver())
                .forEach(promotion -> openPlans.remove(promotion.id()));
    }

    /**
     * The plan in a record. A plan that came too late is recorded but not used: then the lane has no plan from this
     * record.
     */
    static Optional<Fact.Planned> plannedBy(Entry.LaneAdvanced advanced) {
        return advanced.fact() instanceof Fact.Planned planned
                        && advanced.events().stream()
                                .anyMatch(event -> event.type() == Event.Type.PLANNED
                                        && planned.promotion().equals(event.promotion()))
                ? Optional.of(planned)
                : Optional.empty();
    }

    /** Registers the place of the plan of a promotion that has ended, without applying its record. */
    void restorePlan(String promotion, long seq) {
        planRecords.put(promotion, seq);
    }

    private void put(Published published) {
        releases.computeIfAbsent(published.release().service(), service -> new LinkedHashMap<>())
                .put(published.release().version(), published);
        if (published.hiddenValues("").isEmpty()) {
            hiding.remove(published.ref().id());
        } else {
            hiding.add(published.ref().id());
        }
    }

    /** @param id {@code orders@1.4.2} */
    private Optional<Published> find(String id) {
        int at = id.indexOf('@');
        return at < 0 ? Optional.empty() : release(id.substring(0, at), id.substring(at + 1));
    }

    Lane lane(LaneId id) {
        Lane lane = lanes.get(id);
        return lane == null ? Lane.empty(id) : lane;
    }

    List<LaneId> lanes() {
        return List.copyOf(lanes.keySet());
    }

    /** Whether a release has a value that must not be shown. */
    boolean hides() {
        return !hiding.isEmpty();
    }

    Optional<Published> release(String service, String version) {
        return Optional.ofNullable(releases.getOrDefault(service, Map.of()).get(version));
    }

    List<Published> releases(String service) {
        return newestFirst(releases.getOrDefault(service, Map.of()));
    }

    /** In the order of kinds and producers. */
    List<Evidence> evidence(String release) {
        return List.copyOf(evidence.getOrDefault(release, Map.of()).values());
    }

    boolean knows(String release, Evidence.Signed signed) {
        return statements.getOrDefault(release, Set.of()).contains(identity(signed));
    }

    private static List<String> identity(Evidence.Signed signed) {
        return List.of(signed.statement(), signed.key());
    }

    List<String> services() {
        return List.copyOf(releases.keySet());
    }

    Optional<Promotion> promotion(String id) {
        LaneId lane;
        try {
            lane = LaneId.ofPromotion(id);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        return Optional.ofNullable(promotions.getOrDefault(lane, Map.of()).get(id));
    }

    List<Promotion> promotions(LaneId lane) {
        return newestFirst(promotions.getOrDefault(lane, Map.of()));
    }

    private static <T> List<T> newestFirst(Map<String, T> inOrder) {
        var list = new ArrayList<>(inOrder.values());
        Collections.reverse(list);
        return List.copyOf(list);
    }

    /** The newest plan of a promotion that has not ended. */
    Optional<Plan> openPlan(String promotion) {
        return Optional.ofNullable(openPlans.get(promotion));
    }

    /** The record with the newest plan of a promotion. */
    OptionalLong planRecord(String promotion) {
        Long seq = planRecords.get(promotion);
        return seq == null ? OptionalLong.empty() : OptionalLong.of(seq);
    }

    Optional<Entry.PolicyApplied> policy() {
        return Optional.ofNullable(policy);
    }

    Map<ResourceId, ResourceOwner> decidedOwners() {
        return Map.copyOf(owners);
    }

    List<Proposal> proposals() {
        return List.copyOf(proposals.values());
    }

    /** In the order in which they began. */
    List<Pause> pauses() {
        return List.copyOf(pauses.values());
    }
}
