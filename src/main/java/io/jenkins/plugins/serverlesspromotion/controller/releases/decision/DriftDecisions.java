package io.jenkins.plugins.serverlesspromotion.controller.releases.decision;

import io.jenkins.plugins.serverlesspromotion.controller.PromotionPermissions;
import io.jenkins.plugins.serverlesspromotion.controller.drift.DriftService;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Person;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.DriftReading;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.RefusedException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** What is known of drift, and looking anew: the same checks for page, REST and command. */
@Restricted(NoExternalUse.class)
public final class DriftDecisions {
    /** How long whoever asked waits for the answer; the look goes on without them. */
    static final Duration PATIENCE = Duration.ofMinutes(5);

    private DriftDecisions() {}

    /** The last reading of a lane of a service that whoever asks may see; empty when nobody looked yet. */
    public static Optional<DriftReading> last(String service, String environment) throws DecisionException {
        return DriftService.get().reading(ReleaseLookup.lane(service, environment));
    }

    /**
     * Looks at a lane now. Nothing is changed by it, but accounts are asked, which is for those who promote.
     *
     * @param patience the answer is waited for so long
     * @throws DecisionException {@link DecisionException.Kind#REFUSED} when there is nothing to compare or it is being
     *     changed, {@link DecisionException.Kind#UNAVAILABLE} when there is no answer in time
     */
    public static DriftReading look(String service, String environment, Duration patience) throws DecisionException {
        String what = "look for drift of " + service + " in " + environment;
        Authorization.check(what, service, PromotionPermissions.PROMOTE);
        LaneId lane = ReleaseLookup.lane(service, environment);
        Person person = Authorization.asking(what);
        CompletableFuture<DriftReading> answer = DriftService.get().look(lane, "user:" + person.id());
        try {
            return answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new DecisionException(
                    DecisionException.Kind.UNAVAILABLE,
                    lane + " is still being looked at; what is found is shown on the page of the service",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DecisionException(DecisionException.Kind.UNAVAILABLE, "Jenkins is shutting down", e);
        } catch (ExecutionException e) {
            boolean refused = e.getCause() instanceof RefusedException;
            throw new DecisionException(
                    refused ? DecisionException.Kind.REFUSED : DecisionException.Kind.UNAVAILABLE,
                    refused
                            ? e.getCause().getMessage()
                            : "it could not be found out: " + e.getCause().getMessage(),
                    e);
        }
    }

    /** With the patience of a program. */
    public static DriftReading look(String service, String environment) throws DecisionException {
        return look(service, environment, PATIENCE);
    }
}
