package io.jenkins.plugins.serverlesspromotion.view;

import io.jenkins.plugins.serverlesspromotion.engine.lane.Deployment;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The progress of a deployment.
 *
 * @param done targets that are as the release wants them
 * @param places each with its targets, in the order in which they are deployed
 * @param nextWave number from 1 of the wave that starts at {@code nextWaveAt}
 * @param nextWaveAt null: no wave waits for its time
 */
public record PromotionProgress(int done, int targets, List<PlaceProgress> places, int nextWave, Instant nextWaveAt) {
    public PromotionProgress {
        places = List.copyOf(places);
    }

    /** @param done targets that are as the release wants them */
    public record PlaceProgress(String place, int done, List<Deployment.Step> steps) {
        public PlaceProgress {
            steps = List.copyOf(steps);
        }
    }

    /** Null before there is a deployment. */
    public static PromotionProgress of(Promotion promotion, Instant now) {
        Deployment deployment = promotion.deployment();
        if (deployment == null) {
            return null;
        }
        Map<String, List<Deployment.Step>> byPlace = new LinkedHashMap<>();
        deployment
                .steps()
                .forEach(s -> byPlace.computeIfAbsent(s.place(), p -> new ArrayList<>())
                        .add(s));
        var places = new ArrayList<PlaceProgress>();
        byPlace.forEach((place, steps) -> places.add(new PlaceProgress(place, done(steps), steps)));
        boolean waiting = promotion.state() == Promotion.State.DEPLOYING
                && deployment.openAt() != null
                && deployment.openAt().isAfter(now);
        return new PromotionProgress(
                done(deployment.steps()),
                deployment.steps().size(),
                places,
                deployment.verified() + 1,
                waiting ? deployment.openAt() : null);
    }

    private static int done(List<Deployment.Step> steps) {
        return (int) steps.stream().filter(s -> s.status().isGood()).count();
    }

    /** {@code 1/4 targets} */
    public String text() {
        return done + "/" + targets + " targets";
    }
}
