package io.jenkins.plugins.serverlesspromotion.cli;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.cli.Laboratory.Answer;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** What the commands say about gates: what is missing, who can give it, when it opens. */
public class GatesJourneyTest {
    @Rule
    public TemporaryFolder folder = new TemporaryFolder();

    private Laboratory lab;

    @Before
    public void setUp() throws Exception {
        lab = new Laboratory(folder);
    }

    private void policy(String gates, String more) throws Exception {
        lab.write(
                "policy.yaml",
                Laboratory.POLICY
                                .replace("            gates:\n", "            gates:\n" + gates)
                                .replace("    gates:\n", "    gates:\n" + gates)
                        + more);
        lab.policy();
    }

    private Map<?, ?> toProd(int exit, String... more) {
        var args = new java.util.ArrayList<>(List.of("promote", "orders@1.0.0", "--to", "prod", "--json"));
        args.addAll(List.of(more));
        return lab.expect(exit, args.toArray(String[]::new)).json();
    }

    private static Map<?, ?> gate(Map<?, ?> review, String name) {
        return ((List<?>) review.get("gates"))
                .stream()
                        .map(g -> (Map<?, ?>) g)
                        .filter(g -> name.equals(g.get("gate")))
                        .findFirst()
                        .orElseThrow(() -> new AssertionError(name + " is none of " + review.get("gates")));
    }

    @Test
    public void evidenceAndTicketAreAskedForAndGivenByCommands() throws Exception {
        policy(
                "      - evidence: { type: tests, from: [ \"job:team/orders\" ], maxAge: 7d }\n"
                        + "      - ticket: \"CHG[0-9]{4}\"\n",
                "");
        lab.publish("1.0.0");
        lab.expect(Exit.DONE, "promote", "orders@1.0.0", "--to", "dev");
        Map<?, ?> asked = toProd(Exit.DONE);
        String id = (String) asked.get("id");
        assertEquals("PENDING", gate(asked, "evidence").get("verdict"));
        assertEquals(List.of("job:team/orders"), gate(asked, "evidence").get("helpers"));
        String shown = lab.expect(Exit.DONE, "show", id).out();
        assertTrue(shown, shown.contains("evidence pending: waiting for tests of orders@1.0.0 by team/orders"));
        assertFalse(lab.expect(Exit.DONE, "status", "--as", "alice").out().contains("Needs you"));

        lab.expect(Exit.DONE, "record-evidence", "orders@1.0.0", "--type", "tests", "--result", "passed");
        assertEquals(
                "bob is not the job",
                "PENDING",
                gate(lab.expect(Exit.DONE, "show", id, "--json").json(), "evidence")
                        .get("verdict"));
        Answer recorded = lab.expect(
                Exit.DONE,
                "record-evidence",
                "orders@1.0.0",
                "--type",
                "tests",
                "--result",
                "passed",
                "--from",
                "job:team/orders",
                "--run",
                "218",
                "--detail",
                "412 tests");
        assertTrue(recorded.out(), recorded.out().contains("tests of orders@1.0.0 passed, produced by job:team/orders"));
        Map<?, ?> review = lab.expect(Exit.DONE, "show", id, "--json").json();
        assertEquals("PASSED", gate(review, "evidence").get("verdict"));
        assertTrue("it will be too old some day", gate(review, "evidence").containsKey("until"));
        assertEquals("promotion promote orders@1.0.0 --to prod --ticket TICKET", nextOf(review));

        assertEquals(
                "PASSED",
                gate(toProd(Exit.DONE, "--ticket", "CHG4711"), "ticket").get("verdict"));
        assertTrue(lab.expect(Exit.DONE, "status", "--as", "alice").out().startsWith("Needs you, alice (1)"));
        String log = lab.expect(Exit.DONE, "audit", "log").out();
        assertTrue(log, log.contains("team/orders recorded that tests of orders@1.0.0 passed: 412 tests"));
        lab.expect(Exit.USAGE, "record-evidence", "orders@1.0.0", "--type", "tests", "--result", "perhaps");
        lab.expect(Exit.USAGE, "record-evidence", "orders@1.0.0", "--type", "Tests", "--result", "passed");
        lab.expect(
                Exit.USAGE, "record-evidence", "orders@1.0.0", "--type", "tests", "--result", "passed", "--from", "me");
        lab.expect(Exit.NO, "record-evidence", "orders@9.9.9", "--type", "tests", "--result", "passed");
    }

