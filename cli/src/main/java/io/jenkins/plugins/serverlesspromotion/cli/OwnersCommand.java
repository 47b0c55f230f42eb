package io.jenkins.plugins.serverlesspromotion.cli;

import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.PolicyOwners;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.ResourceId;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.OwnerReport;
import io.jenkins.plugins.serverlesspromotion.view.OwnersDocument;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "owners",
        description = {
            "Show which service owns which resource in AWS in which environment, what several claim, and what"
                    + " to write into"
                    + " the policy under 'owns'. With --decide, record the owner of one resource."
        },
        footer = {
            "",
            "Exit code 1 when several environments or services claim a resource.",
            "",
            "Examples:",
            "  promotion owners",
            "  promotion owners --decide stack:orders-prod --at orders-prod/eu-west-1 \\",
            "      --service orders --in prod --reason 'dev names it by mistake'"
        })
final class OwnersCommand extends Action {
    @Option(
            names = "--decide",
            paramLabel = "KIND:NAME",
            description = "The resource: stack:NAME, function:NAME, bucket:NAME or distribution:ID.")
    private String resource;

    @Option(
            names = "--at",
            paramLabel = "ACCOUNT/REGION",
            description = "Where the resource is; ACCOUNT is its name in the policy. Needed with --decide.")
    private String place;

    @Option(
            names = "--service",
            paramLabel = "SERVICE",
            converter = NameConverter.class,
            description = "The service that owns it. Needed with --decide.")
    private String service;

    @Option(
            names = "--in",
            paramLabel = "ENV",
            converter = NameConverter.class,
            description = "The environment that owns it. Needed with --decide.")
    private String environment;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why, for the audit log. Needed with --decide.")
    private String reason;

    OwnersCommand(Invocation invocation) {
        super(invocation);
    }

    @Override
    public Integer call() throws Exception {
        if (resource != null) {
            return decide();
        }
        if (place != null || service != null || environment != null || reason != null) {
            throw CommandException.usage("--at, --service, --in and --reason go with --decide KIND:NAME");
        }
        try (Home home = Home.read(invocation)) {
            OwnerReport report = OwnerReport.of(home.store());
            screen().result(() -> OwnersDocument.of(report), report::lines);
            return report.contested().isEmpty() ? Exit.DONE : Exit.NO;
        }
    }

    private Integer decide() throws Exception {
        if (place == null || service == null || environment == null || reason == null) {
            throw CommandException.usage("--decide needs --at, --service, --in and --reason");
        }
        String cleaned = text("--reason", reason);
        declareSelf();
        try (Home home = Home.write(invocation)) {
            ResourceId id;
            try {
                id = new PolicyOwners(home.policy()).named(resource, place);
            } catch (IllegalArgumentException e) {
                throw CommandException.usage(e.getMessage());
            }
            home.promotions()
                    .decideOwner(
                            id,
                            new LaneId(service, environment),
                            invocation.options().actor(),
                            cleaned);
            screen().result(
                            () -> JsonDocuments.of("decided", id + " belongs to " + service + " in " + environment),
                            () -> List.of(Marks.GOOD + " " + id + " belongs to " + service + " in " + environment));
            return Exit.DONE;
        }
    }
}
