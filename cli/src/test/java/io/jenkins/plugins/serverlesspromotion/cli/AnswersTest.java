package io.jenkins.plugins.serverlesspromotion.cli;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.cli.Laboratory.Answer;
import io.jenkins.plugins.serverlesspromotion.engine.port.AccountChecker.AccountFinding;
import io.jenkins.plugins.serverlesspromotion.engine.port.AccountChecker.FindingState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Answers that a new user could take for something else than they mean. */
public class AnswersTest {
    private static final String PROD = "orders.prod.1";

    @Rule
    public TemporaryFolder folder = new TemporaryFolder();

    private Laboratory lab;

    @Before
    public void setUp() throws Exception {
        lab = new Laboratory(folder);
    }

    private void waiting(String policy) throws Exception {
        lab.write("policy.yaml", policy);
        lab.policy();
        lab.publish("1.0.0");
        lab.expect(Exit.DONE, "promote", "orders@1.0.0", "--to", "dev");
        lab.expect(Exit.DONE, "promote", "orders@1.0.0", "--to", "prod");
    }

    private static String overridable(String require) {
        return Laboratory.POLICY.replace(
                "    rollback:",
                "    breakGlass: { require: [ " + require + " ], review: release-managers }\n    rollback:");
    }

    // ---- the proof of an audit log

    @Test
    public void nothingIsCalledSignedBelowAForgedEntry() throws Exception {
        lab.policy();
        lab.publish("1.0.0");
        Path key = lab.project.resolve("audit.key");
        Path export = lab.project.resolve("audit.txt");
        lab.bare(Map.of(), "audit", "keygen", key.toString());
        lab.expect(Exit.DONE, "audit", "export", export.toString(), "--sign-with", key.toString());
        Answer good = lab.bare(Map.of(), "audit", "verify", export.toString(), "--key", key + ".pub");
        assertTrue(good.out(), good.out().contains("✓ signed by the key that was given"));
        Path forged = Files.writeString(
                lab.project.resolve("forged.txt"), Files.readString(export).replaceFirst("user:bob", "user:eve"));
        Answer bad = lab.bare(Map.of(), "audit", "verify", forged.toString(), "--key", key + ".pub");
        assertEquals(Exit.NO, bad.exit());
        assertFalse(bad.out(), bad.out().contains("✓"));
        assertTrue(bad.out(), bad.out().contains("✗ the signature of the key that was given is not for these entries"));
    }

    // ---- approvals

    @Test
    public void atATerminalAnApprovalIsConfirmedAfterTheReviewWasShown() throws Exception {
        waiting(Laboratory.POLICY);
        lab.answers = new ArrayDeque<>(List.of("", "n", "yes"));
        for (int i = 0; i < 2; i++) {
            Answer no = lab.expect(Exit.NO, "approve", PROD, "--as", "alice");
            assertTrue(no.out(), no.out().contains("orders 1.0.0 → prod"));
            assertTrue(no.err(), no.err().contains("not confirmed; nothing was recorded"));
        }
        String digest = lab.plan(PROD).substring("sha256:".length()).substring(0, 12);
        assertEquals("Approve exactly plan " + digest + " of " + PROD + " as alice? [y/N] ", lab.asked.get(0));
        Answer yes = lab.expect(Exit.DONE, "approve", PROD, "--as", "alice");
        assertTrue(yes.out(), yes.out().contains("✓ release-managers passed: 1 of 1 — alice approved "));
        lab.expect(Exit.USAGE, "approve", PROD, "--as", "carol", "--group", "team-orders", "--json");
        assertEquals("with --json no one is asked", 3, lab.asked.size());
    }

    @Test
    public void withoutATerminalThePlanMustBeNamedAndNothingIsRecorded() throws Exception {
        waiting(Laboratory.POLICY);
        List<String> before = lab.homeFiles();
        Answer refused = lab.expect(Exit.USAGE, "approve", PROD, "--as", "alice");
        assertTrue(refused.err(), refused.err().contains("Look at the plan with: promotion show " + PROD));
        assertTrue(refused.err(), refused.err().contains("then: promotion approve " + PROD + " --plan DIGEST"));
        assertEquals(before, lab.homeFiles());
    }

    @Test
    public void whoHasApprovedIsToldSoAndNotThatTheyCould() throws Exception {
        waiting(Laboratory.POLICY);
        lab.approve(Exit.DONE, PROD, "--as", "alice");
        String said = lab.expect(Exit.DONE, "policy", "explain", "orders@1.0.0", "--to", "prod", "--as", "alice")
                .out();
        assertTrue(said, said.contains("✓ You (alice) have approved it."));
        assertFalse(said, said.contains("could approve"));
        assertEquals(
                "you have approved it",
                lab.expect(Exit.DONE, "policy", "explain", "orders@1.0.0", "--to", "prod", "--as", "alice", "--json")
                        .json()
                        .get("youCannotApprove"));
        String other = lab.expect(Exit.DONE, "policy", "explain", "orders@1.0.0", "--to", "prod", "--as", "dave")
                .out();
        assertTrue(other, other.contains("✓ You (dave) could approve it."));
    }

