package io.jenkins.plugins.serverlesspromotion.aws;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.aws.call.Sha256;
import io.jenkins.plugins.serverlesspromotion.aws.call.Tokens;
import io.jenkins.plugins.serverlesspromotion.aws.session.AwsSessions;
import io.jenkins.plugins.serverlesspromotion.aws.session.Partition;
import io.jenkins.plugins.serverlesspromotion.aws.session.SessionNames;
import io.jenkins.plugins.serverlesspromotion.aws.stack.StackProtection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.Test;

/** Tokens, session names, tags, role ARNs: what AWS accepts, whatever people called things. */
public class NamesInAwsTest {
    private static final List<String> TEXTS = List.of(
            "orders.prod.17",
            "a",
            "",
            "aws:root",
            "Jürgen Müller <j@acme.net>, \"x\"\n",
            "x".repeat(500),
            "ü".repeat(500),
            "\uD83D\uDE80 launch",
            "../../etc/passwd");

    @Test
    public void sessionNamesFitStsAndStayApart() {
        for (String text : TEXTS) {
            String name = SessionNames.name(text);
            assertTrue(name, name.matches("[\\w+=,.@-]{2,64}"));
            assertTrue(name, !name.startsWith("aws:"));
            String tag = SessionNames.tag(text);
            assertTrue(tag, tag.matches("[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]{0,256}"));
        }
        assertEquals("orders@1.4.2", SessionNames.name("orders@1.4.2"));
        assertNotEquals(SessionNames.name("p".repeat(64) + "1"), SessionNames.name("p".repeat(64) + "2"));
        assertNotEquals(SessionNames.tag("p".repeat(300) + "1"), SessionNames.tag("p".repeat(300) + "2"));
    }

    @Test
    public void peopleAreListedOnceInOrder() {
        assertEquals("user:alice / user:bob", SessionNames.people(List.of("user:bob", "user:alice", "user:bob")));
    }

    @Test
    public void tokensFitCloudFormationAndTellTheirPartsApart() {
        for (String text : TEXTS) {
            String token = Tokens.of("store", text, 1, "execute");
            assertTrue(token, token.matches("[a-zA-Z][-a-zA-Z0-9]{0,127}"));
            assertEquals(token, Tokens.of("store", text, 1, "execute"));
        }
        assertNotEquals(Tokens.of("a", "bc"), Tokens.of("ab", "c"));
        assertNotEquals(Tokens.of("a", "b", ""), Tokens.of("a", "", "b"));
        assertNotEquals(Tokens.of("s", "p", 1, "k", "execute"), Tokens.of("s", "p", 2, "k", "execute"));
        assertNotEquals(Tokens.of("s", "p", 1, "k", "execute"), Tokens.of("s", "p", 1, "k", "undo"));
    }

    @Test
    public void aRoleIsANameOrAnArnOfItsOwnAccount() {
        var account = Lab.account("orders-prod", "333333333333");
        assertEquals("arn:aws:iam::333333333333:role/deploy", AwsSessions.roleArn(account, "deploy", "eu-west-1"));
        assertEquals("arn:aws-cn:iam::333333333333:role/deploy", AwsSessions.roleArn(account, "deploy", "cn-north-1"));
        assertEquals(
                "arn:aws-us-gov:iam::333333333333:role/ci/deploy",
                AwsSessions.roleArn(account, "ci/deploy", "us-gov-west-1"));
        String own = "arn:aws:iam::333333333333:role/deploy";
        assertEquals(own, AwsSessions.roleArn(account, own, "eu-west-1"));
        var refused = assertThrows(
                DeploymentException.class,
                () -> AwsSessions.roleArn(account, "arn:aws:iam::444444444444:role/deploy", "eu-west-1"));
        assertTrue(refused.getMessage(), refused.getMessage().contains("is not in account 333333333333"));
    }

    @Test
    public void everyArnIsOfThePartitionOfItsRegion() {
        var account = Lab.account("orders-prod", "333333333333");
        for (var region : Map.of(
                        "eu-west-1", "aws",
                        "us-east-1", "aws",
                        "cn-northwest-1", "aws-cn",
                        "us-gov-east-1", "aws-us-gov",
                        "us-iso-east-1", "aws-iso",
                        "cn-newer-7", "aws-cn")
                .entrySet()) {
            String start = "arn:" + region.getValue() + ":";
            assertEquals(region.getValue(), Partition.of(region.getKey()));
            assertEquals(
                    start + "iam::333333333333:role/deploy", AwsSessions.roleArn(account, "deploy", region.getKey()));
            assertEquals(
                    start + "cloudwatch:" + region.getKey() + ":333333333333:alarm:errors",
                    StackProtection.arn("errors", "333333333333", region.getKey()));
        }
        assertEquals("arn:aws-cn:x", StackProtection.arn("arn:aws-cn:x", "333333333333", "eu-west-1"));
        assertEquals("amazonaws.com.cn", Partition.suffix("cn-north-1"));
        assertEquals("amazonaws.com", Partition.suffix("us-gov-west-1"));
    }

    /** A new place that makes an ARN must ask for its partition too. */
    @Test
    public void noArnIsWrittenWithAPartitionOfItsOwn() throws Exception {
        Path sources = Path.of(System.getProperty("promotion.root", ""), "src/main/java");
        try (Stream<Path> files = Files.walk(sources)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
                for (String line : Files.readAllLines(file)) {
                    boolean code =
                            !line.strip().startsWith("*") && !line.strip().startsWith("//");
                    assertTrue(file + ": " + line, !code || !line.contains("\"arn:aws:"));
                }
            }
        }
    }

    @Test
    public void checksumsAreOnesOfWholeFilesOnly() {
        String hex = Sha256.hex(new byte[] {1, 2, 3});
        assertEquals("sha256:" + hex, Sha256.shown(Sha256.base64(hex)));
        assertEquals("a checksum of parts", Sha256.shown(Sha256.base64(hex) + "-3"));
        assertEquals("no SHA-256 checksum", Sha256.shown(null));
        assertEquals("sha256/" + hex.substring(0, 2) + "/" + hex, Sha256.key(hex));
    }
}
