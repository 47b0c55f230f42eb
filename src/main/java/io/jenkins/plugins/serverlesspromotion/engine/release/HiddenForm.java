package io.jenkins.plugins.serverlesspromotion.engine.release;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * One form of a value that must not be shown, compared character by character. A program that writes a text into JSON,
 * HTML, XML or a URL chooses an encoding for each character. So a list of whole texts is never complete.
 */
final class HiddenForm {
    /** Length in characters of the shortest value that is recognized within a text. */
    static final int SHORTEST = 6;

    /** Stands for any number of blanks and line ends, at least one. */
    private static final int BLANK = ' ';

    /** No encoding of a character is longer, except for repeated markers of nested encodings. */
    private static final int LONGEST_CODE = 12;

    /** Limit of characters that mark a nested encoding; more would take time, and no program writes them. */
    private static final int DEEPEST = 16;

    /** The marker of {@link Shown} for cut text. */
    private static final List<String> CUT = List.of("…", "...");

    private final String value;
    private final int[] characters;

    /** Whether it is base64, which is case-sensitive; otherwise case is ignored. */
    private final boolean exact;

    /** Whether line breaks may be anywhere in it. */
    private final boolean broken;

    private HiddenForm(String value, String text, boolean exact, boolean broken) {
        this.value = value;
        this.exact = exact;
        this.broken = broken;
        this.characters = text.replaceAll("\\s+", " ")
                .codePoints()
                .map(c -> exact ? c : folded(c))
                .toArray();
    }

    /**
     * The forms of a value: the text, each of its lines, its base64 form, also within a longer one, and hexadecimal
     * digits.
     */
    static List<HiddenForm> of(String value) {
        Set<String> texts = new LinkedHashSet<>();
        texts.add(value);
        value.lines().map(String::strip).forEach(texts::add);
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        var forms = new ArrayList<HiddenForm>();
        texts.forEach(text -> forms.add(new HiddenForm(value, text, false, false)));
        forms.add(new HiddenForm(value, HexFormat.of().formatHex(bytes), false, true));
        base64(bytes).forEach(text -> forms.add(new HiddenForm(value, text, true, true)));
        // Blanks before a value are not part of the secret, and would match everywhere.
        forms.removeIf(form -> form.characters.length < SHORTEST || form.characters[0] == BLANK);
        return forms;
    }

    /**
     * Three bytes become four characters, so the offset of the value matters: its outer characters mix with its
     * neighbours.
     */
    private static Set<String> base64(byte[] bytes) {
        Set<String> all = new LinkedHashSet<>();
        for (Base64.Encoder encoder : List.of(Base64.getEncoder(), Base64.getUrlEncoder())) {
            all.add(encoder.withoutPadding().encodeToString(bytes));
            for (int before = 0; before < 3; before++) {
                byte[] longer = new byte[before + bytes.length];
                System.arraycopy(bytes, 0, longer, before, bytes.length);
                String text = encoder.withoutPadding().encodeToString(longer);
                int mixed = longer.length % 3 == 0 ? 0 : 1;
                all.add(text.substring(before == 0 ? 0 : before + 1, text.length() - mixed));
            }
        }
        return all;
    }

    String value() {
        return value;
    }

    /** The characters by which {@link #firsts} finds it. */
    int first() {
        return folded(characters[0]);
    }

    /** Every character that may be at {@code at}, for {@link #first}. */
    static Set<Integer> firsts(String text, int at) {
        var firsts = new TreeSet<Integer>();
        units(text, at).forEach(u -> firsts.add(u.isBlank() ? BLANK : folded(u.character())));
        return firsts;
    }

    /**
     * The end of this form when it begins at {@code at}; -1 when it does not begin there. The text may be cut within
     * the form, also a text that was put into another text.
     */
    int end(String text, int at) {
        Set<Integer> ends = Set.of(at);
        int cut = -1;
        for (int i = 0; i < characters.length && !ends.isEmpty(); i++) {
            if (i >= SHORTEST) {
                cut = Math.max(cut, cut(text, ends));
            }
            ends = next(text, i > 0 && broken ? withBlanks(text, ends) : ends, characters[i]);
        }
        return ends.stream().max(Integer::compare).orElse(cut);
    }

    /** The place where the text was cut, at one of these places or in an encoding that begins there; -1: not cut. */
    private static int cut(String text, Set<Integer> places) {
        for (int place : places) {
            int last = place < text.length() && "\\%&".indexOf(text.charAt(place)) >= 0 ? place + LONGEST_CODE : place;
            for (int end = place; end <= last; end++) {
                int mark = end;
                if (CUT.stream().anyMatch(c -> text.startsWith(c, mark))) {
                    return end;
                }
            }
        }
        return -1;
    }

    private Set<Integer> next(String text, Set<Integer> from, int wanted) {
        var next = new TreeSet<Integer>();
        for (int at : from) {
            for (Unit unit : units(text, at)) {
                if (wanted == BLANK
                        ? unit.isBlank()
                        : (exact ? unit.character() : folded(unit.character())) == wanted) {
                    next.add(unit.end());
                }
            }
        }
        return wanted == BLANK ? withBlanks(text, next) : next;
    }

