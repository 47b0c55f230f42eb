package io.jenkins.plugins.serverlesspromotion.aws.session;

import io.jenkins.plugins.serverlesspromotion.aws.call.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/** Texts in the alphabets of STS (AssumeRole, API reference of 2011-06-15). */
public final class SessionNames {
    private static final int LONGEST_NAME = 64;
    private static final int LONGEST_TAG = 256;

    private SessionNames() {}

    /**
     * A role session name or source identity: 2 to 64 of {@code [\w+=,.@-]}. A longer name is cut and ends in a hash,
     * so that two promotions have different names.
     */
    public static String name(String text) {
        String clean = text.replaceAll("[^A-Za-z0-9_+=,.@-]", "-");
        if (clean.regionMatches(true, 0, "aws:", 0, 4) || clean.length() < 2) {
            clean = "p-" + clean;
        }
        return cut(clean, text, LONGEST_NAME);
    }

    /** The value of a session tag: up to 256 letters, digits, spaces and {@code _ . : / = + - @}. */
    public static String tag(String text) {
        return cut(text.replaceAll("[^\\p{L}\\p{N} _.:/=+@-]", "_"), text, LONGEST_TAG);
    }

    /** Several people in one tag. A comma is not allowed there, and ids may contain spaces. */
    public static String people(List<String> ids) {
        return tag(ids.stream().distinct().sorted().collect(Collectors.joining(" / ")));
    }

    private static String cut(String clean, String whole, int longest) {
        if (clean.length() <= longest) {
            return clean;
        }
        String hash = Sha256.hex(whole.getBytes(StandardCharsets.UTF_8)).substring(0, 8);
        return clean.substring(0, longest - 9) + "-" + hash;
    }
}
