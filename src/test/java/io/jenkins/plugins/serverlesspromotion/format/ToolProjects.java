package io.jenkins.plugins.serverlesspromotion.format;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Projects with the output of the real tools; how they are made stands in format/tools/README.md. */
public final class ToolProjects {
    private static final Path TOOLS = Path.of(System.getProperty("promotion.root", ""))
            .resolve("src/test/resources/io/jenkins/plugins/serverlesspromotion/format/tools");

    private ToolProjects() {}

    /**
     * @param tool {@code sam}, {@code serverless} or {@code cdk}
     * @param to a folder that exists
     * @return {@code to}
     */
    public static Path copy(String tool, Path to) throws IOException {
        Path from = TOOLS.resolve(tool);
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path copy = to.resolve(from.relativize(file).toString());
                Files.createDirectories(copy.getParent());
                Files.copy(file, copy);
            }
        }
        return to;
    }
}
