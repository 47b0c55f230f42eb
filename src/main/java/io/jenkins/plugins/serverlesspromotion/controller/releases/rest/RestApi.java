package io.jenkins.plugins.serverlesspromotion.controller.releases.rest;

import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.AccountDecisions;
import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.ChangeDecisions;
import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.Decisions;
import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.DriftDecisions;
import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.EvidenceDecisions;
import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.RecoveryDecisions;
import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.ReleaseLookup;
import io.jenkins.plugins.serverlesspromotion.controller.releases.view.Explaining;
import io.jenkins.plugins.serverlesspromotion.controller.releases.view.ViewAccess;
import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry;
import io.jenkins.plugins.serverlesspromotion.engine.audit.JournalRecord;
import io.jenkins.plugins.serverlesspromotion.format.json.JsonObject;
import io.jenkins.plugins.serverlesspromotion.view.AccountsDocument;
import io.jenkins.plugins.serverlesspromotion.view.AuditDocument;
import io.jenkins.plugins.serverlesspromotion.view.DriftDocument;
import io.jenkins.plugins.serverlesspromotion.view.ExplanationDocument;
import io.jenkins.plugins.serverlesspromotion.view.PromotionDocument;
import io.jenkins.plugins.serverlesspromotion.view.RecoveryDocument;
import io.jenkins.plugins.serverlesspromotion.view.ReleaseBoard;
import io.jenkins.plugins.serverlesspromotion.view.ViewReader;
import io.jenkins.plugins.serverlesspromotion.view.Viewer;
import java.io.IOException;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.Stapler;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.StaplerResponse2;
import org.kohsuke.stapler.WebMethod;
import org.kohsuke.stapler.verb.GET;

/**
 * {@code api/…}: the functions of the pages, for programs. GET reads, POST with form parameters changes, and answers
 * are JSON with the members of the command line's {@code --json}.
 */
@Restricted(NoExternalUse.class)
public final class RestApi {
    /** The most records in one answer of {@code audit}, and the default. */
    private static final int AUDIT_PAGE = 1000;

    /** The most services in one answer of {@code status}, and the default. */
    private static final int STATUS_PAGE = 200;

    public RestApi() {}

    /**
     * The live releases by service, in the order of the names. An answer that is not the last has {@code next}, which
     * is the {@code from} of the following one.
     *
     * @param service only this one
     * @param from name of the first service wanted
     * @param limit at most so many services, 1 to 200
     */
    @GET
    @WebMethod(name = "status")
    public void doStatus(
            StaplerResponse2 response,
            @QueryParameter String service,
            @QueryParameter String from,
            @QueryParameter String limit)
            throws IOException {
        JsonResponse.json(response, () -> {
            ViewReader reader = ViewAccess.reader(ReleaseLookup.reading());
            Viewer viewer = ViewAccess.viewer();
            Predicate<String> wanted = viewer.sees();
            if (service != null && !service.isEmpty()) {
                wanted = ReleaseLookup.service(service)::equals;
            }
            int most = PageNumbers.limit(limit, STATUS_PAGE);
            List<String> some = ReleaseBoard.services(reader).tailSet(from == null ? "" : from.strip()).stream()
                    .filter(wanted)
                    .limit(most + 1L)
                    .toList();
            var page = new HashSet<>(some.subList(0, Math.min(most, some.size())));
            ReleaseBoard board =
                    ReleaseBoard.of(reader, ViewAccess.promotions(), viewer, page::contains, Instant.now());
            return ViewAccess.DOCUMENTS.board(board, some.size() > most ? some.get(most) : null);
        });
    }

    /** Stapler's way to {@code promotion/ID}; its methods check whether the user may see it. */
    public PromotionApi getPromotion(String id) {
        var promotion = new PromotionApi(id);
        JsonResponse.answerWithoutSlash(promotion::answer);
        return promotion;
    }

    /** Stapler's way to {@code owners}. */
    public OwnersApi getOwners() {
        StaplerRequest2 request = Stapler.getCurrentRequest2();
        JsonResponse.answerWithoutSlash(() -> OwnersApi.answer(
                request.getParameter("service"), request.getParameter("from"), request.getParameter("limit")));
        return new OwnersApi();
    }

