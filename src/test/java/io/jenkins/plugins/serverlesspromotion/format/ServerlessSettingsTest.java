package io.jenkins.plugins.serverlesspromotion.format;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest;
import io.jenkins.plugins.serverlesspromotion.engine.release.Release;
import io.jenkins.plugins.serverlesspromotion.format.importers.ToolImport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** What a service of the Serverless Framework says about its stack is taken, or refused by name. */
public class ServerlessSettingsTest {
    @Rule
    public TemporaryFolder folder = new TemporaryFolder();

    private Path project;
    private Path state;
    private Path template;
    private List<String> notes;

    @Before
    public void project() throws IOException {
        project = ToolProjects.copy("serverless", folder.newFolder().toPath());
        state = project.resolve(".serverless/serverless-state.json");
        template = project.resolve(".serverless/cloudformation-template-update-stack.json");
    }

    private Release release(String manifest) throws IOException {
        var imported =
                ToolImport.run(new ToolImport.Request(ToolOutput.SERVERLESS, project, null, manifest, null, null));
        notes = imported.notes();
        return imported.assemble("1").release();
    }

    private Manifest.CloudFormation app(String provider) throws IOException {
        return app(provider, null);
    }

    private Manifest.CloudFormation app(String provider, String manifest) throws IOException {
        String text = Files.readString(state);
        Files.writeString(
                state, text.replaceFirst("\"provider\": \\{", Matcher.quoteReplacement("\"provider\": {" + provider)));
        try {
            return (Manifest.CloudFormation)
                    release(manifest).manifest().target("app").orElseThrow();
        } finally {
            Files.writeString(state, text);
        }
    }

    private String refusal(String provider) {
        return assertThrows(InputException.class, () -> app(provider)).getMessage();
    }

    @Test
    public void theSettingsOfTheStackAreTaken() throws IOException {
        declare("\"Foo\": { \"Type\": \"String\" }");
        Manifest.CloudFormation app = app("""
                "stackTags": { "team": "blue" },
                "tags": { "of": "resources only" },
                "stackParameters": [ { "ParameterKey": "Foo", "ParameterValue": "a${b}" } ],
                "stackPolicy": [ { "Effect": "Allow", "Principal": "*", "Action": ["Update:*"], "Resource": "*" } ],
                "rollbackConfiguration": { "MonitoringTimeInMinutes": 5,
                  "RollbackTriggers": [ { "Arn": "arn:aws:cloudwatch:eu-west-1:222222222222:alarm:a", "Type": "AWS::CloudWatch::Alarm" } ] },
                "deploymentMethod": "direct", "deploymentPrefix": "x", "disableRollback": false, "notificationArns": [],
                """);
        assertEquals(Map.of("team", "blue"), app.tags());
        assertEquals(Map.of("Foo", "a$${b}"), app.parameters());
        assertEquals(
                List.of("arn:aws:cloudwatch:eu-west-1:222222222222:alarm:a"),
                app.guards().rollbackTriggers());
        assertEquals(Integer.valueOf(5), app.guards().monitoringMinutes());
        assertTrue(app.guards().stackPolicy(), app.guards().stackPolicy().contains("\"Update:*\""));
        assertEquals(List.of(), notes);
    }

    @Test
    public void valuesOfTheManifestHavePrecedenceWhereverTheyStand() throws IOException {
        declare("\"Foo\": { \"Type\": \"String\" }, \"Bar\": { \"Type\": \"String\" }");
        String provider = """
                "stackTags": { "team": "blue", "cost": "1" },
                "stackParameters": [ { "ParameterKey": "Foo", "ParameterValue": "f" }, { "ParameterKey": "Bar", "ParameterValue": "b" } ],
                """;
        for (String own : List.of(
                "{ name: app, parameters: { Foo: own }, cloudformation: { tags: { team: red } } }",
                "{ name: app, tags: { team: red }, cloudformation: { parameters: { Foo: own } } }")) {
            Files.writeString(project.resolve("release.yaml"), "targets: [ " + own + " ]\n");
            Manifest.CloudFormation app = app(provider, "release.yaml");
            assertEquals(Map.of("Foo", "own", "Bar", "b"), app.parameters());
            assertEquals(Map.of("team", "red", "cost", "1"), app.tags());
        }
    }

    @Test
    public void terminationProtectionOfOslsIsTaken() throws IOException {
        assertEquals(Boolean.TRUE, app("\"deletionProtection\": true,").guards().terminationProtection());
        assertEquals(
                Boolean.TRUE,
                app("\"deletionProtection\": { \"stages\": [ \"live\" ] },")
                        .guards()
                        .terminationProtection());
        assertEquals(
                null,
                app("\"deletionProtection\": { \"stages\": [ \"prod\" ] },").guards());
    }

