package io.jenkins.plugins.serverlesspromotion.store;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class RealDiskTest {
    @Rule
    public final TemporaryFolder temporary = new TemporaryFolder();

    private final Disk disk = new RealDisk();
    private Path folder;
    private Path file;

    @Before
    public void folder() {
        folder = temporary.getRoot().toPath();
        file = folder.resolve("file");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    public void bytesAreWrittenWhereTheyBelong() throws Exception {
        try (Disk.Output out = disk.create(file)) {
            out.write(0, bytes("hello world"));
            out.write(6, bytes("disk!"));
            out.force();
            assertEquals("hello disk!", Files.readString(file));
            out.truncate(5);
            assertEquals("hello", Files.readString(file));
        }
        try (Disk.Output out = disk.open(file)) {
            assertEquals("opening leaves the content alone", "hello", Files.readString(file));
            out.write(5, bytes(" again"));
        }
        assertEquals("hello again", Files.readString(file));
    }

    @Test
    public void aPrivateFileIsTheOwnersAloneFromTheBeginning() throws Exception {
        try (Disk.Output out = disk.createPrivate(file)) {
            if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
                assertEquals(PosixFilePermissions.fromString("rw-------"), Files.getPosixFilePermissions(file));
            }
            out.write(0, bytes("key"));
        }
        assertEquals("key", Files.readString(file));
        assertThrows(FileAlreadyExistsException.class, () -> disk.createPrivate(file));
    }

    @Test
    public void nothingIsWrittenThroughAClosedFile() throws Exception {
        Disk.Output out = disk.create(file);
        out.close();
        assertThrows(java.io.IOException.class, () -> out.write(0, bytes("x")));
        assertThrows(java.io.IOException.class, out::force);
        assertEquals(0, Files.size(file));
    }

    @Test
    public void aNewFileNeverReplacesOneAndAnOldOneIsNeverMade() throws Exception {
        assertThrows(NoSuchFileException.class, () -> disk.open(file));
        assertFalse(Files.exists(file));
        disk.create(file).close();
        Files.writeString(file, "content");
        assertThrows(FileAlreadyExistsException.class, () -> disk.create(file));
        assertEquals("content", Files.readString(file));
    }

    @Test
    public void filesAreRenamedAndDeletedAndFoldersMade() throws Exception {
        Path other = folder.resolve("other");
        Files.writeString(file, "new");
        Files.writeString(other, "old");
        disk.rename(file, other);
        assertFalse(Files.exists(file));
        assertEquals("new", Files.readString(other));
        disk.delete(other);
        assertFalse(Files.exists(other));
        Path below = folder.resolve("below");
        disk.createDirectory(below);
        assertTrue(Files.isDirectory(below));
        disk.createDirectory(below);
        assertThrows(NoSuchFileException.class, () -> disk.createDirectory(folder.resolve("no/parent")));
    }

    @Test
    public void aFolderIsForcedAlsoForAnInterruptedThreadWhichStaysInterrupted() throws Exception {
        disk.forceDirectory(folder);
        assertFalse(Thread.interrupted());
        Thread.currentThread().interrupt();
        try {
            disk.forceDirectory(folder);
            assertTrue(Thread.interrupted());
        } finally {
            Thread.interrupted();
        }
        assertThrows(NoSuchFileException.class, () -> disk.forceDirectory(folder.resolve("missing")));
    }
}
