package io.jenkins.plugins.serverlesspromotion;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.Test;

/**
 * What is secret, or vouches for something, is never compared in a time that tells how much of it was right (hole class
 * 20): bytes only by {@link java.security.MessageDigest#isEqual}, and texts that are secret not at all. The digests that
 * approvals are bound to are shown to everyone who decides; knowing one gives nothing.
 */
public class ConstantTimeTest {
    /** @param what part of a statement that compares something with such a name, and is about no secret */
    private record Exempt(String file, String what, String why) {}

    private static final List<Exempt> EXEMPT = List.of(
            new Exempt("StackEvents.java", "token.equals(e.clientRequestToken())", "makes a request repeatable"),
            new Exempt("ShiftMark.java", "token.equals(other.token)", "marks a shift of an alias as this deployment's"),
            new Exempt("StackDeployer.java", "set.stackArn().equals(live.arn())", "the name of a stack"),
            new Exempt(
                    "ChangeSetContent.java", "secret = rewrite.getValue().equals(MASKED)", "the mask, not the value"),
            new Exempt("ManifestReader.java", "new Variable.Secret(text)", "which kind of reference was written"),
            new Exempt("ManifestReader.java", "ManifestSection.SECRET", "which kind of reference was written"),
            new Exempt("SignedNote.java", "signature.name().equals(key.name())", "names of keys are public"),
            new Exempt("Identity.java", "BasicHeaderApiTokenAuthenticator", "whether there was a token, not which"));

    private static final Pattern COMPARES =
            Pattern.compile("\\b(equals|equalsIgnoreCase|contentEquals|compareTo|compareToIgnoreCase|mismatch)\\(");

    private static final Pattern SECRET = Pattern.compile(
            "(?i)secret|passw|passphrase|token|hmac|\\bmac\\b|signature|plain_?text|(access|api|private)_?key");

    @Test
    @Shows(
            table = Shows.HOLES,
            cell = {"20 page", "20 rest", "20 command", "20 step", "20 jcasc", "20 replay"})
    public void bytesAreComparedInConstantTime() {
        ArchConfiguration.get().setResolveMissingDependenciesFromClassPath(false);
        JavaClasses production = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("io.jenkins.plugins.serverlesspromotion");
        assertTrue("there is something to look at", production.size() > 100);
        String bytes = "[B";
        noClasses()
                .should()
                .callMethod("java.util.Arrays", "equals", bytes, bytes)
                .orShould()
                .callMethod("java.util.Arrays", "equals", bytes, "int", "int", bytes, "int", "int")
                .orShould()
                .callMethod("java.util.Arrays", "mismatch", bytes, bytes)
                .orShould()
                .callMethod("java.util.Arrays", "compare", bytes, bytes)
                .orShould()
                .callMethod("java.nio.ByteBuffer", "equals", "java.lang.Object")
                .orShould()
                .callMethod("hudson.util.Secret", "equals", "java.lang.Object")
                .check(production);
    }

    @Test
    @Shows(
            table = Shows.HOLES,
            cell = {"20 page", "20 rest", "20 command", "20 step", "20 jcasc", "20 replay"})
    public void secretTextsAreNotCompared() throws IOException {
        var found = new ArrayList<String>();
        var used = new TreeSet<String>();
        int files = 0;
        for (String sources : List.of("src/main/java", "cli/src/main/java")) {
            Path root = Path.of(System.getProperty("promotion.root", ""), sources);
            List<Path> all;
            try (Stream<Path> tree = Files.walk(root)) {
                all = tree.filter(p -> p.toString().endsWith(".java")).toList();
            }
            for (Path file : all) {
                files++;
                for (String statement : comparisons(Files.readString(file))) {
                    var exempt = EXEMPT.stream()
                            .filter(e -> file.endsWith(e.file()) && statement.contains(e.what()))
                            .findFirst();
                    exempt.ifPresentOrElse(
                            e -> used.add(e.file() + ": " + e.what()),
                            () -> found.add(root.relativize(file) + ": " + statement.strip()));
                }
            }
        }
        assertTrue("there is something to look at", files > 100);
        assertEquals(
                "use MessageDigest.isEqual, or say in EXEMPT why it is about no secret", List.of(), List.copyOf(found));
        var all = new TreeSet<String>();
        EXEMPT.forEach(e -> all.add(e.file() + ": " + e.what()));
        assertEquals("what is exempt is still there", all, used);
    }

    @Test
    public void theRuleSeesWhatItIsAbout() {
        assertEquals(1, comparisons("if (token.equals(given)) { x(); }").size());
        assertEquals(
                1,
                comparisons("return Objects.equals(\n    apiKey, // theirs\n    given);")
                        .size());
        assertEquals(
                1,
                comparisons("boolean b = expectedHmac\n  .equalsIgnoreCase(given);")
                        .size());
        assertEquals(
                1,
                comparisons("a(); ok = given.contentEquals(secret.getPlainText());")
                        .size());
        assertEquals(0, comparisons("ok = MessageDigest.isEqual(mac, given);").size());
        assertEquals(
                0,
                comparisons("// token.equals(given)\nok = name.equals(\"secret; token\");")
                        .size());
        assertEquals(
                0,
                comparisons("/* token.equals(x) */ a.equals(b); next(token);").size());
    }

    /** The statements in which something is compared and something has the name of a secret. */
    private static List<String> comparisons(String source) {
        String code = source.replaceAll("(?s)\"\"\".*?\"\"\"", "\"\"")
                .replaceAll("\"(\\\\.|[^\"\\\\\n])*\"", "\"\"")
                .replaceAll("(?s)/\\*.*?\\*/", " ")
                .replaceAll("//[^\n]*", " ")
                .replaceAll("\\s*\\n\\s*(?=\\.)", "")
                .replaceAll("\\s+", " ");
        return Stream.of(code.split("[;{}]"))
                .filter(s -> COMPARES.matcher(s).find() && SECRET.matcher(s).find())
                .toList();
    }
}
