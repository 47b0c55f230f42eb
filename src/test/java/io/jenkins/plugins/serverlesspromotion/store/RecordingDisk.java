package io.jenkins.plugins.serverlesspromotion.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Writes down what is done to it, with paths relative to a folder. */
final class RecordingDisk extends QuickDisk {
    private final Path above;
    private final List<String> operations = new ArrayList<>();
    private int open;
    private String failing;

    RecordingDisk(Path above) {
        this.above = above;
    }

    /** What was done since this was asked for the last time. */
    List<String> operations() {
        List<String> done = List.copyOf(operations);
        operations.clear();
        return done;
    }

    /** How many files are open for writing. */
    int open() {
        return open;
    }

    /** Lets this operation fail, written as in {@link #operations()}. */
    void fail(String operation) {
        failing = operation;
    }

    private void record(String operation, Path path) throws IOException {
        String done = operation + " " + above.relativize(path.toAbsolutePath());
        if (done.equals(failing)) {
            throw new IOException("Input/output error");
        }
        operations.add(done);
    }

    private Output recorded(Path file, Output real) {
        open++;
        return new Output() {
            @Override
            public void write(long position, byte[] bytes) throws IOException {
                record("write at " + position, file);
                real.write(position, bytes);
            }

            @Override
            public void force() throws IOException {
                record("force", file);
            }

            @Override
            public void truncate(long length) throws IOException {
                record("truncate to " + length, file);
                real.truncate(length);
            }

            @Override
            public void close() throws IOException {
                open--;
                real.close();
            }
        };
    }

    @Override
    public void createDirectory(Path folder) throws IOException {
        record("make", folder);
        super.createDirectory(folder);
    }

    @Override
    public Output create(Path file) throws IOException {
        record("create", file);
        return recorded(file, super.create(file));
    }

    @Override
    public Output createPrivate(Path file) throws IOException {
        record("create for the owner", file);
        return recorded(file, super.createPrivate(file));
    }

    @Override
    public Output open(Path file) throws IOException {
        record("open", file);
        return recorded(file, super.open(file));
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        record("rename to " + to.getFileName(), from);
        super.rename(from, to);
    }

    @Override
    public void delete(Path file) throws IOException {
        record("delete", file);
        super.delete(file);
    }

    @Override
    public void forceDirectory(Path folder) throws IOException {
        record("force", folder);
    }
}
