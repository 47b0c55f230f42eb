package io.jenkins.plugins.serverlesspromotion.engine.risk;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import java.util.List;
import java.util.Map;
import org.junit.Test;

/** Settings that keep strangers out, and no longer do. */
public class BarriersTest {
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

    private static String distribution(String defaults, String... behaviors) {
        return of(
                "CloudFront::Distribution",
                "DistributionConfig: { DefaultCacheBehavior: { " + defaults + " }, CacheBehaviors: [ "
                        + String.join(", ", behaviors) + " ] }");
    }

    @Test
    public void switchesThatPutSomethingIntoTheInternetAreFoundOnNewThingsToo() {
        Map.of(
                        "RDS::DBInstance", "PubliclyAccessible: %s",
                        "Cognito::IdentityPool", "AllowUnauthenticatedIdentities: %s",
                        "EC2::Subnet", "MapPublicIpOnLaunch: %s",
                        "EKS::Cluster", "ResourcesVpcConfig: { EndpointPublicAccess: %s }")
                .forEach((type, property) -> {
                    String on = of(type, property.formatted("true"));
                    String off = of(type, property.formatted("false"));
                    assertEquals(type, FOUND, Pairs.of("", on));
                    assertEquals(type, FOUND, Pairs.of(off, on));
                    assertEquals(type, FOUND, Pairs.of(of(type, "A: a"), on));
                    assertEquals(type, NONE, Pairs.of(on, on));
                    assertEquals(type, NONE, Pairs.of("", off));
                    assertEquals(type, NONE, Pairs.of(on, off));
                    assertEquals(type, NONE, Pairs.of("", of(type, "A: a")));
                    assertEquals(
                            type, FOUND, undecided(off, of(type, property.formatted("!If [ Open, true, false ]"))));
                });
        assertEquals(FOUND, Pairs.of("", of("SageMaker::NotebookInstance", "DirectInternetAccess: Enabled")));
        assertEquals(NONE, Pairs.of("", of("SageMaker::NotebookInstance", "DirectInternetAccess: Disabled")));
        String service = "NetworkConfiguration: { AwsvpcConfiguration: { AssignPublicIp: %s } }";
        assertEquals(FOUND, Pairs.of("", of("ECS::Service", service.formatted("ENABLED"))));
        assertEquals(NONE, Pairs.of("", of("ECS::Service", service.formatted("DISABLED"))));
        assertEquals("a setting of other types", NONE, Pairs.of("", of("Foo::Bar", "MapPublicIpOnLaunch: true")));
    }

    @Test
    public void barriersThatAreTakenDownAreFoundOnWhatIsThere() {
        Map.of(
                        "ApiGateway::RestApi", "DisableExecuteApiEndpoint: true",
                        "ApiGatewayV2::Api", "DisableExecuteApiEndpoint: true",
                        "Serverless::Api", "DisableExecuteApiEndpoint: true",
                        "Serverless::HttpApi", "DisableExecuteApiEndpoint: true",
                        "AppSync::GraphQLApi", "Visibility: PRIVATE",
                        "ElasticLoadBalancing::LoadBalancer", "Scheme: internal",
                        "ElasticLoadBalancingV2::LoadBalancer", "Scheme: internal",
                        "Cognito::UserPool", "AdminCreateUserConfig: { AllowAdminCreateUserOnly: true }")
                .forEach((type, property) -> {
                    assertEquals(type, FOUND, Pairs.of(of(type, property), of(type, "A: a")));
                    assertEquals(type, NONE, Pairs.of(of(type, "A: a"), of(type, property)));
                    assertEquals(type, NONE, Pairs.of(of(type, property), of(type, property)));
                    assertEquals(type, NONE, Pairs.of(of(type, "A: a"), of(type, "A: b")));
                    assertEquals("it was never closed", NONE, Pairs.of("", of(type, "A: a")));
                });
        String open = "AdminCreateUserConfig: { AllowAdminCreateUserOnly: false }";
        assertEquals("people decide this about a new pool", NONE, Pairs.of("", of("Cognito::UserPool", open)));
        assertEquals(NONE, Pairs.of(of("Cognito::UserPool", "A: a"), of("Cognito::UserPool", open)));
        assertEquals(
                FOUND,
                undecided(
                        of("ApiGatewayV2::Api", "DisableExecuteApiEndpoint: true"),
                        of("ApiGatewayV2::Api", "DisableExecuteApiEndpoint: !If [ Open, true, !Ref AWS::NoValue ]")));
    }

