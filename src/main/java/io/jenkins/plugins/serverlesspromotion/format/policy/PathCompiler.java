package io.jenkins.plugins.serverlesspromotion.format.policy;

import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy.Path;
import io.jenkins.plugins.serverlesspromotion.format.input.Node;
import io.jenkins.plugins.serverlesspromotion.format.input.Suggestion;
import io.jenkins.plugins.serverlesspromotion.format.input.TypedReader;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads {@code services[].paths} of a policy. */
final class PathCompiler {
    private final TypedReader typedReader;

    PathCompiler(TypedReader typedReader) {
        this.typedReader = typedReader;
    }

    /** @param placed the environments that the service is placed in */
    List<Path> read(String service, TypedReader.Fields fields, Set<String> placed) {
        var others = new ArrayList<String>();
        List<Path> paths = List.copyOf(PolicyNames.named(
                        typedReader,
                        fields.optional("paths"),
                        "path",
                        (name, map) -> Optional.of(path(service, name, map, placed, others)))
                .values());
        fields.optional("paths").ifPresent(node -> {
            if (node instanceof Node.Sequence list && list.items().isEmpty()) {
                typedReader.problem(node.where(), "is empty; name the environments of a path, or leave paths out");
            }
        });
        return paths;
    }

    private Path path(String service, String name, Node.Mapping map, Set<String> placed, List<String> others) {
        var fields = typedReader.fields(map, PolicySection.PATH);
        var branches = new ArrayList<String>();
        fields.optional("branches").ifPresent(node -> {
            typedReader.oneOrMore(node).forEach(item -> branches.add(item.text()));
            if (branches.isEmpty()) {
                typedReader.problem(node.where(), "names no branch; write [ \"hotfix/*\" ], or leave it out");
            }
        });
        if (!fields.has("branches")) {
            others.add(name);
            if (others.size() > 1) {
                typedReader.problem(
                        map.where(),
                        "is a second path without branches, the first is '" + others.get(0)
                                + "'; a release could not determine its path");
            }
        }
        var environments = new LinkedHashSet<String>();
        Optional<Node> list = fields.required("environments", "[ dev, staging, prod ]");
        for (Node.Scalar item : list.map(typedReader::oneOrMore).orElse(List.of())) {
            if (!placed.contains(item.text())) {
                typedReader.problem(
                        item.where(),
                        "service '" + service + "' is not placed in '" + TypedReader.shown(item.text()) + "'"
                                + Suggestion.of(item.text(), placed)
                                        .map(k -> "; did you mean '" + k + "'?")
                                        .orElse(""));
            } else if (!environments.add(item.text())) {
                typedReader.problem(item.where(), "'" + item.text() + "' is on the path twice");
            }
        }
        list.filter(node -> node instanceof Node.Sequence sequence
                        && sequence.items().isEmpty())
                .ifPresent(node -> typedReader.problem(node.where(), "leads nowhere; write [ dev, prod ]"));
        return new Path(name, branches, List.copyOf(environments));
    }
}
