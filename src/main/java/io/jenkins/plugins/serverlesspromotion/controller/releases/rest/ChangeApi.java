package io.jenkins.plugins.serverlesspromotion.controller.releases.rest;

import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.ChangeDecisions;
import java.io.IOException;
import java.util.Map;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.StaplerResponse2;
import org.kohsuke.stapler.WebMethod;

/** {@code api/change/ID}. */
@Restricted(NoExternalUse.class)
public final class ChangeApi {
    private final String id;

    ChangeApi(String id) {
        this.id = id;
    }

    @WebMethod(name = "accept")
    public void doAccept(StaplerRequest2 request, StaplerResponse2 response) throws IOException {
        JsonResponse.change(request, response, () -> {
            ChangeDecisions.accept(id);
            return Map.of("accepted", id);
        });
    }

    @WebMethod(name = "reject")
    public void doReject(StaplerRequest2 request, StaplerResponse2 response, @QueryParameter String reason)
            throws IOException {
        JsonResponse.change(request, response, () -> {
            ChangeDecisions.reject(id, reason);
            return Map.of("rejected", id);
        });
    }
}
