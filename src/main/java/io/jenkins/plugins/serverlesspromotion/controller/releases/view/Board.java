package io.jenkins.plugins.serverlesspromotion.controller.releases.view;

import io.jenkins.plugins.serverlesspromotion.controller.PromotionPermissions;
import io.jenkins.plugins.serverlesspromotion.controller.releases.Messages;
import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.Authorization;
import io.jenkins.plugins.serverlesspromotion.engine.lane.GateContext.Pause;
import io.jenkins.plugins.serverlesspromotion.engine.lane.GateStatus;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Gates;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Lane;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.lane.PauseScope;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.engine.policy.LaneRules;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Person;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.engine.port.Store;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.Promotions;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import jenkins.model.Jenkins;

/**
 * What is where: services by environments, with what needs a person first. Only what that person may see.
 *
 * @param glass what is let in, or about to be, although gates are closed
 * @param pauses of everything, of an environment, and of the services that are shown
 * @param environments in the order of policy
 * @param cells by service and environment; a service has no cell where policy does not place it
 */
public record Board(
        List<Need> needs,
        List<OverrideBanner> glass,
        List<Pause> pauses,
        List<String> environments,
        Map<String, Map<String, Cell>> cells) {

    /**
     * A promotion that the person can bring on, or must look at, and what it waits for.
     *
     * @param due when it should have happened; null: there is no such time
     */
    public record Need(Kind kind, Promotion promotion, String sentence, Instant due) {}

    /** The urgent first. */
    public enum Kind {
        OVERRIDE,
        REVIEW,
        APPROVAL
    }

    /**
     * One lane.
     *
     * @param placed whether policy still places the service there
     * @param ended the newest promotion when it ended otherwise than in success, null when it did not
     */
    public record Cell(Lane lane, boolean placed, Promotion ended) {
        public List<Promotion> open() {
            return lane.promotions().stream().filter(p -> !p.state().isOver()).toList();
        }
    }

    /** Every service that policy or the journal knows, in order. */
    public static SortedSet<String> services(Store store) {
        var services = new TreeSet<>(store.services());
        Policy policy = Authorization.policy(store);
        if (policy != null) {
            services.addAll(policy.services().keySet());
        }
        store.lanes().forEach(lane -> services.add(lane.service()));
        return services;
    }

    /**
     * @param promotions null while the engine does not run: then nothing can be asked of anyone
     * @param person who looks; null when that is not a person
     * @param wanted of the services
     */
    public static Board of(Store store, Promotions promotions, Person person, Predicate<String> wanted) {
        Policy policy = Authorization.policy(store);
        Set<String> services = services(store);
        Set<String> environments = new LinkedHashSet<>();
        if (policy != null) {
            environments.addAll(policy.environments().keySet());
        }
        List<LaneId> lanes = store.lanes();
        lanes.forEach(lane -> environments.add(lane.environment()));
        services.removeIf(wanted.negate());
        var cells = new LinkedHashMap<String, Map<String, Cell>>();
        var needs = new ArrayList<Need>();
        var glass = new ArrayList<OverrideBanner>();
        Instant now = Instant.now();
        for (String service : services) {
            var row = new LinkedHashMap<String, Cell>();
            for (String environment : environments) {
                var id = new LaneId(service, environment);
                boolean placed = policy != null
                        && LaneRules.of(policy, service, environment).isPresent();
                if (placed || lanes.contains(id)) {
                    Lane lane = store.lane(id);
                    row.put(environment, new Cell(lane, placed, ended(store, id)));
                    glass.addAll(OverrideBanner.of(store, promotions, lane, now));
                    if (promotions != null && person != null) {
                        lane.promotions().forEach(p -> need(promotions, person, p, now, needs));
                        LaneRules rules = policy == null
                                ? null
                                : LaneRules.of(policy, service, environment).orElse(null);
                        lane.reviews().forEach(r -> review(store, person, r, rules, now, needs));
                    }
                }
            }
            cells.put(service, row);
        }
        environments.removeIf(e -> cells.values().stream().noneMatch(row -> row.containsKey(e)));
        needs.sort(Comparator.comparing(Need::kind));
        List<Pause> pauses =
                store.pauses().stream().filter(p -> concerns(p, wanted)).toList();
        return new Board(needs, glass, pauses, List.copyOf(environments), cells);
    }

    /** What is paused for one service, and why, is only for those who may see that service. */
    private static boolean concerns(Pause pause, Predicate<String> wanted) {
        return pause.covered()
                .filter(scope -> scope.kind() == PauseScope.Kind.SERVICE)
                .map(PauseScope::name)
                .filter(wanted.negate())
                .isEmpty();
    }

    /** The newest promotion, when it ended badly: success is what is live, and needs no second mention. */
    private static Promotion ended(Store store, LaneId lane) {
        return store.promotions(lane).stream()
                .findFirst()
                .filter(p -> p.state().isOver() && p.state() != Promotion.State.SUCCEEDED)
                .orElse(null);
    }

    private static void review(
            Store store, Person person, Lane.PostReview postReview, LaneRules rules, Instant now, List<Need> needs) {
        if (Gates.whyNotReview(person, postReview, rules).isPresent()) {
            return;
        }
        String day = Words.day(postReview.due(), now, ZoneId.systemDefault());
        String sentence = now.isAfter(postReview.due()) ? Messages.Need_reviewOverdue(day) : Messages.Need_review(day);
        store.promotion(postReview.promotion())
                .ifPresent(p -> needs.add(new Need(Kind.REVIEW, p, sentence, postReview.due())));
    }

    /** Somebody has said that gates must be passed, and the word of {@code person} is missing. */
    private static void override(Promotions promotions, Person person, Promotion promotion, List<Need> needs) {
        if (promotion.overrides().isEmpty() || !Jenkins.get().hasPermission(PromotionPermissions.OVERRIDE)) {
            return;
        }
        promotions
                .glass(promotion)
                .filter(g -> !g.open() && !g.words().isEmpty())
                .filter(g ->
                        g.words().stream().noneMatch(w -> w.said().person().id().equals(person.id())))
                .filter(g -> promotions.whyNotOverride(person, promotion).isEmpty())
                .ifPresent(g -> needs.add(new Need(
                        Kind.OVERRIDE, promotion, Messages.Need_override(OverrideBanner.missing(g)), g.until())));
    }

    private static void need(Promotions promotions, Person person, Promotion promotion, Instant now, List<Need> needs) {
        if (promotion.state() != Promotion.State.WAITING) {
            return;
        }
        override(promotions, person, promotion, needs);
        if (promotion.standing().stream().anyMatch(a -> a.person().id().equals(person.id()))
                || promotions.whyNot(person, promotion).isPresent()) {
            return;
        }
        List<GateStatus> open = promotions.gates(promotion.id()).stream()
                .filter(g -> g.verdict() != GateStatus.GateResult.HOLDS && !g.opensByItself())
                .toList();
        // What also waits for something else than time is not this person's turn yet.
        if (open.size() == 1 && open.get(0).kind() == GateStatus.Kind.APPROVAL) {
            needs.add(new Need(
                    Kind.APPROVAL, promotion, GateWords.said(open.get(0).said(), now), null));
        }
    }
}
