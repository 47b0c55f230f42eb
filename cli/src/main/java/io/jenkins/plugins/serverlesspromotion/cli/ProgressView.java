package io.jenkins.plugins.serverlesspromotion.cli;

import io.jenkins.plugins.serverlesspromotion.engine.lane.Deployment;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A promotion while something is done for it, as text: where it is, and each place with its targets. */
final class ProgressView {
    private static final int BAR = 16;

    private ProgressView() {}

    /** @param notes the newest line of each step, by its key */
    static List<String> lines(Promotion promotion, Map<String, String> notes, Instant now) {
        var lines = new ArrayList<String>();
        lines.add(title(promotion) + "   " + Marks.of(promotion.state()) + " " + promotion.state() + " · "
                + TextFormat.length(Duration.between(promotion.since(), now)));
        if (promotion.deployment() == null) {
            if (!promotion.state().isOver()) {
                String note = notes.get(LaneId.ofPromotion(promotion.id()).environment());
                if (note != null) {
                    lines.add("  " + note);
                }
            }
            return lines;
        }
        var places = new LinkedHashMap<String, List<Deployment.Step>>();
        promotion
                .deployment()
                .steps()
                .forEach(s -> places.computeIfAbsent(s.place(), p -> new ArrayList<>())
                        .add(s));
        var rows = new ArrayList<List<String>>();
        places.forEach((place, steps) -> rows.add(List.of("  " + place, bar(steps), targets(steps))));
        lines.addAll(TextFormat.columns(rows));
        promotion.deployment().steps().stream()
                .filter(s -> s.status() == Deployment.Status.RUNNING || s.status() == Deployment.Status.UNDOING)
                .filter(s -> notes.containsKey(s.key()))
                .forEach(s -> lines.add("    " + s.target() + ": " + notes.get(s.key())));
        if (promotion.state() == Promotion.State.DEPLOYING && waitsForWave(promotion, now)) {
            lines.add("  wave " + (promotion.deployment().verified() + 1) + " starts in "
                    + TextFormat.length(Duration.between(now, promotion.deployment().openAt())));
        }
        return lines;
    }

    private static boolean waitsForWave(Promotion promotion, Instant now) {
        Instant open = promotion.deployment().openAt();
        return open != null && open.isAfter(now);
    }

    /** {@code orders 1.4.2 → prod}, with {@code (rollback)} when it is one. */
    static String title(Promotion promotion) {
        LaneId lane = LaneId.ofPromotion(promotion.id());
        return lane.service() + " " + promotion.release().version() + " → " + lane.environment()
                + (promotion.kind() == Promotion.Kind.ROLLBACK ? " (rollback)" : "");
    }

    private static String bar(List<Deployment.Step> steps) {
        long done = steps.stream().filter(s -> s.status().isGood()).count();
        int full = (int) (done * BAR / steps.size());
        return "[" + "#".repeat(full) + ".".repeat(BAR - full) + "] " + done + "/" + steps.size();
    }

    private static String targets(List<Deployment.Step> steps) {
        var all = new ArrayList<String>();
        steps.forEach(s -> all.add(Marks.of(s.status()) + " " + s.target() + " " + TextFormat.word(s.status())));
        return String.join("   ", all);
    }
}
