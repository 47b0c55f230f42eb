package io.jenkins.plugins.serverlesspromotion.format;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.engine.policy.EvidenceKey;
import io.jenkins.plugins.serverlesspromotion.engine.release.Artifact;
import io.jenkins.plugins.serverlesspromotion.engine.release.Evidence;
import io.jenkins.plugins.serverlesspromotion.engine.release.Evidence.Result;
import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest;
import io.jenkins.plugins.serverlesspromotion.engine.release.Provenance;
import io.jenkins.plugins.serverlesspromotion.engine.release.Published;
import io.jenkins.plugins.serverlesspromotion.engine.release.Release;
import io.jenkins.plugins.serverlesspromotion.engine.release.ReleaseRef;
import io.jenkins.plugins.serverlesspromotion.engine.release.Statement;
import io.jenkins.plugins.serverlesspromotion.format.evidence.Envelope;
import io.jenkins.plugins.serverlesspromotion.format.evidence.StatementReader;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.AlgorithmParameters;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.Test;

/** Envelopes of {@code envelopes/make.sh}, which OpenSSL signed, and everything that is not one of them. */
public class EnvelopeTest {
    private static final Instant NOW = Instant.parse("2026-11-21T12:30:00Z");

    private static byte[] file(String name) throws Exception {
        try (InputStream in = EnvelopeTest.class.getResourceAsStream("/envelopes/" + name)) {
            return in.readAllBytes();
        }
    }

    private static EvidenceKey key(String name) throws Exception {
        return EvidenceKey.of(name, new String(file(name + ".pub"), StandardCharsets.US_ASCII));
    }

