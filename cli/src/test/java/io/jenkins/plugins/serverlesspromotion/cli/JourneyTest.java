package io.jenkins.plugins.serverlesspromotion.cli;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.cli.Laboratory.Answer;
import io.jenkins.plugins.serverlesspromotion.format.ToolProjects;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** What people do with the commands, from the first policy to the proof of the audit log. */
public class JourneyTest {
    @Rule
    public TemporaryFolder folder = new TemporaryFolder();

    private Laboratory lab;

    @Before
    public void setUp() throws Exception {
        lab = new Laboratory(folder);
    }

    private void published(String version) throws Exception {
        lab.policy();
        lab.publish(version);
    }

    @Test
    public void policyApplyTellsWhatChangedAndTwiceIsOnce() throws Exception {
        Answer first = lab.expect(Exit.DONE, "policy", "apply", lab.path("policy.yaml"));
        assertTrue(first.out(), first.out().contains("the first policy, with 2 environments and 1 service"));
        Answer again = lab.expect(Exit.DONE, "policy", "apply", lab.path("policy.yaml"), "--json");
        assertEquals(false, again.json().get("changed"));
        lab.write("policy.yaml", Laboratory.POLICY.replace("[ alice, dave ]", "[ alice ]"));
        Answer changed = lab.expect(Exit.DONE, "policy", "apply", lab.path("policy.yaml"));
        assertTrue(changed.out(), changed.out().contains("roles: changed release-managers"));
        String shown = lab.expect(Exit.DONE, "policy", "show").out();
        assertTrue(shown, shown.contains("approval: 1 of release-managers and 1 of serviceOwner"));
    }

    @Test
    public void theSameBytesAreTheSameReleaseAndOtherBytesAreRefused() throws Exception {
        published("1.0.0");
        int uploads = lab.cloud.uploads.get();
        Answer again = lab.expect(Exit.DONE, "publish", lab.path("release.yaml"), "--version", "1.0.0", "--json");
        assertEquals(true, again.json().get("publishedBefore"));
        assertEquals("nothing is uploaded twice", uploads, lab.cloud.uploads.get());
        lab.zip("api.zip", Map.of("index.py", "other bytes"));
        Answer other = lab.expect(Exit.NO, "publish", lab.path("release.yaml"), "--version", "1.0.0");
        assertTrue(other.err(), other.err().contains("): changed: api.zip; a release never changes"));
        assertTrue(other.err(), other.err().contains("give this one a new version"));
        assertEquals(uploads, lab.cloud.uploads.get());
        Answer log = lab.expect(Exit.DONE, "audit", "log");
        assertTrue(log.out(), log.out().contains("refused to bob: publish orders@1.0.0"));
    }

    @Test
    public void aLiteralValueOfANoEchoParameterIsRefusedAndIsNowhere() throws Exception {
        lab.policy();
        String planted = "planted-6f1c0e";
        lab.write("api.yaml", Laboratory.TEMPLATE.replace("Type: String }", "Type: String, NoEcho: yes }"));
        lab.write("release.yaml", Laboratory.MANIFEST.replace("\"512\"", planted));
        List<String> before = lab.homeFiles();
        for (String[] command : new String[][] {
            {"validate", lab.path("release.yaml")},
            {"validate", lab.path("release.yaml"), "--json"},
            {"publish", lab.path("release.yaml"), "--version", "1.0.0"},
            {"publish", lab.path("release.yaml"), "--version", "1.0.0", "--json"}
        }) {
            Answer answer = lab.call(command);
            assertTrue(answer.exit() != Exit.DONE);
            String said = answer.out() + answer.err();
            assertTrue(said, said.contains("release.yaml:4") && said.contains("secret:"));
            assertFalse(said, said.contains(planted));
        }
        assertEquals(before, lab.homeFiles());
        assertEquals(0, lab.cloud.uploads.get());
    }

