package io.jenkins.plugins.serverlesspromotion.format;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * Every key that the readers take stands in the documentation. What they take they say themselves: at every place of an
 * input a key is put that nobody knows, and the refusal names those that are known there.
 */
public class KnownKeysTest {
    private static final Path ROOT = Path.of(System.getProperty("promotion.root", ""));
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String NOBODY = "qqqqqqqq";
    private static final Pattern REFUSAL = Pattern.compile("unknown key '" + NOBODY + "'; known here: ([A-Za-z, ]+)");

    /** Every key of a manifest. */
    private static final String MANIFEST = """
            apiVersion: promotion/v1
            service: orders
            variables: { host: { dev: a, "*": b }, db: { ssm: /db }, key: { secret: key } }
            targets:
              - name: api
                after: [ base ]
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
                parameters: { A: a }
                tags: { b: b }
              - name: worker
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
                  environment: { A: a }
              - name: web
                site: { directory: web, bucket: web, distribution: E1, delete: true }
            verify:
              - lambda: { target: api, function: smoke, payload: {}, beforeTraffic: false }
                expect: { statusCode: 200, contains: ok, json: { a: b }, latency: 100 }
                retries: 1
              - http: https://acme.net/
                expect: { status: 200, contains: ok, json: { a: b }, latency: 100 }
            requires: [ { service: payments, version: ">=1" } ]
            """;

    /** Every section of a policy, and every gate. */
    private static final String POLICY = """
            artifactStores: [ { name: main, bucket: b, region: eu-west-1, account: tools } ]
            accounts: [ { name: tools, id: "111111111111" } ]
            roles: [ { name: sre, users: [ a ], groups: [ b ] } ]
            environments:
              - name: dev
                gates:
                  - approval: { require: [ { role: sre, count: 1 } ] }
                  - window: { days: [ MON ], from: "09:00", lastStart: "15:00", zone: UTC }
                  - soak: { environment: dev, for: 1h }
                  - evidence: { type: tests, from: [ "job:a" ] }
                rollback: { role: sre, count: 1 }
                breakGlass: { require: [ { role: sre, count: 1 } ], review: sre }
                riskNeeds: [ { finding: iamBroadening, role: sre } ]
            freezes: [ { name: x, from: "2026-12-20", until: "2026-12-21", zone: UTC } ]
            aliases: [ { user: a, names: [ b ] } ]
            mailDomains: [ acme.com ]
            services:
              - name: orders
                owners: { users: [ a ], groups: [ b ] }
                jobs: [ { job: a, may: [ publish ] } ]
                placements: [ { environment: dev, waves: [ [ tools/eu-west-1 ] ], pause: 1m } ]
                paths: [ { name: default, environments: [ dev ] } ]
            defaults: { account: { externalId: acme }, placements: [ { environment: dev, places: tools/eu-west-1 } ] }
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

    private static void documented(Map<String, TreeSet<String>> known, String page) throws Exception {
        String text = Files.readString(ROOT.resolve(page), StandardCharsets.UTF_8);
        var words = new TreeSet<String>();
        Matcher code = Pattern.compile("`([^`\n]+)`").matcher(text);
        while (code.find()) {
            words.addAll(List.of(code.group(1).split("[^A-Za-z]+")));
        }
        var missing = new TreeMap<>(known);
        missing.replaceAll((place, keys) -> {
            var left = new TreeSet<>(keys);
            left.removeAll(words);
            return left;
        });
        missing.values().removeIf(TreeSet::isEmpty);
        assertEquals("not in " + page, Map.of(), missing);
    }

    @Test
    public void everyKeyOfAManifestIsDocumented() throws Exception {
        Map<String, TreeSet<String>> known = known(MANIFEST, bytes -> ManifestReader.read("release.yaml", bytes));
        assertEquals(
                "every place of a manifest knows its keys",
                List.of(
                        "",
                        "requires[]",
                        "targets[]",
                        "targets[].cloudformation",
                        "targets[].lambda",
                        "targets[].site",
                        "variables.db",
                        "variables.key",
                        "verify[]",
                        "verify[].expect",
                        "verify[].lambda"),
                List.copyOf(known.keySet()));
        var places = new TreeMap<String, List<ObjectNode>>();
        maps(tree(MANIFEST), "", places);
        known.forEach((place, keys) -> {
            var left = new TreeSet<>(keys);
            places.get(place).forEach(map -> map.fieldNames().forEachRemaining(left::remove));
            assertEquals(
                    "add what is new at '" + place + "' to the manifest of this test", new TreeSet<String>(), left);
        });
        documented(known, "docs/user/manifest.md");
    }

    @Test
    public void everyKeyOfAPolicyIsDocumented() throws Exception {
        Map<String, TreeSet<String>> known = known(POLICY, bytes -> PolicyReader.read("policy.yaml", bytes));
        assertTrue(
                known.keySet().toString(),
                known.keySet()
                        .containsAll(List.of(
                                "",
                                "accounts[]",
                                "environments[].gates[]",
                                "environments[].gates[].approval",
                                "environments[].breakGlass",
                                "services[].placements[]")));
        documented(known, "docs/admin/policy.md");
    }
}
