package io.jenkins.plugins.serverlesspromotion.controller.configuration;

import hudson.Extension;
import java.util.List;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundConstructor;

/** {@code placements[].waves[]}: places that are deployed to at the same time. */
@Restricted(NoExternalUse.class)
public final class WaveConfig extends PolicyPart<WaveConfig> {
    private final List<String> places;

    /** @param text places separated by spaces or commas, as the form has them */
    @DataBoundConstructor
    public WaveConfig(String text) {
        this(Lines.words(text));
    }

    public WaveConfig(List<String> places) {
        this.places = Lines.kept(places);
    }

    public List<String> getPlaces() {
        return Lines.shown(places);
    }

    /** For the form. */
    public String getText() {
        return String.join(" ", getPlaces());
    }

    @Override
    List<String> tree() {
        return getPlaces();
    }

    @Extension
    public static final class DescriptorImpl extends PartDescriptor<WaveConfig> {}
}
