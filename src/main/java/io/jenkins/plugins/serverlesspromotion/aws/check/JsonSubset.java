package io.jenkins.plugins.serverlesspromotion.aws.check;

import io.jenkins.plugins.serverlesspromotion.engine.release.Shown;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.Optional;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.protocols.jsoncore.JsonNode;

/**
 * Checks whether a response contains the expected JSON: of an object every named member, of an array exactly the items
 * in order, of anything else the same value. {@code 1.0} is {@code 1}.
 */
final class JsonSubset {
    private static final int SHOWN = 80;

    private final UnaryOperator<String> resolve;

    /** @param resolve fills in the references of an expected text */
    JsonSubset(UnaryOperator<String> resolve) {
        this.resolve = resolve;
    }

    /** What the response lacks, as the rest of a sentence; empty when nothing. */
    Optional<String> missing(String expected, String answer) {
        Optional<JsonNode> actual = parse(answer);
        return actual.isEmpty()
                ? Optional.of("with something that is not JSON")
                : Optional.ofNullable(difference("", JsonNode.parser().parse(expected), actual.get()));
    }

    static Optional<JsonNode> parse(String json) {
        try {
            return Optional.ofNullable(JsonNode.parser().parse(json));
        } catch (UncheckedIOException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private String difference(String path, JsonNode expected, JsonNode actual) {
        if (expected.isObject()) {
            return object(path, expected, actual);
        }
        if (expected.isArray()) {
            return array(path, expected, actual);
        }
        boolean same;
        if (expected.isString()) {
            String text = resolve.apply(expected.asString());
            // The value of a reference has no type: ${count} may be a number in the response.
            same = actual.isString()
                    ? text.equals(actual.asString())
                    : expected.asString().contains("${") && text.equals(actual.text());
            return same ? null : instead(path, actual, "\"" + text + "\"");
        }
        same = expected.isNumber()
                ? actual.isNumber()
                        && new BigDecimal(expected.asNumber()).compareTo(new BigDecimal(actual.asNumber())) == 0
                : expected.equals(actual);
        return same ? null : instead(path, actual, expected.isNull() ? "null" : expected.text());
    }

    private String object(String path, JsonNode expected, JsonNode actual) {
        if (!actual.isObject()) {
            return instead(path, actual, "an object");
        }
        for (var member : expected.asObject().entrySet()) {
            String at = path + "." + member.getKey();
            JsonNode there = actual.asObject().get(member.getKey());
            String difference = there == null ? "without " + at.substring(1) : difference(at, member.getValue(), there);
            if (difference != null) {
                return difference;
            }
        }
        return null;
    }

    private String array(String path, JsonNode expected, JsonNode actual) {
        if (!actual.isArray() || actual.asArray().size() != expected.asArray().size()) {
            return instead(path, actual, "a list of " + expected.asArray().size());
        }
        for (int i = 0; i < expected.asArray().size(); i++) {
            String difference = difference(
                    path + "[" + i + "]",
                    expected.asArray().get(i),
                    actual.asArray().get(i));
            if (difference != null) {
                return difference;
            }
        }
        return null;
    }

    private static String instead(String path, JsonNode actual, String expected) {
        String found = actual.isNull()
                ? "null"
                : actual.isString()
                        ? "\"" + actual.asString() + "\""
                        : actual.isObject() ? "an object" : actual.isArray() ? "a list" : actual.text();
        String name = path.isEmpty() ? "" : (path.startsWith(".") ? path.substring(1) : path) + " ";
        return "with " + name + shown(found) + " instead of " + shown(expected);
    }

    private static String shown(String text) {
        return Shown.cut(text, SHOWN);
    }
}
