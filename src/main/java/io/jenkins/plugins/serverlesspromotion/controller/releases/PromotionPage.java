package io.jenkins.plugins.serverlesspromotion.controller.releases;

import hudson.model.ModelObject;
import io.jenkins.plugins.serverlesspromotion.controller.EngineLifecycle;
import io.jenkins.plugins.serverlesspromotion.controller.PagePaths;
import io.jenkins.plugins.serverlesspromotion.controller.PromotionPermissions;
import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.Authorization;
import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.BreakGlassDecisions;
import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.DecisionException;
import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.Decisions;
import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.PeopleDecisions;
import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.RecoveryDecisions;
import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.RecoveryRuns;
import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.ReleaseLookup;
import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.UserAction;
import io.jenkins.plugins.serverlesspromotion.controller.releases.rest.JsonResponse;
import io.jenkins.plugins.serverlesspromotion.controller.releases.rest.PageNumbers;
import io.jenkins.plugins.serverlesspromotion.controller.releases.view.DecisionPanel;
import io.jenkins.plugins.serverlesspromotion.controller.releases.view.LiveStatus;
import io.jenkins.plugins.serverlesspromotion.controller.releases.view.LogLines;
import io.jenkins.plugins.serverlesspromotion.controller.releases.view.OverridePanel;
import io.jenkins.plugins.serverlesspromotion.controller.releases.view.RecoveryView;
import io.jenkins.plugins.serverlesspromotion.controller.releases.view.ReviewView;
import io.jenkins.plugins.serverlesspromotion.controller.releases.view.ViewAccess;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.engine.port.Recoverer;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.Promotions;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.StatementsWanted;
import io.jenkins.plugins.serverlesspromotion.view.ReviewFacts;
import io.jenkins.plugins.serverlesspromotion.view.Wording;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import jenkins.security.stapler.StaplerFragments;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.StaplerResponse2;
import org.kohsuke.stapler.WebMethod;
import org.kohsuke.stapler.interceptor.RequirePOST;
import org.kohsuke.stapler.verb.GET;

/** {@code promotion/ID}: one promotion, for the people who decide about it. Created only for users who may see it. */
@Restricted(NoExternalUse.class)
@StaplerFragments({"asked", "checks", "decide", "details", "doctor", "glass", "people", "steps"})
public final class PromotionPage implements ModelObject {
    private final Promotion promotion;
    private final ReviewFacts review;
    private final String refusal;
    private final Typed typed;

    /** The state of its stacks; null: not loaded. */
    private final List<Recoverer.Diagnosis> stacks;

    private final Instant now = Instant.now();

    PromotionPage(Promotion promotion) throws DecisionException {
        this(promotion, null, Typed.NOTHING, null);
    }

    /**
     * @param refusal of the last action, may be null
     * @param typed with it, so that it is not lost
     */
    private PromotionPage(Promotion promotion, String refusal, Typed typed, List<Recoverer.Diagnosis> stacks)
            throws DecisionException {
        this.promotion = promotion;
        this.review =
                ReviewFacts.of(ViewAccess.reader(Authorization.store()), promotions(), ViewAccess.viewer(), promotion);
        this.refusal = refusal;
        this.typed = typed;
        this.stacks = stacks;
    }

    /** The fields of a refused form as typed; null where empty. */
    private record Typed(String text, String ticket, String people, String reason) {
        static final Typed NOTHING = new Typed(null, null);

        Typed(String text, String ticket) {
            this(text, ticket, null, null);
        }

        /** In a statement about people. */
        static Typed people(String people, String reason) {
            return new Typed(null, null, people, reason);
        }
    }

    private static Promotions promotions() {
        return ViewAccess.promotions();
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
        then(request, response, new Typed(comment, null), () -> Decisions.approve(promotion.id(), planDigest, comment));
    }

    @RequirePOST
    @WebMethod(name = "reject")
    public void doReject(StaplerRequest2 request, StaplerResponse2 response, @QueryParameter String comment)
            throws IOException, ServletException {
        then(request, response, new Typed(comment, null), () -> Decisions.reject(promotion.id(), comment));
    }

