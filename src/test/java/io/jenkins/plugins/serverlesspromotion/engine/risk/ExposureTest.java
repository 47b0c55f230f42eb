package io.jenkins.plugins.serverlesspromotion.engine.risk;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import java.util.List;
import java.util.Map;
import org.junit.Test;

/** What the internet can reach that it could not reach before: policies, buckets, ports, switches and barriers. */
public class ExposureTest {
    private static final List<String> NONE = List.of();
    private static final List<String> FOUND = List.of("publicExposure X");

    private static final String OPEN = "Parameters: { P: { Type: 'AWS::SSM::Parameter::Value<String>' } }\n"
            + "Conditions: { Open: !Equals [ !Ref P, x ] }\n";

    private static String of(String type, String properties) {
        return "X: { Type: AWS::" + type + ", Properties: { " + properties + " } }";
    }

    private static List<String> undecided(String before, String after) {
        return Pairs.kinds(Pairs.between(Pairs.template(OPEN, before), Pairs.template(OPEN, after)));
    }

    private static Plan.Finding only(String before, String after) {
        List<Plan.Finding> found = Pairs.between(Pairs.template("", before), Pairs.template("", after));
        assertEquals(found.toString(), 1, found.size());
        return found.get(0);
    }

    private static String secret(String statement) {
        return of(
                "SecretsManager::ResourcePolicy", "SecretId: s, ResourcePolicy: { Statement: [ " + statement + " ] }");
    }

    private static String everybody(String condition) {
        return "{ Effect: Allow, Principal: '*', Action: 'a:B', Resource: '*'"
                + (condition.isEmpty() ? "" : ", Condition: " + condition) + " }";
    }

    private static boolean isPublic(String statement) {
        return Pairs.of("", secret(statement)).contains("publicExposure X");
    }

    @Test
    public void everybodyIsFoundUnlessAConditionLeavesKnownCallersOnly() {
        assertTrue(isPublic(everybody("")));
        assertTrue(isPublic(everybody("{ StringEquals: { aws:UserAgent: x } }")));
        for (String key : List.of(
                "aws:PrincipalAccount",
                "aws:PrincipalArn",
                "aws:PrincipalOrgID",
                "aws:PrincipalOrgPaths",
                "aws:SourceAccount",
                "aws:SourceArn",
                "aws:SourceIp",
                "aws:SourceOrgID",
                "aws:SourceOrgPaths",
                "AWS:SourceOwner",
                "aws:SourceVpc",
                "aws:SourceVpce",
                "aws:VpcSourceIp",
                "aws:userid",
                "kms:CallerAccount",
                "s3:DataAccessPointAccount")) {
            assertFalse(key, isPublic(everybody("{ StringEquals: { '" + key + "': x } }")));
        }
    }

    @Test
    public void aConditionThatRestrictsNothingIsNone() {
        assertTrue(isPublic(everybody("{ StringNotEquals: { aws:SourceVpce: x } }")));
        assertTrue(isPublic(everybody("{ StringEqualsIfExists: { aws:SourceVpce: x } }")));
        assertTrue(isPublic(everybody("{ 'Null': { aws:SourceVpce: false } }")));
        assertTrue(isPublic(everybody("{ StringLike: { aws:SourceArn: '*' } }")));
        assertTrue(isPublic(everybody("{ 'ForAllValues:StringLike': { aws:PrincipalOrgPaths: o-1/* } }")));
        assertFalse(isPublic(everybody("{ 'ForAnyValue:StringLike': { aws:PrincipalOrgPaths: o-1/* } }")));
        assertTrue(isPublic(everybody("{ IpAddress: { aws:SourceIp: [ 10.0.0.0/8, 0.0.0.0/0 ] } }")));
        assertTrue(isPublic(everybody("{ IpAddress: { aws:SourceIp: 128.0.0.0/1 } }")));
        assertFalse(isPublic(everybody("{ IpAddress: { aws:SourceIp: 10.0.0.0/16 } }")));
        assertFalse(
                "one is enough",
                isPublic(everybody(
                        "{ Bool: { a: true }, ArnLike: { aws:SourceArn: 'arn:aws:sns:eu-west-1:222222222222:*' } }")));
    }

