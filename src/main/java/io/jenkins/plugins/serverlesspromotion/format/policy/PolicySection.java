package io.jenkins.plugins.serverlesspromotion.format.policy;

import static io.jenkins.plugins.serverlesspromotion.format.input.KeyTable.Key.optional;
import static io.jenkins.plugins.serverlesspromotion.format.input.KeyTable.Key.required;
import static io.jenkins.plugins.serverlesspromotion.format.input.KeyTable.ValueType.FILLED;
import static io.jenkins.plugins.serverlesspromotion.format.input.KeyTable.ValueType.FLAG;
import static io.jenkins.plugins.serverlesspromotion.format.input.KeyTable.ValueType.TEXT;

import io.jenkins.plugins.serverlesspromotion.engine.plan.Risk;
import io.jenkins.plugins.serverlesspromotion.engine.release.Names;
import io.jenkins.plugins.serverlesspromotion.format.input.KeyTable;
import io.jenkins.plugins.serverlesspromotion.format.input.KeyTable.Rule.AtLeastOne;
import io.jenkins.plugins.serverlesspromotion.format.input.KeyTable.Rule.ExactlyOne;
import io.jenkins.plugins.serverlesspromotion.format.input.KeyTable.Rule.Needs;
import io.jenkins.plugins.serverlesspromotion.format.input.KeyTable.ValueType;
import io.jenkins.plugins.serverlesspromotion.format.input.KeyTable.ValueType.Constant;
import io.jenkins.plugins.serverlesspromotion.format.input.KeyTable.ValueType.Either;
import io.jenkins.plugins.serverlesspromotion.format.input.KeyTable.ValueType.ListOf;
import io.jenkins.plugins.serverlesspromotion.format.input.KeyTable.ValueType.MapOf;
import io.jenkins.plugins.serverlesspromotion.format.input.KeyTable.ValueType.OneOrMore;
import io.jenkins.plugins.serverlesspromotion.format.input.KeyTable.ValueType.Text;
import io.jenkins.plugins.serverlesspromotion.format.input.KeyTable.ValueType.Whole;
import io.jenkins.plugins.serverlesspromotion.format.input.KeyTable.ValueType.Words;
import io.jenkins.plugins.serverlesspromotion.format.input.TextPatterns;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Every key of a policy, by the kind of map that contains it; inner maps come first. The compilers accept no other key,
 * and a test compares the keys of the form with this table.
 */
