package io.jenkins.plugins.serverlesspromotion.format;

import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy.Environment;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy.Gate;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy.Requirement;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy.Role;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Reads {@code environments} of a policy, with their gates. */
final class EnvironmentCompiler {
    static final Duration DEFAULT_EXPIRY = Duration.ofHours(24);

    /** An approval that may wait longer than this is one that was forgotten. */
    private static final Duration LONGEST_EXPIRY = Duration.ofDays(90);

    private static final int MOST_PEOPLE = 100;
    private static final String LATER = " not supported by this version; remove it";
    private static final Map<String, String> UNSUPPORTED = Map.of(
            "riskNeeds", "'riskNeeds' is" + LATER + ", and require the role in the approval",
            "freezes", "freezes are" + LATER,
            "breakGlass", "break-glass is" + LATER);
    private static final Map<String, String> UNSUPPORTED_GATES = gates();
    private static final Map<String, String> UNSUPPORTED_APPROVAL = Map.of(
            "excludeAuthors", "'excludeAuthors' is" + LATER,
            "unmappedAuthors", "'unmappedAuthors' is" + LATER,
            "maxLoginAge", "'maxLoginAge' is" + LATER);

    private final Reading reading;
    private final Map<String, Role> roles;

    EnvironmentCompiler(Reading reading, Map<String, Role> roles) {
        this.reading = reading;
        this.roles = roles;
    }

    private static Map<String, String> gates() {
        var gates = new TreeMap<String, String>();
        for (String gate : List.of("evidence", "soak", "window", "freeze", "dependency", "alarm", "containsLive")) {
            gates.put(gate, "the gate '" + gate + "' is" + LATER);
        }
        return gates;
    }

    Map<String, Environment> read(Reading.Fields policy) {
        Optional<Node> list = policy.required("environments", "[ { name: dev } ]");
        list.ifPresent(node -> {
            if (node instanceof Node.Sequence sequence && sequence.items().isEmpty()) {
                reading.problem(node.where(), "must not be empty; write [ { name: dev } ]");
            }
        });
        var after = new LinkedHashMap<String, List<String>>();
        var places = new HashMap<String, Node>();
        Map<String, Environment> environments = PolicyCompiler.named(
                reading, list, "environment", (name, map) -> Optional.of(environment(name, map, after, places)));
        places.forEach((name, node) -> PolicyCompiler.reference(reading, node, "environment", environments.keySet()));
        List<String> circle = Graph.cycle(after);
        if (!circle.isEmpty()) {
            reading.problem(
                    places.get(circle.get(0)).where(),
                    "environments come after each other in a circle: " + String.join(" → ", circle)
                            + "; remove one 'after'");
        }
        return environments;
    }

    private Environment environment(
            String name, Node.Mapping map, Map<String, List<String>> after, Map<String, Node> places) {
        var fields = reading.fields(map, UNSUPPORTED, "name", "after", "gates", "rollback");
        String before = fields.optional("after")
                .flatMap(node -> reading.filled(node).map(text -> {
                    after.put(name, List.of(text));
                    places.put(name, node);
                    return text;
                }))
                .orElse(null);
        var gates = new ArrayList<Gate>();
        for (Node item : fields.list("gates")) {
            reading.mapping(item).ifPresent(gate -> {
                var one = reading.fields(gate, UNSUPPORTED_GATES, "approval");
                Optional<Node.Mapping> approval = one.optional("approval").flatMap(reading::mapping);
                if (approval.isPresent() && !gates.isEmpty()) {
                    reading.problem(
                            item.where(), "a second approval gate; put every requirement into 'require' of the first");
                } else if (approval.isPresent()) {
                    gates.add(approval(approval.get()));
                } else if (gate.members().isEmpty()) {
                    reading.problem(item.where(), "is no gate; write approval: { require: [ … ] }");
                }
            });
        }
        Requirement rollback = fields.optional("rollback")
                .flatMap(reading::mapping)
                .flatMap(this::requirement)
                .orElse(null);
        return new Environment(name, before, gates, rollback);
    }

    private Gate approval(Node.Mapping map) {
        var fields = reading.fields(map, UNSUPPORTED_APPROVAL, "require", "excludeRequesters", "expiresAfter");
        var require = new ArrayList<Requirement>();
        Set<String> seen = new HashSet<>();
        Optional<Node> list = fields.required("require", "[ { role: ROLE, count: 1 } ]");
        for (Node item : list.map(reading::list).orElse(List.of())) {
            reading.mapping(item).flatMap(this::requirement).ifPresent(requirement -> {
                if (!seen.add(requirement.role())) {
                    reading.problem(
                            item.where(), "role '" + requirement.role() + "' is required twice; add the counts up");
                }
                require.add(requirement);
            });
        }
        list.ifPresent(node -> {
            if (node instanceof Node.Sequence sequence && sequence.items().isEmpty()) {
                reading.problem(node.where(), "requires nobody; name a role, or remove the gate");
            }
        });
        boolean excludeRequesters =
                fields.optional("excludeRequesters").flatMap(reading::bool).orElse(true);
        Duration expiresAfter = fields.optional("expiresAfter")
                .flatMap(node -> duration(reading, node, Duration.ofMinutes(1), LONGEST_EXPIRY))
                .orElse(DEFAULT_EXPIRY);
        return new Gate.Approval(require, excludeRequesters, expiresAfter);
    }

    private Optional<Requirement> requirement(Node.Mapping map) {
        var fields = reading.fields(map, "role", "count");
        Optional<Node> node = fields.required("role", "the name of a role, or " + Role.SERVICE_OWNER);
        var known = new java.util.LinkedHashSet<>(roles.keySet());
        known.add(Role.SERVICE_OWNER);
        Optional<String> role = node.flatMap(n -> PolicyCompiler.reference(reading, n, "role", known));
        int count = fields.optional("count")
                .flatMap(n -> reading.integer(n, 1, MOST_PEOPLE))
                .orElse(1);
        role.map(roles::get)
                .flatMap(r -> unreachable(r, count))
                .ifPresent(why -> reading.problem(
                        fields.optional("count").orElse(node.get()).where(), why));
        return role.map(name -> new Requirement(name, count));
    }

    /** Why so many people of a role can never be found. */
    static Optional<String> unreachable(Role role, int count) {
        return role.groups().isEmpty() && count > role.users().size()
                ? Optional.of(count + " people of role '" + role.name() + "' are required, and it names only "
                        + role.users().size() + " and no group")
                : Optional.empty();
    }

    static Optional<Duration> duration(Reading reading, Node node, Duration least, Duration most) {
        return reading.text(node).flatMap(text -> {
            try {
                Duration duration = Durations.parse(text);
                if (duration.compareTo(least) >= 0 && duration.compareTo(most) <= 0) {
                    return Optional.of(duration);
                }
                reading.problem(
                        node.where(),
                        "must be from " + shown(least) + " to " + shown(most) + ", not " + Reading.shown(text));
            } catch (IllegalArgumentException e) {
                reading.problem(node.where(), e.getMessage());
            }
            return Optional.empty();
        });
    }

    private static String shown(Duration duration) {
        return duration.toDays() > 0
                ? duration.toDays() + "d"
                : duration.toMinutes() > 0 ? duration.toMinutes() + "m" : "0s";
    }
}
