package io.jenkins.plugins.serverlesspromotion.engine.risk;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.Test;

/** When somebody may do more than before, word by word of a statement. */
public class BroadeningTest {
    private static final List<String> NONE = List.of();

    private static String role(String... statements) {
        return "X: { Type: AWS::IAM::Role, Properties: { Policies: [ { PolicyDocument: { Statement: [ "
                + String.join(", ", statements) + " ] } } ] } }";
    }

    private static String trust(String statement) {
        return "X: { Type: AWS::IAM::Role, Properties: { AssumeRolePolicyDocument: { Statement: [ " + statement
                + " ] } } }";
    }

    private static String queue(String statement) {
        return "X: { Type: AWS::SQS::QueuePolicy, Properties: { Queues: [ q ], PolicyDocument: { Statement: [ "
                + statement + " ] } } }";
    }

    private static String allow(String words) {
        return "{ Effect: Allow, " + words + " }";
    }

    private static String deny(String words) {
        return "{ Effect: Deny, " + words + " }";
    }

    /** Whether the second statement of a role lets it do more than the first. */
    private static boolean wider(String before, String after) {
        return more(role(before), role(after));
    }

    private static boolean more(String before, String after) {
        return Pairs.of(before, after).contains("iamBroadening X");
    }

    private static Plan.Finding only(String before, String after) {
        List<Plan.Finding> found = Pairs.between(Pairs.template("", before), Pairs.template("", after));
        assertEquals(found.toString(), 1, found.size());
        return found.get(0);
    }

    private static String on(String condition) {
        return allow("Action: 'a:B', Resource: '*', Condition: " + condition);
    }

    @Test
    public void actionsAreComparedInAnyCaseAndAsPatterns() {
        assertFalse(
                wider(allow("Action: 'S3:getobject', Resource: '*'"), allow("Action: 's3:GetObject', Resource: '*'")));
        assertFalse(wider(allow("Action: 's3:Get*', Resource: '*'"), allow("Action: 's3:GetObject', Resource: '*'")));
        assertTrue(wider(allow("Action: 's3:GetObject', Resource: '*'"), allow("Action: 's3:Get*', Resource: '*'")));
        assertFalse(wider(allow("Action: '*', Resource: '*'"), allow("Action: [ 'a:B', 'c:D' ], Resource: '*'")));
        assertTrue(wider(allow("Action: 'a:B', Resource: '*'"), allow("Action: [ 'a:B', 'c:D' ], Resource: '*'")));
    }

    @Test
    public void resourcesAreComparedAsPatterns() {
        String all = allow("Action: 'a:B', Resource: 'arn:x:*'");
        String one = allow("Action: 'a:B', Resource: 'arn:x:y'");
        assertFalse(wider(all, one));
        assertTrue(wider(one, all));
        assertTrue(wider(one, allow("Action: 'a:B', Resource: [ 'arn:x:y', 'arn:x:z' ]")));
        assertTrue("capitals of resources count", wider(one, allow("Action: 'a:B', Resource: 'arn:x:Y'")));
    }

    @Test
    public void aRightMayComeFromAnotherStatement() {
        String both = allow("Action: [ 'a:B', 'c:D' ], Resource: [ r, s ]");
        assertFalse(more(role(both), role(allow("Action: 'a:B', Resource: r"), allow("Action: 'c:D', Resource: s"))));
        assertTrue(
                "each right by itself",
                more(role(allow("Action: 'a:B', Resource: r"), allow("Action: 'c:D', Resource: s")), role(both)));
    }

    @Test
    public void allButSomeIsWiderTheFewerItNames() {
        String two = allow("NotAction: [ 'iam:*', 'sts:*' ], Resource: '*'");
        String one = allow("NotAction: 'iam:*', Resource: '*'");
        assertTrue(wider(two, one));
        assertFalse(wider(one, two));
        assertFalse(wider(two, two));
        assertFalse("a name of its own is in it", wider(one, allow("Action: 's3:GetObject', Resource: '*'")));
        assertTrue(wider(one, allow("Action: 'iam:GetRole', Resource: '*'")));
        assertTrue("a pattern may reach into it", wider(one, allow("Action: 'i*', Resource: '*'")));
        assertTrue("all but one is more than one", wider(allow("Action: 's3:*', Resource: '*'"), one));
        assertFalse("all is more than all but one", wider(allow("Action: '*', Resource: '*'"), one));
        assertFalse(
                wider(allow("NotAction: 'iam:*', Resource: '*'"), allow("NotAction: [ 'iam:*', 'a:B' ], Resource: r")));
    }

