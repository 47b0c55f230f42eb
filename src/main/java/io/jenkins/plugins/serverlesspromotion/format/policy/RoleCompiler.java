package io.jenkins.plugins.serverlesspromotion.format.policy;

import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy.Role;
import io.jenkins.plugins.serverlesspromotion.format.input.Node;
import io.jenkins.plugins.serverlesspromotion.format.input.TypedReader;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads {@code roles} of a policy, and the people that other parts of it name. */
final class RoleCompiler {
    private final TypedReader typedReader;

    RoleCompiler(TypedReader typedReader) {
        this.typedReader = typedReader;
    }

    Map<String, Role> read(TypedReader.Fields policy) {
        return PolicyNames.named(typedReader, policy.optional("roles"), "role", this::role);
    }

    private Optional<Role> role(String name, Node.Mapping map) {
        var fields = typedReader.fields(map, PolicySection.ROLE);
        Role role = people(typedReader, name, fields);
        if (role.users().isEmpty() && role.groups().isEmpty() && !fields.has("users") && !fields.has("groups")) {
            typedReader.problem(map.where(), "names no one; give role '" + name + "' users or groups");
        }
        return Optional.of(role);
    }

    /** {@code users} and {@code groups} as a role. */
    static Role people(TypedReader typedReader, String name, TypedReader.Fields fields) {
        return new Role(name, ids(typedReader, fields, "users"), ids(typedReader, fields, "groups"));
    }

    private static Set<String> ids(TypedReader typedReader, TypedReader.Fields fields, String key) {
        var ids = new HashSet<String>();
        fields.optional(key).ifPresent(node -> {
            List<Node.Scalar> items = typedReader.oneOrMore(node);
            if (items.isEmpty() && node instanceof Node.Sequence) {
                typedReader.problem(node.where(), "is empty; name a person or leave " + key + " out");
            }
            for (Node.Scalar item : items) {
                String id = item.text();
                String folded = id.toLowerCase(Locale.ROOT);
                if (id.length() > 256
                        || !id.equals(id.strip())
                        || id.codePoints().anyMatch(Character::isISOControl)) {
                    typedReader.problem(item.where(), "must be 1 to 256 characters without spaces around them");
                } else if (key.equals("users") && (folded.equals("anonymous") || folded.equals("system"))) {
                    typedReader.problem(item.where(), "'" + id + "' is a system account and cannot hold a role");
                } else if (!ids.add(id)) {
                    typedReader.problem(item.where(), "'" + id + "' is given twice");
                }
            }
        });
        return ids;
    }
}
