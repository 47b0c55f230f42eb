package io.jenkins.plugins.serverlesspromotion.aws.cloudformation;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.Shows;
import java.util.Map;
import org.junit.Test;
import software.amazon.awssdk.services.cloudformation.model.StackStatus;

/** Every state that CloudFormation knows has its row. */
public class StackStateTest {
    private static final Map<String, StackState> ROWS = Map.ofEntries(
            Map.entry("REVIEW_IN_PROGRESS", StackState.ABSENT),
            Map.entry("DELETE_COMPLETE", StackState.ABSENT),
            Map.entry("CREATE_FAILED", StackState.NEVER_CREATED),
            Map.entry("ROLLBACK_COMPLETE", StackState.NEVER_CREATED),
            Map.entry("ROLLBACK_FAILED", StackState.NEVER_CREATED),
            Map.entry("CREATE_COMPLETE", StackState.READY),
            Map.entry("UPDATE_COMPLETE", StackState.READY),
            Map.entry("IMPORT_COMPLETE", StackState.READY),
            Map.entry("UPDATE_ROLLBACK_COMPLETE", StackState.READY),
            Map.entry("IMPORT_ROLLBACK_COMPLETE", StackState.READY),
            Map.entry("UPDATE_FAILED", StackState.HALF_UPDATED),
            Map.entry("UPDATE_ROLLBACK_FAILED", StackState.STUCK),
            Map.entry("IMPORT_ROLLBACK_FAILED", StackState.STUCK),
            Map.entry("DELETE_FAILED", StackState.HALF_DELETED));

    @Test
    @Shows(
            table = Shows.STACK_STATES,
            cell = {"IMPORT_COMPLETE", "IMPORT_ROLLBACK_COMPLETE", "IMPORT_ROLLBACK_FAILED"})
    public void everyStateOfTheSdkHasARow() {
        for (StackStatus status : StackStatus.knownValues()) {
            String name = status.toString();
            StackState expected = ROWS.getOrDefault(name, name.endsWith("_IN_PROGRESS") ? StackState.BUSY : null);
            assertEquals(name, expected, StackState.of(name));
        }
        assertEquals(StackState.ABSENT, StackState.of(null));
        assertEquals(StackState.UNKNOWN, StackState.of("SOMETHING_NEW"));
    }

    @Test
    public void whatCannotBeChangedSaysWhyAndWhatToDo() {
        for (StackState state : StackState.values()) {
            if (!state.canChange()) {
                String sentence = state.refusal("stack orders in dev/eu-west-1", "THE_STATE");
                assertTrue(sentence, sentence.startsWith("stack orders in dev/eu-west-1 is THE_STATE: "));
                assertTrue(sentence, sentence.contains("plan again") || sentence.contains("console"));
            }
        }
    }

    @Test
    @Shows(table = Shows.STACK_STATES, cell = "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS")
    public void anUpdateThatCleansUpHasSucceededAndARollbackNever() {
        assertTrue(StackState.isEnd("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS"));
        assertTrue(StackState.isSuccess("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS"));
        assertEquals(StackState.BUSY, StackState.of("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS"));
        assertFalse(StackState.isSuccess("UPDATE_ROLLBACK_COMPLETE"));
        assertFalse(StackState.isSuccess("ROLLBACK_COMPLETE"));
        assertFalse(StackState.isEnd("UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS"));
    }
}
