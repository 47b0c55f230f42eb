package io.jenkins.plugins.serverlesspromotion.engine.lane;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What one gate says now.
 *
 * @param said what holds, or what is missing, as people read it
 * @param helpers who can give what is missing: role names, user ids, services
 * @param until when this changes by itself, if nothing else happens; null: it does not
 * @param outside what those are shown instead who may not see another service that the sentence tells about; null: it
 *     tells about no other service
 * @param subject the name in the policy of what this gate evaluates, where a policy may have several: a freeze, or the
 *     environment of a soak time; null: there is nothing to distinguish
 * @param overridden who lets the promotion pass although the gate is closed; null: no one does
 */
public record GateStatus(
        Kind kind,
        GateResult verdict,
        Sentence said,
        List<String> helpers,
        Instant until,
        Outside outside,
        String subject,
        Overridden overridden) {
    public GateStatus {
        helpers = List.copyOf(helpers);
    }

    /** Of which every part is for everyone who may see the promotion. */
    public GateStatus(Kind kind, GateResult verdict, Sentence said, List<String> helpers, Instant until) {
        this(kind, verdict, said, helpers, until, null, null, null);
    }

    /**
     * @param service the other service
     * @param said the same without what is known about that service
     */
    public record Outside(String service, Sentence said) {}

    /** What somebody is told who wrote part of a release and may therefore not approve it. */
    public static final String WROTE = "you wrote part of this, so you cannot approve it";

    /** What a gate asks about. */
    public enum Kind {
        POLICY("policy"),
        PATH("path"),
        ORDER("order"),
        HOLD("hold"),
        CONTAINS_LIVE("containsLive"),
        DEPENDENCY("dependency"),
        EVIDENCE("evidence"),
        TICKET("ticket"),
        SOAK("soak"),
        FREEZE("freeze"),
        WINDOW("window"),
        ALARM("alarm"),
        PLAN("plan"),
        APPROVAL("approval");

        private final String word;

        Kind(String word) {
            this.word = word;
        }

        /** Its name in messages, in REST and {@code --json}, and in what is recorded of overridden gates. */
        public String word() {
            return word;
        }

        /** Empty for a word of another version. */
        public static Optional<Kind> of(String word) {
            return Arrays.stream(values()).filter(k -> k.word.equals(word)).findFirst();
        }
    }

    public enum GateResult {
        HOLDS,
        WAITS,
        REFUSES
    }

    /**
     * @param by ids of the people
     * @param until when their words no longer count
     */
    public record Overridden(List<String> by, Instant until) {
        public Overridden {
            by = List.copyOf(by);
        }
    }

    /** The stable word of its kind. */
    public String gate() {
        return kind.word();
    }

    /** What it says as one text; that it is overridden comes first. */
    public String sentence() {
        return overridden == null
                ? said.toString()
                : "OVERRIDDEN by " + String.join(", ", overridden.by()) + " before "
                        + overridden.until().truncatedTo(ChronoUnit.SECONDS) + ": " + said;
    }

    /** Whether time alone opens it, so that nobody need wait for it before deciding. */
    public boolean opensByItself() {
        return verdict == GateResult.WAITS && until != null;
    }

    /** This status as a person is shown it who may see the services that {@code sees} accepts. */
    public GateStatus seenBy(Predicate<String> sees) {
        return outside == null || sees.test(outside.service())
                ? this
                : new GateStatus(kind, verdict, outside.said(), List.of(), until, null, subject, overridden);
    }

    /** This status for a text that anyone may read who may see the promotion, as a log or the journal has it. */
    public GateStatus seenByAnyone() {
        return seenBy(service -> false);
    }

    /** Whether it holds only because people override it. */
    public boolean isOverridden() {
        return overridden != null;
    }

    /** This gate, which is closed, passed by all the same. */
    GateStatus overridden(List<String> by, Instant end) {
        return new GateStatus(kind, GateResult.HOLDS, said, List.of(), end, outside, subject, new Overridden(by, end));
    }

    static GateStatus holds(Kind kind, String sentence) {
        return holds(kind, Sentence.of(sentence));
    }

    static GateStatus holds(Kind kind, Sentence said) {
        return new GateStatus(kind, GateResult.HOLDS, said, List.of(), null);
    }

    static GateStatus waits(Kind kind, String sentence) {
        return waits(kind, Sentence.of(sentence));
    }

    static GateStatus waits(Kind kind, Sentence said) {
        return new GateStatus(kind, GateResult.WAITS, said, List.of(), null);
    }

    static GateStatus refuses(Kind kind, String sentence) {
        return refuses(kind, Sentence.of(sentence));
    }

    static GateStatus refuses(Kind kind, Sentence said) {
        return new GateStatus(kind, GateResult.REFUSES, said, List.of(), null);
    }

    GateStatus until(Instant at) {
        return new GateStatus(kind, verdict, said, helpers, at, outside, subject, overridden);
    }

    GateStatus helpedBy(List<String> who) {
        return new GateStatus(kind, verdict, said, who, until, outside, subject, overridden);
    }

    /** The sentence tells about {@code service}; those who may not see it are shown {@code instead}. */
    GateStatus outside(String service, String instead) {
        return new GateStatus(
                kind, verdict, said, helpers, until, new Outside(service, Sentence.of(instead)), subject, overridden);
    }

    /** @param name of the freeze, the environment of a soak time */
    GateStatus about(String name) {
        return new GateStatus(kind, verdict, said, helpers, until, outside, name, overridden);
    }
}
