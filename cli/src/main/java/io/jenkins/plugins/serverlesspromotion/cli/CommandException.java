package io.jenkins.plugins.serverlesspromotion.cli;

/** Ends a command with one sentence and an exit code. */
final class CommandException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int exit;

    private CommandException(int exit, String message) {
        super(message);
        this.exit = exit;
    }

    int exit() {
        return exit;
    }

    /** The command was used wrongly. */
    static CommandException usage(String message) {
        return new CommandException(Exit.USAGE, message);
    }

    /** The answer is no, such as a refused request. */
    static CommandException no(String message) {
        return new CommandException(Exit.NO, message);
    }

    /** The answer could not be determined. */
    static CommandException notFoundOut(String message) {
        return new CommandException(Exit.NOT_FOUND_OUT, message);
    }
}
