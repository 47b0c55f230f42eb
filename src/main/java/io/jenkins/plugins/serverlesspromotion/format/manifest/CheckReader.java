package io.jenkins.plugins.serverlesspromotion.format.manifest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest;
import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest.Check;
import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest.Expectation;
import io.jenkins.plugins.serverlesspromotion.engine.release.Text;
import io.jenkins.plugins.serverlesspromotion.format.input.Node;
import io.jenkins.plugins.serverlesspromotion.format.input.TypedReader;
import io.jenkins.plugins.serverlesspromotion.format.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads {@code verify} of a manifest. */
final class CheckReader {

    private static final Pattern FUNCTION = Pattern.compile("[A-Za-z0-9_:.$/-]*");
    private final TypedReader typedReader;
    private final ManifestReferences references;
    private final List<Manifest.Target> targets;

    /** @param targets that could be read */
    CheckReader(TypedReader typedReader, ManifestReferences references, List<Manifest.Target> targets) {
        this.typedReader = typedReader;
        this.references = references;
        this.targets = targets;
    }

    List<Check> read(TypedReader.Fields manifest) {
        var checks = new ArrayList<Check>();
        List<Node> items = manifest.list("verify");
        int most = manifest.most("verify");
        if (items.size() > most) {
            typedReader.problem(
                    manifest.optional("verify").orElseThrow().where(), "holds more than " + most + " checks");
            return checks;
        }
        items.forEach(item -> typedReader.mapping(item).flatMap(this::check).ifPresent(checks::add));
        return checks;
    }

    private Optional<Check> check(Node.Mapping map) {
        var fields = typedReader.fields(map, ManifestSection.CHECK);
        boolean lambda = fields.has("lambda");
        if (lambda == fields.has("http")) {
            typedReader.problem(map.where(), "must be either a lambda or an http check");
            return Optional.empty();
        }
        Expectation expect = fields.optional("expect")
                .flatMap(typedReader::mapping)
                .map(expected -> expectation(expected, lambda))
                .orElse(new Expectation(null, null, null, null, null));
        int retries = fields.integer("retries").orElse(0);
        return lambda ? lambda(fields, expect, retries) : http(fields, expect, retries);
    }

    private Expectation expectation(Node.Mapping map, boolean lambda) {
        var fields = typedReader.fields(map, lambda ? ManifestSection.EXPECT_LAMBDA : ManifestSection.EXPECT_HTTP);
        Integer code = fields.integer(lambda ? "statusCode" : "status").orElse(null);
        String contains = fields.optional("contains")
                .flatMap(node -> typedReader.filled(node).map(text -> {
                    references.text(null, node, text);
                    return text;
                }))
                .orElse(null);
        String json = fields.optional("json").flatMap(this::expected).orElse(null);
        Integer latency = fields.integer("latency").orElse(null);
        return lambda
                ? new Expectation(null, code, contains, json, latency)
                : new Expectation(code, null, contains, json, latency);
    }

    /** JSON as text, or a map or list that becomes JSON. */
    private Optional<String> expected(Node node) {
        Optional<String> text = node instanceof Node.Scalar
                ? typedReader.filled(node)
                : Optional.of(json(node).toString());
        return text.filter(json -> {
            references.text(null, node, json);
            try {
                Json.mapper().readTree(json);
                return true;
            } catch (JsonProcessingException e) {
                typedReader.problem(node.where(), "is not JSON: " + Json.problem(e));
                return false;
            }
        });
    }

