package io.jenkins.plugins.serverlesspromotion.format;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.engine.policy.Freeze;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Gate;
import io.jenkins.plugins.serverlesspromotion.engine.policy.LaneRules;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy.Place;
import io.jenkins.plugins.serverlesspromotion.format.input.Durations;
import io.jenkins.plugins.serverlesspromotion.format.policy.PolicyCompiler;
import io.jenkins.plugins.serverlesspromotion.format.policy.PolicyReader;
import java.nio.charset.StandardCharsets;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.Test;

public class PolicyReaderTest {
    private static final String SMALLEST = """
            artifactStores: [ { name: main, bucket: acme-releases, region: eu-west-1, account: tools } ]
            accounts: [ { name: tools, id: "111111111111" }, { name: orders-dev, id: "222222222222" } ]
            environments: [ { name: dev } ]
            services: [ { name: orders, places: "orders-${environment}/eu-west-1" } ]
            """;

    private static final String FULL = """
            defaults:
              account: { credentialsId: release-base, externalId: acme, planRole: promotion-plan, deployRole: promotion-deploy }
              placements: [ { environment: "*", places: "${service}-${environment}/eu-west-1" } ]
            artifactStores:
              - { name: main, bucket: acme-releases, region: eu-west-1, account: tools }
              - { name: backup, bucket: acme-backup, region: us-west-2, account: tools }
            accounts:
              - { name: tools, id: "111111111111" }
              - { name: orders-dev, id: "222222222222", bucket: "code-${accountId}-${region}", testRole: team/promotion-test }
              - { name: orders-prod, id: 033333333333, deployRole: "arn:aws:iam::033333333333:role/x/deploy" }
            roles:
              - { name: release-managers, users: [ alice, dave ], groups: [ sre ] }
              - { name: on-call, users: erin }
            environments:
              - { name: prod, after: dev, rollback: { role: on-call }, gates: [ { approval: {
                  require: [ { role: release-managers, count: 2 }, { role: serviceOwner } ],
                  excludeRequesters: false, expiresAfter: 1h30m } } ] }
              - { name: dev }
            services:
              - name: orders
                owners: { users: [ carol ], groups: [ team-orders ] }
                jobs: [ { job: "team-orders/orders/*", may: [ publish, "request:dev", "rollback:prod" ] } ]
                placements:
                  - { environment: prod, waves: [ [ orders-prod/eu-west-1 ], [ orders-prod/us-west-2, orders-prod/us-east-1 ] ], pause: 30m }
                places: orders-dev/eu-central-1
            """;

    private static Policy read(String text) {
        return PolicyReader.read("policy.yaml", text.getBytes(StandardCharsets.UTF_8));
    }

    private static InputException refused(String text, String... says) {
        var e = assertThrows(InputException.class, () -> read(text));
        for (String part : says) {
            assertTrue(
                    "expected «" + part + "» in:\n" + e.getMessage(),
                    e.getMessage().contains(part));
        }
        return e;
    }

    /** The smallest policy with one text replaced. */
    private static void refusedWith(String from, String to, String... says) {
        assertTrue(SMALLEST.contains(from));
        refused(SMALLEST.replace(from, to), says);
    }

    private static Place place(String text) {
        return Place.parse(text);
    }

    @Test
    public void fourLinesAreAPolicy() {
        Policy policy = read(SMALLEST);
        assertEquals(
                new Policy.Store("main", "acme-releases", "eu-west-1", "tools"),
                policy.stores().get("main"));
        assertEquals(
                new Policy.Account(
                        "orders-dev",
                        "222222222222",
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        Policy.Account.DEFAULT_BUCKET),
                policy.accounts().get("orders-dev"));
        assertEquals(
                new Policy.Placement(List.of(List.of(place("orders-dev/eu-west-1"))), Duration.ZERO),
                policy.services().get("orders").placements().get("dev"));
        assertTrue(LaneRules.of(policy, "orders", "dev").isPresent());
        assertEquals(Map.of(), policy.roles());
    }

    @Test
    public void everyKeyIsRead() {
        Policy policy = read(FULL);
        assertEquals(List.of("main", "backup"), List.copyOf(policy.stores().keySet()));
        assertEquals(List.of("prod", "dev"), List.copyOf(policy.environments().keySet()));
        assertEquals(
                new Policy.Account(
                        "orders-dev",
                        "222222222222",
                        "release-base",
                        "acme",
                        "promotion-plan",
                        "promotion-deploy",
                        null,
                        "team/promotion-test",
                        "code-${accountId}-${region}"),
                policy.accounts().get("orders-dev"));
        assertEquals("033333333333", policy.accounts().get("orders-prod").id());
        assertEquals(
                "arn:aws:iam::033333333333:role/x/deploy",
                policy.accounts().get("orders-prod").deployRole());
        assertEquals(
                new Policy.Role("release-managers", Set.of("alice", "dave"), Set.of("sre")),
                policy.roles().get("release-managers"));
        assertEquals(
                new Policy.Environment(
                        "prod",
                        "dev",
                        List.of(new Gate.Approval(
                                List.of(
                                        new Gate.Requirement("release-managers", 2),
                                        new Gate.Requirement("serviceOwner", 1)),
                                false,
                                Duration.ofMinutes(90))),
                        new Gate.Requirement("on-call", 1)),
                policy.environments().get("prod"));
        Policy.Service orders = policy.services().get("orders");
        assertEquals(new Policy.Role("serviceOwner", Set.of("carol"), Set.of("team-orders")), orders.owners());
        assertEquals(
                List.of(new Policy.Grant("team-orders/orders/*", Set.of("publish", "request:dev", "rollback:prod"))),
                orders.jobs());
        assertEquals(
                new Policy.Placement(
                        List.of(
                                List.of(place("orders-prod/eu-west-1")),
                                List.of(place("orders-prod/us-west-2"), place("orders-prod/us-east-1"))),
                        Duration.ofMinutes(30)),
                orders.placements().get("prod"));
        assertEquals(
                List.of(place("orders-dev/eu-central-1")),
                orders.placements().get("dev").places());
    }

