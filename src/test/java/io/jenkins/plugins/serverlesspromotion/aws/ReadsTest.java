package io.jenkins.plugins.serverlesspromotion.aws;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.serverlesspromotion.aws.cloudformation.LiveStack;
import io.jenkins.plugins.serverlesspromotion.aws.session.AwsSessions;
import io.jenkins.plugins.serverlesspromotion.aws.stack.StackPlanner;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Deployment.Status;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Fact;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.engine.port.Deployer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.Rule;
import org.junit.Test;

/** What is asked of AWS for one promotion: nothing twice, and all that may have changed once more. */
public class ReadsTest {
    @Rule
    public final SandboxLab sandbox = new SandboxLab();

    private Lab lab() {
        return sandbox.lab();
    }

    private Deployer.Work work(String promotion, String version, int memory, String code) throws Exception {
        return lab().work(promotion, lab().publish(version, memory, code));
    }

    private List<String> operations(int from, Predicate<JsonNode> which) {
        List<JsonNode> log = sandbox.control().log();
        return log.subList(from, log.size()).stream()
                .filter(which)
                .map(e -> e.path("operation").asText())
                .toList();
    }

    private static boolean cloudFormation(JsonNode entry) {
        return entry.path("service").asText().equals("cloudformation");
    }

    private int now() {
        return sandbox.control().log().size();
    }

    /** Memory of the function that is live. */
    private int memory;

    /** A stack is live, changed at a time that tells its state: one in a thousand falls on a whole second. */
    private void live() throws Exception {
        LiveStack stack;
        int round = 0;
        do {
            memory = 128 * ++round;
            Fact.StepResult result = lab().promote(work("orders.dev." + round, "1.0." + round, memory, AwsSuite.V1))
                    .values()
                    .iterator()
                    .next();
            assertEquals(result.detail(), Status.DONE, result.status());
            sandbox.control().settle();
            try (var scope = lab().scope()) {
                stack = LiveStack.read(
                        scope.session(Lab.account(Lab.DEV, "222222222222"), AwsSessions.Purpose.PLAN, Lab.REGION)
                                .cloudFormation(Lab.REGION),
                        "orders-dev");
            }
        } while (stack.stamp() == null);
    }

    @Test
    public void whatIsLiveAlreadyTakesThreeReads() throws Exception {
        live();
        var work = work("orders.dev.next", "1.1.0", memory, AwsSuite.V1);
        int from = now();
        Fact.StepResult result = lab().promote(work).values().iterator().next();
        assertEquals(result.detail(), Status.UNCHANGED, result.status());
        assertEquals(
                "the stack, its template, and the stack again before it is said to be as wanted",
                List.of("DescribeStacks", "GetTemplate", "DescribeStacks"),
                operations(from, ReadsTest::cloudFormation));
        assertEquals(
                "each role once, and each account compared once",
                List.of("AssumeRole", "AssumeRole", "GetCallerIdentity", "GetCallerIdentity"),
                operations(from, e -> e.path("service").asText().equals("sts")).stream()
                        .sorted()
                        .toList());
    }

    @Test
    public void aChangeSetThatWasJustMadeIsExecutedAfterOneLookAtTheStack() throws Exception {
        live();
        var work = work("orders.dev.next", "1.1.0", memory + 64, AwsSuite.V2);
        Plan.TargetPlan step = lab().plan(work, 1).targets().get(0);
        int from = now();
        Fact.StepResult result = lab().deploy(work, step);
        assertEquals(result.detail(), Status.DONE, result.status());
        assertEquals(
                List.of("DescribeStacks", "ExecuteChangeSet"),
                operations(from, ReadsTest::cloudFormation).subList(0, 2));
    }

    @Test
    public void whoWasNotThereWhenItWasPlannedReadsItAll() throws Exception {
        live();
        var work = work("orders.dev.next", "1.1.0", memory + 64, AwsSuite.V2);
        Plan.TargetPlan step = lab().plan(work, 1).targets().get(0);
        lab().restart();
        int from = now();
        Fact.StepResult result = lab().deploy(work, step);
        assertEquals(result.detail(), Status.DONE, result.status());
        assertEquals(
                List.of("DescribeStacks", "GetTemplate", "DescribeChangeSet", "ExecuteChangeSet"),
                operations(from, ReadsTest::cloudFormation).subList(0, 4));
    }

    @Test
    public void aChangeSetThatSomebodyDeletedIsMadeAgain() throws Exception {
        live();
        var work = work("orders.dev.next", "1.1.0", memory + 64, AwsSuite.V2);
        Plan.TargetPlan step = lab().plan(work, 1).targets().get(0);
        String planned = step.handles().get(StackPlanner.CHANGE_SET);
        try (var scope = lab().scope()) {
            scope.session(Lab.account(Lab.DEV, "222222222222"), AwsSessions.Purpose.DEPLOY, Lab.REGION)
                    .cloudFormation(Lab.REGION)
                    .deleteChangeSet(r -> r.changeSetName(planned));
        }
        Fact.StepResult result = lab().deploy(work, step);
        assertEquals(result.detail(), Status.DONE, result.status());
        assertEquals(
                "one of them was never executed",
                sandbox.happened("cloudformation:change-set", "orders-dev/*", "execute") + 1,
                sandbox.happened("cloudformation:change-set", "orders-dev/*", "create"));
    }

    @Test
    public void anUpdateIsFollowedWithoutReadsUntilItShouldBeOver() throws Exception {
        live();
        for (int n = 2; n <= 3; n++) {
            var work = work("orders.dev.next" + n, "1." + n + ".0", memory + 64 * n, AwsSuite.V2);
            Fact.StepResult result = lab().promote(work).values().iterator().next();
            assertEquals(result.detail(), Status.DONE, result.status());
            sandbox.control().settle();
        }
        // Slower than any update so far: there is no end before a second look.
        sandbox.control().timeScale(0.02);
        var work = work("orders.dev.last", "1.4.0", 3008, AwsSuite.V2);
        Plan.TargetPlan step = lab().plan(work, 1).targets().get(0);
        int from = now();
        lab().deploy(work, step);
        List<JsonNode> log = sandbox.control().log();
        List<JsonNode> looks = log.subList(from, log.size()).stream()
                .filter(e -> e.path("operation").asText().matches("ExecuteChangeSet|DescribeStackEvents"))
                .toList();
        Instant executed = Instant.parse(looks.get(0).path("at").asText());
        Instant first = Instant.parse(looks.get(1).path("at").asText());
        // Two levels of 30 ms each in the time of this sandbox.
        assertTrue(executed + " and " + first, !first.isBefore(executed.plusMillis(30)));
    }

    @Test
    public void aStampNamesAStateOnlyWhereTwoCannotHaveTheSame() {
        assertNotNull(stack("UPDATE_COMPLETE", "2026-11-21T12:00:00.123Z").stamp());
        assertNull(
                "an update is under way",
                stack("UPDATE_IN_PROGRESS", "2026-11-21T12:00:00.123Z").stamp());
        assertNull(
                "a second has room for two",
                stack("UPDATE_COMPLETE", "2026-11-21T12:00:00Z").stamp());
    }

    private static LiveStack stack(String status, String changed) {
        return new LiveStack(
                "orders-dev", "arn:stack", status, Instant.parse(changed), Map.of(), Map.of(), Map.of(), null);
    }
}
