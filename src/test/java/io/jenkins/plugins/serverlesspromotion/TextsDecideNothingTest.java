package io.jenkins.plugins.serverlesspromotion;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.sun.source.tree.AssignmentTree;
import com.sun.source.tree.BinaryTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ConditionalExpressionTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.LambdaExpressionTree;
import com.sun.source.tree.MemberReferenceTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ParenthesizedTree;
import com.sun.source.tree.SwitchExpressionTree;
import com.sun.source.tree.SwitchTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.TypeCastTree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreeScanner;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.Test;

/**
 * No decision depends on a text that is written for people. What such a text says stands beside it as a kind, an instant,
 * an id or a flag. This reads the sources and finds where a text is compared, searched or split.
 */
public class TextsDecideNothingTest {
    /** Members that hold texts for people, of whatever record, and what exceptions say. */
    private static final Set<String> TEXTS = Set.of(
            "abort",
            "because",
            "cause",
            "comment",
            "detail",
            "difference",
            "differences",
            "failure",
            "finding",
            "getMessage",
            "meaning",
            "reason",
            "refusal",
            "sentence",
            "text",
            "trouble",
            "voided",
            "what",
            "why",
            "whyNot");

    /** Members that hold ids, of which a part says something too: they are compared as a whole, and only so. */
    private static final Set<String> IDS = Set.of("by", "scope");

    /** What asks an id something about its parts. */
    private static final Set<String> QUESTIONS_ABOUT_PARTS = Set.of(
            "endsWith", "find", "indexOf", "lastIndexOf", "lookingAt", "matcher", "matches", "split", "startsWith");

    /** Local variables and parameters that hold such a text by their name; the others are followed from where they begin. */
    private static final Set<String> VARIABLES =
            Set.of("abort", "because", "cause", "detail", "cleaned", "reason", "sentence", "voided", "why", "whyNot");

    /** What asks a text something. Whether there is one ({@code isEmpty}, {@code null}) is no question about its words. */
    private static final Set<String> QUESTIONS = Set.of(
            "compareTo",
            "contains",
            "containsKey",
            "contentEquals",
            "endsWith",
            "equals",
            "equalsIgnoreCase",
            "find",
            "indexOf",
            "lastIndexOf",
            "lookingAt",
            "matcher",
            "matches",
            "parse",
            "regionMatches",
            "split",
            "startsWith");

    /** What makes another text of one, or hands on what is asked of it. */
    private static final Set<String> PASSED_ON = Set.of(
            "collect",
            "filter",
            "findAny",
            "findFirst",
            "flatMap",
            "get",
            "ifPresent",
            "ifPresentOrElse",
            "map",
            "of",
            "ofNullable",
            "or",
            "orElse",
            "orElseGet",
            "orElseThrow",
            "peek",
            "reduce",
            "replace",
            "requireNonNullElse",
            "sorted",
            "stream",
            "strip",
            "substring",
            "toList",
            "toLowerCase",
            "toString",
            "toUpperCase",
            "trim",
            "valueOf");

    /** Where a text, or a part of an id, is asked something all the same: class and method, and why. */
    private static final Map<String, String> ALLOWED = new TreeMap<>(Map.ofEntries(
            Map.entry("Approval.isWithdrawn", "older records have it nowhere else"),
            Map.entry("Refused.concerns", "older records have it nowhere else"),
            Map.entry("Request.arrivedAfter", "older records have it nowhere else"),
            Map.entry("StoreRepaired.reports", "older records have it nowhere else"),
            Map.entry("PolicyOwners.peopleDecide", "the finding of a risk need is a kind"),
            Map.entry("RiskApproval.of", "the finding of a risk need is a kind"),
            Map.entry("Log.isWanted", "the text of a promotion id is the id"),
            Map.entry("AuditCheck.end", "the text of a checkpoint is what is signed"),
            Map.entry("LocalCheckpoint.read", "the text of a checkpoint is what is hashed"),
            Map.entry("SignedNote.<init>", "reads the form of a signed note"),
            Map.entry("VersionRange.<init>", "reads the form of a range of versions"),
            Map.entry("VersionRange.contains", "reads the form of a range of versions")));

