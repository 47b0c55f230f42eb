package io.jenkins.plugins.serverlesspromotion.engine.risk;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeTrue;

import io.jenkins.plugins.serverlesspromotion.MayBeSkipped;
import io.jenkins.plugins.serverlesspromotion.format.template.TemplateReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.Test;

/** What of a template has an effect, and what only people and tools read. */
@MayBeSkipped("a folder of real templates")
public class TemplateMeaningTest {
    private static final Map<String, String> PSEUDO = Map.of("AWS::Region", "eu-west-1");

    private static final String BASE = """
            Parameters:
              Size: { Type: String, Default: small, Description: how large }
              Spare: { Type: String, Default: a }
            Mappings:
              Sizes: { small: { mem: 1 }, large: { mem: 2 } }
              Old: { a: { b: c } }
            Conditions:
              Large: !Equals [ !Ref Size, large ]
              Small: !Not [ !Condition Large ]
            Resources:
              Q:
                Type: AWS::SQS::Queue
                Properties:
                  QueueName: !Sub 'q-${Size}'
                  DelaySeconds: !FindInMap [ Sizes, !Ref Size, mem ]
              Big: { Type: AWS::SQS::Queue, Condition: Large }
            Outputs:
              Url: { Value: !Ref Q }
            """;

    private static TemplateChange.Version version(String text, Map<String, String> parameters) {
        return TemplateChange.Version.read(
                new TemplateReader(), "t.yaml", text.getBytes(StandardCharsets.UTF_8), parameters);
    }

    private static TemplateMeaning of(String text, Map<String, String> parameters) {
        return TemplateMeaning.of(version(text, parameters), PSEUDO);
    }

    private static boolean same(String other) {
        assertTrue("the text must differ", !other.equals(BASE));
        return of(BASE, Map.of()).isSame(of(other, Map.of()));
    }

    @Test
    public void whatHasNoEffectIsTheSame() {
        List.of(
                        "Description: d\n" + BASE,
                        "AWSTemplateFormatVersion: 2010-09-09\n# words\n" + BASE,
                        "Metadata: { AWS::CloudFormation::Interface: {} }\n" + BASE,
                        "Rules: { R: { Assertions: [] } }\n" + BASE,
                        BASE.replace("how large", "another text"),
                        BASE.replace("  Spare: { Type: String, Default: a }\n", ""),
                        BASE.replace("  Old: { a: { b: c } }\n", ""),
                        BASE.replace("  Small: !Not [ !Condition Large ]\n", ""),
                        BASE.replace(
                                "Condition: Large }", "Condition: Large, Properties: { QueueName: never-created } }"),
                        BASE.replace("  Big: { Type: AWS::SQS::Queue, Condition: Large }\n", ""),
                        BASE.replace("{ Value: !Ref Q }", "{ Value: !Ref Q, Description: where it is }"),
                        BASE.replace("{ Value: !Ref Q }", "{ Value: { Ref: Q } }"),
                        BASE.replace(
                                "Type: AWS::SQS::Queue\n",
                                "Type: AWS::SQS::Queue\n    Metadata: { SamResourceId: Q, aws:cdk:path: a/b }\n"))
                .forEach(other -> assertTrue(other, same(other)));
    }

    @Test
    public void whatHasAnEffectIsNot() {
        List.of(
                        BASE.replace("q-$", "r-$"),
                        BASE.replace("mem: 1", "mem: 9"),
                        BASE.replace("[ !Ref Size, large ]", "[ !Ref Size, small ]"),
                        BASE.replace("{ Value: !Ref Q }", "{ Value: !GetAtt Q.Arn }"),
                        BASE.replace("{ Value: !Ref Q }", "{ Value: !Ref Q, Export: { Name: q } }"),
                        BASE.replace("Description: how large", "NoEcho: true"),
                        BASE.replace("Type: AWS::SQS::Queue\n", "Type: AWS::SQS::Queue\n    DeletionPolicy: Retain\n"),
                        BASE.replace(
                                "Type: AWS::SQS::Queue\n", "Type: AWS::SQS::Queue\n    Metadata: { Version: 2 }\n"),
                        "Transform: AWS::Serverless-2016-10-31\n" + BASE)
                .forEach(other -> assertFalse(other, same(other)));
        assertFalse(of(BASE, Map.of()).isSame(of(BASE, Map.of("Size", "large"))));
    }