    @Test
    public void whatAToolBuiltIsPublished() throws Exception {
        lab.policy();
        ToolProjects.copy("sam", lab.project);
        lab.write("release.yaml", "targets: [ { name: app, parameters: { Table: t } } ]");
        Answer valid = lab.expect(Exit.DONE, "validate", lab.path("release.yaml"), "--from", "sam", "--json");
        assertEquals(List.of("app"), valid.json().get("targets"));
        assertTrue(valid.err(), valid.err().contains("wrote " + lab.path(".promotion.json") + " and "));
        assertTrue(valid.err(), valid.err().contains("made of the output of sam"));
        Answer published = lab.expect(
                Exit.DONE, "publish", lab.path("release.yaml"), "--from", "sam", "--version", "1.0.0", "--json");
        assertEquals("orders@1.0.0", published.json().get("release"));
        lab.expect(Exit.DONE, "promote", "orders@1.0.0", "--to", "dev");
        assertEquals("orders@1.0.0", lab.cloud.live.get("orders-dev/eu-west-1/app"));
    }

    @Test
    public void aStuckStackIsShownAndDeletedOnlyWithItsNameAndInTheAuditLog() throws Exception {
        published("1.0.0");
        lab.expect(Exit.DONE, "promote", "orders@1.0.0", "--to", "dev");
        Answer fine = lab.expect(Exit.DONE, "recover", "orders", "--in", "dev");
        assertTrue(fine.out(), fine.out().contains("stack orders-dev  UPDATE_COMPLETE"));
        Answer old = lab.expect(Exit.DONE, "doctor", "orders", "--in", "dev");
        assertEquals(fine.out(), old.out());
        assertTrue(old.err(), old.err().contains("promotion doctor is now called promotion recover"));
        assertFalse(fine.err(), fine.err().contains("doctor"));
        lab.cloud.stack = "ROLLBACK_COMPLETE";
        Answer stuck = lab.expect(Exit.NO, "recover", "orders", "--in", "dev");
        assertTrue(stuck.out(), stuck.out().contains("Function: no memory"));
        assertTrue(stuck.out(), stuck.out().contains("--do delete: deletes the stack (Function)"));
        String[] order = {
            "recover", "orders", "--in", "dev", "--stack", "orders-dev", "--do", "delete", "--reason", "never created"
        };
        Answer unconfirmed = lab.expect(Exit.NO, order);
        assertTrue(unconfirmed.err(), unconfirmed.err().contains("needs its name once more"));
        assertEquals("ROLLBACK_COMPLETE", lab.cloud.stack);
        var confirmed = new ArrayList<>(List.of(order));
        confirmed.addAll(List.of("--confirm", "orders-dev"));
        Answer done = lab.expect(Exit.DONE, confirmed.toArray(String[]::new));
        assertTrue(done.out(), done.out().contains("delete orders-dev: the stack is DELETE_COMPLETE"));
        String log = lab.expect(Exit.DONE, "audit", "log").out();
        int refused = log.indexOf("refused to bob: DELETE stack orders-dev");
        int ordered = log.indexOf("orders DELETE of stack arn:orders-dev, ROLLBACK_COMPLETE: never created");
        int had = log.indexOf("had DELETE of stack arn:orders-dev, ROLLBACK_COMPLETE: the stack is DELETE_COMPLETE");
        assertTrue(log, 0 < refused && refused < ordered && ordered < had);
    }

