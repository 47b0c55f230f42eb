package io.jenkins.plugins.serverlesspromotion.format.json;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Strict UTF-8: a malformed byte is an error, never a replacement character, so that two different inputs stay
 * different.
 */
public final class Utf8 {
    private Utf8() {}

    /** @throws IllegalArgumentException when the bytes are not UTF-8 */
    public static String decode(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("is not UTF-8 text", e);
        }
    }
}
