package io.jenkins.plugins.serverlesspromotion.cli;

import io.jenkins.plugins.serverlesspromotion.engine.lane.Deployment;
import io.jenkins.plugins.serverlesspromotion.engine.lane.PromotionDecisions;
import io.jenkins.plugins.serverlesspromotion.engine.lane.GateStatus;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy.Place;
import io.jenkins.plugins.serverlesspromotion.engine.release.Provenance;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The review of a promotion as text: what is dangerous first, then what happens where, then who must decide, then every
 * change.
 */
final class ReviewText {
    private static final int LABEL = 14;

    private ReviewText() {}

    /** @param width of the terminal, in characters */
    static List<String> lines(ReviewModel reviewModel, Instant now, ZoneId zone, int width) {
        var lines = new ArrayList<String>();
        lines.addAll(head(reviewModel, now, zone, width));
        lines.add("");
        lines.addAll(PlanView.risks(reviewModel.plan(), true));
        lines.addAll(summary(reviewModel));
        lines.add("");
        lines.addAll(places(reviewModel));
        lines.addAll(gates(reviewModel));
        lines.addAll(ChangesView.lines(reviewModel.plan()));
        lines.addAll(commits(reviewModel));
        lines.addAll(steps(reviewModel));
        lines.addAll(checks(reviewModel, now));
        lines.addAll(approvals(reviewModel, now));
        if (reviewModel.next() != null) {
            lines.add("");
            lines.add("Next: " + reviewModel.next());
        }
        return lines;
    }

    /** The part that says what is asked of whom: shown where the whole review would be too much. */
    static List<String> brief(ReviewModel reviewModel, Instant now, ZoneId zone, int width) {
        var lines = new ArrayList<String>();
        lines.addAll(head(reviewModel, now, zone, width));
        lines.addAll(PlanView.risks(reviewModel.plan(), false));
        lines.addAll(summary(reviewModel));
        lines.addAll(gates(reviewModel));
        if (reviewModel.next() != null) {
            lines.add("Next: " + reviewModel.next());
        }
        return lines;
    }

    private static List<String> head(ReviewModel reviewModel, Instant now, ZoneId zone, int width) {
        Promotion p = reviewModel.promotion();
        String state = Marks.of(p.state()) + " " + p.state() + expires(reviewModel, now);
        String title = ProgressView.title(p);
        int gap = Math.max(3, Math.min(width, 100) - TextFormat.width(title) - TextFormat.width(state));
        var lines = new ArrayList<String>();
        lines.add(title + " ".repeat(gap) + state);
        PromotionDecisions.Request first = p.requests().get(0);
        var asked = new ArrayList<String>();
        asked.add("requested by " + person(first.by()) + " " + TextFormat.ago(first.at(), now) + " ("
                + TextFormat.minute(first.at(), zone) + ")");
        if (first.ticket() != null) {
            asked.add("ticket " + first.ticket());
        }
        if (first.reason() != null) {
            asked.add(first.reason());
        }
        lines.add(String.join(" · ", asked));
        String others = p.requests().stream()
                .skip(1)
                .map(r -> person(r.by()))
                .distinct()
                .filter(who -> !who.equals(person(first.by())))
                .collect(Collectors.joining(", "));
        if (!others.isEmpty()) {
            lines.add("also requested by " + others);
        }
        p.requestersStated()
                .forEach(s -> lines.add(s.person().id() + " stated who requested it: "
                        + (s.people().isEmpty() ? "no person" : String.join(", ", s.people())) + " · " + s.reason()));
        p.authorsAttested()
                .forEach(a -> lines.add(a.person().id() + " attested who wrote " + a.release() + ": "
                        + String.join(", ", a.people()) + " · " + a.reason()));
        lines.add(p.id() + " · release " + TextFormat.digest(p.release().digest())
                + (p.plan() == null ? "" : " · plan " + TextFormat.digest(p.plan().digest())));
        if (p.why() != null) {
            lines.add(p.why());
        }
        return lines;
    }

    static String person(String actor) {
        return actor.startsWith("user:") ? actor.substring("user:".length()) : actor;
    }

    private static String expires(ReviewModel reviewModel, Instant now) {
        return reviewModel.expires() == null ? "" : " · expires in " + TextFormat.length(Duration.between(now, reviewModel.expires()));
    }

    private static List<String> summary(ReviewModel reviewModel) {
        if (reviewModel.plan() == null) {
            return List.of("  not planned yet");
        }
        var kinds = new TreeMap<String, Integer>();
        reviewModel.plan().targets().forEach(t -> kinds.merge(t.kind(), 1, Integer::sum));
        var parts = new ArrayList<String>();
        var things = new ArrayList<String>();
        if (kinds.containsKey("cloudformation")) {
            things.add(TextFormat.count(kinds.get("cloudformation"), "stack", "stacks"));
        }
        if (kinds.containsKey("lambda")) {
            things.add(TextFormat.count(kinds.get("lambda"), "function", "functions"));
        }
        if (kinds.containsKey("site")) {
            things.add(TextFormat.count(kinds.get("site"), "site", "sites"));
        }
        parts.add(things.isEmpty() ? "nothing planned" : String.join(", ", things));
        parts.add(TextFormat.count(reviewModel.changes(), "change", "changes"));
        if (!reviewModel.promotion().state().isOver()) {
            parts.add(wayBack(reviewModel));
        }
        return List.of("  " + String.join(" · ", parts));
    }

