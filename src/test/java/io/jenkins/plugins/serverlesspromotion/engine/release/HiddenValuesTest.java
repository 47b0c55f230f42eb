package io.jenkins.plugins.serverlesspromotion.engine.release;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertSame;

import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.Test;

public class HiddenValuesTest {
    private static final UnaryOperator<String> STARS = value -> "****";

    /** As long as a real one, and full of what could be a value itself. */
    private static final UnaryOperator<String> FINGERPRINTS =
            value -> HiddenValues.FINGERPRINT + String.format("%064x", value.hashCode());

    private static String stars(String text, String... values) {
        return new HiddenValues(List.of(values)).replaced(text, STARS);
    }

    @Test
    public void aLongValueIsFoundAnywhereAndAShortOneAsTheWholeText() {
        assertEquals("a **** b ****", stars("a hunter2 b hunter2", "hunter2"));
        assertEquals("a pw12 b", stars("a pw12 b", "pw12"));
        assertEquals("****", stars("pw12", "pw12"));
        assertNull(stars(null, "hunter2"));
        assertEquals("a", HiddenValues.NONE.replaced("a", STARS));
        assertEquals("a  b", stars("a  b", "", "  "));
    }

    @Test
    public void theLongestValueIsTakenFirst() {
        assertEquals("****", stars("hunter2-and-more", "hunter2", "hunter2-and-more"));
        assertEquals("**** ****", stars("hunter2 hunter2-and-more", "hunter2", "hunter2-and-more"));
    }

    @Test
    public void aValueOfSeveralLinesIsFoundInJsonAndWithoutItsLastLineFeed() {
        String pem = "-----BEGIN KEY-----\nabc\"\\def\n-----END KEY-----\n";
        assertEquals("is ****!", stars("is " + pem.strip() + "!", pem));
        assertEquals(
                "{\"a\":\"****\"}",
                stars("{\"a\":\"-----BEGIN KEY-----\\nabc\\\"\\\\def\\n-----END KEY-----\\n\"}", pem));
    }

    /** A value can be a part of every fingerprint. */
    @Test
    public void replacingTwiceIsReplacingOnce() {
        for (String value : List.of("sha256", "hmac-sha256:", "000000", "hmac-sha256")) {
            var hidden = new HiddenValues(List.of(value, "hunter2"));
            String once = hidden.replaced("uses " + value + " and hunter2", FINGERPRINTS);
            assertEquals(value, once, hidden.replaced(once, FINGERPRINTS));
            assertEquals("uses  and ", once.replaceAll("hmac-sha256:[0-9a-f]{64}", ""));
        }
        assertEquals("no fingerprint", "hmac-****:abc", stars("hmac-sha256:abc", "sha256"));
    }

    @Test
    public void aTextWithoutAValueIsTheSame() {
        String text = "nothing here";
        assertEquals(text, stars(text, "hunter2"));
        assertSame(null, HiddenValues.NONE.replaced(null, STARS));
    }

    private static Published published(Map<String, Manifest.Variable> variables, String value) {
        var stack = new Manifest.CloudFormation(
                "app", List.of(), List.of(), "t.yaml", "s", List.of(), Map.of("Pw", value), Map.of());
        var release = new Release(
                "orders", "1.0", new Manifest("orders", variables, List.of(stack), List.of(), List.of()), List.of());
        return new Published(
                new ReleaseRef("orders", "1.0", "sha256:" + "1".repeat(64), 1),
                release,
                Provenance.publishedBy("bob"),
                "main",
                Map.of(),
                java.time.Instant.EPOCH,
                "bob",
                List.of("app.Pw"));
    }

    @Test
    public void aValueOfSeveralShortPartsIsFoundAsAWhole() {
        Manifest.Variable user = new Manifest.Variable.PerEnvironment(Map.of("*", "bob"));
        Manifest.Variable key = new Manifest.Variable.PerEnvironment(Map.of("prod", "a1b2", "*", "${user}9"));
        var hidden =
                published(Map.of("user", user, "key", key), "${user}:${key}").hiddenValues("prod");
        assertEquals("x **** y", hidden.replaced("x bob:a1b2 y", STARS));
        assertEquals("x **** y", hidden.replaced("x bob:bob9 y", STARS));
        var named = published(Map.of("key", key), "${environment}-${key}").hiddenValues("prod");
        assertEquals("x ****", named.replaced("x prod-a1b2", STARS));
    }

    /** The reader refuses this today; an old record is read all the same. */
    @Test
    public void variablesThatNameEachOtherEnd() {
        Manifest.Variable a = new Manifest.Variable.PerEnvironment(Map.of("*", "long-part-${b}"));
        Manifest.Variable b = new Manifest.Variable.PerEnvironment(Map.of("*", "${a}"));
        var hidden = published(Map.of("a", a, "b", b), "${a}").hiddenValues("prod");
        assertEquals("x ****", hidden.replaced("x long-part-", STARS));
    }
}
