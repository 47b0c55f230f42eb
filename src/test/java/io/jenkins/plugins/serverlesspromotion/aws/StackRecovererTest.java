package io.jenkins.plugins.serverlesspromotion.aws;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.Shows;
import io.jenkins.plugins.serverlesspromotion.aws.cloudformation.LiveStack;
import io.jenkins.plugins.serverlesspromotion.aws.session.AwsSessions;
import io.jenkins.plugins.serverlesspromotion.aws.stack.StackRecoverer;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Deployment.Status;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Fact;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.engine.port.Deployer;
import io.jenkins.plugins.serverlesspromotion.engine.port.Recoverer.Diagnosis;
import io.jenkins.plugins.serverlesspromotion.engine.port.Recoverer.RecoveryAction;
import io.jenkins.plugins.serverlesspromotion.engine.port.Recoverer.RecoveryResult;
import io.jenkins.plugins.serverlesspromotion.format.template.TemplateReader;
import io.jenkins.plugins.serverlesspromotion.sandbox.NewRole;
import io.jenkins.plugins.serverlesspromotion.sandbox.Variant;
import java.util.List;
import java.util.function.Consumer;
import org.junit.Rule;
import org.junit.Test;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;
import software.amazon.awssdk.services.cloudformation.model.Parameter;
import software.amazon.awssdk.services.cloudformation.model.Tag;

/**
 * Every row of the table of stack states: how a stack comes into it, what planning and deploying do with it, what a
 * person may choose, and that a promotion works after the choice.
 */
public class StackRecovererTest {
    private static final String KEY = "orders-dev/eu-west-1/api";
    private static final String STACK = "orders-dev";
    private static final String V1 = AwsSuite.V1;
    private static final String V2 = AwsSuite.V2;
    private static final String EXECUTION = "arn:aws:iam::222222222222:role/promotion-cfn";

    @Rule
    public final SandboxLab sandbox = new SandboxLab();

    private int promotions;

    private Lab lab() {
        return sandbox.lab();
    }

    private StackRecoverer doctor() {
        return new StackRecoverer(lab().sessions(), new TemplateReader());
    }

    private Deployer.Work work(String version, int memory, String code) throws Exception {
        return lab().work("orders.dev." + ++promotions, lab().publish(version, memory, code));
    }

    private Diagnosis diagnosis(Deployer.Work work) throws InterruptedException {
        List<Diagnosis> all = doctor().examine(work);
        assertEquals(1, all.size());
        assertEquals(KEY, all.get(0).key());
        assertEquals(STACK, all.get(0).stack());
        return all.get(0);
    }

    private Diagnosis stuck(Deployer.Work work, String state, String why, RecoveryAction... choices) throws Exception {
        Diagnosis found = diagnosis(work);
        assertEquals(state, found.state());
        assertTrue(found.why(), found.stuck());
        assertTrue(found.why(), found.why().contains(why));
        assertEquals(
                List.of(choices), found.options().stream().map(o -> o.choice()).toList());
        Deployer.Planning planning = lab().deployer().plan(work, 99, lab().progress);
        assertEquals("nothing is planned on top of it", 1, planning.problems().size());
        assertTrue(
                planning.problems().get(0).cause(),
                planning.problems().get(0).cause().contains(state));
        return found;
    }

    private RecoveryResult treated(
            Deployer.Work work, Diagnosis diagnosis, RecoveryAction recoveryAction, String... resources)
            throws InterruptedException {
        return doctor().recover(work, diagnosis, recoveryAction, List.of(resources), "order-" + promotions);
    }

    private void deploys(String version, int memory, String code) throws Exception {
        Fact.StepResult result = lab().promote(work(version, memory, code)).get(KEY);
        assertEquals(result.detail(), Status.DONE, result.status());
    }

    /** As somebody with rights would do it by hand. */
    private void byHand(Consumer<CloudFormationClient> call) {
        try (var scope = lab().scope()) {
            call.accept(scope.session(lab().accounts.get(Lab.DEV), AwsSessions.Purpose.DEPLOY, Lab.REGION)
                    .cloudFormation(Lab.REGION));
        }
    }

    private void await(String state) {
        SandboxLab.await(state, () -> {
            var status = new String[1];
            byHand(client -> status[0] = LiveStack.read(client, STACK).status());
            return state.equals(status[0]);
        });
    }

    private static Parameter parameter(String key, String value) {
        return Parameter.builder().parameterKey(key).parameterValue(value).build();
    }

