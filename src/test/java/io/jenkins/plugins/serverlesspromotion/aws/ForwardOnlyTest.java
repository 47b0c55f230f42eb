package io.jenkins.plugins.serverlesspromotion.aws;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;

import io.jenkins.plugins.serverlesspromotion.aws.stack.StackPlanner;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Deployment.Status;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Fact;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.engine.port.Deployer;
import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest;
import io.jenkins.plugins.serverlesspromotion.engine.release.Published;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.Rule;
import org.junit.Test;

/** A rollback by hand over targets that go forward only. */
public class ForwardOnlyTest {
    private static final String QUEUE = "orders-dev/eu-west-1/queue";
    private static final String CONSUMER = "orders-dev/eu-west-1/consumer";
    private static final String WEB = "orders-dev/eu-west-1/web";

    @Rule
    public final SandboxLab sandbox = new SandboxLab();

    private Lab lab() {
        return sandbox.lab();
    }

    private Published release(String version, String suffix, String page) throws Exception {
        var files = new LinkedHashMap<String, String>();
        files.put("queue.yaml", OrdersSamples.queue(suffix));
        files.put("consumer.yaml", OrdersSamples.consumer());
        files.put("dist/web/index.html", page);
        return lab().publish(
                        version,
                        OrdersSamples.manifest(
                                OrdersSamples.stack(
                                        "consumer",
                                        "consumer.yaml",
                                        "orders-consumer-${environment}",
                                        Map.of("Queue", "${output.queue.QueueName}")),
                                OrdersSamples.stack(
                                        "queue",
                                        "queue.yaml",
                                        "orders-queue-${environment}",
                                        Map.of("Environment", "${environment}")),
                                new Manifest.Site("web", List.of(), List.of(), "dist/web", SandboxLab.SITE, null)),
                        files);
    }

    private Deployer.Work keeping(Deployer.Work work, String... kept) {
        return new Deployer.Work(
                work.controller(),
                work.promotion(),
                work.release(),
                work.rules(),
                work.store(),
                work.storeAccount(),
                work.approvers(),
                List.of(kept),
                work.owners());
    }

    @Test
    public void whatGoesForwardOnlyStaysAndIsSaidFirst() throws Exception {
        Published old = release("1.0.0", "", "one");
        lab().promote(lab().work("orders.dev.1", old));
        lab().promote(lab().work("orders.dev.2", release("1.1.0", "-2", "two")));
        var work = keeping(lab().work("orders.dev.3", old), "queue", "web");
        Plan plan = lab().plan(work, 1);
        Plan.Content queue = plan.target(QUEUE).orElseThrow().content();
        assertEquals(List.of(), queue.changes());
        assertEquals(Plan.Exactness.EXACT, queue.exactness());
        assertEquals(
                List.of(new Plan.Finding(
                        "forwardOnly",
                        "queue",
                        "target queue goes forward only: it stays as it is, although orders@1.0.0 has it otherwise (1"
                                + " change)")),
                queue.findings());
        assertFalse(plan.target(QUEUE).orElseThrow().handles().containsKey(StackPlanner.CHANGE_SET));
        // The consumer sees the outputs of what stays, not of the release it belongs to.
        assertEquals(
                "orders-work-dev-2",
                plan.target(CONSUMER).orElseThrow().content().values().get("Queue"));
        long executed = sandbox.happened("cloudformation:change-set", "orders-queue-dev/*", "execute");
        Map<String, Fact.StepResult> results = lab().carryOut(work, plan);
        assertEquals(results.toString(), Status.UNCHANGED, results.get(QUEUE).status());
        assertEquals(queue.findings().get(0).sentence(), results.get(QUEUE).detail());
        assertEquals(
                Map.of("QueueName", "orders-work-dev-2"), results.get(QUEUE).outputs());
        assertEquals(results.toString(), Status.UNCHANGED, results.get(WEB).status());
        assertEquals(results.toString(), Status.UNCHANGED, results.get(CONSUMER).status());
        assertEquals(executed, sandbox.happened("cloudformation:change-set", "orders-queue-dev/*", "execute"));
    }

    @Test
    public void whatIsAlreadyAsTheOldReleaseHasItNeedsNoWord() throws Exception {
        Published old = release("1.0.0", "", "one");
        lab().promote(lab().work("orders.dev.1", old));
        Plan plan = lab().plan(keeping(lab().work("orders.dev.2", old), "queue", "web"), 1);
        plan.targets().forEach(t -> assertEquals(List.of(), t.content().findings()));
    }
}
