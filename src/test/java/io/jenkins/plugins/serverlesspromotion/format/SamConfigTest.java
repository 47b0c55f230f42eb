package io.jenkins.plugins.serverlesspromotion.format;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest;
import io.jenkins.plugins.serverlesspromotion.format.importers.ToolImport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** What {@code sam deploy} would take from {@code samconfig} is taken, or refused by name. */
public class SamConfigTest {
    @Rule
    public TemporaryFolder folder = new TemporaryFolder();

    private Path project;
    private List<String> notes;

    @Before
    public void project() throws Exception {
        project = folder.newFolder().toPath();
        Path build = Files.createDirectories(project.resolve(".aws-sam/build"));
        Files.createDirectories(build.resolve("F"));
        Files.writeString(build.resolve("F/app.py"), "x = 1\n");
        Files.writeString(build.resolve("template.yaml"), """
                Transform: AWS::Serverless-2016-10-31
                Parameters:
                  Stage: { Type: String, Default: none }
                  Names: { Type: CommaDelimitedList, Default: "" }
                Resources:
                  F:
                    Type: AWS::Serverless::Function
                    Properties: { CodeUri: F, Runtime: python3.13, Handler: app.x }
                """);
    }

    private Manifest.CloudFormation app(String name, String config) throws Exception {
        Files.writeString(project.resolve(name), config);
        return app(null);
    }

    private Manifest.CloudFormation app(String manifest) throws Exception {
        var imported = ToolImport.run(new ToolImport.Request(
                ToolOutput.SAM, project, null, manifest, manifest == null ? "shop" : null, null));
        notes = imported.notes();
        return (Manifest.CloudFormation)
                imported.assemble("1").release().manifest().target("app").orElseThrow();
    }

    private String refusal(String name, String config) {
        return assertThrows(InputException.class, () -> app(name, config)).getMessage();
    }

    private String stack(String config) throws Exception {
        return app("samconfig.toml", config).stack();
    }

    @Test
    public void everyFormOfATextNamesTheStack() throws Exception {
        assertEquals("a", stack("version = 0.1\n[default.deploy.parameters]\nstack_name = \"a\" # the shop\n"));
        assertEquals("a-b", stack("version = 0.1\n[default.deploy.parameters]\nstack_name = 'a-b'\n"));
        assertEquals("c", stack("[default]\n[default.deploy]\nparameters = { stack_name = \"c\", confirm = true }\n"));
        assertEquals("d", stack("default.deploy.parameters.stack_name = \"\"\"\nd\"\"\"\n"));
        assertEquals("e", stack("[\"default\" . deploy.'parameters']\n\"stack_name\" = \"\\u0065\"\n"));
        assertEquals("f", stack("[default.global.parameters]\nstack_name = \"f\"\n"));
        assertEquals(
                "the command has precedence",
                "g",
                stack(
                        "[default.global.parameters]\nstack_name=\"f\"\n[default.deploy.parameters]\nstack_name=\"g\"\n"));
        assertEquals(
                "other commands do not count",
                "g",
                stack("[default.deploy.parameters]\nstack_name=\"g\"\n[default.sync.parameters]\nstack_name=\"h\"\n"));
        assertEquals(
                "in a comment there is none", "shop", stack("#[default.deploy.parameters]\n#stack_name = \"x\"\n"));
    }

    @Test
    public void yamlIsReadToo() throws Exception {
        for (String name : List.of("samconfig.yaml", "samconfig.yml")) {
            Manifest.CloudFormation app = app(name, """
                    version: 0.1
                    default:
                      deploy:
                        parameters:
                          stack_name: 'y'
                          tags: [ team=blue ]
                          parameter_overrides: { Stage: 1, Names: [ a, " b " ] }
                    """);
            assertEquals("y", app.stack());
            assertEquals(Map.of("Stage", "1", "Names", "a,b"), app.parameters());
            assertEquals(Map.of("team", "blue"), app.tags());
            Files.delete(project.resolve(name));
        }
        Manifest.CloudFormation merged = app("samconfig.yaml", """
                version: 0.1
                default:
                  global:
                    parameters: &all { stack_name: y, tags: "team=blue cost=\\"a b\\"" }
                  deploy:
                    parameters: { <<: *all, stack_name: z }
                """);
        assertEquals("z", merged.stack());
        assertEquals(Map.of("team", "blue", "cost", "a b"), merged.tags());
    }

    @Test
    public void parametersOfEveryFormAreTaken() throws Exception {
        for (String form : List.of(
                "\"Stage=live Names=\\\"a,b c\\\"\"",
                "'Stage=\"live\" Names=a,b\\ c'",
                "\"ParameterKey=Stage,ParameterValue=live ParameterKey=Names,ParameterValue='a,b c'\"",
                "[\"Stage=live\", \"Names='a,b c'\"]",
                "{ Stage = \"live\", Names = [\"a\", \"b c\"] }",
                "[{ Stage = \"live\" }, [\"Names='a,b c'\"]]")) {
            Manifest.CloudFormation app =
                    app("samconfig.toml", "[default.deploy.parameters]\nparameter_overrides = " + form + "\n");
            assertEquals(form, Map.of("Stage", "live", "Names", "a,b c"), app.parameters());
        }
        assertEquals(
                "sam deploy ignores what the template does not declare, and so is this",
                Map.of("Stage", "$${x}"),
                app("samconfig.toml", "[default.deploy.parameters]\nparameter_overrides = 'Other=1 Stage=${x}'\n")
                        .parameters());
    }

