package io.jenkins.plugins.serverlesspromotion.format;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest;
import io.jenkins.plugins.serverlesspromotion.format.importers.ImportedManifest;
import io.jenkins.plugins.serverlesspromotion.format.importers.ToolImport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Errors of an imported release name the file that a person wrote, and never one that the import wrote. */
public class ImportedPlacesTest {
    @Rule
    public TemporaryFolder folder = new TemporaryFolder();

    private Path project;

    private void project(String tool) throws IOException {
        project = ToolProjects.copy(tool, folder.newFolder().toPath());
    }

    private void replace(String file, String what, String by) throws IOException {
        Path path = project.resolve(file);
        String text = Files.readString(path);
        assertTrue(text, text.contains(what));
        Files.writeString(path, text.replace(what, by));
    }

    private ImportedManifest imported(ToolOutput tool, String manifest) throws IOException {
        return ToolImport.run(
                new ToolImport.Request(tool, project, null, manifest, tool == ToolOutput.CDK ? "orders" : null, null));
    }

    private String refusal(ToolOutput tool, String manifest) {
        String said = assertThrows(
                        InputException.class, () -> imported(tool, manifest).assemble("1"))
                .getMessage();
        assertFalse(said, said.contains(".promotion"));
        return said;
    }

    /** Text from outside of the release, which is refused. */
    private static final String INCLUDE = "{ \"Fn::Transform\": { \"Name\": \"AWS::Include\" } }";

    private static final String TAGS = "Tags: " + INCLUDE + "\n      AutoPublishAlias: ";

    @Test
    public void ofATemplateOfSamTheLineOfItsSourceIsNamed() throws IOException {
        project("sam");
        for (String file : new String[] {"template.yaml", ".aws-sam/build/template.yaml"}) {
            replace(file, "      AutoPublishAlias: ", "      " + TAGS);
        }
        String[] lines = Files.readString(project.resolve("template.yaml")).split("\n");
        int line = 1;
        while (!lines[line - 1].contains("AWS::Include")) {
            line++;
        }
        String said = refusal(ToolOutput.SAM, null);
        assertTrue(said, said.contains("template.yaml:" + line + ": "));
        assertTrue(said, said.contains(".Tags.Fn::Transform: "));
    }

    @Test
    public void aTemplateOfSamWithoutItsSourceIsNamedItself() throws IOException {
        project("sam");
        Files.delete(project.resolve("template.yaml"));
        replace(".aws-sam/build/template.yaml", "      AutoPublishAlias: ", "      " + TAGS);
        String said = refusal(ToolOutput.SAM, null);
        assertTrue(said, said.matches("(?s)\\.aws-sam/build/template.yaml:[0-9]+: .*Tags.Fn::Transform: .*"));
    }

    @Test
    public void aNameThatSamconfigHasIsRefusedThere() throws IOException {
        project("sam");
        replace("samconfig.toml", "\"orders\"", "\"no_stack\"");
        Files.writeString(project.resolve("release.yaml"), "service: orders\n");
        String said = refusal(ToolOutput.SAM, "release.yaml");
        assertTrue(said, said.startsWith("samconfig.toml: stack_name: "));
    }

    @Test
    public void whatReleaseYamlSaysIsRefusedThere() throws IOException {
        project("sam");
        Files.writeString(project.resolve("release.yaml"), """
                service: orders
                targets:
                  - name: app
                    parameters: { Table: "${nothing}" }
                """);
        String said = refusal(ToolOutput.SAM, "release.yaml");
        assertTrue(said, said.startsWith("release.yaml:4: targets[app].parameters.Table: "));
    }

    @Test
    public void aServiceOfTheServerlessFrameworkIsNamed() throws IOException {
        project("serverless");
        replace(
                ".serverless/cloudformation-template-update-stack.json",
                "\"Resources\": {",
                "\"Resources\": { \"Web\": { \"Type\": \"AWS::Serverless::Function\", \"Properties\": { \"Tags\": "
                        + INCLUDE + " } },");
        String said = refusal(ToolOutput.SERVERLESS, null);
        assertTrue(said, said.startsWith("serverless.yml: Resources.Web.Properties.Tags.Fn::Transform: "));
        Files.writeString(
                project.resolve("serverless.yml"),
                Files.readString(project.resolve("serverless.yml")).replaceAll("(?s)\nresources:.*", "\n")
                        + "\nresources:\n  Resources:\n    Web:\n      Properties:\n        Tags: " + INCLUDE + "\n");
        int line = Files.readString(project.resolve("serverless.yml")).split("\n").length;
        said = refusal(ToolOutput.SERVERLESS, null);
        assertTrue(
                said,
                said.startsWith(
                        "serverless.yml:" + line + ": resources.Resources.Web.Properties.Tags.Fn::Transform: "));
    }

