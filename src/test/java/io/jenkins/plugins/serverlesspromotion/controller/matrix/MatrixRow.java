package io.jenkins.plugins.serverlesspromotion.controller.matrix;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * One endpoint, how it is called, and what comes of it for whom. {@code permission-matrix.txt} says how rows are written.
 *
 * @param call words of the call, with names in braces that {@link Stage} fills in
 */
record MatrixRow(String endpoint, Map<Role, Outcome> cells, Verb verb, List<String> call) {
    static final String FILE = "permission-matrix.txt";

    enum Verb {
        /** Reads over HTTP. */
        GET,
        /** Changes over HTTP: POST with a crumb, and what was done stands in the journal. */
        POST,
        /** POST with a crumb that leaves no record, as checks of forms. */
        ASK,
        /** A command that reads. */
        READ,
        /** A command that changes. */
        RUN,
        /** A step that changes something, in a job of the kind that the call begins with. */
        STEP,
        /** A step that reads. */
        LOOK
    }

    enum Outcome {
        /** Done, and recorded with who did it; or shown. */
        DONE('+', "2xx or 3xx", 0),
        /** Refused for want of a permission. */
        DENIED('-', "403", 6),
        /** Not told that there is such a thing. */
        UNKNOWN('.', "404", 3),
        /** The rules say no to this person. */
        NO('x', "409", 5);

        private final char sign;
        final String http;
        final int exit;

        Outcome(char sign, String http, int exit) {
            this.sign = sign;
            this.http = http;
            this.exit = exit;
        }

        static Outcome of(String sign) {
            for (Outcome outcome : values()) {
                if (sign.equals(String.valueOf(outcome.sign))) {
                    return outcome;
                }
            }
            throw new IllegalArgumentException("'" + sign + "' is none of + - . x");
        }

        boolean isStatus(int status) {
            return this == DONE ? status >= 200 && status < 400 : http.equals(String.valueOf(status));
        }
    }

    static List<MatrixRow> all() throws IOException {
        var rows = new ArrayList<MatrixRow>();
        try (var lines = new BufferedReader(
                new InputStreamReader(MatrixRow.class.getResourceAsStream(FILE), StandardCharsets.UTF_8))) {
            int number = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                if (!line.isBlank() && !line.startsWith("#")) {
                    try {
                        rows.add(parse(line));
                    } catch (IllegalArgumentException e) {
                        throw new IOException(FILE + ":" + number + ": " + e.getMessage(), e);
                    }
                }
            }
        }
        return rows;
    }

    private static MatrixRow parse(String line) {
        List<String> words = Stream.of(line.strip().split(" +"))
                .map(word -> word.length() == 1 ? word : word.replace('+', ' '))
                .toList();
        int first = 2 + Role.values().length;
        if (words.size() < first + 1) {
            throw new IllegalArgumentException("a row has a kind, a name, " + Role.values().length
                    + " cells, a verb and a call, as the rows above it");
        }
        Map<Role, Outcome> cells = new EnumMap<>(Role.class);
        for (Role role : Role.values()) {
            cells.put(role, Outcome.of(words.get(2 + role.ordinal())));
        }
        return new MatrixRow(
                words.get(0) + " " + words.get(1),
                cells,
                Verb.valueOf(words.get(first)),
                List.copyOf(words.subList(first + 1, words.size())));
    }

    boolean isOverHttp() {
        return verb == Verb.GET || verb == Verb.POST || verb == Verb.ASK;
    }

    boolean isCommand() {
        return verb == Verb.READ || verb == Verb.RUN;
    }

    boolean isStep() {
        return verb == Verb.STEP || verb == Verb.LOOK;
    }

    boolean records() {
        return verb == Verb.POST || verb == Verb.RUN || verb == Verb.STEP;
    }

    /** The endpoint's name without what kind of one it is. */
    String name() {
        return endpoint.substring(endpoint.indexOf(' ') + 1);
    }

    /** Somebody for whom it is done; where it asks for what is not there, somebody who gets to hear that. */
    Role someone() {
        return Stream.of(Outcome.DONE, Outcome.UNKNOWN)
                .flatMap(wanted -> cells.entrySet().stream()
                        .filter(e -> e.getValue() == wanted)
                        .map(Map.Entry::getKey))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(endpoint + " does nothing for anybody"));
    }
}
