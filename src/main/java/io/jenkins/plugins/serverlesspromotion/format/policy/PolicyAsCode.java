package io.jenkins.plugins.serverlesspromotion.format.policy;

import io.jenkins.plugins.serverlesspromotion.format.InputException;
import io.jenkins.plugins.serverlesspromotion.format.input.Node;
import java.util.Set;

/** Extracts the policy from a file of Jenkins' Configuration as Code. */
public final class PolicyAsCode {
    private static final String UNCLASSIFIED = "unclassified";
    private static final String OURS = "serverlessPromotion";

    /** Configuration of a controller that is not part of the policy. */
    private static final Set<String> BESIDE = Set.of("settings", "notifications");

    private PolicyAsCode() {}

    /**
     * The policy in such a file, in its usual form: without other configuration of the controller, and without the
     * escape character for dollars. Any other tree is returned unchanged.
     *
     * @throws InputException when it is such a file and contains no policy
     */
    public static Node unwrapped(Node tree) {
        if (tree instanceof Node.Mapping map && map.get(UNCLASSIFIED).isPresent()) {
            Node unclassified = map.get(UNCLASSIFIED).orElseThrow();
            if (unclassified instanceof Node.Mapping inner && inner.get(OURS).isPresent()) {
                return plain(inner.get(OURS).orElseThrow(), true);
            }
            throw new InputException(unclassified.where(), "holds no " + OURS);
        }
        return tree;
    }

    private static Node plain(Node node, boolean top) {
        if (node instanceof Node.Scalar scalar) {
            String text = scalar.text().replace("^${", "${");
            return new Node.Scalar(scalar.where(), scalar.tag(), text, scalar.type(), scalar.span());
        } else if (node instanceof Node.Sequence list) {
            return new Node.Sequence(
                    list.where(),
                    list.tag(),
                    list.items().stream().map(item -> plain(item, false)).toList());
        } else if (node instanceof Node.Mapping map) {
            return new Node.Mapping(
                    map.where(),
                    map.tag(),
                    map.members().stream()
                            .filter(m -> !(top && BESIDE.contains(m.key())))
                            .map(m -> new Node.Member(m.key(), m.where(), plain(m.value(), false)))
                            .toList());
        }
        return node;
    }
}
