package io.jenkins.plugins.serverlesspromotion.format;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotEquals;

import io.jenkins.plugins.serverlesspromotion.format.json.CanonicalDigests;
import io.jenkins.plugins.serverlesspromotion.format.policy.TreeDifferences;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.Test;

/** A difference is told by its key, from what to what, so that a second person knows what is accepted. */
public class TreeDifferencesTest {
    private static Map<String, Object> environment(String name, Object... gates) {
        return Map.of("name", name, "gates", List.of(gates));
    }

    private static final Object SOAK = Map.of("soak", Map.of("environment", "dev", "for", "2h"));
    private static final Object TICKET = Map.of("ticket", Map.of("pattern", "CHG"));

    private static List<String> between(Object before, Object after) {
        return TreeDifferences.between(Map.of("environments", before), Map.of("environments", after));
    }

    @Test
    public void whatIsEqualHasNone() {
        assertEquals(List.of(), between(List.of(environment("dev", SOAK)), List.of(environment("dev", SOAK))));
    }

    @Test
    public void membersOfListsAreFoundByWhatTheyAre() {
        Object shorter = Map.of("soak", Map.of("environment", "dev", "for", "1h"));
        assertEquals(
                List.of(
                        "environments[prod].gates[soak].soak.for: 2h → 1h",
                        "environments[prod].gates[ticket].ticket.pattern: nothing → CHG"),
                between(List.of(environment("prod", SOAK)), List.of(environment("prod", TICKET, shorter))));
    }

    @Test
    public void whatGoesAndWhatComesIsToldWithEveryKeyItHas() {
        assertEquals(
                List.of(
                        "environments[dev].name: dev → nothing",
                        "environments[test].name: nothing → test",
                        "environments[test].after: nothing → dev"),
                between(List.of(Map.of("name", "dev")), List.of(ordered("name", "test", "after", "dev"))));
    }

    @Test
    public void anotherOrderIsADifferenceToo() {
        Object dev = Map.of("name", "dev");
        Object prod = Map.of("name", "prod");
        assertEquals(
                List.of("environments: in the order [prod] [dev]"), between(List.of(dev, prod), List.of(prod, dev)));
    }

    @Test
    public void severalOfOneNameAndListsOfListsAreCounted() {
        Object waves = List.of(List.of("a/eu-west-1"), List.of("a/us-east-1"));
        Object fewer = List.of(List.of("a/eu-west-1"));
        assertEquals(
                List.of("waves[2]: a/us-east-1 → nothing"),
                TreeDifferences.between(Map.of("waves", waves), Map.of("waves", fewer)));
        assertEquals(
                List.of("environments[dev].gates[ticket 2].ticket.pattern: nothing → CHG"),
                between(List.of(environment("dev", TICKET)), List.of(environment("dev", TICKET, TICKET))));
    }

    @Test
    public void textsAreShownOnOneLine() {
        assertEquals(
                List.of("roles[a].users: x, y → x", "roles[a].note: nothing → b?c"),
                TreeDifferences.between(
                        Map.of("roles", List.of(ordered("name", "a", "users", List.of("x", "y")))),
                        Map.of("roles", List.of(ordered("name", "a", "users", List.of("x"), "note", "b\nc")))));
    }

    @Test
    public void theDigestOfAConfigurationChangesWithWhatIsInIt() {
        assertNotEquals(
                CanonicalDigests.configuration(Map.of("a", "b, c=d")),
                CanonicalDigests.configuration(ordered("a", "b", "c", "d")));
        assertEquals(
                CanonicalDigests.configuration(ordered("a", 1, "b", true)),
                CanonicalDigests.configuration(ordered("b", true, "a", 1)));
    }

    private static Map<String, Object> ordered(Object... keysAndValues) {
        var map = new LinkedHashMap<String, Object>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            map.put((String) keysAndValues[i], keysAndValues[i + 1]);
        }
        return map;
    }
}
