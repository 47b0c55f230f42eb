package io.jenkins.plugins.serverlesspromotion.engine.policy;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;

/** A rule that must hold before a release may enter an environment. */
public sealed interface Gate {
    /**
     * People decide.
     *
     * @param expiresAfter how long a promotion may wait for its decisions before it expires
     * @param authors null: whoever wrote the release may approve it
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

        /** Authors may approve, and nobody must say why. */
        public Approval(List<Requirement> require, boolean excludeRequesters, Duration expiresAfter) {
            this(require, excludeRequesters, expiresAfter, null, null);
        }
    }

    /**
     * Deployments start at certain times of the week only. Several of an environment are alternatives: one of them
     * must be open. See {@link Hours} for what the clock changes of a zone do.
     *
     * @param days on which it opens, in the order of the week
     * @param from when it opens
     * @param lastStart from then on nothing starts; not after {@code from}: on the next day
     * @param overrun what happens to a deployment that has begun and is not done by {@code lastStart}
     */
    record Window(List<DayOfWeek> days, LocalTime from, LocalTime lastStart, ZoneId zone, Overrun overrun)
            implements Gate {
        public Window {
            days = List.copyOf(days);
        }
    }

    /** The release must have been live in {@code environment} for so long. */
    record Soak(String environment, Duration duration) implements Gate {}

    /**
     * Somebody whom policy names must have said so.
     *
     * @param kind what was found out: {@code tests}
     * @param from who may say so, as {@link io.jenkins.plugins.serverlesspromotion.engine.release.Evidence#producer}
     *     has it; {@code *} stands for anything but {@code /}
     * @param maxAge how old it may be; null: any age
     */
    record Evidence(String kind, List<String> from, Duration maxAge) implements Gate {
        public Evidence {
            from = List.copyOf(from);
        }

        /** Whether the word of {@code producer} counts. */
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

        /** The names as they are for one lane. */
        public List<String> in(String service, String environment) {
            return names.stream()
                    .map(name -> name.replace("${service}", service).replace("${environment}", environment))
                    .toList();
        }
    }

    /** A release must have the commit that is live, so that what was mended in a hurry is not lost. */
    record ContainsLive() implements Gate {}

    /** Whoever asks must name a ticket. @param pattern regular expression that all of it must match */
    record Ticket(String pattern) implements Gate {}

    /** Those who wrote what comes in do not count; what about those of whom nobody knows who they are? */
    enum Authors {
        /** The gate waits until they are known. */
        BLOCK_UNMAPPED,
        /** They are passed over. */
        IGNORE_UNMAPPED
    }

    enum Comment {
        OPTIONAL,
        REQUIRED
    }

    /** What happens to a deployment that is not done when its window closes. */
    enum Overrun {
        /** What has begun is brought to its end. */
        FINISH,
        /** What runs is brought to its end; the next wave waits until a window opens. */
        WAIT
    }

    /** So many people of a role. {@code count} is at least 1. */
    record Requirement(String role, int count) {}
}