public enum PolicySection implements KeyTable {
    ARTIFACT_STORE(
            required("name", Constants.NAME),
            required("bucket", new Text(TextPatterns.BUCKET)),
            required("region", new Text(Names.REGION)),
            required("account", TEXT)),
    /** {@code defaults.account}: settings that accounts share. */
    ACCOUNT_DEFAULTS(
            optional("credentialsId", FILLED),
            optional("externalId", new Text(TextPatterns.EXTERNAL_ID)),
            optional("planRole", Constants.IAM_ROLE),
            optional("deployRole", Constants.IAM_ROLE),
            optional("executionRole", Constants.IAM_ROLE),
            optional("testRole", Constants.IAM_ROLE),
            optional("bucket", new Text(TextPatterns.CODE_BUCKET)),
            optional("checkHosts", new OneOrMore(FILLED, 0)),
            optional("alarms", new OneOrMore(new Text(TextPatterns.ALARM_ARN), 0))),
    ACCOUNT(
            with(
                    ACCOUNT_DEFAULTS,
                    required("name", Constants.NAME),
                    required("id", new Text(Names.ACCOUNT_ID)),
                    optional("withoutDefaults", FLAG)),
            Map.of()),
    ROLE(
            List.of(
                    required("name", Constants.NAME),
                    optional("users", new OneOrMore(FILLED, 1)),
                    optional("groups", new OneOrMore(FILLED, 1))),
            Map.of(),
            new AtLeastOne(List.of("users", "groups"))),
    /** {@code owners} of a service. */
    PEOPLE(optional("users", new OneOrMore(FILLED, 1)), optional("groups", new OneOrMore(FILLED, 1))),
    /** A number of people of a role: in {@code require}, and as {@code rollback}. */
    REQUIREMENT(required("role", TEXT), optional("count", Constants.PEOPLE)),
    APPROVAL(
            List.of(
                    required("require", new ListOf(new MapOf(REQUIREMENT), 1)),
                    optional("excludeRequesters", FLAG),
                    optional("excludeAuthors", FLAG),
                    optional("unmappedAuthors", new Words("block", "ignore")),
                    optional("comment", new Words("optional", "required")),
                    optional("expiresAfter", Constants.DURATION)),
            Map.of("maxLoginAge", "'maxLoginAge' is" + Constants.LATER),
            new Needs("unmappedAuthors", "excludeAuthors")),
    WINDOW(
            required("days", new OneOrMore(new Text(TextPatterns.DAY), 1)),
            required("from", new Text(TextPatterns.CLOCK)),
            required("lastStart", new Text(TextPatterns.CLOCK)),
            required("zone", new Text(TextPatterns.ZONE)),
            optional("overrun", new Words("finish", "wait"))),
    SOAK(required("environment", FILLED), required("for", Constants.DURATION)),
    EVIDENCE(
            required("type", Constants.NAME),
            required("from", new OneOrMore(new Text(TextPatterns.PRODUCER), 1)),
            optional("maxAge", Constants.DURATION)),
    TICKET(required("pattern", FILLED)),
    CONTAINS_LIVE,
    /** The maximum is that of one call of DescribeAlarms. */
    ALARM(required("names", new OneOrMore(FILLED, 1, 100))),
    /** One entry of {@code gates}: exactly one of these, with its own map. */
    GATE(
            List.of(
                    optional("approval", new MapOf(APPROVAL)),
                    optional("window", new MapOf(WINDOW)),
                    optional("soak", new MapOf(SOAK)),
                    optional("evidence", new MapOf(EVIDENCE)),
                    optional("ticket", new Either(FILLED, new MapOf(TICKET))),
                    optional("containsLive", new Either(new Constant(true), new MapOf(CONTAINS_LIVE))),
                    optional("alarm", new MapOf(ALARM))),
            Map.of(
                    "freeze", "a freeze is no gate of an environment; write it under 'freezes' of the policy",
                    "dependency", "the dependencies of a release are always checked; remove the gate 'dependency'"),
            new ExactlyOne(List.of("approval", "window", "soak", "evidence", "ticket", "containsLive", "alarm"))),
    BREAK_GLASS(
            required("require", new ListOf(new MapOf(REQUIREMENT), 1)),
            optional("timeBox", Constants.DURATION),
            optional("ticket", new Either(FILLED, new MapOf(TICKET))),
            required("review", TEXT)),
    RISK_NEED(required("finding", new Words(Risk.KINDS)), required("role", TEXT), optional("count", Constants.PEOPLE)),
    ENVIRONMENT(
            List.of(
                    required("name", Constants.NAME),
                    optional("after", FILLED),
                    optional("gates", new ListOf(new MapOf(GATE), 0)),
                    optional("rollback", new MapOf(REQUIREMENT)),
                    optional("supersede", FLAG),
                    optional("autoPromote", FLAG),
                    optional("breakGlass", new MapOf(BREAK_GLASS)),
                    optional("riskNeeds", new ListOf(new MapOf(RISK_NEED), 0))),
            Map.of("freezes", "freezes stand beside 'environments' in the policy, not inside one")),
    FREEZE(
            required("name", Constants.NAME),
            required("from", new Text(TextPatterns.MOMENT)),
            required("until", new Text(TextPatterns.MOMENT)),
            required("zone", new Text(TextPatterns.ZONE)),
            optional("environments", new OneOrMore(FILLED, 1)),
            optional("exempt", new OneOrMore(FILLED, 1))),
    ALIAS(required("user", FILLED), required("names", new OneOrMore(FILLED, 0))),
    EVIDENCE_KEY(required("name", Constants.NAME), required("publicKey", FILLED)),
    /** The resources of a service in AWS. */
    OWNS(
            List.of(
                    optional("environment", FILLED),
                    optional("stacks", new OneOrMore(FILLED, 0)),
                    optional("functions", new OneOrMore(FILLED, 0)),
                    optional("buckets", new OneOrMore(FILLED, 0)),
                    optional("distributions", new OneOrMore(FILLED, 0))),
            Map.of(),
            new AtLeastOne(List.of("stacks", "functions", "buckets", "distributions"))),
    /** Test functions that several services may invoke. */
    SHARED(
            required("functions", new OneOrMore(FILLED, 0)),
            optional("accounts", new OneOrMore(FILLED, 0)),
            optional("services", new OneOrMore(FILLED, 0))),
    ADOPT(required("mode", new Words("warn")), required("until", new Text(TextPatterns.DATE))),
    GRANT(required("job", new Text(TextPatterns.JOB)), required("may", new OneOrMore(new Text(TextPatterns.GRANT), 0))),
    PLACEMENT(
            List.of(
                    required("environment", TEXT),
                    optional("waves", new ListOf(Constants.PLACES, 1)),
                    optional("places", Constants.PLACES),
                    optional("pause", Constants.DURATION)),
            Map.of(),
            new ExactlyOne(List.of("waves", "places"))),
    PATH(
            required("name", Constants.NAME),
            optional("branches", new OneOrMore(FILLED, 1)),
            required("environments", new OneOrMore(FILLED, 1))),
    SERVICE(
            List.of(
                    required("name", Constants.NAME),
                    optional("owners", new MapOf(PEOPLE)),
                    optional("jobs", new ListOf(new MapOf(GRANT), 0)),
                    optional("places", Constants.PLACES),
                    optional("placements", new ListOf(new MapOf(PLACEMENT), 0)),
                    optional("paths", new ListOf(new MapOf(PATH), 1, PolicySection.MOST)),
                    optional("owns", new ListOf(new MapOf(OWNS), 0))),
            Map.of("pullRequests", "publishing from pull requests is" + Constants.LATER)),
    DEFAULTS(
            optional("account", new MapOf(ACCOUNT_DEFAULTS)),
            optional("placements", new ListOf(new MapOf(PLACEMENT), 0))),
    POLICY(
            required("artifactStores", new ListOf(new MapOf(ARTIFACT_STORE), 1, PolicySection.MOST)),
            required("accounts", new ListOf(new MapOf(ACCOUNT), 1, PolicySection.MOST)),
            optional("roles", new ListOf(new MapOf(ROLE), 0, PolicySection.MOST)),
            required("environments", new ListOf(new MapOf(ENVIRONMENT), 1, PolicySection.MOST_ENVIRONMENTS)),
            optional("services", new ListOf(new MapOf(SERVICE), 0, PolicySection.MOST)),
            optional("freezes", new ListOf(new MapOf(FREEZE), 0, PolicySection.MOST)),
            optional("aliases", new ListOf(new MapOf(ALIAS), 0)),
            optional("mailDomains", new OneOrMore(new Text(TextPatterns.DOMAIN), 0)),
            optional("evidenceKeys", new ListOf(new MapOf(EVIDENCE_KEY), 0, PolicySection.MOST)),
            optional("shared", new ListOf(new MapOf(SHARED), 0)),
            optional("adopt", new MapOf(ADOPT)),
            optional("defaults", new MapOf(DEFAULTS)));

