package io.jenkins.plugins.serverlesspromotion.engine.risk;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.format.template.TemplateReader;
import java.util.List;
import java.util.Map;
import org.junit.Test;

/** What cannot be analysed is a finding, loops are unrolled, and a template's parts come together as SAM puts them. */
public class UnanalyzableRulesTest {
    private static final List<String> NONE = List.of();
    private static final List<String> FOUND = List.of("notAnalysable X");

    private static String of(String type, String properties) {
        return "X: { Type: " + type + ", Properties: { " + properties + " } }";
    }

    private static List<Plan.Finding> between(String before, String after) {
        return Pairs.between(before, after);
    }

    private static Plan.Evidence evidence(String before, String after) {
        List<Plan.Finding> found = between(Pairs.template("", before), Pairs.template("", after));
        assertEquals(found.toString(), 1, found.size());
        return found.get(0).evidence().get(0);
    }

    @Test
    public void macrosAreFoundEachTime_TransformsOfAwsAreNot() {
        String with = Pairs.template("Transform: [ 'AWS::Serverless-2016-10-31', Mine ]\n", "");
        List<Plan.Finding> first = between(Pairs.template("", ""), with);
        assertEquals(List.of("notAnalysable Mine"), Pairs.kinds(first));
        assertEquals(
                new Plan.Evidence("Transform", null, "Mine"),
                first.get(0).evidence().get(0));
        assertEquals("Mine", between(with, with).get(0).evidence().get(0).before());
        String include = Pairs.template("Transform: { Name: 'AWS::Include', Parameters: { Location: s } }\n", "");
        assertEquals(List.of("notAnalysable AWS::Include"), Pairs.kinds(between(include, include)));
        for (String known :
                List.of("AWS::Serverless-2016-10-31", "AWS::LanguageExtensions", "AWS::CodeDeployBlueGreen")) {
            assertTrue(RiskFindings.isForeseeable(known));
            assertEquals(
                    NONE, Pairs.kinds(between("Resources: { }", Pairs.template("Transform: '" + known + "'\n", ""))));
        }
        assertFalse(RiskFindings.isForeseeable("Mine"));
    }

    @Test
    public void aTransformInsideOfAResource() {
        String with = of("AWS::SNS::Topic", "A: [ { 'Fn::Transform': { Name: T } } ]");
        assertEquals(FOUND, Pairs.of("", with));
        assertEquals("each time", FOUND, Pairs.of(with, with));
        assertEquals(null, evidence("", with).before());
        assertEquals(null, evidence(of("AWS::SNS::Topic", "A: a"), with).before());
        assertEquals("Fn::Transform", evidence(with, with).before());
        assertEquals("Fn::Transform", evidence(with, with).after());
        assertEquals(NONE, Pairs.of("", of("AWS::SNS::Topic", "A: [ { B: c } ]")));
        String head =
                "Parameters: { P: { Type: 'AWS::SSM::Parameter::Value<String>' } }\nConditions: { O: !Equals [ !Ref P, x ] }\n";
        String may = of("AWS::SNS::Topic", "A: !If [ O, { 'Fn::Transform': { Name: T } }, b ]");
        assertEquals(FOUND, Pairs.kinds(between(Pairs.template(head, ""), Pairs.template(head, may))));
    }

    @Test
    public void whatDecidesItselfIsFoundWhenItChanges() {
        for (String type : List.of(
                "Custom::Seed",
                "AWS::CloudFormation::CustomResource",
                "AWS::CloudFormation::Macro",
                "AWS::CloudFormation::Stack",
                "AWS::Serverless::Application")) {
            String one = of(type, "A: a");
            assertEquals(type, FOUND, Pairs.of("", one));
            assertEquals(type, FOUND, Pairs.of(one, of(type, "A: b")));
            assertEquals(type, NONE, Pairs.of(one, one));
            assertEquals(new Plan.Evidence("Resources.X", null, "{A: \"a\"}"), evidence("", one));
            assertEquals("{A: \"a\"}", evidence(one, of(type, "A: b")).before());
        }
        assertEquals(NONE, Pairs.of("", of("AWS::CloudFormation::WaitCondition", "A: a")));
    }