    @Test
    public void aMacroSeesEverything() {
        String macro = "Transform: OurMacro\n" + BASE;
        assertTrue(of(macro, Map.of()).isSame(of("# words\n" + macro, Map.of())));
        assertFalse(of(macro, Map.of()).isSame(of("Description: d\n" + macro, Map.of())));
        assertEquals(Set.of("Size", "Spare"), of(macro, Map.of()).parameters());
    }

    @Test
    public void onlyParametersThatAffectSomethingAreInForce() {
        assertEquals(Set.of("Size"), of(BASE, Map.of()).parameters());
    }

    @Test
    public void whatAChangeSetDoesNotNameIsReadFromTheTemplate() {
        var attributes = TemplateAttributes.of(
                version(
                        BASE.replace(
                                "Type: AWS::SQS::Queue\n",
                                "Type: AWS::SQS::Queue\n    DependsOn: [ A, B ]\n    UpdateReplacePolicy: Retain\n"),
                        Map.of("Size", "large")),
                PSEUDO);
        assertEquals(Map.of("/Outputs/Url", "${Q}"), attributes.stack());
        assertEquals(
                Map.of("/DependsOn", "[\"A\", \"B\"]", "/UpdateReplacePolicy", "Retain"),
                attributes.resources().get("Q"));
        assertEquals(Map.of("/Condition", "Large"), attributes.resources().get("Big"));
        assertNull(TemplateAttributes.of(version("[]", Map.of()), PSEUDO));
    }

    /** {@code -Dpromotion.corpus=FOLDER} */
    @Test
    public void everyRealTemplateMeansTheSameWithOtherWordsAndNotAfterAChange() throws IOException {
        String corpus = System.getProperty("promotion.corpus");
        assumeTrue("no corpus was given", corpus != null && !corpus.isBlank() && Files.isDirectory(Path.of(corpus)));
        List<Path> pairs;
        try (Stream<Path> all = Files.walk(Path.of(corpus))) {
            pairs = all.filter(p -> Files.exists(p.resolve("before.yaml")) && Files.exists(p.resolve("after.yaml")))
                    .sorted()
                    .toList();
        }
        assertFalse("the corpus is empty", pairs.isEmpty());
        int quiet = 0;
        int unreadable = 0;
        for (Path pair : pairs) {
            String before = Files.readString(pair.resolve("before.yaml"));
            String after = Files.readString(pair.resolve("after.yaml"));
            if (version(after, Map.of()).unreadable() != null) {
                System.out.println(
                        pair.getFileName() + ": " + version(after, Map.of()).unreadable());
                unreadable++;
                continue;
            }
            TemplateMeaning meaning = of(after, Map.of());
            String words = "# words\n" + after.replaceFirst("(?m)^Resources:", "# more\nResources:");
            assertTrue(pair.toString(), meaning.isSame(of(words, Map.of())));
            String extra =
                    after.replaceFirst("(?m)^Resources:", "Resources:\n  AddedByHand: { Type: AWS::SQS::Queue }\n");
            assertFalse(pair.toString(), meaning.isSame(of(extra, Map.of())));
            assertNotNull(pair.toString(), TemplateAttributes.of(version(after, Map.of()), PSEUDO));
            boolean same = meaning.isSame(of(before, Map.of()));
            quiet += same ? 1 : 0;
            if (same) {
                System.out.println(pair.getFileName() + ": another text with the same meaning");
            }
        }
        assertTrue("most can be read", unreadable * 10 < pairs.size());
        System.out.println(pairs.size() + " pairs, " + quiet + " with the same meaning");
    }
}
