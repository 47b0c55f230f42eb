package io.jenkins.plugins.serverlesspromotion.engine.lane;

import static io.jenkins.plugins.serverlesspromotion.engine.lane.Lanes.ALICE;
import static io.jenkins.plugins.serverlesspromotion.engine.lane.Lanes.BOB;
import static org.junit.Assert.assertEquals;

import io.jenkins.plugins.serverlesspromotion.engine.policy.Gate;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import java.time.Duration;
import java.util.List;
import org.junit.Test;

public class RoleProgressTest {
    private final Lanes lanes = new Lanes();

    private RoleProgress managers(String id) {
        return Gates.roles(lanes.get(id), lanes.around(), lanes.now).get(0);
    }

    @Test
    public void aRoleIsCompleteWithTheLastOfThoseItTakes() {
        lanes.environment = new Policy.Environment(
                "prod",
                null,
                List.of(new Gate.Approval(
                        List.of(new Gate.Requirement("release-managers", 2), new Gate.Requirement("serviceOwner", 1)),
                        true,
                        Duration.ofHours(24))),
                null);
        String id = lanes.request(1, "zoe");
        lanes.work();
        assertEquals(false, managers(id).complete());
        lanes.approve(id, ALICE);
        assertEquals("one of two", false, managers(id).complete());
        assertEquals(List.of("bob"), managers(id).users());
        lanes.approve(id, BOB);
        assertEquals(true, managers(id).complete());
        assertEquals(List.of(), managers(id).users());
    }
}
