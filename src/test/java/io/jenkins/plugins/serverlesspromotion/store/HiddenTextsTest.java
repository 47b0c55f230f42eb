package io.jenkins.plugins.serverlesspromotion.store;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertSame;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry;
import io.jenkins.plugins.serverlesspromotion.engine.audit.JournalRecord;
import io.jenkins.plugins.serverlesspromotion.engine.audit.NoteSigner;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Event;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Fact;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Lane;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.engine.lane.PromotionDecisions;
import io.jenkins.plugins.serverlesspromotion.engine.lane.PromotionPlanning;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy.Place;
import io.jenkins.plugins.serverlesspromotion.engine.port.Codec;
import io.jenkins.plugins.serverlesspromotion.engine.release.Artifact;
import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest;
import io.jenkins.plugins.serverlesspromotion.engine.release.Provenance;
import io.jenkins.plugins.serverlesspromotion.engine.release.Published;
import io.jenkins.plugins.serverlesspromotion.engine.release.Release;
import io.jenkins.plugins.serverlesspromotion.engine.release.ReleaseRef;
import io.jenkins.plugins.serverlesspromotion.format.json.JournalCodec;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** A journal of an older version has literal values of NoEcho parameters; nothing that is made of it has them. */
public class HiddenTextsTest {
    private static final String PLANTED = "planted-6f1c0e";
    private static final String OTHER = "planted-variable-77";
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
    private static final LaneId LANE = new LaneId("orders", "prod");
    private static final String DIGEST = "sha256:" + "1".repeat(64);
    private static final ReleaseRef REF = new ReleaseRef("orders", "1.0.0", DIGEST, 1);

    @Rule
    public TemporaryFolder temporary = new TemporaryFolder();

    private Path root;
    private long oldRecords;

    private static FileStore open(Path root) throws Exception {
        return FileStore.open(root, Product.CLI, new JournalCodec());
    }

    private static Published published() {
        var target = new Manifest.CloudFormation(
                "app",
                List.of(),
                List.of(),
                "t.yaml",
                "orders-${environment}",
                List.of(),
                Map.of("Pw", PLANTED, "Pw2", "${pw}", "Size", "large-size"),
                Map.of("copy", PLANTED));
        var manifest = new Manifest(
                "orders",
                Map.of("pw", new Manifest.Variable.PerEnvironment(Map.of("*", OTHER))),
                List.of(target),
                List.of(),
                List.of());
        var artifact = new Artifact("t.yaml", "2".repeat(64), 5);
        return new Published(
                REF,
                new Release("orders", "1.0.0", manifest, List.of(artifact)),
                Provenance.publishedBy("bob"),
                "main",
                Map.of(),
                NOON,
                "bob");
    }

    private static Plan plan() {
        var content = new Plan.Content(
                Plan.Exactness.EXACT,
                "orders-prod",
                DIGEST,
                null,
                Map.of("Pw", PLANTED, "Pw2", OTHER, "Size", "large-size"),
                Map.of(),
                List.of(new Plan.Change(
                        "Q",
                        "AWS::SQS::Queue",
                        Plan.Action.MODIFY,
                        Plan.Replacement.NO,
                        List.of(new Plan.PropertyChange(
                                "/Properties/Tags", "a " + OTHER, "b " + PLANTED, Plan.Replacement.NO)))),
                List.of(new Plan.Finding(
                        "kind", "Q", "Q has " + PLANTED, List.of(new Plan.Evidence("x", OTHER, PLANTED)))));
        return new Plan(
                DIGEST,
                List.of(new Plan.TargetPlan(
                        new Place("orders-prod", "eu-west-1"),
                        "app",
                        "cloudformation",
                        0,
                        List.of(),
                        content,
                        Map.of())),
                List.of());
    }

    private static Lane lane(String why) {
        var request = new PromotionDecisions.Request("user:bob", Set.of("bob"), NOON, null, null, null);
        var promotion = new Promotion(
                "orders.prod.1",
                Promotion.Kind.FORWARD,
                REF,
                Promotion.State.WAITING,
                NOON,
                why,
                null,
                new PromotionPlanning(1, null, 0),
                PromotionDecisions.requested(List.of(request)).waitingSince(NOON),
                null);
        return new Lane(LANE, null, List.of(), null, List.of(promotion), 1, 0);
    }

