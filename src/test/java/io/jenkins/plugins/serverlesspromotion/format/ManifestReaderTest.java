package io.jenkins.plugins.serverlesspromotion.format;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.engine.release.CacheRule;
import io.jenkins.plugins.serverlesspromotion.engine.release.ContentTypeRule;
import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest;
import io.jenkins.plugins.serverlesspromotion.engine.release.TrafficShift;
import io.jenkins.plugins.serverlesspromotion.format.manifest.ManifestCheck;
import io.jenkins.plugins.serverlesspromotion.format.manifest.ManifestReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.Test;

public class ManifestReaderTest {
    private static final String HEAD = "apiVersion: promotion/v1\nservice: orders\n";
    private static final String API =
            "targets:\n  - name: api\n    cloudformation: { template: api.yaml, stack: \"orders-${environment}\" }\n";

    private static Manifest read(String text) {
        return ManifestReader.read("release.yaml", text.getBytes(StandardCharsets.UTF_8));
    }

    private static InputException refused(String text, String... says) {
        var e = assertThrows(InputException.class, () -> read(text));
        for (String part : says) {
            assertTrue(
                    "expected «" + part + "» in:\n" + e.getMessage(),
                    e.getMessage().contains(part));
        }
        return e;
    }

    @Test
    public void everySupportedKeyIsRead() {
        Manifest manifest = read("""
                apiVersion: promotion/v1
                service: orders
                variables:
                  host: { dev: orders.dev.acme.net, "*": orders.acme.com }
                  greeting: hello
                  db: { ssm: "/orders/${environment}/db" }
                  key: { secret: "orders/${environment}/key" }
                targets:
                  - name: edge
                    regions: [us-east-1]
                    cloudformation: { template: ./edge.yaml, stack: "orders-edge-${environment}" }
                  - name: api
                    cloudformation:
                      template: packaged.yaml
                      stack: "orders-${environment}"
                      capabilities: [CAPABILITY_IAM]
                      parameters: { Inside: "yes" }
                      tags: { team: orders }
                    parameters: { MemorySize: 512, Flag: true, Zip: 01234, Db: "${db}", Key: "${key}" }
                    tags: { release: "${version}" }
                  - name: web
                    after: [api, edge]
                    site: { directory: dist/web/, bucket: "orders-web-${accountId}", distribution: "${output.edge.DistributionId}" }
                verify:
                  - { lambda: { target: api, function: "orders-smoke-${environment}" }, expect: { statusCode: 200 } }
                  - lambda: { target: api, function: f, payload: { a: [1, true, ~, "x"] } }
                  - { http: "https://${host}/health", expect: { status: 200, contains: "${version}" }, retries: 5 }
                requires: [ { service: payments, version: ">=2.3 <3" } ]
                """);
        assertEquals("orders", manifest.service());
        assertEquals(
                new Manifest.Variable.PerEnvironment(Map.of("dev", "orders.dev.acme.net", "*", "orders.acme.com")),
                manifest.variables().get("host"));
        assertEquals(
                new Manifest.Variable.PerEnvironment(Map.of("*", "hello")),
                manifest.variables().get("greeting"));
        assertEquals(
                new Manifest.Variable.SsmParameter("/orders/${environment}/db"),
                manifest.variables().get("db"));
        assertEquals(
                new Manifest.Variable.Secret("orders/${environment}/key"),
                manifest.variables().get("key"));
        assertEquals(
                new Manifest.CloudFormation(
                        "edge",
                        List.of(),
                        List.of("us-east-1"),
                        "edge.yaml",
                        "orders-edge-${environment}",
                        List.of(),
                        Map.of(),
                        Map.of()),
                manifest.targets().get(0));
        assertEquals(
                new Manifest.CloudFormation(
                        "api",
                        List.of(),
                        List.of(),
                        "packaged.yaml",
                        "orders-${environment}",
                        List.of("CAPABILITY_IAM"),
                        Map.of(
                                "Inside",
                                "yes",
                                "MemorySize",
                                "512",
                                "Flag",
                                "true",
                                "Zip",
                                "01234",
                                "Db",
                                "${db}",
                                "Key",
                                "${key}"),
                        Map.of("team", "orders", "release", "${version}")),
                manifest.targets().get(1));
        assertEquals(
                new Manifest.Site(
                        "web",
                        List.of("api", "edge"),
                        List.of(),
                        "dist/web",
                        "orders-web-${accountId}",
                        "${output.edge.DistributionId}"),
                manifest.targets().get(2));
        assertEquals(
                Set.of("api", "edge"), manifest.dependencies(manifest.targets().get(2)));
        assertEquals(
                List.of(
                        new Manifest.LambdaCheck(
                                "api",
                                "orders-smoke-${environment}",
                                "{}",
                                new Manifest.Expectation(null, 200, null),
                                0),
                        new Manifest.LambdaCheck(
                                "api",
                                "f",
                                "{\"a\":[1,true,null,\"x\"]}",
                                new Manifest.Expectation(null, null, null),
                                0),
                        new Manifest.HttpCheck(
                                "https://${host}/health", new Manifest.Expectation(200, null, "${version}"), 5)),
                manifest.verify());
        assertEquals(List.of(new Manifest.Requires("payments", ">=2.3 <3")), manifest.requires());
    }

