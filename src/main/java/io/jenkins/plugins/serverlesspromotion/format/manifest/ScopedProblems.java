package io.jenkins.plugins.serverlesspromotion.format.manifest;

import io.jenkins.plugins.serverlesspromotion.format.SourceLocation;
import io.jenkins.plugins.serverlesspromotion.format.input.Problems;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Problems with the environments that have them: the same problem in several environments is reported once. */
final class ScopedProblems {
    /** More environments or places of one problem do not help. */
    private static final int SHOWN = 10;

    /** A message does not show as many. */
    private static final int MOST = 1_000;

    private final List<ValueScope> all;
    private final Map<Found, Set<ValueScope>> found = new LinkedHashMap<>();

    /** @param all the scopes that are checked */
    ScopedProblems(List<ValueScope> all) {
        this.all = all;
    }

    private record Found(SourceLocation where, String sentence) {}

    /** @param scope where it was found; null: it is the same everywhere */
    void add(SourceLocation where, ValueScope scope, String sentence) {
        if (found.size() >= MOST) {
            return;
        }
        Set<ValueScope> scopes = found.computeIfAbsent(new Found(where, sentence), key -> new LinkedHashSet<>());
        if (scope != null) {
            scopes.add(scope);
        }
    }

    void addTo(Problems problems) {
        found.forEach((one, scopes) -> problems.add(one.where(), one.sentence() + suffix(scopes)));
    }

    private String suffix(Set<ValueScope> scopes) {
        var names = new LinkedHashSet<String>();
        boolean named = all.stream().anyMatch(scope -> scope.environment() != null);
        for (ValueScope scope : scopes) {
            if (scope.environment() == null) {
                if (named) {
                    names.add("every other environment");
                }
                continue;
            }
            Set<String> here = accounts(scopes, scope.environment());
            names.add(
                    here.isEmpty() || here.containsAll(accounts(all, scope.environment()))
                            ? scope.environment()
                            : scope.environment() + ": " + String.join(", ", here));
        }
        if (names.isEmpty()) {
            return "";
        }
        List<String> shown = names.stream().limit(SHOWN).toList();
        return " (in " + String.join(", ", shown)
                + (names.size() > SHOWN ? " and " + (names.size() - SHOWN) + " more" : "") + ")";
    }

    private static Set<String> accounts(Iterable<ValueScope> scopes, String environment) {
        var places = new TreeSet<String>();
        for (ValueScope scope : scopes) {
            if (environment.equals(scope.environment()) && scope.account() != null) {
                places.add(scope.account() + "/" + scope.region());
            }
        }
        return places;
    }
}
