package io.jenkins.plugins.serverlesspromotion.cli;

import io.jenkins.plugins.serverlesspromotion.engine.lane.Lane;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.engine.lane.PromotionDecisions;
import io.jenkins.plugins.serverlesspromotion.view.BoardNeed;
import io.jenkins.plugins.serverlesspromotion.view.DriftWording;
import io.jenkins.plugins.serverlesspromotion.view.OverrideNotice;
import io.jenkins.plugins.serverlesspromotion.view.ReleaseBoard;
import io.jenkins.plugins.serverlesspromotion.view.Wording;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Renders the board as text: a table when it fits, otherwise one card per service that lists its environments. */
final class BoardView {
    private BoardView() {}

    /** @param width of the terminal, in characters */
    static List<String> lines(ReleaseBoard board, Instant now, int width) {
        return lines(board, promotion -> false, now, width);
    }

    /**
     * @param interrupted whether work on a promotion was begun and no process continues it
     * @param width of the terminal, in characters
     */
    static List<String> lines(ReleaseBoard board, Predicate<Promotion> interrupted, Instant now, int width) {
        var lines = new ArrayList<String>();
        if (!board.needs().isEmpty()) {
            lines.add("Needs you, " + board.person().id() + " (" + board.needs().size() + ")");
            var rows = new ArrayList<List<String>>();
            for (BoardNeed need : board.needs()) {
                Promotion p = need.promotion();
                PromotionDecisions.Request first = p.requests().get(0);
                rows.add(List.of(
                        "  " + Wording.title(p),
                        p.id(),
                        "requested by " + Wording.requester(first) + " " + Wording.relative(first.at(), now) + " · "
                                + need.sentence(now)));
            }
            lines.addAll(TextFormat.columns(rows));
            lines.add("");
        }
        board.pauses()
                .forEach(p -> lines.add(Marks.HELD + " paused: " + p.scope() + ", by " + Wording.who(p.by()) + " "
                        + Wording.relative(p.since(), now) + " (" + p.reason() + ")"));
        board.freezes().forEach(f -> lines.add(Marks.HELD + " " + f.sentence(now)));
        if (!board.pauses().isEmpty() || !board.freezes().isEmpty()) {
            lines.add("");
        }
        board.overrides().forEach(o -> lines.add(override(o, now)));
        if (!board.overrides().isEmpty()) {
            lines.add("");
        }
        if (board.cells().isEmpty()) {
            lines.add("No services yet. Put a policy in force with: promotion policy apply FILE, then publish a first"
                    + " release with: promotion publish release.yaml --version 1.0.0 (or publishRelease in a"
                    + " pipeline).");
            return lines;
        }
        List<String> table = table(board, interrupted, now);
        boolean fits = table.stream().allMatch(line -> TextFormat.width(line) <= width);
        lines.addAll(fits ? table : cards(board, interrupted, now));
        return lines;
    }

    /** One line, which names the promotion by its id, for the command that reviews or confirms it. */
    static String override(OverrideNotice notice, Instant now) {
        return Marks.RISK + " " + notice.word() + " " + notice.promotion().id() + ": " + notice.sentence(now) + "; "
                + notice.deadline(now) + " " + Wording.relative(notice.until(), now);
    }

    private static List<String> table(ReleaseBoard board, Predicate<Promotion> interrupted, Instant now) {
        var rows = new ArrayList<List<String>>();
        var head = new ArrayList<String>();
        head.add("Service");
        head.addAll(board.environments());
        rows.add(head);
        board.cells().forEach((service, cells) -> {
            List<List<String>> columns = board.environments().stream()
                    .map(e -> cells.containsKey(e) ? cell(cells.get(e), interrupted, now) : List.of("·"))
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

    private static List<String> cards(ReleaseBoard board, Predicate<Promotion> interrupted, Instant now) {
        var lines = new ArrayList<String>();
        int label = board.environments().stream().mapToInt(TextFormat::width).max().orElse(0) + 4;
        for (Map.Entry<String, Map<String, ReleaseBoard.Cell>> service : board.cells().entrySet()) {
            lines.add(service.getKey());
            service.getValue()
                    .forEach((environment, cell) ->
                            lines.addAll(TextFormat.labelled("  " + environment, label, cell(cell, interrupted, now))));
        }
        return lines;
    }

    private static List<String> cell(ReleaseBoard.Cell cell, Predicate<Promotion> interrupted, Instant now) {
        var lines = new ArrayList<String>();
        Lane lane = cell.lane();
        lines.add(lane.live() == null ? "nothing yet" : live(cell, now));
        if (cell.soak(now) != null) {
            lines.add(Marks.WAITS + " " + cell.soak(now));
        }
        cell.open()
                .forEach(p -> lines.add(
                        interrupted.test(p)
                                ? Marks.BAD + " " + p.release().version() + " interrupted while " + Wording.word(p.state())
                                : item(p, cell.progress(p, now))));
        if (cell.ended() != null) {
            Promotion p = cell.ended();
            lines.add(item(p, Wording.length(Duration.between(p.since(), now))));
        }
        String drift = DriftWording.exception(cell.drift());
        if (drift != null) {
            lines.add(Marks.RISK + " " + drift);
        }
        cell.leftBehind().forEach(l -> lines.add(Marks.RISK + " " + DriftWording.leftBehind(l)));
        if (lane.hold() != null) {
            lines.add(Marks.HELD + " hold after rollback");
        }
        if (!cell.placed()) {
            lines.add("no longer placed here");
        }
        return lines;
    }

    private static String live(ReleaseBoard.Cell cell, Instant now) {
        Lane.Live live = cell.lane().live();
        return live.release().version() + " "
                + (cell.mixed() ? Marks.RISK + " live, not everywhere" : Marks.GOOD + " live") + " "
                + Wording.length(Duration.between(live.since(), now));
    }

    private static String item(Promotion p, String progress) {
        return Marks.of(p.state()) + " " + p.release().version() + " " + Wording.word(p.state())
                + (progress == null ? "" : " " + progress);
    }
}
