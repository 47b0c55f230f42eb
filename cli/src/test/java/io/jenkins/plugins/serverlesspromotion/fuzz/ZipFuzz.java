package io.jenkins.plugins.serverlesspromotion.fuzz;

import io.jenkins.plugins.serverlesspromotion.format.InputException;
import io.jenkins.plugins.serverlesspromotion.format.artifact.ReleaseAssembler;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;

/** The ZIP of a function, as publishing checks it. */
public final class ZipFuzz {
    private static final byte[] MANIFEST = """
        apiVersion: promotion/v1
        service: orders
        targets: [ { name: worker, lambda: { function: worker, package: code.zip, alias: live } } ]
        """.getBytes(StandardCharsets.UTF_8);

    /** What Lambda unpacks at most, in bytes. */
    private static final long MOST = 250L << 20;

    private static final Path FOLDER = folder();

    private ZipFuzz() {}

    private static Path folder() {
        try {
            Path folder = Files.createTempDirectory("fuzz-zip");
            Files.write(folder.resolve("release.yaml"), MANIFEST);
            folder.toFile().deleteOnExit();
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @param data the ZIP */
    public static void fuzzerTestOneInput(byte[] data) {
        Expect.withinMemory(() -> {
            Path zip = FOLDER.resolve("code.zip");
            Path manifest = FOLDER.resolve("release.yaml");
            Files.write(zip, data);
            zip.toFile().deleteOnExit();
            manifest.toFile().deleteOnExit();
            try {
                ReleaseAssembler.assemble(manifest, "1.0.0");
            } catch (InputException e) {
                Expect.refusal(e, manifest.toString(), MANIFEST);
                return;
            }
            unpacked(zip);
        });
    }

    /** Reads what was taken as Lambda does, and finds nothing that publishing should have refused. */
    private static void unpacked(Path file) throws IOException {
        Path root = Path.of("/var/task");
        var names = new HashSet<String>();
        long size = 0;
        byte[] buffer = new byte[1 << 16];
        // Java's own reader refuses some forms of ZIP64 that tools write.
        try (var zip = ZipFile.builder().setPath(file).get()) {
            for (var entries = zip.getEntries(); entries.hasMoreElements(); ) {
                ZipArchiveEntry entry = entries.nextElement();
                String name = entry.getName();
                Expect.that(names.add(name), "holds '" + name + "' twice");
                Expect.that(!name.isEmpty() && root.resolve(name).normalize().startsWith(root), "leaves: " + name);
                long read = 0;
                try (InputStream in = zip.getInputStream(entry)) {
                    for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                        read += n;
                    }
                }
                Expect.that(read == entry.getSize(), name + " unpacks to " + read + " bytes");
                size += read;
            }
        }
        Expect.that(size <= MOST, "unpacks to " + size + " bytes");
    }
}
