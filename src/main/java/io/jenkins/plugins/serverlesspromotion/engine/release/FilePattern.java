package io.jenkins.plugins.serverlesspromotion.engine.release;

/**
 * Patterns of the files of a site. {@code *} stands for any characters but {@code /}. {@code **} as a whole part of the
 * path stands for any number of folders, and at the end for everything in a folder. A pattern without {@code /} is compared with the name of a file, in whichever folder
 * it is.
 */
public final class FilePattern {
    private static final String FOLDERS = "**";

    private FilePattern() {}

    /**
     * Whether all of {@code path} matches, case-sensitively. Needs at most as many steps as the product of both lengths.
     *
     * @param path with {@code /} between its parts, relative to the folder of the site
     */
    public static boolean matches(String pattern, String path) {
        if (pattern.indexOf('/') < 0 && !pattern.equals(FOLDERS)) {
            return part(pattern, path.substring(path.lastIndexOf('/') + 1));
        }
        String[] wanted = pattern.split("/");
        String[] found = path.split("/");
        int p = 0;
        int f = 0;
        int folders = -1;
        int taken = 0;
        while (f < found.length) {
            if (p < wanted.length && wanted[p].equals(FOLDERS)) {
                folders = p++;
                taken = f;
            } else if (p < wanted.length && part(wanted[p], found[f])) {
                p++;
                f++;
            } else if (folders >= 0) {
                p = folders + 1;
                f = ++taken;
            } else {
                return false;
            }
        }
        return p == wanted.length;
    }

    private static boolean part(String pattern, String text) {
        int p = 0;
        int t = 0;
        int star = -1;
        int taken = 0;
        while (t < text.length()) {
            if (p < pattern.length() && pattern.charAt(p) == '*') {
                star = p++;
                taken = t;
            } else if (p < pattern.length() && pattern.charAt(p) == text.charAt(t)) {
                p++;
                t++;
            } else if (star >= 0) {
                p = star + 1;
                t = ++taken;
            } else {
                return false;
            }
        }
        while (p < pattern.length() && pattern.charAt(p) == '*') {
            p++;
        }
        return p == pattern.length();
    }
}
