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
 * Maps names and mail addresses to users, as policy defines. Case is ignored: excluding one person too many does no
 * harm.
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

    /** @param people null: policy does not define it */
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
     * @param people of the policy, null: not defined
     */
    public static boolean areOne(People people, String one, String other) {
        return new PersonNames(people).areOne(one, other);
    }

    /**
     * The ids that policy links with a user: a rule about the person must still hold when a later policy no longer
     * links them.
     *
     * @param people of the policy, null: not defined
     * @return without {@code id} itself, in lower case
     */
    public static Set<String> linked(People people, String id) {
        var names = new PersonNames(people);
        Set<String> all = names.all(List.of(id));
        if (people != null) {
            people.aliases().forEach((user, others) -> {
                if (names.areOne(user, id)) {
                    all.add(folded(user));
                    others.forEach(other -> all.add(folded(other)));
                }
            });
        }
        all.remove(folded(id));
        return all;
    }

    static String folded(String text) {
        return text == null ? "" : text.strip().toLowerCase(Locale.ROOT);
    }

    /** The ids that policy defines for a name. */
    Set<String> ofName(String name) {
        return aliases.getOrDefault(folded(name), Set.of());
    }

    /** The ids that policy defines for a mail address. */
    Set<String> ofMail(String address) {
        String mail = folded(address);
        Set<String> all = new TreeSet<>(ofName(mail));
        int at = mail.lastIndexOf('@');
        if (at > 0 && mailDomains.contains(mail.substring(at + 1))) {
            all.add(mail.substring(0, at));
        }
        return all;
    }

    /** Every id that any of {@code stated} may mean: the texts themselves, and the ids that policy defines for them. */
    Set<String> all(Collection<String> stated) {
        Set<String> all = new TreeSet<>();
        stated.forEach(text -> {
            all.add(folded(text));
            all.addAll(ofMail(text));
        });
        all.remove("");
        return all;
    }

    /** {@code stated}, and the ids that policy defines for them now: a later policy must not change who they are. */
    Set<String> withIds(Set<String> stated) {
        Set<String> all = new TreeSet<>(stated);
        stated.forEach(text -> all.addAll(ofMail(text)));
        return all;
    }

    /** Whether policy defines both as ids of one person. */
    boolean areOne(String one, String other) {
        return isAmong(one, all(List.of(other)));
    }

    /**
     * Whether {@code person} is one of several people, also as another user whom policy defines for the same names.
     *
     * @param ids as {@link #all} gives them
     */
    boolean isAmong(String person, Set<String> ids) {
        return !Collections.disjoint(all(List.of(person)), ids);
    }

    /** The list without repeated people: the first id of each person stays. */
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

    /** Whether a role of the environment lists the user {@code id}. */
    boolean isOfRole(String id) {
        return ofRoles.contains(folded(id));
    }

    /**
     * Whether policy defines who is meant by {@code stated}: an id of a user that it names, or a name that it maps to
     * an id.
     */
    boolean isKnown(String stated) {
        return isOfRole(stated)
                || ofAliases.contains(folded(stated))
                || !ofMail(stated).isEmpty();
    }
}
