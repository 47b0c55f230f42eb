package io.jenkins.plugins.serverlesspromotion.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * A disk that names every point at which its computer can crash, and can then lose whatever was not forced. Points read
 * {@code journal:7:before-write}: which file, the how-manieth such act on it, and when.
 */
final class CrashingDisk extends QuickDisk {
    private static final int SECTOR = 512;

    /** Thrown by whoever wants the crash; nothing reaches the disk afterwards. */
    static final class Crash extends Error {
        private static final long serialVersionUID = 1;

        Crash(String point) {
            super(point, null, false, false);
        }
    }

    /** Thrown by whoever wants a force to fail: what it should have forced is forgotten, as Linux forgets it. */
    static final class ForceFails extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    private final Consumer<String> points;
    private final Map<String, Integer> counts = new HashMap<>();
    /** What each name stands for now; a folder stands for null. */
    private final Map<Path, Inode> names = new TreeMap<>();
    /** What each name stands for after a power cut, apart from {@link #unforced}. */
    private final Map<Path, Inode> durable = new TreeMap<>();

    private final List<Naming> unforced = new ArrayList<>();
    private boolean dead;

    /** A file's content apart from its name. */
    private static final class Inode {
        private byte[] durable;
        private final List<Change> unforced = new ArrayList<>();

        Inode(byte[] durable) {
            this.durable = durable;
        }
    }

    /** @param bytes null: truncate at {@code position} */
    private record Change(long position, byte[] bytes) {}

    /** @param gone the name that goes away, null if none; {@code path} null when none comes */
    private record Naming(Path gone, Path path, Inode inode) {
        boolean concerns(Path folder) {
            return path != null && folder.equals(path.getParent()) || gone != null && folder.equals(gone.getParent());
        }

        void applyTo(Map<Path, Inode> names) {
            if (gone != null) {
                names.remove(gone);
            }
            if (path != null && (names.containsKey(path.getParent()) || path.getParent() == null)) {
                names.put(path, inode);
            }
        }
    }

    /**
     * @param above a folder that is there and holds everything the store touches
     * @param points told of each point; may throw {@link Crash}
     */
    CrashingDisk(Path above, Consumer<String> points) throws IOException {
        this.points = points;
        try (var files = Files.walk(above)) {
            for (Path path : (Iterable<Path>) files::iterator) {
                Inode inode = Files.isDirectory(path) ? null : new Inode(Files.readAllBytes(path));
                names.put(path, inode);
                durable.put(path, inode);
            }
        }
    }

    private void point(Path path, String when) {
        if (dead) {
            throw new Crash("dead");
        }
        String kind = kind(path);
        String act = kind + when.substring(when.indexOf('-'));
        if (when.startsWith("before")) {
            counts.merge(act, 1, Integer::sum);
        }
        try {
            points.accept(kind + ":" + counts.get(act) + ":" + when);
        } catch (Crash e) {
            dead = true;
            throw e;
        }
    }

    private static String kind(Path path) {
        String name = path.getFileName().toString();
        if (name.endsWith(".log")) {
            return "journal";
        }
        return name.startsWith("torn-") ? "torn" : name.replace(".new", "");
    }

    private void name(Naming naming) {
        naming.applyTo(names);
        unforced.add(naming);
    }

    @Override
    public void createDirectory(Path folder) throws IOException {
        boolean there = Files.isDirectory(folder);
        point(folder, "before-create");
        super.createDirectory(folder);
        if (!there) {
            name(new Naming(null, folder, null));
        }
        point(folder, "after-create");
    }

    @Override
    public Output create(Path file) throws IOException {
        return created(file, super::create);
    }

    @Override
    public Output createPrivate(Path file) throws IOException {
        return created(file, super::createPrivate);
    }

    /** Makes a file of the real disk. */
    private interface Creating {
        Output create(Path file) throws IOException;
    }

    private Output created(Path file, Creating real) throws IOException {
        point(file, "before-create");
        var inode = new Inode(new byte[0]);
        Output out = real.create(file);
        name(new Naming(null, file, inode));
        point(file, "after-create");
        return new Crashing(file, inode, out);
    }