    /** More than this is a mistake; it also limits the product of services and environments. */
    static final int MOST = 2_000;

    static final int MOST_ENVIRONMENTS = 50;

    private final List<Key> members;
    private final Map<String, String> refused;
    private final List<Rule> rules;

    PolicySection(Key... members) {
        this(List.of(members), Map.of());
    }

    PolicySection(List<Key> members, Map<String, String> refused, Rule... rules) {
        this.members = members;
        this.refused = refused;
        this.rules = List.of(rules);
    }

    @Override
    public List<Key> members() {
        return members;
    }

    /** In the order in which messages name them. */
    @Override
    public List<String> keys() {
        return members.stream().map(Key::name).toList();
    }

    @Override
    public Map<String, String> refused() {
        return refused;
    }

    @Override
    public List<Rule> rules() {
        return rules;
    }

    private static List<Key> with(PolicySection section, Key... first) {
        var all = new ArrayList<>(List.of(first));
        all.addAll(section.members);
        return List.copyOf(all);
    }

    /** An enum's constants cannot refer to static fields of their own class. */
    private static final class Constants {
        static final String LATER = " not supported by this version; remove it";
        static final ValueType NAME = new Text(Names.NAME);
        static final ValueType PEOPLE = new Whole(1, 100);
        static final ValueType PLACES = new OneOrMore(new Text(TextPatterns.PLACE), 1);
        static final ValueType DURATION = new Text(TextPatterns.DURATION);
        static final ValueType IAM_ROLE = new Text(TextPatterns.ROLE);
    }
}
