package io.jenkins.plugins.serverlesspromotion.engine.risk;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.Test;

/** Small changes with what must be found in each, in {@code src/test/resources/risk}. */
public class OwnPairsTest {
    private static final int LEAST = 40;

    private static List<Pairs.Pair> pairs() throws IOException {
        return Pairs.in("risk");
    }

    @Test
    public void everythingExpectedIsFoundWithItsEvidence() throws IOException {
        List<Pairs.Pair> pairs = pairs();
        assertTrue("only " + pairs.size() + " pairs", pairs.size() >= LEAST);
        for (Pairs.Pair pair : pairs) {
            List<Plan.Finding> found = pair.found();
            var missed = pair.expected();
            missed.removeAll(Pairs.named(found));
            assertTrue(pair.file() + " has not found " + missed + " but " + found, missed.isEmpty());
            for (Plan.Finding finding : found) {
                assertFalse(pair.file() + " " + finding, finding.evidence().isEmpty());
            }
            if (pair.data().get("sentence") instanceof String words) {
                assertTrue(
                        pair.file() + " does not say '" + words + "': " + found,
                        found.stream().anyMatch(f -> f.sentence().contains(words)));
            }
        }
    }

    @Test
    public void atMostOneFindingInTenIsAFalseAlarm() throws IOException {
        int all = 0;
        int safe = 0;
        int safeWithAlarm = 0;
        var alarms = new ArrayList<String>();
        for (Pairs.Pair pair : pairs()) {
            var found = Pairs.named(pair.found());
            all += found.size();
            found.removeAll(pair.expected());
            found.forEach(f -> alarms.add(pair.file() + ": " + f));
            if (pair.expected().isEmpty()) {
                safe++;
                safeWithAlarm += found.isEmpty() ? 0 : 1;
            }
        }
        System.out.println(alarms.size() + " false alarms of " + all + " findings; " + safeWithAlarm + " of " + safe
                + " safe changes alarmed: " + alarms);
        assertTrue("only " + safe + " safe changes", safe >= 10);
        assertTrue(alarms + " of " + all, alarms.size() * 10 <= all);
        assertTrue(alarms + " of " + safe + " safe changes", safeWithAlarm * 10 <= safe);
    }

    @Test
    public void aTemplateThatStaysTheSameIsNoRisk() throws IOException {
        for (Pairs.Pair pair : pairs()) {
            // What is not pinned can have other content under the same name.
            List<Plan.Finding> found = Pairs.between(pair.side("before"), pair.side("before")).stream()
                    .filter(f -> !f.kind().equals("notPinned"))
                    .toList();
            assertEquals(pair.file() + " " + found, List.of(), found);
        }
    }
}
