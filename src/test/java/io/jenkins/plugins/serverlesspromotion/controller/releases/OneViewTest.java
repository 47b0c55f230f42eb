package io.jenkins.plugins.serverlesspromotion.controller.releases;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.serverlesspromotion.controller.PagePaths;
import io.jenkins.plugins.serverlesspromotion.controller.releases.view.ViewAccess;
import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry;
import io.jenkins.plugins.serverlesspromotion.engine.audit.JournalRecord;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Fact;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion.State;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Gate;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Person;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.engine.port.Inspector;
import io.jenkins.plugins.serverlesspromotion.format.json.JournalCodec;
import io.jenkins.plugins.serverlesspromotion.format.json.Json;
import io.jenkins.plugins.serverlesspromotion.format.json.WireNames;
import io.jenkins.plugins.serverlesspromotion.view.ReleaseBoard;
import io.jenkins.plugins.serverlesspromotion.view.ReviewFacts;
import io.jenkins.plugins.serverlesspromotion.view.StoreReader;
import io.jenkins.plugins.serverlesspromotion.view.ViewDocuments;
import io.jenkins.plugins.serverlesspromotion.view.Viewer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import net.sf.json.JSONArray;
import net.sf.json.JSONObject;
import org.htmlunit.html.DomElement;
import org.junit.AfterClass;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Test;
import org.jvnet.hudson.test.JenkinsRule;

/**
 * Each state on page, terminal, REST and {@code --json}: the facts that REST answers are those that the others show. What
 * {@code --json} answers is made here as the command line makes it; it cannot run inside Jenkins.
 */
public class OneViewTest {
    @ClassRule
    public static final JenkinsRule j = new JenkinsRule();

    private static final Desk DESK = new Desk();
    private static final Policy.BreakGlass TWO_OVERRIDE = new Policy.BreakGlass(
            List.of(new Gate.Requirement("release-managers", 2)), Duration.ofHours(1), "INC[0-9]+", "on-call");
    private static final ViewDocuments COMMAND_LINE = new ViewDocuments(promotion -> null);

    private final Surfaces surfaces = new Surfaces(j);

    static {
        j.timeout = 900; // seconds for all of them together, also where everything is slow
    }

    @BeforeClass
    public static void open() throws Exception {
        DESK.open(j);
        Desk.promotions().apply(Desk.policy(TWO_OVERRIDE, Gate.Comment.REQUIRED), "user:ops");
    }

    @AfterClass
    public static void close() {
        DESK.close();
    }

