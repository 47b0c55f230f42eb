package io.jenkins.plugins.serverlesspromotion.aws;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.aws.cloudformation.ChangeSets;
import io.jenkins.plugins.serverlesspromotion.aws.stack.ChangeSetContent;
import io.jenkins.plugins.serverlesspromotion.aws.stack.Findings;
import io.jenkins.plugins.serverlesspromotion.aws.stack.PlanConformance;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan.Action;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan.Exactness;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan.PropertyChange;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan.Replacement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.Test;
import software.amazon.awssdk.services.cloudformation.model.Change;
import software.amazon.awssdk.services.cloudformation.model.ResourceChange;
import software.amazon.awssdk.services.cloudformation.model.ResourceChangeDetail;

/** The form in which change sets are compared and approved, and what approvers see first. */
public class ChangeSetContentTest {
    private static Change change(
            String id, String type, String action, String replacement, ResourceChangeDetail... details) {
        return change(id, type, action, replacement, null, details);
    }

    private static Change change(
            String id, String type, String action, String replacement, String policy, ResourceChangeDetail... details) {
        return Change.builder()
                .resourceChange(ResourceChange.builder()
                        .logicalResourceId(id)
                        .physicalResourceId("phys-" + id)
                        .resourceType(type)
                        .action(action)
                        .replacement(replacement)
                        .policyAction(policy)
                        .details(details)
                        .build())
                .build();
    }

    private static ResourceChangeDetail detail(
            String path, String before, String after, String recreation, String why) {
        return ResourceChangeDetail.builder()
                .target(t -> t.attribute("Properties")
                        .name(path.substring(path.lastIndexOf('/') + 1))
                        .path(path)
                        .beforeValue(before)
                        .afterValue(after)
                        .requiresRecreation(recreation))
                .changeSource(why)
                .build();
    }

    private static List<Plan.Change> normalise(Map<String, String> rewrites, Change... changes) {
        return new ChangeSetContent(rewrites).normalise(List.of(changes));
    }

    @Test
    public void orderAndRepetitionMakeNoDifference() {
        var a = change(
                "A",
                "AWS::SQS::Queue",
                "Modify",
                "False",
                detail("/Properties/B", "1", "2", "Never", "DirectModification"),
                detail("/Properties/A", "x", null, "Never", "ParameterReference"),
                detail("/Properties/A", "x", "y", "Conditionally", "DirectModification"));
        var b = change("B", "AWS::SNS::Topic", "Add", null);
        List<Change> turned = new ArrayList<>(List.of(a, b));
        Collections.reverse(turned);
        List<Plan.Change> one = normalise(Map.of(), a, b);
        assertEquals(one, new ChangeSetContent(Map.of()).normalise(turned));
        assertEquals(
                List.of(
                        new PropertyChange("/Properties/A", "x", "y", Replacement.CONDITIONAL),
                        new PropertyChange("/Properties/B", "1", "2", Replacement.NO)),
                one.get(0).properties());
        assertFalse(one.toString().contains("phys-"));
    }

    @Test
    public void versionsOfCopiesAndSecretsNeverShow() {
        var content = new ChangeSetContent(Map.of("v-123", "(version of sha256:ab)", "hunter2", "****", "ab", "****"));
        assertEquals("{S3ObjectVersion: (version of sha256:ab)}", content.shown("{S3ObjectVersion: v-123}"));
        assertEquals("pw=****", content.shown("pw=hunter2"));
        assertEquals("****", content.shown("ab"));
        assertEquals("a short secret stars out no cab", content.shown("a short secret stars out no cab"));
        assertNull(content.shown(null));
    }

    @Test
    public void aLongValueStaysBoundByItsDigest() {
        var content = new ChangeSetContent(Map.of());
        String a = content.shown("x".repeat(20_000) + "a");
        assertTrue(a.length() < 400);
        assertFalse(a.equals(content.shown("x".repeat(20_000) + "b")));
    }

