package io.jenkins.plugins.serverlesspromotion.cli;

import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Commands that override gates and close the post-review of an override. */
final class BreakGlassCommands {
    private BreakGlassCommands() {}

    @Command(
            name = "break-glass",
            description = {
                "Override the gates that are closed for a promotion. It requires the people whom the environment's"
                        + " breakGlass rule names, each within its time box; the last of them starts the deployment.",
                "",
                "The audit log records it as BREAK-GLASS. A review stays open on the board until another"
                        + " person closes it."
            },
            footer = {
                "",
                "Example:",
                "  promotion break-glass orders.prod.17 --plan 9f3c1d2e4b5a --reason 'checkout is down' --ticket INC0042 --as erin"
            })
    static final class Override extends Action {
        @Mixin
        private Subject.OnePromotion given;

        @Option(names = "--reason", paramLabel = "TEXT", required = true, description = "Why it cannot wait.")
        private String reason;

        @Option(names = "--ticket", paramLabel = "ID", required = true, description = "The ticket of the incident.")
        private String ticket;

        @Mixin
        private ReviewedPlan plan;

        @Mixin
        private Following following;

        Override(Invocation invocation) {
            super(invocation);
        }

        @java.lang.Override
        public Integer call() throws Exception {
            String cleaned = text("--reason", reason);
            String named = ticket(ticket);
            declareSelf();
            String seen = plan.seen(
                    invocation,
                    given.id,
                    "break-glass",
                    "Override the closed gates for",
                    model -> ReviewText.brief(model, invocation.now(), invocation.zone(), screen().width()));
            try (Home home = Home.write(invocation)) {
                String digest =
                        plan.current(home, invocation, home.promotion(given.id), "override the gates of", seen);
                home.promotions().override(given.id.text(), invocation.person(), digest, cleaned, named);
                return carryOn(home, given.id.text(), following);
            }
        }
    }

    @Command(
            name = "review",
            description = "Close the review of a promotion for which gates were overridden, with what you found.",
            footer = {
                "",
                "Example:",
                "  promotion review orders.prod.17 --finding 'right, and fixed in 1.4.3' --as dave"
            })
    static final class Afterwards extends Action {
        @Mixin
        private Subject.OnePromotion given;

        @Option(names = "--finding", paramLabel = "TEXT", required = true, description = "What you found.")
        private String finding;

        Afterwards(Invocation invocation) {
            super(invocation);
        }

        @java.lang.Override
        public Integer call() throws Exception {
            String cleaned = text("--finding", finding);
            try (Home home = Home.write(invocation)) {
                home.promotion(given.id);
                declareSelf();
                home.promotions().review(given.id.text(), invocation.person(), cleaned);
                ReviewModel reviewModel = ReviewModel.of(home, invocation, given.id);
                screen().result(
                                () -> JsonDocuments.review(reviewModel),
                                () -> List.of(Marks.GOOD + " the review of " + given.id + " is closed"));
                return Exit.DONE;
            }
        }
    }
}
