package io.jenkins.plugins.serverlesspromotion.controller.configuration;

import hudson.Extension;
import hudson.util.FormValidation;
import java.util.List;
import java.util.Map;
import org.jenkinsci.Symbol;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** {@code evidence}: a named producer must have recorded a result about the release. */
@Restricted(NoExternalUse.class)
public final class EvidenceGateConfig extends GateConfig {
    private final String type;
    private List<String> from;
    private String maxAge;

    @DataBoundConstructor
    public EvidenceGateConfig(String type) {
        this.type = type;
    }

    public String getType() {
        return type;
    }

    public TextList getFrom() {
        return TextList.shown(from);
    }

    @DataBoundSetter
    public void setFrom(TextList from) {
        this.from = TextList.kept(from);
    }

    /** For the form. */
    @Restricted(NoExternalUse.class)
    public String getFromText() {
        return getFrom().lines();
    }

    @DataBoundSetter
    @Restricted(NoExternalUse.class)
    public void setFromText(String text) {
        setFrom(TextList.ofLines(text));
    }

    public String getMaxAge() {
        return maxAge;
    }

    @DataBoundSetter
    public void setMaxAge(String maxAge) {
        this.maxAge = maxAge;
    }

    @Override
    Map<String, Object> tree() {
        return Map.of(
                "evidence",
                new PolicyTree()
                        .mandatory("type", type)
                        .texts("from", getFrom().items())
                        .text("maxAge", maxAge)
                        .map());
    }

    @Extension
    @Symbol("evidence")
    public static final class DescriptorImpl extends PartDescriptor<GateConfig> {
        @Override
        public String getDisplayName() {
            return Messages.EvidenceGateConfig_displayName();
        }

        @POST
        public FormValidation doCheckType(@QueryParameter String value) {
            return FieldCheck.gate("evidence", "type", value);
        }

        @POST
        public FormValidation doCheckFromText(@QueryParameter String value) {
            return FieldCheck.gateLines("evidence", "from", value);
        }

        @POST
        public FormValidation doCheckMaxAge(@QueryParameter String value) {
            return FieldCheck.gate("evidence", "maxAge", value);
        }
    }
}
