package io.jenkins.plugins.serverlesspromotion.aws;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.serverlesspromotion.Shows;
import io.jenkins.plugins.serverlesspromotion.aws.session.AwsSessions;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Deployment.Status;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Fact;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.engine.port.Deployer;
import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest;
import io.jenkins.plugins.serverlesspromotion.engine.release.Published;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.Rule;
import org.junit.Test;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

/** The order in which the files of a site appear and go, and the way back. */
public class SiteDeletionTest {
    private static final String KEY = "orders-dev/eu-west-1/web";

    @Rule
    public final SandboxLab sandbox = new SandboxLab();

    private Lab lab() {
        return sandbox.lab();
    }

    private Published site(String version, Boolean delete, String... files) throws Exception {
        var target = new Manifest.Site(
                "web", List.of(), List.of(), "dist/web", SandboxLab.SITE, SandboxLab.DISTRIBUTION, delete, null);
        var contents = new HashMap<String, String>();
        for (String file : files) {
            contents.put("dist/web/" + file, file + " of " + version);
        }
        return lab().publish(version, OrdersSamples.manifest(target), contents);
    }

    private <T> T s3(java.util.function.Function<S3Client, T> use) {
        try (var scope = lab().scope()) {
            return use.apply(scope.session(lab().accounts.get(Lab.DEV), AwsSessions.Purpose.DEPLOY, Lab.REGION)
                    .s3(Lab.REGION));
        }
    }

    private TreeSet<String> keys() {
        return s3(s3 -> new TreeSet<>(s3.listObjectsV2(r -> r.bucket(SandboxLab.SITE)).contents().stream()
                .map(S3Object::key)
                .toList()));
    }

    private String content(String key) {
        return s3(s3 ->
                s3.getObjectAsBytes(r -> r.bucket(SandboxLab.SITE).key(key)).asUtf8String());
    }

    private void foreign(String key) {
        s3(s3 -> s3.putObject(r -> r.bucket(SandboxLab.SITE).key(key), RequestBody.fromString("somebody's")));
    }

    /** Operations on the site since then, in order: {@code CopyObject app.js}. */
    private List<String> calls(int since) {
        var calls = new ArrayList<String>();
        for (JsonNode call :
                sandbox.control().log().subList(since, sandbox.control().log().size())) {
            String operation = call.path("operation").asText();
            String resource = call.path("resource").asText();
            if (resource.contains(SandboxLab.SITE + "/") && operation.matches("CopyObject|DeleteObject")) {
                calls.add(operation + " "
                        + resource.substring(resource.indexOf(SandboxLab.SITE) + SandboxLab.SITE.length() + 1));
            } else if (operation.equals("CreateInvalidation")) {
                calls.add(operation);
            }
        }
        return calls;
    }

    @Test
    public void newNamesComeFirstPagesLastAndDeletionsAfterEverything() throws Exception {
        lab().promote(lab().work("orders.dev.1", site("1.0.0", null, "index.html", "app.3f9a1c2b.js", "old.css")));
        var work =
                lab().work("orders.dev.2", site("1.1.0", true, "index.html", "a.html", "app.77aa88bb.js", "main.css"));
        Plan.TargetPlan step = lab().plan(work, 1).targets().get(0);
        assertEquals(
                List.of(
                        "a.html ADD",
                        "app.77aa88bb.js ADD",
                        "index.html MODIFY",
                        "main.css ADD",
                        "app.3f9a1c2b.js REMOVE",
                        "old.css REMOVE"),
                step.content().changes().stream()
                        .map(c -> c.subject() + " " + c.action())
                        .toList());
        Plan.Finding finding = step.content().findings().get(0);
        assertEquals("siteDeletion", finding.kind());
        assertEquals(
                "2 files are in the bucket but not in the release and deleted: app.3f9a1c2b.js, old.css",
                finding.sentence());
        int since = sandbox.control().log().size();
        Fact.StepResult result = lab().deploy(work, step);
        assertEquals(result.detail(), Status.DONE, result.status());
        List<String> calls = calls(since);
        assertEquals(
                List.of(
                        "CopyObject app.77aa88bb.js",
                        "CopyObject main.css",
                        "CopyObject a.html",
                        "CopyObject index.html",
                        "CreateInvalidation"),
                calls.subList(0, 5));
        assertEquals(
                List.of("DeleteObject app.3f9a1c2b.js", "DeleteObject old.css"),
                calls.subList(5, calls.size()).stream().sorted().toList());
        // Nothing went while CloudFront still kept pages that refer to it.
        assertFalse(sandbox.control().log("cloudfront", "GetInvalidation").isEmpty());
        assertEquals("[a.html, app.77aa88bb.js, index.html, main.css]", keys().toString());
    }

