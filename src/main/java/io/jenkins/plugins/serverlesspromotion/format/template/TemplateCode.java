package io.jenkins.plugins.serverlesspromotion.format.template;

import io.jenkins.plugins.serverlesspromotion.format.InputException;
import io.jenkins.plugins.serverlesspromotion.format.SourceLocation;
import io.jenkins.plugins.serverlesspromotion.format.input.Node;
import io.jenkins.plugins.serverlesspromotion.format.input.Problems;
import io.jenkins.plugins.serverlesspromotion.format.input.RelativePath;
import io.jenkins.plugins.serverlesspromotion.format.input.TypedReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds every place of a CloudFormation or SAM template that names code, and refuses places whose bytes the release
 * cannot prove.
 */
public final class TemplateCode {
    /** The members of an object that locates code. */
    enum Shape {
        LAMBDA("S3Bucket", "S3Key", "S3ObjectVersion"),
        SAM("Bucket", "Key", "Version");

        final String bucket;
        final String key;
        final String version;

        Shape(String bucket, String key, String version) {
            this.bucket = bucket;
            this.key = key;
            this.version = version;
        }
    }

    /**
     * @param path of a file, relative to the manifest
     * @param span the bytes of the scalar that names it
     */
    public record Named(String path, SourceLocation where, Node.Span span, Shape shape) {}

    private record Property(String name, Shape shape) {}

    private static final Map<String, Property> CODE = Map.of(
            "AWS::Lambda::Function", new Property("Code", Shape.LAMBDA),
            "AWS::Lambda::LayerVersion", new Property("Content", Shape.LAMBDA),
            "AWS::Serverless::Function", new Property("CodeUri", Shape.SAM),
            "AWS::Serverless::LayerVersion", new Property("ContentUri", Shape.SAM));

    /** Properties whose local files the AWS command lines upload, and this version does not. */
    private static final Map<String, Set<String>> OTHER_FILES = Map.ofEntries(
            Map.entry("AWS::CloudFormation::Stack", Set.of("TemplateURL")),
            Map.entry("AWS::Serverless::Application", Set.of("Location")),
            Map.entry("AWS::Serverless::Api", Set.of("DefinitionUri")),
            Map.entry("AWS::Serverless::HttpApi", Set.of("DefinitionUri")),
            Map.entry("AWS::Serverless::StateMachine", Set.of("DefinitionUri")),
            Map.entry("AWS::Serverless::GraphQLApi", Set.of("SchemaUri")),
            Map.entry("AWS::ApiGateway::RestApi", Set.of("BodyS3Location")),
            Map.entry("AWS::StepFunctions::StateMachine", Set.of("DefinitionS3Location")),
            Map.entry("AWS::AppSync::GraphQLSchema", Set.of("DefinitionS3Location")),
            Map.entry(
                    "AWS::AppSync::Resolver",
                    Set.of("CodeS3Location", "RequestMappingTemplateS3Location", "ResponseMappingTemplateS3Location")),
            Map.entry(
                    "AWS::AppSync::FunctionConfiguration",
                    Set.of("CodeS3Location", "RequestMappingTemplateS3Location", "ResponseMappingTemplateS3Location")));

    private static final String NAME_THE_FILE =
            "; name the local ZIP instead, as in build/api.zip, which becomes part of the release";

    private final Problems problems;
    private final List<Named> named = new ArrayList<>();
    private final List<Node> locations = new ArrayList<>();

    private TemplateCode(Problems problems) {
        this.problems = problems;
    }

    /**
     * Every local file that the template names as code, in the order of the template.
     *
     * @throws InputException when {@code tree} is not a template, or {@code problems} is not empty afterwards
     */
    static List<Named> in(Node tree, Problems problems) {
        var code = new TemplateCode(problems);
        code.template(tree);
        problems.throwIfAny();
        return List.copyOf(code.named);
    }

