package io.jenkins.plugins.serverlesspromotion.engine.audit;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** The rules of C2SP signed-note for texts, names of keys and Base64. */
final class NoteSyntax {
    private NoteSyntax() {}

    /** A key's name: not empty, without white space, control characters and plus. */
    static boolean isName(String name) {
        return !name.isEmpty()
                && isText(name)
                && name.codePoints().noneMatch(c -> c == '+' || Character.isWhitespace(c) || Character.isSpaceChar(c));
    }

    /** Whether UTF-8 can encode it and it has no control character but the line feed. */
    static boolean isText(String text) {
        return StandardCharsets.UTF_8.newEncoder().canEncode(text)
                && text.chars().noneMatch(c -> c < 0x20 && c != '\n');
    }

    /** The bytes, or null unless {@code text} is their only Base64 form: a changed padding bit must be detected. */
    static byte[] base64(String text) {
        try {
            byte[] bytes = Base64.getDecoder().decode(text);
            return Base64.getEncoder().encodeToString(bytes).equals(text) ? bytes : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
