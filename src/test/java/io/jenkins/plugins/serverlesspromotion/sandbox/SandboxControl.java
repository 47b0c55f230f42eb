package io.jenkins.plugins.serverlesspromotion.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.serverlesspromotion.Patience;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.apache.http.client.methods.RequestBuilder;
import org.apache.http.entity.ByteArrayEntity;
import org.awaitility.Awaitility;

/**
 * Drives a sandbox, also one in another JVM: faults, crash points, log, history, snapshots. Every method throws {@link
 * UncheckedIOException} when the sandbox does not answer and {@link IllegalArgumentException} when it refuses.
 */
public final class SandboxControl {
    private final URI endpoint;

    public SandboxControl(URI endpoint) {
        this.endpoint = endpoint;
    }

    public URI endpoint() {
        return endpoint;
    }

    /** All requests so far, oldest first. Fields: see {@link RequestLog.Entry}. */
    public List<JsonNode> log() {
        return list("log");
    }

    /** Requests of one service and operation; {@code *} matches all. */
    public List<JsonNode> log(String service, String operation) {
        return log().stream()
                .filter(entry -> IamPolicy.glob(service, entry.path("service").asText(), false)
                        && IamPolicy.glob(operation, entry.path("operation").asText(), false))
                .toList();
    }

    /** All changes of all resources, oldest first. Fields: see {@link World.Change}. */
    public List<JsonNode> history() {
        return list("history");
    }

    /** Changes of one type of resource whose id matches a pattern with {@code *}. */
    public List<JsonNode> history(String type, String id) {
        return history().stream()
                .filter(change -> change.path("type").asText().equals(type)
                        && IamPolicy.glob(id, change.path("id").asText(), false))
                .toList();
    }

    /** Adds a fault. Fields: see {@link Faults.Rule}; {@code kind} is one of {@link Faults#KINDS}. */
    public SandboxControl fault(String kind, Object... fields) {
        Map<String, Object> rule = SandboxJson.map(fields);
        rule.put("kind", kind);
        post("faults", rule);
        return this;
    }

    public void clearFaults() {
        send("DELETE", "faults", null);
    }

    /** The next calls of an operation are answered with the service's throttling error. */
    public SandboxControl throttle(String service, String operation, int count) {
        return fault("throttle", "service", service, "operation", operation, "count", count);
    }

    /** Calls a second of an operation in each account and Region beyond which it is throttled, until cleared. */
    public SandboxControl rateLimit(String service, String operation, double perSecond) {
        return fault("rateLimit", "service", service, "operation", operation, "perSecond", perSecond, "count", -1);
    }

    /** The operation takes effect but its answer never arrives. */
    public SandboxControl loseResponse(String service, String operation, int count) {
        return fault("loseResponse", "service", service, "operation", operation, "count", count);
    }

    /** A resource of a stack fails with a reason; {@code during} is forward, rollback or cleanup. */
    public SandboxControl failResource(String stack, String logicalId, String reason, String during) {
        return fault("failResource", "stack", stack, "logicalId", logicalId, "reason", reason, "during", during);
    }

    /**
     * Credentials of a role that do not end: {@code accessKeyId}, {@code secretAccessKey}, {@code sessionToken}.
     *
     * @throws IllegalArgumentException when there is no such role
     */
    public JsonNode session(String role) {
        byte[] body = SandboxJson.write(Map.of("role", role)).getBytes(java.nio.charset.StandardCharsets.UTF_8);
        return SandboxJson.read(send("POST", "session", body));
    }

    /** All temporary credentials given out so far expire now. */
    public void expireTokens() {
        fault("expireTokens");
    }

    /** An alarm changes its state after nominal milliseconds. */
    public void alarm(String account, String region, String alarm, String state, long afterMillis) {
        fault("alarm", "account", account, "region", region, "alarm", alarm, "state", state, "millis", afterMillis);
    }

    /**
     * Arms the crash point; a former one is disarmed.
     *
     * @param resource as in the request log; {@code *} is wild
     * @param occurrence counts matching requests from now on, beginning with 1
     * @param phase {@code before} or {@code after} the effect
     */
    public void arm(String service, String operation, String resource, int occurrence, String phase) {
        post(
                "crash",
                SandboxJson.map(
                        "service", service,
                        "operation", operation,
                        "resource", resource,
                        "occurrence", occurrence,
                        "phase", phase));
    }

    /**
     * Flips a bit of the stored objects with these bytes, behind everybody's back.
     *
     * @param sha256 Base64
     * @throws IllegalArgumentException when there is none
     */
    public void tamper(String bucket, String sha256) {
        post("tamper", SandboxJson.map("bucket", bucket, "sha256", sha256));
    }

    /** Whether the armed point was reached; the request of it is held. */
    public boolean crashReached() {
        return crash().path("reached").asBoolean();
    }

    public JsonNode crash() {
        return SandboxJson.read(send("GET", "crash", null));
    }

    /** Forgets the crash point and closes what it holds. */
    public void disarm() {
        send("DELETE", "crash", null);
    }

    /** Changes the factor of all durations; what is under way speeds up with it. */
    public void timeScale(double scale) {
        post("time-scale", Map.of("scale", scale));
    }

    /** Lets everything that is under way happen now. */
    public void settle() {
        post("settle", Map.of());
    }

    /** Back to the world of the configuration, without faults and crash point. */
    public void reset() {
        post("reset", Map.of());
    }

    /** The whole state, operations under way included; for the same build of the sandbox. */
    public byte[] snapshot() {
        return send("GET", "state", null);
    }

    public void restore(byte[] snapshot) {
        send("POST", "state", snapshot);
    }

    /** Number of things still under way. */
    public int pending() {
        return SandboxJson.read(send("GET", "health", null)).path("pending").asInt();
    }

    /**
     * Waits for a condition, as long as {@link Patience} says.
     *
     * @throws org.awaitility.core.ConditionTimeoutException when it does not hold within that time
     */
    public static void await(String what, BooleanSupplier condition) {
        Awaitility.await(what)
                .pollInSameThread()
                .dontCatchUncaughtExceptions()
                .atMost(Patience.LIMIT)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(5))
                .until(condition::getAsBoolean);
    }

    private List<JsonNode> list(String path) {
        List<JsonNode> items = new ArrayList<>();
        SandboxJson.read(send("GET", path, null)).forEach(items::add);
        return items;
    }

    private void post(String path, Object body) {
        send("POST", path, SandboxJson.write(body).getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    private byte[] send(String method, String path, byte[] body) {
        var request = RequestBuilder.create(method).setUri(endpoint.resolve("/_sandbox/" + path));
        if (body != null) {
            request.setEntity(new ByteArrayEntity(body));
        }
        try {
            FreshConnections.Answer answer = FreshConnections.send(request, Patience.LIMIT);
            if (answer.statusCode() != 200) {
                throw new IllegalArgumentException(method + " " + path + ": " + answer.body());
            }
            return answer.bytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
