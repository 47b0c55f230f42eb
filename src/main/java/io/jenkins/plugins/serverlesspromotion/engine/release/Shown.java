package io.jenkins.plugins.serverlesspromotion.engine.release;

/**
 * Makes text from outside safe for a message: on one line and short. So no input can fill a log, forge a log line, or
 * reverse the reading direction.
 */
public final class Shown {
    private static final int LONGEST_TEXT = 80;
    private static final int LONGEST_SENTENCE = 2_000;
    private static final int LONGEST_NAME = 200;

    /** Unicode's replacement character. */
    private static final char UNKNOWN = '\uFFFD';

    private Shown() {}

    /** A name or value: at most 80 characters. */
    public static String text(String text) {
        return line(text, LONGEST_TEXT, 3, "...", '?');
    }

    /** A name that is recorded: its first 200 characters, with blanks in place of special characters. */
    public static String recorded(String name) {
        return line(name, LONGEST_NAME, 0, "…", ' ');
    }

    /** A sentence with text from outside in it, such as a library's message: at most 2,000 characters. */
    public static String sentence(String sentence) {
        return line(sentence, LONGEST_SENTENCE, 3, "...", '?');
    }

    /**
     * A text that is recorded: its first {@code longest} characters, and "…" where more followed. It never contains
     * half a surrogate pair, which the journal refuses. One that is in the text already becomes U+FFFD.
     */
    public static String cut(String text, int longest) {
        boolean whole = text.length() <= longest;
        var kept = new StringBuilder(whole ? text.length() : longest + 1);
        for (int i = 0; i < Math.min(text.length(), longest); ) {
            int point = text.codePointAt(i);
            i += Character.charCount(point);
            if (i <= longest) {
                kept.appendCodePoint(Character.getType(point) == Character.SURROGATE ? UNKNOWN : point);
            }
        }
        return whole ? kept.toString() : kept.append('…').toString();
    }

    /** @param room subtracted from the longest, for the marker of cut text */
    private static String line(String text, int longest, int room, String cut, char instead) {
        boolean whole = text.length() <= longest;
        int end = whole ? text.length() : longest - room;
        var line = new StringBuilder(end + cut.length());
        for (int i = 0; i < end; ) {
            int point = text.codePointAt(i);
            i += Character.charCount(point);
            // A surrogate pair stays together: half of it cannot be written to the journal.
            if (i <= end) {
                line.appendCodePoint(isPlain(point) ? point : instead);
            }
        }
        return whole ? line.toString() : line + cut;
    }

    private static boolean isPlain(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }
}
