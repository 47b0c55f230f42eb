package io.jenkins.plugins.serverlesspromotion.engine.risk;

import static org.junit.Assert.assertEquals;

import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.Test;

/**
 * The whole of each finding of every pair: sentence, place in the template, what stands there before and after. They are
 * part of a plan's digest, so a change of them voids approvals: it has to be wanted. On a failure the findings as they
 * are now stand in {@code target/risk-findings.txt} below the working folder, to compare and to copy.
 */
public class PinnedFindingsTest {
    @Test
    public void everyFindingIsTheSameToTheLetter() throws IOException {
        var lines = new ArrayList<String>();
        for (String folder : List.of("risk", "risk-corpus")) {
            for (Pairs.Pair pair : Pairs.in(folder)) {
                lines.add("== " + folder + "/" + pair.name());
                for (Plan.Finding finding : pair.found()) {
                    lines.add(finding.kind() + " " + finding.subject() + ": " + finding.sentence());
                    finding.evidence().forEach(e -> {
                        lines.add("    " + e.path());
                        lines.add("        " + e.before() + " -> " + e.after());
                    });
                }
            }
        }
        Path pinned = Path.of(System.getProperty("promotion.root", "."), "src/test/resources/risk-findings.txt");
        String expected = Files.exists(pinned) ? Files.readString(pinned) : "";
        String found = String.join("\n", lines) + "\n";
        if (!expected.equals(found)) {
            Path now = Path.of("target", "risk-findings.txt");
            Files.createDirectories(now.getParent());
            Files.writeString(now, found);
        }
        assertEquals(expected, found);
    }
}
