package io.jenkins.plugins.serverlesspromotion.cli;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.util.List;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Parameters, names and ranges are checked by {@code validate} and {@code publish}, for every environment at once. */
public class ParametersCommandTest {
    @Rule
    public TemporaryFolder folder = new TemporaryFolder();

    private Laboratory lab;

    @Before
    public void aLaboratory() throws Exception {
        lab = new Laboratory(folder);
    }

    private void manifest(String variables, String parameters) throws Exception {
        lab.write("release.yaml", """
                apiVersion: promotion/v1
                service: orders
                variables: %s
                targets:
                  - name: api
                    cloudformation: { template: api.yaml, stack: "orders-${environment}", capabilities: CAPABILITY_IAM }
                    parameters: %s
                """.formatted(variables, parameters));
    }

    private void says(String[] command, String... parts) throws Exception {
        Laboratory.Answer answer = lab.expect(Exit.NO, command);
        for (String part : parts) {
            assertTrue("expected «" + part + "» in " + answer.err(), answer.err().contains(part));
        }
    }

    private String[] validate() {
        return new String[] {"validate", lab.path("release.yaml")};
    }

    private String[] validateWithPolicy() {
        return new String[] {"validate", lab.path("release.yaml"), "--policy", lab.path("policy.yaml")};
    }

    private String[] publish(String version) {
        return new String[] {"publish", lab.path("release.yaml"), "--version", version};
    }

    @Test
    public void everyProblemIsNamedAndCostsNoVersion() throws Exception {
        lab.expect(Exit.DONE, "policy", "apply", lab.path("policy.yaml"));
        lab.write("api.yaml", """
                Transform: AWS::Serverless-2016-10-31
                Parameters:
                  MemorySize: { Type: Number, MinValue: 128, MaxValue: 10240 }
                  Stage: { Type: String, AllowedValues: [ dev, staging ] }
                  Db: { Type: Number, Default: 1 }
                Resources: { Q: { Type: AWS::SQS::Queue } }
                """);
        manifest(
                "{ memory: { dev: \"64\", prod: \"512\" }, db: { ssm: /orders/db } }",
                "{ MemorySze: \"1\", MemorySize: \"${memory}\", Stage: \"${environment}\", Db: \"${db}\" }");
        String[] everywhere = {
            "release.yaml:7: targets[api].parameters.MemorySze: template api.yaml has no parameter MemorySze",
            "release.yaml:3: variables.memory.dev: '64' is less than MinValue 128 of parameter MemorySize"
                    + " (api.yaml:3); write a greater number (in dev)",
            "release.yaml:7: targets[api].parameters.Stage: 'prod' is not among AllowedValues of parameter Stage"
                    + " (api.yaml:4); write one of dev, staging (in prod",
            "release.yaml:7: targets[api].parameters.Db: passes ${db}, which is a parameter of SSM, as the text"
                    + " {{resolve:…}} and not its value"
        };
        says(validate(), everywhere);
        says(validateWithPolicy(), everywhere);
        says(publish("1.0"), everywhere);
        manifest("{}", "{ MemorySize: \"128\", Stage: dev }");
        lab.expect(Exit.DONE, validate());
        lab.expect(Exit.DONE, validateWithPolicy());
        lab.expect(Exit.DONE, publish("1.0"));
    }

    @Test
    public void errorsOfFilesAndParametersAreReportedTogether() throws Exception {
        lab.write("api.yaml", Laboratory.TEMPLATE.replace("api.zip", "missing.zip"));
        manifest("{}", "{ Other: x }");
        says(validate(), "missing.zip", "has no parameter Other", "has no value for parameter MemorySize (api.yaml:2)");
    }

    @Test
    public void namesThatAwsRefusesAreFoundWithThePolicy() throws Exception {
        lab.write(
                "release.yaml",
                Laboratory.MANIFEST.replace("\"orders-${environment}\"", "\"${accountId}-orders\""));
        lab.expect(Exit.DONE, validate());
        says(validateWithPolicy(), "release.yaml:7: targets[api].cloudformation.stack: begins with '2'", "(in dev)");
    }

    @Test
    public void theRangesOfOtherToolsAreUnderstood() throws Exception {
        for (String range : List.of("1.x", "^1.2", ">= 2.3", "1.2 - 2.0", "[1,2)", "*")) {
            lab.write(
                    "release.yaml",
                    Laboratory.MANIFEST + "requires: [ { service: payments, version: \"" + range + "\" } ]\n");
            lab.expect(Exit.DONE, validate());
        }
        lab.write("release.yaml", Laboratory.MANIFEST + "requires: [ { service: payments, version: latest } ]\n");
        says(validate(), "requires[0].version: 'latest' is another version with every release; write *");
    }

    @Test
    public void aSecretLiteralIsInNoMessage() throws Exception {
        lab.write("api.yaml", """
                Parameters: { Key: { Type: Number, NoEcho: yes } }
                Resources: { Q: { Type: AWS::SQS::Queue } }
                """);
        manifest("{}", "{ Key: planted-6f1c0e }");
        Laboratory.Answer answer = lab.expect(Exit.NO, validate());
        assertTrue(answer.err(), answer.err().contains("which has NoEcho"));
        assertFalse(answer.err() + answer.out(), (answer.err() + answer.out()).contains("planted"));
        assertEquals("", answer.out());
    }

    @Test
    public void aCheckThatWillProbablyFailIsNotedAndAccepted() throws Exception {
        Laboratory.Answer answer = lab.expect(Exit.DONE, validateWithPolicy());
        assertTrue(
                answer.out(),
                answer.out().contains("release.yaml:10: verify[0].lambda.function: no template of the release has a"
                        + " function with FunctionName orders-smoke-${environment}"));
        lab.write("api.yaml", Laboratory.TEMPLATE.replace("Handler:", "FunctionName: !Sub orders-smoke-${S}\n      Handler:"));
        Laboratory.Answer without = lab.expect(Exit.DONE, validateWithPolicy());
        assertFalse(without.out(), without.out().contains("note:"));
    }
}
