package io.jenkins.plugins.serverlesspromotion.format;

/**
 * A place in an input: a line of a file, a path such as {@code environments[prod].gates[0]}, or both.
 *
 * @param file as it was named to the reader; null when the input is no file
 * @param line from 1; 0 when not known
 * @param path empty for the whole input
 */
public record Where(String file, int line, String path) {
    /** The whole of a file, or of an input that is none. */
    public static Where of(String file) {
        return new Where(file, 0, "");
    }

    Where at(int newLine) {
        return new Where(file, newLine, path);
    }

    Where member(int newLine, String key) {
        return new Where(file, newLine, path.isEmpty() ? key : path + "." + key);
    }

    Where item(int newLine, String index) {
        return new Where(file, newLine, path + "[" + index + "]");
    }

    /** {@code release.yaml:12: targets[api].template}, leaving out what is not known. */
    @Override
    public String toString() {
        var text = new StringBuilder();
        if (file != null) {
            text.append(file);
            if (line > 0) {
                text.append(':').append(line);
            }
        }
        if (!path.isEmpty()) {
            text.append(text.length() > 0 ? ": " : "").append(path);
        }
        return text.toString();
    }
}
