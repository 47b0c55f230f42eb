package io.jenkins.plugins.serverlesspromotion.format.importers;

import static io.jenkins.plugins.serverlesspromotion.format.importers.NodeQuery.child;
import static io.jenkins.plugins.serverlesspromotion.format.importers.NodeQuery.items;
import static io.jenkins.plugins.serverlesspromotion.format.importers.NodeQuery.text;

import io.jenkins.plugins.serverlesspromotion.format.input.Node;
import io.jenkins.plugins.serverlesspromotion.format.input.NodeWriter;
import java.util.Optional;

/**
 * The keys of {@code release.yaml} for an imported target, which has precedence over the tool.
 *
 * @param manifest null for none
 * @param stack whether the name of the stack is given there, or by the caller
 */
record OwnTarget(Node.Mapping manifest, Node target, boolean stack) {
    static OwnTarget of(Optional<Node.Mapping> manifest, String name, boolean stack) {
        Node target = manifest.stream()
                .flatMap(m -> items(m, "targets").stream())
                .filter(t -> text(t, "name").filter(name::equals).isPresent())
                .findFirst()
                .orElse(null);
        return new OwnTarget(
                manifest.orElse(null),
                target,
                stack || child(target, "cloudformation", "stack").isPresent());
    }

    /** @param part {@code parameters} or {@code tags}, which may be beside {@code cloudformation} or inside it */
    boolean has(String part, String key) {
        return child(target, part, key).isPresent()
                || child(target, "cloudformation", part, key).isPresent();
    }

    boolean isInside(String part) {
        return child(target, "cloudformation", part).isPresent();
    }

    /** All that may change a value of the template's parameters. */
    String values() {
        var text = new StringBuilder();
        for (Node node : new Node[] {
            child(manifest, "variables").orElse(null),
            child(target, "parameters").orElse(null),
            child(target, "cloudformation", "parameters").orElse(null)
        }) {
            text.append(node == null ? "" : new NodeWriter().write(node));
        }
        return text.toString();
    }
}
