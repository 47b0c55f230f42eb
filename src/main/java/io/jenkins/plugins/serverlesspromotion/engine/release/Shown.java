package io.jenkins.plugins.serverlesspromotion.engine.release;

/**
 * Text from outside within a message: on one line and short, so that no input can fill a log, forge a line of it, or turn
 * the direction of what people read.
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

    /** A name that is recorded: the first 200 characters of it, with blanks for what is not plain. */
    public static String recorded(String name) {
        return line(name, LONGEST_NAME, 0, "…", ' ');
    }

    /** A sentence with text from outside in it, such as a library's message: at most 2,000 characters. */
    public static String sentence(String sentence) {
        return line(sentence, LONGEST_SENTENCE, 3, "...", '?');
    }

    /**
     * A text that is recorded: its first {@code longest} characters, and "…" where more followed. It never holds half a
     * character, which the journal refuses; one that was in the text already becomes U+FFFD.
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

    /** @param room taken from the longest for the sign that it was cut */
    private static String line(String text, int longest, int room, String cut, char instead) {
        boolean whole = text.length() <= longest;
        int end = whole ? text.length() : longest - room;
        var line = new StringBuilder(end + cut.length());
        for (int i = 0; i < end; ) {
            int point = text.codePointAt(i);
            i += Character.charCount(point);
            // The two halves of a character stay together: half of one cannot be written to the journal.
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
