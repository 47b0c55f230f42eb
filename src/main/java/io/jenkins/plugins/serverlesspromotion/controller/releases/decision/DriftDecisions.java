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

/** Shows the known drift and checks again: the same permission checks for page, REST and command. */
@Restricted(NoExternalUse.class)
public final class DriftDecisions {
    /** How long the user waits for the answer; the check continues after that. */
    static final Duration PATIENCE = Duration.ofMinutes(5);

    private DriftDecisions() {}

    /** The last reading of a lane of a service that the user may see; empty when there was no check yet. */
    public static Optional<DriftReading> last(String service, String environment) throws DecisionException {
        return DriftService.get().reading(ReleaseLookup.lane(service, environment));
    }

    /**
     * Checks a lane now. It changes nothing but calls AWS in the accounts, so it needs the permission to promote.
     *
     * @param patience how long to wait for the answer
     * @throws DecisionException {@link DecisionException.Kind#REFUSED} when there is nothing to compare or it is being
     *     changed, {@link DecisionException.Kind#UNAVAILABLE} when there is no answer in time
     */
    public static DriftReading look(String service, String environment, Duration patience) throws DecisionException {
        String what = "check the drift of " + service + " in " + environment;
        Authorization.check(what, service, PromotionPermissions.PROMOTE);
        LaneId lane = ReleaseLookup.lane(service, environment);
        Person person = Authorization.asking(what);
        CompletableFuture<DriftReading> answer = DriftService.get().look(lane, "user:" + person.id());
        try {
            return answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new DecisionException(
                    DecisionException.Kind.UNAVAILABLE,
                    lane + " is still being checked; the page of the service shows the result",
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
                            : "it could not be determined: " + e.getCause().getMessage(),
                    e);
        }
    }

    /** With the wait of a program. */
    public static DriftReading look(String service, String environment) throws DecisionException {
        return look(service, environment, PATIENCE);
    }
}