    @Test
    public void allButSomeResources() {
        String two = allow("Action: 'a:B', NotResource: [ r, s ]");
        String one = allow("Action: 'a:B', NotResource: r");
        assertTrue(wider(two, one));
        assertFalse(wider(one, two));
        assertFalse(wider(one, allow("Action: 'a:B', Resource: x")));
        assertTrue(wider(one, allow("Action: 'a:B', Resource: r")));
    }

    @Test
    public void conditionsThatAreDroppedOrWidenedLetInMore() {
        String plain = allow("Action: 'a:B', Resource: '*'");
        String equal = on("{ StringEquals: { k: a } }");
        assertTrue(wider(equal, plain));
        assertFalse(wider(plain, equal));
        assertFalse(wider(equal, equal));
        assertTrue(wider(equal, on("{ StringEquals: { k: [ a, b ] } }")));
        assertFalse(wider(on("{ StringEquals: { k: [ a, b ] } }"), equal));
        assertTrue("another key", wider(equal, on("{ StringEquals: { l: a } }")));
        assertFalse("one more", wider(equal, on("{ StringEquals: { k: a, l: b } }")));
        assertTrue("one fewer", wider(on("{ StringEquals: { k: a, l: b } }"), equal));
        assertFalse("keys in any case", wider(equal, on("{ stringequals: { K: a } }")));
    }

    @Test
    public void operatorsAreComparedWithTheirRelatives() {
        assertFalse(wider(on("{ StringLike: { k: 'a*' } }"), on("{ StringEquals: { k: abc } }")));
        assertTrue(wider(on("{ StringLike: { k: 'a*' } }"), on("{ StringEquals: { k: bc } }")));
        assertTrue(
                "a star is a letter there",
                wider(on("{ StringEquals: { k: abc } }"), on("{ StringLike: { k: abc } }")));
        assertFalse(wider(on("{ StringLike: { k: 'a*' } }"), on("{ StringLike: { k: 'ab*' } }")));
        assertTrue(wider(on("{ StringLike: { k: 'ab*' } }"), on("{ StringLike: { k: 'a*' } }")));
        assertTrue("no pattern", wider(on("{ StringEquals: { k: 'a*' } }"), on("{ StringEquals: { k: ab } }")));
        assertFalse(wider(on("{ ArnLike: { k: 'arn:*' } }"), on("{ ArnEquals: { k: 'arn:x' } }")));
        assertFalse(wider(on("{ ArnEquals: { k: 'arn:*' } }"), on("{ ArnEquals: { k: 'arn:x' } }")));
        assertTrue(wider(on("{ Bool: { k: true } }"), on("{ StringEquals: { k: true } }")));
        assertFalse(wider(on("{ StringEqualsIfExists: { k: a } }"), on("{ StringEquals: { k: a } }")));
        assertTrue(wider(on("{ StringEquals: { k: a } }"), on("{ StringEqualsIfExists: { k: a } }")));
        assertTrue(wider(on("{ StringEquals: { k: a } }"), on("{ 'ForAllValues:StringEquals': { k: a } }")));
    }

    @Test
    public void operatorsThatExcludeLetInMoreTheFewerTheyName() {
        assertTrue(wider(on("{ StringNotEquals: { k: [ a, b ] } }"), on("{ StringNotEquals: { k: a } }")));
        assertFalse(wider(on("{ StringNotEquals: { k: a } }"), on("{ StringNotEquals: { k: [ a, b ] } }")));
    }

    @Test
    public void wordsInsideOfAKeyAreNoOperators() {
        assertTrue(wider(
                on("{ StringEquals: { 'aws:RequestTag/notes': a } }"),
                on("{ StringEquals: { 'aws:RequestTag/notes': [ a, b ] } }")));
        assertTrue(wider(
                on("{ StringEquals: { 'aws:SourceArn': 'arn:*' } }"),
                on("{ StringEquals: { 'aws:SourceArn': 'arn:x' } }")));
        assertTrue(wider(on("{ StringEquals: { 'a:likes': 'b*' } }"), on("{ StringEquals: { 'a:likes': bc } }")));
        assertFalse(wider(on("{ StringLike: { 'a:likes': 'b*' } }"), on("{ StringEquals: { 'a:likes': bc } }")));
    }

