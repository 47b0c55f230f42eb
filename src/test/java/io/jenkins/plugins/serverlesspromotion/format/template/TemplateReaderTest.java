package io.jenkins.plugins.serverlesspromotion.format.template;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeTrue;

import io.jenkins.plugins.serverlesspromotion.MayBeSkipped;
import io.jenkins.plugins.serverlesspromotion.engine.port.Templates.Code;
import io.jenkins.plugins.serverlesspromotion.engine.release.PackagedProperties;
import io.jenkins.plugins.serverlesspromotion.engine.release.PackagedProperties.Handling;
import io.jenkins.plugins.serverlesspromotion.engine.release.PackagedProperties.Property;
import io.jenkins.plugins.serverlesspromotion.format.InputException;
import io.jenkins.plugins.serverlesspromotion.format.input.Limits;
import io.jenkins.plugins.serverlesspromotion.format.input.Node;
import io.jenkins.plugins.serverlesspromotion.format.input.Problems;
import io.jenkins.plugins.serverlesspromotion.format.input.Source;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.Test;

public class TemplateReaderTest {
    private static final Code CODE = new Code("bucket", "sha256/abc", "v\"1");
    private static final String LAMBDA =
            "{\"S3Bucket\": \"bucket\", \"S3Key\": \"sha256/abc\", \"S3ObjectVersion\": \"v\\\"1\"}";
    private static final String SAM = "{\"Bucket\": \"bucket\", \"Key\": \"sha256/abc\", \"Version\": \"v\\\"1\"}";

    private final TemplateReader reader = new TemplateReader();

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private List<String> paths(String template) {
        return reader.localCode("t.yaml", bytes(template));
    }

    /** Renders a template in which «path» marks every place to replace, and expects nothing else to change. */
    private void splices(String marked, String replacement) {
        String template = marked.replace("«", "").replace("»", "");
        List<String> paths = paths(template);
        byte[] rendered =
                reader.render("t.yaml", bytes(template), paths.stream().collect(Collectors.toMap(p -> p, p -> CODE)));
        String quoted = java.util.regex.Matcher.quoteReplacement(replacement);
        assertEquals(marked.replaceAll("(?s)«.*?»", quoted), new String(rendered, StandardCharsets.UTF_8));
    }

    private static String function(String code) {
        return "Resources:\n  F:\n    Type: AWS::Lambda::Function\n    Properties:\n      Handler: a.b\n" + code;
    }

    private void refused(String template, String... says) {
        var e = assertThrows(InputException.class, () -> paths(template));
        for (String part : says) {
            assertTrue(
                    "expected «" + part + "» in: " + e.getMessage(),
                    e.getMessage().contains(part));
        }
    }

    @Test
    public void blockStyleKeepsCommentsTagsOrderAndSpaces() {
        splices("""
                AWSTemplateFormatVersion: "2010-09-09"   # first
                Conditions: { IsProd: !Equals [ !Ref Env, prod ] }
                Resources:
                  F:
                    Properties:
                      Code:   «build/api.zip»   # the code
                      Role: !GetAtt R.Arn
                      Text: !Sub |
                        ${AWS::Region}
                          indented
                    Type: AWS::Lambda::Function
                  G:
                    Type: AWS::Lambda::Function
                    Properties: { Code: «./build//api.zip», Handler: !Custom x }
                  L:
                    Type: AWS::Lambda::LayerVersion
                    Properties:
                      Content:
                        «'layer.zip'»
                  Other:
                    Type: AWS::S3::Bucket
                    Properties: { Code: untouched/path.zip }
                """, LAMBDA);
    }

    @Test
    public void samHasItsOwnMembersAndGlobals() {
        splices("""
                Transform: AWS::Serverless-2016-10-31
                Globals:
                  Function: { CodeUri: «build/common.zip» }
                Resources:
                  F:
                    Type: AWS::Serverless::Function
                    Properties: { "CodeUri":«"build/f.zip"», Handler: x }
                  L: { Type: AWS::Serverless::LayerVersion, Properties: { ContentUri: «layer.zip» } }
                """, SAM);
    }

