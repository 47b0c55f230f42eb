package io.jenkins.plugins.serverlesspromotion.engine.runtime;

import java.io.IOException;
import java.util.Collection;
import java.util.List;

/** Writes refusals to the audit log, like {@link RequestLimit#refuse}, and returns the exceptions to throw. */
@FunctionalInterface
interface Refusals {
    /** @param people ids of the people behind a build, {@code unknown} for others among them */
    RefusedException refuse(String who, String what, String why, Collection<String> people) throws IOException;

    /** The same for a person. */
    default RefusedException refuse(String who, String what, String why) throws IOException {
        return refuse(who, what, why, List.of());
    }
}
