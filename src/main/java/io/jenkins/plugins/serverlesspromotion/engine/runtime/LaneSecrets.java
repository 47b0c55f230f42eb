package io.jenkins.plugins.serverlesspromotion.engine.runtime;

import io.jenkins.plugins.serverlesspromotion.engine.lane.Fact;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.engine.port.Store;
import io.jenkins.plugins.serverlesspromotion.engine.release.HiddenValues;
import io.jenkins.plugins.serverlesspromotion.engine.release.Published;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.stream.Stream;

/**
 * Hides literal values of NoEcho parameters in outputs of a lane that are not recorded: progress lines, previews, drift
 * and recovery. The store replaces these values in everything that is recorded.
 */
final class LaneSecrets {
    private static final String MASKED = "****";

    private final HiddenValues values;

    private LaneSecrets(HiddenValues values) {
        this.values = values;
    }

    /** @param also a release that may not have been promoted there yet; null: none */
    static LaneSecrets of(Store store, LaneId id, Published also) {
        var texts = new LinkedHashSet<String>();
        Stream.concat(Stream.ofNullable(also), releases(store, id).stream())
                .forEach(published ->
                        texts.addAll(published.hiddenValues(id.environment()).values()));
        return new LaneSecrets(new HiddenValues(texts));
    }

    /** Releases that were promoted to the lane and may still be live there, or that a rollback returns to. */
    static List<Published> releases(Store store, LaneId id) {
        var releases = new ArrayList<Published>();
        store.lane(id)
                .releases()
                .forEach(ref -> store.release(ref.service(), ref.version()).ifPresent(releases::add));
        return releases;
    }

    String masked(String text) {
        return values.replaced(text, value -> MASKED);
    }

    List<String> masked(List<String> texts) {
        return texts.stream().map(this::masked).toList();
    }

    /** The reasons why targets could not be planned: AWS messages quote values. */
    List<Plan.Problem> maskedProblems(List<Plan.Problem> problems) {
        return problems.stream()
                .map(p -> new Plan.Problem(p.key(), masked(p.cause())))
                .toList();
    }

    Fact.Failure masked(Fact.Failure failure) {
        return failure == null ? null : new Fact.Failure(failure.verdict(), masked(failure.cause()));
    }
}
