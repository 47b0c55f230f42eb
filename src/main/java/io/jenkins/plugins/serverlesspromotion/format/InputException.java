package io.jenkins.plugins.serverlesspromotion.format;

import io.jenkins.plugins.serverlesspromotion.engine.release.Shown;
import java.util.List;
import java.util.stream.Collectors;

/** An input is refused. Lists every reason at once, each with its place, the problem and a correction. */
public final class InputException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    private final transient List<Problem> problems;

    public InputException(List<Problem> problems) {
        super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
        this.problems = List.copyOf(problems);
    }

    public InputException(SourceLocation where, String text) {
        this(List.of(new Problem(where, text)));
    }

    /** The reasons in the order of the input; never empty. */
    public List<Problem> problems() {
        return problems == null ? List.of() : problems;
    }

    /** One reason. {@code text} is a sentence without the place. */
    public record Problem(SourceLocation where, String text) {
        public Problem {
            // Messages of parsers contain parts of the input.
            text = Shown.sentence(text);
        }

        @Override
        public String toString() {
            String place = where.toString();
            return place.isEmpty() ? text : place + ": " + text;
        }
    }
}
