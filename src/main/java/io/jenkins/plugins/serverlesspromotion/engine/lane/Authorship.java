package io.jenkins.plugins.serverlesspromotion.engine.lane;

import io.jenkins.plugins.serverlesspromotion.engine.policy.LaneRules;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy.People;
import io.jenkins.plugins.serverlesspromotion.engine.release.Provenance.Author;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * Who wrote what comes in, as far as names and addresses in commits tell. Compared without regard to the case of
 * letters: taking one person too many for an author is the mistake that does no harm.
 */
final class Authorship {
    private final List<Author> authors;
    private final People people;
    private final Set<String> users = new TreeSet<>();

    Authorship(List<Author> authors, LaneRules rules) {
        this.authors = authors;
        this.people = rules.people() == null ? People.NONE : rules.people();
        rules.roles().values().forEach(role -> role.users().forEach(u -> users.add(folded(u))));
    }

    private static String folded(String text) {
        return text == null ? "" : text.strip().toLowerCase(Locale.ROOT);
    }

    boolean includes(String person) {
        String id = folded(person);
        return authors.stream().anyMatch(a -> names(a).contains(id));
    }

    /** Those of whom nobody can tell who they are, as the commits state them. */
    List<Author> unmapped() {
        return authors.stream().filter(a -> !isMapped(a)).toList();
    }

    private boolean isMapped(Author author) {
        return !mapped(author).isEmpty()
                || users.contains(folded(author.name()))
                || users.contains(folded(author.email()));
    }

    /** Every id that the author may have: those that policy says, and the name and the address themselves. */
    private Set<String> names(Author author) {
        Set<String> all = mapped(author);
        all.add(folded(author.name()));
        all.add(folded(author.email()));
        all.remove("");
        return all;
    }

    /** The ids that policy says. */
    private Set<String> mapped(Author author) {
        Set<String> all = new TreeSet<>();
        String name = folded(author.name());
        String mail = folded(author.email());
        people.aliases().forEach((user, known) -> {
            if (known.stream().map(Authorship::folded).anyMatch(k -> k.equals(name) || k.equals(mail))) {
                all.add(folded(user));
            }
        });
        int at = mail.lastIndexOf('@');
        if (at > 0 && people.mailDomains().stream().map(Authorship::folded).anyMatch(mail.substring(at + 1)::equals)) {
            all.add(mail.substring(0, at));
        }
        return all;
    }
}
