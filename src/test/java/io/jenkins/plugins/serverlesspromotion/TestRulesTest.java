package io.jenkins.plugins.serverlesspromotion;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.Test;

/** What made tests fail now and then must not come back: these rules hold for the test sources of both builds. */
public class TestRulesTest {
    private static final Path ROOT = Path.of(System.getProperty("promotion.root", ""));

    /** The sandbox imitates slow answers; the demo is no test. */
    private static final Set<String> MAY_SLEEP = Set.of("Sandbox.java", "Demo.java");

    private static List<Path> sources() throws IOException {
        List<Path> sources = new ArrayList<>();
        for (String folder : List.of("src/test/java", "cli/src/test/java")) {
            try (Stream<Path> files = Files.walk(ROOT.resolve(folder))) {
                files.filter(file -> file.toString().endsWith(".java"))
                        .filter(file -> !file.endsWith("TestRulesTest.java"))
                        .forEach(sources::add);
            }
        }
        assertTrue("only " + sources.size(), sources.size() > 200);
        return sources;
    }

    private static List<String> lines(String pattern, Set<String> except) throws IOException {
        var forbidden = Pattern.compile(pattern);
        List<String> found = new ArrayList<>();
        for (Path source : sources()) {
            if (!except.contains(source.getFileName().toString())) {
                List<String> lines = Files.readAllLines(source);
                for (int i = 0; i < lines.size(); i++) {
                    if (forbidden.matcher(lines.get(i)).find()) {
                        found.add(source.getFileName() + ":" + (i + 1) + " "
                                + lines.get(i).strip());
                    }
                }
            }
        }
        return found;
    }

    @Test
    public void noTestSleeps() throws IOException {
        assertEquals(
                "wait for a condition", List.of(), lines("Thread\\.sleep\\(|TimeUnit\\.\\w+\\.sleep\\(", MAY_SLEEP));
    }

    @Test
    public void noTestKeepsConnections() throws IOException {
        assertEquals(
                "use FreshConnections", List.of(), lines("java\\.net\\.http\\.HttpClient\\b", Set.of("Demo.java")));
    }

    @Test
    public void noTestGivesUpAfterSecondsOfItsOwn() throws IOException {
        assertEquals(
                "use Patience",
                List.of(),
                lines(
                        "\\.(await|join|get|waitFor|atMost)\\((\\d[\\d_]*, TimeUnit\\.SECONDS|\\d[\\d_]{3,}\\)|Duration\\.of)"
                                + "|promotions(\\(\\))?\\.await\\(.*Duration\\.of\\w+\\(\\d+\\)\\)",
                        Set.of("Promoting.java")));
    }

    @Test
    public void noServerOfATestHasAFixedPort() throws IOException {
        assertEquals(
                "bind port 0",
                List.of(),
                lines("new (Server)?Socket\\([^)]*\\b[1-9]\\d{3,}|InetSocketAddress\\([^)]*\\b[1-9]\\d{3,}", Set.of()));
    }

    @Test
    public void everyTestLogsInSoThatItHolds() throws IOException {
        assertEquals("use Logins.login", List.of(), lines("(?<!\\bLogins)\\.login\\(", Set.of("Logins.java")));
        assertEquals("use Browser.of", List.of(), lines("j_username", Set.of("Browser.java")));
    }
}
