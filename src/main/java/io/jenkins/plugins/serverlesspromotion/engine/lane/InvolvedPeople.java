package io.jenkins.plugins.serverlesspromotion.engine.lane;

import io.jenkins.plugins.serverlesspromotion.engine.lane.GateContext.ReleaseFacts;
import io.jenkins.plugins.serverlesspromotion.engine.lane.PeopleStatements.AuthorsAttestation;
import io.jenkins.plugins.serverlesspromotion.engine.lane.PeopleStatements.RequestersStatement;
import io.jenkins.plugins.serverlesspromotion.engine.lane.PromotionDecisions.Request;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Gate;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Gate.Authors;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Gate.Requirement;
import io.jenkins.plugins.serverlesspromotion.engine.policy.LaneRules;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Person;
import io.jenkins.plugins.serverlesspromotion.engine.policy.RulesChange;
import io.jenkins.plugins.serverlesspromotion.engine.release.Provenance;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Determines who requested a promotion and who wrote its changes, as far as that is established. These people's
 * decisions about it do not count.
 */
final class InvolvedPeople {
    /** Limit of names: more would not help the reader. */
    private static final int NAMED = 3;

    private final Promotion promotion;
    private final Gate.Approval rule;
    private final LaneRules rules;
    private final List<RulesChange> changes;
    private final Instant now;

    /** Roles whose people can make valid statements here. */
    private final List<Requirement> trusted;

    /** The requesters, without those who are requesters only by a statement. */
    private final Set<String> established;

    /** Every id that one of the requesters may have. */
    private final Set<String> requesters;

    /** Null: authors may decide. */
    private final Authorship authorship;

    private final List<String> publishers;

    /** Releases whose authors may not all be recorded and were not stated either. */
    private final List<String> incomplete;

    private final MembershipSnapshot membershipSnapshot;
    private final PersonNames names;

    /**
     * @param trusted roles whose people can make valid statements here
     * @param around with rules
     */
    InvolvedPeople(
            Promotion promotion, Gate.Approval rule, List<Requirement> trusted, GateContext around, Instant now) {
        this.promotion = promotion;
        this.trusted = trusted;
        this.rule = rule;
        this.rules = around.rules();
        this.changes = around.changes();
        this.now = now;
        this.membershipSnapshot = new MembershipSnapshot(promotion.membership());
        Optional<ReleaseFacts> known = around.known(promotion);
        // A publisher requested it as much as a later requester did.
        this.publishers = known.map(ReleaseFacts::publishers).orElse(List.of());
        this.established = new TreeSet<>();
        promotion.requests().forEach(r -> established.addAll(r.people()));
        publishers.stream()
                .filter(p -> p.startsWith("user:"))
                .forEach(p -> established.add(p.substring("user:".length())));
        this.names = new PersonNames(rules);
        // People whom any statement names are excluded, even when it does not count: the set of excluded people only
        // grows.
        this.requesters = names.all(established);
        promotion.requestersStated().forEach(s -> requesters.addAll(names.all(s.people())));
        this.authorship = rule.authors() == null
                ? null
                : new Authorship(
                        known.map(ReleaseFacts::authors).orElse(List.of()), attestedPeople(any -> true), names);
        Set<String> attested = promotion.authorsAttested().stream()
                .filter(this::counts)
                .map(AuthorsAttestation::release)
                .collect(Collectors.toSet());
        this.incomplete = known
                .map(ReleaseFacts::incomplete)
                .orElse(List.of(promotion.release().id()))
                .stream()
                .filter(r -> !attested.contains(r))
                .toList();
    }

    private List<String> attestedPeople(Predicate<AuthorsAttestation> which) {
        return promotion.authorsAttested().stream()
                .filter(which)
                .flatMap(a -> a.people().stream())
                .toList();
    }

    private boolean counts(RequestersStatement statement) {
        return whyNotCounted(statement.person(), statement.at()).isEmpty();
    }

    private boolean counts(AuthorsAttestation attestation) {
        return whyNotCounted(attestation.person(), attestation.at()).isEmpty();
    }

    /**
     * Why a statement or attestation of {@code person} does not count here now, as a clause; empty when it does. A
     * statement that the person could not make now does not count, whatever was allowed at that time.
     */
    private Optional<String> whyNotCounted(Person person, Instant at) {
        if (membershipSnapshot.gone(person)) {
            return Optional.of("the security realm has no user " + person.id() + " any more, or locked it");
        }
        if (!inAnyRole(membershipSnapshot.now(person, at), trusted, rules)) {
            return Optional.of(person.id() + " is in none of the roles that decide here");
        }
        if (isRequester(person.id())) {
            return Optional.of(person.id() + " is a requester");
        }
        if (isAuthor(person.id())) {
            return Optional.of(person.id() + " wrote part of it");
        }
        return rulesChanged(person.id()).map(since -> person.id() + " changed the rules");
    }

    private boolean isRequester(String person) {
        return rule.excludeRequesters() && names.isAmong(person, requesters);
    }

    private boolean isAuthor(String person) {
        return authorship != null && authorship.includes(person);
    }

    /** When {@code person} last changed the rules, while this keeps them from deciding. */
    private Optional<Instant> rulesChanged(String person) {
        return changes.stream()
                .filter(c -> c.excludes(by -> names.areOne(by, person), now))
                .map(RulesChange::at)
                .max(Instant::compareTo);
    }

    /** The missing facts that must be known before any decision counts. */
    Optional<GateStatus> unknown() {
        return needsRequesters()
                ? Optional.of(GateStatus.pending(
                        GateStatus.Kind.APPROVAL,
                        "cannot establish who asked, so nobody can be told apart from them"
                                + uncounted(promotion.requestersStated().stream()
                                        .filter(this::leavesUnknown)
                                        .map(s -> uncounted("stated", s.person(), s.at())))))
                : unmapped();
    }

