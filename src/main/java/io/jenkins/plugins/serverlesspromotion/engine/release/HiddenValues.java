package io.jenkins.plugins.serverlesspromotion.engine.release;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** Values that must not be shown, and the one rule by which they are found in texts. */
public final class HiddenValues {
    /** A shorter value is only recognized as a whole text: otherwise every "1" would be hidden. */
    public static final int SHORTEST_PART = 6;

    /** What the fingerprint of a value begins with; 64 hexadecimal digits follow. */
    public static final String FINGERPRINT = "hmac-sha256:";

    public static final HiddenValues NONE = new HiddenValues(List.of());

    private static final int DIGITS = 64;

    /** How {@link Shown} marks what it cut. */
    private static final List<String> CUT = List.of("…", "...");

    private final List<String> longestFirst;

    /** What stands in texts for a value, by its first character: longest first, each with its value. */
    private final Map<Character, Map<String, String>> found = new HashMap<>();

    /** Empty and blank values hide nothing. Blanks around a value are not part of the secret. */
    public HiddenValues(Collection<String> values) {
        var all = new LinkedHashSet<String>();
        for (String value : values) {
            // A fingerprint, in a record that was shown and is read again, hides nothing further.
            if (!value.isBlank()
                    && fingerprint(value.strip(), 0) != value.strip().length()) {
                all.add(value);
                all.add(value.strip());
            }
        }
        Comparator<String> order =
                Comparator.comparing(String::length).reversed().thenComparing(Comparator.naturalOrder());
        this.longestFirst = all.stream().sorted(order).toList();
        for (String value : longestFirst) {
            if (value.length() >= SHORTEST_PART) {
                for (String form : forms(value)) {
                    found.computeIfAbsent(form.charAt(0), first -> new TreeMap<>(order))
                            .putIfAbsent(form, value);
                }
            }
        }
    }

    /** What programs make of a value: JSON, JSON as a text in JSON, an address, base64, one line, parts of several lines. */
    private static Set<String> forms(String value) {
        var forms = new LinkedHashSet<String>();
        forms.add(value);
        forms.add(value.replaceAll("\\s+", " ").strip());
        value.lines().map(String::strip).forEach(forms::add);
        for (String text : List.copyOf(forms)) {
            forms.add(coded(escaped(text)));
        }
        for (String text : List.copyOf(forms)) {
            forms.add(escaped(text));
            forms.add(escaped(escaped(text)));
        }
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        forms.add(Base64.getEncoder().withoutPadding().encodeToString(bytes));
        forms.add(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
        String address = URLEncoder.encode(value, StandardCharsets.UTF_8);
        forms.add(address);
        forms.add(address.replace("+", "%20"));
        forms.removeIf(form -> form.length() < SHORTEST_PART);
        return forms;
    }

    /** As writers of JSON have it that is put into HTML. */
    private static String coded(String escaped) {
        return escaped.replace("<", "\\u003c")
                .replace(">", "\\u003e")
                .replace("&", "\\u0026")
                .replace("=", "\\u003d")
                .replace("'", "\\u0027");
    }

    /** As JSON writes it inside of quotes. */
    private static String escaped(String value) {
        return value.replace("\\", "\\\\")
                .replace("\"", "\\\"")
                .replace("\n", "\\n")
                .replace("\r", "\\r")
                .replace("\t", "\\t");
    }

    public boolean isEmpty() {
        return longestFirst.isEmpty();
    }

    public List<String> values() {
        return longestFirst;
    }

    /**
     * {@code text} with every hidden value replaced. Also found where a value was written into JSON, into an address, in
     * base64 or in one line. What was replaced by
     * a fingerprint before stays: replacing twice is replacing once.
     *
     * @param text may be null, and is null again then
     * @param by gives the replacement for a value
     */
    public String replaced(String text, UnaryOperator<String> by) {
        if (text == null || isEmpty()) {
            return text;
        } else if (longestFirst.contains(text)) {
            return by.apply(text);
        }
        var shown = new StringBuilder();
        int at = 0;
        while (at < text.length()) {
            int fingerprint = fingerprint(text, at);
            Map.Entry<String, String> hidden = fingerprint > 0 ? null : at(text, at);
            if (hidden != null) {
                shown.append(by.apply(hidden.getValue()));
                at += hidden.getKey().length();
            } else {
                int length = Math.max(1, fingerprint);
                shown.append(text, at, at + length);
                at += length;
            }
        }
        return shown.toString();
    }

    /**
     * The longest value that begins at {@code at}, with what stands there for it; null: none does. The end of a text that
     * was cut can be the beginning of one.
     */
    private Map.Entry<String, String> at(String text, int at) {
        String rest = CUT.stream()
                .filter(text::endsWith)
                .map(mark -> text.substring(at, Math.max(at, text.length() - mark.length())))
                .filter(end -> end.length() >= SHORTEST_PART)
                .findFirst()
                .orElse(null);
        for (Map.Entry<String, String> form :
                found.getOrDefault(text.charAt(at), Map.of()).entrySet()) {
            if (text.startsWith(form.getKey(), at)) {
                return form;
            }
            if (rest != null && form.getKey().startsWith(rest)) {
                return Map.entry(rest, form.getValue());
            }
        }
        return null;
    }

    /** Length of the fingerprint that begins at {@code at}, 0: none does. */
    private static int fingerprint(String text, int at) {
        int end = at + FINGERPRINT.length() + DIGITS;
        if (end > text.length() || !text.startsWith(FINGERPRINT, at)) {
            return 0;
        }
        for (int i = at + FINGERPRINT.length(); i < end; i++) {
            if ("0123456789abcdef".indexOf(text.charAt(i)) < 0) {
                return 0;
            }
        }
        return end - at;
    }
}