    @RequirePOST
    @WebMethod(name = "withdraw")
    public void doWithdraw(StaplerRequest2 request, StaplerResponse2 response, @QueryParameter String comment)
            throws IOException, ServletException {
        then(request, response, new Typed(comment, null), () -> Decisions.withdraw(promotion.id(), comment));
    }

    /** @param who {@code people} or {@code none}: an empty field is no statement that no person requested it */
    @RequirePOST
    @WebMethod(name = "requesters")
    public void doRequesters(
            StaplerRequest2 request,
            StaplerResponse2 response,
            @QueryParameter String who,
            @QueryParameter String people,
            @QueryParameter String reason)
            throws IOException, ServletException {
        then(
                request,
                response,
                Typed.people(people, reason),
                () -> PeopleDecisions.requesters(
                        promotion.id(),
                        // The page has a field for people beside both choices.
                        "none".equals(who) ? null : people,
                        "none".equals(who),
                        reason,
                        ""));
    }

    @RequirePOST
    @WebMethod(name = "authors")
    public void doAuthors(
            StaplerRequest2 request,
            StaplerResponse2 response,
            @QueryParameter String release,
            @QueryParameter String people,
            @QueryParameter String reason)
            throws IOException, ServletException {
        then(
                request,
                response,
                Typed.people(people, reason),
                () -> PeopleDecisions.authors(promotion.id(), release, people, reason));
    }

    @RequirePOST
    @WebMethod(name = "override")
    public void doOverride(
            StaplerRequest2 request,
            StaplerResponse2 response,
            @QueryParameter String planDigest,
            @QueryParameter String reason,
            @QueryParameter String ticket)
            throws IOException, ServletException {
        then(
                request,
                response,
                new Typed(reason, ticket),
                () -> BreakGlassDecisions.override(promotion.id(), planDigest, reason, ticket));
    }

    @RequirePOST
    @WebMethod(name = "review")
    public void doReview(StaplerRequest2 request, StaplerResponse2 response, @QueryParameter String finding)
            throws IOException, ServletException {
        then(request, response, new Typed(finding, null), () -> BreakGlassDecisions.review(promotion.id(), finding));
    }

    @RequirePOST
    @WebMethod(name = "abort")
    public void doAbort(StaplerRequest2 request, StaplerResponse2 response, @QueryParameter String comment)
            throws IOException, ServletException {
        then(request, response, new Typed(comment, null), () -> Decisions.abort(promotion.id(), comment));
    }

    @RequirePOST
    @WebMethod(name = "replan")
    public void doReplan(StaplerRequest2 request, StaplerResponse2 response) throws IOException, ServletException {
        then(request, response, Typed.NOTHING, () -> Decisions.replan(promotion.id()));
    }

    /** Loads the stacks of the lane and shows them with their recovery actions. */
    @RequirePOST
    @WebMethod(name = "examine")
    public void doExamine(StaplerRequest2 request, StaplerResponse2 response) throws IOException, ServletException {
        PromotionPage page;
        try {
            LaneId lane = lane();
            List<Recoverer.Diagnosis> found = RecoveryDecisions.examine(lane.service(), lane.environment());
            page = new PromotionPage(promotion, null, Typed.NOTHING, found);
        } catch (DecisionException e) {
            again(request, response, Typed.NOTHING, e);
            return;
        }
        show(request, response, page, HttpServletResponse.SC_OK);
    }

    /** Carries out one recovery action for a stuck stack. A long action continues after the response. */
    @RequirePOST
    @WebMethod(name = "treat")
    public void doTreat(
            StaplerRequest2 request,
            StaplerResponse2 response,
            @QueryParameter String stack,
            @QueryParameter String choice,
            @QueryParameter String confirm,
            @QueryParameter String reason)
            throws IOException, ServletException {
        String[] resources = request.getParameterValues("resource");
        var recoveryForm = new RecoveryDecisions.RecoveryForm(
                stack, choice, resources == null ? List.of() : List.of(resources), confirm, reason);
        then(
                request,
                response,
                Typed.NOTHING,
                () -> RecoveryDecisions.recover(
                        lane().service(), lane().environment(), recoveryForm, RecoveryDecisions.CLICK));
    }

    private LaneId lane() {
        return LaneId.ofPromotion(promotion.id());
    }

