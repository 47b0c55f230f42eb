package io.jenkins.plugins.serverlesspromotion.aws.cloudformation;

import io.jenkins.plugins.serverlesspromotion.aws.call.Pace;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;
import software.amazon.awssdk.services.cloudformation.model.StackEvent;

/** Reads the events of one operation from a stack. Each event has the token of its operation. */
public final class StackEvents {
    /** 100 events each. A stack of the largest size writes about ten pages in one operation. */
    private static final int MOST_PAGES = 50;

    /** Different machines of AWS set the times of events and change sets. */
    private static final Duration SKEW = Duration.ofMinutes(1);

    /** How often events are read again that appear later than their stack's state, and the pause between two reads. */
    private static final int LOOKS = 5;

    private static final Duration LOOK_WAIT = Duration.ofSeconds(2);

    private StackEvents() {}

    /**
     * The events that came after {@code seen}, oldest first.
     *
     * @param seen id of the newest event known, null for all
     * @param since events before this are ignored; null for all
     */
    public static List<StackEvent> after(CloudFormationClient client, String stack, String seen, Instant since) {
        return after(client, stack, seen, since, new ArrayList<>());
    }

    /** @param older receives the events before {@code since} that were read on the way, oldest first */
    static List<StackEvent> after(
            CloudFormationClient client, String stack, String seen, Instant since, List<StackEvent> older) {
        var found = new ArrayList<StackEvent>();
        String next = null;
        for (int page = 0; page < MOST_PAGES; page++) {
            String from = next;
            var response = client.describeStackEvents(r -> r.stackName(stack).nextToken(from));
            for (StackEvent event : response.stackEvents()) {
                boolean old = since != null
                        && event.timestamp() != null
                        && event.timestamp().isBefore(since.minus(SKEW));
                if (old || event.eventId().equals(seen)) {
                    List<StackEvent> all = response.stackEvents();
                    older.addAll(all.subList(all.indexOf(event), all.size()));
                    Collections.reverse(older);
                    Collections.reverse(found);
                    return found;
                }
                found.add(event);
            }
            next = response.nextToken();
            if (next == null) {
                break;
            }
        }
        Collections.reverse(found);
        return found;
    }

    /**
     * Reads the events again until they are complete, because CloudFormation may show an event later than the state
     * that it belongs to.
     *
     * @return the last ones read, also when they are not complete after some seconds
     */
    public static List<StackEvent> await(
            Supplier<List<StackEvent>> read, Predicate<List<StackEvent>> complete, Pace pace)
            throws InterruptedException {
        for (int look = 1; ; look++) {
            List<StackEvent> events = read.get();
            if (look == LOOKS || complete.test(events)) {
                return events;
            }
            pace.sleep(LOOK_WAIT);
        }
    }

    public static List<StackEvent> of(String token, List<StackEvent> events) {
        return events.stream().filter(e -> token.equals(e.clientRequestToken())).toList();
    }

    /**
     * Whether {@code events} contain the current state of the stack: CloudFormation may show an event later than the
     * state.
     *
     * @param events since {@code since}; null: all
     */
    public static boolean areComplete(LiveStack live, Instant since, List<StackEvent> events) {
        boolean older =
                since != null && live.changed() != null && live.changed().isBefore(since.minus(SKEW));
        return !live.exists()
                || live.changed() == null
                || older
                || events.stream()
                        .anyMatch(e -> isOfStack(e)
                                && live.status().equals(e.resourceStatusAsString())
                                && !e.timestamp().isBefore(live.changed().minusSeconds(1)));
    }

    /** The state in which the operation has ended, empty while it is running. */
    public static Optional<String> end(List<StackEvent> events) {
        return events.stream()
                .filter(StackEvents::isOfStack)
                .map(StackEvent::resourceStatusAsString)
                .filter(StackState::isEnd)
                .reduce((a, b) -> b);
    }

    /**
     * The first failure: {@code OrdersFunction: The role … cannot be assumed by Lambda}. Later failures are its
     * consequences, and the state of the stack does not explain the cause.
     */
    public static String firstCause(List<StackEvent> events) {
        return events.stream()
                .filter(e -> !isOfStack(e)
                        && String.valueOf(e.resourceStatusAsString()).endsWith("_FAILED")
                        && !String.valueOf(e.resourceStatusReason())
                                .toLowerCase(Locale.ROOT)
                                .contains("cancelled"))
                .findFirst()
                .or(() -> events.stream()
                        .filter(e -> isOfStack(e)
                                && e.resourceStatusReason() != null
                                && !e.resourceStatusReason().equals("User Initiated"))
                        .findFirst())
                .map(e -> e.logicalResourceId() + ": " + e.resourceStatusReason())
                .orElse("CloudFormation gave no reason");
    }

    public static boolean isOfStack(StackEvent event) {
        return event.stackId() != null && event.stackId().equals(event.physicalResourceId());
    }

    /** {@code OrdersFunction UPDATE_FAILED: The role …} */
    public static String line(StackEvent event) {
        String reason = event.resourceStatusReason();
        return event.logicalResourceId() + " " + event.resourceStatusAsString()
                + (reason == null || reason.isBlank() ? "" : ": " + reason);
    }
}
