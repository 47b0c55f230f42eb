package io.jenkins.plugins.serverlesspromotion.engine.lane;

import io.jenkins.plugins.serverlesspromotion.engine.lane.GateContext.LiveInterval;
import io.jenkins.plugins.serverlesspromotion.engine.lane.GateContext.Other;
import io.jenkins.plugins.serverlesspromotion.engine.lane.GateContext.ReleaseFacts;
import io.jenkins.plugins.serverlesspromotion.engine.policy.EvidenceKey;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Gate;
import io.jenkins.plugins.serverlesspromotion.engine.policy.LaneRules;
import io.jenkins.plugins.serverlesspromotion.engine.policy.LaneRules.Route;
import io.jenkins.plugins.serverlesspromotion.engine.release.Evidence;
import io.jenkins.plugins.serverlesspromotion.engine.release.Evidence.Result;
import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest;
import io.jenkins.plugins.serverlesspromotion.engine.release.VersionRange;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Evaluates the gates about the release: where it was live, what it requires, and its evidence. */
final class ReleaseGates {
    private static final String KEY = "key:";

    private final Lane lane;
    private final Promotion promotion;
    private final GateContext around;
    private final Instant now;
    private final LaneRules rules;

    /** Null: nothing is known about the release, so no gate that needs such facts passes. */
    private final ReleaseFacts releaseFacts;

    /** @param around with rules */
    ReleaseGates(Lane lane, Promotion promotion, GateContext around, Instant now) {
        this.lane = lane;
        this.promotion = promotion;
        this.around = around;
        this.now = now;
        this.rules = around.rules();
        this.releaseFacts = around.known(promotion).orElse(null);
    }

    private String release() {
        return promotion.release().id();
    }

    private GateStatus unknown(GateStatus.Kind gate) {
        return GateStatus.pending(gate, "cannot establish what was published with " + release());
    }

    /**
     * An environment accepts only a release that succeeded, with the same bytes, in the environment before it on the
     * path.
     */
    Optional<GateStatus> path() {
        if (!rules.routes().isEmpty() && releaseFacts == null) {
            return Optional.of(unknown(GateStatus.Kind.PATH));
        }
        String branch = releaseFacts == null ? null : releaseFacts.branch();
        Optional<Route> route = rules.route(branch);
        if (route.isEmpty()) {
            return Optional.of(GateStatus.blocked(
                    GateStatus.Kind.PATH,
                    "no path of " + rules.service() + " takes releases "
                            + (branch == null ? "without a branch" : "of branch " + branch)));
        }
        if (!route.get().leadsHere()) {
            return Optional.of(GateStatus.blocked(
                    GateStatus.Kind.PATH,
                    release() + " takes the path " + route.get().path() + ", which does not lead through "
                            + lane.id().environment()));
        }
        String before = route.get().before();
        if (before == null) {
            return rules.routes().isEmpty()
                    ? Optional.empty()
                    : Optional.of(GateStatus.passed(
                            GateStatus.Kind.PATH, "the path " + route.get().path() + " begins here"));
        }
        Optional<LiveInterval> stay = around.stay(before, promotion.release().digest());
        return Optional.of(stay.map(s -> GateStatus.passed(
                        GateStatus.Kind.PATH,
                        Sentence.of("succeeded in " + before).at(s.since())))
                .orElseGet(() -> GateStatus.pending(
                                GateStatus.Kind.PATH,
                                "waiting for " + release() + " to succeed in " + before + " first")
                        .helpedBy(List.of(before))));
    }

    /** An older release never overtakes a newer one unless it is a rollback. */
    Optional<GateStatus> order() {
        if (lane.live() == null
                || lane.live().release().number() <= promotion.release().number()) {
            return Optional.empty();
        }
        return Optional.of(GateStatus.blocked(
                GateStatus.Kind.ORDER,
                promotion.release().version() + " is older than "
                        + lane.live().release().version() + ", which is live here; use a rollback to go back"));
    }

