package io.jenkins.plugins.serverlesspromotion.controller.configuration;

import io.jenkins.plugins.serverlesspromotion.controller.notifications.NotificationsConfig;
import io.jenkins.plugins.serverlesspromotion.format.json.CanonicalDigests;
import java.util.List;
import java.util.Map;

/**
 * The whole configuration at one moment.
 *
 * @param givenSettings null where none are configured
 * @param notifications null: no one is notified
 */
record Configured(
        List<ArtifactStoreConfig> artifactStores,
        DefaultsConfig defaults,
        List<AccountConfig> accounts,
        List<RoleConfig> roles,
        List<EnvironmentConfig> environments,
        List<ServiceConfig> services,
        List<FreezeConfig> freezes,
        List<AliasConfig> aliases,
        TextList mailDomains,
        List<EvidenceKeyConfig> evidenceKeys,
        List<SharedConfig> shared,
        AdoptConfig adopt,
        SettingsConfig givenSettings,
        NotificationsConfig notifications) {
    static final Configured NOTHING = new Configured(
            List.of(),
            null,
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            TextList.of(),
            List.of(),
            List.of(),
            null,
            null,
            null);

    /** Never null. */
    SettingsConfig settings() {
        return givenSettings == null ? new SettingsConfig() : givenSettings;
    }

    /** Whether requests and messages would go to the same places of the network. */
    boolean reachesAsMuchAs(Configured other) {
        return settings().reachesAsMuchAs(other.settings())
                && NotificationsConfig.reachTheSame(notifications, other.notifications());
    }

    /** The policy, the settings and the notifications. Two configurations are the same when these are equal. */
    Map<String, Object> whole() {
        var whole = policy();
        whole.put("settings", settings().tree());
        if (notifications != null) {
            whole.put("notifications", notifications.tree());
        }
        return whole;
    }

    /** Changes exactly when {@link #whole} does. */
    String digest() {
        return CanonicalDigests.configuration(whole());
    }

    /** The policy in the shape of {@code policy.yaml}; empty when nothing of it is configured. */
    Map<String, Object> policy() {
        return new PolicyTree()
                .parts("artifactStores", artifactStores)
                .part("defaults", defaults)
                .parts("accounts", accounts)
                .parts("roles", roles)
                .parts("environments", environments)
                .parts("services", services)
                .parts("freezes", freezes)
                .parts("aliases", aliases)
                .texts("mailDomains", mailDomains.items())
                .parts("evidenceKeys", evidenceKeys)
                .parts("shared", shared)
                .part("adopt", adopt)
                .map();
    }
}
