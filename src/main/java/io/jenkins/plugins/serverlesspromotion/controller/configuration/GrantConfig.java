package io.jenkins.plugins.serverlesspromotion.controller.configuration;

import hudson.Extension;
import java.util.List;
import java.util.Map;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;

/** {@code services[].jobs[]}: what a job may request. */
@Restricted(NoExternalUse.class)
public final class GrantConfig extends PolicyPart<GrantConfig> {
    private final String job;
    private List<String> may;

    @DataBoundConstructor
    public GrantConfig(String job) {
        this.job = job;
    }

    public String getJob() {
        return job;
    }

    public TextList getMay() {
        return TextList.shown(may);
    }

    @DataBoundSetter
    public void setMay(TextList may) {
        this.may = TextList.kept(may);
    }

    /** For the form. */
    @Restricted(NoExternalUse.class)
    public String getMayText() {
        return getMay().lines();
    }

    @DataBoundSetter
    @Restricted(NoExternalUse.class)
    public void setMayText(String text) {
        setMay(TextList.ofLines(text));
    }

    @Override
    Map<String, Object> tree() {
        return new PolicyTree()
                .mandatory("job", job)
                .texts("may", getMay().items())
                .map();
    }

    @Extension
    public static final class DescriptorImpl extends PartDescriptor<GrantConfig> {}
}
