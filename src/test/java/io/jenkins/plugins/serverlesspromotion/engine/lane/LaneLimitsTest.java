package io.jenkins.plugins.serverlesspromotion.engine.lane;

import static io.jenkins.plugins.serverlesspromotion.engine.lane.Lanes.ALICE;
import static io.jenkins.plugins.serverlesspromotion.engine.lane.Lanes.CAROL;
import static io.jenkins.plugins.serverlesspromotion.engine.lane.Lanes.release;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.engine.lane.PromotionDecisions.Request;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.OwnershipClaim;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.ResourceId;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Person;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.format.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.Test;

/** Nothing that people and builds do makes the state of a lane larger than its limits. */
public class LaneLimitsTest {
    private final Lanes lanes = new Lanes();

    private Request person(String id, String reason, String ticket) {
        return new Request("user:" + id, Set.of(id), lanes.now, reason, ticket, null);
    }

    private String ask(int release, Request request) {
        return lanes.take(new Fact.Requested(release(release), request));
    }

    private int bytes() {
        return Json.canonical(lanes.lane).length;
    }

    @Test
    public void newTicketsOfOnePersonReplaceEachOther() {
        for (int i = 0; i < 250; i++) {
            lanes.now = lanes.now.plusSeconds(1);
            assertNull(ask(1, person("mallory", "reason " + i, "CHG" + i)));
        }
        assertEquals(1, lanes.only().requests().size());
        assertEquals("CHG249", lanes.only().requests().get(0).ticket());
        assertTrue(bytes() + " bytes", bytes() < 2048);
    }

    @Test
    public void oneTooManyRequestsForAPromotionAreRefused() {
        for (int i = 0; i < LaneLimits.REQUESTS; i++) {
            assertNull(ask(1, person("p" + i, null, null)));
        }
        assertEquals(
                "50 requests for it are recorded, which is the limit; it needs no further one",
                ask(1, person("late", null, null)));
        assertNull("those recorded may repeat theirs", ask(1, person("p7", null, "CHG1")));
        assertEquals(LaneLimits.REQUESTS, lanes.only().requests().size());
    }

    private String goBackTo(int release, Request request) {
        return lanes.take(new Fact.RollbackRequested(release(release).version(), request));
    }

    @Test
    public void onePersonOpensAtMostHalfOfThePromotionsOfALane() {
        for (int i = 0; i < LaneLimits.OPEN_OF_ONE; i++) {
            assertNull(ask(10 + i, person("zoe", null, null)));
        }
        String why = "zoe requested 10 promotions that are open in " + lanes.lane.id()
                + ", which is the limit for one person; abort one that is not needed first";
        assertEquals(why, ask(90, person("zoe", null, null)));
        assertEquals("behind a build too", why, ask(90, build(1, "adam", "zoe")));
        assertNull("what another one asks for", ask(91, person("adam", null, null)));
        assertNull(ask(91, person("zoe", null, null)));
        List<String> open = lanes.lane.promotions().stream().map(Promotion::id).toList();
        for (String id : open.subList(0, 2)) {
            assertNull(lanes.take(new Fact.AbortRequested(id, "user:zoe", null)));
        }
        assertNull(ask(90, person("zoe", null, null)));
    }

    /** Each step of a build makes a request of its own, with a reason of its own. */
    @Test
    public void onePersonFillsAtMostHalfOfWhatRequestsMayFill() {
        String text = "x".repeat(LaneLimits.TEXT);
        int i = 0;
        String refusal = null;
        while (refusal == null && i < 10 * LaneLimits.REQUESTS) {
            int release = 1 + i / LaneLimits.REQUESTS;
            refusal = ask(release, new Request("job:a#1", Set.of("zoe"), lanes.now, text, null, "k" + i++));
        }
        assertTrue(refusal, refusal != null && refusal.startsWith("the requests of zoe in " + lanes.lane.id()));
        assertTrue(bytes() + " bytes", bytes() <= LaneLimits.BYTES_OF_REQUESTS / 2 + 4096);
        assertNull("another one asks for something else", ask(90, person("adam", text, "CHG1")));
        assertNull("and joins", ask(1, person("adam", text, "CHG1")));
        assertNull("builds without a known person", ask(1, build(7)));
        assertNull("zoe goes on with less", ask(1, new Request("job:a#1", Set.of("zoe"), lanes.now, null, null, "k0")));
    }

