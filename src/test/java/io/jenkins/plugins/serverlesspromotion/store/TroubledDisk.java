package io.jenkins.plugins.serverlesspromotion.store;

import java.io.IOException;
import java.nio.file.Path;

/** A disk of which a number of operations in a row fail, from a chosen one on. */
final class TroubledDisk extends QuickDisk {
    /** Whether a failing operation is carried out before it fails. */
    private final boolean carriedOut;

    private int before = Integer.MAX_VALUE;
    private int failures;

    TroubledDisk(boolean carriedOut) {
        this.carriedOut = carriedOut;
    }

    /** From now on {@code before} operations succeed, then {@code failures} fail. */
    void fail(int before, int failures) {
        this.before = before;
        this.failures = failures;
    }

    /** Whether there were fewer operations than were to succeed. */
    boolean untroubled() {
        return failures > 0;
    }

    private interface Operation<T> {
        T run() throws IOException;
    }

    private <T> T attempt(Operation<T> operation) throws IOException {
        if (before-- > 0) {
            return operation.run();
        }
        before = 0;
        if (failures == 0) {
            return operation.run();
        }
        failures--;
        if (carriedOut) {
            operation.run();
        }
        throw new IOException("Input/output error");
    }

    private Output troubled(Output real) {
        return new Output() {
            @Override
            public void write(long position, byte[] bytes) throws IOException {
                attempt(() -> {
                    real.write(position, bytes);
                    return null;
                });
            }

            @Override
            public void force() throws IOException {
                attempt(() -> {
                    real.force();
                    return null;
                });
            }

            @Override
            public void truncate(long length) throws IOException {
                attempt(() -> {
                    real.truncate(length);
                    return null;
                });
            }

            @Override
            public void close() throws IOException {
                attempt(() -> {
                    real.close();
                    return null;
                });
            }
        };
    }

    @Override
    public Output create(Path file) throws IOException {
        return attempt(() -> troubled(super.create(file)));
    }

    @Override
    public Output createPrivate(Path file) throws IOException {
        return attempt(() -> troubled(super.createPrivate(file)));
    }

    @Override
    public Output open(Path file) throws IOException {
        return attempt(() -> troubled(super.open(file)));
    }

    @Override
    public void delete(Path file) throws IOException {
        attempt(() -> {
            super.delete(file);
            return null;
        });
    }

    @Override
    public void forceDirectory(Path folder) throws IOException {
        attempt(() -> {
            super.forceDirectory(folder);
            return null;
        });
    }
}
