package io.jenkins.plugins.serverlesspromotion.cli;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.MarkdownPage;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The help needs no manual beside it. */
public class HelpTest {
    private static final String PAGE = "docs/reference/command-line.md";

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

    /** Each command has a section of its own, whose table has a row for each of its options, and no other row. */
    @Test
    public void everyOptionOfEveryCommandIsDocumentedInTheSectionOfThatCommand() throws Exception {
        MarkdownPage page = MarkdownPage.read(PAGE);
        var documented = new TreeMap<String, List<String>>();
        for (String heading : page.headings()) {
            if (heading.matches("`[a-z].*`") && !page.tables(heading).isEmpty()) {
                documented.put(heading, rows(page.tables(heading)));
            }
        }
        var expected = new TreeMap<String, List<String>>();
        for (CommandLine command : commands()) {
            String name = name(command);
            List<String> options = new ArrayList<>(parameters(command));
            options.addAll(options(command, o -> !o.inherited()));
            Collections.sort(options);
            if (name.isEmpty()) {
                assertEquals(options, options(page.tables("Options of every command")));
            } else if (command.getSubcommands().isEmpty()) {
                assertTrue("a section for " + name, page.headings().contains("`" + name + "`"));
                if (!options.isEmpty()) {
                    expected.put("`" + name + "`", options);
                }
            } else {
                assertEquals(name + " takes options only in its subcommands", List.of(), options);
            }
        }
        assertEquals(expected.keySet(), documented.keySet());
        expected.forEach((section, options) -> assertEquals("section " + section, options, documented.get(section)));
    }

    /** So that the section of every command needs none of them. */
    @Test
    public void everyCommandTakesTheOptionsOfEveryCommand() {
        List<CommandLine> all = commands();
        List<String> declared = options(all.get(0), o -> o.scopeType() == CommandLine.ScopeType.INHERIT);
        assertTrue(declared.toString(), declared.size() >= 10);
        for (CommandLine command : all.subList(1, all.size())) {
            assertEquals(name(command), declared, options(command, OptionSpec::inherited));
        }
    }

    @Test
    public void theListOfCommandsIsWhole() throws Exception {
        List<String> rows = MarkdownPage.read(PAGE).tables("Commands").get(0).rows().stream()
                .map(row -> row.get(0))
                .toList();
        var left = new TreeSet<String>();
        for (CommandLine command : commands()) {
            String name = name(command);
            if (!name.isEmpty()
                    && command.getSubcommands().isEmpty()
                    && rows.stream().noneMatch(row -> row.matches("(.*`, )?`" + name + "[` ].*"))) {
                left.add(name);
            }
        }
        assertEquals("commands without a row in the list of commands", Set.of(), left);
    }

    @Test
    public void everyStateIsDocumentedWhereAPromotionIs() throws Exception {
        String states = MarkdownPage.read("docs/reference/json.md").tables("A promotion").get(0).rows().stream()
                .filter(row -> row.get(0).startsWith("`state`"))
                .findFirst()
                .orElseThrow()
                .get(1);
        var words = Set.of(states.split("[^A-Z_]+"));
        for (Promotion.State state : Promotion.State.values()) {
            assertTrue(state.name(), words.contains(state.name()));
        }
    }

    private static String name(CommandLine command) {
        return command.getCommandSpec().qualifiedName().replaceFirst("^promotion ?", "");
    }

    private static List<String> parameters(CommandLine command) {
        return command.getCommandSpec().positionalParameters().stream()
                .map(p -> p.paramLabel() + (p.required() ? " required" : ""))
                .toList();
    }

    /** Those that the help shows: {@code --to ENV required}. */
    private static List<String> options(CommandLine command, Predicate<OptionSpec> which) {
        return command.getCommandSpec().options().stream()
                .filter(o -> !o.hidden())
                .filter(which)
                // Of a group, of which one at most is given, picocli calls each required.
                .map(o -> String.join(", ", o.names())
                        + (o.arity().max() == 0 ? "" : " " + o.paramLabel())
                        + (o.required() && o.group() == null ? " required" : ""))
                .sorted()
                .toList();
    }

    /** The rows of a command's own section: {@code | `--to ENV` | yes | … |}. */
    private static List<String> rows(List<MarkdownPage.Table> tables) {
        assertEquals("one table below " + tables.get(0).heading(), 1, tables.size());
        assertEquals(List.of("Option", "Required", "Meaning"), tables.get(0).header());
        return tables.get(0).rows().stream()
                .peek(row ->
                        assertFalse(row + " says what it is for", row.get(2).isBlank()))
                .peek(row -> assertTrue(
                        row + " is required or not", Set.of("", "yes").contains(row.get(1))))
                .map(row -> String.join(", ", MarkdownPage.codes(row.get(0)))
                        + (row.get(1).isEmpty() ? "" : " required"))
                .sorted()
                .toList();
    }

    private static List<String> options(List<MarkdownPage.Table> tables) {
        return tables.stream()
                .flatMap(table -> table.rows().stream())
                .map(row -> String.join(", ", MarkdownPage.codes(row.get(0))))
                .sorted()
                .toList();
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
