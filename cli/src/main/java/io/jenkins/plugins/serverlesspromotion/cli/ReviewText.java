package io.jenkins.plugins.serverlesspromotion.cli;

import io.jenkins.plugins.serverlesspromotion.engine.lane.Deployment;
import io.jenkins.plugins.serverlesspromotion.engine.lane.GateStatus;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.engine.lane.PromotionDecisions;
import io.jenkins.plugins.serverlesspromotion.engine.release.Provenance;
import io.jenkins.plugins.serverlesspromotion.view.GateRow;
import io.jenkins.plugins.serverlesspromotion.view.ReviewFacts;
import io.jenkins.plugins.serverlesspromotion.view.Wording;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Renders the review of a promotion as text: the dangerous changes, the changes by place, the required decisions, then
 * every change.
 */
final class ReviewText {
    private static final int LABEL = 14;

    private ReviewText() {}

    /** @param width of the terminal, in characters */
    static List<String> lines(ReviewModel reviewModel, Instant now, ZoneId zone, int width) {
        var lines = new ArrayList<String>();
        lines.addAll(head(reviewModel, now, zone, width));
        lines.add("");
        ReviewFacts facts = reviewModel.facts();
        lines.addAll(PlanView.risks(facts.plan(), true));
        lines.add("  " + facts.summary());
        lines.add("");
        lines.addAll(places(facts));
        lines.addAll(gates(facts, now));
        lines.addAll(ChangesView.lines(facts.plan()));
        lines.addAll(commits(facts));
        lines.addAll(steps(facts));
        lines.addAll(checks(facts, now));
        lines.addAll(approvals(facts, now));
        if (reviewModel.next() != null) {
            lines.add("");
            lines.addAll(reviewModel.nextLines(now, zone));
        }
        return lines;
    }

    /** The part with the required decisions, for outputs where the whole review would be too long. */
    static List<String> brief(ReviewModel reviewModel, Instant now, ZoneId zone, int width) {
        var lines = new ArrayList<String>();
        lines.addAll(head(reviewModel, now, zone, width));
        lines.addAll(PlanView.risks(reviewModel.facts().plan(), false));
        lines.add("  " + reviewModel.facts().summary());
        lines.addAll(gates(reviewModel.facts(), now));
        lines.addAll(reviewModel.nextLines(now, zone));
        return lines;
    }

    private static List<String> head(ReviewModel reviewModel, Instant now, ZoneId zone, int width) {
        ReviewFacts review = reviewModel.facts();
        Promotion p = review.promotion();
        String state = (reviewModel.interrupted() ? Marks.BAD + " INTERRUPTED while " : Marks.of(p.state()) + " ")
                + p.state() + expires(review, now);
        String title = Wording.title(p);
        int gap = Math.max(3, Math.min(width, 100) - TextFormat.width(title) - TextFormat.width(state));
        var lines = new ArrayList<String>();
        lines.add(title + " ".repeat(gap) + state);
        PromotionDecisions.Request first = p.requests().get(0);
        var wanted = new ArrayList<String>();
        wanted.add("requested by " + Wording.requester(first) + " " + Wording.relative(first.at(), now) + " ("
                + Wording.moment(first.at(), zone) + ")");
        if (Wording.origin(first) != null) {
            wanted.add(Wording.origin(first));
        }
        if (first.ticket() != null) {
            wanted.add("ticket " + first.ticket());
        }
        if (first.reason() != null) {
            wanted.add(first.reason());
        }
        lines.add(String.join(" · ", wanted));
        String others = p.requests().stream()
                .skip(1)
                .map(Wording::requester)
                .distinct()
                .filter(who -> !who.equals(Wording.requester(first)))
                .collect(Collectors.joining(", "));
        if (!others.isEmpty()) {
            lines.add("also requested by " + others);
        }
        review.statements().forEach(statement -> lines.add(statement.text()));
        lines.add(p.id() + " · release " + Wording.digest(p.release().digest())
                + (p.plan() == null ? "" : " · plan " + Wording.digest(p.plan().digest())));
        if (p.why() != null) {
            lines.add(p.why());
        }
        if (reviewModel.override() != null) {
            lines.add(BoardView.override(reviewModel.override(), now));
        }
        return lines;
    }

