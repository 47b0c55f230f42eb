package io.jenkins.plugins.serverlesspromotion.journey;

import static org.junit.Assert.assertEquals;

import java.nio.file.Path;
import java.util.List;
import org.junit.Test;

/** The whole journey once, and a seeded sample of its crash points; all of them: {@code ./dev crash}. */
public class JourneyCrashTest {
    private static final int SAMPLE = 6;
    private static final long SEED = 20261121;

    @Test
    public void nothingIsLostAndNothingIsDoneTwice() throws Exception {
        Path root = Path.of(System.getProperty("promotion.root")).toAbsolutePath().normalize();
        List<String> wrong =
                CrashDriver.run(root, root.resolve("cli/target/crash-sample"), true, "", SAMPLE, SEED, 2);
        assertEquals(List.of(), wrong);
    }
}