    @Test
    public void conditionsThatComeFromElsewhereAreComparedAsTheyAre() {
        String from = on("{ StringEquals: !ImportValue c }");
        assertFalse(wider(from, from));
        assertTrue(wider(from, on("{ StringEquals: !ImportValue d }")));
        assertTrue(wider(from, allow("Action: 'a:B', Resource: '*'")));
    }

    @Test
    public void accountsRolesAndServicesThatMayBecomeARole() {
        String account = trust(allow("Principal: { AWS: '222222222222' }, Action: sts:AssumeRole"));
        String root = trust(allow("Principal: { AWS: 'arn:aws:iam::222222222222:root' }, Action: sts:AssumeRole"));
        String one = trust(allow("Principal: { AWS: 'arn:aws:iam::222222222222:role/x' }, Action: sts:AssumeRole"));
        String other = trust(allow("Principal: { AWS: 'arn:aws:iam::333333333333:role/x' }, Action: sts:AssumeRole"));
        assertFalse("the account and its root are the same", more(account, root));
        assertFalse(more(root, account));
        assertFalse("it is in the account", more(account, one));
        assertTrue(more(one, account));
        assertTrue(more(account, other));
        assertTrue(more(one, trust(allow("Principal: '*', Action: sts:AssumeRole"))));
        assertFalse(more(trust(allow("Principal: { AWS: '*' }, Action: sts:AssumeRole")), other));
        String service = trust(allow("Principal: { Service: lambda.amazonaws.com }, Action: sts:AssumeRole"));
        assertFalse("a new role of a service is usual", more("", service));
        assertTrue("another service", more(service, service.replace("lambda", "ec2")));
        assertTrue(more("", account));
        assertTrue(more("", trust(allow("Principal: { Service: a.amazonaws.com, AWS: '1' }, Action: sts:AssumeRole"))));
        assertTrue(more("", trust(allow("NotPrincipal: { Service: a.amazonaws.com }, Action: sts:AssumeRole"))));
    }

    @Test
    public void allButSomePrincipals() {
        String two = queue(allow("NotPrincipal: { AWS: [ '1', '2' ] }, Action: 'a:B', Resource: '*'"));
        String one = queue(allow("NotPrincipal: { AWS: '1' }, Action: 'a:B', Resource: '*'"));
        String named = queue(allow("Principal: { AWS: '3' }, Action: 'a:B', Resource: '*'"));
        assertTrue(more(two, one));
        assertFalse(more(one, two));
        assertFalse("somebody it does not leave out", more(one, named));
        assertTrue("somebody it leaves out", more(one, named.replace("'3'", "'1'")));
        assertTrue(more(one, queue(allow("Principal: '*', Action: 'a:B', Resource: '*'"))));
        assertTrue(more(named, one));
    }

    @Test
    public void servicesThatNameTheirSourceAreUsual() {
        String free = queue(allow("Principal: { Service: sns.amazonaws.com }, Action: 'a:B', Resource: '*'"));
        String bound = queue(allow("Principal: { Service: sns.amazonaws.com }, Action: 'a:B', Resource: '*', "
                + "Condition: { ArnEquals: { aws:SourceArn: 'arn:aws:sns:eu-west-1:111111111111:t' } }"));
        assertTrue(more("", free));
        assertFalse(more("", bound));
        assertTrue(more(bound, free));
        String both = bound.replace("Service: sns.amazonaws.com", "Service: sns.amazonaws.com, AWS: '222222222222'");
        assertTrue("an account is no service", more("", both));
    }

    @Test
    public void theAccountsOwnRootIsUsualInAResourcesPolicy() {
        assertFalse(more("", queue(allow("Principal: { AWS: '111111111111' }, Action: '*', Resource: '*'"))));
        assertFalse(more(
                "", queue(allow("Principal: { AWS: 'arn:aws:iam::111111111111:root' }, Action: '*', Resource: '*'"))));
        assertTrue(more("", queue(allow("Principal: { AWS: [ '111111111111', '2' ] }, Action: '*', Resource: '*'"))));
        assertTrue(
                "not in a trust", more("", trust(allow("Principal: { AWS: '111111111111' }, Action: sts:AssumeRole"))));
    }

