package io.jenkins.plugins.serverlesspromotion.format.policy;

import io.jenkins.plugins.serverlesspromotion.engine.policy.Adoption;
import io.jenkins.plugins.serverlesspromotion.engine.policy.OwnedResources;
import io.jenkins.plugins.serverlesspromotion.engine.policy.SharedFunctions;
import io.jenkins.plugins.serverlesspromotion.format.input.Node;
import io.jenkins.plugins.serverlesspromotion.format.input.TypedReader;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads the rules of a policy about owners: {@code owns} of a service, {@code shared} and {@code adopt}. */
final class OwnershipCompiler {
    /** The characters of names of stacks, functions and buckets and of ids of distributions. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9*][A-Za-z0-9._*-]{0,127}");

    private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{(service|environment)}");

    private final TypedReader typedReader;

    OwnershipCompiler(TypedReader typedReader) {
        this.typedReader = typedReader;
    }

    /** @param environments that the service is placed in */
    List<OwnedResources> owns(String service, TypedReader.Fields fields, Set<String> environments) {
        var all = new ArrayList<OwnedResources>();
        for (Node item : fields.list("owns")) {
            typedReader.mapping(item).ifPresent(map -> {
                var one = typedReader.fields(map, PolicySection.OWNS);
                Optional<String> environment = one.optional("environment").flatMap(node -> {
                    Optional<String> name = typedReader.filled(node);
                    name.filter(n -> !environments.contains(n))
                            .ifPresent(n -> typedReader.problem(
                                    node.where(),
                                    "service '" + service + "' is not placed in '" + TypedReader.shown(n)
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
                    typedReader.problem(
                            item.where(), "names nothing; write stacks, functions, buckets or distributions");
                }
                all.add(owns);
            });
        }
        return all;
    }

    List<SharedFunctions> shared(TypedReader.Fields policy, Set<String> accounts, Set<String> services) {
        var all = new ArrayList<SharedFunctions>();
        for (Node item : policy.list("shared")) {
            typedReader.mapping(item).ifPresent(map -> {
                var one = typedReader.fields(map, PolicySection.SHARED);
                one.required("functions", "[ \"smoke-*\" ]");
                all.add(new SharedFunctions(
                        patterns(one, "functions"),
                        names(one, "accounts", "account", accounts),
                        names(one, "services", "service", services)));
            });
        }
        return all;
    }

    /** Null when it is not set. */
    Adoption adopt(TypedReader.Fields policy) {
        return policy.optional("adopt")
                .flatMap(typedReader::mapping)
                .map(map -> {
                    var one = typedReader.fields(map, PolicySection.ADOPT);
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
        return typedReader.filled(node).flatMap(text -> {
            try {
                return Optional.of(LocalDate.parse(text));
            } catch (DateTimeParseException e) {
                typedReader.problem(
                        node.where(), "'" + TypedReader.shown(text) + "' is no date; write it as \"2027-03-31\"");
                return Optional.empty();
            }
        });
    }

    private List<String> names(TypedReader.Fields fields, String key, String what, Set<String> known) {
        return fields.optional(key).map(typedReader::oneOrMore).orElse(List.of()).stream()
                .flatMap(item -> PolicyNames.reference(typedReader, item, what, known).stream())
                .toList();
    }

    private List<String> patterns(TypedReader.Fields fields, String key) {
        var patterns = new ArrayList<String>();
        for (Node.Scalar item : fields.optional(key).map(typedReader::oneOrMore).orElse(List.of())) {
            String text = item.text();
            String bare = PLACEHOLDER.matcher(text).replaceAll("x");
            if (!NAME.matcher(bare).matches()) {
                typedReader.problem(
                        item.where(),
                        "'" + TypedReader.shown(text)
                                + "' is no name; write letters, digits, dashes, dots or underscores,"
                                + " with * for any part, ${service} and ${environment}");
            } else if (bare.replace("*", "").isEmpty()) {
                typedReader.problem(
                        item.where(),
                        "'" + TypedReader.shown(text) + "' would own everything; write a part of the name");
            }
            patterns.add(text);
        }
        return patterns;
    }
}
