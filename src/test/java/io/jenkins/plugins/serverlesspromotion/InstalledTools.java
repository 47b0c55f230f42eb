package io.jenkins.plugins.serverlesspromotion;

import java.nio.file.Path;
import java.util.Optional;

/** The emulators, cfn-lint and the AWS CLI in the folder of the system property {@code promotion.emulators}. */
public final class InstalledTools {
    /** Says how to have them; the reason for which a test without its tool is skipped. */
    public static final String HOW = ": set -Dpromotion.emulators=FOLDER, which ./dev test makes";

    private InstalledTools() {}

    /** Returns the program of that name; empty when no folder is given. */
    public static Optional<Path> program(String name) {
        String folder = System.getProperty("promotion.emulators", "");
        return folder.isBlank() ? Optional.empty() : Optional.of(Path.of(folder, "bin", name));
    }
}
