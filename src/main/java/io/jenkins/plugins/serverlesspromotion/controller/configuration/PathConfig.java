package io.jenkins.plugins.serverlesspromotion.controller.configuration;

import hudson.Extension;
import hudson.util.FormValidation;
import java.util.List;
import java.util.Map;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** {@code services[].paths[]}: the environments that a release passes through, one after the other. */
@Restricted(NoExternalUse.class)
public final class PathConfig extends PolicyPart<PathConfig> {
    private final String name;
    private List<String> branches;
    private List<String> environments;

    @DataBoundConstructor
    public PathConfig(String name) {
        this.name = name;
    }

    public String getName() {
        return name;
    }

    public TextList getBranches() {
        return TextList.shown(branches);
    }

    @DataBoundSetter
    public void setBranches(TextList branches) {
        this.branches = TextList.kept(branches);
    }

    /** For the form. */
    @Restricted(NoExternalUse.class)
    public String getBranchesText() {
        return getBranches().words();
    }

    @DataBoundSetter
    @Restricted(NoExternalUse.class)
    public void setBranchesText(String text) {
        setBranches(TextList.ofWords(text));
    }

    public TextList getEnvironments() {
        return TextList.shown(environments);
    }

    @DataBoundSetter
    public void setEnvironments(TextList environments) {
        this.environments = TextList.kept(environments);
    }

    /** For the form. */
    @Restricted(NoExternalUse.class)
    public String getEnvironmentsText() {
        return getEnvironments().words();
    }

    @DataBoundSetter
    @Restricted(NoExternalUse.class)
    public void setEnvironmentsText(String text) {
        setEnvironments(TextList.ofWords(text));
    }

    @Override
    Map<String, Object> tree() {
        return new PolicyTree()
                .mandatory("name", name)
                .texts("branches", getBranches().items())
                .texts("environments", getEnvironments().items())
                .map();
    }

    @Extension
    public static final class DescriptorImpl extends PartDescriptor<PathConfig> {
        @POST
        public FormValidation doCheckName(@QueryParameter String value) {
            return FieldCheck.name("path", value);
        }
    }
}
