package io.jenkins.plugins.serverlesspromotion.controller.matrix;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.ShownCells;
import io.jenkins.plugins.serverlesspromotion.Shows;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.apache.tools.ant.types.selectors.SelectorUtils;
import org.junit.BeforeClass;
import org.junit.Test;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * Which tests keep which class of holes shut on which surface. {@code security-coverage.txt} names them, and each test
 * declares the same itself ({@link Shows}). This test fails when a class lacks a surface, when table and declarations
 * differ, and when a named test may be skipped or is not run by this build.
 */
public class SecurityCoverageTest {
    private static final String FILE = "security-coverage.txt";
    private static final String OURS = "io.jenkins.plugins.serverlesspromotion.";
    private static final Set<Integer> CLASSES =
            Set.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 13, 14, 15, 16, 18, 20, 21, 22, 23, 24);
    private static final Set<String> SURFACES = Set.of("page", "rest", "command", "step", "jcasc", "replay");

    /** Below every surface, for the classes that are kept shut there. */
    private static final Set<String> ENGINE = Set.of("publish", "plan", "write", "check", "recovery", "undo");

    private static final Set<Integer> IN_ENGINE = Set.of(21);

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
                } else if (surfaces != null && begin.matches() && isSurface(begin.group(1))) {
                    cell = new ArrayList<>(List.of(begin.group(2).split(" +")));
                    if (surfaces.put(begin.group(1), cell) != null) {
                        WRONG.add(FILE + ":" + number + ": " + begin.group(1) + " is there twice");
                    }
                } else if (cell != null && line.startsWith(" ")) {
                    cell.addAll(List.of(line.strip().split(" +")));
                } else {
                    WRONG.add(FILE + ":" + number + ": is neither a class nor one of " + SURFACES + " or " + ENGINE);
                }
            }
        }
    }

    @Test
    public void everyClassSaysSomethingOfEverySurface() {
        assertEquals(List.of(), WRONG);
        assertEquals(CLASSES, CELLS.keySet());
        CELLS.forEach((number, surfaces) -> {
            var expected = new TreeSet<>(SURFACES);
            if (IN_ENGINE.contains(number)) {
                expected.addAll(ENGINE);
            }
            assertEquals("class " + number, expected, surfaces.keySet());
            assertTrue(
                    "class " + number + " is tried nowhere",
                    surfaces.values().stream().anyMatch(cell -> !isNone(cell)));
        });
    }

    @Test
    public void whatIsNotTriedHasAReason() {
        var wrong = new ArrayList<String>();
        CELLS.forEach((number, surfaces) -> surfaces.forEach((surface, cell) -> {
            boolean named = cell.stream().anyMatch(word -> TEST.matcher(word).matches());
            if (isNone(cell) ? cell.size() < 4 || named : !cell.stream().allMatch(TEST.asMatchPredicate())) {
                wrong.add(number + " " + surface + ": is neither tests nor 'none:' and a sentence that says why");
            }
        }));
        assertEquals(List.of(), wrong);
    }

    /** Each cell names exactly the tests that declare it, and all of them always run. */
    @Test
    public void theTableAndTheDeclarationsOfTheTestsAreTheSame() {
        var wrong = new ArrayList<String>();
        Map.of(Shows.HOLES, SURFACES, Shows.ENGINE_HOLES, ENGINE).forEach((table, surfaces) -> {
            Map<String, Set<String>> cited = cited(surfaces);
            Map<String, Set<String>> declared = ShownCells.tests(table);
            wrong.addAll(ShownCells.compare(table, cited.keySet()));
            difference(cited, declared)
                    .forEach(one -> wrong.add(FILE + " names " + one + "; no test that always runs says so"));
            difference(declared, cited)
                    .forEach(one -> wrong.add("@Shows declares " + one + "; " + FILE + " does not name it"));
        });
        assertEquals(String.join("\n", wrong), List.of(), wrong);
    }

    /** A test that only the other build runs shows nothing here. */
    @Test
    public void whatIsNamedIsRunByThisBuild() throws Exception {
        List<String> included = surefire("include");
        List<String> excluded = surefire("exclude");
        assertTrue("the build's patterns of test classes were not found", included.size() > 1);
        var wrong = new TreeSet<String>();
        cited(SURFACES).values().stream().flatMap(Set::stream).forEach(test -> {
            String file = (OURS + test.substring(0, test.indexOf('#'))).replace('.', '/') + ".java";
            if (included.stream().noneMatch(pattern -> SelectorUtils.matchPath(pattern, file))
                    || excluded.stream().anyMatch(pattern -> SelectorUtils.matchPath(pattern, file))) {
                wrong.add(file + " is not run by pom.xml: " + test);
            }
        });
        assertEquals(Set.of(), wrong);
    }

    /** Below the surfaces: by {@code cli/pom.xml}, which leaves out the controller alone. */
    @Test
    public void whatIsNamedOfTheEngineIsRunByTheOtherBuild() {
        List<String> wrong = cited(ENGINE).values().stream()
                .flatMap(Set::stream)
                .filter(test -> test.startsWith("controller.") || !test.contains("Test#"))
                .toList();
        assertEquals(List.of(), wrong);
    }

    private static boolean isSurface(String word) {
        return SURFACES.contains(word) || ENGINE.contains(word);
    }

    private static boolean isNone(List<String> cell) {
        return cell.get(0).equals("none:");
    }

    /** By cell, as {@code 5 page}, what the table names of these surfaces. */
    private static Map<String, Set<String>> cited(Set<String> which) {
        Map<String, Set<String>> cited = new TreeMap<>();
        CELLS.forEach((number, surfaces) -> surfaces.forEach((surface, cell) -> {
            if (which.contains(surface) && !isNone(cell)) {
                cited.put(number + " " + surface, new TreeSet<>(cell));
            }
        }));
        return cited;
    }

    /** Tests by cell that are in the first only: {@code a.b.CTest#d for 5 page}. */
    private static List<String> difference(Map<String, Set<String>> first, Map<String, Set<String>> second) {
        var only = new ArrayList<String>();
        first.forEach((cell, tests) -> tests.stream()
                .filter(test -> !second.getOrDefault(cell, Set.of()).contains(test))
                .forEach(test -> only.add(test + " for " + cell)));
        return only;
    }

    /** Patterns of test classes in the plugin's pom.xml. */
    private static List<String> surefire(String kind) throws Exception {
        var factory = DocumentBuilderFactory.newInstance();
        factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        Path pom = Path.of(System.getProperty("promotion.root"), "pom.xml");
        var patterns = new ArrayList<String>();
        NodeList plugins = factory.newDocumentBuilder().parse(pom.toFile()).getElementsByTagName("plugin");
        for (int i = 0; i < plugins.getLength(); i++) {
            var plugin = (Element) plugins.item(i);
            if (plugin.getElementsByTagName("artifactId")
                    .item(0)
                    .getTextContent()
                    .equals("maven-surefire-plugin")) {
                NodeList found = plugin.getElementsByTagName(kind);
                for (int k = 0; k < found.getLength(); k++) {
                    patterns.add(found.item(k).getTextContent().strip());
                }
            }
        }
        return patterns;
    }
}
