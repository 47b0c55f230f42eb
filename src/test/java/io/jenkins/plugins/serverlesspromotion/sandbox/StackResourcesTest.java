package io.jenkins.plugins.serverlesspromotion.sandbox;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.util.Map;
import java.util.TreeMap;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;
import software.amazon.awssdk.services.cloudformation.model.Capability;
import software.amazon.awssdk.services.cloudformation.model.CloudFormationException;
import software.amazon.awssdk.services.cloudformation.model.Parameter;
import software.amazon.awssdk.services.cloudformation.model.RollbackTrigger;
import software.amazon.awssdk.services.cloudformation.model.Stack;
import software.amazon.awssdk.services.cloudformation.model.StackEvent;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.LambdaException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.ssm.SsmClient;

/** Resources that stacks make for real. */
public class StackResourcesTest {
    private static final String DEV = "222222222222";
    private static final String BUCKET = "serverless-promotion-222222222222-eu-west-1";
    private static final String ROLE = """
              Role:
                Type: AWS::IAM::Role
                Properties:
                  AssumeRolePolicyDocument:
                    Statement: {Effect: Allow, Action: 'sts:AssumeRole', Principal: {Service: lambda.amazonaws.com}}
            """;
    private Sandbox sandbox;
    private Clients clients;
    private CloudFormationClient cloudFormation;
    private LambdaClient lambda;
    private S3Client s3;

    @Before
    public void start() {
        SandboxConfig config = SandboxConfig.threeAccounts().timeScale(0);
        config.customResources.put("Custom::Known", Map.of("Answer", "42"));
        sandbox = Sandbox.start(config);
        clients = new Clients(sandbox.endpoint());
        cloudFormation = clients.cloudFormation(Clients.admin(DEV), "eu-west-1");
        lambda = clients.lambda(Clients.admin(DEV), "eu-west-1");
        s3 = clients.s3(Clients.admin(DEV), "eu-west-1");
    }

    @After
    public void stop() {
        s3.close();
        lambda.close();
        cloudFormation.close();
        clients.close();
        sandbox.close();
    }

    private Stack create(String template) {
        cloudFormation.createStack(r -> r.stackName("s")
                .templateBody(template)
                .capabilities(Capability.CAPABILITY_NAMED_IAM, Capability.CAPABILITY_AUTO_EXPAND));
        return settled();
    }

    private Stack update(String template, Parameter... parameters) {
        cloudFormation.updateStack(r -> r.stackName("s")
                .templateBody(template)
                .parameters(parameters)
                .capabilities(Capability.CAPABILITY_NAMED_IAM, Capability.CAPABILITY_AUTO_EXPAND));
        return settled();
    }

    private Stack settled() {
        sandbox.control().settle();
        return cloudFormation.describeStacks(r -> r.stackName("s")).stacks().get(0);
    }

    private String failure() {
        return cloudFormation.describeStackEvents(r -> r.stackName("s")).stackEvents().stream()
                .filter(event -> event.resourceStatusAsString().endsWith("_FAILED")
                        && !event.resourceStatusReason().contains("cancelled")
                        && !event.logicalResourceId().equals("s"))
                .map(StackEvent::resourceStatusReason)
                .findFirst()
                .orElse("none");
    }

    private static Map<String, String> outputs(Stack stack) {
        Map<String, String> outputs = new TreeMap<>();
        stack.outputs().forEach(output -> outputs.put(output.outputKey(), output.outputValue()));
        return outputs;
    }

    /** Puts a template of a queue or two, and gives one that nests it. */
    private String nesting(String key, String more) {
        s3.putObject(
                r -> r.bucket(BUCKET).key(key),
                RequestBody.fromString("Parameters: { Name: { Type: String } }\n"
                        + "Resources: { Q: { Type: AWS::SQS::Queue, Properties: { QueueName: !Ref Name } }" + more
                        + " }\n"
                        + "Outputs: { Name: { Value: !GetAtt Q.QueueName } }\n"));
        return "Resources: { N: { Type: AWS::CloudFormation::Stack, Properties: { Parameters: { Name: inner },"
                + " TemplateURL: 'https://" + BUCKET + ".s3.eu-west-1.amazonaws.com/" + key + "' } },"
                + " T: { Type: AWS::SNS::Topic } }\nOutputs: { Name: { Value: !GetAtt N.Outputs.Name } }\n";
    }

