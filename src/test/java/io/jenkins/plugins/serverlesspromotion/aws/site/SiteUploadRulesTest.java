package io.jenkins.plugins.serverlesspromotion.aws.site;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.engine.port.MediaTypes;
import io.jenkins.plugins.serverlesspromotion.engine.release.Artifact;
import io.jenkins.plugins.serverlesspromotion.engine.release.CacheRule;
import io.jenkins.plugins.serverlesspromotion.engine.release.ContentTypeRule;
import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest;
import io.jenkins.plugins.serverlesspromotion.format.artifact.MediaTypeTable;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.Test;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/** The headers of files, and the order in which files appear. */
public class SiteUploadRulesTest {
    private static final MediaTypes TYPES = new MediaTypeTable();
    private static final String YEAR = "public, max-age=31536000, immutable";

    private static SiteUploadRules rules(List<CacheRule> cache, List<ContentTypeRule> types) {
        var site = new Manifest.Site("web", List.of(), List.of(), "dist", "b", null, null, null, cache, types);
        return new SiteUploadRules(site, TYPES);
    }

    private final SiteUploadRules plain = rules(List.of(), List.of());

    @Test
    public void pagesAreRevalidatedAndHashedFilesKeptForAYear() {
        for (String name : List.of("app.3f9a1c2b.js", "assets/index-BqL1x9_z.css", "a/b/logo.0123456789abcdef.svg")) {
            assertEquals(name, YEAR, plain.cacheControl(name));
        }
        for (String name : List.of("app.js", "jquery.minified.js", "favicon.ico", "service-worker.js", "robots.txt")) {
            assertEquals(name, "public, max-age=300", plain.cacheControl(name));
        }
        for (String name : List.of("index.html", "a/page.HTML", "index.3f9a1c2b.html", "_astro/a.BqL1x9_z.htm")) {
            assertEquals(name, "no-cache", plain.cacheControl(name));
        }
    }

    @Test
    public void typesFollowTheExtension() {
        assertEquals("text/javascript; charset=utf-8", plain.contentType("a.b/app.mjs"));
        assertEquals("application/octet-stream", plain.contentType("a.b/LICENSE"));
        assertEquals("image/svg+xml", plain.contentType("Logo.SVG"));
    }

    @Test
    public void theFirstRuleOfTheManifestThatMatchesCounts() {
        SiteUploadRules own = rules(
                List.of(
                        new CacheRule("assets/logo.*", "no-store"),
                        new CacheRule("assets/**", YEAR),
                        new CacheRule("*.html", "public, max-age=60"),
                        new CacheRule("app.3f9a1c2b.js", "no-cache")),
                List.of(
                        new ContentTypeRule("apple-app-site-association", "application/json"),
                        new ContentTypeRule("*.data", "application/x-unity-data"),
                        new ContentTypeRule("pages/*", "text/html; charset=utf-8")));
        assertEquals("no-store", own.cacheControl("assets/logo.png"));
        assertEquals(YEAR, own.cacheControl("assets/a/b/document.pdf"));
        assertEquals("public, max-age=60", own.cacheControl("a/index.html"));
        assertEquals("no-cache", own.cacheControl("app.3f9a1c2b.js"));
        assertEquals(YEAR, own.cacheControl("other.3f9a1c2b.js"));
        assertEquals("application/json", own.contentType(".well-known/apple-app-site-association"));
        assertEquals("application/x-unity-data", own.contentType("Build/game.data"));
        assertEquals("a page without an extension", "no-cache", own.cacheControl("pages/about"));
        assertEquals("text/css; charset=utf-8", own.contentType("a.css"));
    }

    @Test
    public void pagesComeLastAndTheEntryLastOfAll() {
        assertEquals(
                List.of("z.3f9a1c2b.css", "app.js", "z.css", "a.html", "index.html"),
                Stream.of("index.html", "a.html", "z.css", "app.js", "z.3f9a1c2b.css")
                        .sorted(plain.order())
                        .toList());
        SiteUploadRules own =
                rules(List.of(new CacheRule("v7/**", YEAR)), List.of(new ContentTypeRule("about", "text/html")));
        assertEquals(
                List.of("v7/z.css", "app.js", "about", "index.html"),
                Stream.of("index.html", "about", "app.js", "v7/z.css")
                        .sorted(own.order())
                        .toList());
    }

