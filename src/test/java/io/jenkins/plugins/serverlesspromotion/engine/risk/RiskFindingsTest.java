package io.jenkins.plugins.serverlesspromotion.engine.risk;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.Patience;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Risk;
import io.jenkins.plugins.serverlesspromotion.format.template.TemplateReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.Test;

/** What holds for every comparison, whatever the kind of finding. */
public class RiskFindingsTest {
    private static final String QUEUE = "Resources: { Work: { Type: AWS::SQS::Queue } }";
    private static final String TOPIC = "Resources: { Alerts: { Type: AWS::SNS::Topic } }";
    private static final String TABLE = "Resources: { Orders: { Type: AWS::DynamoDB::Table } }";

    private static List<String> named(List<Plan.Finding> found) {
        return found.stream().map(f -> f.kind() + " " + f.subject()).toList();
    }

    private static List<Plan.Finding> of(TemplateChange change) {
        return new RiskFindings(new TemplateReader()).of(change);
    }

    private static TemplateChange change(String before, String after, Map<String, TemplateChange> nested) {
        return new TemplateChange(
                before == null ? null : Pairs.version(before, Map.of()),
                after == null ? null : Pairs.version(after, Map.of()),
                Pairs.PSEUDO,
                nested);
    }

    @Test
    public void nestedStacksAreLookedIntoAsDeepAsTheyGo() {
        String outer = "Resources: { Net: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: %s } } }";
        var inner = change(TABLE, QUEUE, Map.of());
        var middle = change(outer.formatted("a"), outer.formatted("b"), Map.of("Net", inner));
        assertEquals(
                List.of("statefulDeletion Net/Net/Orders"),
                named(of(change(outer.formatted("c"), outer.formatted("d"), Map.of("Net", middle)))));
        assertEquals(
                List.of("statefulDeletion Net/Orders"),
                named(of(change(outer.formatted("c"), QUEUE, Map.of("Net", change(TABLE, null, Map.of()))))));
        assertEquals(List.of("notAnalysable Net"), named(of(change(outer.formatted("c"), QUEUE, Map.of()))));
    }

    @Test
    public void aTemplateThatCannotBeReadIsSaidAndNotGuessed() {
        var found = Pairs.between("a: [", QUEUE);
        assertEquals(List.of("notAnalysable (template)"), named(found));
        assertTrue(found.get(0).sentence(), found.get(0).sentence().startsWith("what is live cannot be read"));
        found = Pairs.between(TABLE, "- Resources");
        assertEquals(List.of("notAnalysable (template)"), named(found));
        assertTrue(found.get(0).sentence(), found.get(0).sentence().contains("release's template cannot be read"));
    }

    @Test
    public void hiddenParametersNeverShow() {
        String template = """
                Parameters: { Key: { Type: String, NoEcho: true }, Shown: { Type: String } }
                Resources:
                  Role:
                    Type: AWS::IAM::Role
                    Properties:
                      Policies:
                        - PolicyName: p
                          PolicyDocument:
                            Statement: { Effect: Allow, Action: %s, Resource: !Sub "arn:aws:s3:::${Key}-${Shown}" }
                """;
        Map<String, String> values = Map.of("Key", "hunter2", "Shown", "orders");
        var found = Pairs.between(
                Pairs.version(template.formatted("s3:GetObject"), values),
                Pairs.version(template.formatted("s3:*"), values));
        assertEquals(List.of("iamBroadening Role"), named(found));
        assertFalse(found.toString(), found.toString().contains("hunter2"));
        assertTrue(found.toString(), found.toString().contains("arn:aws:s3:::${Key}-orders"));
    }

