package io.jenkins.plugins.serverlesspromotion.aws;

import static org.junit.Assert.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.serverlesspromotion.aws.call.Tokens;
import io.jenkins.plugins.serverlesspromotion.aws.cloudformation.StackInputs;
import io.jenkins.plugins.serverlesspromotion.aws.function.ShiftMark;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Deployment.Status;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.engine.port.Deployer;
import io.jenkins.plugins.serverlesspromotion.engine.port.Recoverer;
import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest;
import io.jenkins.plugins.serverlesspromotion.engine.release.Published;
import io.jenkins.plugins.serverlesspromotion.golden.GoldenFiles;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.Rule;
import org.junit.Test;
import software.amazon.awssdk.services.cloudformation.model.Parameter;
import software.amazon.awssdk.services.cloudformation.model.RollbackConfiguration;
import software.amazon.awssdk.services.cloudformation.model.RollbackTrigger;
import software.amazon.awssdk.services.cloudformation.model.Tag;

/**
 * What AWS recognises work by that was begun before an upgrade: client tokens, names of change sets, the mark of an
 * alias. Each is compared with {@code golden/tokens.txt}, first as it is derived, then as it is really sent.
 */
public class FrozenTokensTest {
    @Rule
    public final SandboxLab sandbox = new SandboxLab();

    private Lab lab() {
        return sandbox.lab();
    }

    private static List<String> frozen(String section) throws Exception {
        return Files.readString(GoldenFiles.root().resolve("tokens.txt"), StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.startsWith(section + " "))
                .toList();
    }

    private static void same(String section, List<String> now) throws Exception {
        assertEquals(String.join("\n", frozen(section)), String.join("\n", now));
    }

    @Test
    public void whatATokenIsDerivedFrom() throws Exception {
        var now = new ArrayList<String>();
        now.add("derived parts " + Tokens.of("controller-1", "orders.dev.1", 2, "orders-dev/eu-west-1/api", "execute"));
        now.add("derived boundary " + Tokens.of("a", "bc") + " " + Tokens.of("ab", "c"));
        for (Recoverer.RecoveryAction recoveryAction : Recoverer.RecoveryAction.values()) {
            now.add("derived " + recoveryAction.word() + " " + Tokens.of("c0ffee-12", recoveryAction));
        }
        StackInputs inputs = inputs(null);
        now.add("derived inputs " + inputs.digest());
        now.add("derived unwatched " + inputs.unwatched().digest());
        var watch = RollbackConfiguration.builder()
                .rollbackTriggers(RollbackTrigger.builder()
                        .arn("arn:aws:cloudwatch:eu-west-1:222222222222:alarm:errors")
                        .type("AWS::CloudWatch::Alarm")
                        .build())
                .monitoringTimeInMinutes(5)
                .build();
        now.add("derived watched " + inputs(watch).digest());
        now.add("derived changeset " + Tokens.of("promotion-token", inputs.digest(), 1));
        same("derived", now);
    }

    private static StackInputs inputs(RollbackConfiguration rollback) {
        return new StackInputs(
                "orders-dev",
                "https://s3/sha256/1?versionId=2",
                "sha256:1",
                List.of(
                        Parameter.builder()
                                .parameterKey("A")
                                .parameterValue("1")
                                .build(),
                        Parameter.builder()
                                .parameterKey("B")
                                .usePreviousValue(true)
                                .build()),
                Map.of("A", "1"),
                Map.of(),
                true,
                List.of(Tag.builder()
                        .key(StackInputs.SERVICE_TAG)
                        .value("orders")
                        .build()),
                List.of("CAPABILITY_IAM"),
                "arn:aws:iam::222222222222:role/promotion-cfn",
                Map.of(),
                new byte[0],
                new byte[0],
                false,
                false,
                rollback);
    }

    @Test
    public void theMarkOfAnAlias() throws Exception {
        var mark = new ShiftMark("orders@1.1.0", "orders.dev.1", "0123456789ab", null, null);
        Instant since = Instant.parse("2026-11-21T10:15:30.123Z");
        List<ShiftMark> marks = List.of(
                mark, mark.shifting(since), mark.shiftedBack("alarm errors went into state ALARM"), mark.settled());
        same("mark", marks.stream().map(m -> "mark " + m.text()).toList());
        for (ShiftMark each : marks) {
            assertEquals(each, ShiftMark.parse(each.text()));
        }
    }

    @Test
    public void whatIsReallySent() throws Exception {
        var now = new ArrayList<String>();
        try (var function = new FunctionLab(sandbox, 0.01)) {
            Published first = lab().publish("1.0.0", 128, AwsSuite.V1);
            lab().promote(lab().work("orders.dev.1", first));
            there(lab().work("orders.dev.2", lab().publish("1.1.0", 256, AwsSuite.V2)), first);
            Published site = site("2.0.0", "one");
            lab().promote(lab().work("orders.dev.3", site));
            there(lab().work("orders.dev.4", site("2.1.0", "two")), site);
            var worker = FunctionLab.target(null, Map.of());
            Published code = function.publish("3.0.0", worker, AwsSuite.V1);
            lab().promote(function.work("orders.dev.5", code));
            there(function.work("orders.dev.6", function.publish("3.1.0", worker, AwsSuite.V2)), code);
            now.add("sent alias " + function.alias().description());
        }
        for (JsonNode call : sandbox.control().log()) {
            JsonNode input = call.path("input");
            if (call.path("operation").asText().equals("ExecuteChangeSet")) {
                now.add("sent execute " + input.path("ClientRequestToken").asText());
            } else if (call.path("operation").asText().equals("CreateInvalidation")) {
                now.add("sent invalidation "
                        + input.toString().replaceAll(".*\"CallerReference\":\"([^\"]*)\".*", "$1"));
            }
        }
        same("sent", now);
    }

    private Published site(String version, String text) throws Exception {
        var target = new Manifest.Site(
                "web", List.of(), List.of(), "dist/web", SandboxLab.SITE, SandboxLab.DISTRIBUTION, null, null);
        return lab().publish(version, OrdersSamples.manifest(target), Map.of("dist/web/index.html", text));
    }

    /** Deploys, and undoes it again. */
    private void there(Deployer.Work work, Published back) throws Exception {
        Plan.TargetPlan step = lab().plan(work, 1).targets().get(0);
        assertEquals(Status.DONE, lab().deploy(work, step).status());
        Deployer.Undoing undone = lab().deployer().undo(work, 1, step, back, lab().progress);
        assertEquals(undone.detail(), null, undone.failure());
    }
}
