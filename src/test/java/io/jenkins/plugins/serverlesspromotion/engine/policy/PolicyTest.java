package io.jenkins.plugins.serverlesspromotion.engine.policy;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertThrows;

import io.jenkins.plugins.serverlesspromotion.engine.policy.LaneRules.Route;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy.Place;
import io.jenkins.plugins.serverlesspromotion.format.policy.PolicyReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.Test;

/** What of a policy decides about one lane: approvals bind to exactly that, so nothing may be missing and nothing too much. */
public class PolicyTest {
    private static final String POLICY = """
            artifactStores: [ { name: main, bucket: acme-releases, region: eu-west-1, account: tools } ]
            accounts: [ { name: tools, id: "111111111111" }, { name: dev, id: "222222222222" },
              { name: staging, id: "333333333333" }, { name: prod, id: "444444444444" },
              { name: prod-us, id: "555555555555" } ]
            aliases: [ { user: dave, names: [ dave@home.net ] } ]
            evidenceKeys:
              - { name: ci, publicKey: MCowBQYDK2VwAyEAGcmKz6O8lnPn5AkuYVtWtf5oX1ziQcLjUXsS3e0r0/0= }
              - { name: lab, publicKey: MCowBQYDK2VwAyEAHcmKz6O8lnPn5AkuYVtWtf5oX1ziQcLjUXsS3e0r0/0= }
            roles: [ { name: managers, users: [ alice ] }, { name: on-call, users: [ erin ] },
              { name: security, users: [ sam ] }, { name: admins, users: [ ann ] }, { name: auditors, users: [ ada ] },
              { name: idle, users: [ x ] } ]
            environments:
              - { name: dev }
              - name: staging
                gates:
                  - approval: { require: [ { role: managers } ] }
              - name: prod
                gates:
                  - approval: { require: [ { role: managers }, { role: serviceOwner } ], excludeAuthors: true }
                  - evidence: { type: tests, from: [ "key:ci", "job:x" ] }
                rollback: { role: on-call }
                riskNeeds: [ { finding: iamBroadening, role: security } ]
                breakGlass: { require: [ { role: admins, count: 1 } ], timeBox: 1h, review: auditors }
            freezes:
              - { name: sale, from: "2026-12-01", until: "2026-12-05", zone: UTC, environments: [ prod ] }
              - { name: move, from: "2026-12-07", until: "2026-12-08", zone: UTC, environments: [ staging ] }
              - { name: year-end, from: "2026-12-20", until: "2027-01-02", zone: UTC }
            services:
              - name: orders
                owners: { users: [ carol ] }
                placements:
                  - { environment: prod, waves: [ [ "prod/eu-west-1" ], [ "prod-us/us-east-1" ] ] }
                  - { environment: staging, waves: [ [ "staging/eu-west-1" ] ] }
                paths:
                  - { name: default, environments: [ staging, prod ] }
                  - { name: hotfix, branches: [ "hotfix/*" ], environments: [ prod ] }
                  - { name: trial, branches: [ "trial/*" ], environments: [ staging ] }
              - { name: payments, owners: { users: [ paul ] }, places: "${environment}/eu-west-1" }
            """;

    private final Policy policy = PolicyReader.read("policy.yaml", POLICY.getBytes(StandardCharsets.UTF_8));

    @Test
    public void aLaneHasRulesWherePolicyPlacesTheServiceAndNowhereElse() {
        assertEquals(Optional.empty(), LaneRules.of(policy, "orders", "dev"));
        assertEquals(Optional.empty(), LaneRules.of(policy, "orders", "moon"));
        assertEquals(Optional.empty(), LaneRules.of(policy, "nothing", "prod"));
        LaneRules rules = LaneRules.of(policy, "orders", "prod").orElseThrow();
        assertEquals("orders", rules.service());
        assertEquals("prod", rules.environment().name());
        assertEquals(
                List.of(new Place("prod", "eu-west-1"), new Place("prod-us", "us-east-1")),
                rules.placement().places());
    }

    @Test
    public void whereAServiceMayGoIsNamedWhereItMayNot() {
        assertEquals(
                "policy does not place orders in moon; it places orders in staging, prod",
                policy.notPlaced("orders", "moon"));
        assertEquals(
                "policy does not place nothing in prod; add it under 'services' with its places. Its services are "
                        + String.join(", ", policy.services().keySet()),
                policy.notPlaced("nothing", "prod"));
        var unplaced = new Policy(
                Map.of(),
                Map.of(),
                Map.of(),
                policy.environments(),
                Map.of("orders", new Policy.Service("orders", null, List.of(), Map.of())));
        assertEquals(
                "policy does not place orders in prod; add it under 'services' with its places. The environments are "
                        + String.join(", ", policy.environments().keySet()),
                unplaced.notPlaced("orders", "prod"));
    }

