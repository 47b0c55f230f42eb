package io.jenkins.plugins.serverlesspromotion.engine.lane;

import io.jenkins.plugins.serverlesspromotion.engine.policy.LaneRules;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy.People;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Which users a name or a mail address means, as policy says. Letters are compared without their case: excluding one
 * person too many is the mistake that does no harm.
 */
public final class PersonNames {
    /** Ids of users by alias. */
    private final Map<String, Set<String>> aliases = new HashMap<>();

    private final Set<String> mailDomains = new TreeSet<>();
    private final Set<String> ofRoles = new TreeSet<>();
    private final Set<String> ofAliases = new TreeSet<>();

    PersonNames(LaneRules rules) {
        this(rules.people());
        rules.roles().values().forEach(role -> role.users().forEach(u -> ofRoles.add(folded(u))));
    }

    /** @param people null: policy says nothing about it */
    private PersonNames(People people) {
        People known = people == null ? People.NONE : people;
        known.aliases().forEach((user, names) -> {
            ofAliases.add(folded(user));
            names.forEach(name ->
                    aliases.computeIfAbsent(folded(name), n -> new TreeSet<>()).add(folded(user)));
        });
        known.mailDomains().forEach(domain -> mailDomains.add(folded(domain)));
    }

    /**
     * Whether two ids are those of one person.
     *
     * @param people of the policy, null: it says nothing about it
     */
    public static boolean areOne(People people, String one, String other) {
        return new PersonNames(people).areOne(one, other);
    }

    static String folded(String text) {
        return text == null ? "" : text.strip().toLowerCase(Locale.ROOT);
    }

    /** The ids that policy gives for a name. */
    Set<String> ofName(String name) {
        return aliases.getOrDefault(folded(name), Set.of());
    }

    /** The ids that policy gives for a mail address. */
    Set<String> ofMail(String address) {
        String mail = folded(address);
        Set<String> all = new TreeSet<>(ofName(mail));
        int at = mail.lastIndexOf('@');
        if (at > 0 && mailDomains.contains(mail.substring(at + 1))) {
            all.add(mail.substring(0, at));
        }
        return all;
    }

    /** Every id that may be meant by one of {@code stated}: the texts themselves, and what policy gives for them. */
    Set<String> all(Collection<String> stated) {
        Set<String> all = new TreeSet<>();
        stated.forEach(text -> {
            all.add(folded(text));
            all.addAll(ofMail(text));
        });
        all.remove("");
        return all;
    }

    /** {@code stated}, and the ids that policy gives for them now: a later policy must not make them other people. */
    Set<String> withIds(Set<String> stated) {
        Set<String> all = new TreeSet<>(stated);
        stated.forEach(text -> all.addAll(ofMail(text)));
        return all;
    }

    /** Whether policy says that both are ids of one person. */
    boolean areOne(String one, String other) {
        return isAmong(one, all(List.of(other)));
    }

    /**
     * Whether {@code person} is one of several: also as another user whom policy gives for the same names.
     *
     * @param ids as {@link #all} gives them
     */
    boolean isAmong(String person, Set<String> ids) {
        return !Collections.disjoint(all(List.of(person)), ids);
    }

    /** Of those who are one person the first alone. */
    <T> List<T> each(List<T> all, Function<T, String> id) {
        var ids = new TreeSet<String>();
        var first = new ArrayList<T>();
        for (T one : all) {
            if (!isAmong(id.apply(one), ids)) {
                first.add(one);
            }
            ids.addAll(all(List.of(id.apply(one))));
        }
        return first;
    }

    /** Whether a role of the environment names the user {@code id}. */
    boolean isOfRole(String id) {
        return ofRoles.contains(folded(id));
    }

    /** Whether policy says who is meant by {@code stated}: the id of a user whom it names, or what it gives an id for. */
    boolean isKnown(String stated) {
        return isOfRole(stated)
                || ofAliases.contains(folded(stated))
                || !ofMail(stated).isEmpty();
    }
}
