package io.jenkins.plugins.serverlesspromotion.controller.releases;

import hudson.Extension;
import hudson.model.RootAction;
import io.jenkins.plugins.serverlesspromotion.controller.PagePaths;
import io.jenkins.plugins.serverlesspromotion.controller.configuration.ConfigurationPage;
import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.Authorization;
import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.DecisionException;
import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.Decisions;
import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.ReleaseLookup;
import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.UserAction;
import io.jenkins.plugins.serverlesspromotion.controller.releases.rest.JsonResponse;
import io.jenkins.plugins.serverlesspromotion.controller.releases.rest.RestApi;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.StaplerResponse2;
import org.kohsuke.stapler.interceptor.RequirePOST;
import org.kohsuke.stapler.verb.GET;

/** {@code /promotion-releases}: the board, and everything below it. */
@Extension
@Restricted(NoExternalUse.class)
public final class ReleasesAction implements RootAction {
    public static final String URL = PagePaths.RELEASES;

    @Override
    public String getIconFileName() {
        return Authorization.serviceVisibility().seesAnything() ? "symbol-cube" : null;
    }

    @Override
    public String getDisplayName() {
        return Messages.ReleasesAction_DisplayName();
    }

    @Override
    public String getUrlName() {
        return URL;
    }

    @GET
    public void doIndex(StaplerRequest2 request, StaplerResponse2 response) throws IOException, ServletException {
        show(request, response, null);
    }

    private void show(StaplerRequest2 request, StaplerResponse2 response, DecisionException refusal)
            throws IOException, ServletException {
        BoardPage page = BoardPage.forCurrentUser(refusal == null ? null : refusal.getMessage());
        response.setStatus(
                refusal == null ? HttpServletResponse.SC_OK : refusal.kind().status());
        request.getView(page, "index.jelly").forward(request, response);
    }

    /** Stapler's way to {@code promotion/ID}. */
    public PromotionPage getPromotion(String id) {
        try {
            Promotion promotion = ReleaseLookup.promotion(id);
            return new PromotionPage(promotion);
        } catch (DecisionException e) {
            throw JsonResponse.page(e);
        }
    }

    /** Stapler's way to {@code service/NAME}. */
    public ServicePage getService(String name) {
        try {
            return new ServicePage(ReleaseLookup.service(name));
        } catch (DecisionException e) {
            throw JsonResponse.page(e);
        }
    }

    /** Stapler's way to {@code changes}. */
    public ChangesPage getChanges() {
        try {
            return ChangesPage.forCurrentUser();
        } catch (DecisionException e) {
            throw JsonResponse.page(e);
        }
    }

    /** Stapler's way to {@code configuration}. */
    public ConfigurationPage getConfiguration() {
        return new ConfigurationPage(URL + "/");
    }

    public RestApi getApi() {
        return new RestApi();
    }

    @RequirePOST
    public void doPause(
            StaplerRequest2 request,
            StaplerResponse2 response,
            @QueryParameter String scope,
            @QueryParameter String reason)
            throws IOException, ServletException {
        then(request, response, () -> Decisions.pause(scope, reason));
    }

    @RequirePOST
    public void doResume(
            StaplerRequest2 request,
            StaplerResponse2 response,
            @QueryParameter String scope,
            @QueryParameter String reason)
            throws IOException, ServletException {
        then(request, response, () -> Decisions.resume(scope, reason));
    }

    private void then(StaplerRequest2 request, StaplerResponse2 response, UserAction userAction)
            throws IOException, ServletException {
        try {
            userAction.run();
        } catch (DecisionException e) {
            show(request, response, e);
            return;
        }
        response.sendRedirect2(request.getContextPath() + "/" + URL + "/");
    }
}
