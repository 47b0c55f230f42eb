package io.jenkins.plugins.serverlesspromotion.format.manifest;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.Test;

public class CheckNotesTest {
    private static List<String> notes(String resources, String function) {
        MarkedManifest marked = ManifestReader.readMarked("release.yaml", bytes("""
                apiVersion: promotion/v1
                service: orders
                variables: { stage: { dev: d, "*": x } }
                targets:
                  - { name: app, cloudformation: { template: t.yaml, stack: orders } }
                  - { name: fn, lambda: { function: "own-smoke-${environment}", package: a.zip } }
                verify: [ { lambda: { target: app, function: "%s" } } ]
                """.formatted(function)));
        return CheckNotes.of(marked, null, Map.of("t.yaml", bytes(resources)), null);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String function(String name) {
        return "Resources: { F: { Type: AWS::Lambda::Function, Properties: { " + name + " } } }\n";
    }

    @Test
    public void aFunctionThatTheReleaseCreatesIsNotNoted() {
        for (String name : List.of(
                "FunctionName: orders-smoke",
                "FunctionName: !Sub \"orders-${Tail}\"",
                "FunctionName: !Sub [ \"${A}-smo${B}\", { A: a, B: b } ]",
                "FunctionName: !Ref Name",
                "FunctionName: !Join [ \"-\", [ a, b ] ]")) {
            assertEquals(name, List.of(), notes(function(name), "orders-smoke"));
        }
        assertEquals(List.of(), notes(function("FunctionName: other"), "own-smoke-dev"));
        assertEquals(List.of(), notes(function("FunctionName: orders-smoke"), "orders-smoke:live"));
        assertEquals(
                List.of(),
                notes(
                        function("FunctionName: orders-smoke"),
                        "arn:aws:lambda:eu-west-1:111111111111:function:orders-smoke:live"));
    }

    @Test
    public void aNameThatTheReleaseDoesNotHaveIsNotedWithItsLine() {
        for (String name : List.of(
                "Handler: a.b",
                "FunctionName: orders-smoke-2",
                "FunctionName: !Sub \"payments-${Tail}\"",
                "FunctionName: !Sub \"orders-${Tail}-x\"",
                "FunctionName: !Sub \"orders-smoke${Tail}smoke\"")) {
            List<String> found = notes(function(name), "orders-smoke");
            assertEquals(name + found, 1, found.size());
            assertTrue(
                    found.get(0),
                    found.get(0)
                            .startsWith("release.yaml:7: verify[0].lambda.function: no template of the release has a"
                                    + " function with FunctionName orders-smoke; the check fails unless"));
        }
    }

    @Test
    public void aNameThatTheDocumentedRoleMayNotInvokeIsNoted() {
        List<String> found = notes(function("FunctionName: orders-check"), "orders-check");
        assertEquals(found.toString(), 1, found.size());
        assertTrue(found.get(0), found.get(0).contains("only functions with smoke in their names, not orders-check"));
        List<String> some = notes(function("FunctionName: !Ref N"), "orders-${stage}");
        assertEquals(some.toString(), 1, some.size());
        assertTrue(some.get(0), some.get(0).endsWith("(in dev, every other environment)"));
    }

    @Test
    public void whatIsKnownOnlyLaterIsNotNoted() {
        assertEquals(List.of(), notes(function("Handler: a.b"), "${output.app.Smoke}"));
        assertEquals(List.of(), notes("Transform: [ Mine ]\n" + function("Handler: a.b"), "orders-smoke"));
        assertEquals(
                List.of(),
                notes("Resources: { N: { Type: AWS::CloudFormation::Stack, Properties: {} } }\n", "orders-smoke"));
        assertEquals(List.of(), notes("Resources: { \"Fn::ForEach::L\": [ X, [ a ], { F: {} } ] }\n", "orders-smoke"));
        String sam = "Transform: AWS::Serverless-2016-10-31\n"
                + "Resources: { F: { Type: AWS::Serverless::Function, Properties: { Handler: a.b } } }\n";
        assertEquals(1, notes(sam, "orders-smoke").size());
    }
}
