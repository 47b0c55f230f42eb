package io.jenkins.plugins.serverlesspromotion;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.ImportTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreeScanner;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.Test;

/**
 * Section 2 of the design: simple names are unique, and no files depend on each other. Rules over the sources, because
 * no build has the classes of both surfaces, and a class file no longer tells whose constant it uses. A comment is no
 * dependency.
 */
public class StructureTest {
    private static final Path ROOT = Path.of(System.getProperty("promotion.root", ""));
    private static final String PACKAGE = "io.jenkins.plugins.serverlesspromotion.";

    private static final int MOST_LINES = 400;
    /** Longer until the runtime is split. */
    private static final Set<String> LONG = Set.of("engine.runtime.Promotions");

    @Test
    public void aSimpleNameIsThatOfOneType() throws IOException {
        Map<String, Set<String>> types = new TreeMap<>();
        sources()
                .keySet()
                .forEach(type -> types.computeIfAbsent(simple(type), name -> new TreeSet<>())
                        .add(type));
        types.values().removeIf(same -> same.size() == 1);
        assertEquals("rename one of each", Map.of(), types);
    }

    @Test
    public void filesDoNotDependOnEachOther() throws IOException {
        Map<String, Set<String>> needed = needed(sources());
        Map<String, String> cycles = cycles(needed);
        assertEquals(
                "move what they share to where both may depend on it",
                List.of(),
                cycles.values().stream().distinct().toList());
    }

    @Test
    public void aFileIsShortEnoughToRead() throws IOException {
        Map<String, Integer> longer = new TreeMap<>();
        sources().forEach((name, text) -> {
            int lines = (int) text.lines().count();
            if (lines > MOST_LINES && !LONG.contains(name)) {
                longer.put(name, lines);
            }
        });
        assertEquals("split by subject what has more than " + MOST_LINES + " lines", Map.of(), longer);
    }

    /** The rule must see each way in which a file can depend on another, and nothing else. */
    @Test
    public void everyWayToDependOnAFileIsSeen() throws IOException {
        Map<String, String> sources = new TreeMap<>();
        sources.put(
                "a.Needed", "package a; public class Needed { public static int ONE; public static class Part {} }");
        List<String> ways = List.of(
                "package a; class X { Needed n; }",
                "package a; class X { Needed.Part p; }",
                "package a; class X { Object o = Needed.ONE; }",
                "package a; @Needed class X { }",
                "package b; import a.Needed; class X extends Needed { }",
                "package b; import a.Needed.Part; class X { void x(Part p) { } }",
                "package b; import static a.Needed.ONE; class X { int x = ONE; }",
                "package b; import static a.Needed.*; class X { int x = ONE; }",
                "package b; class X { a.Needed n; }",
                "package b; class X { Object x = a.Needed.ONE; }");
        for (String way : ways) {
            String name = way.substring("package ".length(), "package ".length() + 1) + ".X";
            sources.put(name, way);
            assertEquals(way, Set.of("a.Needed"), needed(sources).get(name));
            sources.remove(name);
        }
        List<String> others = List.of(
                "package a; /** {@link Needed} */ class X { /* Needed */ String s = \"Needed\"; }",
                "package a; class X { static class Needed { } Needed n; }",
                "package a; import c.Needed; class X { Needed n; }",
                "package b; class X { Needed n; }",
                "package b; /** {@link Needed} */ import a.Needed; class X { }");
        for (String other : others) {
            String name = other.substring("package ".length(), "package ".length() + 1) + ".X";
            sources.put(name, other);
            assertEquals(other, Set.of(), needed(sources).get(name));
            sources.remove(name);
        }
    }

    @Test
    public void aCycleIsShownWithAllThatIsInIt() {
        Map<String, Set<String>> needed =
                Map.of("A", Set.of("B", "D"), "B", Set.of("C"), "C", Set.of("A", "D"), "D", Set.of(), "E", Set.of("A"));
        assertEquals(Map.of("A", "A → B → C → A", "B", "B → C → A → B", "C", "C → A → B → C"), cycles(needed));
    }

