package io.jenkins.plugins.serverlesspromotion.engine.audit;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A text with signatures, as C2SP signed-note and golang.org/x/mod/sumdb/note write it.
 *
 * @param text ends with a line feed
 * @param signatures may be empty, which the specification does not allow for a published note
 */
public record SignedNote(String text, List<Signature> signatures) {
    private static final String MARK = "— ";

    /** The specification requires at least 16. The limit keeps a hostile note from occupying a verifier. */
    private static final int MOST_SIGNATURES = 100;

    public SignedNote {
        signatures = List.copyOf(signatures);
        if (!text.endsWith("\n") || !NoteSyntax.isText(text)) {
            throw new IllegalArgumentException(
                    "the text of a note must end with a line feed and hold no other control character");
        }
    }

    /**
     * One signature line.
     *
     * @param data in Base64: four bytes of key id, then the signature
     */
    public record Signature(String name, String data) {
        public Signature {
            byte[] bytes = NoteSyntax.base64(data);
            if (!NoteSyntax.isName(name) || bytes == null || bytes.length < 5) {
                throw new IllegalArgumentException("a signature line must read: — NAME BASE64");
            }
        }
    }

    /** The result of a check with one key. */
    public enum State {
        VALID,
        /** The note has no signature of that key. */
        ABSENT,
        /** The note has a signature in that key's name that the key did not make for this text. */
        INVALID
    }

    /** @throws IllegalArgumentException when {@code note} does not have this form */
    public static SignedNote parse(String note) {
        int split = note.lastIndexOf("\n\n");
        if (split < 0 || !note.endsWith("\n") || split + 2 == note.length()) {
            throw new IllegalArgumentException("a signed note is a text, an empty line and signature lines");
        }
        String[] lines = note.substring(split + 2, note.length() - 1).split("\n", -1);
        if (lines.length > MOST_SIGNATURES) {
            throw new IllegalArgumentException(
                    "a note may have " + MOST_SIGNATURES + " signatures, not " + lines.length);
        }
        var signatures = new ArrayList<Signature>();
        for (String line : lines) {
            int space = line.indexOf(' ', MARK.length());
            if (!line.startsWith(MARK) || space < 0) {
                throw new IllegalArgumentException("a signature line must read: — NAME BASE64");
            }
            signatures.add(new Signature(line.substring(MARK.length(), space), line.substring(space + 1)));
        }
        return new SignedNote(note.substring(0, split + 1), signatures);
    }

    /** The note as text. */
    public String note() {
        var note = new StringBuilder(text).append('\n');
        for (Signature signature : signatures) {
            note.append(MARK)
                    .append(signature.name())
                    .append(' ')
                    .append(signature.data())
                    .append('\n');
        }
        return note.toString();
    }

    /** Ignores signatures of other keys. One that fails in this key's name makes the whole note invalid. */
    public State check(NoteVerifier key) {
        State state = State.ABSENT;
        for (Signature signature : signatures) {
            byte[] data = NoteSyntax.base64(signature.data());
            if (signature.name().equals(key.name()) && key.hasId(data)) {
                if (!key.verifies(text.getBytes(StandardCharsets.UTF_8), data)) {
                    return State.INVALID;
                }
                state = State.VALID;
            }
        }
        return state;
    }
}