    @Test
    public void jsonWithTabsAndEscapes() {
        splices(
                "{\n\t\"Description\": \"\\ud83d\\ude00 ä\ud83d\ude00\",\n\t\"Resources\": {\"F\": {\"Type\": \"AWS::Lambda::Function\",\n"
                        + "\t\"Properties\": {\"Code\" : «\"build\\/api.zip\"» , \"Handler\": \"x\"}}}\n}\n",
                LAMBDA);
    }

    @Test
    public void multiByteTextByteOrderMarkAndCrLfBeforeThePlaceDoNotShiftIt() {
        splices(
                "\uFEFF# ä€\ud83d\ude00 \ud83d\ude80\r\nDescription: \"ü\ud83d\ude00\"\r\n"
                        + function("      Code: «build/ä\ud83d\ude00.zip»\r\n")
                                .replace("\n", "\r\n")
                                .replace("\r\r", "\r"),
                LAMBDA);
        splices(
                "\uFEFF{\"Description\": \"ä\ud83d\ude00\", \"Resources\": {\"F\": {\"Type\": \"AWS::Lambda::Function\","
                        + " \"Properties\": {\"Code\": «\"b.zip\"»}}}}",
                LAMBDA);
    }

    @Test
    public void everyStyleOfScalar() {
        splices(function("      Code: «\"build/\\x61pi.zip\"»\n"), LAMBDA);
        splices(function("      Code: «'build/api.zip'»"), LAMBDA);
        splices(function("      Code: «!!str build/api.zip»\n      Timeout: 3\n"), LAMBDA);
        splices(function("      Code: «>-\n        build/api.zip»\n      Timeout: 3\n"), LAMBDA);
        splices(function("      Code: «|\n        build/api.zip»\n\n# end\n"), LAMBDA);
        splices(function("      ? Code\n      : «build/api.zip»\n"), LAMBDA);
    }

    @Test
    public void aMapSharedThroughAnAnchorIsReplacedOnce() {
        splices("""
                Resources:
                  F:
                    Type: AWS::Lambda::Function
                    Properties: &p { Code: «a.zip», Handler: x }
                  G:
                    Type: AWS::Lambda::Function
                    Properties: *p
                """, LAMBDA);
    }

    @Test
    public void aPathThatSomethingElseSharesIsNotReplacedBehindItsBack() {
        String template = """
                Resources:
                  F:
                    Type: AWS::Lambda::Function
                    Properties: &p { Code: a.zip, Handler: x }
                  G:
                    Type: AWS::SSM::Parameter
                    Metadata: *p
                """;
        assertEquals(List.of("a.zip"), paths(template));
        var e = assertThrows(
                InputException.class, () -> reader.render("t.yaml", bytes(template), Map.of("a.zip", CODE)));
        assertTrue(e.getMessage(), e.getMessage().contains("without changing something else"));
    }

    @Test
    public void loopsAreLookedInto() {
        splices("""
                Transform: AWS::LanguageExtensions
                Resources:
                  Fn::ForEach::Functions:
                    - Name
                    - [a, b]
                    - F${Name}:
                        Type: AWS::Lambda::Function
                        Properties: { Code: «a.zip», Handler: x }
                """, LAMBDA);
    }

    @Test
    public void pathsAreInOrderWithoutRepetitionAndRelative() {
        assertEquals(List.of("b.zip", "a.zip"), paths("""
                        Resources:
                          F: { Type: AWS::Lambda::Function, Properties: { Code: ./b.zip } }
                          G: { Type: AWS::Lambda::Function, Properties: { Code: a.zip } }
                          H: { Type: AWS::Lambda::Function, Properties: { Code: b.zip } }
                        """));
    }

    @Test
    public void codeInsideTheTemplateIsNoFileAndATemplateWithoutCodeStaysAsItIs() {
        String template = function("      Code: { ZipFile: !Sub \"print(${AWS::Region})\" }\n");
        assertEquals(List.of(), paths(template));
        assertArrayEquals(bytes(template), reader.render("t.yaml", bytes(template), Map.of()));
    }

