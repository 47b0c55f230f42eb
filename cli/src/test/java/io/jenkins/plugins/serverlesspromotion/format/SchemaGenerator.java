package io.jenkins.plugins.serverlesspromotion.format;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.serverlesspromotion.format.input.KeyTable.ValueType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import io.jenkins.plugins.serverlesspromotion.format.manifest.ManifestSection;
import io.jenkins.plugins.serverlesspromotion.format.policy.PolicySection;
import io.jenkins.plugins.serverlesspromotion.format.input.KeyTable;
import io.jenkins.plugins.serverlesspromotion.format.json.Json;

/** Makes the JSON Schemas of docs/schema from the key tables of the readers. */
final class SchemaGenerator {
    /** What editors read best; newer drafts give nothing that is needed here. */
    private static final String DRAFT = "http://json-schema.org/draft-07/schema#";

    private static final String ADDRESS =
            "https://raw.githubusercontent.com/jenkinsci/serverless-promotion-plugin/main/docs/schema/";

    private static final JsonNodeFactory MAKE = JsonNodeFactory.instance;

    private final ObjectNode definitions = MAKE.objectNode();

    private SchemaGenerator() {}

    /** A schema file of docs/schema. */
    enum SchemaFile {
        RELEASE("release.schema.json", "Deployment manifest (release.yaml)", ManifestSection.MANIFEST),
        POLICY("policy.schema.json", "Policy (policy.yaml)", PolicySection.POLICY);

        private final String file;
        private final String title;
        private final KeyTable root;

        SchemaFile(String file, String title, KeyTable root) {
            this.file = file;
            this.title = title;
            this.root = root;
        }

        String file() {
            return file;
        }

        /** Where an editor finds it. */
        String address() {
            return ADDRESS + file;
        }

        ObjectNode schema() {
            var generator = new SchemaGenerator();
            ObjectNode schema = MAKE.objectNode();
            schema.put("$schema", DRAFT);
            schema.put("$id", address());
            schema.put("title", title);
            schema.setAll(generator.table(root));
            schema.set("definitions", generator.definitions);
            return schema;
        }

        /** The content of the file. */
        String text() {
            return Json.pretty(schema()) + "\n";
        }
    }

    /** @param args the folder to write into: docs/schema */
    public static void main(String[] args) throws IOException {
        for (SchemaFile file : SchemaFile.values()) {
            Files.writeString(Path.of(args[0], file.file()), file.text());
        }
    }

    private ObjectNode table(KeyTable table) {
        ObjectNode schema = MAKE.objectNode().put("type", "object");
        ObjectNode properties = schema.putObject("properties");
        ArrayNode required = MAKE.arrayNode();
        ArrayNode all = MAKE.arrayNode();
        for (KeyTable.Key key : table.members()) {
            if (key.required()) {
                required.add(key.name());
            }
            if (key.type() instanceof ValueType.DependsOn depends) {
                properties.putObject(key.name());
                ObjectNode branch = all.addObject();
                branch.putObject("if").putArray("required").add(depends.key());
                branch.putObject("then").putObject("properties").set(key.name(), value(depends.there()));
                branch.putObject("else").putObject("properties").set(key.name(), value(depends.absent()));
            } else {
                properties.set(key.name(), value(key.type()));
            }
        }
        if (!required.isEmpty()) {
            schema.set("required", required);
        }
        schema.put("additionalProperties", false);
        table.rules().forEach(rule -> rule(rule, schema, all));
        if (!all.isEmpty()) {
            schema.set("allOf", all);
        }
        return schema;
    }

    private static void rule(KeyTable.Rule rule, ObjectNode schema, ArrayNode all) {
        if (rule instanceof KeyTable.Rule.ExactlyOne one) {
            all.addObject().set("oneOf", eachRequired(one.keys()));
        } else if (rule instanceof KeyTable.Rule.AtLeastOne some) {
            all.addObject().set("anyOf", eachRequired(some.keys()));
        } else if (rule instanceof KeyTable.Rule.Needs needs) {
            schema.withObject("/dependencies").putArray(needs.key()).add(needs.other());
        }
    }

    private static ArrayNode eachRequired(List<String> keys) {
        ArrayNode all = MAKE.arrayNode();
        keys.forEach(key -> all.addObject().putArray("required").add(key));
        return all;
    }