    private static String sha256(String text) throws Exception {
        return HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static Published release(String digest, String... artifacts) throws Exception {
        var manifest = new Manifest("orders", Map.of(), List.of(), List.of(), List.of());
        var files = new java.util.ArrayList<Artifact>();
        for (String artifact : artifacts) {
            files.add(new Artifact(artifact, sha256(artifact), 7));
        }
        return new Published(
                new ReleaseRef("orders", "1.0", "sha256:" + sha256(digest), 1),
                new Release("orders", "1.0", manifest, files),
                Provenance.publishedBy("user:bob"),
                "main",
                Map.of(),
                NOW,
                "user:bob");
    }

    private static Evidence read(String file, Published release) throws Exception {
        return Envelope.evidence(file(file), release, List.of(key("p256"), key("ed25519")), "user:bob", NOW);
    }

    private static void refused(byte[] envelope, Published release, List<EvidenceKey> keys, String says) {
        String why = assertThrows(
                        IllegalArgumentException.class,
                        () -> Envelope.evidence(envelope, release, keys, "user:bob", NOW))
                .getMessage();
        assertTrue(why, why.contains(says));
    }

    // --- what is signed ---

    /** "Test Vectors" of the DSSE protocol. */
    @Test
    public void theExampleOfTheProtocolVerifies() throws Exception {
        byte[] body = "hello world".getBytes(StandardCharsets.UTF_8);
        byte[] signed = "DSSEv1 29 http://example.com/HelloWorld 11 hello world".getBytes(StandardCharsets.UTF_8);
        assertArrayEquals(signed, Envelope.preAuthenticationEncoding("http://example.com/HelloWorld", body));
        var p256 = AlgorithmParameters.getInstance("EC");
        p256.init(new ECGenParameterSpec("secp256r1"));
        var point = new ECPoint(
                new BigInteger("46950820868899156662930047687818585632848591499744589407958293238635476079160"),
                new BigInteger("5640078356564379163099075877009565129882514886557779369047442380624545832820"));
        byte[] der = KeyFactory.getInstance("EC")
                .generatePublic(new ECPublicKeySpec(point, p256.getParameterSpec(ECParameterSpec.class)))
                .getEncoded();
        var key = EvidenceKey.of("example", Base64.getEncoder().encodeToString(der));
        Envelope envelope = Envelope.read("""
                {"payload": "aGVsbG8gd29ybGQ=",
                 "payloadType": "http://example.com/HelloWorld",
                 "signatures": [{"sig": "A3JqsQGtVsJ2O2xqrI5IcnXip5GToJ3F+FnZ+O88SjtR6rDAajabZKciJTfUiHqJPcIAriEGAHTVeCUjW2JIZA=="}]}
                """.getBytes(StandardCharsets.UTF_8));
        assertEquals(key, envelope.signer(List.of(key("p256"), key)).orElseThrow());
        refused(
                Base64.getDecoder()
                        .decode(Base64.getEncoder()
                                .encodeToString(
                                        ("{\"payload\":\"aGVsbG8gd29ybGQ=\",\"payloadType\":\"http://example.com/HelloWorld\","
                                                        + "\"signatures\":[{\"sig\":\"A3JqsQGtVsJ2O2xqrI5IcnXip5GToJ3F+FnZ+O88SjtR6rDAajabZKciJTfUiHqJPcIAriEGAHTVeCUjW2JIZA==\"}]}")
                                                .getBytes(StandardCharsets.UTF_8))),
                release("the release"),
                List.of(key),
                "not an in-toto statement");
    }

    @Test
    public void lengthsAreOfBytesNotOfLetters() {
        assertEquals(
                "DSSEv1 2 é 4 äö",
                new String(
                        Envelope.preAuthenticationEncoding("é", "äö".getBytes(StandardCharsets.UTF_8)),
                        StandardCharsets.UTF_8));
    }

    @Test
    public void oneByteChangedAnywhereIsNoLongerSigned() throws Exception {
        Envelope envelope = Envelope.read(file("tests-passed.json"));
        EvidenceKey key = key("ed25519");
        assertTrue(envelope.signer(List.of(key)).isPresent());
        for (int i = 0; i < envelope.payload().length; i++) {
            byte[] payload = envelope.payload();
            payload[i] ^= 1;
            assertFalse(new Envelope(envelope.payloadType(), payload, envelope.signatures())
                    .signer(List.of(key))
                    .isPresent());
        }
        byte[] signature = envelope.signatures().get(0);
        for (int i = 0; i < signature.length; i++) {
            byte[] other = signature.clone();
            other[i] ^= 1;
            assertFalse(new Envelope(envelope.payloadType(), envelope.payload(), List.of(other))
                    .signer(List.of(key))
                    .isPresent());
        }
        assertFalse(new Envelope("application/json", envelope.payload(), envelope.signatures())
                .signer(List.of(key))
                .isPresent());
        assertFalse(new Envelope(
                        envelope.payloadType(), envelope.payload(), List.of(new byte[0], Arrays.copyOf(signature, 32)))
                .signer(List.of(key, key("p256")))
                .isPresent());
    }

    @Test
    public void aSignatureOfAnotherKeyIsNobodys() throws Exception {
        refused(
                file("tests-passed.json"),
                release("the release"),
                List.of(key("p256")),
                "signed by none of the keys that the policy trusts (p256)");
        refused(file("tests-passed.json"), release("the release"), List.of(), "name one under 'evidenceKeys'");
    }

    // --- what it says ---

    @Test
    public void statementsBecomeEvidenceOfTheKeyThatSignedThem() throws Exception {
        Evidence tests = read("tests-passed.json", release("the release", "api.zip", "template.yaml"));
        assertEquals("tests", tests.kind());
        assertEquals(Result.PASSED, tests.result());
        assertEquals("key:ed25519", tests.producer());
        assertEquals("orders@1.0", tests.release());
        assertEquals("PASSED: 2 passed, 0 with warnings, 0 failed", tests.detail());
        assertEquals("it does not state when", NOW, tests.at());
        assertEquals("user:bob", tests.signed().by());
        assertEquals(key("ed25519").fingerprint(), tests.signed().key());
        byte[] payload = Envelope.read(file("tests-passed.json")).payload();
        assertEquals(
                "of the very bytes that were signed",
                "sha256:" + sha256(new String(payload, StandardCharsets.UTF_8)),
                tests.signed().statement());

        assertEquals(
                Result.FAILED, read("tests-failed.json", release("the release")).result());

        Evidence scan = read("scan-clean.json", release("x", "api.zip"));
        assertEquals("scan", scan.kind());
        assertEquals(Result.PASSED, scan.result());
        assertEquals("0 vulnerabilities found by pkg:github/aquasecurity/trivy", scan.detail());
        assertEquals("as it says itself", Instant.parse("2026-11-20T09:30:00Z"), scan.at());

        Evidence verified = read("verified.json", release("the release"));
        assertEquals("verification", verified.kind());
        assertEquals(Instant.parse("2026-11-21T12:00:00Z"), verified.at());
        assertEquals("PASSED by https://verify.acme.net", verified.detail());
        assertEquals(Result.PASSED, verified.result());
    }

    @Test
    public void aStatementAboutAnotherReleaseOrPartOfItSaysNothing() throws Exception {
        List<EvidenceKey> keys = List.of(key("p256"), key("ed25519"));
        refused(
                file("tests-passed.json"),
                release("another", "api.zip"),
                keys,
                "not about orders@1.0, whose digest is");
        refused(file("tests-passed.json"), release("another"), keys, "not about orders@1.0");
        refused(
                file("scan-clean.json"),
                release("the release", "api.zip", "template.yaml"),
                keys,
                "some files of orders@1.0 only, and not about template.yaml");
    }

    @Test
    public void aStatementOfATypeThatNoGateKnowsIsRefused() throws Exception {
        refused(
                file("unknown-type.json"),
                release("the release"),
                List.of(key("ed25519")),
                "'https://slsa.dev/provenance/v1' contain no result that a gate can require");
    }

    @Test
    public void aStatementFromTheFutureIsRefused() throws Exception {
        Instant before = Instant.parse("2026-11-21T11:55:00Z");
        List<EvidenceKey> keys = List.of(key("p256"));
        byte[] verified = file("verified.json");
        assertEquals(
                "a clock may be five minutes ahead, and gains nothing by it",
                before,
                Envelope.evidence(verified, release("the release"), keys, "user:bob", before)
                        .at());
        assertTrue(assertThrows(
                        IllegalArgumentException.class,
                        () -> Envelope.evidence(
                                verified, release("the release"), keys, "user:bob", before.minusNanos(1)))
                .getMessage()
                .contains("is in the future"));
    }

    private static void noStatement(String json, String says) {
        String why = assertThrows(
                        IllegalArgumentException.class,
                        () -> StatementReader.read(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8)))
                .getMessage();
        assertTrue(why, why.contains(says));
    }

