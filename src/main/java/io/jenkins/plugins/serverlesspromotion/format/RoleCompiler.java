package io.jenkins.plugins.serverlesspromotion.format;

import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy.Role;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads {@code roles} of a policy, and the people that anything else in it names. */
final class RoleCompiler {
    private final Reading reading;

    RoleCompiler(Reading reading) {
        this.reading = reading;
    }

    Map<String, Role> read(Reading.Fields policy) {
        return PolicyNames.named(reading, policy.optional("roles"), "role", this::role);
    }

    private Optional<Role> role(String name, Node.Mapping map) {
        var fields = reading.fields(map, PolicySection.ROLE);
        Role role = people(reading, name, fields);
        if (role.users().isEmpty() && role.groups().isEmpty() && !fields.has("users") && !fields.has("groups")) {
            reading.problem(map.where(), "names nobody; give role '" + name + "' users or groups");
        }
        return Optional.of(role);
    }

    /** {@code users} and {@code groups} as a role. */
    static Role people(Reading reading, String name, Reading.Fields fields) {
        return new Role(name, ids(reading, fields, "users"), ids(reading, fields, "groups"));
    }

    private static Set<String> ids(Reading reading, Reading.Fields fields, String key) {
        var ids = new HashSet<String>();
        fields.optional(key).ifPresent(node -> {
            List<Node.Scalar> items = reading.oneOrMore(node);
            if (items.isEmpty() && node instanceof Node.Sequence) {
                reading.problem(node.where(), "is empty; name somebody or leave " + key + " out");
            }
            for (Node.Scalar item : items) {
                String id = item.text();
                String folded = id.toLowerCase(Locale.ROOT);
                if (id.length() > 256
                        || !id.equals(id.strip())
                        || id.codePoints().anyMatch(Character::isISOControl)) {
                    reading.problem(item.where(), "must be 1 to 256 characters without spaces around them");
                } else if (key.equals("users") && (folded.equals("anonymous") || folded.equals("system"))) {
                    reading.problem(item.where(), "'" + id + "' is nobody in person and cannot hold a role");
                } else if (!ids.add(id)) {
                    reading.problem(item.where(), "'" + id + "' is given twice");
                }
            }
        });
        return ids;
    }
}