    @Test
    @Shows(table = Shows.DEPLOYING, cell = "site: stale plan")
    public void whatCameIntoTheBucketAfterThePlanIsNotDeleted() throws Exception {
        lab().promote(lab().work("orders.dev.1", site("1.0.0", true, "index.html", "old.css")));
        var work = lab().work("orders.dev.2", site("1.1.0", true, "index.html"));
        Plan.TargetPlan step = lab().plan(work, 1).targets().get(0);
        foreign("uploads/photo.jpg");
        Fact.StepResult result = lab().deploy(work, step);
        assertEquals(result.detail(), Status.STALE, result.status());
        assertTrue(result.detail(), result.detail().contains("uploads/photo.jpg"));
        assertTrue(keys().contains("uploads/photo.jpg"));
        assertTrue(keys().contains("old.css"));
    }

    @Test
    public void aFileThatOnlyHasToGoIsAChange() throws Exception {
        lab().promote(lab().work("orders.dev.1", site("1.0.0", true, "index.html")));
        foreign("stray.txt");
        var work = lab().work("orders.dev.2", site("1.0.0", true, "index.html"));
        Plan.TargetPlan step = lab().plan(work, 1).targets().get(0);
        assertFalse(step.content().unchanged());
        assertEquals(Status.DONE, lab().deploy(work, step).status());
        assertEquals("[index.html]", keys().toString());
    }

    @Test
    @Shows(table = Shows.DEPLOYING, cell = "site: undone")
    public void undoingBringsBackWhatWasDeletedAndTakesAwayWhatWasNew() throws Exception {
        Published old = site("1.0.0", true, "index.html", "old.css");
        lab().promote(lab().work("orders.dev.1", old));
        var work = lab().work("orders.dev.2", site("1.1.0", true, "index.html", "new.css"));
        Plan plan = lab().plan(work, 1);
        assertEquals(Status.DONE, lab().carryOut(work, plan).get(KEY).status());
        assertEquals("[index.html, new.css]", keys().toString());
        foreign("uploads/photo.jpg");
        Deployer.Undoing undone = lab().deployer().undo(work, 1, plan.targets().get(0), old, lab().progress);
        assertNull(undone.detail(), undone.failure());
        assertEquals("[index.html, old.css, uploads/photo.jpg]", keys().toString());
        assertEquals("index.html of 1.0.0", content("index.html"));
    }

    @Test
    @Shows(table = Shows.DEPLOYING, cell = "site: crash anywhere")
    public void aDeploymentWithDeletionsCutOffAnywhereComesToTheSameEnd() throws Exception {
        lab().promote(lab().work("orders.dev.1", site("1.0.0", null, "index.html", "old.css")));
        var work = lab().work("orders.dev.2", site("1.1.0", true, "index.html", "new.css"));
        Plan.TargetPlan step = lab().plan(work, 1).targets().get(0);
        new CutOff(sandbox).everywhere(() -> lab().deploy(work, step), () -> {
            Fact.StepResult result = lab().deploy(work, step);
            assertEquals(result.detail(), Status.DONE, result.status());
            assertEquals("[index.html, new.css]", keys().toString());
            assertEquals(2, sandbox.invalidations());
            return result;
        });
    }

    @Test
    @Shows(table = Shows.DEPLOYING, cell = "site: crash anywhere")
    public void anUndoCutOffAnywhereComesToTheSameEnd() throws Exception {
        Published old = site("1.0.0", true, "index.html", "old.css");
        lab().promote(lab().work("orders.dev.1", old));
        var work = lab().work("orders.dev.2", site("1.1.0", true, "index.html", "new.css"));
        Plan plan = lab().plan(work, 1);
        lab().carryOut(work, plan);
        Map<String, Plan.TargetPlan> step = Map.of(KEY, plan.targets().get(0));
        new CutOff(sandbox).everywhere(() -> lab().deployer().undo(work, 1, step.get(KEY), old, lab().progress), () -> {
            Deployer.Undoing undone = lab().deployer().undo(work, 1, step.get(KEY), old, lab().progress);
            assertNull(undone.detail(), undone.failure());
            assertEquals("[index.html, old.css]", keys().toString());
            return undone;
        });
    }
}
