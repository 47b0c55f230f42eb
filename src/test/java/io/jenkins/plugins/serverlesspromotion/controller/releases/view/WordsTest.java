package io.jenkins.plugins.serverlesspromotion.controller.releases.view;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.engine.lane.Deployment;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.view.GateRow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.Test;
import org.jvnet.hudson.test.WarExploder;

public class WordsTest {
    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

    @Test
    public void aTimeIsPastOrToCome() {
        assertEquals("3 min ago", Words.moment(NOW.minusSeconds(200), NOW).relative());
        assertEquals("in 3 min", Words.moment(NOW.plusSeconds(200), NOW).relative());
        assertTrue(Words.moment(NOW, NOW).absolute().contains(" 2026-11-2"));
    }

    @Test
    public void noTwoStatesDifferInColourAlone() {
        var words = new TreeSet<String>();
        for (Promotion.State state : Promotion.State.values()) {
            assertTrue(words.add(Words.mark(state).word()));
            assertFalse(Words.mark(state).icon().isEmpty());
        }
        assertFalse(
                "could not find out is not the answer no",
                Words.mark(Promotion.State.ERRORED)
                        .icon()
                        .equals(Words.mark(Promotion.State.FAILED).icon()));
        assertFalse(Words.mark(Promotion.State.ERRORED)
                .colour()
                .equals(Words.mark(Promotion.State.FAILED).colour()));
    }

    /** A symbol that core does not have is drawn as a cross, which would say the opposite of what is meant. */
    @Test
    public void everySymbolIsOneOfTheBaselines() throws Exception {
        Set<String> used = new TreeSet<>();
        Stream.of(Promotion.State.values()).forEach(s -> used.add(Words.mark(s).icon()));
        Stream.of(Deployment.Status.values())
                .forEach(s -> used.add(Words.mark(s).icon()));
        Arrays.stream(GateRow.State.values())
                .forEach(g -> used.add(
                        Words.mark(new GateRow(g, g.word(), "gate", "sentence")).icon()));
        Pattern symbol = Pattern.compile("symbol-[a-z-]+");
        Path sources = Path.of(System.getProperty("promotion.root", "."), "src/main");
        try (Stream<Path> files = Files.walk(sources)) {
            for (Path file : files.filter(f -> f.toString().contains("/releases/"))
                    .filter(f -> f.toString().matches(".*\\.(jelly|java)"))
                    .toList()) {
                collect(symbol, file, used);
            }
        }
        assertTrue("found them", used.size() > 10);
        Path symbols = WarExploder.getExplodedDir().toPath().resolve("WEB-INF/classes/images/symbols");
        for (String name : used) {
            assertTrue(name, Files.exists(symbols.resolve(name.substring("symbol-".length()) + ".svg")));
        }
    }

    private static void collect(Pattern symbol, Path file, Set<String> used) throws IOException {
        var matcher = symbol.matcher(Files.readString(file));
        while (matcher.find()) {
            used.add(matcher.group());
        }
    }
}
