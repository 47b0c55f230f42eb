package io.jenkins.plugins.serverlesspromotion.cli;

import java.util.Set;
import java.util.TreeSet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Commands that state the people behind a promotion where they could not be established. */
final class PeopleCommands {
    private PeopleCommands() {}

    private static Set<String> ids(String[] people) {
        var ids = new TreeSet<String>();
        for (String id : people == null ? new String[0] : people) {
            if (!id.isBlank()) {
                ids.add(id.strip());
            }
        }
        return ids;
    }

    @Command(
            name = "requesters",
            description = {
                "State who requested a promotion, where that could not be established. You do not count in its"
                        + " approval then."
            },
            footer = {
                "",
                "Examples:",
                "  promotion requesters orders.prod.17 --people bob --reason 'bob confirmed it' --as carol",
                "  promotion requesters orders.prod.17 --none --reason 'a nightly build' --as carol"
            })
    static final class Requesters extends Action {
        @Mixin
        private Subject.OnePromotion given;

        @Option(
                names = "--people",
                paramLabel = "IDS",
                split = ",",
                description = "Who requested it, separated by commas.")
        private String[] people;

        @Option(names = "--none", description = "No person requested it. Instead of --people.")
        private boolean none;

        @Option(names = "--reason", paramLabel = "TEXT", required = true, description = "How you know.")
        private String reason;

        Requesters(Invocation invocation) {
            super(invocation);
        }

        @Override
        public Integer call() throws Exception {
            String cleaned = text("--reason", reason);
            Set<String> named = ids(people);
            if (named.isEmpty() != none) {
                // An empty variable of a script states nothing about the requesters.
                throw CommandException.usage(
                        "either name the requesters with --people, or state with --none that no person requested it");
            }
            try (Home home = Home.write(invocation)) {
                home.promotion(given.id);
                declareSelf();
                home.promotions().stateRequesters(given.id.text(), invocation.person(), named, cleaned);
                return Outcome.show(invocation, ReviewModel.of(home, invocation, given.id), Exit.DONE);
            }
        }
    }

    @Command(
            name = "authors",
            description = {
                "Attest who wrote a release that comes in with a promotion, where not all its authors were"
                        + " recorded. You do"
                        + " not count in its approval then."
            },
            footer = {
                "",
                "Example:",
                "  promotion authors orders.prod.17 --release orders@1.4.2 --people bob,zoe --reason 'read the commits'"
            })
    static final class Authors extends Action {
        @Mixin
        private Subject.OnePromotion given;

        @Option(names = "--release", paramLabel = "RELEASE", required = true, description = "As in orders@1.4.2.")
        private String release;

        @Option(
                names = "--people",
                paramLabel = "IDS",
                split = ",",
                required = true,
                description = "Who wrote it, separated by commas.")
        private String[] people;

        @Option(names = "--reason", paramLabel = "TEXT", required = true, description = "How you know.")
        private String reason;

        Authors(Invocation invocation) {
            super(invocation);
        }

        @Override
        public Integer call() throws Exception {
            String cleaned = text("--reason", reason);
            Set<String> named = ids(people);
            if (named.isEmpty()) {
                throw CommandException.usage("--people names no one; name the people who wrote " + release);
            }
            try (Home home = Home.write(invocation)) {
                home.promotion(given.id);
                declareSelf();
                home.promotions().attestAuthors(given.id.text(), invocation.person(), release, named, cleaned);
                return Outcome.show(invocation, ReviewModel.of(home, invocation, given.id), Exit.DONE);
            }
        }
    }
}
