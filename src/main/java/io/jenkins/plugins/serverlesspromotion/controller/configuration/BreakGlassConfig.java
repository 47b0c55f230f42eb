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

/** {@code environments[].breakGlass}: who may override closed gates. */
@Restricted(NoExternalUse.class)
public final class BreakGlassConfig extends PolicyPart<BreakGlassConfig> {
    private List<RequirementConfig> require;
    private String timeBox;
    private String ticket;
    private String review;

    @DataBoundConstructor
    public BreakGlassConfig() {}

    public List<RequirementConfig> getRequire() {
        return Lines.shown(require);
    }

    @DataBoundSetter
    public void setRequire(List<RequirementConfig> require) {
        this.require = Lines.kept(require);
    }

    public String getTimeBox() {
        return timeBox;
    }

    @DataBoundSetter
    public void setTimeBox(String timeBox) {
        this.timeBox = timeBox;
    }

    public String getTicket() {
        return ticket;
    }

    @DataBoundSetter
    public void setTicket(String ticket) {
        this.ticket = ticket;
    }

    public String getReview() {
        return review;
    }

    @DataBoundSetter
    public void setReview(String review) {
        this.review = review;
    }

    @Override
    Map<String, Object> tree() {
        return new PolicyTree()
                .parts("require", getRequire())
                .text("timeBox", timeBox)
                .text("ticket", ticket)
                .text("review", review)
                .map();
    }

    @Extension
    public static final class DescriptorImpl extends PartDescriptor<BreakGlassConfig> {
        @POST
        public FormValidation doCheckTimeBox(@QueryParameter String value) {
            return FieldCheck.breakGlass("timeBox", value);
        }

        @POST
        public FormValidation doCheckTicket(@QueryParameter String value) {
            return FieldCheck.breakGlass("ticket", value);
        }
    }
}
