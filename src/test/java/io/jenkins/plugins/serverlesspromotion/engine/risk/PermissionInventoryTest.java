package io.jenkins.plugins.serverlesspromotion.engine.risk;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import java.util.List;
import org.junit.Test;

/** Policies are found wherever they are written, and belong to the identity or resource that they are about. */
public class PermissionInventoryTest {
    private static final List<String> NONE = List.of();
    private static final List<String> FOUND = List.of("iamBroadening X");
    private static final String RIGHT = "{ Statement: [ { Effect: Allow, Action: 'a:B', Resource: '*' } ] }";

    private static final String OPEN = "Parameters: { P: { Type: 'AWS::SSM::Parameter::Value<String>' } }\n"
            + "Conditions: { Open: !Equals [ !Ref P, x ] }\n";

    private static String of(String type, String properties) {
        return "X: { Type: AWS::" + type + ", Properties: { " + properties + " } }";
    }

    private static Plan.Finding only(String before, String after) {
        List<Plan.Finding> found = Pairs.between(Pairs.template("", before), Pairs.template("", after));
        assertEquals(found.toString(), 1, found.size());
        return found.get(0);
    }

    private static String place(String before, String after) {
        return only(before, after).evidence().get(0).path();
    }

    @Test
    public void inlinePoliciesOfEveryIdentity() {
        String policies = "Policies: [ { PolicyName: p, PolicyDocument: " + RIGHT + " } ]";
        for (String type : List.of("IAM::Role", "IAM::User", "IAM::Group")) {
            assertEquals(type, FOUND, Pairs.of("", of(type, policies)));
        }
        String second =
                "Policies: [ { PolicyName: p, PolicyDocument: { Statement: [ ] } }, { PolicyName: q, PolicyDocument: "
                        + RIGHT + " } ]";
        assertEquals(
                "Resources.X.Properties.Policies[1].PolicyDocument.Statement[0]", place("", of("IAM::Role", second)));
        assertEquals(FOUND, Pairs.of("", of("SSO::PermissionSet", "InlinePolicy: " + RIGHT)));
        assertEquals(
                "Resources.X.Properties.InlinePolicy.Statement[0]",
                place("", of("SSO::PermissionSet", "InlinePolicy: " + RIGHT)));
    }

    @Test
    public void managedPoliciesByAnyNameOfTheirList() {
        for (String list : List.of("ManagedPolicyArns", "ManagedPolicies", "Groups")) {
            assertEquals(list, FOUND, Pairs.of("", of("IAM::User", list + ": [ admin ]")));
            assertEquals(
                    list, NONE, Pairs.of(of("IAM::User", list + ": [ admin ]"), of("IAM::User", list + ": [ admin ]")));
        }
        assertEquals(
                "X (AWS::IAM::User) also gets AdministratorAccess",
                only("", of("IAM::User", "ManagedPolicyArns: [ 'arn:aws:iam::aws:policy/AdministratorAccess' ]"))
                        .sentence());
    }

    @Test
    public void aManagedPolicyOfTheTemplateIsTakenByItsStatements() {
        String policy = "P: { Type: AWS::IAM::ManagedPolicy, Properties: { PolicyDocument: " + RIGHT + " } }";
        String inline = of("IAM::Role", "Policies: [ { PolicyDocument: " + RIGHT + " } ]");
        String used = of("IAM::Role", "ManagedPolicyArns: [ !Ref P ]");
        assertEquals(FOUND, Pairs.of("", policy + ", " + used));
        assertEquals("it is the role's, and nothing beside it", NONE, Pairs.of(inline, policy + ", " + used));
        assertEquals("one that no resource uses", List.of("iamBroadening P"), Pairs.of("", policy));
        assertEquals("Resources.P.Properties.PolicyDocument.Statement[0]", place("", policy + ", " + used));
        String other = "Y: { Type: AWS::IAM::Role, Properties: { ManagedPolicyArns: [ other ] } }";
        assertTrue("another policy is used", Pairs.of("", policy + ", " + other).contains("iamBroadening P"));
        assertEquals(
                "a resource that is no policy",
                FOUND,
                Pairs.of("", of("IAM::Role", "ManagedPolicyArns: [ !Ref Beside ]")));
    }