    @Test
    public void onlyAClearYesIsOne() {
        String head = "{'_type':'https://in-toto.io/Statement/v1','subject':[{'digest':{'sha256':'" + "a".repeat(64)
                + "'}}],'predicateType':'";
        String tests = head + StatementReader.TEST_RESULT + "','predicate':";
        for (String no :
                List.of("{'result':'WARNED'}", "{'result':'FAILED'}", "{'result':'PASSED','failedTests':['login']}")) {
            assertEquals(
                    no,
                    Result.FAILED,
                    StatementReader.read((tests + no + "}").replace('\'', '"').getBytes(StandardCharsets.UTF_8))
                            .result());
        }
        noStatement(tests + "{'result':'passed'}}", "result 'passed' is none that is known");
        noStatement(tests + "{'result':true}}", "'predicate.result' must be text");
        noStatement(tests + "{}}", "'predicate.result' must be text");
        String scan = head + StatementReader.VULNERABILITIES + "','predicate':";
        noStatement(scan + "{'scanner':{}}}", "must be a list");
        noStatement(
                scan + "{'scanner':{'result':[]},'metadata':{'scanFinishedOn':'yesterday'}}}",
                "must be a time such as");
        assertEquals(
                Result.FAILED,
                StatementReader.read((scan + "{'scanner':{'result':[{'id':'CVE-1'}]}}}")
                                .replace('\'', '"')
                                .getBytes(StandardCharsets.UTF_8))
                        .result());
        String summary = head + StatementReader.VERIFICATION_SUMMARY + "','predicate':";
        noStatement(summary + "{'verificationResult':'ok'}}", "result 'ok' is none that is known");
        noStatement("{'_type':'https://in-toto.io/Statement/v2'}", "is no in-toto statement");
        noStatement("{'_type':'https://in-toto.io/Statement/v1','subject':[]}", "1 to 10000 entries in 'subject'");
        noStatement("[]", "is not a JSON object");
        noStatement("{'_type':'a','_type':'b'}", "is not JSON: Duplicate");
        noStatement("{} {}", "is not JSON");
    }

