package io.jenkins.plugins.serverlesspromotion.cli;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.Test;

public class ScreenTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private record Look(boolean isLive, int width, Charset charset, boolean noColour) implements Screen.Terminal {
        @Override
        public boolean canAsk() {
            return false;
        }

        @Override
        public String ask(String question) {
            throw new AssertionError(question);
        }
    }

    private Screen screen(boolean live, Charset charset, boolean noColour, String... args) {
        return new Screen(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                new GlobalOptions(Map.of(), args),
                new Look(live, 20, charset, noColour));
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    @Test
    public void textCannotSteerTheTerminal() {
        screen(true, StandardCharsets.UTF_8, true)
                .result(() -> null, () -> List.of("a\u001b[2Jb\rc\u0007d\u009be\u202ef\tg\u0000"));
        assertEquals("a\ufffd[2Jb\ufffdc\ufffdd\ufffde\ufffdf g\ufffd\n", out());
    }

    @Test
    public void marksHaveColoursOnlyOnATerminalThatWantsThem() {
        screen(true, StandardCharsets.UTF_8, false).note("✓ done");
        assertEquals("\u001b[32m✓\u001b[0m done\n", err());
        err.reset();
        screen(true, StandardCharsets.UTF_8, true).note("✓ done");
        screen(false, StandardCharsets.UTF_8, false).note("✓ done");
        assertEquals("✓ done\n✓ done\n", err());
    }

    @Test
    public void aTerminalOfAsciiGetsAscii() {
        screen(true, StandardCharsets.US_ASCII, false).note("✓ orders 1 → dev · 3 min … — ▲ ✗ ◷ ⟳ ⏸");
        assertEquals("+ orders 1 -> dev | 3 min ... - ! x ? * =\n", err());
    }

    @Test
    public void withJsonStandardOutputHasTheDocumentAlone() {
        Screen screen = screen(false, StandardCharsets.UTF_8, false, "--json");
        screen.note("progress");
        screen.result(() -> Map.of("a", 1), () -> List.of("never shown"));
        assertEquals("{\n  \"a\" : 1\n}\n", out());
        assertEquals("progress\n", err());
    }

    @Test
    public void anErrorIsOneLineAndWithJsonADocumentToo() {
        screen(false, StandardCharsets.UTF_8, false).error(List.of("it is so; do that"), 1);
        assertEquals("error: it is so; do that\n", err());
        assertEquals("", out());
        screen(false, StandardCharsets.UTF_8, false, "--json").error(List.of("it is so"), 1);
        assertTrue(out(), out().contains("\"error\" : \"it is so\"") && out().contains("\"exit\" : 1"));
    }

    @Test
    public void drawingAnewReplacesExactlyTheRowsDrawnBefore() {
        Screen screen = screen(true, StandardCharsets.UTF_8, true);
        screen.redraw(List.of("x".repeat(50), "short"));
        screen.redraw(List.of("done"));
        // A row of 50 characters would take three rows of this terminal: it is cut to one.
        assertEquals("\r\u001b[J" + "x".repeat(18) + "…\nshort\n\u001b[2A\r\u001b[Jdone\n", out());
    }

    @Test
    public void whatIsSaidMeanwhileIsNotDrawnOver() {
        Screen screen = screen(true, StandardCharsets.UTF_8, true);
        screen.redraw(List.of("a"));
        screen.declare("said");
        screen.redraw(List.of("b"));
        assertEquals("\r\u001b[Ja\n\r\u001b[Jb\n", out());
    }
}
