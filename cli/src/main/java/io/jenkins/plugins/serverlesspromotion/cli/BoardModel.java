package io.jenkins.plugins.serverlesspromotion.cli;

import io.jenkins.plugins.serverlesspromotion.engine.policy.LaneRules;
import io.jenkins.plugins.serverlesspromotion.engine.lane.GateStatus;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Lane;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.engine.lane.GateContext.Pause;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Person;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What is where: services by environments, with what needs a person first.
 *
 * @param environments in the order of policy
 * @param cells by service and environment; a service has no cell where policy does not place it
 */
record BoardModel(
        Person person,
        List<Need> needs,
        List<Pause> pauses,
        List<String> environments,
        Map<String, Map<String, Cell>> cells) {

    /** A promotion that {@code person} can bring on, and what it waits for. */
    record Need(Promotion promotion, String sentence) {}

    /**
     * One lane.
     *
     * @param placed whether policy still places the service there
     * @param ended the newest promotion when it ended otherwise than in success, null when it did not
     */
    record Cell(Lane lane, boolean placed, Promotion ended) {}

    /** A board of nothing, for a home in which nothing has happened. */
    static BoardModel empty(Person person) {
        return new BoardModel(person, List.of(), List.of(), List.of(), Map.of());
    }

    /** @param service only this one; null: all */
    static BoardModel of(Home home, Person person, String service) {
        Policy policy = home.store().policy().map(p -> p.policy()).orElse(null);
        Set<String> services = new TreeSet<>(home.store().services());
        Set<String> environments = new LinkedHashSet<>();
        if (policy != null) {
            services.addAll(policy.services().keySet());
            environments.addAll(policy.environments().keySet());
        }
        home.store().lanes().forEach(lane -> {
            services.add(lane.service());
            environments.add(lane.environment());
        });
        if (service != null) {
            if (!services.contains(service)) {
                throw CommandException.no("there is no service " + service + "; known are "
                        + (services.isEmpty() ? "none" : String.join(", ", services)));
            }
            services.retainAll(Set.of(service));
        }
        var cells = new LinkedHashMap<String, Map<String, Cell>>();
        var needs = new ArrayList<Need>();
        for (String name : services) {
            var row = new LinkedHashMap<String, Cell>();
            for (String environment : environments) {
                var id = new LaneId(name, environment);
                boolean placed =
                        policy != null && LaneRules.of(policy, name, environment).isPresent();
                if (placed || home.store().lanes().contains(id)) {
                    Lane lane = home.store().lane(id);
                    row.put(environment, new Cell(lane, placed, ended(home, lane)));
                    lane.promotions().forEach(p -> need(home, person, p, needs));
                }
            }
            cells.put(name, row);
        }
        environments.removeIf(e -> cells.values().stream().noneMatch(row -> row.containsKey(e)));
        return new BoardModel(person, needs, home.store().pauses(), List.copyOf(environments), cells);
    }

    /** The newest promotion, when it ended badly: success is what is live, and needs no second mention. */
    private static Promotion ended(Home home, Lane lane) {
        return home.store().promotions(lane.id()).stream()
                .findFirst()
                .filter(p -> p.state().isOver() && p.state() != Promotion.State.SUCCEEDED)
                .orElse(null);
    }

    private static void need(Home home, Person person, Promotion promotion, List<Need> needs) {
        if (promotion.state() != Promotion.State.WAITING
                || promotion.standing().stream().anyMatch(a -> a.person().id().equals(person.id()))
                || home.promotions().whyNot(person, promotion).isPresent()) {
            return;
        }
        List<GateStatus> open = home.promotions().gates(promotion.id()).stream()
                .filter(g -> g.verdict() != GateStatus.GateResult.HOLDS && !g.opensByItself())
                .toList();
        // What also waits for something else than time is not this person's turn yet.
        if (open.size() == 1 && open.get(0).kind() == GateStatus.Kind.APPROVAL) {
            needs.add(new Need(promotion, open.get(0).sentence()));
        }
    }
}