    @Test
    public void aNewResourceShowsWhatItWillBe() {
        var change = Change.builder()
                .resourceChange(ResourceChange.builder()
                        .logicalResourceId("Q")
                        .resourceType("AWS::SQS::Queue")
                        .action("Add")
                        .afterContext("{\"Properties\":{\"QueueName\":\"q\",\"Tags\":[{\"Key\":\"k\"}],\"Fifo\":true}}")
                        .build())
                .build();
        assertEquals(
                List.of("/Properties/Fifo=true", "/Properties/QueueName=q", "/Properties/Tags/0/Key=k"),
                normalise(Map.of(), change).get(0).properties().stream()
                        .map(p -> p.path() + "=" + p.after())
                        .toList());
    }

    @Test
    public void aChangeOfOutputsAloneDoesNotLookLikeNothing() {
        List<Plan.Change> changes = normalise(Map.of());
        assertEquals(ChangeSetContent.STACK, changes.get(0).subject());
    }

    @Test
    public void unknownActionsAreLeftOpen() {
        assertEquals(
                Action.DYNAMIC,
                normalise(Map.of(), change("A", "AWS::SQS::Queue", "SyncWithActual", null))
                        .get(0)
                        .action());
    }

    @Test
    public void lossesAccessAndOpaquenessAreFound() {
        var found = Findings.of(
                List.of(
                        change("Gone", "AWS::DynamoDB::Table", "Remove", null, "Delete"),
                        change("Kept", "AWS::S3::Bucket", "Remove", null, "Retain"),
                        change("Anew", "AWS::RDS::DBInstance", "Modify", "Conditional", "ReplaceAndSnapshot"),
                        change("Role", "AWS::IAM::Role", "Modify", "False"),
                        change("Bell", "AWS::CloudWatch::Alarm", "Remove", null),
                        change("Own", "Custom::Thing", "Modify", "False"),
                        change("Plain", "AWS::SNS::Topic", "Remove", null)),
                List.of(
                        new Plan.Finding("iamBroadening", "Role", "Role may do more"),
                        new Plan.Finding("statefulReplacement", "Same", "Same is made anew")),
                Map.of("Role", true),
                v -> v);
        assertEquals(
                List.of(
                        "iamBroadening Role",
                        "notAnalysable Own",
                        "statefulDeletion Gone",
                        "statefulDeletion Kept",
                        "statefulReplacement Anew"),
                found.stream().map(f -> f.kind() + " " + f.subject()).toList());
        assertEquals(
                List.of("Gone (AWS::DynamoDB::Table)"),
                Findings.losses(List.of(
                        change("Gone", "AWS::DynamoDB::Table", "Remove", null, "Delete"),
                        change("Kept", "AWS::S3::Bucket", "Remove", null, "Retain"))));
    }

    @Test
    public void accessThatChangesByAValueInNoTemplateIsSaid() {
        var found = Findings.of(
                List.of(
                        change(
                                "Role",
                                "AWS::IAM::Role",
                                "Modify",
                                "False",
                                detail("/Properties/Policies", "a", "hunter2", "Never", "ParameterReference")),
                        change("ApiRole", "AWS::IAM::Role", "Modify", "False"),
                        change("JobRole", "AWS::IAM::Role", "Modify", "False")),
                List.of(),
                Map.of("Role", false, "Api", true, "Job", false),
                new ChangeSetContent(Map.of("hunter2", "****"))::shown);
        assertEquals(
                List.of("notAnalysable JobRole", "notAnalysable Role"),
                found.stream().map(f -> f.kind() + " " + f.subject()).toList());
        assertEquals(
                List.of(new Plan.Evidence("Resources.Role.Properties.Policies", "a", "****")),
                found.get(1).evidence());
    }

