package io.jenkins.plugins.serverlesspromotion.controller;

import hudson.ProxyConfiguration;
import hudson.util.Secret;
import io.jenkins.plugins.serverlesspromotion.aws.AwsDeployer;
import io.jenkins.plugins.serverlesspromotion.aws.S3ArtifactStore;
import io.jenkins.plugins.serverlesspromotion.aws.check.AwsAccountChecker;
import io.jenkins.plugins.serverlesspromotion.aws.session.AwsSessions;
import io.jenkins.plugins.serverlesspromotion.aws.session.AwsSettings;
import io.jenkins.plugins.serverlesspromotion.aws.stack.StackRecoverer;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Fact;
import io.jenkins.plugins.serverlesspromotion.engine.lane.GateContext;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.engine.port.AccountChecker;
import io.jenkins.plugins.serverlesspromotion.engine.port.ArtifactStore;
import io.jenkins.plugins.serverlesspromotion.engine.port.Deployer;
import io.jenkins.plugins.serverlesspromotion.engine.port.Inspector;
import io.jenkins.plugins.serverlesspromotion.engine.port.Recoverer;
import io.jenkins.plugins.serverlesspromotion.engine.release.Artifact;
import io.jenkins.plugins.serverlesspromotion.engine.release.Published;
import io.jenkins.plugins.serverlesspromotion.format.artifact.MediaTypeTable;
import io.jenkins.plugins.serverlesspromotion.format.template.TemplateReader;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jenkins.model.Jenkins;

/**
 * The connection to AWS. It is opened at the first use, and again after the settings or Jenkins' proxy have changed.
 * Running work finishes on the connection with which it began.
 */
final class AwsConnection implements Deployer, ArtifactStore, Inspector, Recoverer, AccountChecker, AutoCloseable {
    private static final Logger LOGGER = Logger.getLogger(AwsConnection.class.getName());

    private final Settings settings;
    private Line line;

    /** Called before each piece of work. */
    @FunctionalInterface
    interface Settings {
        /** Without the proxy, which always comes from Jenkins. */
        AwsSettings now();
    }

    AwsConnection(Settings settings) {
        this.settings = settings;
    }

    @Override
    public Planning plan(Work work, int planning, Progress progress) throws InterruptedException {
        try (Line mine = take()) {
            return mine.deployer.plan(work, planning, progress);
        }
    }

    @Override
    public void discard(Work work, List<Plan.TargetPlan> targets) throws InterruptedException {
        try (Line mine = take()) {
            mine.deployer.discard(work, targets);
        }
    }

    @Override
    public Fact.StepResult deploy(
            Work work, int attempt, Plan.TargetPlan step, Map<String, Map<String, String>> outputs, Progress progress)
            throws InterruptedException {
        try (Line mine = take()) {
            return mine.deployer.deploy(work, attempt, step, outputs, progress);
        }
    }

    @Override
    public Verification verify(
            Work work, int attempt, int wave, Plan plan, Map<String, Map<String, String>> outputs, Progress progress)
            throws InterruptedException {
        try (Line mine = take()) {
            return mine.deployer.verify(work, attempt, wave, plan, outputs, progress);
        }
    }

    @Override
    public List<GateContext.Alarm> alarms(Work work, List<String> names) throws InterruptedException {
        try (Line mine = take()) {
            return mine.deployer.alarms(work, names);
        }
    }

    @Override
    public Undoing undo(Work work, int attempt, Plan.TargetPlan step, Published to, Progress progress)
            throws InterruptedException {
        try (Line mine = take()) {
            return mine.deployer.undo(work, attempt, step, to, progress);
        }
    }

    @Override
    public String put(Policy.Store store, Policy.Account account, Artifact artifact, Path file)
            throws IOException, InterruptedException {
        try (Line mine = take()) {
            return mine.artifacts.put(store, account, artifact, file);
        }
    }

    @Override
    public List<Upload> presign(Policy.Store store, Policy.Account account, List<Artifact> artifacts, Duration validFor)
            throws IOException, InterruptedException {
        try (Line mine = take()) {
            return mine.artifacts.presign(store, account, artifacts, validFor);
        }
    }