    private String nested() {
        return cloudFormation.describeStackResources(r -> r.stackName("s")).stackResources().stream()
                .filter(resource -> resource.logicalResourceId().equals("N"))
                .findFirst()
                .orElseThrow()
                .physicalResourceId();
    }

    @Test
    public void aNestedStackComesAndGoesWithItsResource() {
        String second = ", P: { Type: AWS::SQS::Queue, Properties: { QueueName: second } }";
        Stack made = create(nesting("one", second));
        assertEquals("CREATE_COMPLETE", made.stackStatusAsString());
        assertEquals(Map.of("Name", "inner"), outputs(made));
        String id = nested();
        assertEquals("UPDATE_COMPLETE", update(nesting("two", "")).stackStatusAsString());
        assertEquals("the same stack", id, nested());
        assertEquals(
                1,
                cloudFormation
                        .describeStackResources(r -> r.stackName(id))
                        .stackResources()
                        .size());
        String wrong = ", F: { Type: AWS::Lambda::Function, DependsOn: Q, Properties: { Code: { S3Bucket: " + BUCKET
                + ", S3Key: none }, Role: !Sub 'arn:aws:iam::${AWS::AccountId}:role/promotion-test' } }";
        assertEquals("UPDATE_ROLLBACK_COMPLETE", update(nesting("three", wrong)).stackStatusAsString());
        assertTrue(failure(), failure().contains("Embedded stack " + id));
        assertEquals(
                "UPDATE_ROLLBACK_COMPLETE",
                cloudFormation
                        .describeStacks(r -> r.stackName(id))
                        .stacks()
                        .get(0)
                        .stackStatusAsString());
        cloudFormation.deleteStack(r -> r.stackName("s"));
        sandbox.control().settle();
        assertEquals(
                "DELETE_COMPLETE",
                cloudFormation
                        .describeStacks(r -> r.stackName(id))
                        .stacks()
                        .get(0)
                        .stackStatusAsString());
    }

    @Test
    public void aNestedStackThatFailsLeavesNothing() {
        Stack made = create(nesting(
                "one",
                ", B: { Type: AWS::S3::BucketPolicy, DependsOn: Q, Properties: { Bucket:"
                        + " nobodys, PolicyDocument: { Statement: [] } } }"));
        assertEquals("ROLLBACK_COMPLETE", made.stackStatusAsString());
        assertTrue(failure(), failure().contains("following resource failed: [B]"));
        cloudFormation.deleteStack(r -> r.stackName("s"));
        sandbox.control().settle();
        assertEquals("CREATE_COMPLETE", create(nesting("two", "")).stackStatusAsString());
    }

    @Test
    public void aDefinitionInS3IsReadAsItsTypeNamesIt() {
        s3.putObject(r -> r.bucket(BUCKET).key("d"), RequestBody.fromString("{}"));
        String machine =
                "Resources: { M: { Type: AWS::StepFunctions::StateMachine, Properties: { DefinitionS3Location: %s } } }";
        assertEquals(
                "ROLLBACK_COMPLETE",
                create(machine.formatted("'s3://" + BUCKET + "/d'")).stackStatusAsString());
        assertTrue(failure(), failure().contains("#/DefinitionS3Location: failed validation"));
        cloudFormation.deleteStack(r -> r.stackName("s"));
        sandbox.control().settle();
        assertEquals(
                "ROLLBACK_COMPLETE",
                create(machine.formatted("{ Bucket: " + BUCKET + ", Key: e }")).stackStatusAsString());
        assertTrue(failure(), failure().contains("The specified key does not exist"));
        cloudFormation.deleteStack(r -> r.stackName("s"));
        sandbox.control().settle();
        assertEquals(
                "CREATE_COMPLETE",
                create(machine.formatted("{ Bucket: " + BUCKET + ", Key: d }")).stackStatusAsString());
    }

