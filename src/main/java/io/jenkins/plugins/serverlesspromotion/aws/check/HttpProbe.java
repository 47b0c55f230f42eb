package io.jenkins.plugins.serverlesspromotion.aws.check;

import io.jenkins.plugins.serverlesspromotion.aws.session.AwsSettings;
import io.jenkins.plugins.serverlesspromotion.engine.release.Shown;
import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import org.apache.http.Header;
import org.apache.http.HttpResponse;

/**
 * Sends a GET to an address that a team chose, from the controller. A name is resolved once, its addresses are checked,
 * and the connection uses one of exactly these. So a name server that answers differently the second time has no
 * effect. Every redirect is checked like the first address.
 */
public final class HttpProbe {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final int LARGEST = 1024 * 1024;
    private static final int MOST_REDIRECTS = 5;

    private final AwsSettings settings;
    private final Names names;
    private final Duration timeout;

    public HttpProbe(AwsSettings settings) {
        this(settings, InetAddress::getAllByName, TIMEOUT);
    }

    /**
     * @param names resolves names
     * @param timeout of the whole response, including redirects
     */
    HttpProbe(AwsSettings settings, Names names, Duration timeout) {
        this.settings = settings;
        this.names = names;
        this.timeout = timeout;
    }

    interface Names {
        InetAddress[] addresses(String host) throws UnknownHostException;
    }

    /** The address must not be called. */
    static final class RefusedException extends Exception {
        private static final long serialVersionUID = 1L;

        RefusedException(String message) {
            super(message);
        }
    }

    /** Passes through the HTTP client as an unknown host. */
    private static final class RefusedHost extends UnknownHostException {
        private static final long serialVersionUID = 1L;

        RefusedHost(String message) {
            super(message);
        }
    }

    /**
     * @param body the first MiB of it
     * @param millis from the first connection to the end of the body, including redirects
     */
    public record Reply(int status, byte[] body, long millis) {}

    /**
     * @param follow whether redirects are followed, at most five and never from https to http; otherwise the first
     *     response is the result
     * @throws SocketTimeoutException when there is no complete response in time
     */
    public Reply get(String url, CheckRules rules, boolean follow) throws IOException, RefusedException {
        long begun = System.nanoTime();
        URI address = parse(url);
        for (int redirects = 0; ; redirects++) {
            Answer answer = once(address, rules, begun);
            if (!follow || answer.location() == null) {
                return new Reply(answer.status(), answer.body(), (System.nanoTime() - begun) / 1_000_000);
            }
            if (redirects == MOST_REDIRECTS) {
                throw new IOException("redirected more than " + MOST_REDIRECTS + " times");
            }
            URI next;
            try {
                next = parse(address.resolve(answer.location()).toString());
            } catch (IllegalArgumentException | RefusedException e) {
                throw new RefusedException(
                        "it redirects to '" + Shown.text(answer.location()) + "': " + e.getMessage());
            }
            if ("https".equalsIgnoreCase(address.getScheme()) && !"https".equalsIgnoreCase(next.getScheme())) {
                throw new RefusedException("it redirects from https to " + Shown.text(next.toString()));
            }
            address = next;
        }
    }

    private record Answer(int status, byte[] body, String location) {}

    private Answer once(URI address, CheckRules rules, long begun) throws IOException, RefusedException {
        String host = address.getHost();
        String refusal = rules.refusal(host);
        if (refusal != null) {
            throw new RefusedException(refusal);
        }
        if (settings.proxy() != null) {
            // The proxy makes the connection, so this is the only check that is possible here.
            judged(host, rules);
        }
        String proxy =
                settings.proxy() == null ? null : settings.proxy().endpoint().getHost();
        // A new client: it must not reuse a connection that was checked under other rules.
        try (ProbeClient client = new ProbeClient(
                settings,
                name -> name.equalsIgnoreCase(proxy) ? names.addresses(name) : vetted(name, rules),
                begun + timeout.toNanos())) {
            return ask(client, address);
        } catch (RefusedHost e) {
            throw new RefusedException(e.getMessage());
        }
    }

    private void judged(String host, CheckRules rules) throws UnknownHostException, RefusedException {
        try {
            vetted(host, rules);
        } catch (RefusedHost e) {
            throw new RefusedException(e.getMessage());
        }
    }

    /** Every address of the name must be allowed: this code does not choose which one is used. */
    private InetAddress[] vetted(String host, CheckRules rules) throws UnknownHostException {
        InetAddress[] found = names.addresses(host);
        for (InetAddress one : found) {
            String refusal = rules.refusal(host, one);
            if (refusal != null) {
                throw new RefusedHost(refusal);
            }
        }
        return found;
    }

    private static Answer ask(ProbeClient client, URI address) throws IOException {
        HttpResponse response = client.get(address);
        int status = response.getStatusLine().getStatusCode();
        Header location = status >= 300 && status < 400 ? response.getFirstHeader("Location") : null;
        byte[] body = response.getEntity() == null
                ? new byte[0]
                : client.read(response.getEntity().getContent(), LARGEST);
        return new Answer(status, body, location == null ? null : location.getValue());
    }

    private static URI parse(String url) throws RefusedException {
        URI address;
        try {
            address = URI.create(url);
        } catch (IllegalArgumentException e) {
            throw new RefusedException("it is not a valid address");
        }
        if (!"https".equalsIgnoreCase(address.getScheme()) && !"http".equalsIgnoreCase(address.getScheme())) {
            throw new RefusedException("only http and https are called");
        }
        if (address.getHost() == null || address.getUserInfo() != null) {
            throw new RefusedException("it must have a host name and no user name");
        }
        return address;
    }
}
