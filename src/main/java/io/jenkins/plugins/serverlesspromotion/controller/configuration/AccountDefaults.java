package io.jenkins.plugins.serverlesspromotion.controller.configuration;

import hudson.Extension;
import java.util.Map;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundConstructor;

/** {@code defaults.account}: what an account has that does not say otherwise. */
@Restricted(NoExternalUse.class)
public final class AccountDefaults extends AccountPart<AccountDefaults> {
    @DataBoundConstructor
    public AccountDefaults() {}

    @Override
    Map<String, Object> tree() {
        return access(new PolicyTree()).map();
    }

    @Extension
    public static final class DescriptorImpl extends AccountDescriptor<AccountDefaults> {}
}
