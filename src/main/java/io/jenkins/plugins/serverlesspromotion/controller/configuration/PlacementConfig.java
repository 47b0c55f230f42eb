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

/** {@code placements[]}: the accounts and regions where a service lives in one environment. */
@Restricted(NoExternalUse.class)
public final class PlacementConfig extends PolicyPart<PlacementConfig> {
    private final String environment;
    private List<String> places;
    private List<WaveConfig> waves;
    private String pause;

    @DataBoundConstructor
    public PlacementConfig(String environment) {
        this.environment = environment;
    }

    public String getEnvironment() {
        return environment;
    }

    public TextList getPlaces() {
        return TextList.shown(places);
    }

    @DataBoundSetter
    public void setPlaces(TextList places) {
        this.places = TextList.kept(places);
    }

    /** For the form. */
    @Restricted(NoExternalUse.class)
    public String getPlacesText() {
        return getPlaces().words();
    }

    @DataBoundSetter
    @Restricted(NoExternalUse.class)
    public void setPlacesText(String text) {
        setPlaces(TextList.ofWords(text));
    }

    public List<WaveConfig> getWaves() {
        return Lines.shown(waves);
    }

    @DataBoundSetter
    public void setWaves(List<WaveConfig> waves) {
        this.waves = Lines.kept(waves);
    }

    public String getPause() {
        return pause;
    }

    @DataBoundSetter
    public void setPause(String pause) {
        this.pause = pause;
    }

    @Override
    Map<String, Object> tree() {
        return new PolicyTree()
                .mandatory("environment", environment)
                .texts("places", getPlaces().items())
                .parts("waves", getWaves())
                .text("pause", pause)
                .map();
    }

    @Extension
    public static final class DescriptorImpl extends PartDescriptor<PlacementConfig> {
        @POST
        public FormValidation doCheckPause(@QueryParameter String value) {
            return FieldCheck.placement("pause", value);
        }
    }
}
