package io.jenkins.plugins.serverlesspromotion.format.policy;

import io.jenkins.plugins.serverlesspromotion.engine.policy.Gate;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Gate.Requirement;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy.Account;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy.Environment;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy.Grant;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy.Path;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy.Place;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy.Placement;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy.Role;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy.Service;
import io.jenkins.plugins.serverlesspromotion.engine.release.Names;
import io.jenkins.plugins.serverlesspromotion.format.SourceLocation;
import io.jenkins.plugins.serverlesspromotion.format.input.Node;
import io.jenkins.plugins.serverlesspromotion.format.input.Suggestion;
import io.jenkins.plugins.serverlesspromotion.format.input.TextPatterns;
import io.jenkins.plugins.serverlesspromotion.format.input.Times;
import io.jenkins.plugins.serverlesspromotion.format.input.TypedReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Reads {@code services} of a policy: owners, jobs, and placements. */
final class ServiceCompiler {
    private static final String EVERYWHERE_ELSE = "*";
    private static final Duration LONGEST_PAUSE = Duration.ofDays(7);
    /** A repeated group recurses, and a text of a megabyte would overflow the stack. */
    private static final int LONGEST_JOB = 1_000;

    private final TypedReader typedReader;
    private final Map<String, Account> accounts;
    private final Map<String, Environment> environments;

    ServiceCompiler(TypedReader typedReader, Map<String, Account> accounts, Map<String, Environment> environments) {
        this.typedReader = typedReader;
        this.accounts = accounts;
        this.environments = environments;
    }

    /** @param defaults placements of a service without placements of its own */
    Map<String, Service> read(TypedReader.Fields policy, Optional<Node> defaults) {
        return PolicyNames.named(
                typedReader,
                policy.optional("services"),
                "service",
                (name, map) -> Optional.of(service(name, map, defaults)));
    }

    private Service service(String name, Node.Mapping map, Optional<Node> defaults) {
        var fields = typedReader.fields(map, PolicySection.SERVICE);
        Role owners = fields.optional("owners")
                .flatMap(typedReader::mapping)
                .map(people -> RoleCompiler.people(
                        typedReader, Role.SERVICE_OWNER, typedReader.fields(people, PolicySection.PEOPLE)))
                .orElse(new Role(Role.SERVICE_OWNER, Set.of(), Set.of()));
        Map<String, Placement> placements = placements(name, fields, defaults);
        List<Path> paths = new PathCompiler(typedReader).read(name, fields, placements.keySet());
        if (!fields.has("paths")) {
            checkPath(name, map.where(), placements.keySet());
        }
        checkSoak(name, map.where(), placements.keySet());
        checkOwners(name, map.where(), owners, placements.keySet());
        return new Service(
                name,
                owners,
                jobs(name, fields, placements.keySet()),
                placements,
                paths,
                new OwnershipCompiler(typedReader).owns(name, fields, placements.keySet()));
    }

    private Map<String, Placement> placements(String service, TypedReader.Fields fields, Optional<Node> defaults) {
        var found = new LinkedHashMap<String, Placement>();
        TypedReader.Fields elsewhere = null;
        Optional<Node> list = fields.optional("placements");
        if (list.isEmpty() && !fields.has("places")) {
            if (defaults.isEmpty()) {
                typedReader.problem(
                        fields.where(),
                        "service '" + service + "' is placed nowhere; write places: \"" + service
                                + "-${environment}/eu-west-1\", or placements, or defaults.placements");
                return found;
            }
            list = defaults;
        }
        var named = new HashSet<String>();
        for (Node item : list.map(typedReader::list).orElse(List.of())) {
            Optional<Node.Mapping> map = typedReader.mapping(item);
            if (map.isEmpty()) {
                continue;
            }
            var one = typedReader.fields(map.get(), PolicySection.PLACEMENT);
            Optional<Node> node = one.required("environment", "the name of an environment, or \"*\" for all others");
            Optional<String> environment = node.flatMap(typedReader::text);
            if (environment.isEmpty()) {
                continue;
            }
            if (!named.add(environment.get())) {
                typedReader.problem(item.where(), "a second placement in " + TypedReader.shown(environment.get()));
            } else if (environment.get().equals(EVERYWHERE_ELSE)) {
                elsewhere = one;
            } else if (PolicyNames.reference(typedReader, node.get(), "environment", environments.keySet())
                    .isPresent()) {
                placement(service, environment.get(), one).ifPresent(p -> found.put(environment.get(), p));
            }
        }
        if (fields.has("places")) {
            if (elsewhere != null) {
                typedReader.problem(
                        elsewhere.where(), "'places' already defines where the other environments are; keep one");
            }
            eachOther(
                    named,
                    e -> places(service, e, fields.optional("places").orElseThrow())
                            .ifPresent(wave -> found.put(e, new Placement(List.of(wave), Duration.ZERO))));
        } else if (elsewhere != null) {
            TypedReader.Fields others = elsewhere;
            eachOther(named, e -> placement(service, e, others).ifPresent(p -> found.put(e, p)));
        } else if (named.isEmpty()) {
            list.filter(Node.Sequence.class::isInstance)
                    .ifPresent(node -> typedReader.problem(node.where(), "must name at least one environment"));
        }
        return found;
    }