    @Test
    public void theDefaultsOfAnApprovalAreSafe() {
        Policy policy = read(SMALLEST.replace(
                        "{ name: dev }", "{ name: dev, gates: [ { approval: { require: [ { role: r } ] } } ] }")
                + "roles: [ { name: r, groups: [ g ] } ]\n");
        assertEquals(
                List.of(new Gate.Approval(List.of(new Gate.Requirement("r", 1)), true, Duration.ofHours(24))),
                policy.environments().get("dev").gates());
        assertNull(policy.environments().get("dev").rollback());
    }

    @Test
    public void serviceTemplatesKeepManyServicesFromBeingCopies() {
        Policy policy = read(FULL
                + "  - name: orders2\n    places: \"orders-${environment}/eu-west-1\"\n    owners: { users: u }\n");
        assertEquals(
                List.of(place("orders-prod/eu-west-1")),
                policy.services().get("orders2").placements().get("prod").places());
        refused(
                FULL + "  - { name: billing, owners: { users: u } }\n",
                "there is no account 'billing-dev' for service billing in dev",
                "policy.yaml:3: defaults.placements[0].places");
        Policy byDefault = read(FULL.replace("${service}-${environment}/eu", "orders-${environment}/eu")
                + "  - { name: billing, owners: { users: u } }\n");
        assertEquals(
                Set.of("dev", "prod"),
                byDefault.services().get("billing").placements().keySet());
    }

    @Test
    public void theWrapperOfConfigurationAsCodeIsTaken() {
        String wrapped =
                "jenkins: { systemMessage: x }\nunclassified:\n  location: { url: y }\n  serverlessPromotion:\n"
                        + FULL.replace("${", "^${").indent(4);
        assertEquals(read(FULL), read(wrapped));
        assertEquals(
                "settings and notifications are no part of the policy",
                read(FULL),
                read(wrapped + "    settings: { maxLoginAge: 4h }\n    notifications: { mail: \"${mail}\" }\n"));
        refused(wrapped.replace("erin", "[]"), "unclassified.serverlessPromotion.roles[on-call].users");
        refused("unclassified: { location: x }", "policy.yaml:1: unclassified: holds no serverlessPromotion");
    }

    /** Configuration as Code would put nothing there, and the controller would pause everything. */
    @Test
    public void aReferenceThatConfigurationAsCodeReplacesIsFoundWithItsLine() {
        String wrapped = "unclassified:\n  serverlessPromotion:\n" + FULL.indent(4);
        String message = assertThrows(InputException.class, () -> read(wrapped)).getMessage();
        assertEquals(
                List.of(
                        "policy.yaml:5: unclassified.serverlessPromotion.defaults.placements[0].places: has ${service},"
                                + " which Configuration as Code replaces by a variable of its own before the policy is"
                                + " read; write ^${service}",
                        "policy.yaml:5: unclassified.serverlessPromotion.defaults.placements[0].places: has"
                                + " ${environment}, which Configuration as Code replaces by a variable of its own before"
                                + " the policy is read; write ^${environment}",
                        "policy.yaml:11: unclassified.serverlessPromotion.accounts[orders-dev].bucket: has ${accountId},"
                                + " which Configuration as Code replaces by a variable of its own before the policy is"
                                + " read; write ^${accountId}",
                        "policy.yaml:11: unclassified.serverlessPromotion.accounts[orders-dev].bucket: has ${region},"
                                + " which Configuration as Code replaces by a variable of its own before the policy is"
                                + " read; write ^${region}"),
                message.lines().toList());
        String escaped = wrapped.replace("${", "^${");
        refused(escaped.replace("^${service}", "^^${service}"), "policy.yaml:5", "write ^${service}");
        refused(escaped.replace("alice", "\"${alice}\""), "policy.yaml:14", "has ${alice}");
        for (String own : List.of("${ADMIN}", "${ADMIN:-alice}", "${readFile:/run/secrets/admin}", "^${alice}")) {
            read(escaped.replace("alice", "\"" + own + "\""));
        }
        refused(
                FULL.replace("${service}", "^${service}"),
                "policy.yaml:3: defaults.placements[0].places: has ^${service}; the ^ belongs only into Configuration as"
                        + " Code");
    }

