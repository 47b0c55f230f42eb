package io.jenkins.plugins.serverlesspromotion.controller.configuration;

import hudson.Extension;
import hudson.util.FormValidation;
import java.util.Map;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** {@code roles[]}: a named set of people. */
@Restricted(NoExternalUse.class)
public final class RoleConfig extends PeoplePart<RoleConfig> {
    private final String name;

    @DataBoundConstructor
    public RoleConfig(String name) {
        this.name = name;
    }

    public String getName() {
        return name;
    }

    @Override
    Map<String, Object> tree() {
        return people(new PolicyTree().mandatory("name", name)).map();
    }

    @Extension
    public static final class DescriptorImpl extends PartDescriptor<RoleConfig> {
        @POST
        public FormValidation doCheckName(@QueryParameter String value) {
            return FieldCheck.name("role", value);
        }
    }
}
