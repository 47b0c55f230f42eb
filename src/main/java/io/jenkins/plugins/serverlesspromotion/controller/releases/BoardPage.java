package io.jenkins.plugins.serverlesspromotion.controller.releases;

import io.jenkins.plugins.serverlesspromotion.controller.EngineLifecycle;
import io.jenkins.plugins.serverlesspromotion.controller.PromotionPermissions;
import io.jenkins.plugins.serverlesspromotion.controller.PromotionTitle;
import io.jenkins.plugins.serverlesspromotion.controller.configuration.Proposals;
import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.Authorization;
import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.DecisionException;
import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.ReleaseLookup;
import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.ServiceVisibility;
import io.jenkins.plugins.serverlesspromotion.controller.releases.view.Board;
import io.jenkins.plugins.serverlesspromotion.controller.releases.view.DriftView;
import io.jenkins.plugins.serverlesspromotion.controller.releases.view.OverrideBanner;
import io.jenkins.plugins.serverlesspromotion.controller.releases.view.Words;
import io.jenkins.plugins.serverlesspromotion.engine.lane.GateContext.Pause;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Lane;
import io.jenkins.plugins.serverlesspromotion.engine.lane.PauseScope;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.engine.lane.PromotionDecisions;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Freeze;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Gate;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Hours;
import io.jenkins.plugins.serverlesspromotion.engine.policy.LaneRules;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Person;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.engine.port.Store;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** What the board's view shows. */
@Restricted(NoExternalUse.class)
public final class BoardPage {
    private final Board board;
    private final Policy policy;
    private final String refusal;
    private final String trouble;
    private final Instant now = Instant.now();

    private BoardPage(Board board, Policy policy, String refusal, String trouble) {
        this.board = board;
        this.policy = policy;
        this.refusal = refusal;
        this.trouble = trouble;
    }

    /**
     * @param refusal what was just refused, may be null
     * @throws org.springframework.security.access.AccessDeniedException when they may see nothing at all
     */
    static BoardPage forCurrentUser(String refusal) {
        ServiceVisibility serviceVisibility = Authorization.serviceVisibility();
        String trouble = EngineLifecycle.get().trouble().orElse(null);
        Store store;
        try {
            store = ReleaseLookup.reading();
        } catch (DecisionException e) {
            return new BoardPage(
                    new Board(List.of(), List.of(), List.of(), List.of(), Map.of()), null, refusal, e.getMessage());
        }
        Person person = Authorization.onlooker();
        Board board = Board.of(store, EngineLifecycle.get().promotions().orElse(null), person, serviceVisibility::sees);
        return new BoardPage(board, Authorization.policy(store), refusal, trouble);
    }

    /** @param glass whether it is about overriding gates */
    public record Need(String title, String url, String sentence, boolean glass, boolean overdue, String asked) {}

    /** @param configuration whether a configuration that is not valid pauses everything */
    public record Paused(String scope, boolean configuration, String by, Words.Moment since, String reason) {}

    public record Row(String service, String url, List<Cell> cells) {}

    /**
     * @param placed false: the service does not live there
     * @param drift null when what is live is as promoted, as far as is known
     */
    public record Cell(
            String environment,
            boolean placed,
            boolean leftPolicy,
            Live live,
            List<Item> items,
            String hold,
            String soak,
            Words.Mark drift) {}

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

    /** A pause because of a configuration that is not valid is lifted by who may configure. */
    public boolean isMayResume(Paused pause) {
        return pause.configuration() ? isMayConfigure() : isMayPause();
    }

    public boolean isMayConfigure() {
        return Jenkins.get().hasPermission(PromotionPermissions.CONFIGURE);
    }

