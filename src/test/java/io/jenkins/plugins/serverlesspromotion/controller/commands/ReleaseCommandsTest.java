package io.jenkins.plugins.serverlesspromotion.controller.commands;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import hudson.cli.CLICommandInvoker;
import io.jenkins.plugins.serverlesspromotion.Shows;
import io.jenkins.plugins.serverlesspromotion.controller.releases.Desk;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion.State;
import java.util.List;
import org.junit.AfterClass;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Test;
import org.jvnet.hudson.test.JenkinsRule;

public class ReleaseCommandsTest {
    private static final int DONE = 0;
    private static final int WRONG = 3;
    private static final int NO = 5;
    private static final int DENIED = 6;

    @ClassRule
    public static JenkinsRule j = new JenkinsRule();

    private static final Desk DESK = new Desk();

    static {
        j.timeout = 900; // seconds for all of them together, also where everything is slow
    }

    @BeforeClass
    public static void open() throws Exception {
        DESK.open(j);
    }

    @AfterClass
    public static void close() {
        DESK.close();
    }

    private static CLICommandInvoker.Result run(String user, String command, String... args) {
        return new CLICommandInvoker(j, command).asUser(user).invokeWithArgs(args);
    }

    private static void expect(int code, CLICommandInvoker.Result result) {
        assertEquals(result.toString(), code, result.returnCode());
    }

    @Test
    public void aPromotionIsShownAndApproved() throws Exception {
        String id = DESK.waiting(Desk.service(1), "1.4.2");
        CLICommandInvoker.Result shown = run("alice", "promotion-show", id);
        expect(DONE, shown);
        assertTrue(shown.stdout(), shown.stdout().contains("svc-1 1.4.2 → prod: waiting"));
        assertTrue(shown.stdout(), shown.stdout().contains("plan " + Desk.planDigest(id)));
        assertTrue(
                shown.stdout(),
                shown.stdout().contains("gate release-managers pending: 0 of 1; alice or dave can approve"));
        CLICommandInvoker.Result stale = run("alice", "promotion-approve", id, "--plan", "sha256:" + "0".repeat(64));
        expect(NO, stale);
        assertTrue(stale.stderr(), stale.stderr().contains("the plan changed since you reviewed it"));
        expect(NO, run("bob", "promotion-approve", id, "--plan", Desk.planDigest(id)));
        expect(DONE, run("alice", "promotion-approve", id, "--plan", Desk.planDigest(id), "--comment", "fine"));
        expect(DONE, run("carol", "promotion-approve", id, "--plan", Desk.planDigest(id)));
        DESK.until(id, State.SUCCEEDED);
    }

    @Test
    public void statusShowsOnlyWhatMayBeSeen() throws Exception {
        String id = DESK.waiting(Desk.service(2), "1.0.0");
        CLICommandInvoker.Result all = run("alice", "promotion-status");
        assertTrue(all.stdout(), all.stdout().contains("needs you: " + id));
        assertTrue(all.stdout(), all.stdout().contains("svc-2 dev: 1.0.0 live"));
        CLICommandInvoker.Result hers = run("rita", "promotion-status");
        assertTrue(hers.stdout(), hers.stdout().contains("svc-0 dev"));
        assertFalse(hers.stdout(), hers.stdout().contains("svc-2"));
        expect(WRONG, run("rita", "promotion-status", "svc-2"));
        expect(WRONG, run("rita", "promotion-show", id));
        expect(DENIED, run("nina", "promotion-status"));
        expect(DENIED, run("nina", "promotion-show", id));
    }

    @Test
    public void rejectAndAbort() throws Exception {
        String rejected = DESK.waiting(Desk.service(3), "1.0.0");
        expect(DONE, run("dave", "promotion-reject", rejected, "--reason", "red"));
        assertEquals(State.REJECTED, Desk.promotion(rejected).state());
        String aborted = DESK.ask(Desk.service(3), "1.0.0");
        expect(DONE, run("olga", "promotion-abort", aborted));
        assertEquals(State.ABORTED, Desk.promotion(aborted).state());
        expect(NO, run("olga", "promotion-abort", aborted));
    }

