package io.jenkins.plugins.serverlesspromotion.controller.releases;

import hudson.model.ModelObject;
import io.jenkins.plugins.serverlesspromotion.controller.PagePaths;
import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.Authorization;
import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.DecisionException;
import io.jenkins.plugins.serverlesspromotion.controller.releases.view.Explaining;
import io.jenkins.plugins.serverlesspromotion.controller.releases.view.Words;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.view.ReleaseExplanation;
import java.time.Instant;
import java.util.List;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** {@code service/NAME/explain}: how the policy evaluates a release of the service in an environment, for a person. */
@Restricted(NoExternalUse.class)
public final class ExplainPage implements ModelObject {
    /** Releases to choose from, newest first. */
    private static final int SHOWN = 50;

    private final String service;
    private final Question question;
    private final ReleaseExplanation explaining;
    private final String refusal;
    private final Instant now = Instant.now();

    /** The fields of the form as typed; null where empty. */
    record Question(String version, String environment, String ticket, String user) {}

    /**
     * @param explaining null when the form was not sent, or it was refused
     * @param refusal why there is no answer, may be null
     */
    ExplainPage(String service, Question question, ReleaseExplanation explaining, String refusal) {
        this.service = service;
        this.question = question;
        this.explaining = explaining;
        this.refusal = refusal;
    }

    @Override
    public String getDisplayName() {
        return Messages.Explain_title(service);
    }

    public String getService() {
        return service;
    }

    public String getUrl() {
        return PagePaths.service(service);
    }

    public String getRefusal() {
        return refusal;
    }

    public List<String> getVersions() throws DecisionException {
        return Authorization.store().releases(service).stream()
                .limit(SHOWN)
                .map(p -> p.ref().version())
                .toList();
    }

    public List<String> getEnvironments() throws DecisionException {
        Policy policy = Authorization.policy(Authorization.store());
        return policy == null ? List.of() : policy.environmentsOf(service);
    }

    public boolean isMayAskForOthers() {
        return Explaining.mayAskForOthers();
    }

    public String getVersion() {
        return question.version();
    }

    public String getEnvironment() {
        return question.environment();
    }

    public String getTicket() {
        return question.ticket();
    }

    public String getUser() {
        return question.user();
    }

    public boolean isExplained() {
        return explaining != null;
    }

    public Words.Mark getMark() {
        return explaining.explained().open()
                ? new Words.Mark(Messages.Explain_openWord(), "symbol-check", Words.GOOD)
                : new Words.Mark(Messages.Explain_closedWord(), "symbol-hourglass", Words.ACTIVE);
    }

    /** {@code orders@1.4.2 → prod} */
    public String getSubject() {
        return explaining.subject();
    }

    public String getSummary() {
        return explaining.summary();
    }

    /** Relative to Jenkins' root URL; null while no one has requested it. */
    public String getPromotionUrl() {
        return explaining
                .explained()
                .promotion()
                .map(p -> PagePaths.promotion(p.id()))
                .orElse(null);
    }

    public List<Words.GateLine> getGates() {
        return Words.gates(explaining.gates(now));
    }

    public String getVerdict() {
        return explaining.verdict();
    }

    public boolean isAble() {
        return explaining.able();
    }
}
