package io.jenkins.plugins.serverlesspromotion.controller.releases.view;

import io.jenkins.plugins.serverlesspromotion.controller.PromotionPermissions;
import io.jenkins.plugins.serverlesspromotion.controller.releases.Messages;
import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.Authorization;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Gates;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Lane;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.lane.OverrideStatus;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Gate.Requirement;
import io.jenkins.plugins.serverlesspromotion.engine.policy.LaneRules;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Person;
import io.jenkins.plugins.serverlesspromotion.engine.port.Store;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.Promotions;
import io.jenkins.plugins.serverlesspromotion.view.GateNames;
import io.jenkins.plugins.serverlesspromotion.view.OverrideNotice;
import io.jenkins.plugins.serverlesspromotion.view.Wording;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** The part of a promotion's page for overriding its gates, for the viewer. */
@Restricted(NoExternalUse.class)
public final class OverridePanel {
    private final List<OverrideBanner> banners;
    private final Override override;
    private final PostReview postReview;

    private OverridePanel(List<OverrideBanner> banners, Override override, PostReview postReview) {
        this.banners = banners;
        this.override = override;
        this.postReview = postReview;
    }

    /**
     * @param gates that are closed and would be passed by
     * @param takes the people whose confirmation is required
     * @param ticket the form of the ticket, null: any text
     * @param whyNot why the viewer cannot confirm it, null when they can
     * @param underWay whether a person has confirmed it
     */
    public record Override(
            String gates,
            String takes,
            String timeBox,
            String ticket,
            String review,
            String whyNot,
            boolean underWay) {}

    /** @param whyNot why the viewer cannot close it, null when they can */
    public record PostReview(String role, String whyNot) {}

    /** @param rules null when no valid policy places the service there */
    public static OverridePanel of(
            Store store, Promotions promotions, Promotion promotion, LaneRules rules, Instant now) {
        Lane lane = store.lane(LaneId.ofPromotion(promotion.id()));
        List<OverrideNotice> notices = OverrideNotice.of(ViewAccess.reader(store), promotions, lane).stream()
                .filter(n -> n.promotion().id().equals(promotion.id()))
                .toList();
        PostReview postReview = lane.reviews().stream()
                .filter(r -> r.promotion().equals(promotion.id()))
                .findFirst()
                .map(r -> new PostReview(
                        rules == null || rules.environment().breakGlass() == null
                                ? null
                                : rules.environment().breakGlass().review(),
                        Authorization.whyNot(
                                PromotionPermissions.APPROVE,
                                person -> Gates.whyNotReview(person, r, rules).orElse(null))))
                .orElse(null);
        return new OverridePanel(OverrideBanner.of(notices, now), override(promotions, promotion), postReview);
    }

    private static Override override(Promotions promotions, Promotion promotion) {
        if (promotions == null || promotion.state() != Promotion.State.WAITING) {
            return null;
        }
        return promotions
                .overrideStatus(promotion)
                .filter(g -> !g.closed().isEmpty())
                .map(g -> new Override(
                        GateNames.all(g.closed()),
                        takes(g),
                        Wording.length(g.rule().timeBox()),
                        g.rule().ticket(),
                        g.rule().review(),
                        Authorization.whyNot(
                                PromotionPermissions.OVERRIDE, person -> whyNot(promotions, promotion, g, person)),
                        !g.words().isEmpty()))
                .orElse(null);
    }

    private static String whyNot(
            Promotions promotions, Promotion promotion, OverrideStatus overrideStatus, Person person) {
        boolean confirmed = overrideStatus.words().stream()
                .anyMatch(w -> w.override().person().id().equals(person.id()));
        return promotions
                .whyNotOverride(person, promotion)
                .orElse(confirmed ? Messages.Glass_already(OverrideNotice.missing(overrideStatus)) : null);
    }

    private static String takes(OverrideStatus overrideStatus) {
        return overrideStatus.rule().require().stream()
                .map(OverridePanel::people)
                .collect(Collectors.joining(Messages.List_and()));
    }

    private static String people(Requirement requirement) {
        return requirement.count() + " " + requirement.role();
    }

    public List<OverrideBanner> getBanners() {
        return banners;
    }

    /** Null while there is no gate to override, or no one can. */
    public Override getOverride() {
        return override;
    }

    /** Null when no post-review is open. */
    public PostReview getReview() {
        return postReview;
    }
}
