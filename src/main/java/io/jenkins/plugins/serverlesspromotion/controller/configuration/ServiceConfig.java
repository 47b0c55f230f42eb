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

/** {@code services[]}: a service that a team owns and releases, and its environments. */
@Restricted(NoExternalUse.class)
public final class ServiceConfig extends PolicyPart<ServiceConfig> {
    private final String name;
    private PeopleConfig owners;
    private List<GrantConfig> jobs;
    private List<String> places;
    private List<PlacementConfig> placements;
    private List<PathConfig> paths;
    private List<OwnsConfig> owns;

    @DataBoundConstructor
    public ServiceConfig(String name) {
        this.name = name;
    }

    public String getName() {
        return name;
    }

    public PeopleConfig getOwners() {
        return owners;
    }

    @DataBoundSetter
    public void setOwners(PeopleConfig owners) {
        this.owners = owners;
    }

    public List<GrantConfig> getJobs() {
        return Lines.shown(jobs);
    }

    @DataBoundSetter
    public void setJobs(List<GrantConfig> jobs) {
        this.jobs = Lines.kept(jobs);
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

    public List<PlacementConfig> getPlacements() {
        return Lines.shown(placements);
    }

    @DataBoundSetter
    public void setPlacements(List<PlacementConfig> placements) {
        this.placements = Lines.kept(placements);
    }

    public List<PathConfig> getPaths() {
        return Lines.shown(paths);
    }

    @DataBoundSetter
    public void setPaths(List<PathConfig> paths) {
        this.paths = Lines.kept(paths);
    }

    public List<OwnsConfig> getOwns() {
        return Lines.shown(owns);
    }

    @DataBoundSetter
    public void setOwns(List<OwnsConfig> owns) {
        this.owns = Lines.kept(owns);
    }

    @Override
    Map<String, Object> tree() {
        return new PolicyTree()
                .mandatory("name", name)
                .part("owners", owners)
                .parts("jobs", getJobs())
                .texts("places", getPlaces().items())
                .parts("placements", getPlacements())
                .parts("paths", getPaths())
                .parts("owns", getOwns())
                .map();
    }

    @Extension
    public static final class DescriptorImpl extends PartDescriptor<ServiceConfig> {
        @POST
        public FormValidation doCheckName(@QueryParameter String value) {
            return FieldCheck.name("service", value);
        }
    }
}
