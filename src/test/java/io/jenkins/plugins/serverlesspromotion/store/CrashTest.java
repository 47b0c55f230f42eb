package io.jenkins.plugins.serverlesspromotion.store;

import static io.jenkins.plugins.serverlesspromotion.store.StoreLab.CLOCK;
import static io.jenkins.plugins.serverlesspromotion.store.StoreLab.CODEC;
import static io.jenkins.plugins.serverlesspromotion.store.StoreLab.entries;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** A crash at every point of a store's life, and another one while it is opened again. */
public class CrashTest {
    @Rule
    public final TemporaryFolder temporary = new TemporaryFolder();

    private int folders;

    /** What was told to the one who appends: his entries, and the store's id. */
    private static final class Told {
        private final List<Entry> acknowledged = new ArrayList<>();
        private final Set<Entry> tried = new LinkedHashSet<>();
        private String id;
        private int next = 1;
    }

    private Path newFolder() throws IOException {
        return temporary.newFolder("n" + ++folders).toPath();
    }

    private static FileStore open(Path above, Disk disk) throws IOException {
        // So small that a few entries make several files.
        return FileStore.open(above.resolve("home"), Product.CLI, CODEC, new FileStore.Options(CLOCK, 3000, disk));
    }

    /** One life of a process: opens, appends, closes. */
    private static void live(Path above, Disk disk, Told told, int entries) throws IOException {
        try (FileStore store = open(above, disk)) {
            if (told.id != null) {
                assertEquals(told.id, store.id());
            }
            told.id = store.id();
            for (int i = 0; i < entries; i++) {
                Entry entry = someEntry(told.next++);
                told.tried.add(entry);
                store.append(entry);
                told.acknowledged.add(entry);
            }
        }
    }

    /** Every third is so long that its sectors reach the disk apart. */
    private static Entry someEntry(int number) {
        return number % 3 == 0
                ? new Entry.Refused("user:bob", "write a long one", (number + " ").repeat(500))
                : StoreLab.entry(number);
    }

    private static List<String> pointsOfTwoLives(Path above) throws IOException {
        var points = new ArrayList<String>();
        var disk = new CrashingDisk(above, points::add);
        var told = new Told();
        live(above, disk, told, 7);
        live(above, disk, told, 2);
        return points;
    }

    private static java.util.function.Consumer<String> crashAt(int number) {
        return new java.util.function.Consumer<>() {
            private int passed;

            @Override
            public void accept(String point) {
                if (passed++ == number) {
                    throw new CrashingDisk.Crash(point);
                }
            }
        };
    }

    /** Everything acknowledged is there, in order; besides, at most one entry that was tried at each crash. */
    private static void check(String when, Path above, Told told, int crashes) throws IOException {
        List<Entry> there;
        long size;
        try (FileStore store = open(above, new QuickDisk())) {
            there = new ArrayList<>(entries(store));
            size = store.size();
            assertEquals(when, store.checkpoint(), store.checkpoint(size));
            if (told.id != null) {
                assertEquals(when, told.id, store.id());
            }
        }
        assertTrue(when, there.remove(0) instanceof Entry.StoreCreated);
        there.removeIf(Entry.StoreRepaired.class::isInstance);
        var others = new ArrayList<>(there);
        others.removeAll(told.acknowledged);
        assertTrue(when + ": " + others, others.size() <= crashes && told.tried.containsAll(others));
        there.removeAll(others);
        assertEquals(when, told.acknowledged, there);
        try (FileStore store = open(above, new QuickDisk())) {
            assertEquals(when + ": opening once more repairs nothing more", size, store.size());
        }
    }

    @Test
    public void everyPointIsNamed() throws Exception {
        List<String> points = pointsOfTwoLives(newFolder());
        for (String expected : List.of(
                "journal:1:before-create",
                "journal:1:after-create",
                "journal:3:before-write",
                "journal:3:mid-write",
                "journal:3:after-write",
                "journal:4:before-force",
                "journal:4:after-force",
                "format:1:before-rename",
                "owner:1:after-rename",
                "home:2:after-force")) {
            assertTrue(expected + " in " + points, points.contains(expected));
        }
        assertEquals(
                "each point has its own name", points.size(), Set.copyOf(points).size());
    }

    @Test
    public void aKillAtAnyPointLosesNothingAcknowledged() throws Exception {
        int points = pointsOfTwoLives(newFolder()).size();
        for (int point = 0; point < points; point++) {
            Path above = newFolder();
            var told = new Told();
            String when = crash(above, point, told);
            check(when, above, told, 1);
            remove(above);
        }
    }

    @Test
    public void aPowerCutAtAnyPointLosesNothingAcknowledged() throws Exception {
        int points = pointsOfTwoLives(newFolder()).size();
        var chance = new Random(20261121);
        for (int point = 0; point < points; point++) {
            for (int round = 0; round < 4; round++) {
                Path above = newFolder();
                var told = new Told();
                var disk = new CrashingDisk(above, crashAt(point));
                String when = crash(above, disk, told);
                disk.cutPower(above, chance);
                forgetUnlessCreated(above, told);
                check("power cut " + round + " " + when, above, told, 1);
                remove(above);
            }
        }
    }

