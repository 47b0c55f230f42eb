package io.jenkins.plugins.serverlesspromotion.format.policy;

import io.jenkins.plugins.serverlesspromotion.engine.policy.Adoption;
import io.jenkins.plugins.serverlesspromotion.engine.policy.EvidenceKey;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy.Account;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy.Role;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy.Store;
import io.jenkins.plugins.serverlesspromotion.engine.release.Names;
import io.jenkins.plugins.serverlesspromotion.format.InputException;
import io.jenkins.plugins.serverlesspromotion.format.input.Node;
import io.jenkins.plugins.serverlesspromotion.format.input.Problems;
import io.jenkins.plugins.serverlesspromotion.format.input.Source;
import io.jenkins.plugins.serverlesspromotion.format.input.TextPatterns;
import io.jenkins.plugins.serverlesspromotion.format.input.TypedReader;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Compiles a policy from a tree of any source: a file with lines, or a form with paths. Either the whole policy is
 * valid and every name in it refers to something, or all errors are reported and there is no policy.
 */
public final class PolicyCompiler {
    private static final Pattern BUCKET_LITERALS = Pattern.compile("[a-z0-9.-]*");
    /** Of roles and domains. A repeated group recurses, and a text of a megabyte would overflow the stack. */
    private static final int LONGEST_TEXT = 1_000;

    /** A host name or an address; names may begin with {@code *.}. */
    private static final Pattern HOST =
            Pattern.compile("(\\*\\.)?[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?|\\[[0-9a-f:.]+\\]");

    private final Problems problems;
    private final TypedReader typedReader;

    /** Null: none. */
    private final Policy inForce;

    PolicyCompiler(Problems problems) {
        this(problems, null);
    }

    private PolicyCompiler(Problems problems, Policy inForce) {
        this.problems = problems;
        this.inForce = inForce;
        this.typedReader = new TypedReader(problems);
    }

    /**
     * Compiles the values of a form or another configuration.
     *
     * @param value maps, lists, strings, integers, booleans and nulls, in the shape of {@code policy.yaml}
     * @param root the path of the value, for messages; may be empty
     * @throws InputException with the path of every error
     */
    public static Policy compile(Object value, String root) {
        return compile(value, root, null);
    }

    /**
     * The same for a policy that replaces another one. A new pattern that cannot be used is an error. A pattern that is
     * in force in the same environment already closes only its own gate, and the rest of the policy stays valid.
     *
     * @param inForce null: none
     */
    public static Policy compile(Object value, String root, Policy inForce) {
        return new PolicyCompiler(new Problems(), inForce).compile(Source.of(value, root));
    }

    Policy compile(Node tree) {
        Optional<Node.Mapping> root = typedReader.mapping(PolicyAsCode.unwrapped(tree, problems));
        if (root.isEmpty()) {
            problems.throwIfAny();
        }
        var fields = typedReader.fields(root.orElseThrow(), PolicySection.POLICY);
        Optional<TypedReader.Fields> defaults = fields.optional("defaults")
                .flatMap(typedReader::mapping)
                .map(map -> typedReader.fields(map, PolicySection.DEFAULTS));
        Map<String, Account> accounts = accounts(fields, defaults);
        Map<String, Store> stores = stores(fields, accounts);
        Map<String, Role> roles = new RoleCompiler(typedReader).read(fields);
        Map<String, EvidenceKey> keys = new EvidenceKeyCompiler(typedReader).read(fields);
        var environments = new EnvironmentCompiler(
                        typedReader, roles, keys.keySet(), inForce == null ? Map.of() : inForce.environments())
                .read(fields);
        var services = new ServiceCompiler(typedReader, accounts, environments)
                .read(fields, defaults.flatMap(d -> d.optional("placements")));
        var freezes = new FreezeCompiler(typedReader, environments.keySet(), services.values()).read(fields);
        Policy.People people = people(fields);
        var ownership = new OwnershipCompiler(typedReader);
        var shared = ownership.shared(fields, accounts.keySet(), services.keySet());
        Adoption adopt = ownership.adopt(fields);
        problems.throwIfAny();
        return new Policy(stores, accounts, roles, environments, services, freezes, people, keys, shared, adopt);
    }