    @Test
    public void devIsDeployedAtOnceAndProdWaitsForTwoPeople() throws Exception {
        published("1.0.0");
        Answer dev = lab.expect(Exit.DONE, "promote", "orders@1.0.0", "--to", "dev");
        assertTrue(dev.out(), dev.out().contains("✓ orders 1.0.0 → dev SUCCEEDED"));
        assertEquals("orders@1.0.0", lab.cloud.live.get("orders-dev/eu-west-1/api"));

        Answer asked = lab.expect(Exit.DONE, "promote", "orders@1.0.0", "--to", "prod", "--json", "--ticket", "CHG1");
        assertEquals("WAITING", asked.json().get("state"));
        String id = (String) asked.json().get("id");
        assertFalse(lab.cloud.live.containsKey("orders-prod/eu-west-1/api"));

        Answer own = lab.approve(Exit.NO, id, "--group", "team-orders");
        assertTrue(own.err(), own.err().contains("error: you asked for this, so you cannot approve it"));

        Answer first = lab.approve(Exit.DONE, id, "--as", "alice", "--comment", "fine");
        assertTrue(first.err(), first.err().contains("self-declared"));
        assertTrue(first.out(), first.out().contains("✓ release-managers passed: 1 of 1 — alice approved "));
        Answer second = lab.approve(Exit.DONE, id, "--as", "carol", "--group", "team-orders");
        assertTrue(second.out(), second.out().contains("SUCCEEDED"));
        assertEquals("orders@1.0.0", lab.cloud.live.get("orders-prod/us-west-2/api"));

        Answer shown = lab.expect(Exit.DONE, "show", id);
        assertTrue(shown.out(), shown.out().contains("✓ alice (self-declared)"));
        Answer log = lab.expect(Exit.DONE, "audit", "log", "--promotion", id);
        assertTrue(log.out(), log.out().contains("alice: approved (self-declared): fine"));
    }

    @Test
    public void driftSaysWhatIsOtherwiseThanPromotedAndRecordsNothing() throws Exception {
        published("1.0.0");
        Answer none = lab.expect(Exit.NO, "drift", "orders", "--in", "dev");
        assertTrue(none.err(), none.err().contains("nothing was promoted into"));
        lab.expect(Exit.DONE, "promote", "orders@1.0.0", "--to", "dev");
        List<String> before = lab.homeFiles();
        Answer same = lab.expect(Exit.DONE, "drift", "orders", "--in", "dev");
        assertTrue(same.out(), same.out().contains("✓ orders in dev is as orders@1.0.0 was promoted"));
        lab.cloud.live.put("orders-dev/eu-west-1/api", "by hand");
        Answer drifted = lab.expect(Exit.NO, "drift", "orders", "--in", "dev");
        assertTrue(drifted.out(), drifted.out().contains("✗ orders-dev/eu-west-1/api"));
        assertTrue(drifted.out(), drifted.out().contains("it is by hand instead of orders@1.0.0"));
        assertEquals(
                "DRIFTED",
                lab.expect(Exit.NO, "drift", "orders", "--in", "dev", "--json").json().get("verdict"));
        lab.cloud.unreachable = "S3 could not be reached";
        Answer unknown = lab.expect(Exit.NOT_FOUND_OUT, "drift", "orders", "--in", "dev");
        assertTrue(unknown.out(), unknown.out().contains("could not be found out"));
        assertEquals(before, lab.homeFiles());
    }

    @Test
    public void planShowsWhatWouldHappenAndNothingDoes() throws Exception {
        published("1.0.0");
        String log = lab.expect(Exit.DONE, "audit", "log").out();
        lab.cloud.finding = "Table is replaced and loses its data";
        Answer plan = lab.expect(Exit.DONE, "plan", "orders@1.0.0", "--to", "prod");
        assertTrue(plan.out(), plan.out().contains("orders@1.0.0 → prod, only planned: no promotion was requested"));
        assertTrue(plan.out(), plan.out().contains("Table is replaced and loses its data (orders-prod/eu-west-1, "));
        assertTrue(plan.out(), plan.out().contains("+ add Function (AWS::Lambda::Function)"));
        assertTrue(lab.cloud.live.isEmpty());
        assertEquals(
                java.util.Set.of("orders-prod/eu-west-1/api", "orders-prod/us-west-2/api"), lab.cloud.discarded);
        assertEquals("nothing is recorded", log, lab.expect(Exit.DONE, "audit", "log").out());

        // The promotion that follows shows the same plan in the same words.
        Answer json = lab.expect(Exit.DONE, "plan", "orders@1.0.0", "--to", "dev", "--json");
        Answer promoted = lab.expect(Exit.DONE, "promote", "orders@1.0.0", "--to", "dev", "--json");
        assertEquals(
                ((Map<?, ?>) json.json().get("plan")).get("digest"), promoted.json().get("planDigest"));
        lab.cloud.finding = null;
        Answer again = lab.expect(Exit.DONE, "plan", "orders@1.0.0", "--to", "dev");
        assertTrue(again.out(), again.out().contains("live is orders@1.0.0"));
        assertTrue(again.out(), again.out().contains("Nothing would change."));
    }

