package io.jenkins.plugins.serverlesspromotion.controller.notifications;

import hudson.ProxyConfiguration;
import io.jenkins.plugins.serverlesspromotion.format.json.CanonicalJson;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import org.jenkinsci.plugins.plaincredentials.StringCredentials;

/**
 * Sends to a chat's incoming webhook that accepts {@code {"text":…}}, as Slack's does. Its address is a secret: it is
 * read from a credential of scope SYSTEM each time, and never appears in a log, an exception or a form.
 */
final class WebhookChannel {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private WebhookChannel() {}

    /**
     * @param url null: the title is not a link
     * @throws DeliveryException with the reason, without the address
     */
    static void send(NotificationsConfig config, String title, String text, String url) throws DeliveryException {
        post(address(config), body(title, text, url));
    }

    /** Text of other people is escaped: it can neither add a link nor notify a whole channel. */
    static byte[] body(String title, String text, String url) {
        String head = url == null ? "*" + escaped(title) + "*" : "<" + url + "|" + escaped(title) + ">";
        return CanonicalJson.bytes(Map.of("text", head + "\n" + escaped(text)));
    }

    /** As "Formatting text for app surfaces" of Slack's documentation requires; a {@code |} would end a link's text. */
    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace('|', '¦')
                .replaceAll("[\\p{Cntrl}&&[^\\n]]", " ");
    }

    private static void post(URI address, byte[] body) throws DeliveryException {
        String where = "the webhook at " + address.getHost();
        HttpClient client = ProxyConfiguration.newHttpClientBuilder()
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
        HttpRequest request = ProxyConfiguration.newHttpRequestBuilder(address)
                .timeout(LIMIT)
                .header("Content-Type", "application/json; charset=utf-8")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
        int status;
        try {
            status =
                    client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        } catch (IOException e) {
            // The message of some of these exceptions contains the address.
            throw new DeliveryException(
                    where + " could not be reached: " + e.getClass().getSimpleName(), true);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DeliveryException("Jenkins is shutting down", false);
        }
        if (status / 100 == 3) {
            throw new DeliveryException(where + " answered " + status + ", and redirects are not followed", false);
        }
        if (status / 100 != 2) {
            throw new DeliveryException(
                    where + " answered " + status, status == 408 || status == 429 || status / 100 == 5);
        }
    }

    /** The address, if it is allowed. */
    private static URI address(NotificationsConfig config) throws DeliveryException {
        StringCredentials credentials = WebhookCredentials.lookup(config.getCredentialsId());
        URI address;
        try {
            address = new URI(credentials.getSecret().getPlainText().strip());
        } catch (URISyntaxException e) {
            throw no("the text of the credential '" + config.getCredentialsId() + "' is no address");
        }
        String host = address.getHost();
        boolean secure = "https".equalsIgnoreCase(address.getScheme());
        if (host == null || address.getUserInfo() != null) {
            throw no("the text of the credential '" + config.getCredentialsId() + "' is no address of a webhook");
        }
        if (!secure && !(config.isAllowHttp() && "http".equalsIgnoreCase(address.getScheme()))) {
            throw no("the webhook's address must begin with https");
        }
        if (!config.hosts().contains(host.toLowerCase(Locale.ROOT))) {
            throw no("the webhook's host " + host + " is not among the allowed hosts");
        }
        return address;
    }

    private static DeliveryException no(String sentence) {
        return new DeliveryException(sentence, false);
    }
}