    @Test
    public void anArnOfAnyAccountRestrictsNothing() {
        for (String anybody : List.of(
                "arn:*", "arn:aws:iam::*:role/x", "arn:aws:events:*:*:rule/*", "arn:aws:s3:::*", "arn:aws:s3*")) {
            assertTrue(anybody, isPublic(everybody("{ ArnLike: { aws:SourceArn: '" + anybody + "' } }")));
        }
        for (String known :
                List.of("arn:aws:iam::222222222222:*", "arn:aws:s3:::orders*", "arn:aws:sns:*:222222222222:*", "o-1")) {
            assertFalse(known, isPublic(everybody("{ ArnLike: { aws:SourceArn: '" + known + "' } }")));
        }
        String call =
                "X: { Type: AWS::Lambda::Permission, Properties: { Action: lambda:InvokeFunction, FunctionName: f, "
                        + "Principal: s3.amazonaws.com, SourceArn: '%s' } }";
        assertEquals(List.of("iamBroadening X"), Pairs.of("", call.formatted("arn:aws:s3:::*")));
        assertEquals(NONE, Pairs.of("", call.formatted("arn:aws:s3:::orders")));
    }

    @Test
    public void allButSomebodyIsEverybody_AndADenialIsNot() {
        assertTrue(isPublic("{ Effect: Allow, NotPrincipal: { AWS: '1' }, Action: 'a:B', Resource: '*' }"));
        assertFalse(isPublic("{ Effect: Deny, Principal: '*', Action: 'a:B', Resource: '*' }"));
        assertFalse(isPublic("{ Effect: Allow, Principal: { AWS: '222222222222' }, Action: 'a:B', Resource: '*' }"));
    }

    @Test
    public void whatWasOpenAlreadyIsNoNews() {
        String open = everybody("");
        assertEquals(NONE, Pairs.of(secret(open), secret(open + ", " + open)));
        assertEquals(NONE, Pairs.of(secret(open), secret(everybody("{ Bool: { aws:SecureTransport: true } }"))));
        assertEquals(
                "it was for known callers",
                List.of("iamBroadening X", "publicExposure X"),
                Pairs.of(secret(everybody("{ StringEquals: { aws:SourceVpce: x } }")), secret(open)));
        assertEquals(
                "a further action",
                List.of("iamBroadening X", "publicExposure X"),
                Pairs.of(secret(open), secret(open.replace("a:B", "a:C"))));
        assertEquals(
                "a condition that was there is gone",
                List.of("iamBroadening X", "publicExposure X"),
                Pairs.of(secret(everybody("{ Bool: { aws:SecureTransport: true } }")), secret(open)));
    }

    @Test
    public void whereTheNetworkDecidesEverybodyIsUsual() {
        String policy = "{ Statement: [ " + everybody("") + " ] }";
        List<String> rights = List.of("iamBroadening X");
        assertEquals(rights, Pairs.of("", of("ApiGateway::RestApi", "Policy: " + policy)));
        assertEquals(rights, Pairs.of("", of("EC2::VPCEndpoint", "PolicyDocument: " + policy)));
        for (String type : List.of("OpenSearchService::Domain", "Elasticsearch::Domain")) {
            String open = of(type, "AccessPolicies: " + policy);
            String inside = of(type, "VPCOptions: { SubnetIds: [ s ] }, AccessPolicies: " + policy);
            String maybe = of(
                    type,
                    "VPCOptions: !If [ Open, { SubnetIds: [ s ] }, !Ref AWS::NoValue ], AccessPolicies: " + policy);
            assertEquals(type, List.of("iamBroadening X", "publicExposure X"), Pairs.of("", open));
            assertEquals(type, rights, Pairs.of("", inside));
            assertEquals(type, List.of("iamBroadening X", "publicExposure X"), undecided("", maybe));
        }
    }

    @Test
    public void aTrustOfEverybodyIsPublic_AndAnIdentitysOwnRightsAreNot() {
        String trust =
                "AssumeRolePolicyDocument: { Statement: { Effect: Allow, Principal: '*', Action: sts:AssumeRole } }";
        assertEquals(List.of("iamBroadening X", "publicExposure X"), Pairs.of("", of("IAM::Role", trust)));
        String own = "Policies: [ { PolicyDocument: { Statement: { Effect: Allow, Action: 'a:B', Resource: '*' } } } ]";
        assertEquals(List.of("iamBroadening X"), Pairs.of("", of("IAM::Role", own)));
    }

