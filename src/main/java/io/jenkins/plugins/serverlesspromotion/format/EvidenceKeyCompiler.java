package io.jenkins.plugins.serverlesspromotion.format;

import io.jenkins.plugins.serverlesspromotion.engine.policy.EvidenceKey;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Reads {@code evidenceKeys} of a policy. */
final class EvidenceKeyCompiler {
    private final Reading reading;

    EvidenceKeyCompiler(Reading reading) {
        this.reading = reading;
    }

    Map<String, EvidenceKey> read(Reading.Fields policy) {
        var names = new HashMap<String, String>();
        return PolicyNames.named(reading, policy.optional("evidenceKeys"), "evidence key", (name, map) -> {
            var fields = reading.fields(map, PolicySection.EVIDENCE_KEY);
            return fields.required("publicKey", "an Ed25519 or ECDSA P-256 public key in PEM or Base64")
                    .flatMap(node -> reading.filled(node).flatMap(text -> {
                        Optional<EvidenceKey> key = key(name, node, text);
                        // One key with two names would be two producers where there is one.
                        key.map(k -> names.putIfAbsent(k.publicKey(), name))
                                .ifPresent(other -> reading.problem(
                                        node.where(), "is the same key as '" + other + "'; give it one name"));
                        return key;
                    }));
        });
    }

    private Optional<EvidenceKey> key(String name, Node node, String text) {
        try {
            return Optional.of(EvidenceKey.of(name, text));
        } catch (IllegalArgumentException e) {
            reading.problem(node.where(), e.getMessage());
            return Optional.empty();
        }
    }
}
