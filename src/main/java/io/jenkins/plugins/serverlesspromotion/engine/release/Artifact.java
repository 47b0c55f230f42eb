package io.jenkins.plugins.serverlesspromotion.engine.release;

/**
 * One file of a release.
 *
 * @param path as the manifest or the template names it: relative to the manifest, with {@code /}, without {@code ..}
 * @param sha256 64 hexadecimal digits of the file's bytes
 * @param size in bytes
 */
public record Artifact(String path, String sha256, long size) {
    public Artifact {
        if (path == null
                || path.isEmpty()
                || path.startsWith("/")
                || path.contains("\\")
                || path.indexOf('\0') >= 0
                || ("/" + path + "/").contains("/../")
                || ("/" + path + "/").contains("/./")) {
            throw new IllegalArgumentException(
                    "artifact path '" + path + "' must be relative and stay inside the release");
        }
        Names.digest("sha256:" + sha256);
        if (size < 0) {
            throw new IllegalArgumentException("artifact " + path + " has a negative size");
        }
    }

    /** The digest as shown in ids and messages: {@code sha256:…}. */
    public String digest() {
        return "sha256:" + sha256;
    }
}