    private static String function(String version, String code) {
        return "Resources:\n" + ROLE + """
                  Function:
                    Type: AWS::Lambda::Function
                    Properties:
                      FunctionName: orders
                      Role: !GetAtt Role.Arn
                      Runtime: python3.12
                      Handler: app.handler
                      Code: CODE
                  VersionVERSION:
                    Type: AWS::Lambda::Version
                    DeletionPolicy: Retain
                    Properties: {FunctionName: !Ref Function}
                  Alias:
                    Type: AWS::Lambda::Alias
                    Properties: {FunctionName: !Ref Function, Name: live, FunctionVersion: !GetAtt VersionVERSION.Version}
                Outputs:
                  Alias: {Value: !Ref Alias}
                  Version: {Value: !Ref VersionVERSION}
                """.replace("VERSION", version).replace("CODE", code);
    }

    private String upload(String bucket, String key, String text) {
        return s3.putObject(r -> r.bucket(bucket).key(key), RequestBody.fromBytes(LambdaResources.zip("app.py", text)))
                .versionId();
    }

    private static String code(String bucket, String version) {
        return "{S3Bucket: " + bucket + ", S3Key: f.zip, S3ObjectVersion: '" + version + "'}";
    }

    @Test
    public void functionsVersionsAndAliases() {
        String one = upload(BUCKET, "f.zip", "def handler(e, c): return 1");
        Stack created = create(function("One", code(BUCKET, one)));
        assertEquals(failure(), "CREATE_COMPLETE", created.stackStatusAsString());
        assertEquals(
                "arn:aws:lambda:eu-west-1:222222222222:function:orders:1",
                outputs(created).get("Version"));
        String two = upload(BUCKET, "f.zip", "def handler(e, c): return 2");
        assertEquals(
                "UPDATE_COMPLETE", update(function("Two", code(BUCKET, two))).stackStatusAsString());
        assertEquals(
                "2", lambda.getAlias(r -> r.functionName("orders").name("live")).functionVersion());
        assertEquals(
                SandboxJson.base64(SandboxJson.sha256(LambdaResources.zip("app.py", "def handler(e, c): return 2"))),
                lambda.getFunctionConfiguration(r -> r.functionName("orders").qualifier("live"))
                        .codeSha256());
        assertEquals(
                3,
                lambda.listVersionsByFunction(r -> r.functionName("orders"))
                        .versions()
                        .size());
        cloudFormation.deleteStack(r -> r.stackName("s"));
        sandbox.control().settle();
        assertThrows(LambdaException.class, () -> lambda.getFunction(r -> r.functionName("orders")));
    }

    @Test
    public void aNewVersionNeedsAChange() {
        String one = upload(BUCKET, "f.zip", "def handler(e, c): return 1");
        create(function("One", code(BUCKET, one)));
        assertEquals(
                "UPDATE_ROLLBACK_COMPLETE",
                update(function("Two", code(BUCKET, one))).stackStatusAsString());
        assertTrue(failure(), failure().contains("A version for this Lambda function exists ( 1 )"));
    }

    @Test
    public void codeOfAnotherRegionOrVersionFails() {
        assertEquals(
                "ROLLBACK_COMPLETE",
                create(function("One", code(BUCKET, "nothing"))).stackStatusAsString());
        assertTrue(failure(), failure().contains("NoSuch"));
        cloudFormation.deleteStack(r -> r.stackName("s"));
        sandbox.control().settle();
        String far = "serverless-promotion-222222222222-us-east-1";
        create(function("One", code(far, "x")));
        assertTrue(failure(), failure().contains("PermanentRedirect"));
    }