    /** A killed process leaves unforced records; whoever finds them must force them before building on them. */
    @Test
    public void aPowerCutAfterTheLifeThatFollowedAKillLosesNothingAcknowledged() throws Exception {
        int points = pointsOfTwoLives(newFolder()).size();
        var chance = new Random(4711);
        for (int point = 0; point < points; point++) {
            for (int second = 0; second < 40; second += 1 + chance.nextInt(20)) {
                Path above = newFolder();
                var told = new Told();
                int[] crashes = {point, Integer.MAX_VALUE};
                var killed = new boolean[1];
                var counter = new int[1];
                var disk = new CrashingDisk(above, name -> {
                    if (counter[0]++ == crashes[killed[0] ? 1 : 0]) {
                        throw new CrashingDisk.Crash(name);
                    }
                });
                String when = crash(above, disk, told);
                // The computer goes on, and with it everything the dead process had written but not forced.
                disk.revive();
                killed[0] = true;
                crashes[1] = counter[0] + second;
                when += ", then " + crash(above, disk, told);
                disk.cutPower(above, chance);
                forgetUnlessCreated(above, told);
                check(when, above, told, 2);
                remove(above);
            }
        }
    }

    /**
     * After a failed force the kernel takes the written bytes for clean: they are seen, and never reach the disk unless
     * they are written again.
     */
    @Test
    public void whatAFailedForceLeftIsWrittenAgainBeforeAnythingIsBuiltOnIt() throws Exception {
        var chance = new Random(5);
        for (int round = 0; round < 20; round++) {
            Path above = newFolder();
            var told = new Told();
            var fail = new boolean[1];
            var disk = new CrashingDisk(above, point -> {
                if (fail[0] && point.startsWith("journal:") && point.endsWith("before-force")) {
                    throw new CrashingDisk.ForceFails();
                }
            });
            live(above, disk, told, 1 + round % 5);
            try (FileStore store = open(above, disk)) {
                fail[0] = true;
                Entry entry = someEntry(told.next++);
                told.tried.add(entry);
                assertThrows(IOException.class, () -> store.append(entry));
            }
            fail[0] = false;
            live(above, disk, told, 2);
            disk.cutPower(above, chance);
            check("round " + round, above, told, 1);
            remove(above);
        }
    }

    @Test
    public void aTornTailIsAlwaysInOneOfBothPlaces() throws Exception {
        byte[] tail = "what a crash left".getBytes(StandardCharsets.UTF_8);
        var chance = new Random(8);
        // Kills first, then eight power cuts at each point.
        for (int round = 0; round < 9; round++) {
            for (int point = 0; point < 40; point++) {
                Path above = newFolder();
                live(above, new QuickDisk(), new Told(), 2);
                Path home = above.resolve("home");
                Files.write(StoreLab.segment(home), tail, StandardOpenOption.APPEND);
                var disk = new CrashingDisk(above, crashAt(point));
                String when = crash(above, disk, new Told());
                if (round > 0) {
                    disk.cutPower(above, chance);
                }
                boolean found =
                        endsWith(Files.readAllBytes(StoreLab.files(home, ".log").get(0)), tail);
                for (Path part : StoreLab.files(home, ".part")) {
                    found |= java.util.Arrays.equals(tail, Files.readAllBytes(part));
                }
                assertTrue(when + ", round " + round, found);
                remove(above);
            }
        }
    }

    private static boolean endsWith(byte[] bytes, byte[] end) {
        return bytes.length >= end.length
                && java.util.Arrays.equals(bytes, bytes.length - end.length, bytes.length, end, 0, end.length);
    }

    /** Power cut, power cut while recovering from it, and so on five times. */
    @Test
    public void powerCutsWhileRecoveringLoseNothingAcknowledged() throws Exception {
        var chance = new Random(99);
        for (int round = 0; round < 150; round++) {
            Path above = newFolder();
            var told = new Told();
            var when = new StringBuilder("round " + round);
            for (int life = 0; life < 5; life++) {
                var disk = new CrashingDisk(above, crashAt(chance.nextInt(life == 0 ? 100 : 45)));
                when.append(", ").append(crash(above, disk, told));
                disk.cutPower(above, chance);
                forgetUnlessCreated(above, told);
            }
            check(when.toString(), above, told, 5);
            remove(above);
        }
    }

    private static String crash(Path above, int point, Told told) throws IOException {
        return crash(above, new CrashingDisk(above, crashAt(point)), told);
    }

    private static String crash(Path above, CrashingDisk disk, Told told) throws IOException {
        try {
            live(above, disk, told, 7);
            live(above, disk, told, 2);
            return "no crash";
        } catch (CrashingDisk.Crash e) {
            return "crash at " + e.getMessage();
        }
    }

    /** An id that nobody was told, because creating the store was cut short, may change. */
    private static void forgetUnlessCreated(Path above, Told told) {
        if (told.acknowledged.isEmpty() && !Files.exists(above.resolve("home/owner"))) {
            told.id = null;
        }
    }

    private static void remove(Path above) throws IOException {
        try (var files = Files.walk(above)) {
            for (Path path : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
