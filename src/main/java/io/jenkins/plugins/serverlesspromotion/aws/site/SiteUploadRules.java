package io.jenkins.plugins.serverlesspromotion.aws.site;

import io.jenkins.plugins.serverlesspromotion.engine.port.MediaTypes;
import io.jenkins.plugins.serverlesspromotion.engine.release.CacheRule;
import io.jenkins.plugins.serverlesspromotion.engine.release.ContentTypeRule;
import io.jenkins.plugins.serverlesspromotion.engine.release.FilePattern;
import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/**
 * The headers that browsers get for the files of a site, and the upload order of the files. The first rule of the manifest
 * that matches a file has precedence over the rules here.
 */
final class SiteUploadRules {
    private static final String IMMUTABLE = "immutable";
    private static final String PAGE = "text/html";

    private final List<CacheRule> cache;
    private final List<ContentTypeRule> contentTypes;
    private final MediaTypes mediaTypes;

    SiteUploadRules(Manifest.Site site, MediaTypes mediaTypes) {
        this.cache = site.cache();
        this.contentTypes = site.contentTypes();
        this.mediaTypes = mediaTypes;
    }

    String contentType(String key) {
        String own = first(contentTypes, key, ContentTypeRule::files, ContentTypeRule::type);
        return own == null ? mediaTypes.of(key) : own;
    }

    /** A file with a hash in its name never changes its content; browsers must revalidate a page each time. */
    String cacheControl(String key) {
        String own = ownCacheControl(key);
        if (own != null) {
            return own;
        }
        if (isPage(key)) {
            return "no-cache";
        }
        return BuildHash.isIn(key) ? "public, max-age=31536000, immutable" : "public, max-age=300";
    }

    private String ownCacheControl(String key) {
        return first(cache, key, CacheRule::files, CacheRule::control);
    }

    /** The value of the first rule that matches, or null. */
    private static <R> String first(List<R> rules, String key, Function<R, String> files, Function<R, String> value) {
        return rules.stream()
                .filter(rule -> FilePattern.matches(files.apply(rule), key))
                .map(value)
                .findFirst()
                .orElse(null);
    }

    /** Assets before the pages that refer to them, the entry page last of all. */
    Comparator<String> order() {
        return Comparator.<String>comparingInt(key -> isHashed(key) ? 0 : !isPage(key) ? 1 : isEntry(key) ? 3 : 2)
                .thenComparing(Comparator.naturalOrder());
    }

    private static boolean isEntry(String key) {
        return key.substring(key.lastIndexOf('/') + 1).equals("index.html");
    }

    /** Whether no live page can refer to other content of this name. */
    boolean isHashed(String key) {
        String own = ownCacheControl(key);
        return !isPage(key) && (BuildHash.isIn(key) || own != null && own.contains(IMMUTABLE));
    }

    boolean isPage(String key) {
        return contentType(key).startsWith(PAGE);
    }
}