    /** The mapping of commit authors to users; null when it is not set. */
    private Policy.People people(TypedReader.Fields fields) {
        var aliases = new LinkedHashMap<String, Set<String>>();
        for (Node item : fields.list("aliases")) {
            typedReader.mapping(item).ifPresent(map -> {
                var alias = typedReader.fields(map, PolicySection.ALIAS);
                Optional<String> user =
                        alias.required("user", "the id of a user").flatMap(typedReader::filled);
                var names = new HashSet<String>();
                alias.required("names", "[ \"ali@home.net\", \"A. Liddell\" ]")
                        .map(typedReader::oneOrMore)
                        .orElse(List.of())
                        .forEach(name -> names.add(name.text()));
                user.ifPresent(id -> {
                    if (aliases.put(id, names) != null) {
                        typedReader.problem(
                                item.where(), "a second entry for '" + TypedReader.shown(id) + "'; write one");
                    }
                });
            });
        }
        var domains = new HashSet<String>();
        fields.optional("mailDomains")
                .map(typedReader::oneOrMore)
                .orElse(List.of())
                .forEach(item -> {
                    if (item.text().length() > LONGEST_TEXT
                            || !TextPatterns.DOMAIN.matcher(item.text()).matches()) {
                        typedReader.problem(
                                item.where(), "'" + TypedReader.shown(item.text()) + "' is no domain; write acme.net");
                    }
                    domains.add(item.text());
                });
        return aliases.isEmpty() && domains.isEmpty() ? null : new Policy.People(aliases, domains);
    }

    private Optional<Node> nonEmpty(TypedReader.Fields fields, String key, String example) {
        Optional<Node> node = fields.required(key, example);
        node.ifPresent(n -> {
            if (n instanceof Node.Sequence list && list.items().isEmpty()) {
                typedReader.problem(n.where(), "must not be empty; write " + example);
            }
        });
        return node;
    }

    private Map<String, Store> stores(TypedReader.Fields fields, Map<String, Account> accounts) {
        Optional<Node> list = nonEmpty(
                fields, "artifactStores", "[ { name: main, bucket: BUCKET, region: eu-west-1, account: NAME } ]");
        return PolicyNames.named(typedReader, list, "artifact store", (name, map) -> {
            var store = typedReader.fields(map, PolicySection.ARTIFACT_STORE);
            Optional<String> bucket = store.required("bucket", "the name of a versioned bucket")
                    .flatMap(node -> typedReader.text(node).filter(text -> {
                        if (!TextPatterns.BUCKET.matcher(text).matches()) {
                            typedReader.problem(
                                    node.where(),
                                    "'" + TypedReader.shown(text)
                                            + "' is no bucket name; it has 3 to 63 lower-case letters,"
                                            + " digits, dots or dashes");
                        }
                        return TextPatterns.BUCKET.matcher(text).matches();
                    }));
            Optional<String> region =
                    store.required("region", "the bucket's region").flatMap(typedReader::region);
            Optional<String> account = store.required("account", "the name of the account that owns the bucket")
                    .flatMap(node -> PolicyNames.reference(typedReader, node, "account", accounts.keySet()));
            return bucket.isPresent() && region.isPresent() && account.isPresent()
                    ? Optional.of(new Store(name, bucket.get(), region.get(), account.get()))
                    : Optional.empty();
        });
    }

    private Map<String, Account> accounts(TypedReader.Fields fields, Optional<TypedReader.Fields> defaults) {
        Optional<Node> list = nonEmpty(fields, "accounts", "[ { name: NAME, id: \"123456789012\" } ]");
        Optional<TypedReader.Fields> all = defaults.flatMap(d -> d.optional("account"))
                .flatMap(typedReader::mapping)
                .map(map -> typedReader.fields(map, PolicySection.ACCOUNT_DEFAULTS));
        // Also where no account takes them: an error would wait for the next one that does.
        all.ifPresent(values -> account("defaults", Optional.empty(), values, Optional.empty()));
        var byId = new LinkedHashMap<String, String>();
        return PolicyNames.named(typedReader, list, "account", (name, map) -> {
            var own = typedReader.fields(map, PolicySection.ACCOUNT);
            Optional<TypedReader.Fields> common = own.bool("withoutDefaults").orElse(false) ? Optional.empty() : all;
            Optional<String> id = own.required("id", "the 12 digits of the account, in quotes")
                    .flatMap(node -> typedReader.text(node).filter(text -> {
                        if (!Names.isAccountId(text)) {
                            typedReader.problem(
                                    node.where(),
                                    "'" + TypedReader.shown(text)
                                            + "' is no account id; write all 12 digits, in quotes");
                            return false;
                        }
                        String other = byId.putIfAbsent(text, name);
                        if (other != null && !other.equals(name)) {
                            typedReader.problem(node.where(), "account '" + other + "' has this id already");
                        }
                        return true;
                    }));
            Account account = account(name, id, own, common);
            return id.map(i -> account);
        });
    }

