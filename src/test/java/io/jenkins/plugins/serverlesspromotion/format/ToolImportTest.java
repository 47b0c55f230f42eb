package io.jenkins.plugins.serverlesspromotion.format;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
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
import java.util.Map;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** What the real tools wrote (see format/tools/README.md in the test resources) becomes a release. */
public class ToolImportTest {
    @Rule
    public TemporaryFolder folder = new TemporaryFolder();

    private Path project(String tool) throws IOException {
        return ToolProjects.copy(tool, folder.newFolder().toPath());
    }

    private static ToolImport.Request request(ToolOutput tool, Path project) {
        return new ToolImport.Request(tool, project, null, null, null, null);
    }

    private static Release release(ToolImport.Request request) throws IOException {
        return ToolImport.run(request).assemble("1.0.0").release();
    }

    private static String refusal(ToolImport.Request request) {
        return assertThrows(InputException.class, () -> release(request)).getMessage();
    }

    private static Manifest.CloudFormation stack(Release release, String target) {
        return (Manifest.CloudFormation) release.manifest().target(target).orElseThrow();
    }

    private static List<String> paths(Release release) {
        return release.artifacts().stream().map(Artifact::path).toList();
    }

    private static void replace(Path file, String what, String by) throws IOException {
        String text = Files.readString(file);
        assertTrue(text, text.contains(what));
        Files.writeString(file, text.replace(what, by));
    }

    @Test
    public void aBuildOfSamBecomesARelease() throws IOException {
        Path project = project("sam");
        Release release = release(request(ToolOutput.SAM, project));
        assertEquals("orders@1.0.0", release.id());
        Manifest.CloudFormation app = stack(release, "app");
        assertEquals("the stack that samconfig.toml names", "orders", app.stack());
        assertEquals(List.of("CAPABILITY_AUTO_EXPAND", "CAPABILITY_IAM"), app.capabilities());
        assertEquals(
                List.of(
                        ".promotion/code/Api.zip",
                        ".promotion/code/Smoke.zip",
                        ".promotion/code/layer.zip",
                        ".promotion/template.yaml"),
                paths(release));
        String built = Files.readString(project.resolve(".aws-sam/build/template.yaml"));
        assertEquals(
                "nothing but the code is replaced",
                built.replace("CodeUri: Api", "CodeUri: \".promotion/code/Api.zip\"")
                        .replace("CodeUri: Smoke", "CodeUri: \".promotion/code/Smoke.zip\"")
                        .replace("ContentUri: ../../layer", "ContentUri: \".promotion/code/layer.zip\""),
                Files.readString(project.resolve(".promotion/template.yaml")));
    }

    @Test
    public void aPackagedTemplateOfSamIsTheSameRelease() throws IOException {
        Path project = project("sam");
        Release built = release(request(ToolOutput.SAM, project));
        Release packaged = release(new ToolImport.Request(ToolOutput.SAM, project, "packaged.yaml", null, null, null));
        assertEquals(paths(built), paths(packaged));
        for (String code : List.of("Api", "Smoke", "layer")) {
            String path = ".promotion/code/" + code + ".zip";
            assertEquals(built.artifact(path), packaged.artifact(path));
        }
    }

    @Test
    public void aPackagedTemplateOfAnotherBuildIsRefused() throws IOException {
        Path project = project("sam");
        Files.writeString(project.resolve(".aws-sam/build/Api/handler.py"), "def handle(event, context): return 1\n");
        String said = refusal(new ToolImport.Request(ToolOutput.SAM, project, "packaged.yaml", null, null, null));
        assertTrue(said, said.contains("packaged.yaml:24: Resources.Api.Properties.CodeUri"));
        assertTrue(said, said.contains("another build than what is in .aws-sam/build/Api"));
    }

    @Test
    public void aPackagedTemplateWithoutItsBuildIsRefused() throws IOException {
        Path project = project("sam");
        Files.delete(project.resolve(".aws-sam/build/template.yaml"));
        String said = refusal(new ToolImport.Request(ToolOutput.SAM, project, "packaged.yaml", null, null, null));
        assertTrue(said, said.contains("run sam build before sam package"));
    }

    @Test
    public void aPackageOfTheServerlessFrameworkBecomesARelease() throws IOException {
        Path project = project("serverless");
        Release release = release(request(ToolOutput.SERVERLESS, project));
        assertEquals("orders", release.service());
        Manifest.CloudFormation app = stack(release, "app");
        assertEquals("orders-live", app.stack());
        assertEquals(List.of("CAPABILITY_NAMED_IAM"), app.capabilities());
        assertEquals(
                List.of(".promotion/code/api.zip", ".promotion/code/smoke.zip", ".promotion/template.json"),
                paths(release));
        assertEquals(
                "the ZIP of the tool, byte for byte",
                Files.mismatch(project.resolve(".serverless/api.zip"), project.resolve(".promotion/code/api.zip")),
                -1);
        String template = Files.readString(project.resolve(".promotion/template.json"));
        assertFalse("no time of the build is left", template.contains("serverless/orders/live/"));
    }