    @Test
    public void publicListsOfABucketAreFound() {
        for (String acl : List.of("PublicRead", "PublicReadWrite", "AuthenticatedRead")) {
            assertEquals(acl, FOUND, Pairs.of("", of("S3::Bucket", "AccessControl: " + acl)));
        }
        for (String acl : List.of("Private", "LogDeliveryWrite", "BucketOwnerRead")) {
            assertEquals(acl, NONE, Pairs.of("", of("S3::Bucket", "AccessControl: " + acl)));
        }
        String read = of("S3::Bucket", "AccessControl: PublicRead");
        assertEquals(NONE, Pairs.of(read, read.replace("Properties: {", "Properties: { BucketEncryption: x, ")));
        assertEquals(FOUND, Pairs.of(read, of("S3::Bucket", "AccessControl: PublicReadWrite")));
        assertEquals(
                "other types mean something else", NONE, Pairs.of("", of("Foo::Bar", "AccessControl: PublicRead")));
        assertEquals(null, only("", read).evidence().get(0).before());
    }

    @Test
    public void eachSwitchThatKeepsABucketPrivateIsFoundByItself() {
        for (String block :
                List.of("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets")) {
            String on = of("S3::Bucket", "PublicAccessBlockConfiguration: { " + block + ": true }");
            String off = of("S3::Bucket", "PublicAccessBlockConfiguration: { " + block + ": false }");
            String none = of("S3::Bucket", "Tags: [ ]");
            assertEquals(block, FOUND, Pairs.of(on, off));
            assertEquals(block, FOUND, Pairs.of(on, none));
            assertEquals("a new bucket is blocked unless it says otherwise", FOUND, Pairs.of("", off));
            assertEquals(block, FOUND, Pairs.of(none, off));
            assertEquals(block, NONE, Pairs.of(off, off));
            assertEquals(block, NONE, Pairs.of(off, none));
            assertEquals(block, NONE, Pairs.of("", on));
            assertEquals(block, NONE, Pairs.of(none, on));
            String maybe = of(
                    "S3::Bucket",
                    "PublicAccessBlockConfiguration: !If [ Open, { " + block + ": true }, !Ref AWS::NoValue ]");
            assertEquals(block, FOUND, undecided(on, maybe));
        }
        assertEquals(
                FOUND,
                Pairs.of(
                        of("S3::AccessPoint", "PublicAccessBlockConfiguration: { BlockPublicPolicy: true }"),
                        of("S3::AccessPoint", "Bucket: b")));
    }

    @Test
    public void urlsOfFunctionsWithoutAuthenticationAreFound() {
        String url = of("Lambda::Url", "AuthType: NONE");
        assertEquals(FOUND, Pairs.of("", url));
        assertEquals(null, only("", url).evidence().get(0).before());
        assertEquals(FOUND, Pairs.of(of("Lambda::Url", "AuthType: AWS_IAM"), url));
        assertEquals(NONE, Pairs.of(url, of("Lambda::Url", "AuthType: NONE, InvokeMode: BUFFERED")));
        assertEquals(NONE, Pairs.of("", of("Lambda::Url", "AuthType: AWS_IAM")));
        assertEquals(FOUND, Pairs.ofSam("", of("Serverless::Function", "FunctionUrlConfig: { AuthType: NONE }")));
        assertEquals("another type", FOUND, Pairs.of(of("SNS::Topic", "AuthType: NONE"), url));
        assertEquals(NONE, Pairs.of("", of("Foo::Bar", "AuthType: NONE")));
    }

    private static String group(String... rules) {
        return of("EC2::SecurityGroup", "SecurityGroupIngress: [ " + String.join(", ", rules) + " ]");
    }

    private static String rule(String protocol, String ports, String range) {
        return "{ IpProtocol: " + protocol + ", " + ports + "CidrIp: " + range + " }";
    }

    private static String ports(int from, int to) {
        return "FromPort: " + from + ", ToPort: " + to + ", ";
    }

    @Test
    public void rangesThatAreTheInternetOrAHalfOfIt() {
        for (String range : List.of("0.0.0.0/0", "0.0.0.0/1", "128.0.0.0/1")) {
            assertEquals(range, FOUND, Pairs.of(group(), group(rule("tcp", ports(22, 22), range))));
        }
        for (String range : List.of("10.0.0.0/8", "0.0.0.0/2", "203.0.113.1/32", "!Ref Peer")) {
            assertEquals(range, NONE, Pairs.of(group(), group(rule("tcp", ports(22, 22), range))));
        }
        assertEquals(FOUND, Pairs.of(group(), group("{ IpProtocol: tcp, CidrIpv6: '8000::/1' }")));
        assertEquals(NONE, Pairs.of(group(), group("{ IpProtocol: tcp, CidrIpv6: 'fd00::/8' }")));
        assertEquals(
                "one of two ranges is enough",
                FOUND,
                Pairs.of(group(), group("{ IpProtocol: tcp, CidrIp: 10.0.0.0/8, CidrIpv6: '::/0' }")));
    }

