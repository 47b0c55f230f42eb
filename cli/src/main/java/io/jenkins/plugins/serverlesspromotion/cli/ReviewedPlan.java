package io.jenkins.plugins.serverlesspromotion.cli;

import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.RefusedException;
import io.jenkins.plugins.serverlesspromotion.view.Wording;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import picocli.CommandLine.Option;

/**
 * The plan that a decision is about. {@code --plan} names it; without that option a terminal shows the review and asks,
 * and nothing else decides about a plan that no one has seen.
 */
final class ReviewedPlan {
    private static final int SHORTEST_PREFIX = 6;
    private static final String HEX = "sha256:";

    @Option(
            names = "--plan",
            paramLabel = "DIGEST",
            description = "The plan that you have read: its digest, or at least the first " + SHORTEST_PREFIX
                    + " hexadecimal digits. Without it a terminal shows the review and asks; elsewhere it is required.")
    private String given;

    /**
     * Shows the review, and asks where no plan was named.
     *
     * @param command its name, as in {@code approve}
     * @param question as in {@code Approve}; the plan follows
     * @return the digest, or its beginning; empty: there is no plan to decide about, which the engine refuses
     * @throws CommandException when there is no plan yet, no one can be asked, or the answer is no
     */
    String seen(
            Invocation invocation,
            PromotionId id,
            String command,
            String question,
            Function<ReviewModel, List<String>> review)
            throws IOException {
        Screen screen = invocation.screen();
        String wanted = wanted();
        String repeated = invocation.options().repeated();
        if (wanted == null && !screen.canAsk()) {
            throw CommandException.usage(command + " needs --plan DIGEST where it cannot ask: without a terminal, and"
                    + " with --json. Look at the plan with: promotion show " + id + repeated
                    + ", which names its digest; then: promotion " + command + " " + id + " --plan DIGEST");
        }
        // Only to read: others can work while a person thinks.
        try (Home home = Home.read(invocation)) {
            Promotion promotion = home.promotion(id);
            if (promotion.plan() == null && !promotion.state().isOver()) {
                throw CommandException.no("there is no plan to approve yet: " + id + " is "
                        + Wording.word(promotion.state()) + "; make it with 'promotion work" + repeated
                        + "' and review it with 'promotion show " + id + "'");
            }
            if (wanted == null || !invocation.options().quiet) {
                screen.show(review.apply(ReviewModel.of(home, invocation, promotion)));
                screen.show(List.of(""));
            }
            if (wanted != null || promotion.plan() == null || promotion.state().isOver()) {
                return wanted == null ? "" : wanted;
            }
            String digest = promotion.plan().digest();
            if (!screen.confirms(question + " exactly plan " + Wording.digest(digest) + " of " + id + " as "
                    + invocation.person().id() + "?")) {
                throw CommandException.no("not confirmed; nothing was recorded");
            }
            return digest;
        }
    }

    /**
     * Compares the reviewed plan with the current one.
     *
     * @param what as the audit log names it: {@code approve}
     * @return the whole digest
     */
    String current(Home home, Invocation invocation, Promotion promotion, String what, String seen)
            throws IOException, RefusedException {
        if (promotion.plan() == null) {
            return "";
        }
        String digest = promotion.plan().digest();
        if (seen.isEmpty() || digest.startsWith(seen)) {
            return digest;
        }
        throw home.promotions()
                .refuse(new Entry.Refused(
                        invocation.options().actor(),
                        what + " " + promotion.id(),
                        "the plan of " + promotion.id() + " is " + Wording.digest(digest) + " now, not "
                                + Wording.digest(seen) + "; review it again with: promotion show " + promotion.id(),
                        List.of(),
                        promotion.id()));
    }

    private String wanted() {
        if (given == null) {
            return null;
        }
        String hex = given.toLowerCase(Locale.ROOT);
        if (!hex.startsWith(HEX)) {
            hex = HEX + hex;
        }
        if (!hex.matches(HEX + "[0-9a-f]{" + SHORTEST_PREFIX + ",64}")) {
            throw CommandException.usage("--plan '" + given + "' must be a plan's digest or its first "
                    + SHORTEST_PREFIX + " to 64 hexadecimal digits");
        }
        return hex;
    }
}