    private Account account(
            String name, Optional<String> id, TypedReader.Fields own, Optional<TypedReader.Fields> common) {
        return new Account(
                name,
                id.orElse("000000000000"),
                text(own, common, "credentialsId"),
                matching(
                        own,
                        common,
                        "externalId",
                        TextPatterns.EXTERNAL_ID,
                        "2 to 1224 letters, digits or _ + = , . @ : / -"),
                role(own, common, "planRole", id),
                role(own, common, "deployRole", id),
                role(own, common, "executionRole", id),
                role(own, common, "testRole", id),
                bucket(own, common),
                checkHosts(own, common),
                alarms(own, common));
    }

    private static Optional<Node> ownOrCommon(TypedReader.Fields own, Optional<TypedReader.Fields> common, String key) {
        return own.optional(key).or(() -> common.flatMap(c -> c.optional(key)));
    }

    private String text(TypedReader.Fields own, Optional<TypedReader.Fields> common, String key) {
        return ownOrCommon(own, common, key).flatMap(typedReader::filled).orElse(null);
    }

    private String matching(
            TypedReader.Fields own,
            Optional<TypedReader.Fields> common,
            String key,
            Pattern pattern,
            String characters) {
        return ownOrCommon(own, common, key)
                .flatMap(node -> typedReader.filled(node).filter(text -> {
                    if (!pattern.matcher(text).matches()) {
                        typedReader.problem(node.where(), "must be " + characters);
                    }
                    return true;
                }))
                .orElse(null);
    }

    private String role(TypedReader.Fields own, Optional<TypedReader.Fields> common, String key, Optional<String> id) {
        return ownOrCommon(own, common, key)
                .flatMap(node -> typedReader.filled(node).filter(text -> {
                    boolean fits = text.length() <= LONGEST_TEXT;
                    var arn = TextPatterns.ROLE_ARN.matcher(fits ? text : "");
                    if (arn.matches()) {
                        if (id.isPresent() && !arn.group(1).equals(id.get())) {
                            typedReader.problem(
                                    node.where(),
                                    "is a role of account " + arn.group(1) + ", and this account is " + id.get());
                        }
                    } else if (!fits || !TextPatterns.ROLE_NAME.matcher(text).matches()) {
                        typedReader.problem(
                                node.where(),
                                "'" + TypedReader.shown(text) + "' is neither the name nor the ARN of a role");
                    }
                    return true;
                }))
                .orElse(null);
    }

    private String bucket(TypedReader.Fields own, Optional<TypedReader.Fields> common) {
        Optional<Node> node = ownOrCommon(own, common, "bucket");
        return node.flatMap(n -> typedReader.filled(n).filter(text -> {
                    String literal = text.replace("${accountId}", "").replace("${region}", "");
                    if (!BUCKET_LITERALS.matcher(literal).matches()) {
                        typedReader.problem(
                                n.where(),
                                "must be the name of a bucket, in which ${accountId} and ${region} may stand");
                    } else if (!text.contains("${region}")) {
                        typedReader.problem(
                                n.where(),
                                "must contain ${region}: Lambda takes code from a bucket of its own region only");
                    }
                    return true;
                }))
                .orElse(Account.DEFAULT_BUCKET);
    }

    private List<String> checkHosts(TypedReader.Fields own, Optional<TypedReader.Fields> common) {
        Optional<Node> node = ownOrCommon(own, common, "checkHosts");
        if (node.isEmpty()) {
            return null;
        }
        var hosts = new java.util.TreeSet<String>();
        for (Node.Scalar item : typedReader.oneOrMore(node.get())) {
            String host = item.text().strip().toLowerCase(Locale.ROOT);
            if (!HOST.matcher(host).matches()) {
                typedReader.problem(
                        item.where(),
                        "'" + TypedReader.shown(item.text())
                                + "' must be the name of a host, or *. and the end of names, without scheme and port");
            }
            hosts.add(host);
        }
        return List.copyOf(hosts);
    }

    private List<String> alarms(TypedReader.Fields own, Optional<TypedReader.Fields> common) {
        Optional<Node> node = ownOrCommon(own, common, "alarms");
        if (node.isEmpty()) {
            return null;
        }
        var arns = new java.util.TreeSet<String>();
        for (Node.Scalar item : typedReader.oneOrMore(node.get())) {
            if (!TextPatterns.ALARM_ARN.matcher(item.text()).matches()) {
                typedReader.problem(
                        item.where(),
                        "'" + TypedReader.shown(item.text())
                                + "' must be the ARN of an alarm, in whose name * may stand:"
                                + " arn:aws:cloudwatch:eu-west-1:123456789012:alarm:shared-*");
            }
            arns.add(item.text());
        }
        return List.copyOf(arns);
    }
}
