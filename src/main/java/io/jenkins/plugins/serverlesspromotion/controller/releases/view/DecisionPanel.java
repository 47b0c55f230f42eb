package io.jenkins.plugins.serverlesspromotion.controller.releases.view;

import io.jenkins.plugins.serverlesspromotion.controller.PromotionPermissions;
import io.jenkins.plugins.serverlesspromotion.controller.releases.Messages;
import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.Authorization;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Gates;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion.State;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Person;
import io.jenkins.plugins.serverlesspromotion.view.ReviewFacts;
import io.jenkins.plugins.serverlesspromotion.view.Wording;
import java.util.List;
import java.util.Optional;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** What the viewer can decide about a promotion, and why not. Only for display, never for authorization. */
@Restricted(NoExternalUse.class)
public final class DecisionPanel {
    private final ReviewFacts review;
    private final Promotion promotion;

    public DecisionPanel(ReviewFacts review) {
        this.review = review;
        this.promotion = review.promotion();
    }

    /** Whether policy requires a comment on every approval here. */
    public boolean isCommentRequired() {
        return review.needsComment();
    }

    /** Whether the viewer has given an approval that counts and can still withdraw it. */
    public boolean isWithdrawable() {
        Person person = Authorization.onlooker();
        return person != null
                && !promotion.state().isOver()
                && !promotion.state().isRunning()
                && Jenkins.get().hasPermission(PromotionPermissions.APPROVE)
                && promotion.standing().stream().anyMatch(a -> a.person().id().equals(person.id()));
    }

    /** Why an approval of the viewer no longer counts; null when there is none, or they gave a new one. */
    public String getVoided() {
        Person person = Authorization.onlooker();
        if (person == null
                || promotion.state().isOver()
                || promotion.standing().stream().anyMatch(a -> a.person().id().equals(person.id()))) {
            return null;
        }
        return promotion.approvals().stream()
                .filter(a -> a.person().id().equals(person.id()) && a.voided() != null)
                .reduce((first, last) -> last)
                .filter(a -> !a.isWithdrawn())
                .map(a -> Messages.Approval_voided(a.voided()))
                .orElse(null);
    }

    /** Why the viewer cannot approve; null when they can. */
    public String getWhyNotApprove() {
        return Authorization.whyNot(
                PromotionPermissions.APPROVE, person -> review.whyNotApprove(ViewAccess.promotions(), person));
    }

    /** Why the viewer cannot reject; null when they can. */
    public String getWhyNotReject() {
        if (promotion.state().isOver()) {
            return Messages.WhyNot_over(Wording.word(promotion.state()));
        }
        if (promotion.state().isRunning()) {
            return Messages.WhyNot_runningAbort(Wording.word(promotion.state()));
        }
        return Authorization.whyNot(
                PromotionPermissions.APPROVE, person -> decides(person) ? null : Messages.WhyNot_noRole());
    }

    private boolean decides(Person person) {
        return review.rules() != null && Gates.decides(person, promotion, review.rules());
    }

    /** Why the viewer cannot abort; null when they can. */
    public String getWhyNotAbort() {
        if (promotion.state().isOver()) {
            return Messages.WhyNot_over(Wording.word(promotion.state()));
        }
        if (promotion.state() == State.ROLLING_BACK) {
            return Messages.WhyNot_rollingBack();
        }
        if (ViewAccess.promotions() == null) {
            return Messages.WhyNot_engine();
        }
        return isMayPromote() ? null : Messages.WhyNot_permission(permission(PromotionPermissions.PROMOTE));
    }

    private static String permission(hudson.security.Permission permission) {
        return permission.group.title + "/" + permission.name;
    }

    private boolean isMayPromote() {
        return Authorization.may(LaneId.ofPromotion(promotion.id()).service(), PromotionPermissions.PROMOTE);
    }

    /** Whether a new plan could help the promotion to continue. */
    public boolean isReplannable() {
        return review.incomplete()
                && isMayPromote()
                && (promotion.state() == State.WAITING || promotion.state() == State.QUEUED);
    }

    /** The effect of this person's approval; null when it has none. */
    public String getCompletes() {
        if (getWhyNotApprove() != null) {
            return null;
        }
        return Optional.ofNullable(Authorization.onlooker())
                .map(review::completes)
                .filter(roles -> !roles.isEmpty())
                .map(roles -> Messages.Decision_countsFor(String.join(", ", roles)))
                .orElse(null);
    }

    /** The effect of an abort now. */
    public String getAbortMeans() {
        if (!promotion.state().isRunning()) {
            return Messages.Abort_before();
        }
        List<String> back = promotion.deployment().steps().stream()
                .filter(s -> s.status().isTouched() && s.returnTo() != null)
                .map(s -> s.returnTo().version())
                .distinct()
                .toList();
        return back.isEmpty() ? Messages.Abort_running() : Messages.Abort_back(String.join(", ", back));
    }
}