    @Test
    public void policiesOfTheirOwnBelongToWhatTheyAreAttachedTo() {
        for (String type : List.of("Policy", "ManagedPolicy", "RolePolicy", "UserPolicy", "GroupPolicy")) {
            for (String list : List.of("Roles", "Users", "Groups", "RoleName", "UserName", "GroupName")) {
                String policy = "P: { Type: AWS::IAM::" + type + ", Properties: { " + list + ": %s, PolicyDocument: "
                        + RIGHT + " } }";
                String here = policy.formatted(list.endsWith("s") ? "[ !Ref X ]" : "!Ref X");
                String there = policy.formatted("operator");
                String role = "X: { Type: AWS::IAM::Role }";
                assertEquals(type + list, FOUND, Pairs.of(role, role + ", " + here));
                assertEquals(type + list, List.of("iamBroadening P"), Pairs.of("", there));
                assertEquals(type + list, NONE, Pairs.of(there, there.replace("P: {", "Q: {")));
            }
        }
    }

    @Test
    public void membersOfGroupsAndAccessKeys() {
        String addition = "A: { Type: AWS::IAM::UserToGroupAddition, Properties: { GroupName: g, Users: [ u%s ] } }";
        assertEquals(List.of("iamBroadening A"), Pairs.of("", addition.formatted("")));
        assertEquals(List.of("iamBroadening A"), Pairs.of(addition.formatted(""), addition.formatted(", v")));
        assertEquals(NONE, Pairs.of(addition.formatted(", v"), addition.formatted("")));
        assertEquals(
                "X (AWS::IAM::AccessKey) also gets access key of u",
                only("", of("IAM::AccessKey", "UserName: u")).sentence());
        assertEquals(NONE, Pairs.of(of("IAM::AccessKey", "UserName: u"), of("IAM::AccessKey", "UserName: u")));
    }

    @Test
    public void assignmentsAndShares() {
        String assignment = "PermissionSetArn: s, PrincipalId: p, TargetId: t";
        assertEquals(FOUND, Pairs.of("", of("SSO::Assignment", assignment)));
        for (String other : List.of("TargetId: t", "PrincipalId: p", "PermissionSetArn: s")) {
            assertEquals(
                    other,
                    FOUND,
                    Pairs.of(
                            of("SSO::Assignment", assignment),
                            of("SSO::Assignment", assignment.replace(other, other + "2"))));
        }
        String share = "ResourceArns: [ r ], Principals: [ p ]";
        assertEquals(FOUND, Pairs.of("", of("RAM::ResourceShare", share)));
        assertEquals(
                FOUND,
                Pairs.of(
                        of("RAM::ResourceShare", share), of("RAM::ResourceShare", share.replace("[ r ]", "[ r, s ]"))));
        assertEquals(
                NONE,
                Pairs.of(
                        of("RAM::ResourceShare", share.replace("[ p ]", "[ p, q ]")), of("RAM::ResourceShare", share)));
        assertEquals("Resources.X.Properties.Principals", place("", of("RAM::ResourceShare", share)));
        assertEquals(
                FOUND,
                Pairs.of("", of("EC2::VPCEndpointServicePermissions", "ServiceId: s, AllowedPrincipals: [ p ]")));
    }

    @Test
    public void rolesOfFunctionsThatSamMakes() {
        for (String type : List.of("Serverless::Function", "Serverless::StateMachine")) {
            assertEquals(type, FOUND, Pairs.ofSam("", of(type, "Policies: [ AdministratorAccess ]")));
            assertEquals(type, FOUND, Pairs.ofSam("", of(type, "Policies: [ " + RIGHT + " ]")));
            assertEquals(type, FOUND, Pairs.ofSam("", of(type, "Policies: " + RIGHT)));
            assertEquals(type, FOUND, Pairs.ofSam("", of(type, "Policies: [ { SQSPollerPolicy: { QueueName: q } } ]")));
            assertEquals(type, NONE, Pairs.ofSam("", of(type, "Policies: [ AWSLambdaBasicExecutionRole ]")));
        }
        String function = "Serverless::Function";
        assertEquals(FOUND, Pairs.ofSam("", of(function, "Policies: [ { NewPolicy: { A: a } } ]")));
        assertEquals(
                FOUND,
                Pairs.ofSam(
                        of(function, "Policies: [ { NewPolicy: { A: a } } ]"),
                        of(function, "Policies: [ { NewPolicy: { A: b } } ]")));
        List<Plan.Finding> second = Pairs.between(
                Pairs.template("Transform: AWS::Serverless-2016-10-31\n", ""),
                Pairs.template(
                        "Transform: AWS::Serverless-2016-10-31\n",
                        of(function, "Policies: [ AWSLambdaBasicExecutionRole, " + RIGHT + ", Custom ]")));
        assertEquals(
                "[Resources.X.Properties.Policies[2], Resources.X.Properties.Policies[1].Statement[0]]",
                second.stream().map(f -> f.evidence().get(0).path()).toList().toString());
    }

