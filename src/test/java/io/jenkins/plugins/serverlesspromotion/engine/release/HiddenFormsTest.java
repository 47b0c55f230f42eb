package io.jenkins.plugins.serverlesspromotion.engine.release;

import static org.junit.Assert.assertFalse;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.Test;

/** A value is found in whatever form a program writes it. */
public class HiddenFormsTest {
    private static void assertHidden(String value, String text) {
        String shown = new HiddenValues(List.of(value)).replaced(text, v -> "****");
        assertFalse(shown, shown.contains(text.substring(text.indexOf('[') + 1, text.lastIndexOf(']'))));
    }

    @Test
    public void aValueInJsonWithinJson() {
        assertHidden("pa\"ss\"word", "{\"Definition\":\"{\\\"key\\\":\\\"[pa\\\\\\\"ss\\\\\\\"word]\\\"}\"}");
    }

    @Test
    public void aValueThatJsonWritesWithCodesOfCharacters() {
        assertHidden("pass<word>&", "{\"key\":\"[pass\\u003cword\\u003e\\u0026]\"}");
    }

    @Test
    public void aValueInBase64() {
        assertHidden("planted-secret-77", "UserData [cGxhbnRlZC1zZWNyZXQtNzc=]");
    }

    @Test
    public void aValueInAnAddress() {
        assertHidden("pa ss/word+1", "https://orders.acme.com/health?key=[pa%20ss%2Fword%2B1] answered 500");
        assertHidden("p%20ssword1", "GET /?key=[p%2520ssword1]");
        assertHidden("p%20ssword1", "GET /?key=[p%252520ssword1]");
        assertHidden("p%%41sword1", "GET /?key=[p%25%2541sword1]");
    }

    @Test
    public void oneLineOfAValueOfSeveral() {
        assertHidden("-----BEGIN KEY-----\nabcdefabcdef\n-----END KEY-----", "line 2: [abcdefabcdef] is no key");
    }

    /** A value that the manifest and the environment decide; no literal part of it has six characters. */
    @Test
    public void aValueMadeOfShortPartsAndTheEnvironment() {
        var target = new Manifest.CloudFormation(
                "app",
                List.of(),
                List.of(),
                "t.yaml",
                "orders",
                List.of(),
                Map.of("Pw", "pw!${environment}"),
                Map.of());
        var manifest = new Manifest("orders", Map.of(), List.of(target), List.of(), List.of());
        var published = new Published(
                new ReleaseRef("orders", "1.0.0", "sha256:" + "1".repeat(64), 1),
                new Release("orders", "1.0.0", manifest, List.of(new Artifact("t.yaml", "2".repeat(64), 5))),
                Provenance.publishedBy("bob"),
                "main",
                Map.of(),
                Instant.EPOCH,
                "bob",
                List.of("app.Pw"));
        String shown = published
                .hiddenValues("production")
                .replaced("AWS refused the value 'pw!production' of Pw", v -> "****");
        assertFalse(shown, shown.contains("pw!production"));
    }

    @Test
    public void aValueInHexadecimalDigits() {
        assertHidden("planted-secret-77", "key [706c616e7465642d7365637265742d3737]");
        assertHidden("planted-secret-77", "key [706C616E7465642D7365637265742D3737]");
    }

    @Test
    public void aValueInHtmlOrXml() {
        assertHidden("pa<ss>&\"word", "<Message>[pa&lt;ss&gt;&amp;&quot;word]</Message>");
        assertHidden("it's-secret", "<p>[it&#39;s-secret]</p>");
        assertHidden("it's-secret", "<p>[it&#x27;s-secret]</p>");
        assertHidden("it's-secret", "<p>[it&apos;s-secret]</p>");
    }

