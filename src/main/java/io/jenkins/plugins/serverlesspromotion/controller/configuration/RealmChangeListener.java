package io.jenkins.plugins.serverlesspromotion.controller.configuration;

import hudson.Extension;
import hudson.XmlFile;
import hudson.model.Saveable;
import hudson.model.listeners.SaveableListener;
import io.jenkins.plugins.serverlesspromotion.controller.EngineLifecycle;
import java.util.List;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Compiles the policy again when Jenkins was saved, because its security realm may have changed: the realm decides which
 * ids are the same user, and the compiled policy holds those ids.
 */
@Extension
@Restricted(NoExternalUse.class)
public class RealmChangeListener extends SaveableListener {
    @Override
    public void onChange(Saveable saved, XmlFile file) {
        if (saved instanceof Jenkins && EngineLifecycle.get().promotions().isPresent()) {
            ServerlessPromotionConfiguration.get().reconsider(List.of(PolicyActivator.whoChanges()));
        }
    }
}
