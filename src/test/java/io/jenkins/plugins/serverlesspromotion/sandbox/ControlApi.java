package io.jenkins.plugins.serverlesspromotion.sandbox;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

/** What a driver does to the sandbox itself, under {@code /_sandbox/}; see {@link SandboxControl} for the client. */
final class ControlApi {
    private final Sandbox sandbox;

    ControlApi(Sandbox sandbox) {
        this.sandbox = sandbox;
    }

    Reply handle(Call call) {
        try {
            return dispatch(call.method + " " + call.rawPath.substring("/_sandbox/".length()), call);
        } catch (IllegalArgumentException | JsonProcessingException e) {
            return Reply.json(400, Map.of("error", String.valueOf(e.getMessage())));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Reply dispatch(String request, Call call) throws IOException {
        World world = sandbox.world();
        switch (request) {
            case "GET health":
                return sandbox.locked(() -> Reply.json(
                        200, Map.of("pending", world.timeline.pending(), "timeScale", world.timeline.scale())));
            case "GET log":
                return Reply.json(200, world.log.since(Long.parseLong(call.query.getOrDefault("since", "0"))));
            case "GET history":
                return sandbox.locked(() -> Reply.json(200, world.history));
            case "GET state":
                return state(world);
            case "POST state":
                sandbox.world(World.restore(call.body));
                return done();
            case "GET code":
                return sandbox.locked(() -> new Reply(200)
                        .header("Content-Type", "application/zip")
                        .body(world.region(call.query.get("account"), call.query.get("region"))
                                .functions
                                .get(call.query.get("function"))
                                .version(call.query.get("version"))
                                .code));
            case "GET faults":
                return Reply.json(200, world.faults.rules());
            case "POST faults":
                add(SandboxJson.MAPPER.treeToValue(call.json(), Faults.Rule.class));
                return done();
            case "DELETE faults":
                world.faults.clear();
                return done();
            case "GET crash":
                CrashPoint point = sandbox.crashPoint();
                return Reply.json(200, point == null ? Map.of("armed", false, "reached", false) : point.report());
            case "POST crash":
                sandbox.arm(crashPoint(call.json()));
                return done();
            case "DELETE crash":
                sandbox.arm(null);
                return done();
            case "POST time-scale":
                double scale = call.json().path("scale").asDouble(-1);
                if (scale < 0) {
                    throw new IllegalArgumentException("scale must be a number from 0 up");
                }
                return sandbox.locked(() -> {
                    world.timeline.scale(scale);
                    return done();
                });
            case "POST settle":
                return sandbox.locked(() -> {
                    world.timeline.settle(world);
                    return done();
                });
            case "POST session":
                return sandbox.locked(
                        () -> session(world, call.json().path("role").asText()));
            case "POST tamper":
                return sandbox.locked(() -> tamper(world, call.json()));
            case "POST reset":
                sandbox.arm(null);
                sandbox.world(sandbox.config().build());
                return done();
            default:
                return Reply.json(404, Map.of("error", "The sandbox has no control operation " + request));
        }
    }

    /** Flips a bit of every stored version with these bytes, behind everybody's back: checksums as recorded stay. */
    private static Reply tamper(World world, JsonNode json) {
        String sha256 = json.path("sha256").asText();
        long changed = world.buckets.get(json.path("bucket").asText()).objects.values().stream()
                .flatMap(List::stream)
                .filter(version -> version.bytes.length > 0
                        && Checksums.of("SHA256", version.bytes).equals(sha256))
                .peek(version -> {
                    version.bytes = version.bytes.clone();
                    version.bytes[version.bytes.length / 2] ^= 1;
                })
                .count();
        if (changed == 0) {
            throw new IllegalArgumentException("no object has the SHA-256 " + sha256);
        }
        return Reply.json(200, Map.of("changed", changed));
    }

    /** Credentials of a role that do not end, as an instance's or a container's are renewed before they end. */
    private static Reply session(World world, String arn) {
        Account.Role role = world.role(arn);
        if (role == null) {
            throw new IllegalArgumentException("there is no role " + arn);
        }
        Account.Key key = new Account.Key(
                "ASIA" + world.letters(16),
                SandboxJson.digest("secret" + world.uuid()).substring(0, 40),
                SandboxJson.digest("token" + world.uuid()),
                World.as(role, "instance"),
                Long.MAX_VALUE);
        world.keys.put(key.id, key);
        return Reply.json(200, Map.of("accessKeyId", key.id, "secretAccessKey", key.secret, "sessionToken", key.token));
    }

    private Reply state(World world) {
        byte[] snapshot = sandbox.locked(() -> {
            try {
                return world.snapshot();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        return new Reply(200).header("Content-Type", "application/octet-stream").body(snapshot);
    }

    private void add(Faults.Rule rule) {
        if (!Faults.KINDS.contains(rule.kind)) {
            throw new IllegalArgumentException("kind must be one of " + Faults.KINDS);
        }
        World world = sandbox.world();
        switch (rule.kind) {
            case "expireTokens" ->
                sandbox.locked(() -> {
                    world.keys.values().stream()
                            .filter(key ->
                                    key.token != null && IamPolicy.glob(rule.account, key.principal.account(), false))
                            .forEach(key -> key.expires = 1);
                    return null;
                });
            case "alarm" ->
                sandbox.locked(() -> {
                    world.later(
                            rule.millis,
                            new Alarm.Turn(rule.account, rule.region, rule.alarm, rule.state, rule.reason));
                    return null;
                });
            default -> world.faults.add(rule);
        }
    }

    private static CrashPoint crashPoint(JsonNode json) {
        String phase = json.path("phase").asText("before");
        if (!phase.equals("before") && !phase.equals("after")) {
            throw new IllegalArgumentException("phase must be before or after");
        }
        return new CrashPoint(
                json.path("service").asText("*"),
                json.path("operation").asText("*"),
                json.path("resource").asText("*"),
                json.path("occurrence").asInt(1),
                phase.equals("after"));
    }

    private static Reply done() {
        return Reply.json(200, Map.of("ok", true));
    }
}
