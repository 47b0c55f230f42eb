package io.jenkins.plugins.serverlesspromotion.controller.configuration;

import hudson.Extension;
import java.util.Map;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundConstructor;

/** {@code defaults.account}: the values of accounts that do not set their own. */
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
