package io.jenkins.plugins.serverlesspromotion.engine.audit;

import io.jenkins.plugins.serverlesspromotion.engine.lane.Event;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Fact;
import io.jenkins.plugins.serverlesspromotion.engine.lane.GateContext.Pause;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Lane;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.ResourceId;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.ResourceOwner;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.engine.policy.RulesChange;
import io.jenkins.plugins.serverlesspromotion.engine.release.Evidence;
import io.jenkins.plugins.serverlesspromotion.engine.release.Provenance;
import io.jenkins.plugins.serverlesspromotion.engine.release.Published;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The content of one journal record. The journal is the audit log: there is no second source. */
public sealed interface Entry {

    /** The first record of a journal. {@code store} is a random id that makes client tokens unique to this store. */
    record StoreCreated(String store, String product) implements Entry {}

    /**
     * Written when opening found something to report.
     *
     * @param finding what it found, for people
     * @param setAside name of the file that a torn tail was moved to; null: there is none, and in older records
     */
    record StoreRepaired(String finding, String setAside) implements Entry {
        /** A report without a file that was set aside. */
        public StoreRepaired(String finding) {
            this(finding, null);
        }

        /** Whether it reports a file that was set aside. Older records name it only in {@code finding}. */
        public boolean reports(String file) {
            return setAside == null ? finding.contains(file) : setAside.equals(file);
        }
    }

    record ReleasePublished(Published published) implements Entry {}

    /**
     * The same bytes were published again.
     *
     * @param provenance the new facts; in older records all known facts. In both cases the union with the earlier facts
     *     is the current provenance
     */
    record ReleasePublishedAgain(String release, Provenance provenance, String by) implements Entry {}

    /**
     * Records the NoEcho parameters of a release that an older version published without reading them.
     *
     * @param release id
     * @param parameters those with NoEcho, each as {@code TARGET.PARAMETER}
     */
    record NoEchoFound(String release, List<String> parameters) implements Entry {
        public NoEchoFound {
            parameters = List.copyOf(parameters);
        }
    }

    /** @param envelope the signed statement as submitted, so that it can be verified again; null: there is none */
    record EvidenceRecorded(Evidence evidence, String envelope) implements Entry {
        /** Unsigned evidence. */
        public EvidenceRecorded(Evidence evidence) {
            this(evidence, null);
        }
    }

    /**
     * @param digest SHA-256 over the whole policy's canonical JSON
     * @param changes who changed which rules, this time and lately: as long as it keeps a person from deciding
     */
    record PolicyApplied(String digest, Policy policy, String by, List<RulesChange> changes) implements Entry {
        public PolicyApplied {
            changes = changes == null ? List.of() : List.copyOf(changes);
        }

        /** A policy that changed no rules. */
        public PolicyApplied(String digest, Policy policy, String by) {
            this(digest, policy, by, List.of());
        }
    }

    record LaneAdvanced(Fact fact, List<Event> events, Lane lane) implements Entry {
        public LaneAdvanced {
            events = List.copyOf(events);
        }
    }

    record Paused(Pause pause) implements Entry {}

    record Resumed(String scope, String by, String reason) implements Entry {}

    /**
     * A person proposed a change of the controller's configuration. Nothing changes until another person accepts it.
     *
     * @param id of the proposal, derived from everything else here: a person who names it has seen exactly this content
     * @param by a user's id
     * @param base digest of the configuration that it would change; for any other configuration the proposal is void
     * @param differences a sentence for each key that changes, from what to what
     * @param content the whole configuration after the change, as the controller stores it
     */
    record ConfigurationProposed(String id, String by, String base, List<String> differences, String content)
            implements Entry {
        public ConfigurationProposed {
            differences = List.copyOf(differences);
        }
    }

    /**
     * The outcome of a proposal. {@code ACCEPTED} comes before anything changes, {@code CARRIED_OUT} or {@code LAPSED}
     * after it; every other outcome is the end.
     *
     * @param proposal id
     * @param by a user's id
     * @param reason null where none was given
     */
    record ConfigurationSettled(String proposal, Outcome outcome, String by, String reason) implements Entry {
        /** The outcomes of a proposal. */
        public enum Outcome {
            ACCEPTED,
            CARRIED_OUT,
            REJECTED,
            WITHDRAWN,
            /** The configuration that it would have changed is no longer in force. */
            LAPSED
        }
    }

    /**
     * A user or a build attempted something that is not allowed.
     *
     * @param what in words: {@code publish orders 1.4.2}
     * @param people ids of the people behind {@code who} where that is a build, and {@code unknown} where there are
     *     more who could not be established; empty in older records
     * @param promotion id of the promotion that it is about; null: there is none, and in older records
     */
    record Refused(String who, String what, String why, List<String> people, String promotion) implements Entry {
        public Refused {
            people = people == null ? List.of() : List.copyOf(people);
        }

        /** A refusal about no promotion. */
        public Refused(String who, String what, String why, List<String> people) {
            this(who, what, why, people, null);
        }

        /** A refusal of a person, or of a build without known people. */
        public Refused(String who, String what, String why) {
            this(who, what, why, List.of());
        }

        /** Whether it is about a promotion. Older records have its id only as a word in {@code what}. */
        public boolean concerns(String id) {
            return promotion == null ? List.of(what.split(" ")).contains(id) : promotion.equals(id);
        }
    }

    /**
     * A person recovered a stuck stack. One record is written before, with {@code to} and {@code detail} null, and one
     * after.
     *
     * @param stack ARN
     * @param from state of the stack, as CloudFormation calls it
     * @param choice name of a {@link io.jenkins.plugins.serverlesspromotion.engine.port.Recoverer.RecoveryAction}
     * @param resources logical ids, where the action needs them
     */
    record StackRecovered(
            LaneId lane,
            String step,
            String stack,
            String from,
            String choice,
            List<String> resources,
            String by,
            String reason,
            String to,
            String detail,
            List<String> requests)
            implements Entry {
        public StackRecovered {
            resources = List.copyOf(resources);
            requests = List.copyOf(requests);
        }
    }

    /**
     * Drift was found: the live state of targets differs from what was promoted. Only newly found targets are listed.
     *
     * @param promotion that deployed the live release
     * @param targets the differences, by the target's key
     * @param by who started the comparison: {@code user:olga} or {@code schedule}
     */
    record DriftFound(LaneId lane, String promotion, String release, Map<String, List<String>> targets, String by)
            implements Entry {
        public DriftFound {
            targets = Collections.unmodifiableMap(new TreeMap<>(targets));
        }
    }

    /**
     * Drift ended: the targets are again as promoted, or no longer part of the live release.
     *
     * @param targets keys of those that had drifted
     */
    record DriftGone(LaneId lane, String promotion, String release, List<String> targets, String by) implements Entry {
        public DriftGone {
            targets = List.copyOf(targets);
        }
    }

    /**
     * A person decided who owns a resource, where lanes disagree or no rule names an owner. The last decision counts.
     *
     * @param by {@code user:olga}
     */
    record OwnerDecided(ResourceId resource, ResourceOwner owner, String by, String reason) implements Entry {}
}
