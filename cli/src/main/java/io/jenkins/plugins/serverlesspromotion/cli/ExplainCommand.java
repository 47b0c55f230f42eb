package io.jenkins.plugins.serverlesspromotion.cli;

import io.jenkins.plugins.serverlesspromotion.engine.release.Published;
import io.jenkins.plugins.serverlesspromotion.view.ExplanationDocument;
import io.jenkins.plugins.serverlesspromotion.view.ReleaseExplanation;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "explain",
        description = {
            "Show how the policy evaluates a release in an environment now: which gates passed, what is"
                    + " missing, from whom it"
                    + " is required, when a gate opens, and whether you could approve it. Writes nothing.",
            "",
            "Without a request for it, the gates are evaluated as if the publisher of the release had requested it."
        },
        footer = {
            "",
            "Examples:",
            "  promotion policy explain orders@1.4.2 --to prod --as carol --group team-orders",
            "  promotion policy explain orders@1.4.2 --to prod --ticket CHG0031337 --json"
        })
final class ExplainCommand extends Action {
    @Mixin
    private Subject.OneStep given;

    @Option(names = "--ticket", paramLabel = "ID", description = "The ticket that a request would name.")
    private String ticket;

    ExplainCommand(Invocation invocation) {
        super(invocation);
    }

    @Override
    public Integer call() throws Exception {
        try (Home home = Home.read(invocation)) {
            home.policy();
            Published published = home.published(given.release);
            ReleaseExplanation explained = ReleaseExplanation.of(
                    home.reader(),
                    home.promotions(),
                    given.lane(),
                    published,
                    ticket(ticket),
                    invocation.person(),
                    false,
                    service -> true,
                    invocation.now());
            screen().result(() -> ExplanationDocument.of(explained), () -> lines(explained));
            return Exit.DONE;
        }
    }

    private List<String> lines(ReleaseExplanation explained) {
        var lines = new ArrayList<String>();
        lines.add(explained.subject() + ": " + explained.summary());
        explained
                .gates(invocation.now())
                .forEach(g -> lines.add(
                        "  " + Marks.of(g.state()) + " " + g.name() + " " + g.word() + ": " + g.sentence()));
        lines.add("  " + (explained.able() ? Marks.GOOD : Marks.BAD) + " " + explained.verdict());
        return lines;
    }
}
