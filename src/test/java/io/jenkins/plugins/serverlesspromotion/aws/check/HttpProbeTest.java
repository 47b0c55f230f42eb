package io.jenkins.plugins.serverlesspromotion.aws.check;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.jenkins.plugins.serverlesspromotion.Patience;
import io.jenkins.plugins.serverlesspromotion.aws.session.AwsSettings;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;

/** Which addresses a check never asks, by whatever way it comes to them. */
public class HttpProbeTest {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    private final Map<String, InetAddress[]> names = new HashMap<>();
    private final List<String> lookups = new ArrayList<>();
    private final List<String> asked = Collections.synchronizedList(new ArrayList<>());
    private final Map<String, String> redirects = new HashMap<>();
    /** Addresses of this machine, as the rules are told: the server of the test is somebody else's. */
    private final Set<InetAddress> own = new HashSet<>();

    private Duration timeout = Duration.ofSeconds(30);
    private HttpServer server;
    private volatile byte[] body = "fine".getBytes(StandardCharsets.UTF_8);

    @Before
    public void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(LOOPBACK, 0), 0);
        server.createContext("/", exchange -> {
            asked.add(exchange.getRequestHeaders().getFirst("Host") + exchange.getRequestURI());
            String to = redirects.get(exchange.getRequestURI().getPath());
            if (to != null) {
                exchange.getResponseHeaders().add("Location", to);
            }
            exchange.sendResponseHeaders(to == null ? 200 : 302, body.length);
            try (var out = exchange.getResponseBody()) {
                out.write(body);
            } catch (IOException e) {
                // Who asked had read enough.
            }
        });
        server.start();
    }

    @After
    public void stop() {
        server.stop(0);
    }

    private InetAddress[] lookUp(String host) throws UnknownHostException {
        lookups.add(host);
        InetAddress[] found = names.get(host.toLowerCase(java.util.Locale.ROOT));
        return found != null ? found : InetAddress.getAllByName(host);
    }

    private String url(String host, String path) {
        return "http://" + host + ":" + server.getAddress().getPort() + path;
    }

    private static Policy.Account account(List<String> hosts) {
        return new Policy.Account("a", "222222222222", null, null, null, null, null, null, "b", hosts);
    }

    private HttpProbe.Reply get(String url, AwsSettings settings, List<String> hosts, boolean follow)
            throws IOException, HttpProbe.RefusedException {
        return new HttpProbe(settings, this::lookUp, timeout)
                .get(url, new CheckRules(settings, account(hosts), own::contains), follow);
    }

    private String refused(String url, AwsSettings settings, List<String> hosts) {
        return assertThrows(url, HttpProbe.RefusedException.class, () -> get(url, settings, hosts, true))
                .getMessage();
    }

    private static AwsSettings inside(String... hosts) {
        return AwsSettings.defaults().withCheckHosts(Set.of(hosts));
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
            assertFalse(inside, CheckRules.isPublic(InetAddress.getByName(inside)));
        }
        for (String outside : List.of("8.8.8.8", "100.128.0.1", "172.32.0.1", "198.20.0.1", "2606:4700::1111")) {
            assertTrue(outside, CheckRules.isPublic(InetAddress.getByName(outside)));
        }
    }

    @Test
    public void aCheckCannotLookInside() throws Exception {
        for (String url : List.of(
                "http://127.0.0.1:1/",
                "http://localhost/",
                "http://169.254.169.254/latest/meta-data/",
                "http://[::1]/",
                "http://[fd00:ec2::254]/latest/meta-data/",
                "http://2130706433/",
                "file:///etc/passwd",
                "ftp://acme.net/",
                "https://user:pw@acme.net/",
                "not a url",
                "https:///x")) {
            refused(url, AwsSettings.defaults(), null);
        }
        assertEquals(
                "127.0.0.1 is 127.0.0.1, which is not a public address; test it with a lambda check inside the network",
                refused(url("127.0.0.1", "/"), AwsSettings.defaults(), null));
        assertEquals(List.of(), asked);
    }

    @Test
    public void aNameIsLookedUpOnceAndItsOwnAddressesAreConnectedTo() throws Exception {
        names.put("orders.test", new InetAddress[] {LOOPBACK});
        HttpProbe.Reply reply = get(url("orders.test", "/health?deep=1"), inside("orders.test"), null, true);
        assertEquals(200, reply.status());
        assertEquals("fine", new String(reply.body(), StandardCharsets.UTF_8));
        assertTrue(reply.millis() >= 0);
        assertEquals(List.of("orders.test"), lookups);
        assertEquals(List.of("orders.test:" + server.getAddress().getPort() + "/health?deep=1"), asked);
    }

    @Test
    public void oneForbiddenAddressAmongManyIsEnough() throws Exception {
        names.put(
                "mixed.test", new InetAddress[] {InetAddress.getByName("8.8.8.8"), InetAddress.getByName("10.0.0.7")});
        assertTrue(refused(url("mixed.test", "/"), AwsSettings.defaults(), null).startsWith("mixed.test is 10.0.0.7"));
        assertEquals(List.of(), asked);
    }

    @Test
    public void theControllerItselfIsNeverAsked() throws Exception {
        names.put("orders.test", new InetAddress[] {LOOPBACK});
        own.add(LOOPBACK);
        String why = refused(url("orders.test", "/"), inside("orders.test"), List.of("orders.test"));
        assertTrue(why, why.contains("an address of the controller itself"));
        assertEquals(List.of(), asked);
        AwsSettings named = inside("orders.test").withControllerHosts(Set.of("jenkins.test"));
        for (String name : List.of("JENKINS.test", "jenkins.test.")) {
            why = refused(url(name, "/"), named, null);
            assertTrue(why, why.contains("this controller itself"));
        }
        assertEquals(List.of("orders.test"), lookups);
        // As the product decides it, without being told: loopback is the machine itself.
        var rules = new CheckRules(inside("orders.test"), account(null));
        assertTrue(rules.refusal("orders.test", LOOPBACK).contains("an address of the controller itself"));
    }

    @Test
    public void namesOfTheMetadataAreRefusedWithoutALookup() {
        for (String name : List.of("metadata.google.internal", "instance-data", "Metadata.Google.Internal.")) {
            String why = refused("http://" + name + "/latest", inside(name), null);
            assertTrue(why, why.contains("metadata of an instance"));
        }
        assertEquals(List.of(), lookups);
    }

    @Test
    public void metadataIsNotReachedThroughANameThatIsAllowed() throws Exception {
        names.put("orders.test", new InetAddress[] {InetAddress.getByName("169.254.169.254")});
        assertTrue(refused(url("orders.test", "/"), inside("orders.test"), null).contains("169.254.169.254"));
        AwsSettings emulator = AwsSettings.defaults().at(URI.create("http://127.0.0.1:1"));
        assertTrue(refused(url("orders.test", "/"), emulator, null).contains("169.254.169.254"));
        var rules = new CheckRules(inside("169.254.170.2"), account(null), own::contains);
        // Not even where the very address is named, or is carried by another.
        for (String link : List.of(
                "169.254.170.2",
                "169.254.169.254",
                "fe80::1",
                "fd00:ec2::254",
                "::ffff:169.254.169.254",
                "64:ff9b::169.254.169.254",
                "2002:a9fe:a9fe::1",
                "::169.254.169.254")) {
            var address = InetAddress.getByName(link);
            assertTrue(link, rules.refusal(link, address).contains("no check may ask it"));
        }
    }

    @Test
    public void policyNamesTheOnlyHostsThatAreAsked() throws Exception {
        names.put("orders.test", new InetAddress[] {LOOPBACK});
        names.put("evil.test", new InetAddress[] {LOOPBACK});
        AwsSettings all = inside("orders.test", "evil.test");
        assertEquals(
                200,
                get(url("Orders.test", "/"), inside("orders.test"), List.of("*.test"), true)
                        .status());
        assertEquals(
                "evil.test is none of the hosts that policy allows checks to call [orders.test, *.acme.com]",
                refused(url("evil.test", "/"), all, List.of("orders.test", "*.acme.com")));
        assertEquals("not even looked up", List.of("Orders.test"), lookups);
        assertEquals(1, asked.size());
    }

    @Test
    public void everyRedirectIsJudgedLikeTheFirstAddress() throws Exception {
        names.put("orders.test", new InetAddress[] {LOOPBACK});
        redirects.put("/old", "/new?a=b");
        assertEquals(
                200,
                get(url("orders.test", "/old"), inside("orders.test"), null, true)
                        .status());
        assertTrue(asked.get(1), asked.get(1).endsWith("/new?a=b"));
        redirects.put("/out", "http://169.254.169.254/latest/");
        assertTrue(
                refused(url("orders.test", "/out"), inside("orders.test"), null).startsWith("169.254.169.254 is"));
        redirects.put("/file", "file:///etc/passwd");
        assertEquals(
                "it redirects to 'file:///etc/passwd': only http and https are called",
                refused(url("orders.test", "/file"), inside("orders.test"), null));
        redirects.put("/loop", "/loop");
        var loop = assertThrows(
                IOException.class, () -> get(url("orders.test", "/loop"), inside("orders.test"), null, true));
        assertEquals("redirected more than 5 times", loop.getMessage());
    }

    @Test
    public void whoWantsToSeeARedirectSeesIt() throws Exception {
        redirects.put("/old", "http://169.254.169.254/");
        HttpProbe.Reply reply = get(url("127.0.0.1", "/old"), inside("127.0.0.1"), null, false);
        assertEquals(302, reply.status());
        assertEquals(1, asked.size());
    }

    @Test
    public void onlyTheFirstMebibyteIsRead() throws Exception {
        body = new byte[3 * 1024 * 1024];
        assertEquals(
                1024 * 1024,
                get(url("127.0.0.1", "/"), inside("127.0.0.1"), null, true).body().length);
    }

    /** A server that sends what {@code send} writes, and counts it. */
    private long sent(Sending send) throws Exception {
        var count = new AtomicLong();
        try (var endless = new ServerSocket(0, 5, LOOPBACK)) {
            var thread = new Thread(() -> {
                try (var socket = endless.accept();
                        OutputStream out = socket.getOutputStream()) {
                    send.to(out, count);
                } catch (IOException e) {
                    // Who asked had read enough.
                }
            });
            thread.start();
            String url = "http://localhost:" + endless.getLocalPort() + "/";
            assertThrows(IOException.class, () -> get(url, inside("localhost"), null, true));
            thread.join(Patience.MILLIS);
            assertFalse("nobody reads on", thread.isAlive());
        }
        return count.get();
    }

    @FunctionalInterface
    private interface Sending {
        void to(OutputStream out, AtomicLong count) throws IOException;
    }

    private static void send(OutputStream out, AtomicLong count, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        out.write(bytes);
        count.addAndGet(bytes.length);
    }

    private static final int MOST = 64 * 1024 * 1024;

    /** Teams choose the server, and the memory is the controller's. */
    @Test(timeout = 60_000)
    public void aHeaderWithoutAnEndIsNotRead() throws Exception {
        String part = "x".repeat(8192);
        long line = sent((out, count) -> {
            send(out, count, "HTTP/1.1 302 Found\r\nLocation: /");
            while (count.get() < MOST) {
                send(out, count, part);
            }
        });
        assertTrue(line + " bytes of one line", line < MOST / 8);
        long lines = sent((out, count) -> {
            send(out, count, "HTTP/1.1 200 OK\r\n");
            while (count.get() < MOST) {
                send(out, count, "A: " + part + "\r\n");
            }
        });
        assertTrue(lines + " bytes of many lines", lines < MOST / 8);
    }

    /** Whoever sends a byte now and then is not waited for: a check has a time as a whole. */
    @Test(timeout = 60_000)
    public void aHeaderThatComesSlowlyIsNotWaitedFor() throws Exception {
        timeout = Duration.ofSeconds(2);
        long begun = System.nanoTime();
        sent((out, count) -> {
            send(out, count, "HTTP/1.1 200 OK\r\nA: ");
            while (count.get() < MOST && System.nanoTime() - begun < 50_000_000_000L) {
                send(out, count, "x");
                LockSupport.parkNanos(500_000_000);
            }
        });
        long seconds = (System.nanoTime() - begun) / 1_000_000_000;
        assertTrue(seconds + " s", seconds < 20);
    }

    @Test
    public void onlyNamedHostsMayBeInside() {
        AwsSettings named = inside("health.acme.net", "*.intern.acme.net");
        for (String host : List.of("health.acme.net", "Health.ACME.net", "a.intern.acme.net", "a.b.intern.acme.net")) {
            assertTrue(host, CheckRules.mayBeInside(named, host));
        }
        for (String host :
                List.of("acme.net", "x.health.acme.net", "intern.acme.net", "notintern.acme.net", "127.0.0.1")) {
            assertFalse(host, CheckRules.mayBeInside(named, host));
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
