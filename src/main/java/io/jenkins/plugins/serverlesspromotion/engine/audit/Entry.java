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

/** What one journal record says. The journal is the audit log: there is no second truth beside it. */
public sealed interface Entry {

    /** The first record of a journal. {@code store} is a random id that makes client tokens this store's own. */
    record StoreCreated(String store, String product) implements Entry {}

    /**
     * Written when opening found something to report.
     *
     * @param finding what it found, for people
     * @param setAside name of the file that a torn tail was moved to; null: of none, and in older records
     */
    record StoreRepaired(String finding, String setAside) implements Entry {
        /** Of which nothing was set aside. */
        public StoreRepaired(String finding) {
            this(finding, null);
        }

        /** Whether it reports a file that was set aside. Older records name it in {@code finding} and nowhere else. */
        public boolean reports(String file) {
            return setAside == null ? finding.contains(file) : setAside.equals(file);
        }
    }

    record ReleasePublished(Published published) implements Entry {}

    /**
     * The same bytes were published again.
     *
     * @param provenance what is known now and was not known before; in older records all that is known. In both cases the
     *     union with what was known before is what is known now
     */
    record ReleasePublishedAgain(String release, Provenance provenance, String by) implements Entry {}

    /**
     * The template of a release that was published before NoEcho was read was read now.
     *
     * @param release id
     * @param parameters those with NoEcho, each as {@code TARGET.PARAMETER}
     */
    record NoEchoFound(String release, List<String> parameters) implements Entry {
        public NoEchoFound {
            parameters = List.copyOf(parameters);
        }
    }

    /** @param envelope the signed statement as it was handed in, so that it can be verified again; null: there is none */
    record EvidenceRecorded(Evidence evidence, String envelope) implements Entry {
        /** Of which nothing is signed. */
        public EvidenceRecorded(Evidence evidence) {
            this(evidence, null);
        }
    }

    /**
     * @param digest SHA-256 over the whole policy's canonical JSON
     * @param changes who changed which rules, this time and lately: as long as it keeps somebody from deciding
     */
    record PolicyApplied(String digest, Policy policy, String by, List<RulesChange> changes) implements Entry {
        public PolicyApplied {
            changes = changes == null ? List.of() : List.copyOf(changes);
        }

        /** One that changed nobody's rules. */
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
     * Somebody proposed to change what a controller is configured with. Nothing changes until somebody else accepts it.
     *
     * @param id of the proposal: it follows from everything else here, so whoever names it has seen exactly this
     * @param by a user's id
     * @param base digest of the configuration that it would change; of any other one it is no longer a proposal
     * @param differences a sentence for each key that changes, from what to what
     * @param content all of what would then be configured, as the controller keeps it
     */
    record ConfigurationProposed(String id, String by, String base, List<String> differences, String content)
            implements Entry {
        public ConfigurationProposed {
            differences = List.copyOf(differences);
        }
    }

    /**
     * What became of a proposal. {@code ACCEPTED} comes before anything changes, {@code CARRIED_OUT} or {@code LAPSED}
     * after it; every other outcome is the end.
     *
     * @param proposal id
     * @param by a user's id
     * @param reason null where none was given
     */
    record ConfigurationSettled(String proposal, Outcome outcome, String by, String reason) implements Entry {
        /** How a proposal ends, or begins to. */
        public enum Outcome {
            ACCEPTED,
            CARRIED_OUT,
            REJECTED,
            WITHDRAWN,
            /** What it would have changed is no longer configured. */
            LAPSED
        }
    }

    /**
     * Somebody tried what they may not.
     *
     * @param what in words: {@code publish orders 1.4.2}
     * @param people ids of the people behind {@code who} where that is a build, and {@code unknown} where there are more
     *     who could not be established; empty in older records
     * @param promotion id of the promotion that it is about; null: of none, and in older records
     */
    record Refused(String who, String what, String why, List<String> people, String promotion) implements Entry {
        public Refused {
            people = people == null ? List.of() : List.copyOf(people);
        }

        /** About no promotion. */
        public Refused(String who, String what, String why, List<String> people) {
            this(who, what, why, people, null);
        }

        /** By a person, or by a build of which the people are not known. */
        public Refused(String who, String what, String why) {
            this(who, what, why, List.of());
        }

        /** Whether it is about a promotion. Older records have its id as a word of {@code what} and nowhere else. */
        public boolean concerns(String id) {
            return promotion == null ? List.of(what.split(" ")).contains(id) : promotion.equals(id);
        }
    }

    /**
     * Somebody had a stuck stack treated: once before anything is done, with {@code to} and {@code detail} null, and once
     * after.
     *
     * @param stack ARN
     * @param from state of the stack, as CloudFormation calls it
     * @param choice name of a {@link io.jenkins.plugins.serverlesspromotion.engine.port.Recoverer.RecoveryAction}
     * @param resources logical ids, where the choice takes some
     */
    record StackTreated(
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
        public StackTreated {
            resources = List.copyOf(resources);
            requests = List.copyOf(requests);
        }
    }

    /**
     * What is live was found to be otherwise than it was promoted, of targets of which that was not known before.
     *
     * @param promotion that brought what is live there
     * @param targets what is otherwise, by the target's key
     * @param by who looked: {@code user:olga} or {@code schedule}
     */
    record DriftFound(LaneId lane, String promotion, String release, Map<String, List<String>> targets, String by)
            implements Entry {
        public DriftFound {
            targets = Collections.unmodifiableMap(new TreeMap<>(targets));
        }
    }

    /**
     * What had drifted is as it was promoted again, or no longer part of what is live.
     *
     * @param targets keys of those that had drifted
     */
    record DriftGone(LaneId lane, String promotion, String release, List<String> targets, String by) implements Entry {
        public DriftGone {
            targets = List.copyOf(targets);
        }
    }

    /**
     * A person decided whose a resource is, where lanes disagree or nothing says so. The last decision counts.
     *
     * @param by {@code user:olga}
     */
    record OwnerDecided(ResourceId resource, ResourceOwner owner, String by, String reason) implements Entry {}
}