    @Test
    public void aJsonManifestIsReadToo() {
        assertEquals(
                read(HEAD + API),
                read("{\"apiVersion\":\"promotion/v1\",\"service\":\"orders\",\"targets\":[{\"name\":\"api\","
                        + "\"cloudformation\":{\"template\":\"api.yaml\",\"stack\":\"orders-${environment}\"}}]}"));
    }

    @Test
    public void everyErrorIsToldAtOnceInOrderOfLineWithFileLineAndKey() {
        var e = refused("""
                apiVersion: promotion/v2
                servise: orders
                targets:
                  - name: Api
                    cloudformation: { tempalte: a.yaml, stack: "x_${environment" }
                  - name: web
                    after: [apo]
                    site: { directory: ../web, bucket: UPPER }
                """);
        assertEquals(
                List.of(
                        "release.yaml:1: apiVersion: 'promotion/v2' is not known to this version; write promotion/v1",
                        "release.yaml:1: service: is missing; write the name of the service, as in service: orders",
                        "release.yaml:2: servise: unknown key 'servise'; did you mean 'service'?",
                        "release.yaml:4: targets[Api].name: target 'Api' must be 1 to 63 lower-case letters, digits or"
                                + " dashes, and neither start nor end with a dash",
                        "release.yaml:5: targets[Api].cloudformation.tempalte: unknown key 'tempalte'; did you"
                                + " mean 'template'?",
                        "release.yaml:5: targets[Api].cloudformation.template: is missing; write the path of the"
                                + " template",
                        "release.yaml:5: targets[Api].cloudformation.stack: '${' is never closed in"
                                + " \"x_${environment\";"
                                + " close it with }, or write $${ for the characters themselves",
                        "release.yaml:7: targets[web].after[0]: there is no target 'apo'; targets are: web",
                        "release.yaml:8: targets[web].site.directory: the path '../web' must stay inside the"
                                + " folder of the"
                                + " manifest, without ..",
                        "release.yaml:8: targets[web].site.bucket: a bucket's name holds lower-case letters,"
                                + " digits, dots"
                                + " and dashes only, not 'UPPER'"),
                e.problems().stream().map(Object::toString).toList());
    }

