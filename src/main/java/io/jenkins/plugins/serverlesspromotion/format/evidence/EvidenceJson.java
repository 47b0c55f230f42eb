package io.jenkins.plugins.serverlesspromotion.format.evidence;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.serverlesspromotion.format.json.Json;
import io.jenkins.plugins.serverlesspromotion.format.json.Utf8;

/** Reads the JSON of signed evidence: envelopes and statements. */
final class EvidenceJson {
    private EvidenceJson() {}

    /**
     * @param what for messages
     * @throws IllegalArgumentException when it is not a JSON object
     */
    static JsonNode object(byte[] bytes, String what) {
        try {
            JsonNode root = Json.mapper().readTree(Utf8.decode(bytes));
            if (root == null || !root.isObject()) {
                throw new IllegalArgumentException(what + " is not a JSON object");
            }
            return root;
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(what + " is not JSON: " + Json.problem(e), e);
        }
    }

    /**
     * @param key for messages
     * @throws IllegalArgumentException when it is not a text, or is empty
     */
    static String text(JsonNode node, String key) {
        if (!node.isTextual() || node.textValue().isEmpty()) {
            throw new IllegalArgumentException("'" + key + "' must be text");
        }
        return node.textValue();
    }
}