    @Test
    public void aTicketIsOneLineOfAtMost200Characters() throws Exception {
        policy("      - ticket: \"((C|H|G| )+)+X\"\n", "");
        lab.publish("1.0.0");
        toProd(Exit.DONE);
        for (String ticket : List.of("C" + " ".repeat(4_000) + "G", "CHG1\nCHG2")) {
            for (String[] command : List.of(
                    new String[] {"promote", "orders@1.0.0", "--to", "prod"},
                    new String[] {"policy", "explain", "orders@1.0.0", "--to", "prod"},
                    new String[] {"break-glass", "orders.prod.1", "--plan", "000000", "--reason", "down", "--as", "erin"})) {
                Answer refused = lab.expect(Exit.USAGE, with(with(command, "--ticket"), ticket));
                assertTrue(refused.err(), refused.err().contains("--ticket: the ticket has "));
                assertTrue(refused.err(), refused.err().contains("a ticket is one line of at most 200 characters"));
            }
        }
        // Whatever the policy asks for, the answer comes.
        Map<?, ?> asked = toProd(Exit.DONE, "--ticket", "CHG" + " ".repeat(196) + "Y");
        assertEquals("PENDING", gate(asked, "ticket").get("verdict"));
        lab.expect(Exit.DONE, "abort", "orders.prod.1", "--reason", "enough");
    }

    @Test
    public void aNewPolicyWithAPatternThatCannotBeUsedIsRefusedAtItsLine() throws Exception {
        String gates = "      - ticket: \"CHG(?=[0-9])[0-9]+\"\n";
        lab.write("policy.yaml", Laboratory.POLICY.replace("    gates:\n", "    gates:\n" + gates));
        for (String[] command : List.of(
                new String[] {"validate", lab.path("policy.yaml")},
                new String[] {"policy", "apply", lab.path("policy.yaml")})) {
            Answer refused = lab.expect(Exit.NO, command);
            assertTrue(refused.err(), refused.err().contains(".ticket: 'CHG(?=[0-9])[0-9]+' has a look-ahead ((?=)"));
        }
    }

    /** Signed here with nothing but the platform, as the protocol says: "DSSEv1", then type and body with their lengths. */
    private static String envelope(KeyPair pair, String statement) throws Exception {
        String type = "application/vnd.in-toto+json";
        Signature signature = Signature.getInstance("Ed25519");
        signature.initSign(pair.getPrivate());
        signature.update(("DSSEv1 " + type.length() + " " + type + " " + statement.length() + " " + statement)
                .getBytes(StandardCharsets.US_ASCII));
        Base64.Encoder base64 = Base64.getEncoder();
        return "{\"payloadType\":\"" + type + "\",\"payload\":\""
                + base64.encodeToString(statement.getBytes(StandardCharsets.US_ASCII))
                + "\",\"signatures\":[{\"sig\":\"" + base64.encodeToString(signature.sign()) + "\"}]}";
    }

    @Test
    public void aSignedStatementCountsForTheReleaseItIsAboutAndNoOther() throws Exception {
        KeyPair ci = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        policy(
                "      - evidence: { type: tests, from: [ \"key:ci\" ] }\n",
                "evidenceKeys: [ { name: ci, publicKey: \""
                        + Base64.getEncoder().encodeToString(ci.getPublic().getEncoded()) + "\" } ]\n");
        lab.publish("1.0.0");
        lab.publish("1.1.0");
        String digest = ((String) toProd(Exit.DONE).get("releaseDigest")).substring("sha256:".length());
        String statement =
                "{\"_type\":\"https://in-toto.io/Statement/v1\",\"subject\":[{\"digest\":{\"sha256\":\"" + digest
                        + "\"}}],\"predicateType\":\"https://in-toto.io/attestation/test-result/v0.1\","
                        + "\"predicate\":{\"result\":\"PASSED\"}}";
        String file = lab.write("tests.json", envelope(ci, statement)).toString();
        String forged = lab.write(
                        "forged.json",
                        envelope(KeyPairGenerator.getInstance("Ed25519").generateKeyPair(), statement))
                .toString();
        Answer other = lab.expect(Exit.NO, "record-evidence", "orders@1.0.0", "--envelope", forged);
        assertTrue(other.err(), other.err().contains("signed by none of the keys that the policy trusts (ci)"));
        Answer elsewhere = lab.expect(Exit.NO, "record-evidence", "orders@1.1.0", "--envelope", file);
        assertTrue(elsewhere.err(), elsewhere.err().contains("not about orders@1.1.0"));
        lab.expect(Exit.USAGE, "record-evidence", "orders@1.0.0", "--envelope", file, "--type", "tests");
        lab.expect(Exit.USAGE, "record-evidence", "orders@1.0.0", "--type", "tests");
        lab.expect(Exit.USAGE, "record-evidence", "orders@1.0.0", "--envelope", lab.home.toString());
        lab.expect(
                Exit.USAGE,
                "record-evidence",
                "orders@1.0.0",
                "--type",
                "tests",
                "--result",
                "passed",
                "--from",
                "key:ci");
        Answer recorded = lab.expect(Exit.DONE, "record-evidence", "orders@1.0.0", "--envelope", file);
        assertTrue(recorded.out(), recorded.out().contains("tests of orders@1.0.0 passed, produced by key:ci"));
        assertEquals("PASSED", gate(toProd(Exit.DONE), "evidence").get("verdict"));
    }