    private void eachOther(Set<String> named, java.util.function.Consumer<String> environment) {
        environments.keySet().stream().filter(e -> !named.contains(e)).forEach(environment);
    }

    private Optional<Placement> placement(String service, String environment, TypedReader.Fields fields) {
        boolean waves = fields.has("waves");
        if (waves == fields.has("places")) {
            typedReader.problem(
                    fields.where(), "must have one of waves: [ [ ACCOUNT/REGION ] ] and places: ACCOUNT/REGION");
            return Optional.empty();
        }
        var all = new ArrayList<List<Place>>();
        boolean right = true;
        if (waves) {
            List<Node> items = typedReader.list(fields.optional("waves").orElseThrow());
            for (Node wave : items) {
                Optional<List<Place>> places = places(service, environment, wave);
                places.ifPresent(all::add);
                right &= places.isPresent();
            }
            if (items.isEmpty()) {
                typedReader.problem(fields.optional("waves").orElseThrow().where(), "must contain at least one wave");
            }
        } else {
            Optional<List<Place>> places =
                    places(service, environment, fields.optional("places").orElseThrow());
            places.ifPresent(all::add);
            right = places.isPresent();
        }
        var seen = new HashSet<Place>();
        for (List<Place> wave : all) {
            for (Place place : wave) {
                if (!seen.add(place)) {
                    typedReader.problem(fields.where(), place + " is given twice in " + environment);
                }
            }
        }
        Duration pause = fields.optional("pause")
                .flatMap(node -> new Times(typedReader).duration(node, Duration.ZERO, LONGEST_PAUSE))
                .orElse(Duration.ZERO);
        return right && !all.isEmpty() ? Optional.of(new Placement(all, pause)) : Optional.empty();
    }

    /** One wave: a place or a list of places, which may contain the service and the environment as patterns. */
    private Optional<List<Place>> places(String service, String environment, Node node) {
        var places = new ArrayList<Place>();
        List<Node.Scalar> items = typedReader.oneOrMore(node);
        if (items.isEmpty()) {
            if (node instanceof Node.Sequence) {
                typedReader.problem(node.where(), "must contain at least one place, as in orders-prod/eu-west-1");
            }
            return Optional.empty();
        }
        for (Node.Scalar item : items) {
            String text = item.text().replace("${service}", service).replace("${environment}", environment);
            try {
                Place place = Place.parse(text);
                if (!accounts.containsKey(place.account())) {
                    typedReader.problem(
                            item.where(),
                            "there is no account '" + TypedReader.shown(place.account()) + "' for service " + service
                                    + " in "
                                    + environment
                                    + Suggestion.of(place.account(), accounts.keySet())
                                            .map(k -> "; did you mean '" + k + "'?")
                                            .orElse("; add it to accounts, or name the environments it is placed in"));
                } else if (!Names.isRegion(place.region())) {
                    typedReader.problem(
                            item.where(),
                            "'" + TypedReader.shown(place.region()) + "' is not a region; write one such as eu-west-1");
                } else {
                    places.add(place);
                }
            } catch (IllegalArgumentException e) {
                typedReader.problem(item.where(), e.getMessage());
            }
        }
        return places.size() == items.size() ? Optional.of(places) : Optional.empty();
    }