    @Test
    public void whatTheReleaseCannotProveIsRefusedWithLineAndWayOut() {
        refused(function("      Code: s3://b/k.zip\n"), "t.yaml:6: Resources.F.Properties.Code", "name the local ZIP");
        refused(function("      Code: https://x/k.zip\n"), "this property does not take");
        refused(function("      Code: !Ref Where\n"), "through !Ref");
        refused(function("      Code: { Ref: Where }\n"), "through Ref");
        refused(function("      Code: !If [a, { S3Bucket: b }, c]\n"), "through !If");
        refused(function("      Code: { \"Fn::If\": [a, b, c] }\n"), "through Fn::If");
        refused(function("      Code: { ImageUri: orders:v1 }\n"), "Code.ImageUri", "'orders:v1' of the machine");
        refused(function("      Code: { Elsewhere: x }\n"), "'Elsewhere' is no way");
        refused(function("      Code: [a]\n"), "cannot be a list");
        refused(function("      Code: #TODO\n"), "t.yaml:6", "names no code");
        refused(function("      Code: \"${Name}.zip\"\n"), "cannot hold ${…}");
        refused(function("      Code: ../a.zip\n"), "must stay inside");
        refused(function("      Code: /a.zip\n"), "must be relative");
        refused(function("      Code: .\n"), "names the folder of the manifest itself");
        refused(function("      Code: &c a.zip\n"), "anchor");
        refused(function("      Handler2: &c a.zip\n      Code: *c\n"), "anchor");
        refused(function("      <<: { Code: { S3Bucket: b } }\n"), "merge keys");
        refused(
                "Resources: { F: { Type: AWS::Serverless::Function, Properties: { ImageUri: x } } }",
                "'x' of the machine that built it",
                "@sha256:");
        refused(
                "Resources:\n  F:\n    Type: AWS::Serverless::Function\n    Properties:\n      PackageType: Image\n"
                        + "    Metadata: { Dockerfile: Dockerfile, DockerContext: app }\n",
                "t.yaml:5: Resources.F.Properties.PackageType",
                "a release holds no images",
                "@sha256:");
        refused(
                "Globals: { Function: { PackageType: Image } }\n"
                        + "Resources: { F: { Type: AWS::Serverless::Function, Properties: {} } }",
                "t.yaml:1: Globals.Function.PackageType");
        refused(
                "Resources: { S: { Type: AWS::CloudFormation::StackSet, Properties: { TemplateURL: s.yaml } } }",
                "names the local file 's.yaml'",
                "TemplateBody");
    }

    @Test
    public void codeAndImagesElsewhereAreLeftToTheRiskFindings() {
        for (String template : List.of(
                function("      Code:\n        S3Bucket: b\n        S3Key: k\n"),
                function("      Code: { S3Bucket: !Ref B, S3Key: !Ref K, S3ObjectVersion: v }\n"),
                function("      Code: { ImageUri: 1.dkr.ecr.eu-west-1.amazonaws.com/x:v1 }\n"),
                function("      Code: { ImageUri: !Ref Image }\n"),
                "Resources: { F: { Type: AWS::Serverless::Function, Properties: { CodeUri: { Bucket: b, Key: k } } } }",
                "Resources: { F: { Type: AWS::Serverless::Function, Properties: { CodeUri: s3://b/k } } }",
                "Resources: { F: { Type: AWS::Serverless::Function, Properties: { PackageType: Image, ImageUri:"
                        + " 1.dkr.ecr.eu-west-1.amazonaws.com/x:v1 } } }",
                "Resources: { A: { Type: AWS::Serverless::Application, Properties: { Location: { ApplicationId: a,"
                        + " SemanticVersion: 1.0.0 } } } }",
                "Resources: { J: { Type: AWS::Glue::Job, Properties: { Command: { ScriptLocation: !Sub"
                        + " \"s3://${B}/j.py\" } } } }")) {
            assertEquals(template, List.of(), paths(template));
            assertArrayEquals(bytes(template), reader.render("t.yaml", bytes(template), Map.of()));
        }
    }

