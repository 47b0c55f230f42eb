package io.jenkins.plugins.serverlesspromotion.controller.configuration;

import hudson.Extension;
import io.jenkins.plugins.serverlesspromotion.controller.Identity;
import java.util.List;
import java.util.Map;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;

/** {@code services[].owners}: users and groups, kept apart. */
@Restricted(NoExternalUse.class)
public final class PeopleConfig extends PolicyPart<PeopleConfig> {
    private List<String> users;
    private List<String> groups;

    @DataBoundConstructor
    public PeopleConfig() {}

    public List<String> getUsers() {
        return Lines.shown(users);
    }

    @DataBoundSetter
    public void setUsers(List<String> users) {
        this.users = Lines.kept(users);
    }

    public List<String> getGroups() {
        return Lines.shown(groups);
    }

    @DataBoundSetter
    public void setGroups(List<String> groups) {
        this.groups = Lines.kept(groups);
    }

    /** For the form. */
    @Restricted(NoExternalUse.class)
    public String getUsersText() {
        return Lines.join(getUsers());
    }

    @DataBoundSetter
    @Restricted(NoExternalUse.class)
    public void setUsersText(String text) {
        setUsers(Lines.split(text));
    }

    /** For the form. */
    @Restricted(NoExternalUse.class)
    public String getGroupsText() {
        return Lines.join(getGroups());
    }

    @DataBoundSetter
    @Restricted(NoExternalUse.class)
    public void setGroupsText(String text) {
        setGroups(Lines.split(text));
    }

    /** Ids as the realm compares them, so that policy and decisions agree about who somebody is. */
    static Tree people(Tree tree, List<String> users, List<String> groups) {
        return tree.texts("users", users.stream().map(Identity::canonicalUser).toList())
                .texts("groups", groups.stream().map(Identity::canonicalGroup).toList());
    }

    @Override
    Map<String, Object> tree() {
        return people(new Tree(), getUsers(), getGroups()).map();
    }

    @Extension
    public static final class DescriptorImpl extends PartDescriptor<PeopleConfig> {}
}