    @Test
    public void connectorsGiveRights() {
        String inside =
                "X: { Type: AWS::Serverless::Function, Connectors: { Mine: { Properties: { Destination: { Id: T }, Permissions: [ %s ] } } } }";
        assertEquals(FOUND, Pairs.ofSam("X: { Type: AWS::Serverless::Function }", inside.formatted("Read")));
        assertEquals(FOUND, Pairs.ofSam(inside.formatted("Read"), inside.formatted("Read, Write")));
        assertEquals(NONE, Pairs.ofSam(inside.formatted("Read, Write"), inside.formatted("Read")));
        String own = of("Serverless::Connector", "Source: { Id: F }, Destination: { Id: %s }, Permissions: [ Write ]");
        assertEquals(FOUND, Pairs.ofSam("", own.formatted("T")));
        assertEquals(FOUND, Pairs.ofSam(own.formatted("T"), own.formatted("U")));
        assertEquals(
                "Resources.X.Connectors.Mine",
                Pairs.between(
                                Pairs.template("", "X: { Type: AWS::Serverless::Function }"),
                                Pairs.template("", inside.formatted("Read")))
                        .get(0)
                        .evidence()
                        .get(0)
                        .path());
    }

    private static String permission(String properties) {
        return of("Lambda::Permission", "Action: lambda:InvokeFunction, FunctionName: f, " + properties);
    }

    @Test
    public void aPermissionIsAsWideAsItsConditions() {
        String free = permission("Principal: '*'");
        for (String condition : List.of(
                "SourceArn: 'arn:aws:sns:eu-west-1:111111111111:t'",
                "SourceAccount: '111111111111'",
                "PrincipalOrgID: o",
                "EventSourceToken: t",
                "FunctionUrlAuthType: AWS_IAM")) {
            String bound = permission("Principal: '*', " + condition);
            assertTrue(condition, Pairs.of(bound, free).contains("iamBroadening X"));
            assertEquals(condition, NONE, Pairs.of(free, bound));
        }
        String two = permission("Principal: '*', SourceAccount: '1', PrincipalOrgID: o");
        assertTrue(
                Pairs.of(two, permission("Principal: '*', SourceAccount: '1'")).contains("iamBroadening X"));
        assertTrue(
                Pairs.of(two, permission("Principal: '*', PrincipalOrgID: o")).contains("iamBroadening X"));
        String layer = of(
                "Lambda::LayerVersionPermission", "Action: lambda:GetLayerVersion, LayerVersionArn: l, Principal: '*'");
        assertTrue(Pairs.of(layer.replace("Principal: '*'", "Principal: '*', OrganizationId: o"), layer)
                .contains("iamBroadening X"));
    }

    @Test
    public void permissionsForOneFunctionBelongTogether() {
        String one = permission("Principal: '222222222222'");
        assertEquals(FOUND, Pairs.of("", one));
        assertEquals("under another logical id", NONE, Pairs.of(one, one.replace("X: {", "Y: {")));
        assertEquals("of another function", FOUND, Pairs.of(one, one.replace("FunctionName: f", "FunctionName: g")));
        assertEquals(
                "an account is no service",
                FOUND,
                Pairs.of("", permission("Principal: '222222222222', SourceAccount: '1'")));
        String layer = of(
                "Lambda::LayerVersionPermission",
                "Action: lambda:GetLayerVersion, LayerVersionArn: l, Principal: '222222222222'");
        assertEquals(NONE, Pairs.of(layer, layer.replace("X: {", "Y: {")));
        assertEquals(FOUND, Pairs.of(layer, layer.replace("Arn: l", "Arn: m")));
        assertEquals(
                "without an action it is every action",
                FOUND,
                Pairs.of(one, of("Lambda::Permission", "FunctionName: f, Principal: '222222222222'")));
    }