    private Request build(int number, String... people) {
        return new Request("job:a/branch-" + number + "#1", Set.of(people), lanes.now, null, null, "k" + number);
    }

    @Test
    public void buildsWithoutAKnownPersonOpenAtMostHalfOfThePromotionsTogether() {
        for (int i = 0; i < LaneLimits.OPEN_OF_ONE; i++) {
            assertNull(ask(10 + i, build(i)));
        }
        assertEquals(
                "builds without a known person requested 10 promotions that are open in " + lanes.lane.id()
                        + ", which is the limit for one person; abort one that is not needed first",
                ask(90, build(90)));
        assertNull(ask(91, build(91, "zoe")));
    }

    /** One person who may ask and roll back has asked for all that they may. */
    @Test
    public void aLaneThatOnePersonFilledDoesNotPreventARollbackOfAnother() {
        for (int i = 1; i <= 6; i++) {
            lanes.deploy(i);
        }
        String text = "\u0001".repeat(LaneLimits.TEXT);
        int asked = 0;
        while (ask(10 + asked, person("zoe", text, "CHG1")) == null) {
            asked++;
        }
        for (int i = 1; i <= LaneLimits.ROLLBACKS_OF_ONE; i++) {
            assertNull(goBackTo(i, person("zoe", text, null)));
        }
        assertEquals(
                "zoe requested 3 rollbacks that are open in " + lanes.lane.id()
                        + ", which is the limit for one person; abort one that is not needed first",
                goBackTo(4, person("zoe", null, null)));
        assertNull(goBackTo(4, person("erin", text, null)));
        assertNull(goBackTo(5, person("erin", null, null)));
    }

    @Test
    public void oneTooManyOpenPromotionsAreRefusedButGoingBackIsNot() {
        lanes.deploy(1);
        lanes.deploy(2);
        for (int i = 0; i < LaneLimits.OPEN; i++) {
            assertNull(ask(10 + i, person(i % 2 == 0 ? "zoe" : "adam", null, null)));
        }
        assertEquals(
                "20 promotions are open in orders/prod, which is the limit; abort one that is not needed first",
                ask(90, person("zoe", null, null)).replace(lanes.lane.id().toString(), "orders/prod"));
        assertNull(lanes.take(new Fact.RollbackRequested(null, person("erin", "damage", null))));
        assertEquals(LaneLimits.OPEN + 1, lanes.lane.promotions().size());
    }

    private static OwnershipClaim stack(int number) {
        return new OwnershipClaim(
                ResourceId.Kind.STACK, "orders-" + number, "orders-prod/eu-west-1", OwnershipClaim.How.CREATED, null);
    }

    @Test
    public void whereTooMuchIsOwnedNothingFurtherIsPromotedUntilPolicyNamesIt() {
        lanes.deploy(1);
        lanes.deploy(2);
        var claims = IntStream.range(0, LaneLimits.OWNED)
                .mapToObj(LaneLimitsTest::stack)
                .toList();
        lanes.take(new Fact.OwnersRecorded(claims, Map.of()));
        assertEquals(
                "1000 resources are recorded as those of orders/prod, and 1000 are the limit; name them by"
                        + " patterns under"
                        + " 'owns' of the service's policy, or decide about those that are gone (promotion owners)",
                ask(3, person("zoe", null, null)).replace(lanes.lane.id().toString(), "orders/prod"));
        assertNull(
                "going back is never refused", lanes.take(new Fact.RollbackRequested(null, person("erin", "x", null))));
        lanes.lane.promotions().stream()
                .filter(p -> !p.state().isOver())
                .forEach(p -> lanes.take(new Fact.AbortRequested(p.id(), "user:erin", "not needed")));

        lanes.answered = Set.of(stack(0).resource(), stack(1).resource());
        assertNull(ask(3, person("zoe", null, null)));
        assertEquals(LaneLimits.OWNED, lanes.lane.owns().size());
        lanes.deploy(3);
        assertEquals(LaneLimits.OWNED - 2, lanes.lane.owns().size());
    }

