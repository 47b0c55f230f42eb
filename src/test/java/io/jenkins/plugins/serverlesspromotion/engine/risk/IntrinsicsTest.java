package io.jenkins.plugins.serverlesspromotion.engine.risk;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.Test;

/** What CloudFormation's functions come to, as far as a template and its parameters tell. */
public class IntrinsicsTest {
    private static final String HEAD = """
            Parameters:
              Stage: { Type: String }
              Limit: { Type: Number, Default: '5' }
              Names: { Type: CommaDelimitedList, Default: 'a , b' }
              Zones: { Type: 'List<AWS::EC2::Subnet::Id>', Default: x }
              Secret: { Type: String, NoEcho: true, Default: hunter2 }
              Masked: { Type: String }
              Open: { Type: 'AWS::SSM::Parameter::Value<String>', Default: /a/b }
              Unset: { Type: String }
            Mappings:
              M: { prod: { k: one, l: two }, test: { k: three } }
            Conditions:
              IsProd: !Equals [ !Ref Stage, prod ]
              IsTest: !Equals [ !Ref Stage, test ]
              IsOpen: !Equals [ !Ref Open, x ]
              Same: !Equals [ !Ref Open, !Ref Open ]
              Hidden: !Equals [ '{{resolve:ssm:x}}', y ]
              HiddenRight: !Equals [ y, '{{resolve:ssm:x}}' ]
              Lists: !Equals [ [ a ], [ a ] ]
              One: !Equals [ a ]
              NotProd: !Not [ !Condition IsProd ]
              NotOpen: !Not [ !Condition IsOpen ]
              NotTwo: !Not [ !Condition IsTest, !Condition IsTest ]
              Both: !And [ !Condition IsProd, !Condition IsTest ]
              BothOpen: !And [ !Condition IsProd, !Condition IsOpen ]
              NeitherOpen: !And [ !Condition IsTest, !Condition IsOpen ]
              Either: !Or [ !Condition IsTest, !Condition IsProd ]
              EitherOpen: !Or [ !Condition IsTest, !Condition IsOpen ]
              OrProd: !Or [ !Condition IsProd, !Condition IsOpen ]
              ByName: { Condition: IsProd }
              ByList: { Condition: [ IsProd ] }
              Round: { Condition: Round }
              Unknown: { 'Fn::Other': [ a ] }
              Two: { 'Fn::Equals': [ a, a ], 'Fn::Not': [ a ] }
            """;

    private static Intrinsics intrinsics(String head) {
        Map<String, Object> template = Pairs.tree((head + "Resources: { }\n").getBytes());
        return new Intrinsics(template, Map.of("Stage", "prod", "Masked", "****"), Map.of("AWS::Region", "eu-west-1"));
    }

    private static Object value(String written) {
        Map<String, Object> tree = Pairs.tree(("V: " + written + "\nResources: { }\n").getBytes());
        return intrinsics(HEAD).resolve(tree.get("V"));
    }

    private static Object choice(Object... options) {
        return new TemplateQuery.Choice(List.of(options));
    }

    @Test
    public void references() {
        assertEquals("prod", value("!Ref Stage"));
        assertEquals("5", value("!Ref Limit"));
        assertEquals(List.of("a", "b"), value("!Ref Names"));
        assertEquals(List.of("x"), value("!Ref Zones"));
        assertEquals("eu-west-1", value("!Ref AWS::Region"));
        assertEquals("${AWS::StackId}", value("!Ref AWS::StackId"));
        assertEquals("${Table}", value("!Ref Table"));
        assertNull(value("!Ref AWS::NoValue"));
        assertEquals(Map.of("b", "c"), value("{ a: !Ref AWS::NoValue, b: c }"));
        assertEquals(List.of("c"), value("[ !Ref AWS::NoValue, c ]"));
        assertEquals("no function", Map.of("Ref", List.of("a")), value("{ Ref: [ a ] }"));
    }