    /** The file is the same, so only its headers are in the plan. */
    @Test
    public void aPlanShowsTheHeadersThatChange() {
        String sha256 = "ab".repeat(32);
        HeadObjectResponse live = HeadObjectResponse.builder()
                .cacheControl("public, max-age=300")
                .contentType("application/octet-stream")
                .checksumSHA256(
                        Base64.getEncoder().encodeToString(HexFormat.of().parseHex(sha256)))
                .build();
        SiteUploadRules own = rules(
                List.of(new CacheRule("*.data", "no-cache")),
                List.of(new ContentTypeRule("*.data", "application/x-data")));
        Plan.Change change = LiveSite.change(own, "game.data", new Artifact("dist/game.data", sha256, 1), live);
        assertEquals(
                List.of(
                        new Plan.PropertyChange(
                                "Cache-Control", "public, max-age=300", "no-cache", Plan.Replacement.NO),
                        new Plan.PropertyChange(
                                "Content-Type", "application/octet-stream", "application/x-data", Plan.Replacement.NO)),
                change.properties());
        assertEquals(Plan.Action.MODIFY, change.action());
    }

    @Test
    public void namesOfEachBuildToolAreRecognised() {
        for (String key : List.of(
                // webpack, Create React App, Vue, Docusaurus
                "main.3f9a1c2b.js",
                "static/js/main.3f9a1c2b.chunk.js.map",
                "static/js/453.8ab44547.chunk.js",
                "static/js/main.0e5f2b1c.js.LICENSE.txt",
                "static/media/logo.6ce24c58023cc2f8fd88fe9d219db6c6.svg",
                "151cfcfa1bd74779aadb.png",
                "assets/js/935f2afb.4fa1b2c3.js",
                "vendors~main.1a2b3c4d5e6f70812345.js",
                // Vite, Rollup, Remix
                "assets/index-BqL1x9_z.css",
                "assets/index-D-xYz_12.js",
                "assets/index-C7wTqR3e.js",
                "assets/index-DkSvFqWw.js",
                "assets/index.a1b2c3d4.js",
                "docs/assets/vendor-a1b2c3d4.js",
                // esbuild, Angular
                "chunk-ZQ5MVNCD.js",
                "styles-5INURTSO.css",
                "polyfills-FFHMD2TL.js",
                "media/roboto-K2X7QABM.woff2",
                "main.3f9a1c2b4d5e6f70.js",
                "main-es2015.3f9a1c2b4d5e6f708192.js",
                // Parcel
                "index.e31bb0bc.js",
                // Next.js
                "_next/static/chunks/webpack-8f2a.js",
                "_next/static/Qk1x_buildid/_buildManifest.js",
                "docs/_next/static/css/main.css",
                // Gatsby
                "app-0f1e2d3c4b5a69788796.js",
                "component---src-pages-index-tsx-9c1185a5c5e9fc54612a.js",
                "static/d9d0a8f5b1c2e3f4a5968778695a4b3c/ab12c/photo.jpg",
                // SvelteKit, Astro, Nuxt
                "_app/immutable/entry/start.js",
                "_astro/penguin.DNnQTYFc_Z1abc.webp",
                "_astro/hoisted.js",
                "_nuxt/entry.js",
                "_nuxt/builds/meta/1b2c.json",
                // Sprockets, Ember, Hugo
                "application-" + "0a".repeat(32) + ".css")) {
            assertTrue(key, BuildHash.isIn(key));
        }
    }

    @Test
    public void wordsDatesAndNumbersAreNoHashes() {
        for (String key : List.of(
                "report-20261129.pdf",
                "report.20261129.js",
                "photo-2024_01_31.jpg",
                "backup-2024-01-31.zip",
                "app-calendar.js",
                "app-document2.js",
                "app.firmware2.js",
                "chapter-Version2.pdf",
                "index-DataGrid.js",
                "index-MyWebApp.js",
                "index-ToDoList.js",
                "logo-ORIGINAL.png",
                "app-ORIGINAL.js",
                "app-VERSION2.js",
                "logo-3DMODELS.png",
                "scan-DOCUMENT.pdf",
                "case-iPhone15.jpg",
                "flyer-A4Poster.pdf",
                "photo-DSC_0001.jpg",
                "menu-cafe2024.pdf",
                "dead.deadbeef.js",
                "order-12345678.json",
                "jquery-3.7.1.min.js",
                "bootstrap.bundle.min.js",
                "d9428888-122b-11e1-b85c-61cd3cbb3210.pdf",
                "invoice-d9428888-122b-11e1-b85c-61cd3cbb3210.pdf",
                "3f9a1c2b.js",
                "main.3f9a1c2b",
                "static/logo.png",
                "assets/index.js",
                "_nuxt/builds/latest.json",
                "_app/version.json",
                "my_next/static/a.js",
                "page-data/index/page-data.json",
                "service-worker.js",
                "manifest.webmanifest")) {
            assertFalse(key, BuildHash.isIn(key));
        }
    }
}
