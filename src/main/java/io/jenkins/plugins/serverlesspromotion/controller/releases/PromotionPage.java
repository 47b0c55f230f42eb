package io.jenkins.plugins.serverlesspromotion.controller.releases;

import hudson.model.ModelObject;
import io.jenkins.plugins.serverlesspromotion.controller.Identity;
import io.jenkins.plugins.serverlesspromotion.controller.NobodyException;
import io.jenkins.plugins.serverlesspromotion.controller.PromotionEngine;
import io.jenkins.plugins.serverlesspromotion.controller.PromotionPermissions;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Gates;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion.State;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Person;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.Promotions;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.StaplerResponse2;
import org.kohsuke.stapler.WebMethod;
import org.kohsuke.stapler.interceptor.RequirePOST;
import org.kohsuke.stapler.verb.GET;

/** {@code promotion/ID}: one promotion as people decide about it. Made only for somebody who may see it. */
@Restricted(NoExternalUse.class)
public final class PromotionPage implements ModelObject {
    private final Promotion promotion;
    private final Review review;
    private final String refusal;
    private final String comment;
    private final Instant now = Instant.now();

    PromotionPage(Promotion promotion) throws DecisionException {
        this(promotion, null, null);
    }

    /**
     * @param refusal why what was just asked for was not done, may be null
     * @param comment what was typed with it, so that it is not lost; may be null
     */
    private PromotionPage(Promotion promotion, String refusal, String comment) throws DecisionException {
        this.promotion = promotion;
        this.review = Review.of(Decisions.store(), promotions(), promotion);
        this.refusal = refusal;
        this.comment = comment;
    }

    private static Promotions promotions() {
        return PromotionEngine.get().promotions().orElse(null);
    }

    // --- what buttons do ---

    @RequirePOST
    @WebMethod(name = "approve")
    public void doApprove(
            StaplerRequest2 request,
            StaplerResponse2 response,
            @QueryParameter String planDigest,
            @QueryParameter String comment)
            throws IOException, ServletException {
        then(request, response, comment, () -> Decisions.approve(promotion.id(), planDigest, comment));
    }

    @RequirePOST
    @WebMethod(name = "reject")
    public void doReject(StaplerRequest2 request, StaplerResponse2 response, @QueryParameter String comment)
            throws IOException, ServletException {
        then(request, response, comment, () -> Decisions.reject(promotion.id(), comment));
    }

    @RequirePOST
    @WebMethod(name = "abort")
    public void doAbort(StaplerRequest2 request, StaplerResponse2 response, @QueryParameter String comment)
            throws IOException, ServletException {
        then(request, response, comment, () -> Decisions.abort(promotion.id(), comment));
    }

    @RequirePOST
    @WebMethod(name = "replan")
    public void doReplan(StaplerRequest2 request, StaplerResponse2 response) throws IOException, ServletException {
        then(request, response, null, () -> Decisions.replan(promotion.id()));
    }

    private void then(StaplerRequest2 request, StaplerResponse2 response, String typed, ReleasesAction.Deed deed)
            throws IOException, ServletException {
        try {
            deed.run();
        } catch (DecisionException e) {
            again(request, response, typed, e);
            return;
        }
        response.sendRedirect2(request.getContextPath() + "/" + ReleasesAction.urlOf(promotion.id()));
    }

    /** The page as it is now, with why nothing was done. */
    private static void show(StaplerRequest2 request, StaplerResponse2 response, PromotionPage page, int status)
            throws IOException, ServletException {
        response.setStatus(status);
        request.getView(page, "index.jelly").forward(request, response);
    }

    private void again(StaplerRequest2 request, StaplerResponse2 response, String typed, DecisionException e)
            throws IOException, ServletException {
        PromotionPage page;
        try {
            page = new PromotionPage(Decisions.promotion(promotion.id()), e.getMessage(), typed);
        } catch (DecisionException gone) {
            throw ReleasesAction.page(gone);
        }
        show(request, response, page, e.kind().status());
    }

    // --- live ---

    /** Where it stands, for the script of the page. */
    @GET
    @WebMethod(name = "live")
    public void doLive(StaplerRequest2 request, StaplerResponse2 response) throws IOException {
        Answer.json(response, () -> LiveStatus.of(Decisions.promotion(promotion.id()), now));
    }

