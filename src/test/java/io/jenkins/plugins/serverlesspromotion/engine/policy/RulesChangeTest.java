package io.jenkins.plugins.serverlesspromotion.engine.policy;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.format.policy.PolicyReader;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.Test;

/** Which changes of a policy keep whoever made them from deciding where. */
public class RulesChangeTest {
    private static final Instant AT = Instant.parse("2026-11-21T12:00:00Z");
    private static final String POLICY = """
            artifactStores: [ { name: main, bucket: acme-releases, region: eu-west-1, account: tools } ]
            accounts: [ { name: tools, id: "111111111111" }, { name: dev, id: "222222222222" },
              { name: prod, id: "444444444444" } ]
            roles: [ { name: managers, users: [ alice ] }, { name: on-call, users: [ erin ] }, { name: idle, users: [ x ] } ]
            environments:
              - { name: dev }
              - name: prod
                gates:
                  - approval: { require: [ { role: managers }, { role: serviceOwner } ] }
                rollback: { role: on-call }
            freezes: [ { name: sale, from: "2026-12-01", until: "2026-12-05", zone: UTC, environments: [ prod ] } ]
            services:
              - { name: orders, owners: { users: [ carol ] }, places: "${environment}/eu-west-1" }
              - { name: payments, owners: { users: [ paul ] }, places: "${environment}/eu-west-1" }
            """;

    private static Policy read(String text) {
        return PolicyReader.read("policy.yaml", text.getBytes(StandardCharsets.UTF_8));
    }

    private static List<RulesChange> changed(String from, String to) {
        assertTrue(from, POLICY.contains(from));
        return RulesChange.between(read(POLICY), read(POLICY.replace(from, to)), "user:alice", AT);
    }

    private static RulesChange change(String environment, String service) {
        return new RulesChange(environment, service, "user:alice", AT);
    }

    @Test
    public void gatesRolesAndFreezesOfAnEnvironmentConcernAllOfIt() {
        var prod = List.of(change("prod", null));
        assertEquals(prod, changed("{ role: managers }", "{ role: managers, count: 1 }, { role: idle }"));
        assertEquals(prod, changed("users: [ alice ]", "users: [ alice, bob ]"));
        assertEquals(prod, changed("users: [ erin ]", "users: [ alice ]"));
        assertEquals(prod, changed("2026-12-05", "2026-12-04"));
        assertEquals(prod, changed("    rollback: { role: on-call }\n", ""));
        assertEquals(List.of(change("dev", null), change("prod", null)), changed(", environments: [ prod ]", ""));
    }

    @Test
    public void whoDecidesAboutFindingsAndBrokenGlassDecidesToo() {
        String more = """
                    riskNeeds: [ { finding: iamBroadening, role: security } ]
                    breakGlass: { require: [ { role: admins, count: 1 } ], timeBox: 1h, review: auditors }
                freezes:""".indent(0).stripTrailing();
        String roles = "roles: [ { name: security, users: [ sam ] }, { name: admins, users: [ ann ] },"
                + " { name: auditors, users: [ ada ] },";
        String strict = POLICY.replace("freezes:", more).replace("roles: [", roles);
        for (String of : List.of("sam", "ann", "ada")) {
            Policy after = read(strict.replace("users: [ " + of + " ]", "users: [ " + of + ", alice ]"));
            assertEquals(of, List.of(change("prod", null)), RulesChange.between(read(strict), after, "user:alice", AT));
        }
        assertEquals(List.of(), RulesChange.between(read(strict), read(strict), "user:alice", AT));
    }

    @Test
    public void ownersAndPathsConcernTheirServiceOnly() {
        assertEquals(List.of(change("prod", "orders")), changed("[ carol ]", "[ carol, alice ]"));
        assertEquals(
                List.of(change("dev", "orders"), change("prod", "orders")),
                changed("{ name: orders,", "{ name: orders, paths: [ { name: all, environments: [ dev, prod ] } ],"));
        assertEquals(
                List.of(change("prod", "extra")),
                changed(
                        "services:\n",
                        "services:\n  - { name: extra, owners: { users: [ alice ] }, places: \"${environment}/eu-west-1\" }\n"));
    }

    @Test
    public void whatDecidesNothingThereIsNoChange() {
        assertEquals(List.of(), changed("users: [ x ]", "users: [ y ]"));
        assertEquals(List.of(), changed("acme-releases", "acme-other"));
        assertEquals(
                List.of(), changed("{ name: tools, id: \"111111111111\" }", "{ name: tools, id: \"111111111112\" }"));
        assertEquals(List.of(), changed("eu-west-1\" }\n  - { name: pay", "us-east-1\" }\n  - { name: pay"));
    }

    /** Statements name requesters by addresses too: without the alias it would be nobody whom the gate knows. */
    @Test
    public void whoPeopleAreMattersWhereAnyoneDecides() {
        assertEquals(List.of(change("prod", null)), changed("freezes:", "mailDomains: [ acme.net ]\nfreezes:"));
    }

    @Test
    public void whoAuthorsAreMattersWhereTheyDoNotCount() {
        String strict = POLICY.replace("approval: { ", "approval: { excludeAuthors: true, ");
        Policy before = read(strict);
        Policy after = read(strict + "aliases: [ { user: dave, names: [ alice@acme.net ] } ]\n");
        assertEquals(List.of(change("prod", null)), RulesChange.between(before, after, "user:alice", AT));
        assertEquals("saved as it was", List.of(), RulesChange.between(after, after, "user:alice", AT));
    }

    @Test
    public void theKeysWhoseWordCountsAreRulesToo() {
        String keys = "evidenceKeys: [ { name: ci, publicKey: MCowBQYDK2VwAyEA"
                + "GcmKz6O8lnPn5AkuYVtWtf5oX1ziQcLjUXsS3e0r0/0= } ]\n";
        String asked =
                POLICY.replace("    gates:\n", "    gates:\n      - evidence: { type: tests, from: [ \"key:ci\" ] }\n");
        Policy before = read(asked + keys);
        Policy after = read(asked + keys.replace("GcmK", "HcmK"));
        assertEquals(List.of(change("prod", null)), RulesChange.between(before, after, "user:alice", AT));
        assertEquals(List.of(), RulesChange.between(read(POLICY), read(POLICY + keys), "user:alice", AT));
    }

    @Test
    public void aNewEnvironmentIsAChangeOfWhoeverMakesIt() {
        assertEquals(
                List.of(change("tools", null)),
                changed("  - { name: dev }\n", "  - { name: dev }\n  - { name: tools }\n"));
    }

    @Test
    public void itEndsAfterADayAndConcernsOnePerson() {
        RulesChange change = change("prod", "orders");
        assertTrue(change.excludes("alice"::equals, AT));
        assertTrue(change.excludes("alice"::equals, AT.minusSeconds(1)));
        assertTrue(change.excludes("alice"::equals, AT.plusSeconds(86_400).minusNanos(1)));
        assertFalse(change.excludes("alice"::equals, AT.plusSeconds(86_400)));
        assertFalse(change.excludes("bob"::equals, AT));
        assertTrue(change.concerns("orders", "prod"));
        assertFalse(change.concerns("orders", "dev"));
        assertFalse(change.concerns("payments", "prod"));
        assertTrue(change("prod", null).concerns("payments", "prod"));
    }
}