    @Test
    public void formsCompileToTheSamePolicyAndNamePathsInsteadOfLines() {
        var form = Map.<String, Object>of(
                "artifactStores",
                List.of(Map.of("name", "main", "bucket", "acme-releases", "region", "eu-west-1", "account", "tools")),
                "accounts",
                List.of(
                        Map.of("name", "tools", "id", "111111111111"),
                        Map.of("name", "orders-dev", "id", "222222222222")),
                "environments",
                List.of(Map.of("name", "dev")),
                "services",
                List.of(Map.of("name", "orders", "places", "orders-${environment}/eu-west-1")));
        assertEquals(read(SMALLEST), PolicyCompiler.compile(form, ""));
        var broken = Map.of(
                "environments",
                List.of(Map.of("name", "prod", "gates", List.of(Map.of("approval", Map.of("require", List.of()))))));
        var e = assertThrows(InputException.class, () -> PolicyCompiler.compile(broken, "policy"));
        assertTrue(
                e.getMessage(),
                e.getMessage().contains("policy.environments[prod].gates[0].approval.require: requires no one"));
        assertTrue(e.getMessage(), e.getMessage().contains("policy.accounts: is missing"));
        assertTrue(assertThrows(InputException.class, () -> PolicyCompiler.compile(Map.of("a", 1.5), ""))
                .getMessage()
                .startsWith("a: must be text"));
    }

    @Test
    public void everyErrorIsToldAtOnceWithLineAndKey() {
        var e = refused("""
                artifactStores: [ { name: main, bucket: Acme, region: europe, account: tool } ]
                accounts:
                  - { name: tools, id: 11111 }
                  - { name: dev, externalId: "a b", id: "222222222222", deployRole: "arn:aws:iam::333333333333:role/x" }
                  - { name: dev, id: "222222222222" }
                environments:
                  - { name: dev, after: prod }
                  - { name: prod, after: dev, gates: [ { approval: { require: [ { role: nobody, count: 0 } ], expiresAfter: 3w } } ] }
                frezes: []
                """);
        assertEquals(
                List.of(
                        "policy.yaml:1: artifactStores[main].bucket: 'Acme' is no bucket name; it has 3 to 63 lower-case"
                                + " letters, digits, dots or dashes",
                        "policy.yaml:1: artifactStores[main].region: 'europe' is not a region; write one such as eu-west-1",
                        "policy.yaml:1: artifactStores[main].account: there is no account 'tool'; known are dev",
                        "policy.yaml:3: accounts[tools].id: '11111' is no account id; write all 12 digits, in quotes",
                        "policy.yaml:4: accounts[dev].externalId: must be 2 to 1224 letters, digits or _ + = , . @ : / -",
                        "policy.yaml:4: accounts[dev].deployRole: is a role of account 333333333333, and this account is"
                                + " 222222222222",
                        "policy.yaml:5: accounts[dev]: a second account named 'dev', the first is in line 4; names must"
                                + " differ",
                        "policy.yaml:7: environments[dev].after: environments come after each other in a circle: dev → prod"
                                + " → dev; remove one 'after'",
                        "policy.yaml:8: environments[prod].gates[0].approval.require[0].role: there is no role 'nobody';"
                                + " known are serviceOwner",
                        "policy.yaml:8: environments[prod].gates[0].approval.require[0].count: must be a whole number from"
                                + " 1 to 100, not 0",
                        "policy.yaml:8: environments[prod].gates[0].approval.expiresAfter: '3w' is not a duration; write a"
                                + " number and a unit of d, h, m, s or ms, as in 30m or 1h30m",
                        "policy.yaml:9: frezes: unknown key 'frezes'; did you mean 'freezes'?"),
                e.problems().stream().map(Object::toString).toList());
    }

    private static final String GATES = """
            artifactStores: [ { name: main, bucket: acme-releases, region: eu-west-1, account: tools } ]
            accounts: [ { name: tools, id: "111111111111" }, { name: orders-dev, id: "222222222222" },
              { name: orders-prod, id: "444444444444" } ]
            environments:
              - { name: dev, supersede: true }
              - name: prod
                autoPromote: true
                gates:
                  - window: { days: [ fri, MONDAY, Tue ], from: "09:00", lastStart: "24:00", zone: Europe/Berlin, overrun: wait }
                  - window: { days: SAT, from: "22:00", lastStart: "02:00", zone: UTC }
                  - soak: { environment: dev, for: 2h }
                  - evidence: { type: tests, from: [ "job:team/orders/*", "user:alice" ], maxAge: 7d }
                  - ticket: "CHG[0-9]{7}"
                  - containsLive: true
            freezes:
              - { name: year-end, from: "2026-12-20", until: "2027-01-02T06:30", zone: Europe/Berlin,
                  environments: [ prod ], exempt: [ hotfix ] }
            services:
              - name: orders
                places: "orders-${environment}/eu-west-1"
                paths:
                  - { name: default, environments: [ dev, prod ] }
                  - { name: hotfix, branches: [ "hotfix/*" ], environments: [ prod ] }
            """;

