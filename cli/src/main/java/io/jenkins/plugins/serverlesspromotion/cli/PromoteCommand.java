package io.jenkins.plugins.serverlesspromotion.cli;

import io.jenkins.plugins.serverlesspromotion.engine.release.Published;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "promote",
        description = {
            "Request a promotion of a release into an environment, and work on it until it is deployed or"
                    + " waits for people.",
            "",
            "Where no gate is closed, it is deployed and verified at once. Otherwise the gates are printed,"
                    + " with what is"
                    + " missing and the command for it, and the exit code is 0: the request was made."
        },
        footer = {
            "",
            "Examples:",
            "  promotion promote orders@1.4.2 --to dev",
            "  promotion promote orders@1.4.2 --to prod --as bob --ticket CHG0031337"
        })
final class PromoteCommand extends Action {
    @Mixin
    private Subject.OneStep given;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why, for those who decide and for the audit log.")
    private String reason;

    @Option(names = "--ticket", paramLabel = "ID", description = "The change ticket.")
    private String ticket;

    @Mixin
    private Following following;

    PromoteCommand(Invocation invocation) {
        super(invocation);
    }

    @Override
    public Integer call() throws Exception {
        var request = request(reason, ticket);
        try (Home home = Home.write(invocation)) {
            home.policy();
            Published published = home.published(given.release);
            String id = home.promotions().request(given.lane(), published.ref(), request);
            return carryOn(home, id, following);
        }
    }
}