    @Test
    public void morePeopleThanTheLimitBehindOneRequestAreUnknown() {
        Set<String> people =
                IntStream.range(0, LaneLimits.PEOPLE + 1).mapToObj(i -> "p" + i).collect(Collectors.toSet());
        assertNull(ask(1, new Request("job:a#1", people, lanes.now, null, null, "k")));
        lanes.work();
        assertEquals(LaneLimits.PEOPLE, lanes.only().requesters().size());
        assertTrue(Gates.needsRequesters(lanes.only(), lanes.around(), lanes.now));
    }

    @Test
    public void peopleWhoAddUpBeyondTheLimitAreUnknown() {
        for (int i = 0; i <= LaneLimits.PEOPLE; i++) {
            assertNull(ask(1, new Request("job:a#1", Set.of("p" + i), lanes.now, null, null, "k")));
        }
        lanes.work();
        assertEquals(LaneLimits.PEOPLE, lanes.only().requesters().size());
        assertTrue(Gates.needsRequesters(lanes.only(), lanes.around(), lanes.now));
    }

    @Test
    public void voidApprovalsOfOnePersonDoNotPileUp() {
        String id = lanes.request(1, "zoe");
        lanes.work();
        for (int i = 0; i < 60; i++) {
            assertNull(lanes.approve(id, ALICE));
            assertNull(lanes.take(new Fact.ApprovalWithdrawn(id, ALICE, "again")));
        }
        assertEquals(1, lanes.get(id).approvals().size());
    }

    @Test
    public void oneTooManyApprovalsAreRefused() {
        lanes.roles = Map.of(
                "release-managers", new Policy.Role("release-managers", Set.of(), Set.of("all")),
                "serviceOwner", new Policy.Role("serviceOwner", Set.of("carol"), Set.of()));
        String id = lanes.request(1, "zoe");
        lanes.work();
        for (int i = 0; i < LaneLimits.APPROVALS; i++) {
            assertNull(lanes.approve(id, Lanes.person("p" + i, "all")));
        }
        assertEquals("50 approvals are recorded, which is the limit", lanes.approve(id, Lanes.person("late", "all")));
        assertEquals(LaneLimits.APPROVALS, lanes.get(id).approvals().size());
    }

    @Test
    public void aTextThatIsTooLongIsRefusedBeforeAnythingElse() {
        String text = "x".repeat(LaneLimits.TEXT + 1);
        assertEquals("reason has 1001 characters; 1000 are the limit", ask(1, person("zoe", text, null)));
        String id = lanes.request(1, "zoe");
        lanes.work();
        assertEquals(
                "comment has 1001 characters; 1000 are the limit",
                lanes.take(new Fact.Approved(id, ALICE, lanes.get(id).plan().digest(), text)));
        assertEquals(
                "an id among the people has more than 256 characters",
                ask(1, new Request("job:a#1", Set.of("y".repeat(257)), lanes.now, null, null, "k")));
    }

    @Test
    public void aTextThatEndsSomethingHasTheSameLimit() {
        String text = "x".repeat(LaneLimits.TEXT + 1);
        String id = lanes.request(1, "zoe");
        lanes.work();
        String why = "reason has 1001 characters; 1000 are the limit";
        assertEquals(why, lanes.take(new Fact.Rejected(id, ALICE, text)));
        assertEquals(why, lanes.take(new Fact.HoldReleased(ALICE, text)));
        assertEquals("finding has 1001 characters; 1000 are the limit", lanes.take(new Fact.Reviewed(id, ALICE, text)));
        assertEquals(Promotion.State.WAITING, lanes.get(id).state());
    }

    @Test
    public void aTextThatIsTooLongKeepsNoOneFromAnAbort() {
        for (String text : List.of("x".repeat(100_000), "𝄞".repeat(50_000), "x" + "𝄞".repeat(50_000))) {
            String id = lanes.request(1, "zoe");
            assertNull(lanes.take(new Fact.AbortRequested(id, "user:zoe", text)));
            assertEquals(Promotion.State.ABORTED, lanes.get(id).state());
            String taken = lanes.request(2, "zoe");
            assertNull(ask(2, new Request("job:a#1", Set.of("bob"), lanes.now, null, null, "k")));
            lanes.take(new Fact.Withdrawn(taken, "k", "user:bob", text));
            assertTrue(bytes() + " bytes", bytes() < 6 * LaneLimits.TEXT);
            lanes.take(new Fact.AbortRequested(taken, "user:zoe", text));
            String why = lanes.get(taken).why();
            assertTrue(why, why.endsWith("…") && why.length() <= LaneLimits.TEXT);
            assertEquals(
                    "no half character", why, new String(why.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8));
        }
    }

