package io.jenkins.plugins.serverlesspromotion.cli;

import io.jenkins.plugins.serverlesspromotion.engine.lane.GateStatus;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.view.GateNames;
import io.jenkins.plugins.serverlesspromotion.view.OverrideNotice;
import io.jenkins.plugins.serverlesspromotion.view.ReviewFacts;
import io.jenkins.plugins.serverlesspromotion.view.Viewer;
import io.jenkins.plugins.serverlesspromotion.view.Wording;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The facts for a person who decides about a promotion, and the next command.
 *
 * @param next the command that continues it, null when there is none
 */
record ReviewModel(ReviewFacts facts, OverrideNotice override, boolean interrupted, String next, Instant nextAt) {
    static ReviewModel of(Home home, Invocation invocation, PromotionId id) {
        return of(home, invocation, home.promotion(id));
    }

    static ReviewModel of(Home home, Invocation invocation, Promotion promotion) {
        var facts = ReviewFacts.of(
                home.reader(), home.promotions(), Viewer.ofEverything(invocation.person()), promotion);
        OverrideNotice override =
                OverrideNotice.of(home.reader(), home.promotions(), promotion).orElse(null);
        String repeated = invocation.options().repeated();
        Optional<String> statement =
                NextStep.statement(promotion, home.promotions().statementsMissing(promotion), repeated);
        String next = statement.or(() -> NextStep.override(promotion, override, repeated)).orElseGet(() -> NextStep.of(
                promotion,
                facts.gates(),
                facts.pause(),
                facts.whyNot() != null || facts.approvedBy(invocation.person()),
                facts.needsComment(),
                repeated));
        Instant at = next == null || statement.isPresent() || override != null
                ? null
                : NextStep.at(promotion, facts.gates(), facts.pause(), invocation.now());
        return new ReviewModel(facts, override, home.isInterrupted(promotion), next, at);
    }

    Promotion promotion() {
        return facts.promotion();
    }

    List<GateStatus> gates() {
        return facts.gates();
    }

    /** The lines that end an answer: what continues it and, where a command does not help yet, from when on it does. */
    List<String> nextLines(Instant now, ZoneId zone) {
        if (next == null) {
            return List.of();
        } else if (interrupted) {
            return List.of(Marks.BAD + " interrupted: no process continues it. Next: " + next);
        } else if (nextAt == null) {
            return List.of("Next: " + next);
        }
        String gates = NextStep.closed(gates()).stream()
                .map(g -> GateNames.name(g.kind()))
                .distinct()
                .collect(Collectors.joining(" and "));
        return List.of("Next: wait for " + (gates.isEmpty() ? "the next wave" : gates) + " until "
                + Wording.notBefore(nextAt, zone) + "; then: " + next);
    }
}
