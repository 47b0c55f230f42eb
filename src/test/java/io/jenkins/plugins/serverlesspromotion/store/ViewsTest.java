package io.jenkins.plugins.serverlesspromotion.store;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry;
import io.jenkins.plugins.serverlesspromotion.engine.audit.JournalRecord;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Event;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Fact;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Lane;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion.State;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Surroundings.Pause;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.engine.release.Provenance;
import io.jenkins.plugins.serverlesspromotion.engine.release.Published;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.Test;

public class ViewsTest {
    private static final LaneId PROD = new LaneId("orders", "prod");
    private static final LaneId DEV = new LaneId("orders", "dev");

    private final Views views = new Views();
    private long seq;

    private void apply(Entry entry) {
        views.apply(new JournalRecord(seq++, Laboratory.NOON, entry));
    }

    private void advance(LaneId lane, Promotion... promotions) {
        apply(Samples.advanced(new Fact.Reconsidered("test"), lane, promotions));
    }

    private void planned(Plan plan, Event.Type said, Promotion promotion) {
        var event = new Event(said, promotion.id(), null, "a plan");
        apply(new Entry.LaneAdvanced(
                new Fact.Planned(promotion.id(), 1, plan), List.of(event), Samples.lane(PROD, promotion)));
    }

    @Test
    public void whatNothingHappenedToIsEmpty() {
        assertEquals(Lane.empty(PROD), views.lane(PROD));
        assertEquals(List.of(), views.lanes());
        assertEquals(List.of(), views.services());
        assertEquals(List.of(), views.releases("orders"));
        assertEquals(Optional.empty(), views.release("orders", "1"));
        assertEquals(Optional.empty(), views.promotion("orders.prod.1"));
        assertEquals(Optional.empty(), views.promotion("no id at all"));
        assertEquals(List.of(), views.promotions(PROD));
        assertEquals(Optional.empty(), views.policy());
        assertEquals(List.of(), views.pauses());
    }

    @Test
    public void aLaneIsWhatItsLastRecordSays() {
        Promotion first = Samples.promotion(PROD, 1, State.WAITING, null);
        advance(PROD, first);
        advance(DEV, Samples.promotion(DEV, 1, State.PLANNING, null));
        Promotion later = Samples.promotion(PROD, 1, State.QUEUED, null);
        advance(PROD, later);
        assertEquals(Samples.lane(PROD, later), views.lane(PROD));
        assertEquals(List.of(DEV, PROD), views.lanes());
        assertEquals(Optional.of(later), views.promotion(later.id()));
    }

    @Test
    public void promotionsThatAreOverStayAndTheNewestComesFirst() {
        Promotion first = Samples.promotion(PROD, 1, State.SUCCEEDED, null);
        Promotion second = Samples.promotion(PROD, 2, State.WAITING, null);
        advance(PROD, Samples.promotion(PROD, 1, State.DEPLOYING, null), second);
        advance(PROD, first, second);
        Promotion third = Samples.promotion(PROD, 3, State.PLANNING, null);
        advance(PROD, second, third);
        assertEquals(List.of(third, second, first), views.promotions(PROD));
        assertEquals(Optional.of(first), views.promotion(first.id()));
        assertEquals(List.of(second, third), views.lane(PROD).promotions());
    }

    @Test
    public void theNewestAcceptedPlanCountsAndIsLeftInTheJournalWhenThePromotionIsOver() {
        Plan one = Samples.plan(1, 2);
        Plan two = Samples.plan(2, 2);
        planned(one, Event.Type.PLANNED, Samples.promotion(PROD, 1, State.WAITING, one));
        assertEquals(Optional.of(one), views.openPlan("orders.prod.1"));
        planned(two, Event.Type.PLANNED, Samples.promotion(PROD, 1, State.WAITING, two));
        planned(one, Event.Type.REFUSED, Samples.promotion(PROD, 1, State.WAITING, two));
        // Late, but time had passed as well and moved the lane: the record is there, without a word of the plan.
        planned(one, Event.Type.STATE, Samples.promotion(PROD, 1, State.WAITING, two));
        assertEquals(Optional.of(two), views.openPlan("orders.prod.1"));
        assertEquals(OptionalLong.of(1), views.planRecord("orders.prod.1"));
        advance(PROD, Samples.promotion(PROD, 1, State.REJECTED, two));
        assertEquals(Optional.empty(), views.openPlan("orders.prod.1"));
        assertEquals(OptionalLong.of(1), views.planRecord("orders.prod.1"));
        assertEquals(OptionalLong.empty(), views.planRecord("orders.prod.2"));
    }

    @Test
    public void releasesAreNewestFirstAndKeepTheirPlaceWhenPublishedAgain() {
        Published first = Samples.published("orders", "1.0", 1);
        Published second = Samples.published("orders", "0.9", 2);
        apply(new Entry.ReleasePublished(first));
        apply(new Entry.ReleasePublished(Samples.published("payments", "3", 1)));
        apply(new Entry.ReleasePublished(second));
        assertEquals(List.of(second, first), views.releases("orders"));
        assertEquals(List.of("orders", "payments"), views.services());
        var more = first.provenance().and(Provenance.publishedBy("user:eve"));
        apply(new Entry.ReleasePublishedAgain("orders@1.0", more, "user:eve"));
        assertEquals(Optional.of(first.with(more)), views.release("orders", "1.0"));
        assertEquals(List.of(second, first.with(more)), views.releases("orders"));
        for (String unknown : List.of("orders@7", "orders", "@")) {
            var again = new Entry.ReleasePublishedAgain(unknown, more, "user:eve");
            assertThrows(IllegalArgumentException.class, () -> views.check(again));
        }
    }

    @Test
    public void policyAndPausesAreThoseInForce() {
        var empty = new Policy(Map.of(), Map.of(), Map.of(), Map.of(), Map.of());
        apply(new Entry.PolicyApplied("sha256:" + "a".repeat(64), empty, "user:alice"));
        var second = new Entry.PolicyApplied("sha256:" + "b".repeat(64), empty, "user:alice");
        apply(second);
        assertEquals(Optional.of(second), views.policy());
        var all = new Pause("everything", "user:alice", Laboratory.NOON, "incident");
        var prod = new Pause("environment prod", "user:alice", Laboratory.NOON, "incident");
        apply(new Entry.Paused(all));
        apply(new Entry.Paused(prod));
        assertEquals(List.of(all, prod), views.pauses());
        apply(new Entry.Resumed("everything", "user:alice", "over"));
        apply(new Entry.Resumed("service orders", "user:alice", "was not paused"));
        assertEquals(List.of(prod), views.pauses());
    }
}