    private String nextOf(Map<?, ?> review) {
        return ((String) review.get("next")).replace(" --home " + lab.home, "");
    }

    @Test
    public void aReleaseThatRequiresAnotherWaitsForItEvenWithoutAGate() throws Exception {
        policy("", """
              - name: payments
                owners: { users: [ carol ] }
                places: "orders-${environment}/eu-west-1"
            """);
        lab.write("release.yaml", Laboratory.MANIFEST + "requires: [ { service: payments, version: '>=2' } ]\n");
        lab.publish("1.0.0");
        Answer dev = lab.expect(Exit.DONE, "promote", "orders@1.0.0", "--to", "dev");
        assertTrue(dev.out(), dev.out().contains("WAITING"));
        assertTrue(
                dev.out(),
                dev.out().contains("◷ requires pending: needs payments >=2; no release of payments is live here as a whole"));
        assertEquals(0, lab.cloud.deployments.get());
        lab.write("release.yaml", Laboratory.MANIFEST.replace("service: orders", "service: payments"));
        lab.publish("2.1.0");
        lab.expect(Exit.DONE, "promote", "payments@2.1.0", "--to", "dev");
        Answer work = lab.expect(Exit.DONE, "work");
        assertTrue(work.out(), lab.expect(Exit.DONE, "status").out().contains("1.0.0 ✓ live"));
    }

    @Test
    public void whoCanApproveIsAskedWhileAWindowOrAFreezeIsClosed() throws Exception {
        var today = LocalDateTime.now(ZoneOffset.UTC).toLocalDate();
        policy(
                "",
                "freezes:\n  - { name: sale, from: \"" + today.minusDays(1) + "\", until: \"" + today.plusDays(3)
                        + "\", zone: UTC, environments: [ prod ] }\n");
        lab.publish("1.0.0");
        lab.expect(Exit.DONE, "promote", "orders@1.0.0", "--to", "dev");
        Map<?, ?> asked = toProd(Exit.DONE);
        assertEquals(today.plusDays(3) + "T00:00:00Z", gate(asked, "freeze").get("until"));
        assertTrue(nextOf(asked), nextOf(asked).startsWith("promotion approve orders.prod.1 --plan "));
        assertTrue(lab.expect(Exit.DONE, "status", "--as", "alice").out().startsWith("Needs you, alice (1)"));
        lab.approve(Exit.DONE, "orders.prod.1", "--as", "alice");
        Answer both = lab.approve(Exit.DONE, "orders.prod.1", "--as", "carol", "--group", "team-orders");
        assertTrue(both.out(), both.out().contains("◷ freeze pending: frozen until "));
        assertTrue(both.out(), both.out().contains("WAITING"));
        String policy = lab.expect(Exit.DONE, "policy", "show").out();
        assertTrue(policy, policy.contains("sale: from " + today.minusDays(1)));
    }

    @Test
    public void anApprovalIsTakenBackAndGivenAgainWithAComment() throws Exception {
        lab.write("policy.yaml", Laboratory.POLICY.replace("approval: { ", "approval: { comment: required, "));
        lab.policy();
        lab.publish("1.0.0");
        lab.expect(Exit.DONE, "promote", "orders@1.0.0", "--to", "dev");
        Map<?, ?> asked = toProd(Exit.DONE);
        assertTrue(nextOf(asked), nextOf(asked).endsWith(" --comment TEXT --as PERSON"));
        Answer silent = lab.approve(Exit.NO, "orders.prod.1", "--as", "alice");
        assertTrue(silent.err(), silent.err().contains("in prod an approval needs a comment"));
        lab.approve(Exit.DONE, "orders.prod.1", "--as", "alice", "--comment", "tested");
        lab.expect(Exit.NO, "withdraw", "orders.prod.1", "--as", "carol", "--reason", "no");
        lab.expect(Exit.DONE, "withdraw", "orders.prod.1", "--as", "alice", "--reason", "not yet");
        String shown = lab.expect(Exit.DONE, "show", "orders.prod.1").out();
        assertTrue(shown, shown.contains("; withdrawn: not yet"));
        String log = lab.expect(Exit.DONE, "audit", "log").out();
        assertTrue(log, log.contains("orders.prod.1, alice: approval withdrawn: not yet"));
    }