    @Test
    public void aZipOfTheServerlessFrameworkIsNamed() throws IOException {
        project("serverless");
        Files.writeString(project.resolve(".serverless/smoke.zip"), "no ZIP");
        String said = refusal(ToolOutput.SERVERLESS, null);
        assertTrue(said, said.startsWith("serverless.yml: Resources.SmokeLambdaFunction.Properties.Code: "));
        assertTrue(said, said.contains("'.serverless/smoke.zip'"));
    }

    @Test
    public void aStackOfTheServerlessFrameworkIsNamed() throws IOException {
        project("serverless");
        replace(".serverless/serverless-state.json", "\"provider\": {", "\"provider\": { \"stackName\": \"no_stack\",");
        String said = refusal(ToolOutput.SERVERLESS, null);
        assertTrue(said, said.startsWith("serverless.yml: provider.stackName: "));
    }

    @Test
    public void aConstructOfTheAppIsNamed() throws IOException {
        project("cdk");
        replace(
                "cdk.out/OrdersApi.template.json",
                "\"Resources\": {",
                "\"Resources\": { \"Web1\": { \"Type\": \"AWS::Serverless::Function\", \"Properties\": { \"Tags\": "
                        + INCLUDE + " }," + " \"Metadata\": { \"aws:cdk:path\": \"OrdersApi/Web/Resource\" } },");
        String said = refusal(ToolOutput.CDK, null);
        assertTrue(
                said,
                said.startsWith("cdk.json: OrdersApi/Web/Resource: Resources.Web1.Properties.Tags.Fn::Transform: "));
    }

    private Map<String, String> parametersOfApi(String function) throws IOException {
        project("cdk");
        replace(
                "cdk.out/OrdersApi.template.json",
                "\"FunctionName\": \"orders-api\"",
                "\"FunctionName\": \"orders-api\", \"Description\": { \"Fn::GetStackOutput\": " + function + " }");
        var api = (Manifest.CloudFormation) imported(ToolOutput.CDK, null)
                .assemble("1")
                .release()
                .manifest()
                .target("orders-api")
                .orElseThrow();
        return api.parameters();
    }

    @Test
    public void anOutputOfAnotherStackIsImportedLikeAnExport() throws IOException {
        String output = "ExportsOutputRefTableCD117FA1D18A8047";
        Map<String, String> parameters =
                parametersOfApi("{ \"StackName\": \"orders-data\", \"OutputName\": \"" + output + "\" }");
        assertEquals("${output.orders-data." + output + "}", parameters.get("ordersdataOutput" + output));
        assertFalse(
                Files.readString(project.resolve(".promotion/orders-api.json")).contains("GetStackOutput"));
        for (String other : new String[] {
            "{ \"StackName\": \"payments\", \"OutputName\": \"" + output + "\" }",
            "{ \"StackName\": \"orders-data\", \"OutputName\": \"None\" }",
            "{ \"StackName\": \"orders-data\", \"OutputName\": \"" + output + "\", \"RoleArn\": \"r\" }",
            "{ \"StackName\": { \"Ref\": \"P\" }, \"OutputName\": \"" + output + "\" }"
        }) {
            parametersOfApi(other);
            assertTrue(
                    "stays for CloudFormation: " + other,
                    Files.readString(project.resolve(".promotion/orders-api.json"))
                            .contains("GetStackOutput"));
        }
    }

    @Test
    public void topicsForEventsOfAStackAreRefused() throws IOException {
        project("cdk");
        replace(
                "cdk.out/manifest.json",
                "\"stackName\": \"orders-api\"",
                "\"stackName\": \"orders-api\", \"notificationArns\": [ \"arn:aws:sns:eu-west-1:222222222222:t\" ]");
        String said = refusal(ToolOutput.CDK, null);
        assertTrue(said, said.contains("stack OrdersApi sends its events to topics ('notificationArns')"));
    }
}