    private static Object names(String given) {
        Map<String, Object> template = Pairs.tree((HEAD + "Resources: { }\n").getBytes());
        return new Intrinsics(template, Map.of("Names", given), Map.of()).resolve(Map.of("Ref", "Names"));
    }

    @Test
    public void theItemsOfAListStandBetweenCommas() {
        assertEquals(List.of("a", "b", "c"), names("a,b , c"));
        assertEquals(List.of(" a", "", "b "), names(" a ,  , b "));
        assertEquals(List.of("a"), names("a , ,"));
        assertEquals(List.of("", "a"), names(",a"));
        assertEquals(List.of(), names(" , "));
        assertEquals(List.of(" a "), names(" a "));
        assertEquals(List.of(""), names(""));
    }

    /** Looking for the end of each from its beginning would take hours. */
    @Test
    public void aMegabyteOfBlanksOrOpenVariablesIsAnswered() {
        String blanks = " ".repeat(1_000_000);
        assertEquals(List.of(blanks), names(blanks));
        String open = "${".repeat(500_000);
        assertEquals(open, intrinsics(HEAD).resolve(Map.of("Fn::Sub", open)));
        assertEquals("prod" + open, intrinsics(HEAD).resolve(Map.of("Fn::Sub", "${Stage}" + open)));
    }

    @Test
    public void whatPeopleMayNotSeeOrOnlyAwsKnowsStaysAPlaceholder() {
        assertEquals("${Secret}", value("!Ref Secret"));
        assertEquals("${Masked}", value("!Ref Masked"));
        assertEquals("${Open}", value("!Ref Open"));
        assertEquals("${Unset}", value("!Ref Unset"));
        assertEquals("${ImportValue a}", value("!ImportValue a"));
        assertEquals("${GetAZs eu-west-1}", value("!GetAZs { Ref: 'AWS::Region' }"));
        assertTrue(Intrinsics.isUnknown("${a}"));
        assertTrue(Intrinsics.isUnknown("{{resolve:ssm:x}}"));
        assertFalse(Intrinsics.isUnknown("a"));
    }

    @Test
    public void attributes() {
        assertEquals("${T.Arn}", value("!GetAtt T.Arn"));
        assertEquals("${T.Arn}", value("{ 'Fn::GetAtt': [ T, Arn ] }"));
        assertEquals("${T.eu-west-1}", value("{ 'Fn::GetAtt': [ T, !Ref AWS::Region ] }"));
        assertEquals("no function", Map.of("Fn::GetAtt", List.of()), value("{ 'Fn::GetAtt': [ ] }"));
    }

    @Test
    public void substitutions() {
        assertEquals("a-prod-b", value("!Sub 'a-${Stage}-b'"));
        assertEquals("${T.Arn}/x", value("!Sub '${T.Arn}/x'"));
        assertEquals("${Stage}", value("!Sub '${!Stage}'"));
        assertEquals("1-prod", value("!Sub [ '${A}-${Stage}', { A: '1' } ]"));
        assertEquals("what is given counts", "1", value("!Sub [ '${Stage}', { Stage: '1' } ]"));
        assertEquals("a-b", value("!Sub 'a-${AWS::NoValue}b'"));
        assertEquals("no function", Map.of("Fn::Sub", List.of()), value("{ 'Fn::Sub': [ ] }"));
        assertEquals("lists are shown", "[\"a\", \"b\"]", value("!Sub '${Names}'"));
        assertEquals("prod", value("!Sub '${ Stage }'"));
        assertEquals("spaces stay", "a   b-prod", value("!Sub 'a   b-${Stage}'"));
    }

    @Test
    public void joins() {
        assertEquals("a:prod:c", value("!Join [ ':', [ a, !Ref Stage, c ] ]"));
        assertEquals("a|b", value("!Join [ '|', !Ref Names ]"));
        assertEquals("", value("!Join [ ',', [ ] ]"));
        assertEquals("${Join [\",\", \"${ImportValue x}\"]}", value("!Join [ ',', !ImportValue x ]"));
        assertEquals("no function", Map.of("Fn::Join", List.of("a")), value("{ 'Fn::Join': [ a ] }"));
        assertEquals("no function", Map.of("Fn::Join", "a"), value("{ 'Fn::Join': a }"));
    }