    private void then(StaplerRequest2 request, StaplerResponse2 response, Typed typed, UserAction userAction)
            throws IOException, ServletException {
        try {
            userAction.run();
        } catch (DecisionException e) {
            again(request, response, typed, e);
            return;
        }
        response.sendRedirect2(request.getContextPath() + "/" + PagePaths.promotion(promotion.id()));
    }

    /** The current page with the refusal. */
    private static void show(StaplerRequest2 request, StaplerResponse2 response, PromotionPage page, int status)
            throws IOException, ServletException {
        response.setStatus(status);
        request.getView(page, "index.jelly").forward(request, response);
    }

    private void again(StaplerRequest2 request, StaplerResponse2 response, Typed typed, DecisionException e)
            throws IOException, ServletException {
        PromotionPage page;
        try {
            page = new PromotionPage(ReleaseLookup.promotion(promotion.id()), e.getMessage(), typed, null);
        } catch (DecisionException gone) {
            throw JsonResponse.page(gone);
        }
        show(request, response, page, e.kind().status());
    }

    // --- live ---

    /** Its current status, for the script of the page. */
    @GET
    @WebMethod(name = "live")
    public void doLive(StaplerRequest2 request, StaplerResponse2 response) throws IOException {
        JsonResponse.json(
                response,
                () -> LiveStatus.of(ReleaseLookup.promotion(promotion.id()), now)
                        .document());
    }

    /**
     * Its log, oldest first, for the script of the page.
     *
     * @param from the {@code next} of the previous answer; absent: from the beginning
     */
    @GET
    @WebMethod(name = "log")
    public void doLog(StaplerRequest2 request, StaplerResponse2 response, @QueryParameter String from)
            throws IOException {
        JsonResponse.json(
                response,
                () -> LogLines.of(promotion.id(), ReleaseLookup.log(promotion.id(), PageNumbers.from(from)), now)
                        .document());
    }

    public String getFingerprint() {
        return LiveStatus.fingerprint(promotion);
    }

    public boolean isLive() {
        return !promotion.state().isOver();
    }

    // --- what the view shows ---

    /** Null where no stack of it can be stuck: it is not the newest here, or it succeeded. */
    public RecoveryView getRecovery() throws DecisionException {
        boolean newest = Authorization.store().promotions(lane()).stream()
                .findFirst()
                .map(p -> p.id().equals(promotion.id()))
                .orElse(false);
        boolean wrong =
                switch (promotion.state()) {
                    case FAILED, ERRORED, ROLLBACK_FAILED, ROLLED_BACK -> true;
                    default -> review.incomplete();
                };
        RecoveryRuns.RecoveryRun last = RecoveryRuns.get().last(lane()).orElse(null);
        return newest && (wrong || last != null && last.isUnderWay()) && mayPromote()
                ? new RecoveryView(stacks, last, now)
                : null;
    }

    @Override
    public String getDisplayName() {
        return Wording.title(promotion);
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

    /** What was typed into the field that was refused. */
    public String getComment() {
        return typed.text();
    }

    public String getTicket() {
        return typed.ticket();
    }

    public String getPeople() {
        return typed.people();
    }

    public String getReason() {
        return typed.reason();
    }

    /** What the person who looks can state about people who could not be established. */
    public StatementsWanted getStatementsWanted() {
        return PeopleDecisions.wanted(promotions(), promotion);
    }

    public OverridePanel getOverride() throws DecisionException {
        return OverridePanel.of(Authorization.store(), promotions(), promotion, review.rules(), now);
    }

    /** What the person who looks can decide. */
    public DecisionPanel getDecision() {
        return new DecisionPanel(review);
    }

    public String getTrouble() {
        return EngineLifecycle.get().trouble().orElse(null);
    }

    public String getUrl() {
        return PagePaths.promotion(promotion.id());
    }

    public String getServiceUrl() {
        return PagePaths.service(lane().service());
    }

    /** The page that explains the policy for it, also for another person; relative to Jenkins' root URL. */
    public String getExplainUrl() {
        return PagePaths.explanation(
                LaneId.ofPromotion(promotion.id()), promotion.release().version());
    }

    public int getLongestText() {
        return Authorization.LONGEST_TEXT;
    }

    private boolean mayPromote() {
        return Authorization.may(lane().service(), PromotionPermissions.PROMOTE);
    }
}
