package io.jenkins.plugins.serverlesspromotion.engine.lane;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.Predicate;

/**
 * What one gate says now.
 *
 * @param gate stable word: {@code policy path order hold containsLive dependency evidence ticket soak freeze window
 *     alarm plan approval}
 * @param sentence what holds, or what is missing, as people read it
 * @param helpers who can give what is missing: role names, user ids, services
 * @param until when this changes by itself, if nothing else happens; null: it does not
 * @param outside what those are shown instead who may not see another service that the sentence tells about; null: it
 *     tells about no other service
 */
public record GateStatus(
        String gate, Verdict verdict, String sentence, List<String> helpers, Instant until, Outside outside) {
    public GateStatus {
        helpers = List.copyOf(helpers);
    }

    /**
     * @param service the other service
     * @param sentence the same without what is known about that service
     */
    public record Outside(String service, String sentence) {}

    /** Of which every part is for everyone who may see the promotion. */
    public GateStatus(String gate, Verdict verdict, String sentence, List<String> helpers, Instant until) {
        this(gate, verdict, sentence, helpers, until, null);
    }

    /** Of a gate that does not change by itself. */
    public GateStatus(String gate, Verdict verdict, String sentence, List<String> helpers) {
        this(gate, verdict, sentence, helpers, null);
    }

    /** What somebody is told who wrote part of a release and may therefore not approve it. */
    public static final String WROTE = "you wrote part of this, so you cannot approve it";

    private static final String OVERRIDDEN = "OVERRIDDEN";

    public enum Verdict {
        HOLDS,
        WAITS,
        REFUSES
    }

    /** Whether time alone opens it, so that nobody need wait for it before deciding. */
    public boolean opensByItself() {
        return verdict == Verdict.WAITS && until != null;
    }

    /** This status as a person is shown it who may see the services that {@code sees} accepts. */
    public GateStatus seenBy(Predicate<String> sees) {
        return outside == null || sees.test(outside.service())
                ? this
                : new GateStatus(gate, verdict, outside.sentence(), List.of(), until, null);
    }

    /** This status for a text that anyone may read who may see the promotion, as a log or the journal has it. */
    public GateStatus seenByAnyone() {
        return seenBy(service -> false);
    }

    /** Whether it holds only because people override it. */
    public boolean isOverridden() {
        return verdict == Verdict.HOLDS && sentence.startsWith(OVERRIDDEN + " by ");
    }

    /** This gate, which is closed, passed by all the same. */
    GateStatus overridden(List<String> by, Instant until) {
        String how =
                OVERRIDDEN + " by " + String.join(", ", by) + " before " + until.truncatedTo(ChronoUnit.SECONDS) + ": ";
        Outside same = outside == null ? null : new Outside(outside.service(), how + outside.sentence());
        return new GateStatus(gate, Verdict.HOLDS, how + sentence, List.of(), until, same);
    }

    static GateStatus holds(String gate, String sentence) {
        return new GateStatus(gate, Verdict.HOLDS, sentence, List.of());
    }

    static GateStatus waits(String gate, String sentence) {
        return new GateStatus(gate, Verdict.WAITS, sentence, List.of());
    }

    static GateStatus refuses(String gate, String sentence) {
        return new GateStatus(gate, Verdict.REFUSES, sentence, List.of());
    }

    GateStatus until(Instant at) {
        return new GateStatus(gate, verdict, sentence, helpers, at, outside);
    }

    GateStatus helpedBy(List<String> who) {
        return new GateStatus(gate, verdict, sentence, who, until, outside);
    }

    /** The sentence tells about {@code service}; those who may not see it are shown {@code instead}. */
    GateStatus outside(String service, String instead) {
        return new GateStatus(gate, verdict, sentence, helpers, until, new Outside(service, instead));
    }
}
