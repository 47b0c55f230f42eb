package io.jenkins.plugins.serverlesspromotion.cli;

import java.io.File;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The terminal of this process, when it has one. */
final class SystemTerminal implements Screen.Terminal {
    private static final int UNKNOWN_WIDTH = 100;
    private static final int NARROWEST = 40;

    private final Map<String, String> environment;
    private final boolean live;
    private int width;

    SystemTerminal(Map<String, String> environment) {
        this.environment = environment;
        String term = environment.get("TERM");
        this.live = System.console() != null && term != null && !term.isEmpty() && !term.equals("dumb");
    }

    @Override
    public boolean isLive() {
        return live;
    }

    @Override
    public boolean canAsk() {
        return System.console() != null;
    }

    @Override
    public String ask(String question) {
        return System.console().readLine("%s", question);
    }

    @Override
    public synchronized int width() {
        if (width == 0) {
            width = Math.max(NARROWEST, ask());
        }
        return width;
    }

    @Override
    public Charset charset() {
        String name = System.getProperty("native.encoding");
        return live && name != null && Charset.isSupported(name) ? Charset.forName(name) : StandardCharsets.UTF_8;
    }

    @Override
    public boolean noColour() {
        return !environment.getOrDefault("NO_COLOR", "").isEmpty();
    }

    /** Java cannot report the width of a terminal, but {@code stty} can. */
    private int ask() {
        String columns = environment.get("COLUMNS");
        if (columns != null && columns.matches("[1-9][0-9]{0,3}")) {
            return Integer.parseInt(columns);
        }
        try {
            Process stty = new ProcessBuilder("stty", "size")
                    .redirectInput(new File("/dev/tty"))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String answer = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
            if (stty.waitFor(1, TimeUnit.SECONDS) && answer.matches("[0-9]+ [1-9][0-9]{0,3}")) {
                return Integer.parseInt(answer.substring(answer.indexOf(' ') + 1));
            }
        } catch (IOException e) {
            return UNKNOWN_WIDTH; // no stty here
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return UNKNOWN_WIDTH;
    }
}
