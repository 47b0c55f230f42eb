package io.jenkins.plugins.serverlesspromotion.engine.lane;

import io.jenkins.plugins.serverlesspromotion.engine.lane.PromotionDecisions.Membership;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Person;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * The current groups of the people who decided, from the directory of users. A group that a person lost after the click
 * must not count.
 */
final class MembershipSnapshot {
    /** How long a result is valid, and how long after a failed attempt the directory is queried again. */
    static final Duration GOOD_FOR = Duration.ofMinutes(1);

    /** Null: there is no result. */
    private final Membership read;

    /** @param membership may be null */
    MembershipSnapshot(Membership membership) {
        this.read = membership == null || membership.answer() == null ? null : membership;
    }

    private boolean answers(Instant since) {
        return read != null && read.answer().failure() == null && !read.at().isBefore(since);
    }

    /** The same person with the current groups, where they were read after {@code at}. */
    Person now(Person person, Instant at) {
        Set<String> groups = answers(at) ? read.answer().groups().get(person.id()) : null;
        return groups == null ? person : new Person(person.id(), groups, person.assurance());
    }

    boolean gone(Person person) {
        return read != null && read.answer().gone().contains(person.id());
    }

    /** Why the groups are unknown; empty when they are known. */
    Optional<String> failure(Instant now) {
        return read == null || read.answer().failure() == null || !now.isBefore(again())
                ? Optional.empty()
                : Optional.of(read.answer().failure());
    }

    /** When the directory may be queried again. */
    Instant again() {
        return read.at().plus(GOOD_FOR);
    }

    /** Whether the result covers every decision up to {@code last}, and is not old. */
    boolean fresh(Instant last, Instant now) {
        return answers(last) && now.isBefore(again());
    }
}
