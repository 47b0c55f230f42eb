package io.jenkins.plugins.serverlesspromotion;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.runner.Description;

/** Reads {@code skipped-tests.txt}, the list of the tests that a complete run skips. */
public final class SkippedTests {
    static final String FILE = "skipped-tests.txt";

    /** Names of classes in the list and in reports are given without it. */
    static final String PACKAGE = SkippedTests.class.getPackageName() + ".";

    private SkippedTests() {}

    /** Reads the list of the test resources: from {@code class#test}, without the common package, to the reason. */
    static Map<String, String> all() {
        try (InputStream list = SkippedTests.class.getResourceAsStream("/" + FILE)) {
            return read(new String(list.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Reads a list.
     *
     * @throws IllegalArgumentException when a line has no reason or names a test a second time
     */
    static Map<String, String> read(String list) {
        var reasons = new LinkedHashMap<String, String>();
        int number = 0;
        for (String line : list.split("\n")) {
            number++;
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            String[] parts = line.split(": ", 2);
            if (parts.length < 2 || parts[1].isBlank() || !parts[0].contains("#")) {
                throw new IllegalArgumentException(
                        FILE + ":" + number + ": '" + line + "' must be class#test, a colon and a reason");
            }
            if (reasons.put(parts[0], parts[1].strip()) != null) {
                throw new IllegalArgumentException(FILE + ":" + number + ": '" + parts[0] + "' is listed twice");
            }
        }
        return Collections.unmodifiableMap(reasons);
    }

    /** Returns why a test is skipped, or null when it is not listed. */
    public static String reason(Description test) {
        return all().get(name(test.getClassName(), test.getMethodName()));
    }

    /** Returns how the list and the reports name a test. */
    static String name(String className, String method) {
        return (className.startsWith(PACKAGE) ? className.substring(PACKAGE.length()) : className) + "#" + method;
    }
}
