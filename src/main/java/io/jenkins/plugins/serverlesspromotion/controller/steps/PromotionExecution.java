package io.jenkins.plugins.serverlesspromotion.controller.steps;

import edu.umd.cs.findbugs.annotations.SuppressFBWarnings;
import hudson.AbortException;
import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.plugins.serverlesspromotion.controller.Identity;
import io.jenkins.plugins.serverlesspromotion.controller.SingleLine;
import io.jenkins.plugins.serverlesspromotion.engine.lane.GateStatus;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.engine.lane.PromotionDecisions;
import io.jenkins.plugins.serverlesspromotion.engine.release.Published;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.RefusedException;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import jenkins.model.CauseOfInterruption;
import org.jenkinsci.plugins.workflow.actions.LabelAction;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.steps.FlowInterruptedException;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;

/**
 * A step that requests a promotion and waits for its end. It keeps only its request and the key that finds the
 * promotion again. The engine owns the promotion, which continues whatever happens to the build.
 */
@SuppressFBWarnings(
        value = "SE_TRANSIENT_FIELD_NOT_RESTORED",
        justification = "the last line is written again after a restart, in the log of the build that resumes")
final class PromotionExecution extends StepExecution implements Runnable {
    private static final long serialVersionUID = 1L;
    /** How long a waiting build waits before it tries an unavailable engine again, in milliseconds. */
    private static final long ENGINE_RETRY = 2_000;

    private static final Logger LOGGER = Logger.getLogger(PromotionExecution.class.getName());

    private final Ask ask;
    private volatile BuildIdentity build;

    /** Id of the promotion; null while it is not known whether it was requested. */
    private volatile String promotion;

    /** Not stored: a resumed step finds the state by the key, so that a crash during a withdrawal blocks no build. */
    private transient volatile boolean over;

    private transient volatile String shown;
    private transient volatile String reported;

    PromotionExecution(StepContext context, Ask ask) {
        super(context);
        this.ask = ask;
    }

    @Override
    public boolean start() throws Exception {
        build = BuildIdentity.of(getContext().get(Run.class), getContext().get(FlowNode.class));
        take();
        return false;
    }

    @Override
    public void onResume() {
        // The step waits for a promotion that was requested before the restart, also while the engine cannot be opened.
        StepThreads.submit(() -> waiting(this::begin));
    }

    private void take() {
        StepThreads.submit(() -> safely(this::begin));
    }

    /** As {@link #safely}, but waits for an engine that is not available. */
    private void waiting(Work work) {
        safely(() -> {
            try {
                work.run();
            } catch (Engine.UnavailableException e) {
                if (!over) {
                    report(e.getMessage() + ". This build continues to wait");
                    StepThreads.submitIn(ENGINE_RETRY, () -> waiting(work));
                }
            }
        });
    }

    /** Too many requests within a minute: the build waits and tries again. */
    private void later(Work work, RefusedException e) throws IOException, InterruptedException {
        if (!over) {
            report(ask.inWords() + " waits: " + e.getMessage());
            StepThreads.submitIn(e.retryAfter().orElseThrow().toMillis(), () -> safely(work));
        }
    }

    /** One line in the log of the build, unless it is the last one that was written there. */
    private void report(String line) throws IOException, InterruptedException {
        String text = SingleLine.of(line);
        if (!text.equals(reported)) {
            reported = text;
            getContext().get(TaskListener.class).getLogger().println(text);
        }
    }

    // --- requesting ---

    private void begin() throws Exception {
        Engine engine = Engine.now();
        Promotion requested;
        synchronized (this) {
            if (over) {
                return;
            }
            // After a crash it is not known whether the request was written to the disk. The key finds it then.
            Optional<Promotion> before = engine.promotions().requested(ask.lane(), build.key());
            requested = before.isPresent() ? before.get() : request(engine);
            promotion = requested.id();
        }
        if (!ask.waits()) {
            show(engine, requested);
            succeed(requested);
            return;
        }
        PromotionWatch.get().attach(ask.lane(), this);
    }

