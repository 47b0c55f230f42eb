package io.jenkins.plugins.serverlesspromotion.engine.risk;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import java.util.List;
import org.junit.Test;

/** Which routes are reported as open, however they are written. */
public class OpenRoutesTest {
    private static final String SAM = "Transform: AWS::Serverless-2016-10-31\n";
    private static final List<String> NONE = List.of();

    private static List<String> open(String... subjects) {
        return List.of(subjects).stream().map(s -> "publicExposure " + s).toList();
    }

    private static String method(String properties) {
        return "M: { Type: AWS::ApiGateway::Method, Properties: { " + properties + " } }";
    }

    private static String route(String key, String rest) {
        return "R: { Type: AWS::ApiGatewayV2::Route, Properties: { ApiId: !Ref Api, RouteKey: '" + key + "'" + rest
                + " } }";
    }

    private static String api(String type, String properties) {
        return "Api: { Type: " + type + ", Properties: { " + properties + " } }";
    }

    private static String function(String events) {
        return "F: { Type: AWS::Serverless::Function, Properties: { Events: { " + events + " } } }";
    }

    private static String event(String type, String properties) {
        return "E: { Type: " + type + ", Properties: { Path: /o, Method: get, " + properties + " } }";
    }

    /** A REST API with one operation, written as an OpenAPI document. */
    private static String document(String root, String operation) {
        return api("AWS::ApiGateway::RestApi", "Body: { " + root + " paths: { /o: " + operation + " } }");
    }

    private static Plan.Finding only(String before, String after) {
        List<Plan.Finding> found = Pairs.between(before, after);
        assertEquals(found.toString(), 1, found.size());
        return found.get(0);
    }

    @Test
    public void aNewMethodWithoutAnAuthorizerIsOpen() {
        assertEquals(open("M"), Pairs.of("", method("HttpMethod: GET, AuthorizationType: NONE")));
        assertEquals(open("M"), Pairs.of("", method("HttpMethod: GET")));
        assertEquals(NONE, Pairs.of("", method("HttpMethod: GET, AuthorizationType: AWS_IAM")));
    }

    @Test
    public void aMethodThatWasOpenAlreadyIsNoNews() {
        assertEquals(
                NONE,
                Pairs.of(
                        method("HttpMethod: GET, AuthorizationType: NONE"),
                        method("HttpMethod: POST, AuthorizationType: NONE")));
    }

    @Test
    public void preflightRequestsCarryNoCredentials() {
        assertEquals(NONE, Pairs.of("", method("HttpMethod: options, AuthorizationType: NONE")));
        assertEquals(NONE, Pairs.of("", route("OPTIONS /o", "")));
        assertEquals(NONE, Pairs.of("", document("", "{ options: { } }")));
        assertEquals(NONE, Pairs.ofSam("", function("E: { Type: Api, Properties: { Path: /o, Method: options } }")));
    }

    @Test
    public void anApiKeyIsAsked_AndItsLossIsFound() {
        String with = method("HttpMethod: GET, AuthorizationType: NONE, ApiKeyRequired: true");
        String without = method("HttpMethod: GET, AuthorizationType: NONE");
        assertEquals("a key alone keeps nobody out", open("M"), Pairs.of("", with));
        assertEquals(open("M"), Pairs.of(with, without));
        assertEquals(NONE, Pairs.of(without, with));
        assertEquals(NONE, Pairs.of(with, with));
        assertEquals(
                "an API key",
                only(Pairs.template("", ""), Pairs.template("", with))
                        .evidence()
                        .get(0)
                        .after());
        String iam = method("HttpMethod: GET, AuthorizationType: AWS_IAM, ApiKeyRequired: true");
        Plan.Finding lost = only(Pairs.template("", iam), Pairs.template("", without));
        assertEquals("AWS_IAM", lost.evidence().get(0).before());
    }

    @Test
    public void theKeyOfSamsApiCountsForEventsThatSayNothing() {
        String key = api("AWS::Serverless::Api", "Auth: { ApiKeyRequired: true }");
        String none = api("AWS::Serverless::Api", "Name: a");
        String event = function(event("Api", "RestApiId: !Ref Api"));
        String own = function(event("Api", "RestApiId: !Ref Api, Auth: { ApiKeyRequired: true }"));
        assertEquals(open("F"), Pairs.ofSam(key + ", " + event, none + ", " + event));
        assertEquals(NONE, Pairs.ofSam(key + ", " + event, none + ", " + own));
    }

