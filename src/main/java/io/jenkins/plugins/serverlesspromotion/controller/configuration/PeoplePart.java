package io.jenkins.plugins.serverlesspromotion.controller.configuration;

import io.jenkins.plugins.serverlesspromotion.controller.Identity;
import java.util.List;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundSetter;

/** Users and groups. A group may have the name of a user, so they are separate lists. */
@Restricted(NoExternalUse.class)
public abstract class PeoplePart<T extends PeoplePart<T>> extends PolicyPart<T> {
    private List<String> users;
    private List<String> groups;

    public TextList getUsers() {
        return TextList.shown(users);
    }

    @DataBoundSetter
    public void setUsers(TextList users) {
        this.users = TextList.kept(users);
    }

    public TextList getGroups() {
        return TextList.shown(groups);
    }

    @DataBoundSetter
    public void setGroups(TextList groups) {
        this.groups = TextList.kept(groups);
    }

    /** For the form. */
    @Restricted(NoExternalUse.class)
    public String getUsersText() {
        return getUsers().lines();
    }

    @DataBoundSetter
    @Restricted(NoExternalUse.class)
    public void setUsersText(String text) {
        setUsers(TextList.ofLines(text));
    }

    /** For the form. */
    @Restricted(NoExternalUse.class)
    public String getGroupsText() {
        return getGroups().lines();
    }

    @DataBoundSetter
    @Restricted(NoExternalUse.class)
    public void setGroupsText(String text) {
        setGroups(TextList.ofLines(text));
    }

    /** Ids in the form that the realm compares, so that policy and decisions agree about who a person is. */
    final PolicyTree people(PolicyTree policyTree) {
        return policyTree
                .texts(
                        "users",
                        getUsers().items().stream().map(Identity::canonicalUser).toList())
                .texts(
                        "groups",
                        getGroups().items().stream()
                                .map(Identity::canonicalGroup)
                                .toList());
    }
}
