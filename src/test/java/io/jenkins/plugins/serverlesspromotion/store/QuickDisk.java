package io.jenkins.plugins.serverlesspromotion.store;

import java.io.IOException;
import java.nio.file.Path;

/** The real disk without the forcing, for the tests that look at thousands of states. */
class QuickDisk implements Disk {
    private final RealDisk real = new RealDisk();

    @Override
    public void createDirectory(Path folder) throws IOException {
        real.createDirectory(folder);
    }

    @Override
    public Output create(Path file) throws IOException {
        return unforced(real.create(file));
    }

    @Override
    public Output createPrivate(Path file) throws IOException {
        return unforced(real.createPrivate(file));
    }

    @Override
    public Output open(Path file) throws IOException {
        return unforced(real.open(file));
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        real.rename(from, to);
    }

    @Override
    public void delete(Path file) throws IOException {
        real.delete(file);
    }

    @Override
    public void forceDirectory(Path folder) throws IOException {}

    private static Output unforced(Output real) {
        return new Output() {
            @Override
            public void write(long position, byte[] bytes) throws IOException {
                real.write(position, bytes);
            }

            @Override
            public void force() {}

            @Override
            public void truncate(long length) throws IOException {
                real.truncate(length);
            }

            @Override
            public void close() throws IOException {
                real.close();
            }
        };
    }
}
