package io.jenkins.plugins.serverlesspromotion.engine.risk;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.Test;

/**
 * Changes that public rules and reports call dangerous or safe, written in own words after them: {@code source} in each
 * file of {@code src/test/resources/risk-corpus}. What a person expects of each was written down before the rules were
 * run on it. A dangerous change without its finding fails; a finding that no person expects fails unless it is listed
 * here.
 */
public class ThirdPartyPairsTest {
    /** Findings of safe changes that the rules are known to report, each with the reason. */
    private static final List<String> FALSE_ALARMS = List.of(
            // Ranges of addresses are compared as texts: that one lies in the other is not seen.
            "68-safe-address-range-is-narrowed: iamBroadening Policy",
            // A new policy for everybody is reported as new rights, also where the network decides.
            "71-safe-search-domain-in-a-network: iamBroadening Search",
            // Numbers of conditions are compared as texts.
            "79-safe-session-is-shorter: iamBroadening Signer");

    @Test
    public void everyDangerousChangeIsFound() throws IOException {
        var missed = new ArrayList<String>();
        for (Pairs.Pair pair : Pairs.in("risk-corpus")) {
            List<Plan.Finding> found = pair.found();
            var expected = pair.expected();
            expected.removeAll(Pairs.named(found));
            expected.forEach(e -> missed.add(pair.name() + ": " + e));
            for (Plan.Finding finding : found) {
                assertFalse(pair.name() + " " + finding, finding.evidence().isEmpty());
            }
            if (pair.data().get("sentence") instanceof String words) {
                assertTrue(
                        pair.name() + " does not contain '" + words + "': " + found,
                        found.stream().anyMatch(f -> f.sentence().contains(words)));
            }
        }
        assertEquals(String.join("\n", missed), List.of(), missed);
    }

    @Test
    public void theFalseAlarmsAreExactlyThoseListed() throws IOException {
        var alarms = new ArrayList<String>();
        for (Pairs.Pair pair : Pairs.in("risk-corpus")) {
            var found = Pairs.named(pair.found());
            found.removeAll(pair.expected());
            found.forEach(f -> alarms.add(pair.name() + ": " + f));
        }
        assertEquals(String.join("\n", FALSE_ALARMS), String.join("\n", alarms));
    }

    @Test
    public void aTemplateThatStaysTheSameHasNoFinding() throws IOException {
        for (Pairs.Pair pair : Pairs.in("risk-corpus")) {
            assertEquals(pair.name(), List.of(), Pairs.between(pair.side("after"), pair.side("after")));
        }
    }

    @Test
    public void everyPairNamesItsSourceAndAThirdOfThemIsSafe() throws IOException {
        List<Pairs.Pair> pairs = Pairs.in("risk-corpus");
        var changes = new HashSet<String>();
        for (Pairs.Pair pair : pairs) {
            for (String key : List.of("about", "source", "before", "after", "expected")) {
                assertTrue(pair.name() + " has no " + key, pair.data().containsKey(key));
            }
            assertTrue(
                    pair.name() + " is another pair again",
                    changes.add(TemplateQuery.key(pair.data().get("before"))
                            + TemplateQuery.key(pair.data().get("after"))));
        }
        long safe = pairs.stream().filter(p -> p.expected().isEmpty()).count();
        assertTrue("only " + pairs.size() + " pairs", pairs.size() >= 88);
        assertTrue(safe + " safe of " + pairs.size(), safe * 10 >= pairs.size() * 3);
    }
}