    private static void gateRefused(String gate, String... says) {
        refused(GATES.replace("  - ticket: \"CHG[0-9]{7}\"", "  - " + gate), says);
    }

    @Test
    public void alarmsAreNamedWithServiceAndEnvironment() {
        Policy policy = read(GATES.replace(
                "  - ticket: \"CHG[0-9]{7}\"",
                "  - alarm: { names: [ \"${service}-errors\", \"load (${environment})\" ] }"));
        var gate = LaneRules.of(policy, "orders", "prod")
                .orElseThrow()
                .gates(Gate.Alarm.class)
                .findFirst()
                .orElseThrow();
        assertEquals(List.of("orders-errors", "load (prod)"), gate.in("orders", "prod"));
        gateRefused("alarm: {}", "alarm.names: is missing");
        gateRefused("alarm: { names: [] }", "must name 1 to 100 alarms");
        gateRefused(
                "alarm: { names: [ \"${account}-errors\" ] }", "only ${service} and ${environment} may stand in it");
        gateRefused("alarm: { names: [ \" \" ] }", "must not be empty");
        gateRefused("alarm: { names: \"" + "x".repeat(256) + "\" }", "is no name of an alarm");
    }

    private static final String KEYS = """
            evidenceKeys:
              - name: ci
                publicKey: |
                  -----BEGIN PUBLIC KEY-----
                  MCowBQYDK2VwAyEAGcmKz6O8lnPn5AkuYVtWtf5oX1ziQcLjUXsS3e0r0/0=
                  -----END PUBLIC KEY-----
            """;

    @Test
    public void keysOfEvidenceAreReadAndAGateNamesThemOnly() {
        Policy policy = read(GATES.replace("\"user:alice\"", "\"key:ci\"") + KEYS);
        assertEquals(
                "MCowBQYDK2VwAyEAGcmKz6O8lnPn5AkuYVtWtf5oX1ziQcLjUXsS3e0r0/0=",
                policy.evidenceKeys().get("ci").publicKey());
        assertEquals(
                policy.evidenceKeys(),
                LaneRules.of(policy, "orders", "prod").orElseThrow().evidenceKeys());
        assertEquals(
                Map.of(), LaneRules.of(policy, "orders", "dev").orElseThrow().evidenceKeys());
        refused(GATES.replace("\"user:alice\"", "\"key:cl\"") + KEYS, "there is no key 'cl' under 'evidenceKeys'");
        read(GATES.replace("\"user:alice\"", "\"key:*\""));
        refused(GATES + KEYS.replace("MCow", "MCox"), "evidenceKeys[ci].publicKey: is no Ed25519 or ECDSA P-256");
        refused(
                GATES + KEYS + KEYS.replace("evidenceKeys:\n", "").replace("name: ci", "name: other"),
                "evidenceKeys[other].publicKey: is the same key as 'ci'");
        refused(GATES + "evidenceKeys: [ { name: ci } ]", "publicKey: is missing");
    }

    @Test
    public void everyGateIsRead() {
        Policy policy = read(GATES);
        ZoneId berlin = ZoneId.of("Europe/Berlin");
        assertTrue(policy.environments().get("dev").supersede());
        assertNull(policy.environments().get("dev").arrival());
        assertEquals(Policy.Arrival.AUTOMATIC, policy.environments().get("prod").arrival());
        assertEquals(
                List.of(
                        new Gate.Window(
                                List.of(DayOfWeek.MONDAY, DayOfWeek.TUESDAY, DayOfWeek.FRIDAY),
                                LocalTime.of(9, 0),
                                LocalTime.MIDNIGHT,
                                berlin,
                                Gate.Overrun.WAIT),
                        new Gate.Window(
                                List.of(DayOfWeek.SATURDAY),
                                LocalTime.of(22, 0),
                                LocalTime.of(2, 0),
                                ZoneId.of("UTC"),
                                Gate.Overrun.FINISH),
                        new Gate.Soak("dev", Duration.ofHours(2)),
                        new Gate.Evidence("tests", List.of("job:team/orders/*", "user:alice"), Duration.ofDays(7)),
                        new Gate.Ticket("CHG[0-9]{7}"),
                        new Gate.ContainsLive()),
                policy.environments().get("prod").gates());
        var freeze = new Freeze(
                "year-end",
                LocalDateTime.parse("2026-12-20T00:00"),
                LocalDateTime.parse("2027-01-02T06:30"),
                berlin,
                List.of("prod"),
                List.of("hotfix"));
        assertEquals(Map.of("year-end", freeze), policy.freezes());
        assertEquals(
                List.of(), LaneRules.of(policy, "orders", "dev").orElseThrow().freezes());
        LaneRules prod = LaneRules.of(policy, "orders", "prod").orElseThrow();
        assertEquals(List.of(freeze), prod.freezes());
        assertEquals("dev", prod.route("main").orElseThrow().before());
        assertEquals("dev", prod.route(null).orElseThrow().before());
        assertNull(prod.route("hotfix/x").orElseThrow().before());
        assertFalse(LaneRules.of(policy, "orders", "dev")
                .orElseThrow()
                .route("hotfix/x")
                .orElseThrow()
                .leadsHere());
    }

