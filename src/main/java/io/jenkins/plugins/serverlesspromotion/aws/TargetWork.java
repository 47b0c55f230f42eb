package io.jenkins.plugins.serverlesspromotion.aws;

import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.engine.port.Deployer;
import io.jenkins.plugins.serverlesspromotion.engine.port.Templates;
import io.jenkins.plugins.serverlesspromotion.engine.release.Published;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;

/** One target of one release in one place, with everything needed to look at it and to change it. */
final class TargetWork {
    private static final Duration BUSY_POLL = Duration.ofSeconds(5);

    final Deployer.Work work;
    final Published release;
    final Expansion.Slot slot;
    final Policy.Account account;
    final AwsSessions sessions;
    final Templates templates;
    final ExecutorService copies;
    /** AWS request ids of the writes, in order. */
    final List<String> requests = Collections.synchronizedList(new ArrayList<>());

    private final AwsSessions.Scope scope;
    private final Deployer.Progress progress;

    TargetWork(
            Deployer.Work work,
            Published release,
            Expansion.Slot slot,
            AwsSessions sessions,
            AwsSessions.Scope scope,
            Templates templates,
            ExecutorService copies,
            Deployer.Progress progress) {
        this.work = work;
        this.release = release;
        this.slot = slot;
        this.account = account(work, slot.place());
        this.sessions = sessions;
        this.scope = scope;
        this.templates = templates;
        this.copies = copies;
        this.progress = progress;
    }

    static Policy.Account account(Deployer.Work work, Policy.Place place) {
        Policy.Account account = work.rules().accounts().get(place.account());
        if (account == null) {
            throw DeploymentException.failed(
                    "account " + place.account() + " is not in the policy; add it and plan again");
        }
        return account;
    }

    String region() {
        return slot.place().region();
    }

    Pace pace() {
        return sessions.pace();
    }

    AwsSession session(AwsSessions.Purpose purpose) {
        return scope.session(account, purpose, region());
    }

    CloudFormationClient cloudFormation(AwsSessions.Purpose purpose) {
        return session(purpose).cloudFormation(region());
    }

    Staging staging() {
        return new Staging(
                copies, session(AwsSessions.Purpose.DEPLOY), region(), release, work.store(), work.storeAccount());
    }

    /** For looking at what is staged, as the role that plans: it can copy nothing. */
    Staging stagingToRead() {
        return new Staging(
                copies, session(AwsSessions.Purpose.PLAN), region(), release, work.store(), work.storeAccount());
    }

    Resolution resolution(Map<String, String> pins, Resolution.Outputs outputs) {
        return new Resolution(
                release.release(),
                work.environment(),
                slot.place(),
                account,
                new Pins(session(AwsSessions.Purpose.PLAN), region(), pins),
                outputs);
    }

    Recall recall() {
        return Recall.of(sessions);
    }

    /** Reads something meanwhile. It must not wait for anything else that is read this way. */
    <T> Future<T> meanwhile(Callable<T> read) {
        return copies.submit(read);
    }

    /** A client token of this step. */
    String token(Object number, String verb) {
        return Tokens.of(work.controller(), work.promotion(), number, slot.key(), verb);
    }

    /** For people who look at it in AWS. */
    String description() {
        return release.ref().id() + " by " + work.promotion();
    }

    String where(String stack) {
        return "stack " + stack + " in " + slot.place();
    }

    void note(String line) {
        progress.note(slot.key(), line);
    }

    /** Whether a person asked to stop the promotion. */
    boolean abortRequested() {
        return progress.abortRequested();
    }

    List<String> requests() {
        synchronized (requests) {
            return List.copyOf(requests);
        }
    }

    /** The stack, as soon as nothing is changing it, or as it is when the time that may take is over. */
    LiveStack idle(AwsSessions.Purpose purpose, String stack) throws InterruptedException {
        var end = pace().now().plus(pace().scaled(sessions.settings().busyLimit()));
        boolean told = false;
        while (true) {
            LiveStack live = LiveStack.read(cloudFormation(purpose), stack);
            if (live.state() != StackState.BUSY || pace().now().isAfter(end)) {
                return live;
            }
            if (!told) {
                note(where(live.name()) + " is " + live.status() + "; waiting until that has ended");
                told = true;
            }
            pace().sleep(BUSY_POLL);
        }
    }
}
