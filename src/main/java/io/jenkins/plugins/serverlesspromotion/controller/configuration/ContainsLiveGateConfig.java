package io.jenkins.plugins.serverlesspromotion.controller.configuration;

import hudson.Extension;
import java.util.Map;
import org.jenkinsci.Symbol;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundConstructor;

/** {@code containsLive}: the release must contain the commit that is live. */
@Restricted(NoExternalUse.class)
public final class ContainsLiveGateConfig extends GateConfig {
    /** Null for true. Any other value in code is kept, so that the compiler reports what is wrong with it. */
    private final String otherwise;

    @DataBoundConstructor
    public ContainsLiveGateConfig() {
        this(null);
    }

    ContainsLiveGateConfig(String otherwise) {
        this.otherwise = otherwise;
    }

    /** True, false or some text. */
    Object value() {
        return otherwise == null ? true : otherwise.equals("false") ? (Object) false : otherwise;
    }

    @Override
    Map<String, Object> tree() {
        return Map.of("containsLive", value());
    }

    @Extension
    @Symbol("containsLive")
    public static final class DescriptorImpl extends PartDescriptor<GateConfig> {
        @Override
        public String getDisplayName() {
            return Messages.ContainsLiveGateConfig_displayName();
        }
    }
}