    @Test
    public void nestedStacksWhoseTemplateIsAtHandAreNotOpaque() {
        String stack = Pairs.template("", of("AWS::CloudFormation::Stack", "TemplateURL: %s"));
        var inner = new TemplateChange(
                Pairs.version("Resources: { Q: { Type: AWS::SQS::Queue } }", Map.of()),
                Pairs.version("Resources: { T: { Type: AWS::SNS::Topic } }", Map.of()),
                Pairs.PSEUDO,
                Map.of());
        var change = new TemplateChange(
                Pairs.version(stack.formatted("a"), Map.of()),
                Pairs.version(stack.formatted("b"), Map.of()),
                Pairs.PSEUDO,
                Map.of("X", inner));
        List<Plan.Finding> found = new RiskFindings(new TemplateReader()).of(change);
        assertEquals(List.of("statefulDeletion X/Q"), Pairs.kinds(found));
        assertTrue(found.get(0).sentence(), found.get(0).sentence().startsWith("X/Q (AWS::SQS::Queue)"));
        assertTrue(change.after().nests());
        assertFalse(inner.after().nests());
    }

    @Test
    public void nestingDeeperThanTenIsNotLookedInto() {
        String stack = Pairs.template("", of("AWS::CloudFormation::Stack", "TemplateURL: %s"));
        TemplateChange change = null;
        for (int i = 0; i < 12; i++) {
            change = new TemplateChange(
                    Pairs.version(stack.formatted("a"), Map.of()),
                    Pairs.version(stack.formatted("b"), Map.of()),
                    Pairs.PSEUDO,
                    change == null ? Map.of() : Map.of("X", change));
        }
        List<Plan.Finding> found = new RiskFindings(new TemplateReader()).of(change);
        assertEquals(List.of("notAnalysable " + "X/".repeat(10) + "X"), Pairs.kinds(found));
    }

    @Test
    public void aNestedStackThatIsDeletedUnseen() {
        String one = of("AWS::CloudFormation::Stack", "TemplateURL: a");
        assertEquals(FOUND, Pairs.of(one, ""));
        assertEquals(new Plan.Evidence("Resources.X", "{TemplateURL: \"a\"}", null), evidence(one, ""));
    }

    @Test
    public void documentsOfApisInS3() {
        Map.of(
                        "AWS::Serverless::Api", "DefinitionUri",
                        "AWS::Serverless::HttpApi", "DefinitionUri",
                        "AWS::ApiGateway::RestApi", "BodyS3Location",
                        "AWS::ApiGatewayV2::Api", "BodyS3Location")
                .forEach((type, property) -> {
                    String one = of(type, property + ": s3");
                    assertEquals(type, FOUND, Pairs.of("", one));
                    assertEquals(type, FOUND, Pairs.of(of(type, "A: a"), one));
                    assertEquals(type, NONE, Pairs.of(one, one));
                    assertEquals(
                            new Plan.Evidence("Resources.X.Properties." + property, null, "s3"), evidence("", one));
                    assertEquals(
                            "s3", evidence(one, of(type, property + ": s4")).before());
                    assertEquals(type, NONE, Pairs.of("", of(type, "A: a")));
                });
    }

    @Test
    public void aPolicyThatCannotBeReadIsFoundOnce() {
        String role = "X: { Type: AWS::IAM::Role, Properties: { Policies: [ { PolicyDocument: !ImportValue %s } ] } }";
        assertEquals(FOUND, Pairs.of("", role.formatted("p")));
        assertEquals(NONE, Pairs.of(role.formatted("p"), role.formatted("p")));
        assertEquals(FOUND, Pairs.of(role.formatted("p"), role.formatted("q")));
    }

    private static String loop(String collection, String body) {
        return "Transform: AWS::LanguageExtensions\nResources: { 'Fn::ForEach::L': [ N, " + collection + ", { " + body
                + " } ] }";
    }

    private static List<String> loops(String before, String after) {
        return Pairs.kinds(between(before, after));
    }

