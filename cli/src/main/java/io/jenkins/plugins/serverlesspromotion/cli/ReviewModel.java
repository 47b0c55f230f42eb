package io.jenkins.plugins.serverlesspromotion.cli;

import io.jenkins.plugins.serverlesspromotion.engine.lane.GateStatus;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.view.ReviewFacts;
import io.jenkins.plugins.serverlesspromotion.view.Viewer;
import java.util.List;

/**
 * The facts for a person who decides about a promotion, and the next command.
 *
 * @param next the command that continues it, null when there is none
 */
record ReviewModel(ReviewFacts facts, String next) {
    static ReviewModel of(Home home, Invocation invocation, PromotionId id) {
        return of(home, invocation, home.promotion(id));
    }

    static ReviewModel of(Home home, Invocation invocation, Promotion promotion) {
        var facts = ReviewFacts.of(
                home.reader(), home.promotions(), Viewer.ofEverything(invocation.person()), promotion);
        String repeated = invocation.options().repeated();
        String next = NextStep.statement(promotion, home.promotions().statementsMissing(promotion), repeated)
                .orElseGet(() -> NextStep.of(
                        promotion,
                        facts.gates(),
                        facts.pause(),
                        facts.whyNot() != null || facts.approvedBy(invocation.person()),
                        facts.needsComment(),
                        repeated));
        return new ReviewModel(facts, next);
    }

    Promotion promotion() {
        return facts.promotion();
    }

    List<GateStatus> gates() {
        return facts.gates();
    }
}
