package io.jenkins.plugins.serverlesspromotion.store;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;

/**
 * The few things the store does to a disk, so that a test can stand in between and let any of them fail or be the last
 * one before a crash. Only writing goes through here.
 */
public interface Disk {
    /** Makes the folder unless it is there; its parent must be. */
    void createDirectory(Path folder) throws IOException;

    /** Makes a new, empty file. @throws java.nio.file.FileAlreadyExistsException when there is one */
    Output create(Path file) throws IOException;

    /** The same where the file system knows owners: no one else can read the file, not even before it is written. */
    Output createPrivate(Path file) throws IOException;

    /** Opens a file that is there, leaving its content alone. */
    Output open(Path file) throws IOException;

    /** Puts {@code from} in the place of {@code to} in one step: a crash leaves the one or the other. */
    void rename(Path from, Path to) throws IOException;

    void delete(Path file) throws IOException;

    /** Makes what was created, renamed or deleted in {@code folder} survive a power cut. */
    void forceDirectory(Path folder) throws IOException;

    /** A file open for writing. */
    interface Output extends Closeable {
        /**
         * Writes all of {@code bytes} at {@code position}. When it fails, any part of them may have been written.
         *
         * @param position in bytes from the start of the file
         */
        void write(long position, byte[] bytes) throws IOException;

        /** Makes everything written to the file survive a power cut. */
        void force() throws IOException;

        void truncate(long length) throws IOException;
    }
}
