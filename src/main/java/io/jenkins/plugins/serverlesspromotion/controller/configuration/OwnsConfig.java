package io.jenkins.plugins.serverlesspromotion.controller.configuration;

import hudson.Extension;
import java.util.List;
import java.util.Map;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;

/** {@code services[].owns[]}: resources in AWS that belong to the service. */
@Restricted(NoExternalUse.class)
public final class OwnsConfig extends PolicyPart<OwnsConfig> {
    private String environment;
    private List<String> stacks;
    private List<String> functions;
    private List<String> buckets;
    private List<String> distributions;

    @DataBoundConstructor
    public OwnsConfig() {}

    public String getEnvironment() {
        return environment;
    }

    @DataBoundSetter
    public void setEnvironment(String environment) {
        this.environment = environment;
    }

    public TextList getStacks() {
        return TextList.shown(stacks);
    }

    @DataBoundSetter
    public void setStacks(TextList stacks) {
        this.stacks = TextList.kept(stacks);
    }

    /** For the form. */
    @Restricted(NoExternalUse.class)
    public String getStacksText() {
        return getStacks().words();
    }

    @DataBoundSetter
    @Restricted(NoExternalUse.class)
    public void setStacksText(String text) {
        setStacks(TextList.ofWords(text));
    }

    public TextList getFunctions() {
        return TextList.shown(functions);
    }

    @DataBoundSetter
    public void setFunctions(TextList functions) {
        this.functions = TextList.kept(functions);
    }

    /** For the form. */
    @Restricted(NoExternalUse.class)
    public String getFunctionsText() {
        return getFunctions().words();
    }

    @DataBoundSetter
    @Restricted(NoExternalUse.class)
    public void setFunctionsText(String text) {
        setFunctions(TextList.ofWords(text));
    }

    public TextList getBuckets() {
        return TextList.shown(buckets);
    }

    @DataBoundSetter
    public void setBuckets(TextList buckets) {
        this.buckets = TextList.kept(buckets);
    }

    /** For the form. */
    @Restricted(NoExternalUse.class)
    public String getBucketsText() {
        return getBuckets().words();
    }

    @DataBoundSetter
    @Restricted(NoExternalUse.class)
    public void setBucketsText(String text) {
        setBuckets(TextList.ofWords(text));
    }

    public TextList getDistributions() {
        return TextList.shown(distributions);
    }

    @DataBoundSetter
    public void setDistributions(TextList distributions) {
        this.distributions = TextList.kept(distributions);
    }

    /** For the form. */
    @Restricted(NoExternalUse.class)
    public String getDistributionsText() {
        return getDistributions().words();
    }

    @DataBoundSetter
    @Restricted(NoExternalUse.class)
    public void setDistributionsText(String text) {
        setDistributions(TextList.ofWords(text));
    }

    @Override
    Map<String, Object> tree() {
        return new PolicyTree()
                .text("environment", environment)
                .texts("stacks", getStacks().items())
                .texts("functions", getFunctions().items())
                .texts("buckets", getBuckets().items())
                .texts("distributions", getDistributions().items())
                .map();
    }

    @Extension
    public static final class DescriptorImpl extends PartDescriptor<OwnsConfig> {}
}
