package io.jenkins.plugins.serverlesspromotion.engine.risk;

import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeTrue;

import io.jenkins.plugins.serverlesspromotion.MayBeSkipped;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.Test;

/** Changes of real templates from other projects: {@code -Dpromotion.corpus=FOLDER}. */
@MayBeSkipped("a folder of real templates")
public class CorpusTest {
    @Test
    public void everyRealChangeIsAnalysedAndExplained() throws IOException {
        String corpus = System.getProperty("promotion.corpus");
        assumeTrue("no corpus was given", corpus != null && !corpus.isBlank() && Files.isDirectory(Path.of(corpus)));
        List<Path> pairs;
        try (Stream<Path> all = Files.walk(Path.of(corpus))) {
            pairs = all.filter(p -> Files.exists(p.resolve("before.yaml")) && Files.exists(p.resolve("after.yaml")))
                    .sorted()
                    .toList();
        }
        assertFalse("the corpus is empty", pairs.isEmpty());
        var kinds = new TreeMap<String, Integer>();
        int quiet = 0;
        for (Path pair : pairs) {
            String before = Files.readString(pair.resolve("before.yaml"));
            String after = Files.readString(pair.resolve("after.yaml"));
            List<Plan.Finding> found;
            List<Plan.Finding> none;
            try {
                found = Pairs.between(before, after);
                none = Pairs.between(after, after);
            } catch (RuntimeException e) {
                throw new AssertionError(pair.toString(), e);
            }
            quiet += found.isEmpty() ? 1 : 0;
            for (Plan.Finding finding : found) {
                kinds.merge(finding.kind(), 1, Integer::sum);
                System.out.println(pair.getFileName() + ": " + finding.kind() + " " + finding.sentence());
                assertFalse(pair + " " + finding, finding.evidence().isEmpty());
                for (Plan.Evidence evidence : finding.evidence()) {
                    System.out.println("    " + evidence);
                    assertTrue(
                            pair + " " + evidence + " must say what differs",
                            !String.valueOf(evidence.before()).equals(evidence.after())
                                    || finding.kind().equals("notAnalysable")
                                    || finding.kind().equals("notPinned"));
                }
            }
            // A template that stays as it is has nothing new but what is decided elsewhere each time.
            none.forEach(finding -> assertTrue(
                    pair + " " + finding,
                    finding.kind().equals("notAnalysable") || finding.kind().equals("notPinned")));
        }
        System.out.println(pairs.size() + " pairs, " + quiet + " without findings, " + kinds);
    }
}
