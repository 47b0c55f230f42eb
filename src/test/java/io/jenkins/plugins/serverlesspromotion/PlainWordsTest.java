package io.jenkins.plugins.serverlesspromotion;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.Test;

/**
 * The documentation uses the standard word, always the same one. A reader whose second language is English must understand
 * it, so the words below do not come back. Code, names and quotations of what the product prints (`so`) are not searched.
 */
public class PlainWordsTest {
    private static final Path ROOT =
            Path.of(System.getProperty("promotion.root", "")).toAbsolutePath().normalize();

    /** What is written instead, by the words that are not to be used. */
    private static final Map<String, String> INSTEAD = new LinkedHashMap<>();

    static {
        INSTEAD.put("gates? (that )?(holds?|waits?|refuses?)|must hold", "the gate passed, is pending, is blocked");
        INSTEAD.put("checks? (that )?(does not hold|holds)", "the check passes, does not pass");
        INSTEAD.put(
                "approvals? (is|are|still) missing|missing approvals?|gave it|can give it|missing roles?",
                "approval required from …");
        INSTEAD.put(
                "(who|whoever|those who|who had) asked|ask(s|ed|ing)? for (it|a promotion)|ask in person",
                "requested by, requester");
        INSTEAD.put(
                "br(o|ea)ken? the glass|break glass|let in although|(your|whose|their|newest|job's) word\\b|words? counts?",
                "override (break-glass)");
        INSTEAD.put("lets? nothing|(goes|go|going|went) on\\b|lets? .{1,30} go on", "pause, resume, continue");
        INSTEAD.put("doctor|infirmary|treat(ed|s|ment|ments)", "recovery, recovery action");
        INSTEAD.put("(?<!by\\s)hand(s|ed|ing)? (over|in)", "publish, submit");
        INSTEAD.put("in person", "system account");
        INSTEAD.put("concluded from", "evidence for this finding");
        INSTEAD.put("decided by a macro|at most these changes", "determined by a macro; upper bound");
        INSTEAD.put("says?|said|saying|tells?|told|telling", "record, report, show, emit an event");
        INSTEAD.put("anew", "again");
        INSTEAD.put("nobody|whoever|somebody|anybody", "no one, the user, the person who …");
        INSTEAD.put(
                "what is there|for ever|forever|(is|are|was|were) looked at|look(s|ed)? again",
                "the name of the thing; is evaluated");
        INSTEAD.put(
                "beside the releases|left half way|brought? to its end", "outside the product, incomplete, completed");
    }

    /** Legitimate uses, {@code docs/page.md: the words}, and why each is one. */
    private static final Map<String, String> EXCEPTIONS = Map.of();

    private static List<Path> files() throws IOException {
        var files = new ArrayList<>(List.of(ROOT.resolve("README.md"), ROOT.resolve("CONTRIBUTING.md")));
        try (Stream<Path> all = Files.walk(ROOT.resolve("docs"))) {
            all.filter(file -> file.toString().matches(".*(\\.md|\\.ya?ml|Jenkinsfile)"))
                    // Decisions are history: they are not written again.
                    .filter(file -> !file.toString().replace('\\', '/').contains("docs/developer/adr/"))
                    .filter(file -> !file.toString().replace('\\', '/').matches(".*/(build|dist)/.*"))
                    .sorted()
                    .forEach(files::add);
        }
        return files;
    }

    /** The prose of a page with its lines; of other files everything. */
    static String prose(String name, String text) {
        if (!name.endsWith(".md")) {
            return text;
        }
        return blanked(
                text,
                Pattern.compile(
                        "(?ms)^```.*?^```|`[^`\n]*(\n[^`\n]+)?`|\\]\\([^)\\s]*\\)|<https?:[^>]*>|\"[^\"\n]{1,80}\""));
    }

    private static String blanked(String text, Pattern what) {
        return what.matcher(text)
                .replaceAll(found -> Matcher.quoteReplacement(found.group().replaceAll("[^\n]", " ")));
    }

    private static List<String> found(String name, String text) {
        String prose = prose(name, text);
        var found = new ArrayList<String>();
        INSTEAD.forEach((words, instead) -> {
            Matcher match = Pattern.compile("\\b(" + words.replace(" ", "\\s+") + ")\\b", Pattern.CASE_INSENSITIVE)
                    .matcher(prose);
            while (match.find()) {
                int line = 1
                        + (int) prose.substring(0, match.start())
                                .chars()
                                .filter(c -> c == '\n')
                                .count();
                found.add(name + ":" + line + ": '" + match.group().replaceAll("\\s+", " ") + "', better: " + instead);
            }
        });
        return found;
    }