    @Test
    public void loopsAreUnrolled() {
        String queues = "'Queue${N}': { Type: AWS::SQS::Queue, Properties: { Tag: !Ref N, Other: [ 'x-${N}' ] } }";
        assertEquals(List.of("statefulDeletion QueueA"), loops(loop("[ A, B ]", queues), loop("[ B ]", queues)));
        String same = "Resources: { QueueA: { Type: AWS::SQS::Queue, Properties: { Tag: A, Other: [ x-A ] } } }";
        Map<String, Boolean> written = RiskFindings.written(new TemplateChange(
                Pairs.version(same, Map.of()), Pairs.version(loop("[ A ]", queues), Map.of()), Pairs.PSEUDO, Map.of()));
        assertEquals(Map.of("QueueA", false), written);
        String clean = "'Queue&{N}': { Type: AWS::SQS::Queue, Properties: { Tag: 'a&{N}' } }";
        String plain = "Resources: { Queueab: { Type: AWS::SQS::Queue, Properties: { Tag: aab } } }";
        assertEquals(
                Map.of("Queueab", false),
                RiskFindings.written(new TemplateChange(
                        Pairs.version(plain, Map.of()),
                        Pairs.version(loop("[ 'a-b' ]", clean), Map.of()),
                        Pairs.PSEUDO,
                        Map.of())));
        String inside =
                "Resources: { R: { Type: AWS::SNS::Topic, Properties: { 'Fn::ForEach::L': [ N, [ A, B ], { 'P${N}': !Ref N } ] } } }";
        String flat = "Resources: { R: { Type: AWS::SNS::Topic, Properties: { PA: A, PB: B } } }";
        assertEquals(
                Map.of("R", false),
                RiskFindings.written(new TemplateChange(
                        Pairs.version(flat, Map.of()), Pairs.version(inside, Map.of()), Pairs.PSEUDO, Map.of())));
    }

    @Test
    public void loopsInsideOfListsAreUnrolledToo() {
        String inside =
                "Resources: { R: { Type: AWS::SNS::Topic, Properties: { P: [ { 'Fn::ForEach::L': [ N, [ A ], { 'P${N}': !Ref N } ] } ] } } }";
        String flat = "Resources: { R: { Type: AWS::SNS::Topic, Properties: { P: [ { PA: A } ] } } }";
        assertEquals(
                Map.of("R", false),
                RiskFindings.written(new TemplateChange(
                        Pairs.version(flat, Map.of()), Pairs.version(inside, Map.of()), Pairs.PSEUDO, Map.of())));
    }

    @Test
    public void loopsOverWhatIsNotKnownAreFound() {
        List<String> found = List.of("notAnalysable Fn::ForEach::L");
        String queue = "'Q${N}': { Type: AWS::SQS::Queue }";
        for (String collection : List.of("!Ref Names", "[ !ImportValue a ]", "[ { a: b } ]", "text")) {
            assertEquals(collection, found, loops("Resources: { }", loop(collection, queue)));
        }
        assertEquals(found, loops("Resources: { }", "Resources: { 'Fn::ForEach::L': [ N, [ A ] ] }"));
        assertEquals(found, loops("Resources: { }", "Resources: { 'Fn::ForEach::L': x }"));
        assertEquals(found, loops("Resources: { }", "Resources: { 'Fn::ForEach::L': [ [ N ], [ A ], { } ] }"));
    }

    @Test
    public void whatTwoTemplatesWriteDifferently() {
        String before = "Resources: { A: { Type: t, Properties: { x: 1 } }, B: { Type: t }, C: { Type: t } }";
        String after = "Resources: { A: { Type: t, Properties: { x: 2 } }, B: { Type: t }, D: { Type: t } }";
        assertEquals(
                Map.of("A", true, "B", false, "C", true, "D", true),
                RiskFindings.written(new TemplateChange(
                        Pairs.version(before, Map.of()), Pairs.version(after, Map.of()), Pairs.PSEUDO, Map.of())));
    }

