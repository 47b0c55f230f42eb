package io.jenkins.plugins.serverlesspromotion.cli;

import java.util.ArrayList;
import java.util.List;

/** Formats times and columns for a terminal. */
final class TextFormat {
    private TextFormat() {}

    /** {@code text}, or its beginning and an ellipsis when it is longer than {@code width} characters. */
    static String cut(String text, int width) {
        int length = text.codePointCount(0, text.length());
        if (length <= width || width < 1) {
            return text;
        }
        return text.substring(0, text.offsetByCodePoints(0, width - 1)) + "…";
    }

    static String pad(String text, int width) {
        return text + " ".repeat(Math.max(0, width - width(text)));
    }

    static int width(String text) {
        return text.codePointCount(0, text.length());
    }

    /** Columns as wide as their widest cell, two spaces apart; no trailing spaces. */
    static List<String> columns(List<List<String>> rows) {
        int columns = rows.stream().mapToInt(List::size).max().orElse(0);
        int[] widths = new int[columns];
        for (List<String> row : rows) {
            for (int i = 0; i < row.size(); i++) {
                widths[i] = Math.max(widths[i], width(row.get(i)));
            }
        }
        var lines = new ArrayList<String>();
        for (List<String> row : rows) {
            var line = new StringBuilder();
            for (int i = 0; i < row.size(); i++) {
                line.append(i == 0 ? "" : "  ").append(pad(row.get(i), widths[i]));
            }
            lines.add(line.toString().stripTrailing());
        }
        return lines;
    }

    /** A name and lines beside it, the second and later lines indented below the first. */
    static List<String> labelled(String label, int indent, List<String> lines) {
        var all = new ArrayList<String>();
        for (int i = 0; i < lines.size(); i++) {
            all.add(pad(i == 0 ? label : "", indent) + lines.get(i));
        }
        return all;
    }
}
