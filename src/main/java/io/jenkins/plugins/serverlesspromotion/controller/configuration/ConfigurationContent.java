package io.jenkins.plugins.serverlesspromotion.controller.configuration;

import io.jenkins.plugins.serverlesspromotion.controller.notifications.NotificationsConfig;
import java.util.List;
import jenkins.model.Jenkins;

/** The whole configuration as the text of a proposal in the journal. XStream reads and writes its fields. */
final class ConfigurationContent {
    private final List<ArtifactStoreConfig> artifactStores;
    private final DefaultsConfig defaults;
    private final List<AccountConfig> accounts;
    private final List<RoleConfig> roles;
    private final List<EnvironmentConfig> environments;
    private final List<ServiceConfig> services;
    private final List<FreezeConfig> freezes;
    private final List<AliasConfig> aliases;
    private final List<String> mailDomains;
    private final List<EvidenceKeyConfig> evidenceKeys;
    private final List<SharedConfig> shared;
    private final AdoptConfig adopt;
    private final SettingsConfig settings;
    private final NotificationsConfig notifications;

    private ConfigurationContent(Configured configured) {
        artifactStores = Lines.kept(configured.artifactStores());
        defaults = configured.defaults();
        accounts = Lines.kept(configured.accounts());
        roles = Lines.kept(configured.roles());
        environments = Lines.kept(configured.environments());
        services = Lines.kept(configured.services());
        freezes = Lines.kept(configured.freezes());
        aliases = Lines.kept(configured.aliases());
        mailDomains = TextList.kept(configured.mailDomains());
        evidenceKeys = Lines.kept(configured.evidenceKeys());
        shared = Lines.kept(configured.shared());
        adopt = configured.adopt();
        settings = configured.givenSettings();
        notifications = configured.notifications();
    }

    static String of(Configured configured) {
        return Jenkins.XSTREAM2.toXML(new ConfigurationContent(configured));
    }

    /** @throws RuntimeException when {@link #of} has not written the text */
    static Configured read(String content) {
        var read = (ConfigurationContent) Jenkins.XSTREAM2.fromXML(content);
        return new Configured(
                Lines.shown(read.artifactStores),
                read.defaults,
                Lines.shown(read.accounts),
                Lines.shown(read.roles),
                Lines.shown(read.environments),
                Lines.shown(read.services),
                Lines.shown(read.freezes),
                Lines.shown(read.aliases),
                TextList.shown(read.mailDomains),
                Lines.shown(read.evidenceKeys),
                Lines.shown(read.shared),
                read.adopt,
                read.settings,
                read.notifications);
    }
}