    @Test
    public void aFunctionIsReadWithAllThatIsNamed() {
        Manifest manifest = read(HEAD + """
                variables: { size: { prod: 1024, "*": 256 } }
                targets:
                  - name: worker
                    rollback: forwardOnly
                    lambda:
                      function: "orders-worker-${environment}"
                      package: ./dist/worker.zip
                      alias: blue
                      strategy: Canary10Percent5Minutes
                      alarms: ["orders-errors-${environment}", all]
                      description: ""
                      handler: index.handler
                      runtime: python3.12
                      memorySize: "${size}"
                      timeout: 30
                      ephemeralStorage: 512
                      tracing: Active
                      layers: [arn:aws:lambda:eu-west-1:222222222222:layer:tools:3]
                      environment: { STAGE: "${environment}", DEBUG: true }
                  - name: plain
                    lambda: { function: f, package: f.zip, strategy: allAtOnce }
                """);
        assertEquals(
                new Manifest.Lambda(
                        "worker",
                        List.of(),
                        List.of(),
                        "orders-worker-${environment}",
                        "dist/worker.zip",
                        "blue",
                        new TrafficShift(10, 5),
                        List.of("orders-errors-${environment}", "all"),
                        Map.of(
                                "description",
                                "",
                                "handler",
                                "index.handler",
                                "runtime",
                                "python3.12",
                                "memorySize",
                                "${size}",
                                "timeout",
                                "30",
                                "ephemeralStorage",
                                "512",
                                "tracing",
                                "Active"),
                        List.of("arn:aws:lambda:eu-west-1:222222222222:layer:tools:3"),
                        Map.of("STAGE", "${environment}", "DEBUG", "true"),
                        "forwardOnly"),
                manifest.targets().get(0));
        assertTrue(manifest.targets().get(0).forwardOnly());
        assertEquals(
                new Manifest.Lambda(
                        "plain", List.of(), List.of(), "f", "f.zip", "live", null, List.of(), Map.of(), null, null,
                        null),
                manifest.targets().get(1));
        assertFalse(manifest.targets().get(1).forwardOnly());
    }

    @Test
    public void aFunctionIsWhatLambdaTakes() {
        refused(
                HEAD + """
                        targets:
                          - name: a
                            parameters: { X: 1 }
                            lambda: { function: "a b", package: ../x.zip, alias: "7", strategy: linear10, role: r }
                          - name: b
                            lambda: { function: f, alarms: [x, x], memorySize: 64, timeout: 15m, tracing: on, layers: [1, 2, 3, 4, 5, 6] }
                          - { name: c, lambda: { package: f.zip, strategy: canary0percent5minutes, environment: { A: x, "1B": y } } }
                          - { name: d, lambda: { function: "${hots}", package: f.zip, environment: { HOST: "${output.a.X}" } } }
                        """,
                "targets[a].parameters: a lambda target has no parameters",
                "targets[a].lambda.function: a function's name holds letters, digits, - and _ only, not 'a b'",
                "targets[a].lambda.package: the path '../x.zip' must stay inside",
                "targets[a].lambda.alias: an alias is 1 to 128 letters",
                "targets[a].lambda.strategy: 'linear10' is no strategy; write allAtOnce or canary10percent5minutes",
                "targets[a].lambda.role: the role of a function is not changed by a release",
                "targets[b].lambda.package: is missing",
                "targets[b].lambda.alarms[1]: 'x' is given twice",
                "targets[b].lambda.alarms: alarms are watched during a canary, and this target has none",
                "targets[b].lambda.memorySize: must be a whole number from 128 to 10240, not '64'",
                "targets[b].lambda.timeout: must be a whole number from 1 to 900, not '15m'",
                "targets[b].lambda.tracing: must be Active or PassThrough, not 'on'",
                "targets[b].lambda.layers: a function has at most 5 layers",
                "targets[c].lambda.function: is missing",
                "targets[c].lambda.strategy: a canary takes 1 to 99 percent for 1 to 1440 minutes, not 0 for 5",
                "targets[c].lambda.environment.A: a variable of a function's environment is 2 or more letters",
                "targets[c].lambda.environment.1B",
                "targets[d].lambda.function: ${hots} is not defined",
                "targets[d].lambda.environment.HOST: ${output.a.X} cannot be: only cloudformation targets have"
                        + " outputs");
    }

    @Test
    public void secretsDoNotStandInTheEnvironmentOfAFunction() {
        refused(
                HEAD + "variables: { key: { secret: k } }\n"
                        + "targets: [ { name: a, lambda: { function: f, package: f.zip, environment: { KEY:"
                        + " \"${key}\" } } } ]",
                "environment.KEY: ${key} is a parameter or secret of AWS, which can only stand in parameters");
    }

