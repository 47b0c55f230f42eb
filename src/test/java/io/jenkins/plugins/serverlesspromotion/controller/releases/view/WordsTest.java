package io.jenkins.plugins.serverlesspromotion.controller.releases.view;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.engine.lane.Deployment;
import io.jenkins.plugins.serverlesspromotion.engine.lane.GateStatus;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.engine.lane.PromotionDecisions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
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
    public void lengthsAreWrittenAsPeopleSayThem() {
        assertEquals("8 s", Words.length(Duration.ofSeconds(8)));
        assertEquals("3 min", Words.length(Duration.ofSeconds(239)));
        assertEquals("2 h 4 min", Words.length(Duration.ofMinutes(124)));
        assertEquals("2 h", Words.length(Duration.ofMinutes(120)));
        assertEquals("6 d", Words.length(Duration.ofHours(150)));
        assertEquals("0 s", Words.length(Duration.ofSeconds(-5)));
    }

    @Test
    public void aTimeIsPastOrToCome() {
        assertEquals("3 min ago", Words.moment(NOW.minusSeconds(200), NOW).relative());
        assertEquals("in 3 min", Words.moment(NOW.plusSeconds(200), NOW).relative());
        assertTrue(Words.moment(NOW, NOW).absolute().startsWith("2026-11-2"));
    }

    @Test
    public void thePeopleBehindABuildAskedAndTheBuildIsWhereTheyAskedFrom() {
        var byBuild = new PromotionDecisions.Request("job:team/main#7", Set.of("erin", "bob"), NOW, null, null, "key");
        assertEquals("bob, erin", Words.asker(byBuild));
        assertEquals("from team/main#7", Words.origin(byBuild));
        var inPerson = new PromotionDecisions.Request("user:bob", Set.of("bob"), NOW, null, null, null);
        assertEquals("bob", Words.asker(inPerson));
        assertNull(Words.origin(inPerson));
        var byNobody = new PromotionDecisions.Request("job:team/main#8", Set.of(), NOW, null, null, "key");
        assertEquals("team/main#8", Words.asker(byNobody));
        assertNull(Words.origin(byNobody));
    }

    @Test
    public void whatCameByItselfSaysSo() {
        var automatic = new PromotionDecisions.Request(
                "automatic after orders.staging.3", Set.of("bob"), NOW, null, null, "key");
        assertEquals("bob", Words.asker(automatic));
        assertEquals("in staging; requested automatically after orders.staging.3 succeeded", Words.origin(automatic));
    }

    @Test
    public void daysAreNamedAsPeopleNameThem() {
        ZoneId berlin = ZoneId.of("Europe/Berlin");
        Instant now = Instant.parse("2026-12-28T22:30:00Z"); // Monday, 23:30 there
        assertEquals("23:45 Europe/Berlin", Words.day(now.plusSeconds(900), now, berlin));
        assertEquals("tomorrow 00:00 Europe/Berlin", Words.day(now.plusSeconds(1800), now, berlin));
        assertEquals("tomorrow 09:00 Europe/Berlin", Words.day(Instant.parse("2026-12-29T08:00:00Z"), now, berlin));
        assertEquals("yesterday 23:59 Europe/Berlin", Words.day(Instant.parse("2026-12-27T22:59:00Z"), now, berlin));
        assertEquals("Sunday 09:00 Europe/Berlin", Words.day(Instant.parse("2027-01-03T08:00:00Z"), now, berlin));
        assertEquals("4 Jan 2027, 09:00 Europe/Berlin", Words.day(Instant.parse("2027-01-04T08:00:00Z"), now, berlin));
        assertEquals("20 Dec, 00:00 Europe/Berlin", Words.day(Instant.parse("2026-12-19T23:00:00Z"), now, berlin));
        assertEquals(
                "after the clocks went back",
                "02:30 Europe/Berlin",
                Words.day(Instant.parse("2026-10-25T01:30:00Z"), Instant.parse("2026-10-25T00:30:00Z"), berlin));
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
        Arrays.stream(GateStatus.GateResult.values())
                .forEach(v -> used.add(Words.mark(v).icon()));
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