    private static String expires(ReviewFacts review, Instant now) {
        return review.expires() == null ? "" : " · expires in " + Wording.length(Duration.between(now, review.expires()));
    }

    private static List<String> places(ReviewFacts review) {
        if (review.places().isEmpty()) {
            return List.of();
        }
        List<List<String>> rows = review.places().stream()
                .map(p -> List.of(p.place(), p.from() + " → " + p.to(), p.when()))
                .toList();
        var lines = new ArrayList<>(TextFormat.labelled("Live → after", LABEL, TextFormat.columns(rows)));
        lines.add("");
        return lines;
    }

    private static List<String> gates(ReviewFacts review, Instant now) {
        var sentences = new ArrayList<String>();
        for (GateRow gate : review.gateRows(now)) {
            sentences.add(Marks.of(gate.state()) + " " + gate.name() + " " + gate.word() + ": " + gate.sentence());
        }
        boolean wanted = review.gates().stream()
                .anyMatch(g -> g.kind() == GateStatus.Kind.APPROVAL && g.result() == GateStatus.GateResult.PENDING);
        if (wanted && review.promotion().state() == Promotion.State.WAITING) {
            boolean given = review.approvedBy(review.person());
            String you =
                    given ? "you have approved it" : Objects.requireNonNullElse(review.whyNot(), "you can approve it");
            String mark = review.whyNot() == null || given ? Marks.GOOD : Marks.BAD;
            sentences.add(mark + " you (" + review.person().id() + "): " + you);
        }
        return TextFormat.labelled("Gates", LABEL, sentences);
    }

    private static List<String> commits(ReviewFacts review) {
        Set<String> commits = review.commits();
        Set<Provenance.Author> authors = review.authors();
        if (commits.isEmpty() && authors.isEmpty()) {
            return List.of();
        }
        var lines = new ArrayList<String>();
        lines.add("");
        lines.add("Commits since "
                + (review.live() == null
                        ? "the beginning"
                        : review.live().release().version()) + " (" + commits.size() + ", "
                + Wording.count(authors.size(), "author", "authors") + ", as the commits state them)");
        commits.forEach(c -> lines.add("  " + c));
        authors.forEach(a -> lines.add("  by " + a.name() + " <" + a.email() + ">"));
        return lines;
    }

    private static List<String> steps(ReviewFacts review) {
        if (review.promotion().deployment() == null) {
            return List.of();
        }
        var lines = new ArrayList<String>();
        lines.add("");
        lines.add("Targets, attempt " + review.promotion().deployment().attempt());
        Map<String, String> nothing = Map.of();
        for (Deployment.Step step : review.promotion().deployment().steps()) {
            lines.add("  " + Marks.of(step.status()) + " " + step.key() + " " + Wording.word(step.status())
                    + (step.detail() == null ? "" : ": " + step.detail())
                    + (step.outputs().equals(nothing) ? "" : " " + step.outputs()));
        }
        return lines;
    }

    private static List<String> checks(ReviewFacts review, Instant now) {
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
                        + c.result().summary() + " (" + Wording.relative(c.at(), now) + ")"));
        return lines;
    }

    private static List<String> approvals(ReviewFacts review, Instant now) {
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
                    + approval.person().assurance() + ") " + Wording.relative(approval.at(), now) + ", plan "
                    + Wording.digest(approval.planDigest())
                    + (approval.comment() == null ? "" : ": " + approval.comment())
                    + (stands ? "" : "; " + Wording.voided(approval)));
        }
        return lines;
    }
}
