package io.jenkins.plugins.serverlesspromotion.controller.configuration;

import hudson.Extension;
import java.util.Map;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;

/** A required number of people of a role. */
@Restricted(NoExternalUse.class)
public final class RequirementConfig extends PolicyPart<RequirementConfig> {
    private final String role;
    private int count = 1;

    @DataBoundConstructor
    public RequirementConfig(String role) {
        this.role = role;
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
        return new PolicyTree().mandatory("role", role).value("count", count).map();
    }

    @Extension
    public static final class DescriptorImpl extends PartDescriptor<RequirementConfig> {}
}