    @Test
    public void methodsOfAPrivateApiAreForItsNetworkOnly() {
        String closed = api("AWS::ApiGateway::RestApi", "EndpointConfiguration: { Types: [ PRIVATE ] }");
        String half = api("AWS::ApiGateway::RestApi", "EndpointConfiguration: { Types: [ PRIVATE, REGIONAL ] }");
        String method = method("RestApiId: !Ref Api, HttpMethod: GET");
        assertEquals(NONE, Pairs.of("", closed + ", " + method));
        assertEquals(open("M"), Pairs.of("", half + ", " + method));
        assertEquals(open("M"), Pairs.of(closed + ", " + method, half + ", " + method));
    }

    @Test
    public void anEndpointThatAConditionMayOpenIsOpen() {
        String head = "Parameters: { P: { Type: 'AWS::SSM::Parameter::Value<String>' } }\n"
                + "Conditions: { Open: !Equals [ !Ref P, x ] }\n";
        String method = ", " + method("RestApiId: !Ref Api, HttpMethod: GET");
        String types = "EndpointConfiguration: { Types: !If [ Open, [ PRIVATE ], [ REGIONAL ] ] }";
        String left = "EndpointConfiguration: !If [ Open, { Types: [ PRIVATE ] }, !Ref AWS::NoValue ]";
        for (String may : List.of(types, left)) {
            String after = Pairs.template(head, api("AWS::ApiGateway::RestApi", may) + method);
            assertEquals(may, open("M"), Pairs.kinds(Pairs.between(Pairs.template(head, ""), after)));
        }
    }

    @Test
    public void anAuthorizerThatAConditionMayLeaveOutIsNone() {
        String head = SAM + "Parameters: { P: { Type: 'AWS::SSM::Parameter::Value<String>' } }\n"
                + "Conditions: { Open: !Equals [ !Ref P, x ] }\n";
        String none = "!If [ Open, !Ref AWS::NoValue, AWS_IAM ]";
        String event = function(event("Api", "RestApiId: !Ref Api"));
        for (String after : List.of(
                method("HttpMethod: GET, AuthorizationType: " + none),
                route("GET /o", ", AuthorizationType: " + none),
                api("AWS::Serverless::Api", "Auth: { DefaultAuthorizer: " + none + " }") + ", " + event)) {
            List<String> found = Pairs.kinds(Pairs.between(Pairs.template(head, ""), Pairs.template(head, after)));
            assertEquals(after, 1, found.size());
            assertTrue(after, found.get(0).startsWith("publicExposure "));
        }
    }

    @Test
    public void aRouteOfAnHttpApiNeedsAnAuthorizationType() {
        assertEquals(open("R"), Pairs.of("", route("GET /o", "")));
        assertEquals(open("R"), Pairs.of("", route("GET /o", ", AuthorizationType: NONE")));
        assertEquals(NONE, Pairs.of("", route("GET /o", ", AuthorizationType: JWT")));
        assertEquals(
                "another route of the same resource is a new one",
                open("R"),
                Pairs.of(route("GET /o", ""), route("GET /p", "")));
        assertEquals(NONE, Pairs.of(route("GET /o", ""), route("GET /o", ", OperationName: list")));
    }

    @Test
    public void onlyTheConnectionOfAWebSocketIsAuthorized() {
        String socket = api("AWS::ApiGatewayV2::Api", "ProtocolType: WEBSOCKET");
        assertEquals(open("R"), Pairs.of(socket, socket + ", " + route("$connect", "")));
        assertEquals(NONE, Pairs.of(socket, socket + ", " + route("$connect", ", AuthorizationType: AWS_IAM")));
        assertEquals(NONE, Pairs.of(socket, socket + ", " + route("send", "")));
        String http = api("AWS::ApiGatewayV2::Api", "ProtocolType: HTTP");
        assertEquals(open("R"), Pairs.of(http, http + ", " + route("send", "")));
    }

    @Test
    public void quickCreateMakesOneOpenRoute() {
        String plain = api("AWS::ApiGatewayV2::Api", "Name: a");
        String quick = api("AWS::ApiGatewayV2::Api", "Name: a, Target: !Ref F");
        assertEquals(open("Api"), Pairs.of(plain, quick));
        assertEquals(NONE, Pairs.of(quick, quick.replace("Name: a", "Name: b")));
        Plan.Finding found = only(Pairs.template("", plain), Pairs.template("", quick));
        assertTrue(found.sentence(), found.sentence().contains("$default"));
        assertEquals("Resources.Api.Properties.Target", found.evidence().get(0).path());
    }

    @Test
    public void operationsOfADocumentAreSecuredByThemselvesOrByTheDocument() {
        assertEquals(open("Api"), Pairs.of("", document("", "{ get: { } }")));
        assertEquals(NONE, Pairs.of("", document("", "{ get: { security: [ { users: [ ] } ] } }")));
        assertEquals(open("Api"), Pairs.of("", document("", "{ get: { security: [ ] } }")));
        assertEquals(NONE, Pairs.of("", document("security: [ { users: [ ] } ],", "{ get: { } }")));
        assertEquals(open("Api"), Pairs.of("", document("security: [ ],", "{ get: { } }")));
        assertEquals(
                "what the operation says counts",
                open("Api"),
                Pairs.of("", document("security: [ { users: [ ] } ],", "{ get: { security: [ ] } }")));
    }