    @Test
    public void aTargetMayGoForwardOnlyAndASiteMayDelete() {
        Manifest manifest = read(HEAD + API + "    rollback: forwardOnly\n"
                + "  - { name: web, site: { directory: d, bucket: b, delete: true } }\n"
                + "  - { name: kept, site: { directory: d, bucket: c, delete: false } }\n");
        assertEquals("forwardOnly", manifest.targets().get(0).rollback());
        assertEquals(true, ((Manifest.Site) manifest.targets().get(1)).delete());
        // Said or left out is the same release.
        assertEquals(
                new Manifest.Site("kept", List.of(), List.of(), "d", "c", null),
                manifest.targets().get(2));
        refused(
                HEAD + API + "    rollback: never\n",
                "release.yaml:6: targets[api].rollback: is forwardOnly, or left out");
        refused(
                HEAD + "targets: [ { name: web, site: { directory: d, bucket: b, delete: old } } ]",
                "delete: must be true or false");
    }

    private static String site(String keys) {
        return HEAD + "targets:\n  - name: web\n    site:\n      directory: d\n      bucket: b\n" + keys;
    }

    @Test
    public void aSiteStatesTheHeadersOfItsFiles() {
        Manifest manifest = read(site("""
                      cache:
                        - { files: "assets/**", control: "public, max-age=31536000, immutable" }
                        - { files: "[slug].js", control: no-store }
                        - { files: "**/*.json", control: "private,max-age=0,stale-while-revalidate=60" }
                      contentTypes:
                        - { files: "*.wasm", type: application/wasm }
                        - { files: pages/*, type: text/html; charset=utf-8 }
                """));
        var site = (Manifest.Site) manifest.targets().get(0);
        assertEquals(
                List.of(
                        new CacheRule("assets/**", "public, max-age=31536000, immutable"),
                        new CacheRule("[slug].js", "no-store"),
                        new CacheRule("**/*.json", "private,max-age=0,stale-while-revalidate=60")),
                site.cache());
        assertEquals(
                List.of(
                        new ContentTypeRule("*.wasm", "application/wasm"),
                        new ContentTypeRule("pages/*", "text/html; charset=utf-8")),
                site.contentTypes());
        assertEquals(read(site("")), read(site("      cache: []\n      contentTypes: []\n")));
    }

    @Test
    public void aRuleForHeadersThatBrowsersWouldIgnoreIsRefused() {
        for (String control :
                List.of("max_age=60", "max-age", "Public", "public; max-age=60", "public,, no-store", "")) {
            refused(
                    site("      cache: [ { files: a, control: \"" + control + "\" } ]\n"),
                    "release.yaml:8: targets[web].site.cache[0].control: '" + control
                            + "' is no value of Cache-Control");
        }
        refused(site("      cache: [ { files: a, control: max_age=60 } ]\n"), "did you mean max-age?");
        for (String files :
                List.of("/a", "../a", "a/../b", "./a", "a/", "a//b", "{a,b}.js", "a\\\\b", "", "x".repeat(513))) {
            refused(
                    site("      contentTypes: [ { files: \"" + files + "\", type: a/b } ]\n"),
                    "targets[web].site.contentTypes[0].files: '",
                    "is no pattern of files; write a path");
        }
        for (String type : List.of("wasm", "application/", "text/html charset=utf-8", "a/b; charset", "a/b/c")) {
            refused(
                    site("      contentTypes: [ { files: a, type: \"" + type + "\" } ]\n"),
                    "targets[web].site.contentTypes[0].type: '" + type + "' is no media type");
        }
        refused(site("      cache: [ { files: a } ]\n"), "cache[0].control: is missing");
        refused(site("      cache: { files: a, control: no-store }\n"), "must be a list");
        refused(
                site("      cache:\n" + "        - { files: a, control: no-store }\n".repeat(101)),
                "holds 101 rules; the most is 100");
    }

