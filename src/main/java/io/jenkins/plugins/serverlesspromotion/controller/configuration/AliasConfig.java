package io.jenkins.plugins.serverlesspromotion.controller.configuration;

import hudson.Extension;
import java.util.List;
import java.util.Map;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;

/** {@code aliases[]}: names and addresses that a user commits with. */
@Restricted(NoExternalUse.class)
public final class AliasConfig extends PolicyPart<AliasConfig> {
    private final String user;
    private List<String> names;

    @DataBoundConstructor
    public AliasConfig(String user) {
        this.user = user;
    }

    public String getUser() {
        return user;
    }

    public TextList getNames() {
        return TextList.shown(names);
    }

    @DataBoundSetter
    public void setNames(TextList names) {
        this.names = TextList.kept(names);
    }

    /** For the form. */
    @Restricted(NoExternalUse.class)
    public String getNamesText() {
        return getNames().lines();
    }

    @DataBoundSetter
    @Restricted(NoExternalUse.class)
    public void setNamesText(String text) {
        setNames(TextList.ofLines(text));
    }

    @Override
    Map<String, Object> tree() {
        return new PolicyTree()
                .mandatory("user", user)
                .texts("names", getNames().items())
                .map();
    }

    @Extension
    public static final class DescriptorImpl extends PartDescriptor<AliasConfig> {}
}
