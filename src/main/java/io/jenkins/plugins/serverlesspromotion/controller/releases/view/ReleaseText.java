package io.jenkins.plugins.serverlesspromotion.controller.releases.view;

import io.jenkins.plugins.serverlesspromotion.controller.EngineLifecycle;
import io.jenkins.plugins.serverlesspromotion.controller.PromotionTitle;
import io.jenkins.plugins.serverlesspromotion.controller.SingleLine;
import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.Authorization;
import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.DecisionException;
import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.ReleaseLookup;
import io.jenkins.plugins.serverlesspromotion.engine.lane.GateContext.Pause;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.engine.port.Recoverer;
import io.jenkins.plugins.serverlesspromotion.engine.port.Store;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.DriftReading;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.Promotions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** Board and review as lines of text, for commands. */
@Restricted(NoExternalUse.class)
public final class ReleaseText {
    private ReleaseText() {}

    /** In words of {@link Pause}: one environment, one service, or everything when both are null. */
    public static String scope(String environment, String service) {
        if (environment != null) {
            return Pause.environment(environment);
        }
        return service != null ? Pause.service(service) : Pause.EVERYTHING;
    }

    /** @param service only this one, null: all that may be seen */
    public static List<String> board(String service) throws DecisionException {
        Store store = ReleaseLookup.reading();
        Predicate<String> wanted = Authorization.serviceVisibility()::sees;
        if (service != null) {
            wanted = ReleaseLookup.service(service)::equals;
        }
        Board board =
                Board.of(store, EngineLifecycle.get().promotions().orElse(null), Authorization.onlooker(), wanted);
        var lines = new ArrayList<String>();
        for (Board.Need need : board.needs()) {
            lines.add("needs you: " + need.promotion().id() + " " + PromotionTitle.of(need.promotion()) + ": "
                    + need.sentence());
        }
        for (OverrideBanner glass : board.glass()) {
            lines.add("! " + glass.title() + ": " + line(glass));
        }
        for (Pause pause : board.pauses()) {
            lines.add("paused: " + pause.scope() + ", by " + Words.who(pause.by()) + ": " + pause.reason());
        }
        for (Map.Entry<String, Map<String, Board.Cell>> row : board.cells().entrySet()) {
            row.getValue()
                    .forEach((environment, cell) -> lines.add(row.getKey() + " " + environment + ": " + cell(cell)));
        }
        return clean(lines);
    }

    private static String cell(Board.Cell cell) {
        var parts = new ArrayList<String>();
        parts.add(
                cell.lane().live() == null
                        ? "nothing yet"
                        : cell.lane().live().release().version() + " live");
        cell.open().forEach(p -> parts.add(item(p)));
        if (cell.ended() != null) {
            parts.add(item(cell.ended()));
        }
        String drift = DriftView.line(cell.lane());
        if (drift != null) {
            parts.add(drift);
        }
        if (cell.lane().hold() != null) {
            parts.add("on hold: " + cell.lane().hold().reason());
        }
        return String.join("; ", parts);
    }

    private static String line(OverrideBanner glass) {
        return glass.mark().word() + ": " + glass.sentence() + "; " + glass.deadline() + " "
                + glass.until().relative();
    }

    private static String item(Promotion p) {
        return p.release().version() + " " + Words.word(p.state()) + " (" + p.id() + ")";
    }

    /** What somebody who decides must know, the dangerous first. */
    public static List<String> promotion(String id) throws DecisionException {
        Promotion promotion = ReleaseLookup.promotion(id);
        Promotions promotions = EngineLifecycle.get().promotions().orElse(null);
        Review review = Review.of(Authorization.store(), promotions, promotion);
        var view = ReviewView.of(review, promotions, Authorization.onlooker(), Instant.now());
        var lines = new ArrayList<String>();
        lines.add(PromotionTitle.of(promotion) + ": " + Words.word(promotion.state()));
        if (promotion.why() != null) {
            lines.add(promotion.why());
        }
        view.getRequests()
                .forEach(r -> lines.add("asked for by " + r.who() + " " + r.at().relative()
                        + (r.from() == null ? "" : " " + r.from())
                        + (r.ticket() == null ? "" : ", ticket " + r.ticket())
                        + (r.reason() == null ? "" : ": " + r.reason())));
        OverrideBanner.of(
                        Authorization.store(),
                        EngineLifecycle.get().promotions().orElse(null),
                        Authorization.store().lane(LaneId.ofPromotion(id)),
                        Instant.now())
                .stream()
                .filter(b -> b.promotion().equals(id))
                .forEach(b -> lines.add("! " + line(b)));
        view.getRisks().forEach(r -> lines.add("! " + r.sentence() + " (" + r.where() + ")"));
        lines.add(view.getSummary());
        view.getPlaces()
                .forEach(p -> lines.add(p.place() + ": " + p.from() + " -> " + p.to()
                        + (p.when().isEmpty() ? "" : ", " + p.when())));
        view.getGates()
                .forEach(g -> lines.add("gate " + g.name() + " " + g.mark().word() + ": " + g.sentence()));
        view.getApprovals()
                .forEach(a -> lines.add("approved by " + a.who() + " (" + a.assurance() + ") "
                        + a.at().relative() + (a.comment() == null ? "" : ": " + a.comment())
                        + (a.voided() == null ? "" : "; " + a.voided())));
        view.getSteps()
                .forEach(s ->
                        lines.add(s.key() + " " + s.mark().word() + (s.detail() == null ? "" : ": " + s.detail())));
        if (promotion.deployment() != null) {
            promotion
                    .deployment()
                    .checks()
                    .forEach(c -> lines.add("check " + c.result().check() + " from "
                            + c.result().place() + (c.result().held() ? " holds: " : " does not hold: ")
                            + c.result().told()));
        }
        if (promotion.plan() != null) {
            lines.add("plan " + promotion.plan().digest());
        }
        return clean(lines);
    }

    /** What policy makes of a release, for one person; see {@link Explaining#of}. */
    public static List<String> explanation(String release, String environment, String ticket, String user)
            throws DecisionException {
        Explaining explaining = Explaining.of(release, environment, ticket, user);
        var lines = new ArrayList<String>();
        lines.add(explaining.release() + " → " + explaining.environment() + ": " + explaining.summary());
        explaining
                .gates(Instant.now())
                .forEach(g -> lines.add("gate " + g.name() + " " + g.mark().word() + ": " + g.sentence()));
        lines.add(explaining.verdict());
        return clean(lines);
    }

    /** What a look for drift found. */
    public static List<String> drift(DriftReading reading) {
        return clean(DriftView.lines(reading));
    }

    /** The stacks of a lane and what can be chosen for them. */
    public static List<String> stacks(List<Recoverer.Diagnosis> stacks) {
        return clean(RecoveryView.lines(stacks));
    }

    /** Texts come from people, templates and AWS: nothing in them may steer a terminal. */
    private static List<String> clean(List<String> lines) {
        return lines.stream().map(SingleLine::of).toList();
    }
}
