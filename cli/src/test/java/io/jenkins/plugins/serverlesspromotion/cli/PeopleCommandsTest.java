package io.jenkins.plugins.serverlesspromotion.cli;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;
import io.jenkins.plugins.serverlesspromotion.cli.Laboratory.Answer;
import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Fact;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneMachine;
import io.jenkins.plugins.serverlesspromotion.engine.lane.PromotionDecisions.Request;
import io.jenkins.plugins.serverlesspromotion.engine.lane.GateContext;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Transition;
import io.jenkins.plugins.serverlesspromotion.format.json.JournalCodec;
import io.jenkins.plugins.serverlesspromotion.store.FileStore;
import io.jenkins.plugins.serverlesspromotion.store.Product;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** {@code promotion requesters} and {@code promotion authors}: until someone answers for unknown people, no one approves. */
public class PeopleCommandsTest {
    @Rule
    public TemporaryFolder folder = new TemporaryFolder();

    private Laboratory lab;

    @Before
    public void setUp() throws Exception {
        lab = new Laboratory(folder);
    }

    private String toProd(String version) {
        lab.expect(Exit.DONE, "promote", "orders@" + version, "--to", "dev");
        return (String) lab.expect(Exit.DONE, "promote", "orders@" + version, "--to", "prod", "--json")
                .json()
                .get("id");
    }

    /** As a journal has it in which a build asked whose people could not be established. */
    private void askedByUnknownPeople(String version) throws Exception {
        try (FileStore store = FileStore.open(lab.home, Product.CLI, new JournalCodec())) {
            var lane = new LaneId("orders", "prod");
            Instant now = Instant.now();
            var request = new Request("job:orders/main#7", Set.of(), now, null, null, null);
            var fact = new Fact.Requested(
                    store.release("orders", version).orElseThrow().ref(), request);
            var nothing = new GateContext(null, null, null, Map.of(), Map.of(), Map.of(), List.of());
            Transition taken = LaneMachine.advance(store.lane(lane), fact, nothing, now);
            store.append(new Entry.LaneAdvanced(fact, taken.events(), taken.lane()));
        }
    }

    @Test
    public void whoAskedIsStatedByAPersonWhoThenDoesNotCount() throws Exception {
        lab.policy();
        lab.publish("1.0.0");
        String id = toProd("1.0.0");
        Answer needless = lab.expect(
                Exit.NO, "requesters", id, "--people", "bob", "--reason", "he told me", "--as", "alice");
        assertTrue(needless.err(), needless.err().contains("the requesters of this are known"));

        askedByUnknownPeople("1.0.0");
        Answer closed = lab.approve(Exit.NO, id, "--as", "alice");
        assertTrue(closed.err(), closed.err().contains("cannot establish who asked"));
        assertTrue(closed.out(), closed.out().contains("promotion requesters " + id));

        assertEquals(
                Exit.USAGE, lab.call("requesters", id, "--people", "zoe", "--as", "alice").exit());
        for (List<String> no : List.of(
                List.<String>of(),
                List.of("--people", ""),
                List.of("--people", " , "),
                List.of("--people", "zoe", "--none"))) {
            var words = new ArrayList<>(List.of("requesters", id, "--reason", "x", "--as", "alice"));
            words.addAll(no);
            Answer wrong = lab.expect(Exit.USAGE, words.toArray(String[]::new));
            assertTrue(wrong.err(), wrong.err().contains("state with --none that no person requested it"));
        }
        lab.expect(Exit.NO, "requesters", id, "--people", "zoe", "--reason", "I asked", "--as", "bob");
        Answer stated =
                lab.expect(Exit.DONE, "requesters", id, "--people", "zoe", "--reason", "her build", "--as", "alice");
        assertTrue(stated.out(), stated.out().contains("zoe"));

        Answer witness = lab.approve(Exit.NO, id, "--as", "alice");
        assertFalse(witness.err(), witness.err().contains("cannot establish"));
        lab.approve(Exit.DONE, id, "--as", "dave");
        Answer done = lab.approve(Exit.DONE, id, "--as", "carol", "--group", "team-orders");
        assertTrue(done.out(), done.out().contains("SUCCEEDED"));
        String log = lab.expect(Exit.DONE, "audit", "log").out();
        assertTrue(log, log.contains("her build"));
    }

    @Test
    public void thatNoPersonAskedIsSaidInSoManyWords() throws Exception {
        lab.policy();
        lab.publish("1.0.0");
        String id = toProd("1.0.0");
        askedByUnknownPeople("1.0.0");
        Answer stated = lab.expect(Exit.DONE, "requesters", id, "--none", "--reason", "a webhook", "--as", "alice");
        assertTrue(stated.out(), stated.out().contains("alice stated that no person requested it: a webhook"));
        Answer closed = lab.approve(Exit.NO, id, "--as", "alice");
        assertFalse(closed.err(), closed.err().contains("cannot establish"));
    }

    @Test
    public void whoWroteAReleaseIsAttestedByAPersonWhoThenDoesNotCount() throws Exception {
        lab.write(
                "policy.yaml",
                Laboratory.POLICY.replace("} ] }\n    rollback:", "} ], excludeAuthors: true }\n    rollback:"));
        lab.policy();
        lab.publish("1.0.0");
        String id = toProd("1.0.0");
        Answer closed = lab.approve(Exit.NO, id, "--as", "alice");
        assertTrue(closed.err(), closed.err().contains("cannot establish who wrote orders@1.0.0"));
        assertTrue(closed.out(), closed.out().contains("promotion authors " + id));

        lab.expect(
                Exit.NO, "authors", id, "--release", "orders@9.9.9", "--people", "zoe", "--reason", "x", "--as", "alice");
        Answer blank = lab.expect(
                Exit.USAGE, "authors", id, "--release", "orders@1.0.0", "--people", " , ", "--reason", "x", "--as",
                "alice");
        assertTrue(blank.err(), blank.err().contains("--people names no one; name the people who wrote orders@1.0.0"));
        Answer stranger = lab.expect(
                Exit.NO, "authors", id, "--release", "orders@1.0.0", "--people", "zoe", "--reason", "x", "--as", "alice");
        assertTrue(stranger.err(), stranger.err().contains("cannot establish who zoe is"));
        lab.expect(
                Exit.DONE, "authors", id, "--release", "orders@1.0.0", "--people", "erin", "--reason", "read them",
                "--as", "alice");
        lab.approve(Exit.NO, id, "--as", "alice");
        lab.approve(Exit.DONE, id, "--as", "dave");
        Answer done = lab.approve(Exit.DONE, id, "--as", "carol", "--group", "team-orders");
        assertTrue(done.out(), done.out().contains("SUCCEEDED"));
        String log = lab.expect(Exit.DONE, "audit", "log").out();
        assertTrue(log, log.contains("read them"));
    }
}
