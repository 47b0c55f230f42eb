package io.jenkins.plugins.serverlesspromotion.format.input;

import io.jenkins.plugins.serverlesspromotion.format.InputException;
import io.jenkins.plugins.serverlesspromotion.format.SourceLocation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Collects the errors of an input, so that its author sees all at once. */
public final class Problems {
    /**
     * More errors than this do not help, and an input with a million errors must not give a message of a million lines.
     */
    private static final int SHOWN = 100;

    /** The same sentence about the same place is reported once, however often it was found. */
    private final Set<InputException.Problem> problems = new LinkedHashSet<>();

    private int more;

    public void add(SourceLocation where, String text) {
        var problem = new InputException.Problem(where, text);
        if (problems.size() < SHOWN) {
            problems.add(problem);
        } else if (!problems.contains(problem)) {
            more++;
        }
    }

    public void addTo(Problems other) {
        problems.forEach(p -> other.add(p.where(), p.text()));
        other.more += more;
    }

    /** Each with its place, in order of line. */
    public List<String> sentences() {
        return problems.stream()
                .sorted(Comparator.comparingInt(p -> p.where().line()))
                .map(InputException.Problem::toString)
                .toList();
    }

    public boolean isEmpty() {
        return problems.isEmpty();
    }

    /** @throws InputException when anything was added, in order of line */
    public void throwIfAny() {
        if (problems.isEmpty()) {
            return;
        }
        var all = new ArrayList<>(problems);
        all.sort(Comparator.comparingInt(p -> p.where().line()));
        if (more > 0) {
            all.add(new InputException.Problem(
                    SourceLocation.of(all.get(0).where().file()), "and " + more + " more errors"));
        }
        throw new InputException(all);
    }
}
