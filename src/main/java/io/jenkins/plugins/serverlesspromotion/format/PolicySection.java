package io.jenkins.plugins.serverlesspromotion.format;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Every key that a policy can have, by the kind of map that it stands in. The compilers take no other, and what a form
 * offers is compared with this: a key that is not here is known nowhere.
 */
public enum PolicySection {
    POLICY(
            "artifactStores",
            "accounts",
            "roles",
            "environments",
            "services",
            "freezes",
            "aliases",
            "mailDomains",
            "evidenceKeys",
            "shared",
            "adopt",
            "defaults"),
    DEFAULTS("account", "placements"),
    ARTIFACT_STORE("name", "bucket", "region", "account"),
    /** {@code defaults.account}: what is not an account's own. */
    ACCOUNT_DEFAULTS(
            "credentialsId",
            "externalId",
            "planRole",
            "deployRole",
            "executionRole",
            "testRole",
            "bucket",
            "checkHosts",
            "alarms"),
    ACCOUNT(with(ACCOUNT_DEFAULTS, "name", "id"), Map.of()),
    ROLE("name", "users", "groups"),
    /** {@code owners} of a service. */
    PEOPLE("users", "groups"),
    ENVIRONMENT(
            List.of("name", "after", "gates", "rollback", "supersede", "autoPromote", "breakGlass", "riskNeeds"),
            Map.of("freezes", "freezes stand beside 'environments' in the policy, not inside one")),
    /** One entry of {@code gates}: exactly one of these, with its own map. */
    GATE(
            List.of("approval", "window", "soak", "evidence", "ticket", "containsLive", "alarm"),
            Map.of(
                    "freeze", "a freeze is no gate of an environment; write it under 'freezes' of the policy",
                    "dependency", "what a release requires is always asked for; remove the gate 'dependency'")),
    APPROVAL(
            List.of("require", "excludeRequesters", "excludeAuthors", "unmappedAuthors", "comment", "expiresAfter"),
            Map.of("maxLoginAge", "'maxLoginAge' is" + Constants.LATER)),
    WINDOW("days", "from", "lastStart", "zone", "overrun"),
    SOAK("environment", "for"),
    EVIDENCE("type", "from", "maxAge"),
    TICKET("pattern"),
    CONTAINS_LIVE,
    ALARM("names"),
    /** So many people of a role: in {@code require}, and as {@code rollback}. */
    REQUIREMENT("role", "count"),
    BREAK_GLASS("require", "timeBox", "ticket", "review"),
    RISK_NEED("finding", "role", "count"),
    FREEZE("name", "from", "until", "zone", "environments", "exempt"),
    ALIAS("user", "names"),
    EVIDENCE_KEY("name", "publicKey"),
    SERVICE(
            List.of("name", "owners", "jobs", "places", "placements", "paths", "owns"),
            Map.of("pullRequests", "publishing from pull requests is" + Constants.LATER)),
    /** What belongs to a service in AWS. */
    OWNS("environment", "stacks", "functions", "buckets", "distributions"),
    /** Test functions that several services may invoke. */
    SHARED("functions", "accounts", "services"),
    ADOPT("mode", "until"),
    GRANT("job", "may"),
    PLACEMENT("environment", "waves", "places", "pause"),
    PATH("name", "branches", "environments");

    private final List<String> keys;
    private final Map<String, String> refused;

    PolicySection(String... keys) {
        this(List.of(keys), Map.of());
    }

    PolicySection(List<String> keys, Map<String, String> refused) {
        this.keys = keys;
        this.refused = refused;
    }

    /** In the order in which they are told. */
    public List<String> keys() {
        return keys;
    }

    /** What to say about keys that somebody may well expect here. */
    Map<String, String> refused() {
        return refused;
    }

    private static List<String> with(PolicySection section, String... first) {
        var all = new ArrayList<>(List.of(first));
        all.addAll(section.keys);
        return List.copyOf(all);
    }

    /** An enum's constants cannot refer to static fields of their own class. */
    private static final class Constants {
        static final String LATER = " not supported by this version; remove it";
    }
}