    @Test
    public void dynamicReferencesAreResolvedWhenItRuns() {
        try (SsmClient ssm = clients.client(SsmClient.builder(), Clients.admin(DEV), "eu-west-1");
                SecretsManagerClient secrets =
                        clients.client(SecretsManagerClient.builder(), Clients.admin(DEV), "eu-west-1")) {
            ssm.putParameter(r -> r.name("/orders/db").type("String").value("one"));
            ssm.putParameter(r -> r.name("/orders/db").value("two").overwrite(true));
            secrets.createSecret(r -> r.name("orders").secretString("{\"user\": \"admin\"}"));
            Stack stack = create("Resources:\n" + ROLE + """
                      Function:
                        Type: AWS::Lambda::Function
                        Properties:
                          FunctionName: orders
                          Role: !GetAtt Role.Arn
                          Runtime: python3.12
                          Handler: app.handler
                          Code: {ZipFile: 'x = 1'}
                          Environment:
                            Variables:
                              Db: '{{resolve:ssm:/orders/db:1}}'
                              User: 'u={{resolve:secretsmanager:orders:SecretString:user}}'
                    """);
            assertEquals(failure(), "CREATE_COMPLETE", stack.stackStatusAsString());
            assertEquals(
                    Map.of("Db", "one", "User", "u=admin"),
                    lambda.getFunctionConfiguration(r -> r.functionName("orders"))
                            .environment()
                            .variables());
        }
    }

    @Test
    public void bucketsThatAreNotEmptyStopTheDeletion() {
        String template = """
                Resources:
                  Site: {Type: AWS::S3::Bucket, Properties: {BucketName: orders-web}}
                  Kept: {Type: AWS::S3::Bucket, DeletionPolicy: Retain, Properties: {BucketName: orders-kept}}
                """;
        create(template);
        s3.putObject(r -> r.bucket("orders-web").key("index.html"), RequestBody.fromString("x"));
        cloudFormation.deleteStack(r -> r.stackName("s"));
        assertEquals("DELETE_FAILED", settled().stackStatusAsString());
        assertTrue(failure(), failure().contains("not empty"));
        s3.deleteObject(r -> r.bucket("orders-web").key("index.html"));
        cloudFormation.deleteStack(r -> r.stackName("s"));
        sandbox.control().settle();
        assertEquals(0, cloudFormation.describeStacks().stacks().size());
        s3.headBucket(r -> r.bucket("orders-kept"));
    }

    @Test
    public void distributionsServeTheirBucketWhenItsPolicyAdmitsThem() throws Exception {
        Stack stack = create("""
                Resources:
                  Bucket: {Type: AWS::S3::Bucket, Properties: {BucketName: orders-web}}
                  Access: {Type: AWS::CloudFront::OriginAccessControl}
                  Site:
                    Type: AWS::CloudFront::Distribution
                    Properties:
                      DistributionConfig:
                        Enabled: true
                        DefaultRootObject: index.html
                        Origins: [{Id: web, DomainName: !GetAtt Bucket.RegionalDomainName, OriginAccessControlId: !Ref Access}]
                        DefaultCacheBehavior: {TargetOriginId: web, ViewerProtocolPolicy: redirect-to-https}
                  Policy:
                    Type: AWS::S3::BucketPolicy
                    Properties:
                      Bucket: !Ref Bucket
                      PolicyDocument:
                        Statement:
                          Effect: Allow
                          Principal: {Service: cloudfront.amazonaws.com}
                          Action: 's3:GetObject'
                          Resource: !Sub '${Bucket.Arn}/*'
                          Condition:
                            StringEquals: {'AWS:SourceArn': !Sub 'arn:aws:cloudfront::${AWS::AccountId}:distribution/${Site}'}
                Outputs:
                  Id: {Value: !Ref Site}
                """);
        assertEquals(failure(), "CREATE_COMPLETE", stack.stackStatusAsString());
        s3.putObject(r -> r.bucket("orders-web").key("index.html"), RequestBody.fromString("hello"));
        try (var in =
                new java.net.URL(sandbox.endpoint() + "/_site/" + outputs(stack).get("Id") + "/").openStream()) {
            assertEquals("hello", new String(in.readAllBytes()));
        }
    }