    /** Every property of the table, so that a new one is rendered or refused too. */
    @Test
    public void everyPropertyOfThePackagingToolsIsCarriedOrRefused() {
        var code =
                new Code("bucket", "sha256/ab/cd", "v1", "https://bucket.s3.amazonaws.com/sha256/ab/cd?versionId=v1");
        for (Property property : PackagedProperties.all()) {
            if (property.handling() == Handling.KEPT) {
                continue;
            }
            String value = "\"dist/file.bin\"";
            List<String> parts = property.parts();
            for (int i = parts.size() - 1; i >= 0; i--) {
                value = "{ " + (parts.get(i).equals("*") ? "Any" + i : parts.get(i)) + ": " + value + " }";
            }
            String template = "Resources: { R: { Type: " + property.type() + ", Properties: " + value + " } }";
            if (!property.isCarried()) {
                refused(template, property.advice());
                continue;
            }
            assertEquals(template, List.of("dist/file.bin"), paths(template));
            boolean nested = property.content() == PackagedProperties.Content.TEMPLATE;
            assertEquals(
                    template,
                    nested ? List.of("dist/file.bin") : List.of(),
                    reader.nestedTemplates("t.yaml", bytes(template)));
            String by =
                    switch (property.reference()) {
                        case S3_OBJECT ->
                            "{\"S3Bucket\": \"bucket\", \"S3Key\": \"sha256/ab/cd\"," + " \"S3ObjectVersion\": \"v1\"}";
                        case OBJECT -> "{\"Bucket\": \"bucket\", \"Key\": \"sha256/ab/cd\", \"Version\": \"v1\"}";
                        case BUNDLE -> "{\"S3Bucket\": \"bucket\", \"S3Key\": \"sha256/ab/cd\"}";
                        case REPOSITORY ->
                            "{\"Bucket\": \"bucket\", \"Key\": \"sha256/ab/cd\"," + " \"ObjectVersion\": \"v1\"}";
                        case S3_URI -> "\"s3://bucket/sha256/ab/cd\"";
                        case HTTPS_URL -> "\"" + code.url() + "\"";
                        case IMAGE_URI -> throw new AssertionError("an image is no file");
                    };
            assertEquals(
                    template.replace("\"dist/file.bin\"", by),
                    new String(
                            reader.render("t.yaml", bytes(template), Map.of("dist/file.bin", code)),
                            StandardCharsets.UTF_8));
            refused(template.replace("dist/", "../"), "must stay inside");
            refused(template.replace("dist/", "${Dir}/"), "cannot hold ${…}");
        }
    }

    @Test
    public void aNestedTemplateIsNoOtherFile() {
        refused(
                "Resources: { A: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: a.yaml } },"
                        + " B: { Type: AWS::ApiGateway::RestApi, Properties: { BodyS3Location: ./a.yaml } } }",
                "names 'a.yaml', which is the template of a nested stack too");
    }

    @Test
    public void textFromOutsideTheReleaseIsRefused() {
        refused(
                "Resources:\n  A:\n    Type: AWS::ApiGateway::RestApi\n    Properties:\n      Body:\n        Fn::Transform: { Name: AWS::Include, Parameters: { Location: s3://b/k } }\n",
                "t.yaml:6",
                "AWS::Include");
        refused("Resources: { A: { Type: X, Properties: { B: !Transform { Name: AWS::Include } } } }", "AWS::Include");
        refused("Transform: [ { Name: AWS::Include } ]\nResources: {}", "AWS::Include");
        assertEquals(
                List.of(),
                paths(
                        "Resources: { A: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: https://x/y } } }"));
    }

    @Test
    public void whatIsNoTemplateIsRefused() {
        refused("a: 1", "no CloudFormation template");
        refused("- a", "no CloudFormation template");
        refused("Resources: []", "no CloudFormation template");
        refused("Resources:\n  A: {}\n  A: {}\n", "t.yaml:3: ", "'A' is given twice");
        refused("just text", "no CloudFormation template");
    }

    @Test
    public void renderingNeedsToKnowWhereEveryPathIs() {
        var e = assertThrows(
                InputException.class,
                () -> reader.render("t.yaml", bytes(function("      Code: a.zip\n")), Map.of("b.zip", CODE)));
        assertTrue(
                e.getMessage(),
                e.getMessage().contains("t.yaml:6") && e.getMessage().contains("'a.zip'"));
    }

    @Test
    public void locationsCannotBreakOutOfTheirQuotes() {
        var hostile = new Code("b\", \"Role\": \"admin", "k\n# x", "v\\");
        byte[] rendered = reader.render("t.yaml", bytes(function("      Code: a.zip\n")), Map.of("a.zip", hostile));
        Node tree = Source.read("t.yaml", rendered, Limits.TEMPLATE, new Problems());
        String text = tree.toString();
        assertTrue(text, text.contains("b\", \"Role\": \"admin"));
        assertTrue(text, text.contains("k\n# x"));
    }

