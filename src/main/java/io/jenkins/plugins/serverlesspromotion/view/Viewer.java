package io.jenkins.plugins.serverlesspromotion.view;

import io.jenkins.plugins.serverlesspromotion.engine.policy.Person;
import java.util.function.Predicate;

/**
 * The person who looks, and what they may see. A surface decides that; the views apply it.
 *
 * @param person null: a system account
 * @param sees whether they may see a service
 * @param overrides whether they have the permission to override gates
 */
public record Viewer(Person person, Predicate<String> sees, boolean overrides) {
    /** Of a surface without permissions. */
    public static Viewer ofEverything(Person person) {
        return new Viewer(person, service -> true, true);
    }
}