    @Test
    public void theEnvironmentsOfAServiceAreInTheOrderOfThePolicy() {
        assertEquals(List.of("staging", "prod"), policy.environmentsOf("orders"));
        assertEquals(List.of("dev", "staging", "prod"), policy.environmentsOf("payments"));
        assertEquals(List.of(), policy.environmentsOf("nothing"));
    }

    @Test
    public void everyRoleThatAnyRuleOfTheEnvironmentNamesBelongsToTheLane() {
        LaneRules prod = LaneRules.of(policy, "orders", "prod").orElseThrow();
        assertEquals(
                Set.of("admins", "auditors", "managers", "on-call", "security", "serviceOwner"),
                prod.roles().keySet());
        assertEquals(Set.of("alice"), prod.roles().get("managers").users());
        assertEquals(
                "the owners are the service's own",
                Set.of("carol"),
                prod.roles().get("serviceOwner").users());
        LaneRules payments = LaneRules.of(policy, "payments", "prod").orElseThrow();
        assertEquals(Set.of("paul"), payments.roles().get("serviceOwner").users());
        assertEquals(
                Set.of("managers"),
                LaneRules.of(policy, "orders", "staging").orElseThrow().roles().keySet());
        assertEquals(
                Set.of(),
                LaneRules.of(policy, "payments", "dev").orElseThrow().roles().keySet());
    }

    @Test
    public void ofAccountsFreezesKeysAndPeopleOnlyWhatDecidesThere() {
        LaneRules prod = LaneRules.of(policy, "orders", "prod").orElseThrow();
        assertEquals(Set.of("prod", "prod-us"), prod.accounts().keySet());
        assertEquals("555555555555", prod.accounts().get("prod-us").id());
        assertEquals(
                List.of("sale", "year-end"),
                prod.freezes().stream().map(Freeze::name).toList());
        assertEquals(Set.of("ci"), prod.evidenceKeys().keySet());
        assertEquals(Set.of("dave"), prod.people().aliases().keySet());

        LaneRules staging = LaneRules.of(policy, "orders", "staging").orElseThrow();
        assertEquals(Set.of("staging"), staging.accounts().keySet());
        assertEquals(
                List.of("move", "year-end"),
                staging.freezes().stream().map(Freeze::name).toList());
        assertEquals(Set.of(), staging.evidenceKeys().keySet());
        assertEquals(
                "a requester may be stated by an address",
                Set.of("dave"),
                staging.people().aliases().keySet());
        assertNull(
                "no one decides there",
                LaneRules.of(policy, "payments", "dev").orElseThrow().people());
    }

    @Test
    public void eachPathSaysWhetherItLeadsHereAndFromWhere() {
        assertEquals(
                List.of(
                        new Route("default", List.of(), true, "staging"),
                        new Route("hotfix", List.of("hotfix/*"), true, null),
                        new Route("trial", List.of("trial/*"), false, null)),
                LaneRules.of(policy, "orders", "prod").orElseThrow().routes());
        assertEquals(
                List.of(
                        new Route("default", List.of(), true, null),
                        new Route("hotfix", List.of("hotfix/*"), false, null),
                        new Route("trial", List.of("trial/*"), true, null)),
                LaneRules.of(policy, "orders", "staging").orElseThrow().routes());
        assertEquals(
                List.of(),
                LaneRules.of(policy, "payments", "prod").orElseThrow().routes());
    }

    @Test
    public void theStagingBucketIsNamedAfterAccountAndRegion() {
        assertEquals(
                "serverless-promotion-555555555555-us-east-1",
                policy.accounts().get("prod-us").bucketIn("us-east-1"));
    }

    @Test
    public void aPlaceIsAnAccountAndARegion() {
        assertEquals(new Place("orders-prod", "eu-west-1"), Place.parse("orders-prod/eu-west-1"));
        for (String wrong : List.of("", "/", "orders-prod", "orders-prod/", "/eu-west-1", "a/b/c", "a/b/")) {
            String why = assertThrows(wrong, IllegalArgumentException.class, () -> Place.parse(wrong))
                    .getMessage();
            assertEquals("place '" + wrong + "' must be ACCOUNT/REGION, as in orders-prod/eu-west-1", why);
        }
        assertEquals(
                List.of("a/eu-west-1", "a/us-east-1", "b/eu-west-1"),
                Stream.of("b/eu-west-1", "a/us-east-1", "a/eu-west-1")
                        .map(Place::parse)
                        .sorted()
                        .map(Place::toString)
                        .toList());
    }
}
