package io.jenkins.plugins.serverlesspromotion.controller.releases;

import hudson.model.ModelObject;
import io.jenkins.plugins.serverlesspromotion.controller.PagePaths;
import io.jenkins.plugins.serverlesspromotion.controller.PromotionPermissions;
import io.jenkins.plugins.serverlesspromotion.controller.drift.DriftService;
import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.Authorization;
import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.DecisionException;
import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.Decisions;
import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.DriftDecisions;
import io.jenkins.plugins.serverlesspromotion.controller.releases.rest.JsonResponse;
import io.jenkins.plugins.serverlesspromotion.controller.releases.view.DriftView;
import io.jenkins.plugins.serverlesspromotion.controller.releases.view.Explaining;
import io.jenkins.plugins.serverlesspromotion.controller.releases.view.OverrideBanner;
import io.jenkins.plugins.serverlesspromotion.controller.releases.view.ViewAccess;
import io.jenkins.plugins.serverlesspromotion.controller.releases.view.Words;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Lane;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.engine.port.Store;
import io.jenkins.plugins.serverlesspromotion.engine.release.Published;
import io.jenkins.plugins.serverlesspromotion.view.DriftWording;
import io.jenkins.plugins.serverlesspromotion.view.OverrideNotice;
import io.jenkins.plugins.serverlesspromotion.view.ReleaseBoard;
import io.jenkins.plugins.serverlesspromotion.view.ReleaseExplanation;
import io.jenkins.plugins.serverlesspromotion.view.Wording;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.StaplerResponse2;
import org.kohsuke.stapler.WebMethod;
import org.kohsuke.stapler.interceptor.RequirePOST;
import org.kohsuke.stapler.verb.GET;

/** {@code service/NAME}: the lanes of one service and their promotions. Created only for users who may see it. */
@Restricted(NoExternalUse.class)
public final class ServicePage implements ModelObject {
    /** The most promotions of each lane, and the most releases, that are shown. */
    private static final int SHOWN = 20;

    private static final Duration CLICK = Duration.ofSeconds(10);

    private final String name;
    private final Store store;
    private final String refusal;
    private final Instant now = Instant.now();

    ServicePage(String name) throws DecisionException {
        this(name, null);
    }

    private ServicePage(String name, String refusal) throws DecisionException {
        this.name = name;
        this.store = Authorization.store();
        this.refusal = refusal;
    }

    @RequirePOST
    @WebMethod(name = "rollback")
    public void doRollback(
            StaplerRequest2 request,
            StaplerResponse2 response,
            @QueryParameter String environment,
            @QueryParameter String version,
            @QueryParameter String reason,
            @QueryParameter String ticket)
            throws IOException, ServletException {
        String promotion;
        try {
            promotion = Decisions.rollback(name, environment, version, reason, ticket);
        } catch (DecisionException e) {
            again(request, response, e);
            return;
        }
        response.sendRedirect2(request.getContextPath() + "/" + PagePaths.promotion(promotion));
    }

    @RequirePOST
    @WebMethod(name = "release-hold")
    public void doReleaseHold(
            StaplerRequest2 request,
            StaplerResponse2 response,
            @QueryParameter String environment,
            @QueryParameter String reason)
            throws IOException, ServletException {
        try {
            Decisions.releaseHold(name, environment, reason);
        } catch (DecisionException e) {
            again(request, response, e);
            return;
        }
        response.sendRedirect2(request.getContextPath() + "/" + getUrl());
    }

    /** Requests a promotion of a release of this service. */
    @RequirePOST
    @WebMethod(name = "promote")
    public void doPromote(
            StaplerRequest2 request,
            StaplerResponse2 response,
            @QueryParameter String environment,
            @QueryParameter String version,
            @QueryParameter String reason,
            @QueryParameter String ticket)
            throws IOException, ServletException {
        String promotion;
        try {
            promotion = Decisions.request(name + "@" + version, environment, reason, ticket);
        } catch (DecisionException e) {
            again(request, response, e);
            return;
        }
        response.sendRedirect2(request.getContextPath() + "/" + PagePaths.promotion(promotion));
    }

    /** Explains the policy for a release in an environment; without a version it shows a form for it. */
    @GET
    @WebMethod(name = "explain")
    public void doExplain(
            StaplerRequest2 request,
            StaplerResponse2 response,
            @QueryParameter String version,
            @QueryParameter String environment,
            @QueryParameter String ticket,
            @QueryParameter String user)
            throws IOException, ServletException {
        var question = new ExplainPage.Question(version, environment, ticket, user);
        ExplainPage page;
        try {
            ReleaseExplanation explaining = version == null || version.isBlank() || environment == null
                    ? null
                    : Explaining.of(name + "@" + version, environment, ticket, user);
            page = new ExplainPage(name, question, explaining, null);
        } catch (DecisionException e) {
            response.setStatus(e.kind().status());
            page = new ExplainPage(name, question, null, e.getMessage());
        }
        request.getView(page, "index.jelly").forward(request, response);
    }

    /** Checks for drift. The page shows the result of a long check when it is loaded again. */
    @RequirePOST
    @WebMethod(name = "drift-check")
    public void doDriftCheck(StaplerRequest2 request, StaplerResponse2 response, @QueryParameter String environment)
            throws IOException, ServletException {
        try {
            DriftDecisions.look(name, environment, CLICK);
        } catch (DecisionException e) {
            if (e.kind() != DecisionException.Kind.UNAVAILABLE || !isLooking(environment)) {
                again(request, response, e);
                return;
            }
        }
        response.sendRedirect2(request.getContextPath() + "/" + getUrl() + "#" + environment);
    }

