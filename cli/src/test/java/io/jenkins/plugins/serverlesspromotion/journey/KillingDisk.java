package io.jenkins.plugins.serverlesspromotion.journey;

import io.jenkins.plugins.serverlesspromotion.store.Disk;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Counts every act on the disk and, before or after a chosen one, kills the process it runs in with the signal that no
 * program can catch.
 */
public final class KillingDisk implements Disk {
    private final Disk disk;
    private final int act;
    private final boolean after;
    private int acts;

    /**
     * @param act the act to die at, from 1; 0: never
     * @param after whether the act is still done
     */
    public KillingDisk(Disk disk, int act, boolean after) {
        this.disk = disk;
        this.act = act;
        this.after = after;
    }

    /** How many acts there were. */
    public synchronized int acts() {
        return acts;
    }

    private interface Act<T> {
        T go() throws IOException;
    }

    private synchronized <T> T count(Act<T> what) throws IOException {
        acts++;
        if (acts == act && !after) {
            die();
        }
        T result = what.go();
        if (acts == act) {
            die();
        }
        return result;
    }

    private void count(IoRunnable what) throws IOException {
        count(() -> {
            what.run();
            return null;
        });
    }

    private interface IoRunnable {
        void run() throws IOException;
    }

    /** {@code kill -9} of ourselves; nothing of this process runs after it. */
    private static void die() throws IOException {
        String self = String.valueOf(ProcessHandle.current().pid());
        new ProcessBuilder("kill", "-9", self).start();
        while (true) {
            java.util.concurrent.locks.LockSupport.park();
        }
    }

    @Override
    public void createDirectory(Path folder) throws IOException {
        count(() -> disk.createDirectory(folder));
    }

    @Override
    public Output create(Path file) throws IOException {
        return output(count(() -> disk.create(file)));
    }

    @Override
    public Output createPrivate(Path file) throws IOException {
        return output(count(() -> disk.createPrivate(file)));
    }

    @Override
    public Output open(Path file) throws IOException {
        return output(disk.open(file));
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        count(() -> disk.rename(from, to));
    }

    @Override
    public void delete(Path file) throws IOException {
        count(() -> disk.delete(file));
    }

    @Override
    public void forceDirectory(Path folder) throws IOException {
        count(() -> disk.forceDirectory(folder));
    }

    private Output output(Output out) {
        return new Output() {
            @Override
            public void write(long position, byte[] bytes) throws IOException {
                count(() -> out.write(position, bytes));
            }

            @Override
            public void force() throws IOException {
                count(out::force);
            }

            @Override
            public void truncate(long length) throws IOException {
                count(() -> out.truncate(length));
            }

            @Override
            public void close() throws IOException {
                out.close();
            }
        };
    }
}
