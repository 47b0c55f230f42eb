package io.jenkins.plugins.serverlesspromotion.store;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry;
import io.jenkins.plugins.serverlesspromotion.engine.audit.JournalRecord;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Event;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Fact;
import io.jenkins.plugins.serverlesspromotion.engine.lane.GateContext.Pause;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Lane;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion.State;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.ResourceId;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.ResourceOwner;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.engine.port.Proposal;
import io.jenkins.plugins.serverlesspromotion.engine.release.Evidence;
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
        views.apply(new JournalRecord(seq++, StoreLab.NOON, entry));
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
        assertEquals(List.of(), views.proposals());
        assertEquals(Map.of(), views.decidedOwners());
        assertEquals(List.of(), views.evidence("orders@1"));
        assertFalse(views.knows("orders@1", new Evidence.Signed("sha256:s", "k", "user:a")));
        views.check(new Entry.Refused("user:bob", "nothing of a release", "because"));
    }

    private static Evidence evidence(String kind, String producer, String detail, Evidence.Signed signed) {
        return new Evidence("orders@1", kind, Evidence.Result.PASSED, producer, null, detail, StoreLab.NOON, signed);
    }

    @Test
    public void theNewestEvidenceOfEachKindAndProducerCountsAndEveryStatementStaysKnown() {
        var one = new Evidence.Signed("sha256:one", "key1", "user:a");
        var two = new Evidence.Signed("sha256:two", "key1", "user:a");
        apply(new Entry.EvidenceRecorded(evidence("tests", "key:ci", "first", one)));
        apply(new Entry.EvidenceRecorded(evidence("tests", "key:ci", "second", two)));
        apply(new Entry.EvidenceRecorded(evidence("scan", "key:ci", "third", null)));
        apply(new Entry.EvidenceRecorded(evidence("tests", "job:a", "fourth", null)));
        assertEquals(
                List.of(
                        evidence("scan", "key:ci", "third", null),
                        evidence("tests", "job:a", "fourth", null),
                        evidence("tests", "key:ci", "second", two)),
                views.evidence("orders@1"));
        assertEquals(List.of(), views.evidence("orders@2"));
        assertTrue("otherwise it could be handed in again", views.knows("orders@1", one));
        assertTrue(views.knows("orders@1", new Evidence.Signed("sha256:two", "key1", "user:other")));
        assertFalse(views.knows("orders@1", new Evidence.Signed("sha256:one", "key2", "user:a")));
        assertFalse(views.knows("orders@2", one));
    }

    private void settle(String proposal, Entry.ConfigurationSettled.Outcome outcome) {
        apply(new Entry.ConfigurationSettled(proposal, outcome, "user:" + outcome, null));
    }

    @Test
    public void aProposalStaysUntilItsEndAndKeepsWhoAcceptedIt() {
        for (Entry.ConfigurationSettled.Outcome outcome : Entry.ConfigurationSettled.Outcome.values()) {
            var made = new Entry.ConfigurationProposed("p" + outcome, "user:a", "base", List.of("x"), "content");
            apply(made);
            assertEquals(
                    List.of(new Proposal(made, StoreLab.NOON, null)),
                    views.proposals()
                            .subList(
                                    views.proposals().size() - 1,
                                    views.proposals().size()));
            settle(made.id(), outcome);
        }
        assertEquals(
                "only accepting is not the end",
                List.of("pACCEPTED"),
                views.proposals().stream().map(Proposal::id).toList());
        assertEquals(Optional.of("user:ACCEPTED"), views.proposals().get(0).accepted());
        settle("unknown", Entry.ConfigurationSettled.Outcome.ACCEPTED);
        settle("pACCEPTED", Entry.ConfigurationSettled.Outcome.CARRIED_OUT);
        assertEquals(List.of(), views.proposals());
    }

    @Test
    public void theLastDecisionAboutAnOwnerCounts() {
        var stack = ResourceId.stack("orders-prod", "033333333333", "eu-west-1");
        var bucket = ResourceId.bucket("web", "033333333333");
        var orders = new ResourceOwner("orders", "prod");
        var payments = new ResourceOwner("payments", "prod");
        apply(new Entry.OwnerDecided(stack, orders, "user:a", "first"));
        apply(new Entry.OwnerDecided(bucket, orders, "user:a", "first"));
        apply(new Entry.OwnerDecided(stack, payments, "user:a", "moved"));
        assertEquals(Map.of(stack, payments, bucket, orders), views.decidedOwners());
    }

    @Test
    public void anEntryThatLacksWhatIsKeptOfItIsRefusedAndChangesNothing() {
        var stack = ResourceId.stack("orders-prod", "033333333333", "eu-west-1");
        var orders = new ResourceOwner("orders", "prod");
        lacks("resource", new Entry.OwnerDecided(null, orders, "user:a", "r"));
        lacks("owner", new Entry.OwnerDecided(stack, null, "user:a", "r"));
        lacks("owner.service", new Entry.OwnerDecided(stack, new ResourceOwner(null, "prod"), "user:a", "r"));
        lacks("owner.environment", new Entry.OwnerDecided(stack, new ResourceOwner("orders", null), "user:a", "r"));
        lacks("policy", new Entry.PolicyApplied("sha256:1", null, "user:a"));
        lacks("digest", new Entry.PolicyApplied(null, null, "user:a"));
        lacks("pause", new Entry.Paused(null));
        lacks("pause.scope", new Entry.Paused(new Pause(null, "user:a", StoreLab.NOON, "r")));
        lacks("scope", new Entry.Resumed(null, "user:a", "r"));
        lacks("id", new Entry.ConfigurationProposed(null, "a", "sha256:1", List.of(), ""));
        lacks("proposal", new Entry.ConfigurationSettled(null, null, "a", null));
        lacks("outcome", new Entry.ConfigurationSettled("p", null, "a", null));
        assertEquals(Map.of(), views.decidedOwners());
        assertEquals(Optional.empty(), views.policy());
        assertEquals(List.of(), views.pauses());
        assertEquals(List.of(), views.proposals());
    }

    private void lacks(String member, Entry entry) {
        assertEquals(
                "it has no '" + member + "', which every record of its kind has",
                assertThrows(IllegalArgumentException.class, () -> apply(entry)).getMessage());
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
        var all = new Pause("everything", "user:alice", StoreLab.NOON, "incident");
        var prod = new Pause("environment prod", "user:alice", StoreLab.NOON, "incident");
        apply(new Entry.Paused(all));
        apply(new Entry.Paused(prod));
        assertEquals(List.of(all, prod), views.pauses());
        var again = new Pause("everything", "user:bob", StoreLab.NOON, "another incident");
        apply(new Entry.Paused(again));
        assertEquals("a new pause is the last", List.of(prod, again), views.pauses());
        apply(new Entry.Resumed("everything", "user:alice", "over"));
        apply(new Entry.Resumed("service orders", "user:alice", "was not paused"));
        assertEquals(List.of(prod), views.pauses());
    }
}
