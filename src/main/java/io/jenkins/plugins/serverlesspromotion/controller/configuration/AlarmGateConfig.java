package io.jenkins.plugins.serverlesspromotion.controller.configuration;

import hudson.Extension;
import hudson.util.FormValidation;
import java.util.List;
import java.util.Map;
import org.jenkinsci.Symbol;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** {@code alarm}: CloudWatch alarms must be OK in every place. */
@Restricted(NoExternalUse.class)
public final class AlarmGateConfig extends GateConfig {
    private List<String> names;

    @DataBoundConstructor
    public AlarmGateConfig() {}

    public TextList getNames() {
        return TextList.shown(names);
    }

    @DataBoundSetter
    public void setNames(TextList names) {
        this.names = TextList.kept(names);
    }

    /** For the form. */
    @Restricted(NoExternalUse.class)
    public String getNamesText() {
        return getNames().lines();
    }

    @DataBoundSetter
    @Restricted(NoExternalUse.class)
    public void setNamesText(String text) {
        setNames(TextList.ofLines(text));
    }

    @Override
    Map<String, Object> tree() {
        return Map.of(
                "alarm", new PolicyTree().texts("names", getNames().items()).map());
    }

    @Extension
    @Symbol("alarm")
    public static final class DescriptorImpl extends PartDescriptor<GateConfig> {
        @Override
        public String getDisplayName() {
            return Messages.AlarmGateConfig_displayName();
        }

        @POST
        public FormValidation doCheckNamesText(@QueryParameter String value) {
            return FieldCheck.gateLines("alarm", "names", value);
        }
    }
}
