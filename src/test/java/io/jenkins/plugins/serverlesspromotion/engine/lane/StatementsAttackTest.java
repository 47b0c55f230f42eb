package io.jenkins.plugins.serverlesspromotion.engine.lane;

import static io.jenkins.plugins.serverlesspromotion.engine.lane.Lanes.ALICE;
import static io.jenkins.plugins.serverlesspromotion.engine.lane.Lanes.CAROL;
import static io.jenkins.plugins.serverlesspromotion.engine.lane.Lanes.release;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion.Request;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Person;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.Test;

/** What one person, or what the directory says about one person, takes of a lane. */
public class StatementsAttackTest {
    private final Lanes lanes = new Lanes();

    private String waiting(Request... requests) {
        for (Request request : requests) {
            assertNull(lanes.take(new Fact.Requested(release(1), request)));
        }
        lanes.work();
        return lanes.only().id();
    }

    /** Somebody in the groups of a large directory: none of them but one means anything to the policy. */
    @Test
    public void aPersonInManyGroupsCanApprove() {
        var groups = new HashSet<String>(Set.of("team-orders"));
        for (int i = 0; i < 900; i++) {
            groups.add("cn=application-access-group-number-" + String.format("%05d", i) + ",ou=groups,dc=acme");
        }
        String id = waiting(lanes.by("zoe"));
        assertNull(lanes.take(new Fact.Approved(
                id,
                new Person("alice", groups, Person.SELF_DECLARED),
                lanes.get(id).plan().digest(),
                null)));
        assertNull(lanes.take(new Fact.Approved(
                id,
                new Person("dora", groups, Person.SELF_DECLARED),
                lanes.get(id).plan().digest(),
                null)));
    }

    /** What the directory answers is part of every later record of the lane. */
    @Test
    public void whatTheDirectoryAnswersHasALimit() {
        lanes.directory = true;
        String id = waiting(lanes.by("zoe"));
        assertNull(lanes.approve(id, ALICE));
        assertNull(lanes.approve(id, CAROL));
        var groups = new HashSet<String>(Set.of("team-orders"));
        for (int i = 0; i < 20_000; i++) {
            groups.add("cn=application-access-group-number-" + String.format("%05d", i) + ",ou=groups,dc=acme");
        }
        lanes.take(new Fact.MembershipRead(
                id,
                lanes.get(id).membership().number(),
                new Promotion.Answer(Map.of("alice", groups, "carol", groups), Set.of(), null)));
        int bytes = LaneLimits.bytes(lanes.lane);
        assertTrue("the lane has " + bytes / 1024 + " KB", bytes < 4 * LaneLimits.BYTES);
    }

    /** One person who may ask and roll back has asked for all there is room for. */
    @Test
    public void aLaneThatOnePersonFilledDoesNotPreventARollbackOfAnother() {
        lanes.deploy(1);
        lanes.deploy(2);
        lanes.deploy(3);
        for (int number = 4; number < 4 + LaneLimits.OPEN; number++) {
            assertNull(lanes.take(new Fact.Requested(release(number), lanes.by("zoe"))));
        }
        assertNull(lanes.take(new Fact.RollbackRequested("1.1.0", lanes.by("zoe"))));
        assertNull(lanes.take(new Fact.RollbackRequested("1.2.0", lanes.by("erin"))));
    }
}
