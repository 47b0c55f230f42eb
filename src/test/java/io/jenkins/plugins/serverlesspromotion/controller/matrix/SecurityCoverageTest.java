package io.jenkins.plugins.serverlesspromotion.controller.matrix;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.BeforeClass;
import org.junit.Ignore;
import org.junit.Test;

/**
 * Which tests keep which hole shut on which surface: {@code security-coverage.txt} says it, and here it is held that each
 * class has every surface, and that what it names really is a test.
 */
public class SecurityCoverageTest {
    private static final String FILE = "security-coverage.txt";
    private static final String OURS = "io.jenkins.plugins.serverlesspromotion.";
    private static final Set<Integer> CLASSES = Set.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 14, 15, 16, 18, 20);
    private static final Set<String> SURFACES = Set.of("page", "rest", "command", "step", "jcasc", "replay");

    private static final Pattern HEADING = Pattern.compile("([0-9]+) (\\S.*)");
    private static final Pattern CELL = Pattern.compile(" +([a-z]+) +(\\S.*)");
    private static final Pattern TEST = Pattern.compile("([a-zA-Z.]+)#([a-zA-Z0-9_]+)");

    /** By class, then by surface, the words of each cell. */
    private static final Map<Integer, Map<String, List<String>>> CELLS = new TreeMap<>();

    private static final List<String> WRONG = new ArrayList<>();

    @BeforeClass
    public static void read() throws IOException {
        CELLS.clear();
        WRONG.clear();
        try (var lines = new BufferedReader(
                new InputStreamReader(SecurityCoverageTest.class.getResourceAsStream(FILE), StandardCharsets.UTF_8))) {
            Map<String, List<String>> surfaces = null;
            List<String> cell = null;
            int number = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                Matcher heading = HEADING.matcher(line);
                Matcher begin = CELL.matcher(line);
                if (line.isBlank() || line.startsWith("#")) {
                    continue;
                }
                if (heading.matches()) {
                    surfaces = new LinkedHashMap<>();
                    cell = null;
                    if (CELLS.put(Integer.valueOf(heading.group(1)), surfaces) != null) {
                        WRONG.add(FILE + ":" + number + ": a class is there twice");
                    }
                } else if (surfaces != null && begin.matches() && SURFACES.contains(begin.group(1))) {
                    cell = new ArrayList<>(List.of(begin.group(2).split(" +")));
                    if (surfaces.put(begin.group(1), cell) != null) {
                        WRONG.add(FILE + ":" + number + ": " + begin.group(1) + " is there twice");
                    }
                } else if (cell != null && line.startsWith(" ")) {
                    cell.addAll(List.of(line.strip().split(" +")));
                } else {
                    WRONG.add(FILE + ":" + number + ": is neither a class nor one of " + SURFACES);
                }
            }
        }
    }

    @Test
    public void everyClassSaysSomethingOfEverySurface() {
        assertEquals(List.of(), WRONG);
        assertEquals(CLASSES, CELLS.keySet());
        CELLS.forEach((number, surfaces) -> {
            assertEquals("class " + number, SURFACES, surfaces.keySet());
            assertTrue(
                    "class " + number + " is tried nowhere",
                    surfaces.values().stream().anyMatch(cell -> !cell.get(0).equals("none:")));
        });
    }

    @Test
    public void whatIsNamedIsATestAndWhatIsNotHasAReason() {
        var wrong = new ArrayList<String>();
        CELLS.forEach((number, surfaces) -> surfaces.forEach((surface, cell) -> {
            if (cell.get(0).equals("none:")) {
                if (cell.size() < 4
                        || cell.stream().anyMatch(word -> TEST.matcher(word).matches())) {
                    wrong.add(number + " " + surface + ": a reason is a sentence, and names no test beside it");
                }
                return;
            }
            cell.stream()
                    .filter(word -> !isTest(word))
                    .forEach(word -> wrong.add(number + " " + surface + ": there is no test " + word));
        }));
        assertEquals(String.join("\n", wrong), List.of(), wrong);
    }

    private static boolean isTest(String word) {
        Matcher named = TEST.matcher(word);
        if (!named.matches()) {
            return false;
        }
        try {
            Class<?> test = Class.forName(OURS + named.group(1), false, SecurityCoverageTest.class.getClassLoader());
            return !Modifier.isAbstract(test.getModifiers())
                    && !test.isAnnotationPresent(Ignore.class)
                    && Stream.of(test.getMethods()).anyMatch(m -> m.getName().equals(named.group(2)) && isRun(m));
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    private static boolean isRun(Method method) {
        return method.isAnnotationPresent(Test.class) && !method.isAnnotationPresent(Ignore.class);
    }
}