    @Test
    public void whatStandsInAnotherPlaceIsSaidHonestly() {
        refused(
                HEAD + API + "    alarms: [x]\n    strategy: linear\n",
                "release.yaml:6: targets[api].alarms: 'alarms' stands inside lambda",
                "release.yaml:7: targets[api].strategy: 'strategy' stands inside lambda; a stack shifts traffic"
                        + " itself");
    }

    @Test
    public void namesAreGivenOnce() {
        refused(
                HEAD + API + "  - name: api\n    site: { directory: d, bucket: b }\n",
                "release.yaml:6: targets[api]: a target named 'api' stands already in line 4");
        refused(
                HEAD + API
                        + "  - name: two\n    cloudformation: { template: b.yaml, stack: \"orders-${environment}\" }\n",
                "release.yaml:7",
                "target api deploys this stack already");
        refused(HEAD + "service: again\n" + API, "release.yaml:3: key 'service' is given twice, first in line 2");
    }

    @Test
    public void theSameStackInOtherRegionsIsAnotherStack() {
        Manifest manifest = read(HEAD + "targets:\n"
                + "  - { name: a, regions: us-east-1, cloudformation: { template: a.yaml, stack: s } }\n"
                + "  - { name: b, regions: [us-west-2], cloudformation: { template: a.yaml, stack: s } }\n");
        assertEquals(2, manifest.targets().size());
    }

    @Test
    public void aTargetIsExactlyOneThing() {
        refused(HEAD + "targets: [ { name: a } ]", "does not state what to deploy");
        refused(
                HEAD
                        + "targets: [ { name: a, site: { directory: d, bucket: b }, cloudformation: { template:"
                        + " t, stack: s } } ]",
                "both cloudformation and site");
        refused(
                HEAD
                        + "targets: [ { name: a, site: { directory: d, bucket: b }, lambda: { function: f,"
                        + " package: z } } ]",
                "both lambda and site");
        refused(HEAD + "targets: []", "at least one target");
        refused(HEAD + "targets: { name: a }", "must be a list, not a map");
        refused(HEAD + "targets: [ text ]", "targets[0]: must be a map, not 'text'");
        refused(HEAD, "targets: is missing");
        refused("- a", "must be a map");
    }

    @Test
    public void parametersBesideAndInsideMayNotContradict() {
        refused(
                HEAD
                        + "targets:\n  - name: a\n    parameters: { X: 1 }\n    cloudformation: { template: t,"
                        + " stack: s, parameters: { X: 2 } }\n",
                "release.yaml:6: targets[a].cloudformation.parameters.X: is given both beside and inside");
        refused(
                HEAD + API + "    parameters: { X: [1], Y: , Z-1: a }\n",
                "parameters.X: must be text, not a list",
                "parameters.Y: has no value",
                "parameters.Z-1: a parameter's name is letters and digits only");
    }

    @Test
    public void referencesMustNameSomething() {
        refused(
                HEAD + "variables: { host: a }\n" + API + "    parameters: { A: \"${hots}\", B: \"${nothing}\" }\n",
                "release.yaml:7: targets[api].parameters.A: ${hots} is not defined; did you mean ${host}?",
                "parameters.B: ${nothing} is not defined; define it under variables");
        refused(HEAD + API + "    parameters: { A: \"${output.apo.X}\" }\n", "names no target; did you mean 'api'?");
        refused(HEAD + API + "    parameters: { A: \"${output.api}\" }\n", "write ${output.TARGET.KEY}");
        refused(
                HEAD + API
                        + "    parameters: { A: \"${output.web.X}\" }\n  - { name: web, site: { directory: d,"
                        + " bucket: b } }\n",
                "only cloudformation targets have outputs, web is none");
        refused(
                HEAD + API + "    parameters: { A: \"${output.e.X}\" }\n"
                        + "  - { name: e, regions: [us-east-1, us-west-2], cloudformation: { template: t, stack:"
                        + " s } }\n",
                "is ambiguous");
        refused(HEAD + API + "    tags: { a: \"${}\" }\n", "names nothing");
        refused(HEAD + API + "verify: [ { http: \"https://${hots}/\" } ]", "verify[0].http: ${hots} is not defined");
        refused(
                HEAD + "targets: [ { name: a, cloudformation: { template: \"${environment}.yaml\", stack: s } } ]",
                "template: cannot hold ${…}");
        assertEquals(
                "$${literal}",
                ((Manifest.CloudFormation) read(HEAD + API + "    tags: { a: \"$${literal}\" }\n")
                                .targets()
                                .get(0))
                        .tags()
                        .get("a"));
    }

