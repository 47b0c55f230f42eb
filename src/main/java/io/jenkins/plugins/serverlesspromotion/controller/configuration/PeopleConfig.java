package io.jenkins.plugins.serverlesspromotion.controller.configuration;

import hudson.Extension;
import java.util.Map;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundConstructor;

/** {@code services[].owners}: who owns a service. */
@Restricted(NoExternalUse.class)
public final class PeopleConfig extends PeoplePart<PeopleConfig> {
    @DataBoundConstructor
    public PeopleConfig() {}

    @Override
    Map<String, Object> tree() {
        return people(new PolicyTree()).map();
    }

    @Extension
    public static final class DescriptorImpl extends PartDescriptor<PeopleConfig> {}
}
