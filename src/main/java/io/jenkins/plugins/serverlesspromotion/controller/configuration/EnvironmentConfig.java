package io.jenkins.plugins.serverlesspromotion.controller.configuration;

import hudson.Extension;
import hudson.util.FormValidation;
import java.util.List;
import java.util.Map;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** {@code environments[]}: a step on the path of services, with its gates. */
@Restricted(NoExternalUse.class)
public final class EnvironmentConfig extends PolicyPart<EnvironmentConfig> {
    private final String name;
    private String after;
    private List<GateConfig> gates;
    private RequirementConfig rollback;

    @DataBoundConstructor
    public EnvironmentConfig(String name) {
        this.name = name;
    }

    public String getName() {
        return name;
    }

    public String getAfter() {
        return after;
    }

    @DataBoundSetter
    public void setAfter(String after) {
        this.after = after;
    }

    public List<GateConfig> getGates() {
        return Lines.shown(gates);
    }

    @DataBoundSetter
    public void setGates(List<GateConfig> gates) {
        this.gates = Lines.kept(gates);
    }

    public RequirementConfig getRollback() {
        return rollback;
    }

    @DataBoundSetter
    public void setRollback(RequirementConfig rollback) {
        this.rollback = rollback;
    }

    @Override
    Map<String, Object> tree() {
        return new Tree()
                .mandatory("name", name)
                .text("after", after)
                .parts("gates", getGates())
                .part("rollback", rollback)
                .map();
    }

    @Extension
    public static final class DescriptorImpl extends PartDescriptor<EnvironmentConfig> {
        @POST
        public FormValidation doCheckName(@QueryParameter String value) {
            return FieldCheck.name("environment", value);
        }
    }
}
