package io.jenkins.plugins.serverlesspromotion.controller.notifications;

import hudson.Extension;
import hudson.model.Describable;
import hudson.model.Descriptor;
import hudson.util.FormValidation;
import io.jenkins.plugins.serverlesspromotion.controller.PromotionPermissions;
import io.jenkins.plugins.serverlesspromotion.controller.configuration.Lines;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** {@code notifications.addresses[]}: fixed addresses for an environment, for a role, or for a role in an environment. */
@Restricted(NoExternalUse.class)
public final class NotificationAddresses implements Describable<NotificationAddresses> {
    private String environment;
    private String role;
    private List<String> addresses;

    @DataBoundConstructor
    public NotificationAddresses() {}

    public String getEnvironment() {
        return environment;
    }

    @DataBoundSetter
    public void setEnvironment(String environment) {
        this.environment = environment == null || environment.isBlank() ? null : environment.strip();
    }

    public String getRole() {
        return role;
    }

    @DataBoundSetter
    public void setRole(String role) {
        this.role = role == null || role.isBlank() ? null : role.strip();
    }

    public List<String> getAddresses() {
        return Lines.shown(addresses);
    }

    @DataBoundSetter
    public void setAddresses(List<String> addresses) {
        this.addresses = Lines.kept(addresses);
    }

    /** For the form. */
    @Restricted(NoExternalUse.class)
    public String getAddressesText() {
        return Lines.join(getAddresses());
    }

    @DataBoundSetter
    @Restricted(NoExternalUse.class)
    public void setAddressesText(String text) {
        setAddresses(Lines.split(text));
    }

    Map<String, Object> tree() {
        var tree = new LinkedHashMap<String, Object>();
        if (environment != null) {
            tree.put("environment", environment);
        }
        if (role != null) {
            tree.put("role", role);
        }
        tree.put("addresses", getAddresses());
        return tree;
    }

    boolean isFor(String where, Set<String> roles) {
        return (environment == null || environment.equals(where)) && (role == null || roles.contains(role));
    }

    @Extension
    public static final class DescriptorImpl extends Descriptor<NotificationAddresses> {
        @POST
        public FormValidation doCheckAddressesText(@QueryParameter String value) {
            Jenkins.get().checkPermission(PromotionPermissions.CONFIGURE);
            for (String line : Lines.split(value)) {
                if (!MailChannel.isAddress(line)) {
                    return FormValidation.error(Messages.NotificationAddresses_noAddress(line));
                }
            }
            return Lines.split(value).isEmpty()
                    ? FormValidation.error(Messages.NotificationAddresses_none())
                    : FormValidation.ok();
        }
    }
}