    private static String wayBack(ReviewModel reviewModel) {
        if (reviewModel.promotion().kind() == Promotion.Kind.ROLLBACK) {
            return "if it fails, nothing is undone";
        }
        return reviewModel.live() == null
                ? "a rollback would have nothing to return to"
                : "rollback would return to " + reviewModel.live().release().version();
    }

    private static List<String> places(ReviewModel reviewModel) {
        if (reviewModel.rules() == null || reviewModel.promotion().state().isOver()) {
            return List.of();
        }
        var rows = new ArrayList<List<String>>();
        List<List<Place>> waves = reviewModel.rules().placement().waves();
        Duration pause = reviewModel.rules().placement().pause();
        for (int wave = 0; wave < waves.size(); wave++) {
            String when = waves.size() == 1
                    ? ""
                    : "wave " + (wave + 1) + (wave > 0 && !pause.isZero() ? ", " + TextFormat.length(pause) + " later" : "");
            for (Place place : waves.get(wave)) {
                rows.add(List.of(
                        place.toString(),
                        reviewModel.liveAt(place.toString()) + " → "
                                + reviewModel.promotion().release().version(),
                        when));
            }
        }
        var lines = new ArrayList<>(TextFormat.labelled("Live → after", LABEL, TextFormat.columns(rows)));
        lines.add("");
        return lines;
    }

    private static List<String> gates(ReviewModel reviewModel) {
        var sentences = new ArrayList<String>();
        for (GateStatus gate : reviewModel.gates()) {
            sentences.add(Marks.of(gate.verdict()) + " " + gate.gate() + ": " + gate.sentence());
        }
        if (reviewModel.pause() != null && !reviewModel.promotion().state().isOver()) {
            sentences.add(Marks.HELD + " paused: " + reviewModel.pause().scope() + " by "
                    + person(reviewModel.pause().by()) + " (" + reviewModel.pause().reason() + ")");
        }
        boolean asked = reviewModel.gates().stream()
                .anyMatch(g -> g.kind() == GateStatus.Kind.APPROVAL && g.verdict() == GateStatus.GateResult.WAITS);
        if (asked && reviewModel.isWaiting()) {
            boolean given = reviewModel.hasApproved();
            String you =
                    given ? "you have approved it" : Objects.requireNonNullElse(reviewModel.whyNot(), "you can approve it");
            String mark = reviewModel.whyNot() == null || given ? Marks.GOOD : Marks.BAD;
            sentences.add(mark + " you (" + reviewModel.person().id() + "): " + you);
        }
        return TextFormat.labelled("Gates", LABEL, sentences);
    }

    private static List<String> commits(ReviewModel reviewModel) {
        var commits = new LinkedHashSet<String>();
        var authors = new LinkedHashSet<String>();
        for (Provenance provenance : reviewModel.provenance()) {
            commits.addAll(provenance.commits());
            provenance.authors().forEach(a -> authors.add(a.name() + " <" + a.email() + ">"));
        }
        if (commits.isEmpty() && authors.isEmpty()) {
            return List.of();
        }
        var lines = new ArrayList<String>();
        lines.add("");
        lines.add("Commits since "
                + (reviewModel.live() == null
                        ? "the beginning"
                        : reviewModel.live().release().version()) + " (" + commits.size() + ", "
                + TextFormat.count(authors.size(), "author", "authors") + ", as the commits state them)");
        commits.forEach(c -> lines.add("  " + c));
        authors.forEach(a -> lines.add("  by " + a));
        return lines;
    }

    private static List<String> steps(ReviewModel reviewModel) {
        if (reviewModel.promotion().deployment() == null) {
            return List.of();
        }
        var lines = new ArrayList<String>();
        lines.add("");
        lines.add("Targets, attempt " + reviewModel.promotion().deployment().attempt());
        Map<String, String> nothing = Map.of();
        for (Deployment.Step step : reviewModel.promotion().deployment().steps()) {
            lines.add("  " + Marks.of(step.status()) + " " + step.key() + " " + TextFormat.word(step.status())
                    + (step.detail() == null ? "" : ": " + step.detail())
                    + (step.outputs().equals(nothing) ? "" : " " + step.outputs()));
        }
        return lines;
    }

    private static List<String> checks(ReviewModel reviewModel, Instant now) {
        Deployment deployment = reviewModel.promotion().deployment();
        if (deployment == null || deployment.checks().isEmpty()) {
            return List.of();
        }
        var lines = new ArrayList<String>();
        lines.add("");
        lines.add("Checks");
        deployment
                .checks()
                .forEach(c -> lines.add("  " + (c.result().held() ? Marks.GOOD : Marks.BAD) + " "
                        + c.result().check() + " from " + c.result().place() + ": "
                        + c.result().told() + " (" + TextFormat.ago(c.at(), now) + ")"));
        return lines;
    }

    private static List<String> approvals(ReviewModel reviewModel, Instant now) {
        if (reviewModel.promotion().approvals().isEmpty()) {
            return List.of();
        }
        var lines = new ArrayList<String>();
        lines.add("");
        lines.add("Approvals");
        for (PromotionDecisions.Approval approval : reviewModel.promotion().approvals()) {
            boolean stands = approval.voided() == null;
            lines.add("  " + (stands ? Marks.GOOD : Marks.HELD) + " "
                    + approval.person().id() + " ("
                    + approval.person().assurance() + ") " + TextFormat.ago(approval.at(), now) + ", plan "
                    + TextFormat.digest(approval.planDigest())
                    + (approval.comment() == null ? "" : ": " + approval.comment())
                    + (stands ? "" : "; void because " + approval.voided()));
        }
        return lines;
    }
}