    @Test
    public void packagingTheSameAgainIsTheSameRelease() throws IOException {
        Path project = project("serverless");
        Release first = release(request(ToolOutput.SERVERLESS, project));
        Path template = project.resolve(".serverless/cloudformation-template-update-stack.json");
        String text = Files.readString(template);
        Files.writeString(
                template, text.replaceAll("/live/[0-9]+-[^/]+/", "/live/1999999999999-2033-05-18T03:33:19Z/"));
        assertFalse(text.equals(Files.readString(template)));
        String mixed = refusal(request(ToolOutput.SERVERLESS, project));
        assertTrue(mixed, mixed.contains("belongs to another package than serverless-state.json"));
        Path state = project.resolve(".serverless/serverless-state.json");
        Files.writeString(
                state,
                Files.readString(state)
                        .replaceAll("/live/[0-9]+-[^/\"]+\"", "/live/1999999999999-2033-05-18T03:33:19Z\""));
        assertEquals(first, release(request(ToolOutput.SERVERLESS, project)));
    }

    @Test
    public void aZipThatTheServerlessFrameworkDidNotLeaveIsNamed() throws IOException {
        Path project = project("serverless");
        Files.delete(project.resolve(".serverless/smoke.zip"));
        String said = refusal(request(ToolOutput.SERVERLESS, project));
        assertTrue(said, said.contains("Resources.SmokeLambdaFunction.Properties.Code.S3Key: names smoke.zip"));
    }

    @Test
    public void aCloudAssemblyBecomesATargetPerStack() throws IOException {
        Path project = project("cdk");
        Release release = release(new ToolImport.Request(ToolOutput.CDK, project, null, null, "orders", null));
        assertEquals(
                List.of("orders-data", "orders-api"),
                release.manifest().targets().stream().map(Manifest.Target::name).toList());
        Manifest.CloudFormation api = stack(release, "orders-api");
        assertEquals("orders-api", api.stack());
        assertEquals(List.of("orders-data"), api.after());
        assertEquals(Map.of("part", "api"), api.tags());
        assertEquals(List.of("CAPABILITY_IAM"), api.capabilities());
        assertEquals(List.of(), stack(release, "orders-data").capabilities());
        assertEquals("two templates and two assets", 4, release.artifacts().size());
        String template = Files.readString(project.resolve(".promotion/orders-api.json"));
        assertFalse("the bootstrap stack of CDK is not needed", template.contains("BootstrapVersion"));
        assertFalse(template.contains("\"S3Bucket\""));
        assertTrue(template.contains("\"Code\": \".promotion/code/asset.75a404f7"));
        assertFalse("an import cannot be planned before the other stack is there", template.contains("ImportValue"));
        assertEquals(
                Map.of(
                        "ordersdataOutputExportsOutputFnGetAttTableCD117FA1ArnE2C8C204",
                        "${output.orders-data.ExportsOutputFnGetAttTableCD117FA1ArnE2C8C204}",
                        "ordersdataOutputExportsOutputRefTableCD117FA1D18A8047",
                        "${output.orders-data.ExportsOutputRefTableCD117FA1D18A8047}"),
                api.parameters());
    }

    @Test
    public void aStackThatIsBoundToAnAccountIsRefused() throws IOException {
        Path project = project("cdk");
        replace(
                project.resolve("cdk.out/manifest.json"),
                "aws://unknown-account/unknown-region",
                "aws://222222222222/eu-west-1");
        String said = refusal(new ToolImport.Request(ToolOutput.CDK, project, null, null, "orders", null));
        assertTrue(said, said.contains("stack OrdersApi is bound to account 222222222222"));
    }

    @Test
    public void aStackOfOneRegionStaysThere() throws IOException {
        Path project = project("cdk");
        replace(
                project.resolve("cdk.out/manifest.json"),
                "aws://unknown-account/unknown-region",
                "aws://unknown-account/us-east-1");
        Release release = release(new ToolImport.Request(ToolOutput.CDK, project, null, null, "orders", null));
        assertEquals(List.of("us-east-1"), stack(release, "orders-api").regions());
    }

    @Test
    public void anAssetThatIsNoCodeIsRefused() throws IOException {
        Path project = project("cdk");
        replace(
                project.resolve("cdk.out/OrdersApi.template.json"),
                "\"FunctionName\": \"orders-api\"",
                "\"FunctionName\": \"orders-api\", \"Description\":"
                        + " \"75a404f7d6d46434d27be296fb54c48eb0d4c5825123ae38ffc7787ea6697798.zip\"");
        replace(
                project.resolve("cdk.out/OrdersApi.template.json"),
                "\"S3Key\": \"75a404f7d6d46434d27be296fb54c48eb0d4c5825123ae38ffc7787ea6697798.zip\"",
                "\"S3Key\": \"6347717b8ba14a3f97f08f97dc8d4f33128a4b5d36cc684cc9569454d3cbac8c.zip\"");
        String said = refusal(new ToolImport.Request(ToolOutput.CDK, project, null, null, "orders", null));
        assertTrue(said, said.contains("uses a file asset of CDK other than as code"));
    }

