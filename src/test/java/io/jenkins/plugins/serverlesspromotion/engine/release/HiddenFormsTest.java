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
}
