package io.jenkins.plugins.serverlesspromotion.format.importers;

import static io.jenkins.plugins.serverlesspromotion.format.importers.NodeQuery.child;
import static io.jenkins.plugins.serverlesspromotion.format.importers.NodeQuery.items;
import static io.jenkins.plugins.serverlesspromotion.format.importers.NodeQuery.members;
import static io.jenkins.plugins.serverlesspromotion.format.importers.NodeQuery.strings;
import static io.jenkins.plugins.serverlesspromotion.format.importers.NodeQuery.text;
import static io.jenkins.plugins.serverlesspromotion.format.importers.NodeQuery.texts;

import io.jenkins.plugins.serverlesspromotion.engine.release.PackagedProperties.Content;
import io.jenkins.plugins.serverlesspromotion.engine.release.TemplateBoolean;
import io.jenkins.plugins.serverlesspromotion.format.SourceLocation;
import io.jenkins.plugins.serverlesspromotion.format.input.Limits;
import io.jenkins.plugins.serverlesspromotion.format.input.Node;
import io.jenkins.plugins.serverlesspromotion.format.input.NodeWriter;
import io.jenkins.plugins.serverlesspromotion.format.input.Problems;
import io.jenkins.plugins.serverlesspromotion.format.input.Source;
import io.jenkins.plugins.serverlesspromotion.format.template.TemplateCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Reads a cloud assembly of AWS CDK version 2 ({@code cdk.out}, package cloud-assembly-schema): every stack becomes a
 * target, its file assets become code. The bootstrap stack of CDK is not needed, so rules that require it are left out.
 * An import from another stack becomes a parameter with that stack's output: an import cannot be planned before the
 * other stack is deployed.
 */
final class CdkImport {
    private static final String STACK = "aws:cloudformation:stack";
    private static final String ASSETS = "cdk:asset-manifest";
    private static final String ASSEMBLY = "cdk:cloud-assembly";
    private static final String UNKNOWN = "unknown-";
    private static final String CURRENT = "current_";

    private final ToolFiles files;
    private final Problems problems = new Problems();
    private final Map<String, Export> exports = new HashMap<>();
    private final Map<String, Map<String, Export>> outputs = new HashMap<>();

    CdkImport(ToolFiles files) {
        this.files = files;
    }

    /**
     * @param source folder or file
     * @param id hash of the content
     */
    private record Asset(String id, Path source) {}

    /** An output of one of the stacks that another one may import. */
    private record Export(String target, String output) {
        String parameter() {
            return (target + "Output" + output).replaceAll("[^A-Za-z0-9]", "");
        }

        String reference() {
            return "${output." + target + "." + output + "}";
        }
    }

    List<ImportedStack> read() throws IOException {
        Path file = files.output().resolve("manifest.json");
        files.require(file, "cdk synth");
        Node manifest = files.tree(file, files.bytes(file, Limits.STATE), Limits.STATE);
        if (!items(manifest, "missing").isEmpty()) {
            problems.add(
                    child(manifest, "missing").orElseThrow().where(),
                    "lacks values that cdk synth looks up; run cdk synth until nothing is missing");
        }
        var stacks = new LinkedHashMap<String, Node>();
        for (var artifact : members(manifest, "artifacts")) {
            String type = text(artifact.value(), "type").orElse("");
            if (type.equals(STACK)) {
                stacks.put(artifact.key(), artifact.value());
            } else if (type.equals(ASSEMBLY)) {
                problems.add(
                        artifact.where(),
                        "is a stage with stacks of its own; release it by itself, with "
                                + files.shown(files.output()) + "/"
                                + text(artifact.value(), "properties", "directoryName")
                                        .orElse("its folder")
                                + " as the output of cdk");
            }
        }
        if (stacks.isEmpty()) {
            problems.add(SourceLocation.of(files.shown(file)), "holds no stack; run cdk synth in an app that has one");
        }
        problems.throwIfAny();
        for (var stack : stacks.entrySet()) {
            exports(stack.getKey(), stack.getValue());
        }
        var read = new ArrayList<ImportedStack>();
        for (var stack : stacks.entrySet()) {
            read.add(stack(stack.getKey(), stack.getValue(), stacks.keySet(), manifest));
        }
        problems.throwIfAny();
        return read;
    }

