package io.jenkins.plugins.serverlesspromotion.format.manifest;

import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest.StackGuards;
import io.jenkins.plugins.serverlesspromotion.format.input.Node;
import io.jenkins.plugins.serverlesspromotion.format.input.NodeWriter;
import io.jenkins.plugins.serverlesspromotion.format.input.TypedReader;
import java.util.LinkedHashSet;
import java.util.Optional;

/** Reads the guards of a stack: rollback triggers, termination protection, stack policy. */
final class StackGuardsReader {
    /** CloudFormation API Reference, RollbackConfiguration. */
    private static final int MOST_TRIGGERS = 5;

    /** CloudFormation API Reference, SetStackPolicy. */
    private static final int LARGEST_POLICY = 16_384;

    private final TypedReader typedReader;
    private final ManifestReferences references;

    StackGuardsReader(TypedReader typedReader, ManifestReferences references) {
        this.typedReader = typedReader;
        this.references = references;
    }

    /** Null when the stack has none, so that the digest of releases without guards stays the same. */
    StackGuards read(TypedReader.Fields fields, String target) {
        var triggers = new LinkedHashSet<String>();
        fields.optional("rollbackTriggers").ifPresent(node -> {
            typedReader.oneOrMore(node).forEach(item -> {
                references.text(target, item, item.text());
                triggers.add(item.text());
            });
            if (triggers.size() > MOST_TRIGGERS) {
                typedReader.problem(node.where(), "names " + triggers.size() + " alarms; the most is " + MOST_TRIGGERS);
            }
        });
        Optional<Node> minutesNode = fields.optional("monitoringMinutes");
        Optional<Integer> minutes = fields.integer("monitoringMinutes");
        if (minutesNode.isPresent() && triggers.isEmpty()) {
            typedReader.problem(minutesNode.get().where(), "watches nothing; name the alarms under rollbackTriggers");
        }
        Optional<Boolean> protection = fields.bool("terminationProtection");
        Optional<String> policy = fields.optional("stackPolicy").flatMap(this::policy);
        return triggers.isEmpty() && protection.isEmpty() && policy.isEmpty()
                ? null
                : new StackGuards(
                        triggers.stream().toList(), minutes.orElse(null), protection.orElse(null), policy.orElse(null));
    }

    private Optional<String> policy(Node node) {
        if (!(node instanceof Node.Mapping map) || map.get("Statement").isEmpty()) {
            typedReader.problem(
                    node.where(),
                    "must be a policy, as in { Statement: [ { Effect: Allow, Principal: \"*\", Action: \"Update:*\","
                            + " Resource: \"*\" } ] }");
            return Optional.empty();
        }
        String text = new NodeWriter().write(node).strip();
        if (text.length() > LARGEST_POLICY) {
            typedReader.problem(
                    node.where(), "is longer than " + LARGEST_POLICY + " characters, the most that is taken");
            return Optional.empty();
        }
        return Optional.of(text);
    }
}