    @Test
    public void restrictionsThatAreTakenAwayAreFound() {
        Map.of(
                        "ApiGateway::DomainName", "MutualTlsAuthentication: { TruststoreUri: s }",
                        "ApiGatewayV2::DomainName", "MutualTlsAuthentication: { TruststoreUri: s }",
                        "Serverless::HttpApi", "Domain: { MutualTlsAuthentication: { TruststoreUri: s } }",
                        "Serverless::Api", "Auth: { ResourcePolicy: { IpRangeWhitelist: [ 10.0.0.0/8 ] } }")
                .forEach((type, property) -> {
                    assertEquals(type, FOUND, Pairs.of(of(type, property), of(type, "A: a")));
                    assertEquals(type, NONE, Pairs.of(of(type, "A: a"), of(type, property)));
                    assertEquals(type, NONE, Pairs.of("", of(type, property)));
                });
        String policy = "PolicyDocument: { Statement: [ "
                + "{ Effect: Allow, Principal: '*', Action: 'a:B', Resource: '*' }" + " ] }";
        List<String> rights = List.of("iamBroadening X");
        assertEquals(rights, Pairs.of(of("EC2::VPCEndpoint", policy), of("EC2::VPCEndpoint", "A: a")));
        assertEquals(NONE, Pairs.of(of("EC2::VPCEndpoint", "A: a"), of("EC2::VPCEndpoint", "A: b")));
        assertEquals(
                rights,
                undecided(
                        of("EC2::VPCEndpoint", policy),
                        of(
                                "EC2::VPCEndpoint",
                                policy.replace("{ Statement", "!If [ Open, { Statement")
                                        .concat(", !Ref AWS::NoValue ]"))));
    }

    @Test
    public void aKeyOfAppSyncIsAWayInWhereverItIsWritten() {
        String type = "AppSync::GraphQLApi";
        String first = of(type, "AuthenticationType: API_KEY");
        String iam = of(type, "AuthenticationType: AWS_IAM");
        String further = of(
                type,
                "AuthenticationType: AWS_IAM, AdditionalAuthenticationProviders: [ { AuthenticationType: OPENID_CONNECT }, { AuthenticationType: API_KEY } ]");
        String other = of(
                type,
                "AuthenticationType: AWS_IAM, AdditionalAuthenticationProviders: [ { AuthenticationType: OPENID_CONNECT } ]");
        assertEquals(FOUND, Pairs.of("", first));
        assertEquals(FOUND, Pairs.of("", further));
        assertEquals(FOUND, Pairs.of(iam, first));
        assertEquals(FOUND, Pairs.of(other, further));
        assertEquals("it was a way in already", NONE, Pairs.of(first, further));
        assertEquals(NONE, Pairs.of(further, first));
        assertEquals(NONE, Pairs.of(iam, other));
        assertEquals(null, only("", first).evidence().get(0).before());
        assertEquals("AWS_IAM", only(iam, first).evidence().get(0).before());
        assertEquals(NONE, Pairs.of("", of("Foo::Bar", "AuthenticationType: API_KEY")));
    }

    @Test
    public void pathsThatNeededASignatureAreFound() {
        String keys = "TrustedKeyGroups: [ k ]";
        String films = "{ PathPattern: films/*, TrustedSigners: [ self ] }";
        String free = "{ PathPattern: films/* }";
        assertEquals(FOUND, Pairs.of(distribution(keys), distribution("A: a")));
        assertEquals(FOUND, Pairs.of(distribution(keys), distribution("TrustedKeyGroups: [ ]")));
        assertEquals(NONE, Pairs.of(distribution(keys), distribution("TrustedSigners: [ self ]")));
        assertEquals(NONE, Pairs.of(distribution("A: a"), distribution(keys)));
        assertEquals(FOUND, Pairs.of(distribution("A: a", films), distribution("A: a", free)));
        assertEquals(
                "the default behavior delivers it now",
                FOUND,
                Pairs.of(distribution("A: a", films), distribution("A: a")));
        assertEquals(NONE, Pairs.of(distribution(keys, films), distribution(keys)));
        assertEquals(NONE, Pairs.of(distribution("A: a", free), distribution("A: a")));
        Plan.Finding found = only(distribution("A: a", films), distribution("A: a", free));
        assertTrue(found.sentence(), found.sentence().contains("delivers films/* without a signed URL"));
        assertEquals(
                "Resources.X.Properties.DistributionConfig.CacheBehaviors",
                found.evidence().get(0).path());
        assertEquals(
                FOUND,
                undecided(
                        distribution(keys), distribution("TrustedKeyGroups: !If [ Open, [ k ], !Ref AWS::NoValue ]")));
    }
}
