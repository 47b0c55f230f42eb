package io.jenkins.plugins.serverlesspromotion.engine.runtime;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry;
import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry.ConfigurationSettled.Outcome;
import io.jenkins.plugins.serverlesspromotion.engine.port.Proposal;
import io.jenkins.plugins.serverlesspromotion.format.json.JournalCodec;
import io.jenkins.plugins.serverlesspromotion.format.policy.PolicyReader;
import io.jenkins.plugins.serverlesspromotion.store.FileStore;
import io.jenkins.plugins.serverlesspromotion.store.Product;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Nobody changes the configuration alone, and neither a crash nor another change in between makes it otherwise. */
public class ConfigurationChangesTest {
    private static final String NOW = "sha256:now";
    private static final List<String> DIFFERENCE = List.of("environments[prod].gates[soak].soak.for: 2h → 1h");

    @Rule
    public TemporaryFolder folder = new TemporaryFolder();

    private FileStore store;
    private ConfigurationChanges changes;

    @Before
    public void open() throws Exception {
        store = FileStore.open(folder.getRoot().toPath().resolve("store"), Product.CLI, new JournalCodec());
        var limit = new RequestLimit(store, Clock.systemUTC());
        changes = new ConfigurationChanges(
                store,
                Clock.systemUTC(),
                new ReentrantLock(),
                (who, what, why, people) -> limit.refuse(new Entry.Refused(who, what, why, List.copyOf(people))));
    }

    @After
    public void close() throws Exception {
        store.close();
    }

    private void again() throws Exception {
        close();
        open();
    }

    private String propose(String by) throws IOException {
        return changes.propose(by, NOW, DIFFERENCE, "everything that " + by + " wants");
    }

    private void refused(String why, org.junit.function.ThrowingRunnable deed) throws IOException {
        int before = store.records(r -> r.entry() instanceof Entry.Refused).size();
        String told = assertThrows(RefusedException.class, deed).getMessage();
        assertTrue(told, told.contains(why));
        assertEquals(
                "in the audit log",
                before + 1,
                store.records(r -> r.entry() instanceof Entry.Refused).size());
    }

    private List<Outcome> outcomes() throws IOException {
        return store.records(r -> r.entry() instanceof Entry.ConfigurationSettled).stream()
                .map(r -> ((Entry.ConfigurationSettled) r.entry()).outcome())
                .toList();
    }

    @Test
    public void whatOneProposesAnotherAccepts() throws Exception {
        String id = propose("connie");
        Proposal open = changes.open().get(0);
        assertEquals(id, open.id());
        assertEquals(DIFFERENCE, open.made().differences());
        assertEquals(Optional.empty(), open.accepted());
        Proposal accepted = changes.accept(id, "adam", NOW);
        assertEquals("everything that connie wants", accepted.made().content());
        assertEquals(Optional.of("adam"), accepted.accepted());
        changes.carriedOut(accepted);
        assertEquals(List.of(), changes.open());
        assertEquals(List.of(Outcome.ACCEPTED, Outcome.CARRIED_OUT), outcomes());
    }

    @Test
    public void nobodyAcceptsTheirOwn() throws Exception {
        String id = propose("connie");
        refused("another person must accept it", () -> changes.accept(id, "connie", NOW));
        assertEquals(Optional.empty(), changes.open().get(0).accepted());
    }

    @Test
    public void nobodyAcceptsTheirOwnAsAnotherUserOfTheirs() throws Exception {
        String id = propose("connie");
        String policy = """
                artifactStores: [ { name: main, bucket: acme-releases, region: eu-west-1, account: prod } ]
                accounts: [ { name: prod, id: "444444444444" } ]
                aliases: [ { user: connie, names: [ connie-admin ] } ]
                mailDomains: [ acme.net ]
                environments: [ { name: prod } ]
                services: [ { name: orders, places: "prod/eu-west-1" } ]
                """;
        var read = PolicyReader.read("policy.yaml", policy.getBytes(StandardCharsets.UTF_8));
        store.append(new Entry.PolicyApplied("sha256:1", read, "user:ops"));
        for (String same : List.of("connie", "Connie-Admin", "connie@acme.net")) {
            refused("another person must accept it", () -> changes.accept(id, same, NOW));
        }
        assertEquals(Optional.of("adam"), changes.accept(id, "adam", NOW).accepted());
    }

    @Test
    public void whatWouldUndoAnotherChangeIsNotAccepted() throws Exception {
        String id = propose("connie");
        refused("changed since this was proposed", () -> changes.accept(id, "adam", "sha256:later"));
    }

    @Test
    public void whatIsOverOrWasNeverThereIsNotAccepted() throws Exception {
        String id = propose("connie");
        changes.reject(id, "adam", "no");
        refused("no such proposal any more", () -> changes.accept(id, "adam", NOW));
        refused("no such proposal any more", () -> changes.reject(id, "adam", "no"));
        refused("no such proposal any more", () -> changes.accept("0123456789abcdef", "adam", NOW));
    }

    @Test
    public void onesOwnIsWithdrawnAndSomebodyElsesRejected() throws Exception {
        changes.reject(propose("connie"), "connie", "a mistake");
        changes.reject(propose("connie"), "adam", "too soon");
        assertEquals(List.of(Outcome.WITHDRAWN, Outcome.REJECTED), outcomes());
        assertEquals(List.of(), changes.open());
    }

    @Test
    public void whoeverProposesAnewWithdrawsWhatTheyProposedBefore() throws Exception {
        String first = propose("connie");
        String others = propose("adam");
        String second = changes.propose("connie", NOW, DIFFERENCE, "something else");
        assertNotEquals(first, second);
        assertEquals(
                List.of(others, second),
                changes.open().stream().map(Proposal::id).toList());
    }

    @Test
    public void aCrashLosesNoProposalAndNoAcceptance() throws Exception {
        String id = propose("connie");
        again();
        assertEquals(id, changes.open().get(0).id());
        changes.accept(id, "adam", NOW);
        again();
        Proposal interrupted = changes.open().get(0);
        assertEquals(Optional.of("adam"), interrupted.accepted());
        refused("accepted by adam already", () -> changes.reject(id, "connie", "too late"));
        assertEquals(
                "again, by whoever",
                Optional.of("adam"),
                changes.accept(id, "erin", NOW).accepted());
        assertEquals(List.of(Outcome.ACCEPTED), outcomes());
        changes.lapsed(interrupted, "changed otherwise");
        again();
        assertEquals(List.of(), changes.open());
    }
}
