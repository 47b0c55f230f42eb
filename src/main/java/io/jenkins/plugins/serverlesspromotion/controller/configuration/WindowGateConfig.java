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

/** {@code window}: deployments start at certain times only. */
@Restricted(NoExternalUse.class)
public final class WindowGateConfig extends GateConfig {
    private List<String> days;
    private String from;
    private String lastStart;
    private String zone;
    private String overrun;

    @DataBoundConstructor
    public WindowGateConfig() {}

    public TextList getDays() {
        return TextList.shown(days);
    }

    @DataBoundSetter
    public void setDays(TextList days) {
        this.days = TextList.kept(days);
    }

    /** For the form. */
    @Restricted(NoExternalUse.class)
    public String getDaysText() {
        return getDays().words();
    }

    @DataBoundSetter
    @Restricted(NoExternalUse.class)
    public void setDaysText(String text) {
        setDays(TextList.ofWords(text));
    }

    public String getFrom() {
        return from;
    }

    @DataBoundSetter
    public void setFrom(String from) {
        this.from = from;
    }

    public String getLastStart() {
        return lastStart;
    }

    @DataBoundSetter
    public void setLastStart(String lastStart) {
        this.lastStart = lastStart;
    }

    public String getZone() {
        return zone;
    }

    @DataBoundSetter
    public void setZone(String zone) {
        this.zone = zone;
    }

    public String getOverrun() {
        return overrun;
    }

    @DataBoundSetter
    public void setOverrun(String overrun) {
        this.overrun = overrun;
    }

    @Override
    Map<String, Object> tree() {
        return Map.of(
                "window",
                new PolicyTree()
                        .texts("days", getDays().items())
                        .text("from", from)
                        .text("lastStart", lastStart)
                        .text("zone", zone)
                        .text("overrun", overrun)
                        .map());
    }

    @Extension
    @Symbol("window")
    public static final class DescriptorImpl extends PartDescriptor<GateConfig> {
        @Override
        public String getDisplayName() {
            return Messages.WindowGateConfig_displayName();
        }

        @POST
        public FormValidation doCheckDaysText(@QueryParameter String value) {
            return FieldCheck.gateWords("window", "days", value);
        }

        @POST
        public FormValidation doCheckFrom(@QueryParameter String value) {
            return FieldCheck.gate("window", "from", value);
        }

        @POST
        public FormValidation doCheckLastStart(@QueryParameter String value) {
            return FieldCheck.gate("window", "lastStart", value);
        }

        @POST
        public FormValidation doCheckZone(@QueryParameter String value) {
            return FieldCheck.gate("window", "zone", value);
        }
    }
}
