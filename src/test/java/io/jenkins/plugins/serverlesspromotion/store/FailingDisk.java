package io.jenkins.plugins.serverlesspromotion.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

/** A disk with room for so many bytes, or one whose forcing begins to fail once the store is open. */
public final class FailingDisk extends QuickDisk {
    private final boolean forceFails;
    private volatile long room;
    private volatile int forces;

    public FailingDisk(long room, boolean forceFails) {
        this.room = room;
        this.forceFails = forceFails;
    }

    @Override
    public Output create(Path file) throws IOException {
        return failing(super.create(file));
    }

    @Override
    public Output createPrivate(Path file) throws IOException {
        return failing(super.createPrivate(file));
    }

    @Override
    public Output open(Path file) throws IOException {
        return failing(super.open(file));
    }

    /** From now on there is no room. */
    public void fill() {
        room = 0;
    }

    /** From now on there is room, and forcing works. */
    public void mend() {
        room = Long.MAX_VALUE;
        forces = Integer.MIN_VALUE;
    }

    private Output failing(Output real) {
        return new Output() {
            @Override
            public void write(long position, byte[] bytes) throws IOException {
                int fits = (int) Math.min(room, bytes.length);
                real.write(position, Arrays.copyOf(bytes, fits));
                room -= fits;
                if (fits < bytes.length) {
                    throw new IOException("No space left on device");
                }
            }

            @Override
            public void force() throws IOException {
                // The first one is that of opening.
                if (forceFails && ++forces > 1) {
                    throw new IOException("Input/output error");
                }
                real.force();
            }

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