    @WebMethod(name = "pause")
    public void doPause(
            StaplerRequest2 request,
            StaplerResponse2 response,
            @QueryParameter String scope,
            @QueryParameter String reason)
            throws IOException {
        JsonResponse.change(request, response, () -> {
            Decisions.pause(scope, reason);
            return Map.of("paused", scope.strip());
        });
    }

    @WebMethod(name = "resume")
    public void doResume(
            StaplerRequest2 request,
            StaplerResponse2 response,
            @QueryParameter String scope,
            @QueryParameter String reason)
            throws IOException {
        JsonResponse.change(request, response, () -> {
            Decisions.resume(scope, reason);
            return PromotionDocument.resumed(scope.strip(), Decisions.paused());
        });
    }

    /** Records a signed statement about a release; its producer is the key that signed it. */
    @WebMethod(name = "evidence")
    public void doEvidence(
            StaplerRequest2 request,
            StaplerResponse2 response,
            @QueryParameter String release,
            @QueryParameter String envelope)
            throws IOException {
        JsonResponse.change(request, response, () -> EvidenceDecisions.record(release, envelope));
    }

    @WebMethod(name = "release-hold")
    public void doReleaseHold(
            StaplerRequest2 request,
            StaplerResponse2 response,
            @QueryParameter String service,
            @QueryParameter String environment,
            @QueryParameter String reason)
            throws IOException {
        JsonResponse.change(request, response, () -> {
            Decisions.releaseHold(service, environment, reason);
            return Map.of("released", service + "/" + environment);
        });
    }

    @WebMethod(name = "rollback")
    public void doRollback(
            StaplerRequest2 request,
            StaplerResponse2 response,
            @QueryParameter String service,
            @QueryParameter String environment,
            @QueryParameter String version,
            @QueryParameter String reason,
            @QueryParameter String ticket)
            throws IOException {
        JsonResponse.change(request, response, () -> {
            String id = Decisions.rollback(service, environment, version, reason, ticket);
            return ViewAccess.DOCUMENTS.promotion(ReleaseLookup.promotion(id));
        });
    }

    @WebMethod(name = "promote")
    public void doPromote(
            StaplerRequest2 request,
            StaplerResponse2 response,
            @QueryParameter String release,
            @QueryParameter String environment,
            @QueryParameter String reason,
            @QueryParameter String ticket)
            throws IOException {
        JsonResponse.change(request, response, () -> {
            String id = Decisions.request(release, environment, reason, ticket);
            return ViewAccess.DOCUMENTS.promotion(ReleaseLookup.promotion(id));
        });
    }

    /** How the policy evaluates a release in an environment now. For another person only to users who may see that. */
    @GET
    @WebMethod(name = "explain")
    public void doExplain(
            StaplerResponse2 response,
            @QueryParameter String release,
            @QueryParameter String environment,
            @QueryParameter String ticket,
            @QueryParameter String user)
            throws IOException {
        JsonResponse.json(response, () -> ExplanationDocument.of(Explaining.of(release, environment, ticket, user)));
    }

    /** The result of the last drift check; {@code {}} when there was none. */
    @GET
    @WebMethod(name = "drift")
    public void doDrift(StaplerResponse2 response, @QueryParameter String service, @QueryParameter String environment)
            throws IOException {
        JsonResponse.json(
                response,
                () -> DriftDecisions.last(service, environment)
                        .map(DriftDocument::of)
                        .orElseGet(JsonObject::new));
    }

    /** Checks for drift now and returns the result. */
    @WebMethod(name = "drift-check")
    public void doDriftCheck(
            StaplerRequest2 request,
            StaplerResponse2 response,
            @QueryParameter String service,
            @QueryParameter String environment)
            throws IOException {
        JsonResponse.change(request, response, () -> DriftDocument.of(DriftDecisions.look(service, environment)));
    }

    /** Loads the stacks of a lane. It calls AWS in the accounts, so it is a POST. */
    @WebMethod(name = "recovery-check")
    public void doRecoveryCheck(
            StaplerRequest2 request,
            StaplerResponse2 response,
            @QueryParameter String service,
            @QueryParameter String environment)
            throws IOException {
        JsonResponse.change(
                request, response, () -> RecoveryDocument.of(RecoveryDecisions.examine(service, environment)));
    }