    private Optional<Check> lambda(TypedReader.Fields outer, Expectation expect, int retries) {
        Optional<Node.Mapping> map = outer.optional("lambda").flatMap(typedReader::mapping);
        if (map.isEmpty()) {
            return Optional.empty();
        }
        if (isTrue(map.get(), "beforeTraffic")) {
            return beforeTraffic(typedReader.fields(map.get(), ManifestSection.CHECK_BEFORE_TRAFFIC), expect, retries);
        }
        var fields = typedReader.fields(map.get(), ManifestSection.CHECK_LAMBDA);
        fields.bool("beforeTraffic");
        Optional<String> target = fields.required("target", "the target whose account and region the function is in")
                .flatMap(node -> typedReader.filled(node).map(text -> {
                    references.after("", text, node.where());
                    return text;
                }));
        Optional<String> function = fields.required(
                        "function", "the function's name, as in orders-smoke-${environment}")
                .flatMap(node -> typedReader.filled(node).map(text -> {
                    references.text(null, node, text);
                    String literal = Text.withoutReferences(text);
                    if (!literal.contains("${") && !FUNCTION.matcher(literal).matches()) {
                        typedReader.problem(
                                node.where(), "a function's name or ARN holds letters, digits and - _ : . $ / only");
                    }
                    return text;
                }));
        String payload = fields.optional("payload").map(this::payload).orElse("{}");
        return target.isEmpty() || function.isEmpty()
                ? Optional.empty()
                : Optional.of(new Manifest.LambdaCheck(target.get(), function.get(), payload, expect, retries));
    }

    private static boolean isTrue(Node.Mapping map, String key) {
        return map.get(key)
                .filter(node -> node instanceof Node.Scalar scalar
                        && scalar.type() == Node.Type.BOOLEAN
                        && scalar.text().equalsIgnoreCase("true"))
                .isPresent();
    }

    /** The function is that of the target: no other function has a version without traffic. */
    private Optional<Check> beforeTraffic(TypedReader.Fields fields, Expectation expect, int retries) {
        String payload = fields.optional("payload").map(this::payload).orElse("{}");
        Optional<Node> node = fields.required("target", "the lambda target whose new version is invoked");
        Optional<String> name = node.flatMap(typedReader::filled);
        name.ifPresent(text -> references.after("", text, node.orElseThrow().where()));
        Optional<Manifest.Target> target = name.flatMap(
                text -> targets.stream().filter(t -> t.name().equals(text)).findFirst());
        if (target.isPresent() && !(target.get() instanceof Manifest.Lambda)) {
            typedReader.problem(
                    node.orElseThrow().where(),
                    "only a lambda target has a version before it has traffic, and " + name.get() + " is none");
        }
        return target.filter(Manifest.Lambda.class::isInstance)
                .map(t -> new Manifest.LambdaCheck(
                        t.name(), ((Manifest.Lambda) t).function(), payload, expect, retries, true));
    }

    /** JSON as text, or a map or list that becomes JSON. */
    private String payload(Node node) {
        String text = node instanceof Node.Scalar
                ? typedReader.filled(node).orElse("{}")
                : json(node).toString();
        references.text(null, node, text);
        return text;
    }

    private JsonNode json(Node node) {
        JsonNodeFactory make = JsonNodeFactory.instance;
        if (node instanceof Node.Mapping map) {
            var object = make.objectNode();
            map.members().forEach(m -> object.set(m.key(), json(m.value())));
            return object;
        }
        if (node instanceof Node.Sequence list) {
            var array = make.arrayNode();
            list.items().forEach(item -> array.add(json(item)));
            return array;
        }
        var scalar = (Node.Scalar) node;
        return switch (scalar.type()) {
            case NULL -> make.nullNode();
            case BOOLEAN -> make.booleanNode(Boolean.parseBoolean(scalar.text().toLowerCase(java.util.Locale.ROOT)));
            case INTEGER ->
                typedReader
                        .integer(scalar, Integer.MIN_VALUE, Integer.MAX_VALUE)
                        .<JsonNode>map(make::numberNode)
                        .orElse(make.nullNode());
            case FLOAT -> {
                typedReader.problem(scalar.where(), "write the JSON as text when it holds fractions");
                yield make.nullNode();
            }
            case TEXT -> make.textNode(scalar.text());
        };
    }

    private Optional<Check> http(TypedReader.Fields fields, Expectation expect, int retries) {
        Node node = fields.optional("http").orElseThrow();
        return typedReader.filled(node).map(url -> {
            references.text(null, node, url);
            // A URL that starts with a reference is checked when the reference is known.
            if (!url.startsWith("${") && !url.matches("(?i)https?://[^/@\\s]+(/\\S*)?")) {
                typedReader.problem(
                        node.where(),
                        "'" + TypedReader.shown(url)
                                + "' is no address to ask; write one such as https://${host}/health");
            }
            return new Manifest.HttpCheck(url, expect, retries);
        });
    }
}