    @Test
    public void namesThatAreTakenStayWithTheirOwners() {
        try (SsmClient ssm = clients.client(SsmClient.builder(), Clients.admin(DEV), "eu-west-1")) {
            ssm.putParameter(r -> r.name("/taken").type("String").value("mine"));
            Stack stack = create(
                    "Resources: {P: {Type: AWS::SSM::Parameter, Properties: {Name: /taken, Type: String, Value: x}}}");
            assertEquals("ROLLBACK_COMPLETE", stack.stackStatusAsString());
            assertTrue(failure(), failure().contains("already exists"));
            assertEquals(
                    "mine", ssm.getParameter(r -> r.name("/taken")).parameter().value());
        }
    }

    @Test
    public void customResourcesFailUnlessConfigured() {
        Stack known = create("""
                Resources: {Known: {Type: 'Custom::Known', Properties: {ServiceToken: x}}}
                Outputs: {Answer: {Value: !GetAtt Known.Answer}}
                """);
        assertEquals("42", outputs(known).get("Answer"));
        cloudFormation.deleteStack(r -> r.stackName("s"));
        sandbox.control().settle();
        assertEquals(
                "ROLLBACK_COMPLETE",
                create("Resources: {Other: {Type: 'Custom::Other', Properties: {ServiceToken: x}}}")
                        .stackStatusAsString());
        assertTrue(failure(), failure().contains("Received response status [FAILED]"));
    }

    @Test
    public void executionRolesAreHeldToTheirPolicy() {
        SandboxConfig config = SandboxConfig.threeAccounts().timeScale(0);
        config.accounts.get(1).roles.stream()
                .filter(role -> role.name.equals("promotion-cfn"))
                .forEach(role -> role.policy = SandboxJson.read(
                        "{\"Statement\": {\"Effect\": \"Allow\", \"Action\": \"sns:*\", \"Resource\": \"*\"}}"));
        try (Sandbox other = Sandbox.start(config);
                Clients own = new Clients(other.endpoint());
                CloudFormationClient client = own.cloudFormation(Clients.admin(DEV), "eu-west-1")) {
            client.createStack(r -> r.stackName("s")
                    .roleARN("arn:aws:iam::222222222222:role/promotion-cfn")
                    .templateBody("Resources: {T: {Type: AWS::SNS::Topic}, Q: {Type: AWS::SQS::Queue, DependsOn: T}}"));
            other.control().settle();
            String reason = client.describeStackEvents(r -> r.stackName("s")).stackEvents().stream()
                    .filter(event -> event.logicalResourceId().equals("Q")
                            && event.resourceStatusAsString().equals("CREATE_FAILED"))
                    .map(StackEvent::resourceStatusReason)
                    .findFirst()
                    .orElse("none");
            assertTrue(reason, reason.contains("not authorized to perform: sqs:CreateQueue"));
        }
    }

    private static final String SAM = """
            Transform: AWS::Serverless-2016-10-31
            Globals: {Function: {Runtime: python3.12, Timeout: 7, Environment: {Variables: {A: '1'}}}}
            Resources:
              Orders:
                Type: AWS::Serverless::Function
                Properties:
                  FunctionName: orders
                  CodeUri: CODE
                  Handler: app.handler
                  AutoPublishAlias: live
                  Environment: {Variables: {T: !Ref Table}}
                  Policies: [{DynamoDBCrudPolicy: {TableName: !Ref Table}}]
                  Events:
                    Get: {Type: HttpApi, Properties: {Path: /orders, Method: get}}
              Table: {Type: AWS::Serverless::SimpleTable, Properties: {TableName: orders}}
            Outputs:
              Alias: {Value: !Ref Orders.Alias}
              Api: {Value: !Sub 'https://${ServerlessHttpApi}.execute-api'}
            """;

