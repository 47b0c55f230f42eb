package io.jenkins.plugins.serverlesspromotion.controller.configuration;

import hudson.BulkChange;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.security.Permission;
import io.jenkins.plugins.serverlesspromotion.controller.PromotionPermissions;
import io.jenkins.plugins.serverlesspromotion.controller.notifications.NotificationsConfig;
import java.io.IOException;
import java.util.List;
import jenkins.model.GlobalConfiguration;
import jenkins.model.Jenkins;
import jenkins.security.stapler.StaplerFragments;
import net.sf.json.JSONObject;
import org.jenkinsci.Symbol;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.StaplerRequest2;

/**
 * The policy as it is configured, by form or as code, and the settings of this controller. Setters keep what they get:
 * attributes come one by one and in no useful order, so only the whole can be judged. That happens with every
 * {@link #save}; what then is in force {@link PolicyKeeper} says.
 */
@Extension
@Symbol("serverlessPromotion")
@Restricted(NoExternalUse.class)
@StaplerFragments("config") // asked for by itself it would include itself without end
public final class ServerlessPromotionConfiguration extends GlobalConfiguration {
    private List<ArtifactStoreConfig> artifactStores;
    private DefaultsConfig defaults;
    private List<AccountConfig> accounts;
    private List<RoleConfig> roles;
    private List<EnvironmentConfig> environments;
    private List<ServiceConfig> services;
    private List<FreezeConfig> freezes;
    private List<AliasConfig> aliases;
    private List<String> mailDomains;
    private List<EvidenceKeyConfig> evidenceKeys;
    private SettingsConfig settings;
    private NotificationsConfig notifications;

    /** As it was saved last. */
    private transient volatile NotificationsConfig savedNotifications;

    /** As it was saved last: nobody else sees a configuration of which only some attributes have been set yet. */
    private transient volatile Configured saved;

    public ServerlessPromotionConfiguration() {
        load();
        saved = now();
        savedNotifications = notifications;
    }

    public static ServerlessPromotionConfiguration get() {
        return ExtensionList.lookupSingleton(ServerlessPromotionConfiguration.class);
    }

    @Override
    public String getDisplayName() {
        return Messages.ServerlessPromotionConfiguration_displayName();
    }

    @Override
    public Permission getRequiredGlobalConfigPagePermission() {
        return PromotionPermissions.CONFIGURE;
    }

    public List<ArtifactStoreConfig> getArtifactStores() {
        return Lines.shown(artifactStores);
    }

    @DataBoundSetter
    public void setArtifactStores(List<ArtifactStoreConfig> artifactStores) {
        this.artifactStores = Lines.kept(artifactStores);
    }

    public DefaultsConfig getDefaults() {
        return defaults;
    }

    @DataBoundSetter
    public void setDefaults(DefaultsConfig defaults) {
        this.defaults = defaults;
    }

    public List<AccountConfig> getAccounts() {
        return Lines.shown(accounts);
    }

    @DataBoundSetter
    public void setAccounts(List<AccountConfig> accounts) {
        this.accounts = Lines.kept(accounts);
    }

    public List<RoleConfig> getRoles() {
        return Lines.shown(roles);
    }

    @DataBoundSetter
    public void setRoles(List<RoleConfig> roles) {
        this.roles = Lines.kept(roles);
    }

    public List<EnvironmentConfig> getEnvironments() {
        return Lines.shown(environments);
    }

    @DataBoundSetter
    public void setEnvironments(List<EnvironmentConfig> environments) {
        this.environments = Lines.kept(environments);
    }

    public List<ServiceConfig> getServices() {
        return Lines.shown(services);
    }

    @DataBoundSetter
    public void setServices(List<ServiceConfig> services) {
        this.services = Lines.kept(services);
    }

    public List<FreezeConfig> getFreezes() {
        return Lines.shown(freezes);
    }

    @DataBoundSetter
    public void setFreezes(List<FreezeConfig> freezes) {
        this.freezes = Lines.kept(freezes);
    }

    public List<AliasConfig> getAliases() {
        return Lines.shown(aliases);
    }

    @DataBoundSetter
    public void setAliases(List<AliasConfig> aliases) {
        this.aliases = Lines.kept(aliases);
    }