    @Test
    public void everyBuiltInReferenceIsKnownAndCannotBeRedefined() {
        for (String name :
                List.of("environment", "account", "accountId", "partition", "region", "service", "version")) {
            read(HEAD + API + "    parameters: { A: \"${" + name + "}\" }\n");
            refused(HEAD + "variables: { " + name + ": x }\n" + API, "variables." + name, "is defined already");
        }
        refused(HEAD + "variables: { \"1a\": x, output.x: y }\n" + API, "variables.1a", "variables.output.x");
    }

    @Test
    public void circlesAreNamed() {
        refused(
                HEAD + "targets:\n"
                        + "  - { name: a, after: b, cloudformation: { template: t, stack: s1 } }\n"
                        + "  - { name: b, cloudformation: { template: t, stack: s2, parameters: { X: \"${v}\" } } }\n"
                        + "  - { name: c, after: [b], cloudformation: { template: t, stack: s3 } }\n"
                        + "variables: { v: \"${output.c.X}\" }\n",
                "targets wait for each other in a circle: ",
                "b → c → b");
        refused(HEAD + API + "    parameters: { A: \"${output.api.X}\" }\n", "api → api");
        refused(HEAD + API + "    after: api\n", "api → api");
        refused(
                HEAD + "variables: { a: \"${b}\", b: { dev: \"x${c}\" }, c: \"${a}\" }\n" + API,
                "release.yaml:3: variables.a: variables refer to each other in a circle: a → b → c → a");
    }

    @Test
    public void secretsAndParametersOfAwsStandInStackParametersOnly() {
        String variables = "variables: { key: { secret: k }, db: { ssm: d }, via: \"x${key}\" }\n";
        read(HEAD + variables + API + "    parameters: { A: \"${key}\", B: \"${db}\", C: \"${via}\" }\n");
        refused(
                HEAD + variables + API + "    tags: { A: \"${key}\" }\n",
                "tags.A: ${key} is a parameter or secret of AWS");
        refused(HEAD + variables + API + "    tags: { A: \"${via}\" }\n", "tags.A: ${key} is a parameter or secret");
        refused(
                HEAD + variables + API + "verify: [ { http: \"https://x/${db}\" } ]",
                "verify[0].http: ${db} is a parameter or secret");
        refused(
                HEAD + "variables: { key: { secret: \"${output.api.X}\" }, a: { ssm: \"${b}\" }, b: { secret: x } }\n"
                        + API,
                "variables.key",
                "variables.a",
                "must be known before anything is deployed");
    }

    @Test
    public void variablesHaveValues() {
        refused(
                HEAD + "variables: { a: {}, b: , c: [x], d: { dev: }, e: { Dev: x }, f: { ssm: x, secret: y } }\n"
                        + API,
                "variables.a: has no value",
                "variables.b: has no value",
                "variables.c: must be text",
                "variables.d.dev",
                "variables.e.Dev: environment 'Dev'",
                "variables.f.secret: unknown key 'secret'");
    }

