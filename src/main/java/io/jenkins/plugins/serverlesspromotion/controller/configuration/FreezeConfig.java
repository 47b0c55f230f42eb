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

/** {@code freezes[]}: a time in which no deployment starts. */
@Restricted(NoExternalUse.class)
public final class FreezeConfig extends PolicyPart<FreezeConfig> {
    private final String name;
    private String from;
    private String until;
    private String zone;
    private List<String> environments;
    private List<String> exempt;

    @DataBoundConstructor
    public FreezeConfig(String name) {
        this.name = name;
    }

    public String getName() {
        return name;
    }

    public String getFrom() {
        return from;
    }

    @DataBoundSetter
    public void setFrom(String from) {
        this.from = from;
    }

    public String getUntil() {
        return until;
    }

    @DataBoundSetter
    public void setUntil(String until) {
        this.until = until;
    }

    public String getZone() {
        return zone;
    }

    @DataBoundSetter
    public void setZone(String zone) {
        this.zone = zone;
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

    public TextList getExempt() {
        return TextList.shown(exempt);
    }

    @DataBoundSetter
    public void setExempt(TextList exempt) {
        this.exempt = TextList.kept(exempt);
    }

    /** For the form. */
    @Restricted(NoExternalUse.class)
    public String getExemptText() {
        return getExempt().words();
    }

    @DataBoundSetter
    @Restricted(NoExternalUse.class)
    public void setExemptText(String text) {
        setExempt(TextList.ofWords(text));
    }

    @Override
    Map<String, Object> tree() {
        return new PolicyTree()
                .mandatory("name", name)
                .text("from", from)
                .text("until", until)
                .text("zone", zone)
                .texts("environments", getEnvironments().items())
                .texts("exempt", getExempt().items())
                .map();
    }

    @Extension
    public static final class DescriptorImpl extends PartDescriptor<FreezeConfig> {
        @POST
        public FormValidation doCheckName(@QueryParameter String value) {
            return FieldCheck.name("freeze", value);
        }

        @POST
        public FormValidation doCheckFrom(@QueryParameter String value) {
            return FieldCheck.freeze("from", value);
        }

        @POST
        public FormValidation doCheckUntil(@QueryParameter String value) {
            return FieldCheck.freeze("until", value);
        }

        @POST
        public FormValidation doCheckZone(@QueryParameter String value) {
            return FieldCheck.freeze("zone", value);
        }
    }
}