    Optional<GateStatus> hold() {
        return lane.holds().stream()
                .filter(h -> h.standsAt(now))
                // The one that ends last, and one without an end before all: the gate opens when none is left.
                .max(Comparator.comparing(LaneHold::until, Comparator.nullsLast(Comparator.naturalOrder())))
                .map(h -> GateStatus.pending(
                                GateStatus.Kind.HOLD,
                                h.kind() == LaneHold.Kind.ROLLBACK
                                        ? "on hold since a rollback by " + h.by() + " (" + h.reason()
                                                + "); release the hold to continue"
                                        : "on hold by " + h.by() + " (" + h.reason() + ")")
                        .until(h.until()));
    }

    Optional<GateStatus> containsLive() {
        if (lane.live() == null
                || rules.gates(Gate.ContainsLive.class).findAny().isEmpty()) {
            return Optional.empty();
        }
        String live = lane.live().release().id();
        if (lane.live().release().digest().equals(promotion.release().digest())) {
            return Optional.of(GateStatus.passed(GateStatus.Kind.CONTAINS_LIVE, live + " is live here itself"));
        }
        ReleaseFacts there = around.releases().get(lane.live().release().digest());
        if (releaseFacts == null || there == null || there.revision() == null) {
            return Optional.of(GateStatus.pending(
                    GateStatus.Kind.CONTAINS_LIVE,
                    "cannot establish of which commit "
                            + (there == null || there.revision() == null
                                    ? live + " is, which is live here"
                                    : release() + " is")));
        }
        String what = there.revision() + ", the commit of " + live + ", which is live here";
        return Optional.of(
                releaseFacts.contains(there.revision())
                        ? GateStatus.passed(GateStatus.Kind.CONTAINS_LIVE, "contains " + what)
                        : GateStatus.blocked(
                                GateStatus.Kind.CONTAINS_LIVE,
                                "is not known to contain " + what + "; merge it and publish again"));
    }

    /** The services that the release requires must be live here; policy cannot disable this. */
    List<GateStatus> dependencies() {
        return releaseFacts == null
                ? List.of(unknown(GateStatus.Kind.DEPENDENCY))
                : releaseFacts.requires().stream()
                        .map(wanted -> dependency(wanted).outside(wanted.service(), withoutFacts(wanted)))
                        .toList();
    }

    /** The manifest names services and versions, so everyone who may see the release knows them. */
    private static String withoutFacts(Manifest.Requires wanted) {
        return "needs " + wanted.service() + " " + wanted.version() + "; what is live of " + wanted.service()
                + " is shown to those who may see that service";
    }

    private GateStatus dependency(Manifest.Requires wanted) {
        String service = wanted.service();
        String what = service + " " + wanted.version();
        Other other = around.others().getOrDefault(service, new Other(null, false));
        List<String> helpers = List.of(service);
        if (other.changing()) {
            return GateStatus.pending(
                            GateStatus.Kind.DEPENDENCY,
                            "needs " + what + "; " + service + " is being deployed here now")
                    .helpedBy(helpers);
        }
        if (other.version() == null) {
            return GateStatus.pending(
                            GateStatus.Kind.DEPENDENCY,
                            "needs " + what + "; no release of " + service + " is live here as a whole yet")
                    .helpedBy(helpers);
        }
        Optional<Boolean> within;
        try {
            within = new VersionRange(wanted.version()).contains(other.version());
        } catch (IllegalArgumentException e) {
            return GateStatus.blocked(
                    GateStatus.Kind.DEPENDENCY, "needs " + what + ", which cannot be checked: " + e.getMessage());
        }
        if (within.isEmpty()) {
            return GateStatus.pending(
                            GateStatus.Kind.DEPENDENCY,
                            "needs " + what + "; " + other.version()
                                    + " is live here, which has no place in an order of versions")
                    .helpedBy(helpers);
        }
        return within.get()
                ? GateStatus.passed(
                        GateStatus.Kind.DEPENDENCY, "needs " + what + "; " + other.version() + " is live here")
                : GateStatus.pending(
                                GateStatus.Kind.DEPENDENCY, "needs " + what + "; " + other.version() + " is live here")
                        .helpedBy(helpers);
    }

