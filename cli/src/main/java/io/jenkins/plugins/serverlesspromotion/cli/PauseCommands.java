package io.jenkins.plugins.serverlesspromotion.cli;

import io.jenkins.plugins.serverlesspromotion.engine.lane.GateContext.Pause;
import io.jenkins.plugins.serverlesspromotion.view.PromotionDocument;
import io.jenkins.plugins.serverlesspromotion.view.Wording;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Pausing and resuming deployments. */
final class PauseCommands {
    private PauseCommands() {}

    /** What is paused; everything when nothing is named. */
    static final class Scope {
        @Option(
                names = "--environment",
                paramLabel = "ENV",
                converter = NameConverter.class,
                description = "Only this environment.")
        private String environment;

        @Option(
                names = "--service",
                paramLabel = "SERVICE",
                converter = NameConverter.class,
                description = "Only this service.")
        private String service;

        static String of(Scope scope) {
            if (scope == null) {
                return Pause.EVERYTHING;
            }
            return scope.environment != null ? Pause.environment(scope.environment) : Pause.service(scope.service);
        }
    }

    @Command(
            name = "pause",
            description = {
                "Pause deployments everywhere, in one environment or of one service: no deployment and no next"
                        + " wave starts."
                        + " What is being deployed continues."
            },
            footer = {
                "",
                "Examples:",
                "  promotion pause --reason 'incident 4711'",
                "  promotion pause --environment prod --reason 'database migration'"
            })
    static final class Stop extends Action {
        @ArgGroup
        private Scope scope;

        @Option(names = "--reason", paramLabel = "TEXT", required = true, description = "Why, for everyone who waits.")
        private String reason;

        Stop(Invocation invocation) {
            super(invocation);
        }

        @Override
        public Integer call() throws Exception {
            String cleaned = text("--reason", reason);
            String what = Scope.of(scope);
            try (Home home = Home.write(invocation)) {
                known(home, scope);
                home.promotions().pause(what, invocation.options().actor(), cleaned);
                screen().result(
                                () -> JsonDocuments.of("paused", what),
                                () -> List.of(Marks.HELD + " paused: " + what + " (" + cleaned + ")"));
                return Exit.DONE;
            }
        }
    }

    @Command(
            name = "resume",
            description = "Resume deployments. Name the same environment or service as for the pause.",
            footer = {
                "",
                "Examples:",
                "  promotion resume --reason 'incident 4711 is over'",
                "  promotion resume --environment prod --reason 'migrated'"
            })
    static final class GoOn extends Action {
        @ArgGroup
        private Scope scope;

        @Option(names = "--reason", paramLabel = "TEXT", required = true, description = "Why, for the audit log.")
        private String reason;

        GoOn(Invocation invocation) {
            super(invocation);
        }

        @Override
        public Integer call() throws Exception {
            String cleaned = text("--reason", reason);
            String what = Scope.of(scope);
            try (Home home = Home.write(invocation)) {
                home.promotions().resume(what, invocation.options().actor(), cleaned);
                List<Pause> remaining = home.store().pauses();
                screen().result(
                                () -> PromotionDocument.resumed(what, remaining),
                                () -> Stream.concat(
                                                Stream.of(Marks.GOOD + " resumed: " + what),
                                                remaining.stream()
                                                        .map(p -> Marks.HELD + " still paused: "
                                                                + Wording.pause(p)))
                                        .toList());
                remindOfWork(home);
                return Exit.DONE;
            }
        }
    }

    /** A pause with a misspelt name would pause nothing, and no one would notice. */
    private static void known(Home home, Scope scope) {
        if (scope == null) {
            return;
        }
        var policy = home.policy();
        if (scope.environment != null && !policy.environments().containsKey(scope.environment)) {
            throw CommandException.no("policy knows no environment " + scope.environment + "; it knows "
                    + String.join(", ", policy.environments().keySet()));
        }
        if (scope.service != null && !policy.services().containsKey(scope.service)) {
            throw CommandException.no("policy knows no service " + scope.service + "; it knows "
                    + String.join(", ", policy.services().keySet()));
        }
    }
}
