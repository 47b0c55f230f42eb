package io.jenkins.plugins.serverlesspromotion.engine.runtime;

import static org.junit.Assert.assertEquals;

import io.jenkins.plugins.serverlesspromotion.engine.lane.Lane;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest;
import io.jenkins.plugins.serverlesspromotion.engine.release.Provenance;
import io.jenkins.plugins.serverlesspromotion.engine.release.Published;
import io.jenkins.plugins.serverlesspromotion.engine.release.Release;
import io.jenkins.plugins.serverlesspromotion.engine.release.ReleaseRef;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.Test;

/** The releases whose authors count: no author comes in unseen by way of another branch. */
public class IncomingReleasesTest {
    private static final Instant NOON = Instant.parse("2026-11-29T12:00:00Z");
    private static final String MAIN = "job:orders/main#";
    private static final String HOTFIX = "job:orders/hotfix#";

    private final List<Published> all = new ArrayList<>();

    private Published publish(String... publishers) {
        long number = all.size() + 1L;
        String version = "1." + number;
        var manifest = new Manifest("orders", Map.of(), List.of(), List.of(), List.of());
        var published = new Published(
                new ReleaseRef("orders", version, "sha256:" + String.format("%064x", number), number),
                new Release("orders", version, manifest, List.of()),
                new Provenance(null, null, null, List.of(), List.of(), List.of(publishers)),
                "main",
                Map.of(),
                NOON,
                publishers[0]);
        all.add(published);
        return published;
    }

    /** @param live number of the release that is live, null: none */
    private Lane lane(Integer live, Integer... good) {
        return new Lane(
                new LaneId("orders", "prod"),
                live == null ? null : live(live),
                List.of(good).stream().map(this::live).toList(),
                null,
                List.of(),
                10,
                10);
    }

    private Lane.Live live(int number) {
        return new Lane.Live(all.get(number - 1).ref(), "orders.prod." + number, NOON, Map.of());
    }

    private List<Long> incoming(Lane lane, Published candidate) {
        return IncomingReleases.of(lane, candidate, all).stream()
                .map(p -> p.ref().number())
                .toList();
    }

    @Test
    public void whatLiesBetweenLiveAndCandidateComesIn() {
        publish(MAIN + 1);
        publish(MAIN + 2);
        publish(MAIN + 3);
        Published fourth = publish(MAIN + 4);
        assertEquals(List.of(4L, 2L, 3L), incoming(lane(1), fourth));
        assertEquals(List.of(4L, 1L, 2L, 3L), incoming(lane(null), fourth));
    }

    @Test
    public void aReleaseThatAHotfixOvertookComesInWithTheNextOneOfItsJob() {
        publish(MAIN + 1);
        publish(MAIN + 2);
        publish(HOTFIX + 1);
        Published fourth = publish(MAIN + 3);
        assertEquals(List.of(4L, 2L), incoming(lane(3, 1), fourth));
    }

    @Test
    public void whatWasLiveOnceAndWhatIsOlderDoesNotComeInAgain() {
        publish(MAIN + 1);
        publish(MAIN + 2);
        publish(MAIN + 3);
        publish(HOTFIX + 1);
        Published fifth = publish(MAIN + 4);
        assertEquals(List.of(5L, 3L), incoming(lane(4, 2), fifth));
        assertEquals(List.of(5L), incoming(lane(4, 2, 3), fifth));
    }

    @Test
    public void aJobOfWhichNothingWasEverLiveBringsInAllItsReleases() {
        publish(HOTFIX + 1);
        publish(MAIN + 1);
        publish(HOTFIX + 2);
        publish(MAIN + 2);
        Published fifth = publish(HOTFIX + 3);
        assertEquals(List.of(5L, 3L, 1L), incoming(lane(4, 2), fifth));
    }

    @Test
    public void aReleaseThatTwoJobsPublishedBringsInThoseOfBoth() {
        publish(HOTFIX + 1);
        publish(MAIN + 1);
        publish("job:orders/other#1");
        Published fourth = publish(MAIN + 2, "user:bob", HOTFIX + 2);
        assertEquals(List.of(4L, 2L, 1L), incoming(lane(3), fourth));
    }
}
