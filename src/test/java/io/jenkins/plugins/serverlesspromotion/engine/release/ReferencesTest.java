package io.jenkins.plugins.serverlesspromotion.engine.release;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.util.Optional;
import java.util.Random;
import org.junit.Test;

/** References in texts that a team gives, which may have a megabyte. */
public class ReferencesTest {
    private static final String OPEN = "${".repeat(500_000);

    @Test
    public void whatIsNotAReferenceRemains() {
        assertEquals("orders-", Text.withoutReferences("orders-${environment}"));
        assertEquals("-x$", Text.withoutReferences("${a}-${b}x$${c}"));
        assertEquals("a${b", Text.withoutReferences("a${b"));
        assertEquals("b}", Text.withoutReferences("${${a}b}"));
        assertEquals("", Text.withoutReferences(""));
    }

    @Test
    public void itIsWhatTheExpressionOfEarlierVersionsLeft() {
        var random = new Random(20261129);
        for (int i = 0; i < 20_000; i++) {
            var text = new StringBuilder();
            for (int n = random.nextInt(9); n > 0; n--) {
                text.append("${}a.".charAt(random.nextInt(5)));
            }
            assertEquals(
                    text.toString(),
                    text.toString().replaceAll("\\$\\{[^}]*}", ""),
                    Text.withoutReferences(text.toString()));
        }
    }

    @Test
    public void onlyReferencesToKnownOutputsAreReplaced() {
        String replaced = OutputReference.replaced(
                "https://${output.api.Url}/${output.edge.Id}/${environment}/${output.x",
                (target, output) -> target.equals("api") ? Optional.of("$1\\" + output) : Optional.empty());
        assertEquals("https://$1\\Url/${output.edge.Id}/${environment}/${output.x", replaced);
    }

    /** Looking for the end from every beginning would take an hour. */
    @Test
    public void aMegabyteOfOpenReferencesIsAnswered() {
        assertEquals(OPEN, Text.withoutReferences(OPEN));
        assertEquals(OPEN, OutputReference.replaced(OPEN, (target, output) -> Optional.of("x")));
        String outputs = "${output.".repeat(100_000);
        assertEquals(outputs, OutputReference.replaced(outputs, (target, output) -> Optional.of("x")));
        assertEquals("x", OutputReference.replaced(outputs + "}", (target, output) -> Optional.of("x")));
    }

    /** A repeated group of an expression recurses for each repetition. */
    @Test
    public void aMegabyteInAnyNameOverflowsNoStack() {
        assertFalse(Names.isRegion("aa" + "-b".repeat(500_000) + "-1"));
        assertTrue(Names.isRegion("us-gov-northwest-1"));
        assertFalse(Names.isName("a".repeat(1_000_000)));
        assertFalse(Names.isVersion("1" + ".1".repeat(500_000)));
    }
}
