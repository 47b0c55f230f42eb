package io.jenkins.plugins.serverlesspromotion.controller;

import hudson.ExtensionPoint;
import io.jenkins.plugins.serverlesspromotion.aws.session.AwsSettings;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * The parts of the configuration that {@link EngineLifecycle} needs. The configuration package implements it:
 * configuration depends on the engine, and not the other way round.
 */
@Restricted(NoExternalUse.class)
public interface EngineConfiguration extends ExtensionPoint {
    /** The rules for people, as last saved. */
    IdentityRules identityRules();

    /**
     * The settings for AWS as last saved, without the proxy.
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
