package io.jenkins.plugins.serverlesspromotion.engine.release;

import java.util.regex.Pattern;

/**
 * The alphabets of everything that becomes part of an id, a file name or a URL. They are checked once, here, so that no
 * later code has to escape them (vulnerability classes 5 and 7: a user-set name in a URL or a path).
 */
public final class Names {
    /**
     * Services, environments, targets, accounts, roles: lower case, so that file systems that fold case cannot merge
     * two.
     */
    public static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

    /** As the team wrote it: SemVer, dates, build numbers and the output of git describe are allowed. */
    private static final Pattern VERSION = Pattern.compile("[0-9A-Za-z][0-9A-Za-z.+_-]{0,63}");

    public static final Pattern ACCOUNT_ID = Pattern.compile("[0-9]{12}");
    public static final Pattern REGION = Pattern.compile("[a-z]{2}(-[a-z]+)+-[0-9]{1,2}");
    /**
     * The longest prerelease has 14 parts so far. A repeated group recurses, and a text of a megabyte would overflow
     * the stack.
     */
    private static final int LONGEST_REGION = 40;

    private static final Pattern SHA256 = Pattern.compile("sha256:[0-9a-f]{64}");

    private Names() {}

    /** Whether {@code text} is 1 to 63 of {@code a-z 0-9 -}, neither starting nor ending with a dash. */
    public static boolean isName(String text) {
        return text != null && NAME.matcher(text).matches();
    }

    /** Whether {@code text} is 1 to 64 of {@code A-Z a-z 0-9 . + _ -}, starting with a letter or digit. */
    public static boolean isVersion(String text) {
        return text != null && VERSION.matcher(text).matches();
    }

    public static boolean isAccountId(String text) {
        return text != null && ACCOUNT_ID.matcher(text).matches();
    }

    public static boolean isRegion(String text) {
        return text != null
                && text.length() <= LONGEST_REGION
                && REGION.matcher(text).matches();
    }

    /** Whether {@code text} is {@code sha256:} and 64 lower-case hexadecimal digits. */
    public static boolean isDigest(String text) {
        return text != null && SHA256.matcher(text).matches();
    }

    /** @throws IllegalArgumentException naming {@code what} when {@code text} is not a name */
    public static String name(String what, String text) {
        if (!isName(text)) {
            throw new IllegalArgumentException(what + " '" + Shown.text(text)
                    + "' must be 1 to 63 lower-case letters, digits or dashes, and neither start nor end with a dash");
        }
        return text;
    }

    /** @throws IllegalArgumentException when {@code text} is not a version */
    public static String version(String text) {
        if (!isVersion(text)) {
            throw new IllegalArgumentException("version '" + Shown.text(text)
                    + "' must be 1 to 64 letters, digits or . + _ - and start with a letter or digit");
        }
        return text;
    }

    /** @throws IllegalArgumentException when {@code text} is not a digest */
    public static String digest(String text) {
        if (!isDigest(text)) {
            throw new IllegalArgumentException(
                    "digest '" + Shown.text(text) + "' must be sha256: and 64 hexadecimal digits");
        }
        return text;
    }
}
