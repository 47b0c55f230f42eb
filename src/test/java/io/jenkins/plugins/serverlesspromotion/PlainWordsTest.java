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
 * The documentation, the pages, the forms, their help, and the comments and texts of the sources use the standard word,
 * always the same one. A reader whose second language is English must understand them, so the words below do not come
 * back. Code, names and quotations of what the product prints (`so`) are not searched.
 */
public class PlainWordsTest {
    private static final Path ROOT =
            Path.of(System.getProperty("promotion.root", "")).toAbsolutePath().normalize();

    /** What is written instead, by the words that are not to be used. */
    private static final Map<String, String> INSTEAD = new LinkedHashMap<>();

    static {
        INSTEAD.put("gates? (that )?(holds?|waits?|refuses?)|must hold", "the gate passed, is pending, is blocked");
        INSTEAD.put("(?<=\\s{4})(holds|waits|refuses|does not hold)(?=\n)", "passed, pending, blocked, not passed");
        INSTEAD.put("checks? (that )?(does not hold|holds)", "the check passes, does not pass");
        INSTEAD.put(
                "approvals? (is|are|still) missing|missing approvals?|gave it|can give it|missing roles?",
                "approval required from …");
        INSTEAD.put(
                "(who|whoever|those who|who had) asked|asked (for )?by|(also )?ask(s|ed|ing)? for|ask in person",
                "requested by, requester");
        INSTEAD.put(
                "(break|breaks|broke|broken) (the )?glass|glass may be broken|let in|aloud"
                        + "|(your|whose|their|newest|job's) word\\b|words? counts?",
                "override (break-glass)");
        INSTEAD.put("after-?review|still missing", "post-review; still required");
        INSTEAD.put("lets? nothing|(goes|go|going|went) on\\b|lets? .{1,30} go on", "pause, resume, continue");
        INSTEAD.put("held up|holds? (it|them) up", "waits for; the closed gates");
        INSTEAD.put("doctor|infirmary|treat(ed|s|ment|ments)", "recovery, recovery action");
        INSTEAD.put("(?<!by\\s)hand(s|ed|ing)? (over|in)", "publish, submit");
        INSTEAD.put("in person", "system account");
        INSTEAD.put("concluded from", "evidence for this finding");
        INSTEAD.put("decided by a macro|at most these changes", "determined by a macro; upper bound");
        INSTEAD.put("says?|said|saying|tells?|told|telling", "record, report, show, emit an event");
        INSTEAD.put("anew", "again");
        INSTEAD.put("mend(s|ed|ing)?", "correct");
        INSTEAD.put("tak(e|es|en|ing) back", "withdraw (an approval), return");
        INSTEAD.put("laborator(y|ies)", "test environment");
        INSTEAD.put("nobody|whoever|somebody|anybody|everybody", "no one, the user, the person who …, everyone");
        INSTEAD.put(
                "what is there|for ever|forever|looked at|look at (it|them)|look(s|ed)? again",
                "the name of the thing; is evaluated");
        INSTEAD.put(
                "beside the releases|(left )?half way|brought? to its end|bring a release",
                "outside the product, incomplete, completed, promote");
    }

    /** Legitimate uses, {@code docs/page.md: the words}, and why each is one. */
    private static final Map<String, String> EXCEPTIONS = Map.of();

