package io.jenkins.plugins.serverlesspromotion.engine.policy;

import java.util.Set;

/**
 * A person who decides, with the groups at that moment.
 *
 * @param id in the form in which two ids are equal exactly when they are the same person (the realm's id strategy)
 * @param groups never contains the id itself: a group of the same name is different
 * @param assurance how the person was identified: {@code self-declared} on the command line, {@code login},
 *     {@code token}
 */
public record Person(String id, Set<String> groups, String assurance) {
    public static final String SELF_DECLARED = "self-declared";

    public Person {
        if (id == null || id.isBlank() || id.length() > 256) {
            throw new IllegalArgumentException("a person needs an id of 1 to 256 characters");
        }
        groups = Set.copyOf(groups);
    }
}
