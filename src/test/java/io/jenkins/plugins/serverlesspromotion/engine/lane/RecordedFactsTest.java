package io.jenkins.plugins.serverlesspromotion.engine.lane;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.engine.policy.Person;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.Test;

/** Nothing that a person or a build sends with a fact is recorded at any length. */
public class RecordedFactsTest {
    private static final String LONG = "x".repeat(100_000);
    private static final Set<String> MANY =
            IntStream.range(0, LaneLimits.PEOPLE + 10).mapToObj(i -> i + LONG).collect(Collectors.toSet());

    private static Object value(Class<?> type) {
        if (type == String.class) {
            return LONG;
        } else if (type == Set.class) {
            return MANY;
        } else if (type == Person.class) {
            return Lanes.ALICE;
        } else if (type == PromotionDecisions.Request.class) {
            return new PromotionDecisions.Request(LONG, MANY, new Lanes().now, LONG, LONG, LONG);
        }
        return Lanes.release(1);
    }

    /** All facts of people and builds, also those that are added later. */
    private static List<Fact> facts() throws Exception {
        var facts = new ArrayList<Fact>();
        for (Class<?> type : Fact.class.getPermittedSubclasses()) {
            RecordComponent[] parts = type.getRecordComponents();
            boolean brought = Arrays.stream(parts)
                    .anyMatch(p -> p.getType() == Person.class
                            || p.getType() == PromotionDecisions.Request.class
                            || p.getName().equals("by"));
            if (brought) {
                Class<?>[] types =
                        Arrays.stream(parts).map(RecordComponent::getType).toArray(Class<?>[]::new);
                Object[] values = Arrays.stream(parts)
                        .map(p -> p.getName().equals("promotion") ? "orders.prod.1" : value(p.getType()))
                        .toArray();
                facts.add((Fact) type.getDeclaredConstructor(types).newInstance(values));
            }
        }
        return facts;
    }

    @Test
    public void aFactOfAPersonOrABuildIsRecordedWithinLimits() throws Exception {
        List<Fact> facts = facts();
        assertTrue(facts.size() + " facts", facts.size() >= 13);
        for (Fact fact : facts) {
            int bytes = LimitCheck.bytes(RecordedFacts.of(fact));
            assertTrue(fact.getClass().getSimpleName() + " has " + bytes, bytes < 20 * LaneLimits.TEXT);
        }
    }

    @Test
    public void whatIsWithinTheLimitsIsRecordedAsItIs() {
        var request = new PromotionDecisions.Request(
                "job:a#1", Set.of("bob"), new Lanes().now, "why", "CHG1", "k", true, null, null, null);
        for (Fact fact : List.of(
                new Fact.Requested(Lanes.release(1), request),
                new Fact.RollbackRequested(null, request.withUnknown(false)),
                new Fact.Approved("orders.prod.1", Lanes.ALICE, "sha256:1", null),
                new Fact.RequestersStated("orders.prod.1", Lanes.ALICE, Set.of(), "why"),
                new Fact.Reconsidered("time"))) {
            assertEquals(fact, RecordedFacts.of(fact));
        }
    }

    /** Those beyond the limit are unknown in the lane, and in the record. */
    @Test
    public void peopleWhoAreLeftOutOfARequestAreUnknown() {
        Set<String> people =
                IntStream.range(0, LaneLimits.PEOPLE + 1).mapToObj(i -> "p" + i).collect(Collectors.toSet());
        var many = new PromotionDecisions.Request("job:a#1", people, new Lanes().now, null, null, "k");
        var recorded = (Fact.Requested) RecordedFacts.of(new Fact.Requested(Lanes.release(1), many));
        assertEquals(LaneLimits.PEOPLE, recorded.request().people().size());
        assertTrue(recorded.request().isUnknown());
    }
}