    /** Sources with texts that must not change, and why; only their comments are searched. */
    private static final Map<String, String> FROZEN = Map.of(
            "engine/risk/\\w+|aws/stack/Findings", "the sentences of findings are part of a plan's digest",
            "engine/lane/(Approvals|InvolvedPeople)", "golden documents have these sentences",
            "aws/function/ShiftMark", "reads the form of marks that older versions left in AWS",
            "controller/commands/PromotionDoctor", "names the old command");

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
        try (Stream<Path> all = Files.walk(ROOT.resolve("src/main/resources"))) {
            all.filter(file -> file.toString().matches(".*\\.(properties|html|jelly)"))
                    .sorted()
                    .forEach(files::add);
        }
        return files;
    }

    /** What a kind of file has beside its prose: code, names, quotations, keys, tags and expressions. */
    private static final Map<String, Pattern> NO_PROSE = Map.of(
            "md",
            Pattern.compile(
                    "(?ms)^```.*?^```|`[^`\n]*(\n[^`\n]+)?`|\\]\\([^)\\s]*\\)|<https?:[^>]*>|\"[^\"\n]{1,80}\""),
            "properties",
            Pattern.compile("(?m)^[\\w.]+\\s*=|\\{\\d[^|#<}]*"),
            "html",
            Pattern.compile("(?s)<(code|pre)>.*?</\\1>|<[^>]*>"));

    /** The texts of a page in Jelly: those that are translated, those of attributes, and those between tags. */
    private static final Pattern SHOWN = Pattern.compile(
            "%([A-Za-z][^}'\"(]*)(?=[}'])" + "|(?:title|header|placeholder)=\"([^\"$]*)\"" + "|>([^<>$]*)(?=[<$])");

    /** The prose of a file, in its lines. */
    static String prose(String name, String text) {
        String kind = name.substring(name.lastIndexOf('.') + 1);
        if (kind.equals("jelly")) {
            return shown(blanked(text, Pattern.compile("(?s)<code>.*?</code>")));
        }
        if (kind.equals("java")) {
            return written(text, !isFrozen(name));
        }
        return NO_PROSE.containsKey(kind) ? blanked(text, NO_PROSE.get(kind)) : text;
    }

    private static boolean isFrozen(String name) {
        return FROZEN.keySet().stream().anyMatch(sources -> name.matches(".*/(" + sources + ")\\.java"));
    }

    /** Literals, then comments, of Java: what looks like the one inside of the other is none. */
    private static final Pattern WRITTEN = Pattern.compile(
            "(?s)(\"\"\"(?:\\\\.|[^\\\\])*?\"\"\"|\"(?:\\\\.|[^\"\\\\\n])*\")|'(?:\\\\.|[^'\\\\])+'|(/\\*.*?\\*/|//[^\n]*)");

    /** Of comments: where a line begins, and names. */
    private static final Pattern MARKS = Pattern.compile("(?m)^\\s*(\\*|//)|\\{@[^}]*\\}|@\\w+ \\w+|`[^`\n]*`");

    /** The comments and texts of a source. A literal without a space is a name. */
    private static String written(String source, boolean texts) {
        var written = new StringBuilder(source.replaceAll("[^\n]", " "));
        Matcher next = WRITTEN.matcher(source);
        while (next.find()) {
            if (next.group(2) != null) {
                written.replace(next.start(), next.end(), blanked(next.group(2), MARKS));
            } else if (texts && next.group(1) != null && next.group(1).contains(" ")) {
                written.replace(
                        next.start() + 1,
                        next.end() - 1,
                        next.group(1).substring(1, next.group(1).length() - 1));
            }
        }
        return written.toString();
    }

    private static List<Path> sources() throws IOException {
        var sources = new ArrayList<Path>();
        for (String folder : List.of("src/main/java", "cli/src/main/java")) {
            try (Stream<Path> all = Files.walk(ROOT.resolve(folder))) {
                all.filter(file -> file.toString().endsWith(".java")).sorted().forEach(sources::add);
            }
        }
        return sources;
    }

    @Test
    public void commentsAndTextsOfTheSourcesUseTheStandardWords() throws Exception {
        List<Path> sources = sources();
        assertTrue("found only " + sources.size(), sources.size() > 400);
        var wrong = new ArrayList<String>();
        var frozen = new TreeSet<String>();
        for (Path source : sources) {
            String name = ROOT.relativize(source).toString().replace('\\', '/');
            String text = Files.readString(source);
            wrong.addAll(found(name, text));
            if (isFrozen(name) && !foundIn(name, written(text, true)).isEmpty()) {
                FROZEN.keySet().stream()
                        .filter(sourcesOf -> name.matches(".*/(" + sourcesOf + ")\\.java"))
                        .forEach(frozen::add);
            }
        }
        assertEquals(String.join("\n", wrong), List.of(), wrong);
        assertEquals("exceptions that nothing needs", new TreeSet<>(FROZEN.keySet()), frozen);
    }

    @Test
    public void theWordsAreFoundInCommentsAndTextsOfSources() {
        String source = "/** It goes\n * on; see {@link Doctor}. @param told x */\nvoid told() { // nobody\n"
                + "    say(\"doctor\", '\"', \"a /* \\\" told\", \"told \"); /* anew */ }\n";
        assertEquals(
                List.of("1", "3", "4", "4", "4"),
                found("x/A.java", source).stream()
                        .map(finding -> finding.split(":")[1])
                        .sorted()
                        .toList());
        assertEquals(
                "comments only",
                List.of("1", "3", "4"),
                found("x/engine/risk/A.java", source).stream()
                        .map(finding -> finding.split(":")[1])
                        .sorted()
                        .toList());
    }

    private static String shown(String page) {
        var shown = new StringBuilder(page.replaceAll("[^\n]", " "));
        Matcher text = SHOWN.matcher(page);
        while (text.find()) {
            for (int i = 1; i <= text.groupCount(); i++) {
                if (text.group(i) != null) {
                    shown.replace(text.start(i), text.end(i), text.group(i));
                }
            }
        }
        return shown.toString();
    }

    private static String blanked(String text, Pattern what) {
        return what.matcher(text)
                .replaceAll(found -> Matcher.quoteReplacement(found.group().replaceAll("[^\n]", " ")));
    }

    private static List<String> found(String name, String text) {
        return foundIn(name, prose(name, text));
    }

    private static List<String> foundIn(String name, String prose) {
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
        assertTrue("found only " + files, files.size() > 200);
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
        assertEquals(
                List.of("a.properties:2: 'anew', better: again"),
                found("a.properties", "Gate.nobody=passed\nGate.x={0,choice,0#none|1<anew}\n"));
        assertEquals(
                1,
                found("help-a.html", "<div>\n  <code>nobody</code> is told\n</div>\n")
                        .size());
        String page = "<a href=\"doctor\">told</a>\n<b title=\"Whoever\"/>\n${x ? '%Look again' : y}\n"
                + "<i>${%Nobody knows}</i>\n<j:set value=\"${doctor.told}\"/>${%anew(glass)}";
        assertEquals(
                List.of("1", "2", "3", "4"),
                found("a.jelly", page).stream()
                        .map(finding -> finding.split(":")[1])
                        .sorted()
                        .toList());
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
