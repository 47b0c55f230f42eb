package io.jenkins.plugins.serverlesspromotion.aws;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.Test;

/** What browsers are told, and which addresses are never asked. */
public class SiteAndProbeTest {
    @Test
    public void onlyNamesWithAHashAreKeptForEver() {
        for (String name : List.of("app.3f9a1c2b.js", "assets/index-BqL1x9_z.css", "a/b/logo.0123456789abcdef.svg")) {
            assertTrue(name, SiteFiles.cacheControl(name).contains("immutable"));
        }
        for (String name : List.of("app.js", "jquery.minified.js", "favicon.ico", "service-worker.js", "robots.txt")) {
            assertFalse(name, SiteFiles.cacheControl(name).contains("immutable"));
        }
        for (String name : List.of("index.html", "a/page.HTML", "index.3f9a1c2b.html")) {
            assertEquals(name, "no-cache", SiteFiles.cacheControl(name));
        }
    }

    @Test
    public void typesFollowTheExtension() {
        assertEquals("text/javascript; charset=utf-8", SiteFiles.contentType("a.b/app.mjs"));
        assertEquals("application/octet-stream", SiteFiles.contentType("a.b/LICENSE"));
        assertEquals("image/svg+xml", SiteFiles.contentType("Logo.SVG"));
    }

    @Test
    public void pagesComeLastAndTheEntryLastOfAll() {
        assertEquals(
                List.of("z.3f9a1c2b.css", "app.js", "z.css", "a.html", "index.html"),
                Stream.of("index.html", "a.html", "z.css", "app.js", "z.3f9a1c2b.css")
                        .sorted(SiteFiles.order())
                        .toList());
    }

    @Test
    public void addressesInsideAreNotPublic() throws Exception {
        for (String inside : List.of(
                "127.0.0.1",
                "0.0.0.0",
                "10.1.2.3",
                "172.16.0.1",
                "192.168.1.1",
                "169.254.169.254",
                "100.64.0.1",
                "198.18.0.1",
                "192.0.0.1",
                "224.0.0.1",
                "255.255.255.255",
                "::1",
                "::",
                "fe80::1",
                "fc00::1",
                "fd00:ec2::254",
                "::ffff:169.254.169.254",
                "64:ff9b::a9fe:a9fe",
                "2002:a9fe:a9fe::1",
                "::7f00:1",
                "2001::1")) {
            assertFalse(inside, HttpProbe.isPublic(InetAddress.getByName(inside)));
        }
        for (String outside : List.of("8.8.8.8", "100.128.0.1", "172.32.0.1", "198.20.0.1", "2606:4700::1111")) {
            assertTrue(outside, HttpProbe.isPublic(InetAddress.getByName(outside)));
        }
    }

    @Test
    public void aCheckCannotLookInside() {
        var probe = new HttpProbe(AwsSettings.defaults()::mayCheck, null);
        for (String url : List.of(
                "http://127.0.0.1:1/",
                "http://localhost/",
                "http://169.254.169.254/latest/meta-data/",
                "http://[::1]/",
                "file:///etc/passwd",
                "ftp://acme.net/",
                "https://user:pw@acme.net/",
                "http://2130706433/",
                "not a url",
                "https:///x")) {
            assertThrows(url, HttpProbe.RefusedException.class, () -> probe.get(url));
        }
    }

    @Test
    public void onlyNamedHostsMayBeAskedWhateverTheirAddressIs() {
        AwsSettings named = AwsSettings.defaults().withCheckHosts(Set.of("health.acme.net", "*.intern.acme.net"));
        for (String host : List.of("health.acme.net", "Health.ACME.net", "a.intern.acme.net", "a.b.intern.acme.net")) {
            assertTrue(host, named.mayCheck(host));
        }
        for (String host :
                List.of("acme.net", "x.health.acme.net", "intern.acme.net", "notintern.acme.net", "127.0.0.1")) {
            assertFalse(host, named.mayCheck(host));
        }
    }

    @Test
    public void aRedirectIsAnAnswerAndNotFollowed() throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            byte[] body = "moved".getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Location", "http://169.254.169.254/");
            exchange.sendResponseHeaders(302, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        try {
            var reply = new HttpProbe(host -> true, null)
                    .get("http://127.0.0.1:" + server.getAddress().getPort() + "/health");
            assertEquals(new HttpProbe.Reply(302, "moved"), reply);
        } finally {
            server.stop(0);
        }
    }

    @Test
    public void aFieldOfAnAnswerIsReadAsText() {
        assertEquals(
                "200", Verifier.field("{\"statusCode\": 200}", "statusCode").orElseThrow());
        assertEquals(
                "200", Verifier.field("{\"statusCode\": \"200\"}", "statusCode").orElseThrow());
        for (String other : List.of("{}", "[]", "\"x\"", "", "{broken", "null")) {
            assertTrue(other, Verifier.field(other, "statusCode").isEmpty());
        }
    }
}
