package io.jenkins.plugins.serverlesspromotion.format.policy;

import io.jenkins.plugins.serverlesspromotion.engine.policy.Freeze;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Hours;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy.Service;
import io.jenkins.plugins.serverlesspromotion.format.input.Node;
import io.jenkins.plugins.serverlesspromotion.format.input.Times;
import io.jenkins.plugins.serverlesspromotion.format.input.TypedReader;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads {@code freezes} of a policy. */
final class FreezeCompiler {
    private final TypedReader typedReader;
    private final Times times;
    private final Set<String> environments;
    private final Set<String> paths;

    FreezeCompiler(TypedReader typedReader, Set<String> environments, Collection<Service> services) {
        this.typedReader = typedReader;
        this.times = new Times(typedReader);
        this.environments = environments;
        this.paths = services.stream()
                .flatMap(s -> s.paths().stream())
                .map(p -> p.name())
                .collect(Collectors.toSet());
    }

    Map<String, Freeze> read(TypedReader.Fields policy) {
        return PolicyNames.named(typedReader, policy.optional("freezes"), "freeze", this::freeze);
    }

    private Optional<Freeze> freeze(String name, Node.Mapping map) {
        var fields = typedReader.fields(map, PolicySection.FREEZE);
        var from = fields.required("from", "\"2026-12-20T00:00\"").flatMap(times::moment);
        var until = fields.required("until", "\"2027-01-02T00:00\"").flatMap(times::moment);
        var zone = fields.required("zone", "a time zone such as Europe/Berlin").flatMap(times::zone);
        List<String> where = references(fields, "environments", "environment", environments);
        List<String> exempt = references(fields, "exempt", "path", paths);
        if (from.isEmpty() || until.isEmpty() || zone.isEmpty()) {
            return Optional.empty();
        }
        if (!Hours.instant(from.get(), zone.get()).isBefore(Hours.instant(until.get(), zone.get()))) {
            typedReader.problem(map.where(), "ends before it begins; 'until' must be later than 'from'");
        }
        return Optional.of(new Freeze(name, from.get(), until.get(), zone.get(), where, exempt));
    }

    private List<String> references(TypedReader.Fields fields, String key, String what, Set<String> known) {
        var all = new ArrayList<String>();
        fields.optional(key).ifPresent(node -> {
            for (Node.Scalar item : typedReader.oneOrMore(node)) {
                PolicyNames.reference(typedReader, item, what, known).ifPresent(all::add);
            }
            if (node instanceof Node.Sequence list && list.items().isEmpty()) {
                typedReader.problem(node.where(), "is empty; name one, or leave it out");
            }
        });
        return all;
    }
}
