package io.jenkins.plugins.serverlesspromotion.aws;

import java.io.IOException;
import java.io.InputStream;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Predicate;

/**
 * GETs an address that a team chose from where the controller runs. Only http and https to public addresses: a check
 * must not become a way to look at the instance metadata or the inside of a network (SSRF). Redirects are answers, not
 * followed. The name is looked up and checked right before the connection, which uses the JVM's cached answer.
 */
final class HttpProbe {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final int LARGEST = 1024 * 1024;

    private final Predicate<String> trusted;
    private final HttpClient client;

    /** @param trusted hosts that are asked whatever their address is: loopback, link-local and private ones too */
    HttpProbe(Predicate<String> trusted, AwsSettings.Proxy proxy) {
        this.trusted = trusted;
        var builder = HttpClient.newBuilder()
                .connectTimeout(Duration.ofSeconds(10))
                .followRedirects(HttpClient.Redirect.NEVER);
        if (proxy != null) {
            int port = proxy.endpoint().getPort() < 0 ? 80 : proxy.endpoint().getPort();
            builder.proxy(
                    ProxySelector.of(new InetSocketAddress(proxy.endpoint().getHost(), port)));
        } else {
            builder.proxy(HttpClient.Builder.NO_PROXY);
        }
        this.client = builder.build();
    }

    /** The address is none that may be asked. */
    static final class RefusedException extends Exception {
        private static final long serialVersionUID = 1L;

        RefusedException(String message) {
            super(message);
        }
    }

    /** @param body the first MiB of it */
    record Reply(int status, String body) {}

    Reply get(String url) throws IOException, InterruptedException, RefusedException {
        URI address = parse(url);
        if (!trusted.test(address.getHost())) {
            for (InetAddress one : InetAddress.getAllByName(address.getHost())) {
                if (!isPublic(one)) {
                    throw new RefusedException(address.getHost() + " is " + one.getHostAddress()
                            + ", which is not a public address; test it with a lambda check inside the network");
                }
            }
        }
        var request = HttpRequest.newBuilder(address)
                .timeout(TIMEOUT)
                .header("User-Agent", "serverless-promotion")
                .GET()
                .build();
        HttpResponse<InputStream> response = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
        try (InputStream body = response.body()) {
            return new Reply(response.statusCode(), new String(body.readNBytes(LARGEST), StandardCharsets.UTF_8));
        }
    }

    private static URI parse(String url) throws RefusedException {
        URI address;
        try {
            address = URI.create(url);
        } catch (IllegalArgumentException e) {
            throw new RefusedException("it is not a valid address");
        }
        if (!"https".equalsIgnoreCase(address.getScheme()) && !"http".equalsIgnoreCase(address.getScheme())) {
            throw new RefusedException("only http and https are asked");
        }
        if (address.getHost() == null || address.getUserInfo() != null) {
            throw new RefusedException("it must have a host name and no user name");
        }
        return address;
    }

    /** Whether anybody on the Internet could ask it too (RFC 6890 special-purpose addresses are not). */
    static boolean isPublic(InetAddress address) {
        if (address.isAnyLocalAddress()
                || address.isLoopbackAddress()
                || address.isLinkLocalAddress()
                || address.isSiteLocalAddress()
                || address.isMulticastAddress()) {
            return false;
        }
        byte[] b = address.getAddress();
        int first = b[0] & 0xff;
        int second = b[1] & 0xff;
        if (address instanceof Inet4Address) {
            return first != 0
                    && !(first == 100 && second >= 64 && second < 128)
                    && !(first == 192 && second == 0 && (b[2] & 0xff) == 0)
                    && !(first == 198 && (second == 18 || second == 19))
                    && first < 240;
        }
        // fc00::/7 is private; 64:ff9b::/96, 2002::/16 and 2001::/32 carry an IPv4 address of any kind.
        return address instanceof Inet6Address
                && (first & 0xfe) != 0xfc
                && !(first == 0 && second == 0x64)
                && !(first == 0x20 && second == 0x02)
                && !(first == 0x20 && second == 0x01 && b[2] == 0 && b[3] == 0)
                && !isCompatible(b);
    }

    /** {@code ::a.b.c.d}, which old stacks route like IPv4. */
    private static boolean isCompatible(byte[] b) {
        for (int i = 0; i < 12; i++) {
            if (b[i] != 0) {
                return false;
            }
        }
        return true;
    }
}
