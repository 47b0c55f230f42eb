package io.jenkins.plugins.serverlesspromotion.cli;

import io.jenkins.plugins.serverlesspromotion.engine.lane.PromotionDecisions;
import io.jenkins.plugins.serverlesspromotion.engine.lane.GateStatus;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.engine.release.Published;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.GateExplanation;
import io.jenkins.plugins.serverlesspromotion.format.json.ExplanationDocument;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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
            var request = new PromotionDecisions.Request(
                    published.by(), people(published.by()), invocation.now(), null, ticket(ticket), null);
            GateExplanation explained =
                    home.promotions().explain(given.lane(), published.ref(), request, invocation.person());
            screen().result(() -> document(explained), () -> lines(explained));
            return Exit.DONE;
        }
    }

    private static Set<String> people(String publisher) {
        return publisher.startsWith("user:") ? Set.of(publisher.substring("user:".length())) : Set.of();
    }

    private Map<String, Object> document(GateExplanation explained) {
        return ExplanationDocument.of(
                given.release.toString(), given.lane().environment(), explained, invocation.person());
    }

    private List<String> lines(GateExplanation explained) {
        var lines = new ArrayList<String>();
        lines.add(given.release + " → " + given.lane().environment() + ": "
                + (explained.open() ? "nothing holds it up" : "held up by " + missing(explained))
                + explained.promotion().map(p -> ", as " + p.id()).orElse(", if it were asked for now"));
        for (GateStatus gate : explained.gates()) {
            String when = gate.opensByItself()
                    ? " (in " + TextFormat.length(Duration.between(invocation.now(), gate.until())) + ")"
                    : "";
            lines.add("  " + Marks.of(gate.verdict()) + " " + gate.gate() + ": " + gate.sentence() + when);
        }
        if (explained.pause() != null) {
            lines.add("  " + Marks.HELD + " paused: " + explained.pause().scope() + " by "
                    + ReviewText.person(explained.pause().by()) + " ("
                    + explained.pause().reason() + ")");
        }
        lines.add("  "
                + explained
                        .whyNot()
                        .map(why -> Marks.BAD + " you (" + invocation.person().id() + "): " + why)
                        .orElse(Marks.GOOD + " you (" + invocation.person().id() + "): you could approve it"));
        return lines;
    }

    private static String missing(GateExplanation explained) {
        return Stream.concat(
                        explained.closed().stream().map(GateStatus.Kind::word),
                        explained.pause() == null ? Stream.empty() : Stream.of("a pause"))
                .collect(Collectors.joining(", "));
    }
}
