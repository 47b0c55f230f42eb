package io.jenkins.plugins.serverlesspromotion.format.policy;

import io.jenkins.plugins.serverlesspromotion.engine.policy.Gate;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Gate.Authors;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Gate.Comment;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Gate.Overrun;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Gate.Requirement;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy.BreakGlass;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy.Role;
import io.jenkins.plugins.serverlesspromotion.engine.port.Patterns;
import io.jenkins.plugins.serverlesspromotion.format.input.Node;
import io.jenkins.plugins.serverlesspromotion.format.input.TextPatterns;
import io.jenkins.plugins.serverlesspromotion.format.input.Times;
import io.jenkins.plugins.serverlesspromotion.format.input.TypedReader;
import java.time.DayOfWeek;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Reads {@code environments[].gates} of a policy. */
final class GateCompiler {
    static final Duration DEFAULT_EXPIRY = Duration.ofHours(24);

    /** An approval that is pending longer than this was forgotten. */
    private static final Duration LONGEST_EXPIRY = Duration.ofDays(90);

    private static final Duration DEFAULT_OVERRIDE = Duration.ofHours(1);
    private static final Duration LONGEST_OVERRIDE = Duration.ofHours(24);
    private static final Duration LONGEST_SOAK = Duration.ofDays(90);
    private static final Duration OLDEST_EVIDENCE = Duration.ofDays(3650);

    private static final Pattern ALARM = Pattern.compile("[^\\p{Cntrl}$]{0,255}");

    private final TypedReader typedReader;
    private final Times times;
    private final Map<String, Role> roles;
    private final Set<String> keys;
    private final Patterns patterns = new Re2Patterns();

    /** The nodes in which soak gates name their environment, resolved when all environments are known. */
    private final List<Node> environments = new ArrayList<>();

    /** @param keys names of {@code evidenceKeys} */
    GateCompiler(TypedReader typedReader, Map<String, Role> roles, Set<String> keys) {
        this.keys = keys;
        this.typedReader = typedReader;
        this.times = new Times(typedReader);
        this.roles = roles;
    }

    /** @param inForce patterns of the environment that are in force: an unusable one closes only its own gate */
    List<Gate> read(TypedReader.Fields environment, Set<String> inForce) {
        var gates = new ArrayList<Gate>();
        for (Node item : environment.list("gates")) {
            typedReader.mapping(item).ifPresent(map -> {
                var one = typedReader.fields(map, PolicySection.GATE);
                if (map.members().size() > 1) {
                    typedReader.problem(item.where(), "holds more than one gate; begin each with a dash of its own");
                } else if (map.members().isEmpty()) {
                    typedReader.problem(item.where(), "is no gate; write approval: { require: [ … ] }");
                } else {
                    gate(one, inForce).ifPresent(gate -> {
                        single(item, gate, gates);
                        gates.add(gate);
                    });
                }
            });
        }
        return gates;
    }

    /** Two approvals, or two ticket gates, are a mistake: they can only be meant as one. */
    private void single(Node item, Gate gate, List<Gate> before) {
        boolean second = before.stream().anyMatch(g -> g.getClass() == gate.getClass());
        if (second && gate instanceof Gate.Approval) {
            typedReader.problem(
                    item.where(), "a second approval gate; put every requirement into 'require' of the first");
        } else if (second && gate instanceof Gate.Ticket) {
            typedReader.problem(item.where(), "a second ticket gate; one pattern can name alternatives: A|B");
        }
    }

    private Optional<Gate> gate(TypedReader.Fields one, Set<String> inForce) {
        if (one.has("ticket")) {
            return one.optional("ticket").flatMap(node -> ticket(node, inForce));
        }
        if (one.has("containsLive")) {
            return one.optional("containsLive").flatMap(this::containsLive);
        }
        for (String kind : List.of("approval", "window", "soak", "evidence", "alarm")) {
            Optional<Node.Mapping> map = one.optional(kind).flatMap(typedReader::mapping);
            if (map.isPresent()) {
                return switch (kind) {
                    case "approval" -> Optional.of(approval(map.get()));
                    case "window" -> window(map.get());
                    case "soak" -> soak(map.get());
                    case "alarm" -> alarm(map.get());
                    default -> evidence(map.get());
                };
            }
        }
        return Optional.empty();
    }

    private Gate approval(Node.Mapping map) {
        var fields = typedReader.fields(map, PolicySection.APPROVAL);
        List<Requirement> require = require(fields);
        boolean excludeRequesters = fields.bool("excludeRequesters").orElse(true);
        Duration expiresAfter = fields.optional("expiresAfter")
                .flatMap(node -> times.duration(node, Duration.ofMinutes(1), LONGEST_EXPIRY))
                .orElse(DEFAULT_EXPIRY);
        Optional<String> comment = fields.word("comment");
        return new Gate.Approval(
                require,
                excludeRequesters,
                expiresAfter,
                authors(fields),
                comment.filter("required"::equals).isPresent() ? Comment.REQUIRED : null);
    }

