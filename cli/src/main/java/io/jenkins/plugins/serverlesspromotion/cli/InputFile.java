package io.jenkins.plugins.serverlesspromotion.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file named on the command line. */
final class InputFile {
    /**
     * One byte more than the readers accept: they then report that the file is too long, and no one reads all of it.
     */
    private static final int MOST = (1 << 20) + 1;

    private InputFile() {}

    /**
     * The file's bytes, at most the first 1 MiB and one more.
     *
     * @throws CommandException exit 2 when it cannot be read
     */
    static byte[] read(Path file) {
        if (!Files.exists(file)) {
            throw CommandException.usage(file + " does not exist; name the file to read");
        }
        if (Files.isDirectory(file)) {
            throw CommandException.usage(file + " is a folder; name a file in it");
        }
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(MOST);
        } catch (IOException e) {
            throw CommandException.usage(file + " cannot be read (" + e.getMessage() + "); check its permissions");
        }
    }
}
