package io.jenkins.plugins.serverlesspromotion.engine.ownership;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.engine.ownership.ResourceId.Kind;
import java.util.List;
import org.junit.Test;

/** Resources as people name them in a decision about an owner. */
public class NamedResourcesTest {
    private static final String PLACE = "222222222222/eu-west-1";

    private final PolicyOwners owners = new PolicyOwners(null);

    @Test
    public void everyKindIsNamedByItsNameOrArn() {
        assertEquals(new ResourceId(Kind.STACK, "orders-prod", PLACE), owners.named("stack:orders-prod", PLACE));
        assertEquals(
                new ResourceId(Kind.STACK, "orders-prod", PLACE),
                owners.named("stack:arn:aws:cloudformation:eu-west-1:222222222222:stack/orders-prod/1a2b", PLACE));
        assertEquals(new ResourceId(Kind.FUNCTION, "a_b", PLACE), owners.named("function:a_b:live", PLACE));
        assertEquals(new ResourceId(Kind.BUCKET, "a.b-c", "222222222222"), owners.named("bucket:A.b-c", PLACE));
        assertEquals(
                new ResourceId(Kind.DISTRIBUTION, "E1ABC", "222222222222"),
                owners.named("distribution:E1ABC", "222222222222"));
    }

    @Test
    public void whatCanBeNoResourceIsRefusedInOneReadableLine() {
        for (String name : List.of(
                " ",
                "a b",
                "a\nb",
                "\u202Ea",
                "gr\u00fcn",
                "a".repeat(256),
                "k".repeat(40_000),
                "arn:aws:cloudformation:eu-west-1:222222222222:stack/",
                "arn:aws:cloudformation:eu-west-1::stack/a/1",
                "arn:aws:cloudformation:x y:222222222222:stack/a/1")) {
            String message = refused("stack:" + name, PLACE);
            assertTrue(message, message.contains("is the name of no stack; write it as AWS shows it"));
        }
        assertTrue(refused("bucket:a b", PLACE).contains("is the name of no bucket"));
        assertTrue(refused("k".repeat(40_000) + "\n:a", PLACE).contains("is no kind of resource"));
        assertTrue(refused("stack:a", "k".repeat(40_000) + "\n").contains("policy knows no account"));
    }

    private String refused(String text, String place) {
        String message = assertThrows(IllegalArgumentException.class, () -> owners.named(text, place))
                .getMessage();
        assertTrue(message, message.length() < 300);
        assertTrue(message, message.chars().noneMatch(Character::isISOControl));
        return message;
    }
}
