package io.jenkins.plugins.serverlesspromotion.controller.notifications;

import hudson.Extension;
import hudson.ExtensionList;
import hudson.model.Describable;
import hudson.model.Descriptor;
import hudson.model.User;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.serverlesspromotion.controller.PromotionPermissions;
import io.jenkins.plugins.serverlesspromotion.controller.configuration.Lines;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** {@code notifications}: the recipients and channels. It is no part of the policy, because it decides nothing. */
@Restricted(NoExternalUse.class)
public final class NotificationsConfig implements Describable<NotificationsConfig> {
    private static final String SLACK = "hooks.slack.com";

    private boolean mail = true;
    private String credentialsId;
    private List<String> allowedHosts;
    private boolean allowHttp;
    private List<String> mutedEnvironments;
    private List<String> mutedServices;
    private List<NotificationAddresses> addresses;

    @DataBoundConstructor
    public NotificationsConfig() {}

    public boolean isMail() {
        return mail;
    }

    @DataBoundSetter
    public void setMail(boolean mail) {
        this.mail = mail;
    }

    public String getCredentialsId() {
        return credentialsId;
    }

    @DataBoundSetter
    public void setCredentialsId(String credentialsId) {
        this.credentialsId = credentialsId == null || credentialsId.isBlank() ? null : credentialsId.strip();
    }

    public List<String> getAllowedHosts() {
        return Lines.shown(allowedHosts);
    }

    @DataBoundSetter
    public void setAllowedHosts(List<String> allowedHosts) {
        this.allowedHosts = Lines.kept(allowedHosts);
    }

    /** For the form. */
    @Restricted(NoExternalUse.class)
    public String getAllowedHostsText() {
        return Lines.join(getAllowedHosts());
    }

    @DataBoundSetter
    @Restricted(NoExternalUse.class)
    public void setAllowedHostsText(String text) {
        setAllowedHosts(Lines.split(text));
    }

    public boolean isAllowHttp() {
        return allowHttp;
    }

    @DataBoundSetter
    public void setAllowHttp(boolean allowHttp) {
        this.allowHttp = allowHttp;
    }

    public List<String> getMutedEnvironments() {
        return Lines.shown(mutedEnvironments);
    }

    @DataBoundSetter
    public void setMutedEnvironments(List<String> mutedEnvironments) {
        this.mutedEnvironments = Lines.kept(mutedEnvironments);
    }

    /** For the form. */
    @Restricted(NoExternalUse.class)
    public String getMutedEnvironmentsText() {
        return Lines.join(getMutedEnvironments());
    }

    @DataBoundSetter
    @Restricted(NoExternalUse.class)
    public void setMutedEnvironmentsText(String text) {
        setMutedEnvironments(Lines.split(text));
    }

    public List<String> getMutedServices() {
        return Lines.shown(mutedServices);
    }

    @DataBoundSetter
    public void setMutedServices(List<String> mutedServices) {
        this.mutedServices = Lines.kept(mutedServices);
    }

    /** For the form. */
    @Restricted(NoExternalUse.class)
    public String getMutedServicesText() {
        return Lines.join(getMutedServices());
    }

    @DataBoundSetter
    @Restricted(NoExternalUse.class)
    public void setMutedServicesText(String text) {
        setMutedServices(Lines.split(text));
    }

    public List<NotificationAddresses> getAddresses() {
        return Lines.shown(addresses);
    }

    @DataBoundSetter
    public void setAddresses(List<NotificationAddresses> addresses) {
        this.addresses = Lines.kept(addresses);
    }

    /** All settings, for comparison and display. The webhook's address is a credential and is not included. */
    public Map<String, Object> tree() {
        var tree = new LinkedHashMap<String, Object>();
        tree.put("mail", mail);
        tree.put("allowHttp", allowHttp);
        if (credentialsId != null) {
            tree.put("credentialsId", credentialsId);
        }
        tree.put("allowedHosts", getAllowedHosts());
        tree.put("mutedEnvironments", getMutedEnvironments());
        tree.put("mutedServices", getMutedServices());
        tree.put(
                "addresses",
                getAddresses().stream().map(NotificationAddresses::tree).toList());
        return tree;
    }

    boolean hasWebhook() {
        return credentialsId != null;
    }

    /** The hosts that a webhook may have, in lower case. */
    Set<String> hosts() {
        return getAllowedHosts().isEmpty()
                ? Set.of(SLACK)
                : getAllowedHosts().stream()
                        .map(h -> h.strip().toLowerCase(Locale.ROOT))
                        .collect(Collectors.toSet());
    }

    boolean reports(LaneId lane) {
        return !getMutedEnvironments().contains(lane.environment())
                && !getMutedServices().contains(lane.service());
    }

    /** The fixed addresses for events in {@code environment} that concern one of {@code roles}. */
    Set<String> addresses(String environment, Set<String> roles) {
        var found = new TreeSet<String>();
        getAddresses().stream()
                .filter(a -> a.isFor(environment, roles))
                .flatMap(a -> a.getAddresses().stream())
                .filter(MailChannel::isAddress)
                .forEach(found::add);
        return found;
    }

    /** Whether two would send to the same places of the network; {@code null} sends nothing. */
    public static boolean reachTheSame(NotificationsConfig one, NotificationsConfig other) {
        NotificationsConfig a = one == null ? new NotificationsConfig() : one;
        NotificationsConfig b = other == null ? new NotificationsConfig() : other;
        return a.allowHttp == b.allowHttp
                && Objects.equals(a.credentialsId, b.credentialsId)
                && a.hosts().equals(b.hosts());
    }

    @Extension
    public static final class DescriptorImpl extends Descriptor<NotificationsConfig> {
        /**
         * The secret texts of scope SYSTEM. A user who may not configure sees nothing, not even ids (SECURITY-2032).
         */
        @POST
        public ListBoxModel doFillCredentialsIdItems(@QueryParameter String credentialsId) {
            Jenkins.get().checkPermission(PromotionPermissions.CONFIGURE);
            var items = new ListBoxModel();
            items.add(Messages.NotificationsConfig_noWebhook(), "");
            WebhookCredentials.usable().forEach((id, name) -> items.add(name, id));
            if (credentialsId != null
                    && !credentialsId.isBlank()
                    && items.stream().noneMatch(i -> i.value.equals(credentialsId))) {
                items.add(Messages.NotificationsConfig_unusable(credentialsId), credentialsId);
            }
            return items;
        }

        /**
         * Sends a message with the saved settings, not with those of the form: no one can send one to an address of
         * their choice (hole class 12).
         */
        @POST
        public FormValidation doTestMessage() {
            Jenkins.get().checkPermission(Jenkins.ADMINISTER);
            User user = User.current();
            try {
                return FormValidation.ok(String.join(
                        "; ",
                        ExtensionList.lookupSingleton(TestMessageSender.class)
                                .sendTest(user == null ? "SYSTEM" : user.getId())));
            } catch (DeliveryException e) {
                return FormValidation.error(e.getMessage());
            }
        }
    }
}
