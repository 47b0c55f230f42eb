package io.jenkins.plugins.serverlesspromotion.cli;

import io.jenkins.plugins.serverlesspromotion.store.FileStore;
import java.io.PrintStream;
import java.time.Clock;
import java.util.Map;
import java.util.function.BiFunction;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IFactory;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The program {@code promotion}. */
@Command(
        name = "promotion",
        scope = ScopeType.INHERIT,
        versionProvider = Main.Version.class,
        sortOptions = false,
        usageHelpAutoWidth = true,
        description = {
            "Promotes immutable serverless releases through AWS accounts, behind approvals, with an audit log.",
            "",
            "This command line has its own journal and does not check who you are: it is for test environments and"
                    + " auditors. A Jenkins controller with the plugin checks its users.",
            ""
        },
        parameterListHeading = "%n",
        optionListHeading = "%nOptions:%n",
        commandListHeading = "%nCommands:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done; also: the request was made, and the promotion waits for people",
            "1:the answer is no: refused, rejected, failed, rolled back, invalid input",
            "2:wrong use: unknown option or command, malformed id, a file that cannot be read",
            "3:could not find out: AWS or the journal cannot be reached, an incomplete plan, out of time"
        },
        subcommands = {
            PolicyCommand.class,
            ValidateCommand.class,
            PublishCommand.class,
            PlanCommand.class,
            EvidenceCommand.class,
            PromoteCommand.class,
            ApproveCommand.class,
            DecisionCommands.Withdraw.class,
            PeopleCommands.Requesters.class,
            PeopleCommands.Authors.class,
            DecisionCommands.Reject.class,
            DecisionCommands.Abort.class,
            BreakGlassCommands.Override.class,
            BreakGlassCommands.Afterwards.class,
            ShowCommand.class,
            DecisionCommands.Replan.class,
            StatusCommand.class,
            HistoryCommand.class,
            DriftCommand.class,
            RollbackCommand.class,
            DecisionCommands.ReleaseHold.class,
            PauseCommands.Stop.class,
            PauseCommands.GoOn.class,
            WorkCommand.class,
            RecoverCommand.class,
            OwnersCommand.class,
            AccountsCommand.class,
            AuditCommand.class,
            HelpCommands.Help.class,
            HelpCommands.Completion.class
        },
        footer = {
            "",
            "Begin with:",
            "  promotion policy apply policy.yaml",
            "  promotion publish release.yaml --version 1.4.2",
            "  promotion promote orders@1.4.2 --to dev",
            "  promotion status",
            "",
            "Completion for bash and zsh: source <(promotion generate-completion)"
        })
public final class Main implements Runnable {
    @Mixin
    private final GlobalOptions options;

    /** Not inherited: {@code publish} has a {@code --version} of its own. */
    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "Show the version of this program.")
    private boolean version;

    @Spec
    private CommandLine.Model.CommandSpec spec;

    private Main(GlobalOptions options) {
        this.options = options;
    }

    public static void main(String[] args) {
        var terminal = new SystemTerminal(System.getenv());
        // A pipe gets UTF-8 whatever the locale is, a terminal what it can show.
        var out = new PrintStream(new java.io.FileOutputStream(java.io.FileDescriptor.out), false, terminal.charset());
        var err = new PrintStream(new java.io.FileOutputStream(java.io.FileDescriptor.err), true, terminal.charset());
        int exit = run(
                args,
                System.getenv(),
                out,
                err,
                terminal,
                Clock.systemDefaultZone(),
                AwsPorts::open,
                FileStore.Options.defaults());
        out.flush();
        System.exit(exit);
    }

    /**
     * One call of the program.
     *
     * @param environment variables
     * @param clock with the zone that times are shown in
     * @param storage how the journal is written
     * @return the exit code, see {@link Exit}
     */
    static int run(
            String[] args,
            Map<String, String> environment,
            PrintStream out,
            PrintStream err,
            Screen.Terminal terminal,
            Clock clock,
            BiFunction<GlobalOptions, Screen, Ports> ports,
            FileStore.Options storage) {
        var options = new GlobalOptions(environment, args);
        var screen = new Screen(out, err, options, terminal);
        var invocation = new Invocation(options, screen, clock, ports, storage);
        CommandLine command = commandLine(invocation);
        command.setOut(new java.io.PrintWriter(out, true));
        command.setErr(new java.io.PrintWriter(err, true));
        command.setExecutionExceptionHandler((e, line, parsed) -> ErrorReporter.execution(e, line, screen));
        command.setParameterExceptionHandler((e, given) -> ErrorReporter.parameters(e, screen));
        command.setExecutionStrategy(parsed -> {
            // Wrong options are errors even when the command does not use them.
            try {
                options.endpoint();
                options.pollScale();
            } catch (CommandException e) {
                throw new ParameterException(command, e.getMessage(), e);
            }
            return new CommandLine.RunLast().execute(parsed);
        });
        return command.execute(args);
    }

    static CommandLine commandLine(Invocation invocation) {
        return new CommandLine(new Main(invocation.options()), new Factory(invocation));
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "name a command");
    }

    /** Gives every command the invocation. */
    private record Factory(Invocation invocation) implements IFactory {
        @Override
        public <K> K create(Class<K> type) throws Exception {
            try {
                return type.getDeclaredConstructor(Invocation.class).newInstance(invocation);
            } catch (NoSuchMethodException e) {
                return CommandLine.defaultFactory().create(type);
            }
        }
    }

    /** The version of the JAR. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Main.class.getPackage().getImplementationVersion();
            return new String[] {"promotion " + (version == null ? "(not from a JAR)" : version)};
        }
    }
}
