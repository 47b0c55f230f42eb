package io.jenkins.plugins.serverlesspromotion.aws;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.aws.context.TargetInstances;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy.Place;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy.Placement;
import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.Test;

/** Targets over waves and places. */
public class TargetInstancesTest {
    private static final Placement PLACEMENT = new Placement(
            List.of(
                    List.of(new Place("a", "eu-west-1")),
                    List.of(new Place("a", "us-west-2"), new Place("b", "eu-west-1"))),
            Duration.ZERO);

    private static Manifest.CloudFormation stack(
            String name, List<String> after, List<String> regions, Map<String, String> parameters) {
        return new Manifest.CloudFormation(name, after, regions, "t.yaml", name, List.of(), parameters, Map.of());
    }

    private static List<String> shown(TargetInstances targetInstances) {
        return targetInstances.slots().stream()
                .map(s -> s.wave() + " " + s.key() + " " + s.after())
                .toList();
    }

    @Test
    public void aTargetWithRegionsLivesThereOncePerAccountFromTheFirstWaveOn() {
        var targetInstances = TargetInstances.of(
                PLACEMENT,
                OrdersSamples.manifest(
                        stack("api", List.of(), List.of(), Map.of("D", "${output.edge.Id}")),
                        stack("edge", List.of(), List.of("us-east-1"), Map.of())));
        assertEquals(
                List.of(
                        "0 a/us-east-1/edge []",
                        "0 a/eu-west-1/api [a/us-east-1/edge]",
                        "1 a/us-west-2/api [a/us-east-1/edge]",
                        "1 b/us-east-1/edge []",
                        "1 b/eu-west-1/api [b/us-east-1/edge]"),
                shown(targetInstances));
    }

    @Test
    public void aTargetWaitsForTheOneInItsOwnRegionOnly() {
        var targetInstances = TargetInstances.of(
                PLACEMENT,
                OrdersSamples.manifest(
                        stack("api", List.of(), List.of(), Map.of()),
                        stack("web", List.of("api"), List.of(), Map.of())));
        assertEquals(
                List.of("a/us-west-2/api"),
                targetInstances.slot("a/us-west-2/web").orElseThrow().after());
        assertEquals(
                List.of("a/eu-west-1/api"),
                targetInstances.slot("a/eu-west-1/web").orElseThrow().after());
    }

    @Test
    public void aTargetOfAnEarlyWaveNeverWaitsForALaterOne() {
        var targetInstances = TargetInstances.of(
                PLACEMENT,
                OrdersSamples.manifest(
                        stack("api", List.of(), List.of(), Map.of()),
                        stack("edge", List.of("api"), List.of("us-east-1"), Map.of())));
        assertEquals(
                List.of("a/eu-west-1/api"),
                targetInstances.slot("a/us-east-1/edge").orElseThrow().after());
    }

    @Test
    public void targetsThatWaitForEachOtherAreRefused() {
        var manifest = OrdersSamples.manifest(
                stack("api", List.of("web"), List.of(), Map.of()), stack("web", List.of("api"), List.of(), Map.of()));
        var refused = assertThrows(DeploymentException.class, () -> TargetInstances.of(PLACEMENT, manifest));
        assertTrue(refused.getMessage(), refused.getMessage().contains("[api, web] wait for each other"));
    }

    @Test
    public void anOutputThatCouldBeOneOfSeveralIsRefused() {
        var targetInstances = TargetInstances.of(
                PLACEMENT,
                OrdersSamples.manifest(stack("edge", List.of(), List.of("us-east-1", "ap-south-1"), Map.of())));
        assertThrows(DeploymentException.class, () -> targetInstances.seenFrom(new Place("a", "eu-west-1"), "edge"));
        assertEquals(
                "a/us-east-1/edge",
                targetInstances
                        .seenFrom(new Place("a", "us-east-1"), "edge")
                        .orElseThrow()
                        .key());
    }
}
