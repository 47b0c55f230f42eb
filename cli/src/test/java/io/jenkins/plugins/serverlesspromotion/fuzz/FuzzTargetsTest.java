package io.jenkins.plugins.serverlesspromotion.fuzz;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.Test;

/** What {@code ./dev fuzz} begins with, and all that it ever found, in every build. */
public class FuzzTargetsTest {
    private static final Path ROOT = Path.of(System.getProperty("promotion.root", ""));

    @Test
    public void everySeedAndEveryFindingOfThePastIsTakenOrRefusedAsTheReaderPromises() throws IOException {
        var findings = new TreeMap<String, String>();
        for (FuzzTarget target : FuzzTarget.values()) {
            Map<String, byte[]> seeds = Seeds.of(target, ROOT);
            assertFalse("there is no seed for " + target.word(), seeds.isEmpty());
            seeds.forEach((name, bytes) -> {
                try {
                    target.run(bytes);
                } catch (RuntimeException | Error e) {
                    findings.put(target.word() + "/" + name, e.toString());
                }
            });
        }
        assertEquals(Map.of(), findings);
    }

    @Test
    public void everyTargetIsInTheListThatIsFuzzed() throws IOException {
        Path folder = ROOT.resolve("cli/src/test/java/io/jenkins/plugins/serverlesspromotion/fuzz");
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(
                    files.map(file -> file.getFileName().toString())
                            .filter(name -> name.endsWith("Fuzz.java"))
                            .map(name -> name.replace(".java", ""))
                            .collect(Collectors.toCollection(TreeSet::new)),
                    Arrays.stream(FuzzTarget.values())
                            .map(target -> target.type().getSimpleName())
                            .collect(Collectors.toCollection(TreeSet::new)));
        }
    }

    /** libFuzzer ends when a line is none, and a run of ten minutes would be one of no second. */
    @Test
    public void everyLineOfADictionaryIsOneThatLibFuzzerReads() throws IOException {
        for (FuzzTarget target : FuzzTarget.values()) {
            for (String line : Files.readAllLines(Seeds.dictionary(target, ROOT), StandardCharsets.US_ASCII)) {
                assertTrue(line, line.matches("\"([^\"\\\\]|\\\\x[0-9a-f]{2})+\""));
            }
        }
    }

    @Test
    public void everyTargetHasItsRowInTheDocumentation() throws IOException {
        String page = Files.readString(ROOT.resolve("docs/developer/fuzzing.md"));
        for (FuzzTarget target : FuzzTarget.values()) {
            assertTrue(target.word(), page.contains("| `" + target.word() + "` |"));
        }
    }
}
