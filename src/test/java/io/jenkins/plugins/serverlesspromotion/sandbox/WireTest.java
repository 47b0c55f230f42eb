package io.jenkins.plugins.serverlesspromotion.sandbox;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import io.jenkins.plugins.serverlesspromotion.Patience;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.http.client.methods.RequestBuilder;
import org.junit.Test;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.services.s3.S3Client;

/** Forms of requests that the other tests do not happen to use. */
public class WireTest {
    private static Call call(String sha256, String body, String... headers) {
        Map<String, List<String>> all = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        all.put("x-amz-content-sha256", List.of(sha256));
        for (int i = 0; i < headers.length; i += 2) {
            all.put(headers[i], List.of(headers[i + 1]));
        }
        return new Call(null, "PUT", "/b/k", "", all, body.getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    public void unsignedChunksWithTrailerAreDecoded() {
        String body = "5\r\nhello\r\n1\r\n!\r\n0\r\nx-amz-checksum-crc32:nThOvg==\r\n\r\n";
        Call call = call(
                "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
                body,
                "x-amz-decoded-content-length",
                "6",
                "x-amz-trailer",
                "x-amz-checksum-crc32");
        Payload.check(call);
        assertEquals("hello!", new String(call.body, StandardCharsets.US_ASCII));
        assertEquals("nThOvg==", call.trailers.get("x-amz-checksum-crc32"));
        AwsError refusal = assertThrows(AwsError.class, () -> Checksums.verify(call));
        assertEquals("BadDigest", refusal.code);
    }

    @Test
    public void wrongLengthsAndHashesAreRefused() {
        String body = "5\r\nhello\r\n0\r\n\r\n";
        AwsError length = assertThrows(
                AwsError.class,
                () -> Payload.check(
                        call("STREAMING-UNSIGNED-PAYLOAD-TRAILER", body, "x-amz-decoded-content-length", "6")));
        assertEquals("IncompleteBody", length.code);
        AwsError hash = assertThrows(AwsError.class, () -> Payload.check(call("00", "text")));
        assertEquals("XAmzContentSHA256Mismatch", hash.code);
    }

    @Test
    public void checksumsMatchTheirPublishedCheckValues() {
        byte[] check = "123456789".getBytes(StandardCharsets.US_ASCII);
        assertEquals("y/Q5Jg==", Checksums.of("CRC32", check));
        assertEquals("4waSgw==", Checksums.of("CRC32C", check));
        assertEquals("rosUhgp5mIg=", Checksums.of("CRC64NVME", check));
    }

    @Test
    public void bucketsAreFoundByHostToo() {
        try (Sandbox sandbox = Sandbox.start(SandboxConfig.threeAccounts().timeScale(0));
                S3Client s3 = S3Client.builder()
                        .endpointOverride(URI.create(
                                "http://localhost:" + sandbox.endpoint().getPort()))
                        .region(software.amazon.awssdk.regions.Region.EU_WEST_1)
                        .credentialsProvider(StaticCredentialsProvider.create(Clients.base()))
                        .httpClient(ApacheHttpClient.builder()
                                .dnsResolver(host -> new InetAddress[] {InetAddress.getByName("127.0.0.1")})
                                .build())
                        .build()) {
            s3.putObject(r -> r.bucket("acme-releases").key("a/ü b"), RequestBody.fromString("x"));
            assertEquals(
                    "x",
                    s3.getObjectAsBytes(r -> r.bucket("acme-releases").key("a/ü b"))
                            .asUtf8String());
            assertEquals(
                    "acme-releases/a/ü b",
                    sandbox.control()
                            .log("s3", "GetObject")
                            .get(0)
                            .path("resource")
                            .asText());
        }
    }

    @Test
    public void strangersGetNothing() throws Exception {
        try (Sandbox sandbox = Sandbox.start(SandboxConfig.threeAccounts().timeScale(0))) {
            for (var expected :
                    Map.of("/acme-releases/a", 403, "/_sandbox/nothing", 404).entrySet()) {
                var request = RequestBuilder.get(sandbox.endpoint() + expected.getKey());
                assertEquals(expected.getValue(), (Integer)
                        FreshConnections.send(request, Patience.LIMIT).statusCode());
            }
        }
    }
}