    @Test
    public void aPlanThatCannotBeMadeSaysWhyAndHowBadThatIs() throws Exception {
        published("1.0.0");
        lab.cloud.planProblem = "stack orders is busy; wait until that has ended";
        Answer problem = lab.expect(Exit.NOT_FOUND_OUT, "plan", "orders@1.0.0", "--to", "dev");
        assertTrue(problem.out(), problem.out().contains("not planned: orders-dev/eu-west-1/api: stack orders is"
                + " busy"));
        lab.cloud.objects.clear();
        Answer failure = lab.expect(Exit.NO, "plan", "orders@1.0.0", "--to", "dev");
        assertTrue(failure.err(), failure.err().contains("is not in the store"));
        Answer nowhere = lab.expect(Exit.NO, "plan", "orders@1.0.0", "--to", "moon");
        assertTrue(nowhere.err(), nowhere.err().contains("policy does not place orders in moon; it places orders"
                + " in dev"));
        Answer unknown = lab.expect(Exit.NO, "plan", "orders@9.9.9", "--to", "dev");
        assertTrue(unknown.err(), unknown.err().contains("the newest are 1.0.0"));
        Answer misspelt = lab.expect(Exit.NO, "plan", "order@1.0.0", "--to", "dev");
        assertTrue(misspelt.err(), misspelt.err().contains("services with releases are orders"));
    }

    @Test
    public void theCommandThatIsPrintedIsTheOneThatWorks() throws Exception {
        published("1.0.0");
        lab.expect(Exit.DONE, "promote", "orders@1.0.0", "--to", "dev");
        Answer asked = lab.expect(Exit.DONE, "promote", "orders@1.0.0", "--to", "prod");
        String next = asked.out()
                .lines()
                .filter(l -> l.startsWith("Next: promotion "))
                .findFirst()
                .orElseThrow()
                .substring("Next: promotion ".length())
                .replace("PERSON", "alice");
        Answer approved = lab.bare(Map.of(), next.split(" "));
        assertEquals(approved.err(), Exit.DONE, approved.exit());
        assertTrue(approved.out(), approved.out().contains("alice approved "));
    }

    @Test
    public void approvingAnotherPlanIsRefusedAndRecorded() throws Exception {
        published("1.0.0");
        lab.expect(Exit.DONE, "promote", "orders@1.0.0", "--to", "dev");
        String id = (String) lab.expect(Exit.DONE, "promote", "orders@1.0.0", "--to", "prod", "--json")
                .json()
                .get("id");
        Answer other = lab.expect(Exit.NO, "approve", id, "--plan", "abcdef123456", "--as", "alice");
        assertTrue(other.err(), other.err().contains("not abcdef123456; review it again"));
        assertTrue(
                lab.expect(Exit.DONE, "audit", "log", "--promotion", id).out().contains("approve " + id));
        assertEquals(
                List.of(), lab.expect(Exit.DONE, "show", id, "--json").json().get("approvals"));
    }

    @Test
    public void theBoardPutsFirstWhatNeedsYou() throws Exception {
        published("1.0.0");
        lab.expect(Exit.DONE, "promote", "orders@1.0.0", "--to", "dev");
        lab.expect(Exit.DONE, "promote", "orders@1.0.0", "--to", "prod");
        Answer alice = lab.expect(Exit.DONE, "status", "--as", "alice");
        assertTrue(alice.out(), alice.out().startsWith("Needs you, alice (1)\n  orders 1.0.0 → prod"));
        assertFalse(lab.expect(Exit.DONE, "status").out().contains("Needs you"));
        Answer json = lab.expect(Exit.DONE, "status", "orders", "--json", "--as", "alice");
        assertEquals(1, ((List<?>) json.json().get("needsYou")).size());
    }

