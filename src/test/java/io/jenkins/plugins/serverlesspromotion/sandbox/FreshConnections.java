package io.jenkins.plugins.serverlesspromotion.sandbox;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.http.Header;
import org.apache.http.client.config.CookieSpecs;
import org.apache.http.client.config.RequestConfig;
import org.apache.http.client.methods.CloseableHttpResponse;
import org.apache.http.client.methods.HttpUriRequest;
import org.apache.http.client.methods.RequestBuilder;
import org.apache.http.impl.NoConnectionReuseStrategy;
import org.apache.http.impl.client.CloseableHttpClient;
import org.apache.http.impl.client.HttpClients;
import org.apache.http.util.EntityUtils;

/**
 * Sends every request over a connection of its own, unchanged and once. A server may close a connection after any answer,
 * as Jetty does after a path that it refuses. A client that keeps the connection finds that out only while it sends the
 * next request, and must not repeat it when it is a POST: on a busy machine that request fails.
 */
public final class FreshConnections {
    private static final CloseableHttpClient CLIENT = HttpClients.custom()
            .setConnectionReuseStrategy(NoConnectionReuseStrategy.INSTANCE)
            .setMaxConnTotal(200)
            .setMaxConnPerRoute(200)
            .disableAutomaticRetries()
            .disableRedirectHandling()
            .disableCookieManagement()
            .disableAuthCaching()
            .build();

    /** An answer to the request to {@code uri}. The body is empty when there is none. */
    public record Answer(URI uri, int statusCode, List<Header> headers, byte[] bytes) {
        /** Returns the body, read as UTF-8. */
        public String body() {
            return new String(bytes, StandardCharsets.UTF_8);
        }

        /** Returns all values of a header, in their order. */
        public List<String> values(String name) {
            return headers.stream()
                    .filter(header -> header.getName().equalsIgnoreCase(name))
                    .map(Header::getValue)
                    .toList();
        }

        public Optional<String> header(String name) {
            return values(name).stream().findFirst();
        }
    }

    private FreshConnections() {}

    /**
     * Sends a request.
     *
     * @param patience how long the answer may take to begin, and to go on
     * @throws IOException when there is no answer
     */
    public static Answer send(RequestBuilder request, Duration patience) throws IOException {
        int millis = (int) patience.toMillis();
        request.setConfig(RequestConfig.custom()
                .setNormalizeUri(false)
                .setCookieSpec(CookieSpecs.IGNORE_COOKIES)
                .setConnectTimeout(millis)
                .setSocketTimeout(millis)
                .build());
        HttpUriRequest built = request.build();
        try (CloseableHttpResponse response = CLIENT.execute(built)) {
            byte[] body = response.getEntity() == null ? new byte[0] : EntityUtils.toByteArray(response.getEntity());
            return new Answer(
                    built.getURI(), response.getStatusLine().getStatusCode(), List.of(response.getAllHeaders()), body);
        }
    }
}
