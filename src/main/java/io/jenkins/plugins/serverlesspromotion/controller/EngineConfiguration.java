package io.jenkins.plugins.serverlesspromotion.controller;

import hudson.ExtensionPoint;
import io.jenkins.plugins.serverlesspromotion.aws.session.AwsSettings;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * What {@link EngineLifecycle} needs from the configuration. The package of the configuration implements it once: the
 * configuration knows the engine, not the other way round.
 */
@Restricted(NoExternalUse.class)
public interface EngineConfiguration extends ExtensionPoint {
    /** The rules for people, as they were saved last. */
    IdentityRules identityRules();

    /**
     * The settings for AWS as they were saved last, without the proxy.
     *
     * @throws IllegalArgumentException when the endpoint or a certificate is not valid
     */
    AwsSettings awsSettings();

    /**
     * Puts the configured policy in force. The engine calls it when the store has been opened for writing and before any
     * work starts, and closes the store again when it throws.
     */
    void storeOpened();
}