    @Test
    public void pauseResumeAndRollback() throws Exception {
        String service = Desk.service(4);
        expect(WRONG, run("olga", "promotion-pause", "--service", "nope", "--reason", "x"));
        expect(DONE, run("olga", "promotion-pause", "--service", service, "--reason", "incident"));
        expect(NO, run("olga", "promotion-pause", "--service", service, "--reason", "incident"));
        expect(DONE, run("olga", "promotion-resume", "--service", service, "--reason", "over"));
        DESK.toProd(service, "1.0.0");
        DESK.toProd(service, "1.1.0");
        CLICommandInvoker.Result asked =
                run("olga", "promotion-rollback", service, "--in", "prod", "--reason", "checkout fails");
        expect(DONE, asked);
        assertTrue(asked.stdout(), asked.stdout().contains("back to 1.0.0 → prod"));
    }

    @Test
    public void askingPlanningAgainAndReleasingTheHold() throws Exception {
        String service = Desk.service(7);
        DESK.toDev(service, "1.0.0");
        expect(DENIED, run("vera", "promotion-promote", service + "@1.0.0", "--to", "prod"));
        expect(WRONG, run("olga", "promotion-promote", service, "--to", "prod"));
        expect(WRONG, run("olga", "promotion-promote", service + "@9.9.9", "--to", "prod"));
        expect(NO, run("olga", "promotion-promote", service + "@1.0.0", "--to", "nowhere"));
        expect(DONE, run("olga", "promotion-promote", service + "@1.0.0", "--to", "prod", "--ticket", "CHG1"));
        var prod = new LaneId(service, "prod");
        String id = Desk.store().promotions(prod).get(0).id();
        assertEquals("CHG1", Desk.promotion(id).requests().get(0).ticket());
        DESK.until(id, State.WAITING);
        expect(DENIED, run("vera", "promotion-replan", id));
        expect(DONE, run("olga", "promotion-replan", id));
        DESK.until(id, p -> p.state() == State.WAITING && p.planning().number() == 2);
        expect(DENIED, run("vera", "promotion-release-hold", service, "--in", "prod", "--reason", "x"));
        expect(NO, run("olga", "promotion-release-hold", service, "--in", "prod", "--reason", "there is none"));
    }

    @Test
    public void everyChangeIsRefusedWithoutItsPermission() throws Exception {
        String id = DESK.waiting(Desk.service(5), "1.0.0");
        for (String user : List.of("vera", "rita", "nina")) {
            expect(DENIED, run(user, "promotion-approve", id, "--plan", Desk.planDigest(id)));
            expect(DENIED, run(user, "promotion-reject", id, "--reason", "x"));
            expect(DENIED, run(user, "promotion-abort", id));
            expect(DENIED, run(user, "promotion-pause", "--reason", "x"));
            expect(DENIED, run(user, "promotion-resume", "--reason", "x"));
            expect(DENIED, run(user, "promotion-rollback", Desk.service(5), "--in", "prod", "--reason", "x"));
        }
        CLICommandInvoker.Result nobody =
                new CLICommandInvoker(j, "promotion-abort").asUser("anonymous").invokeWithArgs(id);
        expect(DENIED, nobody);
        assertEquals(State.WAITING, Desk.promotion(id).state());
        assertEquals(List.of(), Desk.store().pauses());
    }

    @Test
    @Shows(table = Shows.HOLES, cell = "6 command")
    public void noTextSteersTheTerminal() throws Exception {
        String service = Desk.service(6);
        DESK.toDev(service, "1.0.0");
        String id = Desk.promotions()
                .request(
                        new LaneId(service, "prod"),
                        DESK.publish(service, "1.0.0").ref(),
                        Desk.by("bob", "\u001b[2J\u001b]0;owned\u0007"));
        DESK.until(id, State.WAITING);
        String shown = run("vera", "promotion-show", id).stdout();
        assertTrue(shown, shown.contains("[2J"));
        assertFalse(shown, shown.contains("\u001b"));
    }
}
