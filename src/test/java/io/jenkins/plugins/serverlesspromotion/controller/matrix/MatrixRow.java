package io.jenkins.plugins.serverlesspromotion.controller.matrix;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * One endpoint, how it is called, and what comes of it for whom. {@code permission-matrix.txt} says how rows are written.
 *
 * @param call words of the call; here and in the others, {@link Stage} fills in names in braces
 * @param entries what is recorded of the person when it is done, as {@link Recorded#words}, in this order and nothing else
 * @param shown text that the answer has when it is done; null where nothing is read
 * @param redirect where a browser is sent when it is done, relative to Jenkins' root URL; null: nowhere
 */
record MatrixRow(
        String endpoint,
        Map<Role, Outcome> cells,
        Verb verb,
        List<String> call,
        List<String> entries,
        String shown,
        String redirect) {
    static final String FILE = "permission-matrix.txt";

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{(\\w+)\\}");
    private static final String DONE = "=>";
    private static final String REDIRECT = "->";

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
        DONE('+', "2xx, or 302 where the row says", 0),
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

        /** @param redirected whether a browser is sent elsewhere when it is done */
        boolean isStatus(int status, boolean redirected) {
            if (this == DONE) {
                return redirected ? status == 302 : status >= 200 && status < 300;
            }
            return http.equals(String.valueOf(status));
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
        List<String> call = words.subList(first + 1, words.size());
        List<String> done = List.of();
        if (call.contains(DONE)) {
            done = call.subList(call.indexOf(DONE) + 1, call.size());
            call = call.subList(0, call.indexOf(DONE));
        }
        String redirect = null;
        if (done.size() > 1 && done.get(done.size() - 2).equals(REDIRECT)) {
            redirect = done.get(done.size() - 1);
            done = done.subList(0, done.size() - 2);
        }
        var row = new MatrixRow(
                words.get(0) + " " + words.get(1),
                cells,
                Verb.valueOf(words.get(first)),
                call,
                List.of(),
                null,
                redirect);
        return cells.containsValue(Outcome.DONE) ? row.done(done) : row;
    }

    /** A row of which some cell is done must say what that looks like; otherwise anything would do. */
    private MatrixRow done(List<String> words) {
        if (records()) {
            if (words.isEmpty() || words.size() % 2 != 0) {
                throw new IllegalArgumentException("say what is recorded when it is done: => KIND ID ...");
            }
            var expected = new ArrayList<String>();
            for (int i = 0; i < words.size(); i += 2) {
                expected.add(words.get(i) + " " + words.get(i + 1));
            }
            return new MatrixRow(endpoint, cells, verb, call, List.copyOf(expected), null, redirect);
        }
        boolean reads = verb == Verb.GET || verb == Verb.READ;
        if (words.size() != (reads ? 1 : 0)) {
            throw new IllegalArgumentException(
                    "say what is shown when it is done: => TEXT; only what is read shows any");
        }
        return new MatrixRow(endpoint, cells, verb, call, List.of(), reads ? words.get(0) : null, redirect);
    }

    /** What is to stand for a name in braces. */
    interface Values {
        String of(String name) throws Exception;
    }

    /** The row for one call of it. */
    MatrixRow filled(Values values) throws Exception {
        return new MatrixRow(
                endpoint,
                cells,
                verb,
                filled(call, values),
                filled(entries, values),
                shown == null ? null : filled(List.of(shown), values).get(0),
                redirect == null ? null : filled(List.of(redirect), values).get(0));
    }

    static List<String> filled(List<String> words, Values values) throws Exception {
        var filled = new ArrayList<String>();
        for (String word : words) {
            Matcher matcher = PLACEHOLDER.matcher(word);
            var text = new StringBuilder();
            while (matcher.find()) {
                matcher.appendReplacement(text, Matcher.quoteReplacement(values.of(matcher.group(1))));
            }
            filled.add(matcher.appendTail(text).toString());
        }
        return filled;
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
