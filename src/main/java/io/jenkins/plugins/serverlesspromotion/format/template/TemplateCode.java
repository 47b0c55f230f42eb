package io.jenkins.plugins.serverlesspromotion.format.template;

import io.jenkins.plugins.serverlesspromotion.engine.release.PackagedProperties;
import io.jenkins.plugins.serverlesspromotion.engine.release.PackagedProperties.Content;
import io.jenkins.plugins.serverlesspromotion.engine.release.PackagedProperties.Handling;
import io.jenkins.plugins.serverlesspromotion.engine.release.PackagedProperties.Property;
import io.jenkins.plugins.serverlesspromotion.engine.release.PackagedProperties.Reference;
import io.jenkins.plugins.serverlesspromotion.format.InputException;
import io.jenkins.plugins.serverlesspromotion.format.SourceLocation;
import io.jenkins.plugins.serverlesspromotion.format.input.Node;
import io.jenkins.plugins.serverlesspromotion.format.input.Problems;
import io.jenkins.plugins.serverlesspromotion.format.input.RelativePath;
import io.jenkins.plugins.serverlesspromotion.format.input.TypedReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Finds every place of a CloudFormation or SAM template that names a local file, and refuses places that a release
 * cannot hold. {@link PackagedProperties} lists the places.
 */
public final class TemplateCode {
    /**
     * @param path of a file, relative to the manifest
     * @param span the bytes of the scalar that names it
     */
    public record Named(String path, SourceLocation where, Node.Span span, Property property) {
        public boolean isTemplate() {
            return property.content() == Content.TEMPLATE;
        }
    }

    /** @param value as written */
    public record Place(Node value, Property property) {}

    private static final String NAME_THE_FILE =
            "; name the local ZIP instead, as in build/api.zip, which becomes part of the release";

    private final Problems problems;
    private final List<Named> named = new ArrayList<>();
    private final List<Place> places = new ArrayList<>();

    /** The section of SAM; null without one. */
    private Node globals;

    private TemplateCode(Problems problems) {
        this.problems = problems;
    }

    /**
     * Every local file that the template names, in the order of the template.
     *
     * @throws InputException when {@code tree} is not a template, or {@code problems} is not empty afterwards
     */
    static List<Named> in(Node tree, Problems problems) {
        var code = new TemplateCode(problems);
        code.template(tree);
        code.oneContentEach();
        problems.throwIfAny();
        return List.copyOf(code.named);
    }

    /** A nested template is rendered, every other file stays as it is: one file cannot be both. */
    private void oneContentEach() {
        var templates =
                named.stream().filter(Named::isTemplate).map(Named::path).collect(Collectors.toSet());
        named.stream()
                .filter(other -> !other.isTemplate() && templates.contains(other.path()))
                .forEach(other -> problems.add(
                        other.where(),
                        "names '" + TypedReader.shown(other.path())
                                + "', which is the template of a nested stack too; use a copy of the file"));
    }

    /** The values in all places that name code, as written; for callers that know the tool which wrote them. */
    public static List<Node> locations(Node tree) {
        return packaged(tree).stream()
                .filter(place -> place.property().content() == Content.CODE)
                .map(Place::value)
                .toList();
    }

    /** The values in all places that may name a local file, as written. */
    public static List<Place> packaged(Node tree) {
        var code = new TemplateCode(new Problems());
        code.template(tree);
        return List.copyOf(code.places);
    }

    private void template(Node tree) {
        Node resources =
                tree instanceof Node.Mapping root ? root.get("Resources").orElse(null) : null;
        if (!(resources instanceof Node.Mapping map)) {
            problems.add(
                    resources == null ? tree.where() : resources.where(),
                    "is no CloudFormation template: it has no map of Resources");
            return;
        }
        includes(tree);
        globals = ((Node.Mapping) tree).get("Globals").orElse(null);
        if (globals instanceof Node.Mapping sections) {
            for (var section : sections.members()) {
                String type = PackagedProperties.GLOBALS.get(section.key());
                if (type != null) {
                    merge(section.value());
                    properties(section.value(), type);
                }
            }
        }
        resources(map);
    }

