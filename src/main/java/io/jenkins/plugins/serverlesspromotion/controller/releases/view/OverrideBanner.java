package io.jenkins.plugins.serverlesspromotion.controller.releases.view;

import io.jenkins.plugins.serverlesspromotion.controller.PagePaths;
import io.jenkins.plugins.serverlesspromotion.view.OverrideNotice;
import io.jenkins.plugins.serverlesspromotion.view.Wording;
import java.time.Instant;
import java.util.List;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * A banner about a requested or open override, on every page that shows the lane.
 *
 * @param promotion its id
 * @param title {@code orders 1.4.2 → prod}
 * @param url relative to Jenkins' root URL
 * @param sentence who, which gates, and why
 * @param deadline the event at {@code until}
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
    public static List<OverrideBanner> of(List<OverrideNotice> notices, Instant now) {
        return notices.stream().map(n -> of(n, now)).toList();
    }

    private static OverrideBanner of(OverrideNotice notice, Instant now) {
        return new OverrideBanner(
                notice.promotion().id(),
                Wording.title(notice.promotion()),
                PagePaths.promotion(notice.promotion().id()),
                new Words.Mark(notice.word(), "symbol-warning", notice.complete() ? Words.BAD : Words.RISK),
                notice.sentence(now),
                notice.deadline(now),
                Words.moment(notice.until(), now));
    }
}
