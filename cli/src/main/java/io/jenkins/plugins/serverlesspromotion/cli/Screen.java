package io.jenkins.plugins.serverlesspromotion.cli;

import io.jenkins.plugins.serverlesspromotion.format.json.Json;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Writes the output of commands. Only the result goes to standard output. Progress and notes go to standard error, so
 * that a pipe receives only the result.
 *
 * <p>Views make plain text. This class removes control characters, because a comment or an AWS message must not control
 * the terminal. It replaces marks by ASCII where the terminal has no other characters, and colours them.
 */
final class Screen {
    /** The reader of a pipe or a file decides about line breaks. */
    private static final int WIDTH_WITHOUT_TERMINAL = 160;

    private static final String ESCAPE = "\u001b[";

    private static final Map<String, String> COLOURS = Map.of(
            Marks.GOOD, "32",
            Marks.BAD, "31",
            Marks.WAITS, "33",
            Marks.RUNS, "36",
            Marks.RISK, "1;31",
            Marks.HELD, "35");

    private static final Map<String, String> ASCII = ascii();

    private final PrintStream out;
    private final PrintStream err;
    private final GlobalOptions options;
    private final Terminal terminal;

    /** Rows at the end of standard output that the next drawing replaces. */
    private int drawn;

    Screen(PrintStream out, PrintStream err, GlobalOptions options, Terminal terminal) {
        this.out = out;
        this.err = err;
        this.options = options;
        this.terminal = terminal;
    }

    /** The receiver of standard output. */
    interface Terminal {
        /** Whether it is a terminal on which lines can be drawn again. */
        boolean isLive();

        /** Whether a person can be asked: input and output are a terminal. */
        boolean canAsk();

        /** What the person enters after the question; null when the input has ended. */
        String ask(String question);

        /** In characters; only called for a live one. */
        int width();

        /** The characters that it can show. */
        Charset charset();

        /** Whether the environment forbids colours. */
        boolean noColour();
    }

    boolean isJson() {
        return options.json();
    }

    /** Whether lines on standard output may be drawn again. */
    boolean isLive() {
        return terminal.isLive() && !options.json();
    }

    /** Whether a person can be asked before something is done. */
    boolean canAsk() {
        return terminal.canAsk() && !options.json();
    }

    /** Asks a person; only {@code y} and {@code yes} confirm. */
    synchronized boolean confirms(String question) {
        keep();
        out.flush();
        String answer = terminal.ask(shown(question) + " [y/N] ");
        return answer != null
                && List.of("y", "yes").contains(answer.strip().toLowerCase(Locale.ROOT));
    }

    int width() {
        return terminal.isLive() ? terminal.width() : WIDTH_WITHOUT_TERMINAL;
    }

    /** The one answer of a command: the document with {@code --json}, the lines without. */
    void result(Supplier<?> document, Supplier<List<String>> lines) {
        synchronized (this) {
            if (options.json()) {
                out.println(Json.pretty(document.get()));
            } else {
                lines.get().forEach(line -> out.println(shown(line)));
            }
            out.flush();
        }
    }

    /**
     * A note before the result, whatever the options are: on standard output with text, on standard error with JSON.
     */
    synchronized void show(List<String> lines) {
        PrintStream to = options.json() ? err : out;
        lines.forEach(line -> to.println(shown(line)));
        to.flush();
    }

    /** A result that is bytes, to standard output. */
    void binary(NewFile.Content content) throws IOException {
        content.writeTo(out);
        out.flush();
        if (out.checkError()) {
            throw new IOException("standard output was closed before everything was written");
        }
    }

    /** Progress: only for people, never part of the result. */
    synchronized void note(String line) {
        if (!options.quiet) {
            keep();
            err.println(shown(line));
        }
    }

    /** A warning that does not end the command. */
    synchronized void warn(String line) {
        keep();
        err.println(shown("warning: " + line));
    }

    /** Shown whatever the options are: an identity that is not verified, an address that is not AWS. */
    synchronized void declare(String line) {
        keep();
        err.println(shown(line));
    }

    synchronized void error(List<String> sentences, int exit) {
        keep();
        sentences.forEach(s -> err.println(shown("error: " + s)));
        if (options.json()) {
            var document = new LinkedHashMap<String, Object>();
            document.put("error", String.join("\n", sentences));
            document.put("exit", exit);
            out.println(Json.pretty(document));
            out.flush();
        }
    }

    synchronized void trace(Throwable cause) {
        if (options.debug) {
            cause.printStackTrace(err);
        }
    }

    /** Draws {@code lines} over those drawn last, unless something was written below them since. */
    synchronized void redraw(List<String> lines) {
        var text = new StringBuilder();
        if (drawn > 0) {
            text.append(ESCAPE).append(drawn).append('A');
        }
        drawn = lines.size();
        text.append('\r').append(ESCAPE).append('J');
        // A line longer than the terminal would take two rows, and the count of rows would be wrong.
        lines.forEach(line -> text.append(shown(TextFormat.cut(line, width() - 1))).append(System.lineSeparator()));
        out.print(text);
        out.flush();
    }

    /** Keeps the last drawing; the next one begins below it. */
    synchronized void keep() {
        drawn = 0;
    }

    private String shown(String line) {
        String text = clean(line);
        if (!terminal.charset().newEncoder().canEncode(Marks.GOOD)) {
            for (var mark : ASCII.entrySet()) {
                text = text.replace(mark.getKey(), mark.getValue());
            }
            return text;
        }
        if (terminal.isLive() && !options.noColor && !terminal.noColour()) {
            for (var mark : COLOURS.entrySet()) {
                text = text.replace(mark.getKey(), ESCAPE + mark.getValue() + "m" + mark.getKey() + ESCAPE + "0m");
            }
        }
        return text;
    }

    /** Removes control characters and characters that change the direction of writing. */
    static String clean(String line) {
        var text = new StringBuilder(line.length());
        line.codePoints().forEach(c -> {
            boolean turns = c >= 0x202a && c <= 0x202e || c >= 0x2066 && c <= 0x2069 || c == 0x200e || c == 0x200f;
            if (c == '\t') {
                text.append(' ');
            } else if (c != '\n' && (Character.isISOControl(c) || turns || c == 0x2028 || c == 0x2029)) {
                text.append('\ufffd');
            } else {
                text.appendCodePoint(c);
            }
        });
        return text.toString();
    }

    private static Map<String, String> ascii() {
        var map = new LinkedHashMap<String, String>();
        map.put(Marks.GOOD, "+");
        map.put(Marks.BAD, "x");
        map.put(Marks.WAITS, "?");
        map.put(Marks.RUNS, "*");
        map.put(Marks.RISK, "!");
        map.put(Marks.HELD, "=");
        map.put("→", "->");
        map.put("·", "|");
        map.put("…", "...");
        map.put("—", "-");
        map.put("\ufffd", "?");
        return map;
    }
}