    @Test
    public void aValueThatBringsARiskNobodySawStops() {
        var approved = new Plan.Content(Exactness.BOUNDED, "s", "t", "l", Map.of(), Map.of(), List.of(), List.of());
        var actual = new Plan.Content(
                Exactness.EXACT,
                "s",
                "t",
                "l",
                Map.of(),
                Map.of(),
                List.of(),
                List.of(new Plan.Finding("publicExposure", "Web", "Web lets anybody in")));
        assertEquals(
                "Web lets anybody in, which was not seen while planning",
                PlanConformance.exceeded(approved, actual, t -> t));
        assertNull(PlanConformance.exceeded(
                new Plan.Content(Exactness.BOUNDED, "s", "t", "l", Map.of(), Map.of(), List.of(), actual.findings()),
                actual,
                t -> t));
    }

    private static Plan.Content content(Exactness exactness, Map<String, String> values, Plan.Change... changes) {
        return new Plan.Content(exactness, "s", "sha256:t", "sha256:l", values, Map.of(), List.of(changes), List.of());
    }

    private static Plan.Change modify(String subject, Replacement replacement, PropertyChange... properties) {
        return new Plan.Change(subject, "AWS::SQS::Queue", Action.MODIFY, replacement, List.of(properties));
    }

    @Test
    public void whatIsExactMustBeEqual() {
        var approved = content(Exactness.EXACT, Map.of(), modify("Q", Replacement.NO));
        assertNull(PlanConformance.exceeded(approved, approved, t -> t));
        assertEquals(
                "R (AWS::SQS::Queue) would change in another way",
                PlanConformance.exceeded(
                        approved,
                        content(Exactness.EXACT, Map.of(), modify("Q", Replacement.NO), modify("R", Replacement.NO)),
                        t -> t));
        assertEquals(
                "less would change", PlanConformance.exceeded(approved, content(Exactness.EXACT, Map.of()), t -> t));
    }

    @Test
    public void whatIsBoundedMayBeLessAndNotMore() {
        var reference = new PropertyChange("/Properties/N", "old", "n-${output.q.Name}", Replacement.NO);
        var approved = content(
                Exactness.BOUNDED,
                Map.of("N", "n-${output.q.Name}"),
                modify("Q", Replacement.NO, reference),
                modify("R", Replacement.NO));
        Map<String, String> values = Map.of("N", "n-7");
        var within = new PropertyChange("/Properties/N", "old", "n-7", Replacement.NO);
        java.util.function.UnaryOperator<String> settled = t -> t.replace("${output.q.Name}", "7");
        assertNull(PlanConformance.exceeded(
                approved, content(Exactness.EXACT, values, modify("Q", Replacement.NO, within)), settled));
        assertEquals(
                "Q (AWS::SQS::Queue) would be replaced",
                PlanConformance.exceeded(
                        approved, content(Exactness.EXACT, values, modify("Q", Replacement.YES, within)), settled));
        assertEquals(
                "S (AWS::SQS::Queue) would change too",
                PlanConformance.exceeded(
                        approved, content(Exactness.EXACT, values, modify("S", Replacement.NO)), settled));
        assertEquals(
                "/Properties/N of Q (AWS::SQS::Queue) would change in another way",
                PlanConformance.exceeded(
                        approved,
                        content(
                                Exactness.EXACT,
                                values,
                                modify(
                                        "Q",
                                        Replacement.NO,
                                        new PropertyChange("/Properties/N", "old", "other", Replacement.NO))),
                        settled));
        assertEquals(
                "parameter values differ",
                PlanConformance.exceeded(approved, content(Exactness.EXACT, Map.of("N", "x")), settled));
    }

    @Test
    public void noChangeHasSeveralTexts() {
        assertTrue(ChangeSets.isNoChange("The submitted information didn't contain changes. Submit different"
                + " information to create a change set."));
        assertTrue(ChangeSets.isNoChange("No updates are to be performed."));
        assertFalse(ChangeSets.isNoChange("Transform AWS::Serverless failed"));
        assertFalse(ChangeSets.isNoChange(null));
    }
}