    @Test
    public void anOptionalRequirementIsNone() {
        assertEquals(open("Api"), Pairs.of("", document("", "{ get: { security: [ { users: [ ] }, { } ] } }")));
        assertEquals(open("Api"), Pairs.of("", document("security: [ { } ],", "{ get: { } }")));
        assertEquals(NONE, Pairs.of("", document("", "{ get: { security: [ { a: [ ] }, { b: [ ] } ] } }")));
    }

    @Test
    public void signedRequestsAreAuthorized() {
        assertEquals(NONE, Pairs.of("", document("", "{ get: { x-amazon-apigateway-auth: { type: AWS_IAM } } }")));
        assertEquals(open("Api"), Pairs.of("", document("", "{ get: { x-amazon-apigateway-auth: { type: NONE } } }")));
        assertEquals(
                NONE,
                Pairs.of("", document("", "{ get: { security: [ ], x-amazon-apigateway-auth: { type: AWS_IAM } } }")));
    }

    @Test
    public void everyMethodOfAPathIsARoute() {
        String all = "{ get: { }, put: { }, post: { }, delete: { }, patch: { }, head: { } }";
        assertEquals(6, Pairs.of("", document("", all)).size());
        Plan.Finding any = only(
                Pairs.template("", ""),
                Pairs.template("", document("", "{ x-amazon-apigateway-any-method: { }, parameters: [ ] }")));
        assertTrue(any.sentence(), any.sentence().contains("ANY /o"));
        assertEquals(
                "Resources.Api.Properties.Body.paths./o.x-amazon-apigateway-any-method",
                any.evidence().get(0).path());
        Plan.Finding get =
                only(Pairs.template("", ""), Pairs.template("", document("", "{ get: { }, summary: list }")));
        assertTrue(get.sentence(), get.sentence().contains(": GET /o can be called"));
    }

    @Test
    public void aDocumentOfSamsApiUsesItsDefaultAuthorizer() {
        String paths = "DefinitionBody: { paths: { /o: { get: { } } } }";
        assertEquals(open("Api"), Pairs.ofSam("", api("AWS::Serverless::Api", paths)));
        assertEquals(
                NONE, Pairs.ofSam("", api("AWS::Serverless::Api", paths + ", Auth: { DefaultAuthorizer: Users }")));
        assertEquals(
                open("Api"),
                Pairs.ofSam("", api("AWS::Serverless::HttpApi", paths + ", Auth: { DefaultAuthorizer: NONE }")));
        assertEquals(
                NONE,
                Pairs.ofSam("", api("AWS::Serverless::Api", paths + ", EndpointConfiguration: { Type: PRIVATE }")));
        Plan.Finding lost = only(
                Pairs.template(SAM, api("AWS::Serverless::Api", paths + ", Auth: { DefaultAuthorizer: Users }")),
                Pairs.template(SAM, api("AWS::Serverless::Api", paths)));
        assertEquals("Users", lost.evidence().get(0).before());
        assertEquals(
                "Resources.Api.Properties.DefinitionBody.paths./o.get",
                lost.evidence().get(0).path());
    }

    @Test
    public void anOperationThatWasSecuredIsShownWithWhatSecuredIt() {
        Plan.Finding lost = only(
                Pairs.template("", document("", "{ get: { security: [ { users: [ ] } ] } }")),
                Pairs.template("", document("", "{ get: { } }")));
        assertEquals("[{users: []}]", lost.evidence().get(0).before());
        String open = "{ get: { } }";
        for (String[] way : new String[][] {
            {document("security: [ { all: [ ] } ],", open), "[{all: []}]"},
            {document("", "{ get: { x-amazon-apigateway-auth: { type: AWS_IAM } } }"), "AWS_IAM"},
            {
                document("", open).replace("Body:", "EndpointConfiguration: { Types: [ PRIVATE ] }, Body:"),
                "a private endpoint"
            }
        }) {
            Plan.Finding found = only(Pairs.template("", way[0]), Pairs.template("", document("", open)));
            assertEquals(way[1], found.evidence().get(0).before());
        }
    }

    @Test
    public void anOperationOfAPrivateApiNeedsNoSecurity() {
        String open = document("", "{ get: { security: [ ] } }");
        assertEquals(NONE, Pairs.of("", open.replace("Body:", "EndpointConfiguration: { Types: [ PRIVATE ] }, Body:")));
    }

