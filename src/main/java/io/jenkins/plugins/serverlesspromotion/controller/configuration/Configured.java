package io.jenkins.plugins.serverlesspromotion.controller.configuration;

import java.util.List;
import java.util.Map;

/**
 * Everything that is configured, at one moment.
 *
 * @param givenSettings null where nothing is said about them
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
        Texts mailDomains,
        List<EvidenceKeyConfig> evidenceKeys,
        SettingsConfig givenSettings) {
    static final Configured NOTHING = new Configured(
            List.of(),
            null,
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            Texts.of(),
            List.of(),
            null);

    /** Never null. */
    SettingsConfig settings() {
        return givenSettings == null ? new SettingsConfig() : givenSettings;
    }

    /** The policy in the shape of {@code policy.yaml}; empty when nothing of it is configured. */
    Map<String, Object> policy() {
        return new Tree()
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
                .map();
    }
}