    /** Real templates from other projects: {@code -Dpromotion.corpus=FOLDER}. */
    @MayBeSkipped("a folder of real templates")
    @Test
    public void realTemplatesAreReadRenderedOrRefusedWithALine() throws IOException {
        String corpus = System.getProperty("promotion.corpus");
        assumeTrue("no corpus was given", corpus != null && !corpus.isBlank() && Files.isDirectory(Path.of(corpus)));
        int rendered = 0;
        int places = 0;
        List<Path> files;
        try (Stream<Path> all = Files.walk(Path.of(corpus))) {
            files = all.filter(f -> f.toString().matches(".*\\.(yaml|yml|json|template)"))
                    .toList();
        }
        assertTrue("the corpus is empty", !files.isEmpty());
        for (Path file : files) {
            String asWritten = Files.readString(file);
            // Most of them name nested templates and includes, which are refused; without those, code is left.
            String codeOnly = asWritten
                    .replaceAll("TemplateURL: *[^\\s]+", "TemplateURL: https://example.com/nested")
                    .replace("AWS::Include", "Example");
            for (String template : List.of(asWritten, codeOnly)) {
                try {
                    List<String> paths = reader.localCode(file.toString(), bytes(template));
                    places += paths.size();
                    reader.render(
                            file.toString(),
                            bytes(template),
                            paths.stream().collect(Collectors.toMap(p -> p, p -> CODE)));
                    rendered++;
                } catch (InputException e) {
                    assertTrue(e.getMessage(), e.getMessage().matches("(?s).*\\.[a-z]+:[0-9]+: .*"));
                } catch (RuntimeException e) {
                    throw new AssertionError(file.toString(), e);
                }
            }
        }
        assertTrue("only " + rendered + " of " + files.size() + " could be rendered", rendered > files.size() * 3 / 4);
        assertTrue("only " + places + " places", places > files.size());
        System.out.println(rendered + " templates rendered, " + places + " paths replaced");
    }

    /** As CloudFormation does: aws/aws-cli#5245. */
    @Test
    public void aBooleanOfYamlElevenIsTheTextTrueOrFalse() {
        Object tree = reader.tree(
                "t.yaml",
                bytes("Conditions: { A: !Equals [ !Ref Flag, yes ], B: !Equals [ !Ref Flag, 'yes' ] }\n"
                        + "Parameters: { Flag: { AllowedValues: [ Yes, \"No\", OFF, y, n, yEs ], Default: on } }\n"
                        + "Resources: { R: { Properties: { A: NO, B: True, C: 'TRUE', D: !Sub yes } } }\n"));
        assertEquals(
                Map.of(
                        "Conditions",
                                Map.of(
                                        "A", Map.of("Fn::Equals", List.of(Map.of("Ref", "Flag"), "true")),
                                        "B", Map.of("Fn::Equals", List.of(Map.of("Ref", "Flag"), "yes"))),
                        "Parameters",
                                Map.of(
                                        "Flag",
                                        Map.of(
                                                "AllowedValues",
                                                List.of("true", "No", "false", "y", "n", "yEs"),
                                                "Default",
                                                "true")),
                        "Resources",
                                Map.of(
                                        "R",
                                        Map.of(
                                                "Properties",
                                                Map.of(
                                                        "A",
                                                        "false",
                                                        "B",
                                                        "true",
                                                        "C",
                                                        "TRUE",
                                                        "D",
                                                        Map.of("Fn::Sub", "yes"))))),
                tree);
        assertEquals(Map.of("A", "yes", "B", "true"), reader.tree("t.json", bytes("{\"A\": \"yes\", \"B\": true}")));
    }

    @Test
    public void anEmptyNoEchoStaysInTheTree() {
        assertEquals(
                Map.of("Parameters", Map.of("P", Map.of("Type", "String", "NoEcho", ""))),
                reader.tree("t.yaml", bytes("Parameters: { P: { Type: String, Default: null, NoEcho: } }")));
    }
}