    // ---- break-glass

    private String[] override(String user) {
        return new String[] {
            "break-glass", PROD, "--plan", lab.plan(PROD), "--reason", "checkout is down", "--ticket", "INC42", "--as",
            user
        };
    }

    @Test
    public void afterOneOfTwoOverridesEverySurfaceSaysWhoIsMissing() throws Exception {
        waiting(overridable("{ role: on-call, count: 1 }, { role: release-managers, count: 1 }"));
        Answer first = lab.expect(Exit.DONE, override("erin"));
        String said = "1 of 2 overrides of approval given. erin: checkout is down (INC42). Waiting for 1"
                + " release-managers";
        assertTrue(first.out(), first.out().contains(said));
        assertTrue(first.out(), first.out().contains("Next: promotion break-glass " + PROD + " --plan "));
        assertTrue(lab.expect(Exit.DONE, "show", PROD).out().contains(said));
        assertTrue(lab.expect(Exit.DONE, "status").out().contains(said));
        Map<?, ?> override =
                (Map<?, ?>) lab.expect(Exit.DONE, "show", PROD, "--json").json().get("override");
        assertEquals(1, ((Number) override.get("given")).intValue());
        assertEquals(2, ((Number) override.get("required")).intValue());
        assertEquals("{release-managers=1}", override.get("missing").toString());
        Answer second = lab.expect(Exit.DONE, override("alice"));
        assertTrue(second.out(), second.out().contains("SUCCEEDED"));
    }

    @Test
    public void aRequesterIsToldAboutOverridingWhereTheyOverride() throws Exception {
        waiting(overridable("{ role: on-call, count: 1 }").replace("[ erin ]", "[ erin, bob ]"));
        Answer refused = lab.expect(Exit.NO, override("bob"));
        assertTrue(refused.err(), refused.err().contains("you asked for this, so you cannot override its gates"));
    }

    // ---- what comes next

    @Test
    public void whileAWindowIsClosedTheNextStepIsToWait() throws Exception {
        // A Saturday; the window opens on Monday.
        lab.clock = Clock.fixed(Instant.parse("2026-11-21T12:00:00Z"), ZoneOffset.UTC);
        waiting(Laboratory.POLICY.replace(
                "      - approval: { require: [ { role: release-managers, count: 1 }, { role: serviceOwner, count: 1 } ] }",
                "      - window: { days: [ MON ], from: \"09:00\", lastStart: \"15:00\", zone: UTC }"));
        String shown = lab.expect(Exit.DONE, "show", PROD).out();
        assertTrue(
                shown,
                shown.contains("Next: wait for window until Mon 2026-11-23 09:00 UTC; then: promotion work --home "));
        Map<?, ?> json = lab.expect(Exit.DONE, "show", PROD, "--json").json();
        assertEquals("2026-11-23T09:00:00Z", json.get("nextAt"));
        assertTrue(json.get("next").toString().startsWith("promotion work"));
        lab.clock = Clock.fixed(Instant.parse("2026-11-23T09:30:00Z"), ZoneOffset.UTC);
        assertNull(lab.expect(Exit.DONE, "show", PROD, "--json").json().get("nextAt"));
    }

    // ---- times and people

    @Test
    public void everyTextHasOneNotationOfMomentsAndOfPeople() throws Exception {
        // A Saturday; the window opens on Monday.
        lab.clock = Clock.fixed(Instant.parse("2026-11-21T12:00:00Z"), ZoneOffset.UTC);
        waiting(Laboratory.POLICY.replace("      - approval", "      - window: { days: [ MON ], from: \"09:00\", lastStart:"
                + " \"15:00\", zone: Europe/Berlin }\n      - approval"));
        lab.approve(Exit.DONE, PROD, "--as", "alice");
        lab.expect(Exit.DONE, "pause", "--service", "orders", "--reason", "incident");
        for (List<String> command : List.of(
                List.of("status"),
                List.of("show", PROD),
                List.of("history", "orders"),
                List.of("policy", "explain", "orders@1.0.0", "--to", "prod"),
                List.of("policy", "show"),
                List.of("audit", "log"))) {
            String text = lab.expect(Exit.DONE, command.toArray(String[]::new)).out();
            assertFalse(text, text.contains("user:"));
            Matcher moment = Pattern.compile("(\\S* )?[0-9]{4}-[0-9]{2}-[0-9]{2}.{0,20}").matcher(text);
            while (moment.find()) {
                assertTrue(
                        moment.group(),
                        moment.group().matches("\\(?\\w{3} \\d{4}-\\d{2}-\\d{2} \\d{2}:\\d{2}(:\\d{2})? (UTC|Europe).*"));
            }
            var json = new ArrayList<>(command);
            json.add("--json");
            String document = lab.expect(Exit.DONE, json.toArray(String[]::new)).out();
            Matcher instant = Pattern.compile("\"[0-9]{4}-[0-9]{2}-[0-9]{2}T[^\"]*\"").matcher(document);
            while (instant.find()) {
                Instant.parse(instant.group().replace("\"", ""));
            }
        }
    }

