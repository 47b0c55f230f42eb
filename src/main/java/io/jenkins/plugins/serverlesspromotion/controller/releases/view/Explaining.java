package io.jenkins.plugins.serverlesspromotion.controller.releases.view;

import io.jenkins.plugins.serverlesspromotion.controller.EngineLifecycle;
import io.jenkins.plugins.serverlesspromotion.controller.NotAPersonException;
import io.jenkins.plugins.serverlesspromotion.controller.PromotionPermissions;
import io.jenkins.plugins.serverlesspromotion.controller.configuration.ServerlessPromotionConfiguration;
import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.Authorization;
import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.DecisionException;
import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.Decisions;
import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.ReleaseLookup;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Person;
import io.jenkins.plugins.serverlesspromotion.engine.release.Names;
import io.jenkins.plugins.serverlesspromotion.engine.release.Published;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.Promotions;
import io.jenkins.plugins.serverlesspromotion.view.ReleaseExplanation;
import java.time.Instant;
import jenkins.model.Jenkins;

/**
 * Explains how the policy evaluates a release, and decides who may see that, as {@link Decisions} for every surface.
 * People who may see the service get it for themselves. Only people who configure or audit get it for another person.
 */
public final class Explaining {
    private Explaining() {}

    /**
     * @param release id: {@code orders@1.4.2}
     * @param ticket that a request would name, may be blank
     * @param user for whom, blank: the viewer
     */
    public static ReleaseExplanation of(String release, String environment, String ticket, String user)
            throws DecisionException {
        String other = Authorization.text("user", user);
        if (other != null && !mayAskForOthers()) {
            Authorization.check("explain the policy for " + other, null, PromotionPermissions.AUDIT);
        }
        Published published = ReleaseLookup.release(release);
        if (!Names.isName(environment)) {
            throw Authorization.wrong("'" + environment + "' is not an environment");
        }
        String named = Authorization.ticket(ticket);
        Person person = other == null ? Authorization.onlooker() : person(other);
        Promotions promotions = EngineLifecycle.get().promotions().orElseThrow(Authorization::unavailable);
        return ReleaseExplanation.of(
                ViewAccess.reader(Authorization.store()),
                promotions,
                new LaneId(published.ref().service(), environment),
                published,
                named,
                person,
                other != null,
                Authorization.serviceVisibility()::sees,
                Instant.now());
    }

    /** Whether the viewer may see the explanation for another person. */
    public static boolean mayAskForOthers() {
        return Jenkins.get().hasPermission(PromotionPermissions.AUDIT)
                || Jenkins.get().hasPermission(PromotionPermissions.CONFIGURE);
    }

    private static Person person(String user) throws DecisionException {
        try {
            return ServerlessPromotionConfiguration.get().identity().other(user);
        } catch (NotAPersonException e) {
            throw new DecisionException(DecisionException.Kind.WRONG, e.getMessage(), e);
        }
    }
}
