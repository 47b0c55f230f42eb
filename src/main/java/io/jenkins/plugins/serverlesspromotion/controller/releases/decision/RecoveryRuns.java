package io.jenkins.plugins.serverlesspromotion.controller.releases.decision;

import hudson.Extension;
import hudson.ExtensionList;
import hudson.init.Terminator;
import hudson.security.ACL;
import hudson.util.DaemonThreadFactory;
import hudson.util.NamingThreadFactory;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.port.Recoverer;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.Infirmary;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.RefusedException;
import io.jenkins.plugins.serverlesspromotion.view.Wording;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.security.ImpersonatingExecutorService;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Keeps the running recovery actions, which take up to an hour, and the result of the last one of each lane since
 * Jenkins was started. A lane has one at a time. The audit log has the permanent record. An action that a restart
 * interrupts continues in CloudFormation; its state is read again.
 */
@Extension
@Restricted(NoExternalUse.class)
public class RecoveryRuns {
    private static final Logger LOGGER = Logger.getLogger(RecoveryRuns.class.getName());
    private static final int AT_ONCE = 4;

    private final ExecutorService pool = new ImpersonatingExecutorService(
            Executors.newFixedThreadPool(
                    AT_ONCE, new NamingThreadFactory(new DaemonThreadFactory(), "Serverless Promotion recovery")),
            ACL.SYSTEM2);

    private final Map<LaneId, RecoveryRun> last = new TreeMap<>();

    public static RecoveryRuns get() {
        return ExtensionList.lookupSingleton(RecoveryRuns.class);
    }

    @Terminator
    public static void stop() {
        get().pool.shutdownNow();
    }

    /**
     * @param treatment the result; null while it is being carried out, and when it could not be
     * @param failure why it was not completed, null otherwise
     */
    public record RecoveryRun(
            Infirmary.RecoveryRequest order, Instant since, Recoverer.RecoveryResult treatment, String failure) {
        public boolean isUnderWay() {
            return treatment == null && failure == null;
        }
    }

    public synchronized Optional<RecoveryRun> last(LaneId lane) {
        return Optional.ofNullable(last.get(lane));
    }

    /**
     * @return fails with the exceptions of {@link Infirmary#treat}
     * @throws RefusedException when another recovery action runs there
     */
    synchronized CompletableFuture<Recoverer.RecoveryResult> carryOut(
            Infirmary infirmary, LaneId lane, Infirmary.RecoveryRequest recoveryRequest) throws RefusedException {
        RecoveryRun now = last.get(lane);
        if (now != null && now.isUnderWay()) {
            throw new RefusedException(now.order().choice().word() + " of stack "
                    + now.order().stack() + " is being carried out for "
                    + Wording.who(now.order().by())
                    + "; wait until that has ended");
        }
        var begun = new RecoveryRun(recoveryRequest, Instant.now(), null, null);
        last.put(lane, begun);
        var answer = new CompletableFuture<Recoverer.RecoveryResult>();
        try {
            pool.execute(() -> carryOut(infirmary, lane, begun, answer));
        } catch (RuntimeException e) {
            last.remove(lane);
            throw e;
        }
        return answer;
    }

    private void carryOut(
            Infirmary infirmary, LaneId lane, RecoveryRun begun, CompletableFuture<Recoverer.RecoveryResult> answer) {
        Recoverer.RecoveryResult recoveryResult = null;
        Exception failure = null;
        try {
            recoveryResult = infirmary.recover(lane, begun.order());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            failure = e;
        } catch (RefusedException e) {
            failure = e;
        } catch (IOException | RuntimeException e) {
            LOGGER.log(
                    Level.WARNING,
                    "a recovery action for stack " + begun.order().stack() + " was not carried out",
                    e);
            failure = e;
        }
        synchronized (this) {
            String why =
                    failure == null ? null : failure.getMessage() == null ? failure.toString() : failure.getMessage();
            last.put(lane, new RecoveryRun(begun.order(), begun.since(), recoveryResult, why));
        }
        if (failure == null) {
            answer.complete(recoveryResult);
        } else {
            answer.completeExceptionally(failure);
        }
    }
}
