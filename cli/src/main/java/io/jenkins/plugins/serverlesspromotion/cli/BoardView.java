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
    static List<String> lines(BoardModel boardModel, Instant now, int width) {
        var lines = new ArrayList<String>();
        if (!boardModel.needs().isEmpty()) {
            lines.add("Needs you, " + boardModel.person().id() + " (" + boardModel.needs().size() + ")");
            var rows = new ArrayList<List<String>>();
            for (BoardModel.Need need : boardModel.needs()) {
                Promotion p = need.promotion();
                rows.add(List.of(
                        "  " + ProgressView.title(p),
                        p.id(),
                        "asked by " + ReviewText.person(p.requests().get(0).by()) + " "
                                + TextFormat.ago(p.requests().get(0).at(), now)
                                + " · " + need.sentence()));
            }
            lines.addAll(TextFormat.columns(rows));
            lines.add("");
        }
        boardModel.pauses()
                .forEach(p -> lines.add(Marks.HELD + " paused: " + p.scope() + ", by " + ReviewText.person(p.by()) + " "
                        + TextFormat.ago(p.since(), now) + " (" + p.reason() + ")"));
        if (!boardModel.pauses().isEmpty()) {
            lines.add("");
        }
        List<String> reviews = reviews(boardModel, now);
        lines.addAll(reviews);
        if (!reviews.isEmpty()) {
            lines.add("");
        }
        if (boardModel.cells().isEmpty()) {
            lines.add("No services yet. Put a policy in force with: promotion policy apply FILE, then publish a first"
                    + " release with: promotion publish release.yaml --version 1.0.0 (or publishRelease in a"
                    + " pipeline).");
            return lines;
        }
        List<String> table = table(boardModel, now);
        boolean fits = table.stream().allMatch(line -> TextFormat.width(line) <= width);
        lines.addAll(fits ? table : cards(boardModel, now));
        return lines;
    }

    /** What was let in by overriding gates, until somebody has looked at it. */
    private static List<String> reviews(BoardModel boardModel, Instant now) {
        var lines = new ArrayList<String>();
        boardModel.cells()
                .values()
                .forEach(row -> row.values()
                        .forEach(cell -> cell.lane()
                                .reviews()
                                .forEach(r ->
                                        lines.add(Marks.RISK + " to be reviewed: " + r.promotion() + " broke the glass "
                                                + TextFormat.ago(r.at(), now) + " (" + String.join(", ", r.gates())
                                                + " did not hold; by "
                                                + String.join(", ", r.by()) + ": " + r.reason() + ")"))));
        return lines;
    }

    private static List<String> table(BoardModel boardModel, Instant now) {
        var rows = new ArrayList<List<String>>();
        var head = new ArrayList<String>();
        head.add("Service");
        head.addAll(boardModel.environments());
        rows.add(head);
        boardModel.cells().forEach((service, cells) -> {
            List<List<String>> columns = boardModel.environments().stream()
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
        return TextFormat.columns(rows);
    }

    private static List<String> cards(BoardModel boardModel, Instant now) {
        var lines = new ArrayList<String>();
        int label = boardModel.environments().stream().mapToInt(TextFormat::width).max().orElse(0) + 4;
        for (Map.Entry<String, Map<String, BoardModel.Cell>> service : boardModel.cells().entrySet()) {
            lines.add(service.getKey());
            service.getValue()
                    .forEach((environment, cell) ->
                            lines.addAll(TextFormat.labelled("  " + environment, label, cell(cell, now))));
        }
        return lines;
    }

    private static List<String> cell(BoardModel.Cell cell, Instant now) {
        var lines = new ArrayList<String>();
        Lane lane = cell.lane();
        lines.add(lane.live() == null ? "nothing yet" : live(lane.live(), now));
        lane.promotions().stream().filter(p -> !p.state().isOver()).forEach(p -> lines.add(doing(p)));
        if (cell.ended() != null) {
            Promotion p = cell.ended();
            lines.add(Marks.of(p.state()) + " " + p.release().version() + " " + TextFormat.word(p.state()) + " "
                    + TextFormat.length(java.time.Duration.between(p.since(), now)));
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
                + TextFormat.length(java.time.Duration.between(live.since(), now));
    }

    private static String doing(Promotion p) {
        String progress = "";
        if (p.deployment() != null && p.state().isRunning()) {
            long done = p.deployment().steps().stream()
                    .filter(s -> s.status().isGood())
                    .count();
            progress = " " + done + "/" + p.deployment().steps().size() + " targets";
        }
        return Marks.of(p.state()) + " " + p.release().version() + " " + TextFormat.word(p.state()) + progress;
    }
}
