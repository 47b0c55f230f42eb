package io.jenkins.plugins.serverlesspromotion.cli;

import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.view.ReleaseBoard;
import io.jenkins.plugins.serverlesspromotion.view.ViewDocuments;
import io.jenkins.plugins.serverlesspromotion.view.ViewReader;
import io.jenkins.plugins.serverlesspromotion.view.Viewer;
import io.jenkins.plugins.serverlesspromotion.view.Wording;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "status",
        description = {
            "Show the board: what needs you first, then what is live where and what is on its way there. Works while"
                    + " another process deploys."
        },
        footer = {
            "",
            "Examples:",
            "  promotion status",
            "  promotion status orders --as carol --group team-orders",
            "  promotion status --json"
        })
final class StatusCommand extends Action {
    @Parameters(
            paramLabel = "SERVICE",
            arity = "0..1",
            converter = NameConverter.class,
            description = "Only this service.")
    private String service;

    StatusCommand(Invocation invocation) {
        super(invocation);
    }

    @Override
    public Integer call() throws Exception {
        Optional<Home> there = Home.ifThere(invocation);
        if (there.isEmpty()) {
            show(ReleaseBoard.empty(invocation.person()), promotion -> false);
            return Exit.DONE;
        }
        try (Home home = there.get()) {
            ViewReader reader = home.reader();
            Set<String> known = ReleaseBoard.services(reader);
            if (service != null && !known.contains(service)) {
                throw CommandException.no("there is no service " + service + "; known are "
                        + (known.isEmpty() ? "none" : String.join(", ", known)));
            }
            ReleaseBoard board = ReleaseBoard.of(
                    reader,
                    home.promotions(),
                    Viewer.ofEverything(invocation.person()),
                    name -> service == null || service.equals(name),
                    invocation.now());
            show(board, home::isInterrupted);
            return Exit.DONE;
        }
    }

    private void show(ReleaseBoard board, Predicate<Promotion> interrupted) {
        screen().result(
                        () -> new ViewDocuments(promotion -> null, interrupted).board(board, null),
                        () -> lines(board, interrupted));
    }

    private List<String> lines(ReleaseBoard board, Predicate<Promotion> interrupted) {
        var lines = new ArrayList<String>();
        board.cells().values().stream()
                .flatMap(row -> row.values().stream())
                .flatMap(cell -> cell.open().stream())
                .filter(interrupted)
                .forEach(p -> lines.add(Marks.BAD + " interrupted while " + Wording.word(p.state()) + ": "
                        + Wording.title(p) + " (" + p.id() + "); no process continues it. Next: promotion work"
                        + repeated()));
        if (!lines.isEmpty()) {
            lines.add("");
        }
        lines.addAll(BoardView.lines(board, interrupted, invocation.now(), screen().width()));
        return lines;
    }
}
