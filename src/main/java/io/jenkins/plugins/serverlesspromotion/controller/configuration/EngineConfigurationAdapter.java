package io.jenkins.plugins.serverlesspromotion.controller.configuration;

import hudson.Extension;
import io.jenkins.plugins.serverlesspromotion.aws.session.AwsSettings;
import io.jenkins.plugins.serverlesspromotion.controller.EngineConfiguration;
import io.jenkins.plugins.serverlesspromotion.controller.IdentityRules;
import java.util.List;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** Provides the engine with the saved {@link ServerlessPromotionConfiguration}. */
@Extension
@Restricted(NoExternalUse.class)
public class EngineConfigurationAdapter implements EngineConfiguration {
    private static final String AT_START = "the configuration as Jenkins started";

    @Override
    public IdentityRules identityRules() {
        return ServerlessPromotionConfiguration.get().settingsInEffect().identityRules();
    }

    @Override
    public AwsSettings awsSettings() {
        return ServerlessPromotionConfiguration.get().settingsInEffect().awsSettings();
    }

    @Override
    public void storeOpened() {
        Proposals.finish();
        var configuration = ServerlessPromotionConfiguration.get();
        configuration.reconsider(configuration.isChanged() ? List.of() : List.of(AT_START));
    }
}