    /** Everything at its limit at once, and texts that are six times as long in JSON. */
    @Test
    public void aLaneWithEverythingAtItsLimitHasAtMost64KilobytesOrRefuses() {
        String text = "\u0001".repeat(LaneLimits.TEXT);
        String ticket = "\"".repeat(Tickets.LONGEST);
        int refused = 0;
        for (int promotion = 1; promotion <= LaneLimits.OPEN; promotion++) {
            for (int request = 0; request < LaneLimits.REQUESTS; request++) {
                refused += ask(promotion, person("p" + request, text, ticket)) == null ? 0 : 1;
            }
        }
        assertTrue(refused > 0);
        assertTrue(bytes() + " bytes", bytes() <= LaneLimits.BYTES_OF_REQUESTS);
        lanes.work();
        for (Promotion open : List.copyOf(lanes.lane.promotions())) {
            for (int i = 0; i < LaneLimits.APPROVALS; i++) {
                lanes.approve(open.id(), Lanes.person("alice", "group-" + "g".repeat(200) + i));
                lanes.take(new Fact.Approved(
                        open.id(),
                        Lanes.person("p" + i, "team-orders"),
                        open.plan().digest(),
                        text));
            }
        }
        assertTrue(bytes() + " bytes", bytes() <= LaneLimits.BYTES);
    }

    @Test
    public void aFullLaneStillGoesBackAndIsFreedByAnAbort() {
        lanes.deploy(1);
        lanes.deploy(2);
        String text = "x".repeat(LaneLimits.TEXT);
        int i = 10;
        while (ask(i, person("zoe", text, "CHG1")) == null) {
            for (int p = 0; p < 5; p++) {
                ask(i, person("p" + p, text, "CHG1"));
            }
            i++;
        }
        assertTrue(ask(i, person("zoe", text, "CHG1")).contains("would have more than 48 KB"));
        assertNull(lanes.take(new Fact.RollbackRequested(null, person("erin", "damage", null))));
        lanes.take(new Fact.AbortRequested(lanes.lane.promotions().get(0).id(), "user:zoe", null));
        assertNull(ask(i, person("zoe", null, null)));
    }

    /** Approvals with many groups fill what is left; going back and deciding about that stay possible. */
    @Test
    public void aLaneFullOfDecisionsStillGoesBack() {
        String[] groups = IntStream.range(0, 40)
                .mapToObj(g -> "group-" + "g".repeat(40) + g)
                .toArray(String[]::new);
        lanes.roles = Map.of(
                "release-managers", new Policy.Role("release-managers", Set.of("alice"), Set.of(groups)),
                "serviceOwner", new Policy.Role("serviceOwner", Set.of("carol"), Set.of()),
                "on-call", new Policy.Role("on-call", Set.of("erin"), Set.of()));
        lanes.deploy(1);
        lanes.deploy(2);
        String id = lanes.request(3, "zoe");
        lanes.work();
        int i = 0;
        String refusal = null;
        while (refusal == null && i < LaneLimits.APPROVALS) {
            refusal = lanes.approve(id, Lanes.person("p" + i++, groups));
        }
        assertTrue(refusal, refusal != null && refusal.contains("would have more than 64 KB"));
        assertNull(lanes.take(new Fact.RollbackRequested(null, person("erin", "x".repeat(LaneLimits.TEXT), null))));
        lanes.work();
        assertEquals(Promotion.Kind.ROLLBACK, lanes.last().kind());
        assertNull(lanes.approve(lanes.last().id(), Lanes.person("erin")));
    }

    private static Set<String> largeDirectory(int size) {
        return IntStream.rangeClosed(0, size)
                .mapToObj(i -> i == 0
                        ? "team-orders"
                        : "cn=application-access-group-number-" + String.format("%05d", i) + ",ou=groups,dc=acme")
                .collect(Collectors.toSet());
    }

    private String approve(String id, String person, Set<String> groups) {
        return lanes.take(new Fact.Approved(
                id,
                new Person(person, groups, Person.SELF_DECLARED),
                lanes.get(id).plan().digest(),
                null));
    }

