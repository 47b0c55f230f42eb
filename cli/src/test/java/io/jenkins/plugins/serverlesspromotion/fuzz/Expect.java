package io.jenkins.plugins.serverlesspromotion.fuzz;

import com.sun.management.ThreadMXBean;
import io.jenkins.plugins.serverlesspromotion.format.InputException;
import io.jenkins.plugins.serverlesspromotion.format.json.Json;
import java.lang.management.ManagementFactory;
import java.util.Arrays;

/** What every target expects of the code that it tests; anything else is a finding. */
final class Expect {
    /** In bytes, of one input and by one thread: half of what the process may use. */
    private static final long MOST_ALLOCATED = 256L << 20;

    /** In characters; a message is for a person, and is written to a journal and a log. */
    private static final int LONGEST_MESSAGE = 10_000;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private Expect() {}

    /** A part of a target that may throw what the journal's or a file's code declares. */
    @FunctionalInterface
    interface Part {
        void run() throws Exception;
    }

    static void that(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }

    /** Runs {@code part}, which must not allocate more than one input may cost. */
    static void withinMemory(Part part) {
        // What was too much may be the classes that were loaded on the way, and these are loaded once.
        if (allocated(part) > MOST_ALLOCATED) {
            long again = allocated(part);
            that(again <= MOST_ALLOCATED, "one input made the reader allocate " + (again >> 20) + " MiB");
        }
    }

    private static long allocated(Part part) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        try {
            part.run();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new AssertionError("is declared, but must not be thrown for any input", e);
        }
        return THREADS.getCurrentThreadAllocatedBytes() - before;
    }

    /** A refusal names the file and a line of it, and every reason is one line of a readable length. */
    static void refusal(InputException refusal, String file, byte[] input) {
        that(!refusal.problems().isEmpty(), "refused without a reason");
        long lines = 1 + lineBreaks(input);
        for (var problem : refusal.problems()) {
            that(
                    file.equals(problem.where().file()),
                    "names the file " + problem.where().file());
            int line = problem.where().line();
            that(line >= 0 && line <= lines, "names line " + line + " of " + lines);
            sentence(problem.text());
            sentence(problem.toString());
        }
    }

    /** More than there are in any reading of the bytes, as YAML counts {@code \r}, U+0085, U+2028 and U+2029 too. */
    private static long lineBreaks(byte[] input) {
        long breaks = 0;
        for (byte b : input) {
            if (b == '\n' || b == '\r' || b == (byte) 0x85 || b == (byte) 0xA8 || b == (byte) 0xA9) {
                breaks++;
            }
        }
        return breaks;
    }

    /** A message is one line of a readable length. */
    static void sentence(String message) {
        that(message != null && !message.isBlank(), "a message without a word");
        that(message.length() <= LONGEST_MESSAGE, "a message of " + message.length() + " characters");
        int control =
                message.codePoints().filter(Character::isISOControl).findFirst().orElse(-1);
        that(control < 0, "a message with the control character " + control + ": " + message);
    }

    /** A value that was read is written, and what was written is the same value and is written the same way again. */
    static <T> void written(T value, Class<T> type) {
        byte[] bytes = Json.canonical(value);
        T again = Json.read(bytes, type);
        that(value.equals(again), "was read as " + value + ", and after writing it as " + again);
        that(Arrays.equals(bytes, Json.canonical(again)), "was written in two ways: " + value);
    }
}
