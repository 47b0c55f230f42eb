package io.jenkins.plugins.serverlesspromotion.cli;

import io.jenkins.plugins.serverlesspromotion.engine.lane.Lane;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.engine.release.ReleaseRef;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The board as text: a table when it fits, otherwise one card per service with its environments below each other. */
final class BoardView {
    private BoardView() {}

    /** @param width of the terminal, in characters */
    static List<String> lines(Board board, Instant now, int width) {
        var lines = new ArrayList<String>();
        if (!board.needs().isEmpty()) {
            lines.add("Needs you, " + board.person().id() + " (" + board.needs().size() + ")");
            var rows = new ArrayList<List<String>>();
            for (Board.Need need : board.needs()) {
                Promotion p = need.promotion();
                rows.add(List.of(
                        "  " + ProgressView.title(p),
                        p.id(),
                        "asked by " + ReviewView.person(p.requests().get(0).by()) + " "
                                + Texts.ago(p.requests().get(0).at(), now)
                                + " · " + need.sentence()));
            }
            lines.addAll(Texts.columns(rows));
            lines.add("");
        }
        board.pauses()
                .forEach(p -> lines.add(Marks.HELD + " paused: " + p.scope() + ", by " + ReviewView.person(p.by()) + " "
                        + Texts.ago(p.since(), now) + " (" + p.reason() + ")"));
        if (!board.pauses().isEmpty()) {
            lines.add("");
        }
        List<String> reviews = reviews(board, now);
        lines.addAll(reviews);
        if (!reviews.isEmpty()) {
            lines.add("");
        }
        if (board.cells().isEmpty()) {
            lines.add("No services yet. Put a policy in force with: promotion policy apply FILE, then publish a first"
                    + " release with: promotion publish release.yaml --version 1.0.0 (or publishRelease in a"
                    + " pipeline).");
            return lines;
        }
        List<String> table = table(board, now);
        boolean fits = table.stream().allMatch(line -> Texts.width(line) <= width);
        lines.addAll(fits ? table : cards(board, now));
        return lines;
    }

    /** What was let in by overriding gates, until somebody has looked at it. */
    private static List<String> reviews(Board board, Instant now) {
        var lines = new ArrayList<String>();
        board.cells()
                .values()
                .forEach(row -> row.values()
                        .forEach(cell -> cell.lane()
                                .reviews()
                                .forEach(r ->
                                        lines.add(Marks.RISK + " to be reviewed: " + r.promotion() + " broke the glass "
                                                + Texts.ago(r.at(), now) + " (" + String.join(", ", r.gates())
                                                + " did not hold; by "
                                                + String.join(", ", r.by()) + ": " + r.reason() + ")"))));
        return lines;
    }

    private static List<String> table(Board board, Instant now) {
        var rows = new ArrayList<List<String>>();
        var head = new ArrayList<String>();
        head.add("Service");
        head.addAll(board.environments());
        rows.add(head);
        board.cells().forEach((service, cells) -> {
            List<List<String>> columns = board.environments().stream()
                    .map(e -> cells.containsKey(e) ? cell(cells.get(e), now) : List.of("·"))
                    .toList();
            int height = columns.stream().mapToInt(List::size).max().orElse(1);
            for (int i = 0; i < height; i++) {
                var row = new ArrayList<String>();
                row.add(i == 0 ? service : "");
                for (List<String> column : columns) {
                    row.add(i < column.size() ? column.get(i) : "");
                }
                rows.add(row);
            }
        });
        return Texts.columns(rows);
    }

    private static List<String> cards(Board board, Instant now) {
        var lines = new ArrayList<String>();
        int label = board.environments().stream().mapToInt(Texts::width).max().orElse(0) + 4;
        for (Map.Entry<String, Map<String, Board.Cell>> service : board.cells().entrySet()) {
            lines.add(service.getKey());
            service.getValue()
                    .forEach((environment, cell) ->
                            lines.addAll(Texts.labelled("  " + environment, label, cell(cell, now))));
        }
        return lines;
    }

    private static List<String> cell(Board.Cell cell, Instant now) {
        var lines = new ArrayList<String>();
        Lane lane = cell.lane();
        lines.add(lane.live() == null ? "nothing yet" : live(lane.live(), now));
        lane.promotions().stream().filter(p -> !p.state().isOver()).forEach(p -> lines.add(doing(p)));
        if (cell.ended() != null) {
            Promotion p = cell.ended();
            lines.add(Marks.of(p.state()) + " " + p.release().version() + " " + Texts.word(p.state()) + " "
                    + Texts.length(java.time.Duration.between(p.since(), now)));
        }
        if (lane.hold() != null) {
            lines.add(Marks.HELD + " hold after rollback");
        }
        if (!cell.placed()) {
            lines.add("no longer placed here");
        }
        return lines;
    }

    private static String live(Lane.Live live, Instant now) {
        ReleaseRef release = live.release();
        boolean mixed = live.places().values().stream().anyMatch(r -> !release.equals(r));
        return release.version() + " " + (mixed ? Marks.RISK + " live, not everywhere" : Marks.GOOD + " live") + " "
                + Texts.length(java.time.Duration.between(live.since(), now));
    }

    private static String doing(Promotion p) {
        String progress = "";
        if (p.deployment() != null && p.state().isRunning()) {
            long done = p.deployment().steps().stream()
                    .filter(s -> s.status().isGood())
                    .count();
            progress = " " + done + "/" + p.deployment().steps().size() + " targets";
        }
        return Marks.of(p.state()) + " " + p.release().version() + " " + Texts.word(p.state()) + progress;
    }
}
