package io.jenkins.plugins.serverlesspromotion.cli;

import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.view.GateNames;
import io.jenkins.plugins.serverlesspromotion.view.Wording;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The result that a command prints after it has continued a promotion. */
final class Outcome {
    private Outcome() {}

    /**
     * Shows where the promotion is now.
     *
     * @return the exit code
     */
    static int show(Home home, Invocation invocation, Promotion promotion) {
        ReviewModel reviewModel = ReviewModel.of(home, invocation, promotion);
        return show(invocation, reviewModel, Exit.of(promotion, reviewModel.gates()));
    }

    static int show(Invocation invocation, ReviewModel reviewModel, int exit) {
        invocation.screen().result(() -> document(reviewModel, exit), () -> lines(reviewModel, invocation));
        return exit;
    }

    private static Map<String, Object> document(ReviewModel reviewModel, int exit) {
        Map<String, Object> document = JsonDocuments.review(reviewModel);
        document.put("exit", exit);
        return document;
    }

    private static List<String> lines(ReviewModel reviewModel, Invocation invocation) {
        Promotion p = reviewModel.promotion();
        if (invocation.options().quiet) {
            return result(reviewModel, invocation);
        }
        if (p.state() == Promotion.State.WAITING || p.state() == Promotion.State.QUEUED) {
            return ReviewText.brief(
                    reviewModel,
                    invocation.now(),
                    invocation.zone(),
                    invocation.screen().width());
        }
        var lines = new ArrayList<String>();
        lines.add(Marks.of(p.state()) + " " + Wording.title(p) + " " + p.state()
                + (p.state().isOver() ? took(p) : "") + (p.why() == null ? "" : ": " + p.why()));
        if (p.deployment() != null) {
            p.deployment()
                    .steps()
                    .forEach(s -> lines.add("  " + Marks.of(s.status()) + " " + s.key() + " " + Wording.word(s.status())
                            + (s.detail() == null ? "" : ": " + s.detail())));
        }
        lines.add(p.id() + (p.state().isOver() ? " is over; details: promotion show " + p.id() : ""));
        lines.addAll(reviewModel.nextLines(invocation.now(), invocation.zone()));
        return lines;
    }

    /** With {@code --quiet}: the state, what it waits for, and the next step. */
    private static List<String> result(ReviewModel reviewModel, Invocation invocation) {
        Promotion p = reviewModel.promotion();
        String waits = p.state() != Promotion.State.WAITING
                ? ""
                : NextStep.closed(reviewModel.gates()).stream()
                        .map(g -> GateNames.name(g.kind()))
                        .distinct()
                        .collect(Collectors.joining(", ", "; waits for ", ""));
        var lines = new ArrayList<String>();
        lines.add(Marks.of(p.state()) + " " + Wording.title(p) + " " + p.state() + " (" + p.id() + ")"
                + (p.why() == null ? "" : ": " + p.why()) + waits);
        if (reviewModel.override() != null) {
            lines.add(BoardView.override(reviewModel.override(), invocation.now()));
        }
        lines.addAll(reviewModel.nextLines(invocation.now(), invocation.zone()));
        return lines;
    }

    private static String took(Promotion p) {
        Instant first = p.requests().get(0).at();
        return " " + Wording.length(Duration.between(first, p.since())) + " after the request";
    }
}
