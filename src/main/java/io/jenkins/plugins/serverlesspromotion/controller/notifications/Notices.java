package io.jenkins.plugins.serverlesspromotion.controller.notifications;

import io.jenkins.plugins.serverlesspromotion.engine.lane.Event;
import io.jenkins.plugins.serverlesspromotion.engine.lane.GateStatus;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion.State;
import io.jenkins.plugins.serverlesspromotion.engine.lane.PromotionDecisions;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Transition;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Gate;
import io.jenkins.plugins.serverlesspromotion.engine.policy.LaneRules;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Person;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.format.json.WireNames;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Determines the notifications of a transition and their recipients. It reads the engine, so it must not be called
 * inside a listener of the engine.
 */
final class Notices {
    private static final Set<State> WRONG =
            EnumSet.of(State.FAILED, State.ERRORED, State.ROLLED_BACK, State.ROLLBACK_FAILED);

    /** The number of plans that are remembered as notified: the same plan sends no second notification. */
    private static final int REMEMBERED = 1000;

    private final Engine engine;
    private final Map<String, Boolean> reported = new Newest();

    Notices(Engine engine) {
        this.engine = engine;
    }

    private static final class Newest extends LinkedHashMap<String, Boolean> {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > REMEMBERED;
        }
    }

    /** The facts that are read from the engine. */
    interface Engine {
        List<GateStatus> gates(String promotion);

        /** Why this person could not approve; empty when they could. */
        Optional<String> whyNot(Person person, Promotion promotion);

        Optional<LaneRules> rules(LaneId lane);

        /** {@code orders 1.4.2 → prod} */
        String title(Promotion promotion);
    }

    /** Whether {@link #of} could have a notification; reads nothing. */
    static boolean concern(Transition transition) {
        return transition.events().stream().anyMatch(e -> switch (e.type()) {
            case STATE, APPROVAL_VOIDED, OVERRIDE_CONFIRMED -> true;
            default -> false;
        });
    }

    List<Notice> of(LaneId lane, Transition transition) {
        var notices = new ArrayList<Notice>();
        for (Promotion p : transition.lane().promotions()) {
            List<Event> events = transition.events().stream()
                    .filter(e -> p.id().equals(e.promotion()))
                    .toList();
            if (has(events, Event.Type.APPROVAL_VOIDED)) {
                voided(lane, p).ifPresent(notices::add);
            }
            events.stream()
                    .filter(e -> e.type() == Event.Type.OVERRIDE_CONFIRMED)
                    .forEach(e -> notices.addAll(broken(lane, p, e)));
            if (has(events, Event.Type.STATE)) {
                if (p.state() == State.WAITING) {
                    wanted(lane, p).ifPresent(notices::add);
                } else if (WRONG.contains(p.state())) {
                    notices.add(wrong(lane, p));
                }
            }
        }
        return notices;
    }

    private static boolean has(List<Event> events, Event.Type type) {
        return events.stream().anyMatch(e -> e.type() == type);
    }

    /**
     * The people who can give the required approval. Empty while another gate is closed that does not open with time
     * alone.
     */
    private Optional<Notice> wanted(LaneId lane, Promotion p) {
        List<GateStatus> open = engine.gates(p.id()).stream()
                .filter(g -> g.result() != GateStatus.GateResult.PASSED && !g.opensByItself())
                .toList();
        boolean theirTurn = open.size() == 1 && open.get(0).kind() == GateStatus.Kind.APPROVAL;
        if (!theirTurn
                || p.plan() == null
                || reported.put(p.id() + " " + p.plan().digest(), true) != null) {
            return Optional.empty();
        }
        Map<String, Policy.Role> roles =
                engine.rules(lane).map(LaneRules::roles).orElse(Map.of());
        Set<String> missing = open.get(0).helpers().stream()
                .filter(roles::containsKey)
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> approved = p.standing().stream().map(a -> a.person().id()).collect(Collectors.toSet());
        Set<String> able = users(missing, roles).stream()
                .filter(u -> !approved.contains(u))
                .filter(u -> engine.whyNot(new Person(u, Set.of(), "login"), p).isEmpty())
                .collect(Collectors.toCollection(TreeSet::new));
        return Optional.of(new Notice(
                Notice.Kind.APPROVAL_WANTED,
                lane,
                p.id(),
                engine.title(p) + " waits for your approval",
                requesters(p) + "\n" + open.get(0).sentence(),
                able,
                missing));
    }

    private static Set<String> users(Set<String> roles, Map<String, Policy.Role> known) {
        return roles.stream()
                .map(known::get)
                .filter(r -> r != null)
                .flatMap(r -> r.users().stream())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String requesters(Promotion p) {
        PromotionDecisions.Request first = p.requests().get(0);
        return "requested by "
                + (first.people().isEmpty() ? first.by() : String.join(", ", new TreeSet<>(first.people())))
                + (first.ticket() == null ? "" : ", ticket " + first.ticket())
                + (first.reason() == null ? "" : ": " + first.reason());
    }

    private Optional<Notice> voided(LaneId lane, Promotion p) {
        Set<String> standing = p.standing().stream().map(a -> a.person().id()).collect(Collectors.toSet());
        var reasons = new LinkedHashMap<String, String>();
        p.approvals().stream()
                .filter(a -> a.voided() != null && !standing.contains(a.person().id()))
                .forEach(a -> reasons.put(a.person().id(), a.voided()));
        return reasons.isEmpty()
                ? Optional.empty()
                : Optional.of(new Notice(
                        Notice.Kind.APPROVAL_VOID,
                        lane,
                        p.id(),
                        "your approval of " + engine.title(p) + " is void",
                        "void because " + String.join("; ", new LinkedHashSet<>(reasons.values())),
                        reasons.keySet(),
                        Set.of()));
    }

    private Notice wrong(LaneId lane, Promotion p) {
        Set<String> owners = engine.rules(lane)
                .map(LaneRules::roles)
                .map(roles -> users(Set.of(Policy.Role.SERVICE_OWNER), roles))
                .orElse(Set.of());
        var users = new TreeSet<>(p.requesters());
        users.addAll(owners);
        String state =
                WireNames.of(p.state()).toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
        return new Notice(
                Notice.Kind.WENT_WRONG,
                lane,
                p.id(),
                engine.title(p) + ": " + state,
                p.why() == null ? requesters(p) : p.why(),
                users,
                Set.of(Policy.Role.SERVICE_OWNER));
    }

    private List<Notice> broken(LaneId lane, Promotion p, Event event) {
        LaneRules rules = engine.rules(lane).orElse(null);
        if (rules == null) {
            return List.of();
        }
        var reported = new TreeSet<String>();
        reported.add(Policy.Role.SERVICE_OWNER);
        rules.approval()
                .ifPresent(a -> a.require().stream().map(Gate.Requirement::role).forEach(reported::add));
        var notices = new ArrayList<Notice>();
        Policy.BreakGlass rule = rules.environment().breakGlass();
        if (rule != null) {
            rule.require().stream().map(Gate.Requirement::role).forEach(reported::add);
        }
        var users = new TreeSet<>(users(reported, rules.roles()));
        users.addAll(p.requesters());
        notices.add(new Notice(
                Notice.Kind.OVERRIDE_CONFIRMED,
                lane,
                p.id(),
                "BREAK-GLASS: " + engine.title(p),
                event.text(),
                users,
                reported));
        if (rule != null && rule.review() != null) {
            notices.add(new Notice(
                    Notice.Kind.REVIEW_DUE,
                    lane,
                    p.id(),
                    engine.title(p) + " overrode gates and waits for your post-review",
                    event.text(),
                    users(Set.of(rule.review()), rules.roles()),
                    Set.of(rule.review())));
        }
        return notices;
    }
}