    @Test
    public void theSentenceSaysWhichPorts() {
        Map.of(
                        rule("'-1'", "", "0.0.0.0/0"), "in on all ports",
                        rule("tcp", ports(22, 22), "0.0.0.0/0"), "in on tcp 22",
                        rule("udp", ports(22, 23), "0.0.0.0/0"), "in on udp 22-23",
                        rule("icmp", "", "0.0.0.0/0"), "in on icmp")
                .forEach((rule, words) -> {
                    String sentence = only(group(), group(rule)).sentence();
                    assertTrue(sentence, sentence.endsWith(words));
                });
    }

    @Test
    public void portsThatWereOpenAreNoNews() {
        String all = group(rule("'-1'", "", "0.0.0.0/0"));
        String wide = group(rule("tcp", ports(20, 30), "0.0.0.0/0"));
        String inner = group(rule("tcp", ports(20, 30), "0.0.0.0/0").replace("20", "22"));
        assertEquals(NONE, Pairs.of(all, inner));
        assertEquals(NONE, Pairs.of(wide, inner));
        assertEquals(NONE, Pairs.of(wide, group(rule("tcp", ports(21, 29), "0.0.0.0/0"))));
        assertEquals(NONE, Pairs.of(wide, group(rule("tcp", ports(20, 29), "0.0.0.0/0"))));
        assertEquals(FOUND, Pairs.of(inner, wide));
        assertEquals(FOUND, Pairs.of(wide, group(rule("tcp", ports(20, 31), "0.0.0.0/0"))));
        assertEquals(FOUND, Pairs.of(wide, group(rule("tcp", ports(19, 30), "0.0.0.0/0"))));
        assertEquals(FOUND, Pairs.of(wide, group(rule("udp", ports(21, 29), "0.0.0.0/0"))));
        assertEquals(FOUND, Pairs.of(wide, all));
        assertEquals(
                "a port that is not known is not in a range",
                FOUND,
                Pairs.of(wide, group("{ IpProtocol: tcp, FromPort: !Ref Port, ToPort: 25, CidrIp: 0.0.0.0/0 }")));
    }

    @Test
    public void groupsOfOtherNamesAreOtherGroups() {
        String rule = "X: { Type: AWS::EC2::SecurityGroupIngress, Properties: { GroupName: web, IpProtocol: tcp, "
                + ports(22, 22) + "CidrIp: 0.0.0.0/0 } }";
        assertEquals(FOUND, Pairs.of(rule, rule.replace("web", "db")));
    }

    @Test
    public void ruleAndGroupMayBeSeparateResources() {
        String group = "X: { Type: AWS::EC2::SecurityGroup }";
        String rule =
                "Y: { Type: AWS::EC2::SecurityGroupIngress, Properties: { GroupId: !GetAtt X.GroupId, IpProtocol: tcp, "
                        + ports(22, 22) + "CidrIp: 0.0.0.0/0 } }";
        assertEquals(List.of("publicExposure Y"), Pairs.of(group, group + ", " + rule));
        assertEquals(
                "it was a rule of the group",
                NONE,
                Pairs.of(group(rule("tcp", ports(22, 22), "0.0.0.0/0")), group + ", " + rule));
        String named = rule.replace("GroupId: !GetAtt X.GroupId", "GroupName: web");
        assertEquals(
                "of another group", List.of("publicExposure Y"), Pairs.of(group + ", " + rule, group + ", " + named));
        assertEquals(NONE, Pairs.of(group + ", " + named, group + ", " + named.replace("Y:", "Z:")));
        assertEquals(
                "Resources.Y.Properties",
                only(group, group + ", " + rule).evidence().get(0).path());
        assertEquals(
                "Resources.X.Properties.SecurityGroupIngress[1]",
                only(group(), group(rule("tcp", "", "10.0.0.0/8"), rule("tcp", "", "0.0.0.0/0")))
                        .evidence()
                        .get(0)
                        .path());
    }
}