    private static Entry planned() {
        return new Entry.LaneAdvanced(
                new Fact.Planned("orders.prod.1", 1, plan()),
                List.of(new Event(Event.Type.PLANNED, "orders.prod.1", null, "planned " + PLANTED)),
                lane("value " + PLANTED));
    }

    /** As an older version wrote it: its records are encoded as they are. */
    @Before
    public void aJournalOfAnOlderVersion() throws Exception {
        root = temporary.getRoot().toPath().resolve("home");
        open(root).close();
        Files.delete(root.resolve("checkpoint"));
        Path segment;
        try (var files = Files.list(root.resolve("journal"))) {
            segment = files.findFirst().orElseThrow();
        }
        for (Entry entry : List.of(new Entry.ReleasePublished(published()), planned())) {
            oldRecords++;
            byte[] line = JournalLine.write(new JournalCodec().encode(new JournalRecord(oldRecords, NOON, entry)));
            Files.write(segment, line, java.nio.file.StandardOpenOption.APPEND);
        }
        assertTrue(journal(1).contains(PLANTED));
    }

    /** The journal's lines from a record on. */
    private String journal(long from) throws Exception {
        var text = new StringBuilder();
        try (var files = Files.list(root.resolve("journal"))) {
            for (Path file : files.sorted().toList()) {
                text.append(Files.readString(file));
            }
        }
        return text.toString().lines().skip(from).reduce("", (a, b) -> a + b + "\n");
    }

    private static void assertHidden(String text) {
        assertFalse(text, text.contains(PLANTED));
        assertFalse(text, text.contains(OTHER));
    }

    @Test
    public void whatIsShownHasFingerprintsAndWhatIsDeployedHasTheValues() throws Exception {
        try (FileStore store = open(root)) {
            assertHidden(store.records(r -> true).toString());
            assertHidden(store.lane(LANE).toString());
            assertHidden(store.promotion("orders.prod.1").toString());
            assertHidden(store.promotions(LANE).toString());
            assertHidden(store.shownPlan("orders.prod.1").toString());
            assertTrue(store.records(r -> true).toString().contains("hmac-sha256:"));
            assertEquals(plan(), store.plan("orders.prod.1").orElseThrow());
            assertEquals(published(), store.release("orders", "1.0.0").orElseThrow());
        }
    }

    @Test
    public void whatIsWrittenFromNowOnHasFingerprints() throws Exception {
        try (FileStore store = open(root)) {
            store.append(new Entry.LaneAdvanced(
                    new Fact.PlanningEnded(
                            "orders.prod.1",
                            1,
                            new Fact.Failure(Fact.FailureKind.FAILED, "AWS refused '" + PLANTED + "'")),
                    List.of(new Event(Event.Type.STATE, "orders.prod.1", null, "failed: " + OTHER)),
                    lane("failed: " + PLANTED)));
            store.append(new Entry.DriftFound(
                    LANE, "orders.prod.1", "orders@1.0.0", Map.of("a", List.of("Pw is " + PLANTED)), "schedule"));
        }
        String written = journal(oldRecords + 1);
        assertEquals(2, written.lines().count());
        assertHidden(written);
        assertTrue(written.contains("hmac-sha256:"));
        open(root).close();
    }

    @Test
    public void onceTheTemplateWasReadOnlyItsNoEchoParametersAreHidden() throws Exception {
        try (FileStore store = open(root)) {
            assertFalse(store.shownPlan("orders.prod.1").toString().contains("large-size"));
            store.append(new Entry.NoEchoFound("orders@1.0.0", List.of("app.Pw", "app.Pw2")));
            assertHidden(store.shownPlan("orders.prod.1").toString());
            assertTrue(store.shownPlan("orders.prod.1").toString().contains("large-size"));
        }
        try (FileStore store = open(root)) {
            assertTrue(store.shownPlan("orders.prod.1").toString().contains("large-size"));
        }
    }

