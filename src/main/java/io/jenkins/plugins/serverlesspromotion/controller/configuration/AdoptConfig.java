package io.jenkins.plugins.serverlesspromotion.controller.configuration;

import hudson.Extension;
import java.util.Map;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;

/** {@code adopt}: until when releases may adopt resources that no one owns. */
@Restricted(NoExternalUse.class)
public final class AdoptConfig extends PolicyPart<AdoptConfig> {
    private String mode;
    private String until;

    @DataBoundConstructor
    public AdoptConfig() {}

    public String getMode() {
        return mode;
    }

    @DataBoundSetter
    public void setMode(String mode) {
        this.mode = mode;
    }

    public String getUntil() {
        return until;
    }

    @DataBoundSetter
    public void setUntil(String until) {
        this.until = until;
    }

    @Override
    Map<String, Object> tree() {
        return new PolicyTree().text("mode", mode).text("until", until).map();
    }

    @Extension
    public static final class DescriptorImpl extends PartDescriptor<AdoptConfig> {}
}