    @Test
    public void globalsAreForTheirTypeAndGiveWayMemberByMember() {
        String head =
                "Transform: AWS::Serverless-2016-10-31\nGlobals: { Function: { Tags: { a: 1, b: 2 }, Layers: [ l ], Runtime: r } }\n";
        String short_ = head
                + "Resources: { F: { Type: AWS::Serverless::Function, Properties: { Tags: { b: 3, c: 4 }, Layers: [ m ], Runtime: s } }, G: { Type: AWS::Serverless::Function } }";
        String long_ =
                "Transform: AWS::Serverless-2016-10-31\nResources: { F: { Type: AWS::Serverless::Function, Properties: { Tags: { a: 1, b: 3, c: 4 }, Layers: [ l, m ], Runtime: s } }, G: { Type: AWS::Serverless::Function, Properties: { Tags: { a: 1, b: 2 }, Layers: [ l ], Runtime: r } } }";
        assertEquals(
                Map.of("F", false, "G", false),
                RiskFindings.written(new TemplateChange(
                        Pairs.version(long_, Map.of()), Pairs.version(short_, Map.of()), Pairs.PSEUDO, Map.of())));
        String without = short_.replace("Transform: AWS::Serverless-2016-10-31\n", "");
        assertEquals(
                "without the transform there are no globals",
                Map.of("F", true, "G", true),
                RiskFindings.written(new TemplateChange(
                        Pairs.version(long_, Map.of()), Pairs.version(without, Map.of()), Pairs.PSEUDO, Map.of())));
        for (String section : List.of("Api", "HttpApi", "SimpleTable", "StateMachine")) {
            String type = "AWS::Serverless::" + section;
            String globals = "Transform: AWS::Serverless-2016-10-31\nGlobals: { " + section
                    + ": { Name: n } }\nResources: { R: { Type: " + type + " } }";
            String plain = "Resources: { R: { Type: " + type + ", Properties: { Name: n } } }";
            assertEquals(
                    section,
                    false,
                    RiskFindings.written(new TemplateChange(
                                    Pairs.version(plain, Map.of()),
                                    Pairs.version(globals, Map.of()),
                                    Pairs.PSEUDO,
                                    Map.of()))
                            .get("R"));
        }
    }

    @Test
    public void manyPlacesAreCountedBeyondTwenty() {
        var statements = new StringBuilder();
        for (int i = 0; i < 23; i++) {
            statements
                    .append(i == 0 ? "" : ", ")
                    .append("{ Effect: Allow, Action: 'a:B', Resource: r")
                    .append(i)
                    .append(" }");
        }
        String role = "X: { Type: AWS::IAM::Role, Properties: { Policies: [ { PolicyDocument: { Statement: [ "
                + statements + " ] } } ] } }";
        List<Plan.Finding> found = between(Pairs.template("", ""), Pairs.template("", role));
        assertEquals(20, found.get(0).evidence().size());
        assertTrue(found.get(0).sentence(), found.get(0).sentence().endsWith(" (and in 3 more places)"));
    }

    @Test
    public void twentyPlacesAreListed() {
        var statements = new StringBuilder("{ Effect: Allow, Action: 'a:B', Resource: r }");
        for (int i = 1; i < 20; i++) {
            statements
                    .append(", { Effect: Allow, Action: 'a:B', Resource: r")
                    .append(i)
                    .append(" }");
        }
        String role = "X: { Type: AWS::IAM::Role, Properties: { Policies: [ { PolicyDocument: { Statement: [ "
                + statements + " ] } } ] } }";
        Plan.Finding found =
                between(Pairs.template("", ""), Pairs.template("", role)).get(0);
        assertEquals(20, found.evidence().size());
        assertFalse(found.sentence(), found.sentence().contains("more places"));
    }

    @Test
    public void findingsAreSortedByKindSubjectAndSentence() {
        String before = "Q: { Type: AWS::SQS::Queue, DeletionPolicy: Retain, Properties: { QueueName: a } }, "
                + "A: { Type: AWS::SQS::Queue, Properties: { QueueName: a, RedrivePolicy: { m: 1 } } }, Z: { Type: AWS::CloudWatch::Alarm }";
        String after =
                "Q: { Type: AWS::SQS::Queue, Properties: { QueueName: b } }, A: { Type: AWS::SQS::Queue, Properties: { QueueName: b } }";
        assertEquals(
                List.of(
                        "removedAlarm Z",
                        "statefulReplacement A",
                        "statefulReplacement Q",
                        "statefulUnprotected A",
                        "statefulUnprotected Q"),
                Pairs.of(before, after));
    }

    @Test
    public void aTemplateThatLeavesTheStackHasNoResourcesThen() {
        var change = new TemplateChange(
                Pairs.version("Resources: { Q: { Type: AWS::SQS::Queue } }", Map.of()), null, Pairs.PSEUDO, Map.of());
        assertEquals(List.of("statefulDeletion Q"), Pairs.kinds(new RiskFindings(new TemplateReader()).of(change)));
        TemplateChange.Version none = Pairs.version("A: a", Map.of());
        assertTrue(none.unreadable(), none.unreadable().contains("has no map of Resources"));
    }

