package io.jenkins.plugins.serverlesspromotion.engine.lane;

import io.jenkins.plugins.serverlesspromotion.engine.policy.Gate;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Gate.Requirement;
import io.jenkins.plugins.serverlesspromotion.engine.policy.LaneRules;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Person;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy.Role;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Evaluates the approval gate: who may approve, whose approval counts, and from whom approval is still required. */
final class Approvals {
    private final Promotion promotion;
    private final Gate.Approval rule;
    private final LaneRules rules;
    private final Instant now;
    private final InvolvedPeople people;
    private final MembershipSnapshot membershipSnapshot;
    private final PersonNames names;

    /** @param around with rules */
    Approvals(Promotion promotion, Gate.Approval rule, GateContext around, Instant now) {
        this(promotion, rule, rule.require(), around, now);
    }

    /**
     * @param trusted roles whose people can make valid statements here
     * @param around with rules
     */
    Approvals(Promotion promotion, Gate.Approval rule, List<Requirement> trusted, GateContext around, Instant now) {
        this.promotion = promotion;
        this.rule = rule;
        this.rules = around.rules();
        this.now = now;
        this.people = new InvolvedPeople(promotion, rule, trusted, around, now);
        this.membershipSnapshot = new MembershipSnapshot(promotion.membership());
        this.names = new PersonNames(rules);
    }

    InvolvedPeople people() {
        return people;
    }

    GateStatus gate() {
        Optional<GateStatus> unknown = people.unknown();
        if (unknown.isPresent()) {
            return unknown.get();
        }
        List<Person> counted = counted();
        Quorum quorum = Quorum.of(rule.require(), rules.roles(), counted);
        String by = counted.stream().map(Person::id).sorted().collect(Collectors.joining(", "));
        Optional<String> failure = membershipSnapshot.failure(now);
        if (quorum.complete() && failure.isPresent()) {
            return GateStatus.pending(
                            GateStatus.Kind.APPROVAL,
                            "approved by " + by + ", but whether they may still decide could not be found out: "
                                    + failure.get() + "; it is tried again every minute")
                    .until(membershipSnapshot.again());
        }
        if (quorum.complete()) {
            return GateStatus.passed(GateStatus.Kind.APPROVAL, "approved by " + by);
        }
        String missing = quorum.missing().entrySet().stream()
                .map(e -> e.getValue() + " of " + required(e.getKey()) + " " + e.getKey() + called(e.getKey()))
                .collect(Collectors.joining(" and "));
        return GateStatus.pending(
                        GateStatus.Kind.APPROVAL,
                        "waiting for " + missing + (by.isEmpty() ? "" : "; approved by " + by) + who(quorum))
                .helpedBy(List.copyOf(quorum.missing().keySet()));
    }

    /** Whether enough valid approvals exist; the approvers' current groups are a separate check before the start. */
    boolean decided() {
        return people.unknown().isEmpty()
                && Quorum.of(rule.require(), rules.roles(), counted()).complete();
    }

    /** The gate role by role; empty while no approval counts because too little is known. */
    List<RoleProgress> roles() {
        if (people.unknown().isPresent()) {
            return List.of();
        }
        Quorum quorum = Quorum.of(rule.require(), rules.roles(), counted());
        return rule.require().stream()
                .map(Requirement::role)
                .distinct()
                .map(role -> role(role, quorum))
                .toList();
    }

    private RoleProgress role(String name, Quorum quorum) {
        List<String> seated = quorum.seated().getOrDefault(name, List.of()).stream()
                .map(Person::id)
                .toList();
        Role role = rules.roles().get(name);
        boolean open = quorum.missing().containsKey(name) && role != null;
        return new RoleProgress(
                name,
                required(name),
                promotion.standing().stream()
                        .filter(a -> seated.contains(a.person().id()))
                        .toList(),
                open ? role.users().stream().filter(this::canStill).sorted().toList() : List.of(),
                open ? role.groups().stream().sorted().toList() : List.of());
    }