    @Override
    public Output open(Path file) throws IOException {
        if (dead) {
            throw new Crash("dead");
        }
        return new Crashing(file, names.get(file), super.open(file));
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        point(to, "before-rename");
        Inode inode = names.get(from);
        super.rename(from, to);
        name(new Naming(from, to, inode));
        point(to, "after-rename");
    }

    @Override
    public void delete(Path file) throws IOException {
        point(file, "before-delete");
        super.delete(file);
        name(new Naming(file, null, null));
        point(file, "after-delete");
    }

    @Override
    public void forceDirectory(Path folder) {
        point(folder, "before-force");
        unforced.removeIf(naming -> {
            if (naming.concerns(folder)) {
                naming.applyTo(durable);
                return true;
            }
            return false;
        });
        point(folder, "after-force");
    }

    private final class Crashing implements Output {
        private final Path file;
        private final Inode inode;
        private final Output out;

        Crashing(Path file, Inode inode, Output out) {
            this.file = file;
            this.inode = inode;
            this.out = out;
        }

        @Override
        public void write(long position, byte[] bytes) throws IOException {
            point(file, "before-write");
            byte[] half = Arrays.copyOf(bytes, bytes.length / 2);
            out.write(position, half);
            inode.unforced.add(new Change(position, half));
            point(file, "mid-write");
            out.write(position + half.length, Arrays.copyOfRange(bytes, half.length, bytes.length));
            // One write to the disk: both halves may share a sector, which reaches it as a whole.
            inode.unforced.set(inode.unforced.size() - 1, new Change(position, bytes));
            point(file, "after-write");
        }

        @Override
        public void force() throws IOException {
            try {
                point(file, "before-force");
            } catch (ForceFails e) {
                inode.unforced.clear();
                throw new IOException("Input/output error", e);
            }
            for (Change change : inode.unforced) {
                inode.durable = applied(inode.durable, change, null);
            }
            inode.unforced.clear();
            point(file, "after-force");
        }

        @Override
        public void truncate(long length) throws IOException {
            point(file, "before-truncate");
            out.truncate(length);
            inode.unforced.add(new Change(length, null));
            point(file, "after-truncate");
        }

        @Override
        public void close() throws IOException {
            out.close();
        }
    }

    /** @param chance null: all of it reaches the disk; otherwise each sector, and the new length, may or may not */
    private static byte[] applied(byte[] content, Change change, Random chance) {
        if (change.bytes() == null) {
            return chance == null || chance.nextBoolean()
                    ? Arrays.copyOf(content, (int) Math.min(content.length, change.position()))
                    : content;
        }
        int start = (int) change.position();
        int end = start + change.bytes().length;
        byte[] result = content;
        if (chance == null || chance.nextInt(3) == 0) {
            result = Arrays.copyOf(result, Math.max(result.length, end));
        }
        for (int from = start; from < end; from = (from / SECTOR + 1) * SECTOR) {
            int to = Math.min(end, (from / SECTOR + 1) * SECTOR);
            if (chance == null || chance.nextBoolean()) {
                result = Arrays.copyOf(result, Math.max(result.length, to));
                System.arraycopy(change.bytes(), from - start, result, from, to - from);
            }
        }
        return result;
    }

    /** The process is dead but the computer goes on: the next process sees everything that was written. */
    void revive() {
        dead = false;
    }

    /** Leaves in {@code above} one of the states in which the disk can be after a power cut. */
    void cutPower(Path above, Random chance) throws IOException {
        dead = true;
        var left = new TreeMap<>(durable);
        for (Naming naming : unforced) {
            if (chance.nextBoolean()) {
                naming.applyTo(left);
            }
        }
        try (var files = Files.walk(above)) {
            for (Path path : files.sorted(Comparator.reverseOrder()).toList()) {
                if (!path.equals(above)) {
                    Files.delete(path);
                }
            }
        }
        for (Map.Entry<Path, Inode> name : left.entrySet()) {
            if (name.getValue() == null) {
                Files.createDirectories(name.getKey());
            } else {
                byte[] content = name.getValue().durable;
                for (Change change : name.getValue().unforced) {
                    content = applied(content, change, chance);
                }
                Files.write(name.getKey(), content);
            }
        }
    }
}