    @Test
    public void aReleaseWhoseChecksFailIsRolledBackAndAnswersOne() throws Exception {
        published("1.0.0");
        lab.toProd("1.0.0", Exit.DONE);
        lab.publish("1.1.0");
        lab.expect(Exit.DONE, "promote", "orders@1.1.0", "--to", "dev");
        lab.cloud.broken.add("1.1.0");
        String id = (String) lab.expect(Exit.DONE, "promote", "orders@1.1.0", "--to", "prod", "--json")
                .json()
                .get("id");
        lab.approve(Exit.DONE, id, "--as", "alice");
        Answer ended = lab.approve(Exit.NO, id, "--as", "carol", "--group", "team-orders", "--json");
        assertEquals("ROLLED_BACK", ended.json().get("state"));
        assertEquals(1, ended.json().get("exit"));
        assertEquals("orders@1.0.0", lab.cloud.live.get("orders-prod/eu-west-1/api"));
        String board = lab.expect(Exit.DONE, "status").out();
        assertTrue(board, board.contains("✗ 1.1.0 rolled back"));
    }

    @Test
    public void aRollbackByWhoeverMayIsDoneAtOnceAndHoldsTheLane() throws Exception {
        published("1.0.0");
        lab.toProd("1.0.0", Exit.DONE);
        lab.publish("1.1.0");
        lab.toProd("1.1.0", Exit.DONE);
        Answer asked = lab.expect(
                Exit.DONE,
                "rollback",
                "orders",
                "--in",
                "prod",
                "--reason",
                "checkout fails",
                "--json",
                "--request-only");
        assertEquals("WAITING", asked.json().get("state"));
        Answer done = lab.expect(
                Exit.DONE,
                "rollback",
                "orders",
                "--in",
                "prod",
                "--reason",
                "checkout fails",
                "--as",
                "erin",
                "--json");
        assertEquals("SUCCEEDED", done.json().get("state"));
        assertEquals("ROLLBACK", done.json().get("kind"));
        assertEquals("orders@1.0.0", lab.cloud.live.get("orders-prod/us-west-2/api"));
        assertTrue(lab.expect(Exit.DONE, "status").out().contains("⏸ hold after rollback"));

        lab.publish("1.2.0");
        lab.expect(Exit.DONE, "promote", "orders@1.2.0", "--to", "dev");
        String held =
                lab.expect(Exit.DONE, "promote", "orders@1.2.0", "--to", "prod").out();
        assertTrue(held, held.contains("on hold since a rollback"));
        assertTrue(held, held.contains("Next: promotion release-hold orders --in prod"));
        lab.expect(Exit.DONE, "release-hold", "orders", "--in", "prod", "--reason", "fixed", "--as", "erin");
        lab.expect(Exit.NO, "release-hold", "orders", "--in", "prod", "--reason", "fixed", "--as", "erin");
    }

    @Test
    public void rejectAbortAndReplanSayWhatCameOfThem() throws Exception {
        published("1.0.0");
        lab.expect(Exit.DONE, "promote", "orders@1.0.0", "--to", "dev");
        String id = (String) lab.expect(Exit.DONE, "promote", "orders@1.0.0", "--to", "prod", "--json")
                .json()
                .get("id");
        lab.expect(Exit.DONE, "replan", id);
        Answer outsider = lab.expect(Exit.NO, "reject", id, "--as", "mallory", "--reason", "no");
        assertTrue(outsider.err(), outsider.err().contains("none of the roles"));
        Answer rejected = lab.expect(Exit.DONE, "reject", id, "--as", "dave", "--reason", "load test is red", "--json");
        assertEquals("REJECTED", rejected.json().get("state"));
        Answer again = lab.expect(Exit.DONE, "promote", "orders@1.0.0", "--to", "prod", "--json");
        assertEquals("orders.prod.2", again.json().get("id"));
        assertEquals(
                "ABORTED",
                lab.expect(Exit.DONE, "abort", "orders.prod.2", "--json").json().get("state"));
        lab.expect(Exit.NO, "abort", "orders.prod.2");
        String history =
                lab.expect(Exit.DONE, "history", "orders", "--in", "prod").out();
        assertTrue(history, history.indexOf("orders.prod.2") < history.indexOf("orders.prod.1 "));
    }