    /** Whether a change of the configuration waits for a second person, who may be whoever looks. */
    public boolean isAnythingProposed() {
        return isMayConfigure() && !Proposals.open().isEmpty();
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
                    PromotionDecisions.Request first = p.requests().get(0);
                    return new Need(
                            title(p),
                            "promotion/" + p.id() + "/",
                            n.sentence(),
                            n.kind() != Board.Kind.APPROVAL,
                            n.due() != null && now.isAfter(n.due()),
                            Messages.Board_asked(
                                    Words.asker(first),
                                    Words.moment(first.at(), now).relative()));
                })
                .toList();
    }

    public List<OverrideBanner> getGlass() {
        return board.glass();
    }

    /** {@code orders 1.4.2 → prod}, or {@code orders back to 1.4.0 → prod}. */
    public static String title(Promotion p) {
        return PromotionTitle.of(p);
    }

    public List<Paused> getPauses() {
        return board.pauses().stream()
                .map(p -> new Paused(
                        p.scope(),
                        p.is(PauseScope.Kind.CONFIGURATION),
                        Words.who(p.by()),
                        Words.moment(p.since(), now),
                        p.reason()))
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

    /** @param sentence {@code prod is frozen until 2 Jan, 00:00 Europe/Berlin (year-end)} */
    public record Frozen(String sentence, Words.Moment until) {}

    /** The freezes that hold something up now. */
    public List<Frozen> getFrozen() {
        return policy == null
                ? List.of()
                : policy.freezes().values().stream()
                        .filter(f -> Hours.of(f).contains(now))
                        .map(this::frozen)
                        .toList();
    }

    private Frozen frozen(Freeze freeze) {
        Instant end = Hours.of(freeze).end();
        String where = freeze.environments().isEmpty()
                ? Messages.Frozen_everything()
                : String.join(", ", freeze.environments());
        String until = Words.day(end, now, freeze.zone());
        return new Frozen(
                freeze.exempt().isEmpty()
                        ? Messages.Frozen_until(where, until, freeze.name())
                        : Messages.Frozen_exempt(where, until, freeze.name(), String.join(", ", freeze.exempt())),
                Words.moment(end, now));
    }

    /** Whether what succeeds before is asked for in {@code environment} by itself. */
    static boolean byItself(Policy policy, String environment) {
        return policy != null
                && policy.environments().containsKey(environment)
                && policy.environments().get(environment).arrival() == Policy.Arrival.AUTOMATIC;
    }

    public boolean isByItself(String environment) {
        return byItself(policy, environment);
    }

    /** How long what is live must still be there before it may go on, {@code soak 12 min → prod}; null: it need not. */
    private String soak(Lane lane) {
        if (policy == null || lane.live() == null) {
            return null;
        }
        String here = lane.id().environment();
        String soaks = policy.environments().keySet().stream()
                .flatMap(next -> LaneRules.of(policy, lane.id().service(), next).stream())
                .flatMap(rules -> rules.gates(Gate.Soak.class)
                        .filter(s -> s.environment().equals(here))
                        .map(s -> lane.live().since().plus(s.duration()))
                        .filter(now::isBefore)
                        .map(end -> Messages.Board_soak(
                                Words.length(Duration.between(now, end)),
                                rules.environment().name())))
                .collect(Collectors.joining(", "));
        return soaks.isEmpty() ? null : soaks;
    }

    private Cell cell(String environment, Board.Cell cell) {
        if (cell == null) {
            return new Cell(environment, false, false, null, List.of(), null, null, null);
        }
        var items = new ArrayList<Item>();
        cell.open().forEach(p -> items.add(item(p, place(cell, p))));
        if (cell.ended() != null) {
            items.add(item(cell.ended(), null));
        }
        Lane lane = cell.lane();
        return new Cell(
                environment,
                true,
                !cell.placed(),
                live(lane.live()),
                items,
                lane.hold() == null ? null : lane.hold().reason(),
                soak(lane),
                DriftView.of(lane, now).getBoardMark());
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

    /** {@code 2nd in the queue} is {@code 2 of 3}; null when it is not in it, or alone. */
    private static String place(Board.Cell cell, Promotion p) {
        List<Promotion> queue = cell.open().stream()
                .filter(q -> q.state() == Promotion.State.QUEUED)
                .sorted(Comparator.comparing(Promotion::queuedAt))
                .toList();
        return queue.size() > 1 && queue.contains(p) ? Messages.Board_queue(queue.indexOf(p) + 1, queue.size()) : null;
    }

    private Item item(Promotion p, String place) {
        String progress = place;
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
