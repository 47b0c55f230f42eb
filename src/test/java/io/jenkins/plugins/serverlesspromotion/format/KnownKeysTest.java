package io.jenkins.plugins.serverlesspromotion.format;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.serverlesspromotion.MarkdownPage;
import io.jenkins.plugins.serverlesspromotion.format.manifest.ManifestReader;
import io.jenkins.plugins.serverlesspromotion.format.policy.PolicyReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * Every key that the readers take has a row in the documentation, in the table of its own place. What they take they say
 * themselves: at every place of an input a key is put that nobody knows, and the refusal names those that are known there.
 */
public class KnownKeysTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String NOBODY = "qqqqqqqq";
    private static final Pattern REFUSAL = Pattern.compile("unknown key '" + NOBODY + "'; known here: ([A-Za-z, ]+)");

    /** A manifest with every key. */
    public static final String MANIFEST = """
            apiVersion: promotion/v1
            service: orders
            variables: { host: { dev: a, "*": b }, db: { ssm: /db }, key: { secret: key } }
            targets:
              - name: api
                regions: [ us-east-1 ]
                rollback: forwardOnly
                cloudformation:
                  template: api.yaml
                  stack: orders
                  capabilities: [ CAPABILITY_IAM ]
                  rollbackTriggers: [ errors ]
                  monitoringMinutes: 5
                  terminationProtection: true
                  stackPolicy: { Statement: [] }
                  parameters: { A: a }
                  tags: { b: b }
                parameters: { B: b }
                tags: { c: c }
              - name: worker
                after: [ api ]
                lambda:
                  function: worker
                  package: worker.zip
                  alias: live
                  strategy: canary10percent5minutes
                  alarms: [ errors ]
                  description: does
                  handler: index.handler
                  runtime: python3.13
                  memorySize: 128
                  timeout: 3
                  ephemeralStorage: 512
                  tracing: Active
                  layers: []
                  environment: { AB: a }
              - name: web
                site:
                  directory: web
                  bucket: web
                  distribution: E1
                  delete: true
                  cache: [ { files: "assets/**", control: "public, max-age=3600" } ]
                  contentTypes: [ { files: "*.wasm", type: application/wasm } ]
            verify:
              - lambda: { target: api, function: smoke, payload: {}, beforeTraffic: false }
                expect: { statusCode: 200, contains: ok, json: { a: b }, latency: 100 }
                retries: 1
              - lambda: { target: worker, beforeTraffic: true }
              - http: https://acme.net/
                expect: { status: 200, contains: ok, json: { a: b }, latency: 100 }
            requires: [ { service: payments, version: ">=1" } ]
            """;

    /** A policy with every section and every gate. */
    public static final String POLICY = """
            artifactStores: [ { name: main, bucket: bkt, region: eu-west-1, account: tools } ]
            accounts:
              - name: tools
                id: "111111111111"
                credentialsId: base
                externalId: acme
                planRole: plan
                deployRole: deploy
                executionRole: cfn
                testRole: test
                bucket: "code-${region}"
                checkHosts: acme.net
                alarms: "arn:aws:cloudwatch:eu-west-1:111111111111:alarm:a"
              - { name: other, id: "222222222222", withoutDefaults: true }
            roles: [ { name: sre, users: [ a ], groups: [ b ] } ]
            environments:
              - name: dev
              - name: prod
                after: dev
                supersede: true
                autoPromote: true
                gates:
                  - approval:
                      require: [ { role: sre, count: 1 } ]
                      excludeRequesters: true
                      excludeAuthors: true
                      unmappedAuthors: block
                      comment: required
                      expiresAfter: 24h
                  - window: { days: [ MON ], from: "09:00", lastStart: "15:00", zone: UTC, overrun: wait }
                  - soak: { environment: dev, for: 1h }
                  - evidence: { type: tests, from: [ "job:a" ], maxAge: 7d }
                  - ticket: CHG.*
                  - alarm: { names: [ errors ] }
                  - containsLive: true
                rollback: { role: sre, count: 1 }
                breakGlass: { require: [ { role: sre, count: 1 } ], timeBox: 1h, ticket: INC.*, review: sre }
                riskNeeds: [ { finding: iamBroadening, role: sre, count: 1 } ]
            freezes:
              - { name: x, from: "2026-12-20", until: "2026-12-21", zone: UTC, environments: [ prod ], exempt: [ default ] }
            aliases: [ { user: a, names: [ b ] } ]
            mailDomains: [ acme.com ]
            shared: [ { functions: smoke, accounts: tools, services: orders } ]
            adopt: { mode: warn, until: "2027-03-31" }
            evidenceKeys: [ { name: scanner, publicKey: MCowBQYDK2VwAyEAGcmKz6O8lnPn5AkuYVtWtf5oX1ziQcLjUXsS3e0r0/0= } ]
            services:
              - name: orders
                owners: { users: [ a ], groups: [ b ] }
                jobs: [ { job: a, may: [ publish ] } ]
                placements:
                  - { environment: dev, places: tools/eu-west-1 }
                  - { environment: prod, waves: [ [ tools/eu-west-1 ] ], pause: 1m }
                paths: [ { name: default, branches: [ main ], environments: [ dev, prod ] } ]
                owns: [ { environment: dev, stacks: a, functions: b, buckets: c, distributions: d } ]
              - { name: payments, places: tools/eu-west-1 }
              - { name: billing }
            defaults:
              account:
                credentialsId: base
                externalId: acme
                planRole: plan
                deployRole: deploy
                executionRole: cfn
                testRole: test
                bucket: "code-${region}"
                checkHosts: acme.net
                alarms: "arn:aws:cloudwatch:eu-west-1:111111111111:alarm:a"
              placements:
                - { environment: dev, places: tools/eu-west-1 }
                - { environment: prod, waves: [ [ tools/eu-west-1 ] ], pause: 1m }
            """;

    private static JsonNode tree(String yaml) {
        return JSON.valueToTree(new Load(LoadSettings.builder().build()).loadFromString(yaml));
    }

    /** The places of all maps: {@code targets[].lambda}, with each map that stands there. */
    private static void maps(JsonNode node, String path, Map<String, List<ObjectNode>> found) {
        if (node instanceof ObjectNode map) {
            found.computeIfAbsent(path, p -> new ArrayList<>()).add(map);
            map.properties()
                    .forEach(e -> maps(e.getValue(), path.isEmpty() ? e.getKey() : path + "." + e.getKey(), found));
        } else {
            node.forEach(item -> maps(item, path + "[]", found));
        }
    }

    /** The keys that are known at each place that knows any. */
    private static Map<String, TreeSet<String>> known(String yaml, Consumer<byte[]> reader) throws Exception {
        JsonNode tree = tree(yaml);
        var places = new TreeMap<String, List<ObjectNode>>();
        maps(tree, "", places);
        var known = new TreeMap<String, TreeSet<String>>();
        for (var place : places.entrySet()) {
            for (ObjectNode map : place.getValue()) {
                map.put(NOBODY, "x");
                try {
                    reader.accept(JSON.writeValueAsBytes(tree));
                } catch (InputException e) {
                    Matcher refusal = REFUSAL.matcher(e.getMessage());
                    if (refusal.find()) {
                        known.computeIfAbsent(place.getKey(), p -> new TreeSet<>())
                                .addAll(List.of(refusal.group(1).strip().split(", ")));
                    }
                }
                map.remove(NOBODY);
            }
        }
        return known;
    }

    /** The full path of every key: {@code targets[].lambda.alias}. */
    private static Set<String> paths(Map<String, TreeSet<String>> known) {
        return known.entrySet().stream()
                .flatMap(place -> place.getValue().stream().map(key -> path(place.getKey(), key)))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String path(String place, String key) {
        return place.isEmpty() ? key : place + "." + key;
    }

    /**
     * Every key has its row in the table of its place, and every row there is a key. The first cell of a row names keys,
     * relative to the place of the table: {@code `count`} or, one level further down, {@code `require[].count`}.
     *
     * @param tables the place of each table, by {@code heading / first cell of its header}
     */
    private static void documented(Set<String> known, String file, Map<String, String> tables) throws Exception {
        MarkdownPage page = MarkdownPage.read(file);
        var documented = new TreeSet<String>();
        var seen = new TreeSet<String>();
        for (MarkdownPage.Table table : page.tables()) {
            String title = table.header().get(0);
            if (!title.matches("Key|Key of .*|Gate|Section")) {
                continue;
            }
            String at = table.heading() + " / " + title;
            assertTrue(file + " has a table that this test does not know: " + at, tables.containsKey(at));
            assertTrue(file + " has the table twice: " + at, seen.add(at));
            for (List<String> row : table.rows()) {
                for (String key : MarkdownPage.codes(row.get(0))) {
                    String path = path(tables.get(at), key);
                    assertTrue(file + " has a second row for " + path + ", in " + at, documented.add(path));
                }
            }
        }
        assertEquals("tables of " + file, new TreeSet<>(tables.keySet()), seen);
        var missing = new TreeSet<>(known);
        missing.removeAll(documented);
        assertEquals("keys without a row in the table of their place in " + file, Set.of(), missing);
        documented.removeAll(known);
        assertEquals("rows of " + file + " for keys that are not known there", Set.of(), documented);
    }

    /** What the example of this test does not have, the reader could know without being asked. */
    private static void inExample(String yaml, Map<String, TreeSet<String>> known) {
        var places = new TreeMap<String, List<ObjectNode>>();
        maps(tree(yaml), "", places);
        known.forEach((place, keys) -> {
            var left = new TreeSet<>(keys);
            places.get(place).forEach(map -> map.fieldNames().forEachRemaining(left::remove));
            assertEquals("add what is new at '" + place + "' to the example of this test", new TreeSet<String>(), left);
        });
    }

    @Test
    public void everyKeyOfAManifestIsDocumentedInItsPlace() throws Exception {
        Map<String, TreeSet<String>> known = known(MANIFEST, bytes -> ManifestReader.read("release.yaml", bytes));
        inExample(MANIFEST, known);
        // A variable may have any name; what a variable can be is one place.
        known.put("variables.*", new TreeSet<>());
        for (String variable : List.of("variables.db", "variables.key")) {
            known.get("variables.*").addAll(known.remove(variable));
        }
        assertEquals(
                "every place of a manifest knows its keys",
                List.of(
                        "",
                        "requires[]",
                        "targets[]",
                        "targets[].cloudformation",
                        "targets[].lambda",
                        "targets[].site",
                        "targets[].site.cache[]",
                        "targets[].site.contentTypes[]",
                        "variables.*",
                        "verify[]",
                        "verify[].expect",
                        "verify[].lambda"),
                List.copyOf(known.keySet()));
        documented(
                paths(known),
                "docs/reference/manifest-keys.md",
                Map.of(
                        "Keys / Key", "",
                        "Targets / Key", "targets[]",
                        "Functions without a stack / Key of `lambda`", "targets[].lambda",
                        "Variables and references / Key of a variable", "variables.*",
                        "Checks / Key", "verify[]"));
    }

    @Test
    public void everyKeyOfAPolicyIsDocumentedInItsPlace() throws Exception {
        Map<String, TreeSet<String>> known = known(POLICY, bytes -> PolicyReader.read("policy.yaml", bytes));
        inExample(POLICY, known);
        assertEquals(
                "every place of a policy knows its keys",
                List.of(
                        "",
                        "accounts[]",
                        "adopt",
                        "aliases[]",
                        "artifactStores[]",
                        "defaults",
                        "defaults.account",
                        "defaults.placements[]",
                        "environments[]",
                        "environments[].breakGlass",
                        "environments[].breakGlass.require[]",
                        "environments[].gates[]",
                        "environments[].gates[].alarm",
                        "environments[].gates[].approval",
                        "environments[].gates[].approval.require[]",
                        "environments[].gates[].evidence",
                        "environments[].gates[].soak",
                        "environments[].gates[].window",
                        "environments[].riskNeeds[]",
                        "environments[].rollback",
                        "evidenceKeys[]",
                        "freezes[]",
                        "roles[]",
                        "services[]",
                        "services[].jobs[]",
                        "services[].owners",
                        "services[].owns[]",
                        "services[].paths[]",
                        "services[].placements[]",
                        "shared[]"),
                List.copyOf(known.keySet()));
        documented(
                paths(known),
                "docs/reference/policy-keys.md",
                Map.ofEntries(
                        Map.entry("Sections / Section", ""),
                        Map.entry("`artifactStores` / Key", "artifactStores[]"),
                        Map.entry("`accounts` / Key", "accounts[]"),
                        Map.entry("`roles` / Key", "roles[]"),
                        Map.entry("`environments` / Key", "environments[]"),
                        Map.entry("Gates / Gate", "environments[].gates[]"),
                        Map.entry("`approval` / Key of `approval`", "environments[].gates[].approval"),
                        Map.entry("`window` / Key of `window`", "environments[].gates[].window"),
                        Map.entry("`soak` / Key of `soak`", "environments[].gates[].soak"),
                        Map.entry("`evidence` / Key of `evidence`", "environments[].gates[].evidence"),
                        Map.entry("`alarm` / Key of `alarm`", "environments[].gates[].alarm"),
                        Map.entry("Risk findings / Key of `riskNeeds`", "environments[].riskNeeds[]"),
                        Map.entry("Break-glass / Key of `breakGlass`", "environments[].breakGlass"),
                        Map.entry("`freezes` / Key", "freezes[]"),
                        Map.entry("`aliases`, `mailDomains` / Key of `aliases`", "aliases[]"),
                        Map.entry("`evidenceKeys` / Key", "evidenceKeys[]"),
                        Map.entry("`services` / Key", "services[]"),
                        Map.entry("`shared` / Key", "shared[]"),
                        Map.entry("`adopt` / Key", "adopt"),
                        Map.entry("`defaults` / Key", "defaults")));
    }
}