    @Test
    public void aPauseKeepsWhatIsNewFromStarting() throws Exception {
        published("1.0.0");
        lab.expect(Exit.NO, "pause", "--environment", "pord", "--reason", "typo");
        lab.expect(Exit.DONE, "pause", "--environment", "dev", "--reason", "incident 4711");
        Answer queued = lab.expect(Exit.DONE, "promote", "orders@1.0.0", "--to", "dev");
        assertTrue(queued.out(), queued.out().contains("⏸ pause pending: paused: environment dev, by bob"
                + " (incident 4711)"));
        assertTrue(queued.out(), queued.out().contains("Next: promotion resume --environment dev --reason TEXT"));
        assertTrue(lab.expect(Exit.DONE, "status").out().contains("⏸ paused: environment dev, by bob"));
        lab.expect(Exit.NO, "resume", "--reason", "the wrong scope");
        lab.expect(Exit.DONE, "resume", "--environment", "dev", "--reason", "over");
        Answer worked = lab.expect(Exit.DONE, "work");
        assertTrue(worked.out(), worked.out().contains("✓ orders 1.0.0 → dev SUCCEEDED"));
    }

    @Test
    public void whatWasOnlyRecordedIsWorkedOnLater() throws Exception {
        published("1.0.0");
        Answer recorded = lab.expect(Exit.DONE, "promote", "orders@1.0.0", "--to", "dev", "--no-wait", "--json");
        assertEquals("PLANNING", recorded.json().get("state"));
        assertEquals("AWS is not touched", 1, lab.cloud.opened.get()); // the upload
        lab.expect(Exit.DONE, "work");
        assertEquals("orders@1.0.0", lab.cloud.live.get("orders-dev/eu-west-1/api"));
        assertTrue(lab.expect(Exit.DONE, "work").out().contains("nothing to do"));
    }

    @Test
    public void outOfTimeAnswersThreeAndLosesNothing() throws Exception {
        published("1.0.0");
        lab.cloud.gate = new CountDownLatch(1);
        Answer late = lab.expect(Exit.NOT_FOUND_OUT, "promote", "orders@1.0.0", "--to", "dev", "--timeout", "1s");
        assertTrue(late.err(), late.err().contains("continue with: promotion work --home"));
        assertEquals(0, lab.cloud.deployments.get());
        lab.cloud.gate = null;
        lab.expect(Exit.DONE, "work");
        assertEquals(1, lab.cloud.deployments.get());
    }

    @Test
    public void theBoardIsReadWhileAnotherDeploys() throws Exception {
        published("1.0.0");
        lab.cloud.gate = new CountDownLatch(1);
        var deploying = new Thread(() -> lab.call("promote", "orders@1.0.0", "--to", "dev"));
        deploying.start();
        try {
            lab.cloud.begun.await();
            String board = lab.expect(Exit.DONE, "status").out();
            assertTrue(board, board.contains("⟳ 1.0.0 deploying 0/1 targets"));
            Answer second = lab.expect(Exit.NOT_FOUND_OUT, "pause", "--reason", "incident");
            assertTrue(second.err(), second.err().contains("is in use by"));
            lab.expect(Exit.DONE, "show", "orders.dev.1");
            lab.expect(Exit.DONE, "history", "orders");
            lab.expect(Exit.DONE, "audit", "log");
        } finally {
            lab.cloud.gate.countDown();
            deploying.join();
        }
        assertEquals("orders@1.0.0", lab.cloud.live.get("orders-dev/eu-west-1/api"));
    }

