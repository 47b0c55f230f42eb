package io.jenkins.plugins.serverlesspromotion.aws.site;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import org.junit.Test;

/** What browsers are told about files, and the order in which files appear. */
public class SiteUploadRulesTest {
    @Test
    public void onlyNamesWithAHashAreKeptForEver() {
        for (String name : List.of("app.3f9a1c2b.js", "assets/index-BqL1x9_z.css", "a/b/logo.0123456789abcdef.svg")) {
            assertTrue(name, SiteUploadRules.cacheControl(name).contains("immutable"));
        }
        for (String name : List.of("app.js", "jquery.minified.js", "favicon.ico", "service-worker.js", "robots.txt")) {
            assertFalse(name, SiteUploadRules.cacheControl(name).contains("immutable"));
        }
        for (String name : List.of("index.html", "a/page.HTML", "index.3f9a1c2b.html")) {
            assertEquals(name, "no-cache", SiteUploadRules.cacheControl(name));
        }
    }

    @Test
    public void typesFollowTheExtension() {
        assertEquals("text/javascript; charset=utf-8", SiteUploadRules.contentType("a.b/app.mjs"));
        assertEquals("application/octet-stream", SiteUploadRules.contentType("a.b/LICENSE"));
        assertEquals("image/svg+xml", SiteUploadRules.contentType("Logo.SVG"));
    }

    @Test
    public void pagesComeLastAndTheEntryLastOfAll() {
        assertEquals(
                List.of("z.3f9a1c2b.css", "app.js", "z.css", "a.html", "index.html"),
                Stream.of("index.html", "a.html", "z.css", "app.js", "z.3f9a1c2b.css")
                        .sorted(SiteUploadRules.order())
                        .toList());
    }
}
