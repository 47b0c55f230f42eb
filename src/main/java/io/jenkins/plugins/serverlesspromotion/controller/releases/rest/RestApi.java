package io.jenkins.plugins.serverlesspromotion.controller.releases.rest;

import io.jenkins.plugins.serverlesspromotion.controller.EngineLifecycle;
import io.jenkins.plugins.serverlesspromotion.controller.releases.PromotionPage;
import io.jenkins.plugins.serverlesspromotion.controller.releases.ReleasesAction;
import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.Authorization;
import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.BreakGlassDecisions;
import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.ChangeDecisions;
import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.Decisions;
import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.DriftDecisions;
import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.EvidenceDecisions;
import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.PeopleDecisions;
import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.RecoveryDecisions;
import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.ReleaseLookup;
import io.jenkins.plugins.serverlesspromotion.controller.releases.view.Board;
import io.jenkins.plugins.serverlesspromotion.controller.releases.view.Explaining;
import io.jenkins.plugins.serverlesspromotion.controller.releases.view.Review;
import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry;
import io.jenkins.plugins.serverlesspromotion.engine.audit.JournalRecord;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Person;
import io.jenkins.plugins.serverlesspromotion.format.json.DriftDocument;
import io.jenkins.plugins.serverlesspromotion.format.json.ExplanationDocument;
import io.jenkins.plugins.serverlesspromotion.format.json.JsonObject;
import io.jenkins.plugins.serverlesspromotion.format.json.RecoveryDocument;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.StaplerResponse2;
import org.kohsuke.stapler.WebMethod;
import org.kohsuke.stapler.verb.GET;

/**
 * {@code api/…}: what the pages do, for programs. Reading is GET, changing is POST with form parameters, answers are
 * JSON; the members are those of the command line's {@code --json}.
 */
@Restricted(NoExternalUse.class)
public final class RestApi {
    /** Records answered at once by {@code audit}, at most and unless asked otherwise. */
    private static final int AUDIT_PAGE = 1000;

    /** Services answered at once by {@code status}, at most and unless asked otherwise. */
    private static final int STATUS_PAGE = 200;

    public RestApi() {}

    /**
     * What is live where, service by service in the order of their names. An answer that is not the last has {@code next},
     * which is the {@code from} of the following one.
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
            var store = ReleaseLookup.reading();
            Predicate<String> wanted = Authorization.serviceVisibility()::sees;
            if (service != null && !service.isEmpty()) {
                wanted = ReleaseLookup.service(service)::equals;
            }
            int most = PageNumbers.limit(limit, STATUS_PAGE);
            List<String> some = Board.services(store).tailSet(from == null ? "" : from.strip()).stream()
                    .filter(wanted)
                    .limit(most + 1L)
                    .toList();
            var page = new HashSet<>(some.subList(0, Math.min(most, some.size())));
            Person person = Authorization.onlooker();
            Board board = Board.of(store, EngineLifecycle.get().promotions().orElse(null), person, page::contains);
            return Documents.board(board, person, some.size() > most ? some.get(most) : null);
        });
    }

    /** Stapler's way to {@code promotion/ID}; whether it may be seen is decided by what is asked of it. */
    public OnePromotion getPromotion(String id) {
        return new OnePromotion(id);
    }

    /** Stapler's way to {@code owners}. */
    public OwnersApi getOwners() {
        return new OwnersApi();
    }