    @Test
    public void whatIsWrongWithAGateIsSaidWithWhatToWrite() {
        gateRefused("ticket: \"CHG[\"", "gates[4].ticket: 'CHG[' is no regular expression");
        gateRefused("ticket: \"" + "a".repeat(201) + "\"", "longer than 200 characters");
        gateRefused("{ ticket: A, soak: { environment: dev, for: 2h } }", "more than one gate");
        gateRefused("window: {}", "window.days: is missing", "window.from: is missing", "window.zone: is missing");
        gateRefused(
                "window: { days: [], from: \"09:00\", lastStart: \"15:00\", zone: UTC }", "window.days: names no day");
        gateRefused(
                "window: { days: [ FRY ], from: 9, lastStart: \"25:00\", zone: CET, overrun: later }",
                "'FRY' is no day; write one of MON, TUE",
                "'9' is no time of day",
                "'25:00' is no time of day",
                "'CET' is no time zone",
                "must be finish");
        gateRefused(
                "window: { days: [ MON ], from: \"24:30\", lastStart: x, zone: Europe/Berln }",
                "'24:30' is no time",
                "did you mean 'Europe/Berlin'?");
        gateRefused("soak: { environment: stagin, for: 0s }", "there is no environment 'stagin'", "from 1m to 90d");
        gateRefused("evidence: { type: Tests, from: [ main ] }", "type of evidence 'Tests'", "'main' is no producer");
        gateRefused("evidence: { type: tests, from: [] }", "names no producer of evidence");
        gateRefused("dependency: {}", "the dependencies of a release are always checked");
        gateRefused("freeze: {}", "write it under 'freezes'");
        gateRefused("containsLive: false", "must be true; remove the gate");
        gateRefused("ticket: A\n      - ticket: B", "a second ticket gate");
    }

    @Test
    public void whoAuthorsAreAndWhetherTheyCountIsRead() {
        String text = GATES.replace(
                        "  - ticket: \"CHG[0-9]{7}\"",
                        "  - approval: { require: [ { role: r } ], excludeAuthors: true, comment: required }")
                + """
                roles: [ { name: r, users: [ alice ] } ]
                mailDomains: acme.net
                aliases: [ { user: alice, names: [ "Ali L", ali@home.net ] } ]
                """;
        Policy policy = read(text);
        var people = new Policy.People(Map.of("alice", Set.of("Ali L", "ali@home.net")), Set.of("acme.net"));
        assertEquals(people, policy.people());
        assertEquals(
                people, LaneRules.of(policy, "orders", "prod").orElseThrow().people());
        assertNull(
                "nothing to dev",
                LaneRules.of(policy, "orders", "dev").orElseThrow().people());
        var approval =
                LaneRules.of(policy, "orders", "prod").orElseThrow().approval().orElseThrow();
        assertEquals(Gate.Authors.BLOCK_UNMAPPED, approval.authors());
        assertEquals(Gate.Comment.REQUIRED, approval.comment());
        var ignoring = read(text.replace("excludeAuthors: true", "excludeAuthors: true, unmappedAuthors: ignore"));
        assertEquals(
                Gate.Authors.IGNORE_UNMAPPED,
                LaneRules.of(ignoring, "orders", "prod")
                        .orElseThrow()
                        .approval()
                        .orElseThrow()
                        .authors());
        refused(
                text.replace("excludeAuthors: true", "unmappedAuthors: ignore"),
                "has no effect without excludeAuthors");
        refused(text.replace("excludeAuthors: true", "excludeAuthors: true, unmappedAuthors: no"), "must be block or");
        refused(text.replace("comment: required", "comment: yes"), "must be optional or required, not 'yes'");
        refused(text.replace("mailDomains: acme.net", "mailDomains: \"@acme.net\""), "'@acme.net' is no domain");
        refused(text.replace("aliases: [", "aliases: [ { user: alice, names: x },"), "a second entry for 'alice'");
    }

    @Test
    public void aNewPatternThatCannotBeUsedIsRefusedWithItsPathAndWhatToWrite() {
        gateRefused(
                "ticket: \"CHG(?=[0-9]).*\"",
                "gates[4].ticket: 'CHG(?=[0-9]).*' has a look-ahead ((?=), which is not supported; write what the whole"
                        + " ticket looks like; write a pattern such as CHG[0-9]{7}");
        gateRefused("ticket: \"(A|B)\\\\1\"", "gates[4].ticket: '(A|B)\\1' has a back reference (\\1)");
        gateRefused("ticket: \"((A{99}){99}){99}\"", "repeats more than 10000 parts");
    }

