package io.jenkins.plugins.serverlesspromotion.controller.releases.rest;

import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.Authorization;
import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.BreakGlassDecisions;
import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.DecisionException;
import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.Decisions;
import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.PeopleDecisions;
import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.ReleaseLookup;
import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.UserAction;
import io.jenkins.plugins.serverlesspromotion.controller.releases.view.ViewAccess;
import io.jenkins.plugins.serverlesspromotion.view.ReviewFacts;
import java.io.IOException;
import java.util.List;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.StaplerResponse2;
import org.kohsuke.stapler.WebMethod;
import org.kohsuke.stapler.verb.GET;

/** {@code api/promotion/ID}. */
@Restricted(NoExternalUse.class)
public final class PromotionApi {
    private final String id;

    PromotionApi(String id) {
        this.id = id;
    }

    @GET
    public void doIndex(StaplerResponse2 response) throws IOException {
        JsonResponse.json(response, this::answer);
    }

    Object answer() throws DecisionException {
        var promotion = ReleaseLookup.promotion(id);
        return ViewAccess.DOCUMENTS.review(ReviewFacts.of(
                ViewAccess.reader(Authorization.store()), ViewAccess.promotions(), ViewAccess.viewer(), promotion));
    }

    @WebMethod(name = "approve")
    public void doApprove(
            StaplerRequest2 request,
            StaplerResponse2 response,
            @QueryParameter String planDigest,
            @QueryParameter String comment)
            throws IOException {
        decide(request, response, () -> Decisions.approve(id, planDigest, comment));
    }

    @WebMethod(name = "reject")
    public void doReject(StaplerRequest2 request, StaplerResponse2 response, @QueryParameter String reason)
            throws IOException {
        decide(request, response, () -> Decisions.reject(id, reason));
    }

    @WebMethod(name = "withdraw")
    public void doWithdraw(StaplerRequest2 request, StaplerResponse2 response, @QueryParameter String reason)
            throws IOException {
        decide(request, response, () -> Decisions.withdraw(id, reason));
    }

    @WebMethod(name = "requesters")
    public void doRequesters(
            StaplerRequest2 request,
            StaplerResponse2 response,
            @QueryParameter String people,
            @QueryParameter String none,
            @QueryParameter String reason)
            throws IOException {
        decide(
                request,
                response,
                () -> PeopleDecisions.requesters(
                        id,
                        // Any other value is ambiguous.
                        none == null || List.of("", "true", "false").contains(none) ? people : null,
                        "true".equals(none),
                        reason,
                        "people=ID,ID or none=true"));
    }

    @WebMethod(name = "authors")
    public void doAuthors(
            StaplerRequest2 request,
            StaplerResponse2 response,
            @QueryParameter String release,
            @QueryParameter String people,
            @QueryParameter String reason)
            throws IOException {
        decide(request, response, () -> PeopleDecisions.authors(id, release, people, reason));
    }

    @WebMethod(name = "override")
    public void doOverride(
            StaplerRequest2 request,
            StaplerResponse2 response,
            @QueryParameter String planDigest,
            @QueryParameter String reason,
            @QueryParameter String ticket)
            throws IOException {
        decide(request, response, () -> BreakGlassDecisions.override(id, planDigest, reason, ticket));
    }

    @WebMethod(name = "review")
    public void doReview(StaplerRequest2 request, StaplerResponse2 response, @QueryParameter String finding)
            throws IOException {
        decide(request, response, () -> BreakGlassDecisions.review(id, finding));
    }

    @WebMethod(name = "abort")
    public void doAbort(StaplerRequest2 request, StaplerResponse2 response, @QueryParameter String reason)
            throws IOException {
        decide(request, response, () -> Decisions.abort(id, reason));
    }

    @WebMethod(name = "replan")
    public void doReplan(StaplerRequest2 request, StaplerResponse2 response) throws IOException {
        decide(request, response, () -> Decisions.replan(id));
    }

    private void decide(StaplerRequest2 request, StaplerResponse2 response, UserAction userAction) throws IOException {
        JsonResponse.change(request, response, () -> {
            userAction.run();
            return ViewAccess.DOCUMENTS.promotion(ReleaseLookup.promotion(id));
        });
    }
}
