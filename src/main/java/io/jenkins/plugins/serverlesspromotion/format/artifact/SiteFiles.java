package io.jenkins.plugins.serverlesspromotion.format.artifact;

import io.jenkins.plugins.serverlesspromotion.format.SourceLocation;
import io.jenkins.plugins.serverlesspromotion.format.input.DanglingLink;
import io.jenkins.plugins.serverlesspromotion.format.input.Problems;
import io.jenkins.plugins.serverlesspromotion.format.input.RelativePath;
import io.jenkins.plugins.serverlesspromotion.format.input.TypedReader;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The files below the folder of a site. */
public final class SiteFiles {
    /** S3 copies objects of up to 5 GB in one call. */
    static final long MOST_BYTES = 5L << 30;

    private static final int MOST_FILES = 10_000;

    /** The one hidden name that belongs to a site (RFC 8615). */
    private static final String WELL_KNOWN = ".well-known";

    private final Path folder;
    private final String directory;
    private final SourceLocation where;
    private final Problems problems;
    private final Map<String, Path> files = new TreeMap<>();
    private boolean reported;

    public SiteFiles(Path folder, String directory, SourceLocation where, Problems problems) {
        this.folder = folder;
        this.directory = directory;
        this.where = where;
        this.problems = problems;
    }

    /** By path relative to the manifest; files that may not be part of a release are added to the problems. */
    public Map<String, Path> list() throws IOException {
        Path root = folder.resolve(directory);
        if (!Files.isDirectory(root)) {
            String wrong = Files.exists(root) ? "is not a folder" : "does not exist";
            problem("'" + directory + "' "
                    + DanglingLink.on(folder, root).orElse(wrong + "; build the site before publishing"));
            return files;
        }
        Path real = root.toRealPath();
        if (!real.startsWith(folder.toRealPath())) {
            problem("'" + directory + "' is a link that leaves the folder of the manifest; copy the site into it");
            return files;
        }
        Files.walkFileTree(real, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes) {
                return dir.equals(real) || visible(real, dir) ? FileVisitResult.CONTINUE : FileVisitResult.SKIP_SUBTREE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (visible(real, file)) {
                    add(real, file, attributes);
                }
                return files.size() > MOST_FILES ? FileVisitResult.TERMINATE : FileVisitResult.CONTINUE;
            }
        });
        if (files.size() > MOST_FILES) {
            problem("'" + directory + "' holds more than " + MOST_FILES + " files; split the site");
            files.clear();
        } else if (files.isEmpty() && !reported) {
            problem("'" + directory + "' holds no file; build the site before publishing");
        }
        return files;
    }

    private void problem(String text) {
        reported = true;
        problems.add(where, text);
    }

    /** A hidden file is nearly always one that must not be published: .git, .env, .DS_Store. */
    private boolean visible(Path root, Path path) {
        String name = path.getFileName().toString();
        if (!name.startsWith(".") || name.equals(WELL_KNOWN)) {
            return true;
        }
        problem("'" + TypedReader.shown(path(root, path)) + "' is hidden; remove it from the site");
        return false;
    }

    private String path(Path root, Path file) {
        return directory + "/"
                + root.relativize(file).toString().replace(file.getFileSystem().getSeparator(), "/");
    }

    private void add(Path root, Path file, BasicFileAttributes attributes) throws IOException {
        String path = path(root, file);
        if (attributes.isSymbolicLink()) {
            Optional<String> dangling = DanglingLink.on(root, file);
            if (dangling.isPresent()) {
                problem("'" + TypedReader.shown(path) + "' " + dangling.get());
                return;
            } else if (!file.toRealPath().startsWith(root)) {
                problem("'" + TypedReader.shown(path)
                        + "' is a link that leads out of the site; copy the file into it");
                return;
            } else if (!Files.isRegularFile(file)) {
                problem("'" + TypedReader.shown(path) + "' is a link to a folder; copy the files into the site");
                return;
            }
        } else if (!attributes.isRegularFile()) {
            problem("'" + TypedReader.shown(path) + "' is not a regular file; remove it from the site");
            return;
        }
        try {
            if (!RelativePath.of(path).equals(path)) {
                throw new IllegalArgumentException("the path '" + TypedReader.shown(path) + "' is not a plain one");
            }
            files.put(path, file);
        } catch (IllegalArgumentException e) {
            problem(e.getMessage() + "; rename the file");
        }
    }
}
