package io.jenkins.plugins.serverlesspromotion.cli;

import io.jenkins.plugins.serverlesspromotion.engine.lane.Fact;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Lane;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.engine.port.Deployer;
import io.jenkins.plugins.serverlesspromotion.engine.release.Published;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.Preview;
import io.jenkins.plugins.serverlesspromotion.format.json.CanonicalDigests;
import java.security.SecureRandom;
import java.util.HexFormat;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "plan",
        description = {
            "Show what promoting a release would do, without a request: what is dangerous, every action with its"
                    + " properties before and after, parameters, and the pinned versions of parameters and secrets.",
            "",
            "Nothing is recorded and nothing is deployed. Change sets are made to find out and deleted again; copies of"
                    + " artifacts in the accounts' buckets stay, and so does the empty stack that CloudFormation makes"
                    + " with the first change set of a new one. Works while another process deploys."
        },
        footer = {"", "Examples:", "  promotion plan orders@1.4.2 --to prod", "  promotion plan orders@1.4.2 --to prod --json"
        })
final class PlanCommand extends Action {
    private static final int RANDOM = 4;

    @Mixin
    private Subject.OneStep given;

    PlanCommand(Invocation invocation) {
        super(invocation);
    }

    @Override
    public Integer call() throws Exception {
        try (Home home = Home.read(invocation)) {
            home.policy();
            Published published = home.published(given.release);
            LaneId lane = given.lane();
            Preview.Outcome outcome = new Preview(home.store(), home.ports().deployer(), new CanonicalDigests())
                    .of(lane, published, name(lane), Deployer.Progress.of((step, line) -> screen().note(step + ": " + line)));
            if (outcome.failure() != null) {
                throw outcome.failure().verdict() == Fact.FailureKind.FAILED
                        ? CommandException.no(outcome.failure().cause())
                        : CommandException.notFoundOut(outcome.failure().cause());
            }
            Lane.Live live = home.store().lane(lane).live();
            var answer = new PlanAnswer(
                    published.ref().id(), lane.environment(), live == null ? null : live.release().id(), outcome.plan());
            screen().result(() -> JsonDocuments.planned(answer), () -> PlanView.lines(answer));
            return outcome.plan().complete() ? Exit.DONE : Exit.NOT_FOUND_OUT;
        }
    }

    private static String name(LaneId lane) {
        byte[] random = new byte[RANDOM];
        new SecureRandom().nextBytes(random);
        return lane.service() + "." + lane.environment() + ".plan-" + HexFormat.of().formatHex(random);
    }
}
