package io.jenkins.plugins.serverlesspromotion;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.xml.parsers.ParserConfigurationException;
import org.junit.Ignore;
import org.junit.Test;
import org.xml.sax.SAXException;

/** What the tests of this build declare with {@link Shows}, and whether those that declare it were run. */
public final class ShownCells {
    /** Surefire's own patterns for a test class. */
    private static final Pattern TEST_CLASS = Pattern.compile("Test.*|.*Tests?|.*TestCase");

    /** By cell, the tests that count for it: {@code aws.AwsSandboxTest#nothingToDoIsUnchanged}. */
    private final Map<String, Set<String>> tests = new TreeMap<>();

    private final List<String> wrong = new ArrayList<>();

    private ShownCells() {}

    /**
     * What is wrong between a table and the declarations of the tests: a cell that no test shows, a declaration of a cell
     * that the table does not have, a declaration that cannot count. Empty when they are the same.
     *
     * @param table as {@link Shows#table}
     * @param cells all that must be shown
     */
    public static List<String> compare(String table, Collection<String> cells) {
        return compare(table, cells, classes());
    }

    /**
     * By cell, the tests that always run and declare that they show it: {@code aws.AwsSandboxTest#nothingToDo}.
     *
     * @param table as {@link Shows#table}
     */
    public static Map<String, Set<String>> tests(String table) {
        return of(table, classes()).tests;
    }

    static List<String> compare(String table, Collection<String> cells, Collection<Class<?>> classes) {
        ShownCells shown = of(table, classes);
        var wrong = new ArrayList<>(shown.wrong);
        cells.stream()
                .filter(cell -> !shown.tests.containsKey(cell))
                .forEach(cell -> wrong.add("no test that always runs shows '" + cell + "' of " + table));
        shown.tests.forEach((cell, tests) -> {
            if (!cells.contains(cell)) {
                wrong.add(tests + " show '" + cell + "', which " + table + " does not have");
            }
        });
        return wrong;
    }

    /**
     * Fails a build in which a declared cell was shown by no test that was run: all of its tests were skipped, or are
     * left out of this build.
     *
     * @param args the folder of Surefire's XML reports, then the tables whose tests this build runs
     */
    public static void main(String[] args) throws Exception {
        Set<String> run = run(Path.of(args[0]));
        for (String table : List.of(args).subList(1, args.length)) {
            List<String> missing = notRun(table, classes(), run);
            if (!missing.isEmpty()) {
                throw new IllegalStateException(String.join("\n", missing));
            }
            System.out.println("every cell of " + table + " was shown by a test that ran");
        }
    }

    static List<String> notRun(String table, Collection<Class<?>> classes, Set<String> run) {
        Map<String, Set<String>> declared = of(table, classes).tests;
        if (declared.isEmpty()) {
            return List.of("no test of this build shows anything of " + table);
        }
        var missing = new ArrayList<String>();
        declared.forEach((cell, tests) -> {
            if (tests.stream().noneMatch(run::contains)) {
                missing.add(
                        "'" + cell + "' of " + table + " was shown by no test that ran; not run or skipped: " + tests);
            }
        });
        return missing;
    }

    private static ShownCells of(String table, Collection<Class<?>> classes) {
        var shown = new ShownCells();
        var declared = new TreeSet<String>();
        var counted = new TreeSet<String>();
        for (Class<?> type : classes) {
            for (Method method : type.getDeclaredMethods()) {
                if (!cells(table, method).isEmpty()) {
                    declared.add(name(type, method));
                    if (!isTest(method)) {
                        shown.wrong.add(name(type, method) + " declares what it shows and is no test that always runs");
                    }
                }
            }
            if (!runsAlways(type)) {
                continue;
            }
            for (Method method : type.getMethods()) {
                if (isTest(method)) {
                    for (String cell : cells(table, method)) {
                        shown.tests.computeIfAbsent(cell, c -> new TreeSet<>()).add(name(type, method));
                        counted.add(name(method.getDeclaringClass(), method));
                    }
                }
            }
        }
        declared.removeAll(counted);
        declared.forEach(
                test -> shown.wrong.add(test + " declares what it shows, and is in no class that always runs"));
        return shown;
    }

    private static String name(Class<?> type, Method method) {
        return SkippedTests.name(type.getName(), method.getName());
    }

    private static List<String> cells(String table, Method method) {
        return Stream.of(method.getAnnotationsByType(Shows.class))
                .filter(shows -> shows.table().equals(table))
                .flatMap(shows -> Stream.of(shows.cell()))
                .toList();
    }

    private static boolean isTest(Method method) {
        return Modifier.isPublic(method.getModifiers())
                && method.isAnnotationPresent(Test.class)
                && !method.isAnnotationPresent(Ignore.class)
                && !method.isAnnotationPresent(MayBeSkipped.class);
    }

    private static boolean runsAlways(Class<?> type) {
        return !Modifier.isAbstract(type.getModifiers())
                && TEST_CLASS.matcher(type.getSimpleName()).matches()
                && !type.isAnnotationPresent(Ignore.class)
                && !type.isAnnotationPresent(MayBeSkipped.class);
    }

    /** All classes that were compiled with this one, nested ones left out. */
    public static List<Class<?>> classes() {
        try {
            Path folder = Path.of(ShownCells.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            try (Stream<Path> files = Files.walk(folder)) {
                return files.map(file -> folder.relativize(file).toString())
                        .filter(file -> file.endsWith(".class") && file.indexOf('$') < 0)
                        .map(file -> file.substring(0, file.length() - ".class".length()))
                        .<Class<?>>map(file -> load(file.replace('/', '.').replace('\\', '.')))
                        .toList();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name, false, ShownCells.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The tests that ran to their end and held, over all reports of {@code folder}. */
    static Set<String> run(Path folder) throws IOException, ParserConfigurationException, SAXException {
        return TestReports.in(folder).stream()
                .filter(test -> test.result() == TestReports.Result.PASSED)
                // A parameterized test has its parameter behind its name.
                .map(test -> test.name().replaceFirst("\\[.*", ""))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