    private boolean isLooking(String environment) {
        return DriftService.get().isLooking(new LaneId(name, environment));
    }

    private void again(StaplerRequest2 request, StaplerResponse2 response, DecisionException e)
            throws IOException, ServletException {
        ServicePage page;
        try {
            page = new ServicePage(name, e.getMessage());
        } catch (DecisionException gone) {
            throw JsonResponse.page(gone);
        }
        response.setStatus(e.kind().status());
        request.getView(page, "index.jelly").forward(request, response);
    }

    /**
     * @param good versions that can be returned to, the last good one first
     * @param byItself whether a release that succeeds in the environment before is requested here automatically
     * @param explainUrl relative to Jenkins' root URL
     */
    public record LaneRow(
            String environment,
            String live,
            Words.Moment since,
            List<PlaceRow> places,
            String holdBy,
            String holdReason,
            List<String> good,
            boolean byItself,
            String explainUrl,
            List<Row> promotions) {}

    public record PlaceRow(String place, String version) {}

    public record Row(
            String id,
            String url,
            String version,
            boolean rollback,
            Words.Mark mark,
            Words.Moment since,
            String requestedBy,
            String why) {}

    public record ReleaseRow(String version, String digest, Words.Moment at, String by, String revision) {}

    @Override
    public String getDisplayName() {
        return name;
    }

    public String getRefusal() {
        return refusal;
    }

    public boolean isMayPromote() {
        return Authorization.may(name, PromotionPermissions.PROMOTE);
    }

    public boolean isMayReleaseHold() {
        return Jenkins.get().hasPermission(PromotionPermissions.PROMOTE);
    }

    public String getUrl() {
        return PagePaths.service(name);
    }

    public List<OverrideBanner> getOverrides() {
        return store.lanes().stream()
                .filter(l -> l.service().equals(name))
                .map(l -> OverrideNotice.of(ViewAccess.reader(store), ViewAccess.promotions(), store.lane(l)))
                .flatMap(notices -> OverrideBanner.of(notices, now).stream())
                .toList();
    }

    public List<LaneRow> getLanes() {
        Policy policy = Authorization.policy(store);
        Set<String> environments = new LinkedHashSet<>();
        if (policy != null) {
            environments.addAll(policy.environmentsOf(name));
        }
        store.lanes().stream().filter(l -> l.service().equals(name)).forEach(l -> environments.add(l.environment()));
        return environments.stream().map(e -> lane(new LaneId(name, e))).toList();
    }

    private LaneRow lane(LaneId id) {
        Lane lane = store.lane(id);
        var good = new ArrayList<String>();
        for (int i = lane.good().size() - 1; i >= 0; i--) {
            String version = lane.good().get(i).release().version();
            if (!good.contains(version)) {
                good.add(version);
            }
        }
        List<PlaceRow> places = lane.live() == null
                ? List.of()
                : lane.live().places().entrySet().stream()
                        .map(e -> new PlaceRow(
                                e.getKey(),
                                e.getValue() == null
                                        ? Messages.Place_mixed()
                                        : e.getValue().version()))
                        .toList();
        String newest = store.releases(name).stream()
                .findFirst()
                .map(p -> p.ref().version())
                .orElse(null);
        return new LaneRow(
                id.environment(),
                lane.live() == null ? null : lane.live().release().version(),
                lane.live() == null ? null : Words.moment(lane.live().since(), now),
                places,
                lane.hold() == null ? null : Wording.who(lane.hold().by()),
                lane.hold() == null ? null : lane.hold().reason(),
                good,
                ReleaseBoard.arrivesByItself(Authorization.policy(store), id.environment()),
                PagePaths.explanation(id, newest == null ? "" : newest),
                store.promotions(id).stream()
                        .limit(SHOWN)
                        .map(p -> new Row(
                                p.id(),
                                "/" + PagePaths.promotion(p.id()),
                                p.release().version(),
                                p.kind() == Promotion.Kind.ROLLBACK,
                                Words.mark(p.state()),
                                Words.moment(p.since(), now),
                                Wording.requester(p.requests().get(0)),
                                p.state() == Promotion.State.SUCCEEDED ? null : p.why()))
                        .toList());
    }

    /** The known drift of one lane. */
    public DriftView drift(String environment) {
        return DriftView.of(store.lane(new LaneId(name, environment)), now);
    }

    /** What one environment owns and its live release does not name. */
    public List<String> leftBehind(String environment) {
        var lane = new LaneId(name, environment);
        var reading = DriftService.get()
                .reading(lane)
                .filter(r -> r.isAbout(store.lane(lane)))
                .orElse(null);
        return ReleaseBoard.leftBehind(ViewAccess.reader(store), lane, reading).stream()
                .map(DriftWording::leftBehind)
                .toList();
    }

    public List<ReleaseRow> getReleases() {
        return store.releases(name).stream().limit(SHOWN).map(this::release).toList();
    }

    private ReleaseRow release(Published p) {
        return new ReleaseRow(
                p.ref().version(),
                Wording.digest(p.ref().digest()),
                Words.moment(p.at(), now),
                Wording.who(p.by()),
                p.provenance().revision());
    }
}