    private ImportedStack stack(String id, Node stack, Set<String> stacks, Node manifest) throws IOException {
        if (!items(stack, "properties", "notificationArns").isEmpty()) {
            problems.add(
                    stack.where(),
                    "stack " + id
                            + " sends its events to topics ('notificationArns'), which a promotion does not; remove"
                            + " it in the app, and let the policy notify");
        }
        Node template = template(id, stack);
        var writer = new NodeWriter();
        var imported = new TreeMap<String, Export>();
        imports(template, target(id), writer, imported);
        Node tree = adapted(template, imported.keySet());
        Map<String, Asset> assets = assets(stack, manifest);
        var left = new HashMap<>(assets);
        var trees = new ArrayList<Node>();
        place(tree, writer, assets, left, trees);
        left.values().forEach(asset -> trees.forEach(one -> usedOtherwise(one, asset.id(), false)));
        var after = strings(stack, "dependencies").stream()
                .filter(stacks::contains)
                .map(CdkImport::target)
                .toList();
        return new ImportedStack(
                target(id),
                after,
                regions(id, stack),
                text(stack, "properties", "stackName").orElse(id),
                target(id) + ".json",
                writer.write(tree).getBytes(StandardCharsets.UTF_8),
                Capabilities.of(trees),
                parameters(stack, imported),
                texts(stack, "properties", "tags"),
                new ImportedStack.Guards(
                        text(stack, "properties", "terminationProtection")
                                .filter(TemplateBoolean::isTrue)
                                .isPresent(),
                        List.of(),
                        null,
                        null),
                files.code());
    }

    /** Replaces the addresses of file assets by paths of the release; nested templates are rewritten too. */
    private void place(
            Node tree, NodeWriter writer, Map<String, Asset> assets, Map<String, Asset> left, List<Node> trees)
            throws IOException {
        trees.add(tree);
        for (TemplateCode.Place place : TemplateCode.packaged(tree)) {
            Node value = place.value();
            if (!place.property().isCarried()) {
                continue;
            }
            List<String> keys =
                    assets.keySet().stream().filter(key -> holds(value, key)).toList();
            if (keys.size() != 1) {
                if (place.property().content() == Content.CODE
                        && value instanceof Node.Mapping map
                        && map.get("S3Key").isPresent()) {
                    problems.add(
                            map.get("S3Key").get().where(),
                            "names code that is no file asset of this assembly; use lambda.Code.fromAsset, with the"
                                    + " default synthesizer of CDK 2");
                }
                continue;
            }
            Asset asset = assets.get(keys.get(0));
            left.remove(keys.get(0));
            writer.replace(
                    value,
                    place.property().content() == Content.TEMPLATE
                            ? files.nest(asset.source(), files.output(), value.where(), file -> {
                                var inner = new NodeWriter();
                                Node nested = files.tree(file, files.bytes(file, Limits.TEMPLATE), Limits.TEMPLATE);
                                place(nested, inner, assets, left, trees);
                                return inner.write(nested).getBytes(StandardCharsets.UTF_8);
                            })
                            : files.take(asset.source(), files.output(), value.where()));
        }
    }

    /** The address of an asset is composed by functions; its key is one text or the end of one. */
    private static boolean holds(Node node, String key) {
        if (node instanceof Node.Scalar scalar) {
            return scalar.text().equals(key) || scalar.text().endsWith("/" + key);
        }
        return node instanceof Node.Sequence list
                ? list.items().stream().anyMatch(item -> holds(item, key))
                : node instanceof Node.Mapping map && map.members().stream().anyMatch(m -> holds(m.value(), key));
    }

    private Node template(String id, Node stack) throws IOException {
        Path file =
                files.output().resolve(text(stack, "properties", "templateFile").orElse(id + ".template.json"));
        return files.tree(file, files.bytes(file, Limits.TEMPLATE), Limits.TEMPLATE);
    }

    private void exports(String id, Node stack) throws IOException {
        var own = new HashMap<String, Export>();
        for (var output : members(template(id, stack), "Outputs")) {
            var export = new Export(target(id), output.key());
            own.put(output.key(), export);
            text(output.value(), "Export", "Name").ifPresent(name -> exports.put(name, export));
        }
        outputs.put(text(stack, "properties", "stackName").orElse(id), own);
    }

    /** @param imported the outputs of others that {@code target} uses, by the parameter that replaces the import */
    private void imports(Node node, String target, NodeWriter writer, Map<String, Export> imported) {
        if (node instanceof Node.Sequence list) {
            list.items().forEach(item -> imports(item, target, writer, imported));
        } else if (node instanceof Node.Mapping map) {
            Export export = imported(map);
            if (export != null && !export.target().equals(target)) {
                writer.replace(map, Map.of("Ref", export.parameter()));
                imported.put(export.parameter(), export);
            } else {
                map.members().forEach(m -> imports(m.value(), target, writer, imported));
            }
        }
    }

    /**
     * The output that {@code Fn::ImportValue} means by its export, {@code Fn::GetStackOutput} by stack and key; null for
     * one of another app, or of another account or region.
     */
    private Export imported(Node.Mapping map) {
        if (map.members().size() != 1) {
            return null;
        }
        Node named = child(map, "Fn::GetStackOutput").orElse(null);
        if (named == null) {
            return text(map, "Fn::ImportValue").map(exports::get).orElse(null);
        }
        if (child(named, "RoleArn").isPresent() || child(named, "Region").isPresent()) {
            return null;
        }
        Map<String, Export> own = outputs.getOrDefault(text(named, "StackName").orElse(""), Map.of());
        return own.get(text(named, "OutputName").orElse(""));
    }

