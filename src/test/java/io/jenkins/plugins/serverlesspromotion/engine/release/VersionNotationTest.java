package io.jenkins.plugins.serverlesspromotion.engine.release;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertSame;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.Test;

public class VersionNotationTest {
    @Test
    public void whatIsARangeAlreadyStaysByteForByte() {
        for (String text : List.of(">=2.3 <3", "2.3", "=2.3", "  >=1   <2 ", "nightly", "=latest", "2026_11", "v1.2")) {
            assertSame(text, VersionNotation.plain(text));
        }
    }

    /** Desugared as in the documentation of node-semver. */
    @Test
    public void npmIsUnderstood() {
        var expected = new TreeMap<>(Map.of(
                "1.x", ">=1 <2",
                "1.2.x", ">=1.2 <1.3",
                "1.*", ">=1 <2",
                "1.X.x", ">=1 <2",
                "*", ">=0",
                "x", ">=0",
                "^1.2.3", ">=1.2.3 <2",
                "^0.2.3", ">=0.2.3 <0.3",
                "^0.0.3", ">=0.0.3 <0.0.4",
                "^1.2.3-beta.2", ">=1.2.3-beta.2 <2"));
        expected.putAll(Map.of(
                "^1.2.x", ">=1.2 <2",
                "^0.0.x", ">=0.0 <0.1",
                "^0.0", ">=0.0 <0.1",
                "^1.x", ">=1 <2",
                "^0.x", ">=0 <1",
                "~1.2.3", ">=1.2.3 <1.3",
                "~1.2", ">=1.2 <1.3",
                "~1", ">=1 <2",
                "~0.2.3", ">=0.2.3 <0.3",
                "~1.x", ">=1 <2"));
        expected.putAll(Map.of(
                "1.2.3 - 2.3.4", ">=1.2.3 <=2.3.4",
                "1.2 - 2.3.4", ">=1.2 <=2.3.4",
                "1.2.3 - 2.3", ">=1.2.3 <2.4",
                "1.2.3 - 2", ">=1.2.3 <3",
                "1.2 - 2.0", ">=1.2 <2.1",
                "1.x - *", ">=1",
                ">= 2.3", ">=2.3",
                ">=2 < 3", ">=2 <3",
                ">=2, <3", ">=2 <3",
                ">1.x", ">=2"));
        expected.putAll(Map.of(
                "<=1.x", "<2",
                "<1.x", "<1",
                ">=1.x", ">=1",
                "=1.x", ">=1 <2",
                "==1.2", "=1.2",
                "^ 1.2", ">=1.2 <2",
                "v1.x", ">=1 <2",
                "^v1.2", ">=v1.2 <2",
                "^1.2 <1.5", ">=1.2 <2 <1.5"));
        expected.forEach((text, plain) -> assertEquals(text, plain, VersionNotation.plain(text)));
    }

    @Test
    public void mavenIsUnderstood() {
        Map.of(
                        "[2.3,3)", ">=2.3 <3",
                        "(2.3, 3]", ">2.3 <=3",
                        "[2.3]", "=2.3",
                        "[1.5,)", ">=1.5",
                        "(,3)", "<3",
                        "(,)", ">=0")
                .forEach((text, plain) -> assertEquals(text, plain, VersionNotation.plain(text)));
    }

    @Test
    public void whatIsAmbiguousIsRefusedWithWhatToWrite() {
        for (String text : List.of(
                "latest",
                "LATEST",
                "1.x || 2.x",
                "~> 1.2",
                "!=2",
                "[1,2),[3,4)",
                "(2.3)",
                "[2.3)",
                "[]",
                "^",
                "~abc",
                "^latest",
                ">*",
                "1.x-rc",
                "a b - c",
                "1 - b",
                "",
                ">=abc",
                "x".repeat(300))) {
            var e = assertThrows(text, IllegalArgumentException.class, () -> VersionNotation.plain(text));
            assertTrue(text + ": " + e.getMessage(), e.getMessage().contains("write"));
        }
    }

    @Test
    public void theResultContainsWhatTheNotationMeans() {
        assertTrue(new VersionRange(VersionNotation.plain("^1.2"))
                .contains("1.9.9")
                .orElseThrow());
        assertTrue(!new VersionRange(VersionNotation.plain("^1.2"))
                .contains("2.0.0-rc1")
                .orElseThrow());
        assertTrue(
                new VersionRange(VersionNotation.plain("*")).contains("0.0.1").orElseThrow());
    }
}
