package io.jenkins.plugins.serverlesspromotion.controller.releases.view;

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
import io.jenkins.plugins.serverlesspromotion.view.BoardNeed;
import io.jenkins.plugins.serverlesspromotion.view.DriftWording;
import io.jenkins.plugins.serverlesspromotion.view.GateRow;
import io.jenkins.plugins.serverlesspromotion.view.OverrideNotice;
import io.jenkins.plugins.serverlesspromotion.view.ReleaseBoard;
import io.jenkins.plugins.serverlesspromotion.view.ReleaseExplanation;
import io.jenkins.plugins.serverlesspromotion.view.ReviewFacts;
import io.jenkins.plugins.serverlesspromotion.view.ViewReader;
import io.jenkins.plugins.serverlesspromotion.view.Wording;
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

    /** In the words of {@link Pause}: one environment, one service, or everything when both are null. */
    public static String scope(String environment, String service) {
        if (environment != null) {
            return Pause.environment(environment);
        }
        return service != null ? Pause.service(service) : Pause.EVERYTHING;
    }

    /** @param service only this one, null: all that the viewer may see */
    public static List<String> board(String service) throws DecisionException {
        Instant now = Instant.now();
        Store store = ReleaseLookup.reading();
        Predicate<String> wanted = service == null ? any -> true : ReleaseLookup.service(service)::equals;
        ReleaseBoard board =
                ReleaseBoard.of(ViewAccess.reader(store), ViewAccess.promotions(), ViewAccess.viewer(), wanted, now);
        var lines = new ArrayList<String>();
        for (BoardNeed need : board.needs()) {
            lines.add("needs you: " + need.promotion().id() + " " + Wording.title(need.promotion()) + ": "
                    + need.sentence(now));
        }
        for (OverrideNotice notice : board.overrides()) {
            lines.add("! " + Wording.title(notice.promotion()) + ": " + line(notice, now));
        }
        for (Pause pause : board.pauses()) {
            lines.add("paused: " + pause.scope() + ", by " + Wording.who(pause.by()) + ": " + pause.reason());
        }
        board.freezes().forEach(f -> lines.add(f.sentence(now)));
        for (Map.Entry<String, Map<String, ReleaseBoard.Cell>> row :
                board.cells().entrySet()) {
            row.getValue()
                    .forEach((environment, cell) ->
                            lines.add(row.getKey() + " " + environment + ": " + cell(cell, now)));
        }
        return clean(lines);
    }

    private static String cell(ReleaseBoard.Cell cell, Instant now) {
        var parts = new ArrayList<String>();
        parts.add(
                cell.lane().live() == null
                        ? "nothing yet"
                        : cell.lane().live().release().version() + (cell.mixed() ? " live, not everywhere" : " live"));
        if (cell.soak(now) != null) {
            parts.add(cell.soak(now));
        }
        cell.open().forEach(p -> parts.add(item(p, cell.progress(p, now))));
        if (cell.ended() != null) {
            parts.add(item(cell.ended(), null));
        }
        String drift = DriftWording.exception(cell.drift());
        if (drift != null) {
            parts.add(drift);
        }
        cell.leftBehind().forEach(l -> parts.add(DriftWording.leftBehind(l)));
        if (cell.lane().hold() != null) {
            parts.add("on hold: " + cell.lane().hold().reason());
        }
        if (!cell.placed()) {
            parts.add("no longer placed here");
        }
        return String.join("; ", parts);
    }

    private static String line(OverrideNotice notice, Instant now) {
        return notice.word() + ": " + notice.sentence(now) + "; " + notice.deadline(now) + " "
                + Wording.relative(notice.until(), now);
    }

    private static String item(Promotion p, String progress) {
        return p.release().version() + " " + Wording.word(p.state()) + (progress == null ? "" : " " + progress) + " ("
                + p.id() + ")";
    }

    /** The facts for a person who decides, the dangerous changes first. */
    public static List<String> promotion(String id) throws DecisionException {
        Promotion promotion = ReleaseLookup.promotion(id);
        Promotions promotions = ViewAccess.promotions();
        Instant now = Instant.now();
        ViewReader reader = ViewAccess.reader(Authorization.store());
        ReviewFacts review = ReviewFacts.of(reader, promotions, ViewAccess.viewer(), promotion);
        var view = new ReviewView(review, now);
        var lines = new ArrayList<String>();
        lines.add(Wording.title(promotion) + ": " + Wording.word(promotion.state()));
        if (promotion.why() != null) {
            lines.add(promotion.why());
        }
        view.getRequests()
                .forEach(r -> lines.add("requested by " + r.who() + " " + r.at().relative()
                        + (r.from() == null ? "" : " " + r.from())
                        + (r.ticket() == null ? "" : ", ticket " + r.ticket())
                        + (r.reason() == null ? "" : ": " + r.reason())));
        OverrideNotice.of(reader, promotions, reader.lane(LaneId.ofPromotion(id))).stream()
                .filter(n -> n.promotion().id().equals(id))
                .forEach(n -> lines.add("! " + line(n, now)));
        view.getRisks().forEach(r -> lines.add("! " + r.sentence() + " (" + r.where() + ")"));
        lines.add(review.summary());
        review.places()
                .forEach(p -> lines.add(p.place() + ": " + p.from() + " -> " + p.to()
                        + (p.when().isEmpty() ? "" : ", " + p.when())));
        review.gateRows(now).forEach(g -> lines.add(gate(g)));
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
                            + c.result().place() + (c.result().held() ? " passed: " : " not passed: ")
                            + c.result().summary()));
        }
        if (promotion.plan() != null) {
            lines.add("plan " + promotion.plan().digest());
        }
        return clean(lines);
    }

    private static String gate(GateRow gate) {
        return "gate " + gate.name() + " " + gate.word() + ": " + gate.sentence();
    }

    /** How the policy evaluates a release, for one person; see {@link Explaining#of}. */
    public static List<String> explanation(String release, String environment, String ticket, String user)
            throws DecisionException {
        ReleaseExplanation explained = Explaining.of(release, environment, ticket, user);
        var lines = new ArrayList<String>();
        lines.add(explained.subject() + ": " + explained.summary());
        explained.gates(Instant.now()).forEach(g -> lines.add(gate(g)));
        lines.add(explained.verdict());
        return clean(lines);
    }

    /** The result of a drift check. */
    public static List<String> drift(DriftReading reading) {
        return clean(DriftView.lines(reading));
    }

    /** The stacks of a lane and their recovery actions. */
    public static List<String> stacks(List<Recoverer.Diagnosis> stacks) {
        return clean(RecoveryView.lines(stacks));
    }

    /** Texts come from people, templates and AWS: they must not control a terminal. */
    private static List<String> clean(List<String> lines) {
        return lines.stream().map(SingleLine::of).toList();
    }
}
