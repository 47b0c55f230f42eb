package io.jenkins.plugins.serverlesspromotion.aws;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.serverlesspromotion.Patience;
import io.jenkins.plugins.serverlesspromotion.Shows;
import io.jenkins.plugins.serverlesspromotion.aws.session.AwsSessions;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Deployment.Status;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.engine.port.Deployer;
import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest;
import io.jenkins.plugins.serverlesspromotion.engine.release.Published;
import io.jenkins.plugins.serverlesspromotion.engine.release.TrafficShift;
import io.jenkins.plugins.serverlesspromotion.sandbox.SandboxControl;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/**
 * Every way of deploying and of going back, with every fault at every operation that it makes: it comes to the same end,
 * with each effect once. Crashes are in {@link AwsCrashTest} and {@link LambdaCrashTest}.
 */
public class FaultSweepTest {
    private static final String FUNCTION = FunctionLab.FUNCTION;

    @Rule
    public final SandboxLab sandbox = new SandboxLab();

    private FunctionLab function;

    @Before
    public void open() {
        function = new FunctionLab(sandbox, 0.002);
    }

    @After
    public void close() {
        function.close();
    }

    private Lab lab() {
        return sandbox.lab();
    }

    private SandboxControl control() {
        return sandbox.control();
    }

    /** Something that goes wrong once or twice at every operation. */
    private enum Fault {
        THROTTLED("throttle", 2, false),
        NEVER_ARRIVED("dropRequest", 1, false),
        FAILED_INSIDE_AWS("error", 1, false),
        ANSWER_LOST("loseResponse", 1, true),
        STALE("staleReads", -1, false);

        private final String kind;
        private final int count;
        private final boolean writesOnly;

        Fault(String kind, int count, boolean writesOnly) {
            this.kind = kind;
            this.count = count;
            this.writesOnly = writesOnly;
        }

        void at(SandboxControl control, String operation) {
            if (!writesOnly || isWrite(operation)) {
                String[] parts = operation.split(":");
                control.fault(
                        kind,
                        "service",
                        parts[0],
                        "operation",
                        parts[1],
                        "count",
                        count,
                        "millis",
                        kind.equals("staleReads") ? 300 : 0);
            }
        }
    }

    private static boolean isWrite(String operation) {
        return !operation.split(":")[1].matches("(Describe|Get|Head|List|Validate|Assume).*");
    }

    /** What it did, by service and operation. */
    private TreeSet<String> operations(int since) {
        var found = new TreeSet<String>();
        List<JsonNode> log = control().log();
        log.subList(since, log.size())
                .forEach(entry -> found.add(entry.path("service").asText() + ":"
                        + entry.path("operation").asText()));
        return found;
    }

    private void sweep(CutOff.Task task, Runnable end) throws Exception {
        byte[] world = control().snapshot();
        int before = control().log().size();
        task.run();
        end.run();
        TreeSet<String> operations = operations(before);
        assertTrue(operations.toString(), operations.stream().anyMatch(FaultSweepTest::isWrite));
        for (Fault fault : Fault.values()) {
            control().restore(world);
            lab().restart();
            operations.forEach(operation -> fault.at(control(), operation));
            checked(fault.name(), task, end);
        }
        for (String write : operations) {
            if (isWrite(write)) {
                control().restore(world);
                lab().restart();
                expired(write, task);
                checked("expired after " + write, () -> null, end);
            }
        }
    }

    private static void checked(String what, CutOff.Task task, Runnable end) throws Exception {
        try {
            task.run();
            end.run();
        } catch (AssertionError e) {
            throw new AssertionError(what + ": " + e.getMessage(), e);
        }
    }

    /** The credentials die, and the answer is lost, right after the first such request had its effect. */
    private void expired(String write, CutOff.Task task) throws Exception {
        String[] parts = write.split(":");
        control().arm(parts[0], parts[1], "*", 1, "after");
        var thrown = new Throwable[1];
        var thread = new Thread(() -> {
            try {
                task.run();
            } catch (Exception | AssertionError e) {
                thrown[0] = e;
            }
        });
        thread.start();
        SandboxLab.await(write, () -> control().crashReached() || !thread.isAlive());
        assertTrue(write + " was reached", control().crashReached());
        control().expireTokens();
        control().disarm();
        thread.join(Patience.MILLIS);
        assertFalse(write + " did not end", thread.isAlive());
        assertNull("expired after " + write + ": " + thrown[0], thrown[0]);
    }

    private void deployed(Deployer.Work work, Plan.TargetPlan step) throws InterruptedException {
        var result = lab().deploy(work, step);
        assertEquals(result.detail(), Status.DONE, result.status());
    }

    private void undone(Deployer.Work work, Plan.TargetPlan step, Published to) throws InterruptedException {
        Deployer.Undoing undone = lab().deployer().undo(work, 1, step, to, lab().progress);
        assertNull(undone.detail(), undone.failure());
    }

    private void happened(int times, String type, String id, String what) {
        assertEquals(type + " " + what, times, sandbox.happened(type, id, what));
    }

