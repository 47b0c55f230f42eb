package io.jenkins.plugins.serverlesspromotion.controller.configuration;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import io.jenkins.plugins.casc.Attribute;
import io.jenkins.plugins.casc.ConfigurationContext;
import io.jenkins.plugins.casc.Configurator;
import io.jenkins.plugins.casc.ConfiguratorException;
import io.jenkins.plugins.casc.impl.configurators.DataBoundConfigurator;
import io.jenkins.plugins.casc.model.CNode;
import io.jenkins.plugins.casc.model.Mapping;
import io.jenkins.plugins.casc.model.Scalar;
import java.util.Set;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Accepts the short form of a gate in code: {@code - ticket: "CHG[0-9]{7}"} and {@code - containsLive: true}, beside
 * the map form of every gate.
 */
abstract class ShortGateConfigurator<T extends GateConfig> implements Configurator<T> {
    private final DataBoundConfigurator<T> maps;

    private ShortGateConfigurator(Class<T> type) {
        maps = new DataBoundConfigurator<>(type);
    }

    abstract T shortly(String text);

    abstract Scalar shortly(T gate, ConfigurationContext context);

    @Override
    public Class<T> getTarget() {
        return maps.getTarget();
    }

    @NonNull
    @Override
    public Set<Attribute<T, ?>> describe() {
        return maps.describe();
    }

    /** @param config null where only the name of the gate is given */
    @NonNull
    @Override
    public T configure(CNode config, ConfigurationContext context) throws ConfiguratorException {
        return config != null && config.getType() == CNode.Type.SCALAR
                ? shortly(TextListConfigurator.text(config, context))
                : maps.configure(config == null ? new Mapping() : config, context);
    }

    @Override
    public T check(CNode config, ConfigurationContext context) throws ConfiguratorException {
        return configure(config, context);
    }

    @CheckForNull
    @Override
    public CNode describe(T instance, ConfigurationContext context) {
        return shortly(instance, context);
    }

    @Extension(optional = true)
    @Restricted(NoExternalUse.class)
    public static final class Ticket extends ShortGateConfigurator<TicketGateConfig> {
        public Ticket() {
            super(TicketGateConfig.class);
        }

        @Override
        TicketGateConfig shortly(String text) {
            return new TicketGateConfig(text);
        }

        @Override
        Scalar shortly(TicketGateConfig gate, ConfigurationContext context) {
            return TextListConfigurator.written(gate.getPattern(), context);
        }
    }

    @Extension(optional = true)
    @Restricted(NoExternalUse.class)
    public static final class ContainsLive extends ShortGateConfigurator<ContainsLiveGateConfig> {
        public ContainsLive() {
            super(ContainsLiveGateConfig.class);
        }

        @Override
        ContainsLiveGateConfig shortly(String text) {
            return new ContainsLiveGateConfig(text.equals("true") ? null : text);
        }

        @Override
        Scalar shortly(ContainsLiveGateConfig gate, ConfigurationContext context) {
            return gate.value() instanceof Boolean truth
                    ? new Scalar(truth)
                    : TextListConfigurator.written(gate.value().toString(), context);
        }
    }
}