    @Test
    public void denialsThatAreDroppedOrNarrowed() {
        String all = role(deny("Action: 'a:*', Resource: '*'"));
        assertTrue(more(all, role()));
        assertFalse(more(all, all));
        assertTrue(more(all, role(deny("Action: 'a:B', Resource: '*'"))));
        assertTrue(more(all, role(deny("Action: 'a:*', Resource: r"))));
        assertTrue(more(all, role(deny("Action: 'a:*', Resource: '*', Condition: { Bool: { k: true } }"))));
        assertFalse(more(role(deny("Action: 'a:B', Resource: '*'")), all));
        assertFalse("a new one", more(role(), all));
        assertFalse("what is denied is not given", more("", all));
        assertEquals(
                "X (AWS::IAM::Role) no longer denies a:* on *",
                only(all, role()).sentence());
        assertEquals("the role is gone", NONE, Pairs.of(all, ""));
    }

    @Test
    public void whatIsAllowedDoesNotStandForADenial() {
        String all = allow("Action: 'a:*', Resource: '*'");
        assertTrue(more(role(all, deny("Action: 'a:B', Resource: '*'")), role(all)));
        assertEquals(
                "X (AWS::SQS::QueuePolicy) no longer denies a:B",
                only(queue(deny("Principal: '*', Action: 'a:B'")), queue("")).sentence());
    }

    @Test
    public void aPolicyOfAResourceThatNamesNoPrincipalIsFound() {
        String things = "X: { Type: AWS::IoT::Policy, Properties: { PolicyDocument: { Statement: [ "
                + allow("Action: 'iot:%s', Resource: '*'") + " ] } } }";
        assertTrue(more("", things.formatted("Connect")));
        assertTrue(more(things.formatted("Connect"), things.formatted("*")));
        assertFalse(more(things.formatted("*"), things.formatted("Connect")));
    }

    @Test
    public void denialsOfAPolicyThatGoesWhileWhatItProtectsStays() {
        String bucket = "B: { Type: AWS::S3::Bucket }";
        String policy = "P: { Type: AWS::S3::BucketPolicy, Properties: { Bucket: !Ref B, PolicyDocument: { Statement: "
                + "{ Effect: Deny, Principal: '*', Action: 's3:*', Resource: '*' } } } }";
        assertEquals(List.of("iamBroadening P"), Pairs.of(bucket + ", " + policy, bucket));
        assertEquals(List.of("statefulDeletion B"), Pairs.of(bucket + ", " + policy, ""));
        String elsewhere = policy.replace("!Ref B", "b");
        assertEquals("a bucket of another stack", List.of("iamBroadening P"), Pairs.of(elsewhere, ""));
        String allows = policy.replace("Deny", "Allow");
        assertEquals("what it allowed is allowed no more", NONE, Pairs.of(bucket + ", " + allows, bucket));
    }

    @Test
    public void denialsOfAnIdentityThatIsMadeElsewhere() {
        String policy = "P: { Type: AWS::IAM::Policy, Properties: { Roles: [ operator ], PolicyDocument: { Statement: "
                + deny("Action: 'a:B', Resource: '*'") + " } } }";
        assertEquals(List.of("iamBroadening P"), Pairs.of(policy, ""));
        assertEquals(NONE, Pairs.of(policy, policy.replace("P: {", "Q: {")));
        String own = "P: { Type: AWS::IAM::Policy, Properties: { Roles: [ !Ref X ], PolicyDocument: { Statement: "
                + deny("Action: 'a:B', Resource: '*'") + " } } }, X: { Type: AWS::IAM::Role }";
        assertEquals(List.of("iamBroadening X"), Pairs.of(own, "X: { Type: AWS::IAM::Role }"));
        assertEquals(NONE, Pairs.of(own, ""));
    }

    @Test
    public void managedPoliciesThatOnlyDeny() {
        String with =
                "X: { Type: AWS::IAM::User, Properties: { ManagedPolicyArns: [ 'arn:aws:iam::aws:policy/%s' ] } }";
        String without = "X: { Type: AWS::IAM::User }";
        assertTrue(more(with.formatted("AWSDenyAll"), without));
        assertTrue(more(with.formatted("AWSCompromisedKeyQuarantineV2"), without));
        assertFalse(more(with.formatted("AdministratorAccess"), without));
        assertFalse(more(with.formatted("AWSDenyAll"), with.formatted("AWSDenyAll")));
    }

