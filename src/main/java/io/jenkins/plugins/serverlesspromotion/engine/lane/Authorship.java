package io.jenkins.plugins.serverlesspromotion.engine.lane;

import io.jenkins.plugins.serverlesspromotion.engine.release.Provenance.Author;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/** Who wrote what comes in, as far as names and addresses in commits and attestations of people tell. */
final class Authorship {
    private final PersonNames names;
    private final List<Author> authors;

    /** Every id that one of them may have. */
    private final Set<String> ids;

    /** @param attested whom attestations name */
    Authorship(List<Author> authors, Collection<String> attested, PersonNames names) {
        this.names = names;
        this.authors = authors;
        this.ids = names.all(attested);
        authors.forEach(a -> {
            ids.addAll(mapped(a));
            ids.add(PersonNames.folded(a.name()));
            ids.add(PersonNames.folded(a.email()));
        });
        ids.remove("");
    }

    boolean includes(String person) {
        return names.isAmong(person, ids);
    }

    /**
     * Those of whom policy does not say who they are, as commits and attestations name them.
     *
     * @param attested whom attestations that count name
     */
    List<String> unmapped(Collection<String> attested) {
        var all = new ArrayList<String>();
        authors.stream().filter(a -> !isMapped(a)).forEach(a -> all.add(a.name() + " <" + a.email() + ">"));
        // Beside the name of a person the ids are recorded that policy gave for it.
        Set<String> given = names.all(attested.stream().filter(names::isKnown).toList());
        attested.stream()
                .filter(a -> !names.isKnown(a) && !given.contains(PersonNames.folded(a)))
                .distinct()
                .forEach(all::add);
        return all;
    }

    private boolean isMapped(Author author) {
        return !mapped(author).isEmpty() || names.isOfRole(author.name()) || names.isOfRole(author.email());
    }

    private Set<String> mapped(Author author) {
        Set<String> all = names.ofMail(author.email());
        all.addAll(names.ofName(author.name()));
        return all;
    }
}
