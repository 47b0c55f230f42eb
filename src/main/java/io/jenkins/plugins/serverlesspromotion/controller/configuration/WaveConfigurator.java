package io.jenkins.plugins.serverlesspromotion.controller.configuration;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import io.jenkins.plugins.casc.Attribute;
import io.jenkins.plugins.casc.ConfigurationContext;
import io.jenkins.plugins.casc.Configurator;
import io.jenkins.plugins.casc.ConfiguratorException;
import io.jenkins.plugins.casc.model.CNode;
import java.util.Set;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Accepts {@code waves: [ [ a/eu-west-1 ], [ b/eu-west-1, b/us-east-1 ] ]} as in {@code policy.yaml}: data binding
 * supports lists of objects, but no lists of lists.
 */
@Extension(optional = true)
@Restricted(NoExternalUse.class)
public final class WaveConfigurator implements Configurator<WaveConfig> {
    @Override
    public Class<WaveConfig> getTarget() {
        return WaveConfig.class;
    }

    @NonNull
    @Override
    public Set<Attribute<WaveConfig, ?>> describe() {
        return Set.of();
    }

    @NonNull
    @Override
    public WaveConfig configure(CNode config, ConfigurationContext context) throws ConfiguratorException {
        return new WaveConfig(TextListConfigurator.read(config, context));
    }

    @Override
    public WaveConfig check(CNode config, ConfigurationContext context) throws ConfiguratorException {
        return configure(config, context);
    }

    @CheckForNull
    @Override
    public CNode describe(WaveConfig instance, ConfigurationContext context) {
        return TextListConfigurator.written(instance.getPlaces(), context);
    }
}
