package io.jenkins.plugins.serverlesspromotion.engine.lane;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.engine.policy.Gate.Requirement;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Person;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.Test;

/** Each person counts once, where it helps most, whoever clicked first. */
public class QuorumTest {
    private static Person person(String id, String... groups) {
        return Lanes.person(id, groups);
    }

    /** {@code name:count}, each with a group of the same name. */
    private static Quorum quorum(String require, Person... people) {
        List<Requirement> requirements = Stream.of(require.split(" "))
                .map(r -> r.split(":"))
                .map(r -> new Requirement(r[0], Integer.parseInt(r[1])))
                .toList();
        Map<String, Role> roles = requirements.stream()
                .map(Requirement::role)
                .collect(Collectors.toMap(r -> r, r -> new Role(r, Set.of(), Set.of(r))));
        return Quorum.of(requirements, roles, List.of(people));
    }

    private static Map<String, String> seats(Quorum quorum) {
        var seats = new TreeMap<String, String>();
        quorum.seated()
                .forEach((role, people) ->
                        seats.put(role, people.stream().map(Person::id).sorted().collect(Collectors.joining(" "))));
        return seats;
    }

    @Test
    public void whoeverIsInTwoRolesGivesWayToSomebodyWhoIsInOne() {
        Quorum quorum = quorum("owner:1 security:1", person("both", "owner", "security"), person("one", "owner"));
        assertTrue(quorum.complete());
        assertEquals(Map.of("owner", "one", "security", "both"), seats(quorum));
    }

    @Test
    public void givingWayGoesOnUntilASeatIsFree() {
        Quorum quorum = quorum(
                "a:1 b:1 c:1 d:1",
                person("p", "a", "b"),
                person("q", "b", "c"),
                person("r", "c", "d"),
                person("s", "a"));
        assertEquals(Map.of("a", "s", "b", "p", "c", "q", "d", "r"), seats(quorum));
        assertEquals(Map.of(), quorum.missing());
    }

    @Test
    public void nobodyCountsTwiceAndWhatIsMissingIsCountedByRole() {
        Quorum quorum = quorum("owner:2 security:1", person("both", "owner", "security"), person("none", "idle"));
        assertEquals(Map.of("owner", 1, "security", 1), quorum.missing());
        assertEquals(Map.of("owner", "both"), seats(quorum));
    }

    @Test
    public void whereMoreThanEnoughSaidSoThoseWhoDidFirstAreCounted() {
        Quorum quorum =
                quorum("owner:2", person("first", "owner"), person("second", "owner"), person("third", "owner"));
        assertEquals(Map.of("owner", "first second"), seats(quorum));
    }

    @Test
    public void aRoleThatIsNoneIsMissing() {
        Quorum quorum = Quorum.of(List.of(new Requirement("gone", 2)), Map.of(), List.of(person("p", "gone")));
        assertEquals(Map.of("gone", 2), quorum.missing());
        assertEquals(Map.of(), quorum.seated());
    }

    /** Compared with trying every way of seating people, in every case that a few thousand throws of the dice make. */
    @Test
    public void noWayOfSeatingPeopleFillsMoreSeats() {
        var random = new Random(11);
        List<String> names = List.of("a", "b", "c");
        int incomplete = 0;
        for (int i = 0; i < 3_000; i++) {
            String require =
                    names.stream().map(r -> r + ":" + (1 + random.nextInt(2))).collect(Collectors.joining(" "));
            var people = new ArrayList<Person>();
            for (int p = random.nextInt(6); p >= 0; p--) {
                people.add(person(
                        "p" + p,
                        names.stream().filter(r -> random.nextBoolean()).toArray(String[]::new)));
            }
            Quorum quorum = quorum(require, people.toArray(Person[]::new));
            int missing = quorum.missing().values().stream().mapToInt(n -> n).sum();
            List<String> seats = Stream.of(require.split(" "))
                    .flatMap(r -> Stream.generate(() -> r.substring(0, 1)).limit(r.charAt(2) - '0'))
                    .toList();
            assertEquals(require + " " + people, seats.size() - most(seats, 0, people), missing);
            incomplete += missing > 0 ? 1 : 0;
        }
        assertTrue(incomplete + " were incomplete", incomplete > 300 && incomplete < 2_990);
    }

    private static int most(List<String> seats, int seat, List<Person> people) {
        if (seat == seats.size()) {
            return 0;
        }
        int best = most(seats, seat + 1, people);
        for (Person person : people) {
            if (person.groups().contains(seats.get(seat))) {
                List<Person> rest = people.stream().filter(p -> p != person).toList();
                best = Math.max(best, 1 + most(seats, seat + 1, rest));
            }
        }
        return best;
    }
}
