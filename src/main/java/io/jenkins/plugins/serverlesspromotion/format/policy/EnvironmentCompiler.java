package io.jenkins.plugins.serverlesspromotion.format.policy;

import io.jenkins.plugins.serverlesspromotion.engine.policy.Gate;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Gate.Requirement;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy.Environment;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy.Role;
import io.jenkins.plugins.serverlesspromotion.engine.policy.TicketPattern;
import io.jenkins.plugins.serverlesspromotion.format.input.Graph;
import io.jenkins.plugins.serverlesspromotion.format.input.Node;
import io.jenkins.plugins.serverlesspromotion.format.input.TypedReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads {@code environments} of a policy, with their gates. */
final class EnvironmentCompiler {
    private final TypedReader typedReader;
    private final GateCompiler gates;
    private final Map<String, Environment> inForce;

    /** @param inForce environments of the policy that is in force now */
    EnvironmentCompiler(
            TypedReader typedReader, Map<String, Role> roles, Set<String> keys, Map<String, Environment> inForce) {
        this.typedReader = typedReader;
        this.inForce = inForce;
        this.gates = new GateCompiler(typedReader, roles, keys);
    }

    Map<String, Environment> read(TypedReader.Fields policy) {
        Optional<Node> list = policy.required("environments", "[ { name: dev } ]");
        list.ifPresent(node -> {
            if (node instanceof Node.Sequence sequence && sequence.items().isEmpty()) {
                typedReader.problem(node.where(), "must not be empty; write [ { name: dev } ]");
            }
        });
        var after = new LinkedHashMap<String, List<String>>();
        var places = new HashMap<String, Node>();
        Map<String, Environment> environments = PolicyNames.named(
                typedReader, list, "environment", (name, map) -> Optional.of(environment(name, map, after, places)));
        places.forEach((name, node) -> PolicyNames.reference(typedReader, node, "environment", environments.keySet()));
        gates.finish(environments.keySet());
        List<String> circle = Graph.cycle(after);
        if (!circle.isEmpty()) {
            typedReader.problem(
                    places.get(circle.get(0)).where(),
                    "environments come after each other in a circle: " + String.join(" → ", circle)
                            + "; remove one 'after'");
        }
        return environments;
    }

    private Environment environment(
            String name, Node.Mapping map, Map<String, List<String>> after, Map<String, Node> places) {
        var fields = typedReader.fields(map, PolicySection.ENVIRONMENT);
        String before = fields.optional("after")
                .flatMap(node -> typedReader.filled(node).map(text -> {
                    after.put(name, List.of(text));
                    places.put(name, node);
                    return text;
                }))
                .orElse(null);
        Set<String> patterns = patternsInForce(name);
        List<Gate> read = gates.read(fields, patterns);
        Requirement rollback = fields.optional("rollback")
                .flatMap(typedReader::mapping)
                .flatMap(gates::requirement)
                .orElse(null);
        boolean supersede = fields.bool("supersede").orElse(false);
        Policy.BreakGlass breakGlass = fields.optional("breakGlass")
                .flatMap(typedReader::mapping)
                .flatMap(rule -> gates.breakGlass(rule, patterns))
                .orElse(null);
        boolean automatic = fields.bool("autoPromote").orElse(false);
        return new Environment(
                name,
                before,
                read,
                rollback,
                supersede,
                automatic ? Policy.Arrival.AUTOMATIC : null,
                breakGlass,
                riskNeeds(fields));
    }

    private Set<String> patternsInForce(String name) {
        Environment now = inForce.get(name);
        return now == null
                ? Set.of()
                : TicketPattern.of(now).stream().map(TicketPattern::pattern).collect(Collectors.toSet());
    }

    private List<Policy.RiskNeed> riskNeeds(TypedReader.Fields environment) {
        var needs = new ArrayList<Policy.RiskNeed>();
        for (Node item : environment.list("riskNeeds")) {
            typedReader.mapping(item).ifPresent(map -> {
                var fields = typedReader.fields(map, PolicySection.RISK_NEED);
                Optional<String> finding = fields.required("finding", "a kind of finding, such as iamBroadening")
                        .flatMap(node -> fields.word("finding"));
                Optional<Requirement> who = gates.requirement(fields);
                if (finding.isPresent() && who.isPresent()) {
                    needs.add(new Policy.RiskNeed(finding.get(), who.get()));
                }
            });
        }
        return needs;
    }
}
