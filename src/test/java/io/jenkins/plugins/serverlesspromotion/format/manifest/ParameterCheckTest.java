package io.jenkins.plugins.serverlesspromotion.format.manifest;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.format.InputException;
import io.jenkins.plugins.serverlesspromotion.format.policy.PolicyReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.Test;

/** Values that CloudFormation refuses for a parameter are found before anything is published, and no others. */
public class ParameterCheckTest {
    private static final String POLICY = """
            artifactStores: [ { name: main, bucket: acme-releases, region: eu-west-1, account: dev } ]
            accounts:
              - { name: dev, id: "111111111111", planRole: p, deployRole: d, executionRole: e, testRole: t }
              - { name: prod, id: "033333333333", planRole: p, deployRole: d, executionRole: e, testRole: t }
            environments: [ { name: dev }, { name: staging, after: dev }, { name: prod, after: staging } ]
            services:
              - name: orders
                owners: { users: [ alice ] }
                placements:
                  - { environment: dev, places: dev/eu-west-1 }
                  - { environment: staging, places: dev/eu-west-1 }
                  - { environment: prod, waves: [ [ prod/eu-west-1 ], [ prod/us-east-1 ] ] }
            """;

    private static final String ALL = " (in dev, staging, prod)";

    private static Policy policy() {
        return PolicyReader.read("policy.yaml", bytes(POLICY));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** The problems of one manifest, each with its place. */
    private static List<String> problems(String template, String variables, String parameters, Policy policy) {
        MarkedManifest marked = ManifestReader.readMarked("release.yaml", bytes("""
                apiVersion: promotion/v1
                service: orders
                variables: %s
                targets:
                  - name: other
                    cloudformation: { template: other.yaml, stack: "other-${environment}" }
                  - name: app
                    cloudformation: { template: p.yaml, stack: "orders-${environment}" }
                    parameters: %s
                """.formatted(variables, parameters)));
        try {
            ManifestCheck.against(
                    marked, "1.2.3", Map.of("p.yaml", bytes(template), "other.yaml", bytes("Resources: {}\n")), policy);
            return List.of();
        } catch (InputException e) {
            return e.problems().stream().map(InputException.Problem::toString).toList();
        }
    }

    /** The problems of one value for a parameter P of this declaration. */
    private static List<String> one(String declaration, String variables, String value) {
        return problems("Parameters: { P: " + declaration + " }\n", variables, "{ P: " + value + " }", policy());
    }

    private static void accepted(String declaration, String... values) {
        for (String value : values) {
            assertEquals(declaration + " " + value, List.of(), one(declaration, "{}", value));
        }
    }

    private static void refused(String declaration, String says, String... values) {
        for (String value : values) {
            List<String> found = one(declaration, "{}", value);
            assertEquals(declaration + " " + value + " " + found, 1, found.size());
            assertTrue(found.get(0), found.get(0).contains(says) && found.get(0).endsWith(ALL));
            assertTrue(found.get(0), found.get(0).startsWith("release.yaml:9: targets[app].parameters.P: "));
            assertTrue(found.get(0), found.get(0).contains("parameter P (p.yaml:1)"));
        }
    }

    @Test
    public void everyProblemIsReportedAtOnce() {
        assertEquals(
                List.of(
                        "release.yaml:9: targets[app].parameters.Alhpa: template p.yaml has no parameter Alhpa; did you"
                                + " mean Alpha?",
                        "release.yaml:9: targets[app].parameters.Gamma: template p.yaml has no parameter Gamma; remove"
                                + " it, or write one of Alpha, Beta, Num, Env",
                        "release.yaml:9: targets[app].parameters.Num: 'eleven' is no number, and parameter Num"
                                + " (p.yaml:1) has Type Number; write a number" + ALL,
                        "release.yaml:9: targets[app].parameters.Env: 'staging' is not among AllowedValues of parameter"
                                + " Env (p.yaml:1); write one of dev, prod" + ALL,
                        "release.yaml:9: targets[app].parameters: has no value for parameter Alpha (p.yaml:1), which has"
                                + " no Default; write Alpha: VALUE under parameters, or give it a Default in the"
                                + " template",
                        "release.yaml:9: targets[app].parameters: has no value for parameter Beta (p.yaml:1), which has"
                                + " no Default; write Beta: VALUE under parameters, or give it a Default in the"
                                + " template"),
                problems(
                        "Parameters: { Alpha: { Type: String }, Beta: { Type: String }, Num: { Type: Number, Default: 3,"
                                + " MaxValue: 10 }, Env: { Type: String, AllowedValues: [dev, prod], Default: dev } }\n",
                        "{}",
                        "{ Alhpa: x, Gamma: y, Num: \"eleven\", Env: staging }",
                        policy()));
    }

    @Test
    public void theEnvironmentAndTheLineOfTheVariableAreNamed() {
        String template = "Parameters:\n  Size: { Type: Number, MinValue: 1, MaxValue: 10 }\n";
        String variables = "\n    size: { dev: \"1\", staging: \"11\", prod: \"zero\" }\n    same: \"${size}\"";
        assertEquals(
                List.of(
                        "release.yaml:4: variables.size.staging: '11' is greater than MaxValue 10 of parameter Size"
                                + " (p.yaml:2); write a smaller number (in staging)",
                        "release.yaml:4: variables.size.prod: 'zero' is no number, and parameter Size (p.yaml:2) has"
                                + " Type Number; write a number (in prod)"),
                problems(template, variables, "{ Size: \"${same}\" }", policy()));
        List<String> unknown = problems(template, "{ size: { dev: a, \"*\": b } }", "{ Size: \"${size}\" }", null);
        assertEquals(unknown.toString(), 2, unknown.size());
        assertTrue(unknown.get(0), unknown.get(0).endsWith("(in dev)"));
        assertTrue(unknown.get(1), unknown.get(1).endsWith("(in every other environment)"));
    }

    @Test
    public void theAccountAndTheRegionOfEachPlaceAreUsed() {
        String template = "Parameters:\n  P: { Type: String, AllowedValues: [ dev-eu-west-1, prod-eu-west-1 ] }\n";
        String parameters = "{ P: \"${account}-${region}\" }";
        List<String> found = problems(template, "{}", parameters, policy());
        assertEquals(found.toString(), 1, found.size());
        assertTrue(found.get(0), found.get(0).contains("'prod-us-east-1' is not among AllowedValues"));
        assertTrue(found.get(0), found.get(0).endsWith("(in prod: prod/us-east-1)"));
        assertEquals(List.of(), problems(template, "{}", parameters, null));
        assertEquals(
                1,
                problems(
                                "Parameters: { P: { Type: String, AllowedPattern: \"[0-2]+\" } }\n",
                                "{}",
                                "{ P: \"${accountId}\" }",
                                policy())
                        .size());
    }

    @Test
    public void typesAreChecked() {
        accepted("{ Type: Number }", "3", "\"-1.5\"", "\"1e3\"", "\" 7 \"", "+2", "010", "\"1_000\"", ".5");
        refused(
                "{ Type: Number }",
                "is no number",
                "eleven",
                "\"\"",
                "\"1,2\"",
                "${service}".replace("$", "\"$") + "\"");
        accepted("{ Type: List<Number> }", "\"1,2\"", "\"1, 2 ,3\"", "3", "\"\"", "\"1,\"");
        refused("{ Type: List<Number> }", "'b' is no number", "\"1,b\"", "b");
        accepted("{ Type: CommaDelimitedList }", "\"a,b\"", "\"\"", "a");
        accepted("{ Type: \"AWS::EC2::VPC::Id\" }", "vpc-0123456789abcdef0", "vpc-1a2b3c4d");
        refused(
                "{ Type: \"AWS::EC2::VPC::Id\" }",
                "begins with vpc-",
                "subnet-1a2b3c4d",
                "main",
                "\"\"",
                "\"vpc-1,vpc-2\"");
        refused("{ Type: \"AWS::EC2::Image::Id\" }", "begins with ami-", "al2023");
        accepted("{ Type: \"List<AWS::EC2::Subnet::Id>\" }", "\"subnet-1a, subnet-2b\"", "\"\"");
        refused("{ Type: \"List<AWS::EC2::Subnet::Id>\" }", "'vpc-1' is no id", "\"subnet-1a,vpc-1\"");
        accepted("{ Type: \"AWS::EC2::KeyPair::KeyName\" }", "\"my key\"");
        accepted("{ Type: \"AWS::Route53::HostedZone::Id\" }", "Z123");
        accepted("{ Type: \"AWS::EC2::AvailabilityZone::Name\" }", "eu-west-1a");
        accepted("{ Type: \"AWS::SSM::Parameter::Name\" }", "/orders/db", "plain");
        refused("{ Type: \"AWS::SSM::Parameter::Name\" }", "is no name of an SSM parameter", "\"two words\"", "\"\"");
        accepted(
                "{ Type: \"AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>\" }",
                "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64",
                "\"/orders/db:3\"",
                "arn:aws:ssm:eu-west-1:111111111111:parameter/shared");
        refused("{ Type: \"AWS::SSM::Parameter::Value<String>\" }", "is no name of an SSM parameter", "\"a b\"");
        accepted("{ Type: \"AWS::New::Thing::Id\" }", "anything at all");
        accepted("{ }", "x");
    }

    @Test
    public void constraintsAreChecked() {
        refused("{ Type: Number, MinValue: 2 }", "less than MinValue 2", "1", "\"1.99\"", "\"-3\"");
        accepted("{ Type: Number, MinValue: 2, MaxValue: \"3\" }", "2", "3", "\"2.5\"");
        refused("{ Type: String, MinLength: 3 }", "less than MinLength 3", "ab", "\"\"");
        refused("{ Type: String, MaxLength: 3 }", "more than MaxLength 3", "abcd");
        accepted("{ Type: String, MinLength: 2, MaxLength: 3 }", "ab", "abc", "\"\\U0001F600\\U0001F600\"");
        refused(
                "{ Type: String, AllowedPattern: \"[a-z]+\" }",
                "does not match AllowedPattern [a-z]+",
                "A",
                "\"\"",
                "a1");
        accepted("{ Type: String, AllowedPattern: \"^[a-z]+$\" }", "abc");
        refused("{ Type: CommaDelimitedList, AllowedPattern: \"[a-z]+\" }", "does not match", "\"a,B\"");
        accepted("{ Type: CommaDelimitedList, AllowedPattern: \"[a-z]+\" }", "\"a, b\"", "\"\"");
        refused("{ Type: CommaDelimitedList, AllowedValues: [ a, b ] }", "'c' is not among", "\"a, c\"");
        accepted("{ Type: CommaDelimitedList, AllowedValues: [ a, b ] }", "\"a, b\"", "a");
        String long4096 = "x".repeat(4096);
        accepted("{ Type: String }", long4096);
        refused("{ Type: String }", "more than 4096 characters", long4096 + "x");
    }

    /** What this version cannot compare is left to CloudFormation. */
    @Test
    public void inDoubtAValueIsAccepted() {
        accepted("{ Type: String, AllowedPattern: \"(?=a).*\" }", "b");
        accepted("{ Type: String, AllowedPattern: \"[a-z&&[^b]]+\" }", "b");
        accepted("{ Type: String, AllowedPattern: \"[a-z]+\" }", "\"\\u00e9\"", "\"a\\nb\"");
        accepted("{ Type: String, AllowedValues: [ 1, 010, 1_000, \"2.0\" ] }", "1", "\"1.0\"", "8", "1000", "2");
        refused("{ Type: String, AllowedValues: [ 1, 2 ] }", "is not among", "3", "x");
        accepted("{ Type: String, AllowedValues: [ y, n ] }", "y", "\"true\"", "\"false\"");
        accepted("{ Type: \"AWS::EC2::KeyPair::KeyName\", AllowedValues: [ a ] }", "b");
        accepted("{ Type: String, AllowedValues: { Ref: X } }", "b");
        accepted("{ Type: String, MaxLength: lots, MinLength: [ 1 ] }", "b");
        assertEquals(
                List.of(), problems("Parameters: { \"Fn::Transform\": { Name: M } }\n", "{}", "{ Any: x }", policy()));
        assertEquals(
                List.of(), problems("Parameters: { P: { <<: { Default: a }, Type: String } }\n", "{}", "{}", null));
        String number = "Parameters: { P: { Type: Number, AllowedValues: [ 1 ] } }\n";
        assertEquals(List.of(), problems(number, "{}", "{ P: \"${output.other.Size}\" }", policy()));
        assertEquals(List.of(), problems(number, "{}", "{ P: \"${region}\" }", null));
        String version = "Parameters: { P: { Type: String, AllowedPattern: \"v[0-9.]+\" } }\n";
        assertEquals(List.of(), problems(version, "{}", "{ P: \"v${version}\" }", policy()));
    }

    @Test
    public void yamlBooleansOfTheTemplateAreExplained() {
        accepted("{ Type: String, AllowedValues: [ yes, no ] }", "\"true\"", "\"false\"");
        refused(
                "{ Type: String, AllowedValues: [ yes, no ] }",
                "CloudFormation reads yes without quotes as true; write true here, or put quotes around the values in"
                        + " the template",
                "yes");
        accepted("{ Type: String, AllowedValues: [ \"yes\", 'no' ] }", "yes", "no");
        refused("{ Type: String, AllowedValues: [ \"yes\", 'no' ] }", "write one of yes, no", "\"true\"");
        accepted("{ Type: String, AllowedValues: [ true, false ] }", "true", "\"false\"");
        assertEquals(
                List.of(),
                problems(
                        "{\"Parameters\": {\"P\": {\"Type\": \"String\", \"AllowedValues\": [\"yes\", true]}}}",
                        "{}",
                        "{ P: yes }",
                        policy()));
    }

    private static final String VARIABLES =
            "{ v: { ssm: \"/orders/${environment}/db\" }, s: { secret: \"orders/${environment}\" } }";

    private static void reference(String declaration, String value, String... says) {
        List<String> found = one(declaration, VARIABLES, value);
        assertEquals(declaration + " " + found, 1, found.size());
        for (String part : says) {
            assertTrue("expected «" + part + "» in " + found, found.get(0).contains(part));
        }
    }

    @Test
    public void aDynamicReferenceIsRefusedWhereTheTypeCannotTakeIt() {
        reference(
                "{ Type: Number }",
                "\"${v}\"",
                "release.yaml:9: targets[app].parameters.P: passes ${v}, which is a parameter of SSM, as the text"
                        + " {{resolve:…}} and not its value, but parameter P (p.yaml:1) has Type Number and must be a"
                        + " number. Declare it as String, which a property that takes a number accepts, or declare it as"
                        + " AWS::SSM::Parameter::Value<String> and set it to the name of the SSM parameter,"
                        + " /orders/${environment}/db (in dev, staging, prod)");
        reference("{ Type: Number }", "\"${s}\"", "passes ${s}, which is a secret", "accepts (in dev, staging, prod)");
        reference("{ Type: List<Number> }", "\"1,${v}\"", "Type List<Number>");
        reference("{ Type: Number }", "\"{{resolve:ssm:/a:1}}\"", "passes the text {{resolve:…}} and not its value");
        reference(
                "{ Type: \"AWS::SSM::Parameter::Value<String>\" }",
                "\"${v}\"",
                "Set it to the name itself, /orders/${environment}/db, or declare it as String");
        reference("{ Type: \"AWS::SSM::Parameter::Name\" }", "\"${s}\"", "Declare it as String");
        reference(
                "{ Type: \"AWS::EC2::VPC::Id\" }",
                "\"${v}\"",
                "or declare it as AWS::SSM::Parameter::Value<AWS::EC2::VPC::Id>");
        reference(
                "{ Type: \"List<AWS::EC2::Subnet::Id>\" }",
                "\"${v}\"",
                "or declare it as AWS::SSM::Parameter::Value<List<AWS::EC2::Subnet::Id>>");
        reference("{ Type: String, AllowedValues: [ a, b ] }", "\"${v}\"", "not among AllowedValues");
        reference(
                "{ Type: String, AllowedPattern: \"[a-z0-9]+\" }",
                "\"${v}\"",
                "does not match AllowedPattern",
                "[a-z0-9]+|\\{\\{resolve:.*\\}\\}");
        reference("{ Type: String, MaxLength: 10 }", "\"${v}\"", "longer than MaxLength 10");
        // The parts that are known decide already.
        assertEquals(
                1,
                problems("Parameters: { P: { Type: Number } }\n", VARIABLES, "{ P: \"${output.other.A}${v}\" }", null)
                        .size());
    }

    @Test
    public void aDynamicReferenceIsTakenElsewhere() {
        for (String value : List.of("\"${v}\"", "\"${s}\"", "\"a-${v}-b\"", "\"{{resolve:secretsmanager:x}}\"")) {
            for (String declaration : List.of(
                    "{ Type: String }",
                    "{ Type: String, NoEcho: true }".replace("NoEcho: true", "MinLength: 8"),
                    "{ Type: String, AllowedPattern: \".*\" }",
                    "{ Type: String, AllowedPattern: \"[^ ]*\" }",
                    "{ Type: String, MaxLength: 400 }",
                    "{ Type: CommaDelimitedList }")) {
                assertEquals(declaration + value, List.of(), one(declaration, VARIABLES, value));
            }
        }
        accepted("{ Type: String, AllowedValues: [ \"{{resolve:ssm:/a:1}}\" ] }", "\"{{resolve:ssm:/a:1}}\"");
        assertEquals(
                List.of(),
                one(
                        "{ Type: String, AllowedPattern: \"\\\\{\\\\{resolve:ssm:/orders/[a-z]+/db:[0-9]{2,}\\\\}\\\\}\" }",
                        VARIABLES,
                        "\"${v}\""));
    }

    @Test
    public void noValueOfANoEchoParameterIsInAMessage() {
        for (String declaration : List.of(
                "{ Type: Number, NoEcho: yes }",
                "{ Type: String, NoEcho: on, AllowedValues: [ other-secret ] }",
                "{ Type: String, NoEcho: true, AllowedPattern: \"[A-Z]+\" }",
                "{ Type: \"AWS::EC2::VPC::Id\", NoEcho: 'true' }",
                "{ Type: \"AWS::SSM::Parameter::Name\", NoEcho: TRUE }",
                "{ Type: String, NoEcho: \"yes\", MaxLength: 3 }")) {
            List<String> found = one(declaration, "{}", "\"planted 6f1c0e\"");
            assertEquals(declaration, 1, found.size());
            assertFalse(found.get(0), found.get(0).contains("planted"));
            assertFalse(found.get(0), found.get(0).contains("other-secret"));
        }
        List<String> missing = problems("Parameters: { P: { Type: String, NoEcho: y } }\n", "{}", "{}", null);
        assertTrue(
                missing.toString(), missing.get(0).contains("write P: \"${key}\" with a variable key: { secret: ID }"));
    }

    @Test
    public void aTemplateWithATransformIsCheckedToo() {
        List<String> found = problems(
                "Transform: AWS::Serverless-2016-10-31\nGlobals: { Function: { MemorySize: !Ref Size } }\n"
                        + "Parameters:\n  Size: { Type: Number }\n  More: { Type: String }\n",
                "{}",
                "{ Size: big }",
                policy());
        assertEquals(found.toString(), 2, found.size());
        assertTrue(found.get(0), found.get(0).contains("parameter Size (p.yaml:4)"));
    }

    /** Nothing of a team's own files may keep a controller busy. */
    @Test(timeout = 60_000)
    public void largeInputsEndSoon() {
        var template = new StringBuilder("Parameters:\n");
        for (int i = 0; i < 20_000; i++) {
            template.append("  P").append(i).append(": { Type: String }\n");
        }
        List<String> missing = problems(template.toString(), "{}", "{ P: x }", policy());
        assertEquals("and more errors than are shown", 101, missing.size());
        String many = "a,".repeat(2_000);
        String allowed = "b, ".repeat(50_000);
        assertEquals(
                List.of(),
                one("{ Type: CommaDelimitedList, AllowedValues: [ " + allowed + " ] }", "{}", "\"" + many + "\""));
        String variables = "{ a: \"" + "${b}".repeat(2_000) + "\", b: \"" + "${c}".repeat(2_000) + "\", c: \""
                + "${d}".repeat(2_000) + "\", d: x }";
        List<String> grown = one("{ Type: String }", variables, "\"${a}\"");
        assertEquals(grown.toString(), 1, grown.size());
        assertTrue(grown.get(0), grown.get(0).contains("more than 4096 characters"));
    }

    @Test
    public void namesAreCheckedWithTheirValues() {
        List<String> found = names("{ p: { dev: \"1st\", \"*\": first } }", "${p}-orders", "ok", "ok-bucket");
        assertEquals(found.toString(), 1, found.size());
        assertTrue(
                found.get(0),
                found.get(0)
                        .startsWith("release.yaml:6: targets[app].cloudformation.stack: begins with '1', and a"
                                + " stack's name is a letter, then letters, digits and dashes"));
        assertTrue(found.get(0), found.get(0).endsWith("(in dev)"));
        assertEquals(List.of(), names("{}", "orders-${environment}", "orders-${accountId}", "orders.${region}"));
        assertEquals(1, names("{}", "9-${environment}", "ok", "ok-bucket").size());
        assertEquals(
                1,
                names("{ l: " + "x".repeat(129) + " }", "${l}", "ok", "ok-bucket")
                        .size());
        assertEquals(
                1,
                names("{ l: " + "x".repeat(65) + " }", "ok", "${l}", "ok-bucket")
                        .size());
        assertEquals(1, names("{ l: a.b }", "ok", "${l}", "ok-bucket").size());
        for (String bad : List.of("Ab1", "a", "1.2.3.4", "a..b", "-ab", "ab-", "xn--abc", "abc-s3alias", "a_b")) {
            assertEquals(bad, 1, names("{ l: " + bad + " }", "ok", "ok", "${l}").size());
        }
        for (String good : List.of("abc", "1.2.3.4.5", "a.b", "a--b", "123")) {
            assertEquals(good, List.of(), names("{ l: \"" + good + "\" }", "ok", "ok", "${l}"));
        }
    }

    private static List<String> names(String variables, String stack, String function, String bucket) {
        MarkedManifest marked = ManifestReader.readMarked(
                "release.yaml", bytes("""
                apiVersion: promotion/v1
                service: orders
                variables: %s
                targets:
                  - name: app
                    cloudformation: { template: p.yaml, stack: "%s" }
                  - { name: fn, lambda: { function: "%s", package: a.zip } }
                  - { name: web, site: { directory: web, bucket: "%s" } }
                verify: [ { lambda: { target: fn, function: "%s" } } ]
                """.formatted(variables, stack, function, bucket, "smoke")));
        try {
            ManifestCheck.against(marked, "1.2.3", Map.of(), policy());
            return List.of();
        } catch (InputException e) {
            return e.problems().stream().map(InputException.Problem::toString).toList();
        }
    }
}