    @Test
    @Shows(table = Shows.DEPLOYING, cell = "stack: every fault once")
    public void aStackIsUpdatedOnceAndBroughtBackOnce() throws Exception {
        Published old = lab().publish("1.0.0", 128, AwsSuite.V1);
        lab().promote(lab().work("orders.dev.1", old));
        var work = lab().work("orders.dev.2", lab().publish("1.1.0", 256, AwsSuite.V2));
        Plan.TargetPlan step = lab().plan(work, 1).targets().get(0);
        sweep(
                () -> {
                    deployed(work, step);
                    return null;
                },
                () -> {
                    happened(2, "cloudformation:change-set", "orders-dev/*", "execute");
                    happened(1, "cloudformation:resource", "orders-dev/OrdersFunction", "update");
                });
        sweep(
                () -> {
                    undone(work, step, old);
                    return null;
                },
                () -> {
                    happened(3, "cloudformation:change-set", "orders-dev/*", "execute");
                    happened(2, "cloudformation:resource", "orders-dev/OrdersFunction", "update");
                });
    }

    @Test
    @Shows(table = Shows.DEPLOYING, cell = "stack: every fault once")
    public void aStackIsPlannedWithoutAnyEffect() throws Exception {
        lab().promote(lab().work("orders.dev.1", lab().publish("1.0.0", 128, AwsSuite.V1)));
        var work = lab().work("orders.dev.2", lab().publish("1.1.0", 256, AwsSuite.V2));
        var first = new Plan.Content[1];
        sweep(
                () -> {
                    Plan.Content content = lab().plan(work, 1).targets().get(0).content();
                    first[0] = first[0] == null ? content : first[0];
                    assertEquals(first[0], content);
                    return null;
                },
                () -> happened(1, "cloudformation:change-set", "orders-dev/*", "execute"));
    }

    private void function(TrafficShift strategy, int moves, String... alarms) throws Exception {
        Published old = function.publish("1.0.0", FunctionLab.target(null, Map.of()), AwsSuite.V1);
        var target = FunctionLab.target(strategy, Map.of("memorySize", "256"), alarms);
        var work = function.work("orders.dev.1", function.publish("1.1.0", target, AwsSuite.V2));
        Plan.TargetPlan step = lab().plan(work, 1).targets().get(0);
        sweep(
                () -> {
                    deployed(work, step);
                    return null;
                },
                () -> {
                    assertEquals("2", function.routing());
                    happened(1, "lambda:function", FUNCTION, "update-code");
                    happened(1, "lambda:function", FUNCTION, "update-configuration");
                    happened(2, "lambda:version", FUNCTION + ":*", "publish");
                    happened(moves, "lambda:alias", FUNCTION + ":live", "update");
                });
        sweep(
                () -> {
                    undone(work, step, old);
                    return null;
                },
                () -> {
                    assertEquals("1", function.routing());
                    happened(2, "lambda:function", FUNCTION, "update-code");
                    happened(2, "lambda:function", FUNCTION, "update-configuration");
                    happened(2, "lambda:version", FUNCTION + ":*", "publish");
                    happened(moves + 1, "lambda:alias", FUNCTION + ":live", "update");
                });
    }

    @Test
    @Shows(table = Shows.DEPLOYING, cell = "allAtOnce: every fault once")
    public void allCallsAreShiftedOnceAndBackOnce() throws Exception {
        function(null, 1);
    }

    @Test
    @Shows(table = Shows.DEPLOYING, cell = "canary: every fault once")
    public void aCanaryIsShiftedOnceAndBackOnce() throws Exception {
        function(new TrafficShift(10, 1), 2, FunctionLab.ALARM);
    }

    private Published site(String version, String... files) throws Exception {
        var target = new Manifest.Site(
                "web", List.of(), List.of(), "dist/web", SandboxLab.SITE, SandboxLab.DISTRIBUTION, true, null);
        var contents = new java.util.HashMap<String, String>();
        for (String file : files) {
            contents.put("dist/web/" + file, file + " of " + version);
        }
        return lab().publish(version, OrdersSamples.manifest(target), contents);
    }

    private String keys() {
        try (var scope = lab().scope()) {
            return scope
                    .session(lab().accounts.get(Lab.DEV), AwsSessions.Purpose.DEPLOY, Lab.REGION)
                    .s3(Lab.REGION)
                    .listObjectsV2(r -> r.bucket(SandboxLab.SITE))
                    .contents()
                    .stream()
                    .map(o -> o.key())
                    .sorted()
                    .toList()
                    .toString();
        }
    }

    @Test
    @Shows(table = Shows.DEPLOYING, cell = "site: every fault once")
    public void aSiteIsReplacedAndInvalidatedOnceAndBackOnce() throws Exception {
        Published old = site("1.0.0", "index.html", "old.css");
        lab().promote(lab().work("orders.dev.1", old));
        var work = lab().work("orders.dev.2", site("1.1.0", "index.html", "new.css"));
        Plan.TargetPlan step = lab().plan(work, 1).targets().get(0);
        sweep(
                () -> {
                    deployed(work, step);
                    return null;
                },
                () -> {
                    assertEquals("[index.html, new.css]", keys());
                    assertEquals(2, sandbox.invalidations());
                });
        sweep(
                () -> {
                    undone(work, step, old);
                    return null;
                },
                () -> {
                    assertEquals("[index.html, old.css]", keys());
                    assertEquals(3, sandbox.invalidations());
                });
    }
}