    /** Each program writes other characters of an address as codes, and the digits in either case. */
    @Test
    public void aValueInAnAddressAsOtherProgramsWriteIt() {
        assertHidden("pass~word/1*!", "GET /health?key=[pass~word%2F1*!] answered 500");
        assertHidden("pass~word/1*!", "GET /health?key=[pass~word%2f1%2a%21] answered 500");
        assertHidden("pass word/1", "GET /?next=[pass%2520word%252F1]");
        assertHidden("p\u00e4ssword", "GET /?key=[p%C3%A4ssword]");
    }

    @Test
    public void aValueInJsonOfAnotherProgram() {
        assertHidden("p\u00e4ss/w\u00f6rd", "{\"key\":\"[p\\u00e4ss\\/w\\u00F6rd]\"}");
        assertHidden("pa\bss\fword", "{\"key\":\"[pa\\bss\\fword]\"}");
        assertHidden("pass\ud834\udd1eword", "{\"key\":\"[pass\\ud834\\udd1eword]\"}");
    }

    @Test
    public void aValueInsideOfBase64() {
        for (String before : List.of("a:", "ab:", "abc:")) {
            String whole = java.util.Base64.getEncoder()
                    .encodeToString((before + "planted-secret-77!").getBytes(java.nio.charset.StandardCharsets.UTF_8));
            String shown = new HiddenValues(List.of("planted-secret-77"))
                    .replaced("Authorization: Basic " + whole, v -> "****");
            // What is left of it decodes to less than the value.
            assertFalse(shown, shown.contains(whole.substring(8, 20)));
        }
    }

    @Test
    public void aValueInLettersOfTheOtherCase() {
        assertHidden("Planted-Secret-77", "database user [PLANTED-SECRET-77] is unknown");
        assertHidden("Planted-Secret-77", "bucket [planted-secret-77] is unknown");
    }

    @Test
    public void aValueOfSeveralLinesThatIsIndentedOrJoined() {
        assertHidden("first-half\nsecond-half", "[first-half\r\n    second-half]");
        assertHidden("first-half\nsecond-half", "{\"key\":\"[first-half\\r\\nsecond-half]\"}");
        assertHidden("first-half\nsecond-half", "?key=[first-half%0Asecond-half]");
    }

    @Test
    public void theBeginningOfAValueInAnotherFormAtTheEndOfATextThatWasCut() {
        String shown = new HiddenValues(List.of("pa<ss>word-of-the-service"))
                .replaced("<Message>pa&lt;ss&gt;word-of…", v -> "****");
        assertFalse(shown, shown.contains("word-of"));
    }

    /** A text that was cut before it was put into a sentence. */
    @Test
    public void theBeginningOfAValueInTheMiddleOfASentence() {
        String value = "planted-secret-" + "0123456789".repeat(10);
        String shown = new HiddenValues(List.of(value))
                .replaced("the answer '" + Shown.text(value) + "' does not contain ok", v -> "****");
        org.junit.Assert.assertEquals("the answer '****...' does not contain ok", shown);
    }

    /** Each of them would take minutes if every place looked at all that follows it. */
    @Test(timeout = 20_000)
    public void aLongTextIsReadInTimeThatGrowsWithItsLength() {
        var values = new HiddenValues(List.of(
                "planted-secret-77", "  planted two", "\\\\\\\\\\\\\\", "%%%%%%%", "&&&&&&&", "a b c d e f g h"));
        for (String part : List.of("planted-secret-7", "\\u005", "%25%", "&amp;&", "&", " ", "a ", "%2525", "amp;")) {
            String text = part.repeat(200_000 / part.length()) + "!";
            org.junit.Assert.assertNotNull(part, values.replaced(text, v -> "****"));
        }
        String backslashes = "\\".repeat(200_000);
        org.junit.Assert.assertFalse(values.replaced(backslashes, v -> "****").contains("\\".repeat(7)));
    }

    /** What hides a value hides no other text. */
    @Test
    public void otherTextStays() {
        String text = "planted-secre, planted secret 77, plantedsecret77, %70%6 \\u00 &#; 706c616e7465642d7365";
        org.junit.Assert.assertEquals(text, new HiddenValues(List.of("planted-secret-77")).replaced(text, v -> "****"));
    }
}