    /** As a form or code has it, after an upgrade from a version that took more kinds of patterns. */
    @Test
    public void onlyAPatternThatIsInForceInTheSameEnvironmentIsTakenAgain() {
        Policy before = read(GATES);
        Policy.Environment prod = before.environments().get("prod");
        var gates = new ArrayList<Gate>(prod.gates());
        gates.replaceAll(gate -> gate instanceof Gate.Ticket ? new Gate.Ticket("(?=C).*") : gate);
        var glass = new Policy.BreakGlass(
                List.of(new Gate.Requirement("serviceOwner", 1)), Duration.ofHours(1), "(?=I).*", "serviceOwner");
        var environments = new LinkedHashMap<>(before.environments());
        environments.put(
                "prod", new Policy.Environment("prod", prod.after(), gates, prod.rollback(), false, null, glass));
        var inForce = new Policy(Map.of(), Map.of(), Map.of(), environments, Map.of());
        assertEquals(List.of(), problems("prod", "(?=C).*", inForce));
        assertEquals("of break-glass", List.of(), problems("prod", "(?=I).*", inForce));
        assertEquals(
                List.of(
                        "environments[dev].gates[0].ticket: '(?=C).*' has a look-ahead ((?=), which is not supported; write"
                                + " what the whole ticket looks like; write a pattern such as CHG[0-9]{7}"),
                problems("dev", "(?=C).*", inForce));
        assertEquals(1, problems("prod", "(?=D).*", inForce).size());
        assertEquals(1, problems("prod", "(?=C).*", null).size());
    }

    private static List<String> problems(String environment, String pattern, Policy inForce) {
        Object gate = Map.of("ticket", pattern);
        var policy = Map.of("environments", List.of(Map.of("name", environment, "gates", List.of(gate))));
        try {
            PolicyCompiler.compile(policy, "", inForce);
            return List.of();
        } catch (InputException e) {
            return e.problems().stream()
                    .map(Object::toString)
                    .filter(problem -> problem.contains("ticket"))
                    .toList();
        }
    }

    /** A repeated group of an expression recurses for each repetition. */
    @Test
    public void longTextsOverflowNoStack() {
        String job = "a/".repeat(100_000);
        for (Map<String, Object> policy : List.<Map<String, Object>>of(
                Map.of("mailDomains", List.of("a" + ".a".repeat(100_000) + "!")),
                Map.of("accounts", List.of(Map.of("name", "a", "id", "111111111111", "planRole", job + "!"))),
                Map.of(
                        "accounts",
                        List.of(Map.of(
                                "name",
                                "a",
                                "id",
                                "111111111111",
                                "planRole",
                                "arn:aws:iam::111111111111:role/" + job + "!"))),
                Map.of("services", List.of(Map.of("name", "a", "jobs", List.of(Map.of("job", job, "may", "publish"))))),
                Map.of(
                        "environments",
                        List.of(Map.of(
                                "name",
                                "a",
                                "gates",
                                List.of(Map.of("soak", Map.of("environment", "a", "for", "1s".repeat(100_000))))))))) {
            assertThrows(InputException.class, () -> PolicyCompiler.compile(policy, ""));
        }
    }

    @Test
    public void whoMayBreakTheGlassIsRead() {
        String glass =
                "breakGlass: { require: [ { role: r, count: 2 } ], timeBox: 30m, ticket: \"INC[0-9]+\", review: s }";
        String text = GATES.replace("autoPromote: true", glass)
                + "roles: [ { name: r, users: [ alice, bob ] }, { name: s, users: [ erin ] } ]\n";
        LaneRules prod = LaneRules.of(read(text), "orders", "prod").orElseThrow();
        assertEquals(
                new Policy.BreakGlass(List.of(new Gate.Requirement("r", 2)), Duration.ofMinutes(30), "INC[0-9]+", "s"),
                prod.environment().breakGlass());
        assertEquals(Set.of("r", "s"), prod.roles().keySet());
        Policy least = read(text.replace(", timeBox: 30m, ticket: \"INC[0-9]+\"", ""));
        assertEquals(
                new Policy.BreakGlass(List.of(new Gate.Requirement("r", 2)), Duration.ofHours(1), null, "s"),
                least.environments().get("prod").breakGlass());
        refused(text.replace(", review: s", ""), "breakGlass.review: is missing");
        refused(text.replace("review: s", "review: x"), "there is no role 'x'");
        refused(text.replace("count: 2", "count: 3"), "3 people of role 'r' are required");
        refused(text.replace("30m", "25h"), "from 1m to 1d");
        refused(text.replace("review: s", "review: serviceOwner"), "service 'orders' has no owners");
    }

    @Test
    public void whatIsWrongWithAFreezeIsSaidWithWhatToWrite() {
        refused(
                GATES.replace("\"2027-01-02T06:30\"", "\"2026-12-20T00:00\""),
                "freezes[year-end]: ends before it begins");
        refused(GATES.replace("2026-12-20\"", "2026-02-30\""), "freezes[year-end].from: '2026-02-30' is no day");
        assertEquals(
                "a leap day is one",
                1,
                read(GATES.replace("2026-12-20\"", "2024-02-29\"")).freezes().size());
        refused(GATES.replace("2026-12-20\"", "2027-02-29\""), "'2027-02-29' is no day");
        refused(GATES.replace("[ prod ], exempt", "[ pord ], exempt"), "there is no environment 'pord'");
        refused(GATES.replace("exempt: [ hotfix ]", "exempt: [ hotfx ]"), "there is no path 'hotfx'; did you mean");
    }

