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
final class ReviewView {
    private static final int LABEL = 14;

    private ReviewView() {}

    /** @param width of the terminal, in characters */
    static List<String> lines(Review review, Instant now, ZoneId zone, int width) {
        var lines = new ArrayList<String>();
        lines.addAll(head(review, now, zone, width));
        lines.add("");
        lines.addAll(PlanView.risks(review.plan(), true));
        lines.addAll(summary(review));
        lines.add("");
        lines.addAll(places(review));
        lines.addAll(gates(review));
        lines.addAll(ChangesView.lines(review.plan()));
        lines.addAll(commits(review));
        lines.addAll(steps(review));
        lines.addAll(checks(review, now));
        lines.addAll(approvals(review, now));
        if (review.next() != null) {
            lines.add("");
            lines.add("Next: " + review.next());
        }
        return lines;
    }

    /** The part that says what is asked of whom: shown where the whole review would be too much. */
    static List<String> brief(Review review, Instant now, ZoneId zone, int width) {
        var lines = new ArrayList<String>();
        lines.addAll(head(review, now, zone, width));
        lines.addAll(PlanView.risks(review.plan(), false));
        lines.addAll(summary(review));
        lines.addAll(gates(review));
        if (review.next() != null) {
            lines.add("Next: " + review.next());
        }
        return lines;
    }

    private static List<String> head(Review review, Instant now, ZoneId zone, int width) {
        Promotion p = review.promotion();
        String state = Marks.of(p.state()) + " " + p.state() + expires(review, now);
        String title = ProgressView.title(p);
        int gap = Math.max(3, Math.min(width, 100) - Texts.width(title) - Texts.width(state));
        var lines = new ArrayList<String>();
        lines.add(title + " ".repeat(gap) + state);
        PromotionDecisions.Request first = p.requests().get(0);
        var asked = new ArrayList<String>();
        asked.add("requested by " + person(first.by()) + " " + Texts.ago(first.at(), now) + " ("
                + Texts.minute(first.at(), zone) + ")");
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
        lines.add(p.id() + " · release " + Texts.digest(p.release().digest())
                + (p.plan() == null ? "" : " · plan " + Texts.digest(p.plan().digest())));
        if (p.why() != null) {
            lines.add(p.why());
        }
        return lines;
    }

    static String person(String actor) {
        return actor.startsWith("user:") ? actor.substring("user:".length()) : actor;
    }

    private static String expires(Review review, Instant now) {
        return review.expires() == null ? "" : " · expires in " + Texts.length(Duration.between(now, review.expires()));
    }

    private static List<String> summary(Review review) {
        if (review.plan() == null) {
            return List.of("  not planned yet");
        }
        var kinds = new TreeMap<String, Integer>();
        review.plan().targets().forEach(t -> kinds.merge(t.kind(), 1, Integer::sum));
        var parts = new ArrayList<String>();
        var things = new ArrayList<String>();
        if (kinds.containsKey("cloudformation")) {
            things.add(Texts.count(kinds.get("cloudformation"), "stack", "stacks"));
        }
        if (kinds.containsKey("lambda")) {
            things.add(Texts.count(kinds.get("lambda"), "function", "functions"));
        }
        if (kinds.containsKey("site")) {
            things.add(Texts.count(kinds.get("site"), "site", "sites"));
        }
        parts.add(things.isEmpty() ? "nothing planned" : String.join(", ", things));
        parts.add(Texts.count(review.changes(), "change", "changes"));
        if (!review.promotion().state().isOver()) {
            parts.add(wayBack(review));
        }
        return List.of("  " + String.join(" · ", parts));
    }

    private static String wayBack(Review review) {
        if (review.promotion().kind() == Promotion.Kind.ROLLBACK) {
            return "if it fails, nothing is undone";
        }
        return review.live() == null
                ? "a rollback would have nothing to return to"
                : "rollback would return to " + review.live().release().version();
    }

