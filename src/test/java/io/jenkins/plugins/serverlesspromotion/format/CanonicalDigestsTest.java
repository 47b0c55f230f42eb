package io.jenkins.plugins.serverlesspromotion.format;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Gate;
import io.jenkins.plugins.serverlesspromotion.engine.policy.LaneRules;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.engine.release.Artifact;
import io.jenkins.plugins.serverlesspromotion.engine.release.CacheRule;
import io.jenkins.plugins.serverlesspromotion.engine.release.ContentTypeRule;
import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest;
import io.jenkins.plugins.serverlesspromotion.engine.release.Release;
import io.jenkins.plugins.serverlesspromotion.format.json.CanonicalDigests;
import io.jenkins.plugins.serverlesspromotion.format.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.Test;

public class CanonicalDigestsTest {
    private final CanonicalDigests digests = new CanonicalDigests();

    private static Release release(String version) {
        var manifest = new Manifest("orders", Map.of(), List.of(), List.of(), List.of());
        return new Release("orders", version, manifest, List.of(new Artifact("a.yaml", "0".repeat(64), 1)));
    }

    @Test
    public void aReleasesDigestIsOfItsCanonicalJson() {
        String json = "{\"release\":{\"artifacts\":[{\"path\":\"a.yaml\",\"sha256\":\"" + "0".repeat(64)
                + "\",\"size\":1}],\"manifest\":{\"requires\":[],\"service\":\"orders\",\"targets\":[],\"variables\":{},"
                + "\"verify\":[]},\"service\":\"orders\",\"version\":\"1.0\"}}";
        assertEquals(CanonicalDigests.sha256(json.getBytes(StandardCharsets.UTF_8)), digests.release(release("1.0")));
        assertNotEquals(digests.release(release("1.0")), digests.release(release("1.1")));
    }

    @Test
    public void whatATargetDoesNotSayIsNotInItsReleaseSoThatOlderReleasesKeepTheirDigests() {
        String site = "{\"after\":[],\"bucket\":\"b\",\"directory\":\"d\",\"name\":\"web\",\"regions\":[],"
                + "\"type\":\"site\"}";
        var target = new Manifest.Site("web", List.of(), List.of(), "d", "b", null);
        assertEquals(
                "{\"requires\":[],\"service\":\"o\",\"targets\":[" + site + "],\"variables\":{},\"verify\":[]}",
                new String(
                        Json.canonical(new Manifest("o", Map.of(), List.of(target), List.of(), List.of())),
                        StandardCharsets.UTF_8));
        assertEquals(target, Json.read(site.getBytes(StandardCharsets.UTF_8), Manifest.Target.class));
        var ruled = new Manifest.Site(
                "web",
                List.of(),
                List.of(),
                "d",
                "b",
                null,
                null,
                null,
                List.of(new CacheRule("a/**", "no-store")),
                List.of(new ContentTypeRule("*.x", "a/b")));
        String more = site.replace(
                "\"bucket\":\"b\",",
                "\"bucket\":\"b\",\"cache\":[{\"control\":\"no-store\","
                        + "\"files\":\"a/**\"}],\"contentTypes\":[{\"files\":\"*.x\",\"type\":\"a/b\"}],");
        assertEquals(more, new String(Json.canonical(ruled), StandardCharsets.UTF_8));
        assertEquals(ruled, Json.read(more.getBytes(StandardCharsets.UTF_8), Manifest.Target.class));
        String stack = "{\"after\":[],\"capabilities\":[],\"name\":\"api\",\"parameters\":{},\"regions\":[],"
                + "\"stack\":\"s\",\"tags\":{},\"template\":\"t\",\"type\":\"cloudFormation\"}";
        assertEquals(
                new Manifest.CloudFormation("api", List.of(), List.of(), "t", "s", List.of(), Map.of(), Map.of()),
                Json.read(stack.getBytes(StandardCharsets.UTF_8), Manifest.Target.class));
    }

    @Test
    public void sha256IsTheOneOfFips180() {
        assertEquals(
                "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
                CanonicalDigests.sha256("abc".getBytes(StandardCharsets.US_ASCII)));
    }

    private static Plan.TargetPlan target(Map<String, String> values, Map<String, String> handles) {
        var content = new Plan.Content(
                Plan.Exactness.EXACT, "orders", "sha256:t", null, values, Map.of(), List.of(), List.of());
        return new Plan.TargetPlan(
                new Policy.Place("orders-dev", "eu-west-1"), "api", "cloudformation", 0, List.of(), content, handles);
    }

    @Test
    public void aPlansDigestIgnoresWhereItsChangeSetLives() {
        String one = digests.plan(List.of(target(Map.of("A", "1"), Map.of("changeSet", "arn:1"))));
        assertEquals(one, digests.plan(List.of(target(Map.of("A", "1"), Map.of("changeSet", "arn:2")))));
        assertNotEquals(one, digests.plan(List.of(target(Map.of("A", "2"), Map.of("changeSet", "arn:1")))));
        assertNotEquals(one, digests.plan(List.of()));
    }

    private static LaneRules rules(Set<String> users) {
        var environment = new Policy.Environment(
                "prod",
                null,
                List.of(new Gate.Approval(List.of(new Gate.Requirement("managers", 1)), true, Duration.ofHours(24))),
                null);
        var placement = new Policy.Placement(List.of(List.of(new Policy.Place("a", "eu-west-1"))), Duration.ZERO);
        return new LaneRules(
                "orders",
                environment,
                placement,
                Map.of("managers", new Policy.Role("managers", users, Set.of())),
                Map.of());
    }

    @Test
    public void aRulesDigestDoesNotDependOnTheOrderInWhichASetHappensToIterate() {
        // Set.copyOf iterates in an order that changes with every start of the JVM.
        String json = new String(Json.canonical(rules(Set.of("dave", "alice", "erin", "bob"))), StandardCharsets.UTF_8);
        assertTrue(json, json.contains("\"users\":[\"alice\",\"bob\",\"dave\",\"erin\"]"));
        assertEquals(
                CanonicalDigests.sha256(("{\"rules\":" + json + "}").getBytes(StandardCharsets.UTF_8)),
                digests.rules(rules(Set.of("dave", "alice", "erin", "bob"))));
        assertNotEquals(digests.rules(rules(Set.of("alice"))), digests.rules(rules(Set.of("alicf"))));
    }

    @Test
    public void aPolicysDigestKnowsWhichStoreAndEnvironmentComeFirst() {
        assertNotEquals(digests.policy(policy("dev", "prod")), digests.policy(policy("prod", "dev")));
        assertEquals(digests.policy(policy("dev", "prod")), digests.policy(policy("dev", "prod")));
    }

    private static Policy policy(String... environments) {
        var map = new LinkedHashMap<String, Policy.Environment>();
        for (String name : environments) {
            map.put(name, new Policy.Environment(name, null, List.of(), null));
        }
        return new Policy(Map.of(), Map.of(), Map.of(), map, Map.of());
    }
}