    @Test
    public void aPolicyThatIsWrittenAsTextIsReadLikeAnyOther() {
        String template = "Resources: { P: { Type: AWS::Logs::ResourcePolicy, Properties: { PolicyDocument: "
                + "'{\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":%s,\"Action\":\"logs:*\"}]}' } } }";
        String own = template.formatted("{\"AWS\":\"111111111111\"}");
        assertEquals(List.of(), named(Pairs.between(TOPIC, own)));
        assertEquals(
                List.of("iamBroadening P", "publicExposure P"), named(Pairs.between(own, template.formatted("\"*\""))));
    }

    @Test
    public void anAnswerNeverTakesLongHoweverMuchATemplateHolds() {
        String many =
                IntStream.range(0, 3_000).mapToObj(i -> "\"s3:Get" + i + "*\"").collect(Collectors.joining(","));
        String policy = "{ Effect: Allow, Action: [" + many + "], Resource: [" + many + "] }";
        String role = "Resources: { R: { Type: AWS::IAM::Role, Properties: { Policies: [ { PolicyName: p, "
                + "PolicyDocument: { Statement: [ " + policy + " ] } } ] } } }";
        String loop = "Transform: AWS::LanguageExtensions\nResources: { \"Fn::ForEach::A\": [ X, [" + many + "], "
                + "{ \"Fn::ForEach::B\": [ Y, [" + many + "], { \"Q${X}${Y}\": { Type: AWS::SQS::Queue } } ] } ] }";
        long begun = System.nanoTime();
        assertEquals(List.of(), named(Pairs.between(role, role)));
        assertEquals(List.of("iamBroadening R"), named(Pairs.between(TOPIC, role)));
        assertTrue(named(Pairs.between(TOPIC, loop)).toString().contains("notAnalysable Fn::ForEach::A"));
        long seconds = (System.nanoTime() - begun) / 1_000_000_000;
        assertTrue(seconds + " s", seconds < Patience.SECONDS);
    }

    @Test
    public void patternsCoverWhatTheyMatchAndMeetWhatTheyShare() {
        assertTrue(IamPattern.covers("s3:*", "s3:Get*"));
        assertTrue(IamPattern.covers("s3:Get?", "s3:GetX"));
        assertFalse("one letter is not any number of them", IamPattern.covers("s3:Get?", "s3:Get*"));
        assertFalse("nobody knows how long a placeholder is", IamPattern.covers("????", "${X}"));
        assertTrue(IamPattern.covers("*:table/*", "${Arn}:table/x"));
        assertFalse(IamPattern.covers("s3:Get*", "s3:*"));
        assertTrue(IamPattern.meet("s3:Get*", "s3:*Object"));
        assertFalse(IamPattern.meet("s3:Get*", "s3:Put*"));
    }

    @Test
    public void everyKindAndEveryStatefulTypeIsInTheDocumentation() throws Exception {
        String text =
                Files.readString(Path.of(System.getProperty("promotion.root", "."), "docs/reference/risk-findings.md"));
        for (String kind : List.of(
                Risks.STATEFUL_DELETION,
                Risks.STATEFUL_REPLACEMENT,
                Risks.STATEFUL_UNPROTECTED,
                Risks.IAM_BROADENING,
                Risks.PUBLIC_EXPOSURE,
                Risks.REMOVED_ALARM,
                Risks.REMOVED_LOGGING,
                Risks.NOT_PINNED,
                Risks.NOT_ANALYSABLE)) {
            assertTrue(kind, text.contains("`" + kind + "`"));
            assertTrue("policies can require an approval for " + kind, Risk.KINDS.contains(kind));
        }
        assertTrue(StatefulTypes.all().size() >= 50);
        for (String type : StatefulTypes.all()) {
            assertTrue(type, text.contains("`" + type + "`"));
        }
        assertTrue(PinnedPlaces.types().size() >= 35);
        for (String type : PinnedPlaces.types()) {
            for (PinnedPlaces.Place place : PinnedPlaces.of(type)) {
                String property = place.path().isEmpty() ? place.key() : place.property();
                assertTrue(type + " " + property, text.contains("| `" + type + "` | `" + property + "` |"));
            }
        }
    }
}
