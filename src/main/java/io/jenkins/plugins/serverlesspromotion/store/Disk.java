package io.jenkins.plugins.serverlesspromotion.store;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;

/**
 * The store's write operations on a disk, so that a test can make any of them fail or crash after it. Only writing uses
 * this interface.
 */
public interface Disk {
    /** Creates the folder if it does not exist; its parent must exist. */
    void createDirectory(Path folder) throws IOException;

    /** Creates a new, empty file. @throws java.nio.file.FileAlreadyExistsException when it exists */
    Output create(Path file) throws IOException;

    /** The same for file systems with file owners: no one else can read the file, not even before it is written. */
    Output createPrivate(Path file) throws IOException;

    /** Opens an existing file without changing its content. */
    Output open(Path file) throws IOException;

    /** Replaces {@code to} by {@code from} in one step: a crash leaves one or the other. */
    void rename(Path from, Path to) throws IOException;

    void delete(Path file) throws IOException;

    /** Makes files that were created, renamed or deleted in {@code folder} survive a power cut. */
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
