package io.jenkins.plugins.serverlesspromotion.format.template;

import io.jenkins.plugins.serverlesspromotion.format.input.Node;
import io.jenkins.plugins.serverlesspromotion.format.input.RelativePath;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Finds out what Lambda does with the code that a template names. */
final class CodeUses {
    private record Property(String name, boolean layer) {}

    private static final Map<String, Property> CODE = Map.of(
            "AWS::Lambda::Function", new Property("Code", false),
            "AWS::Lambda::LayerVersion", new Property("Content", true),
            "AWS::Serverless::Function", new Property("CodeUri", false),
            "AWS::Serverless::LayerVersion", new Property("ContentUri", true));

    private static final String SAM_FUNCTION = "AWS::Serverless::Function";

    /** The prefix of {@code provided.al2023} and the older ones. */
    private static final String CUSTOM = "provided";

    private final Optional<Node> globals;
    private final Map<String, Set<CodeUse>> uses = new TreeMap<>();

    private CodeUses(Node tree) {
        this.globals = child(tree, "Globals").flatMap(all -> child(all, "Function"));
    }

    /** By path of the code, relative to the manifest. */
    static Map<String, Set<CodeUse>> of(Node tree) {
        var found = new CodeUses(tree);
        child(tree, "Resources").ifPresent(found::resources);
        return Collections.unmodifiableMap(found.uses);
    }

    /** Resources may also be inside of {@code Fn::ForEach}. */
    private void resources(Node node) {
        if (node instanceof Node.Sequence list) {
            list.items().forEach(this::resources);
        } else if (node instanceof Node.Mapping map) {
            Property property = text(map.get("Type")).map(CODE::get).orElse(null);
            Optional<Node> properties = map.get("Properties");
            if (property != null && properties.isPresent()) {
                resource(property, properties.get(), text(map.get("Type")).get().equals(SAM_FUNCTION));
            } else {
                map.members().forEach(member -> resources(member.value()));
            }
        }
    }

    private void resource(Property property, Node properties, boolean sam) {
        CodeUse use = property.layer() ? CodeUse.LAYER : runtime(own(properties, "Runtime", sam));
        text(own(properties, property.name(), sam)).ifPresent(path -> {
            try {
                uses.computeIfAbsent(RelativePath.of(path.strip()), p -> EnumSet.noneOf(CodeUse.class))
                        .add(use);
            } catch (IllegalArgumentException e) {
                // It names no file of the release; TemplateCode reports that.
                return;
            }
        });
    }

    private Optional<Node> own(Node properties, String key, boolean sam) {
        Optional<Node> own = child(properties, key);
        return own.isPresent() || !sam ? own : globals.flatMap(function -> child(function, key));
    }

    private static CodeUse runtime(Optional<Node> runtime) {
        return text(runtime)
                .map(text -> text.startsWith(CUSTOM) ? CodeUse.CUSTOM_RUNTIME : CodeUse.MANAGED_RUNTIME)
                .orElse(CodeUse.UNKNOWN_RUNTIME);
    }

    private static Optional<Node> child(Node node, String key) {
        return node instanceof Node.Mapping map ? map.get(key) : Optional.empty();
    }

    private static Optional<String> text(Optional<Node> node) {
        return node.filter(Node.Scalar.class::isInstance)
                .map(Node.Scalar.class::cast)
                .filter(scalar -> scalar.tag() == null && !scalar.isNull())
                .map(Node.Scalar::text);
    }
}
