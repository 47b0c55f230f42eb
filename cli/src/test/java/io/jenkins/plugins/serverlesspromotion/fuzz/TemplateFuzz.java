package io.jenkins.plugins.serverlesspromotion.fuzz;

import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.engine.port.Templates;
import io.jenkins.plugins.serverlesspromotion.engine.risk.RiskFindings;
import io.jenkins.plugins.serverlesspromotion.engine.risk.TemplateChange;
import io.jenkins.plugins.serverlesspromotion.format.InputException;
import io.jenkins.plugins.serverlesspromotion.format.template.TemplateReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A CloudFormation template: the code it names, how it is rendered, and what is risky about a change to or from it. */
public final class TemplateFuzz {
    private static final String FILE = "template.yaml";
    private static final TemplateReader READER = new TemplateReader();
    private static final RiskFindings RISK = new RiskFindings(READER);
    private static final Map<String, String> PSEUDO =
            Map.of("AWS::AccountId", "111111111111", "AWS::Partition", "aws", "AWS::Region", "eu-west-1");

    /** Something that every rule about risk has a word to say about. */
    private static final TemplateChange.Version OTHER = version("""
        Parameters: { Stage: { Type: String, Default: prod } }
        Conditions: { Prod: !Equals [ !Ref Stage, prod ] }
        Resources:
          Orders: { Type: AWS::DynamoDB::Table, DeletionPolicy: Retain, Properties: { TableName: orders } }
          Files: { Type: AWS::S3::Bucket, Condition: Prod }
          Role:
            Type: AWS::IAM::Role
            Properties:
              AssumeRolePolicyDocument: { Statement: { Effect: Allow, Principal: "*", Action: "sts:AssumeRole" } }
              Policies:
                - PolicyName: all
                  PolicyDocument: { Statement: [ { Effect: Allow, Action: "dynamodb:*", Resource: !GetAtt Orders.Arn } ] }
          Api: { Type: AWS::Lambda::Function, Properties: { Code: api.zip, Role: !GetAtt Role.Arn } }
          Alarm: { Type: AWS::CloudWatch::Alarm, Properties: { Threshold: 1 } }
        """.getBytes(StandardCharsets.UTF_8));

    private TemplateFuzz() {}

    /** @param data the file */
    public static void fuzzerTestOneInput(byte[] data) {
        Expect.withinMemory(() -> {
            rendered(data);
            TemplateChange.Version read = version(data);
            findings(new TemplateChange(OTHER, read, PSEUDO, Map.of()));
            findings(new TemplateChange(read, OTHER, PSEUDO, Map.of()));
            List<Plan.Finding> none = findings(new TemplateChange(
                    read, read, PSEUDO, Map.of("Nested", new TemplateChange(read, read, PSEUDO, Map.of()))));
            Expect.that(
                    none.equals(findings(new TemplateChange(
                            version(data),
                            read,
                            PSEUDO,
                            Map.of("Nested", new TemplateChange(read, version(data), PSEUDO, Map.of()))))),
                    "the same two templates gave other findings");
        });
    }

    private static TemplateChange.Version version(byte[] data) {
        return TemplateChange.Version.read(READER, FILE, data, Map.of("Stage", "prod"));
    }

    private static List<Plan.Finding> findings(TemplateChange change) {
        RiskFindings.written(change);
        List<Plan.Finding> findings = RISK.of(change);
        // They are part of the plan, which the journal keeps.
        findings.forEach(finding -> Expect.written(finding, Plan.Finding.class));
        return findings;
    }

    private static void rendered(byte[] data) {
        List<String> code;
        byte[] rendered;
        try {
            code = READER.localCode(FILE, data);
            rendered = READER.render(FILE, data, locations(code));
        } catch (InputException e) {
            Expect.refusal(e, FILE, data);
            return;
        }
        if (code.isEmpty()) {
            Expect.that(Arrays.equals(data, rendered), "was changed although it names no code");
            return;
        }
        Expect.that(READER.localCode(FILE, rendered).isEmpty(), "was rendered, and names local files still");
    }

    private static Map<String, Templates.Code> locations(List<String> code) {
        return code.stream()
                .collect(Collectors.toMap(path -> path, path -> new Templates.Code(
                        "staging", "key of " + path, "v1", "https://staging.s3.amazonaws.com/key?versionId=v1")));
    }
}
