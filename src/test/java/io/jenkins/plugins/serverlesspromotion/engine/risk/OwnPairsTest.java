package io.jenkins.plugins.serverlesspromotion.engine.risk;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.Test;

/** Small changes with what must be found in each, in {@code src/test/resources/risk}. */
public class OwnPairsTest {
    private static final int LEAST = 40;

    private record Pair(Path file, Map<String, Object> data) {
        List<Plan.Finding> found() {
            return Pairs.between(side("before"), side("after"));
        }

        private TemplateChange.Version side(String which) {
            var parameters = new HashMap<String, String>();
            Tree.map(Tree.at(data, "parameters", which)).forEach((k, v) -> parameters.put(k, v.toString()));
            return new TemplateChange.Version(Tree.map(data.get(which)), parameters, null);
        }

        TreeSet<String> expected() {
            return new TreeSet<>(Tree.texts(data.get("expected")));
        }
    }

    private static List<Pair> pairs() throws IOException {
        Path root = Path.of(System.getProperty("promotion.root", "."), "src/test/resources/risk");
        var pairs = new ArrayList<Pair>();
        try (Stream<Path> files = Files.list(root)) {
            for (Path file : files.sorted().toList()) {
                pairs.add(new Pair(file.getFileName(), Pairs.tree(Files.readAllBytes(file))));
            }
        }
        return pairs;
    }

    private static TreeSet<String> named(List<Plan.Finding> found) {
        var names = new TreeSet<String>();
        found.forEach(f -> names.add(f.kind() + " " + f.subject()));
        return names;
    }

    @Test
    public void everythingExpectedIsFoundWithItsEvidence() throws IOException {
        List<Pair> pairs = pairs();
        assertTrue("only " + pairs.size() + " pairs", pairs.size() >= LEAST);
        for (Pair pair : pairs) {
            List<Plan.Finding> found = pair.found();
            var missed = pair.expected();
            missed.removeAll(named(found));
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
        for (Pair pair : pairs()) {
            var found = named(pair.found());
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
        for (Pair pair : pairs()) {
            List<Plan.Finding> found = Pairs.between(pair.side("before"), pair.side("before"));
            assertEquals(pair.file() + " " + found, List.of(), found);
        }
    }
}