    private Promotion request(Engine engine) throws IOException, InterruptedException, RefusedException {
        Run<?, ?> run = getContext().get(Run.class);
        JobRights.check(engine.promotions(), engine.policy(), run, ask.service(), ask.right(), ask.inWords());
        Requesters requesters = Requesters.of(run);
        String id = ask.isRollback() ? rollback(engine, requesters) : promote(engine, requesters);
        return engine.store().promotion(id).orElseThrow();
    }

    private String promote(Engine engine, Requesters requesters) throws IOException, RefusedException {
        Published release = engine.store()
                .release(ask.service(), ask.version())
                .orElseThrow(() -> new AbortException(ask.service() + "@" + ask.version()
                        + " was never published here; publish it first with publishRelease"));
        var publishers = release.provenance().publishers();
        var request = new PromotionDecisions.Request(
                        build.by(), requesters.with(publishers), Instant.now(), ask.reason(), ask.ticket(), build.key())
                .withUnknown(requesters.isAnyoneUnknown(publishers));
        return engine.promotions().request(ask.lane(), release.ref(), request);
    }

    private String rollback(Engine engine, Requesters requesters) throws IOException, RefusedException {
        var request = new PromotionDecisions.Request(
                        build.by(), requesters.people(), Instant.now(), ask.reason(), ask.ticket(), build.key())
                .withUnknown(requesters.isAnyoneUnknown());
        return engine.promotions().rollback(ask.lane(), ask.version(), request);
    }

    // --- waiting ---

    /** Evaluates the promotion when the step begins or resumes, and after every change in its lane. */
    @Override
    public void run() {
        waiting(() -> {
            Engine engine = Engine.now();
            synchronized (this) {
                if (over) {
                    PromotionWatch.get().detach(ask.lane(), this);
                    return;
                }
                Promotion now = engine.store().promotion(promotion).orElseThrow();
                show(engine, now);
                if (!now.state().isOver()) {
                    return;
                }
                PromotionWatch.get().detach(ask.lane(), this);
                if (now.state() == Promotion.State.SUCCEEDED) {
                    succeed(now);
                } else {
                    fail(new AbortException(ending(now)));
                }
            }
        });
    }

    private static String ending(Promotion now) {
        return SingleLine.of(now.id() + " ended as " + now.state() + (now.why() == null ? "" : ": " + now.why()));
    }

    /**
     * Logs every state once, and the closed gates whenever they change. Texts of people and accounts stay on one line:
     * a line of their own, or a console note copied from another log, would look like output of the build.
     */
    private void show(Engine engine, Promotion now) throws IOException, InterruptedException {
        String line = SingleLine.of(line(engine, now));
        if (line.equals(reported)) {
            return;
        }
        reported = line;
        getContext()
                .get(TaskListener.class)
                .getLogger()
                .println(PromotionLinks.note(now.id()) + " (" + now.release().id() + " → " + ask.environment() + "): "
                        + line);
        String state = now.state().toString();
        if (!state.equals(shown)) {
            shown = state;
            getContext()
                    .get(FlowNode.class)
                    .addOrReplaceAction(new LabelAction(now.release().id() + " → " + ask.environment() + ": " + state));
        }
    }

    private static String line(Engine engine, Promotion now) {
        if (now.state() != Promotion.State.WAITING) {
            return now.state() + (now.why() == null ? "" : " — " + now.why());
        }
        String missing = engine.promotions().gates(now.id()).stream()
                .filter(g -> g.result() != GateStatus.GateResult.PASSED)
                .map(g -> g.seenByAnyone().sentence())
                .collect(Collectors.joining("; "));
        return now.state() + (missing.isEmpty() ? "" : " — " + missing);
    }

    // --- ending ---

    private void succeed(Promotion now) {
        over = true;
        getContext().onSuccess(StepResults.of(now));
    }

