package io.jenkins.plugins.serverlesspromotion.cli;

import io.jenkins.plugins.serverlesspromotion.engine.runtime.RefusedException;
import io.jenkins.plugins.serverlesspromotion.format.InputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.concurrent.ExecutionException;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns every failure into sentences on standard error and an exit code. */
final class ErrorReporter {
    private ErrorReporter() {}

    static int execution(Exception thrown, CommandLine command, Screen screen) {
        Throwable e = thrown;
        while ((e instanceof ExecutionException || e instanceof UncheckedIOException) && e.getCause() != null) {
            e = e.getCause();
        }
        screen.trace(e);
        if (e instanceof Home.Stopped) {
            return Exit.NOT_FOUND_OUT;
        } else if (e instanceof CommandException known) {
            return say(screen, known.exit(), known.getMessage());
        } else if (e instanceof RefusedException) {
            return say(screen, Exit.NO, e.getMessage());
        } else if (e instanceof InputException input) {
            screen.error(input.problems().stream().map(Object::toString).toList(), Exit.NO);
            return Exit.NO;
        } else if (e instanceof ParameterException wrong) {
            return parameters(wrong, screen);
        } else if (e instanceof InterruptedException) {
            return say(screen, Exit.NOT_FOUND_OUT, "interrupted; continue what is unfinished with: promotion work");
        } else if (e instanceof IOException io) {
            return say(screen, Exit.NOT_FOUND_OUT, sentence(io));
        }
        return say(
                screen,
                Exit.NOT_FOUND_OUT,
                "a defect in this program: " + e + "; run it again with --debug and report what it prints");
    }

    static int parameters(ParameterException e, Screen screen) {
        screen.trace(e);
        String name = e.getCommandLine().getCommandSpec().qualifiedName();
        var sentence = new StringBuilder(e.getMessage().strip().replace('\n', ' '));
        if (e instanceof UnmatchedArgumentException unmatched
                && !unmatched.getSuggestions().isEmpty()) {
            sentence.append(" (did you mean ")
                    .append(String.join(", ", unmatched.getSuggestions()))
                    .append("?)");
        }
        return say(screen, Exit.USAGE, sentence + "; see: " + name + " --help");
    }

    private static int say(Screen screen, int exit, String sentence) {
        screen.error(List.of(sentence), exit);
        return exit;
    }

    /** Java's file exceptions name the file but seldom the reason. */
    private static String sentence(IOException e) {
        if (e instanceof NoSuchFileException missing) {
            return missing.getFile() + " does not exist";
        } else if (e instanceof AccessDeniedException denied) {
            return denied.getFile() + " may not be read or written by this user";
        } else if (e instanceof FileSystemException fs && fs.getReason() == null) {
            return "the file system refuses " + fs.getFile() + " ("
                    + fs.getClass().getSimpleName() + ")";
        }
        return e.getMessage() == null ? e.toString() : e.getMessage();
    }
}