    /** One status for each kind of evidence that policy requires. */
    List<GateStatus> evidence() {
        return rules.gates(Gate.Evidence.class).map(this::evidence).toList();
    }

    private GateStatus evidence(Gate.Evidence wanted) {
        if (releaseFacts == null) {
            return unknown(GateStatus.Kind.EVIDENCE);
        }
        // The newest of each producer counts: a passed run does not compensate for a failed run of another producer.
        List<Evidence> counted = releaseFacts.evidence().stream()
                .filter(e -> e.kind().equals(wanted.kind()))
                .filter(e -> wanted.counts(e.producer()) && proved(e))
                .collect(
                        Collectors.groupingBy(Evidence::producer, Collectors.maxBy(Comparator.comparing(Evidence::at))))
                .values()
                .stream()
                .flatMap(Optional::stream)
                .sorted(Comparator.comparing(Evidence::at).thenComparing(Evidence::producer))
                .toList();
        Optional<Evidence> failed =
                counted.stream().filter(e -> e.result() == Result.FAILED).findFirst();
        if (failed.isPresent()) {
            return GateStatus.blocked(GateStatus.Kind.EVIDENCE, sentence(wanted.kind() + " failed: ", failed.get()))
                    .helpedBy(wanted.from());
        }
        Optional<Evidence> newest = counted.isEmpty() ? Optional.empty() : Optional.of(counted.get(counted.size() - 1));
        if (newest.isEmpty()) {
            return GateStatus.pending(
                            GateStatus.Kind.EVIDENCE,
                            Sentence.of("waiting for " + wanted.kind() + " of " + release() + " by ")
                                    .byAny(wanted.from(), " or "))
                    .helpedBy(wanted.from());
        }
        Instant end = wanted.maxAge() == null ? null : newest.get().at().plus(wanted.maxAge());
        if (end != null && !now.isBefore(end)) {
            return GateStatus.pending(
                            GateStatus.Kind.EVIDENCE,
                            sentence(
                                    wanted.kind() + " may be " + words(wanted.maxAge()) + " old and is older: ",
                                    newest.get()))
                    .helpedBy(wanted.from());
        }
        return GateStatus.passed(GateStatus.Kind.EVIDENCE, sentence(wanted.kind() + " passed: ", newest.get()))
                .until(end);
    }

    /** Evidence of a key counts while policy trusts exactly that key: a leaked key is removed from the policy. */
    private boolean proved(Evidence evidence) {
        if (!evidence.producer().startsWith(KEY)) {
            return true;
        }
        EvidenceKey key = rules.evidenceKeys().get(evidence.producer().substring(KEY.length()));
        return key != null
                && evidence.signed() != null
                && key.fingerprint().equals(evidence.signed().key());
    }

    private static Sentence sentence(String what, Evidence evidence) {
        return Sentence.of(what)
                .by(evidence.producer())
                .then(evidence.run() == null ? "" : " #" + evidence.run())
                .at(evidence.at())
                .then(evidence.detail() == null ? "" : " (" + evidence.detail() + ")");
    }

    Optional<GateStatus> ticket() {
        return Tickets.gate(promotion, around);
    }

    static String words(Duration duration) {
        return Stream.of(
                        duration.toDays() > 0 ? duration.toDays() + " d" : "",
                        duration.toHoursPart() > 0 ? duration.toHoursPart() + " h" : "",
                        duration.toMinutesPart() > 0 ? duration.toMinutesPart() + " min" : "",
                        duration.toMinutes() == 0 ? duration.toSeconds() + " s" : "")
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining(" "));
    }
}
