package io.jenkins.plugins.serverlesspromotion.engine.ownership;

/**
 * What was read about a resource in its account.
 *
 * @param exists null when it was not read
 * @param service value of the stack's tag {@code promotion:service}; null when it has none, or none was read
 * @param environment value of the stack's tag {@code promotion:environment}; null in the same cases
 * @param stack that the resource is part of, the outermost one; null when it is part of none, or none was read
 */
public record Observation(Boolean exists, String service, String environment, ResourceId stack) {
    /** Nothing was read. */
    public static final Observation NONE = new Observation(null, null, null, null);

    /** It does not exist. */
    public static final Observation ABSENT = new Observation(false, null, null, null);

    /** It exists, in no stack. */
    public static final Observation PRESENT = new Observation(true, null, null, null);

    /** @param stack null: it is part of none */
    public static Observation in(ResourceId stack) {
        return new Observation(true, null, null, stack);
    }
}
