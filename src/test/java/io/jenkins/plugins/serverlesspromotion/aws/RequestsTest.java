package io.jenkins.plugins.serverlesspromotion.aws;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import io.jenkins.plugins.serverlesspromotion.aws.call.Sha256;
import io.jenkins.plugins.serverlesspromotion.aws.cloudformation.StackEvents;
import io.jenkins.plugins.serverlesspromotion.aws.session.AwsSession;
import io.jenkins.plugins.serverlesspromotion.aws.session.AwsSettings;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Deployment.Status;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Fact;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.Rule;
import org.junit.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;
import software.amazon.awssdk.services.cloudformation.model.DescribeStackEventsRequest;
import software.amazon.awssdk.services.cloudformation.model.DescribeStackEventsResponse;
import software.amazon.awssdk.services.cloudformation.model.StackEvent;

/** What is asked of AWS, and how: what cannot be seen from what comes of it. */
public class RequestsTest {
    private static final String TOKEN = "[a-zA-Z0-9][-a-zA-Z0-9]{0,127}";

    @Rule
    public final SandboxLab sandbox = new SandboxLab();

    private Lab lab() {
        return sandbox.lab();
    }

    private List<JsonNode> inputs(String service, String operation) {
        return sandbox.control().log(service, operation).stream()
                .map(entry -> entry.path("input"))
                .toList();
    }

    @Test
    public void aStackIsAskedForWithTokensAVersionedTemplateAndAnAddressThatStays() throws Exception {
        lab().promote(lab().work("orders.dev.1", lab().publish("1.0.0", 128, AwsSuite.V1)));
        lab().promote(lab().work("orders.dev.2", lab().publish("1.1.0", 256, AwsSuite.V2)));
        for (JsonNode create : inputs("cloudformation", "CreateChangeSet")) {
            assertTrue(create.toString(), create.path("ClientToken").asText().matches(TOKEN));
            String template = create.path("TemplateURL").asText();
            assertTrue(template, template.contains("/serverless-promotion-222222222222-eu-west-1/sha256/"));
            assertTrue("never inline, and pinned", template.matches(".*\\?versionId=.+"));
            assertEquals(
                    "arn:aws:iam::222222222222:role/promotion-cfn",
                    create.path("RoleARN").asText());
            assertFalse("excludes DisableRollback", create.has("OnStackFailure"));
        }
        var tokens = new TreeSet<String>();
        for (JsonNode execute : inputs("cloudformation", "ExecuteChangeSet")) {
            assertEquals(
                    "its default is no",
                    "false",
                    execute.path("DisableRollback").asText());
            assertTrue(execute.path("ChangeSetName").asText().startsWith("arn:aws:cloudformation:"));
            assertTrue(execute.path("ClientRequestToken").asText().matches(TOKEN));
            tokens.add(execute.path("ClientRequestToken").asText());
        }
        assertEquals("one for each promotion", 2, tokens.size());
    }

    @Test
    public void theOwnerOfEveryBucketIsExpected() throws Exception {
        lab().promote(lab().work("orders.dev.1", lab().publish("1.0.0", 128, AwsSuite.V1)));
        List<JsonNode> calls = sandbox.control().log("s3", "*");
        assertTrue(calls.size() >= 4);
        for (JsonNode call : calls) {
            // CloudFormation fetches the template itself.
            if (!call.path("userAgent").asText().isEmpty()) {
                assertTrue(call.toString(), call.path("input").has("x-amz-expected-bucket-owner"));
            }
        }
    }

    @Test
    public void pollsThatAreThrottledToTheVeryEndFailNothing() throws Exception {
        var work = lab().work("orders.dev.1", lab().publish("1.0.0", 128, AwsSuite.V1));
        Plan.TargetPlan step = lab().plan(work, 1).targets().get(0);
        // More often than the SDK would try, and after the stack is done; well within the silence that ends the
        // patience.
        sandbox.control()
                .fault(
                        "throttle",
                        "service",
                        "cloudformation",
                        "operation",
                        "DescribeStackEvents",
                        "skip",
                        2,
                        "count",
                        15);
        Fact.StepResult result = lab().deploy(work, step);
        assertEquals(result.detail(), Status.DONE, result.status());
    }

    /** A stack with ten thousand events. */
    private static final class Events implements CloudFormationClient {
        private final Instant now = Instant.parse("2026-11-21T12:00:00Z");
        private final List<StackEvent> all = IntStream.range(0, 10_000)
                .mapToObj(n -> StackEvent.builder()
                        .eventId("e" + n)
                        .timestamp(now.minusSeconds(10L * (10_000 - n)))
                        .build())
                .toList();
        private int pages;

        @Override
        public DescribeStackEventsResponse describeStackEvents(DescribeStackEventsRequest request) {
            pages++;
            int end = request.nextToken() == null ? all.size() : Integer.parseInt(request.nextToken());
            var page = new ArrayList<>(all.subList(end - 100, end));
            Collections.reverse(page);
            return DescribeStackEventsResponse.builder()
                    .stackEvents(page)
                    .nextToken(end == 100 ? null : String.valueOf(end - 100))
                    .build();
        }

        @Override
        public String serviceName() {
            return "cloudformation";
        }

        @Override
        public void close() {}
    }

    @Test
    public void theHistoryOfAStackIsReadBackToWhatIsKnownAndNoFurther() {
        var events = new Events();
        assertEquals(
                156,
                StackEvents.after(events, "orders", null, events.now.minusSeconds(1500))
                        .size());
        assertEquals(2, events.pages);
        assertEquals(5, StackEvents.after(events, "orders", "e9994", null).size());
        assertEquals(3, events.pages);
    }

    @Test
    public void checksumsThatAStoreDoesNotKnowCanBeLeftOut() throws Exception {
        var headers = Collections.synchronizedList(new ArrayList<String>());
        HttpServer store = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        store.createContext("/", exchange -> {
            exchange.getRequestHeaders()
                    .forEach((name, values) -> headers.add((name + values).toLowerCase(Locale.ROOT)));
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        store.start();
        try {
            var at = AwsSettings.defaults()
                    .at(URI.create("http://127.0.0.1:" + store.getAddress().getPort()));
            put(at);
            assertTrue(headers.toString(), headers.toString().contains("crc32"));
            headers.clear();
            put(at.withS3(true, true));
            assertFalse(headers.toString(), headers.toString().contains("crc32"));
            assertTrue(headers.toString(), headers.toString().contains("x-amz-checksum-sha256["));
        } finally {
            store.stop(0);
        }
    }

    private static void put(AwsSettings settings) {
        try (var session = new AwsSession(
                settings,
                ApacheHttpClient.create(),
                Lab.account("tools", "111111111111"),
                "role",
                StaticCredentialsProvider.create(AwsBasicCredentials.create("a", "b")),
                new ExecutionInterceptor() {},
                () -> {})) {
            session.s3("eu-west-1").putObject(r -> r.bucket("b").key("plain"), RequestBody.fromString("x"));
            session.s3("eu-west-1")
                    .putObject(
                            r -> r.bucket("b").key("hashed").checksumSHA256(Sha256.base64(Sha256.hex(new byte[] {120
                            }))),
                            RequestBody.fromString("x"));
        }
    }
}
