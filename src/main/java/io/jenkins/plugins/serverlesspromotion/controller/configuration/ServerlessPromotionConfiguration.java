package io.jenkins.plugins.serverlesspromotion.controller.configuration;

import hudson.BulkChange;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.model.listeners.SaveableListener;
import hudson.security.Permission;
import io.jenkins.plugins.serverlesspromotion.controller.Identity;
import io.jenkins.plugins.serverlesspromotion.controller.PagePaths;
import io.jenkins.plugins.serverlesspromotion.controller.PromotionPermissions;
import io.jenkins.plugins.serverlesspromotion.controller.notifications.NotificationsConfig;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
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
 * The configured policy, by form or as code, and the settings of this controller. Setters do not check: attributes
 * arrive one by one in any order, so only the whole can be checked. Every {@link #save} does that; {@link
 * PolicyActivator} reports which policy is then in force.
 */
@Extension
@Symbol("serverlessPromotion")
@Restricted(NoExternalUse.class)
@StaplerFragments("config") // requested directly, the fragment would include itself without end
public final class ServerlessPromotionConfiguration extends GlobalConfiguration {
    private static final Logger LOGGER = Logger.getLogger(ServerlessPromotionConfiguration.class.getName());

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
    private List<SharedConfig> shared;
    private AdoptConfig adopt;
    private SettingsConfig settings;
    private NotificationsConfig notifications;

    /** Who changed the configuration since it was last in force. It is in the file, so that a crash loses no one. */
    private List<String> changedBy;

    /** The last saved configuration: no one else sees one of which only some attributes are set. */
    private transient volatile Configured saved;

    public ServerlessPromotionConfiguration() {
        this(false);
        load();
        saved = now();
    }

    /** A draft for the values of one form; it is neither loaded nor saved. */
    private ServerlessPromotionConfiguration(boolean draft) {
        super();
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

    public TextList getMailDomains() {
        return TextList.shown(mailDomains);
    }

    @DataBoundSetter
    public void setMailDomains(TextList mailDomains) {
        this.mailDomains = TextList.kept(mailDomains);
    }

    /** For the form. */
    @Restricted(NoExternalUse.class)
    public String getMailDomainsText() {
        return getMailDomains().lines();
    }

    @DataBoundSetter
    @Restricted(NoExternalUse.class)
    public void setMailDomainsText(String text) {
        setMailDomains(TextList.ofLines(text));
    }

    public List<EvidenceKeyConfig> getEvidenceKeys() {
        return Lines.shown(evidenceKeys);
    }

    @DataBoundSetter
    public void setEvidenceKeys(List<EvidenceKeyConfig> evidenceKeys) {
        this.evidenceKeys = Lines.kept(evidenceKeys);
    }

    public List<SharedConfig> getShared() {
        return Lines.shown(shared);
    }

    @DataBoundSetter
    public void setShared(List<SharedConfig> shared) {
        this.shared = Lines.kept(shared);
    }

    public AdoptConfig getAdopt() {
        return adopt;
    }

    @DataBoundSetter
    public void setAdopt(AdoptConfig adopt) {
        this.adopt = adopt;
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

    /** As last saved; null: no one is notified. */
    public NotificationsConfig notificationsInEffect() {
        return saved.notifications();
    }

    /** As saved last. */
    public SettingsConfig settingsInEffect() {
        return saved.settings();
    }

    /** Who is behind the current request, by the rules as saved last. */
    public Identity identity() {
        return new Identity(settingsInEffect().identityRules());
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
                getShared(),
                adopt,
                settings,
                notifications);
    }

    /** For the form: why the configured policy is not in force. */
    public List<String> getProblems() {
        return PolicyActivator.get().problems();
    }

    /** For the form: changes that wait for a second person. */
    public boolean isAnythingProposed() {
        return !ProposalJournal.open().isEmpty();
    }

    /** For the form. */
    public String getChangesUrl() {
        return PagePaths.CHANGES;
    }

    @Override
    public synchronized boolean configure(StaplerRequest2 req, JSONObject json) throws FormException {
        Jenkins.get().checkPermission(PromotionPermissions.CONFIGURE);
        // Binds into a draft: while a form is bound, users who open or export the configuration see the saved one.
        var draft = new ServerlessPromotionConfiguration(true);
        try (var untilAllIsBound = new BulkChange(draft)) {
            req.bindJSON(draft, json);
        }
        Configured wanted = draft.now();
        SubmittedConfiguration.requireAdministratorForReach(now(), wanted);
        new SubmittedConfiguration(saved, wanted).requireValid();
        submit(wanted);
        return true;
    }

    /** Replaces the configuration, or proposes the change where a second person must accept it. */
    synchronized void submit(Configured wanted) throws FormException {
        new SubmittedConfiguration(saved, wanted).submit(identity(), this::replace);
    }

    /**
     * Replaces the configuration completely, or changes nothing.
     *
     * @param people who changed it
     */
    synchronized void replace(Configured other, Collection<String> people) throws IOException {
        Configured before = now();
        List<String> changedBefore = changedBy;
        restore(other);
        changedBy = changers(people);
        try {
            getConfigFile().write(this);
        } catch (IOException e) {
            restore(before);
            changedBy = changedBefore;
            throw e;
        }
        written();
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
        setShared(other.shared());
        setAdopt(other.adopt());
        setSettings(other.givenSettings());
        setNotifications(other.notifications());
    }

    /** For code and scripts. As everywhere in Jenkins, a full disk does not keep it from starting. */
    @Override
    public synchronized void save() {
        if (!BulkChange.contains(this)) {
            changedBy = changers(List.of(PolicyActivator.whoChanges()));
            write();
            written();
        }
    }

    private void written() {
        saved = now();
        SaveableListener.fireOnChange(this, getConfigFile());
        reconsider(List.of());
    }

    /**
     * Puts the last saved configuration in force when it is valid. The record names everyone who changed it since it
     * was last in force, also those whose invalid change another person corrected.
     *
     * @param others people who took part without changing it
     */
    synchronized void reconsider(Collection<String> others) {
        if (PolicyActivator.get().reconsider(saved, changers(others))
                && !Lines.shown(changedBy).isEmpty()) {
            changedBy = null;
            write();
        }
    }

    /** Whether a person changed it since it was last in force. */
    synchronized boolean isChanged() {
        return !Lines.shown(changedBy).isEmpty();
    }

    private synchronized List<String> changers(Collection<String> others) {
        var all = new LinkedHashSet<>(Lines.shown(changedBy));
        all.addAll(others);
        return new ArrayList<>(all);
    }

    private void write() {
        try {
            getConfigFile().write(this);
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, "the configuration could not be written; a restart would lose it", e);
        }
    }
}