    private static List<String> places(Review review) {
        if (review.rules() == null || review.promotion().state().isOver()) {
            return List.of();
        }
        var rows = new ArrayList<List<String>>();
        List<List<Place>> waves = review.rules().placement().waves();
        Duration pause = review.rules().placement().pause();
        for (int wave = 0; wave < waves.size(); wave++) {
            String when = waves.size() == 1
                    ? ""
                    : "wave " + (wave + 1) + (wave > 0 && !pause.isZero() ? ", " + Texts.length(pause) + " later" : "");
            for (Place place : waves.get(wave)) {
                rows.add(List.of(
                        place.toString(),
                        review.liveAt(place.toString()) + " → "
                                + review.promotion().release().version(),
                        when));
            }
        }
        var lines = new ArrayList<>(Texts.labelled("Live → after", LABEL, Texts.columns(rows)));
        lines.add("");
        return lines;
    }

    private static List<String> gates(Review review) {
        var sentences = new ArrayList<String>();
        for (GateStatus gate : review.gates()) {
            sentences.add(Marks.of(gate.verdict()) + " " + gate.gate() + ": " + gate.sentence());
        }
        if (review.pause() != null && !review.promotion().state().isOver()) {
            sentences.add(Marks.HELD + " paused: " + review.pause().scope() + " by "
                    + person(review.pause().by()) + " (" + review.pause().reason() + ")");
        }
        boolean asked = review.gates().stream()
                .anyMatch(g -> g.kind() == GateStatus.Kind.APPROVAL && g.verdict() == GateStatus.Verdict.WAITS);
        if (asked && review.isWaiting()) {
            boolean given = review.hasApproved();
            String you =
                    given ? "you have approved it" : Objects.requireNonNullElse(review.whyNot(), "you can approve it");
            String mark = review.whyNot() == null || given ? Marks.GOOD : Marks.BAD;
            sentences.add(mark + " you (" + review.person().id() + "): " + you);
        }
        return Texts.labelled("Gates", LABEL, sentences);
    }

    private static List<String> commits(Review review) {
        var commits = new LinkedHashSet<String>();
        var authors = new LinkedHashSet<String>();
        for (Provenance provenance : review.provenance()) {
            commits.addAll(provenance.commits());
            provenance.authors().forEach(a -> authors.add(a.name() + " <" + a.email() + ">"));
        }
        if (commits.isEmpty() && authors.isEmpty()) {
            return List.of();
        }
        var lines = new ArrayList<String>();
        lines.add("");
        lines.add("Commits since "
                + (review.live() == null
                        ? "the beginning"
                        : review.live().release().version()) + " (" + commits.size() + ", "
                + Texts.count(authors.size(), "author", "authors") + ", as the commits state them)");
        commits.forEach(c -> lines.add("  " + c));
        authors.forEach(a -> lines.add("  by " + a));
        return lines;
    }

    private static List<String> steps(Review review) {
        if (review.promotion().deployment() == null) {
            return List.of();
        }
        var lines = new ArrayList<String>();
        lines.add("");
        lines.add("Targets, attempt " + review.promotion().deployment().attempt());
        Map<String, String> nothing = Map.of();
        for (Deployment.Step step : review.promotion().deployment().steps()) {
            lines.add("  " + Marks.of(step.status()) + " " + step.key() + " " + Texts.word(step.status())
                    + (step.detail() == null ? "" : ": " + step.detail())
                    + (step.outputs().equals(nothing) ? "" : " " + step.outputs()));
        }
        return lines;
    }

    private static List<String> checks(Review review, Instant now) {
        Deployment deployment = review.promotion().deployment();
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
                        + c.result().told() + " (" + Texts.ago(c.at(), now) + ")"));
        return lines;
    }

    private static List<String> approvals(Review review, Instant now) {
        if (review.promotion().approvals().isEmpty()) {
            return List.of();
        }
        var lines = new ArrayList<String>();
        lines.add("");
        lines.add("Approvals");
        for (PromotionDecisions.Approval approval : review.promotion().approvals()) {
            boolean stands = approval.voided() == null;
            lines.add("  " + (stands ? Marks.GOOD : Marks.HELD) + " "
                    + approval.person().id() + " ("
                    + approval.person().assurance() + ") " + Texts.ago(approval.at(), now) + ", plan "
                    + Texts.digest(approval.planDigest())
                    + (approval.comment() == null ? "" : ": " + approval.comment())
                    + (stands ? "" : "; void because " + approval.voided()));
        }
        return lines;
    }
}
