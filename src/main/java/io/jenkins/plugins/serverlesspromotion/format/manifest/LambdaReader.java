package io.jenkins.plugins.serverlesspromotion.format.manifest;

import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest;
import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest.Target;
import io.jenkins.plugins.serverlesspromotion.engine.release.TrafficShift;
import io.jenkins.plugins.serverlesspromotion.format.input.KeyTable.ValueType;
import io.jenkins.plugins.serverlesspromotion.format.input.Node;
import io.jenkins.plugins.serverlesspromotion.format.input.TextPatterns;
import io.jenkins.plugins.serverlesspromotion.format.input.TypedReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads a {@code lambda} target: a function that exists already, changed without CloudFormation. */
final class LambdaReader {
    // Alphabets and limits of the Lambda API.
    private static final Pattern FUNCTION = Pattern.compile("[A-Za-z0-9_-]*");
    private static final int FUNCTION_NAME = 64;
    /** One call of DescribeAlarms accepts 100 names. More alarms than this are not a useful guard. */
    private static final int MOST_ALARMS = 20;

    private static final List<String> SETTINGS =
            List.of("description", "handler", "runtime", "memorySize", "timeout", "ephemeralStorage", "tracing");

    private final TypedReader typedReader;
    private final ManifestReferences references;
    private final TargetTexts texts;

    LambdaReader(TypedReader typedReader, ManifestReferences references, TargetTexts texts) {
        this.typedReader = typedReader;
        this.references = references;
        this.texts = texts;
    }

    Optional<Target> read(Node.Mapping map, String name, List<String> after, List<String> regions, String rollback) {
        var fields = typedReader.fields(map, ManifestSection.LAMBDA);
        Optional<String> function = fields.required(
                        "function", "the function's name, as in orders-worker-${environment}")
                .flatMap(node -> texts.pattern(
                        node, name, FUNCTION, FUNCTION_NAME, "a function's name", "letters, digits, - and _"));
        Optional<String> code =
                fields.required("package", "the path of the ZIP with the code").flatMap(texts::path);
        String alias = fields.optional("alias").flatMap(this::alias).orElse("live");
        Optional<TrafficShift> shift = fields.optional("strategy").flatMap(this::strategy);
        List<String> alarms = alarms(fields, name, shift.isPresent());
        Map<String, String> settings = settings(fields, name);
        List<String> layers = layers(fields, name);
        Map<String, String> environment = fields.optional("environment")
                .map(node -> environment(node, name))
                .orElse(null);
        if (function.isEmpty() || code.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Manifest.Lambda(
                name,
                after,
                regions,
                function.get(),
                code.get(),
                alias,
                shift.orElse(null),
                alarms,
                settings,
                layers,
                environment,
                rollback));
    }

    private Optional<String> alias(Node node) {
        return typedReader.filled(node).filter(text -> {
            references.none(node, text);
            boolean valid = TextPatterns.ALIAS.matcher(text).matches();
            if (!valid && !text.contains("${")) {
                typedReader.problem(
                        node.where(),
                        "an alias is 1 to 128 letters, digits, - and _ and not digits only, not '"
                                + TypedReader.shown(text) + "'");
            }
            return valid;
        });
    }

    private Optional<TrafficShift> strategy(Node node) {
        Optional<String> text = typedReader.filled(node);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        Matcher canary = TextPatterns.STRATEGY.matcher(text.get());
        if (!canary.matches()) {
            typedReader.problem(
                    node.where(),
                    "'" + TypedReader.shown(text.get())
                            + "' is no strategy; write allAtOnce or canary10percent5minutes");
            return Optional.empty();
        }
        if (canary.group(1) == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(new TrafficShift(Integer.parseInt(canary.group(1)), Integer.parseInt(canary.group(2))));
        } catch (IllegalArgumentException e) {
            typedReader.problem(node.where(), e.getMessage());
            return Optional.empty();
        }
    }

    private List<String> alarms(TypedReader.Fields fields, String name, boolean canary) {
        var alarms = new LinkedHashSet<String>();
        fields.optional("alarms").ifPresent(node -> {
            for (Node.Scalar item : typedReader.oneOrMore(node)) {
                references.text(name, item, item.text());
                if (!alarms.add(item.text())) {
                    typedReader.problem(item.where(), "'" + TypedReader.shown(item.text()) + "' is given twice");
                }
            }
            if (alarms.size() > MOST_ALARMS) {
                typedReader.problem(
                        node.where(), "names more than " + MOST_ALARMS + " alarms; watch a composite alarm");
            }
            if (!canary && !alarms.isEmpty()) {
                typedReader.problem(
                        node.where(),
                        "alarms are watched during a canary, and this target has none; add a strategy such as"
                                + " canary10percent5minutes, or remove them");
            }
        });
        return List.copyOf(alarms);
    }

    private Map<String, String> settings(TypedReader.Fields fields, String name) {
        var settings = new LinkedHashMap<String, String>();
        for (String key : SETTINGS) {
            fields.optional(key)
                    .ifPresent(node -> (key.equals("description") ? typedReader.text(node) : typedReader.filled(node))
                            .ifPresent(text -> {
                                references.text(name, node, text);
                                if (isSetting(key, node, text)) {
                                    settings.put(key, text);
                                }
                            }));
        }
        return settings;
    }

    /** A value with a reference is checked when it is planned. */
    private boolean isSetting(String key, Node node, String text) {
        if (text.contains("${")) {
            return true;
        }
        if (!(ManifestSection.LAMBDA.key(key).type() instanceof ValueType.WithReferences type)) {
            return true;
        }
        if (type.plain() instanceof ValueType.Words words) {
            return typedReader.oneOf(node, words.words()).isPresent();
        }
        var range = (ValueType.Whole) type.plain();
        if (!isWithin(text, range)) {
            typedReader.problem(
                    node.where(),
                    "must be a whole number from " + range.least() + " to " + range.most() + ", not '"
                            + TypedReader.shown(text) + "'");
            return false;
        }
        return true;
    }

    private static boolean isWithin(String text, ValueType.Whole range) {
        return text.matches("[0-9]{1,6}")
                && Integer.parseInt(text) >= range.least()
                && Integer.parseInt(text) <= range.most();
    }

    private List<String> layers(TypedReader.Fields fields, String name) {
        Optional<Node> node = fields.optional("layers");
        if (node.isEmpty()) {
            return null;
        }
        var layers = new ArrayList<String>();
        for (Node.Scalar item : typedReader.oneOrMore(node.get())) {
            references.text(name, item, item.text());
            layers.add(item.text());
        }
        if (layers.size() > fields.most("layers")) {
            typedReader.problem(node.get().where(), "a function has at most " + fields.most("layers") + " layers");
        }
        return layers;
    }

    private Map<String, String> environment(Node node, String name) {
        var variables = new LinkedHashMap<String, String>();
        typedReader.texts(node).forEach((key, value) -> {
            if (!TextPatterns.FUNCTION_VARIABLE.matcher(key).matches()) {
                typedReader.problem(
                        value.where(),
                        "a variable of a function's environment is 2 or more letters, digits and _, and starts with a"
                                + " letter");
            }
            references.text(name, value, value.text());
            variables.put(key, value.text());
        });
        return variables;
    }
}
