package io.jenkins.plugins.serverlesspromotion.format.artifact;

import io.jenkins.plugins.serverlesspromotion.engine.release.Artifact;
import io.jenkins.plugins.serverlesspromotion.format.SourceLocation;
import io.jenkins.plugins.serverlesspromotion.format.input.DanglingLink;
import io.jenkins.plugins.serverlesspromotion.format.input.Problems;
import io.jenkins.plugins.serverlesspromotion.format.input.TypedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Finds and hashes the files of a release, without leaving its folder and without loading them into memory. */
public final class FileDigests {
    private static final int BUFFER = 1 << 16;

    private final Path folder;
    private final Path realFolder;

    public FileDigests(Path folder) throws IOException {
        this.folder = folder;
        this.realFolder = folder.toRealPath();
    }

    /** Checks the content of a file in addition to its hash. */
    interface Check {
        /** @throws IllegalArgumentException with the problem, as the rest of a sentence */
        void check(Path file) throws IOException;
    }

    public Path regular(String path, SourceLocation where, Problems problems) throws IOException {
        return regular(path, where, problems, "does not exist; build it before publishing");
    }

    /** The file of a path, or null with a problem. @param missing the message when there is no such file */
    Path regular(String path, SourceLocation where, Problems problems, String missing) throws IOException {
        Path file = folder.resolve(path);
        String wrong = null;
        if (!Files.isRegularFile(file)) {
            wrong = Files.exists(file) && !Files.isDirectory(file)
                    ? "is not a regular file"
                    : DanglingLink.on(folder, file).orElse(missing);
        } else if (!file.toRealPath().startsWith(realFolder)) {
            wrong = "is a link that leaves the folder of the manifest; copy the file into it";
        }
        if (wrong != null) {
            problems.add(where, "'" + TypedReader.shown(path) + "' " + wrong);
            return null;
        }
        return file;
    }

    /**
     * The artifact of a file, hashed before and after {@code check} reads it, so that the checked content is the hashed
     * content.
     *
     * @param most bytes
     * @throws IllegalArgumentException when it is larger, changes meanwhile, or {@code check} refuses it
     */
    Artifact digest(String path, Path file, long most, Check check) throws IOException {
        Artifact before = hash(path, file, most);
        check.check(file);
        if (!hash(path, file, most).equals(before)) {
            throw new IllegalArgumentException("changes while it is read; publish when the build is done with it");
        }
        return before;
    }

    /** The artifact of a file whose content needs no check. */
    public Artifact digest(String path, Path file, long most) throws IOException {
        return hash(path, file, most);
    }

    private static Artifact hash(String path, Path file, long most) throws IOException {
        MessageDigest sha256;
        try {
            sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
        long size = 0;
        byte[] buffer = new byte[BUFFER];
        try (InputStream in = Files.newInputStream(file)) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                size += n;
                if (size > most) {
                    throw new IllegalArgumentException(
                            "is larger than " + (most >> 20) + " MiB, the most that is taken; make it smaller");
                }
                sha256.update(buffer, 0, n);
            }
        }
        return new Artifact(path, HexFormat.of().formatHex(sha256.digest()), size);
    }
}
