package io.jenkins.plugins.serverlesspromotion.format.artifact;

import static org.junit.Assert.assertEquals;

import java.util.Map;
import org.junit.Test;

public class MediaTypeTableTest {
    private final MediaTypeTable table = new MediaTypeTable();

    /** Everything that a site of today has, and where several types have one extension the right one. */
    @Test
    public void filesOfSitesHaveTheTypesThatBrowsersExpect() {
        Map.ofEntries(
                        Map.entry("html", "text/html; charset=utf-8"),
                        Map.entry("htm", "text/html; charset=utf-8"),
                        Map.entry("css", "text/css; charset=utf-8"),
                        Map.entry("js", "text/javascript; charset=utf-8"),
                        Map.entry("mjs", "text/javascript; charset=utf-8"),
                        Map.entry("json", "application/json"),
                        Map.entry("map", "application/json"),
                        Map.entry("webmanifest", "application/manifest+json"),
                        Map.entry("xml", "application/xml"),
                        Map.entry("rss", "application/rss+xml"),
                        Map.entry("txt", "text/plain; charset=utf-8"),
                        Map.entry("md", "text/markdown; charset=utf-8"),
                        Map.entry("csv", "text/csv; charset=utf-8"),
                        Map.entry("vtt", "text/vtt; charset=utf-8"),
                        Map.entry("svg", "image/svg+xml"),
                        Map.entry("png", "image/png"),
                        Map.entry("jpg", "image/jpeg"),
                        Map.entry("jpeg", "image/jpeg"),
                        Map.entry("gif", "image/gif"),
                        Map.entry("webp", "image/webp"),
                        Map.entry("avif", "image/avif"),
                        Map.entry("jxl", "image/jxl"),
                        Map.entry("ico", "image/vnd.microsoft.icon"),
                        Map.entry("woff", "font/woff"),
                        Map.entry("woff2", "font/woff2"),
                        Map.entry("ttf", "font/ttf"),
                        Map.entry("otf", "font/otf"),
                        Map.entry("eot", "application/vnd.ms-fontobject"),
                        Map.entry("wasm", "application/wasm"),
                        Map.entry("pdf", "application/pdf"),
                        Map.entry("mp4", "video/mp4"),
                        Map.entry("webm", "video/webm"),
                        Map.entry("mp3", "audio/mpeg"),
                        Map.entry("m4a", "audio/mp4"),
                        Map.entry("m3u8", "application/vnd.apple.mpegurl"),
                        Map.entry("mts", "video/mp2t"),
                        Map.entry("glb", "model/gltf-binary"),
                        Map.entry("geojson", "application/geo+json"),
                        Map.entry("ics", "text/calendar; charset=utf-8"),
                        Map.entry("rtf", "application/rtf"),
                        Map.entry("zip", "application/zip"),
                        Map.entry("gz", "application/gzip"),
                        Map.entry("exe", "application/x-msdos-program"),
                        Map.entry("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"))
                .forEach((extension, type) -> assertEquals(extension, type, table.of("a.b/file." + extension)));
    }

    @Test
    public void aFileWithoutAKnownExtensionIsBytes() {
        for (String name : new String[] {"LICENSE", "a.b/LICENSE", "file.", "file.qqqq", "", "CNAME"}) {
            assertEquals(name, "application/octet-stream", table.of(name));
        }
        assertEquals("image/png", table.of("Logo.PNG"));
    }
}