    private void fail(Throwable why) {
        over = true;
        getContext().onFailure(why);
    }

    private interface Work {
        void run() throws Exception;
    }

    /** Every failure ends the step and is logged; it does not change the promotion. */
    private void safely(Work work) {
        try {
            work.run();
        } catch (RefusedException e) {
            refused(work, e);
        } catch (InterruptedException e) {
            // Jenkins stops: the build resumes with the next start.
            LOGGER.log(Level.FINE, "interrupted", e);
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            if (StepThreads.isEnding()) {
                LOGGER.log(Level.FINE, "Jenkins stops; the step continues at the next start", e);
            } else {
                fail(e);
            }
        }
    }

    private void refused(Work work, RefusedException refusal) {
        if (refusal.retryAfter().isEmpty()) {
            fail(new AbortException(ask.inWords() + " refused: " + refusal.getMessage()));
            return;
        }
        safely(() -> later(work, refusal));
    }

    /**
     * A person who aborts the build withdraws its request. That is not possible when others also requested the
     * promotion, or when its deployment has begun. A build that ends for any other reason changes nothing.
     */
    @Override
    public void stop(Throwable cause) throws Exception {
        over = true;
        Optional<String> who = person(cause);
        if (who.isEmpty()) {
            StepThreads.submit(() -> PromotionWatch.get().detach(ask.lane(), this));
            super.stop(cause);
            return;
        }
        // Not on this thread: it is the thread of the Pipeline, and a withdrawal writes to the journal. The step ends
        // after that, because an ended build has no log for the result.
        StepThreads.submit(() -> {
            try {
                PromotionWatch.get().detach(ask.lane(), this);
                withdraw(who.get());
            } finally {
                getContext().onFailure(cause);
            }
        });
    }

    private static Optional<String> person(Throwable cause) {
        if (!(cause instanceof FlowInterruptedException interrupted)) {
            return Optional.empty();
        }
        for (CauseOfInterruption why : interrupted.getCauses()) {
            if (why instanceof CauseOfInterruption.UserInterruption user) {
                return Optional.of("user:" + Identity.canonicalUser(user.getUserId()));
            }
        }
        return Optional.empty();
    }

    private void withdraw(String who) {
        LaneId lane = ask.lane();
        try {
            Engine engine = Engine.now();
            synchronized (this) {
                Optional<Promotion> requested = engine.promotions().requested(lane, build.key());
                if (requested.isEmpty() || requested.get().state().isOver()) {
                    return;
                }
                try {
                    engine.promotions().withdraw(requested.get().id(), build.key(), who, build.by() + " was aborted");
                    log(requested.get().id(), "request withdrawn, because this build was aborted");
                } catch (RefusedException e) {
                    log(requested.get().id(), "continues without this build: " + e.getMessage());
                }
            }
        } catch (Engine.UnavailableException e) {
            LOGGER.log(Level.WARNING, e, () -> "the request of " + build.by() + " could not be withdrawn");
            logUnavailable(e);
        } catch (IOException | RuntimeException e) {
            LOGGER.log(Level.WARNING, e, () -> "the request of " + build.by() + " could not be withdrawn");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void logUnavailable(Engine.UnavailableException why) {
        String id = promotion;
        if (id == null) {
            return;
        }
        try {
            log(
                    id,
                    "could not be withdrawn and may continue without this build (" + why.getMessage()
                            + "); abort it on its page");
        } catch (IOException e) {
            LOGGER.log(Level.FINE, "the build has no log any more", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void log(String id, String text) throws IOException, InterruptedException {
        TaskListener listener = getContext().get(TaskListener.class);
        if (listener != null) {
            listener.getLogger().println(PromotionLinks.note(id) + ": " + SingleLine.of(text));
        }
    }

    @Override
    public String getStatus() {
        return promotion == null ? "asking" : "waiting for " + promotion + (shown == null ? "" : ", " + shown);
    }
}
