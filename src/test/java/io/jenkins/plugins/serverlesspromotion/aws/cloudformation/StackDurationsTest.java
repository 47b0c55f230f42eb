package io.jenkins.plugins.serverlesspromotion.aws.cloudformation;

import static org.junit.Assert.assertEquals;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.Test;
import software.amazon.awssdk.services.cloudformation.model.StackEvent;

/** What a stack's past tells about how long the next operation takes. */
public class StackDurationsTest {
    private static final String STACK = "arn:aws:cloudformation:eu-west-1:222222222222:stack/orders-dev/1";
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

    private final StackDurations stackDurations = new StackDurations();

    private static StackEvent event(int second, String status) {
        return StackEvent.builder()
                .stackId(STACK)
                .physicalResourceId(STACK)
                .timestamp(NOON.plusSeconds(second))
                .resourceStatus(status)
                .build();
    }

    private static StackEvent ofFunction(int second, String status) {
        return event(second, status).toBuilder()
                .physicalResourceId("orders-api")
                .build();
    }

    @Test
    public void anUpdateEndsWhenItsResourcesAreDoneNotWhenTheOldOnesAreGone() {
        stackDurations.learn(
                STACK,
                List.of(
                        event(0, "UPDATE_IN_PROGRESS"),
                        ofFunction(1, "UPDATE_IN_PROGRESS"),
                        ofFunction(11, "UPDATE_COMPLETE"),
                        event(12, "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS"),
                        event(60, "UPDATE_COMPLETE")));
        assertEquals(Optional.of(Duration.ofSeconds(12)), stackDurations.update(STACK));
        assertEquals(Optional.empty(), stackDurations.update(STACK + "2"));
    }

    @Test
    public void theShortestOfTheLastThreeIsExpected() {
        for (int seconds : List.of(5, 40, 20, 30)) {
            stackDurations.learn(STACK, List.of(event(0, "UPDATE_IN_PROGRESS"), event(seconds, "UPDATE_COMPLETE")));
        }
        assertEquals(Optional.of(Duration.ofSeconds(20)), stackDurations.update(STACK));
    }

    @Test
    public void whatFailedWasCreatedOrHasNoBeginTellsNothing() {
        stackDurations.learn(
                STACK,
                List.of(
                        event(0, "UPDATE_COMPLETE"),
                        event(1, "CREATE_IN_PROGRESS"),
                        event(2, "CREATE_COMPLETE"),
                        event(3, "UPDATE_IN_PROGRESS"),
                        event(4, "UPDATE_ROLLBACK_IN_PROGRESS"),
                        event(5, "UPDATE_ROLLBACK_COMPLETE"),
                        event(6, "UPDATE_IN_PROGRESS")));
        assertEquals(Optional.empty(), stackDurations.update(STACK));
    }

    @Test
    public void aChangeSetIsLookedAtInTheMiddleOfWhatIsOpenUntilLittleIs() {
        stackDurations.changeSetTook("orders-dev", Duration.ofSeconds(2), Duration.ofSeconds(6));
        assertEquals(Optional.of(Duration.ofSeconds(4)), stackDurations.changeSet("orders-dev"));
        stackDurations.changeSetTook("orders-dev", Duration.ZERO, Duration.ofSeconds(4));
        assertEquals(
                "not ready at 2 is still known",
                Optional.of(Duration.ofSeconds(3)),
                stackDurations.changeSet("orders-dev"));
        stackDurations.changeSetTook("orders-dev", Duration.ofSeconds(3), Duration.ofSeconds(4));
        assertEquals(Optional.of(Duration.ofSeconds(4)), stackDurations.changeSet("orders-dev"));
    }
}
