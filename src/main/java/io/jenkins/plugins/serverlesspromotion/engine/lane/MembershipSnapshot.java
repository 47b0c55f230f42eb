package io.jenkins.plugins.serverlesspromotion.engine.lane;

import io.jenkins.plugins.serverlesspromotion.engine.lane.PromotionDecisions.Membership;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Person;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * Those who decided, as the directory of users knows them since: a group that somebody was taken out of after the click
 * must not count in what the click set off.
 */
final class MembershipSnapshot {
    /** How long an answer is good for, and how long after a failed attempt the directory is asked again. */
    static final Duration GOOD_FOR = Duration.ofMinutes(1);

    /** Null: nothing was answered. */
    private final Membership read;

    /** @param membership may be null */
    MembershipSnapshot(Membership membership) {
        this.read = membership == null || membership.answer() == null ? null : membership;
    }

    private boolean answers(Instant since) {
        return read != null && read.answer().failure() == null && !read.at().isBefore(since);
    }

    /** The same person with the groups of now, where they were read after {@code at}. */
    Person now(Person person, Instant at) {
        Set<String> groups = answers(at) ? read.answer().groups().get(person.id()) : null;
        return groups == null ? person : new Person(person.id(), groups, person.assurance());
    }

    boolean gone(Person person) {
        return read != null && read.answer().gone().contains(person.id());
    }

    /** Why it is not known who is in which group, while that is so. */
    Optional<String> failure(Instant now) {
        return read == null || read.answer().failure() == null || !now.isBefore(again())
                ? Optional.empty()
                : Optional.of(read.answer().failure());
    }

    /** When the directory may be asked again. */
    Instant again() {
        return read.at().plus(GOOD_FOR);
    }

    /** Whether what was read says something about every decision up to {@code last}, and is not old. */
    boolean fresh(Instant last, Instant now) {
        return answers(last) && now.isBefore(again());
    }
}
