package io.jenkins.plugins.serverlesspromotion.controller.configuration;

import hudson.Extension;
import hudson.util.FormValidation;
import java.util.Map;
import org.jenkinsci.Symbol;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** {@code soak}: a release must have been live in another environment for some time. */
@Restricted(NoExternalUse.class)
public final class SoakGateConfig extends GateConfig {
    private final String environment;
    private String length;

    @DataBoundConstructor
    public SoakGateConfig(String environment) {
        this.environment = environment;
    }

    public String getEnvironment() {
        return environment;
    }

    public String getFor() {
        return length;
    }

    @DataBoundSetter
    public void setFor(String length) {
        this.length = length;
    }

    @Override
    Map<String, Object> tree() {
        return Map.of(
                "soak",
                new PolicyTree()
                        .mandatory("environment", environment)
                        .text("for", length)
                        .map());
    }

    @Extension
    @Symbol("soak")
    public static final class DescriptorImpl extends PartDescriptor<GateConfig> {
        @Override
        public String getDisplayName() {
            return Messages.SoakGateConfig_displayName();
        }

        @POST
        public FormValidation doCheckFor(@QueryParameter String value) {
            return FieldCheck.gate("soak", "for", value);
        }
    }
}