    private ObjectNode value(ValueType type) {
        ObjectNode schema = MAKE.objectNode();
        if (type instanceof ValueType.Text text) {
            text(text, schema);
        } else if (type instanceof ValueType.Words words) {
            words.words().forEach(schema.putArray("enum")::add);
        } else if (type instanceof ValueType.Whole whole) {
            schema.put("type", "integer").put("minimum", whole.least()).put("maximum", whole.most());
        } else if (type instanceof ValueType.Flag) {
            schema.put("type", "boolean");
        } else if (type instanceof ValueType.Constant constant) {
            schema.put("const", constant.value());
        } else if (type instanceof ValueType.WithReferences with) {
            ArrayNode any = schema.putArray("anyOf").add(value(with.plain()));
            if (with.plain() instanceof ValueType.Whole) {
                any.addObject().put("type", "string").put("pattern", "^[0-9]{1,6}$");
            }
            any.addObject().put("type", "string").put("pattern", "\\$\\{");
        } else if (type instanceof ValueType.ListOf list) {
            list(list.item(), list.least(), list.most(), schema);
        } else if (type instanceof ValueType.OneOrMore more) {
            ArrayNode any = schema.putArray("anyOf").add(value(more.item()));
            list(more.item(), more.least(), more.most(), any.addObject());
        } else if (type instanceof ValueType.MapOf map) {
            schema.put("$ref", "#/definitions/" + definition(map.table()));
        } else if (type instanceof ValueType.FreeMap map) {
            schema.put("type", "object");
            schema.putObject("patternProperties").set(whole(map.key()), value(map.value()));
            schema.put("additionalProperties", false);
            if (map.least() > 0) {
                schema.put("minProperties", map.least());
            }
        } else if (type instanceof ValueType.Document document) {
            schema.put("type", "object");
            document.required().forEach(schema.putArray("required")::add);
        } else if (type instanceof ValueType.Json) {
            ArrayNode any = schema.putArray("anyOf").add(value(ValueType.FILLED));
            any.addObject().putArray("type").add("object").add("array");
        } else if (type instanceof ValueType.Either either) {
            ArrayNode any = schema.putArray("anyOf");
            either.types().forEach(one -> any.add(value(one)));
        } else {
            throw new IllegalArgumentException("this type stands in no map alone: " + type);
        }
        return schema;
    }

    private void list(ValueType item, int least, int most, ObjectNode schema) {
        schema.put("type", "array").set("items", value(item));
        if (least > 0) {
            schema.put("minItems", least);
        }
        if (most < Integer.MAX_VALUE) {
            schema.put("maxItems", most);
        }
    }

    /** What YAML takes for a number or a boolean is text for the readers, as it is written. */
    private static void text(ValueType.Text text, ObjectNode schema) {
        var types = new ArrayList<>(List.of("string"));
        if (Stream.of("1.5", "7.25").anyMatch(number -> matches(text, number))) {
            types.add("number");
        } else if (Stream.of("7", "77", "777777777777").anyMatch(number -> matches(text, number))) {
            types.add("integer");
        }
        if (matches(text, "true")) {
            types.add("boolean");
        }
        if (types.size() == 1) {
            schema.put("type", "string");
        } else {
            types.forEach(schema.putArray("type")::add);
        }
        if (text.equals(ValueType.FILLED)) {
            schema.put("pattern", "\\S");
        } else if (!text.equals(ValueType.TEXT)) {
            schema.put("pattern", whole(text.pattern()));
        }
    }

    private static boolean matches(ValueType.Text text, String value) {
        return text.pattern().matcher(value).matches();
    }

    /** The pattern for the whole of a text, as ECMA 262 writes it. */
    private static String whole(Pattern pattern) {
        String text = pattern.pattern().replace("\\p{Cntrl}", "\\x00-\\x1F\\x7F");
        if (text.contains("\\p") || text.contains("(?i") || text.contains("(?<")) {
            throw new IllegalArgumentException("editors do not read this pattern: " + text);
        }
        boolean anyCase = (pattern.flags() & Pattern.CASE_INSENSITIVE) != 0;
        return "^(?:" + (anyCase ? anyCase(text) : text) + ")$";
    }

    /** ECMA 262 has no flag within a pattern: each letter becomes both. Letters in brackets are not expected. */
    private static String anyCase(String pattern) {
        var out = new StringBuilder();
        boolean escaped = false;
        for (char c : pattern.toCharArray()) {
            if (!escaped && Character.isLetter(c)) {
                out.append('[')
                        .append(Character.toUpperCase(c))
                        .append(Character.toLowerCase(c))
                        .append(']');
            } else {
                out.append(c);
            }
            escaped = c == '\\' && !escaped;
        }
        return out.toString();
    }

    private String definition(KeyTable table) {
        String[] words = table.toString().toLowerCase(Locale.ROOT).split("_");
        var name = new StringBuilder(words[0]);
        for (int i = 1; i < words.length; i++) {
            name.append(Character.toUpperCase(words[i].charAt(0))).append(words[i].substring(1));
        }
        if (!definitions.has(name.toString())) {
            // First the place, so that definitions stand in the order in which they are met.
            definitions.putObject(name.toString());
            definitions.set(name.toString(), table(table));
        }
        return name.toString();
    }
}
