package io.jenkins.plugins.serverlesspromotion.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Locks a folder for this process while it is open; the operating system releases the lock when the process ends for
 * any reason. The file names the process, for messages only.
 */
final class StoreLock implements AutoCloseable {
    private static final String FILE = "lock";

    /** Far after the text, because on Windows no other process can read locked bytes. */
    private static final long BYTE = Long.MAX_VALUE - 1;

    private static final long A_MOMENT = TimeUnit.MILLISECONDS.toNanos(50);

    private static final Pattern HOLDER = Pattern.compile("process ([0-9]+) since (\\S+)\n");

    /**
     * The folders locked by this process. POSIX releases a process's lock as soon as the process closes the file
     * through any descriptor: a second attempt must not even open it.
     */
    private static final Map<Path, Instant> HELD = new ConcurrentHashMap<>();

    private final Path key;
    private final FileChannel channel;

    private StoreLock(Path key, FileChannel channel) {
        this.key = key;
        this.channel = channel;
    }

    /**
     * @throws IOException "is in use by process N (since …)" when another store object, in any process, has the lock
     */
    static StoreLock take(Path root, Instant now) throws IOException {
        Path key = root.toRealPath();
        Instant since = HELD.putIfAbsent(key, now);
        if (since != null) {
            throw inUse(root, "this process (since " + since + ")");
        }
        FileChannel channel = null;
        try {
            channel = FileChannel.open(
                    key.resolve(FILE), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            FileLock lock = channel.tryLock(BYTE, 1, false);
            if (lock == null) {
                // A process that only asks whether the folder is in use holds it for a moment.
                LockSupport.parkNanos(A_MOMENT);
                lock = channel.tryLock(BYTE, 1, false);
            }
            if (lock == null) {
                throw inUse(root, holder(channel));
            }
            channel.truncate(0);
            channel.write(
                    ByteBuffer.wrap(("process " + ProcessHandle.current().pid() + " since " + now + "\n")
                            .getBytes(StandardCharsets.UTF_8)),
                    0);
            return new StoreLock(key, channel);
        } catch (OverlappingFileLockException e) {
            // Another class loader of this process has the lock. The channel stays open: closing it would release that
            // lock.
            HELD.remove(key);
            throw inUse(root, "this process");
        } catch (IOException | RuntimeException e) {
            if (channel != null) {
                channel.close();
            }
            HELD.remove(key);
            throw e;
        }
    }

    /** Whether a store object, in any process, has the lock now. */
    static boolean isTaken(Path root) throws IOException {
        Path key = root.toRealPath();
        Path file = key.resolve(FILE);
        if (HELD.containsKey(key)) {
            return true;
        } else if (!Files.exists(file)) {
            return false;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
                FileLock lock = channel.tryLock(BYTE, 1, true)) {
            return lock == null;
        } catch (OverlappingFileLockException e) {
            return true;
        }
    }

    private static IOException inUse(Path root, String whom) {
        return new IOException(root + " is in use by " + whom + "; end that first, or use another folder");
    }

    private static String holder(FileChannel channel) throws IOException {
        ByteBuffer text = ByteBuffer.allocate(256);
        channel.read(text, 0);
        Matcher holder = HOLDER.matcher(StandardCharsets.UTF_8.decode(text.flip()));
        return holder.lookingAt()
                ? "process " + holder.group(1) + " (since " + holder.group(2) + ")"
                : "another process";
    }

    @Override
    public void close() throws IOException {
        if (!channel.isOpen()) {
            // Another store may have locked the folder by now.
            return;
        }
        try {
            channel.close();
        } finally {
            HELD.remove(key);
        }
    }
}
