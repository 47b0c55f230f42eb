package io.jenkins.plugins.serverlesspromotion.format.manifest;

import io.jenkins.plugins.serverlesspromotion.engine.release.CacheRule;
import io.jenkins.plugins.serverlesspromotion.engine.release.ContentTypeRule;
import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest;
import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest.Target;
import io.jenkins.plugins.serverlesspromotion.format.SourceLocation;
import io.jenkins.plugins.serverlesspromotion.format.input.KeyTable;
import io.jenkins.plugins.serverlesspromotion.format.input.Node;
import io.jenkins.plugins.serverlesspromotion.format.input.Suggestion;
import io.jenkins.plugins.serverlesspromotion.format.input.TextPatterns;
import io.jenkins.plugins.serverlesspromotion.format.input.TypedReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads {@code targets} of a manifest. */
final class TargetReader {
    // Alphabets of AWS, for the literal parts of a text: the values of references are unknown here.
    private static final Pattern STACK = Pattern.compile("[A-Za-z0-9-]*");
    private static final Pattern BUCKET = Pattern.compile("[a-z0-9.-]*");
    private static final int STACK_NAME = 128;
    private static final int BUCKET_NAME = 63;

    private final TypedReader typedReader;
    private final ManifestReferences references;
    private final TargetTexts texts;
    private final Map<String, Target> byStack = new HashMap<>();

    TargetReader(TypedReader typedReader, ManifestReferences references) {
        this.typedReader = typedReader;
        this.references = references;
        this.texts = new TargetTexts(typedReader, references);
    }

    List<Target> read(TypedReader.Fields manifest) {
        var targets = new ArrayList<Target>();
        Optional<Node> node = manifest.required("targets", "at least one target with a name");
        List<Node> items = node.map(typedReader::list).orElse(List.of());
        if (node.isPresent() && items.isEmpty()) {
            typedReader.problem(node.get().where(), "must contain at least one target");
        }
        int most = manifest.most("targets");
        if (items.size() > most) {
            typedReader.problem(node.orElseThrow().where(), "holds " + items.size() + " targets; the most is " + most);
            return targets;
        }
        var seen = new LinkedHashMap<String, SourceLocation>();
        for (Node item : items) {
            typedReader.mapping(item).flatMap(map -> target(map, seen)).ifPresent(targets::add);
        }
        return targets;
    }

    private Optional<Target> target(Node.Mapping map, Map<String, SourceLocation> seen) {
        var fields = typedReader.fields(map, ManifestSection.TARGET);
        Optional<String> name = fields.required("name", "a name for the target, as in name: api")
                .flatMap(node -> typedReader.name(node, "target"));
        boolean stack = fields.has("cloudformation");
        if (name.isPresent()) {
            SourceLocation before = seen.putIfAbsent(name.get(), map.where());
            if (before != null) {
                typedReader.problem(
                        map.where(),
                        "a target named '" + name.get() + "' stands already in line " + before.line()
                                + "; give every target its own name");
            }
            references.target(name.get(), map.where(), stack);
        }
        // Errors inside are reported even when the name is wrong.
        String called = name.orElse("");
        List<String> after = after(fields, called);
        List<String> regions = regions(fields);
        String rollback = rollback(fields);
        List<String> all = kinds();
        List<String> kinds = all.stream().filter(fields::has).toList();
        if (kinds.size() != 1) {
            typedReader.problem(
                    map.where(),
                    kinds.isEmpty()
                            ? "does not state what to deploy; give it one of " + String.join(", ", all)
                            : "is both " + String.join(" and ", kinds) + "; make two targets of it");
            return Optional.empty();
        }
        if (!stack) {
            String what = kinds.get(0).equals("site") ? "a site" : "a lambda target";
            for (String key : List.of("parameters", "tags")) {
                fields.optional(key)
                        .ifPresent(n -> typedReader.problem(n.where(), what + " has no " + key + "; remove them"));
            }
        }
        Optional<Target> target =
                switch (kinds.get(0)) {
                    case "cloudformation" -> stack(fields, called, after, regions, rollback);
                    case "lambda" ->
                        fields.optional("lambda")
                                .flatMap(typedReader::mapping)
                                .flatMap(inner -> new LambdaReader(typedReader, references, texts)
                                        .read(inner, called, after, regions, rollback));
                    default -> site(fields, called, after, regions, rollback);
                };
        return name.isPresent() ? target : Optional.empty();
    }

    private static List<String> kinds() {
        return ManifestSection.TARGET.rules().stream()
                .filter(KeyTable.Rule.ExactlyOne.class::isInstance)
                .flatMap(rule -> ((KeyTable.Rule.ExactlyOne) rule).keys().stream())
                .toList();
    }

    private String rollback(TypedReader.Fields fields) {
        return fields.optional("rollback")
                .flatMap(node -> typedReader.text(node).filter(text -> {
                    if (!text.equals(Target.FORWARD_ONLY)) {
                        typedReader.problem(
                                node.where(),
                                "is " + Target.FORWARD_ONLY + ", or left out for a target that is rolled back");
                    }
                    return text.equals(Target.FORWARD_ONLY);
                }))
                .orElse(null);
    }

    private List<String> after(TypedReader.Fields fields, String name) {
        var after = new LinkedHashSet<String>();
        fields.optional("after").map(typedReader::oneOrMore).orElse(List.of()).forEach(item -> {
            if (!after.add(item.text())) {
                typedReader.problem(item.where(), "'" + TypedReader.shown(item.text()) + "' is given twice");
            }
            references.after(name, item.text(), item.where());
        });
        return List.copyOf(after);
    }