    /** The values in all places that name code, as written; for callers that know the tool which wrote them. */
    public static List<Node> locations(Node tree) {
        var code = new TemplateCode(new Problems());
        code.template(tree);
        return List.copyOf(code.locations);
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
        ((Node.Mapping) tree)
                .get("Globals")
                .flatMap(globals -> child(globals, "Function"))
                .ifPresent(function -> property(function, CODE.get("AWS::Serverless::Function")));
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
        Property code = CODE.get(text.text());
        Set<String> others = OTHER_FILES.getOrDefault(text.text(), Set.of());
        if (code == null && others.isEmpty()) {
            return;
        }
        merge(resource);
        resource.get("Properties").ifPresent(properties -> {
            if (code != null) {
                property(properties, code);
            }
            others.forEach(other -> child(properties, other).ifPresent(this::otherFile));
        });
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

    private void property(Node properties, Property property) {
        merge(properties);
        if (property.shape() == Shape.SAM) {
            child(properties, "ImageUri").ifPresent(this::image);
        }
        child(properties, property.name()).ifPresent(value -> {
            locations.add(value);
            if (value.tag() != null) {
                intrinsic(value, value.tag());
            } else if (value instanceof Node.Scalar scalar) {
                scalar(scalar, property.shape());
            } else if (value instanceof Node.Mapping map) {
                location(map);
            } else {
                problems.add(value.where(), "cannot be a list" + NAME_THE_FILE);
            }
        });
    }

    private void intrinsic(Node value, String function) {
        problems.add(
                value.where(),
                "names code through " + function + ", so the release cannot prove which bytes it means"
                        + NAME_THE_FILE);
    }

    private void image(Node value) {
        problems.add(
                value.where(), "container images are not supported by this version; package the function as a ZIP");
    }

    private void location(Node.Mapping map) {
        for (var member : map.members()) {
            switch (member.key()) {
                case "ZipFile", "SourceKMSKeyArn" -> {}
                case "ImageUri" -> image(member.value());
                case "S3Bucket", "S3Key", "S3ObjectVersion", "Bucket", "Key", "Version" -> {
                    problems.add(
                            map.where(), "names code in S3, and the release cannot prove those bytes" + NAME_THE_FILE);
                    return;
                }
                default -> {
                    if (member.key().equals("Ref") || member.key().startsWith("Fn::")) {
                        intrinsic(map, member.key());
                    } else {
                        problems.add(
                                member.where(),
                                "'" + TypedReader.shown(member.key()) + "' is no way to name code that is known here"
                                        + NAME_THE_FILE);
                    }
                    return;
                }
            }
        }
    }

    private void scalar(Node.Scalar scalar, Shape shape) {
        String text = scalar.text().strip();
        if (scalar.isNull() || text.isEmpty()) {
            problems.add(scalar.where(), "names no code" + NAME_THE_FILE);
        } else if (text.contains("://")) {
            problems.add(
                    scalar.where(),
                    "names code at '" + TypedReader.shown(text) + "', and the release cannot prove those bytes"
                            + NAME_THE_FILE);
        } else if (text.contains("${")) {
            problems.add(
                    scalar.where(),
                    "cannot hold ${…}: the release holds files, not patterns of their names" + NAME_THE_FILE);
        } else if (scalar.span() == null) {
            problems.add(scalar.where(), "shares the path through a YAML anchor; write the path itself in every place");
        } else {
            try {
                named.add(new Named(RelativePath.of(text), scalar.where(), scalar.span(), shape));
            } catch (IllegalArgumentException e) {
                problems.add(scalar.where(), e.getMessage() + NAME_THE_FILE);
            }
        }
    }

    private void otherFile(Node value) {
        if (value instanceof Node.Scalar scalar
                && scalar.tag() == null
                && !scalar.isNull()
                && !scalar.text().contains("://")) {
            problems.add(
                    scalar.where(),
                    "names the local file '" + TypedReader.shown(scalar.text())
                            + "'; only code of functions and layers is taken from files by this version, write its"
                            + " content into the template");
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
