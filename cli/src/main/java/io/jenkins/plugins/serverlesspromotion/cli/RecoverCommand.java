package io.jenkins.plugins.serverlesspromotion.cli;

import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.port.Recoverer;
import io.jenkins.plugins.serverlesspromotion.engine.port.Recoverer.RecoveryAction;
import io.jenkins.plugins.serverlesspromotion.engine.port.Recoverer.Diagnosis;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.Infirmary;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.RefusedException;
import io.jenkins.plugins.serverlesspromotion.view.RecoveryDocument;
import io.jenkins.plugins.serverlesspromotion.view.RecoveryWording;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "recover",
        aliases = RecoverCommand.OLD_NAME,
        description = {
            "Show the stacks of a service in an environment: the state of each, why, and what you may choose when"
                    + " it is stuck. With --do, carry out one of the choices.",
            "",
            "It never chooses by itself. A deletion needs the name of the stack once more. Your choice is in the audit"
                    + " log before it is done."
        },
        footer = {
            "",
            "Exit code 1 when a stack is stuck.",
            "",
            "Examples:",
            "  promotion recover orders --in prod",
            "  promotion recover orders --in prod --stack orders-prod --do continue-rollback \\",
            "      --reason 'the role is back'",
            "  promotion recover orders --in prod --stack orders-prod --do skip-resources \\",
            "      --resource OrdersFunction --reason 'deleted by hand'",
            "  promotion recover orders --in dev --stack orders-dev --do delete --confirm orders-dev \\",
            "      --reason 'never created'"
        })
final class RecoverCommand extends Action {
    /** Works as before, and reports its new name. */
    static final String OLD_NAME = "doctor";

    @Spec
    private CommandSpec spec;

    @Mixin
    private Subject.OneLane given;

    @Option(names = "--stack", paramLabel = "NAME", description = "The stack, or ACCOUNT/REGION/TARGET.")
    private String stack;

    @Option(
            names = "--do",
            paramLabel = "CHOICE",
            description = "continue-rollback, skip-resources, roll-back, delete or delete-and-retain.")
    private String choice;

    @Option(
            names = "--resource",
            paramLabel = "ID",
            description = "Logical id of a resource to skip or to retain. May be repeated.")
    private List<String> resources = new ArrayList<>();

    @Option(names = "--confirm", paramLabel = "NAME", description = "The name of the stack once more, to delete it.")
    private String confirmation;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why, for the audit log. Needed with --do.")
    private String reason;

    RecoverCommand(Invocation invocation) {
        super(invocation);
    }

    @Override
    public Integer call() throws Exception {
        List<String> words = spec.root().commandLine().getParseResult().originalArgs();
        if (words.contains(OLD_NAME) && !words.contains(spec.name())) {
            screen().declare("promotion " + OLD_NAME + " is now called promotion " + spec.name()
                    + "; the old name still works");
        }
        LaneId lane = given.id();
        try {
            return choice == null ? examine(lane) : recover(lane);
        } catch (RefusedException e) {
            throw CommandException.no(e.getMessage());
        } catch (Recoverer.CannotLook e) {
            throw CommandException.notFoundOut(e.getMessage());
        }
    }

    private Integer examine(LaneId lane) throws Exception {
        if (confirmation != null || !resources.isEmpty() || reason != null) {
            throw CommandException.usage("--resource, --confirm and --reason go with --do CHOICE");
        }
        try (Home home = Home.read(invocation)) {
            List<Diagnosis> all = recovery(home).examine(lane).stream()
                    .filter(d -> stack == null || d.stack().equals(stack) || d.key().equals(stack))
                    .toList();
            boolean stuck = all.stream().anyMatch(Diagnosis::stuck);
            screen().result(() -> RecoveryDocument.of(all), () -> lines(all));
            return stuck ? Exit.NO : Exit.DONE;
        }
    }

    private List<String> lines(List<Diagnosis> all) {
        var lines = new ArrayList<String>();
        for (Diagnosis d : all) {
            lines.add((d.stuck() ? Marks.BAD : Marks.GOOD) + " " + d.key() + "  stack " + d.stack() + "  "
                    + RecoveryWording.state(d));
            lines.add("    " + d.why());
            d.options().forEach(o -> lines.add("    " + RecoveryWording.option(o)));
        }
        return lines;
    }

    private Integer recover(LaneId lane) throws Exception {
        RecoveryAction chosen = RecoveryAction.of(choice)
                .orElseThrow(() -> CommandException.usage(
                        "--do '" + choice + "' is no choice; it is one of " + RecoveryAction.words()));
        if (stack == null || reason == null) {
            throw CommandException.usage("--do needs --stack NAME and --reason TEXT");
        }
        var recoveryRequest = new Infirmary.RecoveryRequest(
                stack, chosen, resources, confirmation, invocation.options().actor(), text("--reason", reason));
        declareSelf();
        try (Home home = Home.write(invocation)) {
            Recoverer.RecoveryResult recoveryResult = recovery(home).recover(lane, recoveryRequest);
            screen().result(
                            () -> RecoveryDocument.of(recoveryRequest, recoveryResult),
                            () -> List.of((recoveryResult.good() ? Marks.GOOD : Marks.BAD) + " " + chosen.word() + " "
                                    + stack + ": " + recoveryResult.detail()));
            return recoveryResult.good() ? Exit.DONE : Exit.NO;
        }
    }

    private static Infirmary recovery(Home home) {
        return new Infirmary(home.promotions(), home.store(), home.ports().recoverer());
    }
}
