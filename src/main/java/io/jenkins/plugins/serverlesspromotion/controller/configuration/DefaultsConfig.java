package io.jenkins.plugins.serverlesspromotion.controller.configuration;

import hudson.Extension;
import java.util.List;
import java.util.Map;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;

/** {@code defaults}: values that many services share. */
@Restricted(NoExternalUse.class)
public final class DefaultsConfig extends PolicyPart<DefaultsConfig> {
    private AccountDefaults account;
    private List<PlacementConfig> placements;

    @DataBoundConstructor
    public DefaultsConfig() {}

    public AccountDefaults getAccount() {
        return account;
    }

    @DataBoundSetter
    public void setAccount(AccountDefaults account) {
        this.account = account;
    }

    public List<PlacementConfig> getPlacements() {
        return Lines.shown(placements);
    }

    @DataBoundSetter
    public void setPlacements(List<PlacementConfig> placements) {
        this.placements = Lines.kept(placements);
    }

    @Override
    Map<String, Object> tree() {
        return new PolicyTree()
                .part("account", account)
                .parts("placements", getPlacements())
                .map();
    }

    @Extension
    public static final class DescriptorImpl extends PartDescriptor<DefaultsConfig> {}
}
