package io.jenkins.plugins.serverlesspromotion.engine.runtime;

import java.io.IOException;
import java.util.Collection;
import java.util.List;

/** Writes refusals to the audit log, as {@link RequestLimit#refuse} does, and answers them as exceptions to throw. */
@FunctionalInterface
interface Refusals {
    /** @param people ids of those behind a build, {@code unknown} for others among them */
    RefusedException refuse(String who, String what, String why, Collection<String> people) throws IOException;

    /** The same for a person. */
    default RefusedException refuse(String who, String what, String why) throws IOException {
        return refuse(who, what, why, List.of());
    }
}
