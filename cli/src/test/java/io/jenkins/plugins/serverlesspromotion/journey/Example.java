package io.jenkins.plugins.serverlesspromotion.journey;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Builds docs/examples/orders as a team would, in a copy. */
final class Example {
    private Example() {}

    /** Makes {@code folder/orders-VERSION} with everything that release.yaml names, and {@code folder/policy.yaml}. */
    static Path build(Path root, Path folder, String version, String... options)
            throws IOException, InterruptedException {
        Path from = root.resolve("docs/examples/orders");
        Path to = folder.resolve("orders-" + version);
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String name = from.relativize(file).toString();
                if (!name.startsWith("build/") && !name.startsWith("dist/")) {
                    Path target = to.resolve(name);
                    Files.createDirectories(target.getParent());
                    Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
        List<String> command = new ArrayList<>(List.of(Java.program(), "Build.java", "--version", version));
        command.addAll(List.of(options));
        Process process = new ProcessBuilder(command)
                .directory(to.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException("the example did not build:\n" + said);
        }
        // The tests' base identity comes from the environment, not from a profile of the user who runs them.
        Files.writeString(
                folder.resolve("policy.yaml"),
                Files.readString(to.resolve("policy.yaml"))
                        .replaceAll("(?m)^ *credentialsId: release-base\n", "")
                        .replace(", credentialsId: release-base", ""));
        return to;
    }
}
