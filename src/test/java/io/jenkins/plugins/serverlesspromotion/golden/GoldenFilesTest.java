package io.jenkins.plugins.serverlesspromotion.golden;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry;
import io.jenkins.plugins.serverlesspromotion.engine.audit.MerkleTree;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Fact;
import io.jenkins.plugins.serverlesspromotion.format.json.JournalCodec;
import io.jenkins.plugins.serverlesspromotion.format.json.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.Test;

/**
 * What is frozen: bytes of the journal, what a journal folds to, and digests. The rule for changing one is in
 * docs/developer/journal-format.md.
 */
public class GoldenFilesTest {
    private final JournalCodec codec = new JournalCodec();

    @Test
    public void everyRecordOfEveryFrozenJournalIsReadAndWrittenAgainInTheSameBytes() {
        assertTrue(GoldenFiles.stores().size() > 0);
        for (Path store : GoldenFiles.stores()) {
            List<byte[]> lines = GoldenFiles.lines(store);
            for (int i = 0; i < lines.size(); i++) {
                byte[] line = lines.get(i);
                var record = codec.decode(line);
                assertEquals(i, record.seq());
                assertEquals(
                        store + ", record " + i,
                        new String(line, StandardCharsets.UTF_8),
                        new String(codec.encode(record), StandardCharsets.UTF_8));
            }
        }
    }

    @Test
    public void everyLineOfAFrozenJournalHasTheHashThatItHadWhenItWasWritten() {
        for (Path store : GoldenFiles.stores()) {
            for (Path segment : GoldenFiles.segments(store)) {
                for (String line : GoldenFiles.text(segment).split("\n")) {
                    assertArrayEquals(
                            HexFormat.of().parseHex(line.substring(0, 64)),
                            MerkleTree.leafHash(line.substring(65).getBytes(StandardCharsets.UTF_8)));
                }
            }
        }
    }

    @Test
    public void everyFrozenJournalFoldsToTheSameLanes() throws Exception {
        for (Path store : GoldenFiles.stores()) {
            assertEquals(
                    store.toString(),
                    GoldenFiles.text(store.resolve("folded.json")),
                    GoldenFiles.folded(store, GoldenFiles.product(store)));
        }
    }

    @Test
    public void everyKindOfEntryAndFactHasALineInAFrozenJournal() {
        Set<Class<?>> missing = new HashSet<>(Arrays.asList(Entry.class.getPermittedSubclasses()));
        missing.addAll(Arrays.asList(Fact.class.getPermittedSubclasses()));
        GoldenFiles.records().forEach(record -> {
            missing.remove(record.entry().getClass());
            if (record.entry() instanceof Entry.LaneAdvanced advanced) {
                missing.remove(advanced.fact().getClass());
            }
        });
        assertEquals(
                "kinds without a frozen line; make a new journal with GoldenGenerator, see"
                        + " docs/developer/journal-format.md",
                Set.of(),
                missing);
    }

    @Test
    public void everyFrozenDigestIsWhatItWas() {
        Map<String, String> frozen = new TreeMap<>();
        for (String line :
                GoldenFiles.text(GoldenFiles.root().resolve("digests.txt")).split("\n")) {
            String[] words = line.split(" ");
            frozen.put(words[0], words[1]);
        }
        Map<String, String> now = new TreeMap<>();
        for (Path file : GoldenFiles.digested()) {
            now.put(file.getFileName().toString(), GoldenFiles.digest(GoldenFiles.digestedObject(file)));
        }
        assertEquals(frozen, now);
        for (String kind : GoldenFiles.DIGESTED.keySet()) {
            assertTrue(
                    kind, now.keySet().stream().filter(n -> n.startsWith(kind)).count() >= 3);
        }
    }

    @Test
    public void whatADigestCoversIsWrittenInTheSameBytes() {
        for (Path file : GoldenFiles.digested()) {
            assertEquals(
                    GoldenFiles.text(file),
                    new String(Json.canonical(GoldenFiles.digestedObject(file)), StandardCharsets.UTF_8));
        }
    }
}
