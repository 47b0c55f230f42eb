package io.jenkins.plugins.serverlesspromotion.format;

import io.jenkins.plugins.serverlesspromotion.engine.release.Shown;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;

/**
 * A place in an input: a line of a file, a path such as {@code environments[prod].gates[0]}, or both. It contains the
 * last part of its path and the place above it. A full path for every value would need more memory than the input,
 * multiplied by the number of values below a long key.
 */
public final class SourceLocation {
    private final String file;
    private final int line;
    /** Null at the top level, where {@link #part} is the path. */
    private final SourceLocation above;

    private final String part;
    private final boolean item;

    /**
     * @param file the name that the reader got; null when the input is not a file
     * @param line from 1; 0 when not known
     * @param path empty for the whole input
     */
    public SourceLocation(String file, int line, String path) {
        this(file, line, null, path, false);
    }

    private SourceLocation(String file, int line, SourceLocation above, String part, boolean item) {
        this.file = file;
        this.line = line;
        this.above = above;
        this.part = part;
        this.item = item;
    }

    /** The whole of a file, or of another input. */
    public static SourceLocation of(String file) {
        return new SourceLocation(file, 0, "");
    }

    public String file() {
        return file;
    }

    public int line() {
        return line;
    }

    /** Built at every call; of any length. */
    public String path() {
        return path(false);
    }

    private String path(boolean shown) {
        Deque<SourceLocation> parts = new ArrayDeque<>();
        for (SourceLocation at = this; at != null; at = at.above) {
            parts.push(at);
        }
        var path = new StringBuilder();
        for (SourceLocation at : parts) {
            String text = shown ? at.above == null ? Shown.sentence(at.part) : Shown.text(at.part) : at.part;
            if (at.item) {
                path.append('[').append(text).append(']');
            } else {
                path.append(path.length() == 0 || at.above == null ? "" : ".").append(text);
            }
        }
        return path.toString();
    }

    /** Whether it is a member of the whole input. */
    public boolean isAtTop() {
        return above != null && above.above == null && !item;
    }

    public SourceLocation at(int newLine) {
        return new SourceLocation(file, newLine, above, part, item);
    }

    public SourceLocation member(int newLine, String key) {
        return new SourceLocation(file, newLine, this, key, false);
    }

    public SourceLocation item(int newLine, String index) {
        return new SourceLocation(file, newLine, this, index, true);
    }

    @Override
    public boolean equals(Object other) {
        return this == other
                || other instanceof SourceLocation where
                        && line == where.line
                        && item == where.item
                        && Objects.equals(file, where.file)
                        && part.equals(where.part)
                        && Objects.equals(above, where.above);
    }

    @Override
    public int hashCode() {
        return Objects.hash(file, line, part, item);
    }

    /** {@code release.yaml:12: targets[api].template}, without unknown parts, with long keys cut. */
    @Override
    public String toString() {
        var text = new StringBuilder();
        if (file != null) {
            text.append(file);
            if (line > 0) {
                text.append(':').append(line);
            }
        }
        String path = path(true);
        if (!path.isEmpty()) {
            text.append(text.length() > 0 ? ": " : "").append(path);
        }
        return text.toString();
    }
}