    private List<Requirement> require(TypedReader.Fields fields) {
        var require = new ArrayList<Requirement>();
        Set<String> seen = new HashSet<>();
        Optional<Node> list = fields.required("require", "[ { role: ROLE, count: 1 } ]");
        for (Node item : list.map(typedReader::list).orElse(List.of())) {
            typedReader.mapping(item).flatMap(this::requirement).ifPresent(requirement -> {
                if (!seen.add(requirement.role())) {
                    typedReader.problem(
                            item.where(), "role '" + requirement.role() + "' is required twice; add the counts up");
                }
                require.add(requirement);
            });
        }
        list.ifPresent(node -> {
            if (node instanceof Node.Sequence sequence && sequence.items().isEmpty()) {
                typedReader.problem(node.where(), "requires no one; name a role, or remove the gate");
            }
        });
        return require;
    }

    private Authors authors(TypedReader.Fields fields) {
        boolean exclude = fields.bool("excludeAuthors").orElse(false);
        Optional<Node> unmapped = fields.optional("unmappedAuthors");
        Optional<String> rule = fields.word("unmappedAuthors");
        if (unmapped.isPresent() && !exclude) {
            typedReader.problem(
                    unmapped.get().where(), "has no effect without excludeAuthors: true; write that too, or remove it");
        }
        return !exclude
                ? null
                : rule.filter("ignore"::equals).isPresent() ? Authors.IGNORE_UNMAPPED : Authors.BLOCK_UNMAPPED;
    }

    Optional<Requirement> requirement(Node.Mapping map) {
        return requirement(typedReader.fields(map, PolicySection.REQUIREMENT));
    }

    /** {@code role} and {@code count} among other keys. */
    Optional<Requirement> requirement(TypedReader.Fields fields) {
        Optional<Node> node = fields.required("role", "the name of a role, or " + Role.SERVICE_OWNER);
        Optional<String> role = node.flatMap(this::role);
        int count = fields.integer("count").orElse(1);
        role.map(roles::get)
                .flatMap(r -> unreachable(r, count))
                .ifPresent(why -> typedReader.problem(
                        fields.optional("count").orElse(node.get()).where(), why));
        return role.map(name -> new Requirement(name, count));
    }

    /** Why this number of people of a role can never be reached. */
    static Optional<String> unreachable(Role role, int count) {
        return role.groups().isEmpty() && count > role.users().size()
                ? Optional.of(count + " people of role '" + role.name() + "' are required, and it names only "
                        + role.users().size() + " and no group")
                : Optional.empty();
    }

    private Optional<Gate> window(Node.Mapping map) {
        var fields = typedReader.fields(map, PolicySection.WINDOW);
        var days = new TreeSet<DayOfWeek>();
        Optional<Node> list = fields.required("days", "[ MON, TUE, WED, THU ]");
        list.filter(node -> node instanceof Node.Sequence sequence
                        && sequence.items().isEmpty())
                .ifPresent(node -> typedReader.problem(node.where(), "names no day; write [ MON, TUE, WED, THU ]"));
        list.map(typedReader::oneOrMore).orElse(List.of()).stream()
                .map(times::day)
                .flatMap(Optional::stream)
                .forEach(days::add);
        var from = fields.required("from", "\"09:00\"").flatMap(times::timeOfDay);
        var lastStart = fields.required("lastStart", "\"15:00\"").flatMap(times::timeOfDay);
        var zone = fields.required("zone", "a time zone such as Europe/Berlin").flatMap(times::zone);
        var overrun = fields.word("overrun").map(text -> text.equals("wait") ? Overrun.WAIT : Overrun.FINISH);
        return days.isEmpty() || from.isEmpty() || lastStart.isEmpty() || zone.isEmpty()
                ? Optional.empty()
                : Optional.of(new Gate.Window(
                        List.copyOf(days), from.get(), lastStart.get(), zone.get(), overrun.orElse(Overrun.FINISH)));
    }

    private Optional<Gate> soak(Node.Mapping map) {
        var fields = typedReader.fields(map, PolicySection.SOAK);
        Optional<Node> node = fields.required("environment", "the environment it must have been live in");
        Optional<String> environment = node.flatMap(typedReader::filled);
        environment.ifPresent(name -> environments.add(node.get()));
        Optional<Duration> length =
                fields.required("for", "2h").flatMap(n -> times.duration(n, Duration.ofMinutes(1), LONGEST_SOAK));
        return environment.isPresent() && length.isPresent()
                ? Optional.of(new Gate.Soak(environment.get(), length.get()))
                : Optional.empty();
    }

    /** Resolves the names that were unknown while environments were still being read. */
    void finish(Set<String> known) {
        environments.forEach(node -> PolicyNames.reference(typedReader, node, "environment", known));
    }

