package io.jenkins.plugins.serverlesspromotion.controller.releases;

import io.jenkins.plugins.serverlesspromotion.controller.PromotionEngine;
import io.jenkins.plugins.serverlesspromotion.controller.PromotionPermissions;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Lane;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Surroundings.Pause;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Person;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.engine.port.Store;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** What the board's view shows. */
@Restricted(NoExternalUse.class)
public final class BoardPage {
    private final Board board;
    private final Policy policy;
    private final Visibility visibility;
    private final String refusal;
    private final String trouble;
    private final Instant now = Instant.now();

    private BoardPage(Board board, Policy policy, Visibility visibility, String refusal, String trouble) {
        this.board = board;
        this.policy = policy;
        this.visibility = visibility;
        this.refusal = refusal;
        this.trouble = trouble;
    }

    /**
     * @param refusal what was just refused, may be null
     * @throws org.springframework.security.access.AccessDeniedException when they may see nothing at all
     */
    static BoardPage forCurrentUser(String refusal) {
        Visibility visibility = Decisions.visibility();
        String trouble = PromotionEngine.get().trouble().orElse(null);
        Store store;
        try {
            store = Decisions.reading();
        } catch (DecisionException e) {
            return new BoardPage(
                    new Board(List.of(), List.of(), List.of(), List.of(), Map.of()),
                    null,
                    visibility,
                    refusal,
                    e.getMessage());
        }
        Person person = Decisions.onlooker();
        Board board = Board.of(store, PromotionEngine.get().promotions().orElse(null), person, visibility::sees);
        return new BoardPage(board, Decisions.policy(store), visibility, refusal, trouble);
    }

    /** @param glass whether it is about overriding gates */
    public record Need(String title, String url, String sentence, boolean glass, boolean overdue, String asked) {}

    public record Paused(String scope, String by, Words.Moment since, String reason) {}

    public record Row(String service, String url, List<Cell> cells) {}

    /** @param placed false: the service does not live there */
    public record Cell(
            String environment, boolean placed, boolean leftPolicy, Live live, List<Item> items, String hold) {}

    /** @param mixed whether some place has something else */
    public record Live(String version, String url, Words.Moment since, boolean mixed) {}

    public record Item(String version, String url, Words.Mark mark, String progress, Words.Moment since) {}

    public String getRefusal() {
        return refusal;
    }

    public String getTrouble() {
        return trouble;
    }

    public boolean isBare() {
        return board.cells().isEmpty();
    }

    public boolean isPolicyMissing() {
        return policy == null;
    }

    public boolean isMayPause() {
        return Jenkins.get().hasPermission(PromotionPermissions.PROMOTE);
    }

    public boolean isMayConfigure() {
        return Jenkins.get().hasPermission(PromotionPermissions.CONFIGURE);
    }

    public List<String> getEnvironments() {
        return board.environments();
    }

    /** What can be paused now, in words of {@link Pause}. */
    public List<String> getScopes() {
        var scopes = new ArrayList<String>();
        scopes.add(Pause.EVERYTHING);
        board.environments().forEach(e -> scopes.add(Pause.environment(e)));
        board.cells().keySet().forEach(s -> scopes.add(Pause.service(s)));
        board.pauses().forEach(p -> scopes.remove(p.scope()));
        return scopes;
    }

    public List<Need> getNeeds() {
        return board.needs().stream()
                .map(n -> {
                    Promotion p = n.promotion();
                    Promotion.Request first = p.requests().get(0);
                    return new Need(
                            title(p),
                            "promotion/" + p.id() + "/",
                            Words.humane(n.sentence(), now),
                            n.kind() != Board.Kind.APPROVAL,
                            n.due() != null && now.isAfter(n.due()),
                            Messages.Board_asked(
                                    Words.asker(first),
                                    Words.moment(first.at(), now).relative()));
                })
                .toList();
    }

    public List<GlassBanner> getGlass() {
        return board.glass();
    }

    /** {@code orders 1.4.2 → prod}, or {@code orders back to 1.4.0 → prod}. */
    static String title(Promotion p) {
        LaneId lane = LaneId.ofPromotion(p.id());
        String version = p.kind() == Promotion.Kind.ROLLBACK
                ? Messages.Board_backTo(p.release().version())
                : p.release().version();
        return lane.service() + " " + version + " → " + lane.environment();
    }

    /** The pauses that concern something visible. */
    public List<Paused> getPauses() {
        return board.pauses().stream()
                .filter(p -> !p.scope().startsWith("service ")
                        || visibility.sees(p.scope().substring("service ".length())))
                .map(p -> new Paused(p.scope(), Words.who(p.by()), Words.moment(p.since(), now), p.reason()))
                .toList();
    }

    public List<Row> getRows() {
        var rows = new ArrayList<Row>();
        board.cells()
                .forEach((service, cells) -> rows.add(new Row(
                        service,
                        "service/" + service + "/",
                        board.environments().stream()
                                .map(e -> cell(e, cells.get(e)))
                                .toList())));
        return rows;
    }

    private Cell cell(String environment, Board.Cell cell) {
        if (cell == null) {
            return new Cell(environment, false, false, null, List.of(), null);
        }
        var items = new ArrayList<Item>();
        cell.open().forEach(p -> items.add(item(p)));
        if (cell.ended() != null) {
            items.add(item(cell.ended()));
        }
        Lane lane = cell.lane();
        return new Cell(
                environment,
                true,
                !cell.placed(),
                live(lane.live()),
                items,
                lane.hold() == null ? null : lane.hold().reason());
    }

    private Live live(Lane.Live live) {
        return live == null
                ? null
                : new Live(
                        live.release().version(),
                        "promotion/" + live.promotion() + "/",
                        Words.moment(live.since(), now),
                        live.places().values().stream()
                                .anyMatch(r -> !live.release().equals(r)));
    }

    private Item item(Promotion p) {
        String progress = null;
        if (p.deployment() != null && p.state().isRunning()) {
            long done = p.deployment().steps().stream()
                    .filter(s -> s.status().isGood())
                    .count();
            progress = Messages.Board_targets(done, p.deployment().steps().size());
        }
        return new Item(
                p.release().version(),
                "promotion/" + p.id() + "/",
                Words.mark(p.state()),
                progress,
                Words.moment(p.since(), now));
    }
}
