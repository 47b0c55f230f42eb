package io.jenkins.plugins.serverlesspromotion.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * The help commands of the program. Those of Picocli have a help option that collides with {@code --help} of this
 * program.
 */
final class HelpCommands {
    private HelpCommands() {}

    @Command(
            name = "help",
            description = "Show the help of a command.",
            footer = {"", "Examples:", "  promotion help", "  promotion help audit verify"})
    static final class Help implements Runnable {
        @Parameters(paramLabel = "COMMAND", arity = "0..*", description = "The command.")
        private List<String> names = new ArrayList<>();

        @Spec
        private CommandSpec spec;

        @Override
        public void run() {
            CommandLine command = spec.root().commandLine();
            for (String name : names) {
                CommandLine sub = command.getSubcommands().get(name);
                if (sub == null) {
                    throw new ParameterException(
                            command,
                            "there is no command '" + name + "' in "
                                    + command.getCommandSpec().qualifiedName());
                }
                command = sub;
            }
            PrintWriter out = spec.commandLine().getOut();
            command.usage(out);
        }
    }

    @Command(
            name = "generate-completion",
            description = "Write a completion script for bash and zsh to standard output.",
            footer = {"", "Example:", "  source <(promotion generate-completion)"})
    static final class Completion implements Runnable {
        @Spec
        private CommandSpec spec;

        @Override
        public void run() {
            PrintWriter out = spec.commandLine().getOut();
            out.print(AutoComplete.bash(spec.root().name(), spec.root().commandLine()));
            out.print('\n');
            out.flush();
        }
    }
}
