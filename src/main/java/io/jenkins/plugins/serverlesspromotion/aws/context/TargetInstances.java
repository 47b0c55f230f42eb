package io.jenkins.plugins.serverlesspromotion.aws.context;

import io.jenkins.plugins.serverlesspromotion.aws.DeploymentException;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy.Place;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy.Placement;
import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The targets of a manifest in the places of an environment. A target is in every place. A target with regions of its
 * own is there once per account, and belongs to the first wave with that account.
 */
public final class TargetInstances {
    private final List<TargetInstance> slots;

    private TargetInstances(List<TargetInstance> slots) {
        this.slots = slots;
    }

    /** One target in one place. */
    public record TargetInstance(Place place, Manifest.Target target, int wave, List<String> after) {
        public TargetInstance {
            after = List.copyOf(after);
        }

        public String key() {
            return Plan.key(place, target.name());
        }
    }

    /** @throws DeploymentException when targets wait for each other */
    public static TargetInstances of(Placement placement, Manifest manifest) {
        var waves = new LinkedHashMap<String, TargetInstance>();
        for (int wave = 0; wave < placement.waves().size(); wave++) {
            for (Place place : placement.waves().get(wave)) {
                for (Manifest.Target target : manifest.targets()) {
                    for (String region : target.regions().isEmpty() ? List.of(place.region()) : target.regions()) {
                        var targetInstance =
                                new TargetInstance(new Place(place.account(), region), target, wave, List.of());
                        waves.putIfAbsent(targetInstance.key(), targetInstance);
                    }
                }
            }
        }
        var linked = new LinkedHashMap<String, TargetInstance>();
        waves.forEach((key, targetInstance) -> linked.put(
                key,
                new TargetInstance(
                        targetInstance.place(),
                        targetInstance.target(),
                        targetInstance.wave(),
                        after(targetInstance, manifest, waves.values()))));
        return new TargetInstances(ordered(linked));
    }

    private static List<String> after(TargetInstance targetInstance, Manifest manifest, Iterable<TargetInstance> all) {
        var keys = new ArrayList<String>();
        for (String name : manifest.dependencies(targetInstance.target())) {
            var near = new ArrayList<String>();
            var far = new ArrayList<String>();
            for (TargetInstance other : all) {
                if (other.target().name().equals(name)
                        && other.place().account().equals(targetInstance.place().account())
                        && other.wave() <= targetInstance.wave()) {
                    (other.place().region().equals(targetInstance.place().region()) ? near : far).add(other.key());
                }
            }
            keys.addAll(near.isEmpty() ? far : near);
        }
        return keys;
    }

    private static List<TargetInstance> ordered(Map<String, TargetInstance> slots) {
        var order = new LinkedHashMap<String, TargetInstance>();
        var waiting = new ArrayList<>(slots.values());
        waiting.sort((a, b) -> Integer.compare(a.wave(), b.wave()));
        while (!waiting.isEmpty()) {
            int before = waiting.size();
            for (var one = waiting.iterator(); one.hasNext(); ) {
                TargetInstance targetInstance = one.next();
                if (order.keySet().containsAll(targetInstance.after())) {
                    order.put(targetInstance.key(), targetInstance);
                    one.remove();
                }
            }
            if (waiting.size() == before) {
                throw DeploymentException.failed("the targets "
                        + waiting.stream()
                                .map(s -> s.target().name())
                                .distinct()
                                .sorted()
                                .toList()
                        + " wait for each other; remove one 'after' or output reference from the manifest");
            }
        }
        // Later waves last again: another instance of its own wave may have delayed an instance.
        var list = new ArrayList<>(order.values());
        list.sort((a, b) -> Integer.compare(a.wave(), b.wave()));
        return List.copyOf(list);
    }

    /** In an order in which they could be deployed one after the other. */
    public List<TargetInstance> slots() {
        return slots;
    }

    /** Groups of instances; a group depends on earlier ones only. */
    public List<List<TargetInstance>> levels() {
        var level = new LinkedHashMap<String, Integer>();
        var groups = new ArrayList<List<TargetInstance>>();
        for (TargetInstance targetInstance : slots) {
            int depth =
                    targetInstance.after().stream().mapToInt(level::get).max().orElse(-1) + 1;
            level.put(targetInstance.key(), depth);
            while (groups.size() <= depth) {
                groups.add(new ArrayList<>());
            }
            groups.get(depth).add(targetInstance);
        }
        return groups;
    }

    public Optional<TargetInstance> slot(String key) {
        return slots.stream().filter(s -> s.key().equals(key)).findFirst();
    }

    /**
     * The instance of {@code target} for {@code place}: there, or in the account's only other region.
     *
     * @throws DeploymentException when the account has several and none is the place's
     */
    public Optional<TargetInstance> seenFrom(Place place, String target) {
        var here = slot(Plan.key(place, target));
        if (here.isPresent()) {
            return here;
        }
        var others = slots.stream()
                .filter(s ->
                        s.target().name().equals(target) && s.place().account().equals(place.account()))
                .toList();
        if (others.size() > 1) {
            throw DeploymentException.failed("target " + target + " lives in several regions of account "
                    + place.account() + " and in none that is " + place.region()
                    + "'s own, so an output of it is ambiguous there; give it one region");
        }
        return others.stream().findFirst();
    }
}