    @Override
    public Map<String, String> stored(Policy.Store store, Policy.Account account, List<Artifact> artifacts)
            throws IOException, InterruptedException {
        try (Line mine = take()) {
            return mine.artifacts.stored(store, account, artifacts);
        }
    }

    @Override
    public List<Inspected> inspect(Work work, Plan plan, Set<String> places, Progress progress)
            throws InterruptedException {
        try (Line mine = take()) {
            return mine.deployer.inspect(work, plan, places, progress);
        }
    }

    @Override
    public List<Diagnosis> examine(Work work) throws InterruptedException {
        try (Line mine = take()) {
            return mine.recoverer.examine(work);
        }
    }

    @Override
    public RecoveryResult recover(
            Work work, Diagnosis diagnosis, RecoveryAction recoveryAction, List<String> resources, String token)
            throws InterruptedException {
        try (Line mine = take()) {
            return mine.recoverer.recover(work, diagnosis, recoveryAction, resources, token);
        }
    }

    @Override
    public List<AccountFinding> checkAccounts(Policy policy) throws InterruptedException {
        try (Line mine = take()) {
            return new AwsAccountChecker(mine.sessions).checkAccounts(policy);
        }
    }

    private synchronized Line take() {
        AwsSettings wanted = settings.now().withProxy(proxy()).withControllerHosts(ownNames());
        if (line == null || !line.settings.equals(wanted)) {
            hangUp();
            line = new Line(wanted);
        }
        line.users++;
        return line;
    }

    private synchronized void give(Line used) {
        used.users--;
        used.closeWhenDone();
    }

    private void hangUp() {
        if (line != null) {
            line.current = false;
            line.closeWhenDone();
            line = null;
        }
    }

    /** Call it when the work has ended: running work keeps its connection until it ends. */
    @Override
    public synchronized void close() {
        hangUp();
    }

    /**
     * The name under which people reach this controller: no HTTP check may call it. A controller that is reached as
     * {@code localhost} has no name of its own, and addresses of the machine are refused anyway.
     */
    private static Set<String> ownNames() {
        String root = Jenkins.get().getRootUrl();
        String host = root == null ? null : URI.create(root).getHost();
        return host == null || host.equals("localhost") ? Set.of() : Set.of(host.toLowerCase(Locale.ROOT));
    }

    private static AwsSettings.Proxy proxy() {
        ProxyConfiguration proxy = Jenkins.get().getProxy();
        if (proxy == null || proxy.getName() == null || proxy.getName().isBlank()) {
            return null;
        }
        Set<String> direct = Stream.of(
                        (proxy.getNoProxyHost() == null ? "" : proxy.getNoProxyHost()).split("[ \t\n,|]+"))
                .filter(host -> !host.isBlank())
                .collect(Collectors.toSet());
        String user = proxy.getUserName();
        Secret password = proxy.getSecretPassword();
        return new AwsSettings.Proxy(
                URI.create("http://" + proxy.getName() + ":" + proxy.getPort()),
                user == null || user.isBlank() ? null : user,
                password == null ? null : password.getPlainText(),
                direct);
    }

    /** One use of a connection; close it after the work. */
    private final class Line implements AutoCloseable {
        final AwsSettings settings;
        final AwsSessions sessions;
        final AwsDeployer deployer;
        final S3ArtifactStore artifacts;
        final StackRecoverer recoverer;
        boolean current = true;
        int users;

        Line(AwsSettings settings) {
            this.settings = settings;
            if (settings.endpoint() != null) {
                LOGGER.log(
                        Level.WARNING,
                        "every AWS request goes to {0}, not to AWS, because of the setting endpoint",
                        settings.endpoint());
            }
            this.sessions = new AwsSessions(settings, new SystemCredentials());
            this.deployer = new AwsDeployer(sessions, new TemplateReader(), new MediaTypeTable());
            this.artifacts = new S3ArtifactStore(sessions);
            this.recoverer = new StackRecoverer(sessions, new TemplateReader());
        }

        @Override
        public void close() {
            give(this);
        }

        void closeWhenDone() {
            if (!current && users == 0) {
                deployer.close();
                sessions.close();
            }
        }
    }
}
