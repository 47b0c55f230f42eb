package io.jenkins.plugins.serverlesspromotion.controller.releases;

import io.jenkins.plugins.serverlesspromotion.engine.lane.GateStatus;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Glass;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Lane;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.engine.port.Store;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.Promotions;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * What is let in although gates are closed, or about to be: said aloud on every page that shows its lane.
 *
 * @param promotion its id
 * @param title {@code orders 1.4.2 → prod}
 * @param url relative to Jenkins' root URL
 * @param sentence who, what was closed, and why
 * @param deadline what happens at {@code until}
 */
@Restricted(NoExternalUse.class)
public record GlassBanner(
        String promotion,
        String title,
        String url,
        Words.Mark mark,
        String sentence,
        String deadline,
        Words.Moment until) {
    /** Of one lane. {@code promotions} null: the engine does not run, and what people have said is not known. */
    static List<GlassBanner> of(Store store, Promotions promotions, Lane lane, Instant now) {
        var banners = new ArrayList<GlassBanner>();
        for (Lane.Review review : lane.reviews()) {
            store.promotion(review.promotion()).ifPresent(p -> banners.add(broken(p, review, now)));
        }
        for (Promotion p : lane.promotions()) {
            boolean begun = lane.reviews().stream().anyMatch(r -> r.promotion().equals(p.id()));
            if (promotions != null && !begun && !p.overrides().isEmpty()) {
                promotions.glass(p).filter(g -> !g.words().isEmpty()).ifPresent(g -> banners.add(asked(p, g, now)));
            }
        }
        return banners;
    }

    private static GlassBanner broken(Promotion p, Lane.Review review, Instant now) {
        boolean overdue = now.isAfter(review.due());
        String day = Words.day(review.due(), now, ZoneId.systemDefault());
        return of(
                p,
                new Words.Mark(Messages.Glass_broken(), "symbol-warning", Words.BAD),
                Messages.Glass_letIn(
                        String.join(", ", review.by()),
                        words(review.gates()),
                        review.reason(),
                        Words.moment(review.at(), now).relative()),
                overdue ? Messages.Glass_overdue(day) : Messages.Glass_due(day),
                Words.moment(review.due(), now));
    }

    private static GlassBanner asked(Promotion p, Glass glass, Instant now) {
        String said = glass.words().stream()
                .map(w -> Messages.Glass_word(
                        w.said().person().id(), w.said().reason(), w.said().ticket()))
                .collect(Collectors.joining("; "));
        String gates = gates(glass.closed());
        return of(
                p,
                new Words.Mark(Messages.Glass_asked(), "symbol-warning", glass.open() ? Words.BAD : Words.RISK),
                glass.open() ? Messages.Glass_open(gates, said) : Messages.Glass_missing(gates, said, missing(glass)),
                glass.open() ? Messages.Glass_begins() : Messages.Glass_counts(),
                Words.moment(glass.until(), now));
    }

    private static GlassBanner of(Promotion p, Words.Mark mark, String sentence, String deadline, Words.Moment until) {
        return new GlassBanner(
                p.id(), BoardPage.title(p), ReleasesAction.urlOf(p.id()), mark, sentence, deadline, until);
    }

    /** {@code 1 release-managers and 1 serviceOwner} */
    static String missing(Glass glass) {
        return glass.missing().entrySet().stream()
                .map(GlassBanner::people)
                .collect(Collectors.joining(Messages.List_and()));
    }

    private static String people(Map.Entry<String, Integer> role) {
        return role.getValue() + " " + role.getKey();
    }

    /** Gates as people call them. */
    static String gates(List<GateStatus.Kind> gates) {
        return gates.stream().map(GateWords::name).collect(Collectors.joining(", "));
    }

    /** The same of what was recorded. */
    private static String words(List<String> gates) {
        return gates.stream().map(GateWords::recordedName).collect(Collectors.joining(", "));
    }
}
