package io.jenkins.plugins.serverlesspromotion.cli;

import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.view.Wording;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "work",
        description = {
            "Continue everything that is unfinished, in every service and environment, until it ends or"
                    + " waits for people:"
                    + " after a crash, an interrupt, or --no-wait.",
            "",
            "Completed steps are never repeated. Started steps are finished or undone."
        },
        footer = {"", "Examples:", "  promotion work", "  promotion work --timeout 2h"})
final class WorkCommand extends Action {
    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            defaultValue = "60m",
            converter = DurationConverter.class,
            description = "How long to work at most, as in 90s, 60m, 2h. Default: ${DEFAULT-VALUE}.")
    private Duration timeout;

    WorkCommand(Invocation invocation) {
        super(invocation);
    }

    @Override
    public Integer call() throws Exception {
        try (Home home = Home.write(invocation)) {
            List<String> open = open(home).stream().map(Promotion::id).toList();
            long until = System.nanoTime() + timeout.toNanos();
            home.start(null);
            Optional<Promotion> next = unfinished(home);
            while (next.isPresent() && System.nanoTime() < until) {
                home.follow(
                        next.get().id(),
                        p -> home.rests(p) && (p.state().isOver() || isQuiet(home)),
                        Duration.ofNanos(until - System.nanoTime()));
                next = unfinished(home);
            }
            return show(home, open);
        }
    }

    private static List<Promotion> open(Home home) {
        return home.store().lanes().stream()
                .flatMap(lane -> home.store().lane(lane).promotions().stream())
                .filter(p -> !p.state().isOver())
                .toList();
    }

    private static boolean isQuiet(Home home) {
        return home.promotions().busy() == 0;
    }

    /**
     * A promotion with outstanding work. A success may start a promotion that waited for it, so this also counts while
     * any is busy.
     */
    private static Optional<Promotion> unfinished(Home home) {
        List<Promotion> open = open(home);
        Optional<Promotion> active = open.stream().filter(p -> !home.rests(p)).findFirst();
        return active.isPresent() || isQuiet(home) ? active : open.stream().findFirst();
    }

    private int show(Home home, List<String> ids) {
        int exit = Exit.DONE;
        var lines = new ArrayList<String>();
        var documents = new ArrayList<>();
        for (String id : ids) {
            Promotion p = home.store().promotion(id).orElseThrow();
            ReviewModel reviewModel = ReviewModel.of(home, invocation, p);
            // An undetermined result has priority over a negative one.
            exit = Math.max(exit, Exit.of(p, reviewModel.gates()));
            documents.add(JsonDocuments.review(reviewModel));
            lines.add(Marks.of(p.state()) + " " + Wording.title(p) + " " + p.state() + " (" + p.id() + ")"
                    + (p.why() == null ? "" : ": " + p.why()));
            reviewModel.nextLines(invocation.now(), invocation.zone()).forEach(line -> lines.add("  " + line));
        }
        if (lines.isEmpty()) {
            lines.add("nothing to do");
        }
        var document = JsonDocuments.of("promotions", documents);
        document.put("exit", exit);
        screen().result(() -> document, () -> lines);
        return exit;
    }
}