    @Test
    public void policiesOfEventBuses() {
        String old = "EventBusName: b, Action: events:PutEvents, Principal: '222222222222'";
        assertEquals(FOUND, Pairs.of("", of("Events::EventBusPolicy", old)));
        assertEquals(
                NONE,
                Pairs.of(
                        of("Events::EventBusPolicy", old),
                        of("Events::EventBusPolicy", old).replace("X: {", "Y: {")));
        String bound = old.replace("'222222222222'", "'*'")
                + ", Condition: { Type: StringEquals, Key: aws:PrincipalOrgID, Value: o }";
        assertEquals(FOUND, Pairs.of("", of("Events::EventBusPolicy", bound)));
        assertEquals(
                List.of("iamBroadening X", "publicExposure X"),
                Pairs.of(
                        of("Events::EventBusPolicy", bound),
                        of("Events::EventBusPolicy", old.replace("'222222222222'", "'*'"))));
        String statement =
                "EventBusName: b, Statement: { Effect: Allow, Principal: { AWS: '222222222222' }, Action: events:PutEvents, Resource: '*' }";
        assertEquals(FOUND, Pairs.of("", of("Events::EventBusPolicy", statement)));
        assertEquals(
                "Resources.X.Properties.Statement.Statement[0]", place("", of("Events::EventBusPolicy", statement)));
        assertEquals("Resources.X.Properties", place("", of("Events::EventBusPolicy", old)));
    }

    private static final String SHARED =
            "{ Statement: [ { Effect: Allow, Principal: { AWS: '222222222222' }, Action: 'a:B', Resource: '*' } ] }";

    @Test
    public void policiesOfResourcesWhereverTheyStand() {
        assertEquals(FOUND, Pairs.of("", of("KMS::Key", "KeyPolicy: " + SHARED)));
        assertEquals(FOUND, Pairs.of("", of("ECR::Repository", "RepositoryPolicyText: " + SHARED)));
        assertEquals(FOUND, Pairs.of("", of("Foo::Bar", "Deep: { List: [ { A: a }, " + SHARED + " ] }")));
        assertEquals(
                "Resources.X.Properties.Deep.List[1].Statement[0]",
                place("", of("Foo::Bar", "Deep: { List: [ { A: a }, " + SHARED + " ] }")));
        assertEquals(
                "statements of something else",
                NONE,
                Pairs.of("", of("Foo::Bar", "A: { Statement: [ { Sql: select } ] }")));
        String may = of("KMS::Key", "KeyPolicy: !If [ Open, " + SHARED + ", !Ref AWS::NoValue ]");
        assertEquals(FOUND, Pairs.kinds(Pairs.between(Pairs.template(OPEN, ""), Pairs.template(OPEN, may))));
        String either = of("KMS::Key", "Deep: !If [ Open, [ " + SHARED + " ], [ ] ]");
        assertEquals(FOUND, Pairs.kinds(Pairs.between(Pairs.template(OPEN, ""), Pairs.template(OPEN, either))));
    }

    @Test
    public void aPolicyOfItsOwnBelongsToWhatItProtects() {
        for (String property : List.of(
                "Bucket",
                "Queues",
                "Queue",
                "Topics",
                "TopicArn",
                "SecretId",
                "EventBusName",
                "ResourceArn",
                "FileSystemId",
                "ClusterArn",
                "KeyId")) {
            String policy = of("Foo::BarPolicy", property + ": t, Document: " + SHARED);
            assertEquals(property, FOUND, Pairs.of("", policy));
            assertEquals(property, NONE, Pairs.of(policy, policy.replace("X: {", "Y: {")));
            assertEquals(property, FOUND, Pairs.of(policy, policy.replace(": t,", ": u,")));
        }
        String by = of("Foo::Bar", "Bucket: t, Document: " + SHARED);
        assertEquals("no policy by its type", List.of("iamBroadening Y"), Pairs.of(by, by.replace("X: {", "Y: {")));
        String inside =
                "Q: { Type: AWS::SQS::Queue }, X: { Type: AWS::SQS::QueuePolicy, Properties: { Queues: !GetAtt Q.Arn, P: "
                        + SHARED + " } }";
        String named = inside.replace("!GetAtt Q.Arn", "!Ref Q").replace("X: {", "Y: {");
        assertEquals("its ARN and itself are the same", NONE, Pairs.of(inside, named));
    }

    @Test
    public void policiesThatAreTextsOfJson() {
        String text =
                "'{\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"222222222222\"},\"Action\":\"a:B\"}]}'";
        assertEquals(FOUND, Pairs.of("", of("Foo::Bar", "AccessPolicy: " + text)));
        assertEquals(FOUND, Pairs.of("", of("Foo::Bar", "Inner: { POLICY: ' " + text.substring(1) + " }")));
        assertEquals("other texts are no policies", NONE, Pairs.of("", of("Foo::Bar", "Template: " + text)));
        assertEquals(NONE, Pairs.of("", of("Foo::Bar", "PolicyName: name")));
        assertEquals(List.of("notAnalysable X"), Pairs.of("", of("Foo::Bar", "Policy: '{ no json'")));
    }