    @Test
    public void policyTemplatesOfSamStandForTheirStatements() {
        String function = "X: { Type: AWS::Serverless::Function, Properties: { Policies: [ %s ] } }";
        Map.ofEntries(
                        Map.entry(
                                "DynamoDBWritePolicy: { TableName: t }",
                                "dynamodb:PutItem|arn:aws:dynamodb:eu-west-1:111111111111:table/t"),
                        Map.entry(
                                "DynamoDBReconfigurePolicy: { TableName: t }",
                                "dynamodb:UpdateTable|arn:aws:dynamodb:eu-west-1:111111111111:table/t/index/*"),
                        Map.entry("S3ReadPolicy: { BucketName: b }", "s3:GetObject|arn:aws:s3:::b/*"),
                        Map.entry("S3WritePolicy: { BucketName: b }", "s3:PutObject|arn:aws:s3:::b/*"),
                        Map.entry("S3CrudPolicy: { BucketName: b }", "s3:DeleteObject|arn:aws:s3:::b/*"),
                        Map.entry(
                                "SQSSendMessagePolicy: { QueueName: q }",
                                "sqs:SendMessage|arn:aws:sqs:eu-west-1:111111111111:q"),
                        Map.entry(
                                "SQSPollerPolicy: { QueueName: q }",
                                "sqs:ReceiveMessage|arn:aws:sqs:eu-west-1:111111111111:q"),
                        Map.entry(
                                "SNSPublishMessagePolicy: { TopicName: t }",
                                "sns:Publish|arn:aws:sns:eu-west-1:111111111111:t"),
                        Map.entry(
                                "LambdaInvokePolicy: { FunctionName: f }",
                                "lambda:InvokeFunction|arn:aws:lambda:eu-west-1:111111111111:function:f"),
                        Map.entry(
                                "StepFunctionsExecutionPolicy: { StateMachineName: m }",
                                "states:StartExecution|arn:aws:states:eu-west-1:111111111111:stateMachine:m"),
                        Map.entry(
                                "EventBridgePutEventsPolicy: { EventBusName: b }",
                                "events:PutEvents|arn:aws:events:eu-west-1:111111111111:event-bus/b"),
                        Map.entry(
                                "KMSDecryptPolicy: { KeyId: k }",
                                "kms:Decrypt|arn:aws:kms:eu-west-1:111111111111:key/k"),
                        Map.entry(
                                "KMSEncryptPolicy: { KeyId: k }",
                                "kms:Encrypt|arn:aws:kms:eu-west-1:111111111111:key/k"),
                        Map.entry(
                                "KinesisStreamReadPolicy: { StreamName: s }",
                                "kinesis:GetRecords|arn:aws:kinesis:eu-west-1:111111111111:stream/s"),
                        Map.entry(
                                "SSMParameterReadPolicy: { ParameterName: p }",
                                "ssm:GetParameter|arn:aws:ssm:eu-west-1:111111111111:parameter/p"),
                        Map.entry(
                                "AWSSecretsManagerGetSecretValuePolicy: { SecretArn: s }",
                                "secretsmanager:GetSecretValue|s"),
                        Map.entry("DynamoDBCrudPolicy: { TableName: !Ref T }", "dynamodb:Query|${T.Arn}/index/*"),
                        Map.entry("DynamoDBReadPolicy: { TableName: !Ref T }", "dynamodb:Scan|${T.Arn}"))
                .forEach((template, right) -> {
                    String[] parts = right.split("\\|");
                    String statement = "{ Statement: { Effect: Allow, Action: '" + parts[0] + "', Resource: '"
                            + parts[1].replace("${T.Arn}", "${!T.Arn}") + "' } }";
                    String sub = statement.replace("Resource: '", "Resource: !Sub '");
                    String by = function.formatted("{ " + template + " }");
                    assertEquals(template, NONE, Pairs.ofSam(by, function.formatted(sub)));
                    assertEquals(
                            template,
                            List.of("iamBroadening X"),
                            Pairs.ofSam(by, function.formatted(sub.replace(parts[0], "x:Y"))));
                });
    }
}
