package io.jenkins.plugins.serverlesspromotion.format.manifest;

import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest;
import io.jenkins.plugins.serverlesspromotion.format.SourceLocation;
import io.jenkins.plugins.serverlesspromotion.format.input.Node;
import java.util.HashMap;
import java.util.Map;

/**
 * A manifest with the places of its values in the file.
 *
 * @param file the name that the reader got
 */
public record MarkedManifest(String file, Manifest manifest, Map<String, SourceLocation> places) {
    public MarkedManifest {
        places = Map.copyOf(places);
    }

    static MarkedManifest of(String file, Manifest manifest, Node tree) {
        var places = new HashMap<String, SourceLocation>();
        collect(tree, places);
        return new MarkedManifest(file, manifest, places);
    }

    private static void collect(Node node, Map<String, SourceLocation> places) {
        places.putIfAbsent(node.where().path(), node.where());
        if (node instanceof Node.Mapping mapping) {
            mapping.members().forEach(m -> collect(m.value(), places));
        } else if (node instanceof Node.Sequence list) {
            list.items().forEach(item -> collect(item, places));
        }
    }

    /** The place of a path such as {@code targets[api].cloudformation.template}; without a line when there is none. */
    public SourceLocation where(String path) {
        return places.getOrDefault(path, new SourceLocation(file, 0, path));
    }

    /** The place of a parameter's value: parameters are beside {@code cloudformation} or inside it. */
    SourceLocation parameter(Manifest.CloudFormation target, String name) {
        return first(
                "targets[" + target.name() + "].parameters." + name,
                "targets[" + target.name() + "].cloudformation.parameters." + name);
    }

    /** The place of all parameters of a target; of the target itself when it has none. */
    SourceLocation parameters(Manifest.CloudFormation target) {
        return first(
                "targets[" + target.name() + "].parameters",
                "targets[" + target.name() + "].cloudformation.parameters",
                "targets[" + target.name() + "]");
    }

    /** The first of these paths that is in the file. */
    private SourceLocation first(String... paths) {
        for (String path : paths) {
            if (where(path).line() > 0) {
                return where(path);
            }
        }
        return where(paths[0]);
    }
}
