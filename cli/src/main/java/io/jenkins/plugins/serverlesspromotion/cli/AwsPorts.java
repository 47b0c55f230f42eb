package io.jenkins.plugins.serverlesspromotion.cli;

import io.jenkins.plugins.serverlesspromotion.aws.AwsDeployer;
import io.jenkins.plugins.serverlesspromotion.aws.S3ArtifactStore;
import io.jenkins.plugins.serverlesspromotion.aws.check.AwsAccountChecker;
import io.jenkins.plugins.serverlesspromotion.aws.session.AwsSessions;
import io.jenkins.plugins.serverlesspromotion.aws.session.AwsSettings;
import io.jenkins.plugins.serverlesspromotion.aws.session.ProfileCredentials;
import io.jenkins.plugins.serverlesspromotion.aws.stack.StackRecoverer;
import io.jenkins.plugins.serverlesspromotion.engine.port.AccountChecker;
import io.jenkins.plugins.serverlesspromotion.engine.port.ArtifactStore;
import io.jenkins.plugins.serverlesspromotion.engine.port.Deployer;
import io.jenkins.plugins.serverlesspromotion.engine.port.Inspector;
import io.jenkins.plugins.serverlesspromotion.engine.port.Recoverer;
import io.jenkins.plugins.serverlesspromotion.format.artifact.MediaTypeTable;
import io.jenkins.plugins.serverlesspromotion.format.template.TemplateReader;
import java.net.URI;
import java.util.Set;
import java.util.logging.LogManager;

/** Connects to AWS, or to the one address that replaces it. No other class of this package uses the AWS packages. */
final class AwsPorts implements Ports {
    private final AwsSessions sessions;
    private final AwsDeployer deployer;
    private final S3ArtifactStore artifacts;

    private AwsPorts(AwsSettings settings) {
        this.sessions = new AwsSessions(settings, new ProfileCredentials());
        this.deployer = new AwsDeployer(sessions, new TemplateReader(), new MediaTypeTable());
        this.artifacts = new S3ArtifactStore(sessions);
    }

    static Ports open(GlobalOptions options, Screen screen) {
        if (!options.debug) {
            // The failures already contain what the SDK logs.
            LogManager.getLogManager().reset();
        }
        AwsSettings settings = AwsSettings.defaults();
        URI endpoint = options.endpoint();
        if (endpoint != null) {
            screen.declare("every AWS call goes to " + endpoint + ", not to AWS");
            settings = settings.at(endpoint);
        }
        URI proxy = options.proxy();
        if (proxy != null) {
            settings = settings.withProxy(new AwsSettings.Proxy(proxy, null, null, Set.of()));
        }
        try {
            settings = settings.withAuthorities(options.authorities());
        } catch (IllegalArgumentException e) {
            throw CommandException.usage("--ca-bundle " + e.getMessage());
        }
        return new AwsPorts(settings.withPollScale(options.pollScale()));
    }

    @Override
    public Deployer deployer() {
        return deployer;
    }

    @Override
    public Inspector inspector() {
        return deployer;
    }

    @Override
    public ArtifactStore artifacts() {
        return artifacts;
    }

    @Override
    public Recoverer recoverer() {
        return new StackRecoverer(sessions, new TemplateReader());
    }

    @Override
    public AccountChecker accounts() {
        return new AwsAccountChecker(sessions);
    }

    @Override
    public void close() {
        deployer.close();
        sessions.close();
    }
}
