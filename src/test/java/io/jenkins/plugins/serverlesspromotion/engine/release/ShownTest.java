package io.jenkins.plugins.serverlesspromotion.engine.release;

import static org.junit.Assert.assertEquals;

import org.junit.Test;

public class ShownTest {
    @Test
    public void aTextOf80CharactersIsWholeAndALongerOneIsCutToThat() {
        assertEquals("a".repeat(80), Shown.text("a".repeat(80)));
        assertEquals("a".repeat(77) + "...", Shown.text("a".repeat(81)));
        assertEquals("a".repeat(2_000), Shown.sentence("a".repeat(2_000)));
        assertEquals("a".repeat(1_997) + "...", Shown.sentence("a".repeat(2_001)));
        assertEquals("a".repeat(200), Shown.recorded("a".repeat(200)));
        assertEquals("a".repeat(200) + "…", Shown.recorded("a".repeat(201)));
    }

    @Test
    public void nothingBeginsALineOrTurnsTheDirectionOfReading() {
        assertEquals("a?b?c?d?e?f?", Shown.text("a\nb\u0085c\u2028d\u202Ee\u2029f\u0000"));
        assertEquals("a b", Shown.recorded("a\tb"));
        assertEquals("grün 😀", Shown.text("grün 😀"));
    }

    /** Half of a character cannot be written to the journal, where messages of refusals stand. */
    @Test
    public void noCharacterIsCutInTwo() {
        assertEquals("a".repeat(76) + "...", Shown.text("a".repeat(76) + "😀".repeat(10)));
        assertEquals("a?b", Shown.text("a\uD800b"));
    }
}