    private static Set<Integer> withBlanks(String text, Set<Integer> from) {
        var all = new TreeSet<>(from);
        var open = new ArrayList<>(from);
        while (!open.isEmpty()) {
            for (Unit unit : units(text, open.remove(open.size() - 1))) {
                if (unit.isBlank() && all.add(unit.end())) {
                    open.add(unit.end());
                }
            }
        }
        return all;
    }

    static int folded(int character) {
        return Character.toLowerCase(Character.toUpperCase(character));
    }

    /** One character in a text, perhaps encoded, and its end. */
    private record Unit(int character, int end) {
        boolean isBlank() {
            return Character.isWhitespace(character) || Character.isSpaceChar(character);
        }
    }

    /** The possible meanings of the text at {@code at}. */
    private static List<Unit> units(String text, int at) {
        if (at >= text.length()) {
            return List.of();
        }
        int point = text.codePointAt(at);
        var units = new ArrayList<Unit>(2);
        units.add(new Unit(point, at + Character.charCount(point)));
        switch (point) {
            case '+' -> units.add(new Unit(' ', at + 1));
            case '\\' -> backslashes(text, at, units);
            case '%' -> percent(text, at, units);
            case '&' -> entity(text, at, units);
            default -> {}
        }
        return units;
    }

    /** JSON, and JSON as a text in JSON, which doubles the backslashes. */
    private static void backslashes(String text, int at, List<Unit> units) {
        int end = at;
        while (end < text.length() && end - at < DEEPEST && text.charAt(end) == '\\') {
            end++;
        }
        for (int doubled = 2; doubled <= end - at; doubled *= 2) {
            units.add(new Unit('\\', at + doubled));
        }
        if (end == text.length()) {
            return;
        }
        char code = text.charAt(end);
        int control = "nrtbf".indexOf(code);
        if (control >= 0) {
            units.add(new Unit("\n\r\t\b\f".charAt(control), end + 1));
        } else if ("\"'/".indexOf(code) >= 0) {
            units.add(new Unit(code, end + 1));
        } else if (code == 'u') {
            int high = hex(text, end + 1, 4);
            int next = end + 5;
            int low = next + (end - at) < text.length() && text.startsWith(text.substring(at, end + 1), next)
                    ? hex(text, next + (end - at) + 1, 4)
                    : -1;
            if (high >= 0 && low >= 0 && Character.isSurrogatePair((char) high, (char) low)) {
                units.add(new Unit(Character.toCodePoint((char) high, (char) low), next + (end - at) + 5));
            } else if (high >= 0) {
                units.add(new Unit(high, next));
            }
        }
    }

    /** A URL, and a URL inside a URL. */
    private static void percent(String text, int at, List<Unit> units) {
        // A percent sign of the value itself, also in a URL inside a URL: two digits may follow it there.
        for (int next = at + 1; next - at < DEEPEST && text.startsWith("25", next); next += 2) {
            units.add(new Unit('%', next + 2));
        }
        int[] end = {at};
        int first = octet(text, end);
        int more = first < 0x80 ? 0 : first < 0xc0 ? -1 : first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;
        if (first < 0 || more < 0) {
            return;
        }
        int point = more == 0 ? first : first & 0x3f >> more;
        for (int i = 0; i < more; i++) {
            int octet = octet(text, end);
            if (octet < 0x80 || octet > 0xbf) {
                return;
            }
            point = point << 6 | octet & 0x3f;
        }
        units.add(new Unit(point, end[0]));
    }

    /** @param at of the percent sign, afterwards of the next character; the result is -1 where there is no encoding */
    private static int octet(String text, int[] at) {
        if (at[0] >= text.length() || text.charAt(at[0]) != '%') {
            return -1;
        }
        int digits = at[0] + 1;
        while (digits - at[0] < DEEPEST && text.startsWith("25", digits) && hex(text, digits + 2, 2) >= 0) {
            digits += 2;
        }
        int octet = hex(text, digits, 2);
        at[0] = digits + 2;
        return octet;
    }

    /** HTML and XML, also encoded twice. */
    private static void entity(String text, int at, List<Unit> units) {
        int name = at + 1;
        while (name - at < DEEPEST && text.startsWith("amp;", name)) {
            name += 4;
            units.add(new Unit('&', name));
        }
        String rest = text.substring(name, Math.min(text.length(), name + LONGEST_CODE));
        int length = rest.indexOf(';');
        if (length < 0) {
            return;
        }
        String code = rest.substring(0, length);
        int point =
                switch (code) {
                    case "lt" -> '<';
                    case "gt" -> '>';
                    case "quot" -> '"';
                    case "apos" -> '\'';
                    case "nbsp" -> ' ';
                    default -> number(code);
                };
        if (Character.isValidCodePoint(point)) {
            units.add(new Unit(point, name + length + 1));
        }
    }

    private static int number(String code) {
        boolean hex = code.startsWith("#x") || code.startsWith("#X");
        try {
            return code.startsWith("#") ? Integer.parseInt(code.substring(hex ? 2 : 1), hex ? 16 : 10) : -1;
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    /** -1: there are no such digits. */
    private static int hex(String text, int from, int count) {
        if (from + count > text.length()) {
            return -1;
        }
        int number = 0;
        for (int i = from; i < from + count; i++) {
            int digit = text.charAt(i) < 0x80 ? Character.digit(text.charAt(i), 16) : -1;
            if (digit < 0) {
                return -1;
            }
            number = number << 4 | digit;
        }
        return number;
    }
}
