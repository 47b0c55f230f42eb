package io.jenkins.plugins.serverlesspromotion.controller.releases.view;

import io.jenkins.plugins.serverlesspromotion.controller.releases.BoardPage;
import io.jenkins.plugins.serverlesspromotion.controller.releases.Messages;
import io.jenkins.plugins.serverlesspromotion.controller.releases.ReleasesAction;
import io.jenkins.plugins.serverlesspromotion.engine.lane.GateStatus;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Lane;
import io.jenkins.plugins.serverlesspromotion.engine.lane.OverrideStatus;
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
public record OverrideBanner(
        String promotion,
        String title,
        String url,
        Words.Mark mark,
        String sentence,
        String deadline,
        Words.Moment until) {
    /** Of one lane. {@code promotions} null: the engine does not run, and what people have said is not known. */
    public static List<OverrideBanner> of(Store store, Promotions promotions, Lane lane, Instant now) {
        var banners = new ArrayList<OverrideBanner>();
        for (Lane.PostReview postReview : lane.reviews()) {
            store.promotion(postReview.promotion()).ifPresent(p -> banners.add(broken(p, postReview, now)));
        }
        for (Promotion p : lane.promotions()) {
            boolean begun = lane.reviews().stream().anyMatch(r -> r.promotion().equals(p.id()));
            if (promotions != null && !begun && !p.overrides().isEmpty()) {
                promotions.glass(p).filter(g -> !g.words().isEmpty()).ifPresent(g -> banners.add(asked(p, g, now)));
            }
        }
        return banners;
    }

    private static OverrideBanner broken(Promotion p, Lane.PostReview postReview, Instant now) {
        boolean overdue = now.isAfter(postReview.due());
        String day = Words.day(postReview.due(), now, ZoneId.systemDefault());
        return of(
                p,
                new Words.Mark(Messages.Glass_broken(), "symbol-warning", Words.BAD),
                Messages.Glass_letIn(
                        String.join(", ", postReview.by()),
                        words(postReview.gates()),
                        postReview.reason(),
                        Words.moment(postReview.at(), now).relative()),
                overdue ? Messages.Glass_overdue(day) : Messages.Glass_due(day),
                Words.moment(postReview.due(), now));
    }

    private static OverrideBanner asked(Promotion p, OverrideStatus overrideStatus, Instant now) {
        String said = overrideStatus.words().stream()
                .map(w -> Messages.Glass_word(
                        w.said().person().id(), w.said().reason(), w.said().ticket()))
                .collect(Collectors.joining("; "));
        String gates = gates(overrideStatus.closed());
        return of(
                p,
                new Words.Mark(
                        Messages.Glass_asked(), "symbol-warning", overrideStatus.open() ? Words.BAD : Words.RISK),
                overrideStatus.open()
                        ? Messages.Glass_open(gates, said)
                        : Messages.Glass_missing(gates, said, missing(overrideStatus)),
                overrideStatus.open() ? Messages.Glass_begins() : Messages.Glass_counts(),
                Words.moment(overrideStatus.until(), now));
    }

    private static OverrideBanner of(
            Promotion p, Words.Mark mark, String sentence, String deadline, Words.Moment until) {
        return new OverrideBanner(
                p.id(), BoardPage.title(p), ReleasesAction.urlOf(p.id()), mark, sentence, deadline, until);
    }

    /** {@code 1 release-managers and 1 serviceOwner} */
    static String missing(OverrideStatus overrideStatus) {
        return overrideStatus.missing().entrySet().stream()
                .map(OverrideBanner::people)
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