    // ---- pauses

    @Test
    public void resumeSaysWhatIsPausedAndWhatStillIs() throws Exception {
        lab.policy();
        Answer nothing = lab.expect(Exit.NO, "resume", "--reason", "over");
        assertTrue(nothing.err(), nothing.err().contains("everything is not paused; nothing is paused"));
        lab.expect(Exit.DONE, "pause", "--environment", "prod", "--reason", "migration");
        lab.expect(Exit.DONE, "pause", "--service", "orders", "--reason", "incident");
        Answer other = lab.expect(Exit.NO, "resume", "--reason", "over");
        assertTrue(
                other.err(),
                other.err().contains("everything is not paused; paused are environment prod, service orders"));
        Answer one = lab.expect(Exit.DONE, "resume", "--environment", "prod", "--reason", "done");
        assertEquals(
                List.of("✓ resumed: environment prod", "⏸ still paused: service orders, by bob (incident)"),
                one.out().lines().toList());
        lab.expect(Exit.DONE, "pause", "--environment", "prod", "--reason", "migration");
        Map<?, ?> json = lab.expect(Exit.DONE, "resume", "--environment", "prod", "--reason", "done", "--json")
                .json();
        assertEquals("environment prod", json.get("resumed"));
        assertEquals("service orders", ((Map<?, ?>) ((List<?>) json.get("pauses")).get(0)).get("scope"));
    }

    // ---- --quiet

    @Test
    public void quietAnswersWithTheResultAlone() throws Exception {
        waiting(Laboratory.POLICY);
        List<String> lines = lab.expect(
                        Exit.DONE, "approve", PROD, "--plan", lab.plan(PROD), "--as", "alice", "--quiet")
                .out()
                .lines()
                .toList();
        assertEquals(lines.toString(), 2, lines.size());
        assertTrue(lines.get(0), lines.get(0).startsWith("◷ orders 1.0.0 → prod WAITING (orders.prod.1); waits for "));
        assertTrue(lines.get(1), lines.get(1).startsWith("Next: promotion approve orders.prod.1 --plan "));
        List<String> done = lab.expect(
                        Exit.DONE,
                        "approve",
                        PROD,
                        "--plan",
                        lab.plan(PROD),
                        "--as",
                        "carol",
                        "--group",
                        "team-orders",
                        "-q")
                .out()
                .lines()
                .toList();
        assertEquals(List.of("✓ orders 1.0.0 → prod SUCCEEDED (orders.prod.1)"), done);
    }

    // ---- accounts

    private static AccountFinding finding(String region, String subject, FindingState state, String template) {
        return new AccountFinding(
                "orders-dev", region, subject, state, state == FindingState.OK ? null : "because", template);
    }

    @Test
    public void aCheckOfTheAccountsNamesTheTemplateToUpdate() throws Exception {
        lab.policy();
        var files = lab.homeFiles();
        AccountFinding fine = finding(null, "plan role promotion-plan", FindingState.OK, null);
        AccountFinding open = finding(null, "execution role x", FindingState.NOT_CHECKED, "target-account.yaml");
        lab.cloud.accountFindings = List.of(fine, open);
        Answer complete = lab.expect(Exit.DONE, "accounts", "check");
        assertEquals(
                List.of(
                        "✓ orders-dev: plan role promotion-plan passed",
                        "⏸ orders-dev: execution role x was not checked: because"),
                complete.out().lines().toList());
        AccountFinding missing = finding("eu-west-1", "staging bucket b", FindingState.MISSING, "staging-bucket.yaml");
        lab.cloud.accountFindings = List.of(fine, open, missing);
        Answer answer = lab.expect(Exit.NO, "accounts", "check", "--quiet");
        assertEquals(
                List.of(
                        "⏸ orders-dev: execution role x was not checked: because",
                        "✗ orders-dev/eu-west-1: staging bucket b is missing or not allowed: because",
                        "Next: deploy or update staging-bucket.yaml for account orders-dev and region eu-west-1"
                                + " (docs/admin/aws-many-accounts.md)"),
                answer.out().lines().toList());
        lab.cloud.accountFindings = List.of(missing, finding(null, "test role t", FindingState.UNKNOWN, null));
        Map<?, ?> json = lab.expect(Exit.NOT_FOUND_OUT, "accounts", "check", "--json").json();
        assertEquals(false, json.get("complete"));
        assertEquals("MISSING", ((Map<?, ?>) ((List<?>) json.get("checks")).get(0)).get("result"));
        assertEquals("nothing is recorded", files, lab.homeFiles());
    }
}