    @Test
    public void anAssemblyDoesNotSayWhatTheServiceIs() throws IOException {
        String said = refusal(request(ToolOutput.CDK, project("cdk")));
        assertTrue(said, said.startsWith("cdk.out: does not state what the service is called"));
        assertTrue(said, said.contains("--service NAME"));
    }

    @Test
    public void aManifestAddsToWhatTheToolKnows() throws IOException {
        Path project = project("sam");
        Files.createDirectories(project.resolve("web"));
        Files.writeString(project.resolve("web/index.html"), "<p>orders</p>");
        Files.writeString(project.resolve("release.yaml"), """
            service: shop
            variables: { table: { prod: orders, "*": orders-test } }
            targets:
              - name: app
                cloudformation: { stack: "shop-${environment}" }
                parameters: { Table: "${table}" }
              - { name: web, after: app, site: { directory: web, bucket: "shop-${accountId}" } }
            verify:
              - { lambda: { target: app, function: "shop-${environment}-smoke" }, retries: 2 }
            """);
        Release release = release(new ToolImport.Request(ToolOutput.SAM, project, null, "release.yaml", null, null));
        assertEquals("shop", release.service());
        Manifest.CloudFormation app = stack(release, "app");
        assertEquals("shop-${environment}", app.stack());
        assertEquals(Map.of("Table", "${table}"), app.parameters());
        assertEquals(List.of("CAPABILITY_AUTO_EXPAND", "CAPABILITY_IAM"), app.capabilities());
        assertTrue(release.manifest().target("web").isPresent());
        assertEquals(2, release.manifest().verify().get(0).retries());
        assertTrue(release.artifact("web/index.html").isPresent());
    }

    @Test
    public void twoNamesOfOneServiceAreRefused() throws IOException {
        Path project = project("sam");
        Files.writeString(project.resolve("release.yaml"), "service: shop\n");
        String said = refusal(new ToolImport.Request(ToolOutput.SAM, project, null, "release.yaml", "orders", null));
        assertTrue(said, said.contains("release.yaml:1: service: is shop, and orders was requested"));
    }

    @Test
    public void importingAgainReplacesWhatAnEarlierImportWrote() throws IOException {
        Path project = project("sam");
        Release first = release(request(ToolOutput.SAM, project));
        Files.writeString(project.resolve(".promotion/code/old.zip"), "left over");
        assertEquals(first, release(request(ToolOutput.SAM, project)));
        assertFalse(Files.exists(project.resolve(".promotion/code/old.zip")));
    }

    @Test
    public void nothingIsWrittenThroughALink() throws IOException {
        Path project = project("sam");
        Path elsewhere = folder.newFolder().toPath();
        Files.writeString(elsewhere.resolve("precious"), "keep");
        Files.createSymbolicLink(project.resolve(".promotion"), elsewhere);
        String said = refusal(request(ToolOutput.SAM, project));
        assertTrue(said, said.contains(".promotion: is a link"));
        assertEquals("keep", Files.readString(elsewhere.resolve("precious")));
    }

    @Test
    public void codeOutsideOfTheProjectIsRefused() throws IOException {
        Path project = project("sam");
        replace(project.resolve(".aws-sam/build/template.yaml"), "CodeUri: Api", "CodeUri: ../../../elsewhere");
        Files.createDirectories(project.resolveSibling("elsewhere"));
        String said = refusal(request(ToolOutput.SAM, project));
        assertTrue(said, said.contains("outside of the project"));
    }

    @Test
    public void aLinkInCodeThatLeavesTheProjectIsRefused() throws IOException {
        Path project = project("sam");
        Path secret = folder.newFile().toPath();
        Files.createSymbolicLink(project.resolve(".aws-sam/build/Api/secret"), secret);
        String said = refusal(request(ToolOutput.SAM, project));
        assertTrue(said, said.contains("holds a link, secret, that leaves the folder of the project"));
    }

    @Test
    public void whatWasNeverBuiltIsNamedWithTheCommandThatBuildsIt() throws IOException {
        Path empty = folder.newFolder().toPath();
        assertTrue(refusal(request(ToolOutput.SAM, empty)).startsWith(".aws-sam/build: does not exist; sam build"));
        assertTrue(refusal(request(ToolOutput.SERVERLESS, empty)).contains("serverless package writes it"));
        assertTrue(refusal(request(ToolOutput.CDK, empty)).contains("cdk synth writes it"));
        Files.createDirectories(empty.resolve(".aws-sam/build"));
        Files.createDirectories(empty.resolve("cdk.out"));
        assertTrue(refusal(request(ToolOutput.SAM, empty))
                .startsWith(".aws-sam/build/template.yaml: does not exist, so .aws-sam/build is unfinished"));
        assertTrue(refusal(request(ToolOutput.CDK, empty))
                .startsWith("cdk.out/manifest.json: does not exist, so cdk.out is unfinished"));
    }
}
