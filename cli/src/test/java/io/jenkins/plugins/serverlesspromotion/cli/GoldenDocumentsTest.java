package io.jenkins.plugins.serverlesspromotion.cli;

import static org.junit.Assert.assertEquals;

import io.jenkins.plugins.serverlesspromotion.golden.GoldenFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/**
 * What {@code --json} answers about the frozen installation, byte by byte; REST answers the same documents. Their names
 * change only in an issue that says so: then the golden files change with it, and the docs list the old and new names.
 */
public class GoldenDocumentsTest {
    @Rule
    public TemporaryFolder folder = new TemporaryFolder();

    private Laboratory laboratory;

    @Before
    public void copy() throws Exception {
        laboratory = new Laboratory(folder);
        laboratory.clock = Clock.fixed(Instant.parse("2026-11-21T10:20:00Z"), ZoneOffset.UTC);
        GoldenFiles.copy(GoldenFiles.root().resolve("installation-1/store-cli"), laboratory.home);
        Files.delete(laboratory.home.resolve("folded.json"));
    }

    /** None of them changes anything. */
    private static Map<String, List<String>> commands() {
        Map<String, List<String>> commands = new LinkedHashMap<>();
        commands.put("status", List.of("status"));
        commands.put("waiting", List.of("show", "orders.prod.3"));
        commands.put("ended", List.of("show", "orders.prod.2"));
        commands.put("overridden", List.of("show", "billing.prod.2"));
        commands.put("rolled-back", List.of("show", "billing.dev.3"));
        commands.put("running", List.of("show", "search.dev.1"));
        commands.put("explain", List.of("policy", "explain", "orders@1.3.0", "--to", "prod"));
        commands.put("policy", List.of("policy", "show"));
        commands.put("audit", List.of("audit", "log", "--promotion", "search.dev.1"));
        return commands;
    }

    @Test
    public void documentsAreAsTheyWere() throws Exception {
        for (Map.Entry<String, List<String>> command : commands().entrySet()) {
            var words = new ArrayList<>(command.getValue());
            words.add("--json");
            var answer = laboratory.call(words.toArray(String[]::new));
            assertEquals(answer.err(), "", answer.err());
            String document = answer.out().replace(laboratory.home.toString(), "HOME");
            Path golden = GoldenFiles.root().resolve("documents").resolve(command.getKey() + ".json");
            if (Boolean.getBoolean("golden.write")) {
                GoldenFiles.writeNew(golden, document);
            }
            assertEquals(command.getKey(), Files.readString(golden), document);
        }
    }
}
