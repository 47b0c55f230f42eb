package io.jenkins.plugins.serverlesspromotion.aws.site;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Recognises files whose names change with their contents, because a build tool put a hash of the content into the name.
 * A file that is wrongly recognised would stay in browsers for a year, so names that could be words, dates or numbers are
 * not.
 *
 * <p>Hashes of names: lower-case hexadecimal (webpack, Create React App, Vue, Parcel, Gatsby, Vite before version 5,
 * Angular before version 17, Sprockets), 8 characters of base 32 (esbuild, Angular), 8 characters of base 64 (Vite,
 * Rollup). Folders of which the tools themselves serve every file this way: Next.js, SvelteKit, Astro, Nuxt.
 */
final class BuildHash {
    private static final List<String> FOLDERS = List.of("_next/static/", "_app/immutable/", "_astro/", "_nuxt/");

    /** Nuxt writes here which build is the latest; {@code meta} has one file for each build. */
    private static final String NUXT_BUILDS = "_nuxt/builds/";

    private static final String NUXT_BUILD = "_nuxt/builds/meta/";

    /** Files that bundlers name, and people rarely do. */
    private static final Set<String> CODE = Set.of("js", "mjs", "css", "map", "wasm");

    private static final Pattern HEX = Pattern.compile("[0-9a-f]{8,64}");
    /** So long that it is no word: at least 64 bits. */
    private static final int LONG_HEX = 16;
    /** Gatsby puts the MD5 of an image into the name of a folder; others SHA-1 or SHA-256. */
    private static final Set<Integer> WHOLE_DIGEST = Set.of(32, 40, 64);

    private static final Pattern BASE_32 = Pattern.compile("[A-Z2-7]{8}");
    private static final Pattern WORD_AND_NUMBER = Pattern.compile("[A-Z]+[0-9]*");
    private static final Pattern BASE_64 =
            Pattern.compile("(?=[A-Za-z0-9_-]*[a-z])(?=[A-Za-z0-9_-]*[A-Z])[A-Za-z0-9_-]{8}");
    private static final int BASE_64_LENGTH = 8;

    /** Words of which a name consists: {@code HTTP}, {@code Calendar}, {@code page}, {@code 2024}. */
    private static final Pattern PIECE = Pattern.compile("[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+|[_-]");
    /** As in iPhone. */
    private static final Pattern PREFIXED = Pattern.compile("[a-z][A-Z][a-z].*");

    private static final Pattern UUID =
            Pattern.compile(".*[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

    private BuildHash() {}

    /** @param key path of the file in the site */
    static boolean isIn(String key) {
        for (String folder : FOLDERS) {
            if (isBelow(key, folder)) {
                return !isBelow(key, NUXT_BUILDS) || isBelow(key, NUXT_BUILD);
            }
        }
        String[] parts = key.split("/");
        for (int i = 0; i < parts.length - 1; i++) {
            if (WHOLE_DIGEST.contains(parts[i].length()) && isHex(parts[i])) {
                return true;
            }
        }
        return isInName(parts[parts.length - 1]);
    }

    /** A site may be below a path, such as {@code docs/_next/static/}. */
    private static boolean isBelow(String key, String folder) {
        return key.startsWith(folder) || key.contains("/" + folder);
    }

    private static boolean isInName(String name) {
        String[] parts = name.split("\\.", -1);
        boolean code = CODE.contains(parts[parts.length - 1].toLowerCase(Locale.ROOT));
        // The last part is the extension.
        for (int i = 0; i < parts.length - 1; i++) {
            String part = parts[i];
            if (UUID.matcher(part).matches()) {
                continue;
            }
            boolean whole = i > 0 ? isHash(part, code) : part.length() >= LONG_HEX && isHex(part);
            if (whole || isHash(part.substring(part.lastIndexOf('-') + 1), code) && part.indexOf('-') > 0) {
                return true;
            }
            // The alphabet of base 64 has a dash of its own.
            int start = part.length() - BASE_64_LENGTH;
            if (start > 1 && part.charAt(start - 1) == '-' && isBase64(part.substring(start), code)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isHash(String text, boolean code) {
        return isHex(text) || isBase32(text, code) || isBase64(text, code);
    }

    private static boolean isHex(String text) {
        return HEX.matcher(text).matches() && changes(text) >= (text.length() >= LONG_HEX ? 1 : 2);
    }

    private static boolean isBase32(String text, boolean code) {
        return BASE_32.matcher(text).matches()
                && !WORD_AND_NUMBER.matcher(text).matches()
                && (code || changes(text) >= 2);
    }

    private static boolean isBase64(String text, boolean code) {
        if (!BASE_64.matcher(text).matches()) {
            return false;
        }
        int single = 0;
        int pairs = 0;
        var pieces = PIECE.matcher(text);
        while (pieces.find()) {
            boolean number = Character.isDigit(text.charAt(pieces.start()));
            boolean prefix = pieces.start() == 0 && PREFIXED.matcher(text).matches();
            int length = pieces.end() - pieces.start();
            single += !number && !prefix && length == 1 ? 1 : 0;
            pairs += !number && length == 2 ? 1 : 0;
        }
        return single >= (code ? 1 : 2) || pairs >= 3 && code;
    }

    /** How often a digit follows a letter, or a letter a digit. */
    private static int changes(String text) {
        int changes = 0;
        for (int i = 1; i < text.length(); i++) {
            changes += Character.isDigit(text.charAt(i)) != Character.isDigit(text.charAt(i - 1)) ? 1 : 0;
        }
        return changes;
    }
}