    private static Statement statement(String type, String predicate, int subjects) {
        String subject = ",{'digest':{'sha256':'" + "a".repeat(64) + "'}}";
        String json = "{'_type':'https://in-toto.io/Statement/v1','subject':["
                + subject.repeat(subjects).substring(subjects == 0 ? 0 : 1) + "],'predicateType':'" + type
                + "','predicate':" + predicate + "}";
        return StatementReader.read(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    @Test
    public void aVerificationThatFailedIsNoYes() {
        Statement failed = statement(
                StatementReader.VERIFICATION_SUMMARY,
                "{'verificationResult':'FAILED','verifier':{'id':'" + "v".repeat(200) + "'}}",
                1);
        assertEquals(Result.FAILED, failed.result());
        assertEquals("a name of 200 letters is whole", "FAILED by " + "v".repeat(200), failed.detail());
        assertEquals(
                "PASSED by " + "v".repeat(200) + "…",
                statement(
                                StatementReader.VERIFICATION_SUMMARY,
                                "{'verificationResult':'PASSED','verifier':{'id':'" + "v".repeat(201) + "'}}",
                                1)
                        .detail());
    }

    @Test
    public void aStatementMayHaveNoTime() {
        for (String none : List.of("", ",'timeVerified':null")) {
            assertEquals(
                    none,
                    Result.PASSED,
                    statement(StatementReader.VERIFICATION_SUMMARY, "{'verificationResult':'PASSED'" + none + "}", 1)
                            .result());
        }
    }

    @Test
    public void testsAreCountedByHowTheyEnded() {
        for (var counts : Map.of(
                        "{'result':'PASSED','passedTests':['a'],'warnedTests':['b']}",
                        "PASSED: 1 passed, 1 with warnings, 0 failed",
                        "{'result':'FAILED','passedTests':['a'],'failedTests':['b']}",
                        "FAILED: 1 passed, 0 with warnings, 1 failed",
                        "{'result':'PASSED'}",
                        "PASSED")
                .entrySet()) {
            assertEquals(
                    counts.getValue(),
                    statement(StatementReader.TEST_RESULT, counts.getKey(), 1).detail());
        }
    }

    @Test
    public void aStatementHasAtMostTenThousandSubjects() {
        assertEquals(
                Result.PASSED,
                statement(StatementReader.TEST_RESULT, "{'result':'PASSED'}", 10_000)
                        .result());
        assertThrows(
                IllegalArgumentException.class,
                () -> statement(StatementReader.TEST_RESULT, "{'result':'PASSED'}", 10_001));
    }

    @Test
    public void anEnvelopeMayBeAsLargeAsTheLimitAndNotLarger() throws Exception {
        byte[] largest = new byte[Envelope.LONGEST];
        refused(largest, release("the release"), List.of(), "is not JSON");
        refused(new byte[Envelope.LONGEST + 1], release("the release"), List.of(), "larger than 256 KiB");
    }

    private static Envelope signed(int signatures, String signature) {
        return Envelope.read(("{\"payload\":\"aa\",\"payloadType\":\"x\",\"signatures\":["
                        + String.join(",", java.util.Collections.nCopies(signatures, "{\"sig\":\"" + signature + "\"}"))
                        + "]}")
                .getBytes(StandardCharsets.UTF_8));
    }

    @Test
    public void anEnvelopeHasAtMostSixteenSignatures() {
        assertEquals(16, signed(16, "aa").signatures().size());
        assertThrows(IllegalArgumentException.class, () -> signed(17, "aa"));
    }

    @Test
    public void bothAlphabetsOfBase64AreRead() {
        for (String written : List.of("+/+/", "-aaa", "_aaa", "-_-_", "//++")) {
            assertArrayEquals(
                    written,
                    Base64.getDecoder().decode(written.replace('-', '+').replace('_', '/')),
                    signed(1, written).signatures().get(0));
        }
    }

    @Test
    public void whatIsNoEnvelopeIsRefusedWithAReason() throws Exception {
        Published release = release("the release");
        List<EvidenceKey> keys = List.of(key("ed25519"));
        for (var bad : Map.of(
                        "", "is not a JSON object",
                        "{}", "1 to 16 entries in 'signatures'",
                        "{\"signatures\":[{}]}", "'signature' must be text",
                        "{\"signatures\":[{\"sig\":\"!\"}]}", "'signature' of the envelope is not Base64",
                        "{\"signatures\":[{\"sig\":\"aa\"}],\"payloadType\":\"x\"}", "'payload' must be text",
                        "{\"signatures\":[{\"sig\":\"aa\"}],\"payload\":\"aa\"}", "'payloadType' must be text",
                        "{\"signatures\":[{\"sig\":\"\"}]}", "'signature' must be text",
                        "\u0000", "is not JSON")
                .entrySet()) {
            refused(bad.getKey().getBytes(StandardCharsets.UTF_8), release, keys, bad.getValue());
        }
        refused(new byte[] {(byte) 0xff}, release, keys, "is not UTF-8 text");
        refused(
                ("{\"a\":" + "[".repeat(200) + "]".repeat(200) + "}").getBytes(StandardCharsets.UTF_8),
                release,
                keys,
                "is not JSON");
    }

    @Test
    public void aRefusalIsOneReadableLineWhateverTheStatementHolds() {
        for (String value : List.of("s\0\0\0", "s\u001b\u0085", "s".repeat(5_000))) {
            String text = "{\"a\": " + value + "}";
            String why = assertThrows(
                            IllegalArgumentException.class,
                            () -> StatementReader.read(text.getBytes(StandardCharsets.UTF_8)))
                    .getMessage();
            assertTrue(why, why.startsWith("the statement is not JSON: "));
            assertTrue(why, why.chars().noneMatch(Character::isISOControl));
            assertTrue(why, why.length() < 2_100);
        }
    }

    // --- keys ---

    @Test
    public void keysAreReadAsToolsWriteThemAndNothingElseIs() throws Exception {
        String pem = new String(file("ed25519.pub"), StandardCharsets.US_ASCII);
        String alone = pem.replaceAll("-----[A-Z ]+-----", "");
        assertEquals(EvidenceKey.of("ci", pem), EvidenceKey.of("ci", alone));
        assertEquals(EvidenceKey.of("ci", pem), EvidenceKey.of("ci", "\n" + pem.replace("\n", "\r\n")));
        for (String wrong : List.of(
                new String(file("p384.pub"), StandardCharsets.US_ASCII),
                "",
                "ssh-ed25519 AAAA",
                pem.replace("M", "N"),
                "A".repeat(2000))) {
            assertThrows(wrong, IllegalArgumentException.class, () -> EvidenceKey.of("ci", wrong));
        }
        assertTrue(assertThrows(
                        IllegalArgumentException.class,
                        () -> EvidenceKey.of("ci", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----"))
                .getMessage()
                .contains("everyone who reads this now knows"));
    }
}
