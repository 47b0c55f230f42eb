package io.jenkins.plugins.serverlesspromotion.controller;

import hudson.Extension;
import hudson.ExtensionList;
import hudson.init.InitMilestone;
import hudson.init.Initializer;
import hudson.init.Terminator;
import hudson.model.RestartListener;
import io.jenkins.plugins.serverlesspromotion.aws.session.AwsSettings;
import io.jenkins.plugins.serverlesspromotion.engine.port.ArtifactStore;
import io.jenkins.plugins.serverlesspromotion.engine.port.Deployer;
import io.jenkins.plugins.serverlesspromotion.engine.port.Inspector;
import io.jenkins.plugins.serverlesspromotion.engine.port.Recoverer;
import io.jenkins.plugins.serverlesspromotion.engine.port.Store;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.Promotions;
import io.jenkins.plugins.serverlesspromotion.format.json.JournalCodec;
import io.jenkins.plugins.serverlesspromotion.store.FileStore;
import io.jenkins.plugins.serverlesspromotion.store.Product;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.Jenkins;
import jenkins.util.SystemProperties;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * The store and the runtime of this controller, from boot to shutdown. A store that cannot be opened never stops
 * Jenkins: it is read as far as it can be, {@link #trouble} says why and what to do, and everything else asks
 * {@link #promotions} each time and gets nothing.
 */
@Extension
@Restricted(NoExternalUse.class)
public class EngineLifecycle {
    private static final Logger LOGGER = Logger.getLogger(EngineLifecycle.class.getName());

    private volatile PromotionEngine run;
    private volatile FileStore readOnly;
    private volatile String trouble;
    private Deployer accounts;

    public static EngineLifecycle get() {
        return ExtensionList.lookupSingleton(EngineLifecycle.class);
    }

    /** The runtime; empty while the store is not open for writing, and {@link #trouble} says why. */
    public Optional<Promotions> promotions() {
        return Optional.ofNullable(run).map(PromotionEngine::promotions);
    }

    /** Everything recorded; there also when it can only be read. */
    public Optional<Store> store() {
        return files().map(Store.class::cast);
    }

    /** The store with what only files have: export and checkpoints. */
    public Optional<FileStore> files() {
        PromotionEngine now = run;
        return Optional.ofNullable(now == null ? readOnly : now.store());
    }

    /** Where published artifacts go; empty exactly when {@link #promotions} is. */
    public Optional<ArtifactStore> artifacts() {
        return Optional.ofNullable(run).map(PromotionEngine::artifacts);
    }

    /** What compares accounts with what was promoted; empty exactly when {@link #promotions} is. */
    public Optional<Inspector> inspector() {
        return Optional.ofNullable(run).map(PromotionEngine::inspector);
    }

    /** What looks at stuck stacks; empty exactly when {@link #promotions} is. */
    public Optional<Recoverer> recoverer() {
        return Optional.ofNullable(run).map(PromotionEngine::recoverer);
    }

    /** What a person must look at, in one or two sentences with the next step; empty when all is well. */
    public Optional<String> trouble() {
        PromotionEngine now = run;
        return Optional.ofNullable(now != null && now.trouble() != null ? now.trouble() : trouble);
    }

    /** Whether something is being done in an account at this moment that a restart would interrupt. */
    public boolean isDeploying() {
        PromotionEngine now = run;
        return now != null && now.isDeploying();
    }

    /** The folder of the store. */
    public static Path root() {
        return Jenkins.get().getRootDir().toPath().resolve("serverless-promotion");
    }

    /** With jobs loaded and before any build resumes. */
    @Initializer(after = InitMilestone.JOB_CONFIG_ADAPTED, fatal = false)
    public static void open() {
        get().openStore();
    }

    /** Opens the store again after whatever was wrong with it has been mended. */
    synchronized void reopen() {
        closeStore();
        openStore();
    }

    /** As {@link #reopen}, with accounts that only a test has. */
    synchronized void reopenWith(Deployer accounts) {
        this.accounts = accounts;
        reopen();
    }

    private synchronized void openStore() {
        if (run != null) {
            return;
        }
        trouble = null;
        try {
            var configuration = ExtensionList.lookupSingleton(EngineConfiguration.class);
            // From here on closeStore() closes it: nothing between may fail.
            FileStore store = FileStore.open(root(), Product.CONTROLLER, new JournalCodec());
            var aws = new AwsConnection(() -> settings(configuration));
            run = new PromotionEngine(store, aws, accounts, configuration::identityRules);
            configuration.storeOpened();
            run.begin();
        } catch (IOException | RuntimeException e) {
            LOGGER.log(Level.WARNING, "no promotion can be requested, decided or deployed", e);
            // An engine that was not begun would accept requests and decisions and never act on them.
            closeStore();
            trouble = sentence(e) + ". Nothing can be asked for, decided or deployed until that is mended and the store"
                    + " is opened again";
            openReadOnly();
        }
    }

    private void openReadOnly() {
        if (!Files.isDirectory(root())) {
            return;
        }
        try {
            readOnly = FileStore.openReadOnly(root(), Product.CONTROLLER, new JournalCodec());
            trouble += "; what was recorded before can be looked at";
        } catch (IOException | RuntimeException e) {
            LOGGER.log(Level.WARNING, "the store in " + root() + " cannot be read either", e);
        }
    }

    private static String sentence(Exception e) {
        return e.getMessage() == null ? e.toString() : e.getMessage();
    }

    /** The waits between two looks at AWS can be shortened for laboratories, where nothing takes minutes. */
    private static AwsSettings settings(EngineConfiguration configuration) {
        String scale = SystemProperties.getString(EngineLifecycle.class.getName() + ".pollScale");
        AwsSettings configured = configuration.awsSettings();
        return scale == null ? configured : configured.withPollScale(Double.parseDouble(scale));
    }

    @Terminator
    public static void close() {
        get().closeStore();
    }

    private synchronized void closeStore() {
        PromotionEngine old = run;
        FileStore oldReadOnly = readOnly;
        run = null;
        readOnly = null;
        if (old != null) {
            old.close();
        }
        if (oldReadOnly != null) {
            try {
                oldReadOnly.close();
            } catch (IOException e) {
                LOGGER.log(Level.FINE, "a store that was only read did not close", e);
            }
        }
    }

    /**
     * Lets a safe restart wait until the step that is being carried out has ended. Nothing further is started meanwhile,
     * because Jenkins is quieting down; the next start goes on with the rest.
     */
    @Extension
    public static final class WaitForSteps extends RestartListener {
        @Override
        public boolean isReadyToRestart() {
            return !get().isDeploying();
        }
    }
}
