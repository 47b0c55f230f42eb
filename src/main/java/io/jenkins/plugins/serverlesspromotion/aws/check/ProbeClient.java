package io.jenkins.plugins.serverlesspromotion.aws.check;

import io.jenkins.plugins.serverlesspromotion.aws.session.AwsSessions;
import io.jenkins.plugins.serverlesspromotion.aws.session.AwsSettings;
import io.jenkins.plugins.serverlesspromotion.aws.session.TrustStores;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Locale;
import java.util.Timer;
import java.util.TimerTask;
import javax.net.ssl.SSLContext;
import org.apache.http.HttpHost;
import org.apache.http.HttpRequest;
import org.apache.http.HttpResponse;
import org.apache.http.auth.AuthScope;
import org.apache.http.auth.UsernamePasswordCredentials;
import org.apache.http.client.config.RequestConfig;
import org.apache.http.client.methods.HttpGet;
import org.apache.http.config.ConnectionConfig;
import org.apache.http.config.MessageConstraints;
import org.apache.http.config.SocketConfig;
import org.apache.http.conn.DnsResolver;
import org.apache.http.conn.routing.HttpRoutePlanner;
import org.apache.http.impl.client.BasicCredentialsProvider;
import org.apache.http.impl.client.CloseableHttpClient;
import org.apache.http.impl.client.HttpClientBuilder;
import org.apache.http.impl.client.HttpClients;
import org.apache.http.impl.conn.DefaultProxyRoutePlanner;
import org.apache.http.protocol.HttpContext;
import software.amazon.awssdk.http.TlsTrustManagersProvider;
import software.amazon.awssdk.http.apache.ProxyConfiguration;

/**
 * Calls one address that a team chose. The remote server decides how much it sends and how slowly, and this uses memory
 * and a thread of the controller. So every part has a limit, including the part before the body, for which the HTTP
 * client of the AWS SDK has no limit.
 */
public final class ProbeClient implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(10);

    /** Of one header line; servers do not accept longer ones either. */
    private static final int LONGEST_LINE = 16 * 1024;

    private static final int MOST_HEADERS = 200;

    private final CloseableHttpClient client;
    private final long until;
    private final Timer timer = new Timer("time of an HTTP check", true);
    private volatile boolean late;
    private HttpGet request;

    /**
     * @param resolver gives only the allowed addresses of a host
     * @param until the deadline of the whole response, in the time of {@link System#nanoTime}
     */
    public ProbeClient(AwsSettings settings, DnsResolver resolver, long until) {
        this.until = until;
        int connect = (int) CONNECT.toMillis();
        int left = (int) left();
        HttpClientBuilder builder = HttpClients.custom()
                .setDnsResolver(resolver)
                .setDefaultConnectionConfig(ConnectionConfig.custom()
                        .setMessageConstraints(MessageConstraints.custom()
                                .setMaxLineLength(LONGEST_LINE)
                                .setMaxHeaderCount(MOST_HEADERS)
                                .build())
                        .build())
                .setDefaultSocketConfig(SocketConfig.custom().setSoTimeout(left).build())
                .setDefaultRequestConfig(RequestConfig.custom()
                        .setConnectTimeout(connect)
                        .setConnectionRequestTimeout(connect)
                        .setSocketTimeout(left)
                        .setNormalizeUri(false)
                        .build())
                .setUserAgent("serverless-promotion")
                .disableRedirectHandling()
                .disableAutomaticRetries()
                .disableContentCompression()
                .disableCookieManagement();
        TlsTrustManagersProvider trust = TrustStores.of(settings.authorities());
        if (trust != null) {
            builder.setSSLContext(context(trust));
        }
        if (settings.proxy() != null) {
            through(AwsSessions.proxy(settings), builder);
        }
        this.client = builder.build();
    }

    private static SSLContext context(TlsTrustManagersProvider trust) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.trustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has TLS", e);
        }
    }

    private static void through(ProxyConfiguration proxy, HttpClientBuilder builder) {
        var host = new HttpHost(proxy.host(), proxy.port(), proxy.scheme());
        HttpRoutePlanner planner = new DefaultProxyRoutePlanner(host) {
            @Override
            protected HttpHost determineProxy(HttpHost target, HttpRequest request, HttpContext context) {
                String name = target.getHostName().toLowerCase(Locale.ROOT);
                return proxy.nonProxyHosts().stream().anyMatch(name::matches) ? null : host;
            }
        };
        builder.setRoutePlanner(planner);
        if (proxy.username() != null) {
            var credentials = new BasicCredentialsProvider();
            credentials.setCredentials(
                    new AuthScope(host), new UsernamePasswordCredentials(proxy.username(), proxy.password()));
            builder.setDefaultCredentialsProvider(credentials);
        }
    }

    private long left() {
        return Math.max(1, (until - System.nanoTime()) / 1_000_000);
    }

    /**
     * The response without its body.
     *
     * @throws SocketTimeoutException when it does not arrive in time
     */
    public HttpResponse get(URI address) throws IOException {
        var get = new HttpGet(address);
        request = get;
        // A server that sends a byte now and then never triggers a read timeout.
        timer.schedule(
                new TimerTask() {
                    @Override
                    public void run() {
                        late = true;
                        get.abort();
                    }
                },
                left());
        return inTime(() -> client.execute(get));
    }

    /** The first {@code most} bytes. */
    public byte[] read(InputStream body, int most) throws IOException {
        return inTime(() -> {
            var bytes = new ByteArrayOutputStream();
            var buffer = new byte[8192];
            while (bytes.size() < most) {
                int n = body.read(buffer, 0, Math.min(buffer.length, most - bytes.size()));
                if (n < 0) {
                    break;
                }
                bytes.write(buffer, 0, n);
            }
            return bytes.toByteArray();
        });
    }

    @FunctionalInterface
    private interface Exchange<T> {
        T make() throws IOException;
    }

    private <T> T inTime(Exchange<T> exchange) throws IOException {
        try {
            T made = exchange.make();
            if (!late) {
                return made;
            }
        } catch (IOException e) {
            if (!late) {
                throw e;
            }
        }
        throw new SocketTimeoutException("the answer took too long");
    }

    @Override
    public void close() throws IOException {
        timer.cancel();
        if (request != null) {
            // Closing the stream normally would read the rest of the response.
            request.abort();
        }
        client.close();
    }
}
