package io.jenkins.plugins.serverlesspromotion.controller.configuration;

import io.jenkins.plugins.serverlesspromotion.controller.Identity;
import java.util.List;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundSetter;

/** Users and groups. A group may be named like a user, so the two are kept apart. */
@Restricted(NoExternalUse.class)
public abstract class PeoplePart<T extends PeoplePart<T>> extends PolicyPart<T> {
    private List<String> users;
    private List<String> groups;

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
    final Tree people(Tree tree) {
        return tree.texts(
                        "users",
                        getUsers().stream().map(Identity::canonicalUser).toList())
                .texts(
                        "groups",
                        getGroups().stream().map(Identity::canonicalGroup).toList());
    }
}
