package io.jenkins.plugins.serverlesspromotion.controller.steps;

import edu.umd.cs.findbugs.annotations.SuppressFBWarnings;
import hudson.AbortException;
import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.plugins.serverlesspromotion.controller.SingleLine;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.engine.release.Evidence;
import io.jenkins.plugins.serverlesspromotion.engine.release.Published;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.RefusedException;
import io.jenkins.plugins.serverlesspromotion.format.evidence.Envelope;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.concurrent.Future;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;

/**
 * Records the evidence of a build about a release. After a restart it is recorded again, which changes only the time of
 * unsigned evidence.
 */
@SuppressFBWarnings(
        value = {"SE_TRANSIENT_FIELD_NOT_RESTORED", "UWF_FIELD_NOT_INITIALIZED_IN_CONSTRUCTOR"},
        justification = "start() sets the build; the work starts again after a restart")
final class EvidenceExecution extends StepExecution {
    private static final long serialVersionUID = 1L;
    private static final Logger LOGGER = Logger.getLogger(EvidenceExecution.class.getName());

    private final String release;
    private final String type;
    private final Evidence.Result result;
    private final String detail;
    private final String envelope;
    private BuildIdentity build;
    private volatile boolean over;
    private transient volatile Future<?> task;

    /** @param envelope null: evidence of the job itself, with {@code type} and {@code result} */
    EvidenceExecution(
            StepContext context, String release, String type, Evidence.Result result, String detail, String envelope) {
        super(context);
        this.release = release;
        this.type = type;
        this.result = result;
        this.detail = detail;
        this.envelope = envelope;
    }

    @Override
    public boolean start() throws Exception {
        build = BuildIdentity.of(getContext().get(Run.class), getContext().get(FlowNode.class));
        task = StepThreads.submit(this::safely);
        return false;
    }

    @Override
    public void onResume() {
        task = StepThreads.submit(this::safely);
    }

    @Override
    public void stop(Throwable cause) throws Exception {
        over = true;
        Future<?> now = task;
        if (now != null) {
            now.cancel(true);
        }
        super.stop(cause);
    }

    private void safely() {
        if (over) {
            return;
        }
        try {
            Evidence recorded = record();
            over = true;
            getContext().onSuccess(StepResults.of(recorded));
        } catch (InterruptedException e) {
            LOGGER.log(Level.FINE, "interrupted", e);
        } catch (RefusedException e) {
            later(e);
        } catch (Exception e) {
            if (StepThreads.isEnding() || over) {
                LOGGER.log(Level.FINE, "given up", e);
                return;
            }
            over = true;
            getContext().onFailure(e);
        }
    }

    /** Too many records within a minute: the build waits, because its evidence must not be lost. */
    private void later(RefusedException e) {
        try {
            getContext()
                    .get(TaskListener.class)
                    .getLogger()
                    .println("record evidence of " + release + " waits: " + SingleLine.of(e.getMessage()));
            StepThreads.submitIn(e.retryAfter().orElseThrow().toMillis(), this::safely);
        } catch (IOException | InterruptedException gone) {
            LOGGER.log(Level.FINE, "the build has no log any more", gone);
        }
    }

    private Evidence record() throws IOException, InterruptedException, RefusedException {
        Engine engine = Engine.now();
        Run<?, ?> run = getContext().get(Run.class);
        String service = release.substring(0, release.indexOf('@'));
        String what = "record evidence of " + release;
        JobRights.check(engine.promotions(), engine.policy(), run, service, JobRights.EVIDENCE, what);
        try {
            Evidence evidence = envelope == null ? own() : signed(engine, service);
            engine.promotions().record(evidence, envelope, Requesters.of(run).named());
            getContext()
                    .get(TaskListener.class)
                    .getLogger()
                    .println(evidence.kind() + " of " + release + " " + StepResults.word(evidence.result())
                            + ", produced by " + evidence.producer());
            return evidence;
        } catch (RefusedException e) {
            if (e.retryAfter().isPresent()) {
                throw e;
            }
            throw new AbortException(what + " refused: " + e.getMessage());
        }
    }

    private Evidence own() {
        return new Evidence(
                release,
                type,
                result,
                BuildIdentity.JOB + build.job(),
                String.valueOf(build.number()),
                detail,
                Instant.now());
    }

    private Evidence signed(Engine engine, String service) throws IOException {
        Policy policy = engine.policy().orElseThrow();
        Published published = engine.store()
                .release(service, release.substring(release.indexOf('@') + 1))
                .orElseThrow(() -> new AbortException(release + " was never published here"));
        try {
            return Envelope.evidence(
                    envelope.getBytes(StandardCharsets.UTF_8),
                    published,
                    policy.evidenceKeys().values(),
                    build.by(),
                    Instant.now());
        } catch (IllegalArgumentException e) {
            throw new AbortException("record evidence of " + release + " refused: " + e.getMessage());
        }
    }
}
