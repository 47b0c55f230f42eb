package io.jenkins.plugins.serverlesspromotion.aws.context;

import io.jenkins.plugins.serverlesspromotion.aws.DeploymentException;
import io.jenkins.plugins.serverlesspromotion.aws.call.Pace;
import io.jenkins.plugins.serverlesspromotion.aws.call.Tokens;
import io.jenkins.plugins.serverlesspromotion.aws.cloudformation.LiveStack;
import io.jenkins.plugins.serverlesspromotion.aws.cloudformation.StackReadCache;
import io.jenkins.plugins.serverlesspromotion.aws.cloudformation.StackState;
import io.jenkins.plugins.serverlesspromotion.aws.session.AwsSession;
import io.jenkins.plugins.serverlesspromotion.aws.session.AwsSessions;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.engine.port.Deployer;
import io.jenkins.plugins.serverlesspromotion.engine.port.MediaTypes;
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

/** One target of one release in one place, with everything needed to read and change it. */
public final class TargetContext {
    private static final Duration BUSY_POLL = Duration.ofSeconds(5);

    public final Deployer.Work work;
    public final Published release;
    public final TargetInstances.TargetInstance targetInstance;
    public final Policy.Account account;
    public final AwsSessions sessions;
    public final Templates templates;
    public final MediaTypes mediaTypes;
    public final ExecutorService copies;
    /** AWS request ids of the writes, in order. */
    public final List<String> requests = Collections.synchronizedList(new ArrayList<>());

    private final AwsSessions.Scope scope;
    private final Deployer.Progress progress;

    public TargetContext(
            Deployer.Work work,
            Published release,
            TargetInstances.TargetInstance targetInstance,
            AwsSessions sessions,
            AwsSessions.Scope scope,
            Templates templates,
            MediaTypes mediaTypes,
            ExecutorService copies,
            Deployer.Progress progress) {
        this.work = work;
        this.release = release;
        this.targetInstance = targetInstance;
        this.account = account(work, targetInstance.place());
        this.sessions = sessions;
        this.scope = scope;
        this.templates = templates;
        this.mediaTypes = mediaTypes;
        this.copies = copies;
        this.progress = progress;
    }

    public static Policy.Account account(Deployer.Work work, Policy.Place place) {
        Policy.Account account = work.rules().accounts().get(place.account());
        if (account == null) {
            throw DeploymentException.failed(
                    "account " + place.account() + " is not in the policy; add it and plan again");
        }
        return account;
    }

    public String region() {
        return targetInstance.place().region();
    }

    public Pace pace() {
        return sessions.pace();
    }

    public AwsSession session(AwsSessions.Purpose purpose) {
        return scope.session(account, purpose, region());
    }

    public CloudFormationClient cloudFormation(AwsSessions.Purpose purpose) {
        return session(purpose).cloudFormation(region());
    }

    public Staging staging() {
        return new Staging(
                copies, session(AwsSessions.Purpose.DEPLOY), region(), release, work.store(), work.storeAccount());
    }

    /** For reading staged artifacts, with the role that plans: it cannot copy. */
    public Staging stagingToRead() {
        return new Staging(
                copies, session(AwsSessions.Purpose.PLAN), region(), release, work.store(), work.storeAccount());
    }

    public Resolution resolution(Map<String, String> pins, Resolution.Outputs outputs) {
        return new Resolution(
                release.release(),
                work.environment(),
                targetInstance.place(),
                account,
                new VersionPinning(session(AwsSessions.Purpose.PLAN), region(), pins),
                outputs);
    }

    public StackReadCache stackReadCache() {
        return StackReadCache.of(sessions);
    }

    /** Reads something in parallel. It must not wait for another parallel read. */
    public <T> Future<T> meanwhile(Callable<T> read) {
        return copies.submit(read);
    }

    /** A client token of this step. */
    public String token(Object number, String verb) {
        return Tokens.of(work.controller(), work.promotion(), number, targetInstance.key(), verb);
    }

    /** A name for people who see it in AWS. */
    public String description() {
        return release.ref().id() + " by " + work.promotion();
    }

    public String where(String stack) {
        return "stack " + stack + " in " + targetInstance.place();
    }

    public void note(String line) {
        progress.note(targetInstance.key(), line);
    }

    /** Whether a person stopped the promotion. */
    public boolean abortRequested() {
        return progress.abortRequested();
    }

    public List<String> requests() {
        synchronized (requests) {
            return List.copyOf(requests);
        }
    }

    /** The stack when no operation on it is running, or its state when the time limit has passed. */
    public LiveStack idle(AwsSessions.Purpose purpose, String stack) throws InterruptedException {
        var end = pace().now().plus(pace().scaled(sessions.settings().busyLimit()));
        boolean reported = false;
        while (true) {
            LiveStack live = LiveStack.read(cloudFormation(purpose), stack);
            if (live.state() != StackState.BUSY || pace().now().isAfter(end)) {
                return live;
            }
            if (!reported) {
                note(where(live.name()) + " is " + live.status() + "; waiting until that has ended");
                reported = true;
            }
            pace().sleep(BUSY_POLL);
        }
    }
}