    /** Our own copies are used, so the bucket of the bootstrap stack and its version are not needed. */
    private static Node adapted(Node tree, Set<String> parameters) {
        if (!(tree instanceof Node.Mapping root)) {
            return tree;
        }
        var members = new ArrayList<Node.Member>();
        for (var member : root.members()) {
            if (member.key().equals("Parameters")) {
                continue;
            }
            if (!member.key().equals("Rules") || !(member.value() instanceof Node.Mapping rules)) {
                members.add(member);
                continue;
            }
            var kept = without(rules.members(), "CheckBootstrapVersion");
            if (!kept.isEmpty()) {
                members.add(new Node.Member(
                        member.key(), member.where(), new Node.Mapping(rules.where(), rules.tag(), kept)));
            }
        }
        var all = new ArrayList<>(without(members(root, "Parameters"), "BootstrapVersion"));
        parameters.forEach(name -> all.add(
                new Node.Member(name, root.where(), Source.of(Map.of("Type", "String"), "Parameters." + name))));
        if (!all.isEmpty()) {
            members.add(0, new Node.Member("Parameters", root.where(), new Node.Mapping(root.where(), null, all)));
        }
        return new Node.Mapping(root.where(), root.tag(), members);
    }

    private static List<Node.Member> without(List<Node.Member> members, String key) {
        return members.stream().filter(m -> !m.key().equals(key)).toList();
    }

    private static Map<String, ImportedStack.Value> parameters(Node stack, Map<String, Export> imported) {
        var parameters = new TreeMap<String, ImportedStack.Value>();
        texts(stack, "properties", "parameters")
                .forEach((key, value) -> parameters.put(key, new ImportedStack.Value(value, false)));
        imported.forEach((key, export) -> parameters.put(key, new ImportedStack.Value(export.reference(), true)));
        return parameters;
    }

    /** The file assets of a stack, by their names in the bucket of the bootstrap stack. */
    private Map<String, Asset> assets(Node stack, Node manifest) throws IOException {
        var assets = new LinkedHashMap<String, Asset>();
        for (String dependency : strings(stack, "dependencies")) {
            Node artifact = child(manifest, "artifacts", dependency).orElse(null);
            if (!ASSETS.equals(text(artifact, "type").orElse(""))) {
                continue;
            }
            Path file =
                    files.output().resolve(text(artifact, "properties", "file").orElse(dependency + ".json"));
            Node tree = files.tree(file, files.bytes(file, Limits.STATE), Limits.STATE);
            for (var image : members(tree, "dockerImages")) {
                problems.add(
                        image.where(),
                        "is a container image that CDK builds on this machine, and a release holds no images; push it in"
                                + " the build and name it by its digest, as in DockerImageCode.fromEcr(repository, {"
                                + " tagOrDigest: 'sha256:…' }) and ContainerImage.fromRegistry('NAME@sha256:…')");
            }
            for (var asset : members(tree, "files")) {
                Optional<String> source = text(asset.value(), "source", "path");
                if (source.isEmpty()) {
                    problems.add(asset.where(), "is made by a command while it is published; use an asset of files");
                    continue;
                }
                Path path = file.resolveSibling(source.get());
                members(asset.value(), "destinations")
                        .forEach(to -> text(to.value(), "objectKey")
                                .ifPresent(key -> assets.put(key, new Asset(asset.key(), path))));
            }
        }
        return assets;
    }

    /** An asset in a property that is not replaced would not exist at deployment. */
    private void usedOtherwise(Node node, String id, boolean metadata) {
        if (node instanceof Node.Mapping map) {
            map.members()
                    .forEach(m ->
                            usedOtherwise(m.value(), id, metadata || m.key().equals("Metadata")));
        } else if (node instanceof Node.Sequence list) {
            list.items().forEach(item -> usedOtherwise(item, id, metadata));
        } else if (node instanceof Node.Scalar scalar
                && !metadata
                && scalar.text().contains(id)) {
            problems.add(
                    scalar.where(),
                    "uses a file asset of CDK other than as code, definition or nested template, and a release has no"
                            + " address for it; deploy files of a site as a target 'site'");
        }
    }

    private List<String> regions(String id, Node stack) {
        String environment = text(stack, "environment").orElse("aws://unknown-account/unknown-region");
        String[] parts = environment.replaceFirst("^aws://", "").split("/", 2);
        String region = parts.length > 1 ? parts[1] : UNKNOWN;
        if (!parts[0].startsWith(UNKNOWN) && !parts[0].startsWith(CURRENT)) {
            problems.add(
                    stack.where(),
                    "stack " + id + " is bound to account " + parts[0] + ", so it cannot move from environment to"
                            + " environment; leave 'env.account' out in the app");
        }
        return region.startsWith(UNKNOWN) || region.startsWith(CURRENT) ? List.of() : List.of(region);
    }

    /** {@code OrdersApi} becomes {@code orders-api}. */
    static String target(String id) {
        String name = id.replaceAll("([a-z0-9])([A-Z])", "$1-$2")
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z0-9]+", "-")
                .replaceAll("^-|-$", "");
        return name.length() > 63 ? name.substring(0, 63).replaceAll("-$", "") : name;
    }
}