    @Test
    public void whatIsWrongWithAPathIsSaidWithWhatToWrite() {
        refused(GATES.replace(", branches: [ \"hotfix/*\" ]", ""), "is a second path without branches");
        refused(GATES.replace("[ dev, prod ]", "[ dev, staging ]"), "is not placed in 'staging'");
        refused(GATES.replace("[ dev, prod ]", "[ dev, dev ]"), "'dev' is on the path twice");
        refused(GATES.replace("[ dev, prod ]", "[]"), "leads nowhere");
        String onlyProd = GATES.replace(
                "places: \"orders-${environment}/eu-west-1\"",
                "placements: [ { environment: prod, places: orders-prod/eu-west-1 } ]");
        refused(onlyProd, "whose gate 'soak' asks about dev, but not in dev");
    }

    @Test
    public void whatTheDesignHasAndThisVersionHasNotIsSaidHonestly() {
        refusedWith(
                "{ name: dev }",
                "{ name: dev, gates: [ { approval: { maxLoginAge: 8h, require: [] } } ] }",
                "'maxLoginAge' is not supported",
                "requires no one");
    }

    @Test
    public void whatIsFoundInAPlanCanCallARole() {
        String roles = "roles: [ { name: r, users: [ alice, bob ] } ]\n";
        Policy policy = read(roles
                + SMALLEST.replace(
                        "{ name: dev }", "{ name: dev, riskNeeds: [ { finding: iamBroadening, role: r } ] }"));
        assertEquals(
                List.of(new Policy.RiskNeed("iamBroadening", new Gate.Requirement("r", 1))),
                policy.environments().get("dev").riskNeeds());
        assertEquals(
                Set.of("r"),
                LaneRules.of(policy, "orders", "dev").orElseThrow().roles().keySet());
        refusedWith(
                "{ name: dev }",
                "{ name: dev, riskNeeds: [ { finding: iamBroadning, role: r }, { role: nobody } ] }",
                "environments[dev].riskNeeds[0].finding: must be statefulDeletion or",
                "not 'iamBroadning'",
                "environments[dev].riskNeeds[1].finding: is missing; write a kind of finding",
                "'nobody'");
    }

    @Test
    public void aQuorumThatCanNeverBeReachedIsRefused() {
        String gate = "{ name: dev, gates: [ { approval: { require: [ { role: r, count: 2 } ] } } ] }";
        String approval = SMALLEST.replace("{ name: dev }", gate);
        refused(
                approval + "roles: [ { name: r, users: [ a ] } ]\n",
                "count: 2 people of role 'r' are required, and it names only 1 and no group");
        read(approval + "roles: [ { name: r, users: [ a ], groups: [ g ] } ]\n");
        read(approval + "roles: [ { name: r, users: [ a, b ] } ]\n");
        String owners = SMALLEST.replace("{ name: dev }", gate.replace("role: r", "role: serviceOwner"));
        refused(owners, "policy.yaml:4: services[orders]: service 'orders' has no owners, and dev requires them");
        refused(
                owners.replace("{ name: orders,", "{ name: orders, owners: { users: a },"),
                "names only 1 and no group");
        read(owners.replace("{ name: orders,", "{ name: orders, owners: { groups: a },"));
    }

    @Test
    public void aSecondApprovalGateIsRefusedBecauseOnlyTheFirstWouldBeAsked() {
        String approval = "{ approval: { require: [ { role: r } ] } }";
        refused(
                SMALLEST.replace("{ name: dev }", "{ name: dev, gates: [ " + approval + ", " + approval + " ] }")
                        + "roles: [ { name: r, users: [ a ] } ]\n",
                "environments[dev].gates[1]: a second approval gate");
    }

    @Test
    public void rolesNamePeople() {
        refused(SMALLEST + "roles: [ { name: r } ]\n", "roles[r]: names no one");
        refused(SMALLEST + "roles: [ { name: r, users: [] } ]\n", "users: is empty");
        refused(
                SMALLEST + "roles: [ { name: r, users: [ anonymous, SYSTEM ] } ]\n",
                "'anonymous'",
                "'SYSTEM' is a system account");
        refused(SMALLEST + "roles: [ { name: r, users: [ a, a, \" b\" ] } ]\n", "'a' is given twice", "without spaces");
        refused(SMALLEST + "roles: [ { name: serviceOwner, users: [ a ] } ]\n", "role 'serviceOwner' must be");
    }

    @Test
    public void placesReferToAccountsAndRegions() {
        refusedWith("eu-west-1\" }", "nowhere\" }", "'nowhere' is not a region");
        refusedWith("orders-${environment}/eu-west-1", "orders-${environment}", "must be ACCOUNT/REGION");
        refusedWith(
                "orders-${environment}/eu",
                "order-${environment}/eu",
                "there is no account 'order-dev'",
                "did you mean 'orders-dev'?");
        refusedWith(", places: \"orders-${environment}/eu-west-1\"", "", "service 'orders' is placed nowhere");
        refusedWith("places: \"orders-${environment}/eu-west-1\"", "placements: []", "at least one environment");
        refusedWith(
                "places: \"orders-${environment}/eu-west-1\"",
                "placements: [ { environment: dve, places: x }, { environment: dev, waves: [ [ orders-dev/eu-west-1 ], [ orders-dev/eu-west-1 ] ] }, { environment: dev, waves: [] } ]",
                "there is no environment 'dve'; did you mean 'dev'?",
                "orders-dev/eu-west-1 is given twice",
                "a second placement in dev");
        refusedWith(
                "places: \"orders-${environment}/eu-west-1\"",
                "placements: [ { environment: dev, waves: [ [] ], pause: 8d } ]",
                "must contain at least one place",
                "must be from 0s to 7d");
    }

