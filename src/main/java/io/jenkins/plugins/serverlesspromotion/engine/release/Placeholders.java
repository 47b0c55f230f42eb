package io.jenkins.plugins.serverlesspromotion.engine.release;

import java.util.Optional;

/**
 * The names that every text of a manifest may refer to besides its own variables and outputs of targets.
 *
 * @param account name of the account in the policy
 * @param accountId 12 digits
 */
public record Placeholders(
        String service, String version, String environment, String account, String accountId, String region) {
    /** Empty when {@code name} is none of them. */
    public Optional<String> value(String name) {
        return Optional.ofNullable(
                switch (name) {
                    case "environment" -> environment;
                    case "account" -> account;
                    case "accountId" -> accountId;
                    case "region" -> region;
                    case "service" -> service;
                    case "version" -> version;
                    default -> null;
                });
    }
}
