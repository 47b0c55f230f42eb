package io.jenkins.plugins.serverlesspromotion.controller.steps;

import edu.umd.cs.findbugs.annotations.SuppressFBWarnings;
import hudson.AbortException;
import hudson.EnvVars;
import hudson.FilePath;
import hudson.Launcher;
import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.plugins.serverlesspromotion.controller.SingleLine;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.engine.release.Evidence;
import io.jenkins.plugins.serverlesspromotion.engine.release.Provenance;
import io.jenkins.plugins.serverlesspromotion.engine.release.Published;
import io.jenkins.plugins.serverlesspromotion.engine.release.Release;
import io.jenkins.plugins.serverlesspromotion.engine.release.Shown;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.RefusedException;
import io.jenkins.plugins.serverlesspromotion.format.InputException;
import io.jenkins.plugins.serverlesspromotion.format.manifest.ManifestCheck;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;

/** Publishes from a workspace. It is idempotent, so it runs again after a restart. */
@SuppressFBWarnings(
        value = {"SE_TRANSIENT_FIELD_NOT_RESTORED", "UWF_FIELD_NOT_INITIALIZED_IN_CONSTRUCTOR"},
        justification = "start() sets the build; the work starts again after a restart")
final class PublishExecution extends StepExecution {
    private static final long serialVersionUID = 1L;
    private static final Logger LOGGER = Logger.getLogger(PublishExecution.class.getName());

    /** How long to wait for the agent after a restart. */
    private static final Duration AGENT = Duration.ofMinutes(10);

    private static final Duration AGENT_POLL = Duration.ofSeconds(1);

    private final String manifest;
    private final String version;
    private final WorkspaceRelease.Built built;
    private BuildIdentity build;
    private volatile boolean over;
    private transient volatile Future<?> task;
    private transient volatile String doing;

    /** @param built null when there is only a manifest; otherwise {@code manifest} is the file to generate from it */
    PublishExecution(StepContext context, String manifest, String version, WorkspaceRelease.Built built) {
        super(context);
        this.manifest = manifest;
        this.version = version;
        this.built = built;
    }

    @Override
    public boolean start() throws Exception {
        build = BuildIdentity.of(getContext().get(Run.class), getContext().get(FlowNode.class));
        task = StepThreads.submit(() -> safely(System.nanoTime()));
        return false;
    }