    private static final String TOPIC = """
            Parameters:
              Name: {Type: String}
            Resources:
              Topic: {Type: AWS::SNS::Topic, Properties: {DisplayName: !Ref Name}}
              Second: {Type: AWS::SNS::Topic, DependsOn: Topic, Properties: {DisplayName: !Ref Name}}
            """;

    private void updateByHand(String name) {
        byHand(client -> client.updateStack(r -> r.stackName(STACK)
                .templateBody(TOPIC)
                .parameters(parameter("Name", name))
                .roleARN(EXECUTION)
                .capabilitiesWithStrings("CAPABILITY_IAM")
                .disableRollback(true)));
    }

    @Test
    @Shows(table = Shows.STACK_STATES, cell = "(absent)")
    public void absentIsCreated() throws Exception {
        Diagnosis found = diagnosis(work("1.0.0", 128, V1));
        assertNull(found.state());
        assertFalse(found.stuck());
        deploys("1.0.0", 128, V1);
    }

    @Test
    @Shows(table = Shows.STACK_STATES, cell = "REVIEW_IN_PROGRESS")
    public void reviewInProgressIsCreatedToo() throws Exception {
        var work = work("1.0.0", 128, V1);
        lab().plan(work, 1);
        Diagnosis found = diagnosis(work);
        assertEquals("REVIEW_IN_PROGRESS", found.state());
        assertFalse(found.stuck());
        deploys("1.0.1", 256, V1);
    }

    @Test
    @Shows(table = Shows.STACK_STATES, cell = "CREATE_FAILED")
    public void createFailedIsDeletedOnAnOrder() throws Exception {
        sandbox.control().failResource(STACK, "Second", "no topics left", "forward");
        byHand(client -> NewRole.accepted(() -> client.createStack(r -> r.stackName(STACK)
                .templateBody(TOPIC)
                .parameters(parameter("Name", "one"))
                .roleARN(EXECUTION)
                .disableRollback(true))));
        await("CREATE_FAILED");
        var work = work("1.0.0", 128, V1);
        Diagnosis found = stuck(work, "CREATE_FAILED", "Second: no topics left", RecoveryAction.DELETE);
        assertEquals(
                "what is lost is named",
                List.of("Topic"),
                found.options().get(0).resources());
        RecoveryResult recoveryResult = treated(work, found, RecoveryAction.DELETE);
        assertTrue(recoveryResult.detail(), recoveryResult.good());
        assertEquals("DELETE_COMPLETE", recoveryResult.state());
        assertTrue(
                recoveryResult.requests().get(0),
                recoveryResult.requests().get(0).startsWith("cloudformation:DeleteStack "));
        deploys("1.0.1", 128, V1);
    }

    @Test
    @Shows(table = Shows.STACK_STATES, cell = "ROLLBACK_COMPLETE")
    public void rollbackCompleteIsDeletedOnAnOrder() throws Exception {
        var work = work("1.0.0", 128, V1);
        Plan plan = lab().plan(work, 1);
        sandbox.control().failResource(STACK, "OrdersFunction", "Runtime is not supported", "forward");
        assertEquals(Status.FAILED, lab().deploy(work, plan.targets().get(0)).status());
        Diagnosis found =
                stuck(work, "ROLLBACK_COMPLETE", "OrdersFunction: Runtime is not supported", RecoveryAction.DELETE);
        assertTrue(treated(work, found, RecoveryAction.DELETE).good());
        deploys("1.0.1", 128, V1);
    }

    @Test
    @Shows(table = Shows.STACK_STATES, cell = "ROLLBACK_FAILED")
    public void rollbackFailedIsDeletedOnAnOrder() throws Exception {
        var work = work("1.0.0", 128, V1);
        Plan plan = lab().plan(work, 1);
        sandbox.control().failResource(STACK, "OrdersFunction", "Runtime is not supported", "forward");
        sandbox.control().failResource(STACK, "OrdersRole", "it has policies", "rollback");
        lab().deploy(work, plan.targets().get(0));
        Diagnosis found = stuck(work, "ROLLBACK_FAILED", "Runtime is not supported", RecoveryAction.DELETE);
        assertTrue(treated(work, found, RecoveryAction.DELETE).good());
        deploys("1.0.1", 128, V1);
    }

