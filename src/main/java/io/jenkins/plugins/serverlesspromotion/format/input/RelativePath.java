package io.jenkins.plugins.serverlesspromotion.format.input;

import java.util.ArrayList;

/** Paths of files of a release, as manifests and templates name them. */
public final class RelativePath {
    private static final int LONGEST = 512;

    private RelativePath() {}

    /**
     * The path with {@code /} between its parts, without {@code .} parts and without a {@code /} at the end.
     *
     * @throws IllegalArgumentException when it is absolute, leaves its folder, is the folder itself, or contains
     *     characters with a special meaning in some file system
     */
    public static String of(String text) {
        if (text.startsWith("/") || text.matches("[A-Za-z]:.*")) {
            throw refuse(text, "must be relative to the folder of the manifest");
        }
        if (text.indexOf('\\') >= 0) {
            throw refuse(text, "must have / between its parts, not \\");
        }
        if (text.length() > LONGEST || text.codePoints().anyMatch(Character::isISOControl)) {
            throw refuse(text, "must be at most " + LONGEST + " characters, none of them a control character");
        }
        var parts = new ArrayList<String>();
        for (String part : text.split("/")) {
            if (part.equals("..")) {
                throw refuse(text, "must stay inside the folder of the manifest, without ..");
            }
            if (!part.isEmpty() && !part.equals(".")) {
                parts.add(part);
            }
        }
        if (parts.isEmpty()) {
            throw refuse(text, "names the folder of the manifest itself; name a file or folder in it");
        }
        return String.join("/", parts);
    }

    private static IllegalArgumentException refuse(String text, String why) {
        return new IllegalArgumentException("the path '" + TypedReader.shown(text) + "' " + why);
    }
}