    private List<String> regions(TypedReader.Fields fields) {
        var regions = new LinkedHashSet<String>();
        fields.optional("regions").ifPresent(node -> {
            List<Node.Scalar> items = typedReader.oneOrMore(node);
            if (items.isEmpty()) {
                typedReader.problem(
                        node.where(), "must name a region; leave the key out for the region of the placement");
            }
            items.forEach(item -> typedReader.region(item).ifPresent(region -> {
                if (!regions.add(region)) {
                    typedReader.problem(item.where(), region + " is given twice");
                }
            }));
        });
        return List.copyOf(regions);
    }

    private Optional<Target> stack(
            TypedReader.Fields outer, String name, List<String> after, List<String> regions, String rollback) {
        Optional<Node.Mapping> map = outer.optional("cloudformation").flatMap(typedReader::mapping);
        if (map.isEmpty()) {
            return Optional.empty();
        }
        var fields = typedReader.fields(map.get(), ManifestSection.STACK);
        Optional<String> template =
                fields.required("template", "the path of the template").flatMap(texts::path);
        Optional<Node> stackNode = fields.required("stack", "the name of the stack, as in orders-${environment}");
        Optional<String> stack = stackNode.flatMap(
                node -> texts.pattern(node, name, STACK, STACK_NAME, "a stack's name", "letters, digits and dashes"));
        List<String> known = ManifestSection.STACK.words("capabilities");
        var capabilities = new LinkedHashSet<String>();
        fields.optional("capabilities")
                .map(typedReader::oneOrMore)
                .orElse(List.of())
                .forEach(item -> {
                    if (!known.contains(item.text())) {
                        typedReader.problem(
                                item.where(),
                                "'" + TypedReader.shown(item.text()) + "' is no capability"
                                        + Suggestion.of(item.text(), known)
                                                .map(k -> "; did you mean " + k + "?")
                                                .orElse("; known are " + String.join(", ", known)));
                    }
                    capabilities.add(item.text());
                });
        Map<String, String> parameters = besideOrInside("parameters", outer, fields, (key, value) -> {
            if (!TextPatterns.PARAMETER.matcher(key.key()).matches()) {
                typedReader.problem(key.where(), "a parameter's name is letters and digits only");
            }
            references.parameter(name, value, value.text());
        });
        Map<String, String> tags = besideOrInside("tags", outer, fields, (key, value) -> {
            if (!TextPatterns.TAG.matcher(key.key()).matches()) {
                typedReader.problem(key.where(), "a tag's key is 1 to 128 characters and does not start with aws:");
            }
            references.text(name, value, value.text());
        });
        Manifest.StackGuards guards = new StackGuardsReader(typedReader, references).read(fields, name);
        if (template.isEmpty() || stack.isEmpty()) {
            return Optional.empty();
        }
        var target = new Manifest.CloudFormation(
                name,
                after,
                regions,
                template.get(),
                stack.get(),
                List.copyOf(capabilities),
                parameters,
                tags,
                rollback,
                guards);
        Target other = byStack.putIfAbsent(stack.get(), target);
        if (other != null && overlap(other.regions(), regions)) {
            typedReader.problem(
                    stackNode.get().where(),
                    "target " + other.name() + " deploys this stack already; name another stack");
        }
        return Optional.of(target);
    }

    /** No region means that of the placement, which may be any. */
    private static boolean overlap(List<String> a, List<String> b) {
        return a.isEmpty() || b.isEmpty() || a.stream().anyMatch(b::contains);
    }

    private interface Entry {
        void check(Node.Member key, Node.Scalar value);
    }

    private Map<String, String> besideOrInside(
            String key, TypedReader.Fields outer, TypedReader.Fields inner, Entry check) {
        var all = new LinkedHashMap<String, String>();
        for (TypedReader.Fields fields : List.of(outer, inner)) {
            fields.optional(key).ifPresent(node -> {
                Map<String, Node.Scalar> texts = typedReader.texts(node);
                texts.forEach((name, value) -> {
                    if (all.putIfAbsent(name, value.text()) != null) {
                        typedReader.problem(
                                value.where(), "is given both beside and inside cloudformation; keep one of them");
                    }
                    check.check(((Node.Mapping) node).member(name).orElseThrow(), value);
                });
            });
        }
        return all;
    }

    private Optional<Target> site(
            TypedReader.Fields outer, String name, List<String> after, List<String> regions, String rollback) {
        Optional<Node.Mapping> map = outer.optional("site").flatMap(typedReader::mapping);
        if (map.isEmpty()) {
            return Optional.empty();
        }
        var fields = typedReader.fields(map.get(), ManifestSection.SITE);
        Optional<String> directory =
                fields.required("directory", "the path of the folder").flatMap(texts::path);
        Optional<String> bucket = fields.required("bucket", "the name of the bucket")
                .flatMap(node -> texts.pattern(
                        node,
                        name,
                        BUCKET,
                        BUCKET_NAME,
                        "a bucket's name",
                        "lower-case letters, digits, dots and dashes"));
        Optional<Node> distributionNode = fields.optional("distribution");
        Optional<String> distribution = distributionNode.flatMap(typedReader::filled);
        distribution.ifPresent(text -> references.text(name, distributionNode.orElseThrow(), text));
        // Absent and false give the same release: only true is stored.
        Boolean delete = fields.bool("delete").filter(d -> d).orElse(null);
        var rules = new SiteRulesReader(typedReader);
        List<CacheRule> cache = rules.cache(fields);
        List<ContentTypeRule> contentTypes = rules.contentTypes(fields);
        if (directory.isEmpty() || bucket.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Manifest.Site(
                name,
                after,
                regions,
                directory.get(),
                bucket.get(),
                distribution.orElse(null),
                delete,
                rollback,
                cache,
                contentTypes));
    }
}
