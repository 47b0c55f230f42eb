package io.jenkins.plugins.serverlesspromotion.format.policy;

import io.jenkins.plugins.serverlesspromotion.engine.policy.EvidenceKey;
import io.jenkins.plugins.serverlesspromotion.format.input.Node;
import io.jenkins.plugins.serverlesspromotion.format.input.TypedReader;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Reads {@code evidenceKeys} of a policy. */
final class EvidenceKeyCompiler {
    private final TypedReader typedReader;

    EvidenceKeyCompiler(TypedReader typedReader) {
        this.typedReader = typedReader;
    }

    Map<String, EvidenceKey> read(TypedReader.Fields policy) {
        var names = new HashMap<String, String>();
        return PolicyNames.named(typedReader, policy.optional("evidenceKeys"), "evidence key", (name, map) -> {
            var fields = typedReader.fields(map, PolicySection.EVIDENCE_KEY);
            return fields.required("publicKey", "an Ed25519 or ECDSA P-256 public key in PEM or Base64")
                    .flatMap(node -> typedReader.filled(node).flatMap(text -> {
                        Optional<EvidenceKey> key = key(name, node, text);
                        // One key with two names would count as two producers.
                        key.map(k -> names.putIfAbsent(k.publicKey(), name))
                                .ifPresent(other -> typedReader.problem(
                                        node.where(), "is the same key as '" + other + "'; give it one name"));
                        return key;
                    }));
        });
    }

    private Optional<EvidenceKey> key(String name, Node node, String text) {
        try {
            return Optional.of(EvidenceKey.of(name, text));
        } catch (IllegalArgumentException e) {
            typedReader.problem(node.where(), e.getMessage());
            return Optional.empty();
        }
    }
}
