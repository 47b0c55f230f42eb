package io.jenkins.plugins.serverlesspromotion.engine.lane;

import io.jenkins.plugins.serverlesspromotion.engine.policy.Gate.Requirement;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Person;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy.Role;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Determines whether the approvers meet the requirements; each counts once. A person in two required roles counts where
 * it helps most (a maximum matching, not first fit). So the result never depends on the order of clicks.
 *
 * @param missing how many are missing, by role; empty when the quorum is complete
 * @param seated the people who count for each role
 */
record Quorum(Map<String, Integer> missing, Map<String, List<Person>> seated) {

    boolean complete() {
        return missing.isEmpty();
    }

    static Quorum of(List<Requirement> require, Map<String, Role> roles, List<Person> people) {
        List<String> seats = new ArrayList<>();
        require.forEach(r -> {
            for (int i = 0; i < r.count(); i++) {
                seats.add(r.role());
            }
        });
        int[] personIn = new int[seats.size()];
        Arrays.fill(personIn, -1);
        for (int person = 0; person < people.size(); person++) {
            seat(person, seats, roles, people, personIn, new boolean[seats.size()]);
        }
        Map<String, Integer> missing = new LinkedHashMap<>();
        Map<String, List<Person>> seated = new LinkedHashMap<>();
        for (int i = 0; i < personIn.length; i++) {
            if (personIn[i] < 0) {
                missing.merge(seats.get(i), 1, Integer::sum);
            } else {
                seated.computeIfAbsent(seats.get(i), role -> new ArrayList<>()).add(people.get(personIn[i]));
            }
        }
        return new Quorum(missing, seated);
    }

    /** One augmenting path: assigns {@code person} to a role, and moves others if that helps. */
    private static boolean seat(
            int person,
            List<String> seats,
            Map<String, Role> roles,
            List<Person> people,
            int[] personIn,
            boolean[] tried) {
        for (int i = 0; i < seats.size(); i++) {
            Role role = roles.get(seats.get(i));
            if (!tried[i] && role != null && role.includes(people.get(person))) {
                tried[i] = true;
                if (personIn[i] < 0 || seat(personIn[i], seats, roles, people, personIn, tried)) {
                    personIn[i] = person;
                    return true;
                }
            }
        }
        return false;
    }
}
