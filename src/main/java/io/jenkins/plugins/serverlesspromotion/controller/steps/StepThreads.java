package io.jenkins.plugins.serverlesspromotion.controller.steps;

import hudson.Extension;
import hudson.ExtensionList;
import hudson.init.Terminator;
import hudson.security.ACL;
import hudson.util.DaemonThreadFactory;
import hudson.util.NamingThreadFactory;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import jenkins.model.Jenkins;
import jenkins.security.ImpersonatingExecutorService;
import jenkins.util.Timer;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * The threads for work of steps that must not block the thread of the Pipeline. They are separate from the engine's
 * pool, because steps must work while all threads of the engine deploy. A step that waits for a promotion has no
 * thread.
 */
@Extension
@Restricted(NoExternalUse.class)
public class StepThreads {
    private final ExecutorService pool = new ImpersonatingExecutorService(
            Executors.newCachedThreadPool(
                    new NamingThreadFactory(new DaemonThreadFactory(), "Serverless Promotion step")),
            ACL.SYSTEM2);

    private static ExecutorService pool() {
        return ExtensionList.lookupSingleton(StepThreads.class).pool;
    }

    static Future<?> submit(Runnable work) {
        return pool().submit(work);
    }

    static void submitIn(long millis, Runnable work) {
        Timer.get().schedule(() -> submit(work), millis, TimeUnit.MILLISECONDS);
    }

    /** Whether Jenkins is shutting down: failures are then caused by that. */
    static boolean isEnding() {
        Jenkins jenkins = Jenkins.getInstanceOrNull();
        return jenkins == null || jenkins.isTerminating();
    }

    @Terminator
    public static void stop() {
        pool().shutdownNow();
    }
}