    private boolean canStill(String user) {
        return !excluded(user)
                && promotion.standing().stream()
                        .noneMatch(a -> names.areOne(a.person().id(), user));
    }

    /** Why an approval of {@code user} would not count beside that of the same person as another user; else empty. */
    Optional<String> approvedAs(String user) {
        return promotion.standing().stream()
                .map(a -> a.person().id())
                .filter(other -> !other.equals(user) && names.areOne(other, user))
                .findFirst()
                .map(other -> "you approved this as " + other + " already, and one person counts once");
    }

    /** Why {@code person} cannot state who requested it, as a sentence to that person; empty when they can. */
    Optional<String> whyNotState(Person person) {
        return people.needsRequesters()
                ? whyNotDecider(person, "state who requested it")
                : Optional.of("the requesters of this are known");
    }

    /** Why {@code person} cannot state who wrote {@code release}, as a sentence to that person; empty when they can. */
    Optional<String> whyNotAttest(Person person, String release) {
        return people.needsAuthors().contains(release)
                ? whyNotDecider(person, "attest who wrote it")
                : Optional.of("it is known who wrote " + release + ", or it does not come in with this promotion");
    }

    /** Why {@code person} cannot approve, as a sentence to that person; empty when they can. */
    Optional<String> whyNot(Person person) {
        return whyNot(person, "approve it");
    }

    /**
     * Why a decision of {@code person} does not count, as a sentence to that person; empty when it counts.
     *
     * @param decision as in {@code approve it}
     */
    Optional<String> whyNot(Person person, String decision) {
        return whyNotDecider(person, decision).or(() -> people.unknown().map(GateStatus::sentence));
    }

    /** The same without regard to what must be known first. */
    private Optional<String> whyNotDecider(Person person, String decision) {
        return people.exclusion(person.id())
                .map(exclusion -> exclusion.sentence(decision))
                .or(() -> InvolvedPeople.inAnyRole(person, rule.require(), rules)
                        ? Optional.empty()
                        : Optional.of("you are in none of the roles that decide here: "
                                + rule.require().stream()
                                        .map(Requirement::role)
                                        .distinct()
                                        .collect(Collectors.joining(", "))));
    }

    /** Whether {@code person} cannot approve because they wrote part of it, and no earlier reason applies. */
    boolean excludedAsAuthor(Person person) {
        return people.exclusion(person.id())
                .filter(InvolvedPeople.Exclusion::author)
                .isPresent();
    }

    /** Whether decisions of {@code person} do not count here, whatever role they are in. */
    private boolean excluded(String person) {
        return people.exclusion(person).isPresent();
    }

    /** The people whose approvals are valid and count: not those who are now among the requesters or the authors. */
    private List<Person> counted() {
        List<Person> all = promotion.standing().stream()
                .map(a -> membershipSnapshot.now(a.person(), a.at()))
                .filter(p -> !excluded(p.id()) && !membershipSnapshot.gone(p))
                .toList();
        return names.each(all, Person::id);
    }

    /** The findings of the plan that require this role, where policy defines such a rule. */
    private String called(String role) {
        return promotion.kind() != Promotion.Kind.FORWARD
                ? ""
                : RiskApproval.of(rules, promotion.plan())
                        .map(risk -> risk.reasons().get(role))
                        .map(kinds -> " (because of " + String.join(", ", kinds) + ")")
                        .orElse("");
    }

    private int required(String role) {
        return rule.require().stream()
                .filter(r -> r.role().equals(role))
                .mapToInt(Requirement::count)
                .sum();
    }

    private String who(Quorum quorum) {
        Map<String, Role> roles = rules.roles();
        List<String> able = quorum.missing().keySet().stream()
                .map(roles::get)
                .filter(Objects::nonNull)
                .flatMap(r -> Stream.concat(
                        r.users().stream().filter(this::canStill),
                        r.groups().stream().map(g -> "members of " + g)))
                .distinct()
                .sorted()
                .toList();
        return able.isEmpty() ? " — no one else can give it" : " — " + String.join(", ", able) + " can give it";
    }
}
