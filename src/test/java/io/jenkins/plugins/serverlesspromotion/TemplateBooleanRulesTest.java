package io.jenkins.plugins.serverlesspromotion;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.Test;

/**
 * Booleans of templates are read by {@code TemplateBoolean} and nowhere else: CloudFormation knows more spellings than
 * {@code true}. A rule over the sources of the packages that read templates.
 */
public class TemplateBooleanRulesTest {
    private static final Path ROOT =
            Path.of(System.getProperty("promotion.root", ""), "src/main/java/io/jenkins/plugins/serverlesspromotion");

    private static final List<String> PACKAGES =
            List.of("engine/risk", "engine/release", "format/template", "format/importers", "format/manifest", "aws");

    private static final String WORD = "\"(?i:true|false|yes|no|on|off)\"";

    /** Each way to compare a text with a word for true or false, or to parse it. */
    private static final Pattern COMPARED = Pattern.compile(WORD
            + "\\s*(?:\\.|::)\\s*(?:equals|equalsIgnoreCase|contentEquals|compareTo)"
            + "|(?:equals|equalsIgnoreCase|contains|contentEquals|compareTo|startsWith|endsWith|indexOf)\\(\\s*" + WORD
            + "|parseBoolean|Boolean\\.(?:valueOf|getBoolean)\\(|Boolean::valueOf"
            + "|case\\s+(?:\"[^\"]*\",\\s*)*" + WORD);

    /** What is no boolean of a template, with the reason. */
    private static final Set<String> ALLOWED = Set.of(
            // Words of the table in the same class, which select a method of TemplateQuery.
            "engine/risk/Barriers.java case \"true\"",
            "engine/risk/Barriers.java case \"false\"",
            // Values of the API's enumeration Replacement.
            "aws/stack/Findings.java \"True\".equals",
            "aws/stack/ChangeSetContent.java case \"True\"",
            // Settings of tools and the comparison of the translator of AWS SAM, which read no templates of
            // CloudFormation.
            "format/importers/NodeQuery.java Boolean.valueOf(",
            "format/importers/SamConfig.java equals(\"false\"",
            "format/importers/SamIamResources.java \"False\".equals",
            "format/importers/SamIamResources.java \"false\".equals",
            "format/importers/ServerlessProvider.java \"true\"::equals",
            "format/importers/ServerlessProvider.java equals(\"true\"",
            // Flags and JSON of the manifest, which is YAML 1.2.
            "format/manifest/CheckReader.java equalsIgnoreCase(\"true\"",
            "format/manifest/CheckReader.java parseBoolean");

    @Test
    public void onlyOneClassReadsTheBooleansOfTemplates() throws IOException {
        Set<String> found = new TreeSet<>();
        int sources = 0;
        for (String name : PACKAGES) {
            try (Stream<Path> files = Files.walk(ROOT.resolve(name))) {
                for (Path file :
                        files.filter(f -> f.toString().endsWith(".java")).toList()) {
                    sources++;
                    if (!file.endsWith("TemplateBoolean.java")) {
                        String path = ROOT.relativize(file).toString().replace('\\', '/');
                        comparisons(Files.readString(file)).forEach(one -> found.add(path + " " + one));
                    }
                }
            }
        }
        assertTrue("only " + sources, sources > 100);
        assertEquals("read it with TemplateBoolean", new TreeSet<>(ALLOWED), found);
    }

    @Test
    public void theRuleSeesEachWayToCompare() {
        for (String way : List.of(
                "\"true\".equals(value)",
                "filter(\"false\"::equals)",
                "value.equals(\"true\")",
                "value.equalsIgnoreCase(\n    \"TRUE\")",
                "TemplateQuery.texts(node).contains(\"yes\")",
                "Boolean.parseBoolean(value)",
                "map(Boolean::valueOf)",
                "switch (value) { case \"on\" -> 1; }",
                "switch (value) { case \"enabled\", \"no\" -> 1; }")) {
            assertEquals(way, 1, comparisons(way).size());
        }
        assertEquals(Set.of(), comparisons("// \"true\".equals(value)\nSet.of(\"true\"); /* parseBoolean */"));
    }

    private static Set<String> comparisons(String source) {
        Set<String> found = new TreeSet<>();
        Matcher matcher = COMPARED.matcher(
                source.replaceAll("(?m)^\\s*(?://|\\*|/\\*).*$", "").replaceAll("/\\*[^*]*\\*/", ""));
        while (matcher.find()) {
            found.add(matcher.group().replaceAll("\\s+", " "));
        }
        return found;
    }
}
