package io.jenkins.plugins.serverlesspromotion.engine.policy;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;

/** A rule that must pass before a release may enter an environment. */
public sealed interface Gate {
    /**
     * People must approve.
     *
     * @param expiresAfter how long a promotion may wait for decisions before it expires
     * @param authors null: the authors of the release may approve it
     * @param comment null: as {@code OPTIONAL}
     */
    record Approval(
            List<Requirement> require,
            boolean excludeRequesters,
            Duration expiresAfter,
            Authors authors,
            Comment comment)
            implements Gate {
        public Approval {
            require = List.copyOf(require);
            comment = comment == Comment.OPTIONAL ? null : comment;
        }

        /** Authors may approve, and no comment is required. */
        public Approval(List<Requirement> require, boolean excludeRequesters, Duration expiresAfter) {
            this(require, excludeRequesters, expiresAfter, null, null);
        }
    }

    /**
     * Deployments start only at certain times of the week. Several windows of an environment are alternatives: one of
     * them must be open. {@link Hours} describes the effect of clock changes in a zone.
     *
     * @param days on which it opens, in the order of the week
     * @param from when it opens
     * @param lastStart from then on no deployment starts; on the next day when it is not after {@code from}
     * @param overrun what happens to a deployment that has not ended by {@code lastStart}
     */
    record Window(List<DayOfWeek> days, LocalTime from, LocalTime lastStart, ZoneId zone, Overrun overrun)
            implements Gate {
        public Window {
            days = List.copyOf(days);
        }
    }

    /** The release must have been live in {@code environment} for this long. */
    record Soak(String environment, Duration duration) implements Gate {}

    /**
     * A producer that the policy names must have recorded evidence.
     *
     * @param kind the kind of evidence: {@code tests}
     * @param from the accepted producers, as
     *     {@link io.jenkins.plugins.serverlesspromotion.engine.release.Evidence#producer} has it; {@code *} stands for
     *     anything but {@code /}
     * @param maxAge how old it may be; null: any age
     */
    record Evidence(String kind, List<String> from, Duration maxAge) implements Gate {
        public Evidence {
            from = List.copyOf(from);
        }

        /** Whether evidence of {@code producer} counts. */
        public boolean counts(String producer) {
            return from.stream().anyMatch(pattern -> Glob.matches(pattern, producer));
        }
    }

    /**
     * CloudWatch alarms must be OK in every place of the lane.
     *
     * @param names with {@code ${service}} and {@code ${environment}}
     */
    record Alarm(List<String> names) implements Gate {
        public Alarm {
            names = List.copyOf(names);
        }

        /** The names for one lane. */
        public List<String> in(String service, String environment) {
            return names.stream()
                    .map(name -> name.replace("${service}", service).replace("${environment}", environment))
                    .toList();
        }
    }

    /** A release must contain the live commit, so that urgent fixes are not lost. */
    record ContainsLive() implements Gate {}

    /** The requester must name a ticket. @param pattern regular expression that all of it must match */
    record Ticket(String pattern) implements Gate {}

    /** Authors of the incoming changes do not count; this determines what happens while some authors are not known. */
    enum Authors {
        /** The gate is pending until they are known. */
        BLOCK_UNMAPPED,
        /** Unknown authors are ignored. */
        IGNORE_UNMAPPED
    }

    enum Comment {
        OPTIONAL,
        REQUIRED
    }

    /** What happens to a deployment that has not ended when its window closes. */
    enum Overrun {
        /** A running deployment continues to its end. */
        FINISH,
        /** The running wave continues to its end; the next wave waits until a window opens. */
        WAIT
    }

    /** A number of people of a role. {@code count} is at least 1. */
    record Requirement(String role, int count) {}
}
