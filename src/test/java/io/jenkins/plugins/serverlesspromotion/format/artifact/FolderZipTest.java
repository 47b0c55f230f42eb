package io.jenkins.plugins.serverlesspromotion.format.artifact;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.format.template.CodeUse;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Random;
import java.util.zip.ZipFile;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class FolderZipTest {
    @Rule
    public TemporaryFolder folder = new TemporaryFolder();

    private Path code() throws IOException {
        Path code = folder.newFolder().toPath();
        Files.createDirectories(code.resolve("lib/empty"));
        Files.writeString(code.resolve("bootstrap"), "#!/bin/sh\n");
        Files.setPosixFilePermissions(code.resolve("bootstrap"), PosixFilePermissions.fromString("rwxr-x---"));
        Files.writeString(code.resolve("lib/größe.py"), "x = 1\n".repeat(100));
        Files.setPosixFilePermissions(code.resolve("lib/größe.py"), PosixFilePermissions.fromString("rw-------"));
        byte[] noise = new byte[200_000];
        new Random(7).nextBytes(noise);
        Files.write(code.resolve("lib/noise"), noise);
        return code;
    }

    private Path pack(Path code) throws IOException {
        Path zip = folder.newFolder().toPath().resolve("code.zip");
        FolderZip.pack(code, code, zip);
        return zip;
    }

    @Test
    public void whatIsPackedIsWhatIsThere() throws IOException {
        Path code = code();
        Path zip = pack(code);
        ZipCheck.check(zip, CodeUse.CUSTOM_RUNTIME);
        try (var file = new ZipFile(zip.toFile(), StandardCharsets.UTF_8)) {
            assertEquals(3, file.size());
            for (String name : new String[] {"bootstrap", "lib/größe.py", "lib/noise"}) {
                assertArrayEquals(
                        name,
                        Files.readAllBytes(code.resolve(name)),
                        file.getInputStream(file.getEntry(name)).readAllBytes());
            }
        }
    }

    @Test
    public void programsStayProgramsAndEverybodyMayRead() throws IOException {
        URI zip = URI.create("jar:" + pack(code()).toUri());
        try (var files = FileSystems.newFileSystem(zip, Map.of("enablePosixFileAttributes", true))) {
            assertEquals(
                    "rwxr-xr-x",
                    PosixFilePermissions.toString(Files.getPosixFilePermissions(files.getPath("bootstrap"))));
            assertEquals(
                    "rw-r--r--",
                    PosixFilePermissions.toString(Files.getPosixFilePermissions(files.getPath("lib/größe.py"))));
        }
    }

    @Test
    public void timesDoNotMatter() throws IOException {
        Path code = code();
        byte[] first = Files.readAllBytes(pack(code));
        Files.setLastModifiedTime(code.resolve("bootstrap"), FileTime.fromMillis(1_000_000_000_000L));
        assertArrayEquals(first, Files.readAllBytes(pack(code)));
    }

    @Test
    public void aFolderWithoutFilesIsRefused() throws IOException {
        Path empty = folder.newFolder().toPath();
        var e = assertThrows(IllegalArgumentException.class, () -> pack(empty));
        assertTrue(e.getMessage(), e.getMessage().contains("holds no file"));
    }

    @Test
    public void aLinkInACircleIsRefused() throws IOException {
        Path code = code();
        Files.createSymbolicLink(code.resolve("lib/again"), code);
        var e = assertThrows(IllegalArgumentException.class, () -> pack(code));
        assertTrue(e.getMessage(), e.getMessage().contains("the link 'lib/again', which leads in a circle"));
    }

    @Test
    public void aLinkThatLeadsNowhereIsNamedWithItsTarget() throws IOException {
        Path code = code();
        Files.createSymbolicLink(code.resolve("lib/old.py"), Path.of("../gone.py"));
        var e = assertThrows(IllegalArgumentException.class, () -> pack(code));
        assertEquals(
                "holds 'lib/old.py', which is a link to '../gone.py', which leads to no file; correct the link, or copy"
                        + " the file",
                e.getMessage());
    }

    @Test
    public void whatIsPackedHasModesWithWhichLambdaCanRunIt() throws IOException {
        Path code = code();
        Files.setPosixFilePermissions(code.resolve("bootstrap"), PosixFilePermissions.fromString("rw-------"));
        Files.setPosixFilePermissions(code.resolve("lib"), PosixFilePermissions.fromString("rwx------"));
        for (CodeUse use : CodeUse.values()) {
            ZipCheck.check(pack(code), use);
        }
    }
}