    private void resources(Node.Mapping resources) {
        for (var member : resources.members()) {
            if (member.key().startsWith("Fn::ForEach::")) {
                loop(member);
            } else if (member.value() instanceof Node.Mapping resource) {
                resource(resource);
            }
        }
    }

    /** {@code Fn::ForEach::Name: [ variable, values, { "Logical${Id}": resource } ]}, which may be nested. */
    private void loop(Node.Member member) {
        if (member.value() instanceof Node.Sequence list
                && list.items().size() == 3
                && list.items().get(2) instanceof Node.Mapping inner) {
            resources(inner);
        } else {
            problems.add(member.where(), "is no loop: it needs a variable, a list of values and a map of resources");
        }
    }

    private void resource(Node.Mapping resource) {
        Node type = resource.get("Type").orElse(null);
        if (!(type instanceof Node.Scalar text) || text.tag() != null) {
            return;
        }
        if (PackagedProperties.of(text.text()).isEmpty()) {
            return;
        }
        merge(resource);
        Node properties = resource.get("Properties").orElse(null);
        if (properties != null) {
            merge(properties);
            properties(properties, text.text());
        }
        if (text.text().equals("AWS::Serverless::Function")) {
            builtImage(resource, properties);
        }
    }

    private void properties(Node properties, String type) {
        for (Property property : PackagedProperties.of(type)) {
            if (property.handling() != Handling.KEPT) {
                find(properties, property.parts(), value -> value(value, property));
            }
        }
    }

    /** Members below an intrinsic function are its arguments, not properties. */
    private static void find(Node node, List<String> path, Consumer<Node> found) {
        if (!(node instanceof Node.Mapping map) || map.tag() != null) {
            return;
        }
        for (var member : map.members()) {
            if (!path.get(0).equals("*") && !path.get(0).equals(member.key())) {
                continue;
            }
            if (path.size() == 1) {
                found.accept(member.value());
            } else {
                find(member.value(), path.subList(1, path.size()), found);
            }
        }
    }

    private static Optional<Node> child(Node node, String key) {
        return node instanceof Node.Mapping map ? map.get(key) : Optional.empty();
    }

    /** A merge key could add code that this map alone does not show. */
    private void merge(Node node) {
        if (node instanceof Node.Mapping map) {
            map.member("<<")
                    .ifPresent(m -> problems.add(
                            m.where(),
                            "CloudFormation does not support merge keys in templates; write the members out"));
        }
    }

    private void value(Node value, Property property) {
        places.add(new Place(value, property));
        if (property.content() == Content.IMAGE) {
            image(value, property);
        } else if (!property.isCarried()) {
            refused(value, property);
        } else if (property.content() == Content.CODE) {
            code(value, property);
        } else {
            file(value, property);
        }
    }

    private void code(Node value, Property property) {
        if (value.tag() != null) {
            intrinsic(value, value.tag());
        } else if (value instanceof Node.Scalar scalar) {
            String text = scalar.text().strip();
            if (scalar.isNull() || text.isEmpty()) {
                problems.add(scalar.where(), "names no code" + NAME_THE_FILE);
            } else if (text.contains("://")) {
                if (property.reference() != Reference.OBJECT || !text.startsWith("s3://")) {
                    problems.add(
                            scalar.where(),
                            "names code at '" + TypedReader.shown(text) + "', which this property does not take"
                                    + NAME_THE_FILE);
                }
            } else {
                local(scalar, property, NAME_THE_FILE);
            }
        } else if (value instanceof Node.Mapping map) {
            location(map, property.reference());
        } else {
            problems.add(value.where(), "cannot be a list" + NAME_THE_FILE);
        }
    }

    private void intrinsic(Node value, String function) {
        problems.add(
                value.where(),
                "names code through " + function + ", so the release cannot prove which bytes it means"
                        + NAME_THE_FILE);
    }

    /** Code in S3 is a risk finding of the plan, not an error: a version of an object can be named. */
    private void location(Node.Mapping map, Reference reference) {
        for (var member : map.members()) {
            String key = member.key();
            if (key.equals(reference.bucket()) || key.equals(reference.key()) || key.equals(reference.version())) {
                continue;
            }
            switch (key) {
                case "ZipFile", "SourceKMSKeyArn", "ImageUri" -> {}
                default -> {
                    if (key.equals("Ref") || key.startsWith("Fn::")) {
                        intrinsic(map, key);
                    } else {
                        problems.add(
                                member.where(),
                                "'" + TypedReader.shown(key) + "' is no way to name code that is known here"
                                        + NAME_THE_FILE);
                    }
                    return;
                }
            }
        }
    }