    @Test
    public void choices() {
        assertEquals("a", value("!If [ IsProd, a, b ]"));
        assertEquals("b", value("!If [ IsTest, a, b ]"));
        assertEquals(choice("a", "b"), value("!If [ IsOpen, a, b ]"));
        assertEquals(new TemplateQuery.Choice(List.of("a"), true), value("!If [ IsOpen, a, !Ref AWS::NoValue ]"));
        assertEquals(new TemplateQuery.Choice(List.of("a"), true), value("!If [ IsOpen, !Ref AWS::NoValue, a ]"));
        assertNull(value("!If [ IsOpen, !Ref AWS::NoValue, !Ref AWS::NoValue ]"));
        assertNull(value("!If [ IsTest, a, !Ref AWS::NoValue ]"));
        assertEquals(choice("a", "b", "c"), value("!If [ IsOpen, a, !If [ IsOpen, b, c ] ]"));
        assertEquals(
                new TemplateQuery.Choice(List.of("a", "b"), true),
                value("!If [ IsOpen, !If [ IsOpen, a, !Ref AWS::NoValue ], b ]"));
        assertEquals("no function", Map.of("Fn::If", List.of("IsProd", "a")), value("{ 'Fn::If': [ IsProd, a ] }"));
        assertEquals(choice("xay", "xby"), value("!Sub [ 'x${V}y', { V: !If [ IsOpen, a, b ] } ]"));
        assertEquals("both the same", "x", value("!Join [ '', [ !If [ IsOpen, x, x ] ] ]"));
    }

    @Test
    public void aChoiceOfTooManyValuesIsAPlaceholder() {
        String many = "'a'";
        for (int i = 0; i < 31; i++) {
            many = "!If [ IsOpen, 'v" + i + "', " + many + " ]";
        }
        assertEquals(32, ((TemplateQuery.Choice) value(many)).options().size());
        assertEquals("${If IsOpen}", value("!If [ IsOpen, z, " + many + " ]"));
        String two = "!If [ IsOpen, a, b ]";
        String five = IntStream.range(0, 5).mapToObj(i -> two).collect(Collectors.joining(", "));
        assertEquals(
                32,
                ((TemplateQuery.Choice) value("!Join [ '-', [ " + five + " ] ]"))
                        .options()
                        .size());
        TemplateQuery.Choice six = (TemplateQuery.Choice) value("!Join [ '-', [ " + five + ", " + two + " ] ]");
        assertEquals(32, six.options().size());
        assertTrue(six.toString(), six.options().get(0).toString().endsWith("-${one of 2 values}"));
    }

    @Test
    public void mappings() {
        assertEquals("one", value("!FindInMap [ M, !Ref Stage, k ]"));
        assertEquals("three", value("!FindInMap [ M, test, k ]"));
        assertEquals("any of them", choice("one", "three"), value("!FindInMap [ M, !Ref Open, k ]"));
        assertEquals("only one has it", "two", value("!FindInMap [ M, !Ref Open, l ]"));
        assertEquals("${FindInMap [\"M\", \"none\", \"k\"]}", value("!FindInMap [ M, none, k ]"));
        assertEquals(
                "no function",
                Map.of("Fn::FindInMap", List.of("M", "prod")),
                value("{ 'Fn::FindInMap': [ M, prod ] }"));
        String members =
                IntStream.range(0, 33).mapToObj(i -> "k" + i + ": v" + i).collect(Collectors.joining(", "));
        Object few = intrinsics("Mappings: { N: { p: { " + members.replace(", k32: v32", "") + " } } }\n")
                .resolve(Map.of("Fn::FindInMap", List.of("N", "p", Map.of("Ref", "X"))));
        assertEquals(32, ((TemplateQuery.Choice) few).options().size());
        Object many = intrinsics("Mappings: { N: { p: { " + members + " } } }\n")
                .resolve(Map.of("Fn::FindInMap", List.of("N", "p", Map.of("Ref", "X"))));
        assertEquals("${FindInMap [\"N\", \"p\", \"${X}\"]}", many);
    }

