package io.jenkins.plugins.serverlesspromotion.format.artifact;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.engine.release.Artifact;
import io.jenkins.plugins.serverlesspromotion.format.InputException;
import io.jenkins.plugins.serverlesspromotion.format.json.CanonicalDigests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class ReleaseAssemblerTest {
    @Rule
    public TemporaryFolder temporary = new TemporaryFolder();

    private Path folder;

    @Before
    public void aCompleteRelease() throws IOException {
        folder = temporary.newFolder("orders").toPath();
        write("release.yaml", """
                apiVersion: promotion/v1
                service: orders
                targets:
                  - name: api
                    cloudformation: { template: infra/api.yaml, stack: orders }
                  - name: web
                    site: { directory: dist/web, bucket: b }
                """);
        write("infra/api.yaml", """
                Resources:
                  F:
                    Type: AWS::Lambda::Function
                    Properties: { Code: build/api.zip }
                """);
        zip("build/api.zip", "handler.py", "x = 1");
        write("dist/web/index.html", "<p>");
        write("dist/web/a/b.css", "b");
        write("dist/web/.well-known/security.txt", "Contact: x");
        write("unrelated.txt", "no part of it");
    }

    private void write(String path, String text) throws IOException {
        Path file = folder.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private void zip(String path, String... namesAndTexts) throws IOException {
        Path file = folder.resolve(path);
        Files.createDirectories(file.getParent());
        try (var out = new ZipOutputStream(Files.newOutputStream(file))) {
            for (int i = 0; i < namesAndTexts.length; i += 2) {
                out.putNextEntry(new ZipEntry(namesAndTexts[i]));
                out.write(namesAndTexts[i + 1].getBytes(java.nio.charset.StandardCharsets.UTF_8));
                out.closeEntry();
            }
        }
    }

    private ReleaseAssembler.Assembly assemble() throws IOException {
        return ReleaseAssembler.assemble(folder.resolve("release.yaml"), "1.4.2");
    }

    private void refused(String... says) {
        var e = assertThrows(InputException.class, this::assemble);
        for (String part : says) {
            assertTrue(
                    "expected «" + part + "» in:\n" + e.getMessage(),
                    e.getMessage().contains(part));
        }
    }

    @Test
    public void everyFileThatTheManifestNamesAndNoOtherBecomesAnArtifact() throws IOException {
        var assembly = assemble();
        assertEquals("orders@1.4.2", assembly.release().id());
        assertEquals(
                List.of(
                        "build/api.zip",
                        "dist/web/.well-known/security.txt",
                        "dist/web/a/b.css",
                        "dist/web/index.html",
                        "infra/api.yaml"),
                assembly.release().artifacts().stream().map(Artifact::path).toList());
        assertEquals(
                assembly.release().artifacts(),
                assembly.uploads().stream()
                        .map(ReleaseAssembler.Upload::artifact)
                        .toList());
        for (var upload : assembly.uploads()) {
            byte[] bytes = Files.readAllBytes(upload.file());
            assertEquals(CanonicalDigests.sha256(bytes), upload.artifact().digest());
            assertEquals(bytes.length, upload.artifact().size());
        }
    }

    @Test
    public void theSameBytesAreTheSameReleaseAndOneOtherByteIsAnother() throws IOException {
        var digests = new CanonicalDigests();
        String digest = digests.release(assemble().release());
        Files.setLastModifiedTime(
                folder.resolve("dist/web/index.html"), java.nio.file.attribute.FileTime.fromMillis(0));
        assertEquals(digest, digests.release(assemble().release()));
        write("dist/web/index.html", "<q>");
        assertNotEquals(digest, digests.release(assemble().release()));
    }

    @Test
    public void theCodeOfAFunctionIsAnArtifactAndMustBeAZip() throws IOException {
        String manifest = """
                apiVersion: promotion/v1
                service: orders
                targets:
                  - name: worker
                    lambda: { function: orders-worker, package: build/api.zip }
                """;
        write("release.yaml", manifest);
        assertEquals(
                List.of("build/api.zip"),
                assemble().release().artifacts().stream().map(Artifact::path).toList());
        write("release.yaml", manifest.replace("build/api.zip", "build"));
        refused("release.yaml:5: targets[worker].lambda.package: 'build' is a folder; pack it into a ZIP");
        write("release.yaml", manifest.replace("build/api.zip", "build/none.zip"));
        refused("'build/none.zip' does not exist; build it before publishing");
        write("release.yaml", manifest.replace("build/api.zip", "unrelated.txt"));
        refused("targets[worker].lambda.package: the code 'unrelated.txt'");
    }

    @Test
    public void aManifestInTheCurrentFolderHasAFolderToo() throws IOException {
        Path relative = Path.of("").toAbsolutePath().relativize(folder.resolve("release.yaml"));
        assertEquals(5, ReleaseAssembler.assemble(relative, "1").uploads().size());
    }

    @Test
    public void missingFilesAreToldTogetherWithFileLineAndKey() throws IOException {
        Files.delete(folder.resolve("build/api.zip"));
        for (String file : List.of("index.html", "a/b.css", ".well-known/security.txt", ".well-known", "a", "")) {
            Files.delete(folder.resolve("dist/web").resolve(file));
        }
        refused(
                "release.yaml:5: targets[api].cloudformation.template: infra/api.yaml:4: Resources.F.Properties.Code:"
                        + " 'build/api.zip' does not exist; build it before publishing",
                "release.yaml:7: targets[web].site.directory: 'dist/web' does not exist");
    }

    @Test
    public void aPathRelativeToTheTemplateIsRecognised() throws IOException {
        Files.createDirectories(folder.resolve("infra/build"));
        Files.move(folder.resolve("build/api.zip"), folder.resolve("infra/build/api.zip"));
        refused("paths in a template are relative to the manifest: write infra/build/api.zip");
    }

    private void nests(String template, String nested, String more) throws IOException {
        write(
                template,
                "Resources: { N: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: " + nested + " } }"
                        + more + " }");
    }

    @Test
    public void filesOfTemplatesAndOfTheirNestedTemplatesAreArtifacts() throws IOException {
        nests(
                "infra/api.yaml",
                "infra/one.yaml",
                ", J: { Type: AWS::Glue::Job, Properties: { Command: {" + " ScriptLocation: jobs/load.py } } }");
        nests(
                "infra/one.yaml",
                "infra/two.yaml",
                ", M: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL:" + " ./infra/two.yaml } }");
        write(
                "infra/two.yaml",
                "Resources: { F: { Type: AWS::Lambda::Function, Properties: { Code: build/api.zip } } }");
        write("jobs/load.py", "print('a script is no ZIP')");
        assertEquals(
                List.of("build/api.zip", "infra/api.yaml", "infra/one.yaml", "infra/two.yaml", "jobs/load.py"),
                assemble().release().artifacts().stream()
                        .map(Artifact::path)
                        .filter(path -> !path.startsWith("dist/"))
                        .toList());
        write(
                "infra/two.yaml",
                "Resources: { F: { Type: AWS::Lambda::Function, Properties: { Code: jobs/load.py } } }");
        refused(
                "infra/two.yaml:1: Resources.F.Properties.Code: the code 'jobs/load.py' is not a ZIP",
                "release.yaml:5: targets[api].cloudformation.template");
        Files.delete(folder.resolve("jobs/load.py"));
        refused("Resources.J.Properties.Command.ScriptLocation: 'jobs/load.py' does not exist");
        write("infra/two.yaml", "no template");
        refused("Resources.N.Properties.TemplateURL: the template infra/two.yaml:1: is no CloudFormation template");
    }

    @Test
    public void nestingEnds() throws IOException {
        nests("infra/api.yaml", "infra/one.yaml", "");
        nests("infra/one.yaml", "infra/api.yaml", "");
        refused("infra/one.yaml:1: Resources.N.Properties.TemplateURL: the template 'infra/api.yaml' nests itself");
        nests("infra/api.yaml", "infra/0.yaml", "");
        for (int i = 0; i < 12; i++) {
            nests("infra/" + i + ".yaml", "infra/" + (i + 1) + ".yaml", "");
        }
        refused("the template 'infra/10.yaml' is nested more than 10 levels deep");
    }

    @Test
    public void aLinkThatLeadsNowhereIsNamedAsOne() throws IOException {
        Files.delete(folder.resolve("build/api.zip"));
        Files.createSymbolicLink(folder.resolve("build/api.zip"), Path.of("../old/api.zip"));
        Files.move(folder.resolve("dist/web"), folder.resolve("dist/old"));
        Files.createSymbolicLink(folder.resolve("dist/web"), Path.of("web"));
        refused(
                "'build/api.zip' is a link to '../old/api.zip', which leads to no file; correct the link",
                "'dist/web' is a link to 'web', which leads to no file");
        Files.delete(folder.resolve("build/api.zip"));
        Files.delete(folder.resolve("build"));
        Files.createSymbolicLink(folder.resolve("build"), Path.of("gone"));
        refused("'build/api.zip' is behind the link 'build' to 'gone', which leads to no file");
        Files.delete(folder.resolve("infra/api.yaml"));
        Files.createSymbolicLink(folder.resolve("infra/api.yaml"), Path.of("template.yaml"));
        refused("'infra/api.yaml' is a link to 'template.yaml', which leads to no file");
    }

    @Test
    public void aFolderAsCodeOfATemplateGetsTheNextStep() throws IOException {
        String next = "is a folder; pack it into a ZIP before publishing and name the ZIP, or publish what sam build,"
                + " serverless package or cdk synth writes, with --from";
        for (String path : List.of("src", "src/", "./src")) {
            write(
                    "infra/api.yaml",
                    "Resources: { F: { Type: AWS::Serverless::Function, Properties: { CodeUri: " + path + " } } }");
            write("src/app.py", "x = 1");
            refused("Resources.F.Properties.CodeUri: 'src' " + next);
            Files.delete(folder.resolve("src/app.py"));
            Files.delete(folder.resolve("src"));
            write("infra/src/app.py", "x = 1");
            refused("'src' does not exist; paths in a template are relative to the manifest: infra/src " + next);
            Files.delete(folder.resolve("infra/src/app.py"));
            Files.delete(folder.resolve("infra/src"));
        }
        for (String path : List.of(".", "./")) {
            write(
                    "infra/api.yaml",
                    "Resources: { F: { Type: AWS::Serverless::Function, Properties: { CodeUri: " + path + " } } }");
            refused("names the folder of the manifest itself");
        }
    }

    private void raw(String path, java.util.function.Consumer<RawZip> content) throws IOException {
        var zip = new RawZip();
        content.accept(zip);
        Files.write(folder.resolve(path), zip.bytes());
    }

    @Test
    public void anEmptyFileInAStreamedZipIsTaken() throws IOException {
        raw("build/api.zip", zip -> {
            zip.add("h.py", "x").with(RawZip.Descriptor.SIGNED);
            zip.add("__init__.py", "").stored().with(RawZip.Descriptor.SIGNED);
        });
        assertTrue(assemble().release().artifact("build/api.zip").isPresent());
    }

    @Test
    public void codeThatLambdaMayNotReadIsRefusedWithItsPlace() throws IOException {
        raw("build/api.zip", zip -> {
            zip.add("index.js", "1").mode(0100600);
            zip.add("secret/", "").mode(040700);
        });
        refused(
                "release.yaml:5: targets[api].cloudformation.template: infra/api.yaml:4: Resources.F.Properties.Code: the"
                        + " code 'build/api.zip' holds 2 entries that Lambda may not read: 'index.js' (mode 0600), 'secret/'"
                        + " (mode 0700); give files the mode 0644 and folders 0755 (chmod -R a+rX) and pack it again");
    }

    @Test
    public void whatMustBeExecutableFollowsFromTheTemplate() throws IOException {
        String bootstrap = "holds 'bootstrap' (mode 0644), which Lambda starts and may not execute";
        String none = "holds 'bootstrap' without a mode";
        raw("build/api.zip", zip -> zip.add("bootstrap", "#!/bin/sh"));
        String[] executed = {
            "{ Type: AWS::Lambda::Function, Properties: { Runtime: provided.al2023, Code: build/api.zip } }",
            "{ Type: AWS::Serverless::Function, Properties: { Runtime: provided, CodeUri: build/api.zip } }",
            "{ Type: AWS::Serverless::Function, Properties: { CodeUri: ./build/api.zip } }",
            "{ Type: AWS::Serverless::Function, Properties: { Runtime: !Ref R, CodeUri: build/api.zip } }",
            "{ Type: AWS::Lambda::LayerVersion, Properties: { Content: build/api.zip } }",
            "{ Type: AWS::Serverless::LayerVersion, Properties: { ContentUri: build/api.zip } }"
        };
        for (String resource : executed) {
            write("infra/api.yaml", "Resources:\n  F: " + resource + "\n");
            refused(bootstrap);
        }
        write("infra/api.yaml", "Resources: { \"Fn::ForEach::Each\": [N, [a], { \"F${N}\": " + executed[0] + " }] }");
        refused(bootstrap);
        String node = "{ Type: AWS::Lambda::Function, Properties: { Runtime: nodejs22.x, Code: build/api.zip } }";
        write("infra/api.yaml", "Resources: { F: " + node + " }");
        assemble();
        write("infra/api.yaml", "Resources: { F: " + node + ", G: " + executed[0] + " }");
        refused(bootstrap);
        String global = "Globals: { Function: { Runtime: nodejs22.x, CodeUri: build/api.zip } }\n";
        write("infra/api.yaml", global + "Resources: { F: { Type: AWS::Serverless::Function, Properties: {} } }");
        assemble();
        write("infra/api.yaml", global + "Resources: { F: " + executed[1] + " }");
        refused(bootstrap);
        raw("build/api.zip", zip -> zip.add("bootstrap", "#!/bin/sh").madeBy(0).mode(0));
        refused(none);
        write("infra/api.yaml", "Resources: { F: " + executed[2] + " }");
        assemble();
        raw("build/api.zip", zip -> zip.add("bootstrap", "#!/bin/sh"));
        write("release.yaml", """
                apiVersion: promotion/v1
                service: orders
                targets:
                  - name: worker
                    lambda: { function: orders-worker, package: build/api.zip }
                """);
        refused("targets[worker].lambda.package: the code 'build/api.zip' " + bootstrap);
    }

    /** The second target needs what the first one does not. */
    @Test
    public void aZipOfTwoTargetsIsCheckedForBoth() throws IOException {
        raw("build/api.zip", zip -> zip.add("bootstrap", "#!/bin/sh"));
        write("infra/api.yaml", """
                Resources:
                  F: { Type: AWS::Lambda::Function, Properties: { Runtime: python3.13, Code: build/api.zip } }
                """);
        write("release.yaml", """
                apiVersion: promotion/v1
                service: orders
                targets:
                  - { name: api, cloudformation: { template: infra/api.yaml, stack: orders } }
                  - { name: worker, lambda: { function: orders-worker, package: build/api.zip } }
                """);
        refused("release.yaml:5: targets[worker].lambda.package: the code 'build/api.zip' holds 'bootstrap'");
    }

    @Test
    public void aFolderOfCodeIsNoZip() throws IOException {
        Files.delete(folder.resolve("build/api.zip"));
        Files.createDirectories(folder.resolve("build/api.zip"));
        refused("'build/api.zip' is a folder; pack it into a ZIP");
    }

    @Test
    public void templatesAreLookedAtBeforeAnythingIsPublished() throws IOException {
        write("infra/api.yaml", "Resources: [\n");
        refused("release.yaml:5: targets[api].cloudformation.template: the template infra/api.yaml:", "is not YAML");
        write("infra/api.yaml", "Resources: { F: { Type: AWS::Lambda::Function, Properties: { Code: s3://b/k } } }");
        refused("the template infra/api.yaml:1: Resources.F.Properties.Code: names code at 's3://b/k'");
        write("infra/api.yaml", "Resources: {}\n#" + "x".repeat(1 << 20));
        refused("the template infra/api.yaml: is larger than 1 MiB");
        Files.delete(folder.resolve("infra/api.yaml"));
        refused("'infra/api.yaml' does not exist");
    }

    @Test
    public void hiddenFilesOfASiteAreRefused() throws IOException {
        write("dist/web/.env", "SECRET=1");
        write("dist/web/.git/config", "x");
        refused("'dist/web/.env' is hidden", "'dist/web/.git' is hidden");
    }

    @Test
    public void linksThatLeaveAreRefusedAndLinksThatStayAreFilesAndNothingIsFollowedTwice() throws IOException {
        Path web = folder.resolve("dist/web");
        Files.createSymbolicLink(web.resolve("same.css"), Path.of("a/b.css"));
        assertTrue(assemble().release().artifact("dist/web/same.css").isPresent());
        Files.createSymbolicLink(web.resolve("passwd"), Path.of("/etc/passwd"));
        Files.createSymbolicLink(web.resolve("up"), Path.of("../.."));
        Files.createSymbolicLink(web.resolve("loop"), Path.of("."));
        Files.createSymbolicLink(web.resolve("dangling"), Path.of("nowhere"));
        refused(
                "'dist/web/passwd' is a link that leads out", "'dist/web/up' is a link that leads out",
                "'dist/web/loop' is a link to a folder",
                        "'dist/web/dangling' is a link to 'nowhere', which leads to no file; correct the link, or copy the file");
    }

    @Test
    public void linksOfTemplatesCodeAndSitesStayInTheFolderOfTheManifest() throws IOException {
        Path outside = temporary.newFolder("outside").toPath();
        Files.move(folder.resolve("build/api.zip"), outside.resolve("api.zip"));
        Files.createSymbolicLink(folder.resolve("build/api.zip"), outside.resolve("api.zip"));
        Files.move(folder.resolve("dist/web"), outside.resolve("web"));
        Files.createSymbolicLink(folder.resolve("dist/web"), outside.resolve("web"));
        refused(
                "'build/api.zip' is a link that leaves the folder of the manifest",
                "'dist/web' is a link that leaves the folder of the manifest");
    }

    @Test
    public void anEmptyOrEndlessSiteIsRefused() throws IOException {
        for (String file : List.of("index.html", "a/b.css", ".well-known/security.txt")) {
            Files.delete(folder.resolve("dist/web").resolve(file));
        }
        refused("'dist/web' holds no file");
        for (int i = 0; i <= 10_000; i++) {
            Files.createFile(folder.resolve("dist/web/f" + i));
        }
        refused("'dist/web' holds more than 10000 files");
    }

    @Test
    public void aVersionIsAskedForBeforeAnythingIsRead() {
        assertThrows(
                IllegalArgumentException.class,
                () -> ReleaseAssembler.assemble(folder.resolve("nothing.yaml"), "../1"));
        var e = assertThrows(
                InputException.class, () -> ReleaseAssembler.assemble(folder.resolve("nothing.yaml"), "1"));
        assertTrue(e.getMessage(), e.getMessage().endsWith("nothing.yaml: does not exist"));
    }

    @Test
    public void aFileThatChangesWhileItIsReadIsRefused() throws IOException {
        Path file = folder.resolve("dist/web/index.html");
        var files = new FileDigests(folder);
        var e = assertThrows(
                IllegalArgumentException.class,
                () -> files.digest("x", file, 100, checked -> Files.writeString(checked, "<changed>")));
        assertTrue(e.getMessage(), e.getMessage().contains("changes while it is read"));
        var large = assertThrows(IllegalArgumentException.class, () -> files.digest("x", file, 2));
        assertTrue(large.getMessage(), large.getMessage().contains("is larger than"));
    }
}
