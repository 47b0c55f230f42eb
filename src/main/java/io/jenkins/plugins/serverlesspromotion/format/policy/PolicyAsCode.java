package io.jenkins.plugins.serverlesspromotion.format.policy;

import io.jenkins.plugins.serverlesspromotion.format.InputException;
import io.jenkins.plugins.serverlesspromotion.format.input.Node;
import io.jenkins.plugins.serverlesspromotion.format.input.Problems;
import io.jenkins.plugins.serverlesspromotion.format.input.TypedReader;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Extracts the policy from a file of Jenkins' Configuration as Code. */
public final class PolicyAsCode {
    private static final String UNCLASSIFIED = "unclassified";
    private static final String OURS = "serverlessPromotion";

    /** Configuration of a controller that is not part of the policy. */
    private static final Set<String> BESIDE = Set.of("settings", "notifications");

    /** What policies refer to. Configuration as Code has no variables of these names of its own. */
    private static final Set<String> REFERENCES =
            Set.of("service", "environment", "account", "accountId", "region", "partition", "version");

    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([^{}]*)}");

    /** The name of an environment variable, a reading of a file, or a variable with a default. */
    private static final Pattern OF_JENKINS = Pattern.compile("[A-Z][A-Z0-9_]*|[^:]*:.*");

    private PolicyAsCode() {}

    /**
     * The policy in such a file, in its usual form: without other configuration of the controller, and without the
     * escape character for dollars. Any other tree is returned unchanged.
     *
     * @param problems gets every reference that Configuration as Code would replace before the policy is read, and every
     *     escape character in a file that it does not read
     * @throws InputException when it is such a file and contains no policy
     */
    public static Node unwrapped(Node tree, Problems problems) {
        if (tree instanceof Node.Mapping map && map.get(UNCLASSIFIED).isPresent()) {
            Node unclassified = map.get(UNCLASSIFIED).orElseThrow();
            if (unclassified instanceof Node.Mapping inner && inner.get(OURS).isPresent()) {
                return plain(inner.get(OURS).orElseThrow(), true, problems);
            }
            throw new InputException(unclassified.where(), "holds no " + OURS);
        }
        if (tree.where().file() != null) {
            escaped(tree, problems);
        }
        return tree;
    }

    private static Node plain(Node node, boolean top, Problems problems) {
        if (node instanceof Node.Scalar scalar) {
            replaced(scalar, problems);
            String text = scalar.text().replace("^${", "${");
            return new Node.Scalar(scalar.where(), scalar.tag(), text, scalar.type(), scalar.span());
        } else if (node instanceof Node.Sequence list) {
            return new Node.Sequence(
                    list.where(),
                    list.tag(),
                    list.items().stream()
                            .map(item -> plain(item, false, problems))
                            .toList());
        } else if (node instanceof Node.Mapping map) {
            return new Node.Mapping(
                    map.where(),
                    map.tag(),
                    map.members().stream()
                            .filter(m -> !(top && BESIDE.contains(m.key())))
                            .map(m -> new Node.Member(m.key(), m.where(), plain(m.value(), false, problems)))
                            .toList());
        }
        return node;
    }

    private static void replaced(Node.Scalar scalar, Problems problems) {
        Matcher variable = VARIABLE.matcher(scalar.text());
        while (variable.find()) {
            String name = variable.group(1).strip();
            // Two carets are one caret before a variable.
            boolean kept = carets(scalar.text(), variable.start()) % 2 != 0;
            if (!kept && (REFERENCES.contains(name) || !OF_JENKINS.matcher(name).matches())) {
                String shown = "${" + TypedReader.shown(name) + "}";
                problems.add(
                        scalar.where(),
                        "has " + shown + ", which Configuration as Code replaces by a variable of its own before the"
                                + " policy is read; write ^" + shown);
            }
        }
    }

    private static int carets(String text, int before) {
        int at = before;
        while (at > 0 && text.charAt(at - 1) == '^') {
            at--;
        }
        return before - at;
    }

    private static void escaped(Node node, Problems problems) {
        if (node instanceof Node.Scalar scalar) {
            Matcher variable = VARIABLE.matcher(scalar.text());
            while (variable.find()) {
                String name = variable.group(1).strip();
                if (carets(scalar.text(), variable.start()) > 0 && REFERENCES.contains(name)) {
                    problems.add(
                            scalar.where(),
                            "has ^${" + name + "}; the ^ belongs only into Configuration as Code, below unclassified."
                                    + OURS + ": remove it here");
                }
            }
        } else if (node instanceof Node.Sequence list) {
            list.items().forEach(item -> escaped(item, problems));
        } else if (node instanceof Node.Mapping map) {
            map.members().forEach(member -> escaped(member.value(), problems));
        }
    }
}
