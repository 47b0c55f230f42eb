package io.jenkins.plugins.serverlesspromotion.cli;

import io.jenkins.plugins.serverlesspromotion.engine.lane.Deployment;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.view.PromotionProgress;
import io.jenkins.plugins.serverlesspromotion.view.Wording;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Renders the progress of a promotion as text: its state, and each place with its targets. */
final class ProgressView {
    private static final int BAR = 16;

    private ProgressView() {}

    /** @param notes the newest line of each step, by its key */
    static List<String> lines(Promotion promotion, Map<String, String> notes, Instant now) {
        var lines = new ArrayList<String>();
        lines.add(Wording.title(promotion) + "   " + Marks.of(promotion.state()) + " " + promotion.state() + " · "
                + Wording.length(Duration.between(promotion.since(), now)));
        if (promotion.deployment() == null) {
            if (!promotion.state().isOver()) {
                String note = notes.get(LaneId.ofPromotion(promotion.id()).environment());
                if (note != null) {
                    lines.add("  " + note);
                }
            }
            return lines;
        }
        var progress = PromotionProgress.of(promotion, now);
        lines.addAll(TextFormat.columns(progress.places().stream()
                .map(p -> List.of("  " + p.place(), bar(p), targets(p.steps())))
                .toList()));
        promotion.deployment().steps().stream()
                .filter(s -> s.status() == Deployment.Status.RUNNING || s.status() == Deployment.Status.UNDOING)
                .filter(s -> notes.containsKey(s.key()))
                .forEach(s -> lines.add("    " + s.target() + ": " + notes.get(s.key())));
        if (progress.nextWaveAt() != null) {
            lines.add("  wave " + progress.nextWave() + " starts in "
                    + Wording.length(Duration.between(now, progress.nextWaveAt())));
        }
        return lines;
    }

    private static String bar(PromotionProgress.PlaceProgress place) {
        int full = place.done() * BAR / place.steps().size();
        return "[" + "#".repeat(full) + ".".repeat(BAR - full) + "] " + place.done() + "/"
                + place.steps().size();
    }

    private static String targets(List<Deployment.Step> steps) {
        var all = new ArrayList<String>();
        steps.forEach(s -> all.add(Marks.of(s.status()) + " " + s.target() + " " + Wording.word(s.status())));
        return String.join("   ", all);
    }
}
