package io.jenkins.plugins.serverlesspromotion;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.sun.source.tree.BinaryTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.LambdaExpressionTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MemberReferenceTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.ParenthesizedTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.Test;

/**
 * {@code java.util.regex} tries again, so for an unsuitable pattern it may not end. It gets patterns that stand in the
 * sources and no others: a pattern that somebody gives goes through the port {@code Patterns}. Rules over the sources,
 * because the classes no longer tell a constant from a parameter.
 */
public class PatternRulesTest {
    private static final Path ROOT = Path.of(System.getProperty("promotion.root", ""));

    /** The methods that compile their first argument. */
    private static final Set<String> COMPILING = Set.of("matches", "replaceAll", "replaceFirst", "split");

    /** The adapter, whose {@code Pattern} is the one of RE2. */
    private static final String ADAPTER = "Re2Patterns.java";

    /** What is no constant by its form, and is none that somebody gives, with the reason. */
    private static final Set<String> ALLOWED = Set.of(
            // The parameter of a private method that is called with two constants.
            "Lines.java text.split(separator)",
            // Made of constants of its own class, of which other rules are made too.
            "ManifestReferences.java Pattern.compile(\"(?!(?:\" + String.join(\"|\", new TreeSet<>(BUILT_IN)) + \")$)\" + TextPatterns.VARIABLE.pattern())");

    private static List<Path> sources() throws IOException {
        List<Path> sources = new ArrayList<>();
        for (String folder : List.of("src/main/java", "cli/src/main/java")) {
            try (Stream<Path> files = Files.walk(ROOT.resolve(folder))) {
                files.filter(file -> file.toString().endsWith(".java")).forEach(sources::add);
            }
        }
        assertTrue("only " + sources.size(), sources.size() > 300);
        return sources;
    }

    @Test
    public void onlyConstantsAreCompiledByTheEngineThatTriesAgain() throws IOException {
        Set<String> found = new TreeSet<>();
        for (Path source : sources()) {
            if (!source.endsWith(ADAPTER)) {
                found.addAll(violations(source.getFileName().toString(), Files.readString(source)));
            }
        }
        assertEquals("use the port Patterns, or a constant", new TreeSet<>(ALLOWED), found);
    }

    /** The rule must see each way to break it. */
    @Test
    public void everyWayToCompileATextIsSeen() throws IOException {
        String head = "import java.util.regex.Pattern; class A { static final String X = \"a\"; ";
        assertEquals(Set.of(), violations("A.java", head + "static final Pattern P = Pattern.compile(\"a\" + X); }"));
        assertEquals(
                Set.of(),
                violations("A.java", head + "static final Pattern P = Pattern.compile(Q.pattern() + \"|\"); }"));
        for (String allowed : List.of(
                "t.matches(\"a\")",
                "t.split(\"a\" + X, -1)",
                "t.split(Pattern.quote(t))",
                "t.replaceAll(X, t)",
                "l.replaceAll(a -> a)",
                "l.replaceAll(String::strip)",
                "Glob.matches(t, t)",
                "p.matcher(t).matches()")) {
            assertEquals(allowed, Set.of(), violations("A.java", head + "void a() { " + allowed + "; } }"));
        }
        for (String forbidden : List.of(
                "Pattern.compile(t)",
                "Pattern.compile(\"a\")",
                "java.util.regex.Pattern.compile(t)",
                "Pattern.matches(t, t)",
                "Pattern.matches(\"a\", t)",
                "t.matches(t)",
                "t.split(\"a\" + t, -1)",
                "t.split(t, 2)",
                "t.replaceAll(t, \"\")",
                "t.replaceFirst(f(), \"\")",
                "f().x().replaceAll(A.b(t), \"\")")) {
            assertEquals(
                    Set.of("A.java " + forbidden), violations("A.java", head + "void a() { " + forbidden + "; } }"));
        }
        assertEquals(
                "a parameter is none of the class's constants",
                Set.of("A.java Pattern.compile(t)"),
                violations("A.java", head + "final Pattern p; A(String t) { p = Pattern.compile(t); } }"));
    }

    private static Set<String> violations(String name, String text) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        var source = new SimpleJavaFileObject(URI.create("string:///" + name), SimpleJavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return text;
            }
        };
        var task = (JavacTask) compiler.getTask(null, null, d -> {}, List.of("-proc:none"), null, List.of(source));
        Set<String> found = new TreeSet<>();
        for (CompilationUnitTree unit : task.parse()) {
            new TreePathScanner<Void, Void>() {
                @Override
                public Void visitMethodInvocation(MethodInvocationTree call, Void nothing) {
                    if (call.getMethodSelect() instanceof MemberSelectTree method && !mayBe(method, call)) {
                        found.add(name + " " + call.toString().replaceAll("\\s+", " "));
                    }
                    return super.visitMethodInvocation(call, nothing);
                }

                private boolean mayBe(MemberSelectTree method, MethodInvocationTree call) {
                    String on = method.getExpression().toString();
                    String called = method.getIdentifier().toString();
                    if (on.equals("Pattern") || on.equals("java.util.regex.Pattern")) {
                        return !called.equals("matches")
                                && (!called.equals("compile") || isOfConstant(getCurrentPath()) && areConstant(call));
                    }
                    boolean compiles = COMPILING.contains(called)
                            && !call.getArguments().isEmpty()
                            // The port has two arguments.
                            && !(called.equals("matches") && call.getArguments().size() > 1)
                            // A static method of ours.
                            && !(method.getExpression() instanceof IdentifierTree owner && isType(owner));
                    return !compiles || isHarmless(call.getArguments().get(0));
                }
            }.scan(unit, null);
        }
        return found;
    }

    private static boolean isType(IdentifierTree owner) {
        String name = owner.getName().toString();
        return Character.isUpperCase(name.charAt(0)) && !isConstantName(name);
    }

    private static boolean isConstantName(String name) {
        return name.equals(name.toUpperCase(java.util.Locale.ROOT));
    }

    /** Whether a call is what a constant of its class is made of. */
    private static boolean isOfConstant(TreePath call) {
        return call.getParentPath().getLeaf() instanceof VariableTree field
                && field.getModifiers().getFlags().containsAll(Set.of(Modifier.STATIC, Modifier.FINAL));
    }

    private static boolean areConstant(MethodInvocationTree call) {
        return isConstant(call.getArguments().get(0));
    }

    private static boolean isHarmless(Tree argument) {
        return isConstant(argument)
                || argument instanceof LambdaExpressionTree
                || argument instanceof MemberReferenceTree
                || argument instanceof MethodInvocationTree call
                        && call.getMethodSelect().toString().equals("Pattern.quote");
    }

    /** Literals and names of constants, put together. */
    private static boolean isConstant(Tree value) {
        if (value instanceof ParenthesizedTree inner) {
            return isConstant(inner.getExpression());
        }
        if (value instanceof BinaryTree both) {
            return isConstant(both.getLeftOperand()) && isConstant(both.getRightOperand());
        }
        if (value instanceof MethodInvocationTree call
                && call.getMethodSelect() instanceof MemberSelectTree method
                && method.getIdentifier().contentEquals("pattern")) {
            return isConstant(method.getExpression());
        }
        ExpressionTree name = value instanceof MemberSelectTree select ? select : null;
        return value instanceof LiteralTree
                || value instanceof IdentifierTree identifier
                        && isConstantName(identifier.getName().toString())
                || name != null
                        && isConstantName(
                                ((MemberSelectTree) name).getIdentifier().toString());
    }
}
