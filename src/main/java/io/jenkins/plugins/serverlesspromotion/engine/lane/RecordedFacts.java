package io.jenkins.plugins.serverlesspromotion.engine.lane;

import io.jenkins.plugins.serverlesspromotion.engine.release.Shown;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Reduces facts to the form that the journal records. A fact of a person or a build may have any length. It is recorded
 * even when it is refused for its length, and the journal never shrinks. An accepted fact is within the limits of the
 * lane, so cutting it changes nothing. The exceptions are the reason of an abort and people beyond the limit, which the
 * lane cuts in the same way.
 */
public final class RecordedFacts {
    private RecordedFacts() {}

    public static Fact of(Fact fact) {
        if (fact instanceof Fact.Requested f) {
            return new Fact.Requested(f.release(), request(f.request()));
        } else if (fact instanceof Fact.RollbackRequested f) {
            return new Fact.RollbackRequested(text(f.version()), request(f.request()));
        } else if (fact instanceof Fact.Approved f) {
            return new Fact.Approved(f.promotion(), f.person(), text(f.planDigest()), text(f.comment()));
        } else if (fact instanceof Fact.ApprovalWithdrawn f) {
            return new Fact.ApprovalWithdrawn(f.promotion(), f.person(), text(f.reason()));
        } else if (fact instanceof Fact.Overridden f) {
            return new Fact.Overridden(
                    f.promotion(), f.person(), text(f.planDigest()), text(f.reason()), text(f.ticket()));
        } else if (fact instanceof Fact.RequestersStated f) {
            return new Fact.RequestersStated(f.promotion(), f.person(), people(f.people()), text(f.reason()));
        } else if (fact instanceof Fact.AuthorsAttested f) {
            return new Fact.AuthorsAttested(
                    f.promotion(), f.person(), text(f.release()), people(f.people()), text(f.reason()));
        } else if (fact instanceof Fact.Reviewed f) {
            return new Fact.Reviewed(f.promotion(), f.person(), text(f.finding()));
        } else if (fact instanceof Fact.Rejected f) {
            return new Fact.Rejected(f.promotion(), f.person(), text(f.reason()));
        } else if (fact instanceof Fact.HoldReleased f) {
            return new Fact.HoldReleased(f.person(), text(f.reason()));
        } else if (fact instanceof Fact.AbortRequested f) {
            return new Fact.AbortRequested(f.promotion(), text(f.by()), text(f.reason()));
        } else if (fact instanceof Fact.Withdrawn f) {
            return new Fact.Withdrawn(f.promotion(), text(f.key()), text(f.by()), text(f.reason()));
        }
        return fact;
    }

    private static PromotionDecisions.Request request(PromotionDecisions.Request r) {
        Set<String> people = people(r.people());
        return new PromotionDecisions.Request(
                text(r.by()),
                people,
                r.at(),
                text(r.reason()),
                text(r.ticket()),
                text(r.key()),
                r.isUnknown() || people.size() < r.people().size(),
                r.withdrawn(),
                r.stated(),
                text(r.after()));
    }

    private static String text(String text) {
        return text == null ? null : Shown.cut(text, LaneLimits.TEXT);
    }

    private static Set<String> people(Set<String> people) {
        return people.stream()
                .sorted()
                .limit(LaneLimits.PEOPLE)
                .map(id -> Shown.cut(id, LaneLimits.ID))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