    @Test
    public void checksAskWhatTheirKindCanAnswer() {
        refused(
                HEAD + API + """
                        verify:
                          - { lambda: { target: apo, function: f }, expect: { status: 200 }, retries: 101 }
                          - { http: "ftp://x", expect: { statusCode: 1, status: 99 } }
                          - { http: "https://user@x/" }
                          - { retries: 1 }
                          - { lambda: { function: "a b" }, expect: { statusCode: "200" } }
                          - { lambda: { target: api, function: f, payload: { x: 1.5 } } }
                        """,
                "verify[0].lambda.target: there is no target 'apo'; did you mean 'api'?",
                "verify[0].expect.status: is not of this kind of check; a lambda check has statusCode",
                "verify[0].retries: must be a whole number from 0 to 100, not 101",
                "verify[1].http: 'ftp://x' is no address",
                "verify[1].expect.statusCode: is not of this kind of check; an http check has status",
                "verify[1].expect.status: must be a whole number from 100 to 599",
                "verify[2].http: 'https://user@x/'",
                "verify[3]: must be either a lambda or an http check",
                "verify[4].lambda.target: is missing",
                "verify[4].lambda.function: a function's name",
                "verify[4].expect.statusCode: must be a whole number from 0 to 999, not '200'",
                "verify[5].lambda.payload.x: write the JSON as text");
    }

    @Test
    public void anAnswerMayBeLookedIntoAndTimed() {
        Manifest manifest = read(HEAD + API + """
                verify:
                  - { http: "https://x/", expect: { json: { version: "${version}", parts: [ { up: true } ], n: 3 }, latency: 800 } }
                  - { lambda: { target: api, function: f }, expect: { json: '{"a": 1.5}' } }
                """);
        assertEquals(
                new Manifest.Expectation(
                        null, null, null, "{\"version\":\"${version}\",\"parts\":[{\"up\":true}],\"n\":3}", 800),
                manifest.verify().get(0).expect());
        assertEquals("{\"a\": 1.5}", manifest.verify().get(1).expect().json());
        refused(
                HEAD + API + """
                        verify:
                          - { http: "https://x/", expect: { json: "{broken", latency: 2s } }
                          - { http: "https://x/", expect: { json: { v: "${hots}" }, latency: 0 } }
                        """,
                "verify[0].expect.json: is not JSON",
                "verify[0].expect.latency: must be a whole number from 1 to 900000, not '2s'",
                "verify[1].expect.json: ${hots} is not defined",
                "verify[1].expect.latency: must be a whole number from 1 to 900000");
    }

    @Test
    public void aCheckBeforeTrafficIsOfALambdaTarget() {
        Manifest manifest = read(HEAD + """
                targets: [ { name: worker, lambda: { function: "w-${environment}", package: w.zip } } ]
                verify: [ { lambda: { target: worker, beforeTraffic: true, payload: { ping: 1 } }, expect: { statusCode: 200 } } ]
                """);
        assertEquals(
                new Manifest.LambdaCheck(
                        "worker",
                        "w-${environment}",
                        "{\"ping\":1}",
                        new Manifest.Expectation(null, 200, null),
                        0,
                        true),
                manifest.verify().get(0));
        refused(
                HEAD + API + """
                        verify:
                          - { lambda: { target: api, beforeTraffic: true } }
                          - { lambda: { target: apo, function: f, beforeTraffic: true } }
                          - { lambda: { target: api, function: f, beforeTraffic: soon } }
                        """,
                "verify[0].lambda.target: only a lambda target has a version before it has traffic, and api is none",
                "verify[1].lambda.function: the new version of the target itself is invoked; remove it",
                "verify[1].lambda.target: there is no target 'apo'",
                "verify[2].lambda.beforeTraffic: must be true or false");
    }

    @Test
    public void requirementsAreRanges() {
        refused(
                HEAD + API + "requires: [ { service: payments, version: \"~2 || 3\" }, { service: P } ]",
                "requires[0].version: '~2 || 3' has alternatives",
                "requires[1].service",
                "requires[1].version: is missing");
        assertEquals(
                "2.3",
                read(HEAD + API + "requires: [ { service: p, version: 2.3 } ]")
                        .requires()
                        .get(0)
                        .version());
    }

