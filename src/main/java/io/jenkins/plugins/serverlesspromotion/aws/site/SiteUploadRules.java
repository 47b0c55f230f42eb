package io.jenkins.plugins.serverlesspromotion.aws.site;

import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** The headers that browsers get for the files of a site, and the upload order of the files. */
final class SiteUploadRules {
    private static final Map<String, String> TYPES = Map.ofEntries(
            Map.entry("html", "text/html; charset=utf-8"),
            Map.entry("htm", "text/html; charset=utf-8"),
            Map.entry("css", "text/css; charset=utf-8"),
            Map.entry("js", "text/javascript; charset=utf-8"),
            Map.entry("mjs", "text/javascript; charset=utf-8"),
            Map.entry("json", "application/json"),
            Map.entry("map", "application/json"),
            Map.entry("webmanifest", "application/manifest+json"),
            Map.entry("xml", "application/xml"),
            Map.entry("txt", "text/plain; charset=utf-8"),
            Map.entry("md", "text/markdown; charset=utf-8"),
            Map.entry("csv", "text/csv; charset=utf-8"),
            Map.entry("svg", "image/svg+xml"),
            Map.entry("png", "image/png"),
            Map.entry("jpg", "image/jpeg"),
            Map.entry("jpeg", "image/jpeg"),
            Map.entry("gif", "image/gif"),
            Map.entry("webp", "image/webp"),
            Map.entry("avif", "image/avif"),
            Map.entry("ico", "image/vnd.microsoft.icon"),
            Map.entry("woff", "font/woff"),
            Map.entry("woff2", "font/woff2"),
            Map.entry("ttf", "font/ttf"),
            Map.entry("otf", "font/otf"),
            Map.entry("wasm", "application/wasm"),
            Map.entry("pdf", "application/pdf"),
            Map.entry("mp4", "video/mp4"),
            Map.entry("webm", "video/webm"),
            Map.entry("mp3", "audio/mpeg"),
            Map.entry("zip", "application/zip"),
            Map.entry("gz", "application/gzip"));

    /**
     * Bundlers put a hash of the content into the name: {@code app.3f9a1c2b.js}, {@code index-BqL1x9_z.css}. At least
     * eight characters, one of them a digit, so that a plain word does not count as a hash.
     */
    private static final Pattern HASHED =
            Pattern.compile(".*[.-](?=[A-Za-z0-9_]*[0-9])[A-Za-z0-9_]{8,}(\\.[a-z0-9]+)+");

    private SiteUploadRules() {}

    static String contentType(String key) {
        return TYPES.getOrDefault(extension(key), "application/octet-stream");
    }

    /** A file with a hash in its name never changes its content; browsers must revalidate a page each time. */
    static String cacheControl(String key) {
        if (isPage(key)) {
            return "no-cache";
        }
        return isHashed(key) ? "public, max-age=31536000, immutable" : "public, max-age=300";
    }

    /** Assets before the pages that refer to them, the entry page last of all. */
    static Comparator<String> order() {
        return Comparator.<String>comparingInt(key -> isHashed(key) ? 0 : !isPage(key) ? 1 : isEntry(key) ? 3 : 2)
                .thenComparing(Comparator.naturalOrder());
    }

    private static boolean isEntry(String key) {
        return name(key).equals("index.html");
    }

    /** Whether no live page can refer to other content of this name. */
    static boolean isHashed(String key) {
        return !isPage(key) && HASHED.matcher(name(key)).matches();
    }

    static boolean isPage(String key) {
        return extension(key).equals("html") || extension(key).equals("htm");
    }

    private static String name(String key) {
        return key.substring(key.lastIndexOf('/') + 1);
    }

    private static String extension(String key) {
        String name = name(key);
        int dot = name.lastIndexOf('.');
        return dot < 0 ? "" : name.substring(dot + 1).toLowerCase(Locale.ROOT);
    }
}
