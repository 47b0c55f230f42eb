package io.jenkins.plugins.serverlesspromotion.cli;

import io.jenkins.plugins.serverlesspromotion.engine.policy.Person;
import io.jenkins.plugins.serverlesspromotion.store.FileStore;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.function.BiFunction;

/**
 * The context of one call of the program.
 *
 * @param clock with the zone that times are shown in
 * @param ports connects to AWS when a command first needs it: most commands never load a class of the AWS SDK
 * @param storage how the journal is written
 * @param storage how the journal is written
 */
record Invocation(
        GlobalOptions options,
        Screen screen,
        Clock clock,
        BiFunction<GlobalOptions, Screen, Ports> ports,
        FileStore.Options storage) {
    Person person() {
        return options.person();
    }

    Instant now() {
        return clock.instant();
    }

    ZoneId zone() {
        return clock.getZone();
    }

    Ports newPorts() {
        return ports.apply(options, screen);
    }
}