    @Test
    public void boundariesAndWhatIsHarmless() {
        String with = "X: { Type: AWS::IAM::Role, Properties: { PermissionsBoundary: %s } }";
        assertTrue(more(with.formatted("a"), with.formatted("b")));
        assertTrue(more(with.formatted("a"), "X: { Type: AWS::IAM::Role }"));
        assertFalse(more(with.formatted("a"), with.formatted("a")));
        assertFalse(more("X: { Type: AWS::IAM::Role }", with.formatted("a")));
        String managed =
                "X: { Type: AWS::IAM::Role, Properties: { ManagedPolicyArns: [ 'arn:aws:iam::aws:policy/%s' ] } }";
        for (String harmless : List.of(
                "service-role/AWSLambdaBasicExecutionRole", "AWSXRayDaemonWriteAccess", "AWSXrayWriteOnlyAccess")) {
            assertFalse(harmless, more("", managed.formatted(harmless)));
        }
        assertTrue(more("", managed.formatted("ReadOnlyAccess")));
    }

    @Test
    public void theSentenceSaysWhatIsSpecial() {
        assertTrue(
                only("", role(allow("Action: 'iam:*', Resource: r"))).sentence().contains("with iam:PassRole"));
        assertFalse(only("", role(allow("Action: 'iam:GetRole', Resource: r")))
                .sentence()
                .contains("iam:PassRole"));
        assertTrue(
                only("", role(allow("Action: '*', Resource: '*'"))).sentence().contains("that is everything"));
        assertTrue(only("", role(allow("Action: 's3:*', Resource: '*'")))
                .sentence()
                .contains("that is everything"));
        assertFalse(
                only("", role(allow("Action: 's3:*', Resource: r"))).sentence().contains("everything"));
        assertFalse(only("", role(allow("Action: 's3:Get', Resource: '*'")))
                .sentence()
                .contains("everything"));
        assertTrue(only("", role(on("{ Bool: { k: true } }"))).sentence().endsWith("under conditions"));
        assertFalse(only("", role(on("{ Bool: { k: true } }"), allow("Action: 'c:D', Resource: '*'")))
                .sentence()
                .contains("under conditions"));
    }

    @Test
    public void theSentenceListsFourThingsAndCountsTheRest() {
        String five = IntStream.range(0, 5).mapToObj(i -> "'a:B" + i + "'").collect(Collectors.joining(", "));
        assertEquals(
                "X (AWS::IAM::Role) may do more: a:B0, a:B1, a:B2, a:B3 and 1 more on *",
                only("", role(allow("Action: [ " + five + " ], Resource: '*'"))).sentence());
        String four = five.substring(0, five.lastIndexOf(','));
        assertEquals(
                "X (AWS::IAM::Role) may do more: a:B0, a:B1, a:B2, a:B3 on r, s",
                only("", role(allow("Action: [ " + four + " ], Resource: [ r, s ]")))
                        .sentence());
    }

    @Test
    public void theStatementBesideItIsTheOneMostLikeIt() {
        String before = role(
                allow("Action: [ 'a:B' ], Resource: r"),
                allow("Action: [ 'c:D', 'c:E' ], Resource: s"),
                deny("Action: [ 'c:D', 'c:E', 'c:F' ], Resource: s"));
        String after = role(
                allow("Action: [ 'c:D', 'c:E', 'c:F' ], Resource: s"),
                allow("Action: [ 'a:B' ], Resource: r"),
                deny("Action: [ 'c:D', 'c:E', 'c:F' ], Resource: s"));
        Plan.Evidence evidence = only(before, after).evidence().get(0);
        assertEquals("Allow c:D, c:E on s", evidence.before());
        assertEquals("Resources.X.Properties.Policies[0].PolicyDocument.Statement[0]", evidence.path());
        assertEquals(
                "nothing like it was there",
                null,
                only(role(allow("Action: 'a:B', Resource: r")), role(allow("Action: 'c:D', Resource: s")))
                        .evidence()
                        .get(0)
                        .before());
    }

    @Test
    public void aStatementOfVeryManyWordsIsComparedAsAWhole() {
        String many = IntStream.range(0, 150).mapToObj(i -> "'a:B" + i + "'").collect(Collectors.joining(", "));
        String wide = allow("Action: [ " + many + ", 'x:Y' ], Resource: [ " + many + " ]");
        String narrow = allow("Action: [ " + many + " ], Resource: [ " + many + " ]");
        assertFalse(wider(wide, narrow));
        assertTrue(wider(narrow, wide));
        assertFalse(wider(narrow, narrow));
        assertTrue(
                more(role(narrow.replace("Resource:", "Condition: { Bool: { k: true } }, Resource:")), role(narrow)));
    }
}
