package io.jenkins.plugins.serverlesspromotion.cli;

import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.view.PromotionDocument;
import io.jenkins.plugins.serverlesspromotion.view.Wording;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "history",
        description = "List the promotions of a service, newest first. Works while another process deploys.",
        footer = {"", "Examples:", "  promotion history orders", "  promotion history orders --in prod --limit 5 --json"
        })
final class HistoryCommand extends Action {
    private static final int MOST = 100_000;

    @Parameters(paramLabel = "SERVICE", converter = NameConverter.class, description = "The service.")
    private String service;

    @Option(
            names = "--in",
            paramLabel = "ENV",
            converter = NameConverter.class,
            description = "Only in this environment.")
    private String environment;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "20",
            description = "At most so many. Default: ${DEFAULT-VALUE}.")
    private int limit;

    HistoryCommand(Invocation invocation) {
        super(invocation);
    }

    @Override
    public Integer call() throws Exception {
        if (limit < 1 || limit > MOST) {
            throw CommandException.usage("--limit must be 1 to " + MOST + ", was " + limit);
        }
        try (Home home = Home.read(invocation)) {
            List<LaneId> lanes = home.store().lanes().stream()
                    .filter(l -> l.service().equals(service))
                    .toList();
            if (lanes.isEmpty() && home.store().releases(service).isEmpty()) {
                throw CommandException.no("there is no service " + service + " in "
                        + invocation.options().home() + "; promotion status lists those that are");
            }
            List<Promotion> all = lanes.stream()
                    .filter(l -> environment == null || l.environment().equals(environment))
                    .flatMap(l -> home.store().promotions(l).stream())
                    .sorted(Comparator.comparing(HistoryCommand::requestedAt).reversed())
                    .limit(limit)
                    .toList();
            screen().result(
                            () -> JsonDocuments.of(
                                    "promotions",
                                    all.stream().map(PromotionDocument::of).toList()),
                            () -> lines(all));
            return Exit.DONE;
        }
    }

    private static java.time.Instant requestedAt(Promotion p) {
        return p.requests().get(0).at();
    }

    private List<String> lines(List<Promotion> all) {
        if (all.isEmpty()) {
            return List.of("no promotion of " + service + (environment == null ? "" : " in " + environment) + " yet");
        }
        var rows = new ArrayList<List<String>>();
        rows.add(List.of("Promotion", "Release", "State", "Requested", "By", "Approved by", "Why"));
        for (Promotion p : all) {
            rows.add(List.of(
                    p.id(),
                    p.release().version() + (p.kind() == Promotion.Kind.ROLLBACK ? " (rollback)" : ""),
                    Marks.of(p.state()) + " " + p.state(),
                    Wording.moment(requestedAt(p), invocation.zone()),
                    Wording.who(p.requests().get(0).by()),
                    p.standing().stream().map(a -> a.person().id()).collect(Collectors.joining(", ")),
                    p.why() == null ? "" : p.why()));
        }
        return TextFormat.columns(rows);
    }
}
