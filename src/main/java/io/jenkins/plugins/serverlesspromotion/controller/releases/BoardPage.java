package io.jenkins.plugins.serverlesspromotion.controller.releases;

import io.jenkins.plugins.serverlesspromotion.controller.EngineLifecycle;
import io.jenkins.plugins.serverlesspromotion.controller.PromotionPermissions;
import io.jenkins.plugins.serverlesspromotion.controller.configuration.Proposals;
import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.Authorization;
import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.DecisionException;
import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.ReleaseLookup;
import io.jenkins.plugins.serverlesspromotion.controller.releases.view.DriftView;
import io.jenkins.plugins.serverlesspromotion.controller.releases.view.OverrideBanner;
import io.jenkins.plugins.serverlesspromotion.controller.releases.view.ViewAccess;
import io.jenkins.plugins.serverlesspromotion.controller.releases.view.Words;
import io.jenkins.plugins.serverlesspromotion.engine.lane.GateContext.Pause;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Lane;
import io.jenkins.plugins.serverlesspromotion.engine.lane.PauseScope;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.engine.lane.PromotionDecisions;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.engine.port.Store;
import io.jenkins.plugins.serverlesspromotion.view.BoardNeed;
import io.jenkins.plugins.serverlesspromotion.view.DriftWording;
import io.jenkins.plugins.serverlesspromotion.view.ReleaseBoard;
import io.jenkins.plugins.serverlesspromotion.view.Wording;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** The content of the board page. */
@Restricted(NoExternalUse.class)
public final class BoardPage {
    private final ReleaseBoard board;
    private final Policy policy;
    private final String refusal;
    private final String trouble;
    private final Instant now;

    private BoardPage(ReleaseBoard board, Policy policy, String refusal, String trouble, Instant now) {
        this.board = board;
        this.policy = policy;
        this.refusal = refusal;
        this.trouble = trouble;
        this.now = now;
    }

    /**
     * @param refusal of the last action, may be null
     * @throws org.springframework.security.access.AccessDeniedException when they may see nothing at all
     */
    static BoardPage forCurrentUser(String refusal) {
        Instant now = Instant.now();
        String trouble = EngineLifecycle.get().trouble().orElse(null);
        Store store;
        try {
            store = ReleaseLookup.reading();
        } catch (DecisionException e) {
            return new BoardPage(ReleaseBoard.empty(null), null, refusal, e.getMessage(), now);
        }
        ReleaseBoard board = ReleaseBoard.of(
                ViewAccess.reader(store), ViewAccess.promotions(), ViewAccess.viewer(), service -> true, now);
        return new BoardPage(board, Authorization.policy(store), refusal, trouble, now);
    }

    /** @param override whether it is about overriding gates */
    public record Need(
            String title, String url, String sentence, boolean override, boolean overdue, String requestedBy) {}

    /** @param configuration whether a configuration that is not valid pauses everything */
    public record Paused(String scope, boolean configuration, String by, Words.Moment since, String reason) {}

    public record Row(String service, String url, List<Cell> cells) {}

    /**
     * @param placed false: the policy does not place the service there
     * @param drift null when no drift is known
     * @param leftBehind what the environment owns and the live release does not name
     */
    public record Cell(
            String environment,
            boolean placed,
            boolean leftPolicy,
            Live live,
            List<Item> items,
            String hold,
            String soak,
            Words.Mark drift,
            List<String> leftBehind) {}

    /** @param mixed whether some place has another release */
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

    /** Only a user who may configure can lift the pause for a configuration that is not valid. */
    public boolean isMayResume(Paused pause) {
        return pause.configuration() ? isMayConfigure() : isMayPause();
    }

    public boolean isMayConfigure() {
        return Jenkins.get().hasPermission(PromotionPermissions.CONFIGURE);
    }

    /** Whether a change of the configuration waits for a second person, who may be the viewer. */
    public boolean isAnythingProposed() {
        return isMayConfigure() && !Proposals.open().isEmpty();
    }

    public List<String> getEnvironments() {
        return board.environments();
    }

    /** The scopes that can be paused now, in the words of {@link Pause}. */
    public List<String> getScopes() {
        var scopes = new ArrayList<String>();
        scopes.add(Pause.EVERYTHING);
        board.environments().forEach(e -> scopes.add(Pause.environment(e)));
        board.cells().keySet().forEach(s -> scopes.add(Pause.service(s)));
        board.pauses().forEach(p -> scopes.remove(p.scope()));
        return scopes;
    }

    public List<Need> getNeeds() {
        return board.needs().stream().map(this::need).toList();
    }

    private Need need(BoardNeed need) {
        Promotion p = need.promotion();
        PromotionDecisions.Request first = p.requests().get(0);
        return new Need(
                Wording.title(p),
                "promotion/" + p.id() + "/",
                need.sentence(now),
                need.kind() != BoardNeed.Kind.APPROVAL,
                need.overdue(now),
                Messages.Board_asked(
                        Wording.requester(first), Words.moment(first.at(), now).relative()));
    }

    public List<OverrideBanner> getOverrides() {
        return OverrideBanner.of(board.overrides(), now);
    }

    public List<Paused> getPauses() {
        return board.pauses().stream()
                .map(p -> new Paused(
                        p.scope(),
                        p.is(PauseScope.Kind.CONFIGURATION),
                        Wording.who(p.by()),
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

    /** The freezes that keep promotions waiting now. */
    public List<Frozen> getFrozen() {
        return board.freezes().stream()
                .map(f -> new Frozen(f.sentence(now), Words.moment(f.end(), now)))
                .toList();
    }

    public boolean isByItself(String environment) {
        return ReleaseBoard.arrivesByItself(policy, environment);
    }

    private Cell cell(String environment, ReleaseBoard.Cell cell) {
        if (cell == null) {
            return new Cell(environment, false, false, null, List.of(), null, null, null, List.of());
        }
        var items = new ArrayList<Item>();
        cell.open().forEach(p -> items.add(item(p, cell.progress(p, now))));
        if (cell.ended() != null) {
            items.add(item(cell.ended(), null));
        }
        Lane lane = cell.lane();
        return new Cell(
                environment,
                true,
                !cell.placed(),
                live(cell),
                items,
                lane.hold() == null ? null : lane.hold().reason(),
                cell.soak(now),
                DriftView.of(cell.lane(), cell.drift(), now).getBoardMark(),
                cell.leftBehind().stream().map(DriftWording::leftBehind).toList());
    }

    private Live live(ReleaseBoard.Cell cell) {
        Lane.Live live = cell.lane().live();
        return live == null
                ? null
                : new Live(
                        live.release().version(),
                        "promotion/" + live.promotion() + "/",
                        Words.moment(live.since(), now),
                        cell.mixed());
    }

    private Item item(Promotion p, String progress) {
        return new Item(
                p.release().version(),
                "promotion/" + p.id() + "/",
                Words.mark(p.state()),
                progress,
                Words.moment(p.since(), now));
    }
}
