package io.jenkins.plugins.serverlesspromotion.engine.release;

import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import org.junit.Test;

public class FilePatternTest {
    private static void matches(String pattern, String... paths) {
        for (String path : paths) {
            assertTrue(pattern + " " + path, FilePattern.matches(pattern, path));
        }
    }

    private static void differs(String pattern, String... paths) {
        for (String path : paths) {
            assertFalse(pattern + " " + path, FilePattern.matches(pattern, path));
        }
    }

    @Test
    public void aPatternWithoutFolderIsForNamesInEveryFolder() {
        matches("*.wasm", "a.wasm", "a/b/c.wasm", ".wasm");
        differs("*.wasm", "a.wasm.map", "a.wasm/b", "A.WASM");
        matches("robots.txt", "robots.txt", "a/robots.txt");
        matches("*", "a", "a/b");
        matches("a*b*c", "abc", "a1b2c", "abbc", "x/abcbc");
        differs("a*b*c", "ab", "acb");
    }

    @Test
    public void aPatternWithFoldersIsForThePathFromTheSitesFolder() {
        matches("assets/*", "assets/a.js");
        differs("assets/*", "assets/a/b.js", "x/assets/a.js", "assets");
        matches("assets/**", "assets/a.js", "assets/a/b/c.js");
        differs("assets/**", "assets", "x/assets/a.js", "assetsX/a.js");
        matches("**", "a", "a/b");
        matches("**/assets/*.js", "assets/a.js", "x/assets/a.js", "x/y/assets/a.js");
        differs("**/assets/*.js", "assets/a/b.js", "x/a.js");
        matches("a/**/b/*.js", "a/b/c.js", "a/x/b/c.js", "a/b/b/c.js", "a/b/x/y/b/c.js");
        differs("a/**/b/*.js", "a/c.js", "b/c.js", "a/b/x/c.js");
        matches("a/*/c", "a/b/c");
        differs("a/*/c", "a/c", "a/b/b/c");
        matches("a**b/c", "axxb/c");
    }

    @Test
    public void manyStarsTakeNoLongTime() {
        differs("*a".repeat(200) + "/x", "a".repeat(500) + "/y");
        differs("**/a/".repeat(80) + "x", "a/".repeat(250) + "y");
    }

    @Test
    public void otherCharactersStandForThemselves() {
        matches("[slug].js", "[slug].js");
        differs("[slug].js", "s.js");
        differs("a?c", "abc");
        matches("a.c", "a.c");
        differs("a.c", "abc");
    }
}