    /** A plain text without a scheme is a local file; everything else is a reference that the plan looks at. */
    private void file(Node value, Property property) {
        if (value instanceof Node.Scalar scalar && isLocal(scalar)) {
            local(scalar, property, "; name " + property.content().words() + " of the release");
        }
    }

    private static boolean isLocal(Node.Scalar scalar) {
        return scalar.tag() == null
                && !scalar.isNull()
                && !scalar.text().isBlank()
                && !scalar.text().contains("://")
                // SAM also takes the ARN of an application, CloudFormation that of a document.
                && !scalar.text().startsWith("arn:");
    }

    private void refused(Node value, Property property) {
        if (value instanceof Node.Scalar scalar && isLocal(scalar)) {
            problems.add(
                    scalar.where(),
                    "names the local file '" + TypedReader.shown(scalar.text())
                            + "', which a release does not hold here; " + property.advice());
        }
    }

    /** Lambda takes images from ECR only, so any other name is one of the machine that built it. */
    private void image(Node value, Property property) {
        if (value instanceof Node.Scalar scalar
                && scalar.tag() == null
                && !scalar.isNull()
                && !scalar.text().contains(".dkr.ecr")
                && !scalar.text().contains("${")) {
            problems.add(
                    scalar.where(),
                    "names the image '" + TypedReader.shown(scalar.text())
                            + "' of the machine that built it, and a release holds no images; " + property.advice());
        }
    }

    /** SAM builds an image where a function of this kind names none. */
    private void builtImage(Node.Mapping resource, Node properties) {
        Node function = child(globals, "Function").orElse(null);
        Node kind = child(properties, "PackageType")
                .or(() -> child(function, "PackageType"))
                .orElse(null);
        boolean image = kind instanceof Node.Scalar text && text.text().equals("Image");
        boolean named = child(properties, "ImageUri").isPresent()
                || child(function, "ImageUri").isPresent();
        if (image && !named) {
            problems.add(
                    kind.where(),
                    "makes an image of a Dockerfile on this machine, and a release holds no images; "
                            + PackagedProperties.of("AWS::Serverless::Function").stream()
                                    .filter(p -> p.content() == Content.IMAGE)
                                    .findFirst()
                                    .orElseThrow()
                                    .advice()
                            + " in ImageUri");
        }
    }

    private void local(Node.Scalar scalar, Property property, String advice) {
        String text = scalar.text().strip();
        if (text.contains("${")) {
            problems.add(
                    scalar.where(), "cannot hold ${…}: the release holds files, not patterns of their names" + advice);
        } else if (scalar.span() == null) {
            problems.add(scalar.where(), "shares the path through a YAML anchor; write the path itself in every place");
        } else {
            try {
                named.add(new Named(RelativePath.of(text), scalar.where(), scalar.span(), property));
            } catch (IllegalArgumentException e) {
                problems.add(scalar.where(), e.getMessage() + advice);
            }
        }
    }

    /** {@code AWS::Include} inserts text into the template during the deployment: no one could have approved it. */
    private void includes(Node node) {
        if (node instanceof Node.Sequence list) {
            list.items().forEach(this::includes);
        } else if (node instanceof Node.Mapping map) {
            if ("!Transform".equals(map.tag())) {
                include(map);
            }
            for (var member : map.members()) {
                if (member.key().equals("Fn::Transform") || member.key().equals("Transform")) {
                    include(member.value());
                }
                includes(member.value());
            }
        }
    }

    private void include(Node transform) {
        if (transform instanceof Node.Sequence list) {
            list.items().forEach(this::include);
        } else if (child(transform, "Name").orElse(null) instanceof Node.Scalar name
                && name.text().equals("AWS::Include")) {
            problems.add(
                    transform.where(),
                    "AWS::Include takes text from outside the release, which it cannot prove; write that text into the"
                            + " template");
        }
    }
}
