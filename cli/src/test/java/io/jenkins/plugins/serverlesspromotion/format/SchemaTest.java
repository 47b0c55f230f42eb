package io.jenkins.plugins.serverlesspromotion.format;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.jenkins.plugins.serverlesspromotion.format.SchemaGenerator.SchemaFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.Test;
import io.jenkins.plugins.serverlesspromotion.format.manifest.ManifestReader;
import io.jenkins.plugins.serverlesspromotion.format.policy.PolicyReader;
import io.jenkins.plugins.serverlesspromotion.format.input.Node;
import io.jenkins.plugins.serverlesspromotion.format.input.Source;
import io.jenkins.plugins.serverlesspromotion.format.input.Limits;
import io.jenkins.plugins.serverlesspromotion.format.input.Problems;
import io.jenkins.plugins.serverlesspromotion.format.input.NodeWriter;
import io.jenkins.plugins.serverlesspromotion.format.policy.PolicyAsCode;

/** The JSON Schemas of docs/schema, which editors use, and the readers accept and refuse the same documents. */
public class SchemaTest {
    private static final Path ROOT = Path.of(System.getProperty("promotion.root", ""));
    private static final ObjectMapper JSON = new ObjectMapper();

    /** What every value is replaced by, one after the other. */
    private static final List<String> VALUES = List.of(
            "null", "true", "false", "7", "1.5", "\"\"", "\" \"", "\"qq qq\"", "[]", "{}", "[\"qq qq\"]",
            "{\"qq\": \"qq\"}");

    /**
     * What a schema cannot express and only the reader refuses: what refers to something else, what holds between two
     * values, and alphabets of texts in which references may stand. Each is the part of a message.
     */
    private static final Map<SchemaFile, List<String>> READER_ONLY = Map.of(
            SchemaFile.RELEASE,
            List.of(
                    "there is no target",
                    "alarms are watched during a canary",
                    "watches nothing",
                    "is not JSON",
                    "write the JSON as text when it holds fractions",
                    "is no address to ask",
                    "a stack's name holds",
                    "a bucket's name holds",
                    "a function's name holds",
                    "a function's name or ARN holds"),
            SchemaFile.POLICY,
            List.of(
                    "there is no account",
                    "there is no environment",
                    "there is no role",
                    "there is no service",
                    "there is no path",
                    "is not placed in",
                    "is placed in",
                    "is placed nowhere",
                    "must name at least one environment",
                    "has no effect without excludeAuthors",
                    "must be the name of a host",
                    "is no Ed25519 or ECDSA P-256 public key",
                    "is no name; write letters"));

