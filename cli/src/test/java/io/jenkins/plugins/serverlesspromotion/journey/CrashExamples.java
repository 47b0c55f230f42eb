package io.jenkins.plugins.serverlesspromotion.journey;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The releases of the journey with one target more, a function that has an alias, and a policy with a shorter pause
 * between the waves of production: nothing is killed in the pause.
 */
final class CrashExamples {
    private static final String WORKER = """
              - name: worker
                lambda: { function: "orders-worker-${environment}", package: build/api.zip, alias: live }

            """;

    /** Behind the targets of the example. */
    private static final String CHECKS = "# Checks after every wave";

    private CrashExamples() {}

    /** Builds {@code folder/orders-VERSION} for each of {@link Script#VERSIONS}, and {@code folder/policy.yaml}. */
    static void build(Path root, Path folder) throws IOException, InterruptedException {
        for (String version : Script.VERSIONS) {
            String[] options = version.equals("1.1.0") ? new String[] {"--broken"} : new String[0];
            Path manifest = Example.build(root, folder, version, options).resolve("release.yaml");
            replace(manifest, CHECKS, WORKER + CHECKS);
        }
        replace(folder.resolve("policy.yaml"), "pause: 5s", "pause: 1s");
        // The functions are there before the first promotion: the platform team has made them.
        replace(
                folder.resolve("policy.yaml"),
                "owners: { groups: [team-orders] }",
                "owners: { groups: [team-orders] }\n    owns: [ { functions: \"orders-worker-${environment}\" } ]");
    }

    /** @throws IOException when {@code text} is not there exactly once */
    private static void replace(Path file, String text, String by) throws IOException {
        String all = Files.readString(file);
        if (all.indexOf(text) < 0 || all.indexOf(text) != all.lastIndexOf(text)) {
            throw new IOException(file + " does not have \"" + text + "\" exactly once; adapt CrashExamples");
        }
        Files.writeString(file, all.replace(text, by));
    }
}
