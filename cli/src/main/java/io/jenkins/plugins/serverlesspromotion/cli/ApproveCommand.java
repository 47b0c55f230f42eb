package io.jenkins.plugins.serverlesspromotion.cli;

import io.jenkins.plugins.serverlesspromotion.view.Wording;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "approve",
        description = {
            "Approve exactly one plan of a promotion: the one that --plan names, or at a terminal the one that is shown"
                    + " and confirmed.",
            "",
            "If anything in the plan, the release or the rules changes afterwards, the approval is void. When it was"
                + " the last one missing, the promotion is deployed and followed. Who you are is self-declared here."
        },
        footer = {
            "",
            "Examples:",
            "  promotion show orders.prod.17",
            "  promotion approve orders.prod.17 --plan 9f3c1d2e4b5a --as carol",
            "  promotion approve orders.prod.17 --plan 9f3c1d2e4b5a --as dave --group sre --comment 'tested'"
        })
final class ApproveCommand extends Action {
    @Mixin
    private Subject.OnePromotion given;

    @Mixin
    private ReviewedPlan plan;

    @Option(names = "--comment", paramLabel = "TEXT", description = "A comment, kept in the audit log.")
    private String comment;

    @Mixin
    private Following following;

    ApproveCommand(Invocation invocation) {
        super(invocation);
    }

    @Override
    public Integer call() throws Exception {
        String cleaned = text("--comment", comment);
        var person = invocation.person();
        declareSelf();
        String seen = plan.seen(
                invocation,
                given.id,
                "approve",
                "Approve",
                model -> ReviewText.lines(model, invocation.now(), invocation.zone(), screen().width()));
        try (Home home = Home.write(invocation)) {
            String digest = plan.current(home, invocation, home.promotion(given.id), "approve", seen);
            home.promotions().approve(given.id.text(), person, digest, cleaned);
            screen().note("approved by " + person.id() + ": exactly plan " + Wording.digest(digest)
                    + "; if anything in it changes, the approval is void");
            return carryOn(home, given.id.text(), following);
        }
    }
}
