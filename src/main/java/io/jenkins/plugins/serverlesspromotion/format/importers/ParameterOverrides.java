package io.jenkins.plugins.serverlesspromotion.format.importers;

import io.jenkins.plugins.serverlesspromotion.format.input.Node;
import io.jenkins.plugins.serverlesspromotion.format.input.Problems;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Reads {@code parameter_overrides} and {@code tags} of {@code samconfig}, which are texts, lists or tables ({@code
 * CfnParameterOverridesType} and {@code CfnTags} of aws-sam-cli, samcli/cli/types.py): {@code Key=Value Other="a b"} and
 * {@code ParameterKey=Key,ParameterValue=Value}.
 */
final class ParameterOverrides {
    private static final String KEY = "ParameterKey=";
    private static final String VALUE = ",ParameterValue=";
    private static final String FORM = "; write Key=Value, or a table of keys and values";

    private final Problems problems;
    private final Map<String, String> values = new TreeMap<>();

    private ParameterOverrides(Problems problems) {
        this.problems = problems;
    }

    static Map<String, String> read(Node node, Problems problems) {
        var overrides = new ParameterOverrides(problems);
        overrides.take(node);
        return overrides.values;
    }

    private void take(Node node) {
        if (node instanceof Node.Sequence list) {
            list.items().forEach(this::take);
        } else if (node instanceof Node.Mapping table) {
            table.members().forEach(this::member);
        } else if (node instanceof Node.Scalar scalar && !scalar.isNull()) {
            words(scalar);
        }
    }

    private void member(Node.Member member) {
        if (member.key().equals("$include")) {
            elsewhere(member.value());
        } else if (member.value() instanceof Node.Scalar scalar) {
            values.put(member.key(), scalar.text());
        } else if (member.value() instanceof Node.Sequence list
                && list.items().stream().allMatch(Node.Scalar.class::isInstance)) {
            values.put(
                    member.key(),
                    list.items().stream()
                            .map(item -> ((Node.Scalar) item).text().strip())
                            .filter(text -> !text.isEmpty())
                            .collect(Collectors.joining(",")));
        } else {
            problems.add(member.where(), "must be a text or a list of texts");
        }
    }

    private void elsewhere(Node node) {
        problems.add(node.where(), "names another file, which is not read; write the values here, or in release.yaml");
    }

    private void words(Node.Scalar scalar) {
        if (scalar.text().startsWith("file://")) {
            elsewhere(scalar);
            return;
        }
        for (String word : split(scalar.text())) {
            int value = word.indexOf(VALUE);
            int equals = word.indexOf('=');
            if (word.startsWith(KEY) && value > 0) {
                put(word.substring(KEY.length(), value), word.substring(value + VALUE.length()));
            } else if (equals > 0) {
                put(word.substring(0, equals), word.substring(equals + 1));
            } else {
                problems.add(scalar.where(), "holds '" + word + "', which is no key with a value" + FORM);
            }
        }
    }

    private void put(String key, String value) {
        values.put(unquoted(key), unquoted(value));
    }

    /** At blanks outside of quotes; a backslash takes the meaning from the next character. */
    private static List<String> split(String text) {
        var words = new ArrayList<String>();
        var word = new StringBuilder();
        char quote = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && i + 1 < text.length()) {
                word.append(c).append(text.charAt(++i));
            } else if (quote == 0 && Character.isWhitespace(c)) {
                flush(word, words);
            } else {
                quote = quote == c ? 0 : quote == 0 && (c == '"' || c == '\'') ? c : quote;
                word.append(c);
            }
        }
        flush(word, words);
        return words;
    }

    private static void flush(StringBuilder word, List<String> words) {
        if (word.length() > 0) {
            words.add(word.toString());
            word.setLength(0);
        }
    }

    private static String unquoted(String text) {
        boolean quoted = text.length() > 1
                && (text.charAt(0) == '"' || text.charAt(0) == '\'')
                && text.charAt(text.length() - 1) == text.charAt(0);
        return (quoted ? text.substring(1, text.length() - 1) : text)
                .replace("\\ ", " ")
                .replace("\\\"", "\"")
                .replace("\\'", "'");
    }
}
