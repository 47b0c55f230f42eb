package io.jenkins.plugins.serverlesspromotion.sandbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * AWS for tests: several accounts behind one port of the loopback interface, stricter than any emulator. Independent
 * of the code under test, whose effects it witnesses through its request log and its history of resources.
 *
 * <p>A request goes through: naming, faults and the crash point before, signature, effect under one lock, the crash
 * point after, answer. Clients need the endpoint and one of the configured access keys.
 */
public final class Sandbox implements AutoCloseable {
    private final SandboxConfig config;
    private final HttpListener server;
    private final ExecutorService threads = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "aws-sandbox");
        thread.setDaemon(true);
        return thread;
    });
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition planned = lock.newCondition();
    private final ControlApi control = new ControlApi(this);
    private final Site site = new Site(this);
    private final Map<String, Service> services;
    private volatile World world;
    private volatile CrashPoint crashPoint;
    private volatile boolean closed;

    private Sandbox(SandboxConfig config, int port) throws IOException {
        this.config = config;
        this.world = config.build();
        this.services = Map.of(
                "sts", new StsService(),
                "s3", new S3Service(),
                "cloudformation", new CloudFormationService(),
                "lambda", new LambdaService(),
                "cloudfront", new CloudFrontService(),
                "cloudwatch", new CloudWatchService(),
                "ssm", new SsmService(),
                "secretsmanager", new SecretsManagerService(),
                "logs", new LogsService());
        this.server = new HttpListener(port, threads, this::serve);
    }

    /** Starts a sandbox on a free port. */
    public static Sandbox start(SandboxConfig config) {
        return start(config, 0);
    }

    /**
     * Starts a sandbox.
     *
     * @param port 0 for any free one
     * @throws UncheckedIOException when the port is taken
     */
    public static Sandbox start(SandboxConfig config, int port) {
        try {
            Sandbox sandbox = new Sandbox(config, port);
            sandbox.server.start();
            sandbox.threads.execute(sandbox::tick);
            return sandbox;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The endpoint for all services, e.g. {@code http://127.0.0.1:40123}. */
    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.port());
    }

    /** The control API of this sandbox. */
    public SandboxControl control() {
        return new SandboxControl(endpoint());
    }

    @Override
    public void close() {
        closed = true;
        arm(null);
        server.close();
        threads.shutdownNow();
    }

    World world() {
        return world;
    }

    SandboxConfig config() {
        return config;
    }

    /** Replaces the world, for reset and restored snapshots. */
    void world(World other) {
        locked(() -> world = other);
    }

    CrashPoint crashPoint() {
        return crashPoint;
    }

    /** Arms a crash point or, with null, disarms the one there is and closes the connections it holds. */
    void arm(CrashPoint point) {
        CrashPoint former = crashPoint;
        crashPoint = point;
        if (former != null) {
            former.release();
        }
    }

    /** Does something with the world as it is now: what is due has happened, nothing happens meanwhile. */
    <T> T locked(java.util.function.Supplier<T> work) {
        lock.lock();
        try {
            world.timeline.runDue(world);
            return work.get();
        } finally {
            planned.signal();
            lock.unlock();
        }
    }

    private void tick() {
        while (!closed) {
            lock.lock();
            try {
                world.timeline.runDue(world);
                long wait = world.timeline.untilNext();
                if (wait > 0) {
                    planned.await(wait, TimeUnit.MILLISECONDS);
                }
            } catch (InterruptedException e) {
                return;
            } finally {
                lock.unlock();
            }
        }
    }

    private Reply serve(HttpListener.Request request) {
        int query = request.target().indexOf('?');
        Call call = new Call(
                this,
                request.method(),
                query < 0 ? request.target() : request.target().substring(0, query),
                query < 0 ? "" : request.target().substring(query + 1),
                request.headers(),
                request.body());
        if (call.rawPath.startsWith("/_sandbox/")) {
            return control.handle(call);
        }
        return call.rawPath.startsWith("/_site/") ? site.handle(call) : answer(call);
    }

    private Reply answer(Call call) {
        Service service = name(call);
        RequestLog.Entry entry = world.log.open(call);
        long start = System.nanoTime();
        try {
            return answer(call, service, entry);
        } finally {
            entry.durationMillis = (System.nanoTime() - start) / 1e6;
        }
    }

    private Service name(Call call) {
        AwsError malformed = null;
        try {
            call.signature = SigV4.of(call);
        } catch (AwsError e) {
            malformed = e;
        }
        String scope = call.signature == null ? "s3" : call.signature.service;
        call.service = scope.equals("monitoring") ? "cloudwatch" : scope;
        call.region = call.signature == null ? "us-east-1" : call.signature.region;
        Account.Key key = call.signature == null ? null : world.keys.get(call.signature.accessKey);
        if (key != null) {
            call.principal = key.principal;
        }
        if (call.service.equals("s3")) {
            call.requestId = call.requestId.replace("-", "").substring(0, 16).toUpperCase(Locale.ROOT);
        }
        Service service = services.getOrDefault(call.service, Service.NONE);
        AwsError refusal = malformed;
        try {
            locked(() -> {
                service.name(call);
                return null;
            });
        } catch (AwsError e) {
            refusal = e;
            call.operation = call.operation == null ? "Unknown" : call.operation;
        }
        return refusal == null ? service : refusing(service, refusal);
    }

    private static Service refusing(Service service, AwsError refusal) {
        return new Service() {
            @Override
            public void name(Call call) {}

            @Override
            public Reply handle(Call call) {
                throw refusal;
            }

            @Override
            public Reply error(Call call, AwsError error) {
                return service.error(call, error);
            }
        };
    }

    private Reply answer(Call call, Service service, RequestLog.Entry entry) {
        identify(call, entry);
        CrashPoint point = crashPoint;
        if (point != null) {
            point.count(call);
        }
        Faults faults = world.faults;
        pause(world.durations.requestLatencyMillis * world.timeline.scale());
        Faults.Rule latency = faults.strike("latency", call);
        pause(latency == null ? 0 : latency.millis);
        if (point != null && point.hold(call, false, entry)) {
            return null;
        }
        if (faults.strike("dropRequest", call) != null) {
            entry.outcome = "dropped";
            return null;
        }
        Reply reply = effect(call, service, faults);
        identify(call, entry);
        entry.status = reply.status;
        entry.errorCode = reply.errorCode;
        if (point != null && point.hold(call, true, entry)) {
            return null;
        }
        if (faults.strike("loseResponse", call) != null) {
            entry.outcome = "lost";
            return null;
        }
        entry.outcome = "answered";
        return reply.header(call.service.equals("s3") ? "x-amz-request-id" : "x-amzn-RequestId", call.requestId)
                .header("x-amz-id-2", call.service.equals("s3") ? call.requestId : null);
    }

    private Reply effect(Call call, Service service, Faults faults) {
        try {
            if (faults.overLimit(call) || faults.strike("throttle", call) != null) {
                throw service.throttled();
            }
            Faults.Rule error = faults.strike("error", call);
            if (error != null) {
                throw new AwsError(error.status, error.code, error.message);
            }
            if (call.signature != null) {
                call.principal = call.signature.verify(call);
            }
            Payload.check(call);
            if (service.unlocked(call)) {
                return service.handle(call);
            }
            return locked(() -> service.handle(call));
        } catch (AwsError e) {
            return service.error(call, e).errorCode(e.code);
        } catch (RuntimeException e) {
            AwsError internal = new AwsError(500, "InternalFailure", "The sandbox failed: " + e);
            e.printStackTrace();
            return service.error(call, internal).errorCode(internal.code);
        }
    }

    private static void identify(Call call, RequestLog.Entry entry) {
        Principal principal = call.principal;
        entry.account = principal.account();
        entry.principal = principal.arn();
        entry.accessKey = call.signature == null ? null : call.signature.accessKey;
        entry.sessionName = principal.sessionName();
        entry.sourceIdentity = principal.sourceIdentity();
        entry.tags = principal.tags();
        entry.resource = call.resource;
        // A new map: the log may be read meanwhile.
        entry.input = new LinkedHashMap<>(call.noted);
    }

    private static void pause(double millis) {
        if (millis > 0) {
            try {
                Thread.sleep((long) Math.ceil(millis));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