    @Test
    public void whoeverChangesThePolicyDoesNotCountInItForADay() throws Exception {
        lab.policy();
        lab.write("policy.yaml", Laboratory.POLICY.replace("[ alice, dave ]", "[ alice, dave, eve ]"));
        lab.expect(Exit.DONE, "policy", "apply", lab.path("policy.yaml"), "--as", "eve");
        lab.publish("1.0.0");
        lab.expect(Exit.DONE, "promote", "orders@1.0.0", "--to", "dev");
        toProd(Exit.DONE);
        Answer eve = lab.approve(Exit.NO, "orders.prod.1", "--as", "eve");
        assertTrue(eve.err(), eve.err().contains("you changed the rules of prod, so you do not count here before"));
        lab.approve(Exit.DONE, "orders.prod.1", "--as", "alice");
    }

    @Test
    public void thePolicyExplainsItselfToWhoeverAsks() throws Exception {
        lab.policy();
        lab.publish("1.0.0");
        var files = lab.homeFiles();
        String early = lab.expect(Exit.DONE, "policy", "explain", "orders@1.0.0", "--to", "prod", "--as", "alice")
                .out();
        assertTrue(early, early.contains("waits for path, plan, approval, if it were requested now"));
        assertTrue(early, early.contains("✓ You (alice) could approve it."));
        assertEquals("nothing is written", files, lab.homeFiles());
        lab.expect(Exit.DONE, "promote", "orders@1.0.0", "--to", "dev");
        toProd(Exit.DONE);
        Map<?, ?> bob = lab.expect(Exit.DONE, "policy", "explain", "orders@1.0.0", "--to", "prod", "--json")
                .json();
        assertEquals("orders.prod.1", bob.get("promotion"));
        assertEquals(false, bob.get("open"));
        assertEquals("you asked for this, so you cannot approve it", bob.get("youCannotApprove"));
        assertEquals(
                List.of("release-managers", "serviceOwner"),
                gate(bob, "approval").get("helpers"));
        lab.expect(Exit.NO, "policy", "explain", "orders@9.9.9", "--to", "prod");
        String nowhere = lab.expect(Exit.DONE, "policy", "explain", "orders@1.0.0", "--to", "test")
                .out();
        assertTrue(nowhere, nowhere.contains("✗ policy blocked: no valid policy places orders in test"));
    }

    @Test
    public void theGlassIsBrokenByEnoughPeopleAndStaysOnTheBoardUntilItIsReviewed() throws Exception {
        lab.write(
                "policy.yaml",
                Laboratory.POLICY.replace(
                        "    rollback:",
                        "    breakGlass: { require: [ { role: on-call } ], review: release-managers }\n    rollback:"));
        lab.policy();
        lab.publish("1.0.0");
        toProd(Exit.DONE);
        String[] glass = {
            "break-glass", "orders.prod.1", "--plan", lab.plan("orders.prod.1"), "--reason", "checkout is down",
            "--ticket", "INC42", "--as"
        };
        lab.expect(Exit.NO, with(glass, "alice"));
        Answer broken = lab.expect(Exit.DONE, with(glass, "erin"));
        assertTrue(broken.out(), broken.out().contains("SUCCEEDED"));
        String board = lab.expect(Exit.DONE, "status").out();
        assertTrue(board, board.contains("▲ BREAK-GLASS orders.prod.1: gates overridden by erin "));
        assertTrue(board, board.contains(": path, approval. checkout is down (INC42); post-review due "));
        String needs = lab.expect(Exit.DONE, "status", "--as", "alice").out();
        assertTrue(needs, needs.contains("Needs you, alice (1)") && needs.contains("post-review of an override due "));
        String log = lab.expect(Exit.DONE, "audit", "log").out();
        assertTrue(log, log.contains("BREAK-GLASS: starts although path, approval did not hold"));
        lab.expect(Exit.NO, "review", "orders.prod.1", "--finding", "fine", "--as", "erin");
        lab.expect(Exit.DONE, "review", "orders.prod.1", "--finding", "right", "--as", "alice");
        assertFalse(lab.expect(Exit.DONE, "status").out().contains("BREAK-GLASS"));
    }

    private static String[] with(String[] args, String last) {
        var all = new java.util.ArrayList<>(List.of(args));
        all.add(last);
        return all.toArray(String[]::new);
    }
}
