package io.jenkins.plugins.serverlesspromotion.aws;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.aws.session.AwsSessions;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Deployment.Status;
import io.jenkins.plugins.serverlesspromotion.engine.release.Published;
import io.jenkins.plugins.serverlesspromotion.format.ToolOutput;
import io.jenkins.plugins.serverlesspromotion.format.ToolProjects;
import io.jenkins.plugins.serverlesspromotion.format.importers.ToolImport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** What the real tools built is planned, deployed and answers; a second time nothing is left to do. */
public class ImportedReleaseTest {
    @Rule
    public final SandboxLab sandbox = new SandboxLab();

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private Published published(ToolOutput tool, String version, String manifest) throws Exception {
        Path project = ToolProjects.copy(tool.word(), folder.newFolder().toPath());
        if (manifest != null) {
            Files.writeString(project.resolve("release.yaml"), manifest);
        }
        var made = ToolImport.run(new ToolImport.Request(
                tool,
                project,
                null,
                manifest == null ? null : "release.yaml",
                manifest == null ? "orders" : null,
                null));
        return sandbox.lab().publish(made.assemble(version));
    }

    private void deploysOnce(ToolOutput tool, String manifest, int steps) throws Exception {
        var first = sandbox.lab().promote(sandbox.lab().work("orders.dev.1", published(tool, "1.0.0", manifest)));
        assertEquals(first.toString(), steps, first.size());
        first.values().forEach(result -> assertEquals(result.detail(), Status.DONE, result.status()));
        var again = sandbox.lab().promote(sandbox.lab().work("orders.dev.2", published(tool, "1.0.1", manifest)));
        again.values().forEach(result -> assertEquals(result.detail(), Status.UNCHANGED, result.status()));
    }

    @Test
    public void aBuildOfSamIsDeployedAndAnswers() throws Exception {
        deploysOnce(ToolOutput.SAM, """
                service: orders
                targets: [ { name: app, parameters: { Table: "orders-${environment}" } } ]
                """, 1);
        try (var scope = sandbox.lab().scope()) {
            String answer = scope.session(sandbox.lab().accounts.get(Lab.DEV), AwsSessions.Purpose.TEST, Lab.REGION)
                    .lambda(Lab.REGION)
                    .invoke(r -> r.functionName("orders-smoke"))
                    .payload()
                    .asUtf8String();
            assertTrue(answer, answer.contains("200"));
        }
    }

    @Test
    public void aPackageOfTheServerlessFrameworkIsDeployed() throws Exception {
        deploysOnce(ToolOutput.SERVERLESS, null, 1);
    }

    @Test
    public void aCloudAssemblyIsDeployedInTheOrderOfItsStacks() throws Exception {
        deploysOnce(ToolOutput.CDK, null, 2);
        assertEquals(
                List.of("orders-dev/eu-west-1/orders-data", "orders-dev/eu-west-1/orders-api"),
                sandbox
                        .lab()
                        .plan(sandbox.lab().work("orders.dev.3", published(ToolOutput.CDK, "1.0.2", null)), 1)
                        .targets()
                        .stream()
                        .map(t -> t.key())
                        .toList());
    }
}
