package io.jenkins.plugins.serverlesspromotion.format.importers;

import io.jenkins.plugins.serverlesspromotion.format.InputException;
import io.jenkins.plugins.serverlesspromotion.format.SourceLocation;
import io.jenkins.plugins.serverlesspromotion.format.input.DanglingLink;
import io.jenkins.plugins.serverlesspromotion.format.input.Limits;
import io.jenkins.plugins.serverlesspromotion.format.input.Node;
import io.jenkins.plugins.serverlesspromotion.format.input.Problems;
import io.jenkins.plugins.serverlesspromotion.format.input.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads the files of a tool's output. Nothing outside the project is read: on the controller's own node, Jenkins' files
 * are outside the workspace.
 */
final class ToolFiles {
    /** The generated manifest, in the folder of the project. */
    static final String MANIFEST = ".promotion.json";

    /** The folder for all other files that an import writes, relative to the project. */
    static final String FOLDER = ".promotion";

    private final Path root;
    private final Path output;
    private final Map<Path, String> names = new HashMap<>();
    private final Map<String, Path> code = new LinkedHashMap<>();
    private final Map<String, byte[]> nested = new LinkedHashMap<>();
    private final Set<String> notes = new LinkedHashSet<>();

    /**
     * @param output folder or file of the tool
     * @throws InputException when it is missing or outside of {@code root}
     */
    ToolFiles(Path root, Path output, String missing) throws IOException {
        this.root = root;
        this.output = output;
        if (!Files.exists(output)) {
            throw new InputException(SourceLocation.of(shown(output)), missing);
        }
        inside(output);
    }

    Path root() {
        return root;
    }

    Path output() {
        return output;
    }

    /** Reports what was left out, or chosen among several. */
    void note(String sentence) {
        notes.add(sentence);
    }

    List<String> notes() {
        return List.copyOf(notes);
    }

    /** The first of these files of the project that exists, by its name; empty when none does. */
    Optional<String> first(List<String> names) {
        return names.stream()
                .filter(name -> Files.isRegularFile(root.resolve(name)))
                .findFirst();
    }

    /** A path for messages: relative to the project. */
    String shown(Path path) {
        Path plain = path.normalize();
        return (plain.startsWith(root) && !plain.equals(root) ? root.relativize(plain) : plain)
                .toString()
                .replace('\\', '/');
    }

    boolean isThere(Path file) throws IOException {
        return Files.isRegularFile(file) && inside(file);
    }

    /**
     * Refuses an output that a tool did not finish.
     *
     * @param command that writes it
     */
    void require(Path file, String command) {
        if (!Files.isRegularFile(file)) {
            throw new InputException(
                    SourceLocation.of(shown(file)),
                    "does not exist, so " + shown(output) + " is unfinished, or of another tool; run " + command
                            + " again, and let it end");
        }
    }

    /** The tree of a YAML or JSON file. */
    Node tree(Path file, byte[] bytes, Limits limits) {
        var problems = new Problems();
        Node tree = Source.read(shown(file), bytes, limits, problems);
        problems.throwIfAny();
        return tree;
    }

    /** @throws InputException when it is missing, too large or outside of the project */
    byte[] bytes(Path file, Limits limits) throws IOException {
        if (Files.exists(file)) {
            inside(file);
        }
        return Source.bytes(file, shown(file), limits);
    }

    /**
     * Adds code to the release.
     *
     * @param source folder, or a file that is already packed
     * @param base code in this folder is named by its path in it
     * @return the path by which a template names it
     */
    String take(Path source, Path base, SourceLocation where) throws IOException {
        Path plain = source.normalize();
        if (!Files.exists(plain)) {
            Optional<String> dangling = plain.startsWith(root) ? DanglingLink.on(root, plain) : Optional.empty();
            throw new InputException(
                    where,
                    "names code at " + shown(plain) + ", which " + dangling.orElse("does not exist; build it again"));
        }
        inside(plain);
        String known = names.get(plain);
        if (known != null) {
            return known;
        }
        String path = name(plain, base);
        names.put(plain, path);
        code.put(path, plain);
        return path;
    }

    /** Rewrites a template, which may take further files. */
    interface Rewrite {
        byte[] of(Path file) throws IOException;
    }

    /**
     * Adds the template of a nested stack to the release.
     *
     * @param rewrite makes its text, once for every file
     * @return the path by which the outer template names it
     */
    String nest(Path source, Path base, SourceLocation where, Rewrite rewrite) throws IOException {
        Path plain = source.normalize();
        if (!Files.isRegularFile(plain)) {
            throw new InputException(
                    where, "names the template " + shown(plain) + ", which does not exist; build it again");
        }
        inside(plain);
        String known = names.get(plain);
        if (known != null) {
            return known;
        }
        String path = name(plain, base);
        names.put(plain, path);
        // A template that nests itself finds its name, and the release refuses it.
        nested.put(path, new byte[0]);
        nested.put(path, rewrite.of(plain));
        return path;
    }

    private String name(Path plain, Path base) {
        Path from = plain.startsWith(base) ? base.relativize(plain) : root.relativize(plain);
        String name = from.toString().replaceAll("[^A-Za-z0-9._-]+", "-").replaceAll("^[-.]+", "");
        String ending = ".zip";
        if (Files.isRegularFile(plain) && name.lastIndexOf('.') > 0) {
            ending = name.substring(name.lastIndexOf('.'));
            name = name.substring(0, name.lastIndexOf('.'));
        }
        String path = FOLDER + "/code/" + name + ending;
        for (int i = 2; code.containsKey(path) || nested.containsKey(path); i++) {
            path = FOLDER + "/code/" + name + "-" + i + ending;
        }
        return path;
    }

    /** The rewritten templates of nested stacks, by the path that their outer template names. */
    Map<String, byte[]> nested() {
        return new LinkedHashMap<>(nested);
    }

    /** All added code, by the path that templates name. */
    Map<String, Path> code() {
        return new LinkedHashMap<>(code);
    }

    private boolean inside(Path path) throws IOException {
        if (!path.normalize().startsWith(root) || !path.toRealPath().startsWith(root.toRealPath())) {
            throw new InputException(
                    SourceLocation.of(shown(path)),
                    "is outside of the project; have the tool write into the project's folder");
        }
        return true;
    }
}