    @Test
    public void serverlessFunctionsAreTransformed() {
        String one = upload(BUCKET, "f.zip", "def handler(e, c): return 1");
        String two = upload(BUCKET, "f.zip", "def handler(e, c): return 2");
        String code = "{Bucket: " + BUCKET + ", Key: f.zip, Version: '%s'}";
        CloudFormationException refusal = assertThrows(
                CloudFormationException.class,
                () -> cloudFormation.createStack(r -> r.stackName("s")
                        .templateBody(SAM.replace("CODE", String.format(code, one)))
                        .capabilities(Capability.CAPABILITY_IAM)));
        assertTrue(refusal.getMessage(), refusal.getMessage().contains("CAPABILITY_AUTO_EXPAND"));
        Stack stack = create(SAM.replace("CODE", String.format(code, one)));
        assertEquals(failure(), "CREATE_COMPLETE", stack.stackStatusAsString());
        assertEquals(
                "arn:aws:lambda:eu-west-1:222222222222:function:orders:live",
                outputs(stack).get("Alias"));
        var configuration = lambda.getFunctionConfiguration(r -> r.functionName("orders"));
        assertEquals(
                Map.of("A", "1", "T", "orders"), configuration.environment().variables());
        assertEquals(7, configuration.timeout().intValue());
        update(SAM.replace("CODE", String.format(code, two)));
        assertEquals(
                "2", lambda.getAlias(r -> r.functionName("orders").name("live")).functionVersion());
        assertEquals(
                SAM.replace("CODE", String.format(code, two)),
                cloudFormation.getTemplate(r -> r.stackName("s")).templateBody());
    }

    @Test
    public void alarmsRollOperationsBack() {
        String alarm = """
                Resources:
                  Errors:
                    Type: AWS::CloudWatch::Alarm
                    Properties: {AlarmName: errors, EvaluationPeriods: 1, ComparisonOperator: GreaterThanThreshold}
                  Topic: {Type: AWS::SNS::Topic, Properties: {DisplayName: NAME}}
                """;
        create(alarm.replace("NAME", "a"));
        RollbackTrigger trigger = RollbackTrigger.builder()
                .arn("arn:aws:cloudwatch:eu-west-1:222222222222:alarm:errors")
                .type("AWS::CloudWatch::Alarm")
                .build();
        sandbox.control().alarm(DEV, "eu-west-1", "errors", "ALARM", 60_000);
        cloudFormation.updateStack(r -> r.stackName("s")
                .templateBody(alarm.replace("NAME", "b"))
                .rollbackConfiguration(c -> c.rollbackTriggers(trigger).monitoringTimeInMinutes(5)));
        assertEquals("UPDATE_ROLLBACK_COMPLETE", settled().stackStatusAsString());
        assertTrue(cloudFormation.describeStackEvents(r -> r.stackName("s")).stackEvents().stream()
                .anyMatch(event -> String.valueOf(event.resourceStatusReason()).contains("went to ALARM state")));
        RollbackTrigger missing =
                trigger.toBuilder().arn(trigger.arn() + "-none").build();
        cloudFormation.updateStack(r -> r.stackName("s")
                .templateBody(alarm.replace("NAME", "c"))
                .rollbackConfiguration(c -> c.rollbackTriggers(missing)));
        assertEquals("UPDATE_ROLLBACK_COMPLETE", settled().stackStatusAsString());
    }

    @Test
    public void stackPoliciesProtectResources() {
        create("Resources: {T: {Type: AWS::SNS::Topic}, Q: {Type: AWS::SQS::Queue}}");
        cloudFormation.setStackPolicy(r -> r.stackName("s").stackPolicyBody("""
                {"Statement": [{"Effect": "Allow", "Action": "Update:*", "Principal": "*", "Resource": "*"},
                               {"Effect": "Deny", "Action": ["Update:Delete", "Update:Replace"], "Principal": "*",
                                "Resource": "LogicalResourceId/Q"}]}"""));
        assertEquals(
                "UPDATE_ROLLBACK_COMPLETE",
                update("Resources: {T: {Type: AWS::SNS::Topic}}").stackStatusAsString());
        assertEquals(
                "UPDATE_ROLLBACK_COMPLETE",
                update(
                                "Resources: {T: {Type: AWS::SNS::Topic}, Q: {Type: AWS::SQS::Queue, Properties: {QueueName: n}}}")
                        .stackStatusAsString());
        assertEquals(
                "UPDATE_COMPLETE",
                update(
                                "Resources: {T: {Type: AWS::SNS::Topic}, Q: {Type: AWS::SQS::Queue, Properties: {DelaySeconds: 5}}}")
                        .stackStatusAsString());
    }
}
