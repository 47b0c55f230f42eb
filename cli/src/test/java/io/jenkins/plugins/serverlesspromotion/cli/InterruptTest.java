package io.jenkins.plugins.serverlesspromotion.cli;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.format.json.JournalCodec;
import io.jenkins.plugins.serverlesspromotion.store.FileStore;
import io.jenkins.plugins.serverlesspromotion.store.Product;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** A process that is told to end, or killed, in the middle of a deployment. */
public class InterruptTest {
    @Rule
    public TemporaryFolder folder = new TemporaryFolder();

    /** The command line in accounts whose deployments never end. */
    public static final class Stuck {
        private Stuck() {}

        public static void main(String[] args) {
            var cloud = new MemoryCloud();
            cloud.gate = new CountDownLatch(1);
            int exit = Main.run(
                    args,
                    System.getenv(),
                    System.out,
                    new PrintStream(System.err, true, StandardCharsets.UTF_8),
                    new SystemTerminal(Map.of()),
                    Clock.systemUTC(),
                    (options, screen) -> cloud.open(),
                    FileStore.Options.defaults());
            System.exit(exit);
        }
    }

    private static Process stuck(Laboratory lab) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return new ProcessBuilder(List.of(
                        java,
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Stuck.class.getName(),
                        "work",
                        "--home",
                        lab.home.toString()))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /** Reads what it says until it deploys, does {@code what} to it, and answers all that it said. */
    private static List<String> said(Process process, Consumer<ProcessHandle> what) throws Exception {
        var lines = new ArrayList<String>();
        try (var err = new BufferedReader(new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8))) {
            String line = err.readLine();
            while (line != null) {
                lines.add(line);
                if (line.contains("UPDATE_IN_PROGRESS")) {
                    what.accept(process.toHandle());
                }
                line = err.readLine();
            }
        } finally {
            process.destroyForcibly();
        }
        process.waitFor();
        return lines;
    }

    private Laboratory requested() throws Exception {
        var lab = new Laboratory(folder);
        lab.policy();
        lab.publish("1.0.0");
        // Planned here, where the artifacts are; only the deployment is left to the other process.
        lab.expect(Exit.DONE, "pause", "--reason", "wait");
        lab.expect(Exit.DONE, "promote", "orders@1.0.0", "--to", "dev");
        lab.expect(Exit.DONE, "resume", "--reason", "go");
        return lab;
    }

    @Test
    public void toldToEndItSaysHowToGoOnAndLosesNothing() throws Exception {
        Laboratory lab = requested();
        Process process = stuck(lab);
        List<String> lines = said(process, ProcessHandle::destroy);
        String last = lines.get(lines.size() - 1);
        assertEquals("interrupted; nothing is lost, continue with: promotion work --home " + lab.home, last);
        assertEquals(
                lines.toString(),
                1,
                lines.stream().filter(l -> l.contains("interrupted")).count());
        assertNotEquals(Exit.DONE, process.exitValue());
        String board = lab.expect(Exit.DONE, "status").out();
        assertTrue(board, board.contains("✗ 1.0.0 interrupted while deploying"));
        assertTrue(board, board.contains("(orders.dev.1); no process continues it. Next: promotion work --home "));
        String review = lab.expect(Exit.DONE, "show", "orders.dev.1").out();
        assertTrue(review, review.contains("✗ INTERRUPTED while DEPLOYING"));
        assertTrue(review, review.contains("✗ interrupted: no process continues it. Next: promotion work"));
        assertEquals(
                true,
                lab.expect(Exit.DONE, "show", "orders.dev.1", "--json").json().get("interrupted"));
        try (var working = FileStore.open(lab.home, Product.CLI, new JournalCodec())) {
            assertTrue(working.refusal().isEmpty());
            String worked = lab.expect(Exit.DONE, "status").out();
            assertTrue("a process has it open", worked.contains("⟳ 1.0.0 deploying"));
        }
        lab.expect(Exit.DONE, "work");
        assertEquals("orders@1.0.0", lab.cloud.live.get("orders-dev/eu-west-1/api"));
    }

    @Test
    public void killedItIsTakenUpAgain() throws Exception {
        Laboratory lab = requested();
        said(stuck(lab), ProcessHandle::destroyForcibly);
        lab.expect(Exit.DONE, "work");
        assertEquals("orders@1.0.0", lab.cloud.live.get("orders-dev/eu-west-1/api"));
        assertEquals(1, lab.cloud.deployments.get());
    }
}