    @Test
    public void aServiceCannotSkipTheEnvironmentThatComesBefore() {
        refused(
                SMALLEST.replace("[ { name: dev } ]", "[ { name: dev }, { name: prod, after: dev } ]")
                        .replace(
                                "places: \"orders-${environment}/eu-west-1\"",
                                "placements: [ { environment: prod, places: orders-dev/eu-west-1 } ]"),
                "service 'orders' is placed in prod, which comes after dev, but not in dev");
    }

    @Test
    public void jobsMayOnlyWhatThereIs() {
        refusedWith(
                "{ name: orders,",
                "{ name: orders, jobs: [ { job: /a, may: [ deploy, \"request:dve\", \"request:prod\" ] }, { may: publish } ],",
                "jobs[0].job: must be the full name of a job",
                "'deploy' is nothing a job may do",
                "is not placed in 'dve'; did you mean 'dev'?",
                "is not placed in 'prod'",
                "jobs[1].job: is missing");
    }

    @Test
    public void twoAccountsCannotHaveOneId() {
        refusedWith("222222222222", "111111111111", "account 'tools' has this id already");
    }

    @Test
    public void theStagingBucketIsOneOfItsRegion() {
        refusedWith(
                "{ name: tools,",
                "{ name: tools, checkHosts: [\"https://x\"],",
                "must be the name of a host, or *. and");
        refusedWith("{ name: tools,", "{ name: tools, bucket: fixed,", "must contain ${region}");
        refusedWith("{ name: tools,", "{ name: tools, bucket: \"A-${region}\",", "must be the name of a bucket");
    }

    @Test
    public void durationsInEveryForm() {
        assertEquals(Duration.ofDays(7), Durations.parse("7d"));
        assertEquals(Duration.ofMinutes(90), Durations.parse("1h30m"));
        assertEquals(Duration.ofSeconds(5), Durations.parse(" 5s "));
        assertEquals(Duration.ofMillis(250), Durations.parse("250ms"));
        assertEquals(Duration.ofHours(24), Durations.parse("PT24H"));
        assertEquals(Duration.ofDays(1), Durations.parse("P1D"));
        for (String text : List.of("", "24", "h", "-1h", "1.5h", "PT-1H", "P1Y", "PT", "1h 30m", "9999999999d", "1w")) {
            assertThrows(text, IllegalArgumentException.class, () -> Durations.parse(text));
        }
    }

    @Test
    public void sectionsThatAPolicyNeedsAreAskedFor() {
        refused("{}", "artifactStores: is missing", "accounts: is missing", "environments: is missing");
        refused(
                "artifactStores: []\naccounts: []\nenvironments: []\n",
                "artifactStores: must not be empty",
                "accounts: must not be empty",
                "environments: must not be empty");
        Policy unplaced = read(SMALLEST.substring(0, SMALLEST.indexOf("services")));
        assertFalse(LaneRules.of(unplaced, "orders", "dev").isPresent());
    }

    @Test
    public void theHostsThatChecksMayAskAreTheAccountsOwnOrTheCommonOnes() {
        Policy policy = read("""
                artifactStores: [ { name: main, bucket: acme-releases, region: eu-west-1, account: tools } ]
                accounts:
                  - { name: tools, id: "111111111111" }
                  - { name: orders-dev, id: "222222222222", checkHosts: Orders.dev.acme.net }
                defaults: { account: { checkHosts: [ "*.acme.com", "10.1.2.3" ] } }
                environments: [ { name: dev } ]
                """);
        assertEquals(
                List.of("*.acme.com", "10.1.2.3"),
                policy.accounts().get("tools").checkHosts());
        assertEquals(
                List.of("orders.dev.acme.net"),
                policy.accounts().get("orders-dev").checkHosts());
    }

    @Test
    public void anAccountCanTakeNoneOfTheDefaults() {
        String text = FULL.replace(
                "{ name: tools, id: \"111111111111\" }",
                "{ name: tools, id: \"111111111111\", withoutDefaults: true, credentialsId: other }");
        Policy policy = read(text);
        Policy.Account tools = policy.accounts().get("tools");
        assertEquals("other", tools.credentialsId());
        assertNull(tools.externalId());
        assertNull(tools.planRole());
        assertNull(tools.deployRole());
        assertEquals("promotion-plan", policy.accounts().get("orders-dev").planRole());
        assertEquals(
                "false takes them",
                "promotion-deploy",
                read(text.replace("true, credentialsId", "false, credentialsId"))
                        .accounts()
                        .get("tools")
                        .deployRole());
    }
}