    @Test
    public void whatIsNoParameterIsRefused() {
        String config = "[default.deploy.parameters]\nparameter_overrides = %s\n";
        assertTrue(
                refusal("samconfig.toml", String.format(config, "\"Stage\""))
                        .contains(
                                "samconfig.toml: default.deploy.parameters.parameter_overrides: holds 'Stage', which is no key"));
        assertTrue(refusal("samconfig.toml", String.format(config, "\"file://x.yaml\""))
                .contains("names another file"));
        assertTrue(refusal("samconfig.toml", String.format(config, "{ \"$include\" = \"x\" }"))
                .contains("names another file"));
        assertTrue(refusal("samconfig.toml", String.format(config, "{ Stage = { a = 1 } }"))
                .contains("must be a text or a list of texts"));
    }

    private static final String TWO = """
            version = 0.1
            [default.deploy.parameters]
            stack_name = "shop-dev"
            parameter_overrides = "Stage=dev Names=n"
            [prod.deploy.parameters]
            stack_name = "shop-prod"
            parameter_overrides = "Stage=prod Names=n"
            """;

    @Test
    public void whichEnvironmentIsMeantIsNotGuessed() throws Exception {
        String said = refusal("samconfig.toml", TWO);
        assertTrue(said, said.contains("names several stacks: shop-dev (default), shop-prod (prod)"));
        assertTrue(said, said.contains("--stack NAME"));
        assertTrue(said, said.contains("parameter_overrides of Stage that differs: one in default, one in prod"));
        Files.writeString(project.resolve("release.yaml"), """
                service: shop
                variables:
                  stack: { prod: shop-prod, "*": shop-dev }
                targets:
                  - name: app
                    cloudformation: { stack: "${stack}", parameters: { Stage: "${environment}" } }
                """);
        Manifest.CloudFormation app = app("release.yaml");
        assertEquals("${stack}", app.stack());
        assertEquals("on what all agree is taken", Map.of("Stage", "${environment}", "Names", "n"), app.parameters());
    }

    @Test
    public void theOnlyStackMayBeThatOfAnotherEnvironment() throws Exception {
        assertEquals("legacy", stack("[prod.deploy.parameters]\nstack_name = 'legacy'\n"));
        assertTrue(notes.toString(), notes.get(0).contains("names a stack only for legacy (prod)"));
    }

    @Test
    public void ofTwoFilesTheFirstIsReadAndTheOtherIsNamed() throws Exception {
        Files.writeString(project.resolve("samconfig.yaml"), "default: { deploy: { parameters: { stack_name: y } } }");
        assertEquals("t", stack("[default.deploy.parameters]\nstack_name = \"t\"\n"));
        assertEquals(List.of("samconfig.toml is read, as AWS SAM does, and not samconfig.yaml"), notes);
    }

    @Test
    public void whatAPromotionHasNoCounterpartOfIsNamed() throws Exception {
        String said = refusal("samconfig.toml", """
                [default.deploy.parameters]
                notification_arns = ["arn:aws:sns:eu-west-1:222222222222:t"]
                signing_profiles = "F=p"
                """);
        assertTrue(said, said.contains("parameters.notification_arns: sends the events of the stack to topics"));
        assertTrue(said, said.contains("parameters.signing_profiles: signs code after the build"));
        app("samconfig.toml", """
                [default.deploy.parameters]
                role_arn = "arn:aws:iam::222222222222:role/r"
                disable_rollback = false
                notification_arns = []
                capabilities = "CAPABILITY_IAM"
                resolve_s3 = true
                """);
        assertEquals(
                List.of("samconfig.toml: default.deploy.parameters.role_arn is left out: the execution role of the"
                        + " account in the policy"),
                notes);
    }

    @Test
    public void hostileAndBrokenFilesAreRefused() {
        for (String toml : List.of(
                "a = ",
                "a = 1\na = 2",
                "[a]\n[a]",
                "stack_name = 'open",
                "a" + ".a".repeat(200) + " = 1",
                "a = " + "[".repeat(5_000) + "]".repeat(5_000),
                "a = " + "{ b = ".repeat(5_000) + "1" + " }".repeat(5_000),
                "a = " + "9".repeat(100_000),
                "a = [" + "1,".repeat(150_000) + "]",
                "a = '" + "x".repeat(1 << 20) + "'")) {
            String said = refusal("samconfig.toml", toml);
            assertTrue(said, said.startsWith("samconfig.toml"));
            assertTrue(said, said.length() < 2_000);
        }
        assertTrue(refusal("samconfig.toml", "[a]\nb = 1\nc = = 2\n").startsWith("samconfig.toml:3: is not TOML: "));
    }

    @Test
    public void withoutAFileThereIsNothing() throws Exception {
        Manifest.CloudFormation app = app(null);
        assertEquals("shop", app.stack());
        assertEquals(Map.of(), app.parameters());
        assertNull(app.guards());
    }
}
