package io.jenkins.plugins.serverlesspromotion.controller.releases.rest;

import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.DecisionException;
import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.OwnershipDecisions;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.OwnerReport;
import io.jenkins.plugins.serverlesspromotion.view.OwnersDocument;
import java.io.IOException;
import java.util.Map;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.StaplerResponse2;
import org.kohsuke.stapler.WebMethod;
import org.kohsuke.stapler.verb.GET;

/** {@code api/owners}: who owns which resource in AWS. */
@Restricted(NoExternalUse.class)
public final class OwnersApi {
    /** The most entries of each list in one answer, and the default. */
    private static final int PAGE = 200;

    OwnersApi() {}

    /**
     * @param service only what concerns this one
     * @param from the first entry of each list wanted, from 0
     * @param limit at most so many entries of each list, 1 to 200
     */
    @GET
    public void doIndex(
            StaplerResponse2 response,
            @QueryParameter String service,
            @QueryParameter String from,
            @QueryParameter String limit)
            throws IOException {
        JsonResponse.json(response, () -> answer(service, from, limit));
    }

    static Object answer(String service, String from, String limit) throws DecisionException {
        int first = (int) Math.min(PageNumbers.from(from), Integer.MAX_VALUE);
        int most = PageNumbers.limit(limit, PAGE);
        OwnerReport report = OwnershipDecisions.visible();
        boolean all = service == null || service.isBlank();
        return OwnersDocument.page(all ? report : report.about(service.strip()::equals), first, most);
    }

    /** Records the owner of a resource. */
    @WebMethod(name = "decide")
    public void doDecide(
            StaplerRequest2 request,
            StaplerResponse2 response,
            @QueryParameter String resource,
            @QueryParameter String place,
            @QueryParameter String service,
            @QueryParameter String environment,
            @QueryParameter String reason)
            throws IOException {
        JsonResponse.change(
                request,
                response,
                () -> Map.of("decided", OwnershipDecisions.decide(resource, place, service, environment, reason)));
    }
}
