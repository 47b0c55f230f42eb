package io.jenkins.plugins.serverlesspromotion.controller.steps;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.Shows;
import io.jenkins.plugins.serverlesspromotion.controller.steps.WorkspaceRelease.FileClaim;
import io.jenkins.plugins.serverlesspromotion.engine.release.Release;
import io.jenkins.plugins.serverlesspromotion.format.json.CanonicalDigests;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.Test;

/** An agent that lies. */
public class ClaimedReleaseTest {
    private static final String MANIFEST = """
            apiVersion: promotion/v1
            service: orders
            targets:
              - name: api
                cloudformation: { template: api.yaml, stack: "orders-${environment}" }
              - name: web
                site: { directory: dist/web, bucket: "orders-web-${accountId}" }
            """;
    private static final String TEMPLATE = """
            AWSTemplateFormatVersion: "2010-09-09"
            Resources:
              Function:
                Type: AWS::Lambda::Function
                Properties:
                  Code: build/api.zip
            """;

    private final Map<String, FileClaim> files = new LinkedHashMap<>();
    private final Map<String, byte[]> templates = new LinkedHashMap<>();
    private String manifest = MANIFEST;

    public ClaimedReleaseTest() {
        templates.put("api.yaml", TEMPLATE.getBytes(StandardCharsets.UTF_8));
        file("api.yaml", TEMPLATE);
        file("build/api.zip", "zip");
        file("dist/web/index.html", "hello");
    }

    @Test
    public void whatFitsIsTaken() throws Exception {
        Release release = claimed().release();
        assertEquals("orders@1.0.0", release.id());
        assertEquals(3, release.artifacts().size());
    }

    @Test
    public void theCodeOfAFunctionMustBeThereAndMayBeThere() throws Exception {
        manifest = MANIFEST + "  - name: worker\n    lambda: { function: orders-worker, package: dist/worker.zip }\n";
        refused("does not bring dist/worker.zip, which the manifest names");
        file("dist/worker.zip", "zip");
        assertEquals(4, claimed().release().artifacts().size());
    }

    @Test
    @Shows(table = Shows.HOLES, cell = "13 step")
    public void aLiteralValueOfANoEchoParameterIsRefusedWithoutItsValue() {
        String template =
                TEMPLATE.replace("Resources:", "Parameters: { Pw: { Type: String, NoEcho: yes } }\nResources:");
        templates.put("api.yaml", template.getBytes(StandardCharsets.UTF_8));
        file("api.yaml", template);
        manifest = MANIFEST.replace("-${environment}\" }", "-${environment}\", parameters: { Pw: planted-6f1c0e } }");
        String message = assertThrows(RuntimeException.class, this::claimed).getMessage();
        assertTrue(message, message.contains("parameter Pw, which has NoEcho") && message.contains("secret:"));
        assertTrue(message, !message.contains("planted-6f1c0e"));
    }

    private void template(String path, String text) {
        templates.put(path, text.getBytes(StandardCharsets.UTF_8));
        file(path, text);
    }

    private static String nesting(String path) {
        return "Resources: { N: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: " + path + " } } }";
    }

    @Test
    public void filesOfNestedTemplatesMustBeThereAndMayBeThere() throws Exception {
        template("api.yaml", nesting("inner.yaml"));
        files.remove("build/api.zip");
        refused("does not bring inner.yaml, which template api.yaml names");
        file("inner.yaml", "Resources: {}");
        refused("template inner.yaml changed while it was published");
        template(
                "inner.yaml",
                "Resources: { J: { Type: AWS::Glue::Job, Properties: { Command: { ScriptLocation: job.py } } } }");
        refused("does not bring job.py, which template inner.yaml names");
        file("job.py", "print(1)");
        assertEquals(4, claimed().release().artifacts().size());
        template("inner.yaml", nesting("api.yaml"));
        refused("brings job.py, which the manifest does not name");
    }

    @Test
    public void nestedTemplatesEnd() {
        files.remove("build/api.zip");
        template("api.yaml", nesting("t0.yaml"));
        for (int i = 0; i < 600; i++) {
            template("t" + i + ".yaml", nesting("t" + (i + 1) + ".yaml"));
        }
        refused("more than 500 nested templates");
    }

    @Test
    public void aFileThatNothingNamesIsRefused() {
        file("etc/passwd", "root");
        refused("brings etc/passwd, which the manifest does not name");
    }

    @Test
    public void codeThatTheTemplateNamesMustBeThere() {
        files.remove("build/api.zip");
        refused("does not bring build/api.zip, which template api.yaml names");
    }

    @Test
    public void aTemplateThatTheManifestNamesMustBeThere() {
        files.remove("api.yaml");
        refused("does not bring api.yaml, which the manifest names");
    }

    @Test
    public void aTemplateMustBeWhatItsDigestSays() {
        templates.put(
                "api.yaml", TEMPLATE.replace("build/api.zip", "build/api.zap").getBytes(StandardCharsets.UTF_8));
        refused("template api.yaml changed while it was published");
        templates.remove("api.yaml");
        refused("template api.yaml changed while it was published");
    }

    @Test
    public void aSiteMustHaveFiles() {
        files.remove("dist/web/index.html");
        refused("no file of site dist/web");
    }

    @Test
    @Shows(table = Shows.HOLES, cell = "7 step")
    public void aPathThatLeavesTheReleaseIsRefused() {
        for (String path : new String[] {"dist/web/../../x", "/dist/web/x", "dist/web/\0", "dist\\web\\x", ""}) {
            files.put("odd", new FileClaim(path, "0".repeat(64), 1));
            refused("must be relative and stay inside the release");
        }
    }

    @Test
    public void aDigestThatIsNoneOrALengthBelowNothingIsRefused() {
        files.put("odd", new FileClaim("dist/web/a", "../../other-key", 1));
        refused("must be sha256: and 64 hexadecimal digits");
        files.put("odd", new FileClaim("dist/web/a", "0".repeat(64), -1));
        refused("negative size");
    }

    @Test
    public void aPathTwiceIsRefused() {
        files.put("again", files.get("dist/web/index.html"));
        refused("names dist/web/index.html twice");
    }

    @Test
    public void aManifestIsReadAgain() {
        manifest = MANIFEST.replace("service: orders", "service: ../billing");
        refused("service");
        manifest = "a: &a [*a, *a]";
        assertThrows(IllegalArgumentException.class, this::claimed);
    }

    private void file(String path, String content) {
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        String digest = CanonicalDigests.sha256(bytes).substring("sha256:".length());
        files.put(path, new FileClaim(path, digest, bytes.length));
    }

    private ClaimedRelease claimed() throws Exception {
        var claim = new WorkspaceRelease.Claim(
                manifest.getBytes(StandardCharsets.UTF_8),
                java.util.List.copyOf(files.values()),
                templates,
                java.util.List.of());
        return ClaimedRelease.of("release.yaml", "1.0.0", claim);
    }

    private void refused(String why) {
        Exception refused = assertThrows(Exception.class, this::claimed);
        assertTrue(refused.getMessage(), refused.getMessage().contains(why));
    }
}
