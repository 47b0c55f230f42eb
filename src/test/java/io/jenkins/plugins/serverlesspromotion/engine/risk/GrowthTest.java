package io.jenkins.plugins.serverlesspromotion.engine.risk;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.format.template.TemplateReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.Test;

/** Templates that are small as text and large when they are filled in or compared. */
public class GrowthTest {
    private static final TemplateReader READER = new TemplateReader();

    private static TemplateChange.Version version(String template) {
        return TemplateChange.Version.read(
                READER, "template.yaml", template.getBytes(StandardCharsets.UTF_8), Map.of());
    }

    private static TemplateChange change(String before, String after) {
        return new TemplateChange(version(before), version(after), Pairs.PSEUDO, Map.of());
    }

    private static List<Plan.Finding> findings(String before, String after) {
        return new RiskFindings(READER).of(change(before, after));
    }

    private static final String SMALL = "Resources: { R: { Type: AWS::S3::Bucket } }\n";

    private static void tooLarge(String template) {
        Plan.Finding finding = findings(SMALL, template).get(0);
        assertEquals("notAnalysable", finding.kind());
        assertTrue(finding.sentence(), finding.sentence().contains("becomes too large"));
        Plan.Finding live = findings(template, SMALL).get(0);
        assertTrue(live.sentence(), live.sentence().startsWith("what is live was not analysed"));
        assertEquals(true, RiskFindings.written(change(SMALL, template)).get("R"));
    }

    @Test
    public void aTemplateThatBecomesTooLargeIsShownAsNotAnalysed() {
        tooLarge("Parameters: { A: { Type: String, Default: '" + "x".repeat(100_000) + "' } }\n"
                + "Resources: { R: { Type: AWS::S3::Bucket, Properties: { BucketName: !Sub '" + "${A}".repeat(10_000)
                + "' } } }\n");
        tooLarge("Parameters: { A: { Type: CommaDelimitedList, Default: '" + "x,".repeat(100_000) + "x' } }\n"
                + "Resources: { R: { Type: AWS::S3::Bucket, Properties: { A: [ " + "!Ref A, ".repeat(1_000)
                + "!Ref A ] } } }\n");
        String function = "{ Type: AWS::Serverless::Function, Properties: { Layers: [ b ] } }";
        tooLarge("Transform: AWS::Serverless-2016-10-31\nGlobals: { Function: { Layers: [ " + "a, ".repeat(200_000)
                + "a ] } }\nResources: { R: " + function + ", Q: " + function + " }\n");
    }

    @Test
    public void aTextOfManyReferencesIsFilledIn() {
        String many = "Resources: { R: { Type: AWS::S3::Bucket, Properties: { BucketName: !Sub '"
                + "${A}".repeat(100_000) + "${' } } }\n";
        assertEquals(List.of(), findings(many, many));
    }

    /** Each condition asks for the one before ten times: ten to the fifteenth in all. */
    @Test
    public void aConditionIsDecidedOnce() {
        String conditions = IntStream.range(0, 15)
                .mapToObj(i -> "  C" + (i + 1) + ": !And [ " + ("!Condition C" + i + ", ").repeat(9) + "!Condition C"
                        + i + " ]\n")
                .collect(Collectors.joining());
        var template = version("Conditions:\n  C0: !Equals [ a, a ]\n" + conditions
                + "  Circle: !Not [ !Condition Circle ]\nResources: {}\n");
        var intrinsics = new Intrinsics(template.template(), Map.of(), Map.of());
        assertEquals(Intrinsics.Truth.YES, intrinsics.condition("C15"));
        assertEquals(Intrinsics.Truth.OPEN, intrinsics.condition("Circle"));
    }

    private static String role(int statements, String effect, String last) {
        return "Resources:\n"
                + "  R:\n"
                + "    Type: AWS::IAM::Role\n"
                + "    Properties:\n"
                + "      Policies:\n"
                + "        - PolicyDocument:\n"
                + "            Statement:\n"
                + IntStream.range(0, statements)
                        .mapToObj(i -> "              - { Effect: " + effect + ", Action: 's3:Get" + i
                                + "', Resource: 'r" + (i == statements - 1 ? last : "" + i) + "' }\n")
                        .collect(Collectors.joining());
    }

    @Test
    public void aPolicyTooLargeToCompareWordByWordIsComparedStatementByStatement() {
        String before = role(4_000, "Allow", "");
        assertEquals("the same is nothing new", List.of(), findings(before, before));
        List<Plan.Finding> wider = findings(before, role(4_000, "Allow", "*"));
        assertEquals(1, wider.size());
        assertTrue(wider.get(0).sentence(), wider.get(0).sentence().contains("s3:Get3999 on r*"));
        assertEquals(
                "what is not denied any more",
                1,
                findings(role(4_000, "Deny", ""), role(4_000, "Deny", "x")).size());
    }
}
