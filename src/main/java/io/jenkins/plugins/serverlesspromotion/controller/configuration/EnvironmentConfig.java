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
    private boolean supersede;
    private boolean autoPromote;
    private BreakGlassConfig breakGlass;
    private List<RiskNeedConfig> riskNeeds;

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

    public boolean isSupersede() {
        return supersede;
    }

    @DataBoundSetter
    public void setSupersede(boolean supersede) {
        this.supersede = supersede;
    }

    public boolean isAutoPromote() {
        return autoPromote;
    }

    @DataBoundSetter
    public void setAutoPromote(boolean autoPromote) {
        this.autoPromote = autoPromote;
    }

    public BreakGlassConfig getBreakGlass() {
        return breakGlass;
    }

    @DataBoundSetter
    public void setBreakGlass(BreakGlassConfig breakGlass) {
        this.breakGlass = breakGlass;
    }

    public List<RiskNeedConfig> getRiskNeeds() {
        return Lines.shown(riskNeeds);
    }

    @DataBoundSetter
    public void setRiskNeeds(List<RiskNeedConfig> riskNeeds) {
        this.riskNeeds = Lines.kept(riskNeeds);
    }

    @Override
    Map<String, Object> tree() {
        return new PolicyTree()
                .mandatory("name", name)
                .text("after", after)
                .parts("gates", getGates())
                .part("rollback", rollback)
                .flag("supersede", supersede)
                .flag("autoPromote", autoPromote)
                .part("breakGlass", breakGlass)
                .parts("riskNeeds", getRiskNeeds())
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
