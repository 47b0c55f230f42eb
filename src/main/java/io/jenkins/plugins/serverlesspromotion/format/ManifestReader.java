package io.jenkins.plugins.serverlesspromotion.format;

import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest;
import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest.Variable;
import io.jenkins.plugins.serverlesspromotion.engine.release.VersionRange;
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
 * docs/reference/manifest-keys.md. Everything that is wrong is told at once, with file, line and key.
 */
public final class ManifestReader {
    static final String API_VERSION =
            ManifestSection.MANIFEST.words("apiVersion").get(0);

    private final Problems problems = new Problems();
    private final Reading reading = new Reading(problems);
    private final ManifestReferences references = new ManifestReferences(reading);

    private ManifestReader() {}

    /**
     * @param file for messages
     * @throws InputException with every reason why this is no manifest that could be released
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
        Optional<Node.Mapping> root = reading.mapping(tree);
        if (root.isEmpty()) {
            problems.throwIfAny();
        }
        var fields = reading.fields(root.orElseThrow(), ManifestSection.MANIFEST);
        apiVersion(fields);
        String service = fields.required("service", "the name of the service, as in service: orders")
                .flatMap(node -> reading.name(node, "service"))
                .orElse("unnamed");
        Map<String, Variable> variables = variables(fields);
        var targets = new TargetReader(reading, references).read(fields);
        var verify = new CheckReader(reading, references, targets).read(fields);
        List<Manifest.Requires> requires = requires(fields, service);
        var manifest = new Manifest(service, variables, targets, verify, requires);
        references.check(manifest);
        problems.throwIfAny();
        return MarkedManifest.of(file, manifest, tree);
    }

    private void apiVersion(Reading.Fields fields) {
        fields.required("apiVersion", "apiVersion: " + API_VERSION)
                .ifPresent(node -> reading.text(node).ifPresent(text -> {
                    if (!text.equals(API_VERSION)) {
                        reading.problem(
                                node.where(),
                                "'" + Reading.shown(text) + "' is not known to this version; write " + API_VERSION);
                    }
                }));
    }

    private Map<String, Variable> variables(Reading.Fields fields) {
        var variables = new LinkedHashMap<String, Variable>();
        fields.optional("variables")
                .flatMap(reading::mapping)
                .ifPresent(map -> map.members().forEach(member -> {
                    String name = member.key();
                    if (!TextPatterns.VARIABLE.matcher(name).matches()) {
                        reading.problem(
                                member.where(),
                                "a variable's name is 1 to 64 letters, digits, _ or -, and starts with a letter or _");
                    } else if (ManifestReferences.BUILT_IN.contains(name)) {
                        reading.problem(
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
            return reading.text(member.value()).map(text -> {
                references.inVariable(name, member.value(), text);
                return new Variable.PerEnvironment(Map.of(Variable.PerEnvironment.ANY, text));
            });
        }
        for (String source : List.of("ssm", "secret")) {
            Node node = map.get(source).orElse(null);
            if (node != null) {
                reading.fields(map, source.equals("ssm") ? ManifestSection.SSM : ManifestSection.SECRET);
                return reading.filled(node).map(text -> {
                    references.inVariable(name, node, text);
                    return source.equals("ssm") ? new Variable.SsmParameter(text) : new Variable.Secret(text);
                });
            }
        }
        var values = new LinkedHashMap<String, String>();
        for (var value : map.members()) {
            boolean known = value.key().equals(Variable.PerEnvironment.ANY)
                    || reading.name(
                                    new Node.Scalar(value.where(), null, value.key(), Node.Type.TEXT, null),
                                    "environment")
                            .isPresent();
            Optional<String> text = reading.text(value.value());
            if (known && text.isPresent()) {
                references.inVariable(name, value.value(), text.get());
                values.put(value.key(), text.get());
            }
        }
        if (map.members().isEmpty()) {
            reading.problem(map.where(), "has no value; write one per environment, as in { dev: a, prod: b }");
        }
        return values.isEmpty() ? Optional.empty() : Optional.of(new Variable.PerEnvironment(values));
    }

    private List<Manifest.Requires> requires(Reading.Fields fields, String self) {
        var all = new ArrayList<Manifest.Requires>();
        var services = new HashSet<String>();
        for (Node item : fields.list("requires")) {
            reading.mapping(item).ifPresent(map -> {
                var one = reading.fields(map, ManifestSection.REQUIRES);
                Optional<String> service =
                        one.required("service", "the name of a service").flatMap(n -> reading.name(n, "service"));
                Optional<String> version =
                        one.required("version", "a range such as \">=2.3 <3\"").flatMap(this::range);
                if (service.isPresent() && version.isPresent()) {
                    if (!services.add(service.get())) {
                        reading.problem(
                                item.where(),
                                "'" + service.get() + "' is required twice; write all bounds into one version");
                    } else if (service.get().equals(self)) {
                        reading.problem(item.where(), "'" + self + "' cannot require itself; remove it");
                    }
                    all.add(new Manifest.Requires(service.get(), version.get()));
                }
            });
        }
        return all;
    }

    private Optional<String> range(Node node) {
        return reading.filled(node).filter(text -> {
            try {
                new VersionRange(text);
                return true;
            } catch (IllegalArgumentException e) {
                reading.problem(node.where(), e.getMessage());
                return false;
            }
        });
    }
}