    public Texts getMailDomains() {
        return Texts.shown(mailDomains);
    }

    @DataBoundSetter
    public void setMailDomains(Texts mailDomains) {
        this.mailDomains = Texts.kept(mailDomains);
    }

    /** For the form. */
    @Restricted(NoExternalUse.class)
    public String getMailDomainsText() {
        return getMailDomains().lines();
    }

    @DataBoundSetter
    @Restricted(NoExternalUse.class)
    public void setMailDomainsText(String text) {
        setMailDomains(Texts.ofLines(text));
    }

    public List<EvidenceKeyConfig> getEvidenceKeys() {
        return Lines.shown(evidenceKeys);
    }

    @DataBoundSetter
    public void setEvidenceKeys(List<EvidenceKeyConfig> evidenceKeys) {
        this.evidenceKeys = Lines.kept(evidenceKeys);
    }

    public SettingsConfig getSettings() {
        return settings;
    }

    @DataBoundSetter
    public void setSettings(SettingsConfig settings) {
        this.settings = settings;
    }

    public NotificationsConfig getNotifications() {
        return notifications;
    }

    @DataBoundSetter
    public void setNotifications(NotificationsConfig notifications) {
        this.notifications = notifications;
    }

    /** As saved last; null: nobody is told anything. */
    public NotificationsConfig notificationsInEffect() {
        return savedNotifications;
    }

    /** As saved last. */
    public SettingsConfig settingsInEffect() {
        return saved.settings();
    }

    /** As saved last. */
    Configured saved() {
        return saved;
    }

    private Configured now() {
        return new Configured(
                getArtifactStores(),
                defaults,
                getAccounts(),
                getRoles(),
                getEnvironments(),
                getServices(),
                getFreezes(),
                getAliases(),
                getMailDomains(),
                getEvidenceKeys(),
                settings);
    }

    /** For the form: why what is configured is not in force. */
    public List<String> getProblems() {
        return PolicyKeeper.get().problems();
    }

    @Override
    public boolean configure(StaplerRequest2 req, JSONObject json) throws FormException {
        Jenkins.get().checkPermission(PromotionPermissions.CONFIGURE);
        Configured before = now();
        NotificationsConfig notificationsBefore = notifications;
        try (var all = new BulkChange(this)) {
            // A list without entries is not in the form's data at all.
            restore(Configured.NOTHING);
            setNotifications(null);
            req.bindJSON(this, json);
            requireAdministratorForReach(before.settings(), notificationsBefore);
            all.commit();
        } catch (IOException e) {
            restore(before);
            setNotifications(notificationsBefore);
            throw new FormException(Messages.ServerlessPromotionConfiguration_notSaved(e.getMessage()), e, "");
        } catch (RuntimeException | FormException e) {
            restore(before);
            setNotifications(notificationsBefore);
            throw e;
        }
        return true;
    }

    /**
     * Whoever decides where requests go gets every signature, so that needs more than {@link
     * PromotionPermissions#CONFIGURE}: hole class 12.
     */
    private void requireAdministratorForReach(SettingsConfig before, NotificationsConfig notificationsBefore)
            throws FormException {
        boolean same = now().settings().reachesAsMuchAs(before)
                && NotificationsConfig.reachTheSame(notifications, notificationsBefore);
        if (!same && !Jenkins.get().hasPermission(Jenkins.ADMINISTER)) {
            throw new FormException(Messages.ServerlessPromotionConfiguration_needsAdministrator(), "endpoint");
        }
    }

    private void restore(Configured other) {
        setArtifactStores(other.artifactStores());
        setDefaults(other.defaults());
        setAccounts(other.accounts());
        setRoles(other.roles());
        setEnvironments(other.environments());
        setServices(other.services());
        setFreezes(other.freezes());
        setAliases(other.aliases());
        setMailDomains(other.mailDomains());
        setEvidenceKeys(other.evidenceKeys());
        setSettings(other.givenSettings());
    }

    @Override
    public synchronized void save() {
        super.save();
        if (!BulkChange.contains(this)) {
            saved = now();
            savedNotifications = notifications;
            PolicyKeeper.get().reconsider(PolicyKeeper.whoChanges());
        }
    }
}
