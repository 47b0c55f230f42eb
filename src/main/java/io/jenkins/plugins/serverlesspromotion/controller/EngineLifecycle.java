package io.jenkins.plugins.serverlesspromotion.controller;

import hudson.Extension;
import hudson.ExtensionList;
import hudson.init.InitMilestone;
import hudson.init.Initializer;
import hudson.init.Terminator;
import hudson.model.RestartListener;
import io.jenkins.plugins.serverlesspromotion.aws.session.AwsSettings;
import io.jenkins.plugins.serverlesspromotion.engine.port.AccountChecker;
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
 * Holds the store and the runtime of this controller, from start to shutdown. A store that cannot be opened never stops
 * Jenkins. It is then read as far as possible, and {@link #trouble} states the reason and the next step. Callers use
 * {@link #promotions} for each operation; it is empty then.
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

    /** The runtime; empty while the store is not open for writing. {@link #trouble} states why. */
    public Optional<Promotions> promotions() {
        return Optional.ofNullable(run).map(PromotionEngine::promotions);
    }

    /** All records; also present when the store can only be read. */
    public Optional<Store> store() {
        return files().map(Store.class::cast);
    }

    /** The store with the functions of a file store: export and checkpoints. */
    public Optional<FileStore> files() {
        PromotionEngine now = run;
        return Optional.ofNullable(now == null ? readOnly : now.store());
    }

    /** The store of published artifacts; empty exactly when {@link #promotions} is. */
    public Optional<ArtifactStore> artifacts() {
        return Optional.ofNullable(run).map(PromotionEngine::artifacts);
    }

    /** Compares accounts with the promoted releases; empty exactly when {@link #promotions} is. */
    public Optional<Inspector> inspector() {
        return Optional.ofNullable(run).map(PromotionEngine::inspector);
    }

    /** Recovers stuck stacks; empty exactly when {@link #promotions} is. */
    public Optional<Recoverer> recoverer() {
        return Optional.ofNullable(run).map(PromotionEngine::recoverer);
    }

    /** Checks the accounts of the policy; empty exactly when {@link #promotions} is. */
    public Optional<AccountChecker> accountChecker() {
        return Optional.ofNullable(run).map(PromotionEngine::accountChecker);
    }

    /** A problem that a person must solve, in one or two sentences with the next step; empty when there is none. */
    public Optional<String> trouble() {
        PromotionEngine now = run;
        return Optional.ofNullable(now != null && now.trouble() != null ? now.trouble() : trouble);
    }

    /** Whether work runs in an account now that a restart would interrupt. */
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

    /** Opens the store again after its problem has been corrected. */
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
            // An engine that has not started would accept requests and decisions but never carry them out.
            closeStore();
            trouble = sentence(e) + ". Nothing can be requested, decided or deployed until that is corrected and"
                    + " the store"
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
            trouble += "; earlier records can be viewed";
        } catch (IOException | RuntimeException e) {
            LOGGER.log(Level.WARNING, "the store in " + root() + " cannot be read either", e);
        }
    }

    private static String sentence(Exception e) {
        return e.getMessage() == null ? e.toString() : e.getMessage();
    }

    /** Test environments can shorten the poll interval towards AWS, because their stacks do not take minutes. */
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
                LOGGER.log(Level.FINE, "a read-only store did not close", e);
            }
        }
    }

    /**
     * Makes a safe restart wait until the running step has ended. No further step starts, because Jenkins is quieting
     * down; the next start continues with the rest.
     */
    @Extension
    public static final class WaitForSteps extends RestartListener {
        @Override
        public boolean isReadyToRestart() {
            return !get().isDeploying();
        }
    }
}