    @Test
    public void whatAPromotionHasNoCounterpartOfIsNamed() throws IOException {
        assertTrue(refusal("\"notificationArns\": [ \"arn:aws:sns:eu-west-1:222222222222:t\" ],")
                .startsWith("serverless.yml: provider.notificationArns: sends the events of the stack to topics"));
        assertTrue(refusal("\"disableRollback\": true,")
                .startsWith("serverless.yml: provider.disableRollback: leaves a failed stack as it is"));
        assertTrue(refusal("\"stackParameters\": [ { \"ParameterKey\": \"Foo\", \"UsePreviousValue\": true } ],")
                .startsWith("serverless.yml: provider.stackParameters: takes the previous value of Foo"));
        app("\"rollbackConfiguration\": { \"MonitoringTimeInMinutes\": 5 }, \"iam\": { \"deploymentRole\": \"r\" },");
        assertEquals(2, notes.size());
        assertTrue(
                notes.toString(), notes.get(0).startsWith("serverless.yml: provider.iam.deploymentRole is left out"));
        assertTrue(notes.toString(), notes.get(1).contains("MonitoringTimeInMinutes is left out: it watches no alarm"));
    }

    private void declare(String parameters) throws IOException {
        String text = Files.readString(template);
        Files.writeString(template, text.replaceFirst("\\{", "{ \"Parameters\": { " + parameters + " },"));
    }

    private static final String API = """
            "Api": { "Type": "AWS::ApiGateway::RestApi", "Properties": { "Name": "a" } },
            "Get": { "Type": "AWS::ApiGateway::Method", "Properties": { "HttpMethod": "GET", "RestApiId": { "Ref": "Api" } } },
            "ApiGatewayDeploymentTIME": { "Type": "AWS::ApiGateway::Deployment", "DependsOn": [ "Get" ],
              "Properties": { "RestApiId": { "Ref": "Api" } } },
            "Stage": { "Type": "AWS::ApiGateway::Stage",
              "Properties": { "RestApiId": { "Ref": "Api" }, "DeploymentId": { "Ref": "ApiGatewayDeploymentTIME" } } },
            """;

    /** The ids of the deployment in the released template, each once. */
    private String deployment(String time, String from, String to) throws IOException {
        String text = Files.readString(template);
        Files.writeString(
                template,
                text.replaceFirst(
                        "\"Resources\": \\{",
                        "\"Resources\": {" + API.replace("TIME", time).replace(from, to)));
        try {
            release(Files.exists(project.resolve("release.yaml")) ? "release.yaml" : null);
            Matcher ids = Pattern.compile("ApiGatewayDeployment[0-9a-z]+")
                    .matcher(Files.readString(project.resolve(".promotion/template.json")));
            var found = new java.util.TreeSet<String>();
            while (ids.find()) {
                found.add(ids.group());
            }
            assertEquals(found.toString(), 1, found.size());
            return found.first();
        } finally {
            Files.writeString(template, text);
        }
    }

    @Test
    public void aDeploymentIsNamedAfterItsApi() throws IOException {
        String first = deployment("1700000000000", "GET", "GET");
        assertTrue(first, first.matches("ApiGatewayDeployment[0-9a-f]{16}"));
        assertEquals("another time", first, deployment("1999999999999", "GET", "GET"));
        assertNotEquals("another method", first, deployment("1700000000000", "GET", "POST"));
        Files.writeString(project.resolve("release.yaml"), "variables: { a: b }\n");
        assertNotEquals("other values", first, deployment("1700000000000", "GET", "GET"));
    }

    @Test
    public void anIdWithoutATimeStays() throws IOException {
        assertEquals("ApiGatewayDeploymentmine", deployment("mine", "GET", "GET"));
    }

    @Test
    public void anUnfinishedPackageIsNamed() throws IOException {
        Files.delete(template);
        String said = refusal("");
        assertTrue(
                said,
                said.startsWith(
                        ".serverless/cloudformation-template-update-stack.json: does not exist, so .serverless is"
                                + " unfinished, or of another tool; run serverless package again"));
        Files.delete(state);
        assertTrue(refusedImport().startsWith(".serverless/serverless-state.json: does not exist, so .serverless is"));
    }

    private String refusedImport() {
        return assertThrows(InputException.class, () -> release(null)).getMessage();
    }

    @Test
    public void aPackageOfAnEarlierImportIsNamed() throws IOException {
        try (var zip = new ZipOutputStream(Files.newOutputStream(project.resolve(".serverless/api.zip")))) {
            zip.putNextEntry(new ZipEntry(".promotion.json"));
        }
        String said = refusedImport();
        assertTrue(said, said.startsWith(".serverless/api.zip: holds .promotion.json of an earlier import"));
        assertTrue(said, said.contains("package.patterns of serverless.yml"));
    }
}