    @Test
    public void selectSplitAndOthers() {
        assertEquals("b", value("!Select [ '1', [ a, b ] ]"));
        assertEquals("${Select [\"2\", [\"a\", \"b\"]]}", value("!Select [ '2', [ a, b ] ]"));
        assertEquals("${Select [\"x\", [\"a\", \"b\"]]}", value("!Select [ x, [ a, b ] ]"));
        assertEquals("${Select [\"0\", \"${ImportValue a}\"]}", value("!Select [ '0', !ImportValue a ]"));
        assertEquals("${Select [\"0\"]}", value("{ 'Fn::Select': [ '0' ] }"));
        assertEquals("${Select a}", value("{ 'Fn::Select': a }"));
        assertEquals("${Select [[\"a\"], [\"b\"]]}", value("{ 'Fn::Select': [ [ a ], [ b ] ] }"));
        assertEquals(List.of("a", "", "b", ""), value("!Split [ '.', 'a..b.' ]"));
        assertEquals("${Split [\".\", \"${X}\"]}", value("!Split [ '.', !Ref X ]"));
        assertEquals("${Split [\"\", \"ab\"]}", value("!Split [ '', 'ab' ]"));
        assertEquals("${Split [\".\"]}", value("{ 'Fn::Split': [ '.' ] }"));
        assertEquals("${Split a}", value("{ 'Fn::Split': a }"));
        assertEquals("${Split [[\"a\"], \"b\"]}", value("{ 'Fn::Split': [ [ a ], b ] }"));
        assertEquals("${Split [\".\", [\"b\"]]}", value("{ 'Fn::Split': [ '.', [ b ] ] }"));
        assertEquals("prod", value("{ 'Fn::Base64': !Ref Stage }"));
        assertEquals(Map.of("a", "prod"), value("{ 'Fn::ToJsonString': { a: !Ref Stage } }"));
        assertEquals("2", value("{ 'Fn::Length': !Ref Names }"));
        assertEquals("${Length ${X}}", value("{ 'Fn::Length': !Ref X }"));
        assertEquals("a key like any other", Map.of("Fn::Unheard", "a"), value("{ 'Fn::Unheard': a }"));
    }

    @Test
    public void conditions() {
        Intrinsics intrinsics = intrinsics(HEAD);
        Map.of(
                        Intrinsics.Truth.YES, "IsProd ByName Either Same OrProd",
                        Intrinsics.Truth.NO, "IsTest NotProd Both NeitherOpen",
                        Intrinsics.Truth.OPEN,
                                "IsOpen NotOpen BothOpen EitherOpen Hidden HiddenRight Lists One NotTwo ByList Round Unknown Two Nowhere")
                .forEach((truth, names) -> {
                    for (String name : names.split(" ")) {
                        assertEquals(name, truth, intrinsics.condition(name));
                    }
                });
    }

    @Test
    public void conditionsOfConditionsAreFollowedFiftyDeep() {
        for (int depth : List.of(40, 60)) {
            var head = new StringBuilder("Conditions:\n  C0: !Equals [ a, a ]\n");
            for (int i = 1; i <= depth; i++) {
                head.append("  C")
                        .append(i)
                        .append(": { Condition: C")
                        .append(i - 1)
                        .append(" }\n");
            }
            // Each step is two levels: the name and what stands there.
            Intrinsics.Truth expected = Intrinsics.Truth.OPEN;
            assertEquals(expected, intrinsics(head.toString()).condition("C" + depth));
            assertEquals(Intrinsics.Truth.YES, intrinsics(head.toString()).condition("C20"));
        }
    }
}