    @Test
    public void anIncompletePlanAnswersThreeAndNobodyCanApproveIt() throws Exception {
        published("1.0.0");
        lab.expect(Exit.DONE, "promote", "orders@1.0.0", "--to", "dev");
        lab.cloud.planProblem = "access denied assuming promotion-plan";
        Answer incomplete = lab.expect(Exit.NOT_FOUND_OUT, "promote", "orders@1.0.0", "--to", "prod");
        assertTrue(incomplete.out(), incomplete.out().contains("access denied assuming promotion-plan"));
        assertTrue(incomplete.out(), incomplete.out().contains("Next: promotion replan orders.prod.1"));
        Answer refused = lab.approve(Exit.NO, "orders.prod.1", "--as", "alice");
        assertTrue(refused.err(), refused.err().contains("it cannot be approved yet"));
        lab.cloud.planProblem = null;
        lab.expect(Exit.DONE, "replan", "orders.prod.1");
    }

    @Test
    public void otherLanesWorkIsCarriedOnAndSaid() throws Exception {
        published("1.0.0");
        lab.expect(Exit.DONE, "promote", "orders@1.0.0", "--to", "dev", "--no-wait");
        Answer prod = lab.expect(Exit.DONE, "promote", "orders@1.0.0", "--to", "prod");
        assertTrue(prod.err(), prod.err().contains("also continuing orders.dev.1 (planning)"));
        lab.expect(Exit.DONE, "work");
        assertEquals("orders@1.0.0", lab.cloud.live.get("orders-dev/eu-west-1/api"));
    }

    @Test
    public void anExportProvesItselfAndNamesTheFirstBadEntry() throws Exception {
        published("1.0.0");
        lab.expect(Exit.DONE, "promote", "orders@1.0.0", "--to", "dev");
        Path key = lab.project.resolve("audit.key");
        lab.expect(Exit.DONE, "audit", "keygen", key.toString(), "--name", "acme-audit");
        Path export = lab.project.resolve("audit.txt");
        lab.expect(Exit.DONE, "audit", "export", export.toString(), "--sign-with", key.toString());
        Answer good = lab.bare(Map.of(), "audit", "verify", export.toString(), "--key", key + ".pub", "--json");
        assertEquals(good.out(), Exit.DONE, good.exit());
        assertEquals("VALID", good.json().get("signature"));
        assertEquals(Exit.USAGE, lab.call("audit", "export", export.toString()).exit());

        String text = Files.readString(export);
        Path forged = Files.writeString(lab.project.resolve("forged.txt"), text.replaceFirst("user:bob", "user:eve"));
        Answer bad = lab.bare(Map.of(), "audit", "verify", forged.toString(), "--key", key + ".pub");
        assertEquals(Exit.NO, bad.exit());
        assertTrue(bad.out(), bad.out().contains("✗") && bad.out().contains("entry 1"));

        Path plain = lab.project.resolve("plain.txt");
        lab.expect(Exit.DONE, "audit", "export", plain.toString());
        Answer unsigned = lab.bare(Map.of(), "audit", "verify", plain.toString(), "--key", key + ".pub");
        assertEquals(Exit.NO, unsigned.exit());
        assertEquals(
                Exit.DONE,
                lab.bare(Map.of(), "audit", "verify", plain.toString()).exit());
        assertEquals(
                text.lines().filter(l -> l.contains("\"seq\"")).count(),
                lab.expect(Exit.DONE, "audit", "export", "-")
                        .out()
                        .lines()
                        .filter(l -> l.contains("\"seq\""))
                        .count());
    }

    @Test
    public void looksNeedNoAws() throws Exception {
        published("1.0.0");
        int opened = lab.cloud.opened.get();
        lab.expect(Exit.DONE, "status");
        lab.expect(Exit.DONE, "history", "orders");
        lab.expect(Exit.DONE, "policy", "show");
        lab.expect(Exit.DONE, "audit", "log");
        lab.expect(Exit.DONE, "validate", lab.path("release.yaml"), "--policy", lab.path("policy.yaml"));
        assertEquals(opened, lab.cloud.opened.get());
        assertEquals("everything opened is closed", opened, lab.cloud.closed.get());
    }
}
