package io.jenkins.plugins.serverlesspromotion.fuzz;

import java.util.Arrays;
import java.util.Optional;

/** The inputs that come from outside, each with the code that is fed with it. */
enum FuzzTarget {
    MANIFEST("manifest", ManifestFuzz.class, ManifestFuzz::fuzzerTestOneInput),
    POLICY("policy", PolicyFuzz.class, PolicyFuzz::fuzzerTestOneInput),
    TEMPLATE("template", TemplateFuzz.class, TemplateFuzz::fuzzerTestOneInput),
    ZIP("zip", ZipFuzz.class, ZipFuzz::fuzzerTestOneInput),
    REST_BODY("rest-body", RestBodyFuzz.class, RestBodyFuzz::fuzzerTestOneInput),
    TICKET("ticket", TicketFuzz.class, TicketFuzz::fuzzerTestOneInput),
    VERSION_RANGE("version-range", VersionRangeFuzz.class, VersionRangeFuzz::fuzzerTestOneInput),
    JOURNAL_LINE("journal-line", JournalLineFuzz.class, JournalLineFuzz::fuzzerTestOneInput);

    private final String word;
    private final Class<?> type;
    private final Input input;

    FuzzTarget(String word, Class<?> type, Input input) {
        this.word = word;
        this.type = type;
        this.input = input;
    }

    @FunctionalInterface
    private interface Input {
        void take(byte[] data);
    }

    static Optional<FuzzTarget> of(String word) {
        return Arrays.stream(values())
                .filter(target -> target.word.equals(word))
                .findFirst();
    }

    /** As it is written on the command line and in the names of folders. */
    String word() {
        return word;
    }

    /** The class that Jazzer is given. */
    Class<?> type() {
        return type;
    }

    /** @throws AssertionError when the input is a finding, as is every other error and exception */
    void run(byte[] data) {
        input.take(data);
    }
}