    /** Of the groups of a large directory one alone means anything to the policy. */
    @Test
    public void aPersonInManyGroupsCanApprove() {
        String id = lanes.request(1, "zoe");
        lanes.work();
        assertNull(approve(id, "alice", largeDirectory(900)));
        assertNull(approve(id, "dora", largeDirectory(900)));
    }

    @Test
    public void groupsThatNoRoleNamesAreNotKept() {
        lanes.directory = true;
        String id = lanes.request(1, "zoe");
        lanes.work();
        assertNull(approve(id, "alice", largeDirectory(9)));
        assertEquals(
                Set.of("team-orders"), lanes.get(id).approvals().get(0).person().groups());
        assertNull(lanes.approve(id, CAROL));
        Set<String> large = largeDirectory(20_000);
        lanes.take(new Fact.MembershipRead(
                id,
                lanes.get(id).membership().number(),
                new PromotionDecisions.Answer(Map.of("alice", large, "carol", large), Set.of("dora"), null)));
        PromotionDecisions.Answer answer = lanes.get(id).membership().answer();
        assertEquals(Map.of("alice", Set.of("team-orders"), "carol", Set.of("team-orders")), answer.groups());
        assertEquals(Set.of("dora"), answer.gone());
        assertTrue(bytes() + " bytes", bytes() < LaneLimits.BYTES / 4);
    }

    /** No one is in any group then, and that must not be what the directory said. */
    @Test
    public void anAnswerOfTheDirectoryWithoutAPolicyIsNone() {
        lanes.directory = true;
        String id = lanes.request(1, "zoe");
        lanes.work();
        assertNull(lanes.approve(id, ALICE));
        assertNull(lanes.approve(id, CAROL));
        int number = lanes.get(id).membership().number();
        lanes.placed = false;
        lanes.take(new Fact.MembershipRead(
                id, number, new PromotionDecisions.Answer(Map.of("carol", Set.of("team-orders")), Set.of(), null)));
        assertEquals(
                "there is no valid policy that names the groups",
                lanes.get(id).membership().answer().failure());
    }

    /** What a service with many targets has in its plans is not what people added. */
    @Test
    public void aServiceWithManyTargetsIsRequestedApprovedAndRolledBackAsAnyOther() {
        lanes.deploy(1);
        lanes.deploy(2);
        assertNull(ask(3, person("zoe", null, null)));
        planWithManyTargets();
        assertTrue(bytes() + " bytes", bytes() > LaneLimits.BYTES);
        String text = "x".repeat(LaneLimits.TEXT);
        assertNull(ask(4, person("zoe", text, "CHG1")));
        planWithManyTargets();
        assertNull(lanes.approve(lanes.last().id(), ALICE));
        assertNull(lanes.take(new Fact.RollbackRequested(null, person("erin", "damage", null))));
        int i = 5;
        String refusal = null;
        while (refusal == null && i < LaneLimits.OPEN) {
            refusal = ask(i++, person("zoe", null, null));
            planWithManyTargets();
        }
        assertTrue(refusal, refusal != null && refusal.contains("take more than 256 KB"));
    }

    private void planWithManyTargets() {
        var content = Lanes.plan(1).targets().get(0).content();
        var targets = IntStream.range(0, 1200)
                .mapToObj(i ->
                        new Plan.TargetPlan(Lanes.EU, "a-function-" + i, "lambda", 0, List.of(), content, Map.of()))
                .toList();
        for (Promotion p : List.copyOf(lanes.lane.promotions())) {
            if (p.state() == Promotion.State.PLANNING) {
                lanes.take(
                        new Fact.Planned(p.id(), p.planning().number(), new Plan(Lanes.digest(1), targets, List.of())));
            }
        }
    }

    /** The estimate that refuses must not be smaller than what is written. */
    @Test
    public void theEstimateIsNeverSmallerThanTheJson() {
        String id = lanes.request(1, "zoé \"\\\n");
        ask(
                1,
                new Request(
                        "job:a#1",
                        Set.of("ü", "\u0001"),
                        lanes.now.plusNanos(123456789),
                        "€",
                        "𝄞",
                        "k",
                        true,
                        null,
                        null,
                        null));
        lanes.work();
        lanes.approve(id, ALICE);
        assertNotNull(lanes.get(id).plan());
        assertTrue(LimitCheck.bytes(lanes.lane) >= bytes());
        lanes.deploy(2);
        assertTrue(LimitCheck.bytes(lanes.lane) >= bytes());
    }
}
