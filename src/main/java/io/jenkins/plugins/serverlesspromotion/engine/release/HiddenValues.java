package io.jenkins.plugins.serverlesspromotion.engine.release;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/** The values that must not be shown, and the one rule that finds them in texts. */
public final class HiddenValues {
    /** A shorter value is recognized only as a whole text: otherwise every "1" would be hidden. */
    public static final int SHORTEST_PART = HiddenForm.SHORTEST;

    /** The prefix of a value's fingerprint; 64 hexadecimal digits follow. */
    public static final String FINGERPRINT = "hmac-sha256:";

    public static final HiddenValues NONE = new HiddenValues(List.of());

    private static final int DIGITS = 64;

    private final List<String> longestFirst;

    /** The forms of the values in texts, by their first character: longest value first. */
    private final Map<Integer, List<HiddenForm>> found = new HashMap<>();

    /** Empty and blank values are not hidden. Blanks around a value are not part of the secret. */
    public HiddenValues(Collection<String> values) {
        var all = new LinkedHashSet<String>();
        for (String value : values) {
            // A fingerprint, in a record that was shown and is read again, needs no further hiding.
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
                HiddenForm.of(value)
                        .forEach(form -> found.computeIfAbsent(form.first(), first -> new ArrayList<>())
                                .add(form));
            }
        }
    }

    public boolean isEmpty() {
        return longestFirst.isEmpty();
    }

    public List<String> values() {
        return longestFirst;
    }

    /**
     * {@code text} with every hidden value replaced. This includes values in JSON, HTML or a URL, in base64, in
     * hexadecimal digits, in one line or in the other case. Existing fingerprints stay: replacing twice gives the same
     * as replacing once.
     *
     * @param text may be null; then the result is null
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
            Hidden hidden = fingerprint > 0 ? null : at(text, at);
            if (hidden != null) {
                shown.append(by.apply(hidden.value()));
                at = hidden.end();
            } else {
                int length = Math.max(Character.charCount(text.codePointAt(at)), fingerprint);
                shown.append(text, at, at + length);
                at += length;
            }
        }
        return shown.toString();
    }

    /** @param end of the value's form */
    private record Hidden(String value, int end) {}

    /** The longest form that begins at {@code at}; null when none does. */
    private Hidden at(String text, int at) {
        Hidden longest = null;
        for (int first : firsts(text, at)) {
            for (HiddenForm form : found.getOrDefault(first, List.of())) {
                int end = form.end(text, at);
                if (end > at && (longest == null || end > longest.end())) {
                    longest = new Hidden(form.value(), end);
                }
            }
        }
        return longest;
    }

    /** Most characters stand for themselves and begin no form. */
    private static Set<Integer> firsts(String text, int at) {
        char c = text.charAt(at);
        return c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z'
                ? Set.of(HiddenForm.folded(c))
                : HiddenForm.firsts(text, at);
    }

    /** Length of the fingerprint that begins at {@code at}; 0 when none does. */
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
