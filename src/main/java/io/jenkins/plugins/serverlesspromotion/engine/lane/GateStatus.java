package io.jenkins.plugins.serverlesspromotion.engine.lane;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The current status of one gate.
 *
 * @param detail why it has passed, or what is missing, as people read it
 * @param helpers who can provide what is missing: role names, user ids, services
 * @param until when this changes without any action; null: never
 * @param outside the text for people who may not see another service that the sentence mentions; null: it mentions no
 *     other service
 * @param subject the name in the policy of the rule that this gate evaluates, where a policy may have several: a
 *     freeze, or the environment of a soak time; null: there is only one
 * @param overridden who overrides the closed gate; null: no one does
 */
public record GateStatus(
        Kind kind,
        GateResult result,
        Sentence detail,
        List<String> helpers,
        Instant until,
        Outside outside,
        String subject,
        Overridden overridden) {
    public GateStatus {
        helpers = List.copyOf(helpers);
    }

    /** A status that everyone who may see the promotion may read in full. */
    public GateStatus(Kind kind, GateResult result, Sentence detail, List<String> helpers, Instant until) {
        this(kind, result, detail, helpers, until, null, null, null);
    }

    /**
     * @param service the other service
     * @param detail the same without facts about that service
     */
    public record Outside(String service, Sentence detail) {}

    /** Why a person who wrote part of a release may not decide about it. */
    static final String WROTE = "you wrote part of this";

    /** The kinds of gates. */
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

        /** Its name in messages, in REST and {@code --json}, and in the record of overridden gates. */
        public String word() {
            return word;
        }

        /** Empty for a name of another version. */
        public static Optional<Kind> of(String word) {
            return Arrays.stream(values()).filter(k -> k.word.equals(word)).findFirst();
        }
    }

    public enum GateResult {
        PASSED,
        PENDING,
        BLOCKED
    }

    /**
     * @param by ids of the people
     * @param until when their overrides expire
     */
    public record Overridden(List<String> by, Instant until) {
        public Overridden {
            by = List.copyOf(by);
        }
    }

    /** The stable name of its kind. */
    public String gate() {
        return kind.word();
    }

    /** Its sentence as one text; an override is mentioned first. */
    public String sentence() {
        return overridden == null
                ? detail.toString()
                : "OVERRIDDEN by " + String.join(", ", overridden.by()) + " before "
                        + overridden.until().truncatedTo(ChronoUnit.SECONDS) + ": " + detail;
    }

    /** Whether time alone opens it, so that people can decide before it opens. */
    public boolean opensByItself() {
        return result == GateResult.PENDING && until != null;
    }

    /** This status for a person who may see the services that {@code sees} accepts. */
    public GateStatus seenBy(Predicate<String> sees) {
        return outside == null || sees.test(outside.service())
                ? this
                : new GateStatus(kind, result, outside.detail(), List.of(), until, null, subject, overridden);
    }

    /** This status for a text that everyone who may see the promotion can read, such as a log or the journal. */
    public GateStatus seenByAnyone() {
        return seenBy(service -> false);
    }

    /** Whether it passes only because people override it. */
    public boolean isOverridden() {
        return overridden != null;
    }

    /** This closed gate with an override. */
    GateStatus overridden(List<String> by, Instant end) {
        return new GateStatus(
                kind, GateResult.PASSED, detail, List.of(), end, outside, subject, new Overridden(by, end));
    }

    static GateStatus passed(Kind kind, String sentence) {
        return passed(kind, Sentence.of(sentence));
    }

    static GateStatus passed(Kind kind, Sentence sentence) {
        return new GateStatus(kind, GateResult.PASSED, sentence, List.of(), null);
    }

    static GateStatus pending(Kind kind, String sentence) {
        return pending(kind, Sentence.of(sentence));
    }

    static GateStatus pending(Kind kind, Sentence sentence) {
        return new GateStatus(kind, GateResult.PENDING, sentence, List.of(), null);
    }

    static GateStatus blocked(Kind kind, String sentence) {
        return blocked(kind, Sentence.of(sentence));
    }

    static GateStatus blocked(Kind kind, Sentence sentence) {
        return new GateStatus(kind, GateResult.BLOCKED, sentence, List.of(), null);
    }

    GateStatus until(Instant at) {
        return new GateStatus(kind, result, detail, helpers, at, outside, subject, overridden);
    }

    GateStatus helpedBy(List<String> who) {
        return new GateStatus(kind, result, detail, who, until, outside, subject, overridden);
    }

    /** The sentence mentions {@code service}; people who may not see it are shown {@code instead}. */
    GateStatus outside(String service, String instead) {
        return new GateStatus(
                kind, result, detail, helpers, until, new Outside(service, Sentence.of(instead)), subject, overridden);
    }

    /** @param name of the freeze, or the environment of a soak time */
    GateStatus about(String name) {
        return new GateStatus(kind, result, detail, helpers, until, outside, name, overridden);
    }
}