    @Test
    public void anExportHasFingerprintsAndIsProvedByTheHashesAndTheSignature() throws Exception {
        NoteSigner signer = NoteSigner.generate("test", new SecureRandom());
        var out = new ByteArrayOutputStream();
        try (FileStore store = open(root)) {
            AuditExport.export(store, signer, out);
        }
        String export = out.toString(StandardCharsets.UTF_8);
        assertHidden(export);
        byte[] key = Files.readAllBytes(root.resolve(FingerprintKey.FILE));
        assertFalse(export.contains(java.util.HexFormat.of().formatHex(key)));
        ExportVerification exportVerification = verify(export, signer);
        assertTrue(String.valueOf(exportVerification.finding()), exportVerification.isValid());
        assertEquals(ExportVerification.Signature.VALID, exportVerification.signature());
        assertEquals(2, exportVerification.withheld());
        assertFalse(
                "what is shown of an entry is signed",
                verify(export.replace("large", "small").replace("\"bob\"", "\"eve\""), signer)
                        .isValid());
        String older = export.replaceFirst(" 2 ", " 1 ");
        assertFalse("format 1 has whole entries only", verify(older, signer).isValid());
    }

    private static ExportVerification verify(String export, NoteSigner signer) throws Exception {
        return AuditExport.verify(
                new ByteArrayInputStream(export.getBytes(StandardCharsets.UTF_8)),
                new JournalCodec(),
                signer.verifier());
    }

