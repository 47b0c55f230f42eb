package io.jenkins.plugins.serverlesspromotion.engine.runtime;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.engine.release.Artifact;
import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest;
import io.jenkins.plugins.serverlesspromotion.engine.release.Provenance;
import io.jenkins.plugins.serverlesspromotion.engine.release.Provenance.Author;
import io.jenkins.plugins.serverlesspromotion.engine.release.Release;
import io.jenkins.plugins.serverlesspromotion.format.json.CanonicalDigests;
import io.jenkins.plugins.serverlesspromotion.format.json.JournalCodec;
import io.jenkins.plugins.serverlesspromotion.format.policy.PolicyReader;
import io.jenkins.plugins.serverlesspromotion.format.policy.Re2Patterns;
import io.jenkins.plugins.serverlesspromotion.store.FileStore;
import io.jenkins.plugins.serverlesspromotion.store.Product;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.IntStream;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** One person's builds publish in one minute; the clock stands still. */
public class PublishLimitTest {
    private static final Instant NOON = Instant.parse("2026-11-29T12:00:00Z");
    private static final int TRIES = 300;
    private static final long MEGABYTE = 1 << 20;

    private static final String POLICY = """
            artifactStores: [ { name: main, bucket: acme-releases, region: eu-west-1, account: prod } ]
            accounts: [ { name: prod, id: "444444444444" } ]
            roles: [ { name: managers, users: [ alice ] } ]
            environments:
              - name: prod
                gates: [ { approval: { require: [ { role: managers } ] } } ]
            services:
              - { name: orders, places: "${environment}/eu-west-1" }
            """;

    @Rule
    public TemporaryFolder folder = new TemporaryFolder();

    private final ExecutorService pool = Executors.newFixedThreadPool(2);
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private Path root;
    private FileStore store;
    private Promotions promotions;

    @Before
    public void up() throws Exception {
        root = folder.getRoot().toPath().resolve("store");
        store = FileStore.open(root, Product.CLI, new JournalCodec());
        promotions = new Promotions(
                store,
                new MemoryDeployer(),
                new CanonicalDigests(),
                new Re2Patterns(),
                Clock.fixed(NOON, ZoneOffset.UTC),
                pool,
                timer,
                new StrictObserver());
        promotions.apply(PolicyReader.read("policy.yaml", POLICY.getBytes(StandardCharsets.UTF_8)), "user:ops");
    }

    @After
    public void down() throws Exception {
        promotions.close();
        pool.shutdownNow();
        timer.shutdownNow();
        store.close();
    }

    /** As many commits and authors as a clone may give, which the person who pushes to a branch makes up. */
    private static Provenance provenance(int number, int build) {
        return new Provenance(
                null,
                null,
                null,
                IntStream.range(0, 1000)
                        .mapToObj(i -> String.format("%08x%032x", number, i))
                        .toList(),
                IntStream.range(0, 500)
                        .mapToObj(
                                i -> new Author(number + "-" + i + "n".repeat(240), number + "-" + i + "m".repeat(240)))
                        .toList(),
                List.of("job:orders/main#" + build, "user:mallory"));
    }

    private void publish(String version, Provenance provenance) throws Exception {
        var api = new Manifest.CloudFormation(
                "api", List.of(), List.of(), "api.yaml", "orders-${environment}", List.of(), Map.of(), Map.of());
        var manifest = new Manifest("orders", Map.of(), List.of(api), List.of(), List.of());
        var release = new Release(
                "orders", version, manifest, List.of(new Artifact("api.yaml", String.format("%064x", 1), 10)));
        promotions.publish(
                release,
                List.of(),
                provenance,
                "main",
                Map.of(),
                provenance.publishers().get(0));
    }

    private long journal() throws IOException {
        try (var files = Files.walk(root.resolve("journal"))) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(f -> f.toFile().length())
                    .sum();
        }
    }

    private interface Publication {
        void of(int number) throws Exception;
    }

    private void limited(Publication publication) throws Exception {
        int done = 0;
        try {
            for (; done < TRIES; done++) {
                publication.of(done);
            }
        } catch (RefusedException e) {
            assertTrue(e.getMessage(), e.getMessage().contains("within a minute"));
        }
        assertTrue(
                done + " publications of one person in a minute, " + journal() / MEGABYTE + " MB of journal",
                done < TRIES);
    }

    @Test
    public void newVersionsOfOnePersonHaveALimitPerMinute() throws Exception {
        limited(i -> publish("1." + i, provenance(i, 1)));
    }

    @Test
    public void theSameReleaseByBuildAfterBuildHasALimitPerMinute() throws Exception {
        limited(i -> publish("1.0", provenance(i % 2, i)));
    }

    /** What another build knew already is not written again. */
    @Test
    public void aRepeatedPublicationRecordsWhatIsNew() throws Exception {
        publish("1.0", provenance(0, 1));
        publish("1.0", provenance(1, 2));
        long before = journal();
        publish("1.0", provenance(1, 3));
        long grown = journal() - before;
        assertTrue(grown + " bytes for one publisher more", grown < 1024);
        Provenance known = store.release("orders", "1.0").orElseThrow().provenance();
        assertEquals(provenance(0, 1).and(provenance(1, 2)).and(provenance(1, 3)), known);
        down();
        store = FileStore.open(root, Product.CLI, new JournalCodec());
        assertEquals(known, store.release("orders", "1.0").orElseThrow().provenance());
    }

    /** Any person with permission to promote can send it, by REST or as an argument of a command. */
    @Test
    public void whatIsNotPausedIsRefusedInFewCharacters() throws Exception {
        long before = journal();
        String scope = "service " + "x".repeat(1_000_000);
        assertThrows(RefusedException.class, () -> promotions.resume(scope, "user:mallory", "over"));
        long grown = journal() - before;
        assertTrue(grown / 1024 + " KB for one refusal", grown < 16 * 1024);
    }
}