    @Test
    public void capabilitiesAndRegionsAreThoseOfAws() {
        refused(
                HEAD
                        + "targets: [ { name: a, regions: [us-east-1, nowhere, us-east-1], cloudformation: {"
                        + " template: t, stack: s, capabilities: [CAPABILITY_IMA, ALL] } } ]",
                "did you mean CAPABILITY_IAM?",
                "'ALL' is no capability; known are",
                "'nowhere' is not a region",
                "us-east-1 is given twice");
    }

    @Test
    public void aVariableWithoutAValueWhereTheServiceIsPlacedIsAnError() {
        String text = HEAD
                + "variables:\n  used: { dev: a }\n  unused: { dev: a }\n  any: { \"*\": \"${inner}\" }\n  inner:"
                + " { dev: a, prod: b }\n"
                + API + "    parameters: { A: \"${used}\", B: \"${any}\" }\n";
        var marked = ManifestReader.readMarked("release.yaml", text.getBytes(StandardCharsets.UTF_8));
        ManifestCheck.against(marked, List.of("dev"));
        ManifestCheck.against(marked.manifest(), List.of());
        var e = assertThrows(
                InputException.class, () -> ManifestCheck.against(marked, List.of("dev", "staging", "prod")));
        assertEquals(
                List.of(
                        "release.yaml:4: variables.used: has no value for environment staging, where orders is"
                                + " placed; add"
                                + " staging: VALUE, or \"*\": VALUE for all others",
                        "release.yaml:4: variables.used: has no value for environment prod, where orders is placed; add"
                                + " prod: VALUE, or \"*\": VALUE for all others",
                        "release.yaml:7: variables.inner: has no value for environment staging, where orders is"
                                + " placed; add"
                                + " staging: VALUE, or \"*\": VALUE for all others"),
                e.problems().stream().map(Object::toString).toList());
        assertTrue(
                assertThrows(InputException.class, () -> ManifestCheck.against(marked.manifest(), List.of("staging")))
                        .getMessage()
                        .startsWith("variables.used: has no value"));
    }

    @Test
    public void aMillionMistakesMakeAShortMessage() {
        var e = refused(HEAD + API + "x: 1\n".repeat(1) + "verify: [" + "{ a: 1 },".repeat(49)
                + "{ a: 1 }]\nrequires: [" + "{ service: A },".repeat(500) + "]");
        assertTrue(e.problems().size() <= 101);
        assertTrue(e.getMessage().contains("more errors"));
    }

    private static String guarded(String guards) {
        return """
                apiVersion: promotion/v1
                service: orders
                targets:
                  - name: api
                    cloudformation: { template: api.yaml, stack: orders, %s }
                """.formatted(guards);
    }

    @Test
    public void whatWatchesOverAStackIsRead() {
        var target = (Manifest.CloudFormation) read(guarded("rollbackTriggers: \"orders-${environment}\","
                        + " monitoringMinutes: 10, terminationProtection: true, stackPolicy: { Statement: [] }"))
                .targets()
                .get(0);
        assertEquals(
                new Manifest.StackGuards(
                        java.util.List.of("orders-${environment}"), 10, true, "{\n \"Statement\": []\n}"),
                target.guards());
        var plain =
                (Manifest.CloudFormation) read(guarded("tags: {}")).targets().get(0);
        assertEquals("nothing is nothing, so that the digests of older releases stay", null, plain.guards());
    }

    @Test
    public void whatCannotWatchIsRefused() {
        for (var wrong : java.util.Map.of(
                        "rollbackTriggers: [a, b, c, d, e, f]", "the most is 5",
                        "monitoringMinutes: 5", "watches nothing",
                        "rollbackTriggers: a, monitoringMinutes: 181", "from 0 to 180",
                        "terminationProtection: maybe", "true or false",
                        "stackPolicy: none", "must be a policy",
                        "rollbackTriggers: \"${nothing}\"", "nothing")
                .entrySet()) {
            var e = assertThrows(InputException.class, () -> read(guarded(wrong.getKey())));
            assertTrue(e.getMessage(), e.getMessage().contains(wrong.getValue()));
        }
    }
}
