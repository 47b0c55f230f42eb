package io.jenkins.plugins.serverlesspromotion.format;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.engine.release.Artifact;
import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest;
import io.jenkins.plugins.serverlesspromotion.engine.release.Release;
import io.jenkins.plugins.serverlesspromotion.format.importers.ToolImport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Definitions, scripts and nested templates in the output of tools become files of the release, as code does. */
public class PackagedImportTest {
    private static final String CODE = "1".repeat(64);
    private static final String SCRIPT = "2".repeat(64);
    private static final String NESTED = "3".repeat(64);
    private static final String DEFINITION = "4".repeat(64);

    @Rule
    public TemporaryFolder folder = new TemporaryFolder();

    private Path project() {
        return folder.getRoot().toPath();
    }

    private void write(String path, String text) throws IOException {
        Path file = project().resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private Release release(ToolOutput tool, String output) throws IOException {
        return ToolImport.run(new ToolImport.Request(tool, project(), output, null, "orders", "orders-${environment}"))
                .assemble("1.0.0")
                .release();
    }

    private String refusal(ToolOutput tool, String output) {
        return assertThrows(InputException.class, () -> release(tool, output)).getMessage();
    }

    private static Set<String> paths(Release release) {
        var paths = new TreeSet<String>();
        release.artifacts().stream().map(Artifact::path).forEach(paths::add);
        return paths;
    }

    private String written(String path) throws IOException {
        return Files.readString(project().resolve(path));
    }

    private void samBuild(String more) throws IOException {
        write(".aws-sam/build/template.yaml", """
                Transform: AWS::Serverless-2016-10-31
                Resources:
                  Steps:
                    Type: AWS::Serverless::StateMachine
                    Properties: { DefinitionUri: ../../steps.asl.json, Role: arn:aws:iam::222222222222:role/x }
                  Child:
                    Type: AWS::Serverless::Application
                    Properties: { Location: Child/template.yaml }
                  Job:
                    Type: AWS::Glue::Job
                    Properties: { Role: r, Command: { Name: glueetl, ScriptLocation: ../../job.py } }
                """ + more);
        write(".aws-sam/build/Child/template.yaml", """
                Transform: AWS::Serverless-2016-10-31
                Resources:
                  Api: { Type: AWS::Serverless::Function, Properties: { CodeUri: Api, Handler: app.handle } } # inner
                """);
        write(".aws-sam/build/Child/Api/app.py", "def handle(event, context): return 0\n");
        write("steps.asl.json", "{\"StartAt\": \"A\", \"States\": {\"A\": {\"Type\": \"Succeed\"}}}");
        write("job.py", "print(1)\n");
    }

    @Test
    public void aBuildOfSamBringsDefinitionsScriptsAndNestedApplications() throws IOException {
        samBuild("");
        Release release = release(ToolOutput.SAM, null);
        assertEquals(
                Set.of(
                        ".promotion/code/Child-Api.zip",
                        ".promotion/code/Child-template.yaml",
                        ".promotion/code/job.py",
                        ".promotion/code/steps.asl.json",
                        ".promotion/template.yaml"),
                paths(release));
        assertEquals(
                written(".aws-sam/build/template.yaml")
                        .replace("../../steps.asl.json", "\".promotion/code/steps.asl.json\"")
                        .replace("Child/template.yaml", "\".promotion/code/Child-template.yaml\"")
                        .replace("../../job.py", "\".promotion/code/job.py\""),
                written(".promotion/template.yaml"));
        assertEquals(
                written(".aws-sam/build/Child/template.yaml")
                        .replace("CodeUri: Api", "CodeUri: \".promotion/code/Child-Api.zip\""),
                written(".promotion/code/Child-template.yaml"));
        assertEquals(written("job.py"), written(".promotion/code/job.py"));
        var stack = (Manifest.CloudFormation) release.manifest().targets().get(0);
        assertEquals(
                "the role of the nested function needs its capability too",
                List.of("CAPABILITY_AUTO_EXPAND", "CAPABILITY_IAM"),
                stack.capabilities());
        assertEquals("importing again is the same release", release, release(ToolOutput.SAM, null));
    }

    @Test
    public void anImageThatSamBuiltIsRefusedByName() throws IOException {
        samBuild("""
                  Web:
                    Type: AWS::Serverless::Function
                    Properties: { PackageType: Image, ImageUri: "web:v1" }
                """);
        String said = refusal(ToolOutput.SAM, null);
        assertTrue(said, said.contains("Resources.Web.Properties.ImageUri: names the image 'web:v1'"));
        assertTrue(said, said.contains("push the image to ECR in the build, and name it by its digest"));
    }

    @Test
    public void whatSamPackageUploadedBesideCodeIsTakenFromTheBuild() throws IOException {
        samBuild("");
        String packaged = written(".aws-sam/build/template.yaml")
                .replace("DefinitionUri: ../../steps.asl.json", "DefinitionUri: { Bucket: b, Key: 0a1b }");
        write("packaged.yaml", packaged);
        String said = refusal(ToolOutput.SAM, "packaged.yaml");
        assertTrue(said, said.contains("packaged.yaml:5: Resources.Steps.Properties.DefinitionUri"));
        assertTrue(said, said.contains("publish the output of sam build instead"));
    }

    @Test
    public void aNestedTemplateThatIsMissingIsNamed() throws IOException {
        samBuild("");
        Files.delete(project().resolve(".aws-sam/build/Child/template.yaml"));
        String said = refusal(ToolOutput.SAM, null);
        assertTrue(said, said.contains("Resources.Child.Properties.Location: names the template"));
        assertTrue(said, said.contains("build it again"));
    }

    @Test
    public void aTemplateThatNestsItselfIsRefused() throws IOException {
        samBuild("");
        write(
                ".aws-sam/build/Child/template.yaml",
                "Resources: { Again: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: template.yaml } } }");
        String said = refusal(ToolOutput.SAM, null);
        assertTrue(said, said.contains("nests itself"));
    }

    private static String address(String asset) {
        return "{\"Fn::Join\": [\"\", [\"https://s3.\", {\"Ref\": \"AWS::Region\"}, \".\", {\"Ref\": \"AWS::URLSuffix\"},"
                + " \"/\", {\"Fn::Sub\": \"cdk-x-assets-${AWS::AccountId}\"}, \"/" + asset + "\"]]}";
    }

    private static String object(String bucket, String key, String asset) {
        return "{\"" + bucket + "\": {\"Fn::Sub\": \"cdk-x-assets-${AWS::AccountId}\"}, \"" + key + "\": \"" + asset
                + "\"}";
    }

    private void assembly(String resources, String images) throws IOException {
        write("cdk.out/manifest.json", """
                {"version": "36.0.0", "artifacts": {
                 "Orders.assets": {"type": "cdk:asset-manifest", "properties": {"file": "Orders.assets.json"}},
                 "Orders": {"type": "aws:cloudformation:stack", "environment": "aws://unknown-account/unknown-region",
                  "properties": {"templateFile": "Orders.template.json"}, "dependencies": ["Orders.assets"]}}}
                """);
        var files = new StringBuilder();
        for (String[] asset : new String[][] {
            {CODE, "asset.code", "zip"},
            {SCRIPT, "asset.script.py", "py"},
            {NESTED, "OrdersData.nested.template.json", "json"},
            {DEFINITION, "asset.steps.json", "json"}
        }) {
            files.append(files.isEmpty() ? "" : ",\n")
                    .append(
                            "\"%s\": {\"source\": {\"path\": \"%s\"}, \"destinations\": {\"here\": {\"objectKey\": \"%s.%s\"}}}"
                                    .formatted(asset[0], asset[1], asset[0], asset[2]));
        }
        write("cdk.out/Orders.assets.json", "{\"files\": {" + files + "}, \"dockerImages\": {" + images + "}}");
        write("cdk.out/Orders.template.json", "{\"Resources\": {" + resources + "}}");
        write(
                "cdk.out/OrdersData.nested.template.json",
                "{\"Resources\": {\"F\": {\"Type\": \"AWS::Lambda::Function\", \"Properties\": {\"Code\": "
                        + object("S3Bucket", "S3Key", CODE + ".zip") + "}}}}");
        write("cdk.out/asset.code/index.js", "exports.handle = () => 0;\n");
        write("cdk.out/asset.script.py", "print(1)\n");
        write("cdk.out/asset.steps.json", "{\"StartAt\": \"A\", \"States\": {\"A\": {\"Type\": \"Succeed\"}}}");
    }

    private static final String DATA =
            "\"Data\": {\"Type\": \"AWS::CloudFormation::Stack\", \"Properties\": {\"TemplateURL\": "
                    + address(NESTED + ".json") + "}}";
    private static final String JOB =
            "\"Job\": {\"Type\": \"AWS::Glue::Job\", \"Properties\": {\"Command\": {\"ScriptLocation\": "
                    + "{\"Fn::Sub\": \"s3://cdk-x-assets-${AWS::AccountId}/" + SCRIPT + ".py\"}}}}";
    private static final String STEPS =
            "\"Steps\": {\"Type\": \"AWS::StepFunctions::StateMachine\", \"Properties\": {\"DefinitionS3Location\": "
                    + object("Bucket", "Key", DEFINITION + ".json") + "}}";

    @Test
    public void assetsOfCdkInEveryPackagedPropertyAreTaken() throws IOException {
        assembly(String.join(",", DATA, JOB, STEPS), "");
        Release release = release(ToolOutput.CDK, null);
        assertEquals(
                Set.of(
                        ".promotion/code/OrdersData.nested.template.json",
                        ".promotion/code/asset.code.zip",
                        ".promotion/code/asset.script.py",
                        ".promotion/code/asset.steps.json",
                        ".promotion/orders.json"),
                paths(release));
        String outer = written(".promotion/orders.json");
        assertTrue(outer, outer.contains("\"TemplateURL\": \".promotion/code/OrdersData.nested.template.json\""));
        assertTrue(outer, outer.contains("\"ScriptLocation\": \".promotion/code/asset.script.py\""));
        assertTrue(outer, outer.contains("\"DefinitionS3Location\": \".promotion/code/asset.steps.json\""));
        String inner = written(".promotion/code/OrdersData.nested.template.json");
        assertTrue(inner, inner.contains("\"Code\": \".promotion/code/asset.code.zip\""));
    }

    @Test
    public void anAssetElsewhereAndAnImageAreRefusedByName() throws IOException {
        assembly(
                DATA
                        + ", \"Site\": {\"Type\": \"Custom::CDKBucketDeployment\", \"Properties\": {\"SourceObjectKeys\": [\""
                        + SCRIPT + ".py\"]}}",
                "");
        String said = refusal(ToolOutput.CDK, null);
        assertTrue(said, said.contains("Resources.Site.Properties.SourceObjectKeys[0]: uses a file asset of CDK"));
        assembly(DATA, "\"img\": {\"source\": {\"directory\": \"asset.img\"}}");
        said = refusal(ToolOutput.CDK, null);
        assertTrue(said, said.contains("dockerImages.img: is a container image that CDK builds on this machine"));
    }
}
