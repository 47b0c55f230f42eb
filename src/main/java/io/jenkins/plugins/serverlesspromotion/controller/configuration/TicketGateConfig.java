package io.jenkins.plugins.serverlesspromotion.controller.configuration;

import hudson.Extension;
import hudson.util.FormValidation;
import java.util.Map;
import org.jenkinsci.Symbol;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** {@code ticket}: one of the requesters must have named a ticket of this form. */
@Restricted(NoExternalUse.class)
public final class TicketGateConfig extends GateConfig {
    private final String pattern;

    @DataBoundConstructor
    public TicketGateConfig(String pattern) {
        this.pattern = pattern;
    }

    public String getPattern() {
        return pattern;
    }

    @Override
    Map<String, Object> tree() {
        return Map.of("ticket", new PolicyTree().mandatory("pattern", pattern).map());
    }

    @Extension
    @Symbol("ticket")
    public static final class DescriptorImpl extends PartDescriptor<GateConfig> {
        @Override
        public String getDisplayName() {
            return Messages.TicketGateConfig_displayName();
        }

        @POST
        public FormValidation doCheckPattern(@QueryParameter String value) {
            return FieldCheck.gate("ticket", "pattern", value);
        }
    }
}
