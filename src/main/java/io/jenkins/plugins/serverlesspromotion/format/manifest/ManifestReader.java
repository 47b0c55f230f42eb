package io.jenkins.plugins.serverlesspromotion.format.manifest;

import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest;
import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest.Variable;
import io.jenkins.plugins.serverlesspromotion.engine.release.VersionNotation;
import io.jenkins.plugins.serverlesspromotion.format.InputException;
import io.jenkins.plugins.serverlesspromotion.format.input.Limits;
import io.jenkins.plugins.serverlesspromotion.format.input.Node;
import io.jenkins.plugins.serverlesspromotion.format.input.Problems;
import io.jenkins.plugins.serverlesspromotion.format.input.Source;
import io.jenkins.plugins.serverlesspromotion.format.input.TextPatterns;
import io.jenkins.plugins.serverlesspromotion.format.input.TypedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads {@code release.yaml}, the deployment manifest of a team, in YAML 1.2 or JSON. The keys are described in
 * docs/reference/manifest-keys.md. All errors are reported at once, with file, line and key.
 */
public final class ManifestReader {
    public static final String API_VERSION =
            ManifestSection.MANIFEST.words("apiVersion").get(0);

    private final Problems problems = new Problems();
    private final TypedReader typedReader = new TypedReader(problems);
    private final ManifestReferences references = new ManifestReferences(typedReader);

    private ManifestReader() {}

    /**
     * @param file for messages
     * @throws InputException with every reason why this manifest cannot be released
     */
    public static Manifest read(String file, byte[] bytes) {
        return readMarked(file, bytes).manifest();
    }

    /** The same as {@link #read(String, byte[])}, with the places of everything. */
    public static MarkedManifest readMarked(String file, byte[] bytes) {
        return new ManifestReader().readAll(file, bytes);
    }

    /**
     * Reads a file of at most 1 MiB.
     *
     * @throws IOException when it exists and cannot be read
     */
    public static MarkedManifest readMarked(Path file) throws IOException {
        String name = file.toString();
        return readMarked(name, Source.bytes(file, name, Limits.INPUT));
    }

    private MarkedManifest readAll(String file, byte[] bytes) {
        Node tree = Source.read(file, bytes, Limits.INPUT, problems);
        Optional<Node.Mapping> root = typedReader.mapping(tree);
        if (root.isEmpty()) {
            problems.throwIfAny();
        }
        var fields = typedReader.fields(root.orElseThrow(), ManifestSection.MANIFEST);
        apiVersion(fields);
        String service = fields.required("service", "the name of the service, as in service: orders")
                .flatMap(node -> typedReader.name(node, "service"))
                .orElse("unnamed");
        Map<String, Variable> variables = variables(fields);
        var targets = new TargetReader(typedReader, references).read(fields);
        var verify = new CheckReader(typedReader, references, targets).read(fields);
        List<Manifest.Requires> requires = requires(fields, service);
        var manifest = new Manifest(service, variables, targets, verify, requires);
        references.check(manifest);
        problems.throwIfAny();
        return MarkedManifest.of(file, manifest, tree);
    }

    private void apiVersion(TypedReader.Fields fields) {
        fields.required("apiVersion", "apiVersion: " + API_VERSION)
                .ifPresent(node -> typedReader.text(node).ifPresent(text -> {
                    if (!text.equals(API_VERSION)) {
                        typedReader.problem(
                                node.where(),
                                "'" + TypedReader.shown(text) + "' is not known to this version; write " + API_VERSION);
                    }
                }));
    }

    private Map<String, Variable> variables(TypedReader.Fields fields) {
        var variables = new LinkedHashMap<String, Variable>();
        fields.optional("variables")
                .flatMap(typedReader::mapping)
                .ifPresent(map -> map.members().forEach(member -> {
                    String name = member.key();
                    if (!TextPatterns.VARIABLE.matcher(name).matches()) {
                        typedReader.problem(
                                member.where(),
                                "a variable's name is 1 to 64 letters, digits, _ or -, and starts with a letter or _");
                    } else if (ManifestReferences.BUILT_IN.contains(name)) {
                        typedReader.problem(
                                member.where(), "${" + name + "} is defined already; give the variable another name");
                    } else {
                        variable(member).ifPresent(variable -> variables.put(name, variable));
                    }
                }));
        return variables;
    }

    private Optional<Variable> variable(Node.Member member) {
        String name = member.key();
        if (!(member.value() instanceof Node.Mapping map)) {
            return typedReader.text(member.value()).map(text -> {
                references.inVariable(name, member.value(), text);
                return new Variable.PerEnvironment(Map.of(Variable.PerEnvironment.ANY, text));
            });
        }
        for (String source : List.of("ssm", "secret")) {
            Node node = map.get(source).orElse(null);
            if (node != null) {
                typedReader.fields(map, source.equals("ssm") ? ManifestSection.SSM : ManifestSection.SECRET);
                return typedReader.filled(node).map(text -> {
                    references.inVariable(name, node, text);
                    return source.equals("ssm") ? new Variable.SsmParameter(text) : new Variable.Secret(text);
                });
            }
        }
        var values = new LinkedHashMap<String, String>();
        for (var value : map.members()) {
            boolean known = value.key().equals(Variable.PerEnvironment.ANY)
                    || typedReader
                            .name(
                                    new Node.Scalar(value.where(), null, value.key(), Node.Type.TEXT, null),
                                    "environment")
                            .isPresent();
            Optional<String> text = typedReader.text(value.value());
            if (known && text.isPresent()) {
                references.inVariable(name, value.value(), text.get());
                values.put(value.key(), text.get());
            }
        }
        if (map.members().isEmpty()) {
            typedReader.problem(map.where(), "has no value; write one per environment, as in { dev: a, prod: b }");
        }
        return values.isEmpty() ? Optional.empty() : Optional.of(new Variable.PerEnvironment(values));
    }

    private List<Manifest.Requires> requires(TypedReader.Fields fields, String self) {
        var all = new ArrayList<Manifest.Requires>();
        var services = new HashSet<String>();
        for (Node item : fields.list("requires")) {
            typedReader.mapping(item).ifPresent(map -> {
                var one = typedReader.fields(map, ManifestSection.REQUIRES);
                Optional<String> service =
                        one.required("service", "the name of a service").flatMap(n -> typedReader.name(n, "service"));
                Optional<String> version =
                        one.required("version", "a range such as \">=2.3 <3\"").flatMap(this::range);
                if (service.isPresent() && version.isPresent()) {
                    if (!services.add(service.get())) {
                        typedReader.problem(
                                item.where(),
                                "'" + service.get() + "' is required twice; write all bounds into one version");
                    } else if (service.get().equals(self)) {
                        typedReader.problem(item.where(), "'" + self + "' cannot require itself; remove it");
                    }
                    all.add(new Manifest.Requires(service.get(), version.get()));
                }
            });
        }
        return all;
    }

    private Optional<String> range(Node node) {
        return typedReader.filled(node).flatMap(text -> {
            try {
                return Optional.of(VersionNotation.plain(text));
            } catch (IllegalArgumentException e) {
                typedReader.problem(node.where(), e.getMessage());
                return Optional.empty();
            }
        });
    }
}
