package io.jenkins.plugins.serverlesspromotion.cli;

import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.RefusedException;
import io.jenkins.plugins.serverlesspromotion.view.Wording;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "approve",
        description = {
            "Print the review of a promotion and approve exactly the plan that is printed.",
            "",
            "If anything in the plan, the release or the rules changes afterwards, the approval is void. When it was"
                + " the last one missing, the promotion is deployed and followed. Who you are is self-declared here."
        },
        footer = {
            "",
            "Examples:",
            "  promotion show orders.prod.17",
            "  promotion approve orders.prod.17 --plan 9f3c1d2e4b5a --as carol",
            "  promotion approve orders.prod.17 --as dave --group sre --comment 'tested'"
        })
final class ApproveCommand extends Action {
    private static final int SHORTEST_PREFIX = 6;

    @Mixin
    private Subject.OnePromotion given;

    @Option(
            names = "--plan",
            paramLabel = "DIGEST",
            description = "Approve only if this is still the plan: its digest, or at least the first " + SHORTEST_PREFIX
                    + " hexadecimal digits.")
    private String plan;

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
        String wanted = wanted();
        var person = invocation.person();
        try (Home home = Home.write(invocation)) {
            Promotion promotion = home.promotion(given.id);
            if (promotion.plan() == null && !promotion.state().isOver()) {
                throw CommandException.no("there is no plan to approve yet: " + given.id + " is "
                        + Wording.word(promotion.state()) + "; make it with 'promotion work" + repeated()
                        + "' and review it with 'promotion show " + given.id + "'");
            }
            ReviewModel reviewModel = ReviewModel.of(home, invocation, promotion);
            screen().show(ReviewText.lines(reviewModel, invocation.now(), invocation.zone(), screen().width()));
            screen().show(List.of(""));
            declareSelf();
            matching(home, promotion, wanted);
            String digest = promotion.plan() == null ? "" : promotion.plan().digest();
            home.promotions().approve(given.id.text(), person, digest, cleaned);
            screen().note("approved by " + person.id() + ": exactly plan " + Wording.digest(digest)
                    + "; if anything in it changes, the approval is void");
            return carryOn(home, given.id.text(), following);
        }
    }

    private String wanted() {
        if (plan == null) {
            return null;
        }
        String hex = plan.toLowerCase(Locale.ROOT);
        if (!hex.startsWith("sha256:")) {
            hex = "sha256:" + hex;
        }
        if (!hex.matches("sha256:[0-9a-f]{" + SHORTEST_PREFIX + ",64}")) {
            throw CommandException.usage("--plan '" + plan + "' must be a plan's digest or its first " + SHORTEST_PREFIX
                    + " to 64 hexadecimal digits");
        }
        return hex;
    }

    private void matching(Home home, Promotion promotion, String wanted) throws IOException, RefusedException {
        if (wanted == null
                || promotion.plan() == null
                || promotion.plan().digest().startsWith(wanted)) {
            return;
        }
        throw home.promotions()
                .refuse(new Entry.Refused(
                        invocation.options().actor(),
                        "approve " + given.id,
                        "the plan of " + given.id + " is "
                                + Wording.digest(promotion.plan().digest()) + " now, not " + Wording.digest(wanted)
                                + "; review it again with: promotion show " + given.id,
                        List.of(),
                        promotion.id()));
    }
}
