package io.jenkins.plugins.serverlesspromotion.controller.releases;

import hudson.model.User;
import io.jenkins.plugins.serverlesspromotion.controller.Identity;
import io.jenkins.plugins.serverlesspromotion.controller.PagePaths;
import io.jenkins.plugins.serverlesspromotion.controller.configuration.Proposals;
import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.ChangeDecisions;
import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.DecisionException;
import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.UserAction;
import io.jenkins.plugins.serverlesspromotion.controller.releases.view.Words;
import io.jenkins.plugins.serverlesspromotion.engine.port.Proposal;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.StaplerResponse2;
import org.kohsuke.stapler.interceptor.RequirePOST;
import org.kohsuke.stapler.verb.GET;

/** {@code changes}: changes of the configuration that wait for a second person. */
@Restricted(NoExternalUse.class)
public final class ChangesPage {
    /** The page, relative to Jenkins' root URL, without a leading slash. */
    public static final String URL = PagePaths.CHANGES;

    private final List<Proposal> proposals;
    private final String refusal;

    private ChangesPage(List<Proposal> proposals, String refusal) {
        this.proposals = proposals;
        this.refusal = refusal;
    }

    /** @throws org.springframework.security.access.AccessDeniedException for a user who may not configure */
    static ChangesPage forCurrentUser() throws DecisionException {
        return new ChangesPage(ChangeDecisions.open(), null);
    }

    public String getDisplayName() {
        return Messages.ChangesPage_DisplayName();
    }

    public String getUrl() {
        return "/" + URL;
    }

    /** Why the last action was refused; null when none was. */
    public String getRefusal() {
        return refusal;
    }

    public List<Row> getRows() {
        User user = User.current();
        String me = user == null ? "" : Identity.canonicalUser(user.getId());
        return proposals.stream().map(p -> Row.of(p, me)).toList();
    }

    /**
     * One proposal.
     *
     * @param at when it was proposed
     * @param own whether the viewer proposed it
     * @param whyNot why the viewer cannot accept it; null when they can
     */
    public record Row(Proposal proposal, Words.Moment at, boolean own, String whyNot, List<String> problems) {
        static Row of(Proposal proposal, String me) {
            List<String> problems = Proposals.problems(proposal);
            boolean own = Proposals.isOf(proposal, me);
            String whyNot = null;
            if (own) {
                whyNot = Messages.ChangesPage_own();
            } else if (!Proposals.isCurrent(proposal)) {
                whyNot = Messages.ChangesPage_outdated();
            } else if (!problems.isEmpty()) {
                whyNot = Messages.ChangesPage_wrong();
            } else if (!Jenkins.get().hasPermission(Proposals.needed(proposal))) {
                whyNot = Messages.ChangesPage_administrator();
            }
            return new Row(proposal, Words.moment(proposal.at(), Instant.now()), own, whyNot, problems);
        }
    }

    @GET
    public void doIndex(StaplerRequest2 request, StaplerResponse2 response) throws IOException, ServletException {
        show(request, response, this);
    }

    @RequirePOST
    public void doAccept(StaplerRequest2 request, StaplerResponse2 response, @QueryParameter String id)
            throws IOException, ServletException {
        then(request, response, () -> ChangeDecisions.accept(id));
    }

    @RequirePOST
    public void doReject(
            StaplerRequest2 request,
            StaplerResponse2 response,
            @QueryParameter String id,
            @QueryParameter String reason)
            throws IOException, ServletException {
        then(request, response, () -> ChangeDecisions.reject(id, reason));
    }

    private static void then(StaplerRequest2 request, StaplerResponse2 response, UserAction userAction)
            throws IOException, ServletException {
        try {
            userAction.run();
        } catch (DecisionException e) {
            response.setStatus(e.kind().status());
            show(request, response, new ChangesPage(Proposals.open(), e.getMessage()));
            return;
        }
        response.sendRedirect2(request.getContextPath() + "/" + URL);
    }

    private static void show(StaplerRequest2 request, StaplerResponse2 response, ChangesPage page)
            throws IOException, ServletException {
        request.getView(page, "index.jelly").forward(request, response);
    }
}
