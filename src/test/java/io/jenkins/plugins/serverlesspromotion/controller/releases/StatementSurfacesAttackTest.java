package io.jenkins.plugins.serverlesspromotion.controller.releases;

import static org.junit.Assert.assertEquals;

import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion.State;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.AfterClass;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Test;
import org.jvnet.hudson.test.JenkinsRule;

/** An argument that a script left empty is no statement that no person asked. */
public class StatementSurfacesAttackTest {
    @ClassRule
    public static final JenkinsRule j = new JenkinsRule();

    private static final Desk DESK = new Desk();

    private final Surfaces surfaces = new Surfaces(j);

    @BeforeClass
    public static void open() throws Exception {
        DESK.open(j);
        Desk.promotions().apply(Desk.policy(1), "user:ops");
    }

    @AfterClass
    public static void close() {
        DESK.close();
    }

    @Test
    public void anEmptyListOfPeopleOverRestIsNoStatement() throws Exception {
        String service = Desk.service(1);
        DESK.toDev(service, "1.0.0");
        var request = new Promotion.Request("job:team/" + service + "#7", Set.of("bob"), Instant.now(), null, null, "k")
                .withUnknown(true);
        String id = Desk.promotions()
                .request(
                        new LaneId(service, "prod"),
                        DESK.publish(service, "1.0.0").ref(),
                        request);
        DESK.until(id, State.WAITING);
        surfaces.press(
                "alice",
                "promotion-releases/api/promotion/" + id + "/requesters",
                "people",
                " , ",
                "reason",
                "asked in the chat");
        assertEquals("nobody was named", List.of(), Desk.promotion(id).requestersStated());
    }
}
