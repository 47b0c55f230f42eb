package io.jenkins.plugins.serverlesspromotion.controller.configuration;

import hudson.Extension;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Risk;
import java.util.Map;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;

/** {@code environments[].riskNeeds[]}: who must approve the findings of a plan. */
@Restricted(NoExternalUse.class)
public final class RiskNeedConfig extends PolicyPart<RiskNeedConfig> {
    private final String finding;
    private final String role;
    private int count = 1;

    @DataBoundConstructor
    public RiskNeedConfig(String finding, String role) {
        this.finding = finding;
        this.role = role;
    }

    public String getFinding() {
        return finding;
    }

    public String getRole() {
        return role;
    }

    public int getCount() {
        return count;
    }

    @DataBoundSetter
    public void setCount(int count) {
        this.count = count;
    }

    @Override
    Map<String, Object> tree() {
        return new PolicyTree()
                .mandatory("finding", finding)
                .mandatory("role", role)
                .value("count", count)
                .map();
    }

    @Extension
    public static final class DescriptorImpl extends PartDescriptor<RiskNeedConfig> {
        /** For the form. */
        public String getKinds() {
            return String.join(" ", Risk.KINDS);
        }
    }
}
