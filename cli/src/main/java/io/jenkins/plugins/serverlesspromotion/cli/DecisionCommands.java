package io.jenkins.plugins.serverlesspromotion.cli;

import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Commands for the decisions about a promotion besides its approval. */
final class DecisionCommands {
    private DecisionCommands() {}

    @Command(
            name = "reject",
            description = "Reject a promotion that waits. It ends; a new request makes a new promotion.",
            footer = {"", "Example:", "  promotion reject orders.prod.17 --as carol --reason 'load test is red'"})
    static final class Reject extends Action {
        @Mixin
        private Subject.OnePromotion given;

        @Option(names = "--reason", paramLabel = "TEXT", required = true, description = "Why, for the requesters.")
        private String reason;

        Reject(Invocation invocation) {
            super(invocation);
        }

        @Override
        public Integer call() throws Exception {
            String cleaned = text("--reason", reason);
            try (Home home = Home.write(invocation)) {
                home.promotion(given.id);
                declareSelf();
                home.promotions().reject(given.id.text(), invocation.person(), cleaned);
                ReviewModel reviewModel = ReviewModel.of(home, invocation, given.id);
                return Outcome.show(invocation, reviewModel, Exit.DONE);
            }
        }
    }

    @Command(
            name = "withdraw",
            description = "Withdraw the approval you gave, which is possible until the deployment begins.",
            footer = {"", "Example:", "  promotion withdraw orders.prod.17 --as carol --reason 'load test is red'"})
    static final class Withdraw extends Action {
        @Mixin
        private Subject.OnePromotion given;

        @Option(names = "--reason", paramLabel = "TEXT", required = true, description = "Why, for the others.")
        private String reason;

        Withdraw(Invocation invocation) {
            super(invocation);
        }

        @Override
        public Integer call() throws Exception {
            String cleaned = text("--reason", reason);
            try (Home home = Home.write(invocation)) {
                home.promotion(given.id);
                declareSelf();
                home.promotions().withdrawApproval(given.id.text(), invocation.person(), cleaned);
                return Outcome.show(invocation, ReviewModel.of(home, invocation, given.id), Exit.DONE);
            }
        }
    }

    @Command(
            name = "abort",
            description = {
                "Stop a promotion. One that waits ends at once. One that is being deployed starts nothing more, what"
                        + " runs is waited for, and what was written is rolled back."
            },
            footer = {"", "Example:", "  promotion abort orders.prod.17 --reason 'wrong version'"})
    static final class Abort extends Action {
        @Mixin
        private Subject.OnePromotion given;

        @Option(names = "--reason", paramLabel = "TEXT", description = "Why, for the audit log.")
        private String reason;

        @Mixin
        private Following following;

        Abort(Invocation invocation) {
            super(invocation);
        }

        @Override
        public Integer call() throws Exception {
            String cleaned = text("--reason", reason);
            try (Home home = Home.write(invocation)) {
                home.promotion(given.id);
                home.promotions().abort(given.id.text(), invocation.options().actor(), cleaned);
                Promotion now = home.promotion(given.id);
                if (!now.state().isOver() && !following.noWait) {
                    home.start(given.id.text());
                    now = home.follow(given.id.text(), following.timeout);
                }
                ReviewModel reviewModel = ReviewModel.of(home, invocation, now);
                return Outcome.show(invocation, reviewModel, exit(now, following.noWait));
            }
        }

        /** The promotion was stopped and its changes were undone, as requested. That is a success. */
        private static int exit(Promotion now, boolean noWait) {
            return switch (now.state()) {
                case ABORTED, ROLLED_BACK -> Exit.DONE;
                case ERRORED -> Exit.NOT_FOUND_OUT;
                default -> now.state().isOver() ? Exit.NO : noWait ? Exit.DONE : Exit.NOT_FOUND_OUT;
            };
        }
    }

    @Command(
            name = "replan",
            description =
                    "Make a new plan for a promotion that waits, after a problem was corrected. Approvals stay when the"
                            + " new plan is the same.",
            footer = {"", "Example:", "  promotion replan orders.prod.17"})
    static final class Replan extends Action {
        @Mixin
        private Subject.OnePromotion given;

        @Mixin
        private Following following;

        Replan(Invocation invocation) {
            super(invocation);
        }

        @Override
        public Integer call() throws Exception {
            var person = invocation.person();
            try (Home home = Home.write(invocation)) {
                home.promotion(given.id);
                home.promotions().replan(given.id.text(), person);
                return carryOn(home, given.id.text(), following);
            }
        }
    }

    @Command(
            name = "release-hold",
            description = "Allow promotions into an environment again after a rollback by hand.",
            footer = {"", "Example:", "  promotion release-hold orders --in prod --reason 'fixed in 1.4.3'"})
    static final class ReleaseHold extends Action {
        @Mixin
        private Subject.OneLane given;

        @Option(names = "--reason", paramLabel = "TEXT", required = true, description = "Why, for the audit log.")
        private String reason;

        ReleaseHold(Invocation invocation) {
            super(invocation);
        }

        @Override
        public Integer call() throws Exception {
            String cleaned = text("--reason", reason);
            LaneId lane = given.id();
            try (Home home = Home.write(invocation)) {
                if (!home.store().lanes().contains(lane)) {
                    throw CommandException.no("nothing ever happened to " + lane.service() + " in " + lane.environment()
                            + "; promotion status shows which release is live where");
                }
                declareSelf();
                home.promotions().releaseHold(lane, invocation.person(), cleaned);
                screen().result(
                                () -> JsonDocuments.of("released", lane.service() + "/" + lane.environment()),
                                () -> List.of(Marks.GOOD + " the hold on " + lane + " is released"));
                remindOfWork(home);
                return Exit.DONE;
            }
        }
    }
}
