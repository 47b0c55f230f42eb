package io.jenkins.plugins.serverlesspromotion.format.input;

import io.jenkins.plugins.serverlesspromotion.format.InputException;
import io.jenkins.plugins.serverlesspromotion.format.SourceLocation;

/**
 * Finds what editors accept in JSON but the format has not: comments of JavaScript and a comma after the last member. A
 * YAML parser would read such a comment as a part of the next key.
 */
final class JsonComments {
    private JsonComments() {}

    /**
     * @param json whether the name of the file ends with {@code .json}; in YAML a comma may end a list
     * @throws InputException naming the line of a comment, or of such a comma
     */
    static void refuse(String file, String text, boolean json) {
        int start = 0;
        while (start < text.length() && Character.isWhitespace(text.charAt(start))) {
            start++;
        }
        if (start == text.length() || "{[/".indexOf(text.charAt(start)) < 0) {
            return;
        }
        boolean quoted = false;
        int line = 1;
        // The last character that is no blank, 0 at the beginning of a line; and the last one of any line.
        char before = 0;
        char token = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\n') {
                line++;
                before = 0;
            } else if (quoted && c == '\\') {
                i++;
            } else if (!quoted && !json && c == '#') {
                // A comment of YAML, with quotes of its own.
                int end = text.indexOf('\n', i);
                i = end < 0 ? text.length() : end - 1;
            } else if (c == '"') {
                quoted = !quoted;
                before = c;
                token = c;
            } else if (!quoted && isComment(text, i) && "\0{[,]}\"".indexOf(before) >= 0) {
                throw new InputException(
                        SourceLocation.of(file).at(line),
                        "has a comment, which JSON has not; remove it, or write the file in YAML, where a comment begins"
                                + " with #");
            } else if (!quoted && !Character.isWhitespace(c)) {
                if (json && token == ',' && (c == '}' || c == ']')) {
                    throw new InputException(
                            SourceLocation.of(file).at(line),
                            "is not JSON: there is a comma before " + c + "; remove the comma");
                }
                before = c;
                token = c;
            }
        }
    }

    private static boolean isComment(String text, int at) {
        return text.startsWith("//", at) || text.startsWith("/*", at);
    }
}