    @Test
    public void noDecisionOfEngineControllerOrCommandLineDependsOnAText() throws IOException {
        var found = new TreeSet<String>();
        int files = 0;
        for (String sources : List.of(
                "src/main/java/io/jenkins/plugins/serverlesspromotion/engine",
                "src/main/java/io/jenkins/plugins/serverlesspromotion/store",
                "src/main/java/io/jenkins/plugins/serverlesspromotion/controller",
                "cli/src/main/java")) {
            List<Path> all;
            try (Stream<Path> tree = Files.walk(Path.of(System.getProperty("promotion.root", ""), sources))) {
                all = tree.filter(p -> p.toString().endsWith(".java")).toList();
            }
            files += all.size();
            for (Path file : all) {
                found.addAll(questions(Files.readString(file)));
            }
        }
        assertTrue("only " + files + " files", files > 250);
        assertEquals(
                "carry what the text says as data beside it, or say in ALLOWED why this decides nothing",
                String.join("\n", ALLOWED.keySet()),
                String.join("\n", found));
    }

    @Test
    public void theRuleSeesWhatItIsAbout() throws IOException {
        seen("gate.sentence().startsWith(\"OVERRIDDEN by \")");
        seen("Objects.equals(a.reason(), b.reason())");
        seen("failure.cause().equals(deployment.abort())");
        seen("\"x\".equals(step.detail())");
        seen("PATTERN.matcher(gate.sentence()).replaceAll(\"\")");
        seen("p.why() != null && p.why().strip().toLowerCase().contains(\"x\")");
        seen("gates.stream().map(GateStatus::sentence).anyMatch(s -> s.startsWith(\"x\"))");
        seen("gates.stream().map(g -> g.sentence()).anyMatch(\"x\"::equals)");
        seen("Set.of(\"x\").contains(e.getMessage())");
        seen("voided.startsWith(\"withdrawn\")");
        seen("switch (hold.reason()) { case \"x\" -> true; default -> false; }");
        seen("request.by().startsWith(\"automatic after \")");
        seen("((String) p.why()).equals(\"x\")");
        seen("(\"a \" + p.why()).equals(\"x\")");
        assertEquals(
                Set.of("T.m"),
                questions("class T { boolean m(P p) { String words = p.why(); return words.equals(\"x\"); } }"));
        assertEquals(
                Set.of("T.m"),
                questions(
                        "class T { boolean m(P p) { String words; words = p.why(); return words.matches(\"x\"); } }"));
        assertEquals(
                Set.of("T.m"),
                questions("record T(String kind, String why) { boolean m() { return why.equals(kind); } }"));
        for (String harmless : List.of(
                "p.why() == null || p.why().isEmpty()",
                "lines.add(p.why()) && kind.equals(other)",
                "request.by().equals(other.by()) && people.contains(request.by())",
                "gate.kind() == Kind.APPROVAL",
                "names.contains(gate.subject()) && show(gate.sentence())")) {
            assertEquals(harmless, Set.of(), questions("class T { boolean m(P p) { return " + harmless + "; } }"));
        }
    }

    private static void seen(String condition) throws IOException {
        assertEquals(condition, Set.of("T.m"), questions("class T { boolean m(P p) { return " + condition + "; } }"));
    }