    private static String word(String constant) {
        return constant.toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static Viewer vera() {
        return Viewer.ofEverything(new Person("vera", Set.of(), "login"));
    }

    /** REST alone has addresses of pages. */
    private static JSONObject withoutAddresses(JSONObject document) {
        var copy = JSONObject.fromObject(document);
        copy.discard("url");
        return copy;
    }

    private void sameEverywhere(String id, State state) throws Exception {
        JSONObject rest = surfaces.get("vera", "promotion/" + id).document();
        assertEquals(word(rest.getString("state")), word(state.toString()));
        JSONObject json = JSONObject.fromObject(Json.pretty(COMMAND_LINE.review(
                ReviewFacts.of(new StoreReader(Desk.store()), Desk.promotions(), vera(), Desk.promotion(id)))));
        assertEquals(json, withoutAddresses(rest));

        String terminal = surfaces.cli("vera", "promotion-show", id).stdout();
        String page = surfaces.look("vera", PagePaths.promotion(id))
                .getElementById("sp-promotion")
                .asNormalizedText();
        for (String shown : List.of(terminal, page)) {
            assertTrue(shown, shown.contains(rest.getString("version") + " → " + rest.getString("environment")));
            assertTrue(shown, shown.contains(word(rest.getString("state"))));
            if (rest.has("why")) {
                assertTrue(shown, shown.contains(rest.getString("why")));
            }
            if (rest.has("paused")) {
                assertTrue(shown, shown.contains(rest.getJSONObject("paused").getString("scope")));
            }
        }
        for (Object each : rest.getJSONArray("gates")) {
            var gate = (JSONObject) each;
            if (!gate.getString("gate").equals("approval")) {
                String verdict = word(gate.getString("verdict"));
                assertTrue(terminal, terminal.contains("gate " + gate.getString("gate") + " " + verdict + ": "));
                assertTrue(page, page.contains(verdict) && page.contains(gate.getString("gate") + ": "));
            }
        }
        if (rest.has("steps")) {
            for (Object each : rest.getJSONArray("steps")) {
                var step = (JSONObject) each;
                String status = word(step.getString("status"));
                assertTrue(terminal, terminal.contains(step.getString("key") + " " + status));
                assertTrue(page, page.contains(status));
            }
        }
        sameOnTheBoard(LaneId.ofPromotion(id));
    }

    private static JSONObject cell(JSONObject board, LaneId lane) {
        JSONArray services = board.getJSONArray("services");
        for (Object service : services) {
            for (Object each : ((JSONObject) service).getJSONArray("environments")) {
                var cell = (JSONObject) each;
                if (((JSONObject) service).getString("service").equals(lane.service())
                        && cell.getString("environment").equals(lane.environment())) {
                    return cell;
                }
            }
        }
        throw new AssertionError(lane + " is not on the board");
    }

    private static JSONObject withoutPages(JSONObject cell) {
        var copy = JSONObject.fromObject(cell);
        copy.getJSONArray("promotions").forEach(p -> ((JSONObject) p).discard("url"));
        if (copy.has("endedBadly")) {
            copy.getJSONObject("endedBadly").discard("url");
        }
        return copy;
    }

    private JSONObject sameOnTheBoard(LaneId lane) throws Exception {
        JSONObject rest =
                cell(surfaces.get("vera", "status?service=" + lane.service()).document(), lane);
        var reader = new StoreReader(Desk.store(), ViewAccess.reader(Desk.store())::drift);
        ReleaseBoard board = ReleaseBoard.of(reader, Desk.promotions(), vera(), lane.service()::equals, Instant.now());
        JSONObject json = cell(JSONObject.fromObject(Json.pretty(COMMAND_LINE.board(board, null))), lane);
        assertEquals(json, withoutPages(rest));

        String terminal = surfaces.cli("vera", "promotion-status", lane.service())
                .stdout()
                .lines()
                .filter(l -> l.startsWith(lane.service() + " " + lane.environment() + ": "))
                .findFirst()
                .orElseThrow();
        DomElement shown = surfaces.look("vera", PagePaths.RELEASES + "/")
                .querySelector("tr[data-sp-service='" + lane.service() + "'] td[data-sp-environment='"
                        + lane.environment() + "']");
        String page = shown.asNormalizedText();
        String live = rest.has("live") ? rest.getJSONObject("live").getString("version") : "nothing yet";
        assertTrue(terminal, terminal.contains(live));
        assertTrue(page, page.contains(live));
        for (Object each : rest.getJSONArray("promotions")) {
            var open = (JSONObject) each;
            assertTrue(terminal, terminal.contains(open.getString("version") + " " + word(open.getString("state"))));
            assertTrue(page, page.contains(word(open.getString("state"))));
        }
        if (rest.has("endedBadly")) {
            String ended = word(rest.getJSONObject("endedBadly").getString("state"));
            assertTrue(terminal, terminal.contains(ended));
            assertTrue(page, page.contains(ended));
        }
        return rest;
    }

    @Test
    public void whatWaitsIsPausedRejectedOrAborted() throws Exception {
        String service = Desk.service(1);
        String id = DESK.waiting(service, "1.0.0");
        sameEverywhere(id, State.WAITING);
        Desk.promotions().pause("service " + service, "user:olga", "incident 4711");
        sameEverywhere(id, State.WAITING);
        assertEquals(
                "service " + service,
                surfaces.get("vera", "promotion/" + id)
                        .document()
                        .getJSONObject("paused")
                        .getString("scope"));
        Desk.promotions().resume("service " + service, "user:olga", "over");
        Desk.promotions().reject(id, new Person("alice", Set.of(), "login"), "not now");
        sameEverywhere(id, State.REJECTED);
        String next = DESK.ask(service, "1.0.0");
        Desk.promotions().abort(next, "user:olga", "a mistake");
        sameEverywhere(next, State.ABORTED);
    }

    @Test
    public void whatIsDeployedAndWhatIsLive() throws Exception {
        String service = Desk.service(2);
        var dev = new LaneId(service, "dev");
        DESK.deploying(
                service,
                () -> sameEverywhere(Desk.store().promotions(dev).get(0).id(), State.DEPLOYING));
        sameEverywhere(Desk.store().promotions(dev).get(0).id(), State.SUCCEEDED);
    }

    /** States that pass too fast, or need days, are written to the journal. The engine acts on the next fact of a lane. */
    @Test
    public void everyStateIsTheSameEverywhere() throws Exception {
        int number = 8;
        for (State state : State.values()) {
            String service = Desk.service(number++);
            String id = DESK.waiting(service, "1.0.0");
            boolean deployed =
                    switch (state) {
                        case REQUESTED, PLANNING, WAITING, QUEUED, REJECTED, EXPIRED, SUPERSEDED, ABORTED -> false;
                        default -> true;
                    };
            String shown = deployed
                    ? Desk.store().promotions(new LaneId(service, "dev")).get(0).id()
                    : id;
            write(shown, state);
            assertEquals(state, Desk.promotion(shown).state());
            sameEverywhere(shown, state);
        }
    }

    private static void write(String id, State state) throws Exception {
        var codec = new JournalCodec();
        var entry = new Entry.LaneAdvanced(
                new Fact.AbortRequested(id, "user:olga", null),
                List.of(),
                Desk.store().lane(LaneId.ofPromotion(id)));
        var record = (ObjectNode) Json.mapper().readTree(codec.encode(new JournalRecord(0, Instant.now(), entry)));
        for (JsonNode promotion : record.path("entry").path("lane").path("promotions")) {
            if (promotion.path("id").asText().equals(id)) {
                ((ObjectNode) promotion)
                        .put("state", WireNames.of(state))
                        .put("why", "because of " + word(state.toString()));
            }
        }
        Desk.store()
                .append(codec.decode(Json.mapper().writeValueAsBytes(record)).entry());
    }

    @Test
    public void whatFailsOrIsRolledBack() throws Exception {
        String service = Desk.service(4);
        sameEverywhere(ended(service, "7.0.0"), State.FAILED);
        DESK.toDev(service, "7.1.0");
        sameEverywhere(ended(service, "7.2.0"), State.ROLLED_BACK);
    }

    private String ended(String service, String version) throws Exception {
        DESK.failsCheck(version, "dev");
        String id = Desk.promotions()
                .request(
                        new LaneId(service, "dev"),
                        DESK.publish(service, version).ref(),
                        Desk.by("bob"));
        DESK.until(id, p -> p.state().isOver());
        return id;
    }

    @Test
    public void whatIsHeldAfterARollback() throws Exception {
        String service = Desk.service(5);
        var dev = new LaneId(service, "dev");
        DESK.toDev(service, "1.0.0");
        DESK.toDev(service, "2.0.0");
        String id = Desk.promotions().rollback(dev, "1.0.0", Desk.by("olga", "2.0.0 is slow"));
        DESK.until(id, State.SUCCEEDED);
        sameEverywhere(id, State.SUCCEEDED);
        assertEquals("2.0.0 is slow", sameOnTheBoard(dev).getJSONObject("hold").getString("reason"));
    }

    @Test
    public void whatPeopleHaveBegunToOverride() throws Exception {
        String id = DESK.waiting(Desk.service(6), "1.0.0");
        Desk.promotions()
                .override(id, new Person("alice", Set.of(), "login"), Desk.planDigest(id), "checkout is down", "INC42");
        sameEverywhere(id, State.WAITING);
        String person = surfaces.get("vera", "promotion/" + id)
                .document()
                .getJSONObject("override")
                .toString();
        assertTrue(person, person.contains("alice"));
    }

    @Test
    public void whatHasDrifted() throws Exception {
        String service = Desk.service(3);
        DESK.toDev(service, "1.0.0");
        DESK.finds((work, plan, places, progress) -> plan.targets().stream()
                .map(t -> new Inspector.Inspected(t.key(), Inspector.DriftResult.DRIFTED, List.of("Fn: MemorySize")))
                .toList());
        assertEquals(
                200,
                surfaces.post("olga", "drift-check", "service", service, "environment", "dev")
                        .status());
        JSONObject rest = sameOnTheBoard(new LaneId(service, "dev"));
        assertEquals("DRIFTED", rest.getJSONObject("drift").getString("verdict"));
        String terminal = surfaces.cli("vera", "promotion-status", service).stdout();
        assertTrue(terminal, terminal.contains("drift in eu-west-1"));
        String page = surfaces.look("vera", PagePaths.RELEASES + "/")
                .querySelector("tr[data-sp-service='" + service + "'] td[data-sp-environment='dev']")
                .asNormalizedText();
        assertTrue(page, page.contains("drift in eu-west-1"));
        assertFalse(terminal, terminal.contains("could not find out"));
    }
}
