package io.jenkins.plugins.serverlesspromotion.store;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.engine.audit.Checkpoint;
import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry;
import io.jenkins.plugins.serverlesspromotion.engine.audit.JournalRecord;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Processes that are killed for real. */
public class KillTest {
    private static final int ROUNDS = 20;

    @Rule
    public final TemporaryFolder temporary = new TemporaryFolder();

    private static Process start(Path root, String what) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        AppendingProcess.class.getName(),
                        root.toString(),
                        what)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static BufferedReader output(Process process) {
        return new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    @Test
    public void everythingAcknowledgedSurvivesTheKillOfItsProcess() throws Exception {
        Path root = temporary.getRoot().toPath().resolve("home");
        var chance = new Random(7);
        var sizes = new ArrayList<String>();
        Checkpoint earlier = null;
        for (int round = 0; round < ROUNDS; round++) {
            long acknowledged = -1;
            long opened;
            Process process = start(root, "append");
            try (BufferedReader told = output(process)) {
                String first = told.readLine();
                assertTrue(String.valueOf(first), first != null && first.startsWith("open "));
                opened = Long.parseLong(first.substring(5));
                int killAfter = 1 + chance.nextInt(120);
                for (int i = 0; i < killAfter; i++) {
                    acknowledged = seq(told.readLine());
                }
                // Through its handle, which unlike the process itself leaves us what it had written.
                process.toHandle().destroyForcibly();
                // What it had said before it died was acknowledged as well.
                for (String line = told.readLine();
                        line != null && line.matches("[0-9]+ [0-9]+");
                        line = told.readLine()) {
                    acknowledged = seq(line);
                }
            } finally {
                process.destroyForcibly().waitFor();
            }
            try (FileStore store = StoreLab.openReadOnly(root)) {
                String when = "round " + round + " acknowledged " + acknowledged + " there " + store.size();
                assertTrue(when, store.size() > acknowledged);
                assertTrue(when, store.size() <= acknowledged + 2);
                List<JournalRecord> records = StoreLab.all(store);
                for (int i = 0; i < records.size(); i++) {
                    assertEquals(when, i, records.get(i).seq());
                }
                for (long i = opened; i <= acknowledged; i++) {
                    assertEquals(
                            when,
                            StoreLab.entry((int) (i - opened)),
                            records.get((int) i).entry());
                }
                assertEquals(when, store.checkpoint(), store.checkpoint(store.size()));
                if (earlier != null) {
                    assertEquals("the log only grows", earlier, store.checkpoint(earlier.size()));
                }
                earlier = store.checkpoint();
                sizes.add(store.size() + "/" + (acknowledged + 1));
            }
        }
        try (FileStore store = FileStore.open(root, Product.CLI, StoreLab.CODEC)) {
            assertEquals(earlier, store.checkpoint(earlier.size()));
            System.out.println("there/acknowledged: " + sizes + ", torn: "
                    + store.records(r -> r.entry() instanceof Entry.StoreRepaired)
                            .size());
        }
    }

    private static long seq(String line) {
        return Long.parseLong(line.substring(0, line.indexOf(' ')));
    }

    @Test
    public void aStoreThatAnotherProcessHoldsIsRefusedUntilThatProcessIsGone() throws Exception {
        Path root = temporary.getRoot().toPath().resolve("home");
        Process process = start(root, "hold");
        try (BufferedReader told = output(process)) {
            assertEquals("open 1", told.readLine());
            for (int i = 0; i < 2; i++) {
                String refused = assertThrows(
                                IOException.class, () -> FileStore.open(root, Product.CLI, StoreLab.CODEC))
                        .getMessage();
                assertTrue(
                        refused,
                        refused.matches(".*/home is in use by process " + process.pid()
                                + " \\(since 20[0-9T:.-]+Z\\); end that first, or use another folder"));
            }
            try (FileStore reader = StoreLab.openReadOnly(root)) {
                assertEquals(1, reader.size());
            }
        } finally {
            process.destroyForcibly().waitFor();
        }
        try (FileStore store = FileStore.open(root, Product.CLI, StoreLab.CODEC)) {
            assertEquals(2, store.append(StoreLab.entry(1)).seq() + 1);
        }
    }
}