    @Test
    public void eventsOfSamUseTheImplicitApi() {
        assertEquals(open("F"), Pairs.ofSam("", function(event("Api", "Dummy: a"))));
        assertEquals(open("F"), Pairs.ofSam("", function(event("HttpApi", "Dummy: a"))));
        for (String type : List.of("Api", "HttpApi")) {
            String head = SAM + "Globals: { " + type + ": { Auth: { DefaultAuthorizer: Users } } }\n";
            String other = type.equals("Api") ? "HttpApi" : "Api";
            String before = Pairs.template(head, "");
            assertEquals(
                    type,
                    NONE,
                    Pairs.kinds(Pairs.between(before, Pairs.template(head, function(event(type, "Dummy: a"))))));
            assertEquals(
                    "globals of " + type + " are not for " + other,
                    open("F"),
                    Pairs.kinds(Pairs.between(before, Pairs.template(head, function(event(other, "Dummy: a"))))));
        }
    }

    @Test
    public void anEventNamesItsApiByItsType() {
        String rest = api("AWS::Serverless::Api", "Auth: { DefaultAuthorizer: Users }");
        String http = api("AWS::Serverless::HttpApi", "Auth: { DefaultAuthorizer: Users }");
        assertEquals(NONE, Pairs.ofSam("", rest + ", " + function(event("Api", "RestApiId: !Ref Api"))));
        assertEquals(NONE, Pairs.ofSam("", http + ", " + function(event("HttpApi", "ApiId: !Ref Api"))));
        assertEquals(
                "RestApiId is no member of HttpApi events",
                open("F"),
                Pairs.ofSam("", http + ", " + function(event("HttpApi", "RestApiId: !Ref Api"))));
        assertEquals(open("F"), Pairs.ofSam("", function(event("Api", "RestApiId: abc123"))));
    }

    @Test
    public void anEventsOwnAuthorizerCountsMost() {
        String rest = api("AWS::Serverless::Api", "Auth: { DefaultAuthorizer: Users }") + ", ";
        String none = function(event("Api", "RestApiId: !Ref Api, Auth: { Authorizer: NONE }"));
        assertEquals(open("F"), Pairs.ofSam("", rest + none));
        assertEquals(NONE, Pairs.ofSam("", function(event("Api", "Auth: { Authorizer: Mine }"))));
        String before = Pairs.template(SAM, function(event("Api", "Auth: { Authorizer: Mine }")));
        Plan.Finding lost = only(before, Pairs.template(SAM, function(event("Api", "Dummy: a"))));
        assertEquals("Mine", lost.evidence().get(0).before());
        assertTrue(lost.sentence(), lost.sentence().contains("GET /o"));
    }

    @Test
    public void eventsOfAPrivateApiAreForItsNetworkOnly() {
        String none = function(event("Api", "RestApiId: !Ref Api, Auth: { Authorizer: NONE }"));
        String plain = function(event("Api", "RestApiId: !Ref Api"));
        for (String written : List.of(
                "EndpointConfiguration: PRIVATE",
                "EndpointConfiguration: { Type: PRIVATE }",
                "EndpointConfiguration: { Types: [ PRIVATE ] }")) {
            String closed = api("AWS::Serverless::Api", written);
            assertEquals(written, NONE, Pairs.ofSam("", closed + ", " + none));
            assertEquals(written, NONE, Pairs.ofSam("", closed + ", " + plain));
        }
        String open = api("AWS::Serverless::Api", "EndpointConfiguration: { Type: REGIONAL }");
        assertEquals(open("F"), Pairs.ofSam("", open + ", " + plain));
    }

    @Test
    public void anApiWithADocumentHasItsRoutesFromThere() {
        String event = function(event("Api", "RestApiId: !Ref Api"));
        String body = "DefinitionBody: { paths: { /o: { get: { security: [ { u: [ ] } ] } } } }";
        assertEquals(NONE, Pairs.ofSam("", api("AWS::Serverless::Api", body) + ", " + event));
        assertEquals(
                "the document in S3 could not be read, and that is what is reported",
                List.of("notAnalysable Api", "notPinned Api"),
                Pairs.ofSam("", api("AWS::Serverless::Api", "DefinitionUri: s3://b/k") + ", " + event));
    }

    @Test
    public void otherEventsAndStateMachines() {
        assertEquals(NONE, Pairs.ofSam("", function("E: { Type: Schedule, Properties: { Schedule: rate(1 day) } }")));
        String machine = "S: { Type: AWS::Serverless::StateMachine, Properties: { Events: { " + event("Api", "Dummy: a")
                + " } } }";
        assertEquals(open("S"), Pairs.ofSam("", machine));
    }
}
