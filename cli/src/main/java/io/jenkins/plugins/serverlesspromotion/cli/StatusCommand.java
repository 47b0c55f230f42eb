package io.jenkins.plugins.serverlesspromotion.cli;

import io.jenkins.plugins.serverlesspromotion.view.ReleaseBoard;
import io.jenkins.plugins.serverlesspromotion.view.ViewReader;
import io.jenkins.plugins.serverlesspromotion.view.Viewer;
import java.util.Optional;
import java.util.Set;
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
            show(ReleaseBoard.empty(invocation.person()));
            return Exit.DONE;
        }
        try (Home home = there.get()) {
            ViewReader reader = home.reader();
            Set<String> known = ReleaseBoard.services(reader);
            if (service != null && !known.contains(service)) {
                throw CommandException.no("there is no service " + service + "; known are "
                        + (known.isEmpty() ? "none" : String.join(", ", known)));
            }
            show(ReleaseBoard.of(
                    reader,
                    home.promotions(),
                    Viewer.ofEverything(invocation.person()),
                    name -> service == null || service.equals(name),
                    invocation.now()));
            return Exit.DONE;
        }
    }

    private void show(ReleaseBoard board) {
        screen().result(
                        () -> JsonDocuments.ALL.board(board, null),
                        () -> BoardView.lines(board, invocation.now(), screen().width()));
    }
}
