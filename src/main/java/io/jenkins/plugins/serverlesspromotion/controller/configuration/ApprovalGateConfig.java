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

/** {@code approval}: people decide. */
@Restricted(NoExternalUse.class)
public final class ApprovalGateConfig extends GateConfig {
    private List<RequirementConfig> require;
    private boolean excludeRequesters = true;
    private boolean excludeAuthors;
    private String unmappedAuthors;
    private String comment;
    private String expiresAfter;

    @DataBoundConstructor
    public ApprovalGateConfig() {}

    public List<RequirementConfig> getRequire() {
        return Lines.shown(require);
    }

    @DataBoundSetter
    public void setRequire(List<RequirementConfig> require) {
        this.require = Lines.kept(require);
    }

    public boolean isExcludeRequesters() {
        return excludeRequesters;
    }

    @DataBoundSetter
    public void setExcludeRequesters(boolean excludeRequesters) {
        this.excludeRequesters = excludeRequesters;
    }

    public boolean isExcludeAuthors() {
        return excludeAuthors;
    }

    @DataBoundSetter
    public void setExcludeAuthors(boolean excludeAuthors) {
        this.excludeAuthors = excludeAuthors;
    }

    public String getUnmappedAuthors() {
        return unmappedAuthors;
    }

    @DataBoundSetter
    public void setUnmappedAuthors(String unmappedAuthors) {
        this.unmappedAuthors = unmappedAuthors;
    }

    public String getComment() {
        return comment;
    }

    @DataBoundSetter
    public void setComment(String comment) {
        this.comment = comment;
    }

    public String getExpiresAfter() {
        return expiresAfter;
    }

    @DataBoundSetter
    public void setExpiresAfter(String expiresAfter) {
        this.expiresAfter = expiresAfter;
    }

    @Override
    Map<String, Object> tree() {
        return Map.of(
                "approval",
                new PolicyTree()
                        .parts("require", getRequire())
                        .value("excludeRequesters", excludeRequesters)
                        .flag("excludeAuthors", excludeAuthors)
                        .text("unmappedAuthors", unmappedAuthors)
                        .text("comment", comment)
                        .text("expiresAfter", expiresAfter)
                        .map());
    }

    @Extension
    @Symbol("approval")
    public static final class DescriptorImpl extends PartDescriptor<GateConfig> {
        @Override
        public String getDisplayName() {
            return Messages.ApprovalGateConfig_displayName();
        }

        @POST
        public FormValidation doCheckExpiresAfter(@QueryParameter String value) {
            return FieldCheck.gate("approval", "expiresAfter", value);
        }
    }
}