    @Override
    public void onResume() {
        long until = System.nanoTime() + AGENT.toNanos();
        task = StepThreads.submit(() -> safely(until));
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

    @Override
    public String getStatus() {
        return doing;
    }

    /** A restart in the middle loses only time; a safe restart waits for the end. */
    @Override
    public boolean blocksRestart() {
        return doing != null;
    }

    private void safely(long until) {
        if (over) {
            return;
        }
        ending(() -> {
            FilePath workspace = workspace(until);
            if (workspace == null) {
                StepThreads.submitIn(AGENT_POLL.toMillis(), () -> safely(until));
                return;
            }
            record(read(workspace));
        });
    }

    private interface Work {
        void run() throws Exception;
    }

    /** Every failure ends the step. */
    private void ending(Work work) {
        try {
            work.run();
        } catch (InterruptedException e) {
            LOGGER.log(Level.FINE, "interrupted", e);
        } catch (Exception e) {
            if (StepThreads.isEnding() || over) {
                LOGGER.log(Level.FINE, "given up", e);
                return;
            }
            over = true;
            getContext().onFailure(explained(e));
        } finally {
            doing = null;
        }
    }

    /** An expected error goes to the log as its sentence; a defect is logged with its stack trace. */
    private static Throwable explained(Exception e) {
        boolean sentence = e instanceof InputException || e instanceof IOException && e.getMessage() != null;
        return sentence ? new AbortException(e.getMessage()).initCause(e) : e;
    }

    /** Null while the agent is not back after a restart. */
    private FilePath workspace(long until) throws IOException, InterruptedException {
        try {
            FilePath workspace = getContext().get(FilePath.class);
            if (workspace != null) {
                return workspace;
            }
        } catch (IOException e) {
            if (System.nanoTime() - until >= 0) {
                throw e;
            }
        }
        if (System.nanoTime() - until >= 0) {
            throw new AbortException("publishRelease needs a workspace; call it inside of node");
        }
        return null;
    }

    /**
     * The record of a release after everything was read and uploaded.
     *
     * @param tests evidence of the build's own tests, null: there is none
     */
    private record Ready(
            Release release,
            List<String> noEcho,
            Provenance provenance,
            String store,
            Map<String, String> versions,
            boolean known,
            Evidence tests) {}

    private Ready read(FilePath workspace) throws Exception {
        Engine engine = Engine.now();
        Run<?, ?> run = getContext().get(Run.class);
        PrintStream log = getContext().get(TaskListener.class).getLogger();
        doing = "reading " + manifest;
        WorkspaceRelease.Claim claim = workspace.act(new WorkspaceRelease(manifest, version, built));
        // Notes come from an agent: a few short lines of them.
        claim.notes.stream().limit(20).map(Shown::sentence).forEach(log::println);
        ClaimedRelease claimed = ClaimedRelease.of(manifest, version, claim);
        Release release = claimed.release();
        checkRight(engine, release);
        Policy policy = engine.policy().orElseThrow();
        ManifestCheck.against(claimed.manifest(), release.version(), claimed.templates(), policy);
        Policy.Store store = policy.stores().values().stream()
                .findFirst()
                .orElseThrow(() -> new AbortException(
                        "policy names no artifact store; the platform team adds one under artifactStores"));
        Optional<Published> known = engine.store().release(release.service(), release.version());
        Map<String, String> versions;
        if (known.isPresent()) {
            // The version exists, so that nothing is uploaded.
            versions = known.get().versions();
        } else {
            doing = "uploading " + release.id();
            versions = new ArtifactUpload(
                            engine.artifacts(), store, policy.accounts().get(store.account()), workspace, manifest)
                    .of(release, log);
        }
        doing = "reading the origin of " + release.id();
        EnvVars environment = getContext().get(EnvVars.class);
        GitHistory read = GitHistory.read(
                getContext().get(Launcher.class),
                workspace,
                getContext().get(TaskListener.class),
                ProvenanceCollector.revision(environment),
                ProvenanceCollector.live(engine.store(), policy, release.service()));
        GitHistory history = read.with(Checkouts.others(run, read.head()));
        Provenance provenance =
                ProvenanceCollector.of(run, build, environment, engine.store(), release.service(), history);
        if (!provenance.isComplete()
                && history.gap() != null
                && ProvenanceCollector.needsAuthors(policy, release.service())) {
            log.println("not all authors of " + release.id() + " are known, because " + SingleLine.of(history.gap())
                    + "; where policy needs them, a person attests them before an approval counts");
        }
        return new Ready(
                release,
                claimed.noEcho(),
                provenance,
                store.name(),
                versions,
                known.isPresent(),
                TestResults.evidence(run, build, release.id(), Instant.now()).orElse(null));
    }

    private void checkRight(Engine engine, Release release) throws IOException, InterruptedException {
        JobRights.check(
                engine.promotions(),
                engine.policy(),
                getContext().get(Run.class),
                release.service(),
                JobRights.PUBLISH,
                "publish " + release.id());
    }

    private void record(Ready ready) throws Exception {
        if (over) {
            return;
        }
        Engine engine = Engine.now();
        Release release = ready.release();
        doing = "recording " + release.id();
        // The policy may have changed since it was read.
        checkRight(engine, release);
        try {
            Published published = engine.promotions()
                    .publish(release, ready.noEcho(), ready.provenance(), ready.store(), ready.versions(), build.by());
            PrintStream log = getContext().get(TaskListener.class).getLogger();
            log.println(published.ref().id() + (ready.known() ? " was published already" : " is published") + ": "
                    + release.artifacts().size() + " artifacts, "
                    + published.ref().digest());
            recordTests(ready, published);
        } catch (RefusedException e) {
            String what = "publish " + release.id();
            if (e.retryAfter().isEmpty()) {
                throw new AbortException(what + " refused: " + e.getMessage());
            }
            later(what, e, () -> record(ready));
        }
    }

    private void recordTests(Ready ready, Published published) throws Exception {
        if (over) {
            return;
        }
        Evidence tests = ready.tests();
        if (tests != null) {
            String what = "record tests of " + ready.release().id();
            try {
                Engine.now().promotions().record(tests, null, ready.provenance().people());
            } catch (RefusedException e) {
                if (e.retryAfter().isEmpty()) {
                    throw new AbortException(what + " refused: " + e.getMessage());
                }
                later(what, e, () -> recordTests(ready, published));
                return;
            }
            getContext()
                    .get(TaskListener.class)
                    .getLogger()
                    .println("tests of " + ready.release().id() + " " + StepResults.word(tests.result()) + ", "
                            + tests.detail());
        }
        over = true;
        getContext().onSuccess(StepResults.of(published));
    }

    /** Too many records within a minute: the build waits and tries again. */
    private void later(String what, RefusedException e, Work work) throws IOException, InterruptedException {
        getContext().get(TaskListener.class).getLogger().println(SingleLine.of(what + " waits: " + e.getMessage()));
        StepThreads.submitIn(e.retryAfter().orElseThrow().toMillis(), () -> ending(work));
    }
}