    /** Texts of the main sources by the name of their type, without what all have in common. */
    private static Map<String, String> sources() throws IOException {
        Map<String, String> sources = new TreeMap<>();
        for (String folder : List.of("src/main/java", "cli/src/main/java")) {
            Path root = ROOT.resolve(folder);
            List<Path> files;
            try (Stream<Path> all = Files.walk(root)) {
                files = all.filter(file -> file.toString().endsWith(".java") && !file.endsWith("package-info.java"))
                        .toList();
            }
            for (Path file : files) {
                String name =
                        root.relativize(file).toString().replace('\\', '/').replace('/', '.');
                assertTrue(name, name.startsWith(PACKAGE));
                sources.put(
                        name.substring(PACKAGE.length(), name.length() - ".java".length()),
                        // As if there were nothing above it, so that names are short.
                        Files.readString(file).replace(PACKAGE, ""));
            }
        }
        assertTrue("only " + sources.size(), sources.size() > 300);
        return sources;
    }

    /** Which files each file depends on, by names of their types. */
    private static Map<String, Set<String>> needed(Map<String, String> sources) throws IOException {
        Map<URI, String> names = new HashMap<>();
        List<JavaFileObject> files = new ArrayList<>();
        sources.forEach((name, text) -> {
            URI address = URI.create("string:///" + name.replace('.', '/') + ".java");
            names.put(address, name);
            files.add(new SimpleJavaFileObject(address, JavaFileObject.Kind.SOURCE) {
                @Override
                public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                    return text;
                }
            });
        });
        var task = (JavacTask)
                ToolProvider.getSystemJavaCompiler().getTask(null, null, d -> {}, List.of("-proc:none"), null, files);
        Map<String, Set<String>> needed = new TreeMap<>();
        for (CompilationUnitTree unit : task.parse()) {
            String name = names.get(unit.getSourceFile().toUri());
            needed.put(name, needed(name, unit, sources.keySet()));
        }
        return needed;
    }

    private static Set<String> needed(String name, CompilationUnitTree unit, Set<String> types) {
        var words = new Words();
        words.scan(unit.getTypeDecls(), null);
        Set<String> needed = new TreeSet<>();
        Set<String> imported = new HashSet<>();
        for (ImportTree one : unit.getImports()) {
            String path = one.getQualifiedIdentifier().toString();
            String last = simple(path);
            imported.add(last);
            if (words.used.contains(last) || one.isStatic() && last.equals("*")) {
                type(path, types).ifPresent(needed::add);
            }
        }
        String home = name.substring(0, name.length() - simple(name).length());
        for (String word : words.used) {
            if (!imported.contains(word) && !words.declared.contains(word) && types.contains(home + word)) {
                needed.add(home + word);
            }
        }
        words.paths.stream().filter(types::contains).forEach(needed::add);
        needed.remove(name);
        return needed;
    }

    /** The type that a path names, or something of which it names. */
    private static Optional<String> type(String path, Set<String> types) {
        for (String one = path; one.indexOf('.') >= 0; one = one.substring(0, one.lastIndexOf('.'))) {
            if (types.contains(one)) {
                return Optional.of(one);
            }
        }
        return Optional.empty();
    }

    private static String simple(String name) {
        return name.substring(name.lastIndexOf('.') + 1);
    }

    /** The names that a file uses and those that it declares. */
    private static final class Words extends TreeScanner<Void, Void> {
        private final Set<String> used = new HashSet<>();
        private final Set<String> declared = new HashSet<>();
        private final Set<String> paths = new HashSet<>();

        @Override
        public Void visitClass(ClassTree type, Void nothing) {
            declared.add(type.getSimpleName().toString());
            return super.visitClass(type, nothing);
        }

        @Override
        public Void visitIdentifier(IdentifierTree identifier, Void nothing) {
            used.add(identifier.getName().toString());
            return null;
        }

        @Override
        public Void visitMemberSelect(MemberSelectTree select, Void nothing) {
            paths.add(select.toString());
            return super.visitMemberSelect(select, nothing);
        }
    }

    /** A shortest cycle for each that is in one. */
    private static Map<String, String> cycles(Map<String, Set<String>> needed) {
        Map<String, String> cycles = new TreeMap<>();
        for (String start : needed.keySet()) {
            Map<String, String> from = new HashMap<>();
            Deque<String> next = new ArrayDeque<>(List.of(start));
            while (!next.isEmpty() && !from.containsKey(start)) {
                String at = next.remove();
                for (String to : new TreeSet<>(needed.get(at))) {
                    if (from.putIfAbsent(to, at) == null) {
                        next.add(to);
                    }
                }
            }
            if (from.containsKey(start)) {
                Deque<String> way = new ArrayDeque<>(List.of(start));
                String at = start;
                do {
                    at = from.get(at);
                    way.addFirst(at);
                } while (!at.equals(start));
                cycles.put(start, way.stream().collect(Collectors.joining(" → ")));
            }
        }
        return cycles;
    }
}
