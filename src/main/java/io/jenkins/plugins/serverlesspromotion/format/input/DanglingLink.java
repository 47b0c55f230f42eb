package io.jenkins.plugins.serverlesspromotion.format.input;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A symbolic link that leads to no file. Other checks would report such a path as one that does not exist. */
public final class DanglingLink {
    private DanglingLink() {}

    /**
     * @param root a folder that exists
     * @param file a path in it
     * @return the first link on the way to {@code file} that leads nowhere, as the rest of a sentence that begins with
     *     the path; empty when there is none
     */
    public static Optional<String> on(Path root, Path file) throws IOException {
        Path at = root;
        for (Path part : root.relativize(file)) {
            at = at.resolve(part);
            if (Files.isSymbolicLink(at) && !Files.exists(at)) {
                String link = at.equals(file) ? "is a link" : "is behind the link '" + shown(root.relativize(at)) + "'";
                return Optional.of(link + " to '" + shown(Files.readSymbolicLink(at))
                        + "', which leads to no file; correct the link, or copy the file");
            }
        }
        return Optional.empty();
    }

    private static String shown(Path path) {
        return TypedReader.shown(path.toString().replace('\\', '/'));
    }
}
