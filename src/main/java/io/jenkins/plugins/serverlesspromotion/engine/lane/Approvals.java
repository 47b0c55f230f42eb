package io.jenkins.plugins.serverlesspromotion.engine.lane;

import io.jenkins.plugins.serverlesspromotion.engine.policy.LaneRules;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Person;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy.Gate;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy.Requirement;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy.Role;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The gate that people open: who may, whose word counts, and who is still missing. */
final class Approvals {
    private Approvals() {}

    static GateStatus gate(Promotion promotion, Gate.Approval rule, LaneRules rules) {
        if (rule.excludeRequesters() && promotion.requesters().isEmpty()) {
            return GateStatus.waits("approval", "cannot establish who asked, so nobody can be told apart from them");
        }
        List<Person> counted = counted(promotion, rule);
        Quorum quorum = Quorum.of(rule.require(), rules.roles(), counted);
        String by = counted.stream().map(Person::id).sorted().collect(Collectors.joining(", "));
        if (quorum.complete()) {
            return GateStatus.holds("approval", counted.isEmpty() ? "nobody needs to approve" : "approved by " + by);
        }
        String missing = quorum.missing().entrySet().stream()
                .map(e -> e.getValue() + " of " + required(rule, e.getKey()) + " " + e.getKey())
                .collect(Collectors.joining(" and "));
        return GateStatus.waits(
                        "approval",
                        "waiting for " + missing + (by.isEmpty() ? "" : "; approved by " + by)
                                + who(quorum, rules, promotion, rule))
                .helpedBy(List.copyOf(quorum.missing().keySet()));
    }

    /** Why {@code person} cannot approve, as a sentence to that person; empty when they can. */
    static Optional<String> whyNot(Person person, Promotion promotion, Gate.Approval rule, LaneRules rules) {
        if (rule.excludeRequesters() && promotion.requesters().contains(person.id())) {
            return Optional.of("you asked for this, so you cannot approve it");
        }
        if (!inAnyRole(person, rule, rules)) {
            return Optional.of("you are in none of the roles that decide here: "
                    + rule.require().stream().map(Requirement::role).distinct().collect(Collectors.joining(", ")));
        }
        return Optional.empty();
    }

    static boolean inAnyRole(Person person, Gate.Approval rule, LaneRules rules) {
        return rule.require().stream()
                .map(r -> rules.roles().get(r.role()))
                .anyMatch(role -> role != null && role.includes(person));
    }

    /** The people whose approvals stand and count: not those who, by now, are among the requesters. */
    static List<Person> counted(Promotion promotion, Gate.Approval rule) {
        return promotion.standing().stream()
                .map(Promotion.Approval::person)
                .filter(p ->
                        !rule.excludeRequesters() || !promotion.requesters().contains(p.id()))
                .toList();
    }

    private static int required(Gate.Approval rule, String role) {
        return rule.require().stream()
                .filter(r -> r.role().equals(role))
                .mapToInt(Requirement::count)
                .sum();
    }

    private static String who(Quorum quorum, LaneRules rules, Promotion promotion, Gate.Approval rule) {
        Map<String, Role> roles = rules.roles();
        List<String> able = quorum.missing().keySet().stream()
                .map(roles::get)
                .filter(Objects::nonNull)
                .flatMap(r -> Stream.concat(
                        r.users().stream()
                                .filter(u -> !rule.excludeRequesters()
                                        || !promotion.requesters().contains(u))
                                .filter(u -> promotion.standing().stream()
                                        .noneMatch(a -> a.person().id().equals(u))),
                        r.groups().stream().map(g -> "members of " + g)))
                .distinct()
                .sorted()
                .toList();
        return able.isEmpty() ? " — nobody left can give it" : " — " + String.join(", ", able) + " can give it";
    }
}
