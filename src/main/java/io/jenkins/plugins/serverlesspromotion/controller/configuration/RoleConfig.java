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

/** {@code roles[]}: a named set of people. A group may be named like a user, so the two are kept apart. */
@Restricted(NoExternalUse.class)
public final class RoleConfig extends PolicyPart<RoleConfig> {
    private final String name;
    private List<String> users;
    private List<String> groups;

    @DataBoundConstructor
    public RoleConfig(String name) {
        this.name = name;
    }

    public String getName() {
        return name;
    }

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

    @Override
    Map<String, Object> tree() {
        return PeopleConfig.people(new Tree().mandatory("name", name), getUsers(), getGroups())
                .map();
    }

    @Extension
    public static final class DescriptorImpl extends PartDescriptor<RoleConfig> {
        @POST
        public FormValidation doCheckName(@QueryParameter String value) {
            return FieldCheck.name("role", value);
        }
    }
}