    @Test
    @Shows(
            table = Shows.STACK_STATES,
            cell = {"CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE"})
    public void completeStatesAreUpdated() throws Exception {
        deploys("1.0.0", 128, V1);
        assertEquals("CREATE_COMPLETE", diagnosis(work("1.0.0", 128, V1)).state());
        deploys("1.1.0", 256, V1);
        assertEquals("UPDATE_COMPLETE", diagnosis(work("1.1.0", 256, V1)).state());
        var failing = work("1.2.0", 512, V1);
        Plan plan = lab().plan(failing, 1);
        sandbox.control().failResource(STACK, "OrdersFunction", "too much memory", "forward");
        Fact.StepResult result = lab().deploy(failing, plan.targets().get(0));
        assertEquals("it ends in COMPLETE and has failed", Status.FAILED, result.status());
        Diagnosis back = diagnosis(failing);
        assertEquals("UPDATE_ROLLBACK_COMPLETE", back.state());
        assertFalse(back.stuck());
        deploys("1.3.0", 512, V2);
    }

    @Test
    @Shows(table = Shows.STACK_STATES, cell = "UPDATE_FAILED")
    public void updateFailedIsRolledBackOnAnOrder() throws Exception {
        deploys("1.0.0", 128, V1);
        sandbox.control().failResource(STACK, "Second", "no topics left", "forward");
        updateByHand("two");
        await("UPDATE_FAILED");
        var work = work("1.1.0", 256, V1);
        Diagnosis found = stuck(work, "UPDATE_FAILED", "Second: no topics left", RecoveryAction.ROLL_BACK);
        RecoveryResult recoveryResult = treated(work, found, RecoveryAction.ROLL_BACK);
        assertTrue(recoveryResult.detail(), recoveryResult.good());
        assertEquals("UPDATE_ROLLBACK_COMPLETE", recoveryResult.state());
        deploys("1.1.1", 256, V1);
    }

    private Deployer.Work rollbackFailed() throws Exception {
        deploys("1.0.0", 128, V1);
        var work = work("1.1.0", 256, V2);
        Plan plan = lab().plan(work, 1);
        sandbox.control().failResource(STACK, "OrdersFunction", "it is on fire", "forward");
        sandbox.control().failResource(STACK, "OrdersFunction", "it is still on fire", "rollback");
        assertEquals(Status.FAILED, lab().deploy(work, plan.targets().get(0)).status());
        return work;
    }

    @Test
    @Shows(table = Shows.STACK_STATES, cell = "UPDATE_ROLLBACK_FAILED")
    public void updateRollbackFailedGoesOnWhenTheCauseIsMended() throws Exception {
        var work = rollbackFailed();
        Diagnosis found = stuck(
                work,
                "UPDATE_ROLLBACK_FAILED",
                "an update failed at OrdersFunction: it is on fire; its rollback failed at OrdersFunction: it is still"
                        + " on fire",
                RecoveryAction.CONTINUE_ROLLBACK,
                RecoveryAction.SKIP_RESOURCES);
        assertEquals(
                List.of("OrdersFunction"),
                found.option(RecoveryAction.SKIP_RESOURCES).orElseThrow().resources());
        RecoveryResult recoveryResult = treated(work, found, RecoveryAction.CONTINUE_ROLLBACK);
        assertTrue(recoveryResult.detail(), recoveryResult.good());
        assertEquals("UPDATE_ROLLBACK_COMPLETE", recoveryResult.state());
        deploys("1.2.0", 256, V2);
    }

    @Test
    public void aRollbackThatFailsOnceMoreSaysWhy() throws Exception {
        var work = rollbackFailed();
        Diagnosis found = diagnosis(work);
        sandbox.control().failResource(STACK, "OrdersFunction", "the fire is out of control", "rollback");
        RecoveryResult recoveryResult = treated(work, found, RecoveryAction.CONTINUE_ROLLBACK);
        assertFalse(recoveryResult.good());
        assertEquals("UPDATE_ROLLBACK_FAILED", recoveryResult.state());
        assertTrue(recoveryResult.detail(), recoveryResult.detail().contains("the fire is out of control"));
    }

    @Test
    @Shows(table = Shows.STACK_STATES, cell = "UPDATE_ROLLBACK_FAILED")
    public void whatARollbackCannotReachIsSkippedOnAnOrder() throws Exception {
        var work = rollbackFailed();
        Diagnosis found = diagnosis(work);
        sandbox.control().failResource(STACK, "OrdersFunction", "it is gone", "rollback");
        RecoveryResult recoveryResult = treated(work, found, RecoveryAction.SKIP_RESOURCES, "OrdersFunction");
        assertTrue(recoveryResult.detail(), recoveryResult.good());
        assertEquals("UPDATE_ROLLBACK_COMPLETE", recoveryResult.state());
    }

