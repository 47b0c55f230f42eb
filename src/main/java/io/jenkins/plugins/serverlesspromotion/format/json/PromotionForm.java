package io.jenkins.plugins.serverlesspromotion.format.json;

import com.fasterxml.jackson.databind.util.StdConverter;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Deployment;
import io.jenkins.plugins.serverlesspromotion.engine.lane.PeopleStatements;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.engine.lane.PromotionDecisions;
import io.jenkins.plugins.serverlesspromotion.engine.lane.PromotionPlanning;
import io.jenkins.plugins.serverlesspromotion.engine.release.ReleaseRef;
import java.time.Instant;
import java.util.List;

/**
 * The form of a promotion in the journal: the members of its planning and its decisions are on the same level as its
 * own.
 */
public record PromotionForm(
        String id,
        Promotion.Kind kind,
        ReleaseRef release,
        Promotion.State state,
        Instant since,
        String why,
        ReleaseRef before,
        List<PromotionDecisions.Request> requests,
        int planning,
        PromotionPlanning.Planned plan,
        List<PromotionDecisions.Approval> approvals,
        Instant waitingSince,
        Instant queuedAt,
        Deployment deployment,
        int stale,
        List<PromotionDecisions.Override> overrides,
        PromotionDecisions.Membership membership,
        PromotionDecisions.TicketCheck ticketCheck,
        List<PeopleStatements.RequestersStatement> requestersStated,
        List<PeopleStatements.AuthorsAttestation> authorsAttested) {
    public PromotionForm {
        // Checked here, because Jackson reports the exception of a constructor, but not that of a converter.
        requests = List.copyOf(requests);
        approvals = List.copyOf(approvals);
    }

    /** For writing. */
    public static final class Of extends StdConverter<Promotion, PromotionForm> {
        @Override
        public PromotionForm convert(Promotion promotion) {
            PromotionPlanning planning = promotion.planning();
            PromotionDecisions decisions = promotion.decisions();
            return new PromotionForm(
                    promotion.id(),
                    promotion.kind(),
                    promotion.release(),
                    promotion.state(),
                    promotion.since(),
                    promotion.why(),
                    promotion.before(),
                    decisions.requests(),
                    planning.number(),
                    planning.plan(),
                    decisions.approvals(),
                    decisions.waitingSince(),
                    decisions.queuedAt(),
                    promotion.deployment(),
                    planning.stale(),
                    decisions.overrides(),
                    decisions.membership(),
                    decisions.ticketCheck(),
                    decisions.statements().requestersStated(),
                    decisions.statements().authorsAttested());
        }
    }

    /** For reading. */
    static final class Back extends StdConverter<PromotionForm, Promotion> {
        @Override
        public Promotion convert(PromotionForm form) {
            return new Promotion(
                    form.id(),
                    form.kind(),
                    form.release(),
                    form.state(),
                    form.since(),
                    form.why(),
                    form.before(),
                    new PromotionPlanning(form.planning(), form.plan(), form.stale()),
                    new PromotionDecisions(
                            form.requests(),
                            form.approvals(),
                            form.overrides(),
                            new PeopleStatements(form.requestersStated(), form.authorsAttested()),
                            form.membership(),
                            form.ticketCheck(),
                            form.waitingSince(),
                            form.queuedAt()),
                    form.deployment());
        }
    }
}
