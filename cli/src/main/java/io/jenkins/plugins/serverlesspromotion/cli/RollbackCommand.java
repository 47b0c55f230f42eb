package io.jenkins.plugins.serverlesspromotion.cli;

import io.jenkins.plugins.serverlesspromotion.engine.lane.GateStatus;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.engine.release.Names;
import io.jenkins.plugins.serverlesspromotion.view.Wording;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "rollback",
        description = {
            "Return an environment to an earlier good release: request, plan, approve it yourself where the"
                    + " environment's"
                    + " rollback rule allows you, deploy, verify.",
            "",
            "Afterwards the service is on hold in that environment: nothing is promoted there until someone runs"
                    + " 'promotion release-hold'."
        },
        footer = {
            "",
            "Examples:",
            "  promotion rollback orders --in prod --reason 'checkout fails' --as erin",
            "  promotion rollback orders --in prod --to 1.4.0 --reason 'checkout fails' --request-only"
        })
final class RollbackCommand extends Action {
    @Mixin
    private Subject.OneLane given;

    @Option(
            names = "--to",
            paramLabel = "VERSION",
            description = "The version to return to. Default: the last good one.")
    private String version;

    @Option(names = "--reason", paramLabel = "TEXT", required = true, description = "Why, for the audit log.")
    private String reason;

    @Option(names = "--request-only", description = "Request and plan, but do not approve it, even if you may.")
    private boolean requestOnly;

    @Mixin
    private Following following;

    RollbackCommand(Invocation invocation) {
        super(invocation);
    }

    @Override
    public Integer call() throws Exception {
        if (version != null && !Names.isVersion(version)) {
            throw CommandException.usage("--to '" + version + "' is not a version");
        }
        var request = request(reason, null);
        try (Home home = Home.write(invocation)) {
            home.policy();
            String id = home.promotions().rollback(given.id(), version, request);
            if (following.noWait || requestOnly) {
                return carryOn(home, id, following);
            }
            return decideAndDeploy(home, id);
        }
    }

    private int decideAndDeploy(Home home, String id) throws Exception {
        long begun = System.nanoTime();
        home.start(id);
        Promotion planned = home.follow(id, following.timeout);
        if (!mayDecide(home, planned)) {
            return Outcome.show(home, invocation, planned);
        }
        ReviewModel reviewModel = ReviewModel.of(home, invocation, planned);
        screen().show(ReviewText.brief(reviewModel, invocation.now(), invocation.zone(), screen().width()));
        declareSelf();
        home.promotions().approve(id, invocation.person(), planned.plan().digest(), null);
        screen().note("approved by " + invocation.person().id() + ", who may decide about rollbacks here: exactly plan "
                + Wording.digest(planned.plan().digest()));
        Duration left = following.timeout.minusNanos(System.nanoTime() - begun);
        return Outcome.show(home, invocation, home.follow(id, left));
    }

    private boolean mayDecide(Home home, Promotion planned) {
        return planned.state() == Promotion.State.WAITING
                && planned.plan().problems().isEmpty()
                && home.promotions().gates(planned.id()).stream()
                        .anyMatch(g -> g.kind() == GateStatus.Kind.APPROVAL && g.result() == GateStatus.GateResult.PENDING)
                && home.promotions().whyNot(invocation.person(), planned).isEmpty();
    }
}
