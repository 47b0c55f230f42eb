package io.jenkins.plugins.serverlesspromotion.format;

import io.jenkins.plugins.serverlesspromotion.engine.policy.Adoption;
import io.jenkins.plugins.serverlesspromotion.engine.policy.OwnedResources;
import io.jenkins.plugins.serverlesspromotion.engine.policy.SharedFunctions;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads what a policy says about owners: {@code owns} of a service, {@code shared} and {@code adopt}. */
final class OwnershipCompiler {
    /** What names of stacks, functions, buckets and ids of distributions are made of. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9*][A-Za-z0-9._*-]{0,127}");

    private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{(service|environment)}");

    private final Reading reading;

    OwnershipCompiler(Reading reading) {
        this.reading = reading;
    }

    /** @param environments that the service is placed in */
    List<OwnedResources> owns(String service, Reading.Fields fields, Set<String> environments) {
        var all = new ArrayList<OwnedResources>();
        for (Node item : fields.list("owns")) {
            reading.mapping(item).ifPresent(map -> {
                var one = reading.fields(map, PolicySection.OWNS);
                Optional<String> environment = one.optional("environment").flatMap(node -> {
                    Optional<String> name = reading.filled(node);
                    name.filter(n -> !environments.contains(n))
                            .ifPresent(n -> reading.problem(
                                    node.where(),
                                    "service '" + service + "' is not placed in '" + Reading.shown(n)
                                            + "'; name one of its environments, or leave environment out for all"));
                    return name;
                });
                var owns = new OwnedResources(
                        environment.orElse(null),
                        patterns(one, "stacks"),
                        patterns(one, "functions"),
                        patterns(one, "buckets"),
                        patterns(one, "distributions"));
                if (owns.stacks().isEmpty()
                        && owns.functions().isEmpty()
                        && owns.buckets().isEmpty()
                        && owns.distributions().isEmpty()) {
                    reading.problem(item.where(), "names nothing; write stacks, functions, buckets or distributions");
                }
                all.add(owns);
            });
        }
        return all;
    }

    List<SharedFunctions> shared(Reading.Fields policy, Set<String> accounts, Set<String> services) {
        var all = new ArrayList<SharedFunctions>();
        for (Node item : policy.list("shared")) {
            reading.mapping(item).ifPresent(map -> {
                var one = reading.fields(map, PolicySection.SHARED);
                one.required("functions", "[ \"smoke-*\" ]");
                all.add(new SharedFunctions(
                        patterns(one, "functions"),
                        names(one, "accounts", "account", accounts),
                        names(one, "services", "service", services)));
            });
        }
        return all;
    }

    /** Null when nothing is said. */
    Adoption adopt(Reading.Fields policy) {
        return policy.optional("adopt")
                .flatMap(reading::mapping)
                .map(map -> {
                    var one = reading.fields(map, PolicySection.ADOPT);
                    one.required("mode", "warn");
                    one.word("mode");
                    return one.required("until", "the last day on which it counts, such as \"2027-03-31\"")
                            .flatMap(this::date)
                            .map(Adoption::new)
                            .orElse(null);
                })
                .orElse(null);
    }

    private Optional<LocalDate> date(Node node) {
        return reading.filled(node).flatMap(text -> {
            try {
                return Optional.of(LocalDate.parse(text));
            } catch (DateTimeParseException e) {
                reading.problem(node.where(), "'" + Reading.shown(text) + "' is no date; write it as \"2027-03-31\"");
                return Optional.empty();
            }
        });
    }

    private List<String> names(Reading.Fields fields, String key, String what, Set<String> known) {
        return fields.optional(key).map(reading::oneOrMore).orElse(List.of()).stream()
                .flatMap(item -> PolicyNames.reference(reading, item, what, known).stream())
                .toList();
    }

    private List<String> patterns(Reading.Fields fields, String key) {
        var patterns = new ArrayList<String>();
        for (Node.Scalar item : fields.optional(key).map(reading::oneOrMore).orElse(List.of())) {
            String text = item.text();
            String bare = PLACEHOLDER.matcher(text).replaceAll("x");
            if (!NAME.matcher(bare).matches()) {
                reading.problem(
                        item.where(),
                        "'" + Reading.shown(text) + "' is no name; write letters, digits, dashes, dots or underscores,"
                                + " with * for any part, ${service} and ${environment}");
            } else if (bare.replace("*", "").isEmpty()) {
                reading.problem(
                        item.where(), "'" + Reading.shown(text) + "' would own everything; write a part of the name");
            }
            patterns.add(text);
        }
        return patterns;
    }
}
