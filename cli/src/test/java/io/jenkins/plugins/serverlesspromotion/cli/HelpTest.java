package io.jenkins.plugins.serverlesspromotion.cli;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;

/** The help needs no manual beside it. */
public class HelpTest {
    @Rule
    public TemporaryFolder folder = new TemporaryFolder();

    private Laboratory lab;

    @Before
    public void setUp() throws Exception {
        lab = new Laboratory(folder);
    }

    private List<CommandLine> commands() {
        var options = new GlobalOptions(Map.of());
        var all = new ArrayList<CommandLine>();
        collect(Main.commandLine(new Invocation(options, null, null, null, null)), all);
        return all;
    }

    private static void collect(CommandLine command, List<CommandLine> all) {
        all.add(command);
        command.getSubcommands().values().forEach(sub -> collect(sub, all));
    }

    @Test
    public void everyCommandAndOptionIsDescribedAndHasAnExample() {
        List<CommandLine> all = commands();
        assertTrue("all commands are looked at, found " + all.size(), all.size() > 20);
        for (CommandLine command : all) {
            var usage = command.getCommandSpec().usageMessage();
            String name = command.getCommandSpec().qualifiedName();
            assertTrue(name + " has a description", usage.description().length > 0);
            String footer = String.join("\n", usage.footer());
            assertTrue(name + " has an example", footer.contains(name.equals("promotion") ? "promotion policy" : name));
            for (ArgSpec arg : command.getCommandSpec().args()) {
                assertTrue(name + " " + arg + " is described", arg.description().length > 0);
            }
        }
    }

    @Test
    public void everyCommandShowsItsHelpWithTheExitCodes() {
        for (CommandLine command : commands()) {
            String[] names = command.getCommandSpec().qualifiedName().split(" ");
            var args = new ArrayList<>(List.of(names).subList(1, names.length));
            args.add("--help");
            var answer = lab.bare(Map.of(), args.toArray(String[]::new));
            assertEquals(answer.err(), Exit.DONE, answer.exit());
            assertTrue(answer.out(), answer.out().startsWith("Usage: " + String.join(" ", names)));
            assertTrue(answer.out(), answer.out().contains("3   could not find out"));
        }
    }

    @Test
    public void helpVersionAndCompletionAnswer() {
        assertTrue(lab.bare(Map.of(), "help", "audit", "verify").out().startsWith("Usage: promotion audit verify"));
        assertEquals(Exit.USAGE, lab.bare(Map.of(), "help", "nothing").exit());
        assertTrue(lab.bare(Map.of(), "--version").out().startsWith("promotion "));
        String script = lab.bare(Map.of(), "generate-completion").out();
        assertTrue(script.startsWith("#!/usr/bin/env bash") && script.contains("release-hold"));
    }

    @Test
    public void theDocumentationNamesEveryCommandAndOption() throws Exception {
        String text = Files.readString(Path.of(System.getProperty("promotion.root"), "docs/user/command-line.md"));
        for (CommandLine command : commands()) {
            String name = command.getCommandSpec().qualifiedName().replaceFirst("^promotion ?", "");
            assertTrue(
                    name,
                    name.isEmpty()
                            || text.contains("`" + name)
                            || !command.getSubcommands().isEmpty());
        }
        for (String option : List.of("--home", "--as", "--group", "--endpoint", "--json", "--quiet", "--no-color")) {
            assertTrue(option, text.contains("`" + option));
        }
        for (Promotion.State state : Promotion.State.values()) {
            assertTrue(state.name(), text.contains(state.name()));
        }
    }

    @Test
    public void optionsForTestsAreNotShown() {
        String help = lab.bare(Map.of(), "promote", "--help").out();
        assertFalse(help, help.contains("poll-scale") || help.contains("debug"));
    }

    @Test
    public void globalOptionsMayStandBeforeOrBehindTheCommand() {
        assertEquals(
                Exit.DONE,
                lab.bare(Map.of(), "--home", lab.home.toString(), "--as", "alice", "status")
                        .exit());
        var answer = lab.bare(Map.of("PROMOTION_HOME", lab.home.toString()), "--json", "status", "--as", "alice");
        assertEquals("alice", answer.json().get("user"));
    }

    /** It is hidden, because it is for a sandbox, but a wrong value is not ignored. */
    @Test
    public void theScaleOfWaitsFromTheEnvironmentIsChecked() {
        for (String wrong : List.of("fast", "0", "-1", "101")) {
            var answer = lab.bare(Map.of("PROMOTION_POLL_SCALE", wrong), "status", "--as", "alice");
            assertEquals(answer.toString(), 2, answer.exit());
        }
        var good = lab.bare(
                Map.of("PROMOTION_POLL_SCALE", "0.1", "PROMOTION_HOME", lab.home.toString()), "status", "--as", "alice");
        assertEquals(good.toString(), 0, good.exit());
        var given = lab.bare(
                Map.of("PROMOTION_POLL_SCALE", "fast", "PROMOTION_HOME", lab.home.toString()),
                "status",
                "--as",
                "alice",
                "--poll-scale",
                "1");
        assertEquals("the option counts", 0, given.exit());
    }
}