    private static Schema schema(SchemaFile file) {
        return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7).getSchema(file.text());
    }

    private static boolean accepts(Schema schema, JsonNode document) {
        return schema.validate(document).isEmpty();
    }

    /** The reasons of the reader; none when it accepts the document. */
    private static List<String> refusals(SchemaFile file, byte[] document) {
        try {
            switch (file) {
                case RELEASE -> ManifestReader.read("input", document);
                case POLICY -> PolicyReader.read("input", document);
            }
            return List.of();
        } catch (InputException e) {
            return e.problems().stream().map(InputException.Problem::text).toList();
        }
    }

    /** The document as the reader sees it, below what Configuration as Code puts around a policy. */
    private static JsonNode tree(byte[] document) throws IOException {
        Node tree = Source.read("input", document, Limits.INPUT, new Problems());
        return JSON.readTree(new NodeWriter().write(PolicyAsCode.unwrapped(tree, new Problems())));
    }

    @Test
    public void theFilesAreWhatTheGeneratorMakes() throws IOException {
        for (SchemaFile file : SchemaFile.values()) {
            assertEquals(
                    "generate docs/schema again with " + SchemaGenerator.class.getName() + " docs/schema",
                    file.text(),
                    Files.readString(ROOT.resolve("docs/schema").resolve(file.file())));
        }
    }

    @Test
    public void theExampleNamesItsSchemas() throws IOException {
        for (var example : Map.of(SchemaFile.RELEASE, "release.yaml", SchemaFile.POLICY, "policy.yaml").entrySet()) {
            Path file = ROOT.resolve("docs/examples/orders").resolve(example.getValue());
            assertEquals(
                    "# yaml-language-server: $schema=" + example.getKey().address(),
                    Files.readAllLines(file).get(0));
        }
    }

    /** Those of the documentation, of the golden files, and those that stand in a test. */
    @Test
    public void everyDocumentThatAReaderAcceptsIsAcceptedByTheSchema() throws IOException {
        for (SchemaFile file : SchemaFile.values()) {
            Schema schema = schema(file);
            int accepted = 0;
            for (var document : documents().entrySet()) {
                byte[] bytes = document.getValue().getBytes(StandardCharsets.UTF_8);
                if (refusals(file, bytes).isEmpty()) {
                    accepted++;
                    assertEquals(document.getKey(), List.of(), schema.validate(tree(bytes)));
                }
            }
            assertTrue("only " + accepted + " documents of " + file, accepted >= 12);
        }
    }

    private static Map<String, String> documents() throws IOException {
        var all = new TreeMap<String, String>();
        for (String folder : List.of("docs", "src/test", "cli/src/test")) {
            try (Stream<Path> files = Files.walk(ROOT.resolve(folder))) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    String name = file.getFileName().toString();
                    if (name.endsWith(".yaml")) {
                        all.put(file.toString(), Files.readString(file));
                    } else if (name.endsWith(".md")) {
                        blocks(file, Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL), all);
                    } else if (name.endsWith(".java")) {
                        blocks(file, Pattern.compile("\"\"\"\n(.*?)\"\"\"", Pattern.DOTALL), all);
                    }
                }
            }
        }
        return all;
    }

    private static void blocks(Path file, Pattern block, Map<String, String> all) throws IOException {
        block.matcher(Files.readString(file))
                .results()
                .forEach(found -> all.put(
                        file + " at " + found.start(), found.group(1).stripIndent()));
    }

    @Test
    public void aManifestIsRefusedByBothOrByNeither() throws IOException {
        compare(SchemaFile.RELEASE, KnownKeysTest.MANIFEST);
    }

    @Test
    public void aPolicyIsRefusedByBothOrByNeither() throws IOException {
        compare(SchemaFile.POLICY, KnownKeysTest.POLICY);
    }

    /** Every value of the document is removed and replaced, and every map gets a key that is not known. */
    private static void compare(SchemaFile file, String yaml) throws IOException {
        Schema schema = schema(file);
        JsonNode document = tree(yaml.getBytes(StandardCharsets.UTF_8));
        assertEquals(List.of(), refusals(file, yaml.getBytes(StandardCharsets.UTF_8)));
        var comparison = new Comparison(file, schema, document);
        comparison.below(document, "");
        assertEquals("", String.join("\n", comparison.differences));
        assertEquals("what only the reader refuses", Set.copyOf(READER_ONLY.get(file)), comparison.used);
        assertTrue("only " + comparison.refusedByBoth, comparison.refusedByBoth > 500);
    }

    private static final class Comparison {
        private final SchemaFile file;
        private final Schema schema;
        private final JsonNode document;
        final Set<String> differences = new LinkedHashSet<>();
        final Set<String> used = new TreeSet<>();
        int refusedByBoth;

        Comparison(SchemaFile file, Schema schema, JsonNode document) {
            this.file = file;
            this.schema = schema;
            this.document = document;
        }

        void below(JsonNode node, String path) throws IOException {
            if (node instanceof ObjectNode map) {
                map.put("qqqqqqqq", "x");
                same(path + " with an unknown key", null);
                map.remove("qqqqqqqq");
                for (String key : names(map)) {
                    JsonNode value = map.get(key);
                    map.remove(key);
                    same(path + "." + key + " removed", null);
                    for (String other : VALUES) {
                        JsonNode put = JSON.readTree(other);
                        map.set(key, put);
                        same(
                                path + "." + key + ": " + other,
                                isPlain(put) ? () -> map.put(key, put.asText()) : null);
                    }
                    map.set(key, value);
                    below(value, path + "." + key);
                }
            } else if (node instanceof ArrayNode list) {
                for (int i = 0; i < list.size(); i++) {
                    int at = i;
                    JsonNode value = list.get(i);
                    for (String other : VALUES) {
                        JsonNode put = JSON.readTree(other);
                        list.set(at, put);
                        same(path + "[" + at + "]: " + other, isPlain(put) ? () -> list.set(at, put.asText()) : null);
                    }
                    list.set(at, value);
                    below(value, path + "[" + at + "]");
                }
            }
        }

        private static List<String> names(ObjectNode map) {
            var names = new ArrayList<String>();
            map.fieldNames().forEachRemaining(names::add);
            return names;
        }

        /** Whether YAML takes for something else what readers take for text. */
        private static boolean isPlain(JsonNode value) {
            return value.isNumber() || value.isBoolean();
        }

        /** @param quote puts quotes around the new value; null when that is no number and no boolean */
        private void same(String change, Runnable quote) throws IOException {
            boolean accepted = accepts(schema, document);
            List<String> refusals = refusals(file, JSON.writeValueAsBytes(document));
            if (accepted == refusals.isEmpty()) {
                refusedByBoth += accepted ? 0 : 1;
                return;
            }
            if (!accepted) {
                differences.add("only the schema refuses " + change);
                return;
            }
            List<String> unexpected =
                    refusals.stream().filter(text -> !isReaderOnly(text)).toList();
            // A schema checks the pattern of a text, and not of a number that is one without its quotes.
            if (!unexpected.isEmpty() && quote != null) {
                quote.run();
                if (!accepts(schema, document)) {
                    return;
                }
            }
            if (!unexpected.isEmpty()) {
                differences.add("only the reader refuses " + change + ": " + unexpected);
            }
        }

        private boolean isReaderOnly(String text) {
            Optional<String> found =
                    READER_ONLY.get(file).stream().filter(text::contains).findFirst();
            found.ifPresent(used::add);
            return found.isPresent();
        }
    }
}
