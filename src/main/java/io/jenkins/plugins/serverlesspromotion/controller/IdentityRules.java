package io.jenkins.plugins.serverlesspromotion.controller;

import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * The rules for how surely a person must be identified.
 *
 * @param maxLoginAge how old a login may be, where the realm cannot look users up
 * @param alwaysByLogin whether to treat the realm as one that cannot look up users, even if it can
 * @param serviceUsers ids of users that are programs: they never count as people
 */
@Restricted(NoExternalUse.class)
public record IdentityRules(Duration maxLoginAge, boolean alwaysByLogin, Set<String> serviceUsers, Clock clock) {
    public static final IdentityRules DEFAULTS =
            new IdentityRules(Duration.ofHours(8), false, Set.of(), Clock.systemUTC());

    public IdentityRules {
        serviceUsers = Set.copyOf(serviceUsers);
    }
}
