package io.jenkins.plugins.serverlesspromotion.cli;

import java.util.Optional;
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
            show(BoardModel.empty(invocation.person()));
            return Exit.DONE;
        }
        try (Home home = there.get()) {
            show(BoardModel.of(home, invocation.person(), service));
            return Exit.DONE;
        }
    }

    private void show(BoardModel boardModel) {
        screen().result(() -> JsonDocuments.board(boardModel), () -> BoardView.lines(boardModel, invocation.now(), screen().width()));
    }
}