    /** Class and method of everything in {@code source} that asks a text something. */
    private static Set<String> questions(String source) throws IOException {
        var file = new SimpleJavaFileObject(URI.create("string:///T.java"), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreErrors) {
                return source;
            }
        };
        var task = (JavacTask) ToolProvider.getSystemJavaCompiler()
                .getTask(null, null, diagnostic -> {}, List.of("-proc:none"), null, List.of(file));
        var scanner = new Scanner();
        for (CompilationUnitTree unit : task.parse()) {
            scanner.scan(unit, null);
        }
        return scanner.found;
    }

    /** What is known of an expression by its names. */
    private enum Holds {
        NOTHING,
        ID,
        TEXT;

        static Holds member(String name) {
            return TEXTS.contains(name) ? TEXT : IDS.contains(name) ? ID : NOTHING;
        }

        Holds or(Holds other) {
            return compareTo(other) > 0 ? this : other;
        }

        boolean asked(String method) {
            return this == TEXT && QUESTIONS.contains(method) || this == ID && QUESTIONS_ABOUT_PARTS.contains(method);
        }
    }

    /** Knows names only: nothing is compiled, so that the controller is read where Jenkins is not. */
    private static final class Scanner extends TreeScanner<Void, Void> {
        final Set<String> found = new TreeSet<>();
        private final List<String> where = new ArrayList<>();
        private Map<String, Holds> variables = new HashMap<>();
        /** Whether what is declared here are components of a record. */
        private boolean components;

        @Override
        public Void visitClass(ClassTree tree, Void unused) {
            inside(
                    tree.getSimpleName().toString(),
                    tree.getKind() == Tree.Kind.RECORD,
                    () -> super.visitClass(tree, null));
            return null;
        }

        @Override
        public Void visitMethod(MethodTree tree, Void unused) {
            inside(tree.getName().toString(), false, () -> super.visitMethod(tree, null));
            return null;
        }

        /** What is found to be a text in there is none outside. */
        private void inside(String name, boolean isRecord, Runnable visit) {
            Map<String, Holds> outerVariables = variables;
            boolean outerComponents = components;
            variables = new HashMap<>(outerVariables);
            components = isRecord;
            where.add(name);
            visit.run();
            where.remove(where.size() - 1);
            components = outerComponents;
            variables = outerVariables;
        }

        @Override
        public Void visitVariable(VariableTree tree, Void unused) {
            String name = tree.getName().toString();
            // The methods of a record name its components without a call.
            remember(name, of(tree.getInitializer()).or(components ? Holds.member(name) : Holds.NOTHING));
            return super.visitVariable(tree, null);
        }

        @Override
        public Void visitAssignment(AssignmentTree tree, Void unused) {
            if (tree.getVariable() instanceof IdentifierTree variable) {
                remember(variable.getName().toString(), of(tree.getExpression()));
            }
            return super.visitAssignment(tree, null);
        }

        private void remember(String variable, Holds holds) {
            variables.merge(variable, holds, Holds::or);
        }

        @Override
        public Void visitSwitch(SwitchTree tree, Void unused) {
            note(of(tree.getExpression()) == Holds.TEXT);
            return super.visitSwitch(tree, null);
        }

        @Override
        public Void visitSwitchExpression(SwitchExpressionTree tree, Void unused) {
            note(of(tree.getExpression()) == Holds.TEXT);
            return super.visitSwitchExpression(tree, null);
        }

        @Override
        public Void visitMethodInvocation(MethodInvocationTree tree, Void unused) {
            Holds receiver = of(receiver(tree));
            note(receiver.or(ofAny(tree.getArguments())).asked(name(tree)));
            for (ExpressionTree argument : tree.getArguments()) {
                if (argument instanceof LambdaExpressionTree lambda) {
                    lambda.getParameters().forEach(p -> remember(p.getName().toString(), receiver));
                }
                note(argument instanceof MemberReferenceTree reference
                        && receiver.asked(reference.getName().toString()));
            }
            return super.visitMethodInvocation(tree, null);
        }

        private void note(boolean asked) {
            if (asked) {
                found.add(String.join(".", where.subList(Math.max(0, where.size() - 2), where.size())));
            }
        }

        private static String name(MethodInvocationTree tree) {
            ExpressionTree method = tree.getMethodSelect();
            return method instanceof MemberSelectTree select
                    ? select.getIdentifier().toString()
                    : ((IdentifierTree) method).getName().toString();
        }

        private static ExpressionTree receiver(MethodInvocationTree tree) {
            return tree.getMethodSelect() instanceof MemberSelectTree select ? select.getExpression() : null;
        }

        private Holds ofAny(List<? extends ExpressionTree> all) {
            return all.stream().map(this::of).reduce(Holds.NOTHING, Holds::or);
        }

        private Holds of(Tree tree) {
            if (tree instanceof ParenthesizedTree inner) {
                return of(inner.getExpression());
            } else if (tree instanceof TypeCastTree cast) {
                return of(cast.getExpression());
            } else if (tree instanceof BinaryTree sum && sum.getKind() == Tree.Kind.PLUS) {
                return of(sum.getLeftOperand()).or(of(sum.getRightOperand()));
            } else if (tree instanceof ConditionalExpressionTree either) {
                return of(either.getTrueExpression()).or(of(either.getFalseExpression()));
            } else if (tree instanceof IdentifierTree variable) {
                String name = variable.getName().toString();
                return VARIABLES.contains(name) ? Holds.TEXT : variables.getOrDefault(name, Holds.NOTHING);
            } else if (tree instanceof MemberReferenceTree reference) {
                return Holds.member(reference.getName().toString());
            } else if (tree instanceof LambdaExpressionTree lambda) {
                return lambda.getBodyKind() == LambdaExpressionTree.BodyKind.EXPRESSION
                        ? of(lambda.getBody())
                        : Holds.NOTHING;
            } else if (tree instanceof MethodInvocationTree call) {
                if (PASSED_ON.contains(name(call))) {
                    return of(receiver(call)).or(ofAny(call.getArguments()));
                }
                return call.getArguments().isEmpty() ? Holds.member(name(call)) : Holds.NOTHING;
            }
            return Holds.NOTHING;
        }
    }
}