    @Test
    public void theKeyIsTheOwnersAloneAndOutlivesARestart() throws Exception {
        String first = shown();
        Path file = root.resolve(FingerprintKey.FILE);
        byte[] key = Files.readAllBytes(file);
        assertEquals(32, key.length);
        if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            assertEquals(PosixFilePermissions.fromString("rw-------"), Files.getPosixFilePermissions(file));
        }
        assertEquals(first, shown());
        assertArrayEquals(key, Files.readAllBytes(file));
        Files.delete(file);
        String other = shown();
        assertNotEquals("another key makes other fingerprints, and nothing else", first, other);
        assertHidden(other);
    }

    @Test
    public void theKeyIsForcedBeforeItHasItsNameAndTheFolderAfter() throws Exception {
        var disk = new RecordingDisk(temporary.getRoot().toPath());
        new FingerprintKey(root, disk).fingerprint(PLANTED);
        assertEquals(
                List.of(
                        "create for the owner home/fingerprint-key.new",
                        "write at 0 home/fingerprint-key.new",
                        "force home/fingerprint-key.new",
                        "rename to fingerprint-key home/fingerprint-key.new",
                        "force home"),
                disk.operations());
    }

    @Test
    public void whatACrashLeftOfAKeyIsReplaced() throws Exception {
        Files.write(root.resolve(FingerprintKey.FILE + ".new"), new byte[7]);
        Files.write(root.resolve(FingerprintKey.FILE), new byte[0]);
        String first = new FingerprintKey(root, new RealDisk()).fingerprint(PLANTED);
        assertEquals(32, Files.size(root.resolve(FingerprintKey.FILE)));
        assertEquals(first, new FingerprintKey(root, new RealDisk()).fingerprint(PLANTED));
        assertFalse(Files.exists(root.resolve(FingerprintKey.FILE + ".new")));
    }

    @Test
    public void aKeyThatCannotBeReadStaysAndNothingIsShown() throws Exception {
        Path file = Files.createDirectory(root.resolve(FingerprintKey.FILE));
        String first = shown();
        assertHidden(first);
        assertTrue(first.contains("hmac-sha256:"));
        assertTrue("it may be readable again", Files.isDirectory(file));
    }

    @Test
    public void aFullDiskShowsNothing() throws Exception {
        var disk = new FailingDisk(0, false);
        var key = new FingerprintKey(root, disk);
        assertEquals("within a process they are equal", key.fingerprint(PLANTED), key.fingerprint(PLANTED));
        assertFalse(Files.exists(root.resolve(FingerprintKey.FILE)));
    }

    @Test
    public void whoReadsOnlyMakesNoKeyAndShowsNothing() throws Exception {
        try (FileStore store = FileStore.openReadOnly(root, Product.CLI, new JournalCodec())) {
            assertHidden(store.shownPlan("orders.prod.1").toString());
            assertHidden(store.records(r -> true).toString());
            var out = new ByteArrayOutputStream();
            AuditExport.export(store, null, out);
            assertHidden(out.toString(StandardCharsets.UTF_8));
        }
        assertFalse(Files.exists(root.resolve(FingerprintKey.FILE)));
    }

    @Test
    public void anInterruptLosesNoKey() throws Exception {
        Thread.currentThread().interrupt();
        String first;
        try {
            first = new FingerprintKey(root, new RealDisk()).fingerprint(PLANTED);
            assertEquals(first, new FingerprintKey(root, new RealDisk()).fingerprint(PLANTED));
        } finally {
            assertTrue(Thread.interrupted());
        }
        assertEquals(first, new FingerprintKey(root, new RealDisk()).fingerprint(PLANTED));
    }

    @Test
    public void aReleaseThatHasLeftTheLaneIsHiddenInOldFindings() throws Exception {
        try (FileStore store = open(root)) {
            store.append(new Entry.LaneAdvanced(new Fact.Reconsidered("x"), List.of(), Lane.empty(LANE)));
            long before = store.size();
            store.append(new Entry.DriftFound(
                    LANE, "orders.prod.1", "orders@1.0.0", Map.of("a", List.of("Pw is " + PLANTED)), "schedule"));
            store.append(new Entry.StackRecovered(
                    LANE, "a", "arn", "X", "skip", List.of(), "user:bob", "why", "Y", "value " + OTHER, List.of()));
            assertHidden(store.records(r -> r.seq() >= before).toString());
        }
        assertHidden(journal(oldRecords + 2));
    }

    @Test
    public void aLaneShowsAgainWhatIsFoundToBeNoSecret() throws Exception {
        try (FileStore store = open(root)) {
            assertHidden(store.lane(LANE).toString());
            store.append(new Entry.NoEchoFound("orders@1.0.0", List.of("app.Pw2")));
            assertTrue(store.lane(LANE).toString().contains(PLANTED));
        }
    }

    @Test
    public void aFingerprintIsAnHmacOfTheValue() throws Exception {
        byte[] key = new byte[32];
        java.util.Arrays.fill(key, (byte) 0x0b);
        Files.write(root.resolve(FingerprintKey.FILE), key);
        var mac = javax.crypto.Mac.getInstance("HmacSHA256");
        mac.init(new javax.crypto.spec.SecretKeySpec(key, "HmacSHA256"));
        String expected = java.util.HexFormat.of().formatHex(mac.doFinal(PLANTED.getBytes(StandardCharsets.UTF_8)));
        assertEquals("hmac-sha256:" + expected, new FingerprintKey(root, null).fingerprint(PLANTED));
    }

    @Test
    public void whereNothingIsToBeHiddenAnExportIsTheJournalAndNothingIsDecodedForIt() throws Exception {
        try (FileStore store = open(root)) {
            store.append(new Entry.NoEchoFound("orders@1.0.0", List.of()));
        }
        var decoded = new AtomicInteger();
        var codec = new Codec() {
            private final JournalCodec real = new JournalCodec();

            @Override
            public byte[] encode(JournalRecord record) {
                return real.encode(record);
            }

            @Override
            public int version(byte[] record) {
                return real.version(record);
            }

            @Override
            public JournalRecord decode(byte[] bytes) {
                decoded.incrementAndGet();
                return real.decode(bytes);
            }

            @Override
            public Entry replaced(Entry entry, UnaryOperator<String> texts) {
                throw new AssertionError("nothing is looked for");
            }
        };
        var out = new ByteArrayOutputStream();
        try (FileStore store = FileStore.open(root, Product.CLI, codec)) {
            decoded.set(0);
            AuditExport.export(store, null, out);
            assertEquals(0, decoded.get());
            assertSame(store.lane(LANE), store.lane(LANE));
            assertTrue(store.lane(LANE).toString().contains(PLANTED));
        }
        List<String> lines = out.toString(StandardCharsets.UTF_8).lines().toList();
        assertTrue(lines.get(0), lines.get(0).startsWith("serverless-promotion-audit 1 "));
        assertTrue(lines.containsAll(journal(0).lines().toList()));
        assertFalse(Files.exists(root.resolve(FingerprintKey.FILE)));
    }

    private String shown() throws Exception {
        try (FileStore store = open(root)) {
            return store.shownPlan("orders.prod.1").toString();
        }
    }
}
