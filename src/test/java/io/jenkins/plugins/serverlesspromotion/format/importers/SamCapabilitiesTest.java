package io.jenkins.plugins.serverlesspromotion.format.importers;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.jenkins.plugins.serverlesspromotion.InstalledTools;
import io.jenkins.plugins.serverlesspromotion.MayBeSkipped;
import io.jenkins.plugins.serverlesspromotion.format.InputException;
import io.jenkins.plugins.serverlesspromotion.format.input.Limits;
import io.jenkins.plugins.serverlesspromotion.format.input.Problems;
import io.jenkins.plugins.serverlesspromotion.format.input.Source;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.Test;

/** Capabilities are those that the translation of a template by AWS's own translator needs. */
public class SamCapabilitiesTest {
    private static final String SAM = "AWS::Serverless-2016-10-31";

    /** @param translator what the translator has, where it differs; null where it is not asked */
    private record Case(String name, String expected, String translator, String template) {}

    private static String resource(String name) throws IOException {
        try (InputStream in = SamCapabilitiesTest.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static List<Case> cases() throws IOException {
        var cases = new ArrayList<Case>();
        String[] parts = resource("sam-capabilities.txt").split("(?m)^## ");
        for (String part : Arrays.asList(parts).subList(1, parts.length)) {
            String[] lines = part.split("\n", 2);
            String[] head = lines[0].split(": ");
            String template = (lines[1].startsWith("Transform: ") ? "" : "Transform: " + SAM + "\n") + lines[1];
            String expected = words(head[1].split(",")[0]);
            String translator = head[1].contains("stricter") ? words(head[2]) : expected;
            cases.add(new Case(head[0], expected, head[1].contains("not asked") ? null : translator, template));
        }
        return cases;
    }

    /** Every case has a transform. */
    private static String words(String iam) {
        return "CAPABILITY_AUTO_EXPAND" + (iam.equals("-") ? "" : " CAPABILITY_" + iam);
    }

    private static String ours(String name, String template) {
        var problems = new Problems();
        return String.join(
                " ",
                Capabilities.of(
                        Source.read(name, template.getBytes(StandardCharsets.UTF_8), Limits.TEMPLATE, problems)));
    }

    @Test
    public void everyCaseNeedsWhatIsExpected() throws IOException {
        assertTrue("" + cases().size(), cases().size() > 60);
        for (Case one : cases()) {
            assertEquals(one.name(), one.expected(), ours(one.name(), one.template()));
        }
    }

    @Test
    @MayBeSkipped("AWS's translator, which is installed with ministack")
    public void theTranslatorNeedsTheSame() throws Exception {
        Path python = InstalledTools.program("python").orElse(null);
        assumeTrue("no translator of AWS SAM" + InstalledTools.HOW, python != null);
        var asked = new LinkedHashMap<String, String>();
        var expected = new LinkedHashMap<String, String>();
        for (Case one : cases()) {
            if (one.translator() != null) {
                asked.put(one.name(), one.template());
                expected.put(one.name(), one.translator());
            }
        }
        Map<String, String> translated = translated(python, asked);
        expected.forEach((name, words) -> assertEquals(name, words, translated.get(name)));
    }

    /** Templates from other projects: {@code -Dpromotion.corpus=FOLDER}. */
    @Test
    @MayBeSkipped("AWS's translator and a folder of real templates")
    public void noTemplateOfTheCorpusLacksACapability() throws Exception {
        String corpus = System.getProperty("promotion.corpus", "");
        Path python = InstalledTools.program("python").orElse(null);
        assumeTrue("no translator of AWS SAM" + InstalledTools.HOW, python != null);
        assumeTrue("no corpus was given", !corpus.isBlank() && Files.isDirectory(Path.of(corpus)));
        var asked = new LinkedHashMap<String, String>();
        try (Stream<Path> files = Files.walk(Path.of(corpus))) {
            for (Path file : files.filter(f -> f.toString().matches(".*\\.(ya?ml|json)"))
                    .sorted()
                    .toList()) {
                String text = Files.readString(file, StandardCharsets.ISO_8859_1);
                if (text.contains("AWS::Serverless") && text.length() < 1 << 20) {
                    asked.put(file.toString(), Files.readString(file));
                }
            }
        }
        assertFalse("the corpus has no template of AWS SAM", asked.isEmpty());
        var lacking = new TreeMap<String, String>();
        var stricter = new TreeMap<String, String>();
        int same = 0;
        for (var answer : translated(python, asked).entrySet()) {
            if (answer.getValue().equals("refused")) {
                continue;
            }
            String ours;
            try {
                ours = ours(answer.getKey(), asked.get(answer.getKey()));
            } catch (InputException e) {
                continue;
            }
            if (ours.equals(answer.getValue())) {
                same++;
            } else {
                (covered(ours).containsAll(covered(answer.getValue())) ? stricter : lacking)
                        .put(answer.getKey(), ours + " for " + answer.getValue());
            }
        }
        System.out.println(same + " templates need the same; more than the translator has: " + stricter);
        assertEquals(Map.of(), lacking);
    }

    /** The stronger capability includes the weaker one. */
    private static List<String> covered(String words) {
        return Arrays.asList(
                words.replace("NAMED_IAM", "NAMED_IAM CAPABILITY_IAM").split(" "));
    }

    private static Map<String, String> translated(Path python, Map<String, String> templates) throws Exception {
        Path script = Files.createTempFile("translate", ".py");
        Path said = Files.createTempFile("translate", ".log");
        try {
            Files.writeString(script, resource("translate.py"));
            Process process = new ProcessBuilder(python.toString(), script.toString())
                    .redirectError(said.toFile())
                    .start();
            try (var in = process.getOutputStream()) {
                new ObjectMapper().writeValue(in, templates);
            }
            byte[] answer = process.getInputStream().readAllBytes();
            assertEquals(Files.readString(said), 0, process.waitFor());
            var answers = new LinkedHashMap<String, String>();
            new ObjectMapper()
                    .readTree(answer)
                    .properties()
                    .forEach(a -> answers.put(a.getKey(), a.getValue().asText()));
            // What it refused, and why.
            System.out.println(Files.readString(said));
            return answers;
        } finally {
            Files.delete(script);
            Files.delete(said);
        }
    }
}