    private Optional<Gate> evidence(Node.Mapping map) {
        var fields = typedReader.fields(map, PolicySection.EVIDENCE);
        Optional<String> kind = fields.required("type", "the type of the evidence, as in tests")
                .flatMap(node -> typedReader.name(node, "type of evidence"));
        var from = new ArrayList<String>();
        fields.required("from", "[ \"job:team-orders/orders/main\" ]").ifPresent(node -> {
            List<Node.Scalar> items = typedReader.oneOrMore(node);
            if (items.isEmpty() && node instanceof Node.Sequence) {
                typedReader.problem(node.where(), "names no producer of evidence; write [ \"job:FULL/NAME\" ]");
            }
            for (Node.Scalar item : items) {
                if (!TextPatterns.PRODUCER.matcher(item.text()).matches()) {
                    typedReader.problem(
                            item.where(),
                            "'" + TypedReader.shown(item.text()) + "' is no producer; write job:FULL/NAME, user:ID or"
                                    + " key:NAME");
                }
                key(item);
                from.add(item.text());
            }
        });
        Optional<Duration> maxAge =
                fields.optional("maxAge").flatMap(node -> times.duration(node, Duration.ofMinutes(1), OLDEST_EVIDENCE));
        return kind.isPresent() && !from.isEmpty()
                ? Optional.of(new Gate.Evidence(kind.get(), from, maxAge.orElse(null)))
                : Optional.empty();
    }

    private Optional<Gate> alarm(Node.Mapping map) {
        var fields = typedReader.fields(map, PolicySection.ALARM);
        var names = new ArrayList<String>();
        fields.required("names", "[ \"${service}-errors\" ]").ifPresent(node -> {
            List<Node.Scalar> items = typedReader.oneOrMore(node);
            if (items.isEmpty() && node instanceof Node.Sequence || items.size() > fields.most("names")) {
                typedReader.problem(node.where(), "must name 1 to " + fields.most("names") + " alarms");
            }
            for (Node.Scalar item : items) {
                String literal = item.text().replace("${service}", "").replace("${environment}", "");
                if (item.text().isBlank() || !ALARM.matcher(literal).matches()) {
                    typedReader.problem(
                            item.where(),
                            "'" + TypedReader.shown(item.text()) + "' is no name of an alarm; only ${service} and"
                                    + " ${environment} may stand in it");
                }
                names.add(item.text());
            }
        });
        return names.isEmpty() ? Optional.empty() : Optional.of(new Gate.Alarm(names));
    }

    /** A named key must exist; a pattern may match keys that are added later. */
    private void key(Node.Scalar producer) {
        String name = producer.text().startsWith("key:") ? producer.text().substring("key:".length()) : "*";
        if (name.indexOf('*') < 0 && !keys.contains(name)) {
            typedReader.problem(
                    producer.where(),
                    "there is no key '" + TypedReader.shown(name) + "' under 'evidenceKeys'; without it no one"
                            + " can record"
                            + " that evidence");
        }
    }

    /** {@code containsLive: true}, or an empty map, as a form sends it. */
    private Optional<Gate> containsLive(Node node) {
        if (node instanceof Node.Mapping map) {
            typedReader.fields(map, PolicySection.CONTAINS_LIVE);
            return Optional.of(new Gate.ContainsLive());
        }
        return typedReader
                .bool(node)
                .filter(yes -> {
                    if (!yes) {
                        typedReader.problem(node.where(), "must be true; remove the gate where it is not wanted");
                    }
                    return yes;
                })
                .map(yes -> new Gate.ContainsLive());
    }

    /**
     * {@code breakGlass} of an environment.
     *
     * @param inForce as in {@link #read}
     */
    Optional<BreakGlass> breakGlass(Node.Mapping map, Set<String> inForce) {
        var fields = typedReader.fields(map, PolicySection.BREAK_GLASS);
        List<Requirement> require = require(fields);
        Duration timeBox = fields.optional("timeBox")
                .flatMap(node -> times.duration(node, Duration.ofMinutes(1), LONGEST_OVERRIDE))
                .orElse(DEFAULT_OVERRIDE);
        String form = fields.optional("ticket")
                .flatMap(node -> ticket(node, inForce))
                .map(gate -> ((Gate.Ticket) gate).pattern())
                .orElse(null);
        Optional<String> review = fields.required("review", "the role of the people who close the post-review")
                .flatMap(this::role);
        return review.map(role -> new BreakGlass(require, timeBox, form, role));
    }

    private Optional<String> role(Node node) {
        var known = new LinkedHashSet<>(roles.keySet());
        known.add(Role.SERVICE_OWNER);
        return PolicyNames.reference(typedReader, node, "role", known);
    }

    /** {@code ticket: PATTERN} or {@code ticket: { pattern: PATTERN }}. */
    private Optional<Gate> ticket(Node node, Set<String> inForce) {
        Optional<Node> pattern = node instanceof Node.Mapping map
                ? typedReader.fields(map, PolicySection.TICKET).required("pattern", "\"CHG[0-9]{7}\"")
                : Optional.of(node);
        return pattern.flatMap(n -> typedReader.filled(n).flatMap(text -> {
            Optional<String> problem = inForce.contains(text) ? Optional.empty() : patterns.problem(text);
            problem.ifPresent(why -> typedReader.problem(
                    n.where(), "'" + TypedReader.shown(text) + "' " + why + "; write a pattern such as CHG[0-9]{7}"));
            return problem.isPresent() ? Optional.empty() : Optional.of(new Gate.Ticket(text));
        }));
    }
}