    private static String uncounted(Stream<Optional<String>> sentences) {
        return sentences.flatMap(Optional::stream).distinct().limit(NAMED).collect(Collectors.joining());
    }

    private Optional<String> uncounted(String did, Person person, Instant at) {
        return whyNotCounted(person, at).map(why -> "; what " + person.id() + " " + did + " does not count: " + why);
    }

    /** Whether the people whom {@code statement} covers are unknown unless it counts. */
    private boolean leavesUnknown(RequestersStatement statement) {
        return established.isEmpty()
                || hasUnknownPublisher() && statement.publishers() > 0
                || promotion.requests().stream()
                        .anyMatch(r -> r.isUnknown() && statement.at().equals(r.stated()));
    }

    /**
     * Whether a requester could not be established. True too without any known person: then it is unknown whose
     * approval would be a self-approval.
     */
    boolean needsRequesters() {
        return rule.excludeRequesters()
                && (hasUnknownPublisher()
                        || promotion.requests().stream().anyMatch(this::hasUnknownRequester)
                        || established.isEmpty()
                                && promotion.requestersStated().stream().noneMatch(this::counts));
    }

    /** Whether the release has a publisher who could not be established and whom no valid statement covers. */
    boolean hasUnknownPublisher() {
        int covered = promotion.requestersStated().stream()
                .filter(this::counts)
                .mapToInt(RequestersStatement::publishers)
                .max()
                .orElse(0);
        return publishers.contains(Provenance.UNKNOWN) && publishers.size() > covered;
    }

    /**
     * Whether a person behind {@code request} could not be established and no valid statement covers that person. A
     * withdrawn request counts here too: its requester is not known either.
     */
    boolean hasUnknownRequester(Request request) {
        List<RequestersStatement> covering = promotion.requestersStated().stream()
                .filter(s -> s.at().equals(request.stated()))
                .toList();
        return request.isUnknown() && (covering.isEmpty() || !covering.stream().allMatch(this::counts));
    }

    /** Ids of releases whose authors a person must state. */
    List<String> needsAuthors() {
        return rule.authors() == Authors.BLOCK_UNMAPPED ? incomplete : List.of();
    }

    private Optional<GateStatus> unmapped() {
        if (rule.authors() != Authors.BLOCK_UNMAPPED) {
            return Optional.empty();
        }
        if (!incomplete.isEmpty()) {
            return Optional.of(GateStatus.pending(
                    GateStatus.Kind.APPROVAL,
                    "cannot establish who wrote "
                            + incomplete.stream().limit(NAMED).collect(Collectors.joining(", "))
                            + (incomplete.size() > NAMED ? " and " + (incomplete.size() - NAMED) + " more" : "")
                            + ": not all authors were recorded; a person of " + roleNames()
                            + " who did not write it attests who did"
                            + uncounted(promotion.authorsAttested().stream()
                                    .filter(a -> incomplete.contains(a.release()))
                                    .map(a -> uncounted("attested", a.person(), a.at())))));
        }
        List<String> strangers = authorship.unmapped(attestedPeople(this::counts));
        if (strangers.isEmpty()) {
            return Optional.empty();
        }
        String names = strangers.stream().limit(NAMED).collect(Collectors.joining(", "));
        return Optional.of(GateStatus.pending(
                GateStatus.Kind.APPROVAL,
                "cannot establish who " + names
                        + (strangers.size() > NAMED ? " and " + (strangers.size() - NAMED) + " more are" : "")
                        + (strangers.size() > NAMED ? "" : strangers.size() == 1 ? " is" : " are")
                        + ", who wrote part of it; name them under 'aliases' of the policy"));
    }

    private String roleNames() {
        return rule.require().stream().map(Requirement::role).distinct().collect(Collectors.joining(" or "));
    }

    /**
     * @param author whether the reason is that they wrote part of it
     * @param limited whether the reason states what follows from it
     */
    record Exclusion(boolean author, boolean limited, String reason) {
        static final Exclusion AUTHOR = new Exclusion(true, false, GateStatus.WROTE);

        static Exclusion because(String reason) {
            return new Exclusion(false, false, reason);
        }

        /** @param decision what they cannot do, as in {@code approve it} */
        String sentence(String decision) {
            return limited ? reason : reason + ", so you cannot " + decision;
        }
    }

    /** Why decisions of {@code person} do not count here, whatever role they are in. */
    Optional<Exclusion> exclusion(String person) {
        if (isRequester(person)) {
            return Optional.of(Exclusion.because("you asked for this"));
        }
        if (isAuthor(person)) {
            return Optional.of(Exclusion.AUTHOR);
        }
        if (promotion.requestersStated().stream()
                .anyMatch(s -> names.areOne(s.person().id(), person))) {
            return Optional.of(Exclusion.because("you stated who asked for this"));
        }
        if (promotion.authorsAttested().stream()
                .anyMatch(a -> names.areOne(a.person().id(), person))) {
            return Optional.of(Exclusion.because("you attested who wrote part of this"));
        }
        return rulesChanged(person)
                .map(at -> new Exclusion(
                        false,
                        true,
                        "you changed the rules of " + rules.environment().name()
                                + ", so you do not count here before "
                                + MomentText.notBefore(at.plus(RulesChange.EXCLUDES), ZoneOffset.UTC)));
    }

    static boolean inAnyRole(Person person, List<Requirement> required, LaneRules rules) {
        return required.stream()
                .map(r -> rules.roles().get(r.role()))
                .anyMatch(role -> role != null && role.includes(person));
    }
}
