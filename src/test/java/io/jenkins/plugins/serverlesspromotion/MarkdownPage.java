package io.jenkins.plugins.serverlesspromotion;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A page of the documentation, by heading: a test that asks for a table or a line asks for it in its exact place, so that
 * the same word elsewhere on the page does not count.
 */
public final class MarkdownPage {
    private static final Pattern HEADING = Pattern.compile("#{1,6} +(.*\\S) *");
    private static final Pattern SEPARATOR = Pattern.compile("\\|([ :]*-+[ :]*\\|)+");
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");

    private final Map<String, Section> sections = new LinkedHashMap<>();

    /** What stands between a heading and the next one of any level. */
    private record Section(List<String> lines, List<Table> tables) {}

    /** @param header cells of the first line; {@code rows} those of the others, without the separator */
    public record Table(String heading, List<String> header, List<List<String>> rows) {}

    private MarkdownPage() {}

    /**
     * @param page below the root of the project, such as {@code docs/reference/manifest-keys.md}
     * @throws IllegalStateException when a heading is there twice: a place would not be exact
     */
    public static MarkdownPage read(String page) throws IOException {
        Path file = Path.of(System.getProperty("promotion.root", "")).resolve(page);
        var read = new MarkdownPage();
        var section = new Section(new ArrayList<>(), new ArrayList<>());
        String heading = "";
        List<String> table = new ArrayList<>();
        boolean fenced = false;
        for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
            fenced ^= line.startsWith("```");
            boolean row = !fenced && line.startsWith("|");
            if (row) {
                table.add(line);
            } else if (!table.isEmpty()) {
                section.tables.add(table(heading, table));
                table.clear();
            }
            Matcher begin = HEADING.matcher(line);
            if (!fenced && begin.matches()) {
                heading = begin.group(1);
                section = new Section(new ArrayList<>(), new ArrayList<>());
                if (read.sections.put(heading, section) != null) {
                    throw new IllegalStateException(page + " has the heading '" + heading + "' twice");
                }
            } else if (!row) {
                section.lines.add(line);
            }
        }
        if (!table.isEmpty()) {
            section.tables.add(table(heading, table));
        }
        return read;
    }

    private static Table table(String heading, List<String> lines) {
        if (lines.size() < 3 || !SEPARATOR.matcher(lines.get(1).strip()).matches()) {
            throw new IllegalStateException("below '" + heading + "' stands a table without a header or without rows");
        }
        return new Table(
                heading,
                cells(lines.get(0)),
                lines.subList(2, lines.size()).stream().map(MarkdownPage::cells).toList());
    }

    private static List<String> cells(String line) {
        String inner = line.strip().replaceFirst("^\\|", "").replaceFirst("\\|$", "");
        return Stream.of(inner.split("(?<!\\\\)\\|", -1))
                .map(cell -> cell.strip().replace("\\|", "|"))
                .toList();
    }

    /** Every heading, in the order of the page. */
    public List<String> headings() {
        return List.copyOf(sections.keySet());
    }

    /** All tables of the page. */
    public List<Table> tables() {
        return sections.values().stream().flatMap(s -> s.tables.stream()).toList();
    }

    /** The tables between that heading and the next; empty where there is no such heading. */
    public List<Table> tables(String heading) {
        Section section = sections.get(heading);
        return section == null ? List.of() : Collections.unmodifiableList(section.tables);
    }

    /** The text between that heading and the next, without tables; empty where there is no such heading. */
    public String text(String heading) {
        Section section = sections.get(heading);
        return section == null ? "" : String.join("\n", section.lines);
    }

    /**
     * What a cell names: {@code `a`, `b`} are two.
     *
     * @throws IllegalStateException when anything else stands beside the code
     */
    public static List<String> codes(String cell) {
        if (!CODE.matcher(cell).replaceAll("").replace(",", "").isBlank()) {
            throw new IllegalStateException("only `names` with commas between were expected: " + cell);
        }
        return CODE.matcher(cell).results().map(code -> code.group(1)).toList();
    }
}
