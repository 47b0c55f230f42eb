package io.jenkins.plugins.serverlesspromotion.controller.configuration;

import hudson.Extension;
import hudson.util.FormValidation;
import java.util.Map;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** {@code accounts[]}: one AWS account, and the roles that are assumed there. */
@Restricted(NoExternalUse.class)
public final class AccountConfig extends AccountPart<AccountConfig> {
    private final String name;
    private final String id;

    /** Null: false. */
    private Boolean withoutDefaults;

    @DataBoundConstructor
    public AccountConfig(String name, String id) {
        this.name = name;
        this.id = id;
    }

    public String getName() {
        return name;
    }

    public String getId() {
        return id;
    }

    public boolean isWithoutDefaults() {
        return Boolean.TRUE.equals(withoutDefaults);
    }

    @DataBoundSetter
    public void setWithoutDefaults(boolean withoutDefaults) {
        this.withoutDefaults = withoutDefaults ? true : null;
    }

    @Override
    Map<String, Object> tree() {
        return access(new PolicyTree()
                        .mandatory("name", name)
                        .mandatory("id", id)
                        .flag("withoutDefaults", isWithoutDefaults()))
                .map();
    }

    @Extension
    public static final class DescriptorImpl extends AccountDescriptor<AccountConfig> {
        @POST
        public FormValidation doCheckName(@QueryParameter String value) {
            return FieldCheck.name("account", value);
        }

        @POST
        public FormValidation doCheckId(@QueryParameter String value) {
            return FieldCheck.account("id", value);
        }
    }
}