    @Test
    public void theDocumentationUsesTheStandardWords() throws Exception {
        List<Path> files = files();
        assertTrue("found only " + files, files.size() > 30);
        var wrong = new ArrayList<String>();
        var used = new TreeSet<String>();
        for (Path file : files) {
            String name = ROOT.relativize(file).toString().replace('\\', '/');
            for (String finding : found(name, Files.readString(file))) {
                String exception = finding.replaceAll(":\\d+: '(.*)', better: .*", ": $1");
                if (EXCEPTIONS.containsKey(exception)) {
                    used.add(exception);
                } else {
                    wrong.add(finding);
                }
            }
        }
        assertEquals(String.join("\n", wrong), List.of(), wrong);
        assertEquals("exceptions that nothing needs", new TreeSet<>(EXCEPTIONS.keySet()), used);
    }

    @Test
    public void theWordsAreFoundInProseAndNotInCode() {
        assertEquals(
                List.of("a.md:2: 'hands over', better: publish, submit"),
                found("a.md", "A team\nhands\n over a release.\n"));
        assertEquals(
                List.of(),
                found("a.md", "```\nnobody\n```\nprints `at most these changes`; \"told\"; [x](nobody.md)\n"));
        assertEquals(1, found("a.yaml", "# nobody\n").size());
        assertEquals("part of another word", List.of(), found("a.md", "essays, renewals, Saturday\n"));
    }

    @Test
    public void theGlossaryDefinesEachTermOnceAndEveryTermOfTheConcepts() throws Exception {
        List<String> terms = MarkdownPage.read("docs/user/glossary.md").tables("Glossary").get(0).rows().stream()
                .map(row -> row.get(0).toLowerCase(Locale.ROOT))
                .toList();
        assertEquals("once, and in order", List.copyOf(new TreeSet<>(terms)), terms);
        Matcher italics = Pattern.compile("(?<!\\*)\\*([A-Za-z][A-Za-z -]*?)s?\\*(?!\\*)")
                .matcher(Files.readString(ROOT.resolve("docs/start/concepts.md")));
        var used = new TreeSet<String>();
        while (italics.find()) {
            used.add(italics.group(1).toLowerCase(Locale.ROOT));
        }
        assertTrue(used.toString(), used.size() > 10);
        used.removeAll(terms);
        assertEquals("terms of the concepts without a definition", new TreeSet<>(), used);
    }

    /** Links between pages lead to files and headings that exist. */
    @Test
    public void everyLinkOfTheDocumentationLeadsSomewhere() throws Exception {
        var broken = new ArrayList<String>();
        try (Stream<Path> all = Files.walk(ROOT.resolve("docs"))) {
            var pages = new ArrayList<>(
                    all.filter(f -> f.toString().endsWith(".md")).toList());
            pages.add(ROOT.resolve("README.md"));
            pages.add(ROOT.resolve("CONTRIBUTING.md"));
            for (Path page : pages) {
                String text = blanked(Files.readString(page), Pattern.compile("(?ms)^```.*?^```|`[^`\n]*`"));
                Matcher link = Pattern.compile("\\]\\(([^)\\s]+)\\)").matcher(text);
                while (link.find()) {
                    String[] to = link.group(1).split("#", 2);
                    if (to[0].matches("[a-z]+:.*")) {
                        continue;
                    }
                    Path file =
                            to[0].isEmpty() ? page : page.resolveSibling(to[0]).normalize();
                    if (!Files.exists(file)) {
                        broken.add(ROOT.relativize(page) + ": " + link.group(1));
                    } else if (to.length > 1
                            && file.toString().endsWith(".md")
                            && !anchors(file).contains(to[1])) {
                        broken.add(ROOT.relativize(page) + ": no heading " + link.group(1));
                    }
                }
            }
        }
        assertEquals(String.join("\n", broken), List.of(), broken);
    }

    /** As GitHub makes them of headings. */
    private static TreeSet<String> anchors(Path page) throws IOException {
        var anchors = new TreeSet<String>();
        for (String heading :
                MarkdownPage.read(ROOT.relativize(page).toString()).headings()) {
            anchors.add(heading.toLowerCase(Locale.ROOT)
                    .replaceAll("\\[([^\\]]*)\\]\\([^)]*\\)", "$1")
                    .replaceAll("[^\\p{L}\\p{N}_ -]", "")
                    .replace(' ', '-'));
        }
        return anchors;
    }
}
