package io.jenkins.plugins.serverlesspromotion.engine.lane;

import io.jenkins.plugins.serverlesspromotion.engine.release.Provenance.Author;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/** Determines who wrote the incoming changes, from names and addresses in commits and from people's attestations. */
final class Authorship {
    private final PersonNames names;
    private final List<Author> authors;

    /** Every id that any of the authors may have. */
    private final Set<String> ids;

    /** @param attested the people whom attestations name */
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
     * The authors whom policy cannot map to a user, as commits and attestations name them.
     *
     * @param attested the people whom valid attestations name
     */
    List<String> unmapped(Collection<String> attested) {
        var all = new ArrayList<String>();
        authors.stream().filter(a -> !isMapped(a)).forEach(a -> all.add(a.name() + " <" + a.email() + ">"));
        // The ids that policy gave for a person's name are recorded next to it.
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
