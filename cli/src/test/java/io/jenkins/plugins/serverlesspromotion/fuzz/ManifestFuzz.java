package io.jenkins.plugins.serverlesspromotion.fuzz;

import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest;
import io.jenkins.plugins.serverlesspromotion.format.InputException;
import io.jenkins.plugins.serverlesspromotion.format.manifest.ManifestCheck;
import io.jenkins.plugins.serverlesspromotion.format.manifest.ManifestReader;
import java.util.List;

/** A team's {@code release.yaml}. */
public final class ManifestFuzz {
    private static final String FILE = "release.yaml";

    private ManifestFuzz() {}

    /** @param data the file */
    public static void fuzzerTestOneInput(byte[] data) {
        Expect.withinMemory(() -> {
            try {
                var read = ManifestReader.readMarked(FILE, data);
                Expect.written(read.manifest(), Manifest.class);
                ManifestCheck.against(read, List.of("dev", "prod"));
            } catch (InputException e) {
                Expect.refusal(e, FILE, data);
            }
        });
    }
}