    /** A release could never be promoted to an environment after one that does not have the service. */
    private void checkPath(String service, SourceLocation where, Set<String> placed) {
        for (String name : placed) {
            String before = environments.get(name).after();
            if (before != null && environments.containsKey(before) && !placed.contains(before)) {
                typedReader.problem(
                        where,
                        "service '" + service + "' is placed in " + name + ", which comes after " + before
                                + ", but not in " + before + "; place it there too");
            }
        }
    }

    /** A release can never have been live in an environment that does not have its service. */
    private void checkSoak(String service, SourceLocation where, Set<String> placed) {
        for (String name : placed) {
            environments.get(name).gates().stream()
                    .filter(Gate.Soak.class::isInstance)
                    .map(gate -> ((Gate.Soak) gate).environment())
                    .filter(soaked -> environments.containsKey(soaked) && !placed.contains(soaked))
                    .forEach(soaked -> typedReader.problem(
                            where,
                            "service '" + service + "' is placed in " + name + ", whose gate 'soak' asks about "
                                    + soaked + ", but not in " + soaked + "; place it there too"));
        }
    }

    private void checkOwners(String service, SourceLocation where, Role owners, Set<String> placed) {
        var needed = new TreeSet<String>();
        int most = 0;
        for (String name : placed) {
            Environment environment = environments.get(name);
            var requirements = new ArrayList<Requirement>();
            environment.gates().forEach(gate -> {
                if (gate instanceof Gate.Approval approval) {
                    requirements.addAll(approval.require());
                }
            });
            if (environment.rollback() != null) {
                requirements.add(environment.rollback());
            }
            if (environment.breakGlass() != null) {
                requirements.addAll(environment.breakGlass().require());
                requirements.add(new Requirement(environment.breakGlass().review(), 1));
            }
            for (Requirement requirement : requirements) {
                if (requirement.role().equals(Role.SERVICE_OWNER)) {
                    needed.add(name);
                    most = Math.max(most, requirement.count());
                }
            }
        }
        if (!needed.isEmpty() && owners.users().isEmpty() && owners.groups().isEmpty()) {
            typedReader.problem(
                    where,
                    "service '" + service + "' has no owners, and " + String.join(", ", needed)
                            + " requires them; write owners: { groups: [ … ] }");
        } else if (!needed.isEmpty()) {
            GateCompiler.unreachable(owners, most)
                    .ifPresent(why -> typedReader.problem(where, "service '" + service + "': " + why));
        }
    }

    private List<Grant> jobs(String service, TypedReader.Fields fields, Set<String> placed) {
        var grants = new ArrayList<Grant>();
        for (Node item : fields.list("jobs")) {
            Optional<Node.Mapping> map = typedReader.mapping(item);
            if (map.isEmpty()) {
                continue;
            }
            var one = typedReader.fields(map.get(), PolicySection.GRANT);
            Optional<String> job = one.required("job", "the full name of a job, as in team-orders/orders/main")
                    .flatMap(node -> typedReader.filled(node).filter(text -> {
                        boolean is = text.length() <= LONGEST_JOB
                                && TextPatterns.JOB.matcher(text).matches();
                        if (!is) {
                            typedReader.problem(
                                    node.where(), "must be the full name of a job, as in team-orders/orders/main");
                        }
                        return is;
                    }));
            var may = new HashSet<String>();
            one.required("may", "[ publish, \"request:dev\" ]")
                    .map(typedReader::oneOrMore)
                    .orElse(List.of())
                    .forEach(word -> {
                        may(service, word, placed);
                        may.add(word.text());
                    });
            job.ifPresent(name -> grants.add(new Grant(name, may)));
        }
        return grants;
    }

    private void may(String service, Node.Scalar word, Set<String> placed) {
        String[] parts = word.text().split(":", 2);
        if (!TextPatterns.GRANT.matcher(word.text()).matches()) {
            typedReader.problem(
                    word.where(),
                    "'" + TypedReader.shown(word.text())
                            + "' is nothing a job may do; write publish, evidence, request:ENVIRONMENT or"
                            + " rollback:ENVIRONMENT");
        } else if (parts.length == 2 && !placed.contains(parts[1])) {
            typedReader.problem(
                    word.where(),
                    "service '" + service + "' is not placed in '" + TypedReader.shown(parts[1]) + "'"
                            + Suggestion.of(parts[1], placed)
                                    .map(k -> "; did you mean '" + k + "'?")
                                    .orElse(""));
        }
    }
}
