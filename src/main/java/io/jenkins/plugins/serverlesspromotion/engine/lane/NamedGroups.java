package io.jenkins.plugins.serverlesspromotion.engine.lane;

import io.jenkins.plugins.serverlesspromotion.engine.policy.LaneRules;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Person;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Reduces the people in facts to the groups that a role of the lane's rules names. Other groups have no effect. A
 * directory may have thousands for one person, and every later record of the lane would contain them. When the rules
 * name other groups, their digest changes, and decisions under the old rules are void.
 */
public final class NamedGroups {
    private final Set<String> named;

    private NamedGroups(LaneRules rules) {
        named = rules.roles().values().stream()
                .filter(Objects::nonNull)
                .flatMap(role -> role.groups().stream())
                .collect(Collectors.toSet());
    }

    /** @param rules null: there are none, so no group counts */
    public static Fact only(Fact fact, LaneRules rules) {
        if (fact instanceof Fact.MembershipRead f) {
            return rules == null ? unused(f) : new NamedGroups(rules).only(f);
        } else if (fact instanceof Fact.Approved f) {
            return new Fact.Approved(f.promotion(), only(f.person(), rules), f.planDigest(), f.comment());
        } else if (fact instanceof Fact.ApprovalWithdrawn f) {
            return new Fact.ApprovalWithdrawn(f.promotion(), only(f.person(), rules), f.reason());
        } else if (fact instanceof Fact.Overridden f) {
            return new Fact.Overridden(f.promotion(), only(f.person(), rules), f.planDigest(), f.reason(), f.ticket());
        } else if (fact instanceof Fact.RequestersStated f) {
            return new Fact.RequestersStated(f.promotion(), only(f.person(), rules), f.people(), f.reason());
        } else if (fact instanceof Fact.AuthorsAttested f) {
            return new Fact.AuthorsAttested(
                    f.promotion(), only(f.person(), rules), f.release(), f.people(), f.reason());
        } else if (fact instanceof Fact.Reviewed f) {
            return new Fact.Reviewed(f.promotion(), only(f.person(), rules), f.finding());
        } else if (fact instanceof Fact.Rejected f) {
            return new Fact.Rejected(f.promotion(), only(f.person(), rules), f.reason());
        } else if (fact instanceof Fact.ReplanRequested f) {
            return new Fact.ReplanRequested(f.promotion(), only(f.person(), rules));
        } else if (fact instanceof Fact.HoldReleased f) {
            return new Fact.HoldReleased(only(f.person(), rules), f.reason());
        }
        return fact;
    }

    private static Person only(Person person, LaneRules rules) {
        return rules == null
                ? new Person(person.id(), Set.of(), person.assurance())
                : new Person(person.id(), new NamedGroups(rules).of(person.groups()), person.assurance());
    }

    private Set<String> of(Set<String> groups) {
        var kept = new HashSet<>(groups);
        kept.retainAll(named);
        return kept;
    }

    private Fact only(Fact.MembershipRead fact) {
        Map<String, Set<String>> groups = new TreeMap<>(fact.answer().groups());
        groups.replaceAll((user, in) -> of(in));
        return new Fact.MembershipRead(
                fact.promotion(),
                fact.number(),
                new PromotionDecisions.Answer(
                        groups, fact.answer().gone(), fact.answer().failure()));
    }

    /**
     * A result without groups would mean that no one is in any group: it is ignored, and the directory is queried
     * again.
     */
    private static Fact unused(Fact.MembershipRead fact) {
        String failure = fact.answer().failure();
        return new Fact.MembershipRead(
                fact.promotion(),
                fact.number(),
                new PromotionDecisions.Answer(
                        Map.of(),
                        fact.answer().gone(),
                        failure == null ? "there is no valid policy that names the groups" : failure));
    }
}