    @WebMethod(name = "pause")
    public void doPause(
            StaplerRequest2 request,
            StaplerResponse2 response,
            @QueryParameter String scope,
            @QueryParameter String reason)
            throws IOException {
        change(request, response, () -> {
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
        change(request, response, () -> {
            Decisions.resume(scope, reason);
            return Map.of("resumed", scope.strip());
        });
    }

    /** Takes a signed statement about a release, as the word of the key that signed it. */
    @WebMethod(name = "evidence")
    public void doEvidence(
            StaplerRequest2 request,
            StaplerResponse2 response,
            @QueryParameter String release,
            @QueryParameter String envelope)
            throws IOException {
        change(request, response, () -> EvidenceDecisions.record(release, envelope));
    }

    @WebMethod(name = "release-hold")
    public void doReleaseHold(
            StaplerRequest2 request,
            StaplerResponse2 response,
            @QueryParameter String service,
            @QueryParameter String environment,
            @QueryParameter String reason)
            throws IOException {
        change(request, response, () -> {
            Decisions.releaseHold(service, environment, reason);
            return Map.of("released", new LaneId(service, environment).toString());
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
        change(request, response, () -> {
            String id = Decisions.rollback(service, environment, version, reason, ticket);
            return Documents.promotion(ReleaseLookup.promotion(id));
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
        change(request, response, () -> {
            String id = Decisions.request(release, environment, reason, ticket);
            return Documents.promotion(ReleaseLookup.promotion(id));
        });
    }

    /** What policy makes of a release in an environment now; for somebody else only for those who may ask that. */
    @GET
    @WebMethod(name = "explain")
    public void doExplain(
            StaplerResponse2 response,
            @QueryParameter String release,
            @QueryParameter String environment,
            @QueryParameter String ticket,
            @QueryParameter String user)
            throws IOException {
        JsonResponse.json(response, () -> {
            var explaining = Explaining.of(release, environment, ticket, user);
            return ExplanationDocument.of(
                    explaining.release(), explaining.environment(), explaining.explained(), explaining.person());
        });
    }

    /** What the last look for drift found; {@code {}} when nobody looked yet. */
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

    /** Looks for drift now, and answers what was found. */
    @WebMethod(name = "drift-check")
    public void doDriftCheck(
            StaplerRequest2 request,
            StaplerResponse2 response,
            @QueryParameter String service,
            @QueryParameter String environment)
            throws IOException {
        change(request, response, () -> DriftDocument.of(DriftDecisions.look(service, environment)));
    }

    /** Looks at the stacks of a lane; accounts are asked, so it is a POST. */
    @WebMethod(name = "doctor-examine")
    public void doDoctorExamine(
            StaplerRequest2 request,
            StaplerResponse2 response,
            @QueryParameter String service,
            @QueryParameter String environment)
            throws IOException {
        change(request, response, () -> RecoveryDocument.of(RecoveryDecisions.examine(service, environment)));
    }

    /** Orders a choice for a stuck stack, and answers as {@code doctor} does, at once or after some seconds. */
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
        String[] resources = request.getParameterValues("resource");
        var recoveryForm = new RecoveryDecisions.RecoveryForm(
                stack, choice, resources == null ? List.of() : List.of(resources), confirm, reason);
        change(request, response, () -> {
            RecoveryDecisions.treat(service, environment, recoveryForm, PromotionPage.CLICK);
            return RecoveryDecisions.last(service, environment);
        });
    }

    /** The last order for a stuck stack of a lane since Jenkins was started; {@code {}} when there is none. */
    @GET
    @WebMethod(name = "doctor")
    public void doDoctor(StaplerResponse2 response, @QueryParameter String service, @QueryParameter String environment)
            throws IOException {
        JsonResponse.json(response, () -> RecoveryDecisions.last(service, environment));
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

    /** Stapler's way to {@code change/ID}; whether it may be decided is asked of what is done to it. */
    public OneChange getChange(String id) {
        return new OneChange(id);
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
            return Documents.audit(ReleaseLookup.audit(PageNumbers.from(from), most, r -> concerns(r, promotion)));
        });
    }

    private static boolean concerns(JournalRecord record, String promotion) {
        return promotion == null
                || promotion.isEmpty()
                || record.entry() instanceof Entry.LaneAdvanced advanced
                        && advanced.events().stream().anyMatch(e -> promotion.equals(e.promotion()));
    }

    /** As {@code @RequirePOST}, but answered in JSON. Jenkins has checked the crumb before, unless a token was used. */
    static void change(StaplerRequest2 request, StaplerResponse2 response, JsonResponse.Question question)
            throws IOException {
        if (!request.getMethod().equals("POST")) {
            response.setHeader("Allow", "POST");
            JsonResponse.error(response, HttpServletResponse.SC_METHOD_NOT_ALLOWED, "this changes something; use POST");
            return;
        }
        JsonResponse.json(response, question);
    }

    /** {@code api/change/ID}. */
    @Restricted(NoExternalUse.class)
    public static final class OneChange {
        private final String id;

        OneChange(String id) {
            this.id = id;
        }

        @WebMethod(name = "accept")
        public void doAccept(StaplerRequest2 request, StaplerResponse2 response) throws IOException {
            change(request, response, () -> {
                ChangeDecisions.accept(id);
                return Map.of("accepted", id);
            });
        }

        @WebMethod(name = "reject")
        public void doReject(StaplerRequest2 request, StaplerResponse2 response, @QueryParameter String reason)
                throws IOException {
            change(request, response, () -> {
                ChangeDecisions.reject(id, reason);
                return Map.of("rejected", id);
            });
        }
    }

    /** {@code api/promotion/ID}. */
    @Restricted(NoExternalUse.class)
    public static final class OnePromotion {
        private final String id;

        OnePromotion(String id) {
            this.id = id;
        }

        @GET
        public void doIndex(StaplerResponse2 response) throws IOException {
            JsonResponse.json(response, () -> {
                var promotion = ReleaseLookup.promotion(id);
                var promotions = EngineLifecycle.get().promotions().orElse(null);
                return Documents.review(
                        Review.of(Authorization.store(), promotions, promotion), promotions, Authorization.onlooker());
            });
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
                            // Any other word could be meant either way.
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

        private void decide(StaplerRequest2 request, StaplerResponse2 response, ReleasesAction.UserAction userAction)
                throws IOException {
            change(request, response, () -> {
                userAction.run();
                return Documents.promotion(ReleaseLookup.promotion(id));
            });
        }
    }
}