    @Test
    public void resourcePoliciesOfSamsApi() {
        String custom =
                "Auth: { ResourcePolicy: { CustomStatements: [ { Effect: Allow, Principal: { AWS: '222222222222' }, Action: 'execute-api:Invoke' } ] } }";
        assertEquals(FOUND, Pairs.ofSam("", of("Serverless::Api", custom)));
        assertEquals(
                "Resources.X.Properties.Auth.ResourcePolicy.CustomStatements.Statement[0]",
                place("", of("Serverless::Api", custom)));
        assertEquals(
                "elsewhere that is no policy",
                NONE,
                Pairs.of("", of("Foo::Bar", "A: { CustomStatements: [ { Effect: Allow } ] }")));
    }

    @Test
    public void whatIsNotAPolicyWhereOneShouldBeCannotBeAnalysed() {
        List<String> unknown = List.of("notAnalysable X");
        assertEquals(unknown, Pairs.of("", of("IAM::Role", "Policies: [ { PolicyDocument: !ImportValue p } ]")));
        assertEquals(
                unknown,
                Pairs.of("", of("IAM::Role", "Policies: [ { PolicyDocument: { Statement: [ !ImportValue p ] } } ]")));
        assertEquals(unknown, Pairs.of("", of("IAM::Role", "AssumeRolePolicyDocument: !Ref Document")));
        assertEquals(
                "Resources.X.Properties.Policies[0].PolicyDocument.Statement[1]",
                place(
                        "",
                        of(
                                "IAM::Role",
                                "Policies: [ { PolicyDocument: { Statement: [ { Effect: Deny }, !ImportValue p ] } } ]")));
        String filled = of("S3::BucketPolicy", "Bucket: b, PolicyDocument: { 'Fn::Transform': { Name: T } }");
        assertTrue(Pairs.of("", filled).contains("notAnalysable X"));
    }

    @Test
    public void ofADocumentThatAConditionDecidesBothCount() {
        String none = "{ Statement: [ ] }";
        for (String may :
                List.of("!If [ Open, " + RIGHT + ", " + none + " ]", "!If [ Open, " + none + ", " + RIGHT + " ]")) {
            String role = of("IAM::Role", "Policies: [ { PolicyDocument: " + may + " } ]");
            assertEquals(may, FOUND, Pairs.kinds(Pairs.between(Pairs.template(OPEN, ""), Pairs.template(OPEN, role))));
        }
    }

    @Test
    public void aFunctionOfSamHasABoundaryLikeARole() {
        String bounded = of("Serverless::Function", "PermissionsBoundary: b, Handler: a.b");
        assertEquals(FOUND, Pairs.ofSam(bounded, of("Serverless::Function", "Handler: a.b")));
        assertEquals(NONE, Pairs.ofSam(of("Serverless::Function", "Handler: a.b"), bounded));
    }

    @Test
    public void aPolicyOfSamMayHaveMoreThanItsStatement() {
        String version = "{ Version: '2012-10-17', " + RIGHT.substring(1);
        String function = of("Serverless::Function", "Policies: [ " + version + " ]");
        assertEquals(FOUND, Pairs.ofSam("", function));
        assertEquals(
                "it is the same right",
                NONE,
                Pairs.ofSam(function, of("Serverless::Function", "Policies: [ " + RIGHT + " ]")));
        assertEquals(
                "what is neither a template nor a policy",
                List.of("notAnalysable X"),
                Pairs.ofSam("", of("Serverless::Function", "Policies: [ { A: a, B: b } ]")));
    }

    @Test
    public void aTrustIsNoRightOfTheRole() {
        String trust =
                "AssumeRolePolicyDocument: { Statement: [ { Effect: Allow, Principal: { AWS: '222222222222' }, Action: sts:AssumeRole } ] }";
        List<Plan.Finding> found = Pairs.between(Pairs.template("", ""), Pairs.template("", of("IAM::Role", trust)));
        assertEquals(FOUND, Pairs.kinds(found));
        assertTrue(found.get(0).sentence().contains("can be assumed by more"));
        assertFalse(found.get(0).sentence().contains("lets others do more"));
    }
}