    /**
     * Requests a recovery action for a stuck stack, and answers as {@code recovery} does, at once or after some
     * seconds.
     */
    @WebMethod(name = "recover")
    public void doRecover(
            StaplerRequest2 request,
            StaplerResponse2 response,
            @QueryParameter String service,
            @QueryParameter String environment,
            @QueryParameter String stack,
            @QueryParameter String choice,
            @QueryParameter String confirm,
            @QueryParameter String reason)
            throws IOException {
        String[] resources = request.getParameterValues("resource");
        var recoveryForm = new RecoveryDecisions.RecoveryForm(
                stack, choice, resources == null ? List.of() : List.of(resources), confirm, reason);
        JsonResponse.change(request, response, () -> {
            RecoveryDecisions.recover(service, environment, recoveryForm, RecoveryDecisions.CLICK);
            return RecoveryDecisions.last(service, environment);
        });
    }

    /** The last recovery action of a lane since Jenkins was started; {@code {}} when there is none. */
    @GET
    @WebMethod(name = "recovery")
    public void doRecovery(
            StaplerResponse2 response, @QueryParameter String service, @QueryParameter String environment)
            throws IOException {
        JsonResponse.json(response, () -> RecoveryDecisions.last(service, environment));
    }

    /** The old name of {@code recovery-check}. */
    @WebMethod(name = "doctor-examine")
    public void doDoctorExamine(
            StaplerRequest2 request,
            StaplerResponse2 response,
            @QueryParameter String service,
            @QueryParameter String environment)
            throws IOException {
        JsonResponse.renamed(response, "recovery-check");
        doRecoveryCheck(request, response, service, environment);
    }

    /** The old name of {@code recover}. */
    @WebMethod(name = "doctor-treat")
    public void doDoctorTreat(
            StaplerRequest2 request,
            StaplerResponse2 response,
            @QueryParameter String service,
            @QueryParameter String environment,
            @QueryParameter String stack,
            @QueryParameter String choice,
            @QueryParameter String confirm,
            @QueryParameter String reason)
            throws IOException {
        JsonResponse.renamed(response, "recover");
        doRecover(request, response, service, environment, stack, choice, confirm, reason);
    }

    /** The old name of {@code recovery}. */
    @GET
    @WebMethod(name = "doctor")
    public void doDoctor(StaplerResponse2 response, @QueryParameter String service, @QueryParameter String environment)
            throws IOException {
        JsonResponse.renamed(response, "recovery");
        doRecovery(response, service, environment);
    }

    /** Tries the accounts of the policy; they are asked, so it is a POST. */
    @WebMethod(name = "accounts-check")
    public void doAccountsCheck(StaplerRequest2 request, StaplerResponse2 response) throws IOException {
        JsonResponse.change(request, response, () -> AccountsDocument.of(AccountDecisions.check()));
    }

    /** Changes of the configuration that wait for a second person. */
    @GET
    @WebMethod(name = "changes")
    public void doChanges(StaplerResponse2 response) throws IOException {
        JsonResponse.json(
                response,
                () -> Map.of(
                        "changes",
                        ChangeDecisions.open().stream().map(Documents::change).toList()));
    }

    /** Stapler's way to {@code change/ID}; its methods check whether the user may decide. */
    public ChangeApi getChange(String id) {
        return new ChangeApi(id);
    }

    /**
     * The audit log. An answer that is not the last has {@code next}, which is the {@code from} of the following one.
     *
     * @param from the first {@code seq} wanted, from 0
     * @param limit at most so many records, 1 to 1000; there are fewer when they are large
     * @param promotion only what happened to this one
     */
    @GET
    @WebMethod(name = "audit")
    public void doAudit(
            StaplerResponse2 response,
            @QueryParameter String from,
            @QueryParameter String limit,
            @QueryParameter String promotion)
            throws IOException {
        JsonResponse.json(response, () -> {
            int most = PageNumbers.limit(limit, AUDIT_PAGE);
            return AuditDocument.of(ReleaseLookup.audit(PageNumbers.from(from), most, r -> concerns(r, promotion)));
        });
    }

    private static boolean concerns(JournalRecord record, String promotion) {
        return promotion == null
                || promotion.isEmpty()
                || record.entry() instanceof Entry.LaneAdvanced advanced
                        && advanced.events().stream().anyMatch(e -> promotion.equals(e.promotion()));
    }
}