    /** What happened to it, oldest first, for the script of the page. */
    @GET
    @WebMethod(name = "log")
    public void doLog(StaplerRequest2 request, StaplerResponse2 response) throws IOException {
        Answer.json(response, () -> LogLines.of(promotion.id(), Decisions.log(promotion.id()), now));
    }

    public String getFingerprint() {
        return LiveStatus.fingerprint(promotion);
    }

    public boolean isLive() {
        return !promotion.state().isOver();
    }

    // --- what the view shows ---

    @Override
    public String getDisplayName() {
        return BoardPage.title(promotion);
    }

    public Promotion getPromotion() {
        return promotion;
    }

    public ReviewView getReview() {
        return new ReviewView(review, now);
    }

    public String getRefusal() {
        return refusal;
    }

    public String getComment() {
        return comment;
    }

    public String getTrouble() {
        return PromotionEngine.get().trouble().orElse(null);
    }

    public String getUrl() {
        return ReleasesAction.urlOf(promotion.id());
    }

    public String getServiceUrl() {
        return ReleasesAction.URL + "/service/"
                + LaneId.ofPromotion(promotion.id()).service() + "/";
    }

    public int getLongestText() {
        return Decisions.LONGEST_TEXT;
    }

    /** Why whoever looks cannot approve; null when they can. */
    public String getWhyNotApprove() {
        return whyNot(person -> review.whyNotApprove(promotions(), person));
    }

    /** Why whoever looks cannot reject; null when they can. */
    public String getWhyNotReject() {
        if (promotion.state().isOver()) {
            return Messages.WhyNot_over(Words.word(promotion.state()));
        }
        if (promotion.state().isRunning()) {
            return Messages.WhyNot_runningAbort(Words.word(promotion.state()));
        }
        return whyNot(person -> decides(person) ? null : Messages.WhyNot_noRole());
    }

    private String whyNot(java.util.function.Function<Person, String> rule) {
        if (promotions() == null) {
            return Messages.WhyNot_engine();
        }
        if (!Jenkins.get().hasPermission(PromotionPermissions.APPROVE)) {
            return Messages.WhyNot_permission(permission(PromotionPermissions.APPROVE));
        }
        try {
            return rule.apply(Identity.configured().deciding());
        } catch (NobodyException e) {
            return e.getMessage();
        }
    }

    private boolean decides(Person person) {
        return review.rules() != null
                && Gates.approval(promotion.kind(), promotion.plan(), review.rules())
                        .map(rule -> rule.require().stream()
                                .map(r -> review.rules().roles().get(r.role()))
                                .anyMatch(role -> role != null && role.includes(person)))
                        .orElse(false);
    }

    /** Why whoever looks cannot abort; null when they can. */
    public String getWhyNotAbort() {
        if (promotion.state().isOver()) {
            return Messages.WhyNot_over(Words.word(promotion.state()));
        }
        if (promotion.state() == State.ROLLING_BACK) {
            return Messages.WhyNot_rollingBack();
        }
        if (promotions() == null) {
            return Messages.WhyNot_engine();
        }
        return isMayPromote() ? null : Messages.WhyNot_permission(permission(PromotionPermissions.PROMOTE));
    }

    private static String permission(hudson.security.Permission permission) {
        return permission.group.title + "/" + permission.name;
    }

    public boolean isMayPromote() {
        return Decisions.may(LaneId.ofPromotion(promotion.id()).service(), PromotionPermissions.PROMOTE);
    }

    /** Whether asking for a new plan could bring it on. */
    public boolean isReplannable() {
        return review.incomplete()
                && isMayPromote()
                && (promotion.state() == State.WAITING || promotion.state() == State.QUEUED);
    }

    /** What this person's approval is good for; null when it is good for nothing. */
    public String getCompletes() {
        if (getWhyNotApprove() != null) {
            return null;
        }
        return Optional.ofNullable(Decisions.onlooker())
                .map(review::completes)
                .filter(roles -> !roles.isEmpty())
                .map(roles -> Messages.Decision_countsFor(String.join(", ", roles)))
                .orElse(null);
    }

    /** What aborting would do now. */
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