    @Test
    @Shows(table = Shows.STACK_STATES, cell = "DELETE_FAILED")
    public void deleteFailedIsDeletedAgainOrRetainsWhatItCannotDelete() throws Exception {
        deploys("1.0.0", 128, V1);
        sandbox.control().failResource(STACK, "OrdersRole", "it has policies", "cleanup");
        byHand(client -> client.deleteStack(r -> r.stackName(STACK)));
        await("DELETE_FAILED");
        var work = work("1.1.0", 128, V1);
        Diagnosis found = stuck(
                work,
                "DELETE_FAILED",
                "its deletion failed at OrdersRole: it has policies",
                RecoveryAction.DELETE,
                RecoveryAction.DELETE_AND_RETAIN);
        assertEquals(
                List.of("OrdersRole"),
                found.option(RecoveryAction.DELETE_AND_RETAIN).orElseThrow().resources());
        RecoveryResult recoveryResult = treated(work, found, RecoveryAction.DELETE_AND_RETAIN, "OrdersRole");
        assertTrue(recoveryResult.detail(), recoveryResult.good());
        deploys("1.1.1", 128, V1);
    }

    @Test
    public void aReasonWhoseEventsComeLateIsWaitedFor() throws Exception {
        sandbox.open(Variant.EVENTS_LAG);
        deleteFailedIsDeletedAgainOrRetainsWhatItCannotDelete();
        sandbox.open(Variant.EVENTS_LAG);
        aRollbackThatFailsOnceMoreSaysWhy();
    }

    @Test
    @Shows(table = Shows.STACK_STATES, cell = "*_IN_PROGRESS")
    public void whatIsBeingChangedIsLeftAlone() throws Exception {
        deploys("1.0.0", 128, V1);
        var work = work("1.1.0", 256, V1);
        Diagnosis ready = diagnosis(work);
        sandbox.control().timeScale(1000);
        updateByHand("two");
        Diagnosis found = diagnosis(work);
        assertEquals("UPDATE_IN_PROGRESS", found.state());
        assertEquals(List.of(), found.options());
        assertFalse("waiting helps", found.stuck());
        RecoveryResult recoveryResult = treated(work, ready, RecoveryAction.ROLL_BACK);
        assertFalse(recoveryResult.good());
        assertTrue(recoveryResult.detail(), recoveryResult.detail().startsWith("nothing was done"));
        assertEquals(List.of(), recoveryResult.requests());
        sandbox.control().settle();
    }

    @Test
    public void aProtectedStackIsNotDeletedWhoeverConfirmsIt() throws Exception {
        var work = work("1.0.0", 128, V1);
        Plan plan = lab().plan(work, 1);
        sandbox.control().failResource(STACK, "OrdersFunction", "Runtime is not supported", "forward");
        lab().deploy(work, plan.targets().get(0));
        byHand(client ->
                client.updateTerminationProtection(r -> r.stackName(STACK).enableTerminationProtection(true)));
        RecoveryResult recoveryResult = treated(work, diagnosis(work), RecoveryAction.DELETE);
        assertFalse(recoveryResult.good());
        assertTrue(recoveryResult.detail(), recoveryResult.detail().contains("termination protection"));
        assertEquals("ROLLBACK_COMPLETE", diagnosis(work).state());
    }

    @Test
    public void aStackOfAnotherServiceIsNotDeleted() throws Exception {
        sandbox.control().failResource(STACK, "Second", "no topics left", "forward");
        byHand(client -> NewRole.accepted(() -> client.createStack(r -> r.stackName(STACK)
                .templateBody(TOPIC)
                .parameters(parameter("Name", "one"))
                .tags(Tag.builder().key("promotion:service").value("billing").build())
                .roleARN(EXECUTION)
                .disableRollback(true))));
        await("CREATE_FAILED");
        var work = work("1.0.0", 128, V1);
        RecoveryResult recoveryResult = treated(work, diagnosis(work), RecoveryAction.DELETE);
        assertFalse(recoveryResult.good());
        assertTrue(recoveryResult.detail(), recoveryResult.detail().contains("belongs to another service"));
        assertEquals("CREATE_FAILED", diagnosis(work).state());
    }

    @Test
    public void theSameOrderTwiceIsOneOperation() throws Exception {
        var work = rollbackFailed();
        Diagnosis found = diagnosis(work);
        assertTrue(treated(work, found, RecoveryAction.CONTINUE_ROLLBACK).good());
        RecoveryResult again = treated(work, found, RecoveryAction.CONTINUE_ROLLBACK);
        assertTrue(again.detail(), again.detail().startsWith("nothing was done"));
        assertEquals(
                1,
                sandbox.control()
                        .log("cloudformation", "ContinueUpdateRollback")
                        .size());
    }
}
