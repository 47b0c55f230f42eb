package io.jenkins.plugins.serverlesspromotion.sandbox;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What is still going to happen, on a clock that can run faster than the wall's. Tasks are data, so a snapshot of a
 * world carries its operations in progress. Guarded by the sandbox's lock.
 */
final class Timeline implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final double FASTEST = 1e-6;

    /** Something that happens later; must be serialisable. */
    interface Task extends Serializable {
        void run(World world);
    }

    private record Entry(long id, double due, Task task) implements Serializable {}

    private final List<Entry> entries = new ArrayList<>();
    private double scale;
    private double base;
    private transient long anchor = System.nanoTime();
    private long next;

    Timeline(double scale) {
        this.scale = Math.max(scale, FASTEST);
    }

    /** Nominal milliseconds since the world began. */
    double now() {
        return base + (System.nanoTime() - anchor) / 1e6 / scale;
    }

    double scale() {
        return scale;
    }

    /** Changes the factor all durations are multiplied by; what is under way speeds up or slows down with it. */
    void scale(double newScale) {
        base = now();
        anchor = System.nanoTime();
        scale = Math.max(newScale, FASTEST);
    }

    void in(long nominalMillis, Task task) {
        entries.add(new Entry(next++, now() + nominalMillis, task));
    }

    boolean idle() {
        return entries.isEmpty();
    }

    int pending() {
        return entries.size();
    }

    /** Runs everything that is due, in order of time. */
    void runDue(World world) {
        double now = now();
        for (Entry entry = earliest(); entry != null && entry.due() <= now; entry = earliest()) {
            entries.remove(entry);
            entry.task().run(world);
        }
    }

    /** Runs everything there is, due or not, until nothing is left; bounded, since a task may plan another. */
    void settle(World world) {
        for (int i = 0; i < 100_000 && !entries.isEmpty(); i++) {
            Entry entry = earliest();
            entries.remove(entry);
            entry.task().run(world);
        }
    }

    /** Wall milliseconds until the next task is due: 0 when one is, a second when none is planned. */
    long untilNext() {
        Entry entry = earliest();
        return entry == null ? 1000 : (long) Math.max(0, Math.min(1000, Math.ceil((entry.due() - now()) * scale)));
    }

    private Entry earliest() {
        return entries.stream()
                .min(Comparator.comparingDouble(Entry::due).thenComparingLong(Entry::id))
                .orElse(null);
    }

    /** Stops the clock for serialisation: the nominal time goes into the snapshot. */
    void freeze() {
        base = now();
        anchor = System.nanoTime();
    }

    private void readObject(java.io.ObjectInputStream in) throws java.io.IOException, ClassNotFoundException {
        in.defaultReadObject();
        anchor = System.nanoTime();
    }
}
