package io.jenkins.plugins.serverlesspromotion.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "show",
        description = {
            "Show everything about one promotion: what is dangerous first, what is live and what will be, the gates,"
                    + " every change, the commits, what was done and who decided. Works while another process deploys."
        },
        footer = {"", "Examples:", "  promotion show orders.prod.17", "  promotion show orders.prod.17 --json"})
final class ShowCommand extends Action {
    @Mixin
    private Subject.OnePromotion given;

    ShowCommand(Invocation invocation) {
        super(invocation);
    }

    @Override
    public Integer call() throws Exception {
        try (Home home = Home.read(invocation)) {
            ReviewModel reviewModel = ReviewModel.of(home, invocation, given.id);
            screen().result(
                            () -> JsonDocuments.review(reviewModel),
                            () -> ReviewText.lines(reviewModel, invocation.now(), invocation.zone(), screen().width()));
            return Exit.DONE;
        }
    }
}
